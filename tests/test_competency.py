"""The queries of the toolkit: what each answers about the shipped guideline.

Where the answer is a list of everything of a kind, it is compared with the typed model, which is
read from the same files in another way.
"""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from competency import names, own_rows, rows
from conftest import GUIDELINE
from guidegraph.figures import numbers
from guidegraph.model import (
    Citation,
    ClinicalDefinition,
    Discrepancy,
    EvidenceRelation,
    InterpretationPoint,
    Observable,
    SourcePassage,
    Threshold,
)
from guidegraph.query import load, named, run
from guidegraph.scaffold import new


def test_recommendations_are_all_there(asked, guideline):
    told = rows(asked, "recommendations", "recommendation wording")
    expected = {
        (f"d:{each.id}", guideline.words(each.modality)) for each in guideline.recommendations
    }
    assert set(told) == expected
    assert len(told) == len(expected)


def test_recommendations_of_one_modality(asked):
    assert rows(
        asked, "recommendations", "recommendation population action", modality="Indicated"
    ) == [
        (
            "d:OUD-REC-3-TX",
            "Patients with suspected or confirmed COVID-19",
            "Therapeutic anticoagulation",
        )
    ]


def test_thresholds_of_one_observable(asked):
    columns = "threshold printed comparator value unit passage locator"
    assert rows(asked, "thresholds", columns, observable="oxygen-saturation-at-rest") == [
        (
            "d:THR-oxygen-saturation",
            "≤93%",
            "at most",
            "93",
            "%",
            "d:OUD-P-THR-11",
            "severe COVID-19, oxygen saturation, line 116",
        )
    ]


def test_thresholds_of_d_dimer_as_printed_and_as_executed(asked):
    told = rows(
        asked, "thresholds", "threshold printed value unit site_parameter", observable="d-dimer"
    )
    assert ("d:THR-ddimer-pe-fixed", "≥500 mg/L", "500", "µg/L", None) in told
    assert ("d:THR-ddimer-low", "<1,000 µg/L", "1000", "µg/L", None) in told
    assert (
        "d:THR-ddimer-strong-rise",
        "above 2,000-4,000 µg/L",
        "2000",
        "µg/L",
        "d:ddimer-strong-rise",
    ) in told


def test_thresholds_are_all_there(asked, guideline):
    told = rows(asked, "thresholds", "threshold observable")
    assert set(told) == {
        (f"d:{each.id}", f"d:{each.observable}") for each in guideline.all(Threshold)
    }


def test_limits_executed_in_a_unit_that_is_not_the_printed_one(asked):
    told = rows(asked, "printed-and-executed", "threshold printed difference unit discrepancy")
    assert [row for row in told if row[2] == "unit"] == [
        ("d:THR-ddimer-pe-fixed", "≥500 mg/L", "unit", "µg/L", "d:DISC-unit-pe-cut-offs"),
        ("d:THR-ddimer-pe-no-years-item", "≥1,000 mg/L", "unit", "µg/L", "d:DISC-unit-pe-cut-offs"),
        (
            *("d:THR-guo-ddimer-death", "over 1 µg/L", "unit", "µg/mL"),
            "d:DISC-guo-unit-of-cited-limit",
        ),
        ("d:THR-T3-above-2000", ">2,000 mg/L", "unit", "µg/L", "d:DISC-unit-table-3"),
        ("d:THR-T3-below-1000", "<1,000 mg/L", "unit", "µg/L", "d:DISC-unit-table-3"),
        ("d:THR-T3-from-1000", "1,000-2,000 mg/L", "unit", "µg/L", "d:DISC-unit-table-3"),
        ("d:THR-T3-to-2000", "1,000-2,000 mg/L", "unit", "µg/L", "d:DISC-unit-table-3"),
    ]


def test_limits_left_to_the_site(asked):
    told = rows(asked, "printed-and-executed", "threshold difference value")
    assert [row for row in told if row[1] == "left to the site"] == [
        ("d:THR-ddimer-strong-rise", "left to the site", None),
        ("d:THR-T3-strong-rise", "left to the site", None),
    ]


def test_limits_whose_number_is_not_printed_in_digits(asked, guideline):
    """Numbers are read here by the reader of figures, which knows their signs by itself."""
    told = rows(asked, "printed-and-executed", "threshold difference")
    expected = {
        each.id
        for each in guideline.all(Threshold)
        if each.executable_quantity
        and each.reported_text
        and Fraction(each.executable_quantity.value) not in numbers(each.reported_text)
    }
    assert {name for name, difference in told if difference == "number"} == {
        f"d:{each}" for each in expected
    }
    assert expected == {"THR-mcg-ddimer-six-times"}


