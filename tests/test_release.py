"""Releases: what stands in their way, what they hold, that they are the same twice, and proofs."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from rdflib import Graph, Literal, URIRef

from guidegraph import __version__, agree, solver
from guidegraph.agree import PythonExecutor
from guidegraph.cache import Cache
from guidegraph.cli.group import cli
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.lower import lower
from guidegraph.release.archive import opened, zipped
from guidegraph.release.citation import _license
from guidegraph.release.record import is_safe
from guidegraph.release.versions import version
from guidegraph.scaffold import new
from guidegraph.terms import expand
from mistaken_target import Mistaken
from program_example import scaffold
from release_example import few_targets, quick_build

NAME = "example-marker"
FEW = ("--patients", "20")
IRI = "https://example.org/guideline/example-marker/guideline"


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(cli, ["release", *map(str, arguments)])


def edited(folder: Path, old: str, new_text: str, file: str = "guideline.ttl") -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new_text), "utf-8")


def raise_version(folder: Path, number: str, day: str) -> None:
    edited(folder, 'owl:versionInfo "0.1.0"', f'owl:versionInfo "{number}"')
    for term in ("dcterms:issued", "dcterms:modified"):
        edited(folder, f'{term} "2026-01-01"', f'{term} "{day}"')


@pytest.fixture(scope="module")
def fast():
    with pytest.MonkeyPatch.context() as patch:
        few_targets(patch)
        yield


@pytest.fixture(scope="module")
def proofs(tmp_path_factory) -> Cache:
    """What was proved of the guidelines of these tests."""
    return Cache(tmp_path_factory.mktemp("proofs"))


@pytest.fixture
def quick(monkeypatch, proofs):
    quick_build(monkeypatch, proofs)


@pytest.fixture(scope="module")
def place(tmp_path_factory, fast) -> Path:
    """A folder with the example, released as 0.1.0 into ``releases``."""
    place = tmp_path_factory.mktemp("release")
    new(place / NAME)
    told = invoke("0.1.0", place / NAME, "-o", place / "releases", *FEW)
    assert told.exit_code == 0, told.stderr
    return place


@pytest.fixture(scope="module")
def first(place) -> Path:
    return place / "releases" / f"{NAME}-0.1.0"


@pytest.fixture(scope="module")
def record(first) -> dict[str, Any]:
    return json.loads((first / "release.json").read_text("utf-8"))


@pytest.fixture
def copy(first, tmp_path) -> Path:
    """A copy of the release to damage, with no other release near it."""
    shutil.copytree(first, tmp_path / "copy")
    return tmp_path / "copy"


# --- versions -----------------------------------------------------------------------------------


def test_versions_are_put_in_order():
    ordered = (
        *("0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2"),
        *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0"),
        *("2026.01", "2026.1.2", "2026.11", "2026.11.21", "2027.01"),
    )
    known = [version(each) for each in ordered]
    assert None not in known
    for place, each in enumerate(known):
        assert [each.follows(other) for other in known] == [
            other < place for other in range(len(known))
        ]


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("1.2.3", "semantic"),
        ("1.2.3+build.5", "semantic"),
        ("2026.11", "calendar"),
        ("2026.02.28", "calendar"),
        ("2026.13.1", "semantic"),
    ],
)
def test_kinds_of_versions(text, scheme):
    assert version(text).scheme == scheme


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "2026.13", "1.2.3/x", "１.2.3"],
)
def test_no_versions(text):
    assert version(text) is None
    assert version("1.0.0-" + "a" * 80) is None


# --- what a release holds -----------------------------------------------------------------------


def test_every_file_is_listed_with_its_hash_and_size(first, record):
    listed = {each["path"]: each for each in (*record["guidelineFiles"], *record["artefacts"])}
    there = {
        each.relative_to(first).as_posix(): each.read_bytes()
        for each in first.rglob("*")
        if each.is_file()
    }
    assert set(there) - set(listed) == {"release.json", "release.json.sha256"}
    for path, told in listed.items():
        assert told["bytes"] == len(there[path])
        assert told["sha256"] == hashlib.sha256(there[path]).hexdigest()
    stated = hashlib.sha256(there["release.json"]).hexdigest()
    assert there["release.json.sha256"].decode() == f"{stated}  release.json\n"
    for wanted in ("graph/example-marker.ttl", "site/index.html", "verification/index.html"):
        assert f"build/{wanted}" in listed
    assert not any("/pages/" in path or "/theme/" in path for path in listed if "site" not in path)


def test_the_files_of_the_guideline_are_frozen_as_they_are(place, first):
    for path in (place / NAME).rglob("*"):
        if path.is_file():
            kept = first / "guideline" / path.relative_to(place / NAME)
            assert kept.read_bytes() == path.read_bytes()


def test_the_zip_holds_the_same_files_with_fixed_dates_and_permissions(first):
    with zipfile.ZipFile(f"{first}.zip") as archive:
        infos = archive.infolist()
        assert [each.filename for each in infos] == sorted(each.filename for each in infos)
        assert {each.date_time for each in infos} == {(2026, 1, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in infos} == {0o100644}
        for each in infos:
            assert archive.read(each) == (first / each.filename).read_bytes()
    assert len(infos) == len([each for each in first.rglob("*") if each.is_file()])


def test_the_record_says_what_was_released_and_how(record):
    assert record["guideline"] == IRI
    assert record["versionIri"] == f"{IRI}/0.1.0"
    assert (record["version"], record["versionScheme"]) == ("0.1.0", "semantic")
    days = [record[each] for each in ("issued", "modified", "reviewBy")]
    assert days == ["2026-01-01", "2026-01-01", "2027-01-01"]
    assert record["madeWith"]["guidegraph"] == __version__
    assert record["previous"] is None
    assert record["readings"] == {"IP-high": "READ-from-limit"}
    assert record["settings"] == {"marker-high": "1,000 µg/L"}
    gates = {each["gate"]: each for each in record["gates"]}
    assert list(gates) == ["check", "audit", "verify", "test", "agree"]
    assert all(each["passed"] for each in gates.values())
    assert gates["test"]["cases"] > 5
    assert gates["verify"]["readings"] == {"examined": 2, "of": 2}
    assert gates["agree"]["patients"] == 20
    assert gates["agree"]["targets"]["python"]["evaluations"] > 0


def test_the_citation_has_what_the_format_asks_for(first, record):
    text = (first / "CITATION.cff").read_text("utf-8")
    told = yaml.load(text, Loader=yaml.BaseLoader)
    assert {"authors", "cff-version", "message", "title"} <= set(told)
    known = {"abstract", "type", "version", "date-released", "url", "identifiers", "license"}
    assert set(told) <= known | {"authors", "cff-version", "message", "title"}
    assert (told["cff-version"], told["type"]) == ("1.2.0", "dataset")
    assert told["authors"] == [{"name": "The authors of this guideline"}]
    assert (told["version"], told["date-released"]) == ("0.1.0", "2026-01-01")
    assert told["url"] == record["versionIri"]
    assert told["license"] == "CC-BY-4.0"
    assert {each["type"] for each in told["identifiers"]} == {"url"}
    assert isinstance(yaml.safe_load(text)["date-released"], str)


@pytest.mark.parametrize(
    ("iri", "told"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", {"license": "CC-BY-NC-SA-4.0"}),
        ("https://creativecommons.org/publicdomain/zero/1.0/", {"license": "CC0-1.0"}),
        ("https://example.org/terms", {"license-url": "https://example.org/terms"}),
    ],
)
def test_licences_are_cited_by_their_name_where_they_have_one(iri, told):
    assert _license(iri) == told


def test_the_provenance_says_what_was_made_of_what(first, record):
    graph = Graph().parse(first / "provenance.ttl")
    released = URIRef(f"{IRI}/0.1.0")

    def values(subject: Any, term: str) -> set[Any]:
        return set(graph.objects(subject, URIRef(expand(term))))

    assert values(released, "rdf:type") == {URIRef(expand("gg:GuidelineVersion"))}
    assert values(released, "dcterms:isVersionOf") == {URIRef(IRI)}
    assert values(URIRef(IRI), "owl:versionIRI") == {released}
    assert values(released, "owl:versionInfo") == {Literal("0.1.0")}
    assert values(released, "prov:wasRevisionOf") == set()
    (activity,) = values(released, "prov:wasGeneratedBy")
    (tool,) = values(activity, "prov:wasAssociatedWith")
    assert values(tool, "owl:versionInfo") == {Literal(__version__)}
    assert values(tool, "rdf:type") == {URIRef(expand("prov:SoftwareAgent"))}
    used = values(activity, "prov:used")
    assert URIRef("https://example.org/guideline/example-marker/EX") in used
    hashes = {str(each) for file in used for each in values(file, "schema:sha256")}
    assert hashes == {each["sha256"] for each in record["guidelineFiles"]}
    assert "startedAtTime" not in (first / "provenance.ttl").read_text("utf-8")


def test_a_first_release_says_so(first):
    assert "This is the first release." in (first / "CHANGELOG.md").read_text("utf-8")


# --- twice, and after another ---------------------------------------------------------------------


def test_the_same_release_twice_has_the_same_bytes(place, first, tmp_path, monkeypatch):
    shutil.copytree(place / NAME, tmp_path / "elsewhere" / NAME)
    monkeypatch.chdir(tmp_path / "elsewhere" / NAME)
    told = invoke("0.1.0", "-o", tmp_path / "again", *FEW)
    assert told.exit_code == 0, told.stderr
    again = tmp_path / "again" / f"{NAME}-0.1.0"
    assert Path(f"{again}.zip").read_bytes() == Path(f"{first}.zip").read_bytes()
    for path in first.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(first)).read_bytes() == path.read_bytes()


def test_what_is_released_already_stays_and_what_is_lost_comes_back(folder, quick):
    output = folder.parent / "out"
    assert invoke("0.1.0", folder, "-o", output, *FEW).exit_code == 0
    archive = output / f"{NAME}-0.1.0.zip"
    kept = archive.read_bytes()
    archive.unlink()
    told = invoke("0.1.0", folder, "-o", output, *FEW, "--format", "json")
    assert told.exit_code == 0, told.stderr
    said = json.loads(told.stdout)
    assert (said["released"], said["isNew"]) == (True, False)
    assert archive.read_bytes() == kept
    assert not [each for each in archive.parent.iterdir() if each.name.startswith(".")]


def test_a_version_that_was_released_otherwise_is_refused(folder, quick):
    output = folder.parent / "out"
    assert invoke("0.1.0", folder, "-o", output, *FEW).exit_code == 0
    before = {each: each.read_bytes() for each in output.rglob("*") if each.is_file()}
    edited(folder, "1: measure the marker", "1: take the marker", "recommendations.ttl")
    told = invoke("0.1.0", folder, "-o", output, *FEW)
    assert told.exit_code == 1
    assert "error[B106]" in told.stderr
    assert "Different: `guideline/recommendations.ttl`." in told.stderr
    assert {each: each.read_bytes() for each in output.rglob("*") if each.is_file()} == before


def test_an_older_release_can_be_made_again_after_a_newer_one(folder, quick):
    output = folder.parent / "out"
    shutil.copytree(folder, folder.parent / "old" / NAME)
    assert invoke("0.1.0", folder, "-o", output, *FEW).exit_code == 0
    raise_version(folder, "0.2.0", "2026-03-01")
    assert invoke("0.2.0", folder, "-o", output, *FEW).exit_code == 0
    told = invoke("0.1.0", folder.parent / "old" / NAME, "-o", output, *FEW)
    assert told.exit_code == 0
    assert "Released before, with the same content" in told.stdout


def test_a_release_after_another_names_it_and_tells_what_changed(
    place, first, record, tmp_path, quick
):
    shutil.copytree(place / NAME, tmp_path / NAME)
    raise_version(tmp_path / NAME, "0.2.0", "2026-03-01")
    edited(tmp_path / NAME, "1: measure the marker", "1: take the marker", "recommendations.ttl")
    told = invoke("0.2.0", tmp_path / NAME, "-o", tmp_path / "out", "--previous", first, *FEW)
    assert told.exit_code == 0, told.stderr
    made = tmp_path / "out" / f"{NAME}-0.2.0"
    before = json.loads((made / "release.json").read_text("utf-8"))["previous"]
    assert before["version"] == "0.1.0"
    assert before["sha256"] == hashlib.sha256((first / "release.json").read_bytes()).hexdigest()
    changes = (made / "CHANGELOG.md").read_text("utf-8")
    assert "The release before it is 0.1.0, issued on 2026-01-01." in changes
    assert "take the marker on admission" in changes
    graph = Graph().parse(made / "provenance.ttl")
    said = (URIRef(f"{IRI}/0.2.0"), URIRef(expand("prov:wasRevisionOf")), URIRef(f"{IRI}/0.1.0"))
    assert said in graph


# --- what stands in the way -----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, fast) -> Path:
    new(tmp_path / NAME)
    return tmp_path / NAME


def refused(folder: Path, *arguments: str) -> tuple[dict[str, Any], list[str]]:
    """What is said of a release that is refused: by gate, and the codes of the findings."""
    output = folder.parent / "out"
    told = invoke("0.1.0", folder, "-o", output, "--format", "json", *FEW, *arguments)
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert not said["released"]
    assert not output.exists()
    gates = {each["gate"]: each["passed"] for each in said["gates"]}
    return gates, [each["code"] for each in said["findings"]]


def test_a_guideline_with_errors_is_not_even_built(folder):
    (folder / "more.ttl").write_text("d:a d:b\n", "utf-8")
    gates, codes = refused(folder)
    assert gates == dict.fromkeys(("check", "audit", "verify", "test", "agree"), False)
    assert codes.count("B107") == 5


def test_a_case_that_is_not_as_expected_stops_a_release(folder, quick):
    edited(folder, "expect: {applies: [REC-1]}", "expect: {applies: [REC-2]}", "cases.yaml")
    gates, codes = refused(folder)
    assert not gates["test"]
    assert gates["check"]
    assert "B107" in codes


def test_without_the_solver_the_gate_says_what_to_install(folder, monkeypatch, quick):
    lacking = Diagnostic(code="L495", severity=Severity.ERROR, message="No solver.", help="Get it.")
    monkeypatch.setattr(solver, "missing", lambda severity=Severity.ERROR: lacking)
    gates, codes = refused(folder)
    assert [name for name, passed in gates.items() if not passed] == ["verify"]
    assert codes == ["L495", "B107"]


def test_a_target_that_says_something_else_stops_a_release(folder, monkeypatch, quick):
    wrong = Mistaken(lower(scaffold()), forgets="REC-1")
    monkeypatch.setattr(agree, "EXECUTORS", (PythonExecutor(), wrong))
    gates, codes = refused(folder)
    assert gates == {"check": True, "audit": True, "verify": True, "test": True, "agree": False}
    assert codes == ["B107"]


def test_a_target_that_cannot_run_is_recorded_unless_all_are_required(folder, monkeypatch, quick):
    absent = Mistaken(lower(scaffold()), name="absent", lacks="nobody has it")
    monkeypatch.setattr(agree, "EXECUTORS", (PythonExecutor(), absent))
    gates, codes = refused(folder, "--require-all-targets")
    assert [name for name, passed in gates.items() if not passed] == ["agree"]
    assert codes == ["B107"]
    told = invoke("0.1.0", folder, "-o", folder.parent / "out", *FEW)
    assert told.exit_code == 0
    assert "absent not run: nobody has it" in told.stderr
    path = folder.parent / "out" / f"{NAME}-0.1.0" / "release.json"
    gate = json.loads(path.read_text("utf-8"))["gates"][-1]
    assert gate["notRun"] == {"absent": "nobody has it"}


def test_nothing_is_written_among_the_files_of_the_guideline(folder):
    assert invoke("0.1.0", folder, "-o", folder / "releases").exit_code == 2


def test_help_speaks_of_both_forms():
    assert "guidegraph release verify FILE" in invoke("--help").stdout
    told = invoke("verify", "--help").stdout
    assert "release verify [OPTIONS] FILE" in told
    assert invoke().exit_code == 2


# --- proofs -------------------------------------------------------------------------------------


def proved(*arguments: object) -> tuple[int, dict[str, Any]]:
    told = invoke("verify", *arguments, "--format", "json")
    return told.exit_code, json.loads(told.stdout)


def test_a_whole_release_is_proved_as_folder_and_as_zip(first):
    for each in (first, f"{first}.zip"):
        code, said = proved(each)
        assert (code, said["belongs"], said["isRelease"]) == (0, True, True)
        assert said["release"]["version"] == "0.1.0"
    told = invoke("verify", first)
    assert hashlib.sha256((first / "release.json").read_bytes()).hexdigest() in told.stdout


def test_an_artefact_is_found_in_the_releases_near_it(place, first, tmp_path, monkeypatch):
    source = first / "build" / "python" / "example_marker.py"
    code, said = proved(source)
    assert (code, said["paths"]) == (0, ["build/python/example_marker.py"])
    shutil.copy(source, tmp_path / "renamed.txt")
    assert proved(tmp_path / "renamed.txt")[0] == 1
    code, said = proved(tmp_path / "renamed.txt", "--release", f"{first}.zip")
    assert (code, said["paths"]) == (0, ["build/python/example_marker.py"])
    monkeypatch.chdir(place)
    assert proved(tmp_path / "renamed.txt")[0] == 0


def test_a_folder_of_artefacts_belongs_if_all_of_it_does(first, tmp_path):
    part = tmp_path / "sql"
    shutil.copytree(first / "build" / "sql", part)
    code, said = proved(part, "--release", first)
    assert code == 0
    assert len(said["paths"]) == 2
    (part / "own.sql").write_text("SELECT 1;\n", "utf-8")
    code, said = proved(part, "--release", first)
    assert code == 1
    assert "`own.sql`" in said["findings"][0]["message"]


def test_what_is_hidden_in_a_folder_is_not_asked_for(first, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(first / "guideline", own)
    (own / ".git").mkdir()
    (own / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    code, answer = proved(own, "--release", first)
    assert (code, answer["belongs"]) == (0, True)


def codes(*arguments: object) -> list[str]:
    code, said = proved(*arguments)
    assert code == 1
    assert not said["belongs"]
    return [each["code"] for each in said["findings"]]


def test_a_changed_artefact_is_named(copy):
    file = copy / "build" / "python" / "example_marker.py"
    file.write_bytes(file.read_bytes() + b"\n")
    assert codes(file) == ["B113"]
    assert codes(copy) == ["B114"]
    assert "changed: `build/python/example_marker.py`" in invoke("verify", copy).stderr


def test_a_link_in_place_of_a_file_is_no_release(copy, first):
    file = copy / "CITATION.cff"
    file.unlink()
    file.symlink_to(first / "CITATION.cff")
    assert codes(copy) == ["B114"]


def test_a_changed_record_is_told_even_if_it_fits_the_files(copy, record):
    file = copy / "build" / "python" / "example_marker.py"
    file.write_bytes(b"pass\n")
    for each in record["artefacts"]:
        if each["path"] == "build/python/example_marker.py":
            digest = hashlib.sha256(b"pass\n").hexdigest()
            changed = {**each, "bytes": 5, "sha256": digest}
            record = {
                **record,
                "artefacts": [changed if e is each else e for e in record["artefacts"]],
            }
    (copy / "release.json").write_text(json.dumps(record), "utf-8")
    assert codes(copy) == ["B115"]
    assert codes(file) == ["B115"]


def test_another_release_of_the_same_name_is_told(copy, first):
    edited(copy, '"2027-01-01"', '"2028-01-01"', "release.json")
    digest = hashlib.sha256((copy / "release.json").read_bytes()).hexdigest()
    (copy / "release.json.sha256").write_text(f"{digest}  release.json\n", "utf-8")
    assert proved(copy)[0] == 0
    assert codes(copy, "--release", first) == ["B113"]


def archive(**entries: bytes | zipfile.ZipInfo) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return packed.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("release.json")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(info, "/etc/hostname")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (archive(other=b"x"), "no release.json"),
        (archive(**{"release.json": b"[" * 100_000}), "another form"),
        (archive(**{"release.json": b"[]"}), "another form"),
        (archive(**{"release.json": b'{"format": "guidegraph-release/1"}'}), "another form"),
        (archive(**{"../out": b"x", "release.json": b"{}"}), "leads out"),
        (archive(**{"/etc/x": b"x", "release.json": b"{}"}), "leads out"),
        (link(), "a link"),
    ],
)
def test_what_is_no_release_is_refused(tmp_path, content, why):
    file = tmp_path / "some.zip"
    file.write_bytes(content)
    told = invoke("verify", file)
    assert told.exit_code == 1
    assert "error[B111]" in told.stderr
    assert why in told.stderr
    assert codes(file) == ["B111"]


def test_a_damaged_zip_is_told(first, tmp_path):
    content = bytearray(Path(f"{first}.zip").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    (tmp_path / "damaged.zip").write_bytes(content)
    assert set(codes(tmp_path / "damaged.zip")) <= {"B111", "B114"}


def test_what_would_fill_the_disk_is_not_unpacked(tmp_path, monkeypatch):
    from guidegraph.release import archive as archives

    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    (tmp_path / "large.zip").write_bytes(archive(**{"release.json": b"{" + b" " * 20 + b"}"}))
    assert "far larger" in invoke("verify", tmp_path / "large.zip").stderr


def test_paths_that_lead_out_are_not_safe():
    assert is_safe("build/python/x.py")
    for path in ("", "/x", "../x", "a/../b", "a//b", "a\\b", "c:x", "./x", "a/"):
        assert not is_safe(path)


def test_a_zip_is_made_for_any_date(tmp_path):
    (tmp_path / "old.zip").write_bytes(zipped({"b": b"2", "a": b"1"}, "1950-05-05"))
    with opened(tmp_path / "old.zip") as store:
        assert store.sizes == {"a": 1, "b": 1}
        assert store.read("b") == b"2"
