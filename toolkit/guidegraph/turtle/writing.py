"""Writes values as Turtle: with the prefixes of the place, numbers exactly as they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import UsageError
from guidegraph.turtle.names import Names, is_iri
from guidegraph.turtle.values import (
    LANG_STRING,
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_DECIMAL,
    XSD_DOUBLE,
    XSD_INTEGER,
    XSD_STRING,
    Blank,
    Iri,
    Literal,
    Part,
    Sequence,
    Value,
)

_BARE = {
    XSD_BOOLEAN: re.compile(r"true|false"),
    XSD_INTEGER: re.compile(r"[-+]?[0-9]+"),
    XSD_DECIMAL: re.compile(r"[-+]?[0-9]*\.[0-9]+"),
    XSD_DOUBLE: re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][-+]?[0-9]+"),
}
"""Numbers and truth values that stand without quotation marks."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSEEN = re.compile(
    r"[\\\"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""What is written with a backslash: it would end the text or the line, or could not be seen."""

_HALF = re.compile(r"[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z0-9]+)*")


def written(value: Value, names: Names) -> str:
    """A value on one line; a ``UsageError`` where Turtle cannot say it."""
    match value:
        case Iri(iri):
            return name(iri, names)
        case Literal():
            return _literal(value, names)
        case Part(statements):
            inside = " ; ".join(
                f"{verb(predicate, names)} {' , '.join(written(each, names) for each in values)}"
                for predicate, values in grouped(statements)
            )
            return f"[ {inside} ]" if inside else "[]"
        case Sequence(members):
            return f"( {' '.join(written(each, names) for each in members)} )" if members else "()"
        case Blank(label):
            raise UsageError([_unlabelled(label)])


def grouped(
    statements: Iterable[tuple[str, Value]],
) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    """Statements property by property, the class first."""
    found: dict[str, list[Value]] = {}
    for predicate, value in statements:
        found.setdefault(predicate, []).append(value)
    order = sorted(found, key=lambda predicate: predicate != RDF_TYPE)
    return tuple((predicate, tuple(found[predicate])) for predicate in order)


def verb(predicate: str, names: Names) -> str:
    """A property as a verb."""
    return "a" if predicate == RDF_TYPE else name(predicate, names)


def name(iri: str, names: Names) -> str:
    """A name, after a look whether it is one."""
    if not is_iri(iri):
        raise UsageError(
            [
                _unwritable(
                    f"`{_shown(iri)}` is not a full IRI and cannot be written.",
                    "Give an IRI with its scheme (`https://...`), without spaces, quotation marks "
                    "or angle brackets.",
                )
            ]
        )
    return names.short(iri)


def _literal(value: Literal, names: Names) -> str:
    if half := _HALF.search(value.lexical):
        raise UsageError(
            [
                _unwritable(
                    f"A text holds half of a character (U+{ord(half.group()):04X}) and cannot be "
                    f"written: `{_shown(value.lexical)}`.",
                    "Enter the text anew; it was cut in the middle of a character.",
                )
            ]
        )
    if value.language:
        return f"{quoted(value.lexical)}@{_language(value.language)}"
    if value.datatype == XSD_STRING:
        return quoted(value.lexical)
    bare = _BARE.get(value.datatype)
    if bare and bare.fullmatch(value.lexical):
        return value.lexical
    if value.datatype == LANG_STRING:
        raise UsageError(
            [
                _unwritable(
                    f"The words `{_shown(value.lexical)}` should have a language and have none.",
                    "Say the language: `en`, `nl`, `de`.",
                )
            ]
        )
    return f"{quoted(value.lexical)}^^{name(value.datatype, names)}"


def quoted(text: str) -> str:
    """Words between quotation marks, on one line."""

    def escaped(found: re.Match[str]) -> str:
        sign = found.group()
        return _ESCAPES.get(sign) or f"\\u{ord(sign):04X}"

    return f'"{_UNSEEN.sub(escaped, text)}"'


def _language(tag: str) -> str:
    try:
        if not _LANGUAGE.fullmatch(tag):
            raise ValueError(tag)
        pyoxigraph.Literal("", language=tag)
    except ValueError:
        raise UsageError(
            [
                _unwritable(
                    f"`{_shown(tag)}` is not a language tag.",
                    "Use the short code of the language: `en`, `nl`, `de`; with a region `en-GB`.",
                )
            ]
        ) from None
    return tag


def _shown(text: str) -> str:
    return ascii(text[:60])[1:-1] if _HALF.search(text) else text[:60]


def _unwritable(message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        code="W002",
        severity=Severity.ERROR,
        message=message,
        why="Turtle has no way to say it, so nothing was changed.",
        help=hint,
    )


def _unlabelled(label: str) -> Diagnostic:
    return _unwritable(
        f"`_:{label}` has no name outside its file and cannot be written anew.",
        "Give the thing an IRI of its own and refer to that.",
    )
