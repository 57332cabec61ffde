"""The form of a model field: which property it is read from, what its values are, how many."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Hashable
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any, cast

from rdflib import URIRef

from guidegraph.terms import expand

LONGEST_NUMBER = 40
"""Digits (with sign and point) of the longest number that a guideline can give."""

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")
"""Small exponents are read, for it is the check of literals that refuses them."""


class UnfitError(Exception):
    """A value does not have the form its field needs; the message completes "``value`` ..."."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a model class: its property, the form of its values, and how many it holds."""

    name: str
    predicate: URIRef
    form: Any
    collects: bool
    required: bool


@cache
def slots(kind: Hashable) -> tuple[Slot, ...]:
    """The fields of a model class that are read from the graph."""
    assert isinstance(kind, type)
    hints = typing.get_type_hints(kind)
    found = []
    for each in fields(cast("Any", kind)):
        if "term" not in each.metadata:
            continue
        form, collects, optional = _form(hints[each.name])
        required = not (optional or collects or each.default not in (None, MISSING))
        predicate = URIRef(expand(each.metadata["term"]))
        found.append(Slot(each.name, predicate, form, collects, required))
    return tuple(found)


def _form(hint: Any) -> tuple[Any, bool, bool]:
    """The form of a field's values, whether it collects them, and whether it may be absent."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        return typing.get_args(hint)[0], True, False
    if origin in (typing.Union, types.UnionType):
        inner = next(each for each in typing.get_args(hint) if each is not type(None))
        return inner, False, True
    return hint, False, False


def literal(text: str, form: Any) -> Any:
    """A literal's value, exactly; numbers never become binary floats."""
    if form is bool:
        if text in ("true", "1"):
            return True
        if text in ("false", "0"):
            return False
        raise UnfitError("should be true or false")
    if form in (int, Decimal):
        return _number(text, form)
    return text


def _number(text: str, form: Any) -> int | Decimal:
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        raise UnfitError("should be a number written in plain digits")
    if len(written) > LONGEST_NUMBER:
        raise UnfitError(f"should be a number of at most {LONGEST_NUMBER} digits")
    number = Decimal(written)
    if form is Decimal:
        return number
    if number != number.to_integral_value():
        raise UnfitError("should be a whole number")
    return int(number)
