"""What the claims of a guideline estimate, kind by kind on one axis: ratios, correlations, shares.

Only what is printed is drawn. An interval is drawn where the source prints one; none is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guidegraph.model import EvidenceClaim, Guideline, StatisticalResult, StudyArm
from guidegraph.pictures.rows import SIDES, Mark, Plot
from guidegraph.wording import plural


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds of statistics that share an axis."""

    id: str
    title: str
    axis: str
    types: tuple[str, ...]
    reference: Decimal | None = None
    logarithmic: bool = False


FAMILIES = (
    Family(
        "ratios",
        "Ratios of odds, risks and hazards",
        "ratio (logarithmic); 1 is no difference",
        ("OddsRatio", "RiskRatio", "HazardRatio"),
        Decimal(1),
        True,
    ),
    Family(
        "correlations",
        "Correlations",
        "coefficient; 0 is no correlation",
        ("PearsonCorrelation", "SpearmanCorrelation", "Correlation"),
        Decimal(0),
    ),
    Family(
        "shares",
        "Shares of patients",
        "percent",
        ("Proportion", "Sensitivity", "Specificity"),
        Decimal(0),
    ),
)


def estimates(guideline: Guideline) -> Mapping[str, Plot]:
    """One plot for each family that has a number in the guideline."""
    plots = (_plot(guideline, family) for family in FAMILIES)
    return {each.id: each for each in plots if each is not None}


def _plot(guideline: Guideline, family: Family) -> Plot | None:
    groups = tuple(
        (str(claim.label), marks)
        for claim in guideline.all(EvidenceClaim)
        if (marks := tuple(_marks(guideline, claim, family)))
    )
    if not groups:
        return None
    count = sum(len(marks) for _, marks in groups)
    told = "; ".join(
        f"{heading}: " + ", ".join(f"{mark.words} {mark.printed}" for mark in marks)
        for heading, marks in groups
    )
    return Plot(
        id=family.id,
        title=family.title,
        description=f"{plural(count, 'estimate')} of {plural(len(groups), 'claim')}. {told}.",
        axis=family.axis,
        groups=groups,
        reference=family.reference,
        logarithmic=family.logarithmic,
    )


def _marks(guideline: Guideline, claim: EvidenceClaim, family: Family) -> Iterator[Mark]:
    for name in claim.results:
        result = guideline.get(name, StatisticalResult)
        if result is None or result.statistic_type not in family.types:
            continue
        value = _value(result)
        if value is None and result.low is None:
            continue
        yield Mark(
            name=claim.id,
            words=_words(guideline, result),
            printed=result.reported_text,
            value=value,
            low=result.low,
            high=result.high,
            side=SIDES.get(result.comparator or "", ""),
            is_open=result.interval_type == "IntervalNotStated",
        )


def _value(result: StatisticalResult) -> Decimal | Fraction | None:
    """The number on its axis: shares in percent, from the counts where no percentage is printed."""
    if result.value is not None:
        return result.value * 100 if _is_plain_share(result) else result.value
    if result.count is not None and result.sample_size:
        return Fraction(100 * result.count, result.sample_size)
    return None


def _is_plain_share(result: StatisticalResult) -> bool:
    return result.statistic_type == "Proportion" and result.unit in (None, "1")


def _words(guideline: Guideline, result: StatisticalResult) -> str:
    """Whose number it is: the groups, else the label of the result."""
    arms = [str(arm.label) for name in result.arms if (arm := guideline.get(name, StudyArm))]
    against = guideline.get(result.reference_arm, StudyArm)
    if arms:
        return " and ".join(arms) + (f" against {against.label}" if against else "")
    return str(result.label) or guideline.words(result.statistic_type)
