"""The kernel as definitions of CQL: one for each aggregate, criterion, guard and status.

CQL's own *and*, *or*, *not* and comparisons are three-valued, with null for unknown. Where it
would take null for no (``if``, ``case``), only ``is true``, ``is false`` and ``is null`` are asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.export.cql.names import DATA, RECOMMENDATIONS, Definitions, definitions, free
from guidegraph.export.cql.tree import (
    COMPARISONS,
    FALSE,
    TRUE,
    Aggregate,
    Alias,
    Apply,
    Case,
    Definition,
    Fold,
    Folded,
    If,
    ListOf,
    Named,
    Node,
    Null,
    Property,
    Query,
    TupleOf,
    TupleType,
    decimal,
    integer,
    string,
)
from guidegraph.export.words import Words
from guidegraph.export.writer import Writer
from guidegraph.kernel import Agg, Assume, Bool, Cmp, Not, Op, Ref, walk
from guidegraph.program import Program, Rule
from guidegraph.wire import Linear, wire

MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

WHOLE_LIMIT = 2**31 - 1
"""cql-execution takes every whole number it computes for an Integer, and beyond this for null."""
PARTS = 256
"""Such numbers are computed in 256ths: exact in binary and in CQL's eight decimal places."""
IN_PARTS = (
    "In 256ths: an engine may take greater whole numbers for 32-bit ones, and those for null."
)

SAMPLE = Alias("S")
RUN = Folded("Run")
RUN_TYPE = TupleType((("length", "Decimal"), ("value", "Decimal")))


class Logic(Writer[Node]):
    """The definitions of a logic library, built in the order of a program."""

    def __init__(self, program: Program, anchor: str) -> None:
        super().__init__(wire(program))
        self.words = Words(self.form, anchor)
        self.names: Definitions = definitions(program)
        self.made: list[Definition] = []
        self._aggregates: dict[Agg, str] = {}
        self._in_parts = False

    def criterion(self, name: str, condition: Bool, comments: Iterable[str] = ()) -> None:
        """Define a named criterion."""
        self._define(self.names.criteria[name], condition, comments)

    def rule(self, rule: Rule, comments: Iterable[str] = ()) -> None:
        """Define a rule's guard, whether it is effective, and its status."""
        guard, effective = self.names.guards[rule.name], self.names.effective[rule.name]
        self._define(guard, rule.guard, comments)
        exceptions = tuple(self.write(Not(each)) for each in rule.unless)
        this = self.all_of((Named(guard), *exceptions))
        note = "The same, unless an exception holds." if exceptions else "It has no exceptions."
        self.made.append(Definition(effective, this, (note,)))
        self.made.append(Definition(self.names.statuses[rule.name], _status(guard, effective)))

    def recommendations(self, rules: Iterable[tuple[Rule, str]]) -> None:
        """Define the list of all rules, each with what is to be done."""
        rows = tuple(self._row(rule, action) for rule, action in rules)
        note = "Every recommendation with its status."
        self.made.append(Definition(RECOMMENDATIONS, ListOf(rows), (note,)))

    def _row(self, rule: Rule, action: str) -> Node:
        elements: tuple[tuple[str, Node], ...] = (
            ("id", string(rule.name)),
            ("status", Named(self.names.statuses[rule.name])),
            ("guard", Named(self.names.guards[rule.name])),
            ("effective", Named(self.names.effective[rule.name])),
            ("modality", string(rule.norm)),
            ("action", string(action) if action else Null("String")),
        )
        return TupleOf(elements)

    def _define(self, name: str, condition: Bool, comments: Iterable[str]) -> None:
        self._in_parts = False
        expression = self.write(condition)
        compared = [each for each in walk(condition) if isinstance(each, Cmp)]
        notes = [*comments, *dict.fromkeys(self.words.comparison(each) for each in compared)]
        notes += [_assumption(each) for each in walk(condition) if isinstance(each, Assume)]
        if self._in_parts:
            notes.append(IN_PARTS)
        self.made.append(Definition(name, expression, tuple(notes)))

    # --- conditions -------------------------------------------------------------------------------

    def answer(self, ref: Ref) -> Node:
        """The definition behind a reference."""
        library = DATA if ref.kind in ("input", "setting") else None
        return Named(self.names.of(ref), library)

    def compared(self, line: Linear, node: Cmp) -> Node:
        """A comparison of sums whose coefficients are positive, so that none is subtracted."""
        left = [(factor, datum) for factor, datum in line.terms if factor >= 0]
        right = [(-factor, datum) for factor, datum in line.terms if factor < 0]
        op, constant = line.op, line.constant
        if not left:
            left, right, op, constant = right, left, MIRRORED[op], -constant
        is_sum = bool(right) and constant != 0
        computes = is_sum or any(
            len(side) > 1 or factor != 1 for side in (left, right) for factor, _ in side
        )
        parts = PARTS if computes and self._is_large(line) else 1
        self._in_parts |= parts != 1
        one, other = (
            [self._times(factor, self._number(datum), parts) for factor, datum in side]
            for side in (left, right)
        )
        if not other or (constant < 0 and is_sum):
            other.append(decimal(-constant, parts))
        elif is_sum:
            one.append(decimal(constant, parts))
        return Apply(COMPARISONS[op], (_sum(one or [decimal(0)]), _sum(other)))

    def _is_large(self, line: Linear) -> bool:
        largest = self.form.largest(line)
        return largest is None or largest > WHOLE_LIMIT

    def is_beyond_engines(self, line: Linear) -> bool:
        """Whether a sum can become so large that cql-execution makes null of it even in parts."""
        computes = len(line.terms) > 1 or any(abs(factor) != 1 for factor, _ in line.terms)
        return computes and (self.form.largest(line) or 0) > WHOLE_LIMIT * PARTS

    def _times(self, factor: int, number: Node, parts: int) -> Node:
        if factor == parts == 1:
            return number
        return Apply("Multiply", (decimal(factor, parts), number))

    def member(self, code: Ref, codes: tuple[str, ...]) -> Node:
        """Equal to one of the codes; among no codes, unequal to itself: unknown if it is."""
        held = self.answer(code)
        if not codes:
            return Apply("NotEqual", (held, held))
        return self.any_of(tuple(Apply("Equal", (held, string(each))) for each in codes))

    def negated(self, operand: Node) -> Node:
        """CQL's *not* is Kleene's."""
        return Apply("Not", (operand,))

    def all_of(self, operands: tuple[Node, ...]) -> Node:
        """CQL's *and* is Kleene's."""
        if len(operands) == 1:
            return operands[0]
        return Apply("And", operands) if operands else TRUE

    def any_of(self, operands: tuple[Node, ...]) -> Node:
        """CQL's *or* is Kleene's."""
        if len(operands) == 1:
            return operands[0]
        return Apply("Or", operands) if operands else FALSE

    def scored(self, at_least: int, items: tuple[tuple[Node, int], ...]) -> Node:
        """The points there are, and the points there might be."""
        none, needed = integer(0), integer(at_least)
        sure = [If(Apply("IsTrue", (item,)), integer(points), none) for item, points in items]
        open_ = [If(Apply("IsFalse", (item,)), none, integer(points)) for item, points in items]
        return Case(
            (
                (Apply("GreaterOrEqual", (_sum([*sure]) if sure else none, needed)), TRUE),
                (Apply("Less", (_sum([*open_]) if open_ else none, needed)), FALSE),
            ),
            Null("Boolean"),
        )

    def assumed(self, operand: Node, default: bool, why: str) -> Node:
        """The operand, or the default where it is null."""
        return Apply("Coalesce", (operand, TRUE if default else FALSE))

    # --- numbers ----------------------------------------------------------------------------------

    def _number(self, datum: Ref | Agg) -> Node:
        if isinstance(datum, Ref):
            return self.answer(datum)
        if datum not in self._aggregates:
            name = free(self.words.number(datum), self.names.taken)
            self._aggregates[datum] = name
            self.made.append(Definition(name, self._aggregate(datum), (self._unit(datum),)))
        return Named(self._aggregates[datum])

    def _unit(self, datum: Agg) -> str:
        """``In ug/L x 1000.``"""
        scale = self.form.scale(datum)
        unit = self.words.unit(datum)
        return f"In {unit} x {10**scale}." if unit else "A count."

    def _aggregate(self, datum: Agg) -> Node:
        series = self.answer(Ref("input", datum.series))
        kept = _within(datum.low, datum.high)
        if datum.fn in ("max", "min"):
            values = Query(series, SAMPLE.name, kept, returned=Property(SAMPLE, "value"))
            return Aggregate("Max" if datum.fn == "max" else "Min", values)
        if datum.fn == "count":
            counted = Aggregate("Count", Query(series, SAMPLE.name, kept, returned=SAMPLE))
            known = Apply("ToDecimal", (counted,))
            return If(Apply("IsNull", (series,)), Null("Decimal"), known)
        ordered = Query(series, SAMPLE.name, kept, returned=SAMPLE, sort_by="minute")
        if datum.fn == "run":
            return Property(Query(ordered, SAMPLE.name, fold=_rising()), "length")
        return Property(Aggregate("First" if datum.fn == "first" else "Last", ordered), "value")


