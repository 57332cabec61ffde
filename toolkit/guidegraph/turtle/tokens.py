"""Turtle cut into tokens and statements, also where it is broken.

This is no parser: it accepts anything and only knows enough to find where strings, names and
statements begin and end, so that one broken statement can be set aside and the rest still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

LONGEST = 10_000
"""Tokens of the longest statement; one that seems longer has lost its full stop."""

SHOWN = 40
"""Characters of a token that a message quotes at most."""

_RARE = (
    r"\u00b7\u0300-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""Characters of names in Turtle of which ``\\w`` has not all."""

_PREFIX = rf"(?:[^\W\d]|[{_RARE}])[\w\-{_RARE}]{{0,99}}(?:\.[\w\-{_RARE}]{{1,99}}){{0,3}}"
_LOCAL = (
    rf"(?:[\w\-:{_RARE}]|%[0-9A-Fa-f]{{2}}|\\[_~.!$&'()*+,;=/?#@%\-]"
    rf"|\.+(?=[\w\-:%\\{_RARE}]))*"
)
_EXPONENT = r"[eE][-+]?[0-9]+"
_FORMS = (
    ("space", r"[ \t\r\n]+|#[^\r\n]*"),
    ("long", r'"""(?:"{0,2}(?:[^"\\]|\\[\s\S]))*"""' + r"|'''(?:'{0,2}(?:[^'\\]|\\[\s\S]))*'''"),
    ("open_long", r'"""|' + "'''"),
    ("string", r'"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'"),
    ("open_string", r'"[^\n]*' + r"|'[^\n]*"),
    ("quoted", r"<<\(?|\)?>>|\{\||\|\}|~"),
    ("iri", r"<[^<>\"{}|^`\x00-\x20]*>"),
    ("odd_iri", r"<[^<>\n]*>"),
    ("arrow", r"=>|<=|[{}=]"),
    ("directive", r"@[A-Za-z][\w\-]*"),
    ("number", rf"[-+]?(?:[0-9]+\.{_EXPONENT}|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:{_EXPONENT})?)"),
    ("name", f"(?:{_PREFIX})?:{_LOCAL}"),
    ("word", r"[^\W\d][\w\-]*"),
    ("mark", r"\^\^|[.;,()\[\]]"),
    ("other", r"[\s\S]"),
)
_SPACE = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_NOT_SOUND = ("space", "open_long", "open_string", "quoted", "odd_iri", "arrow")
_ANY_PREFIX = rf"(?:[^\W\d]|[{_RARE}])[\w\-.{_RARE}]*+"


@cache
def _token() -> re.Pattern[str]:
    """One token of any text; made when it is needed, as it takes longer than to read a file."""
    return re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _FORMS))


@cache
def sound() -> re.Pattern[str]:
    """One token of a text that is Turtle, ``end`` where there is none any more."""
    forms = (
        f"(?P<{kind}>{form.replace(_PREFIX, _ANY_PREFIX)})"
        for kind, form in _FORMS
        if kind not in _NOT_SOUND
    )
    return re.compile(rf"{_SPACE}(?:{'|'.join(forms)}|(?P<end>\Z))")


_BEGINNING = re.compile(
    r"^[ \t]*(?:@prefix\b|@base\b|(?i:prefix)[ \t]+[\w\-]*:|(?i:base)[ \t]+<"
    r"|(?:<[^<>\s]*>|[\w\-]*:[\w\-.:]+)\s+(?:a|rdf:type)\s)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text of one kind, beginning at ``start``."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the text after it begins."""
        return self.start + len(self.text)

    @property
    def shown(self) -> str:
        """The text as a message quotes it: on one line, and not too long."""
        one_line = " ".join(self.text.split())
        return f"`{one_line if len(one_line) <= SHOWN else one_line[: SHOWN - 1] + '…'}`"


@dataclass(frozen=True, slots=True)
class Statement:
    """A directive or a description with its full stop (if it has one): its tokens."""

    tokens: tuple[Token, ...]
    is_closed: bool

    @property
    def start(self) -> int:
        """Where the first token begins."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where the text after the last token begins."""
        return self.tokens[-1].end

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix or a base."""
        first = self.tokens[0]
        if first.kind == "word":
            return first.text.lower() in ("prefix", "base")
        return first.text in ("@prefix", "@base")


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Every token from ``start``, without spaces and comments."""
    for found in _token().finditer(text, start):
        if found.lastgroup and found.lastgroup != "space":
            yield Token(found.lastgroup, found.group(), found.start())


def comments(text: str) -> Iterator[Token]:
    """Every comment of a text that is Turtle."""
    if "#" in text:
        for found in _token().finditer(text):
            if found.lastgroup == "space" and text[found.start()] == "#":
                yield Token("comment", found.group().rstrip(), found.start())


def next_statement(text: str, start: int) -> Statement | None:
    """The statement that begins at or after ``start``; None at the end of the text."""
    taken: list[Token] = []
    braces = 0
    for token in tokens(text, start):
        taken.append(token)
        braces += {"{": 1, "}": -1}.get(token.text, 0)
        if token.text == "." and token.kind == "mark" and braces <= 0:
            return Statement(tuple(taken), True)
        if _ends_without_stop(taken):
            return Statement(tuple(taken), True)
        if token.kind == "open_long" or len(taken) >= LONGEST:
            break
    return Statement(tuple(taken), False) if taken else None


def _ends_without_stop(taken: list[Token]) -> bool:
    """``PREFIX d: <...>`` and ``BASE <...>`` have no full stop."""
    first = taken[0]
    wanted = {"prefix": 3, "base": 2}.get(first.text.lower()) if first.kind == "word" else None
    return len(taken) == wanted and taken[-1].kind == "iri"


def beginnings(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets of lines in which something new surely begins: a directive, or ``d:name a ...``."""
    for found in _BEGINNING.finditer(text, start, end):
        yield found.start()
