"""What the model reads of each class of the ontology: more than shapes ask for."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from types import UnionType

from guidegraph.entity import Code, Entity, Formula, Iri, Part, Ref, Text, Ucum
from guidegraph.model import CLASSES, PARTS
from guidegraph.terms import expand

NESTED = frozenset(expand(kind.CLASS) for kind in PARTS)
"""Classes whose things stand inside their owner and have no name."""

_DATATYPES: dict[object, str] = {
    Text: expand("rdf:langString"),
    str: expand("xsd:string"),
    Formula: expand("xsd:string"),
    bool: expand("xsd:boolean"),
    int: expand("xsd:integer"),
    Decimal: expand("xsd:decimal"),
}


_DAYS = frozenset(map(expand, ("dcterms:created", "dcterms:issued", "dcterms:modified")))
"""Days, which the model keeps as they are written."""


@dataclass(frozen=True, slots=True)
class ReadTerm:
    """A property that the model reads: what its values are, and whether there is at most one."""

    path: str
    datatype: str = ""
    cls: str = ""
    names_things: bool = False
    is_one: bool = False


def terms(classes: Iterable[str]) -> tuple[ReadTerm, ...]:
    """What the model reads of the nearest of these classes that it knows."""
    known = _kinds()
    for each in classes:
        if each in known:
            return known[each]
    return ()


@cache
def _kinds() -> dict[str, tuple[ReadTerm, ...]]:
    kinds: dict[str, type[Entity] | type[Part]] = {}
    for kind in (*CLASSES, *PARTS):
        for each in reversed(kind.__mro__):
            if (name := getattr(each, "CLASS", "")) and issubclass(each, Entity | Part):
                kinds.setdefault(expand(name), each)
    return {name: _terms(kind) for name, kind in kinds.items()}


def _terms(kind: type[Entity] | type[Part]) -> tuple[ReadTerm, ...]:
    hints = typing.get_type_hints(kind)
    return tuple(
        _term(expand(each.metadata["term"]), hints[each.name])
        for each in fields(kind)
        if "term" in each.metadata
    )


def _term(path: str, hint: object) -> ReadTerm:
    is_tuple = typing.get_origin(hint) is tuple
    held = [e for e in _parts(hint) if e not in (type(None), Ellipsis)]
    is_one = not is_tuple and Text not in held
    for each in held:
        if each is str and path in _DAYS:
            return ReadTerm(path, datatype=expand("xsd:date"), is_one=is_one)
        if each in _DATATYPES:
            return ReadTerm(path, datatype=_DATATYPES[each], is_one=is_one)
        if each is Ucum:
            return ReadTerm(path, cls=expand("gg:Unit"), is_one=is_one)
        if each in (Ref, Code, Iri):
            return ReadTerm(path, names_things=True, is_one=is_one)
        if isinstance(each, type) and issubclass(each, Part) and each.CLASS:
            return ReadTerm(path, cls=expand(each.CLASS), is_one=is_one)
    return ReadTerm(path, is_one=is_one)


def _parts(hint: object) -> tuple[object, ...]:
    if typing.get_origin(hint) in (tuple, typing.Union, UnionType):
        return tuple(one for each in typing.get_args(hint) for one in _parts(each))
    return (hint,)
