"""Holes, open ends, overlaps and declared silence: proved, placed rightly, and no false alarms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from guidegraph.criteria import RangeCriterion
from guidegraph.diagnostic import Severity
from guidegraph.entity import Code, Quantity, Ref, Ucum
from guidegraph.evaluate.gaps import gaps
from guidegraph.evaluate.status import meaning, standings
from guidegraph.model import (
    CarePathway,
    EndNode,
    Guideline,
    Population,
    RecommendationGroup,
    StartNode,
    Threshold,
)
from guidegraph.verify import Case, Entry, Held, Refuted, Unproved, all_readings
from guidegraph.verify.gaps import check_gaps
from guidegraph.verify.overlaps import check_overlaps
from guidegraph.verify.topics import lines, topics
from guidegraph.wire import values
from pathway_example import decision, make, node
from program_example import scaffold
from reach_example import (
    ON_ADMISSION,
    advice,
    cases,
    compared,
    entries,
    found,
    limit,
    logical,
    with_things,
)

MARKER = "First Example marker (around admission)"


def banded(*conditions: str, base: Guideline | None = None, **fields) -> Guideline:
    """The small guideline with a group of recommendations, one for each condition."""
    held = (
        advice(f"band-{number}", each, part_of=(Ref("bands"),), **fields)
        for number, each in enumerate(conditions, start=1)
    )
    return with_things(
        make(RecommendationGroup, "bands", "How often to measure"),
        limit("low-limit", "300"),
        limit("high-limit", "900"),
        compared("below", "LessThan", "low-limit"),
        compared("from", "AtLeast", "low-limit"),
        compared("above", "GreaterThan", "low-limit"),
        compared("up-to", "AtMost", "low-limit"),
        compared("from-high", "AtLeast", "high-limit"),
        between("middle", low=True, high=False),
        between("middle-closed", low=True, high=True),
        *held,
        base=base,
    )


def between(name: str, *, low: bool, high: bool) -> RangeCriterion:
    return make(
        RangeCriterion,
        name,
        observable=Ref("example-marker"),
        low_threshold=Ref("low-limit"),
        high_threshold=Ref("high-limit"),
        low_inclusive=low,
        high_inclusive=high,
        **ON_ADMISSION,
    )


def told(guideline: Guideline, *codes: str) -> list[Refuted]:
    """The findings of these codes in the default reading, beside those of the scaffold."""
    every = found(guideline, check_gaps, check_overlaps)
    return [each for each in every if each.code in codes and each.subjects[0] != "REC-3"]


def faults(guideline: Guideline) -> list[Refuted]:
    return told(guideline, "L401", "L403", "L411")


# --- holes between bands --------------------------------------------------------------------------


def test_the_scaffold_is_only_silent_where_it_says_so():
    for each in entries(scaffold(), check_gaps, check_overlaps):
        said = [(e.code, e.subjects) for e in each if isinstance(e, Refuted)]
        assert said == [("L402", ("REC-3",))]


def test_the_value_between_two_bands():
    (one,) = faults(banded("below", "above"))
    assert (one.code, one.severity) == ("L401", Severity.WARNING)
    assert one.subjects == ("bands", "low-limit")
    assert one.detail == f"{MARKER}: 300 µg/L"
    assert one.where == f"{MARKER} exactly 300 µg/L"
    assert "neither in “below” nor in “above”" in one.message
    assert one.message.startswith("Among “Patients admitted with a suspected or confirmed")
    assert one.patient is not None
    ((_, marker),) = one.patient["facts"]["example-marker"]
    assert marker == 300_000


@pytest.mark.parametrize(
    "conditions",
    [
        ("below", "from"),
        ("up-to", "above"),
        ("below", "middle", "from-high"),
        # One within the other is a special case: nobody promised bands.
        ("from", "from-high"),
        # One band is none.
        ("middle",),
        ("middle", "middle"),
    ],
    ids=" ".join,
)
def test_bands_that_meet_and_bands_within_bands_are_no_fault(conditions):
    assert faults(banded(*conditions)) == []


def test_a_wide_hole_is_told_with_both_ends():
    (one,) = faults(banded("below", "from-high"))
    assert one.detail == f"{MARKER}: 300–900 µg/L"
    assert one.where == f"{MARKER} from 300 and below 900 µg/L"
    assert one.subjects == ("bands", "low-limit", "high-limit")


def test_advice_for_everybody_hides_no_hole_and_advice_on_something_else_neither():
    for other in (None, "CRIT-treatment-refused"):
        (one,) = faults(banded("below", "above", other or "CRIT-population"))
        assert one.where.startswith(f"{MARKER} exactly 300 µg/L")


def test_whom_a_band_leaves_out():
    guideline = with_things(
        logical("older-and-above", "AllOf", "from", "CRIT-older"),
        base=banded("below", "older-and-above"),
    )
    (one,) = faults(guideline)
    assert one.code == "L401"
    assert one.where == f"{MARKER} at least 300 µg/L, and Age below 70 years"
    assert "“band-2” does not hold" in one.message
    assert one.subjects == ("bands", "older-and-above")


def test_of_advice_within_other_advice_only_the_other_is_named():
    guideline = with_things(
        logical("older-and-above", "AllOf", "from", "CRIT-older"),
        logical("refused-too", "AllOf", "older-and-above", "CRIT-treatment-refused"),
        base=banded("below", "refused-too", "older-and-above"),
    )
    (one,) = faults(guideline)
    assert "“band-3” does not hold" in one.message
    assert "band-2" not in one.message


def test_bands_of_two_numbers_that_complete_each_other():
    # Age parts only those whose marker is neither low nor high.
    conditions = ("CRIT-low", "CRIT-high", "CRIT-between-younger", "CRIT-between-older")
    assert faults(banded(*conditions)) == []


def test_what_the_solver_does_not_answer_is_said():
    case = cases(banded("below", "above"))[0]
    case.theory.prover.effort = 1
    said = [*check_gaps(case), *check_overlaps(case)]
    assert {(each.code, each.reason) for each in said if isinstance(each, Unproved)} >= {
        ("L401", "effort"),
        ("L411", "effort"),
    }
    assert not any(isinstance(each, Refuted) and each.code == "L401" for each in said)


def test_a_defeated_recommendation_covers():
    guideline = banded("below", "above", "up-to", base=scaffold())
    kept = replace(guideline.entities["band-3"], exception=Ref("CRIT-admitted"))
    assert told(with_things(kept, base=guideline), "L401") == []


# --- declared -------------------------------------------------------------------------------------


def test_silence_that_a_recommendation_declares_is_no_hole():
    at_limit = logical("at-limit", "AllOf", "from", "up-to")
    unclear = advice(
        "unclear", "at-limit", part_of=(Ref("bands"),), modality=Code("NoClearGuidance")
    )
    guideline = with_things(at_limit, unclear, base=banded("below", "above"))
    assert faults(guideline) == []
    (one,) = told(guideline, "L402")
    assert (one.severity, one.subjects) == (Severity.NOTE, ("unclear",))
    assert one.where == f"{MARKER} exactly 300 µg/L"


def test_a_completed_end_closes_an_open_end_and_a_silent_one_does_not():
    # In the scaffold a low marker leads to the end of the flowchart, which is completed.
    known = scaffold()
    for reason, codes in (("Completed", []), ("SeeOtherPathway", []), ("NoGuidance", ["L403"])):
        end = replace(known.entities["N-done"], end_reason=Code(reason))
        guideline = with_things(end, base=known)
        assert [each.code for each in faults(guideline)] == codes
    (one,) = faults(guideline)
    assert one.where == f"{MARKER} below 50 µg/L"
    assert "The flowchart ends there without guidance: “End”." in one.why
    # Who is told of as a hole is not told of as silence as well; others who end there are.
    assert [each.subjects for each in told(guideline, "L402")] == [("N-done",)]


def test_an_end_without_guidance_is_silence():
    guideline = with_things(*pathway(("CRIT-older", "silent"), ("Otherwise", "done")))
    assert faults(guideline) == []
    (one,) = told(guideline, "L402")
    assert (one.severity, one.subjects) == (Severity.NOTE, ("silent",))
    assert one.where == "Age at least 70 years"
    assert "“Nothing is said”" in one.message


def test_an_end_that_nobody_comes_to_and_one_for_what_is_not_known_are_no_silence():
    nobody = (
        ("CRIT-older", "done"),
        ("CRIT-not-older", "done"),
        ("Otherwise", "silent"),
        ("WhenUnknown", "silent"),
    )
    assert told(with_things(*pathway(*nobody)), "L401", "L402") == []


# --- open ends ------------------------------------------------------------------------------------


def test_an_open_end_above_and_below():
    (above,) = faults(banded("below", "middle-closed"))
    assert (above.code, above.severity) == ("L403", Severity.WARNING)
    assert above.where == f"{MARKER} above 900 µg/L"
    assert above.subjects == ("bands", "high-limit")
    assert "of which the last is “middle-closed”" in above.message
    (below,) = faults(banded("middle", "from-high"))
    assert (below.code, below.detail) == ("L403", f"{MARKER}: below 300 µg/L")


def test_what_is_not_plausible_is_no_open_end():
    # The marker is never above 100,000 µg/L.
    most = limit("high-limit", "100000")
    assert faults(with_things(most, base=banded("below", "middle-closed"))) == []


# --- overlaps -------------------------------------------------------------------------------------


def test_the_value_in_two_bands():
    (one,) = faults(banded("up-to", "from"))
    assert (one.code, one.severity) == ("L411", Severity.WARNING)
    assert one.subjects == ("bands", "low-limit")
    assert one.detail == MARKER
    assert one.where == f"{MARKER} exactly 300 µg/L"
    assert "in “up-to” and in “from”" in one.message


def test_of_bands_in_pieces_only_the_values_that_they_share_are_told():
    ends = logical("ends", "AnyOf", "up-to", "from-high")
    (one,) = faults(with_things(ends, base=banded("ends", "middle-closed")))
    assert (one.code, one.subjects) == ("L411", ("bands", "low-limit", "high-limit"))
    shared = f"{MARKER} exactly 300 µg/L or {MARKER} exactly 900 µg/L lies in two bands"
    assert shared in one.message


def test_bands_that_overlap_for_nobody_are_no_overlap():
    guideline = with_things(
        logical("older-up-to", "AllOf", "up-to", "CRIT-older"),
        logical("younger-from", "AllOf", "from", "CRIT-not-older"),
        base=banded("older-up-to", "younger-from"),
    )
    assert told(guideline, "L411") == []


@pytest.mark.parametrize("order", ["overrides", "alternative_to"])
def test_advice_with_an_order_is_no_overlap(order):
    guideline = banded("up-to", "from")
    first = replace(guideline.entities["band-1"], **{order: (Ref("band-2"),)})
    assert faults(with_things(first, base=guideline)) == []


def test_an_overlap_in_group_and_pathway_is_told_once():
    guideline = with_things(
        *pathway(("up-to", "act-1"), ("from", "act-2")),
        node(EndNode, "act-1", pathway="extra"),
        node(EndNode, "act-2", pathway="extra"),
        advice("third", "from-high", part_of=(Ref("bands"),)),
        base=banded("up-to", "from"),
    )
    placed = [
        replace(guideline.entities[f"band-{each}"], implemented_by=(Ref(f"act-{each}"),))
        for each in (1, 2)
    ]
    guideline = with_things(*placed, base=guideline)
    assert {each.name for each in topics(guideline)} >= {"bands", "extra"}
    (one,) = faults(guideline)
    assert one.subjects == ("extra", "low-limit")


# --- decisions ------------------------------------------------------------------------------------


def pathway(*ways: tuple[str, str], hit_policy: str = "Collect", population: str | None = None):
    asks, *branches = decision("ask", "How high?", *ways)
    return (
        make(
            CarePathway,
            "extra",
            start_node=Ref("begin"),
            population=Ref(population or "POP-inpatient"),
        ),
        node(StartNode, "begin", pathway="extra", leads_to=Ref("ask")),
        replace(asks, pathway=Ref("extra"), hit_policy=Code(hit_policy)),
        *branches,
        node(EndNode, "done", pathway="extra", end_reason=Code("Completed")),
        node(EndNode, "silent", "Nothing is said", pathway="extra", end_reason=Code("NoGuidance")),
    )


def test_who_arrives_and_takes_no_branch():
    guideline = with_things(*pathway(("CRIT-low", "done"), ("CRIT-high", "done")))
    (one,) = faults(guideline)
    assert (one.code, one.severity, one.subjects) == ("L401", Severity.WARNING, ("ask",))
    assert one.where == f"{MARKER} from 50 and below 1,000 µg/L"


@pytest.mark.parametrize("last", ["Otherwise", "CRIT-between"])
def test_where_everybody_finds_a_branch(last):
    ways = (("CRIT-low", "done"), ("CRIT-high", "done"), (last, "done"))
    assert faults(with_things(*pathway(*ways))) == []


def test_only_who_arrives_counts():
    inside = logical("from-50", "NoneOf", "CRIT-low")
    population = make(Population, "not-low", defining_criterion=Ref("from-50"))
    ways = (("CRIT-high", "done"), ("CRIT-between", "done"))
    assert faults(with_things(inside, *pathway(*ways))) != []
    guideline = with_things(inside, population, *pathway(*ways, population="not-low"))
    assert faults(guideline) == []


def test_a_hole_in_bands_and_flowchart_is_told_once():
    base = banded("below", "above")
    guideline = with_things(*pathway(("below", "done"), ("above", "done")), base=base)
    assert [each.subjects[0] for each in faults(guideline)] == ["bands"]


def test_unique_branches_that_can_both_be_taken():
    guideline = banded()
    ways = (("up-to", "done"), ("from", "done"))
    unique = with_things(*pathway(*ways, hit_policy="Unique"), base=guideline)
    (one,) = faults(unique)
    assert (one.code, one.severity) == ("L411", Severity.ERROR)
    assert one.subjects == ("ask", "ask-1", "ask-2")
    assert one.where == f"{MARKER} exactly 300 µg/L"
    assert faults(with_things(*pathway(*ways), base=guideline)) == []


# --- populations and settings ---------------------------------------------------------------------


def test_a_hole_that_advice_for_a_wider_population_closes():
    everybody = advice("wider", "up-to", part_of=(Ref("bands"),), population=None)
    assert told(with_things(everybody, base=banded("below", "above")), "L401") == []


def test_advice_for_another_population_opens_no_hole():
    older = make(Population, "older", defining_criterion=Ref("CRIT-older"))
    guideline = with_things(
        older,
        advice("band-2", "above", part_of=(Ref("bands"),), population=Ref("older")),
        base=banded("below", "above"),
    )
    # Only older inpatients are meant by both; nobody else is promised a second band.
    assert [each.where for each in faults(guideline)] == []


def test_a_hole_and_an_overlap_that_only_other_settings_have():
    # The site chooses the high limit from 1,000 to 2,000 µg/L; its default is 1,000.
    fixed = limit("fixed", "1000")
    for comparator, condition, code in (
        ("LessThan", "CRIT-high", "L401"),
        ("AtLeast", "CRIT-not-high", "L411"),
    ):
        guideline = with_things(
            fixed,
            compared("at-fixed", comparator, "fixed"),
            logical("CRIT-not-high", "NoneOf", "CRIT-high"),
            base=banded("at-fixed", condition),
        )
        (one,) = faults(guideline)
        assert (one.code, one.detail) == (code, f"{MARKER}: settings")
        assert "From which value the marker counts as high" in one.where
        assert one.patient is not None
        assert one.patient["settings"]["marker-high"] > 1_000_000


def test_a_limit_of_the_site_itself_makes_no_hole():
    guideline = with_things(
        logical("CRIT-not-high", "NoneOf", "CRIT-high"), base=banded("CRIT-not-high", "CRIT-high")
    )
    assert faults(guideline) == []


# --- lines ----------------------------------------------------------------------------------------


def test_cells_that_nobody_can_be_in_are_left_out():
    # Age is known in whole years: nobody is between 69 and 70.
    age = {"observable": Ref("age"), "observation_selector": None, "time_window": None}
    years = {"observable": Ref("age"), "unit": "a"}

    def limited(name: str, value: str) -> Threshold:
        quantity = Quantity(value=Decimal(value), unit=Ucum(years["unit"]))
        return limit(name, "1", observable=Ref("age"), executable_quantity=quantity)

    guideline = with_things(
        limited("sixty-nine", "69"),
        limited("seventy", "70"),
        compared("younger", "AtMost", "sixty-nine", **age),
        compared("older", "AtLeast", "seventy", **age),
        base=banded("younger", "older"),
    )
    (line,) = (each for each in lines(cases(guideline)[0]) if each.scope.topic.name == "bands")
    assert line.cells == (0, 1, 3, 4)
    assert line.runs == ((0, 1), (3, 4))
    assert faults(guideline) == []


# --- the shipped guideline, in all of its readings ------------------------------------------------

PATHWAY = "PATH-ddimer-course"
ON_ADMISSION_IS = "First D-dimer (on admission)"


@pytest.fixture(scope="module")
def read(guideline) -> list[tuple[Case, list[Entry]]]:
    """What is found in each of the 72 readings."""
    return [(case, [*check_gaps(case), *check_overlaps(case)]) for case in cases(guideline)]


def notations(guideline: Guideline) -> list[dict[str, str]]:
    """Each reading as the notations of its choices."""
    return [
        {point: guideline.entities[chosen].notation[0] for point, chosen in each.items()}
        for each in all_readings(guideline).choices
    ]


def refuted(entries_: list[Entry], code: str) -> Iterator[Refuted]:
    return (each for each in entries_ if isinstance(each, Refuted) and each.code == code)


def test_every_hole_of_the_prose_and_in_how_many_readings(read):
    assert len(read) == 72
    count = Counter(
        (each.code, each.subjects[0], each.detail)
        for _, said in read
        for code in ("L401", "L403", "L411")
        for each in refuted(said, code)
    )
    assert count == {
        # Timing "admission" (36 readings): open ends (1 of 3) leave 1,000 out.
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: 1,000 µg/L"): 12,
        # Not closed (2 of 3), and strongly increased only above 2,000 (1 of 3).
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: 2,000 µg/L"): 8,
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: 2,000–4,000 µg/L"): 12,
        # Timing "latest" (36): the middle band is left as soon as the next value is outside it.
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: 1,000–2,000 µg/L"): 24,
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: 1,000–4,000 µg/L"): 12,
        # Doubled, but not above the level of a strong rise.
        ("L401", PATHWAY, f"{ON_ADMISSION_IS}: below 1,000 µg/L"): 36,
        ("L411", PATHWAY, ON_ADMISSION_IS): 4,
        # Timing "latest": the middle band and each of its neighbours, by two different numbers.
        ("L411", PATHWAY, "different numbers"): 2 * 36,
    }


def test_the_bands_overlap_in_40_of_72_readings(guideline, read):
    overlapping = [bool(list(refuted(said, "L411"))) for _, said in read]
    assert sum(overlapping) == 40
    for chosen, (_, said) in zip(notations(guideline), read, strict=True):
        by_numbers = [each for each in refuted(said, "L411") if each.detail == "different numbers"]
        assert len(by_numbers) == (2 if chosen["IP-band-timing"] == "latest" else 0)


def test_in_which_readings_the_holes_are(guideline, read):
    holds = defaultdict(list)
    for chosen, (_, said) in zip(notations(guideline), read, strict=True):
        for code in ("L401", "L411"):
            for each in refuted(said, code):
                holds[code, each.detail.removeprefix(f"{ON_ADMISSION_IS}: ")].append(chosen)
    every = notations(guideline)

    def those(**choice: tuple[str, ...]) -> list[dict[str, str]]:
        wanted = {f"IP-{point.replace('_', '-')}": each for point, each in choice.items()}
        return [c for c in every if all(c[point] in each for point, each in wanted.items())]

    admission = ("admission",)
    assert holds["L401", "1,000 µg/L"] == those(band_closure=("open",), band_timing=admission)
    assert holds["L401", "2,000 µg/L"] == those(
        band_closure=("open", "half-open"),
        strongly_increased=("above-2000",),
        band_timing=admission,
    )
    assert holds["L401", "2,000–4,000 µg/L"] == those(
        strongly_increased=("from-4000",), band_timing=admission
    )
    assert holds["L401", "below 1,000 µg/L"] == those(significant_increase=("doubling",))
    assert holds["L411", ON_ADMISSION_IS] == those(
        band_closure=("closed",), strongly_increased=("from-2000",), band_timing=admission
    )


def test_the_default_reading_has_one_overlap_and_no_hole(read):
    _, said = read[0]
    assert list(refuted(said, "L401")) == []
    (one,) = refuted(said, "L411")
    assert one.where == f"{ON_ADMISSION_IS} exactly 2,000 µg/L"
    assert "THR-ddimer-band-high" in one.subjects
    assert "as 4c says it" in one.message
    assert "as 4d says it" in one.message


def test_declared_silence_of_the_shipped_guideline(read):
    count = Counter(each.subjects for _, said in read for each in refuted(said, "L402"))
    assert count == {
        ("OUD-REC-4c",): 72,
        ("END-admission-neither",): 72,
        ("END-pe-not-elevated",): 72,
        ("END-course-no-option",): 72,
    }


def test_table_3_has_neither_holes_nor_overlaps(read):
    for case, said in read:
        assert any(each.scope.topic.name == "OUD-T3" for each in lines(case))
        held = [each.code for each in said if isinstance(each, Held) and "OUD-T3" in each.subjects]
        assert sorted(set(held)) == ["L401", "L411"]


def probes() -> Iterator[list[list[int]]]:
    """Admission values at and around every limit, with and without a later value."""
    around = (999_999, 1_000_000, 1_000_001, 1_999_999, 2_000_000, 2_000_001, 3_999_999, 4_000_000)
    for first in (400_000, *around, 9_000_000):
        yield [[0, first]]
        for later in (800_000, 1_500_000, 2_000_000, 9_000_000):
            yield [[0, first], [1500, later]]


def test_whoever_is_in_a_hole_is_a_gap_for_decide_and_the_other_way_round(guideline, read):
    met = 0
    for case, said in read:
        holes = [
            each.region
            for code in ("L401", "L403")
            for each in refuted(said, code)
            if each.subjects[0] == PATHWAY and each.region is not None
        ]
        for samples in probes():
            facts = {"admitted": True, "covid-status": "confirmed", "d-dimer": samples, "now": 1500}
            inputs, settings = values(case.program, facts, {})
            meant = meaning(case.program, inputs, settings)
            standing = standings(case.program.rules, meant)
            is_gap = PATHWAY in [each.scope for each in gaps(guideline, standing, meant)]
            is_hole = any(
                meant.truth(box.condition) is True for region in holes for box in region.boxes
            )
            assert is_hole == is_gap, (case.program.readings, samples)
            met += is_gap
    assert met > 400


def test_every_witness_is_a_gap_for_decide(guideline, read):
    for case, said in read:
        for each in refuted(said, "L401"):
            assert each.patient is not None
            inputs, settings = values(case.program, *each.patient.values())
            meant = meaning(case.program, inputs, settings)
            standing = standings(case.program.rules, meant)
            assert PATHWAY in [gap.scope for gap in gaps(guideline, standing, meant)]
