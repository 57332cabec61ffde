"""Whether a text is Turtle: pyoxigraph says so, and what it says is compared with our reading."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph

Skeleton = tuple[str, str, tuple[str, ...]]
"""A triple in which all things without a name are one."""

NAMELESS = "_:"


def triples(text: str) -> Iterator[pyoxigraph.Quad]:
    """The triples of a text; a ``SyntaxError`` where it is not Turtle."""
    return pyoxigraph.parse(text.removeprefix("\ufeff"), format=pyoxigraph.RdfFormat.TURTLE)


def is_turtle(text: str) -> bool:
    """Whether the whole text is Turtle."""
    try:
        for _ in triples(text):
            pass
    except SyntaxError:
        return False
    return True


def skeletons(text: str) -> Iterator[Skeleton]:
    """The triples of a text, as far as they can be compared without their blank nodes."""
    for triple in triples(text):
        value = triple.object
        told: tuple[str, ...]
        if isinstance(value, pyoxigraph.Literal):
            told = (value.value, value.datatype.value, value.language or "")
        else:
            told = (_name(value),)
        yield _name(triple.subject), triple.predicate.value, told


def _name(node: object) -> str:
    return node.value if isinstance(node, pyoxigraph.NamedNode) else NAMELESS
