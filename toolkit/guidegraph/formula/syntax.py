"""The text of a formula as a tree: a small part of CQL's expression syntax.

::

    expression ::= "if" expression "then" expression "else" expression | disjunction
    disjunction ::= conjunction ("or" conjunction)*
    conjunction ::= negation ("and" negation)*
    negation    ::= "not" negation | comparison
    comparison  ::= sum (("<" | "<=" | ">" | ">=" | "=" | "!=") sum)?
    sum         ::= product (("+" | "-") product)*
    product     ::= signed (("*" | "/") signed)*
    signed      ::= "-" signed | primary
    primary     ::= number ["'" unit "'"] | '"' name '"' | "(" expression ")"
                  | pick "(" '"' name '"' ["," '"' window '"'] ")"
    pick        ::= "First" | "Latest" | "Highest" | "Lowest"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import cast

from guidegraph.kernel import Fn, Op
from guidegraph.suggestion import alike

PICKS: dict[str, Fn] = {"First": "first", "Latest": "last", "Highest": "max", "Lowest": "min"}
KEYWORDS = ("if", "then", "else", "and", "or", "not")
COMPARISONS: dict[str, Op] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=", "!=": "!="}
MOST_IFS = 6
"""Each ``if`` can multiply the comparisons that a target has to make by four."""
DEEPEST = 25
MOST_TOKENS = 200

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>"[^"]*")
      | (?P<unit>'[^']*')
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|!=|[-+*/()<>=,])""",
    re.VERBOSE,
)


