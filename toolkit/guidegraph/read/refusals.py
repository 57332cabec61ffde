"""What pyoxigraph says about a statement it refuses, in plain words and at its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guidegraph.read.faults import Fault
from guidegraph.read.turtle import Places
from guidegraph.turtle.acceptance import triples
from guidegraph.turtle.tokens import Statement, Token, beginnings


def refusal(statement: Statement, text: str, prologue: Sequence[str]) -> Fault | None:
    """Why a statement is refused after the directives of ``prologue``; None if it is not."""
    written = text[statement.start : statement.end]
    try:
        for _ in triples(" ".join(prologue) + "\n" + written):
            pass
    except SyntaxError as refused:
        places = Places(written, "")
        within = places.offset(max((refused.lineno or 2) - 1, 1), refused.offset or 1)
        offset = statement.start + min(max(within, 0), len(written))
        return _plain(refused.msg, statement, offset, text)
    return None


def _plain(message: str, statement: Statement, offset: int, text: str) -> Fault:
    """The fault in words for people; the parser's own words stay as the reason."""
    words = re.sub(r"^Parser error .*?[0-9]: ", "", message)
    token, before = _around(statement, offset)
    said = words.lower()
    if statement.tokens[0].text == "@import":
        return _import(offset)
    if "unexpected end" in said:
        return _missing_mark(None, statement.tokens[-1], text)
    if token is None or "a dot is expected" in said:
        return _missing_mark(token, before, text)
    for each in (token, before):
        if each.kind == "directive" or each.text == "@":
            return _language(each, words)
    if "escape" in said and token.kind in ("string", "long"):
        return _escape(offset, words)
    if token.kind == "iri" or "iri" in said.split() or "iris" in said.split():
        return _iri(token, words)
    if token.kind == "name" and "allowed" in said:
        return _name(token, words)
    if "valid subject" in said and token is not statement.tokens[0]:
        return _missing_mark(token, before, text)
    if "valid rdf object" in said and token.kind == "mark":
        return _missing_value(token, before)
    return Fault(
        "R010",
        offset,
        f"{token.shown} cannot stand here.",
        "A statement is: subject, property, value; with `;` before the next property, a comma "
        "before the next value, and a full stop at the end.",
        f"The reader says: {words}.",
    )


def _around(statement: Statement, offset: int) -> tuple[Token | None, Token]:
    """The token at an offset (None past the last) and the one before it."""
    before = statement.tokens[0]
    for token in statement.tokens:
        if offset < token.end:
            return token, before
        before = token
    return None, before


def _missing_mark(token: Token | None, before: Token, text: str) -> Fault:
    if token is None:
        what, why = "a full stop", "Every statement ends with a full stop, also the last one."
    elif text[text.rfind("\n", 0, token.start) + 1 : token.start].strip() == "" and _begins(
        token, text
    ):
        what, why = "a full stop", f"With {token.shown} the next statement begins."
    elif _next_mark(token, text) in (",", ";", ".", "]"):
        what, why = "a comma", f"{token.shown} looks like one more value of the same property."
    else:
        what, why = "a semicolon", f"{token.shown} looks like the next property of the same thing."
    sign = {"a full stop": ".", "a comma": ",", "a semicolon": ";"}[what]
    return Fault(
        "R015",
        before.end,
        f"{what.capitalize()} is missing after {before.shown}.",
        f"Put `{sign}` there.",
        why,
    )


def _begins(token: Token, text: str) -> bool:
    line = text.rfind("\n", 0, token.start) + 1
    return next(beginnings(text, line, len(text)), None) == line


def _next_mark(token: Token, text: str) -> str:
    return text[token.end :].lstrip()[:1]


def _missing_value(token: Token, before: Token) -> Fault:
    return Fault(
        "R015",
        token.start,
        f"A value is missing before this {token.shown}.",
        f"Write the value, or remove what asks for one: {before.shown}.",
    )


def _language(token: Token, words: str) -> Fault:
    return Fault(
        "R022",
        token.start,
        f"{token.shown} is not a language tag."
        if token.text != "@"
        else "A language is missing here.",
        "Use the short code of the language: `@en`, `@nl`, `@de`; with a region `@en-GB`.",
        f"The reader says: {words}.",
    )


def _escape(offset: int, words: str) -> Fault:
    return Fault(
        "R012",
        offset,
        "The backslash stands before a character that it cannot be combined with.",
        'Write `\\\\` for a backslash, `\\"` for a quotation mark, `\\n` for a new line.',
        f"The reader says: {words}.",
    )


def _iri(token: Token, words: str) -> Fault:
    return Fault(
        "R020",
        token.start,
        f"{token.shown} is not a complete IRI.",
        "Write the whole address (`<https://...>`), or a prefix and a name (`d:name`).",
        f"The reader says: {words}.",
    )


def _name(token: Token, words: str) -> Fault:
    return Fault(
        "R020",
        token.start,
        f"{token.shown} contains a character that names cannot have.",
        "Names consist of letters, digits, hyphens and underscores.",
        f"The reader says: {words}.",
    )


def _import(offset: int) -> Fault:
    return Fault(
        "R021",
        offset,
        "This asks to import another file, and nothing is ever fetched.",
        "Remove the line; put a copy of the file into the guideline folder if it is needed.",
        "A guideline consists of the files of its folder and nothing else.",
    )
