"""Every triple of a sound text, with the places of its verb and its object.

No RDF library keeps the line of a triple, so the text is read a second time here, after
``acceptance`` has found that it is Turtle. Whoever asks says what terms are made of (``Taker``);
each spelling is made once, for most of a guideline is the same few hundred names.

Each triple also has its *turn*: the number of the token at which a parser that reads on and on
knows it (words are known one token later, as ``@en`` or ``^^`` may follow). pyoxigraph gives
triples in the order of turns, and of one turn the last first; so what it read can be told its
places later.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

from guidegraph.terms import expand
from guidegraph.turtle.names import Names, unescaped
from guidegraph.turtle.tokens import sound
from guidegraph.turtle.values import RDF_NIL, RDF_TYPE, XSD_BOOLEAN, number_type

Term = TypeVar("Term")

RDF_FIRST = expand("rdf:first")
RDF_REST = expand("rdf:rest")

_REPEATED_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+(?:[.,][0-9]+)*")
_STRINGS = ("string", "long")
Token = tuple[str, str, int]


class Taker(Protocol[Term]):
    """Makes terms and takes triples; all offsets count from the beginning of the text."""

    def iri(self, iri: str) -> Term:
        """The term for a full IRI."""
        ...

    def literal(self, lexical: str, datatype: str, language: str) -> Term:
        """The term for a literal; ``datatype`` is empty where the text names none."""
        ...

    def blank(self, label: str) -> Term:
        """A blank node: the one with this label, or a new one where the label is empty."""
        ...

    def put(self, triple: tuple[Term, Term, Term], verb: int, at: int, turn: int) -> None:
        """A triple whose verb and whose object begin at these offsets, and its turn."""
        ...

    def prefix(self, name: str, namespace: str, at: int) -> None:
        """A prefix is declared in a statement that begins here."""
        ...

    def described(self, subject: Term, at: int) -> None:
        """A description of ``subject`` that says its class begins here."""
        ...

    def split(self, written: str, at: int) -> None:
        """A number with a comma in it, which Turtle reads as several numbers."""
        ...


class UnreadError(Exception):
    """A form that is not read here, at an offset of the text."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(offset, reason)
        self.offset = offset
        self.reason = reason


NESTED = "nested too deeply"


def read_triples(text: str, taker: Taker[Term], names: Names, depth: int) -> None:
    """Hand every triple of a text that is Turtle to ``taker``.

    ``names`` are known before the text begins; brackets are nested at most ``depth`` deep. Raises
    ``UnreadError``, which says where reading ended.
    """
    _Reading(text, taker, names, depth).run()


