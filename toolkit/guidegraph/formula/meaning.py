"""What a formula means: an exact kernel number in a unit, or why it means none.

Inside, every number is in base units with its dimension, so that a product has the dimension it
should and nothing is converted twice. Only what is linear in the patient's data has a meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol, assert_never

from guidegraph import units
from guidegraph.formula.syntax import (
    COMPARISONS,
    Amount,
    Binary,
    Expression,
    FormulaError,
    If,
    Name,
    Pick,
    Unary,
)
from guidegraph.kernel import (
    Agg,
    And,
    Arith,
    Bool,
    Cond,
    Const,
    Datum,
    Not,
    Num,
    Or,
    Ref,
    compare,
)
from guidegraph.suggestion import did_you_mean
from guidegraph.units import Dimension
from guidegraph.wording import unit_label

Sort = Literal["number", "series", "setting", "criterion", "window", "other"]
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name stands for; ``unit`` is the UCUM code of a number, ``is_what`` says it in words.

    ``window`` is the closed stretch of minutes of a time window.
    """

    sort: Sort
    is_what: str = ""
    unit: str = "1"
    window: tuple[int | None, int | None] = (None, None)


class Names(Protocol):
    """What a formula may ask of the guideline it stands in."""

    def meant(self, name: str) -> Meant | None:
        """What a local name stands for; None if there is nothing of that name."""

    def numbers(self) -> Iterable[str]:
        """The names of all numbers: offered where a name is not known."""


def meaning(tree: Expression, names: Names, unit: str) -> Num:
    """The number a formula stands for, in ``unit``, as a kernel number.

    Raises:
        FormulaError: something it names is not a number (L112), it is not linear (L111), it divides
            by zero (L113), or its units do not fit (U101, U114).
    """
    found = _Meaning(names).number(tree)
    wanted = units.parse(unit)
    if found.dimension != wanted.dimension:
        raise _misfit(
            tree.at,
            f"gives {found.kind}, but a limit in {_in_words(unit)} is needed",
            "Check the units of the numbers in the formula.",
        )
    return _tidy(_scaled(found.number, 1 / wanted.factor))


def condition(tree: Expression, names: Names) -> Bool:
    """The kernel condition that an expression of a formula stands for (errors as ``meaning``)."""
    return _Meaning(names).condition(tree)