class FormulaError(ValueError):
    """A formula that means nothing; ``start`` to ``end`` (characters from 0) is where.

    ``code`` is the finding it becomes, ``str()`` says what is wrong, ``why`` and ``help`` the rest.
    """

    def __init__(
        self, code: str, at: tuple[int, int], message: str, why: str, help: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.start, self.end = at
        self.why = why
        self.help = help


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the UCUM code of its unit (``1`` where none is written)."""

    value: Fraction
    unit: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Name:
    """An observable, a site parameter or a criterion by its local name."""

    name: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pick:
    """One value of a series, perhaps of a named stretch of time only."""

    fn: Fn
    series: Name
    window: Name | None
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unary:
    """``-`` before a number or ``not`` before a condition."""

    sign: str
    operand: Expression
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions joined by ``+ - * /``, a comparison, ``and`` or ``or``."""

    sign: str
    left: Expression
    right: Expression
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class If:
    """One expression if a condition holds, another if it does not."""

    test: Expression
    then: Expression
    otherwise: Expression
    at: tuple[int, int]


Expression = Amount | Name | Pick | Unary | Binary | If


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: tuple[int, int]


def parse(text: str) -> Expression:
    """The tree of a formula.

    Raises:
        FormulaError: (L110) where the text cannot be read.
    """
    found = _Reader(text).whole()
    if sum(isinstance(each, If) for each in walk(found)) > MOST_IFS:
        raise _unreadable(
            found.at,
            f"holds more than {MOST_IFS} times `if`",
            "Name the parts as thresholds or criteria of their own.",
        )
    return found


def walk(tree: Expression) -> Iterator[Expression]:
    """An expression and everything inside it, parents first."""
    yield tree
    for each in fields(tree):
        inner = getattr(tree, each.name)
        if isinstance(inner, Expression):
            yield from walk(inner)


def names(tree: Expression) -> tuple[str, ...]:
    """Every name in a formula, each once, in order."""
    return tuple(dict.fromkeys(each.name for each in walk(tree) if isinstance(each, Name)))


def _unreadable(at: tuple[int, int], what: str, help: str = "") -> FormulaError:
    return FormulaError(
        "L110",
        at,
        what,
        "A formula is a small part of CQL: numbers with units, names in double quotes, "
        "+ - * /, comparisons, and if … then … else.",
        help or "Example: if \"age\" > 50 'a' then \"age\" * 10 'ug/L/a' else 500 'ug/L'.",
    )


class _Reader:
    """One reading of a formula from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = tuple(_tokens(text))
        if len(self.tokens) > MOST_TOKENS:
            raise _unreadable(
                self.tokens[MOST_TOKENS].at,
                f"has more than {MOST_TOKENS} words and signs",
                "Name the parts as thresholds or criteria of their own.",
            )
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def whole(self) -> Expression:
        """The whole text as one expression."""
        found = self.expression()
        if self.next.kind != "end":
            raise self.unexpected("an operator or the end")
        return found

    def expression(self) -> Expression:
        """``if … then … else …``, or what stands without it."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _unreadable(self.next.at, f"is nested more than {DEEPEST} deep")
        found = self.choice() if self.next.text == "if" else self.disjunction()
        self.depth -= 1
        return found

    def choice(self) -> Expression:
        """``if test then number else number``."""
        start = self.take("if").at[0]
        test = self.expression()
        self.take("then")
        then = self.expression()
        self.take("else")
        otherwise = self.expression()
        return If(test, then, otherwise, (start, otherwise.at[1]))

    def disjunction(self) -> Expression:
        """Conditions joined by ``or``."""
        return self.joined(("or",), lambda: self.joined(("and",), self.negation))

    def negation(self) -> Expression:
        """``not`` before a condition, or a comparison."""
        return self.prefixed("not", self.comparison)

    def comparison(self) -> Expression:
        """A sum, or two compared."""
        left = self.sum()
        if self.next.text not in COMPARISONS:
            return left
        sign = self.step().text
        right = self.sum()
        return Binary(sign, left, right, (left.at[0], right.at[1]))

    def sum(self) -> Expression:
        """Products joined by ``+`` and ``-``."""
        return self.joined(("+", "-"), lambda: self.joined(("*", "/"), self.signed))

    def signed(self) -> Expression:
        """A primary expression, perhaps with minus signs before it."""
        return self.prefixed("-", self.primary)

    def joined(self, signs: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        """Parts joined by some signs, from left to right."""
        left = part()
        while self.next.text in signs:
            sign = self.step().text
            right = part()
            left = Binary(sign, left, right, (left.at[0], right.at[1]))
        return left

    def prefixed(self, sign: str, part: Callable[[], Expression]) -> Expression:
        """A part with any number of a sign before it."""
        starts = []
        while self.next.text == sign:
            starts.append(self.step().at[0])
        found = part()
        for start in reversed(starts):
            found = Unary(sign, found, (start, found.at[1]))
        return found

    def primary(self) -> Expression:
        """A number, a name, a picked value, or something in brackets."""
        token = self.next
        if token.kind == "number":
            return self.amount()
        if token.kind == "name":
            return self.name()
        if token.text == "(":
            start = self.step().at[0]
            found = self.expression()
            return replace(found, at=(start, self.take(")").at[1]))
        if token.kind == "word" and token.text not in KEYWORDS:
            return self.pick()
        raise self.unexpected("a number, a name in double quotes or a bracket")

    def amount(self) -> Expression:
        """A number with its unit."""
        token = self.step()
        if self.next.kind == "unit":
            unit = self.step()
            return Amount(Fraction(token.text), unit.text[1:-1], (token.at[0], unit.at[1]))
        if self.next.text == "," and self.tokens[self.place + 1].kind == "number":
            after = self.tokens[self.place + 1]
            raise _unreadable(
                (token.at[0], after.at[1]),
                f"has a comma inside the number `{token.text},{after.text}`",
                "Write a point before decimals and nothing between thousands: 0.5, 1000.",
            )
        return Amount(Fraction(token.text), "1", token.at)

    def name(self) -> Name:
        """A name in double quotes."""
        if self.next.kind != "name":
            raise self.unexpected("a name in double quotes")
        token = self.step()
        return Name(token.text[1:-1], token.at)

    def pick(self) -> Expression:
        """``Highest("d-dimer")`` or ``Highest("d-dimer", "window")``."""
        word = self.step()
        if word.text not in PICKS:
            near = alike(word.text, PICKS)
            raise _unreadable(
                word.at,
                f"holds `{word.text}`, which is not a word of formulas",
                f"Did you mean {near[0]}?"
                if near
                else f'Names stand in double quotes: "{word.text}". Functions are '
                + ", ".join(PICKS)
                + ".",
            )
        self.take("(")
        series = self.name()
        window = None
        if self.next.text == ",":
            self.step()
            window = self.name()
        end = self.take(")").at[1]
        return Pick(PICKS[word.text], series, window, (word.at[0], end))

    def step(self) -> _Token:
        """The next token, stepping over it."""
        token = self.next
        self.place += 1
        return token

    def take(self, text: str) -> _Token:
        """The next token, which has to be this one."""
        if self.next.text != text or self.next.kind in ("name", "unit"):
            raise self.unexpected(f"`{text}`")
        return self.step()

    def unexpected(self, wanted: str) -> FormulaError:
        """The error for a token that does not fit here."""
        token = self.next
        if token.kind == "end":
            return _unreadable(token.at, f"ends where {wanted} should follow")
        return _unreadable(token.at, f"has `{token.text}` where {wanted} should stand")


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _unreadable((place, place + 1), *_odd(text[place]))
        if found.lastgroup != "space":
            yield _Token(cast("str", found.lastgroup), found[0], (place, found.end()))
        place = found.end()
    yield _Token("end", "", (len(text), len(text)))


def _odd(sign: str) -> tuple[str, str]:
    """What is wrong with a character that begins nothing, and what to write instead."""
    if sign in "“”„«»":
        return f"holds `{sign}`", "Use straight double quotes around names."
    if sign in "‘’":
        return f"holds `{sign}`", "Use straight single quotes around units."
    if sign in "\"'":
        return f"has a `{sign}` that is never closed", "Close the quotation."
    instead = {"×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-"}
    if sign in instead:
        return f"holds `{sign}`", f"Write `{instead[sign]}`."
    return f"holds `{sign}`, which is not part of the language", ""
