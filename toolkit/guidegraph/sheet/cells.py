"""What stands in a cell for the values of a property, and what a changed cell says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults
from guidegraph.forms.form import Field
from guidegraph.forms.known import Known
from guidegraph.forms.reading import Habits, part, read, several
from guidegraph.sheet.columns import Column
from guidegraph.sheet.names import Names
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_STRING,
    Iri,
    Literal,
    Part,
    Value,
    key,
)

LONGEST = 30_000
"""Characters that a cell holds; the programs allow 32,767."""

_TRUTH = {"true": "yes", "false": "no"}
_LAST_OF_PLANES = "".join(f"{chr(n + 0xFFFE)}{chr(n + 0xFFFF)}" for n in range(0, 2**20 + 1, 2**16))
_UNFIT = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    rf"{_LAST_OF_PLANES}]|_x[0-9A-Fa-f]{{4}}_|x005F_"
)
"""What XML or one of the types of workbook cannot carry, or takes for something else.

LibreOffice loses tabs of an ODS file; odfpy replaces what XML 1.0 advises against.
"""

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is exported: its text, by what its values are recognised, whether it is open.

    What is not open is only shown: its values cannot be told in one cell, or belong elsewhere.
    """

    text: str = ""
    state: str = ""
    is_open: bool = True


def share(column: Column, values: Values) -> Values:
    """Those of the values of a property that a column is about."""
    if column.key.language is not None:
        return tuple(
            each
            for each in values
            if isinstance(each, Literal)
            and each.language.lower() == column.key.language.lower()
            and (each.language or each.datatype == XSD_STRING)
        )
    if column.key.inner:
        parts = [each for each in values if isinstance(each, Part)]
        if len(parts) != 1 or len(values) != 1:
            return values
        return tuple(each for path, each in parts[0].statements if path == column.key.inner)
    return values


def state(values: Values) -> str:
    """By what values are recognised: equal exactly where they say the same."""
    if not values:
        return ""
    told = "\n".join(sorted(repr(key(each)) for each in values))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def cell(column: Column, field: Field | None, values: Values, names: Names) -> Cell:
    """The cell of a column for the values of its property; ``field`` is that of the thing."""
    own = share(column, values)
    if not own:
        return Cell(is_open=field is not None)
    if column.key.inner and own == values:  # a quantity with a name, or several of them
        return Cell("(several parts)", state(own), False)
    asks = column.asks
    assert asks is not None
    texts = [shown(asks, each, names) for each in own]
    told = [each for each in texts if each is not None]
    joined = "\n".join(told)
    fits = (
        field is not None
        and len(told) == len(own)
        and all(told)
        and len(set(told)) == len(told)
        and (len(told) == 1 or column.splits)
        and not (column.splits and any("\n" in each for each in told))
        and len(joined) <= LONGEST
        and unfit(joined) is None
    )
    return Cell(joined if fits else plain(joined), state(own), fits)


def shown(field: Field, value: Value, names: Names) -> str | None:
    """The text of one value; None where it cannot be told."""
    match value:
        case Iri(iri):
            return names.shown(field, iri)
        case Literal(lexical, datatype, _):
            return _TRUTH.get(lexical, lexical) if datatype == XSD_BOOLEAN else lexical
        case _:
            return None


def plain(text: str) -> str:
    """A text that a workbook can hold, for what is only shown."""
    safe = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
    return safe if len(safe) <= LONGEST else safe[:LONGEST] + " …"


def unfit(text: str) -> str | None:
    """What a text holds that a workbook cannot carry unchanged."""
    found = _UNFIT.search(text)
    if found is None:
        return None
    return found[0] if len(found[0]) > 1 else f"U+{ord(found[0]):04X}"


# ---- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Understood:
    """The values that a changed cell stands for, or what is wrong with it."""

    values: Values = ()
    findings: tuple[Diagnostic, ...] = ()


def understood(
    column: Column, field: Field, typed: str, now: Values, names: Names, known: Known, how: Habits
) -> Understood:
    """What a cell says; a text that stands for a value of now stands for exactly this value.

    ``now`` are the values of the column as the files have them, ``field`` what may stand there.
    """
    if column.key.language:
        how = Habits(mark=how.mark, language=column.key.language)
    there = {shown(field, each, names): each for each in now}
    found: list[Value] = []
    findings: list[Diagnostic] = []
    for each in typed.split("\n") if column.splits else [typed]:
        same = there.get(each, there.get(each.strip()))
        if same is not None:
            found.append(same)
        elif each.strip():
            values, wrong = _read(column, field, each, known, how)
            found += values
            findings += wrong
    if not findings and len({repr(key(each)) for each in found}) < len(found):
        hint = "Keep one of them."
        findings.append(faults.unfit(f"“{column.heading}” holds the same value twice.", hint))
    if not findings and column.key.language is None and not field.several and len(found) > 1:
        findings.append(faults.too_many(column.heading))
    return Understood((), tuple(findings)) if findings else Understood(tuple(found))


def _read(
    column: Column, field: Field, typed: str, known: Known, how: Habits
) -> tuple[list[Value], list[Diagnostic]]:
    answers = (
        several(field, typed, known, how) if column.splits else (read(field, typed, known, how),)
    )
    findings = [one for each in answers for one in each.findings]
    values = [each.value for each in answers if each.value is not None]
    if column.key.language == "":
        values = [Literal(e.lexical) if isinstance(e, Literal) else e for e in values]
    return values, findings


# ---- putting back ----------------------------------------------------------------------------


def put_back(column: Column, values: Values, new: Values) -> Values:
    """All values of the property, with those of the column replaced."""
    if column.key.inner:
        return _with_inner(column, values, new)
    return replaced(values, share(column, values), new)


def replaced(values: Sequence[Value], own: Values, new: Values) -> Values:
    """The values with some of them replaced, each new one in the place of an old one."""
    left, found = list(new), []
    ours = list(own)
    for each in values:
        if each not in ours:
            found.append(each)
            continue
        ours.remove(each)
        if left:
            found.append(left.pop(0))
    return (*found, *left)


def _with_inner(column: Column, values: Values, new: Values) -> Values:
    assert column.field is not None
    there = [each for each in values if isinstance(each, Part)]
    old = there[0] if there else part(column.field, ())
    inner = column.key.inner
    found: list[tuple[str, Value]] = []
    left = list(new)
    for path, each in old.statements:
        if path != inner:
            found.append((path, each))
        elif left:
            found.append((inner, left.pop(0)))
    found += [(inner, each) for each in left]
    if all(path == RDF_TYPE for path, _ in found):
        return ()
    return (Part(tuple(found)),)


def lacking(of: Field, values: Values) -> Iterator[Diagnostic]:
    """What a part must have and does not."""
    assert of.parts is not None
    for value in (each for each in values if isinstance(each, Part)):
        stated = {path for path, _ in value.statements}
        for inner in of.parts.fields:
            if inner.required and not inner.read_only and inner.path not in stated:
                hint = next((rule.hint for rule in inner.rules if rule.hint), "Fill it in.")
                yield faults.missing(f"{of.label}: {inner.label}", hint)
