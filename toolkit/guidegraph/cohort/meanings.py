"""What a row may mean: observable, unit and assay as written, understood once and exactly.

A cohort has millions of rows but few ways of writing them. Each way is looked at here, in Python,
with the same rules as a patient file; the rows are then multiplied by whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from guidegraph import units
from guidegraph.cohort.places import Place, Places
from guidegraph.suggestion import did_you_mean

LARGEST_FACTOR = 10**18
MOST_WAYS = 100_000
"""More ways of writing than this are no coded data."""


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """One way in which rows are written, and how many are.

    ``word`` is the number of the answer on its list (0 for numbers), ``answer`` the answer.
    """

    observable: str
    unit: str
    assay: str
    word: int
    answer: str
    rows: int = 0
    timed: int = 0


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the rows of a way mean.

    A number times ``factor / divisor`` is the whole number that the SQL compares, which must lie
    from ``low`` to ``high``. ``bit`` of ``column`` is what an answer means; 0 is "not known".
    ``fault`` is the code of what makes all rows of this way unusable, ``help`` what to do about it.
    """

    way: Way
    kind: str
    number: int | None = None
    factor: int = 1
    divisor: int = 1
    low: int | None = None
    high: int | None = None
    column: int = 0
    bit: int = 0
    valid_for: int | None = None
    fault: str | None = None
    message: str = ""
    help: str = ""


def meanings(ways: Iterable[Way], known: Places) -> Iterator[Meaning]:
    """The meaning of each way."""
    by_name = known.by_name
    for way in ways:
        if way.observable in known.clocks:
            yield Meaning(way, "clock")
        elif (place := by_name.get(way.observable)) is None:
            names = [*by_name, *known.clocks]
            yield Meaning(
                way,
                "unknown",
                fault="K110",
                message=f"The guideline has no observable `{way.observable[:60]}`.",
                help=did_you_mean(way.observable, names),
            )
        elif place.is_number:
            yield _number(way, place)
        else:
            yield _answer(way, place)


def _number(way: Way, place: Place) -> Meaning:
    declared = place.declared
    code, message, help_ = _fault(way, place)
    factor = Fraction(1)
    if code is None:
        unit = declared.unit or "1"
        factor = units.ratio(way.unit, unit) * 10**declared.scale
        if max(factor.numerator, factor.denominator) > LARGEST_FACTOR:
            code, message = "K112", f"`{way.unit}` is too far from `{unit}` to be computed exactly."
            help_ = f"Write the values in `{unit}`."
    step = 10**declared.scale
    return Meaning(
        way,
        "series" if declared.kind == "series" else "quantity",
        place.number,
        factor.numerator,
        factor.denominator,
        None if declared.low is None else ceil(declared.low * step),
        None if declared.high is None else floor(declared.high * step),
        valid_for=declared.valid_for if declared.kind == "quantity" else None,
        fault=code,
        message=message,
        help=help_,
    )


def _fault(way: Way, place: Place) -> tuple[str | None, str, str]:
    """What is wrong with the unit or assay of a way: code, message, what to do."""
    name, canonical = place.name, place.declared.unit or "1"
    basis = place.declared.basis
    if not way.unit:
        return (
            "K112",
            f"A value of `{name}` has no unit.",
            f"Write the unit that was reported, such as `{canonical}`.",
        )
    try:
        units.ratio(way.unit, canonical)
    except units.UnitWithBasisError as found:
        help_ = f"Write the unit without `{found.basis}`, and that in the column assay."
        return "K112", f"The unit `{way.unit[:40]}` also names an assay.", help_
    except units.AmbiguousUnitError as found:
        help_ = f"Write {' or '.join(f'`{each}`' for each in found.suggestions)}."
        return "K112", f"The unit `{way.unit[:40]}` of `{name}` can mean several things.", help_
    except units.UnknownUnitError as found:
        near = " or ".join(f"`{each}`" for each in found.suggestions)
        help_ = f"Did you mean {near}?" if near else f"Write the UCUM code, as in `{canonical}`."
        return "K112", f"`{way.unit[:40]}` is not a known unit.", help_
    except units.IncompatibleUnitsError:
        return (
            "K112",
            (
                f"`{name}` is given in `{way.unit}` but measured in `{canonical}`; these do not "
                "convert into each other."
            ),
            "Look up the unit in the laboratory's report.",
        )
    if basis is not None and way.assay != basis:
        stated = f"is expressed in `{way.assay[:40]}`" if way.assay else "does not state its assay"
        return (
            "K113",
            f"A value of `{name}` {stated}; the guideline's limits are in {basis}.",
            (
                f"Only results that the laboratory reports in {basis} can be used; for these, "
                f"write {basis} in the column assay."
            ),
        )
    return None, "", ""


def _answer(way: Way, place: Place) -> Meaning:
    answer = way.answer.lower() if place.declared.kind == "boolean" else way.answer
    column, bit = place.answers.get(answer, (0, 0))
    if way.word and (not answer or bit):
        return Meaning(
            way,
            "answer",
            place.number,
            column=column,
            bit=bit,
            valid_for=place.declared.valid_for,
        )
    return Meaning(
        way,
        "answer",
        place.number,
        fault="K118",
        message=f"This is not an answer to `{place.name}`.",
        help=f"Write one of {', '.join(place.answers)}, or nothing if it is not known.",
    )
