"""Which predicates the answer to a query depends on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache


@lru_cache(maxsize=256)
def predicates(text: str, prefixes: tuple[tuple[str, str], ...]) -> frozenset[str] | None:
    """The predicates of the triples that a query reads; None where these may be any.

    They may be any with a variable as a predicate, with a negated property set, and with a path
    that may have no steps: such a path leads from each node of the graph to itself.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(text), initNs=dict(prefixes)).algebra
    except Exception:  # whatever rdflib thinks of a query that Oxigraph understands
        return None
    found: set[str] = set()
    for _, predicate, _ in _triples(algebra):
        names = list(_names(predicate))
        if None in names:
            return None
        found.update(each for each in names if each is not None)
    return frozenset(found)


def _triples(part: object) -> Iterator[tuple[object, object, object]]:
    """The triple patterns anywhere in a query."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(part, CompValue):
        for name, value in part.items():
            if name == "triples":
                yield from value
            else:
                yield from _triples(value)
    elif isinstance(part, (list, tuple, set)):
        for each in part:
            yield from _triples(each)


def _names(predicate: object) -> Iterator[str | None]:
    """The names in a predicate or path; None where it may be any."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, OneOrMore, SequencePath

    if isinstance(predicate, URIRef):
        yield str(predicate)
    elif isinstance(predicate, InvPath):
        yield from _names(predicate.arg)
    elif isinstance(predicate, (SequencePath, AlternativePath)):
        for each in predicate.args:
            yield from _names(each)
    elif isinstance(predicate, MulPath) and predicate.mod == OneOrMore:
        yield from _names(predicate.path)
    else:
        yield None
