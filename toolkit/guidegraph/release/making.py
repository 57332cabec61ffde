"""Making a release: the gates, then everything that is frozen, in memory and at last on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from guidegraph import __version__, resources
from guidegraph.build import Outcome, build
from guidegraph.diagnostic import Diagnostic, has_errors
from guidegraph.export import ExportInput
from guidegraph.lower import lower
from guidegraph.model import Guideline, Header, SiteParameter
from guidegraph.pipeline import Loaded
from guidegraph.program import Program
from guidegraph.read import display
from guidegraph.release import changes, citation, gates, provenance
from guidegraph.release.archive import opened, zipped
from guidegraph.release.faults import fault
from guidegraph.release.gates import Gate
from guidegraph.release.header import header_faults
from guidegraph.release.history import history
from guidegraph.release.previous import GUIDELINE, Earlier, highest, releases_in
from guidegraph.release.record import (
    DIGEST,
    FORMAT,
    RECORD,
    digest_line,
    listed,
    read_record,
    sha256,
    written,
)
from guidegraph.release.versions import version

BUILD = "build"
SITE = f"{BUILD}/site/"
WORKING = {"pages", "theme", "mkdocs.yml"}
"""What a build leaves beside its results, to make the site from."""
LIBRARIES = ("mkdocs", "pyoxigraph", "pyshacl", "rdflib", "z3-solver")
"""What the results also depend on."""
NAMED = 5
"""How many files a message names."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be released, where to, and how thoroughly the targets are compared."""

    version: str
    output: Path
    previous: Earlier | None = None
    patients: int = 300
    everything: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it. ``folder`` is None where nothing was released; ``findings`` say why.

    ``sha256`` is the hash of ``release.json``, which has those of all other files; ``is_new`` is
    false where this very release was there already.
    """

    findings: tuple[Diagnostic, ...] = ()
    folder: Path | None = None
    archive: Path | None = None
    sha256: str = ""
    files: int = 0
    is_new: bool = True


def make(
    loaded: Loaded,
    wanted: Wanted,
    progress: Progress = lambda label, done, total: None,
    passed: Callable[[Gate], None] = lambda gate: None,
) -> Result:
    """Release a guideline if it passes every gate; ``passed`` is told of each gate.

    Raises:
        OSError: if something cannot be written.
    """
    guideline = loaded.guideline
    if guideline is None or has_errors(loaded.findings):
        return _refused(_told(_unsound(loaded), passed))
    program = lower(guideline)
    given = ExportInput(guideline=guideline, program=program, sources=loaded.sources)
    others, again = _earlier(wanted, guideline.header.iri)
    if found := tuple(_unfit(guideline.header, wanted, others, again)):
        return Result(findings=found)
    past = [*others, *([wanted.previous] if wanted.previous else [])]
    told_of = history(guideline, loaded.sources.root, past, progress, released=True)
    with tempfile.TemporaryDirectory() as place:
        outcome = build(loaded, guideline, program, Path(place) / BUILD, progress, history=told_of)
        told = _told(_gates(loaded, given, outcome, wanted, progress), passed)
        if not all(each.passed for each in told):
            return _refused(told)
        made = dict(_files(Path(place)))
    own = {f"{GUIDELINE}/{path}": text for path, text in _own_files(loaded.sources.root)}
    before = wanted.previous or highest(_lower(others, wanted.version))
    content = _frozen(guideline, loaded.sources.root, program, own, made, told, before)
    return _written(content, wanted.output, f"{given.guideline_id}-{wanted.version}", guideline)


def _earlier(wanted: Wanted, guideline: str) -> tuple[list[Earlier], bool]:
    """The releases of a guideline with another version, and whether this one is there already."""
    found = [each for each in releases_in(wanted.output) if each.record.guideline == guideline]
    others = [each for each in found if str(each.record.version) != wanted.version]
    return others, len(others) < len(found)


def _unfit(
    header: Header, wanted: Wanted, others: list[Earlier], again: bool
) -> Iterator[Diagnostic]:
    """What is wrong with the request: the release before, the version, the dates.

    A version that is released ``again`` may have been followed by others in the meantime.
    """
    before = wanted.previous
    if before and before.record.guideline != header.iri:
        yield fault(
            "B108",
            f"`{display(before.path)}` is {before.record.title}, a release of another guideline.",
            f"The guideline is <{header.iri}>, and that is a release of "
            f"<{before.record.guideline}>.",
            "Name with --previous a release of the same guideline, or leave it out.",
        )
        return
    known = [*([] if again else others), *([before] if before else [])]
    yield from header_faults(header, wanted.version, highest(known))


def _lower(found: Iterable[Earlier], wanted: str) -> Iterator[Earlier]:
    """The releases with a lower version."""
    released = version(wanted)
    return (each for each in found if released and released.follows(each.record.version))


# --- gates ----------------------------------------------------------------------------------------


def _unsound(loaded: Loaded) -> Iterator[Gate]:
    yield gates.check_gate(loaded.findings)
    yield from map(gates.not_reached, ("audit", "verify", "test", "agree"))


def _gates(
    loaded: Loaded, given: ExportInput, outcome: Outcome, wanted: Wanted, progress: Progress
) -> Iterator[Gate]:
    """Every gate in its order; what a build has found already is not looked for again."""
    seen = outcome.content
    yield gates.check_gate(loaded.findings)
    yield gates.audit_gate(seen.audit)
    yield gates.verify_gate(given.guideline, seen.verification)
    assert seen.cases is not None
    yield gates.test_gate(seen.cases)
    progress("Comparing targets", 0, 0)
    yield gates.agree_gate(given, wanted.patients, wanted.everything, wanted.jobs)


def _told(found: Iterable[Gate], passed: Callable[[Gate], None]) -> list[Gate]:
    told = []
    for each in found:
        passed(each)
        told.append(each)
    return told


def _refused(told: Iterable[Gate]) -> Result:
    shut = [each for each in told if not each.passed]
    return Result(findings=tuple(found for each in shut for found in (*each.findings, each.fault)))


# --- what is frozen -------------------------------------------------------------------------------


def _own_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the guideline folder; what is hidden, linked or generated is none of them."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        hidden = any(part.startswith(".") for part in inside.parts)
        if not (hidden or BUILD in inside.parts[:-1] or path.is_symlink()) and path.is_file():
            yield inside.as_posix(), path.read_bytes()


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """What was built, by its path in the release."""
    for path in sorted(place.rglob("*")):
        inside = path.relative_to(place)
        if inside.parts[1:2] and inside.parts[1] not in WORKING and path.is_file():
            yield inside.as_posix(), path.read_bytes()


def _frozen(
    guideline: Guideline,
    folder: Path,
    program: Program,
    own: Mapping[str, bytes],
    made: Mapping[str, bytes],
    told: Iterable[Gate],
    before: Earlier | None,
) -> dict[str, bytes]:
    """Every file of the release."""
    header = guideline.header
    iri = f"{header.iri}/{header.version}"
    record = before.record if before else None
    targets = {path: text for path, text in made.items() if not path.startswith(SITE)}
    made = {
        **made,
        changes.FILE: changes.changes(guideline, folder, before),
        citation.FILE: citation.citation(guideline, iri),
        provenance.FILE: provenance.provenance(guideline, iri, own, targets, record),
    }
    released = version(header.version)
    stated = written(
        {
            "format": FORMAT,
            "guideline": header.iri,
            "name": ExportInput(guideline=guideline, program=program).guideline_id,
            "title": str(header.title),
            "version": header.version,
            "versionScheme": released.scheme if released else None,
            "versionIri": iri,
            "issued": header.issued,
            "modified": header.modified,
            "reviewBy": header.review_by,
            "license": header.license,
            "madeWith": _tools(),
            "readings": dict(program.readings),
            "settings": _settings(guideline),
            "gates": [{"gate": each.name, "passed": True, **each.figures} for each in told],
            "previous": record
            and {
                "version": str(record.version),
                "versionIri": record.version_iri,
                "issued": record.issued,
                "sha256": record.sha256,
            },
            "guidelineFiles": listed(own),
            "artefacts": listed(made),
        }
    )
    return {**own, **made, RECORD: stated, DIGEST: digest_line(stated)}


def _settings(guideline: Guideline) -> dict[str, str | None]:
    """The default of every site parameter, as it is written."""
    return {
        each.id: str(each.default_quantity) if each.default_quantity else each.default_coded_value
        for each in guideline.all(SiteParameter)
    }


def _tools() -> dict[str, Any]:
    """The toolkit, its ontology and the libraries whose work is in the files."""
    ontology = sorted(resources.ontology_folder().glob("*.ttl"))
    return {
        "guidegraph": __version__,
        "ontology": {each.name: sha256(each.read_bytes()) for each in ontology},
        "libraries": {each: installed(each) for each in LIBRARIES},
    }


# --- on disk --------------------------------------------------------------------------------------


def _written(content: Mapping[str, bytes], output: Path, name: str, guideline: Guideline) -> Result:
    """Write folder and zip, whole or not at all; what was released already stays as it is."""
    folder, archive = output / name, output / f"{name}.zip"
    kept = [each for each in (folder, archive) if each.exists()]
    for each in kept:
        if found := _other(each, content, guideline):
            return Result(findings=(found,))
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".") as place:
        if folder not in kept:
            _write(Path(place) / name, content)
            (Path(place) / name).rename(folder)
        if archive not in kept:
            packed = Path(place) / archive.name
            packed.write_bytes(zipped(content, guideline.header.issued or ""))
            packed.chmod(0o644)
            packed.replace(archive)
    return Result(
        folder=folder,
        archive=archive,
        sha256=sha256(content[RECORD]),
        files=len(content),
        is_new=not kept,
    )


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    for path, text in content.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)


def _other(kept: Path, content: Mapping[str, bytes], guideline: Guideline) -> Diagnostic | None:
    """That this version was released before with other content; None where it is the same."""
    with opened(kept) as store:
        stated = store.record()
        if stated == content[RECORD]:
            return None
        before = read_record(stated, store.place).by_path
    now = {path: sha256(text) for path, text in content.items() if path not in (RECORD, DIGEST)}
    differing = sorted(
        path
        for path in {*now, *before}
        if path not in before or now.get(path) != before[path].sha256
    )
    own = [each for each in differing if each.startswith(f"{GUIDELINE}/")] or differing
    names = ", ".join(f"`{each}`" for each in own[:NAMED]) or f"only `{RECORD}`"
    more = len(own) - NAMED
    header = guideline.header
    return fault(
        "B106",
        f"Version {header.version} was released before, with other content.",
        f"A released version is never changed. Different: {names}"
        + (f" and {more} more." if more > 0 else "."),
        "Give the changed guideline a higher version in owl:versionInfo and release that.",
        header.place_of("owl:versionInfo"),
        header.id,
    )
