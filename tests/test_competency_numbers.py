"""The queries about numbers, limits and measurements.

Each answer about the shipped guideline is compared with the typed model, and with figures that were
looked up in the sources.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from competency import names, ref, rows
from guidegraph.entity import Entity
from guidegraph.model import (
    Assay,
    EvidenceClaim,
    FeatureRating,
    ReferenceInterval,
    SourcePassage,
    SourceTable,
    StatisticalResult,
    StudyArm,
    Threshold,
)

MEASURED = ("Mean", "Median", "SingleValue", "ValueRange")
RATIOS = ("OddsRatio", "RiskRatio", "HazardRatio")


def stated(guideline) -> list[tuple[EvidenceClaim, StatisticalResult]]:
    """Every claim with each of its results."""
    return [
        (claim, guideline.get(name, StatisticalResult))
        for claim in guideline.all(EvidenceClaim)
        for name in claim.results
    ]


def printed_in(guideline, thing: Entity) -> set[str]:
    """The documents in which a thing is printed."""
    found = [guideline.get(each, SourcePassage) for each in thing.passages]
    return {f"d:{each.document}" for each in found if each}


def groups(guideline, result: StatisticalResult) -> str | None:
    """The groups of a result as an answer lists them."""
    labels = [str(guideline.get(each, StudyArm).label) for each in result.arms]
    return " | ".join(sorted(labels)) or None


def exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# ---- numbers -------------------------------------------------------------------------------------


def test_results_are_all_there(asked, guideline):
    told = rows(asked, "results", "claim result kind value low high count of printed groups")
    columns = [
        (*row[:3], *map(exact, row[3:6]), *(int(n) if n else None for n in row[6:8]), *row[8:])
        for row in told
    ]
    assert set(columns) == {
        (
            *(f"d:{claim.id}", f"d:{each.id}", guideline.words(each.statistic_type)),
            *(each.value, each.low, each.high, each.count, each.sample_size, each.reported_text),
            " | ".join(sorted(str(guideline.get(arm, StudyArm).label) for arm in each.arms))
            or None,
        )
        for claim, each in stated(guideline)
    }
    assert len(told) == len(guideline.all(StatisticalResult))


def test_shares_as_counted(asked):
    columns = "claim value count of comparator"
    told = rows(asked, "results", columns, statistic="Proportion")
    assert ("d:MCG-CLM-49", "68", "117", "172", None) in told
    assert ("d:OUD-CLM-10", "71", "15", "21", None) in told


def test_results_about_one_observable(asked, guideline):
    told = rows(asked, "results", "result", observable="d-dimer")
    assert {row[0] for row in told} == names(
        each
        for claim, each in stated(guideline)
        if "d-dimer" in (each.observables or claim.observables)
    )
    assert ("d:GUO-T1-DDIMER-severe",) in told
    assert ("d:OUD-CLM-28-interleukin-6",) not in told


def test_results_of_one_study(asked, guideline):
    told = rows(asked, "results", "result", study="STU-449")
    assert {row[0] for row in told} == names(
        each for claim, each in stated(guideline) if claim.study == "STU-449"
    )


def test_estimates_with_their_intervals(asked, guideline):
    told = rows(asked, "estimates", "result value low high p_value interval group compared_with")
    assert (
        *("d:OUD-CLM-32-odds-ratio", "0.37", "0.15", "0.9", "0.029", "95 % confidence interval"),
        *("d:ARM-449-sic-from-4-heparin", "d:ARM-449-sic-from-4-no-heparin"),
    ) in told
    assert ("d:MCG-CLM-50-or", "18", *[None] * 6) in told
    assert {row[0] for row in told} == names(
        each for each in guideline.all(StatisticalResult) if each.statistic_type in RATIOS
    )
    assert rows(asked, "estimates", "outcome exposure of_study", study="STU-449") == [
        ("d:OUT-death-28d", "d:EXP-heparin", "d:STU-449")
    ]


@pytest.mark.parametrize("level", ["0.05", "0.001", "0.0002", "0.0001"])
def test_p_values_below_a_level(asked, guideline, level):
    told = rows(asked, "p-values", "result", level=level)
    limit = Decimal(level)
    assert {row[0] for row in told} == names(
        each
        for each in guideline.all(StatisticalResult)
        if each.p_value is not None
        and (
            (each.p_value_comparator == "LessThan" and each.p_value <= limit)
            or (each.p_value_comparator in ("Equal", "AtMost") and each.p_value < limit)
        )
    )


def test_a_p_value_equal_to_the_level_is_not_below_it(asked):
    """0.0002 is printed for D-dimer in three groups; under 0.0001 for the coefficients."""
    at = {row[0] for row in rows(asked, "p-values", "result", level="0.0002")}
    above = {row[0] for row in rows(asked, "p-values", "result", level="0.00021")}
    assert "d:GUO-T1-DDIMER-p" in above - at
    assert "d:GUO-CLM-04-r" in {row[0] for row in rows(asked, "p-values", "result", level="0.0001")}


def test_intervals_that_are_not_explained(asked, guideline):
    told = rows(asked, "undefined-intervals", "result low high")
    assert {(name, exact(low), exact(high)) for name, low, high in told} == {
        (f"d:{each.id}", each.low, each.high)
        for each in guideline.all(StatisticalResult)
        if each.interval_type == "IntervalNotStated"
    }
    assert ("d:GUO-T1-DDIMER-severe", "-4.14", "49.72") in told
    assert "d:OUD-CLM-32-odds-ratio" not in {row[0] for row in told}


def test_a_row_of_a_table_by_group(asked):
    columns = "groups value low high unit p_value p_comparator printed"
    told = rows(asked, "table-rows", columns, row="GUO-T1-DDIMER")
    means = {(groups, *rest) for groups, *rest in told if rest[0]}
    assert {(value, low, high, unit) for _, value, low, high, unit, *_ in means} == {
        ("0.65", "0.42", "0.87", "mg/L"),
        ("1.91", "0.3", "3.51", "mg/L"),
        ("22.79", "-4.14", "49.72", "mg/L"),
    }
    (test,) = set(told) - means
    assert (test[5], test[6]) == ("0.0002", "equal to")
    assert set(str(test[0]).split(" | ")) == {groups for groups, *_ in means}


def test_rows_of_tables_are_all_there(asked, guideline):
    told = rows(asked, "table-rows", "table row kind printed")
    tables = {each.id for each in guideline.all(SourceTable)}
    assert set(told) == {
        (
            *(ref(claim.table), f"d:{claim.id}"),
            *(guideline.words(each.statistic_type), each.reported_text),
        )
        for claim, each in stated(guideline)
        if claim.table in tables
    }


def test_features_that_differ_between_two_conditions(asked, guideline):
    told = rows(asked, "feature-differences", "feature row first second difference")
    expected = set()
    for claim in guideline.all(EvidenceClaim):
        cells = [guideline.get(each, FeatureRating) for each in claim.ratings]
        for one in cells:
            for two in cells:
                ratings = [one.rating, two.rating]
                if one.feature != two.feature or one.rated_for >= two.rated_for:
                    continue
                if "RatingNotDefined" in ratings:
                    continue
                if one.rating == two.rating != "Described":
                    continue
                places = [RATING_ORDER.get(each) for each in ratings]
                told_as = "not on one scale"
                if None not in places:
                    told_as = f"more in the {'first' if places[0] > places[1] else 'second'}"
                conditions = (f"d:{one.rated_for}", f"d:{two.rated_for}")
                expected.add((f"d:{one.feature}", f"d:{claim.id}", *conditions, told_as))
    assert set(told) == expected
    assert (
        *("d:anaemia", "d:MCG-T1-ANAEMIA", "d:COND-dic-hlh-mas", "d:COND-pic-covid"),
        "more in the first",
    ) in told
    assert "d:hepatosplenomegaly" not in {row[0] for row in told}
    pair = {"condition": "COND-pic-covid", "other": "COND-dic-hlh-mas"}
    assert rows(asked, "feature-differences", "feature row", **pair)
    assert rows(asked, "feature-differences", "feature", condition="COND-covid-19") == []


RATING_ORDER = {"Absent": 0, "PresentOrAbsent": 1, "Present": 2, "Marked": 3, "VeryMarked": 4}
"""From a minus to three plus signs, as the legend of the table explains them."""


# ---- limits and measurements ---------------------------------------------------------------------


def test_how_observables_were_measured(asked, guideline):
    told = rows(asked, "measurements", "observable printed_as assay source")
    expected = set()
    used = set()
    for claim, each in stated(guideline):
        about = each.observables or (claim.observables if len(claim.observables) == 1 else ())
        used |= {(each.assay, name) for name in each.observables or claim.observables}
        if each.statistic_type in MEASURED:
            sources = printed_in(guideline, each) or printed_in(guideline, claim)
            expected |= {(ref(o), "result", ref(each.assay), s) for o in about for s in sources}
    for each in guideline.all(ReferenceInterval):
        used.add((each.assay, each.observable))
        for source in printed_in(guideline, each):
            expected.add((ref(each.observable), "normal range", ref(each.assay), source))
    for each in guideline.all(Assay):
        for name in each.observables:
            if (each.id, name) not in used:
                for source in printed_in(guideline, each):
                    expected.add((ref(name), "method only", ref(each.id), source))
    assert set(told) == expected
    assert {kind for _, kind, *_ in told} == {"result", "normal range", "method only"}


def test_d_dimer_by_unit_and_method(asked):
    columns = "measured_in printed_as platform calibration source"
    assert rows(asked, "measurements", columns, observable="d-dimer")[:2] == [
        ("mg/L", "normal range", "CS-5100, Sysmex", "calibration not stated", "d:GUO"),
        ("mg/L", "result", "CS-5100, Sysmex", "calibration not stated", "d:GUO"),
    ]
    in_milligrams = rows(asked, "measurements", "observable measured_in", unit="u:mg-per-L")
    assert {unit for _, unit in in_milligrams} == {"mg/L"}
    assert {"d:d-dimer", "d:c-reactive-protein"} <= {name for name, _ in in_milligrams}


def test_normal_ranges(asked, guideline):
    told = rows(asked, "reference-intervals", "interval observable low high printed assay")
    assert {(*row[:2], *map(exact, row[2:4]), *row[4:]) for row in told} == {
        (
            *(f"d:{each.id}", f"d:{each.observable}", each.low, each.high, each.reported_text),
            ref(each.assay),
        )
        for each in guideline.all(ReferenceInterval)
    }
    columns = "printed high unit calibration source"
    assert ("0–0.55 mg/L", "0.55", "mg/L", "calibration not stated", "d:GUO") in rows(
        asked, "reference-intervals", columns, observable="d-dimer"
    )


def test_limits_of_d_dimer_in_three_papers(asked):
    told = rows(asked, "thresholds", "printed value unit source", observable="d-dimer")
    assert {
        ("<1,000 µg/L", "1000", "µg/L", "d:OUD"),
        ("over 1 µg/L", "1", "µg/mL", "d:GUO"),
        ("above 1 µg/mL", "1", "µg/mL", "d:MCG"),
        (">0·5 ug/mL", "0.5", "µg/mL", "d:MCG"),
    } <= set(told)


def test_what_uses_a_limit(asked, guideline):
    told = rows(asked, "thresholds", "threshold used_by")
    ahead = {
        (f"d:{name}", f"d:{thing.id}")
        for thing in guideline.entities.values()
        for field in ("threshold", "low_threshold", "high_threshold", "thresholds")
        for found in [getattr(thing, field, None)]
        for name in (found if isinstance(found, tuple) else (found,))
        if name
    }
    unused = {(f"d:{each.id}", None) for each in guideline.all(Threshold)}
    assert set(told) == ahead | {row for row in unused if row[0] not in {a for a, _ in ahead}}
    assert ("d:THR-ddimer-low", "d:CRIT-ddimer-low") in told
    assert ("d:THR-mcg-ddimer-death", "d:MCG-CLM-50") in told
