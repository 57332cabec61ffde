"""How messages call terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.shacl.names import OWL, RDF, RDFS, SH, XSD

PREFIXES = {"sh": SH, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD}
MOST = 8
"""How many members of a list a message names."""
LONGEST = 200
"""How many characters of a literal a message shows."""


def shown(term: Term, prefixes: dict[str, str] | None = None) -> str:
    """A term as Turtle writes it, with a prefix where one is known."""
    if isinstance(term, ox.BlankNode):
        return "[...]"
    if isinstance(term, ox.Literal):
        value = term.value
        if len(value) > LONGEST:
            value = f"{value[:LONGEST]}... ({len(value):,} characters)"
        if term.language is None and term.datatype.value in _BARE:
            return value
        text = str(ox.Literal(value))
        if term.language is not None:
            return f"{text}@{term.language}"
        if term.datatype.value == XSD + "string":
            return text
        return f"{text}^^{shown(term.datatype, prefixes)}"
    for prefix, namespace in (*(prefixes or {}).items(), *PREFIXES.items()):
        local = term.value.removeprefix(namespace)
        if namespace and local != term.value and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{local}"
    return f"<{term.value}>"


_BARE = (XSD + "integer", XSD + "decimal", XSD + "boolean")


def listed(terms: Iterable[Term], shown: Callable[[Term], str] = shown) -> str:
    """Terms one after the other, at most so many."""
    words = [shown(each) for each in terms]
    more = f" and {len(words) - MOST} more" if len(words) > MOST else ""
    return ", ".join(words[:MOST]) + more
