"""The shipped guideline: all of the source is in it, in our own words, and it means one thing.

The source texts may not be copied, so they are not in the repository. Tests that compare with them
look for ``shared/sources`` beside it and say so when they skip.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest

from conftest import GUIDELINE, SHARED
from guidegraph.cases import run_folder
from guidegraph.check import prove
from guidegraph.criteria import LogicalCriterion
from guidegraph.evaluate.status import conflicts, meaning, standings
from guidegraph.lower import lower
from guidegraph.model import (
    Action,
    ActionNode,
    Branch,
    CarePathway,
    Citation,
    DecisionNode,
    Discrepancy,
    EvidenceRelation,
    InterpretationPoint,
    MedicationAction,
    Reading,
    SiteParameter,
    SourcePassage,
    Threshold,
)
from guidegraph.passages import verify

SOURCES = SHARED / "sources"
DOCUMENTS = ("OUD", "GUO", "MCG")
needs_sources = pytest.mark.skipif(
    not all((SOURCES / f"{name}.txt").is_file() for name in DOCUMENTS),
    reason="the source texts are not here (they may not be copied): no ../shared/sources/*.txt",
)

RECOMMENDED = [
    "REC-0",
    "REC-1",
    "REC-2",
    "REC-3",
    "REC-3-POP",
    "REC-3-EX",
    "REC-3-THR",
    "REC-3-TX",
    "REC-4",
    "REC-4-POP",
    "REC-4a",
    "REC-4b",
    "REC-4b-SIGNS",
    "REC-4b-TX",
    "REC-4c",
    "REC-4c-VTE",
    "REC-4c-MON",
    "REC-4d",
    "REC-4d-RPT",
    "REC-4d-IMG",
    "T3-HEAD",
    "T3-B1",
    "T3-B2",
    "T3-B3",
    "T3-MON",
    "T3-IMG-ALL",
    "T3-IMG-B1",
    "T3-IMG-B2",
    "T3-IMG-B3",
    "T3-ACG-B1",
    "T3-ACG-B2",
    "T3-ACG-B3",
]
LIMITS = [f"THR-{number:02}" for number in range(1, 21)]
DEFINED = [
    "DEF-SEVERE",
    "DEF-DIC",
    "DEF-SIC",
    "DEF-YEARS",
    "DEF-CORADS",
    "DEF-RSNA",
    "DEF-PADUA",
    "DEF-CTSS",
    "DEF-DDIMER",
    "DEF-VTE",
    "DEF-GGOPAT",
    "DEF-EXCL",
]
READINGS = {
    "IP-band-closure": ["closed", "half-open", "open"],
    "IP-strongly-increased": ["from-2000", "above-2000", "from-4000"],
    "IP-significant-increase": ["reaches-level", "doubling"],
    "IP-band-timing": ["admission", "latest"],
    "IP-covid-status": ["inclusive", "strict"],
}
"""The five phrases with several meanings; the first reading of each is the default."""


# --- everything is there ------------------------------------------------------------------------


@pytest.mark.parametrize("row", [*RECOMMENDED, *LIMITS, *DEFINED])
def test_each_row_of_the_source_is_encoded_with_its_passage(guideline, row):
    found = [each for each in guideline.entities.values() if f"OUD-{row}" in each.notation]
    assert found
    for each in found:
        passages = [guideline.one(name, SourcePassage) for name in each.passages]
        assert passages, each.id
        assert all(passage.document == "OUD" and passage.selectors for passage in passages)


def test_the_guideline_has_no_findings(shipped):
    assert shipped.findings == ()


def test_only_the_opening_conclusion_cannot_be_decided(guideline):
    assert [each.id for each in guideline.recommendations if not each.is_executable] == [
        "OUD-REC-0"
    ]


def test_every_decidable_recommendation_stands_in_a_pathway(guideline):
    assert len(guideline.all(CarePathway)) == 4
    for each in guideline.recommendations:
        assert bool(each.implemented_by) is each.is_executable, each.id


def test_nothing_is_graded_and_nothing_is_final(guideline):
    for each in guideline.recommendations:
        assert (each.strength, each.certainty, each.status) == ("NotStated", "NotStated", "Draft")


def test_an_unknown_is_always_resolved_by_an_action(guideline):
    unknown = [each for each in guideline.all(Branch) if each.role == "WhenUnknown"]
    assert len(unknown) == len(guideline.all(DecisionNode)) == 14
    assert all(guideline.one(each.leads_to, ActionNode).actions for each in unknown)


# --- the source ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The three source texts by the name of their document."""
    return {name: (SOURCES / f"{name}.txt").read_bytes().decode("utf-8") for name in DOCUMENTS}


