"""What can stand as the value of a property: names, words and numbers, parts, lists."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from guidegraph.terms import expand

RDF_TYPE = expand("rdf:type")
RDF_NIL = expand("rdf:nil")
LANG_STRING = expand("rdf:langString")
XSD_STRING = expand("xsd:string")
XSD_BOOLEAN = expand("xsd:boolean")
XSD_INTEGER = expand("xsd:integer")
XSD_DECIMAL = expand("xsd:decimal")
XSD_DOUBLE = expand("xsd:double")


def number_type(written: str) -> str:
    """The datatype of a number as it is written: ``1`` is an integer, ``1.0`` a decimal, ``1e0`` a
    double."""
    if "e" in written or "E" in written:
        return XSD_DOUBLE
    return XSD_DECIMAL if "." in written else XSD_INTEGER


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing with a name: the full IRI."""

    iri: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Words or a number, in exactly the form in which they are written (``1000.00``, ``007``)."""

    lexical: str
    datatype: str = XSD_STRING
    language: str = ""

    def __post_init__(self) -> None:
        if self.language:
            object.__setattr__(self, "datatype", LANG_STRING)


@dataclass(frozen=True, slots=True)
class Part:
    """A thing without a name that stands inside its owner, ``[ … ]``: property and value, each."""

    statements: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Values in an order: ``( … )``."""

    members: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """A thing that has only a label inside its file, ``_:x``: kept, never written anew."""

    label: str


Value: TypeAlias = Iri | Literal | Part | Sequence | Blank


def is_nameless(value: Value) -> bool:
    """Whether each such value is a thing of its own, so that two alike are two."""
    return isinstance(value, Part) or (isinstance(value, Sequence) and bool(value.members))


def key(value: Value) -> object:
    """Equal for values that say the same.

    The order of the statements of a part does not matter, nor does it when one is made twice, nor
    the case of a language tag. A part is known by a digest: one many levels deep stays as short.
    """
    match value:
        case Literal(lexical, datatype, language):
            return ("literal", lexical, datatype, language.lower())
        case Part(statements):
            found: dict[object, str] = {}
            for number, (predicate, each) in enumerate(statements):
                told = repr((predicate, key(each)))
                found[number if is_nameless(each) else told] = told
            whole = "\n".join(sorted(found.values()))
            return ("part", sha256(whole.encode("utf-8", "surrogatepass")).hexdigest())
        case Sequence(members):
            return ("sequence", *map(key, members)) if members else ("iri", RDF_NIL)
        case Blank(label):
            return ("blank", label)
        case Iri(iri):
            return ("iri", iri)