def test_a_number_that_differs_is_found(tmp_path):
    new(tmp_path / "changed")
    thresholds = tmp_path / "changed" / "thresholds.ttl"
    text = thresholds.read_text(encoding="utf-8")
    thresholds.write_text(text.replace("gg:value 50.0", "gg:value 5.0"), encoding="utf-8")
    query = {each.name: each for each in named()}["printed-and-executed"]
    result = run(query, load(tmp_path / "changed"))
    told = {(row[0].display, row[2].display) for row in result.rows if row[0] and row[2]}
    assert ("d:THR-low", "number") in told


def test_readings_of_every_interpretation_point(asked, guideline):
    told = rows(asked, "interpretations", "point reading default")
    assert ("d:IP-band-closure", "d:READ-band-closed", "true") in told
    assert ("d:IP-band-closure", "d:READ-band-open", "false") in told
    assert set(told) == {
        (f"d:{point.id}", f"d:{each}", str(each == point.default_reading).lower())
        for point in guideline.all(InterpretationPoint)
        for each in point.readings
    }


def test_discrepancies_of_one_kind(asked, guideline):
    told = rows(asked, "discrepancies", "discrepancy type", kind="UnitError")
    assert ("d:DISC-unit-table-3", "unit error") in told
    assert ("d:DISC-unit-pe-cut-offs", "unit error") in told
    assert {name for name, _ in told} == names(
        each for each in guideline.all(Discrepancy) if each.discrepancy_type == "UnitError"
    )


def test_discrepancies_are_all_there(asked, guideline):
    told = rows(asked, "discrepancies", "discrepancy concerns")
    assert set(told) == {
        (f"d:{each.id}", f"d:{thing}")
        for each in guideline.all(Discrepancy)
        for thing in each.concerns or (None,)
    }


def test_recommendation_is_touched_through_its_thresholds(asked):
    told = rows(
        asked, "touched-by-discrepancies", "through discrepancy", recommendation="OUD-REC-3"
    )
    assert ("d:THR-ddimer-pe-fixed", "d:DISC-unit-pe-cut-offs") in told
    assert ("d:IP-covid-status", "d:DISC-covid-status") in told
    assert ("d:d-dimer", "d:DISC-calibration") in told
    assert "d:THR-T3-above-2000" not in {through for through, _ in told}


def test_what_needs_one_datum(asked):
    columns = "recommendation through"
    assert rows(asked, "what-needs", columns, observable="bleeding-risk-acceptable") == [
        ("d:OUD-REC-4b-TX", "condition")
    ]
    assert rows(asked, "what-needs", columns, observable="pe-confirmed") == [
        ("d:OUD-REC-3-TX", "condition")
    ]
    assert rows(asked, "what-needs", columns, observable="age") == []


def test_what_is_needed_agrees_with_the_program(asked, program):
    """The data that the conditions, populations and exceptions of the rules speak of."""
    from guidegraph.kernel import Agg, Ref, walk

    criteria = {each.name: each.condition for each in program.criteria}

    def inputs(node) -> set[str]:
        found: set[str] = set()
        for part in walk(node):
            if isinstance(part, Agg):
                found.add(part.series)
            elif isinstance(part, Ref) and part.kind == "input":
                found.add(part.name)
            elif isinstance(part, Ref) and part.kind == "criterion":
                found |= inputs(criteria[part.name])
        return found

    told = {(row[0], row[1]) for row in rows(asked, "what-needs", "recommendation observable")}
    needed = {
        (f"d:{rule.name}", f"d:{name}")
        for rule in program.rules
        for part in (rule.guard, *rule.unless)
        for name in inputs(part)
    }
    assert needed - {pair for pair in needed if pair[1] == "d:now"} <= told


def test_decisions_of_one_pathway(asked):
    columns = "decision position branch when leads_to"
    told = rows(asked, "decisions", columns, pathway="PATH-suspected-pe")
    assert told[:3] == [
        (
            "d:NODE-pe-ddimer",
            "1",
            "Yes",
            "D-dimer elevated by the local algorithm",
            "d:NODE-ctpa",
        ),
        ("d:NODE-pe-ddimer", "2", "No", "otherwise", "d:END-pe-not-elevated"),
        ("d:NODE-pe-ddimer", "3", "Not known", "when not known", "d:NODE-pe-measure"),
    ]


