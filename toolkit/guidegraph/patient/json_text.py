"""JSON text to a tree with places. The standard library decides what is JSON."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from guidegraph.diagnostic import Location
from guidegraph.patient.faults import Faults
from guidegraph.patient.tree import Builder, Node, Scalar, ScalarKind

_PART = re.compile(
    r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|-?[0-9][-+.0-9eE]*|true|false|null|NaN|-?Infinity'
)
_NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")
_WORDS: dict[str, ScalarKind] = {"true": "boolean", "false": "boolean", "null": "null"}
_AT_CHARACTER = {
    "}": "something is missing before this bracket, or a comma is too many",
    "]": "something is missing before this bracket, or a comma is too many",
    "'": 'texts and names stand in double quotes ("), not in single ones',
    "“": 'texts and names stand in straight double quotes (")',
    "”": 'texts and names stand in straight double quotes (")',
    "„": 'texts and names stand in straight double quotes (")',
    "/": "JSON has no comments",
    "#": "JSON has no comments",
    "T": "write true with small letters",
    "F": "write false with small letters",
    "N": "write null with small letters",
    "": "the text ends too early; a bracket or quote is not closed",
}
_BY_MESSAGE = (
    ("Expecting property name", "a name in double quotes is expected here"),
    ("Expecting value", "a value is expected here"),
    ("Expecting ',' delimiter", "a comma or a closing bracket is expected here"),
    ("Expecting ':' delimiter", "a colon is expected here, between name and value"),
    ("Extra data", "there is more text after the end"),
    ("Unterminated string", "a text that begins here is not closed with a double quote"),
    ("Invalid control character", "a text cannot contain a line break or tab"),
    ("Invalid \\", "a backslash in a text must be doubled"),
    ("Illegal trailing comma", "there is a comma too many"),
)


def read_json(text: str, name: str, faults: Faults) -> Node | None:
    """The tree of a JSON text; None (and a fault) if it is not JSON.

    Raises:
        TooDeepError, RecursionError: it is nested too deeply.
    """
    try:
        json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as fault:
        faults.add(
            "E004",
            Location(name, fault.lineno, fault.colno),
            f"This is not JSON: {_in_plain_words(text, fault)}.",
            help="Correct this place; everything after it has not been read.",
        )
        return None
    return _tree(text, name, faults)


def _in_plain_words(text: str, fault: json.JSONDecodeError) -> str:
    if fault.msg.startswith("Expecting"):
        special = _AT_CHARACTER.get(text[fault.pos : fault.pos + 1])
        if special:
            return special
    for begins, words in _BY_MESSAGE:
        if fault.msg.startswith(begins):
            return words
    return fault.msg


def _tree(text: str, name: str, faults: Faults) -> Node | None:
    lines = [0, *(found.end() for found in re.finditer(r"\n", text))]
    builder = Builder(faults)
    for found in _PART.finditer(text):
        line = bisect_right(lines, found.start())
        at = Location(name, line, found.start() - lines[line - 1] + 1)
        part = found[0]
        if part in ("{", "["):
            builder.begin(at, is_mapping=part == "{")
        elif part in ("}", "]"):
            builder.end()
        elif part[0] == '"':
            words = _unescaped(part, at, faults) if "\\" in part else part[1:-1]
            if builder.wants_key:
                builder.key(words, at)
            else:
                builder.value(Scalar("string", words, at))
        elif part in _NOT_NUMBERS:
            _refuse_number(part, at, faults)
            builder.value(Scalar("null", "null", at))
        elif part not in (":", ","):
            builder.value(Scalar(_WORDS.get(part, "number"), part, at))
    return builder.root


def _unescaped(part: str, at: Location, faults: Faults) -> str:
    """The text behind a string with escapes; half of a surrogate pair is no text."""
    text: str = json.loads(part)
    if any("\ud800" <= each <= "\udfff" for each in text):
        faults.add(
            "E004",
            at,
            "This is not JSON: the text contains one half of a character.",
            help="Write the character itself instead of \\u and a number.",
        )
        text = re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)
    return text


def _refuse_number(part: str, at: Location, faults: Faults) -> None:
    faults.add(
        "E004",
        at,
        f"This is not JSON: {part} is not a number.",
        help="Write null where a value is not known.",
    )
