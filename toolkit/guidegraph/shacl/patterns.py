"""Which texts match a pattern, in time that grows with their length and no faster.

Patterns are those of SPARQL's ``REGEX``, and Oxigraph, which never goes back in a text, looks for
them. Patterns that look ahead or behind are not among them; Python does these where they cannot
take long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyoxigraph as ox

from guidegraph.shacl.shapes import UnjudgedError

LONGEST = 2000
"""Characters of a text that Python may look through."""
_AT_ONCE = 20_000
_ESCAPED = re.compile(r"\\.|\[\^?\]?[^\]]*\]", re.S)
_REPEATS = re.compile(r"[*+]|\{[0-9]*,\}")
_GROUP_AGAIN = re.compile(r"\)[*+{]|\(\?P=")
_FLAGS = {"i": re.I, "m": re.M, "s": re.S, "x": re.X}


class UnusablePatternError(Exception):
    """A pattern is none, or it could take very long; says why."""


class Pattern:
    """A pattern with its flags; raises ``UnusablePatternError`` where it cannot be used."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._call = f"REGEX(?v, {ox.Literal(pattern)}, {ox.Literal(flags)})"
        self._python: re.Pattern[str] | None = None
        query = f'SELECT ({self._call} AS ?found) {{ VALUES ?v {{ "" }} }}'
        if next(iter(_Store.query(query)))[0] is None:
            self._python = _compiled(pattern, flags)

    def matched(self, texts: Sequence[str]) -> set[str]:
        """Those of some texts in which it is found."""
        if self._python is not None:
            return {each for each in texts if self._search(each, self._python)}
        return {text for some in _pieces(set(texts)) for text in self._asked(some)}

    def _search(self, text: str, pattern: re.Pattern[str]) -> bool:
        if len(text) > LONGEST:
            raise UnjudgedError(f"its pattern looks ahead in a text of {len(text)} characters")
        return pattern.search(text) is not None

    def _asked(self, texts: list[str]) -> Iterator[str]:
        values = " ".join(str(ox.Literal(each)) for each in texts)
        query = f"SELECT ?v {{ VALUES ?v {{ {values} }} FILTER({self._call}) }}"
        return (each[0].value for each in _Store.query(query))


class _Store:
    """A store in which nothing is: questions about their own values are asked of it."""

    _empty: ox.Store | None = None

    @classmethod
    def query(cls, text: str) -> Iterable[ox.QuerySolution]:
        cls._empty = cls._empty or ox.Store()
        return cls._empty.query(text)  # type: ignore[return-value]  # these are all SELECT


def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """The same for Python, if it can be done there without going back again and again."""
    try:
        found = re.compile(pattern, sum({_FLAGS[each] for each in flags}))
    except KeyError:
        raise UnusablePatternError(f"has the flags {flags!r}, which there are none of") from None
    except (re.error, RecursionError, OverflowError) as fault:
        raise UnusablePatternError(f"is not a regular expression: {fault}") from None
    plain = _ESCAPED.sub("_", pattern)
    backwards = re.search(r"\\[1-9]", pattern) is not None
    if backwards or _GROUP_AGAIN.search(plain) or len(_REPEATS.findall(plain)) > 1:
        raise UnusablePatternError("could take very long with an unlucky text")
    return found


def _pieces(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