@pytest.fixture(scope="session")
def verified(shipped):
    """Every passage looked for in the source texts, with all that rests on it."""
    return verify(shipped.sources, shipped.guideline, SOURCES, lambda *_: None)


@needs_sources
def test_each_passage_and_each_figure_stands_in_the_source_that_was_encoded(verified):
    assert verified.findings == ()
    assert {each.document for each in verified.documents} == set(DOCUMENTS)
    for each in verified.documents:
        assert each.outcomes == {"found": each.passages}
        assert each.figures > each.passages / 2


@needs_sources
def test_each_passage_stands_in_the_lines_its_locator_names(guideline, texts):
    for passage in guideline.all(SourcePassage):
        source = texts[passage.document]
        named = re.search(r"lines? (\d+(?:(?:-| and )\d+)*)$", passage.locator)
        assert named, passage.id
        numbers = [int(each) for each in re.findall(r"\d+", named[1])]
        first, last = numbers[0], numbers[-1]
        start = min(part.start for part in passage.selectors)
        end = max(part.end for part in passage.selectors)
        lines = (source.count("\n", 0, start) + 1, source.count("\n", 0, end - 1) + 1)
        assert lines == (first, last), passage.id


def test_each_limit_repeats_a_figure_of_its_passage(guideline):
    for each in guideline.all(Threshold):
        for name in each.passages:
            assert each.reported_text in guideline.one(name, SourcePassage).reported_texts, each.id


