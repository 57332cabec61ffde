"""The kernel as SQL: a column per criterion, guard and effect, in as few layers as they need.

NULL is *unknown*. SQL's own AND, OR, NOT and comparisons are three-valued as the kernel is, so a
condition is written as it stands. Each expression knows the layer in which all that it reads is
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from guidegraph.export.names import Names
from guidegraph.export.writer import Writer
from guidegraph.kernel import Bool, Cmp, Datum, Op, Ref
from guidegraph.program import Rule
from guidegraph.wire import Linear, Wire

OR, AND, NOT, ATOM = 1, 2, 3, 4
MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
SYMBOLS: dict[Op, str] = {"!=": "<>"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition: its pieces (lines may break between them), how tightly its outermost operator
    binds, and the first layer in which it can be computed.
    """

    pieces: tuple[str, ...]
    strength: int = ATOM
    layer: int = 1

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(self.pieces)

    def within(self, strength: int) -> str:
        """The text as an operand of an operator that binds this tightly."""
        return self.text if self.strength > strength else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Computed:
    """A column of a layer, with the comments that stand above it."""

    column: str
    expression: Expression
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns in which a rule's guard, its effect and its status stand."""

    rule: Rule
    guard: str
    effective: str
    status: str


class Logic(Writer[Expression]):
    """Writes criteria and rules, each after what it needs; ``layers`` are the columns by layer."""

    def __init__(self, form: Wire, names: Names, literal: Callable[[str], str]) -> None:
        super().__init__(form)
        self.names, self.literal = names, literal
        self.layers: list[list[Computed]] = []
        self.standings: list[Standing] = []
        self._columns: dict[Ref, tuple[str, int]] = {}
        self._owner = ""

    def criterion(self, name: str, condition: Bool, comments: Iterable[str] = ()) -> None:
        """A column for a named criterion."""
        self._owner = name
        self._define(Ref("criterion", name), name, self.write(condition), comments)

    def rule(self, rule: Rule, comments: Iterable[str] = ()) -> None:
        """Columns for a rule's guard and, where it has exceptions, for what they leave of it."""
        self._owner = rule.name
        this, guard = Ref("rule", rule.name), Ref("rule", f"{rule.name} guard")
        self._define(guard, guard.name, self.write(rule.guard), comments)
        self._columns[this] = self._columns[guard]
        if rule.unless:
            parts = self.answer(guard), *(self.negated(self.answer(each)) for each in rule.unless)
            says = [f"{rule.name}, unless one of its exceptions holds."]
            self._define(this, f"{rule.name} effective", self.all_of(parts), says)
        status = self.names.give(("status", rule.name), f"{rule.name} status")
        self.standings.append(
            Standing(rule, self._columns[guard][0], self._columns[this][0], status)
        )

    def _define(
        self, this: Ref, wanted: str, expression: Expression, comments: Iterable[str]
    ) -> None:
        column = self.names.give(this, wanted)
        while len(self.layers) < expression.layer:
            self.layers.append([])
        self.layers[expression.layer - 1].append(Computed(column, expression, tuple(comments)))
        self._columns[this] = column, expression.layer

    # --- conditions -------------------------------------------------------------------------------

    def answer(self, ref: Ref) -> Expression:
        """The column of a yes/no input, of a criterion, or of what is left of a rule."""
        if ref in self._columns:
            column, layer = self._columns[ref]
            return Expression((column,), layer=layer + 1)
        return Expression((self.names[ref],))

    def compared(self, line: Linear, node: Cmp) -> Expression:
        """A comparison of whole numbers with its data on the left where it has any."""
        left = [(each, datum) for each, datum in line.terms if each >= 0]
        right = [(-each, datum) for each, datum in line.terms if each < 0]
        low, high, op = max(line.constant, 0), max(-line.constant, 0), line.op
        if right and not left:
            left, right, low, high, op = right, left, high, low, MIRRORED[op]
        text = f"{self._sum(left, low)} {SYMBOLS.get(op, op)} {self._sum(right, high)}"
        return Expression((text,), NOT)

    def _sum(self, terms: list[tuple[int, Datum]], constant: int) -> str:
        parts = [("" if each == 1 else f"{each} * ") + self.names[datum] for each, datum in terms]
        return " + ".join(parts + ([str(constant)] if constant or not parts else []))

    def member(self, code: Ref, codes: tuple[str, ...]) -> Expression:
        """Membership; among no codes it is false once the code is known."""
        column = self.names[code]
        listed = ", ".join(map(self.literal, codes))
        if not codes:
            return Expression((f"CASE WHEN {column} IS NOT NULL THEN FALSE END",))
        test = f"= {listed}" if len(codes) == 1 else f"IN ({listed})"
        return Expression((f"{column} {test}",), NOT)

    def negated(self, operand: Expression) -> Expression:
        """NOT."""
        return Expression((f"NOT {operand.within(NOT)}",), NOT, operand.layer)

    def all_of(self, operands: tuple[Expression, ...]) -> Expression:
        """AND; of nothing TRUE."""
        return _joined(operands, "AND", AND) if operands else Expression(("TRUE",))

    def any_of(self, operands: tuple[Expression, ...]) -> Expression:
        """OR; of nothing FALSE."""
        return _joined(operands, "OR", OR) if operands else Expression(("FALSE",))

    def scored(self, at_least: int, items: tuple[tuple[Expression, int], ...]) -> Expression:
        """Points that are sure, and points that are still possible, against the limit.

        Each item is read twice; one that is more than a name or a comparison gets its own column.
        """
        short = [(self._short(each), points) for each, points in items]
        sure = [f"CASE WHEN {each.text} THEN {points} ELSE 0 END" for each, points in short]
        possible = [
            f"CASE WHEN NOT {each.within(NOT)} THEN 0 ELSE {points} END" for each, points in short
        ]
        pieces = (
            "CASE WHEN",
            *_plus(sure),
            f">= {at_least} THEN TRUE",
            "WHEN",
            *_plus(possible),
            f"< {at_least} THEN FALSE END",
        )
        return Expression(pieces, layer=_layer(each for each, _ in short))

    def _short(self, item: Expression) -> Expression:
        if len(item.pieces) == 1 and "CASE" not in item.text:
            return item
        part = Ref("criterion", f"{self._owner} part {len(self._columns)}")
        self._define(part, part.name, item, (f"A part of {self._owner}.",))
        return self.answer(part)

    def assumed(self, operand: Expression, default: bool, why: str) -> Expression:
        """COALESCE: the one place where unknown becomes an answer."""
        first, *rest = operand.pieces
        taken = str(default).upper()
        if not rest:
            return Expression((f"COALESCE({first}, {taken})",), layer=operand.layer)
        pieces = (f"COALESCE({first}", *rest, f", {taken})")
        return Expression(pieces, layer=operand.layer)


def status(standing: Standing) -> Expression:
    """The status table: each of true, false and unknown is asked for."""
    guard, effective = standing.guard, standing.effective
    pieces = [f"CASE WHEN {effective} THEN 'applies'"]
    if guard != effective:
        pieces += [
            f"WHEN NOT {effective} AND {guard} THEN 'defeated'",
            f"WHEN {guard} THEN 'provisional'",
        ]
    pieces += [f"WHEN NOT {effective} THEN 'notApplicable'", "ELSE 'undetermined' END"]
    return Expression(tuple(pieces))


def _joined(operands: Sequence[Expression], word: str, strength: int) -> Expression:
    if len(operands) == 1:
        return operands[0]
    first, *rest = (each.within(strength) for each in operands)
    pieces = (first, *(f"{word} {each}" for each in rest))
    return Expression(pieces, strength, _layer(operands))


def _plus(parts: list[str]) -> list[str]:
    return [f"+ {part}" if place else part for place, part in enumerate(parts)] or ["0"]


def _layer(operands: Iterable[Expression]) -> int:
    return max((each.layer for each in operands), default=1)
