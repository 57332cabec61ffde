"""Frozen values as JSON and back: dataclasses of this package, exact numbers, tuples, maps.

The same value always has the same JSON, whatever order a set has in memory. Reading makes nothing
but dataclasses of this package; it runs no code that a file could name.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, cast

from guidegraph.cache.toolkit import digest
from guidegraph.diagnostic import Location

PACKAGE = "guidegraph"


class UnfitError(Exception):
    """A value of a kind that is not kept, or JSON that is no such value."""


def to_json(value: object, folder: str) -> object:
    """A value as JSON; places in ``folder`` are written relative to it.

    Raises:
        UnfitError: a value of another kind.
    """
    return _Writer(folder).write(value)


def from_json(told: object, folder: str) -> object:
    """The value again, its places in ``folder``.

    Raises:
        UnfitError: this is not what ``to_json`` writes.
    """
    try:
        return _Reader(folder).read(told)
    except _FAULTS as fault:
        raise UnfitError(str(fault)) from None


def key(value: object, folder: str) -> str:
    """The digest of a value."""
    return digest(json.dumps(to_json(value, folder)))


_FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, TypeError, ValueError)


def _inside(folder: str) -> str:
    """How the names of files in a folder begin, as they are shown."""
    return "" if folder in ("", ".") else f"{folder}/"


class _Writer:
    def __init__(self, folder: str) -> None:
        self.inside = _inside(folder)

    def write(self, value: object) -> object:
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is tuple:
            return [self.write(each) for each in cast("tuple[object, ...]", value)]
        if kind is Location:
            return self._place(cast("Location", value))
        if isinstance(value, Enum):
            return {"enum": _name(kind), "value": self.write(value.value)}
        if is_dataclass(value) and kind.__module__.partition(".")[0] == PACKAGE:
            held = [self.write(getattr(value, each.name)) for each in fields(value)]
            return {"is": _name(kind), "of": held}
        if kind in _PLAIN:
            return {_PLAIN[kind]: str(value)}
        if kind in (frozenset, set):
            members = [self.write(each) for each in cast("frozenset[object]", value)]
            return {kind.__name__: sorted(members, key=json.dumps)}
        if isinstance(value, Mapping) and kind is dict:
            return {"map": [[self.write(a), self.write(b)] for a, b in value.items()]}
        if kind is list:
            return {"list": [self.write(each) for each in cast("list[object]", value)]}
        msg = f"{kind.__module__}.{kind.__qualname__}"
        raise UnfitError(msg)

    def _place(self, at: Location) -> object:
        is_inside = at.file.startswith(self.inside)
        if not self.inside:  # the folder is the current one: whatever does not lead out of it
            is_inside = not at.file.startswith(("/", "../"))
        file = at.file.removeprefix(self.inside) if is_inside else at.file
        return {"at": [is_inside, file, at.line, at.column]}


_PLAIN: dict[type, str] = {Fraction: "ratio", Decimal: "decimal"}


class _Reader:
    def __init__(self, folder: str) -> None:
        self.inside = _inside(folder)
        self.forms: dict[str, Callable[[Any, dict[str, Any]], object]] = {
            "at": lambda held, _: self._place(*held),
            "enum": lambda held, told: _kind(held)(self.read(told["value"])),
            "is": lambda held, told: self._dataclass(_kind(held), told["of"]),
            "ratio": lambda held, _: Fraction(held),
            "decimal": lambda held, _: Decimal(held),
            "frozenset": lambda held, _: frozenset(map(self.read, held)),
            "set": lambda held, _: set(map(self.read, held)),
            "map": lambda held, _: {self.read(a): self.read(b) for a, b in held},
            "list": lambda held, _: list(map(self.read, held)),
        }

    def read(self, told: Any) -> object:
        if isinstance(told, list):
            return tuple(map(self.read, told))
        if isinstance(told, dict):
            form, held = min(told.items(), key=lambda each: each[0])
            return self.forms[form](held, told)
        return cast("object", told)

    def _dataclass(self, kind: Any, held: list[Any]) -> object:
        made = object.__new__(kind)
        for each, value in zip(fields(kind), held, strict=True):
            object.__setattr__(made, each.name, self.read(value))
        return made

    def _place(self, is_inside: bool, file: str, line: int, column: int) -> Location:
        return Location(self.inside + file if is_inside else file, line, column)


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _kind(name: str) -> Any:
    """A dataclass or enumeration of this package."""
    module, _, inside = name.partition(":")
    if module.partition(".")[0] != PACKAGE:
        raise UnfitError(name)
    found = getattr(importlib.import_module(module), inside)
    if not (isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))):
        raise UnfitError(name)
    return found
