"""Reads Turtle that ``acceptance`` has accepted: which value stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from contextlib import contextmanager

from guidegraph.turtle.names import Names, unescaped
from guidegraph.turtle.tokens import Token, tokens
from guidegraph.turtle.tree import Block, Directive, Entry, Gap, Node, Piece
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_STRING,
    Blank,
    Iri,
    Literal,
    Part,
    Sequence,
    Value,
    number_type,
)

DEPTH = 100
"""How deeply brackets may be nested in a text that is changed in place."""

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


class OddTurtleError(Exception):
    """Something of a form that is not known here, at an offset of the text."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def pieces(text: str) -> Iterator[Piece]:
    """A whole text as directives, blocks and what is between them; nothing is left out."""
    start = 1 if text.startswith("\ufeff") else 0
    reading = _Reading(text, tuple(tokens(text, start)), Names())
    done = 0
    while not reading.is_at_end:
        if done < (begin := reading.token.start):
            yield Gap(text[done:begin])
        piece = reading.piece()
        yield piece
        done = begin + len(piece.text)
    if done < len(text):
        yield Gap(text[done:])


def block(text: str, names: Names) -> Block:
    """The one block that a text consists of."""
    found = _Reading(text, tuple(tokens(text)), names).piece()
    if not isinstance(found, Block) or found.text != text:
        raise OddTurtleError(len(found.text))
    return found


class _Reading:
    """Reads one statement after the other; ``origin`` is where the current one begins."""

    def __init__(self, text: str, found: Tokens[Token], names: Names) -> None:
        self.text = text
        self.tokens = found
        self.names = names
        self.position = 0
        self.origin = 0
        self.depth = 0

    @property
    def is_at_end(self) -> bool:
        """Whether there is nothing more."""
        return self.position >= len(self.tokens)

    @property
    def token(self) -> Token:
        """The token that comes next."""
        if self.is_at_end:
            raise OddTurtleError(len(self.text))
        return self.tokens[self.position]

    def piece(self) -> Block | Directive:
        """The statement that begins here, with the comment at the end of its last line."""
        first = self.token
        self.origin = first.start
        if first.text in ("@prefix", "@base") or (
            first.kind == "word" and first.text.lower() in ("prefix", "base")
        ):
            return self._directive(first.text.lstrip("@").lower())
        subject = self._node()
        ends_here = self._is_mark(".") and bool(subject.entries)
        entries = () if ends_here else self._entries(".")
        close = self._mark(".") - self.origin
        return Block(self._text_to(close + 1), self.names, subject, entries, close)

    def _text_to(self, end: int) -> str:
        rest = _REST_OF_LINE.match(self.text, self.origin + end)
        return self.text[self.origin : rest.end() if rest else self.origin + end]

    def _directive(self, word: str) -> Directive:
        has_stop = self._next().text.startswith("@")
        if word == "prefix":
            prefix = self._next("name").text
            self.names = self.names.with_prefix(prefix[:-1], self._namespace())
        else:
            self.names = self.names.with_base(self._namespace())
        last = self.tokens[self.position - 1].end - 1
        close = (self._mark(".") if has_stop else last) - self.origin
        return Directive(self._text_to(close + 1), self.names, close)

    def _namespace(self) -> str:
        return self.names.iri(self._next("iri").text)

    def _entries(self, closing: str) -> tuple[Entry, ...]:
        found = []
        while not self._is_mark(closing):
            verb = self._verb()
            objects, commas, semicolons = [self._node()], [], []
            while self._is_mark(","):
                commas.append(self._mark(",") - self.origin)
                objects.append(self._node())
            while self._is_mark(";"):
                semicolons.append(self._mark(";") - self.origin)
            found.append(Entry(verb, tuple(objects), tuple(commas), tuple(semicolons)))
            if not semicolons and not self._is_mark(closing):
                raise OddTurtleError(self.token.start)
        return tuple(found)

    def _verb(self) -> Node:
        if self.token.text == "a" and self.token.kind == "word":
            return self._leaf(Iri(RDF_TYPE))
        verb = self._node()
        if not isinstance(verb.value, Iri):
            raise OddTurtleError(self.origin + verb.start)
        return verb

    def _node(self) -> Node:
        token = self.token
        match token.kind:
            case "iri":
                return self._leaf(Iri(self.names.iri(token.text)))
            case "name" if token.text.startswith("_:"):
                return self._leaf(Blank(token.text[2:]))
            case "name":
                return self._leaf(Iri(self._expanded(token)))
            case "number":
                return self._leaf(Literal(token.text, number_type(token.text)))
            case "word" if token.text in ("true", "false"):
                return self._leaf(Literal(token.text, XSD_BOOLEAN))
            case "string" | "long":
                return self._string()
            case "mark" if token.text == "[":
                return self._part()
            case "mark" if token.text == "(":
                return self._sequence()
        raise OddTurtleError(token.start)

    def _expanded(self, token: Token) -> str:
        try:
            return self.names.name(token.text)
        except KeyError:
            raise OddTurtleError(token.start) from None

    def _leaf(self, value: Value) -> Node:
        token = self._next()
        return Node(value, token.start - self.origin, token.end - self.origin)

    def _string(self) -> Node:
        token = self._next()
        width = 3 if token.kind == "long" else 1
        lexical = unescaped(token.text[width:-width])
        start, end = token.start - self.origin, token.end - self.origin
        if self.is_at_end:
            raise OddTurtleError(token.start)
        after = self.token
        if after.kind == "directive" and "--" not in after.text:
            self.position += 1
            tagged = Literal(lexical, language=after.text[1:])
            return Node(tagged, start, after.end - self.origin)
        if self._is_mark("^^"):
            self.position += 1
            typed = self._node()
            if not isinstance(typed.value, Iri):
                raise OddTurtleError(after.start)
            return Node(Literal(lexical, typed.value.iri), start, typed.end, typed=typed)
        return Node(Literal(lexical, XSD_STRING), start, end)

    def _part(self) -> Node:
        start = self._mark("[") - self.origin
        with self._deeper():
            entries = self._entries("]")
        stated = tuple((each.predicate, one.value) for each in entries for one in each.objects)
        return Node(Part(stated), start, self._mark("]") + 1 - self.origin, entries=entries)

    def _sequence(self) -> Node:
        start = self._mark("(") - self.origin
        members = []
        with self._deeper():
            while not self._is_mark(")"):
                members.append(self._node())
        value = Sequence(tuple(each.value for each in members))
        return Node(value, start, self._mark(")") + 1 - self.origin, members=tuple(members))

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEPTH:
            raise OddTurtleError(self.token.start)
        yield
        self.depth -= 1

    def _next(self, kind: str = "") -> Token:
        token = self.token
        if kind and token.kind != kind:
            raise OddTurtleError(token.start)
        self.position += 1
        return token

    def _is_mark(self, mark: str) -> bool:
        if self.is_at_end:
            return False
        token = self.tokens[self.position]
        return token.kind == "mark" and token.text == mark

    def _mark(self, mark: str) -> int:
        if not self._is_mark(mark):
            raise OddTurtleError(self.token.start)
        return self._next().start