def runs_of_words(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Every run of so many words; figures are no words, they may be repeated."""
    words = re.findall(r"[^\W\d_][^\W_]*", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


@needs_sources
def test_no_sentence_of_the_sources_is_repeated(shipped):
    sources = [each.read_text(encoding="utf-8") for each in sorted(SOURCES.glob("*.txt"))]
    printed = set().union(*map(runs_of_words, sources))
    titles = ("http://purl.org/dc/terms/title", "http://purl.org/dc/terms/bibliographicCitation")
    ours = [
        str(value)
        for _, term, value in shipped.sources.graph
        if hasattr(value, "language") and str(term) not in titles
    ]
    for file in sorted(GUIDELINE.rglob("*.ttl")):
        comments = re.findall(r"^\s*# (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        ours.append(" ".join(comments))
    ours.append((GUIDELINE / "cases.yaml").read_text(encoding="utf-8"))
    assert len(ours) > 1000
    copied = {words for text in ours for words in runs_of_words(text) & printed}
    assert copied == set()


# --- printed and executed -----------------------------------------------------------------------


def test_limits_printed_in_a_wrong_unit_are_executed_in_another_and_say_so(guideline):
    told = {
        name
        for each in guideline.all(Discrepancy)
        if each.discrepancy_type == "UnitError"
        for name in each.concerns
    }
    wrong = [each for each in guideline.all(Threshold) if "mg/L" in each.reported_text]
    assert len(wrong) == 7
    for each in wrong:
        assert each.id in told
        assert each.site_parameter or each.executable_quantity.unit == "ug/L"


def test_a_printed_range_becomes_a_choice_with_both_ends_permitted(guideline):
    level = guideline.one("ddimer-strong-rise", SiteParameter)
    assert (level.permitted_range.low, level.permitted_range.high) == (2000, 4000)
    assert level.permitted_range.low_inclusive
    assert level.permitted_range.high_inclusive
    assert level.default_quantity.value == 2000


def test_every_discrepancy_names_a_passage_and_who_judged_it(guideline):
    found = guideline.all(Discrepancy)
    assert len(found) >= 40
    for each in found:
        assert each.attributed_to == ("agent-encoder",)
        assert str(each.resolution)
        assert any(guideline.get(name, SourcePassage) for name in each.concerns), each.id


def inputs_of(guideline, program, rule) -> set[str]:
    """The observables an answer can depend on."""
    from guidegraph.kernel import Agg, Ref, walk

    named = {each.name: each.condition for each in program.criteria}
    waiting, found = [rule.guard], set()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Ref) and node.kind == "criterion":
                waiting.append(named[node.name])
            elif isinstance(node, Ref) and node.kind == "input":
                found.add(node.name)
            elif isinstance(node, Agg):
                found.add(node.series)
    return found


def test_prophylaxis_depends_on_no_risk_score_and_on_no_laboratory_value(guideline, program):
    rules = {each.name: each for each in program.rules}
    assert inputs_of(guideline, program, rules["OUD-REC-1"]) == {"covid-status", "admitted"}


def test_hints_of_pe_are_never_required(guideline, program):
    rules = {each.name: each for each in program.rules}
    hints = {"haemoptysis", "unexplained-tachycardia", "signs-of-dvt", "deterioration-on-moving"}
    assert not inputs_of(guideline, program, rules["OUD-REC-3"]) & hints
    assert guideline.one("CRIT-hints-of-pe", LogicalCriterion).is_illustrative


def test_the_table_forgets_the_risk_of_bleeding_and_is_left_so(guideline, program):
    rules = {each.name: each for each in program.rules}
    asked = {
        name: "bleeding-risk-acceptable" in inputs_of(guideline, program, rules[name])
        for name in ("OUD-REC-4b-TX", "OUD-T3-ACG-B2-TX", "OUD-T3-ACG-B3-TX")
    }
    assert asked == {
        "OUD-REC-4b-TX": True,
        "OUD-T3-ACG-B2-TX": False,
        "OUD-T3-ACG-B3-TX": False,
    }


def test_prose_and_table_keep_their_own_modality(guideline):
    modalities = {each.id: each.modality for each in guideline.recommendations}
    assert modalities["OUD-REC-4b-TX"] == modalities["OUD-T3-ACG-B2-TX"] == "CanBeConsidered"
    assert modalities["OUD-T3-ACG-B3-TX"] == "ShouldBeConsidered"
    assert modalities["OUD-REC-3-TX"] == "Indicated"
    assert modalities["OUD-REC-4c"] == "NoClearGuidance"
    assert modalities["OUD-REC-4c-VTE"] == "ShouldWherePossible"


# --- evidence -----------------------------------------------------------------------------------


def test_only_what_a_number_stands_for_is_called_resolved(guideline):
    for each in guideline.all(Citation):
        if not each.is_external:
            resolved = {"ResolvedOutsideSource", "ListSeen"} if each.cited else {"Unresolved"}
            assert each.status in resolved, each.id


def test_one_number_for_two_studies_is_two_citations(guideline):
    fifth = [each for each in guideline.all(Citation) if "OUD-CIT-05" in each.notation]
    assert {"5" in each.notation for each in fifth} == {True}
    assert len({each.cited for each in fifth}) == 2


def test_prose_recommendations_know_the_claims_behind_them(guideline):
    reached = {each.target for each in guideline.all(EvidenceRelation)}
    for name in ("0", "1", "2", "3", "3-TX", "4", "4-SER", "4b", "4b-TX", "4d", "4d-IMG"):
        assert f"OUD-REC-{name}" in reached


# --- readings -----------------------------------------------------------------------------------


def test_the_readings_are_those_on_record_with_their_defaults(guideline):
    points = {each.id: each for each in guideline.all(InterpretationPoint)}
    assert set(points) == set(READINGS)
    for name, choices in READINGS.items():
        found = {guideline.one(each, Reading).notation[0] for each in points[name].readings}
        default = guideline.one(points[name].default_reading, Reading).notation[0]
        assert (found, default) == (set(choices), choices[0])
    assert len(list(product(*READINGS.values()))) == 72


def all_readings() -> list[dict[str, str]]:
    return [dict(zip(READINGS, each, strict=True)) for each in product(*READINGS.values())]


def read_as(guideline, readings):
    """The guideline with other default readings."""
    entities = dict(guideline.entities)
    for name, choice in readings.items():
        point = entities[name]
        (chosen,) = [each for each in point.readings if choice in entities[each].notation]
        entities[name] = replace(point, default_reading=chosen)
    return replace(guideline, entities=entities)


def test_each_reading_changes_the_program(guideline, program):
    for point, (_, *others) in READINGS.items():
        programs = [program, *(lower(guideline, {point: choice}) for choice in others)]
        for one, other in pairwise(programs):
            assert one.criteria != other.criteria


@pytest.mark.slow
@pytest.mark.parametrize("readings", all_readings(), ids=lambda each: " ".join(each.values()))
def test_flowcharts_and_conditions_agree_under_every_reading(guideline, readings):
    assert prove(read_as(guideline, readings)) == ()


@pytest.mark.slow
def test_the_bands_of_the_prose_overlap_under_forty_readings(guideline):
    node = guideline.entities["NODE-course-band"]
    strict = {**guideline.entities, node.id: replace(node, hit_policy="Unique")}
    unique = replace(guideline, entities=strict)
    overlapping = [each for each in all_readings() if prove(read_as(unique, each))]
    assert len(overlapping) == 40
    for each in overlapping:
        at_2000 = (each["IP-band-closure"], each["IP-strongly-increased"]) == (
            "closed",
            "from-2000",
        )
        assert each["IP-band-timing"] == "latest" or at_2000


# --- two doses ----------------------------------------------------------------------------------


def test_a_prophylactic_and_a_therapeutic_dose_are_incompatible(guideline):
    doses = {each.id: each.dose_intensity for each in guideline.all(MedicationAction)}
    low = {name for name, dose in doses.items() if dose == "Prophylactic"}
    for name, dose in doses.items():
        if dose == "Therapeutic":
            assert set(guideline.one(name, Action).incompatible_with) == low


COURSES = [
    (admission, follow_up, latest)
    for admission in (None, 400, 1000, 1500, 2000, 3000, 5000)
    for follow_up in (None, 450, 2000, 2500)
    for latest in (None, 900, 1500, 2600)
]


@pytest.mark.parametrize(
    ("closure", "timing"), list(product(("closed", "open"), ("admission", "latest")))
)
def test_nobody_is_given_both_doses_unawares(guideline, closure, timing):
    chosen = {"IP-band-closure": closure, "IP-band-timing": timing}
    program = lower(guideline, chosen)
    settings = {each.name: each.default for each in program.settings}
    for course, is_confirmed in product(COURSES, (True, False, None)):
        times = zip((60, 1500, 3000), course, strict=True)
        inputs = {
            "covid-status": "confirmed",
            "admitted": True,
            "pe-confirmed": is_confirmed,
            "progressive-increase": True,
            "imaging-feasible": False,
            "bleeding-risk-acceptable": True,
            "d-dimer": tuple((at, Fraction(value)) for at, value in times if value is not None),
        }
        found = standings(program.rules, meaning(program, inputs, settings))
        assert conflicts(program, found) == (), (course, is_confirmed)


# --- cases --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cases(guideline):
    return run_folder(guideline, GUIDELINE)


def test_every_case_is_as_a_clinician_expects(cases):
    assert len(cases.outcomes) >= 70
    assert [each.case.id for each in cases.failed] == []


def test_cases_show_every_status_and_take_every_branch(cases):
    assert cases.findings == ()


def test_every_reading_that_is_not_the_default_has_a_case(cases):
    tried = {(point, name) for each in cases.outcomes for point, name in each.case.readings.items()}
    assert tried == {(p, choice) for p, (_, *others) in READINGS.items() for choice in others}
