"""Passages and figures in the texts of their sources: found, moved, several times, nowhere."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegraph.lift import lift
from guidegraph.model import Selector, SourcePassage
from guidegraph.passages import Normal, hash_of, locate, normalise, repair, verify
from guidegraph.passages.standing import standings
from guidegraph.read import read
from guidegraph.scaffold import new

REMARK = "A remark that was put in front of everything.\n\n"


@pytest.fixture
def folder(tmp_path):
    """The example guideline; its source text lies in it, as in no real one."""
    new(tmp_path / "example-marker")
    return tmp_path / "example-marker"


@pytest.fixture
def text(folder) -> str:
    return (folder / "source-example.txt").read_text(encoding="utf-8")


def verified(folder, texts):
    sources = read(folder)
    guideline, _ = lift(sources)
    return verify(sources, guideline, texts, lambda *_: None)


def with_text(tmp_path, text: str):
    texts = tmp_path / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "EX.txt").write_bytes(text.encode())
    return texts


def edit(folder, file: str, before: str, after: str) -> None:
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after), encoding="utf-8")


def codes(found) -> list[str]:
    return [each.code for each in found.findings]


# --- the normal form ------------------------------------------------------------------------------


def test_white_space_and_hyphens_go_but_dashes_and_the_micro_sign_stay():
    assert (
        normalise("low-molec\N{SOFT HYPHEN}ular\N{NO-BREAK SPACE}weight\n") == "lowmolecularweight"
    )
    assert normalise("1–2 −3 µg") == "1–2−3µg"
    assert normalise("e\N{COMBINING ACUTE ACCENT}") == "é"


@given(st.text(max_size=80))
def test_the_way_back_leads_to_the_stretch_that_was_normalised(text):
    normal = Normal(text)
    assert normal.form == normalise(text)
    if normal.form:
        start, end = normal.stretch(0, len(normal.form))
        assert normalise(text[start:end]) == normal.form
    for word in text.split():
        for start, end in normal.find(word):
            assert normalise(text[start:end]) == normalise(word)


@given(st.text(alphabet="ab -\n\N{COMBINING ACUTE ACCENT}eé", min_size=1, max_size=40))
def test_composed_and_decomposed_texts_have_the_same_hash(text):
    assert hash_of(unicodedata.normalize("NFD", text)) == hash_of(text)


# --- where passages stand -------------------------------------------------------------------------


def passage(text: str, *parts: tuple[int, int]) -> SourcePassage:
    from guidegraph.diagnostic import Location

    selectors = tuple(Selector(start=a, end=b, sha256=hash_of(text[a:b])) for a, b in parts)
    at = Location("sources.ttl", 1)
    return SourcePassage(id=f"P-{parts[0][0]}", iri="", at=at, document="D", selectors=selectors)


def test_a_passage_is_found_again_in_a_text_that_is_wrapped_otherwise():
    text = "One marker is high. Another marker is low in every pa-\ntient who was seen."
    one = passage(text, (20, len(text)))
    (found,) = standings([one], Normal("Preface.\n" + text.replace("-\n", "").replace(" ", "\n ")))
    assert found.outcome == "moved"
    assert hash_of("Another marker is low in every patient who was seen.") == found.selector.sha256


def test_of_several_places_the_one_is_taken_to_which_the_neighbours_moved():
    text = "First words here. Marker. Last words there."
    parts = [passage(text, (0, 17)), passage(text, (18, 25)), passage(text, (26, 43))]
    moved = Normal("Marker. " + text + " Marker.")
    assert [each.outcome for each in standings(parts, moved)] == ["moved"] * 3
    assert standings(parts, moved)[1].places == ((26, 33),)
    alone = standings([parts[1]], moved)
    assert alone[0].outcome == "several"
    assert len(alone[0].places) == 3


def test_a_stretch_that_begins_inside_a_word_is_not_taken_for_a_passage():
    (found,) = standings([passage("low", (0, 3))], Normal("a yellow flow"))
    assert found.outcome == "nowhere"


def test_hundreds_of_moved_passages_are_found_quickly():
    words = [hashlib.sha256(str(n).encode()).hexdigest()[: n % 9 + 2] for n in range(9000)]
    text = " ".join(words)
    cuts = [i for i, sign in enumerate(text) if sign == " "]
    passages = [passage(text, (a + 1, b)) for a, b in zip(cuts[::16], cuts[12::16], strict=False)]
    assert len(passages) > 500
    began = time.perf_counter()
    found = standings(passages, Normal("Preface. " + text.replace(" ", "  ")))
    assert {each.outcome for each in found} == {"moved"}
    assert time.perf_counter() - began < 20  # a few seconds on one free core


# --- verification ---------------------------------------------------------------------------------


def test_the_example_guideline_stands_in_its_source(folder):
    found = verified(folder, folder)
    assert found.findings == ()
    (document,) = found.documents
    assert document.outcomes == {"found": document.passages}
    assert document.figures > 10
    assert found.quotes["EX-P-4"][0].startswith("Recommendation 4.")


def test_a_text_is_known_by_its_hash_or_by_its_name(folder, tmp_path, text):
    texts = with_text(tmp_path, text)
    (texts / "EX.txt").rename(texts / "ex.txt")
    (texts / "other.txt").write_text("Nothing that belongs here.")
    found = verified(folder, texts)
    assert found.findings == ()
    assert [path.name for path in found.unused] == ["other.txt"]


def test_a_text_that_changed_is_still_known_by_the_file_name_that_identifies_it(folder):
    path = folder / "source-example.txt"
    path.write_text(REMARK + path.read_text(encoding="utf-8"), encoding="utf-8")
    found = verified(folder, folder)
    assert set(codes(found)) == {"P102", "P105"}
    assert found.unused == ()


def test_a_missing_text_is_told_and_nothing_is_said_to_be_right(folder, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    found = verified(folder, texts)
    assert codes(found) == ["P104"]
    assert found.documents[0].text is None
    assert found.documents[0].figures == 0
    assert not found.quotes
    (texts / "EX.txt").write_bytes(b"\xff\xfe\x00")
    assert codes(verified(folder, texts)) == ["P104"]
    assert "UTF-8" in verified(folder, texts).findings[0].message


def test_repair_writes_the_new_offsets_and_nothing_else(folder, tmp_path, text):
    texts = with_text(tmp_path, REMARK + text)
    before = {path: path.read_text("utf-8") for path in folder.rglob("*.ttl")}
    found = verified(folder, texts)
    assert set(codes(found)) == {"P102", "P105"}
    sources = read(folder)
    written = repair(sources, found.standings)
    assert {each.passage.id for each in written} == {
        each.subject for each in found.findings if each.code == "P102"
    }
    assert codes(verified(folder, texts)) == ["P105"]
    for path, content in before.items():
        shifted = re.sub(
            r"(oa:(?:start|end) )(\d+)",
            lambda found: f"{found[1]}{int(found[2]) + len(REMARK)}",
            content,
        )
        assert path.read_text("utf-8") == shifted
        assert (shifted != content) == (path.name == "sources.ttl")


def test_repair_leaves_a_file_alone_that_has_changed_since_it_was_read(folder, tmp_path, text):
    texts = with_text(tmp_path, REMARK + text)
    sources = read(folder)
    guideline, _ = lift(sources)
    found = verify(sources, guideline, texts, lambda *_: None)
    path = folder / "sources.ttl"
    changed = "# a line\n" + path.read_text("utf-8")
    path.write_text(changed, encoding="utf-8")
    assert repair(sources, found.standings) == ()
    assert path.read_text("utf-8") == changed


# --- what rests on passages -----------------------------------------------------------------------

CHANGES = {
    "a figure typed wrongly": ("evidence.ttl", '"12 of 40"', '"13 of 40"', {"P106"}),
    "a figure that is only part of one": ("evidence.ttl", '"3 of 60"', '"3 of 6"', {"P106"}),
    "a count typed wrongly": ("evidence.ttl", "gg:count 12 ;", "gg:count 13 ;", {"P107"}),
    "a size that is not printed": ("evidence.ttl", "gg:sampleSize 100 ;", "gg:sampleSize 101 ;",
                                   {"P107"}),
    "a limit typed wrongly": ("thresholds.ttl", "gg:value 50.0", "gg:value 60.0", {"P107"}),
    "a comparator typed wrongly": ("thresholds.ttl", "code:AtLeast", "code:GreaterThan", {"P108"}),
    "a comparator left out": ("thresholds.ttl", "code:LessThan", "code:ComparatorNotStated",
                              {"P108"}),
    "a unit typed wrongly": ("thresholds.ttl", "gg:value 70.0 ; gg:unit u:year",
                             "gg:value 70.0 ; gg:unit u:day", {"P109"}),
    "a modality typed wrongly": ("recommendations.ttl", "gg:modality code:CanBeConsidered",
                                 "gg:modality code:ShouldBeConsidered", {"P110"}),
    "words of the source": ("evidence.ttl", "Complications were more frequent in patients whose",
                            "In invented patients, complications were seen in of patients with a",
                            {"P111"}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_slip_is_found_and_nothing_else(folder, tmp_path, change):
    file, before, after, expected = CHANGES[change]
    edit(folder, file, before, after)
    found = verified(folder, folder)
    assert set(codes(found)) == expected
    assert all(each.at.file.endswith(file) for each in found.findings)


def test_six_words_in_a_row_may_be_the_same(folder):
    edit(folder, "evidence.ttl", "Complications were more frequent in patients whose",
         "Invented patients: complications were seen in more whose")  # fmt: skip
    assert codes(verified(folder, folder)) == []


def test_a_discrepancy_explains_another_unit_but_no_other_comparator(folder):
    edit(folder, "thresholds.ttl", "gg:value 50.0 ; gg:unit u:ug-per-L",
         "gg:value 50.0 ; gg:unit u:mg-per-L")  # fmt: skip
    assert codes(verified(folder, folder)) == ["P109"]
    (folder / "told.ttl").write_text(
        "@prefix gg: <https://w3id.org/guidegraph/ns#> .\n"
        "@prefix code: <https://w3id.org/guidegraph/code/> .\n"
        "@prefix d: <https://example.org/guideline/example-marker/> .\n"
        "d:DISC-unit a gg:Discrepancy ; gg:discrepancyType code:UnitError ;\n"
        "  gg:concerns d:THR-low .\n",
        encoding="utf-8",
    )
    assert codes(verified(folder, folder)) == []
    edit(folder, "thresholds.ttl", "gg:comparator code:LessThan", "gg:comparator code:AtMost")
    assert codes(verified(folder, folder)) == ["P108"]


ROW = "Marker 40–55 g/L 39.1 (37.8–40.4) 41.2 (39.9–42.5) 0.03, seen from day 7 on if > 40 g/L"


def row_with(folder, tmp_path, *properties: str) -> list[str]:
    """What is found of a result that was read from a row of a table."""
    texts = with_text(tmp_path, (folder / "source-example.txt").read_text("utf-8"))
    (texts / "ROW.txt").write_text(ROW, encoding="utf-8")
    (folder / "row.ttl").write_text(
        "@prefix gg: <https://w3id.org/guidegraph/ns#> .\n"
        "@prefix code: <https://w3id.org/guidegraph/code/> .\n"
        "@prefix u: <https://w3id.org/guidegraph/unit/> .\n"
        "@prefix d: <https://example.org/guideline/example-marker/> .\n"
        "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
        "@prefix schema: <https://schema.org/> .\n"
        "d:ROW a gg:SourceDocument .\n"
        "d:ROW-P a gg:SourcePassage ; oa:hasSource d:ROW ; oa:hasSelector\n"
        f"  [ a oa:TextPositionSelector ; oa:start 0 ; oa:end {len(ROW)} ;\n"
        f'    schema:sha256 "{hash_of(ROW)}" ] .\n'
        "d:RES-row a gg:StatisticalResult ; gg:statisticType code:Mean ;\n"
        f"  {' ; '.join(properties)} ; prov:wasDerivedFrom d:ROW-P .\n",
        encoding="utf-8",
    )
    return codes(verified(folder, texts))


PRINTED = 'gg:reportedText "39.1 (37.8–40.4)"'


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ((PRINTED, "gg:value 39.1 ; gg:low 37.8 ; gg:high 40.4 ; gg:unit u:g-per-L"), []),
        ((PRINTED, "gg:value 41.2"), ["P107"]),  # of the next group
        ((PRINTED, "gg:value 39.1 ; gg:low 40.4 ; gg:high 37.8"), ["P107", "P107"]),
        ((PRINTED, "gg:value 39.1 ; gg:unit u:mg-per-L"), ["P109"]),  # the row has g/L
        ((PRINTED, "gg:value 39.1 ; gg:pValue 0.03"), []),
        ((PRINTED, "gg:value 39.1 ; gg:pValue 0.03 ; gg:pValueComparator code:LessThan"), ["P108"]),
        ((PRINTED, "gg:value 39.1 ; gg:comparator code:GreaterThan"), ["P108"]),
        (('gg:reportedText "day 7"', "gg:value 7.0 ; gg:unit u:day"), []),
        (('gg:reportedText "9.1 (37.8–40.4)"',), ["P106"]),
        (('gg:reportedText "40 g/L"', "gg:value 40.0 ; gg:unit u:g-per-L"), ["P106"]),  # ">40"
    ],
)
def test_a_row_of_a_table_is_compared_cell_by_cell(folder, tmp_path, properties, expected):
    assert row_with(folder, tmp_path, *properties) == expected


# --- locating -------------------------------------------------------------------------------------


def test_words_are_located_with_their_lines_and_in_several_parts(text):
    broken = "the example marker should be measured on\nadmission"
    (one,) = locate(broken, Normal(text))
    assert one.first_line == one.last_line == 5
    assert hash_of(broken) == one.parts[0].sha256
    (two,) = locate("Recommendation 2. … refuses the treatment.", Normal(text))
    assert len(two.parts) == 2
    assert (two.first_line, two.last_line) == (7, 9)
    assert len(locate("Recommendation", Normal(text))) == 4
    assert locate("words that are not there", Normal(text)) == ()
    assert locate("…", Normal(text)) == ()


def test_nothing_of_a_text_is_kept_in_the_guideline_folder(folder, tmp_path, text):
    texts = with_text(tmp_path, REMARK + text)
    shutil.move(folder / "source-example.txt", tmp_path / "away.txt")
    found = verified(folder, texts)
    repair(read(folder), found.standings)
    written = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())
    for parts in found.quotes.values():
        assert not any(part in written for part in parts)
