"""A query of a shape as tokens and groups, as far as it must be known to bind variables in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<name>(?:[^\W\d_][\w.\-]*|_)?:(?:[\w.\-:%]|\\.)*)
    |(?P<word>@?[^\W\d]\w*(?:-\w+)*)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<sign>\^\^|&&|\|\||[<>!]=|.)""",
    re.S | re.X,
)


class MalformedError(Exception):
    """The text of a query is not one, or does what a shape must not do; says what."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query and where it begins."""

    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of some keywords."""
        return self.kind == "word" and self.text.upper() in words

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def name(self) -> str:
        """The name of a variable, nothing for anything else."""
        return self.text[1:] if self.kind == "variable" else ""


@dataclass(slots=True, eq=False)
class Group:
    """What stands in curly brackets: numbers of its first token and its last, and groups within."""

    first: int
    parent: Group | None
    last: int = -1
    inner: list[Group] = field(default_factory=list)

    def all(self) -> Iterator[Group]:
        """This group and all within."""
        yield self
        for each in self.inner:
            yield from each.all()


@dataclass(frozen=True, slots=True)
class Query:
    """The tokens of a query, and its outermost group."""

    tokens: tuple[Token, ...]
    top: Group

    def within(self, group: Group) -> tuple[Token, ...]:
        """The tokens of a group, without its brackets."""
        return self.tokens[group.first + 1 : group.last]

    def own(self, group: Group) -> Iterator[Token]:
        """The same without those of groups within."""
        at = group.first + 1
        for each in group.inner:
            yield from self.tokens[at : each.first]
            at = each.last + 1
        yield from self.tokens[at : group.last]

    def before(self, group: Group) -> tuple[Token, Token]:
        """The two tokens before a group."""
        nothing = Token("sign", "", 0)
        found = (nothing, nothing, *self.tokens[: group.first])
        return found[-2], found[-1]

    def is_select(self, group: Group) -> bool:
        """Whether a group is a query of its own."""
        return self.tokens[group.first + 1].is_word("SELECT")


def parsed(text: str) -> Query:
    """A query in tokens; raises ``MalformedError`` where its brackets do not match."""
    tokens = tuple(
        Token(found.lastgroup or "", found.group(), found.start())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "skip"
    )
    tops: list[Group] = []
    here: Group | None = None
    for number, token in enumerate(tokens):
        if token.text == "{" and token.kind == "sign":
            group = Group(number, here)
            (tops if here is None else here.inner).append(group)
            here = group
        elif token.text == "}" and token.kind == "sign":
            if here is None:
                raise MalformedError("closes a curly bracket that is not open")
            here.last = number
            here = here.parent
    if here is not None or len(tops) != 1:
        raise MalformedError("is not one group in curly brackets")
    return Query(tokens, tops[0])
