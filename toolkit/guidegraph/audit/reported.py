"""A result as the statistical audits see it: with its claim, study, groups and intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from guidegraph.audit.rounding import Interval, as_printed, compared
from guidegraph.figures import decimals_of, numbers
from guidegraph.model import EvidenceClaim, Guideline, StatisticalResult, Study, StudyArm
from guidegraph.wording import COMPARATOR_SIGNS

SHARES = frozenset({"Proportion", "Sensitivity", "Specificity"})
RATIOS = frozenset({"OddsRatio", "RiskRatio", "HazardRatio"})


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One result with the claim that states it, the study it is of, and its groups."""

    result: StatisticalResult
    claim: EvidenceClaim
    study: Study | None
    arms: tuple[StudyArm, ...]

    @property
    def id(self) -> str:
        """The local name of the result."""
        return self.result.id

    @property
    def kind(self) -> str:
        """What kind of number it is."""
        return self.result.statistic_type

    @property
    def table(self) -> str | None:
        """The table it is printed in."""
        return self.claim.table

    def text_with(self, number: Decimal) -> str:
        """The printed text in which a number stands: of the result, or else of its claim."""
        texts = (self.result.reported_text, *self.claim.reported_texts)
        holding = (text for text in texts if Fraction(abs(number)) in numbers(text))
        return next(holding, self.result.reported_text)

    def _stands_for(self, number: Decimal | None) -> Interval | None:
        return None if number is None else as_printed(number, self.text_with(number))

    @cached_property
    def value(self) -> Interval | None:
        """What the printed value stands for, with its comparator."""
        number = self.result.value
        if number is None:
            return None
        return compared(number, self.text_with(number), self.result.comparator)

    @cached_property
    def low(self) -> Interval | None:
        """What the lower end of its interval stands for."""
        return self._stands_for(self.result.low)

    @cached_property
    def high(self) -> Interval | None:
        """What the upper end of its interval stands for."""
        return self._stands_for(self.result.high)

    @cached_property
    def p(self) -> Interval | None:
        """What the printed P value stands for: ``<0.001`` is everything from 0 to 0.001."""
        number = self.result.p_value
        if number is None or not 0 <= number <= 1:
            return None
        text = self.text_with(number)
        return compared(number, text, self.result.p_value_comparator).common(
            Interval(Fraction(0), Fraction(1))
        )

    @property
    def p_words(self) -> str:
        """The printed P value in words: ``P < 0.001``."""
        sign = COMPARATOR_SIGNS.get(self.result.p_value_comparator or "", "=")
        return f"P {sign} {self.words(self.result.p_value)}"

    def words(self, number: Decimal | None) -> str:
        """A printed number with the decimals it is printed with."""
        if number is None:
            return ""
        return f"{number:.{decimals_of(number, self.text_with(number))}f}".replace("-", "−")

    @property
    def value_words(self) -> str:
        """The printed value with its sign of comparison, and the percent sign."""
        sign = COMPARATOR_SIGNS.get(self.result.comparator or "", "")
        return f"{sign}{self.words(self.result.value)}{'%' if self.result.unit == '%' else ''}"

    @property
    def is_exact(self) -> bool:
        """Whether the value is printed as a number, not as a limit."""
        return self.result.comparator in (None, "Equal")

    @property
    def share(self) -> Interval | None:
        """The printed share as a number from 0 to 1."""
        if self.value is None or self.kind not in SHARES or self.result.unit not in ("%", "1"):
            return None
        return self.value.scaled(Fraction(1, 100 if self.result.unit == "%" else 1))

    @property
    def size(self) -> int | None:
        """How many it was computed from: as stated with it, or else the size of its one group."""
        if self.result.sample_size is not None:
            return self.result.sample_size
        return self.arms[0].sample_size if len(self.arms) == 1 else None

    @property
    def total(self) -> int | None:
        """How many the claim is about: as its passage states, or else the size of the study."""
        if self.claim.sample_size is not None:
            return self.claim.sample_size
        return self.study.sample_size if self.study else None


def reported(guideline: Guideline) -> tuple[Reported, ...]:
    """Every result that belongs to a claim, in the order of the claims."""
    found = []
    for claim in guideline.all(EvidenceClaim):
        for name in claim.results:
            result = guideline.get(name, StatisticalResult)
            if result is None:
                continue
            arms = tuple(arm for each in result.arms if (arm := guideline.get(each, StudyArm)))
            study = claim.study or (arms[0].study if arms else None)
            found.append(
                Reported(result=result, claim=claim, study=guideline.get(study, Study), arms=arms)
            )
    return tuple(found)


def by_claim(guideline: Guideline) -> Mapping[str, tuple[Reported, ...]]:
    """The results of each claim that has any."""
    found: dict[str, list[Reported]] = defaultdict(list)
    for each in reported(guideline):
        found[each.claim.id].append(each)
    return {name: tuple(each) for name, each in found.items()}