def test_what_a_site_may_choose(asked):
    columns = "parameter low high unit permitted default"
    assert rows(asked, "site-parameters", columns) == [
        ("d:ddimer-algorithm", None, None, None, "age-adjusted, fixed-500, years", "fixed-500"),
        ("d:ddimer-strong-rise", "2000", "4000", "µg/L", None, "2000"),
    ]
    assert len(rows(asked, "site-parameters", columns, observable="d-dimer")) == 1


def test_citations_and_whether_they_are_resolved(asked, guideline):
    told = rows(asked, "citations", "number citation document status")
    assert (
        "30",
        "d:OUD-CIT-30",
        "d:DOC-tang-2020-heparin",
        "resolved outside the source",
    ) in told
    assert ("13", "d:OUD-CIT-13", None, "unresolved") in told
    assert len(told) == len({citation for _, citation, _, _ in told})
    assert {number for number, *_ in rows(asked, "citations", "number", source="GUO")} == {
        str(each) for each in range(1, 24)
    }
    numbered = [each for each in guideline.all(Citation) if not each.is_external]
    assert {row[1] for row in told} == names(numbered)


def test_what_came_from_outside_the_sources_and_from_which_work(asked, guideline):
    told = own_rows(asked, GUIDELINE, "external", "thing work looked_up")
    brought_in = [each for each in guideline.entities.values() if each.is_external]
    assert {row[0] for row in told} == names(
        each for each in brought_in if not isinstance(each, Citation)
    )
    assert ("d:CRIT-sic", "d:DOC-iba-2017", "general knowledge, not looked up") in told
    assert ("d:DEF-YEARS-RULE", "d:DOC-van-der-hulle-2017", "looked up") in told


def test_recommendations_without_supporting_evidence(asked, guideline):
    supported = {
        each.target
        for each in guideline.all(EvidenceRelation)
        if each.relation_type in ("Supports", "PartlySupports")
    }
    told = {row[0] for row in rows(asked, "without-evidence", "recommendation")}
    assert told == names(each for each in guideline.recommendations if each.id not in supported)
    assert "d:OUD-REC-4c" in told
    assert "d:OUD-REC-1" not in told


def test_passages_stand_in_the_order_of_the_text(asked, guideline):
    told = rows(asked, "passages", "passage start end figures")
    assert ("d:OUD-P-THR-01", "11439", "11448", "≥500 mg/L") in told
    assert len(told) == sum(len(each.selectors) for each in guideline.all(SourcePassage))
    for source in ("OUD", "GUO", "MCG"):
        of_source = rows(asked, "passages", "start", source=source)
        starts = [int(start) for (start,) in of_source if start]
        assert len(starts) > 1
        assert starts == sorted(starts)


def test_definitions_and_the_criteria_that_decide_them(asked, guideline):
    told = set(rows(asked, "definitions", "term criterion"))
    assert ("d:DEF-SEVERE", "d:CRIT-severe-covid") in told
    assert ("d:DEF-PADUA", None) in told
    assert {term for term, _ in told} == names(guideline.all(ClinicalDefinition))


def test_observables_and_their_units(asked, guideline):
    told = rows(asked, "observables", "observable kind unit")
    assert ("d:d-dimer", "series of quantities", "ug/L") in told
    assert ("d:covid-status", "coded value", None) in told
    assert {row[0] for row in told} == names(
        each for each in guideline.all(Observable) if each.value_kind
    )


def test_state_of_review_counts_every_recommendation_and_discrepancy(asked, guideline):
    counted: dict[str | None, int] = {}
    for kind, _, things in rows(asked, "review", "kind status things"):
        counted[kind] = counted.get(kind, 0) + int(things or 0)
    assert counted["recommendation"] == sum(bool(each.status) for each in guideline.recommendations)
    assert counted["discrepancy"] == sum(bool(each.status) for each in guideline.all(Discrepancy))


@pytest.mark.parametrize("query", named(), ids=lambda each: each.name)
def test_the_example_of_every_query_can_be_run(asked, query):
    """It names things that are there; only of what is not recorded at all there may be no row."""
    given = dict(re.findall(r"--param (\S+)=(\S+)", query.example))
    assert set(given) <= {each.name for each in query.parameters}
    told = run(query, asked, given)
    assert told.rows or query.name in ("accepted-findings", "appraisals", "omissions")
