"""How the parameters of a query get their values.

Values never become part of the text. Every group of the query that speaks of a parameter begins
with ``BIND(<urn:guidegraph:parameter:NAME>() AS ?NAME)``, a function that answers with the term.
(The engine's own substitution leaves variables free in FILTER and in subqueries, and demands that
they are among the columns.) A server elsewhere knows no such function: there, each is written out
as the term itself, which was checked before (``written_out``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph as ox

from guidegraph.query.parameters import Term
from guidegraph.query.tokens import Token

FUNCTION = "urn:guidegraph:parameter:"
Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]


def functions(bound: Mapping[str, Term]) -> dict[ox.NamedNode, Function]:
    """The functions that answer with the values of the parameters."""
    return {ox.NamedNode(FUNCTION + name): (lambda term=term: term) for name, term in bound.items()}


def called(names: Iterable[str]) -> dict[str, str]:
    """How each parameter is written where the functions are known."""
    return {name: f"<{FUNCTION}{name}>()" for name in names}


def written_out(bound: Mapping[str, Term]) -> dict[str, str]:
    """How each parameter is written where they are not: as its term."""
    return {name: str(term) for name, term in bound.items()}


def with_parameters(text: str, words: tuple[Token, ...], values: Mapping[str, str]) -> str:
    """The query with every parameter bound in each group that speaks of it (on the same line)."""
    insertions: list[tuple[int, str]] = []
    for opening, first, last in _groups(words):
        used = {each.text[1:] for each in words[first:last] if each.kind == "variable"}
        bindings = "".join(f" BIND({term} AS ?{n})" for n, term in values.items() if n in used)
        if bindings:
            insertions.append((opening.end, bindings))
    for offset, bindings in sorted(insertions, reverse=True):
        text = text[:offset] + bindings + text[offset:]
    return text


def _groups(words: tuple[Token, ...]) -> Iterator[tuple[Token, int, int]]:
    """Each group of patterns: its opening brace, and the stretch of words it must answer for.

    The group of a query or subquery answers for that query's columns and order, too.
    """
    closing = _partners(words)
    outer: list[tuple[int, int, bool]] = [(0, len(words), True)]
    for at, token in enumerate(words):
        if not token.is_sign("{"):
            continue
        while at >= outer[-1][1]:
            outer.pop()
        first, last, is_query = outer[-1]
        is_subquery = at + 1 < len(words) and words[at + 1].text.upper().startswith("SELECT")
        is_group = not is_subquery and not _is_data(words, at)
        if is_group:
            yield (token, first, last) if is_query else (token, at, closing[at])
        outer.append((at, closing[at], is_subquery))


def _partners(words: tuple[Token, ...]) -> dict[int, int]:
    """The place of each opening brace and that of the brace which closes it."""
    partners, opened = {}, []
    for at, token in enumerate(words):
        if token.is_sign("{"):
            opened.append(at)
        elif token.is_sign("}"):
            partners[opened.pop()] = at
    return partners


def _is_data(words: tuple[Token, ...], at: int) -> bool:
    """Whether a brace opens the data of VALUES or the template of CONSTRUCT."""
    back = at - 1
    if back >= 0 and words[back].text.upper().endswith("CONSTRUCT"):
        return True
    while back >= 0 and (words[back].kind == "variable" or words[back].text in ("(", ")")):
        back -= 1
    return back >= 0 and words[back].text.upper().endswith("VALUES")
