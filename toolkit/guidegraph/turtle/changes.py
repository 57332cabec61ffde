"""The changes that can be made to the text of a file, and making them in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import UsageError
from guidegraph.turtle import parsing
from guidegraph.turtle.acceptance import skeletons
from guidegraph.turtle.document import Document
from guidegraph.turtle.gaps import apart, with_block, without_block
from guidegraph.turtle.layout import block_text
from guidegraph.turtle.names import Names
from guidegraph.turtle.puts import Editing, Place, Plan, distinct, plan
from guidegraph.turtle.splices import replaced
from guidegraph.turtle.tree import Block, Node, Piece
from guidegraph.turtle.values import RDF_TYPE, Iri, Value, key
from guidegraph.turtle.writing import grouped, name, verb, written


@dataclass(frozen=True, slots=True)
class Put:
    """The values of one property from now on; none takes the property away."""

    subject: str
    predicate: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Create:
    """A new thing, written after the thing ``after`` of the same file, or at the end."""

    subject: str
    statements: tuple[tuple[str, tuple[Value, ...]], ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes all blocks of a thing away, with the comments that stand directly above them."""

    subject: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for a thing, wherever the file mentions it."""

    old: str
    new: str


Change: TypeAlias = Put | Create | Remove | Rename


def rewritten(document: Document, changes: Iterable[Change]) -> Document:
    """The file after these changes, one after the other; all other lines stay as they are.

    Putting, removing or renaming what the file does not have changes nothing, but values put where
    there are none begin a new block. A change that cannot be made is a ``UsageError``.
    """
    work = _Rewriting(document)
    for change in changes:
        try:
            work.make(change)
        except parsing.OddTurtleError as odd:
            raise UsageError([_too_deep(document.file)]) from odd
    return work.finished()


class _Rewriting:
    """A file while it is being changed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.newline = document.newline
        self.precedence: dict[str, Counter[str]] = {}
        self.touched: list[Block] = []

    def finished(self) -> Document:
        """The changed file, after a look whether the parser reads the new text as it is meant."""
        there = {id(each) for each in self.document.pieces}
        for block in self.touched:
            if id(block) in there:
                _hold_to_parser(block)
        return self.document

    def make(self, change: Change) -> None:
        """Make one change."""
        match change:
            case Put(subject, predicate, values):
                self.put(subject, predicate, values)
            case Create(subject, statements, after):
                self.create(subject, statements, after)
            case Remove(subject):
                self.remove(subject)
            case Rename(old, new):
                self.rename(old, new)

    # ---- values --------------------------------------------------------------------------

    def put(self, subject: str, predicate: str, values: tuple[Value, ...]) -> None:
        """Give a property these values."""
        positions = self.document.positions.get(subject, ())
        if not positions:
            if values:
                self._append(subject, ((predicate, values),), None)
            return
        edits = {each: self._editing(each) for each in positions}
        places: list[tuple[Place, Value]] = [
            ((position, *place), value)
            for position, edit in edits.items()
            for place, value in edit.places((), predicate)
        ]
        wanted = plan(places, values)
        if wanted.is_empty:
            return
        home = max((place[0] for place, _ in places), default=self._home(positions))
        pieces: dict[int, Block | None] = {}
        for position, edit in edits.items():
            own = Plan(
                tuple(
                    (place[1:], value) for place, value in wanted.changed if place[0] == position
                ),
                tuple(place[1:] for place in wanted.gone if place[0] == position),
                wanted.more if position == home else (),
            )
            if not own.is_empty:
                before = self._block(position)
                edit.apply((), predicate, own)
                pieces[position] = edit.block and self._laid_out(before, edit.block)
        self._replace(pieces)
        now = self.document.describe(subject).get(predicate, ())
        assert Counter(map(key, now)) == Counter(map(key, distinct(values))), "put as asked"

    def _editing(self, position: int) -> Editing:
        return Editing(self._block(position), self.newline, self._position)

    def _block(self, position: int) -> Block:
        found = self.document.pieces[position]
        assert isinstance(found, Block)
        return found

    def _home(self, positions: tuple[int, ...]) -> int:
        typed = (each for each in positions if self._block(each).is_typed)
        return next(typed, positions[0])

    def _laid_out(self, before: Block, after: Block) -> Block:
        """A block that was in canonical form stays so."""
        if block_text(before, self.newline) != before.text:
            return after
        return parsing.block(block_text(after, self.newline), after.names)

    def _position(self, block: Block, predicate: str) -> int:
        """Where most things of this file have the property, else at the end; the class first."""
        if predicate == RDF_TYPE:
            return 0
        known = self.precedence.get(predicate)
        if known is None:
            known = self.precedence[predicate] = _precedence(self.document, predicate)
        present = [each.predicate for each in block.entries]
        first = 1 if present[0] == RDF_TYPE else 0
        costs = {
            number: sum(known[each] for each in present[:number])
            - sum(known[each] for each in present[number:])
            for number in range(first, len(present) + 1)
        }
        return max(costs, key=lambda number: (-costs[number], number))

    # ---- things ----------------------------------------------------------------------------

    def create(
        self,
        subject: str,
        statements: tuple[tuple[str, tuple[Value, ...]], ...],
        after: str | None,
    ) -> None:
        """Write a new thing."""
        if subject in self.document.positions:
            raise UsageError([self._taken(subject)])
        if not any(values for _, values in statements):
            raise UsageError([_nothing(subject)])
        self._append(subject, statements, after)

    def _append(
        self,
        subject: str,
        statements: tuple[tuple[str, tuple[Value, ...]], ...],
        after: str | None,
    ) -> None:
        positions = self.document.positions.get(after or "", ())
        place = self._home(positions) + 1 if positions else len(self.document.pieces)
        names = self._block(place - 1).names if positions else self.document.names
        block = self._new(subject, statements, names)
        self.touched.append(block)
        self._set(with_block(self.document.pieces, place, block, self.newline))

    def _new(
        self, subject: str, statements: Iterable[tuple[str, tuple[Value, ...]]], names: Names
    ) -> Block:
        flat = [(each, one) for each, values in statements for one in values]
        said = {
            verb(predicate, names): [written(each, names) for each in distinct(values)]
            for predicate, values in grouped(flat)
        }
        inside = " ; ".join(f"{word} {' , '.join(values)}" for word, values in said.items())
        block = parsing.block(f"{name(subject, names)} {inside} .", names)
        return parsing.block(block_text(block, self.newline), names)

    def remove(self, subject: str) -> None:
        """Take all blocks of a thing away."""
        self._replace(dict.fromkeys(self.document.positions.get(subject, ())))

    def rename(self, old: str, new: str) -> None:
        """Write another name wherever the old one is mentioned."""
        if old == new:
            return
        if new in self.document.positions:
            raise UsageError([self._taken(new)])
        pieces: dict[int, Block | None] = {}
        for position, piece in enumerate(self.document.pieces):
            if isinstance(piece, Block):
                found = [(each.start, each.end) for each in _mentions(piece, old)]
                if found:
                    word = name(new, piece.names)
                    text = replaced(piece.text, [(*place, word) for place in found])
                    pieces[position] = self._laid_out(piece, parsing.block(text, piece.names))
        self._replace(pieces)

    # ---- the pieces ------------------------------------------------------------------------

    def _replace(self, new: dict[int, Block | None]) -> None:
        """Put other blocks in these places, or nothing."""
        if not new:
            return
        pieces = self.document.pieces
        for position, block in sorted(new.items(), reverse=True):
            if block is None:
                pieces = without_block(pieces, position)
            else:
                pieces = apart(pieces, position, block, self.newline)
                self.touched.append(block)
        self._set(pieces)

    def _set(self, pieces: tuple[Piece, ...]) -> None:
        self.document = Document(self.document.file, pieces)

    def _taken(self, iri: str) -> Diagnostic:
        first, _ = self.document.lines(iri)[0]
        return Diagnostic(
            code="W003",
            severity=Severity.ERROR,
            message=f"There is a thing of this name already: <{iri}>.",
            at=Location(self.document.file, first),
            why="Two things with one name would become one.",
            help="Choose another name.",
        )


