"""Numbers, tables and a mechanism for the small guideline of the site: one thing of each kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from guidegraph.entity import Code, Entity, Ref, Text, Ucum
from guidegraph.model import (
    AnnouncedResult,
    Assay,
    CausalStep,
    EvidenceClaim,
    FeatureRating,
    Omission,
    ReferenceInterval,
    SourceTable,
    StatisticalResult,
    StudyArm,
)

UNIT = Ucum("ug/L")


def numbers(make: Callable[..., Any]) -> tuple[Entity, ...]:
    """A table of the report with two groups, a comparing table, and what was left out."""
    at: dict[str, Any] = {"passages": (Ref("passage-1"),)}
    return (
        make(StudyArm, "arm-mild", "Mild cases", study=Ref("study"), sample_size=32),
        make(StudyArm, "arm-severe", "Severe cases", study=Ref("study"), sample_size=9),
        make(
            Assay,
            "assay",
            "Marker by machine",
            observables=(Ref("marker"),),
            study=Ref("study"),
            platform="Analyser 5000",
        ),
        make(
            ReferenceInterval,
            "normal",
            "Normal range of the marker",
            observable=Ref("marker"),
            high=Decimal(550),
            unit=UNIT,
            reported_text="0–550 µg/L",
            assay=Ref("assay"),
            **at,
        ),
        make(SourceTable, "table-1", "Table 1: levels", document=Ref("doc")),
        make(
            EvidenceClaim,
            "row-1",
            "Marker by severity",
            claim_type=Code("StudyFinding"),
            table=Ref("table-1"),
            study=Ref("study"),
            observables=(Ref("marker"),),
            results=(Ref("mean-mild"), Ref("mean-severe"), Ref("p-both"), Ref("odds")),
            **at,
        ),
        _result(make, "mean-mild", "Mean", "650 (420–870)", "650", ("420", "870"), "arm-mild"),
        _result(make, "mean-severe", "Mean", "22790", "22790", None, "arm-severe"),
        make(
            StatisticalResult,
            "p-both",
            "Marker between groups",
            statistic_type=Code("ComparisonTest"),
            reported_text="0.0002",
            arms=(Ref("arm-mild"), Ref("arm-severe")),
            p_value=Decimal("0.0002"),
            p_value_comparator=Code("Equal"),
        ),
        make(
            StatisticalResult,
            "odds",
            "Odds of death",
            statistic_type=Code("OddsRatio"),
            reported_text="18-fold",
            value=Decimal(18),
        ),
        make(SourceTable, "table-2", "Table 2: features", document=Ref("doc")),
        make(
            EvidenceClaim,
            "row-2",
            "Clots",
            statement=_en("Clots come often."),
            claim_type=Code("Background"),
            table=Ref("table-2"),
            ratings=(Ref("rated"), Ref("described")),
            **at,
        ),
        make(
            FeatureRating,
            "rated",
            feature=Ref("clot"),
            rated_for=Ref("status-yes"),
            rating=Code("Marked"),
            reported_text="++",
        ),
        make(
            FeatureRating,
            "described",
            feature=Ref("clot"),
            rated_for=Ref("status-no"),
            rating=Code("Described"),
            note=_en("Seldom and late."),
        ),
        make(
            CausalStep,
            "step",
            cause=Ref("clot"),
            effect=Ref("marker"),
            causal_type=Code("Raises"),
            asserted_by=(Ref("row-2"),),
        ),
        make(AnnouncedResult, "announced", "A cut-off", given_by=(), **at),
        make(Omission, "omitted", "A greeting", rationale=_en("It says nothing."), **at),
    )


def _en(words: str) -> Text:
    return Text((("en", words),))


def _result(
    make: Callable[..., Any],
    name: str,
    kind: str,
    printed: str,
    value: str,
    interval: tuple[str, str] | None,
    arm: str,
) -> StatisticalResult:
    low, high = map(Decimal, interval) if interval else (None, None)
    made: StatisticalResult = make(
        StatisticalResult,
        name,
        statistic_type=Code(kind),
        reported_text=printed,
        value=Decimal(value),
        low=low,
        high=high,
        unit=UNIT,
        arms=(Ref(arm),),
        interval_type=Code("IntervalNotStated") if interval else None,
    )
    return made
