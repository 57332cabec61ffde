"""What the claims of a guideline estimate, kind by kind on one axis: ratios, correlations, shares.

Only what is printed is drawn. An interval is drawn where the source prints one; none is computed.
A share of which only the counts are printed stands where their quotient stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guidegraph.model import EvidenceClaim, Guideline, StatisticalResult, StudyArm
from guidegraph.pictures.rows import SIDES, Mark, Plot, told
from guidegraph.wording import plural


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds of statistics that share an axis."""

    id: str
    title: str
    axis: str
    types: tuple[str, ...]
    reference: Decimal | None = None
    ends: tuple[Decimal, ...] = ()
    logarithmic: bool = False


FAMILIES = (
    Family(
        "ratios",
        "Ratios of odds, risks and hazards",
        "ratio (logarithmic); 1 is no difference",
        ("OddsRatio", "RiskRatio", "HazardRatio"),
        reference=Decimal(1),
        logarithmic=True,
    ),
    Family(
        "correlations",
        "Correlations",
        "coefficient; 0 is no correlation",
        ("PearsonCorrelation", "SpearmanCorrelation", "Correlation"),
        reference=Decimal(0),
    ),
    Family(
        "shares",
        "Shares of patients",
        "percent",
        ("Proportion", "Sensitivity", "Specificity"),
        ends=(Decimal(0), Decimal(100)),
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
    return Plot(
        id=family.id,
        title=family.title,
        description=f"{plural(count, 'estimate')} of {plural(len(groups), 'claim')}. "
        f"{told(groups)}",
        axis=family.axis,
        groups=groups,
        reference=family.reference,
        ends=family.ends,
        logarithmic=family.logarithmic,
    )


def _marks(guideline: Guideline, claim: EvidenceClaim, family: Family) -> Iterator[Mark]:
    shown = [
        result for result in _results(guideline, claim) if result.statistic_type in family.types
    ]
    drawn = [each for each in shown if _value(each) is not None or _has_interval(each)]
    groups = [_group(guideline, each) for each in drawn]
    for result, group in zip(drawn, groups, strict=True):
        own = str(result.label) or guideline.words(result.statistic_type)
        is_alone = groups.count(group) == 1 or not str(result.label)
        yield Mark(
            name=claim.id,
            words=group if group and is_alone else own,
            printed=result.reported_text,
            value=_value(result),
            low=result.low,
            high=result.high,
            side=SIDES.get(result.comparator or "", ""),
            is_open=result.interval_type == "IntervalNotStated",
        )


def _results(guideline: Guideline, claim: EvidenceClaim) -> Iterator[StatisticalResult]:
    return (e for name in claim.results if (e := guideline.get(name, StatisticalResult)))


def _has_interval(result: StatisticalResult) -> bool:
    return result.low is not None and result.high is not None


def _value(result: StatisticalResult) -> Decimal | Fraction | None:
    """The number on its axis: shares in percent, from the counts where no percentage is printed."""
    if result.value is not None:
        return result.value * 100 if _is_plain_share(result) else result.value
    if result.count is not None and result.sample_size:
        return Fraction(100 * result.count, result.sample_size)
    return None


def _is_plain_share(result: StatisticalResult) -> bool:
    return result.statistic_type == "Proportion" and result.unit in (None, "1")


def _group(guideline: Guideline, result: StatisticalResult) -> str:
    """Whose number it is, where the source says so: its groups."""
    arms = [str(arm.label) for name in result.arms if (arm := guideline.get(name, StudyArm))]
    against = guideline.get(result.reference_arm, StudyArm)
    return " and ".join(arms) + (f" against {against.label}" if arms and against else "")