class _Reading(Generic[Term]):
    """One text: its tokens, the one that comes next, and the terms that were made so far."""

    def __init__(self, text: str, taker: Taker[Term], names: Names, depth: int) -> None:
        found = [
            (each.lastgroup or "", each[each.lastindex or 0], each.start(each.lastindex or 0))
            for each in sound().finditer(text, 1 if text.startswith("\ufeff") else 0)
        ]
        while found and found[-1][0] == "end":
            found.pop()
        self.tokens = [*found, ("end", "", len(text))]
        self.text = text
        self.next = 0
        self.turn = 0
        self.taker = taker
        self.names = names
        self.depth = depth
        self.opened: list[int] = []
        self.terms: dict[str, Term] = {}
        self.type = taker.iri(RDF_TYPE)
        self.first, self.rest, self.nil = map(taker.iri, (RDF_FIRST, RDF_REST, RDF_NIL))
        self.terms["a"] = self.type

    def run(self) -> None:
        """Read every statement."""
        while (token := self.tokens[self.next])[0] != "end":
            kind, written, at = token
            if kind == "directive" or (kind == "word" and written.lower() in ("prefix", "base")):
                self._directive(written, at)
            else:
                self._statement(at)

    def _directive(self, written: str, at: int) -> None:
        self.next += 1
        if written.lower().endswith("prefix"):
            name = self._expect("name")[:-1]
            namespace = self.names.iri(self._expect("iri"))
            self.names = self.names.with_prefix(name, namespace)
            self.taker.prefix(name, namespace, at)
        else:
            self.names = self.names.with_base(self.names.iri(self._expect("iri")))
        self.terms = {"a": self.type}
        if written.startswith("@"):
            self._mark(".")

    def _statement(self, at: int) -> None:
        self.opened.append(at)
        is_part = self.tokens[self.next][1] == "["
        subject = self._object(_nothing)
        if not (is_part and self.tokens[self.next][1] == "."):
            self._properties(subject, ".")
        self._mark(".")
        self.opened.pop()

    def _properties(self, subject: Term, closing: str) -> None:
        """``verb object, object; verb ...`` up to the mark that closes them."""
        tokens, put = self.tokens, self.taker.put
        is_typed = False
        while (token := tokens[self.next])[1] != closing:
            if token[1] == ";":
                self.next += 1
                continue
            verb = token[2]
            predicate = self._term()
            is_typed |= predicate is self.type
            while True:
                kind, written, at = tokens[self.next]
                if written == "(":
                    self._object(partial(self._state, subject, predicate, verb, at))
                else:
                    value = self._object(_nothing)
                    put((subject, predicate, value), verb, at, self.turn)
                if tokens[self.next][1] != ",":
                    break
                if kind == "number":
                    self._look_for_split(at)
                self.next += 1
        if is_typed:
            self.taker.described(subject, self.opened[-1])

    def _object(self, state: Callable[[Term], None]) -> Term:
        """What stands here; ``state`` says the triple that leads to a collection."""
        kind, written, at = self.tokens[self.next]
        if kind != "mark":
            return self._term()
        if len(self.opened) >= self.depth:
            raise UnreadError(at, NESTED)
        self.opened.append(at)
        if written == "[":
            self.next += 1
            found = self.taker.blank("")
            self._properties(found, "]")
            self.turn = self.next
            self.next += 1
        elif written == "(":
            found = self._collection(state)
        else:
            raise UnreadError(at, f"`{written}` is not expected here")
        self.opened.pop()
        return found

    def _collection(self, state: Callable[[Term], None]) -> Term:
        put = self.taker.put
        self.next += 1
        cell, before = self.nil, 0
        head = self.nil
        while (token := self.tokens[self.next])[1] != ")":
            new, at, self.turn = self.taker.blank(""), token[2], self.next
            if cell is self.nil:
                head = new
                state(head)
            else:
                put((cell, self.rest, new), before, before, self.turn)
            cell, before = new, at
            if token[1] == "(":
                self._object(partial(self._state, cell, self.first, at, at))
            else:
                value = self._object(_nothing)
                put((cell, self.first, value), at, at, self.turn)
        self.turn = self.next
        self.next += 1
        if cell is self.nil:
            state(head)
        else:
            put((cell, self.rest, self.nil), before, before, self.turn)
        return head

    def _state(self, subject: Term, predicate: Term, verb: int, at: int, value: Term) -> None:
        self.taker.put((subject, predicate, value), verb, at, self.turn)

    def _term(self) -> Term:
        """A name, a number or words."""
        kind, written, at = self.tokens[self.next]
        self.turn = self.next
        self.next += 1
        if kind in _STRINGS:
            return self._string(kind, written)
        if (known := self.terms.get(written)) is None:
            known = self.terms[written] = self._made(kind, written, at)
        return known

    def _made(self, kind: str, written: str, at: int) -> Term:
        if kind == "iri":
            return self._iri(self.names.iri(written))
        if kind == "name":
            if written.startswith("_:"):
                return self.taker.blank(written[2:])
            if written.partition(":")[0] in self.names.prefixes:
                return self._iri(self.names.name(written))
        if kind == "number":
            return self.taker.literal(written, number_type(written), "")
        if kind == "word" and written in ("true", "false"):
            return self.taker.literal(written, XSD_BOOLEAN, "")
        raise UnreadError(at, f"`{written}` is not expected here")

    def _iri(self, iri: str) -> Term:
        return self.type if iri == RDF_TYPE else self.taker.iri(iri)

    def _string(self, kind: str, written: str) -> Term:
        suffix, after, at = self.tokens[self.next]
        spelling, named = written, None
        if suffix == "directive":
            if "--" in after:
                raise UnreadError(at, "a direction is not read here")
            self.next += 1
            spelling += after
        elif after == "^^":
            named = self.tokens[self.next + 1]
            self.next += 2
            spelling = f"{written}^^{named[1]}"
        self.turn = self.next if spelling is written else self.next - 1
        if (known := self.terms.get(spelling)) is None:
            width = 3 if kind == "long" else 1
            lexical = unescaped(written[width:-width])
            language = "" if named or spelling is written else after[1:]
            known = self.taker.literal(lexical, self._datatype(named), language)
            self.terms[spelling] = known
        return known

    def _datatype(self, named: Token | None) -> str:
        if named is None:
            return ""
        return self.names.iri(named[1]) if named[0] == "iri" else self.names.name(named[1])

    def _look_for_split(self, at: int) -> None:
        if broken := _REPEATED_COMMA.match(self.text, at):
            self.taker.split(broken.group(), at)

    def _expect(self, kind: str) -> str:
        token = self.tokens[self.next]
        if token[0] != kind:
            raise UnreadError(token[2], f"`{token[1]}` is not expected here")
        self.next += 1
        return token[1]

    def _mark(self, mark: str) -> None:
        if (token := self.tokens[self.next])[1] != mark:
            raise UnreadError(token[2], f"`{mark}` is expected here")
        self.next += 1


def _nothing(value: object) -> None:
    """A collection as a subject: no triple leads to it."""
