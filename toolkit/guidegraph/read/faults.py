"""Common slips of people who write Turtle by hand, found token by token and said in plain words.

Each question looks at one statement and names its first fault of one kind. pyoxigraph finds every
other fault (see ``recovery``), in the words of a parser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from guidegraph.suggestion import alike
from guidegraph.terms import NAMESPACES
from guidegraph.turtle.tokens import Statement, Token, beginnings


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a text at ``offset``; ``opened`` is where the broken thing began."""

    code: str
    offset: int
    message: str
    help: str
    why: str | None = None
    opened: int | None = None


Question = Callable[[Statement, Mapping[str, str]], "Fault | None"]

_CLOSERS = {")": "(", "]": "["}
_N3_WORDS = ("is", "of", "has", "this")


def first_fault(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """The fault that stands first in a statement, of those known here."""
    found = [fault for ask in QUESTIONS if (fault := ask(statement, prefixes))]
    return min(found, key=lambda fault: fault.offset) if found else _open_bracket(statement)


def unclosed_text(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A string whose end is missing."""
    for token in statement.tokens:
        if token.kind == "open_string":
            return _unclosed(token, "the end of the line")
        if token.kind == "open_long":
            return _unclosed(token, "the end of the file")
    return None


def quote_in_text(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A string that ends too early, at a quotation mark inside it."""
    for token, after in _touching(statement, "word", "name", "number"):
        if token.kind in ("string", "long"):
            mark = token.text[-1]
            return Fault(
                "R012",
                token.end - 1,
                f"The text ends at this quotation mark, but goes on after it: {after.shown}.",
                f"Write `\\{mark}` for a quotation mark inside a text, or close the text here and "
                "put a space after it.",
                opened=token.start,
            )
    return None


def swallowed_text(statement: Statement, text: str) -> Fault | None:
    """A long string in a broken statement that has swallowed the beginning of another one."""
    for token in statement.tokens:
        if token.kind == "long" and next(beginnings(text, token.start, token.end), None):
            return _unclosed(token, "the next such mark, lines below")
    return None


def _unclosed(token: Token, reached: str) -> Fault:
    mark = token.text[:3] if token.kind != "open_string" else token.text[0]
    return Fault(
        "R012",
        token.start,
        f"The text that begins here is not closed: it runs on to {reached}.",
        f"Put `{mark}` after its last word. A text of several lines stands between "
        f"`{token.text[0] * 3}` and `{token.text[0] * 3}`.",
    )


def unknown_prefix(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A prefix that no line above declares."""
    if statement.is_directive:
        return None
    for token in statement.tokens:
        name = token.text.partition(":")[0]
        if token.kind != "name" or name in prefixes or name == "_":
            continue
        near = alike(name, prefixes, 0.5)
        if name in NAMESPACES:
            advice = f"Add this line at the top: `@prefix {name}: <{NAMESPACES[name]}> .`"
        elif near:
            advice = f"Did you mean `{near[0]}:{token.text.partition(':')[2]}`?"
        else:
            known = ", ".join(f"{each}:" for each in sorted(prefixes)) or "none"
            advice = f"Declare it at the top of the file, or use one that is declared: {known}."
        return Fault(
            "R011",
            token.start,
            f"The prefix `{name}:` is not declared in this file.",
            advice,
            "Each file declares the prefixes it uses.",
        )
    return None


def odd_prefix_line(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A prefix declaration of the wrong form."""
    kinds = [each.kind for each in statement.tokens]
    first = statement.tokens[0]
    if first.text.lower() not in ("@prefix", "prefix"):
        return None
    name = statement.tokens[1].text if len(kinds) > 1 else ""
    marked = first.kind == "directive"
    good = first.text == "@prefix" if marked else True
    ends = len(kinds) == 4 and kinds[3] == "mark" if marked else len(kinds) == 3
    if good and ends and kinds[1:3] == ["name", "iri"] and name.endswith(":"):
        return None
    return Fault(
        "R011",
        first.start,
        "This prefix declaration is not complete.",
        "Write it as `@prefix d: <https://example.org/my-guideline/> .`, with the colon after "
        "the prefix, the namespace in < >, and a full stop.",
    )


def stray_bracket(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A closing bracket without its partner."""
    opened: list[Token] = []
    for token in statement.tokens:
        if _is_stray(token, opened):
            return _stray(token, opened)
    return None


def _open_bracket(statement: Statement) -> Fault | None:
    opened: list[Token] = []
    for token in statement.tokens:
        _is_stray(token, opened)
    if not opened:
        return None
    partner = "]" if opened[-1].text == "[" else ")"
    return Fault(
        "R013",
        opened[-1].start,
        f"The bracket `{opened[-1].text}` that opens here is never closed.",
        f"Put `{partner}` after the last thing that belongs inside.",
    )


def _is_stray(token: Token, opened: list[Token]) -> bool:
    """Keep count of the brackets that are open; whether this one closes none of them."""
    if token.kind != "mark" or token.text not in "()[]":
        return False
    if token.text not in _CLOSERS:
        opened.append(token)
        return False
    if not opened or opened[-1].text != _CLOSERS[token.text]:
        return True
    opened.pop()
    return False


def _stray(token: Token, opened: list[Token]) -> Fault:
    if opened:
        message = f"`{token.text}` closes a bracket that was opened with `{opened[-1].text}`."
        return Fault(
            "R013",
            token.start,
            message,
            "Make the two brackets a pair: `[ ]` or `( )`.",
            opened=opened[-1].start,
        )
    return Fault(
        "R013",
        token.start,
        f"`{token.text}` closes a bracket that was never opened.",
        f"Remove it, or put `{_CLOSERS[token.text]}` where the part in brackets begins.",
    )


def odd_number(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A number with something glued to it: ``5mg``, ``50%``, ``1.000.000``."""
    for token, _ in _touching(statement, "word", "name", "number", "other"):
        if token.kind == "number":
            written = _run(statement, token)
            return Fault(
                "R014",
                token.start,
                f"{written} is not a number.",
                "Write the number alone, with a decimal point and without separators (2000, 0.5), "
                "and the unit beside it: `gg:value 5 ; gg:unit u:mg`.",
            )
    return None


def _run(statement: Statement, first: Token) -> str:
    """The tokens from ``first`` on that follow each other without a space, as written."""
    written = first
    for token in statement.tokens:
        if token.start == written.end and token.kind != "mark":
            written = Token("number", written.text + token.text, first.start)
    return written.shown


def odd_character(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A character that has no place outside texts: typographic quotes, invisible spaces, ``≥``."""
    for token in statement.tokens:
        if token.kind != "other" or token.text in "^@!?&|/\\$%`*+-":
            continue
        sign, advice = token.text, "Remove it, or put it into a text between quotation marks."
        kind = unicodedata.category(sign)
        if kind in ("Pi", "Pf") or sign in "„‚″′＂＇":
            advice = 'Texts stand between straight quotation marks: `"text"`.'
        elif kind in ("Zs", "Cf", "Cc"):
            advice = "It looks like a space or like nothing. Delete it and type an ordinary space."
        elif sign in "<>≤≥≦≧":
            advice = "Comparators are words here: `gg:comparator code:AtLeast`."
        elif kind == "Pd" or sign == "−":
            advice = "Type an ordinary hyphen, which is also the minus sign: `-`."
        name = unicodedata.name(sign, "no name").lower()
        shown = "" if kind in ("Zs", "Cf", "Cc") else f" `{sign}`"
        return Fault(
            "R016",
            token.start,
            f"The character{shown} (U+{ord(sign):04X}, {name}) cannot stand here.",
            advice,
        )
    return None


def bare_word(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A word without a prefix and without quotation marks."""
    if statement.is_directive:
        return None
    for token in statement.tokens:
        if token.kind != "word" or token.text in ("a", "true", "false", *_N3_WORDS):
            continue
        if token == statement.tokens[0] and token.text.upper() == "VERSION":
            continue
        if token.text.lower() in ("true", "false"):
            advice = f"Write it in small letters: `{token.text.lower()}`."
        else:
            own = "d" if "d" in prefixes else next(iter(sorted(prefixes)), "d")
            advice = (
                f'A text stands between quotation marks, with its language: `"word"@en`. '
                f"A name has a prefix: `{own}:word`."
            )
        return Fault("R017", token.start, f"The word {token.shown} stands here alone.", advice)
    return None


def newer_turtle(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """Forms of RDF 1.2, which other tools of the trade cannot read yet."""
    first = statement.tokens[0]
    for token in statement.tokens:
        direction = token.kind == "directive" and "--" in token.text
        version = token is first and token.text.lower() in ("@version", "version")
        if token.kind == "quoted" or direction or version:
            return Fault(
                "R018",
                token.start,
                f"{token.shown} belongs to RDF 1.2; guidelines are written in RDF 1.1.",
                "Give the statement that you want to speak about a node of its own, with a name "
                "and a type, and describe that node.",
                "Many programs cannot read RDF 1.2 yet.",
            )
    return None


def n3(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """Forms of Notation3: formulas, implications, paths, ``is ... of``."""
    for token in statement.tokens:
        path = token.kind == "other" and token.text in "^!"
        word = token.kind == "word" and token.text in _N3_WORDS
        if token.kind == "arrow" or path or word:
            return Fault(
                "R019",
                token.start,
                f"{token.shown} belongs to Notation3, not to Turtle.",
                "Write plain statements: `d:thing gg:property value .` Rules are written as "
                "criteria (gg:Criterion), not as formulas.",
            )
    return None


def odd_iri(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """An IRI with a character in it that no IRI has."""
    for token in statement.tokens:
        if token.kind == "odd_iri":
            return Fault(
                "R020",
                token.start,
                f"{token.shown} is not an IRI: it contains a space or another sign that none has.",
                "Correct the address; a space in it is written `%20`.",
            )
    return None


def odd_name(statement: Statement, prefixes: Mapping[str, str]) -> Fault | None:
    """A name that goes on with a character that names do not have."""
    for token, after in _touching(statement, "other"):
        if token.kind == "name" and after.text in "/%&+*!$|\\":
            return Fault(
                "R020",
                token.start,
                f"The name {token.shown} goes on with `{after.text}`, which no name contains.",
                "Names consist of letters, digits, hyphens and underscores. Write any other "
                "address in full: `<https://...>`.",
            )
    return None


QUESTIONS: tuple[Question, ...] = (
    unclosed_text,
    quote_in_text,
    odd_prefix_line,
    unknown_prefix,
    stray_bracket,
    odd_number,
    odd_character,
    bare_word,
    newer_turtle,
    n3,
    odd_iri,
    odd_name,
)


def _touching(statement: Statement, *kinds: str) -> Iterator[tuple[Token, Token]]:
    """Every token whose next one is of one of ``kinds`` and follows without a space."""
    for token, after in pairwise(statement.tokens):
        if after.start == token.end and after.kind in kinds:
            yield token, after


_NAME = re.compile(r"([^:]*):(.*)", re.DOTALL)


def iris(statement: Statement, prefixes: Mapping[str, str]) -> frozenset[str]:
    """Every IRI that a statement names, as far as its prefixes are known."""
    found = set()
    for token in statement.tokens:
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.kind == "name" and (parts := _NAME.match(token.text)):
            namespace = prefixes.get(parts[1]) or NAMESPACES.get(parts[1])
            if namespace:
                found.add(namespace + re.sub(r"\\(.)", r"\1", parts[2]))
    return frozenset(found)
