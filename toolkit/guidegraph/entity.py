"""What every authored thing has: an IRI, a label in one or more languages, and a place in a file.

The typed model is read from the graph *by name*: each field of an entity names the property it is
read from (``of("gg:threshold")``), and its annotation says what form the value must have. The
generic reader is ``lift``; adding a class to the model needs no code there.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, floor
from typing import Any, ClassVar, NewType, cast

from guidegraph.diagnostic import Location
from guidegraph.terms import compact
from guidegraph.units import ratio
from guidegraph.wording import amount, span

Ref = NewType("Ref", str)
"""Local name of another entity of the same guideline."""

Code = NewType("Code", str)
"""Local name of a term of a code list (``code:ShouldBeConsidered`` is ``"ShouldBeConsidered"``)."""

Iri = NewType("Iri", str)
"""A full IRI, often outside the guideline (a LOINC code, a MONDO disease)."""

Ucum = NewType("Ucum", str)
"""The UCUM code of a unit, read from the ``skos:notation`` of the unit's node."""


Formula = NewType("Formula", str)
"""A formula (see ``formula``); it refers to what it names in double quotes."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one or more languages. ``str()`` gives English, or else the first language."""

    words: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        spoken = dict(self.words)
        return spoken.get("en") or next(iter(spoken.values()), "")

    def __bool__(self) -> bool:
        return bool(self.words)

    def in_language(self, language: str) -> str:
        """The words in one language; none where there are none."""
        return dict(self.words).get(language, "")


def of(term: str, default: Any = None, **kwargs: Any) -> Any:
    """A model field that is read from the property ``term`` (a compact name).

    A field typed ``tuple[...]`` collects all values in a stable order; any other holds at most one.
    """
    return field(default=default, metadata={"term": term}, **kwargs)


def many(term: str) -> Any:
    """A model field that collects every value of the property ``term``."""
    return of(term, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A value that lives inside its owner (a blank node in the graph)."""

    CLASS: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Part):
    """An exact decimal number with the UCUM code of its unit; ``str()``: as people write it."""

    CLASS: ClassVar[str] = "gg:Quantity"

    value: Decimal = of("gg:value")
    unit: Ucum = of("gg:unit")

    def __str__(self) -> str:
        return amount(self.value, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRange(Part):
    """From ``low`` to ``high`` in one unit; each end says whether it belongs to the range.

    ``str()`` gives it as people write it.
    """

    CLASS: ClassVar[str] = "gg:QuantityRange"

    low: Decimal | None = of("gg:low")
    high: Decimal | None = of("gg:high")
    unit: Ucum = of("gg:unit")
    low_inclusive: bool = of("gg:lowInclusive", True)
    high_inclusive: bool = of("gg:highInclusive", True)

    def __str__(self) -> str:
        return span(self.low, self.high, self.unit, self.low_inclusive, self.high_inclusive)

    @property
    def closed_minutes(self) -> tuple[int | None, int | None]:
        """A stretch of time as a closed interval of whole minutes; None where it is open."""
        return _closed_minutes(self)


@lru_cache(maxsize=1_024)
def _closed_minutes(stretch: QuantityRange) -> tuple[int | None, int | None]:
    factor = ratio(stretch.unit, "min")
    low = high = None
    if stretch.low is not None:
        exact = Fraction(stretch.low) * factor
        low = ceil(exact)
        if low == exact and not stretch.low_inclusive:
            low += 1
    if stretch.high is not None:
        exact = Fraction(stretch.high) * factor
        high = floor(exact)
        if high == exact and not stretch.high_inclusive:
            high -= 1
    return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation(Part):
    """Which English words of a thing were put into another language; ``str()``: for people.

    The words in the other language stand under the same property as the English ones, with their
    language; this only records what they were made from, when and by whom.
    """

    CLASS: ClassVar[str] = "gg:Translation"

    translated_property: Iri = of("gg:translatedProperty")
    language: str = of("dcterms:language")
    translated_from: Text = of("gg:translatedFrom")
    modified: str | None = of("dcterms:modified")
    attributed_to: tuple[Ref, ...] = many("prov:wasAttributedTo")
    status: Code | None = of("gg:status")

    @property
    def term(self) -> str:
        """The property of the words, as a compact name."""
        return compact(self.translated_property)

    def is_stale(self, text: Text) -> bool:
        """Whether the English words of a text are others than those that were translated."""
        return text.in_language("en") != self.translated_from.in_language("en")

    def __str__(self) -> str:
        return f"{self.language} of “{self.translated_from}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing with an IRI. ``id`` is its local name, ``at`` where its description begins.

    ``CLASS`` is the RDF class it is read from; ``places`` holds where each property stands.
    """

    CLASS: ClassVar[str] = ""

    id: str
    iri: str
    at: Location
    places: tuple[tuple[str, Location], ...] = ()
    label: Text = of("rdfs:label", Text())
    alternative_labels: tuple[str, ...] = many("skos:altLabel")
    notation: tuple[str, ...] = many("skos:notation")
    definition: Text = of("skos:definition", Text())
    note: Text = of("skos:scopeNote", Text())
    passages: tuple[Ref, ...] = many("prov:wasDerivedFrom")
    is_external: bool = of("gg:isExternal", False)
    citations: tuple[Ref, ...] = many("gg:citation")
    status: Code | None = of("gg:status")
    translations: tuple[Translation, ...] = many("gg:translation")

    def place_of(self, term: str) -> Location:
        """Where the property ``term`` of this thing stands (or else the thing itself)."""
        return dict(self.places).get(term, self.at)


def texts(thing: Entity) -> Iterator[tuple[str, Text]]:
    """The texts of a thing in all their languages: the property (a compact name) and the words."""
    for each in fields(thing):
        held = getattr(thing, each.name)
        if isinstance(held, Text) and held:
            yield each.metadata.get("term", each.name), held


def references(thing: Entity) -> Iterator[tuple[str, str]]:
    """Each reference of a thing to another: the property and the local name.

    They are read from its fields: what is typed ``Ref``, and the names in a ``Formula``.
    """
    for name, term, in_formula in _referring(cast("Hashable", type(thing))):
        held = getattr(thing, name)
        if in_formula:
            held = tuple(dict.fromkeys(re.findall(r'"([^"]*)"', held or "")))
        for other in held if isinstance(held, tuple) else (held,):
            if other:
                yield term, other


def referring(kind: type[Entity]) -> tuple[str, ...]:
    """The fields of a class in which its things refer to others."""
    return tuple(name for name, _, _ in _referring(cast("Hashable", kind)))


@cache
def _referring(kind: Hashable) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a class that refer to other things: name, property, whether by a formula."""
    assert isinstance(kind, type)
    hints = typing.get_type_hints(kind)
    found = []
    for each in fields(cast("Any", kind)):
        hint = hints[each.name]
        parts = (hint, *typing.get_args(hint))
        if Ref in parts or Formula in parts:
            found.append((each.name, each.metadata.get("term", each.name), Formula in parts))
    return tuple(found)
