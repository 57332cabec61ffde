"""Stretches of a number line: with or without their ends, cut into pieces and joined again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from guidegraph.regions import Between
from guidegraph.wording import amount


@dataclass(frozen=True, slots=True)
class Stretch:
    """Numbers between two ends; None where it goes on without an end."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True

    @classmethod
    def of(cls, side: Between) -> Stretch:
        """The stretch of a side of a region."""
        return cls(side.low, side.high, side.low_inclusive, side.high_inclusive)

    @property
    def is_point(self) -> bool:
        """Whether it is a single number."""
        return self.low is not None and self.low == self.high

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """The numbers at its ends."""
        return tuple(each for each in (self.low, self.high) if each is not None)

    @property
    def middle(self) -> Fraction:
        """A number inside, not at an end that does not belong to it."""
        if self.low is None:
            return Fraction(0) if self.high is None else self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2

    def holds(self, piece: Stretch) -> bool:
        """Whether a piece that no end of this stretch cuts lies in it."""
        middle = piece.middle
        above = self.low is None or middle > self.low or (middle == self.low and self.low_inclusive)
        below = (
            self.high is None or middle < self.high or (middle == self.high and self.high_inclusive)
        )
        return above and below

    def told(self, unit: str | None = None) -> str:
        """``from 1,000 to below 2,000 µg/L``, ``above 3,000 µg/L``, ``exactly 2,000 µg/L``."""
        low, high = self.low, self.high
        if low is None or high is None:
            if low is not None:
                return f"{'at least' if self.low_inclusive else 'above'} {amount(low, unit)}"
            if high is not None:
                return f"{'at most' if self.high_inclusive else 'below'} {amount(high, unit)}"
            return "any value"
        if low == high:
            return f"exactly {amount(low, unit)}"
        start = f"{'from' if self.low_inclusive else 'above'} {amount(low, None)}"
        return f"{start} {'to' if self.high_inclusive else 'to below'} {amount(high, unit)}"


def pieces(cuts: Iterable[Fraction]) -> tuple[Stretch, ...]:
    """The whole line in order: below the first cut point, each point, between them, above."""
    points = sorted(set(cuts))
    if not points:
        return (Stretch(),)
    found = [Stretch(None, points[0], True, False)]
    for one, other in pairwise([*points, None]):
        assert one is not None
        found += [Stretch(one, one), Stretch(one, other, False, other is None)]
    return tuple(found)


def joined(held: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Pieces in order, those that touch put together."""
    found: list[Stretch] = []
    for each in held:
        last = found[-1] if found else None
        if last and last.high is not None and last.high == each.low and _touch(last, each):
            found[-1] = replace(last, high=each.high, high_inclusive=each.high_inclusive)
        else:
            found.append(each)
    return tuple(found)


def _touch(one: Stretch, other: Stretch) -> bool:
    return one.high_inclusive or other.low_inclusive


def gaps(bands: Sequence[Sequence[Stretch]], within: Stretch | None = None) -> tuple[Stretch, ...]:
    """What no band covers, as far as it lies ``within``."""
    return _covered(bands, within, 0, 0)


def overlaps(
    bands: Sequence[Sequence[Stretch]], within: Stretch | None = None
) -> tuple[Stretch, ...]:
    """What two or more bands cover."""
    return _covered(bands, within, 2, len(bands))


def _covered(
    bands: Sequence[Sequence[Stretch]], within: Stretch | None, least: int, most: int
) -> tuple[Stretch, ...]:
    domain = within or Stretch()
    cuts = {end for band in bands for each in band for end in each.ends} | set(domain.ends)
    return joined(
        [
            piece
            for piece in pieces(cuts)
            if domain.holds(piece)
            and least <= sum(any(each.holds(piece) for each in band) for band in bands) <= most
        ]
    )
