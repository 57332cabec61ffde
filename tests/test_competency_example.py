"""The queries of the toolkit on another guideline: an invented one that is small enough to see
every answer in it (competency_evidence.ttl, beside what ``guidegraph new`` makes).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from competency import rows
from guidegraph.query import Graph, load, named, run

HERE = Path(__file__).parent
NEEDED = {
    "causes": {"of": "FEVER"},
    "effects": {"of": "FLU"},
    "causal-paths": {"start": "FLU", "end": "RASH"},
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Graph:
    from guidegraph.scaffold import new

    folder = tmp_path_factory.mktemp("small") / "example-marker"
    new(folder)
    shutil.copy(HERE / "competency_evidence.ttl", folder)
    return load(folder)


def test_every_query_has_an_answer(small):
    empty = [each.name for each in named() if not run(each, small, NEEDED.get(each.name, {})).rows]
    assert empty == []


def test_every_query_of_the_toolkit_is_tested_about_the_shipped_guideline():
    texts = [each.read_text(encoding="utf-8") for each in HERE.glob("test_competency*.py")]
    about_it = [each for each in texts if "asked" in each]
    untested = [n.name for n in named() if not any(f'"{n.name}"' in each for each in about_it)]
    assert untested == []


def test_answers_are_the_same_every_time(small):
    for each in named():
        params = NEEDED.get(each.name, {})
        assert run(each, small, params).rows == run(each, small, params).rows


def test_evidence_follows_every_link(small):
    columns = "bears_on relation claim"
    assert rows(small, "evidence", columns, recommendation="REC-2") == [
        ("d:CLM-1", "disputes", "d:CLM-against"),
        ("d:CLM-1", "same study", "d:CLM-retold"),
        ("d:REC-2", "disputes", "d:CLM-against"),
        ("d:REC-2", "partly supports", "d:CLM-1"),
        ("d:REC-2", "supports", "d:CLM-retold"),
    ]
    assert rows(small, "evidence", "bears_on claim reference", recommendation="REC-3") == [
        ("d:REC-3", "d:CLM-perhaps", "2"),
        ("d:THR-low", "d:CLM-bare", None),
    ]


def test_support_that_is_thin(small):
    assert rows(small, "single-study-support", "recommendation work claims without") == [
        ("d:REC-2", "d:STU-invented", "2", "0"),
        ("d:REC-3", "d:DOC-unseen", "1", "0"),
        ("d:REC-4", "d:DOC-unseen", "1", "1"),
    ]
    assert rows(small, "hedged-support", "recommendation claim certainty") == [
        ("d:REC-3", "d:CLM-perhaps", "hedged")
    ]


def test_populations_of_the_evidence(small):
    told = rows(small, "evidence-populations", "claim is_from fit", recommendation="REC-2")
    assert told == [
        ("d:CLM-against", "Infected people", "wider"),
        ("d:CLM-1", None, "not stated"),
        ("d:CLM-retold", "The very ill", "a part"),
    ]
    others = rows(small, "evidence-populations", "claim is_from fit", recommendation="REC-3")
    assert others == [("d:CLM-perhaps", "Fish", "others")]


def test_conflicts_and_retold_studies(small):
    columns = "disputing disputing_source disputed disputed_source"
    assert rows(small, "conflicts", columns, claim="CLM-1") == [
        ("d:CLM-against", "d:EY", "d:CLM-1", "d:EX")
    ]
    assert rows(small, "retold-studies", "study source claim size") == [
        ("d:STU-invented", "d:EX", "d:CLM-1", "100"),
        ("d:STU-invented", "d:EY", "d:CLM-retold", "90"),
    ]


def test_order_in_time(small):
    told = [("d:example-marker", "d:FEVER", "d:CLM-order", "speculative", "d:EX")]
    assert rows(small, "time-order", "first then claim certainty source") == told
    assert rows(small, "time-order", "claim", thing="FEVER") == [("d:CLM-order",)]
    assert rows(small, "time-order", "claim", thing="RASH") == []


def test_claims_without_a_reference(small):
    told = rows(small, "uncited-claims", "source claim")
    assert told == [("d:EX", "d:CLM-order"), ("d:EY", "d:CLM-bare"), ("d:EY", "d:ROW-1")]
    assert rows(small, "uncited-claims", "claim", type="Opinion") == [("d:CLM-bare",)]


def test_references(small):
    assert rows(small, "citations", "source number citation document", source="EY") == [
        ("d:EY", "1", "d:CIT-Y1", "d:DOC-invented"),
        ("d:EY", "2", "d:CIT-Y2", "d:DOC-unseen"),
        ("d:EY", "3", "d:CIT-Y3", None),
    ]
    assert rows(small, "shared-papers", "document source number") == [
        ("d:DOC-invented", "d:EX", "1"),
        ("d:DOC-invented", "d:EY", "1"),
    ]
    assert rows(small, "unresolved-citations", "number thing") == [("3", "d:CLM-against")]
    assert rows(small, "not-looked-up", "document thing through") == [
        ("d:DOC-unseen", "d:CLM-perhaps", "d:CIT-Y2")
    ]


def test_what_rests_on_a_paper(small):
    columns = "source thing how recommendation"
    assert rows(small, "what-rests-on-a-paper", columns, paper="DOC-unseen") == [
        ("d:EY", "d:CLM-perhaps", "cites it", "d:REC-3"),
        ("d:EY", "d:CLM-perhaps", "cites it", "d:REC-4"),
    ]
    assert rows(small, "what-rests-on-a-paper", columns, number="1") == [
        ("d:EX", "d:CLM-1", "cites it", "d:REC-2"),
        ("d:EY", "d:CLM-retold", "cites it", "d:REC-2"),
    ]


def test_measurements(small):
    columns = "measured_in printed_as assay platform calibration source"
    lamp = ("d:ASSAY-lamp", "L-1", "fibrinogen-equivalent units (FEU)", "d:EY")
    told = rows(small, "measurements", columns, observable="example-marker")
    assert [row[:3] + row[3:4] + row[5:] for row in told] == [
        ("µg/L", "normal range", "d:ASSAY-lamp", "L-1", "d:EY"),
        ("µg/L", "result", "d:ASSAY-lamp", "L-1", "d:EY"),
    ]
    assert len({row[4] for row in told} - {None}) == 1
    alone = rows(small, "measurements", columns, observable="age")
    assert [row[:4] for row in alone] == [(None, "method only", *lamp[:2])]
    assert rows(small, "measurements", "observable", unit="u:mg-per-L") == []
    assert rows(small, "reference-intervals", "observable low high unit source") == [
        ("d:example-marker", "0", "50.5", "µg/L", "d:EY")
    ]


def test_limits_are_used_by_criteria_and_spoken_of_by_claims(small):
    users = {
        row[1] for row in rows(small, "thresholds", "threshold used_by") if row[0] == "d:THR-low"
    }
    assert {"d:CRIT-low", "d:CLM-order"} <= users


def test_p_values_at_the_level(small):
    """Below 0.01 is below 0.01; equal to it, or at most it, is not."""
    assert rows(small, "p-values", "result", level="0.01") == [("d:R-below",)]
    assert rows(small, "p-values", "result", level="0.011") == [
        ("d:R-below",),
        ("d:R-equal",),
        ("d:R-most",),
    ]
    assert rows(small, "p-values", "result", level="0.009999999999999999") == []


def test_numbers(small):
    told = rows(small, "table-rows", "groups value low high p_value printed", table="TAB-1")
    high, other = "Patients with a high marker", "Other patients"
    assert (high, "70.1", "60", "80", None, "70.10 (60-80)") in told
    assert (f"{other} | {high}", None, None, None, "0.01", "p=0.01") in told
    assert len(told) == 6
    assert rows(small, "undefined-intervals", "result printed") == [("d:R-mean", "70.10 (60-80)")]
    assert rows(small, "estimates", "result value low high group compared_with") == [
        ("d:R-ratio", "2.5", "1.1", "4", "d:ARM-high", "d:ARM-other")
    ]
    assert rows(small, "results", "result count of", study="STU-invented") == [
        ("d:RES-high", "12", "40"),
        ("d:RES-other", "3", "60"),
    ]


def test_features_that_differ(small):
    assert rows(small, "feature-differences", "feature first second difference") == [
        ("d:FEVER", "d:COLD", "d:FLU", "more in the second")
    ]


def test_mechanism_with_a_circle(small):
    assert rows(small, "causes", "step distance", of="FEVER") == [
        ("d:STEP-1", "directly"),
        ("d:STEP-2", "through other steps"),
        ("d:STEP-3", "directly"),
    ]
    assert rows(small, "effects", "step", of="COLD") == [("d:STEP-4",)]
    assert rows(small, "causal-paths", "step", start="FLU", end="RASH") == [
        ("d:STEP-1",),
        ("d:STEP-2",),
        ("d:STEP-3",),
    ]
    assert rows(small, "causal-paths", "step", start="FLU", end="COUGH") == []
    assert rows(small, "mechanism-evidence", "step claim how", population="POP-fish") == [
        ("d:STEP-2", "d:CLM-order", "states it"),
        ("d:STEP-3", "d:CLM-order", "states it"),
    ]
    assert ("d:STEP-1", "d:CLM-against", "disputes") in rows(
        small, "mechanism-evidence", "step claim how", step="STEP-1"
    )


def test_records(small):
    assert rows(small, "announced-results", "announced source locator") == [
        ("d:ANN-missing", "d:EY", "page 1")
    ]
    assert rows(small, "omissions", "omission notation why") == [
        ("d:OMIT-1", "EY-FIG-1", "Nothing is claimed in it.")
    ]
    assert rows(small, "accepted-findings", "finding concerns why accepted_by accepted_on") == [
        ("A601", "d:REC-1", "The report gives none.", "d:encoder", "2026-11-01")
    ]
    assert rows(small, "accepted-findings", "finding", finding="A602") == []
    columns = "thing about judged why judged_by made_on"
    assert rows(small, "appraisals", columns, domain="CertaintyOfEvidence") == [
        ("d:REC-2", "certainty of evidence", "low", "One study.", "d:encoder", "2026-11-02")
    ]
    assert rows(small, "appraisals", "thing", domain="RiskOfBias") == []
    counts = rows(small, "discrepancy-counts", "source type discrepancies")
    assert ("d:EY", "count mismatch", "1") in counts
    assert ("d:EX", "count mismatch", "1") in counts
    assert rows(small, "discrepancies", "discrepancy concerns printed_in", source="EY") == [
        ("d:DISC-total", "d:R-mean", "d:EY")
    ]
