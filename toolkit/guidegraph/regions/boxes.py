"""A region of patients: a union of boxes, each of them some ranges, answers and codes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from guidegraph.kernel import Agg, And, Arith, Assume, Bool, Cmp, Const, In, Not, Ref
from guidegraph.regions.settings import Form


@dataclass(frozen=True, slots=True)
class Between:
    """A form lies between two numbers; None where it is open. Both may be the same number."""

    form: Form
    low: Fraction | None
    high: Fraction | None
    low_inclusive: bool = True
    high_inclusive: bool = True

    @property
    def is_open_below(self) -> bool:
        """Whether it has no lower end."""
        return self.low is None

    @property
    def is_open_above(self) -> bool:
        """Whether it has no upper end."""
        return self.high is None

    @property
    def condition(self) -> Bool:
        """The same in the kernel."""
        number = Arith(tuple((factor, datum) for datum, factor in self.form))
        parts: list[Bool] = []
        if self.low is not None:
            parts.append(Cmp(">=" if self.low_inclusive else ">", number, Const(self.low)))
        if self.high is not None:
            parts.append(Cmp("<=" if self.high_inclusive else "<", number, Const(self.high)))
        return And(tuple(parts))


@dataclass(frozen=True, slots=True)
class Answered:
    """A yes/no question is answered in this way."""

    ref: Ref
    answer: bool

    @property
    def condition(self) -> Bool:
        """The same in the kernel."""
        return self.ref if self.answer else Not(self.ref)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A coded datum or setting is one of these codes."""

    ref: Ref
    codes: tuple[str, ...]

    @property
    def condition(self) -> Bool:
        """The same in the kernel."""
        return In(self.ref, self.codes)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """No sample was taken that a number could be made of."""

    number: Agg

    @property
    def condition(self) -> Bool:
        """The same in the kernel."""
        is_known = Cmp("=", self.number, self.number)
        return Not(Assume(is_known, default=False, why="nothing was measured"))


Side = Between | Answered | OneOf | Unmeasured


@dataclass(frozen=True, slots=True)
class Box:
    """All of its sides together; without sides it is everybody."""

    sides: tuple[Side, ...]

    @property
    def condition(self) -> Bool:
        """The same in the kernel."""
        return And(tuple(side.condition for side in self.sides))


@dataclass(frozen=True, slots=True)
class Region:
    """A union of boxes, at a site with these settings (wire form) where they are not the default.

    ``is_exact`` is False where there are more boxes than were looked for.
    """

    boxes: tuple[Box, ...]
    is_exact: bool = True
    settings: tuple[tuple[str, int | str], ...] = ()