def _assumption(node: Assume) -> str:
    return f"Taken as {str(node.default).lower()} where it is not known: {node.why}"


def _within(low: int | None, high: int | None) -> Node | None:
    minute = Property(SAMPLE, "minute")
    ends: list[Node] = []
    if low is not None:
        ends.append(Apply("GreaterOrEqual", (minute, integer(low))))
    if high is not None:
        ends.append(Apply("LessOrEqual", (minute, integer(high))))
    if len(ends) == 2:
        return Apply("And", tuple(ends))
    return ends[0] if ends else None


def _rising() -> Fold:
    """One more for each value above the one before it, one again for every other."""
    value, one = Property(SAMPLE, "value"), decimal(1)
    begun = Apply("Not", (Apply("IsNull", (RUN,)),))
    rises = Apply("And", (begun, Apply("Greater", (value, Property(RUN, "value")))))
    length = If(rises, Apply("Add", (Property(RUN, "length"), one)), one)
    return Fold(RUN.name, Null(RUN_TYPE), TupleOf((("length", length), ("value", value))))


def _sum(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Apply("Add", tuple(parts))


def _status(guard: str, effective: str) -> Node:
    """The status table."""
    holds = Apply("IsTrue", (Named(guard),))
    items = (
        (Apply("And", (holds, Apply("IsTrue", (Named(effective),)))), string("applies")),
        (Apply("And", (holds, Apply("IsFalse", (Named(effective),)))), string("defeated")),
        (holds, string("provisional")),
        (Apply("IsFalse", (Named(effective),)), string("notApplicable")),
    )
    return Case(items, string("undetermined"))
