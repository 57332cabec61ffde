"""Literals: numbers, dates and texts are written so that every program reads the same value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from textwrap import shorten

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from guidegraph.check.likeness import hidden_sign
from guidegraph.check.vocabulary import Vocabulary, vocabulary_of
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import CLASSES
from guidegraph.read import Sources
from guidegraph.terms import compact, expand, local_name

_FLOATING = (XSD.double, XSD.float)
_DURATIONS = (XSD.duration, XSD.dayTimeDuration, XSD.yearMonthDuration)

_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_FORMS: dict[URIRef, tuple[str, str]] = {
    XSD.decimal: (
        r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "Write digits with a decimal point: 2000 or 0.5",
    ),
    XSD.integer: (r"[+-]?\d+", "Write a whole number in digits: 28"),
    XSD.boolean: (r"true|false|1|0", "Write true or false"),
    XSD.date: (r"\d{4}-\d\d-\d\d" + _ZONE, "Write year, month and day: 2026-01-31"),
    XSD.dateTime: (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?" + _ZONE,
        "Write date, T and time: 2026-01-31T09:30:00Z",
    ),
    XSD.anyURI: (r"[^\s<>\"{}|\\^`]*", "Write the address without spaces"),
}
_WELL_KNOWN = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "nederlands": "nl",
    "spanish": "es",
}
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_DAMAGED = re.compile("\ufffd|Â[µ°±·]|â‰[¤¥]|â€|Ã[©¨¶¼¤]")


_READ = frozenset(map(str, (*_FLOATING, *_DURATIONS, *_FORMS, XSD.string, RDF.langString)))


def check_literals(sources: Sources) -> Iterator[Diagnostic]:
    """Every finding about literals, triple by triple."""
    told = _answers(sources.ontology)
    for triple, at in sources.places.items():
        subject, predicate, value = triple
        if not isinstance(value, Literal):
            continue
        for code, severity, message, why, advice in told(value, predicate):
            yield Diagnostic(
                code=code,
                severity=severity,
                message=message,
                at=at,
                why=why,
                help=advice,
                subject=local_name(subject) if isinstance(subject, URIRef) else None,
            )


@lru_cache(maxsize=1)
def _answers(ontology: Graph) -> Callable[[Literal, Node], tuple[Told, ...]]:
    """What is to be said of a literal as the value of a property; each is asked about once."""
    vocabulary = vocabulary_of(ontology)

    @lru_cache(maxsize=100_000)
    def told(value: Literal, predicate: Node) -> tuple[Told, ...]:
        answers = (question(value, predicate, vocabulary) for question in QUESTIONS)
        return tuple(each for each in answers if each)

    return told


Told = tuple[str, Severity, str, str, str]
Question = Callable[[Literal, Node, Vocabulary], "Told | None"]


def ill_typed(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R121: characters that are no value of the datatype."""
    datatype = value.datatype
    if datatype is None or not is_ill_typed(value):
        return None
    name = compact(datatype)
    return (
        "R121",
        Severity.ERROR,
        f'"{shorten(value, 60)}" is not a value of `{name}`.',
        "It looks like a value but has none, so it would be left out of every comparison.",
        f"{_FORMS[datatype][1]}.",
    )


def is_ill_typed(value: Literal) -> bool:
    """Whether the characters are no value of the datatype; rdflib takes 1E9 for a decimal."""
    datatype = value.datatype
    return datatype in _FORMS and not _is_value(str(value), datatype)


def _is_value(written: str, datatype: URIRef) -> bool:
    if re.fullmatch(_FORMS[datatype][0], written, re.ASCII) is None:
        return False
    try:
        if datatype == XSD.date:
            date.fromisoformat(written[:10])
        if datatype == XSD.dateTime:
            datetime.fromisoformat(re.sub(r"\.\d+", "", written))
    except ValueError:
        return False
    return True


