"""What stands where in one statement of Turtle.

Offsets count from the beginning of the piece of text that a block is, so that a block stays as it
is when the text before it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from guidegraph.turtle.names import Names
from guidegraph.turtle.values import RDF_TYPE, Iri, Value


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it stands; ``typed`` is the datatype that it names."""

    value: Value
    start: int
    end: int
    entries: tuple[Entry, ...] = ()
    members: tuple[Node, ...] = ()
    typed: Node | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A property where it stands: verb, objects, the commas between, the semicolons after it."""

    verb: Node
    objects: tuple[Node, ...]
    commas: tuple[int, ...]
    semicolons: tuple[int, ...]

    @property
    def predicate(self) -> str:
        """The property as a full IRI."""
        assert isinstance(self.verb.value, Iri)
        return self.verb.value.iri

    @property
    def start(self) -> int:
        """Where the verb begins."""
        return self.verb.start

    @property
    def end(self) -> int:
        """Where the text after the last object begins."""
        return self.objects[-1].end


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between blocks: blank lines and comments."""

    text: str


@dataclass(frozen=True, slots=True)
class Directive:
    """The declaration of a prefix or of a base; ``names`` is what is known after it."""

    text: str
    names: Names
    close: int


@dataclass(frozen=True)
class Block:
    """A subject with its properties, the full stop at ``close``, and the comment on its line."""

    text: str
    names: Names
    subject: Node
    entries: tuple[Entry, ...]
    close: int

    @cached_property
    def iri(self) -> str | None:
        """The subject where it has a name."""
        return self.subject.value.iri if isinstance(self.subject.value, Iri) else None

    @property
    def is_typed(self) -> bool:
        """Whether this block says of which class the subject is."""
        return any(each.predicate == RDF_TYPE for each in self.entries)


Piece = Gap | Directive | Block
