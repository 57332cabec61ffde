"""The two tables that the SQL reads, and how their columns are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from guidegraph.export.names import Names
from guidegraph.export.sql.dialect import RESERVED
from guidegraph.kernel import Agg, Datum, Ref, walk
from guidegraph.program import Input, Program, Setting
from guidegraph.wire import conditions

OWN = ("person", "input", "minute", "value", "place", "previous", "run_start", "persons", "samples")
FORMS = {"boolean": "BOOLEAN", "code": "STRING", "quantity": "BIGINT", "series": "BOOLEAN"}

Kind = Literal["fact", "known", "setting"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of persons.

    ``kind`` says what it holds of the input or setting ``name``: the fact itself, whether the
    series is known, or what the site chose.
    """

    column: str
    form: str
    kind: Kind
    name: str
    declared: Input | Setting | None
    """None for ``now``."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The columns of the table of persons, and the series in the table of samples.

    ``aggregates`` are what is taken of the samples. ``names`` holds the names given so far: of data
    by ``kernel.Ref`` and ``kernel.Agg``, and for each series those of ``("known", name)`` and of
    ``("malformed", name)``: how many of its samples lack something.
    """

    persons: tuple[Column, ...]
    series: tuple[str, ...]
    aggregates: tuple[Agg, ...]
    names: Names


def tables(program: Program) -> Tables:
    """The tables of a program: only what its criteria and recommendations use."""
    nodes = [node for _, condition in conditions(program) for node in walk(condition)]
    used: dict[Datum, None] = {each: None for each in nodes if isinstance(each, Ref | Agg)}
    names = Names(RESERVED)
    for word in OWN:
        names.give(("own", word), word)
    series = {each.series for each in used if isinstance(each, Agg)}
    persons = tuple(_columns(program, names, series, used))
    aggregates = tuple(each for each in used if isinstance(each, Agg))
    for each in aggregates:
        names.give(each, f"{each.fn} {each.series}{_window(each)}")
    ordered = tuple(each.name for each in program.inputs if each.name in series)
    return Tables(persons, ordered, aggregates, names)


def _columns(
    program: Program, names: Names, series: set[str], used: dict[Datum, None]
) -> Iterator[Column]:
    now = Ref("input", "now")
    yield Column(names.give(now, "now"), "BIGINT", "fact", "now", None)
    for each in program.inputs:
        this = Ref("input", each.name)
        if each.name in series:
            column = names.give(("known", each.name), f"{each.name} known")
            names.give(("malformed", each.name), f"{each.name} malformed")
            yield Column(column, "BOOLEAN", "known", each.name, each)
        elif this in used:
            yield Column(names.give(this, each.name), FORMS[each.kind], "fact", each.name, each)
    for setting in program.settings:
        chosen = Ref("setting", setting.name)
        if chosen in used:
            column = names.give(chosen, f"setting {setting.name}")
            yield Column(column, FORMS[setting.kind], "setting", setting.name, setting)


def default(setting: Setting) -> int | str | None:
    """The default of a setting in wire form.

    Raises:
        ValueError: if it has more decimal places than the setting is known to.
    """
    if not isinstance(setting.default, Fraction):
        return setting.default
    exact = setting.default * 10**setting.scale
    if exact.denominator != 1:
        msg = f"the default of {setting.name} has more decimal places than are known"
        raise ValueError(msg)
    return int(exact)


def _window(node: Agg) -> str:
    """The window in a name: ``from m720 to 720`` (m for minus)."""
    ends = (("from", node.low), ("to", node.high))
    told = (f" {word} {end}".replace("-", "m") for word, end in ends if end is not None)
    return "".join(told)