def floating(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R122: a binary floating-point number."""
    if value.datatype not in _FLOATING:
        return None
    return (
        "R122",
        Severity.ERROR,
        f"{shorten(value, 60)} is a binary floating-point number (`{compact(value.datatype)}`).",
        "Such numbers are rounded, so a value right at a limit may fall on its other side.",
        f"Write the digits without an exponent: `{_digits(str(value))}`.",
    )


def _digits(written: str) -> str:
    """The same number without an exponent, or an example where that makes no sense."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return "2000.0"
    sensible = number.is_finite() and abs(number.adjusted()) < 30 and len(written) < 30
    return f"{number:f}" if sensible else "2000.0"


def unknown_datatype(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R123: a datatype that guidelines do not use."""
    datatype = value.datatype
    if datatype is None or str(datatype) in _READ or str(datatype) in vocabulary.datatypes:
        return None
    near = vocabulary.nearest(str(datatype), {*vocabulary.datatypes, *map(str, _FORMS)})
    return (
        "R123",
        Severity.ERROR,
        f"Nothing reads values of the datatype `{compact(datatype)}`.",
        "Values are decimal or whole numbers, true or false, dates and texts.",
        f"Did you mean `{near}`?" if near else "Write a plain number, a date, or a text.",
    )


def duration(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R124: a duration in letters."""
    if value.datatype not in _DURATIONS:
        return None
    return (
        "R124",
        Severity.ERROR,
        f'"{shorten(value, 60)}" is a duration in letters (`{compact(value.datatype)}`).',
        "Programs rewrite such durations (PT24H becomes P1D), and a month has no fixed length.",
        "Write a quantity: `[ a gg:Quantity ; gg:value 24.0 ; gg:unit u:hour ]`.",
    )


def odd_language(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R022: a language tag that no program looks for."""
    tag = value.language
    if tag is None or _TAG.fullmatch(tag):
        return None
    main, _, rest = tag.partition("-")
    better = _WELL_KNOWN.get(main.lower(), main.lower() if len(main) < 4 else "en")
    return (
        "R022",
        Severity.ERROR,
        f"`@{tag}` is not a language tag.",
        "Words are looked up by the short code of their language, so these are never found.",
        f"Use the short code in small letters, such as `@{better}{'-' + rest if rest else ''}`.",
    )


def no_language(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R125: words for people without their language."""
    if value.language or value.datatype is not None or predicate not in _worded():
        return None
    return (
        "R125",
        Severity.WARNING,
        f"The text of `{compact(str(predicate))}` does not say its language.",
        "Pages choose words by language, and screen readers pronounce them by it.",
        'Put the language after the text: `"..."@en`.',
    )


@cache
def _worded() -> frozenset[URIRef]:
    """Properties whose values are words in a language, as the model reads them."""
    return frozenset(
        URIRef(expand(each.metadata["term"]))
        for kind in CLASSES
        for each in fields(kind)
        if each.type == "Text" and "term" in each.metadata
    )


def empty(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R126: a text without any character in it."""
    if value.strip() or (value.datatype not in (None, XSD.string)):
        return None
    return (
        "R126",
        Severity.ERROR,
        f"`{compact(str(predicate))}` has an empty text.",
        "It counts as given, so nothing reports it as missing.",
        "Write the text, or remove the property.",
    )


def hidden(value: Literal, predicate: Node, vocabulary: Vocabulary) -> Told | None:
    """R127: characters in a text that cannot be seen, or signs of damage."""
    sign = hidden_sign(value, keeps="\n\t")
    damage = _DAMAGED.search(value)
    if sign is None and damage is None:
        return None
    what = (
        f"an invisible character ({sign})" if sign else f"damaged signs (`{damage and damage[0]}`)"
    )
    return (
        "R127",
        Severity.ERROR,
        f"The text of `{compact(str(predicate))}` contains {what}.",
        "It does not say what it seems to say, and a damaged sign may have been a µ or a ≥.",
        "Type the text again by hand at this place.",
    )


QUESTIONS: tuple[Question, ...] = (
    ill_typed,
    floating,
    unknown_datatype,
    duration,
    odd_language,
    no_language,
    empty,
    hidden,
)
