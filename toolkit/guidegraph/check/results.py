"""Numbers that cannot be: a P value of 1.2, an interval the wrong way round, nobody in a group.

A source may print such a number, and then it is encoded as printed: a discrepancy that concerns it
says so, and nothing is reported here (the audit still shows it). Without one it was mistyped.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from guidegraph import doi, units
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import Entity
from guidegraph.model import (
    EvidenceClaim,
    Guideline,
    ReferenceInterval,
    SourceDocument,
    StatisticalResult,
    Study,
    StudyArm,
)
from guidegraph.wording import readable

LIMITS: dict[str, tuple[Fraction, Fraction | None, str]] = {
    "Proportion": (Fraction(0), Fraction(1), "A share lies between 0 and 100 %."),
    "Sensitivity": (Fraction(0), Fraction(1), "A sensitivity lies between 0 and 100 %."),
    "Specificity": (Fraction(0), Fraction(1), "A specificity lies between 0 and 100 %."),
    "PearsonCorrelation": (Fraction(-1), Fraction(1), "A correlation lies between -1 and 1."),
    "SpearmanCorrelation": (Fraction(-1), Fraction(1), "A correlation lies between -1 and 1."),
    "Correlation": (Fraction(-1), Fraction(1), "A correlation lies between -1 and 1."),
    "OddsRatio": (Fraction(0), None, "A ratio of odds is never negative."),
    "RiskRatio": (Fraction(0), None, "A ratio of risks is never negative."),
    "HazardRatio": (Fraction(0), None, "A ratio of hazards is never negative."),
}
"""The lowest and highest number a kind of statistic can have, as a pure number, and why."""

_AS_PRINTED = "Compare it with the source. If the source prints it so, keep it and link a "


def check_results(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    accounted = guideline.in_discrepancies
    for result in guideline.all(StatisticalResult):
        if result.id not in accounted:
            yield from _p_value(result)
            yield from _beyond(result)
            yield from _reversed(result)
        yield from _nobody(result)
    for interval in guideline.all(ReferenceInterval):
        if interval.id not in accounted:
            yield from _reversed(interval)
    for study in guideline.all(Study):
        yield from _nobody(study)
    for arm in guideline.all(StudyArm):
        yield from _nobody(arm)
    for claim in guideline.all(EvidenceClaim):
        yield from _nobody(claim)
    for document in guideline.all(SourceDocument):
        yield from _doi(document)


def _p_value(result: StatisticalResult) -> Iterator[Diagnostic]:
    if result.p_value is None or 0 <= result.p_value <= 1:
        return
    yield _impossible(
        "U115",
        result,
        "gg:pValue",
        f"`{result.id}` gives the P value {readable(result.p_value)}.",
        "A P value is a probability: it lies between 0 and 1.",
    )


def _reversed(owner: StatisticalResult | ReferenceInterval) -> Iterator[Diagnostic]:
    if owner.low is None or owner.high is None or owner.low <= owner.high:
        return
    yield _impossible(
        "U116",
        owner,
        "gg:low",
        f"The interval of `{owner.id}` begins at {readable(owner.low)} and ends at "
        f"{readable(owner.high)}.",
        "The lower number of an interval is not above the higher one.",
    )


def _nobody(owner: Study | StudyArm | EvidenceClaim | StatisticalResult) -> Iterator[Diagnostic]:
    if owner.sample_size is not None and owner.sample_size < 1:
        yield Diagnostic(
            code="U117",
            severity=Severity.ERROR,
            message=f"`{owner.id}` has a sample size of {owner.sample_size}.",
            at=owner.place_of("gg:sampleSize"),
            why="Nothing can be found in a group of nobody, and nothing can be divided by it.",
            help="Enter how many there were. Where the source does not say, leave it away: "
            "what is not known is not zero.",
            subject=owner.id,
        )
    if isinstance(owner, StatisticalResult) and owner.count is not None and owner.count < 0:
        yield _impossible(
            "U117",
            owner,
            "gg:count",
            f"`{owner.id}` counts {owner.count} participants.",
            "A count is never negative.",
        )


def _beyond(result: StatisticalResult) -> Iterator[Diagnostic]:
    """A share over 100 %, a correlation over 1, a negative ratio."""
    lowest, highest, why = LIMITS.get(result.statistic_type, (None, None, ""))
    if lowest is None:
        return
    for term, value in (
        ("gg:value", result.value),
        ("gg:low", result.low),
        ("gg:high", result.high),
    ):
        pure = _pure(value, result.unit)
        if pure is None or (lowest <= pure and (highest is None or pure <= highest)):
            continue
        sign = " %" if result.unit == "%" else ""
        message = f"`{result.id}` gives {readable(value or 0)}{sign}."
        yield _impossible("U118", result, term, message, why)


def _pure(value: Decimal | None, unit: str | None) -> Fraction | None:
    """A value as a pure number; None if there is none or its unit measures something."""
    if value is None:
        return None
    try:
        return Fraction(value) * units.ratio(unit or "1", "1")
    except (units.UnknownUnitError, ValueError):
        return None  # reported by the audit


def _impossible(code: str, owner: Entity, term: str, message: str, why: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=owner.place_of(term),
        why=why,
        help=f"{_AS_PRINTED}gg:Discrepancy that concerns `{owner.id}`.",
        subject=owner.id,
    )


def _doi(document: SourceDocument) -> Iterator[Diagnostic]:
    for each in document.identifiers:
        if not doi.is_meant(each) or doi.bare(each):
            continue
        yield Diagnostic(
            code="U119",
            severity=Severity.ERROR,
            message=f'`{document.id}` gives "{each}", which is not a DOI.',
            at=document.place_of("dcterms:identifier"),
            why="A DOI begins with 10, a point and the number of a registrant, then a slash.",
            help='Write it as "doi:10.1111/jth.14817", without spaces or a full stop behind it. '
            "Where no DOI is known, give none.",
            subject=document.id,
        )
