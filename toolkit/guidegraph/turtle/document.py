"""One Turtle file, concrete: every character belongs to a block, a directive or what is between."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import TurtleError
from guidegraph.terms import expand
from guidegraph.turtle.acceptance import NAMELESS, Skeleton, skeletons
from guidegraph.turtle.names import Names
from guidegraph.turtle.parsing import DEPTH, OddTurtleError, pieces
from guidegraph.turtle.tree import Block, Directive, Node, Piece
from guidegraph.turtle.values import RDF_NIL, Iri, Literal, Sequence, Value, is_nameless, key

_FIRST, _REST = expand("rdf:first"), expand("rdf:rest")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Document:
    """A file as it is written; ``rewritten`` makes another one of it."""

    def __init__(self, file: str, parts: Iterable[Piece]) -> None:
        """For ``parse`` and ``rewritten`` only."""
        self.file = file
        self.pieces = tuple(parts)

    @classmethod
    def parse(cls, text: str, file: str) -> Document:
        """Take a text apart; a ``TurtleError`` says why where it is not Turtle."""
        try:
            text.encode()
            told = Counter(skeletons(text))
        except SyntaxError as refused:
            at = Location(file, refused.lineno or 1, refused.offset or 0)
            words = re.sub(r"^Parser error .*?[0-9]: | \(line [0-9]+\)$", "", refused.msg)
            raise TurtleError([_not_turtle(at, f"The reader says: {words}.")]) from None
        except UnicodeEncodeError as half:
            why = "It holds half of a character (a lone surrogate), which no file can hold."
            raise TurtleError([_not_turtle(_at(text, half.start, file), why)]) from None
        try:
            found = cls(file, pieces(text))
        except OddTurtleError as odd:
            raise TurtleError([_odd(_at(text, odd.offset, file))]) from None
        if Counter(found.skeletons()) != told:
            raise TurtleError([_odd(Location(file, 1))])
        return found

    @cached_property
    def text(self) -> str:
        """The whole file, character by character."""
        return "".join(each.text for each in self.pieces)

    @property
    def names(self) -> Names:
        """The prefixes and the base as they are at the end of the file."""
        found = (each.names for each in reversed(self.pieces) if isinstance(each, Directive))
        return next(found, Names())

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that the file declares, as they are at its end."""
        return self.names.prefixes

    @cached_property
    def positions(self) -> Mapping[str, tuple[int, ...]]:
        """Which pieces describe a thing, in the order of the text."""
        found: dict[str, list[int]] = {}
        for position, piece in enumerate(self.pieces):
            if isinstance(piece, Block) and piece.iri is not None:
                found.setdefault(piece.iri, []).append(position)
        return {iri: tuple(each) for iri, each in found.items()}

    @property
    def newline(self) -> str:
        """How the lines of the file end; the first end counts."""
        found = _LINE_END.search(self.text)
        return found.group() if found else "\n"

    @property
    def subjects(self) -> tuple[str, ...]:
        """The IRIs of the things described here, each once, in the order of the text."""
        return tuple(self.positions)

    def blocks(self, iri: str) -> tuple[Block, ...]:
        """The blocks of a thing in the order of the text."""
        found = (self.pieces[each] for each in self.positions.get(iri, ()))
        return tuple(each for each in found if isinstance(each, Block))

    def describe(self, iri: str) -> dict[str, tuple[Value, ...]]:
        """All that this file states of a thing, in the order of the text; no value twice."""
        found: dict[str, dict[object, Value]] = {}
        for block in self.blocks(iri):
            for entry in block.entries:
                values = found.setdefault(entry.predicate, {})
                for each in entry.objects:
                    name = len(values) if is_nameless(each.value) else key(each.value)
                    values.setdefault(name, each.value)
        return {predicate: tuple(values.values()) for predicate, values in found.items()}

    def lines(self, iri: str) -> tuple[tuple[int, int], ...]:
        """Its blocks: first and last line of each."""
        return tuple(
            (
                self._first_lines[position],
                self._first_lines[position] + _line_ends(self.pieces[position].text),
            )
            for position in self.positions.get(iri, ())
        )

    @cached_property
    def _first_lines(self) -> tuple[int, ...]:
        counts = (_line_ends(each.text) for each in self.pieces)
        return tuple(accumulate(counts, initial=1))

    def skeletons(self) -> Iterator[Skeleton]:
        """The triples as they are read here, to be compared with those of the parser."""
        for piece in self.pieces:
            if isinstance(piece, Block):
                subject = _name(piece.subject)
                yield from _inside(piece.subject)
                yield from _stated(subject, piece)


def _stated(subject: str, holder: Block | Node) -> Iterator[Skeleton]:
    for entry in holder.entries:
        for each in entry.objects:
            yield subject, entry.predicate, _told(each)
            yield from _inside(each)


def _inside(node: Node) -> Iterator[Skeleton]:
    yield from _stated(NAMELESS, node)
    for position, member in enumerate(node.members, 1):
        yield NAMELESS, _FIRST, _told(member)
        yield NAMELESS, _REST, (NAMELESS if position < len(node.members) else RDF_NIL,)
        yield from _inside(member)


def _told(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, Literal):
        return (node.value.lexical, node.value.datatype, node.value.language.lower())
    return (_name(node),)


def _name(node: Node) -> str:
    if isinstance(node.value, Iri):
        return node.value.iri
    return RDF_NIL if isinstance(node.value, Sequence) and not node.members else NAMELESS


def _line_ends(text: str) -> int:
    return sum(1 for _ in _LINE_END.finditer(text))


def _at(text: str, offset: int, file: str) -> Location:
    before = text[:offset]
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return Location(file, _line_ends(before) + 1, offset - start + 1)


def _not_turtle(at: Location, why: str) -> Diagnostic:
    return Diagnostic(
        code="R010",
        severity=Severity.ERROR,
        message="This cannot be read as Turtle.",
        at=at,
        why=why,
        help="Correct it by hand; `guidegraph check` says more about it.",
    )


def _odd(at: Location) -> Diagnostic:
    return Diagnostic(
        code="W001",
        severity=Severity.ERROR,
        message="This is written in a way that cannot be changed in place.",
        at=at,
        why="Guidelines are written in Turtle 1.1, without statements about statements, and with "
        f"brackets in at most {DEPTH} levels. What is not understood is left alone.",
        help="Write it in a simpler form, or edit this file by hand.",
    )