def _nothing(iri: str) -> Diagnostic:
    return Diagnostic(
        code="W003",
        severity=Severity.ERROR,
        message=f"Nothing is said of the new thing <{iri}>, so it cannot be written.",
        help="Say at least of which class it is.",
    )


def _too_deep(file: str) -> Diagnostic:
    return Diagnostic(
        code="W001",
        severity=Severity.ERROR,
        message=f"{file} would have brackets in brackets in more than {parsing.DEPTH} levels.",
        why="So deep a text cannot be changed in place afterwards.",
        help="Give the innermost parts a name, and mention it.",
    )


def _precedence(document: Document, predicate: str) -> Counter[str]:
    """How much more often this file has a property before another (below zero: after it)."""
    found: Counter[str] = Counter()
    for piece in document.pieces:
        if isinstance(piece, Block):
            order = [each.predicate for each in piece.entries]
            if predicate in order:
                here = order.index(predicate)
                found.update(order[here + 1 :])
                found.subtract(order[:here])
    return found


def _mentions(holder: Block | Node, iri: str) -> Iterator[Node]:
    """Every place in which a name stands: as subject, property, value or datatype."""
    nodes: list[Node] = list(holder.members) if isinstance(holder, Node) else [holder.subject]
    for entry in holder.entries:
        nodes += (entry.verb, *entry.objects)
    for node in nodes:
        if node.value == Iri(iri):
            yield node
        if node.typed and node.typed.value == Iri(iri):
            yield node.typed
        yield from _mentions(node, iri)


def _hold_to_parser(block: Block) -> None:
    """Our own reading of a changed block must be that of the parser."""
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in block.names.prefixes.items())
    base = f"@base <{block.names.base}> .\n" if block.names.base else ""
    told = Counter(skeletons(f"{prefixes}{base}{block.text}\n"))
    assert told == Counter(Document("", [block]).skeletons()), block.text
