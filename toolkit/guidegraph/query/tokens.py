"""The words of a SPARQL query, each with its place.

A query is refused for what it *asks*, so a keyword must be told apart from the same letters in a
string, an address, a comment, a variable or a prefixed name. The grammar of names is that of
SPARQL 1.1, section 19.8. The engine reads keywords without looking where a word ends
(``SERVICESILENT``), so whoever looks for a keyword must look *inside* words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from guidegraph.diagnostic import Location

Kind = Literal["iri", "name", "blank", "variable", "string", "language", "number", "word", "sign"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_TAIL = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"{_BASE}_{_TAIL}\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = (
    rf"(?:[{_BASE}_:0-9]|{_ESCAPED})"
    rf"(?:(?:[{_CHARS}.:]|{_ESCAPED})*(?:[{_CHARS}:]|{_ESCAPED}))?"
)
GRAMMAR: tuple[tuple[str, str], ...] = (
    ("space", r"[\x20\t\r\n]+"),
    ("comment", r"#[^\r\n]*"),
    (
        "string",
        (
            r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""|'
            r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''|"
            r'"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"|'
            r"'(?!'')(?:[^'\\\r\n]|\\[^\r\n])*'"
        ),
    ),
    ("iri", r'<(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'),
    ("name", rf"(?:[{_BASE}][{_CHARS}.]{{0,100}})?:(?:{_LOCAL})?"),
    ("blank", rf"_:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])?"),
    ("variable", rf"[?$][{_BASE}_0-9][{_BASE}_{_TAIL}]*"),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"),
    ("number", r"[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
    ("word", rf"[{_BASE}][{_BASE}_{_TAIL}]*"),
    ("sign", r"\^\^|&&|\|\||[<>!]=|[{}()\[\].,;=<>!+\-*/|^?~]"),
)
"""The forms of words, each tried in this order at the place where the last one ended."""
_TOKEN = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in GRAMMAR), re.DOTALL)
_SILENT = ("space", "comment")
_OPERANDS = ("iri", "name", "blank", "variable", "string", "language", "number")
_CLOSING = {")": "(", "}": "{", "]": "["}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query; ``start`` and ``end`` are offsets in its text."""

    kind: str
    text: str
    start: int
    end: int

    def is_sign(self, sign: str) -> bool:
        """Whether this is the punctuation ``sign``."""
        return self.kind == "sign" and self.text == sign

    def is_word(self, *words: str) -> bool:
        """Whether this is one of some keywords, in whatever case."""
        return self.kind == "word" and self.text.upper() in words


class MalformedError(ValueError):
    """The text cannot be divided into words; ``offset`` says where, ``advice`` what to do."""

    def __init__(self, offset: int, message: str, advice: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.advice = advice


def place(file: str, text: str, offset: int) -> Location:
    """Line and column (from 1) of an offset in a text."""
    starts = [0, *(each.end() for each in re.finditer("\n", text))]
    line = bisect_right(starts, offset)
    return Location(file, line, offset - starts[line - 1] + 1)


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a query without white space and comments; those of the last texts are kept.

    Raises:
        MalformedError: at the first place that no query can have, at a bracket without its
            partner, and where ``<`` could begin an address as well as a comparison.
    """
    found = tuple(_words(text))
    _check_brackets(found)
    return found


def _words(text: str) -> Iterator[Token]:
    offset = 0
    open_brackets: list[str] = []
    before: Token | None = None
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise _strange(text, offset)
        kind = match.lastgroup or ""
        if kind not in _SILENT:
            token = Token(kind, match.group(), offset, match.end())
            _refuse_ambiguous(token, before, open_brackets[-1:] == ["("])
            _follow(token, open_brackets)
            yield token
            before = token
        offset = match.end()


def _follow(token: Token, open_brackets: list[str]) -> None:
    """Keep track of the brackets that are open."""
    if token.kind == "sign" and token.text in _CLOSING.values():
        open_brackets.append(token.text)
    elif token.kind == "sign" and token.text in _CLOSING and open_brackets:
        open_brackets.pop()


def _refuse_ambiguous(token: Token, before: Token | None, in_parentheses: bool) -> None:
    """Refuse ``(?a <b> ...``: an engine may see a comparison where we see an address.

    What begins with a scheme and ``//`` can only be an address.
    """
    after_operand = before is not None and (
        before.kind in _OPERANDS or before.is_sign(")") or before.is_word("TRUE", "FALSE")
    )
    if token.kind != "iri" or not in_parentheses or not after_operand:
        return
    if not re.match(r"<[A-Za-z][A-Za-z0-9+.\-]*://", token.text):
        raise MalformedError(
            token.start,
            f"`{token.text}` can be read as an address or as a comparison.",
            "Put spaces around `<` and `>` to compare; write an address with a prefix.",
        )


def _check_brackets(found: tuple[Token, ...]) -> None:
    """Every bracket has its partner."""
    still_open: list[Token] = []
    for token in found:
        if token.kind != "sign":
            continue
        if token.text in _CLOSING.values():
            still_open.append(token)
        elif token.text in _CLOSING:
            if not still_open:
                raise MalformedError(
                    token.start,
                    f"This `{token.text}` closes nothing.",
                    f"Remove it, or write the `{_CLOSING[token.text]}` it belongs to.",
                )
            if still_open[-1].text != _CLOSING[token.text]:
                break
            still_open.pop()
    if still_open:
        last = still_open[-1]
        raise MalformedError(
            last.start,
            f"This `{last.text}` is never closed.",
            "Write the closing bracket where its part of the query ends.",
        )


def _strange(text: str, offset: int) -> MalformedError:
    """What to say about a place at which no word of a query begins."""
    sign = text[offset]
    if sign in "\"'":
        return MalformedError(
            offset, "This text in quotes is never closed.", f"Write the closing {sign} mark."
        )
    if text[offset : offset + 2] in ("\\u", "\\U"):
        return MalformedError(
            offset,
            "Characters may not be hidden behind their numbers outside strings and addresses.",
            "Write the character itself.",
        )
    return MalformedError(
        offset,
        f"`{sign}` (U+{ord(sign):04X}) has no meaning here.",
        "Remove it, or put it in quotes if it is part of a text.",
    )