def datum(tree: Name | Pick, names: Names) -> Datum:
    """The datum or setting that a formula names (errors as ``meaning``)."""
    return _Meaning(names).datum(tree)[0]


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A kernel number in base units, its dimension, and a unit that people would give it in."""

    number: Num
    dimension: Dimension
    unit: str | None

    @property
    def kind(self) -> str:
        """``an amount in µg/L``, ``a pure number``."""
        if not self.dimension:
            return "a pure number"
        shown = self.unit or _common(self.dimension)
        return f"an amount in {_in_words(shown)}" if shown else "an amount in a compound unit"


class _Meaning:
    def __init__(self, names: Names) -> None:
        self.names = names

    # --- numbers ---

    def number(self, tree: Expression) -> _Quantity:
        """The number an expression stands for."""
        match tree:
            case Amount(value, unit, at):
                return self.measured(Const(value), unit, at)
            case Name() | Pick():
                return self.measured(*self.datum(tree), tree.at)
            case Unary("-", operand):
                found = self.number(operand)
                return _Quantity(_scaled(found.number, Fraction(-1)), found.dimension, found.unit)
            case Binary("+" | "-" | "*" | "/"):
                return self.calculated(tree)
            case If(test, then, otherwise, at):
                one, other = self.number(then), self.number(otherwise)
                self.alike(one, other, at, "The two outcomes of a choice")
                number = Cond(self.condition(test), one.number, other.number)
                return _Quantity(number, one.dimension, one.unit or other.unit)
            case Unary(sign) | Binary(sign):
                raise FormulaError(
                    "L112",
                    tree.at,
                    f"has a condition (`{sign}`) where a number is needed",
                    "Only what stands between `if` and `then` is true or false.",
                    "Write: if … then … else …",
                )
            case _:
                assert_never(tree)

    def measured(self, number: Num, code: str, at: At) -> _Quantity:
        """A number given in a unit, in base units."""
        try:
            unit = units.parse(code)
        except units.UnknownUnitError as unknown:
            near = unknown.suggestions
            raise FormulaError(
                "U101",
                at,
                f"has the unit `{code}`, which is not known",
                "Units are UCUM codes in single quotes.",
                f"Did you mean '{near[0]}'?" if near else "Examples: 'ug/L', 'a', 'ug/L/a'.",
            ) from None
        return _Quantity(_scaled(number, unit.factor), unit.dimension, code)

    def datum(self, tree: Name | Pick) -> tuple[Datum, str]:
        """A datum or setting by name, and the unit it is in."""
        if isinstance(tree, Pick):
            return self.picked(tree)
        name = tree.name
        meant = self.meant(name, tree.at)
        if meant.sort == "number":
            return Ref("input", name), meant.unit
        if meant.sort == "setting":
            return Ref("setting", name), meant.unit
        help = "Use an observable that is a quantity, or a site parameter that is a number."
        if meant.sort == "series":
            help = f'Say which value of the series is meant, such as First("{name}").'
        if meant.sort == "criterion":
            help = f'A criterion stands between `if` and `then`: if "{name}" then … else …'
        raise _unusable(name, meant, "a number", tree.at, help)

    def picked(self, tree: Pick) -> tuple[Datum, str]:
        """One value of a series, and the unit it is in."""
        series = tree.series
        meant = self.meant(series.name, series.at)
        if meant.sort != "series":
            help = "Without First, Latest, Highest or Lowest: the name alone."
            raise _unusable(series.name, meant, "a series", series.at, help)
        low = high = None
        if tree.window is not None:
            stretch = self.meant(tree.window.name, tree.window.at)
            if stretch.sort != "window":
                help = "Name a gg:TimeWindow after the comma, or leave it out."
                raise _unusable(tree.window.name, stretch, "a window", tree.window.at, help)
            low, high = stretch.window
        return Agg(tree.fn, series.name, low, high), meant.unit

    def calculated(self, tree: Binary) -> _Quantity:
        """A sum, difference, product or quotient."""
        left, right = self.number(tree.left), self.number(tree.right)
        if tree.sign in "+-":
            self.alike(left, right, tree.at, f"The two sides of `{tree.sign}`")
            sign = Fraction(1 if tree.sign == "+" else -1)
            number = _sum(left.number, _scaled(right.number, sign))
            return _Quantity(number, left.dimension, left.unit or right.unit)
        if tree.sign == "/":
            return self.divided(tree, left, right)
        factor, other = (left, right) if isinstance(left.number, Const) else (right, left)
        if not isinstance(factor.number, Const):
            raise _not_linear(tree.at, "multiplies two numbers that both depend on the patient")
        dimension = _product(left.dimension, right.dimension, 1)
        number = _scaled(other.number, factor.number.value)
        return _Quantity(number, dimension, _kept(dimension, left, right))

    def divided(self, tree: Binary, left: _Quantity, right: _Quantity) -> _Quantity:
        """A quotient; the divisor is a fixed number other than zero."""
        if not isinstance(right.number, Const):
            raise _not_linear(
                tree.at, "divides by a number that depends on the patient or the site"
            )
        if not right.number.value:
            raise FormulaError(
                "L113",
                tree.right.at,
                "divides by zero",
                "Nothing can be divided by zero, so the limit would never have a value.",
                "Correct the divisor.",
            )
        dimension = _product(left.dimension, right.dimension, -1)
        number = _scaled(left.number, 1 / right.number.value)
        return _Quantity(number, dimension, _kept(dimension, left, right))

    # --- conditions ---

    def condition(self, tree: Expression) -> Bool:
        """The condition an expression stands for."""
        match tree:
            case Unary("not", operand):
                return Not(self.condition(operand))
            case Binary("and" | "or" as sign, left, right):
                parts = (self.condition(left), self.condition(right))
                return And(parts) if sign == "and" else Or(parts)
            case Binary(sign, first, second, at) if sign in COMPARISONS:
                one, other = self.number(first), self.number(second)
                self.alike(one, other, at, f"The two sides of `{sign}`")
                unit = one.unit or other.unit or _common(one.dimension) or "1"
                factor = 1 / units.parse(unit).factor
                sides = [_tidy(_scaled(each.number, factor)) for each in (one, other)]
                return compare(COMPARISONS[sign], *sides)
            case Name(name, at):
                meant = self.meant(name, at)
                if meant.sort == "criterion":
                    return Ref("criterion", name)
                help = "Name a criterion, or compare numbers."
                raise _unusable(name, meant, "a criterion", at, help)
            case _:
                raise FormulaError(
                    "L112",
                    tree.at,
                    "has a number where a condition is needed",
                    "What stands between `if` and `then` is true or false.",
                    "Compare it with something: \"age\" > 50 'a'.",
                )

    # --- what all share ---

    def meant(self, name: str, at: At) -> Meant:
        """What a name stands for."""
        found = self.names.meant(name)
        if found is None:
            raise FormulaError(
                "L112",
                at,
                f'names "{name}", which does not exist',
                "A formula speaks of things by their local names in this guideline.",
                did_you_mean(name, self.names.numbers()),
            )
        return found

    def alike(self, one: _Quantity, other: _Quantity, at: At, which: str) -> None:
        """Refuse two amounts of different kinds."""
        if one.dimension == other.dimension:
            return
        help = "Check the units; every number needs its own."
        if not one.dimension or not other.dimension:
            help = "Write the unit after the number, in single quotes: 50 'a'."
        raise _misfit(
            at,
            f"puts together what does not fit: one is {one.kind}, the other {other.kind}",
            help,
            which,
        )


def _unusable(name: str, meant: Meant, wanted: str, at: At, help: str) -> FormulaError:
    return FormulaError(
        "L112",
        at,
        f'names "{name}" where {wanted} is needed, and that is {meant.is_what}',
        "A formula calculates with numbers and asks criteria.",
        help,
    )


def _misfit(at: At, message: str, help: str, which: str = "") -> FormulaError:
    why = (
        f"{which} must be of the same kind to mean anything."
        if which
        else ("A limit is compared in the unit of what it limits.")
    )
    return FormulaError("U114", at, message, why, help)


def _not_linear(at: At, message: str) -> FormulaError:
    return FormulaError(
        "L111",
        at,
        message,
        "Only formulas that are linear in the data (a fixed number times a datum, added up) can be "
        "proved about and give the same answer in every target.",
        "Keep one side of `*` and the right side of `/` a fixed number; split cases with `if`.",
    )


def _in_words(unit: str) -> str:
    return unit_label(unit) or "pure numbers"


def _common(dimension: Dimension) -> str | None:
    """A usual unit of a dimension."""
    return next((each for each in units.COMMON if units.parse(each).dimension == dimension), None)


def _kept(dimension: Dimension, *parts: _Quantity) -> str | None:
    """The unit of the part that already has the dimension of the whole."""
    return next((each.unit for each in parts if each.dimension == dimension), None)


def _product(left: Dimension, right: Dimension, sign: int) -> Dimension:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _scaled(number: Num, factor: Fraction) -> Num:
    """``factor * number``; a factor of 0 keeps the data, for unknown must stay unknown."""
    match number:
        case Const(value):
            return Const(factor * value)
        case Arith(terms, constant):
            scaled = tuple(
                (Fraction(1), _scaled(part, factor * k))
                if isinstance(part, Cond)
                else (factor * k, part)
                for k, part in terms
            )
            return Arith(scaled, factor * constant)
        case Cond(test, then, otherwise):
            return Cond(test, _scaled(then, factor), _scaled(otherwise, factor))
        case _:
            return Arith(((factor, number),))


def _sum(left: Num, right: Num) -> Num:
    """Two numbers added up, with each datum once."""
    factors: dict[Num, Fraction] = {}
    constant = Fraction(0)
    for part in (left, right):
        whole = part if isinstance(part, Arith) else _scaled(part, Fraction(1))
        if isinstance(whole, Const):
            constant += whole.value
            continue
        terms = whole.terms if isinstance(whole, Arith) else ((Fraction(1), whole),)
        constant += whole.constant if isinstance(whole, Arith) else 0
        for factor, datum in terms:
            factors[datum] = factors.get(datum, Fraction(0)) + factor
    if not factors:
        return Const(constant)
    return Arith(tuple((factor, datum) for datum, factor in factors.items()), constant)


def _tidy(number: Num) -> Num:
    """The same number without needless layers."""
    match number:
        case Arith(((factor, only),), constant) if factor == 1 and not constant:
            return _tidy(only)
        case Arith(terms, constant):
            return Arith(tuple((factor, _tidy(part)) for factor, part in terms), constant)
        case Cond(test, then, otherwise):
            return Cond(test, _tidy(then), _tidy(otherwise))
        case _:
            return number
