"""What a query may not do, found before anything runs: reach for the network, or change data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.query.tokens import MalformedError, Token, place, tokens
from guidegraph.suggestion import alike

UPDATES = ("LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD")
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_WORDS = """
    a AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER GRAPH GROUP
    HAVING IN LIMIT MINUS NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR TRUE UNDEF
    UNION VALUES WHERE
    ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
    GROUP_CONCAT HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MAX
    MD5 MIN MINUTES MONTH NOW RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384
    SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM
    TIMEZONE TZ UCASE URI UUID YEAR
"""
KEYWORDS = frozenset(_WORDS.split())
"""Every word of SPARQL 1.1 queries that is not refused."""
MOST = 20
"""Faults of one kind that are told of a query."""


@lru_cache(maxsize=256)
def faults(text: str, file: str, prefixes: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Everything for which a query is refused as it stands.

    ``file`` is the name shown to people; ``prefixes`` are known without being declared. What was
    said of the last texts is kept. Of words and of prefixes that are not known, the first ``MOST``
    are told.
    """
    try:
        words = tokens(text)
    except MalformedError as fault:
        return (
            Diagnostic(
                code="Q001",
                severity=Severity.ERROR,
                message=str(fault),
                at=place(file, text, fault.offset),
                why="The query cannot be read beyond this place.",
                help=fault.advice,
            ),
        )
    refused = (*_services(words), *_datasets(words), *_updates(words))
    if refused:
        return tuple(_told(text, file, *each) for each in refused[:MOST])
    return (
        *islice(_unknown_words(words, text, file), MOST),
        *_form(words, text, file),
        *islice(_unknown_prefixes(words, text, file, prefixes), MOST),
    )


Refusal = tuple[Token, str, str, str, str]
"""The place, the code, the message, why, and what to do instead."""


def _told(text: str, file: str, token: Token, code: str, *words: str) -> Diagnostic:
    message, why, advice = words
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=place(file, text, token.start),
        why=why,
        help=advice,
    )


def _services(words: tuple[Token, ...]) -> Iterator[Refusal]:
    """``SERVICE``: also where it is written together with the word beside it."""
    for before, token, after in _triples(words):
        hidden = (
            token.kind == "name"
            and "SERVICE" in token.text.partition(":")[0].upper()
            and after is not None
            and after.is_sign("{")
            and not (before is not None and before.is_word("GRAPH"))
        )
        if hidden or (token.kind == "word" and "SERVICE" in token.text.upper()):
            yield (
                token,
                "Q002",
                "`SERVICE` would send parts of this query to another machine.",
                "Queries are answered from the guideline alone, without the network.",
                "Remove the SERVICE part, or add the data you need to the guideline folder.",
            )


def _datasets(words: tuple[Token, ...]) -> Iterator[Refusal]:
    """``FROM`` and ``FROM NAMED``."""
    for token in words:
        if token.kind == "word" and "FROM" in token.text.upper():
            yield (
                token,
                "Q003",
                "`FROM` names another set of data to ask.",
                "There is one set of data: the guideline and the ontology. Nothing is fetched.",
                "Remove the FROM part.",
            )


def _updates(words: tuple[Token, ...]) -> Iterator[Refusal]:
    """Every form of SPARQL Update."""
    for token in words:
        if token.kind == "word" and token.text.upper().startswith(UPDATES):
            name = next(each for each in UPDATES if token.text.upper().startswith(each))
            yield (
                token,
                "Q004",
                f"`{name}` changes data; a query may only read."
                if name != "LOAD"
                else "`LOAD` fetches data from an address and changes what is stored.",
                "A guideline changes in its files, where every change can be reviewed.",
                "Edit the files of the guideline, then ask again.",
            )


def _unknown_words(words: tuple[Token, ...], text: str, file: str) -> Iterator[Diagnostic]:
    """Words that SPARQL does not have."""
    for token in words:
        if token.kind != "word" or token.text == "a" or token.text.upper() in KEYWORDS:
            continue
        near = alike(token.text, KEYWORDS)
        yield Diagnostic(
            code="Q001",
            severity=Severity.ERROR,
            message=f"`{token.text}` is not a word of SPARQL 1.1.",
            at=place(file, text, token.start),
            why="A bare word is a keyword or a function; what you ask about has a prefix, a `?` or "
            "quotation marks.",
            help=f"Did you mean `{near[0]}`?"
            if near
            else f'Write `d:{token.text}`, `?{token.text}` or `"{token.text}"`, as you mean it.',
        )


def _form(words: tuple[Token, ...], text: str, file: str) -> Iterator[Diagnostic]:
    """A query has one of four forms, and each begins with its word."""
    if not any(each.is_word(*FORMS) for each in words):
        yield Diagnostic(
            code="Q001",
            severity=Severity.ERROR,
            message="This is not a query: it has none of SELECT, ASK, CONSTRUCT and DESCRIBE.",
            at=place(file, text, words[0].start if words else 0),
            why="These words say in which form you want the answer.",
            help="Write for example: SELECT ?r ?label WHERE { ?r a gg:Recommendation ; "
            "rdfs:label ?label }",
        )


def _unknown_prefixes(
    words: tuple[Token, ...], text: str, file: str, prefixes: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Each prefix that is neither declared nor known, at its first use."""
    known = set(prefixes)
    for before, token, _ in _triples(words):
        if token.kind != "name":
            continue
        prefix = token.text.partition(":")[0]
        declares = before is not None and before.is_word("PREFIX")
        if prefix not in known and not declares:
            near = alike(prefix, known)
            yield Diagnostic(
                code="Q005",
                severity=Severity.ERROR,
                message=f"The prefix `{prefix}:` is not declared.",
                at=place(file, text, token.start),
                why="A prefix stands for the beginning of an address; without it the name means "
                "nothing.",
                help=(f"Did you mean `{near[0]}:`? " if near else "")
                + f"Declare it (PREFIX {prefix}: <…>), or use one of those that are always there: "
                + ", ".join(f"{each}:" for each in sorted(prefixes))
                + ".",
            )
        known.add(prefix)


def _triples(
    words: tuple[Token, ...],
) -> Iterator[tuple[Token | None, Token, Token | None]]:
    """Each word with the one before and the one after."""
    return zip((None, *words), words, (*words[1:], None), strict=False)
