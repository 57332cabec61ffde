"""What every authored thing has: an IRI, a label in one or more languages, and a place in a file.

The typed model is read from the graph *by name*: each field of an entity names the property it is
read from (``of("gg:threshold")``), and its annotation says what form the value must have. The
generic reader is ``lift``; adding a class to the model needs no code there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, NewType

from guidegraph.diagnostic import Location
from guidegraph.wording import amount, span

Ref = NewType("Ref", str)
"""Local name of another entity of the same guideline."""

Code = NewType("Code", str)
"""Local name of a term of a code list (``code:ShouldBeConsidered`` is ``"ShouldBeConsidered"``)."""

Iri = NewType("Iri", str)
"""A full IRI, often outside the guideline (a LOINC code, a MONDO disease)."""

Ucum = NewType("Ucum", str)
"""The UCUM code of a unit, read from the ``skos:notation`` of the unit's node."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one or more languages. ``str()`` gives English, or else the first language."""

    words: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        spoken = dict(self.words)
        return spoken.get("en") or next(iter(spoken.values()), "")

    def __bool__(self) -> bool:
        return bool(self.words)


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
    status: Code | None = of("gg:status")

    def place_of(self, term: str) -> Location:
        """Where the property ``term`` of this thing stands (or else the thing itself)."""
        return dict(self.places).get(term, self.at)
