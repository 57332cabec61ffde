"""The audit of content: what it finds, and above all what it leaves alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from guidegraph.audit import AuditReport, audit, finding
from guidegraph.audit.amounts import Amount
from guidegraph.audit.contradictions import audit_contradictions
from guidegraph.audit.magnitudes import SLIPS, _far_apart, _nearly
from guidegraph.audit.studies import _rounded
from guidegraph.audit.told import as_data, in_words
from guidegraph.cli.group import cli
from guidegraph.diagnostic import Location, Severity
from guidegraph.entity import Code, Entity, QuantityRange, Ref, Text, Ucum
from guidegraph.model import (
    AcceptedFinding,
    AnnouncedResult,
    Assay,
    Biomarker,
    Citation,
    CodeTerm,
    Discrepancy,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Header,
    Population,
    Recommendation,
    ReferenceInterval,
    SourceDocument,
    SourcePassage,
    StatisticalResult,
    Study,
    Threshold,
)
from guidegraph.scaffold import new

PLACE = Location("made/guideline.ttl", 1)
MASS = Ucum("ug/L")


def make(kind: type[Any], name: str, **given_fields: Any) -> Any:
    """A thing with a name, a label and nothing but what is given."""
    label = Text((("en", name),))
    return kind(id=name, iri=f"https://example.org/{name}", at=PLACE, label=label, **given_fields)


def refs(*names: str) -> tuple[Ref, ...]:
    return tuple(map(Ref, names))


def guideline_of(*things: Entity, modified: str = "2026-11-21") -> Guideline:
    """A guideline with two documents, a marker in µg/L and what is given."""
    base = (
        make(SourceDocument, "one"),
        make(SourceDocument, "two"),
        make(SourcePassage, "in-one", document=Ref("one")),
        make(SourcePassage, "in-two", document=Ref("two")),
        make(Biomarker, "marker", canonical_unit=MASS, plausible_range=spread("0", "100000")),
    )
    terms = {
        "NoGuidance": make(CodeTerm, "NoGuidance", norm="noClearGuidance"),
        "Should": make(CodeTerm, "Should", norm="should"),
    }
    header = make(Header, "guideline", modified=modified)
    return Guideline(
        header=header, entities={each.id: each for each in (header, *base, *things)}, codes=terms
    )


def spread(low: str, high: str, unit: str = "ug/L") -> QuantityRange:
    return QuantityRange(low=Decimal(low), high=Decimal(high), unit=Ucum(unit))


def limit(name: str, text: str, passage: str = "in-one", observable: str = "marker") -> Threshold:
    found = make(
        Threshold,
        name,
        observable=Ref(observable),
        reported_text=text,
        comparator=Code("GreaterThan"),
        passages=refs(passage),
    )
    assert isinstance(found, Threshold)
    return found


def claim(
    name: str, kind: str = "StudyFinding", passage: str = "in-one", **given_fields: Any
) -> Any:
    given_fields.setdefault("assertion_certainty", Code("Asserted"))
    return make(EvidenceClaim, name, claim_type=Code(kind), passages=refs(passage), **given_fields)


def link(a: str, kind: str, b: str) -> Any:
    return make(
        EvidenceRelation,
        f"{a}-{kind}-{b}",
        evidence=Ref(a),
        target=Ref(b),
        relation_type=Code(kind),
    )


def advice(name: str = "advice", modality: str = "Should", **given_fields: Any) -> Any:
    return make(
        Recommendation, name, direction=Code("For"), modality=Code(modality), **given_fields
    )


def mean(
    name: str, value: str, low: str, high: str, unit: str = "ug/L", **given_fields: Any
) -> Any:
    return make(
        StatisticalResult,
        name,
        statistic_type=given_fields.pop("statistic_type", Code("Mean")),
        reported_text=f"{value} ({low}–{high})",
        observables=refs(given_fields.pop("observable", "marker")),
        value=Decimal(value),
        low=Decimal(low),
        high=Decimal(high),
        unit=Ucum(unit),
        interval_type=Code(given_fields.pop("interval_type", "IntervalNotStated")),
        **given_fields,
    )


def codes(report: AuditReport) -> list[str]:
    return sorted(each.diagnostic.code for each in report.findings)


def found(report: AuditReport, code: str) -> list[str | None]:
    return [each.diagnostic.subject for each in report.findings if each.diagnostic.code == code]


# ---- values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "severity"),
    [
        ("IntervalNotStated", Severity.WARNING),
        ("ConfidenceInterval95", Severity.WARNING),
        ("LowestToHighest", Severity.ERROR),
        ("InterquartileRange", Severity.ERROR),
    ],
)
def test_a_limit_below_zero_is_an_error_only_where_somebody_must_have_had_it(interval, severity):
    report = audit(guideline_of(mean("r", "12", "-3", "27", interval_type=interval)))
    assert [(e.diagnostic.code, e.diagnostic.severity) for e in report.findings] == [
        ("A301", severity)
    ]


def test_what_can_be_negative_may_be_negative():
    base_excess = make(
        Biomarker,
        "base-excess",
        canonical_unit=Ucum("mmol/L"),
        plausible_range=spread("-30", "30", "mmol/L"),
    )
    excess = mean("r", "-2", "-5", "1", unit="mmol/L", observable="base-excess")
    change = mean("change", "-2", "-5", "1", statistic_type=Code("Difference"))
    assert codes(audit(guideline_of(base_excess, excess, change))) == []


def test_without_a_plausible_range_the_unit_decides_what_can_be_negative():
    things = [
        make(Biomarker, "mass", canonical_unit=MASS),
        make(Biomarker, "score", canonical_unit=Ucum("1")),
        make(Biomarker, "warmth", canonical_unit=Ucum("Cel")),
        mean("of-mass", "1", "-1", "3", observable="mass"),
        mean("of-score", "1", "-1", "3", unit="1", observable="score"),
        mean("of-warmth", "1", "-1", "3", unit="Cel", observable="warmth"),
    ]
    assert found(audit(guideline_of(*things)), "A301") == ["of-mass"]


def test_a_normal_range_from_zero_is_plausible_even_where_nobody_has_zero():
    marker = make(Biomarker, "marker", canonical_unit=MASS, plausible_range=spread("10", "100000"))
    interval = make(
        ReferenceInterval,
        "normal",
        observable=Ref("marker"),
        low=Decimal(0),
        high=Decimal(500),
        unit=MASS,
        reported_text="0–500",
    )
    assert codes(audit(guideline_of(marker, interval))) == []


def test_the_printed_amount_is_looked_at_not_the_executed_one():
    report = audit(guideline_of(limit("t", ">500 mg/L")))
    assert found(report, "A302") == ["t"]


def test_a_time_or_a_share_in_a_claim_about_a_marker_is_no_value_of_the_marker():
    things = [
        claim("c", observables=refs("marker"), results=refs("days", "share")),
        make(
            StatisticalResult,
            "days",
            statistic_type=Code("Median"),
            value=Decimal(4),
            unit=Ucum("d"),
            reported_text="4 days",
        ),
        make(
            StatisticalResult,
            "share",
            statistic_type=Code("Proportion"),
            value=Decimal(71),
            unit=Ucum("%"),
            reported_text="71%",
        ),
    ]
    assert codes(audit(guideline_of(*things))) == []


def test_a_wrong_unit_is_told_once_for_all_that_print_it():
    rows = [mean(f"r{n}", "40", "39", "41", unit="%", passages=refs("in-one")) for n in range(3)]
    report = audit(guideline_of(*rows))
    assert codes(report) == ["A303"]
    assert set(report.findings[0].involved) == {"r1", "r2"}


# ---- magnitudes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500–3000 µg/L", "≥10 000–100 000 µg/L"),  # a real difference, in one unit
        ("0.5 mg/L", "550 µg/L"),  # the same limit, nearly
        ("<5 mg/L", ">4000 µg/L"),  # two units, no thousand between them
        ("2,000-4,000 µg/L", ">2 mg/L"),  # converted rightly
    ],
)
def test_limits_that_differ_for_real_are_left_alone(one, other):
    for passage in ("in-one", "in-two"):
        report = audit(guideline_of(limit("a", one), limit("b", other, passage)))
        assert found(report, "A304") == []


@pytest.mark.parametrize(
    ("one", "other", "passage"),
    [
        (">500 µg/L", ">500 mg/L", "in-one"),
        ("0.5 ng/mL", "0.55 mg/L", "in-one"),
        (">0.7 mg/L", "≥700 mg/L", "in-two"),
    ],
)
def test_the_same_number_with_another_prefix_is_told_once(one, other, passage):
    report = audit(guideline_of(limit("a", one), limit("b", other, passage)))
    assert len(found(report, "A304")) == 1


@given(st.lists(st.integers(1, 10**8), max_size=30))
def test_no_pair_that_is_far_apart_is_passed_over(numbers: list[int]):
    marker = make(Biomarker, "marker", canonical_unit=MASS)
    amounts = [
        Amount(marker, marker, Fraction(each), "ug/L", "limit", PLACE, (), frozenset())
        for each in numbers
    ]
    tried = [
        (a, b)
        for a, b in itertools.combinations(amounts, 2)
        if any(_nearly(max(a.value, b.value) / min(a.value, b.value), each) for each in SLIPS)
    ]
    assert _far_apart(amounts) == tried


def test_statements_of_one_study_are_compared_across_documents():
    things = [
        make(Study, "study"),
        claim("c1", study=Ref("study"), observables=refs("marker"), reported_texts=(">1 ng/L",)),
        claim(
            "c2",
            passage="in-two",
            study=Ref("study"),
            observables=refs("marker"),
            reported_texts=(">1.05 µg/L",),
        ),
    ]
    assert found(audit(guideline_of(*things)), "A304") == ["c1"]
    apart = [things[0], things[1], claim("c2", passage="in-two", reported_texts=(">1.05 µg/L",))]
    assert found(audit(guideline_of(*apart)), "A304") == []


def test_a_calibration_that_is_stated_alike_settles_a_factor_of_two():
    def normal(name: str, high: str, **more: Any) -> Any:
        return make(
            ReferenceInterval,
            name,
            observable=Ref("dimer"),
            low=Decimal(0),
            high=Decimal(high),
            unit=MASS,
            reported_text=f"0–{high}",
            passages=refs("in-one"),
            **more,
        )

    dimer = make(Biomarker, "dimer", canonical_unit=MASS, needs_calibration=True)
    assert codes(audit(guideline_of(dimer, normal("a", "500"), normal("b", "250")))) == ["A305"]
    assert codes(audit(guideline_of(dimer, normal("a", "500"), normal("b", "550")))) == []
    assay = make(Assay, "assay", observables=refs("dimer"), calibration=Code("FEU"))
    ours, theirs = (normal(n, h, assay=Ref("assay")) for n, h in (("a", "500"), ("b", "250")))
    assert codes(audit(guideline_of(dimer, assay, ours, theirs))) == []


# ---- studies and citations ---------------------------------------------------------------------


@given(st.integers(1, 10**6), st.integers(1, 5))
def test_a_rounded_size_is_the_same_size(size, zeros):
    rough = round(Fraction(size, 10**zeros)) * 10**zeros
    if rough >= 5 * 10**zeros:
        assert _rounded(rough, size)
        assert _rounded(size, rough)
    if size % 10:
        assert not _rounded(size, size + 10 - size % 10 + 7)


@pytest.mark.parametrize(
    ("told", "size", "differs"),
    [
        ("StudyDescription", 69, True),
        ("StudyDescription", 60, False),  # 64, rounded
        ("StudyDescription", 23, True),
        ("StudyFinding", 23, False),  # a part of the study
        ("StudyFinding", 69, True),  # a part cannot be larger
        ("StudyFinding", 100, True),  # 64 is not 100, rounded
        ("StudyDescription", 50, True),
    ],
)
def test_sizes_of_one_study(told, size, differs):
    study = make(Study, "study", sample_size=64)
    part = claim("c", told, study=Ref("study"), sample_size=size)
    assert found(audit(guideline_of(study, part)), "A406") == (["study"] if differs else [])


def test_two_descriptions_of_a_study_without_a_size_of_its_own_are_compared():
    def told(*sizes):
        descriptions = [
            claim(f"c{size}", "StudyDescription", study=Ref("study"), sample_size=size)
            for size in sizes
        ]
        return found(audit(guideline_of(make(Study, "study"), *descriptions)), "A406")

    assert told(183) == []
    assert told(183, 449) == ["study"]


@pytest.mark.parametrize(
    ("design", "differs"),
    [
        ("RetrospectiveCohort", False),
        ("RetrospectiveObservational", False),
        ("NotStated", False),
        ("RandomisedTrial", True),
        ("ProspectiveCohort", True),
    ],
)
def test_designs_of_one_study(design, differs):
    study = make(Study, "study", design=Code("RetrospectiveCohort"))
    told = claim("c", "StudyDescription", study=Ref("study"), design=Code(design))
    assert codes(audit(guideline_of(study, told))) == (["A405"] if differs else [])


def ratio(name: str, value: str, arm: str, text: str = "", **more: Any) -> Any:
    return make(
        StatisticalResult,
        name,
        statistic_type=Code("OddsRatio"),
        value=Decimal(value),
        unit=Ucum("1"),
        arms=refs(arm),
        reported_text=text or f"OR {value}",
        **more,
    )


@pytest.mark.parametrize(
    ("value", "other", "arm", "differs"),
    [
        ("0.5", "0.543", "a", False),  # rounded
        ("0.5", "0.62", "a", True),
        ("0.5", "0.62", "b", False),  # another group
    ],
)
def test_one_result_told_twice(value, other, arm, differs):
    things = [
        make(Study, "study"),
        claim("c1", study=Ref("study"), results=refs("r1")),
        claim("c2", study=Ref("study"), results=refs("r2")),
        ratio("r1", value, "a"),
        ratio("r2", other, arm),
    ]
    assert found(audit(guideline_of(*things)), "A407") == (["r2"] if differs else [])


def test_p_values_told_with_other_limits_agree_unless_they_exclude_each_other():
    def told(comparator: str, p: str) -> list[str]:
        things = [
            make(Study, "study"),
            claim("c1", study=Ref("study"), results=refs("r1")),
            claim("c2", study=Ref("study"), results=refs("r2")),
            ratio("r1", "2", "a", p_value=Decimal("0.001"), p_value_comparator=Code("LessThan")),
            ratio("r2", "2", "a", p_value=Decimal(p), p_value_comparator=Code(comparator)),
        ]
        return [code for code in codes(audit(guideline_of(*things))) if code == "A407"]

    assert told("LessThan", "0.0001") == []
    assert told("Equal", "0.0004") == []
    assert told("Equal", "0.02") == ["A407"]


def test_one_number_for_two_works_and_two_numbers_for_one():
    def cite(name: str, number: str, cited: str) -> Any:
        return make(Citation, name, notation=(number,), citing=Ref("one"), cited=Ref(cited))

    works = [make(SourceDocument, each) for each in ("w1", "w2")]
    assert codes(audit(guideline_of(*works, cite("a", "5", "w1"), cite("b", "5", "w2")))) == [
        "A401"
    ]
    assert codes(audit(guideline_of(*works, cite("a", "5", "w1"), cite("b", "6", "w1")))) == []


def test_an_announced_result_that_is_given_is_not_missed():
    announced = make(AnnouncedResult, "a", given_by=refs("c"))
    assert codes(audit(guideline_of(announced, claim("c")))) == []


# ---- claims ------------------------------------------------------------------------------------

POPULATIONS = (
    make(Population, "all"),
    make(Population, "ill", broader=refs("all")),
    make(Population, "severe", broader=refs("ill")),
)


@pytest.mark.parametrize(
    ("kind", "certainty", "population", "is_wider"),
    [
        ("StudyFinding", "Asserted", "all", True),
        ("StudyFinding", "Asserted", "ill", True),
        ("StudyFinding", "Asserted", "severe", False),
        ("StudyFinding", "Hedged", "all", False),
        ("Opinion", "Asserted", "all", False),
    ],
)
def test_a_claim_for_more_people_than_were_studied(kind, certainty, population, is_wider):
    study = make(Study, "study", population=Ref("severe"))
    told = claim(
        "c",
        kind,
        study=Ref("study"),
        population=Ref(population),
        assertion_certainty=Code(certainty),
    )
    report = audit(guideline_of(*POPULATIONS, study, told))
    assert found(report, "A501") == (["c"] if is_wider else [])


@pytest.mark.parametrize(
    ("kind", "certainty", "sizes", "is_few"),
    [
        ("Mechanism", "Asserted", (1, 1), True),
        ("Mechanism", "Asserted", (1, 9), False),
        ("Mechanism", "Hedged", (1, 1), False),
        ("StudyFinding", "Asserted", (1, 1), False),  # it says what was seen in them
        ("Mechanism", "Asserted", (1, None), False),  # how many is not known
    ],
)
def test_a_general_statement_on_a_handful_of_patients(kind, certainty, sizes, is_few):
    cases = [claim(f"case{n}", sample_size=size) for n, size in enumerate(sizes)]
    links = [link(each.id, "Supports", "c") for each in cases]
    told = claim("c", kind, assertion_certainty=Code(certainty))
    report = audit(guideline_of(told, *cases, *links))
    assert found(report, "A502") == (["c"] if is_few else [])


def test_a_hedge_is_compared_only_within_one_source():
    hedged = Code("Hedged")
    for passage, expected in (("in-one", ["firm"]), ("in-two", [])):
        things = (
            claim("firm"),
            claim("weak", passage=passage, assertion_certainty=hedged),
            link("weak", "Restates", "firm"),
        )
        assert found(audit(guideline_of(*things)), "A503") == expected


def argument(*links: tuple[str, str, str]) -> list[str]:
    names = dict.fromkeys(name for a, _, b in links for name in (a, b))
    things = [*map(claim, names), *(link(*each) for each in links)]
    found_ones = audit_contradictions(guideline_of(*things))
    return sorted(
        f"{e.diagnostic.code} {e.diagnostic.subject}"
        for e in found_ones
        if e.diagnostic.code != "A504"
    )


def test_what_supports_an_opponent_speaks_against():
    assert argument(
        ("a", "Supports", "b"), ("b", "Disputes", "c"), ("a", "PartlySupports", "c")
    ) == ["A505 a"]


def test_what_supports_its_own_opponent_speaks_against_itself():
    assert argument(("a", "Supports", "b"), ("b", "Disputes", "a")) == ["A505 a"]
    ring = [("b", "Supports", "c"), ("c", "PartlySupports", "a"), ("a", "Disputes", "b")]
    assert argument(*ring) == ["A505 a"]
    assert argument(("a", "Disputes", "b"), ("b", "Disputes", "a")) == []
    assert argument(("a", "Restates", "b"), ("b", "Disputes", "a")) == ["A505 b"]


def test_advice_that_is_disputed_is_told_whether_or_not_something_supports_it():
    advice = make(Recommendation, "advice", modality=Code("Should"))
    links = [link("a", "Supports", "advice"), link("b", "Disputes", "advice")]
    things = [advice, claim("a"), claim("b"), *links]
    assert found(audit(guideline_of(*things)), "A504") == ["advice"]


def test_the_enemy_of_an_enemy_is_no_friend():
    assert argument(("a", "Disputes", "b"), ("b", "Disputes", "c"), ("a", "Disputes", "c")) == []


def test_only_the_shortest_argument_is_told():
    told = argument(
        ("z", "Supports", "a"),
        ("a", "Supports", "b"),
        ("b", "Disputes", "c"),
        ("a", "Supports", "c"),
    )
    assert told == ["A505 a"]


def test_what_qualifies_or_is_comparable_makes_no_contradiction():
    assert argument(("a", "Supports", "b"), ("b", "Disputes", "c"), ("a", "Qualifies", "c")) == []


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=10))
def test_support_that_goes_up_only_is_no_circle(edges):
    links = [(f"c{min(a, b)}", "Supports", f"c{max(a, b)}") for a, b in edges if a != b]
    assert argument(*links) == []


def test_support_in_a_circle_is_found_and_saying_the_same_is_none():
    ring = [("a", "Supports", "b"), ("b", "PartlySupports", "c"), ("c", "Supports", "a")]
    assert argument(*ring) == ["A506 a"]
    assert argument(("a", "Restates", "b"), ("b", "Restates", "a")) == []


def test_a_gap_is_filled_only_by_a_finding_of_its_own_document():
    for kind, passage, code in (
        ("StudyFinding", "in-one", "A507"),
        ("StudyFinding", "in-two", "A504"),
        ("Opinion", "in-one", "A504"),
    ):
        things = (
            claim("gap", "EvidenceGap"),
            claim("news", kind, passage),
            link("news", "Disputes", "gap"),
        )
        assert codes(audit(guideline_of(*things))) == [code]


# ---- recommendations ---------------------------------------------------------------------------


def test_no_guidance_needs_no_evidence():
    assert codes(audit(guideline_of(advice(modality="NoGuidance")))) == []
    assert codes(audit(guideline_of(advice()))) == ["A601"]


def test_two_studies_under_advice_are_not_one():
    studies = [make(Study, name, sample_size=50) for name in ("s1", "s2")]
    claims = [claim("c1", study=Ref("s1")), claim("c2", study=Ref("s2"))]
    links = [link(each, "Supports", "advice") for each in ("c1", "c2")]
    both = guideline_of(advice(), *studies, *claims, *links)
    assert codes(audit(both)) == []
    assert codes(audit(guideline_of(advice(), studies[0], claims[0], links[0]))) == ["A603"]


@pytest.mark.parametrize(
    ("evidence", "fits"), [("all", True), ("ill", True), ("severe", False), (None, True)]
)
def test_evidence_from_a_wider_group_includes_everyone(evidence, fits):
    told = claim("c", population=Ref(evidence) if evidence else None)
    things = (advice(population=Ref("ill")), told, link("c", "Supports", "advice"))
    report = audit(guideline_of(*POPULATIONS, *things))
    assert codes(report) == ([] if fits else ["A605"])


# ---- accepted and recorded ---------------------------------------------------------------------


def accept(code: str, *names: str, on: str = "2026-11-21") -> Any:
    return make(
        AcceptedFinding,
        "accepted",
        finding_code=code,
        concerns=refs(*names),
        rationale=Text((("en", "Looked at."),)),
        accepted_on=on,
    )


def test_what_is_accepted_is_shown_and_not_counted():
    report = audit(guideline_of(advice(), accept("A601", "advice")))
    assert report.open_findings == ()
    assert [each.diagnostic.subject for each in report.accepted_findings] == ["advice"]
    told = "\n".join(in_words(guideline_of(), report))
    assert "1 accepted" in told
    assert "Looked at. (nobody named, 2026-11-21; accepted)" in told


def test_an_acceptance_holds_for_its_code_and_its_subject_only():
    report = audit(guideline_of(advice("a"), advice("b"), accept("A601", "a", "c")))
    assert [(e.diagnostic.code, e.diagnostic.subject) for e in report.open_findings] == [
        ("A601", "b"),
        ("A901", "accepted"),
    ]
    assert "`c`" in report.open_findings[1].diagnostic.message
    assert "`a`" not in report.open_findings[1].diagnostic.message


def test_dates_are_compared_with_the_guideline_not_with_the_clock():
    for day, expected in (("2026-11-21", []), ("2026-11-22", ["accepted"])):
        report = audit(guideline_of(advice(), accept("A601", "advice", on=day)))
        assert found(report, "A902") == expected


def test_a_discrepancy_of_another_kind_does_not_record_a_finding():
    def written(kind: str) -> tuple[str, ...]:
        note = make(Discrepancy, "note", discrepancy_type=Code(kind), concerns=refs("r", "marker"))
        report = audit(guideline_of(mean("r", "12", "-3", "27"), note))
        return report.findings[0].recorded

    assert written("ImpossibleValue") == ("note",)
    assert written("MissingPart") == ()


def test_everything_is_in_the_data():
    report = audit(guideline_of(advice(), accept("A601", "advice"), mean("r", "1", "-1", "3")))
    told = json.loads(json.dumps(as_data(guideline_of(), report)))
    assert told["summary"]["open"] == {"error": 0, "doubt": 1, "note": 0}
    assert told["summary"]["accepted"] == 1
    assert [each["code"] for each in told["findings"]] == [
        each.diagnostic.code for each in report.findings
    ]
    assert next(e for e in told["findings"] if e["code"] == "A601")["accepted"]["why"]


@given(st.lists(st.sampled_from("abc"), max_size=4), st.sampled_from("abc"))
def test_a_finding_never_names_its_subject_among_the_others(involved: list[str], subject: str):
    made = finding(
        "A301",
        Severity.NOTE,
        "Something.",
        at=PLACE,
        why="",
        remedy="Nothing.",
        subject=subject,
        involved=iter(involved),
    )
    assert subject not in made.involved
    assert set(made.involved) == set(involved) - {subject}


# ---- the command and the shipped guideline -------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("audited") / "example-marker"
    new(place)
    return place


def run(*arguments: str) -> tuple[str, int]:
    result = CliRunner().invoke(cli, ["audit", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.stdout, result.exit_code


def test_doubts_do_not_fail_and_errors_do(folder: Path, tmp_path: Path):
    told, exit_code = run(str(folder))
    assert "doubt[A601]" in told
    assert exit_code == 0
    bad = Path(__file__).parent / "bad" / "A301-limit-below-zero.ttl"
    broken = tmp_path / "example-marker"
    new(broken)
    text = bad.read_text("utf-8").replace("code:IntervalNotStated", "code:LowestToHighest")
    (broken / "extra.ttl").write_text(text, "utf-8")
    told, exit_code = run(str(broken))
    assert "error[A301]" in told
    assert exit_code == 1


def test_machine_forms_hold_the_open_findings(folder: Path):
    told = json.loads(run(str(folder), "--format", "json")[0])
    sarif = json.loads(run(str(folder), "--format", "sarif")[0])
    results = sarif["runs"][0]["results"]
    open_ones = [each["code"] for each in told["findings"] if not each["accepted"]]
    assert [each["ruleId"] for each in results] == open_ones
    github = run(str(folder), "--format", "github")[0].splitlines()
    assert len(github) == len(open_ones)


def test_all_lists_what_fits_as_well(folder: Path):
    assert len(run(str(folder), "--all")[0]) > len(run(str(folder))[0])


@pytest.fixture(scope="module")
def shipped_report(guideline: Guideline) -> AuditReport:
    return audit(guideline)


def subjects(report: AuditReport, codes_wanted: Iterable[str]) -> set[str]:
    wanted = set(codes_wanted)
    return {e.diagnostic.subject or "" for e in report.findings if e.diagnostic.code in wanted}


def test_every_negative_limit_of_the_papers_is_found_and_recorded(
    guideline: Guideline, shipped_report: AuditReport
):
    negative = {e.id for e in guideline.all(StatisticalResult) if "(−" in e.reported_text}
    assert subjects(shipped_report, ["A301"]) == negative
    assert all(e.recorded for e in shipped_report.findings if e.diagnostic.code == "A301")


def test_nothing_in_the_shipped_guideline_is_accepted_for_nothing(shipped_report: AuditReport):
    assert subjects(shipped_report, ["A901", "A902", "A903"]) == set()


def test_ferritin_is_not_told_although_its_limits_differ_widely(
    guideline: Guideline, shipped_report: AuditReport
):
    limits = {e.id for e in guideline.all(Threshold) if e.observable == "ferritin"}
    assert limits
    assert not limits & subjects(shipped_report, ["A302", "A304", "A305"])


def test_the_audit_says_the_same_twice(guideline: Guideline, shipped_report: AuditReport):
    assert audit(guideline) == shipped_report
