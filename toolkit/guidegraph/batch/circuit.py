"""A program as a circuit of gates over bits: one bit per patient, two bits per truth.

Every truth is a pair of wires, *certainly true* and *certainly false*; where neither is on it is
unknown. Strong Kleene logic is then plain *and*, *or* and *and not* of bits, without a branch, for
as many patients at once as a machine word holds. What the wires come from are leaves: whether a
datum is known, and comparisons of whole numbers. Settings are folded into the numbers here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Literal, assert_never

from guidegraph.kernel import (
    NOW,
    And,
    Assume,
    Bool,
    Cmp,
    Datum,
    In,
    Not,
    Or,
    Ref,
    Score,
    Value,
)
from guidegraph.program import Input, Program
from guidegraph.wire import Wire, wire

Gate = int
"""A wire, by its place in ``Circuit.gates``."""
ZERO, ONE = 0, 1


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a datum is known."""

    datum: Datum


@dataclass(frozen=True, slots=True)
class Strange:
    """What is there is none of the numbers or answers that there can be."""

    datum: Ref


@dataclass(frozen=True, slots=True)
class Holds:
    """``sum(coefficient * datum) OP number`` over wire values; only read where they are known."""

    terms: tuple[tuple[int, Datum], ...]
    op: Literal[">=", "="]
    number: int


@dataclass(frozen=True, slots=True)
class Yes:
    """A yes/no datum is yes."""

    datum: Ref


@dataclass(frozen=True, slots=True)
class Among:
    """A code is one of some, by their places in the list of codes."""

    datum: Ref
    places: tuple[int, ...]


Leaf = Known | Strange | Holds | Yes | Among


@dataclass(frozen=True, slots=True)
class Both:
    """*And* of two wires."""

    one: Gate
    other: Gate


@dataclass(frozen=True, slots=True)
class Either:
    """*Or* of two wires."""

    one: Gate
    other: Gate


@dataclass(frozen=True, slots=True)
class Without:
    """The first wire and not the second."""

    one: Gate
    other: Gate


Made = Literal[False, True] | Leaf | Both | Either | Without
Pair = tuple[Gate, Gate]
"""The wires of a truth: certainly true, certainly false."""
UNKNOWN: Pair = (ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Circuit:
    """The gates of a program, each after those it uses; the first two are always off and on.

    ``standings`` gives for each rule the truths of its guard and of its effectiveness. ``codes``
    are the codes of each coded input in the order in which ``Among`` counts them. ``limits`` bounds
    those data that nothing declared bounds: beyond it a sum could leave 64 bits.
    """

    gates: tuple[Made, ...]
    standings: Mapping[str, tuple[Pair, Pair]]
    codes: Mapping[str, tuple[str, ...]]
    limits: Mapping[Datum, int]

    @property
    def data(self) -> tuple[Datum, ...]:
        """Every datum that some gate reads, each once."""
        read = (each for gate in self.gates for each in leaf_data(gate))
        return tuple(dict.fromkeys(read))

    @property
    def outputs(self) -> tuple[Gate, ...]:
        """Every wire that some standing is read from, each once."""
        pairs = (pair for standing in self.standings.values() for pair in standing)
        return tuple(dict.fromkeys(wire for pair in pairs for wire in pair))

    @property
    def strange(self) -> tuple[Gate, ...]:
        """The wires that tell of what cannot be."""
        return tuple(wire for wire, gate in enumerate(self.gates) if isinstance(gate, Strange))


def leaf_data(gate: Made) -> tuple[Datum, ...]:
    """The data that a gate reads itself."""
    match gate:
        case Known(datum) | Strange(datum) | Yes(datum) | Among(datum):
            return (datum,)
        case Holds(terms):
            return tuple(datum for _, datum in terms)
        case _:
            return ()


def circuit(program: Program, settings: Mapping[str, Value]) -> Circuit:
    """The circuit of a program at one site; every setting must have its value."""
    drawing = _Drawing(program, settings, wire(program))
    standings = {
        each.name: (drawing.truth(each.guard), drawing.truth(Ref("rule", each.name)))
        for each in program.rules
    }
    return Circuit(
        gates=tuple(drawing.gates),
        standings=standings,
        codes=drawing.codes,
        limits=drawing.limits,
    )


WHOLE = 2**63
"""The first whole number that does not fit into 64 bits."""
EXACT = 2**62
"""The size that no sum in 64 bits may reach."""


@dataclass(slots=True)
class _Drawing:
    """A circuit in the making. Equal gates are made once."""

    program: Program
    settings: Mapping[str, Value]
    form: Wire
    gates: dict[Made, Gate] = field(default_factory=lambda: {False: ZERO, True: ONE})
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    limits: dict[Datum, int] = field(default_factory=dict)
    _named: dict[Ref, Pair] = field(default_factory=dict)

    # --- truths -----------------------------------------------------------------------------------

    def truth(self, node: Bool) -> Pair:
        """The wires of a condition."""
        match node:
            case Ref(kind, name):
                if kind in ("criterion", "rule"):
                    if node not in self._named:
                        self._named[node] = self.truth(self.program.conditions[node])
                    return self._named[node]
                return self._answer(node, name)
            case Cmp():
                return self._comparison(node)
            case In(code, codes):
                return self._membership(code, codes)
            case Not(operand):
                true, false = self.truth(operand)
                return false, true
            case And(operands):
                return self._all([self.truth(each) for each in operands])
            case Or(operands):
                false, true = self._all([self.truth(each)[::-1] for each in operands])
                return true, false
            case Score(at_least, items):
                return self._score(at_least, [(self.truth(item), points) for item, points in items])
            case Assume(operand, default):
                true, false = self.truth(operand)
                if default:
                    return self._without(ONE, false), false
                return true, self._without(ONE, true)
            case _:
                assert_never(node)

    def _all(self, truths: Sequence[Pair]) -> Pair:
        return (
            reduce(self._both, (true for true, _ in truths), ONE),
            reduce(self._either, (false for _, false in truths), ZERO),
        )

    def _score(self, at_least: int, items: Sequence[tuple[Pair, int]]) -> Pair:
        sure = [(true, points) for (true, _), points in items]
        possible = [(self._without(ONE, false), points) for (_, false), points in items]
        return (
            self._reached(at_least, sure, {}),
            self._without(ONE, self._reached(at_least, possible, {})),
        )

    def _reached(
        self,
        needed: int,
        items: Sequence[tuple[Gate, int]],
        found: dict[tuple[int, int], Gate],
    ) -> Gate:
        """Whether the wires that are on count enough points: with the first item or without it."""
        if needed <= 0:
            return ONE
        if not items:
            return ZERO
        key = (needed, len(items))
        if key not in found:
            (first, points), rest = items[0], items[1:]
            counted = self._both(first, self._reached(needed - points, rest, found))
            found[key] = self._either(counted, self._reached(needed, rest, found))
        return found[key]

    # --- leaves -----------------------------------------------------------------------------------

    def _answer(self, node: Ref, name: str) -> Pair:
        declared = self.form.inputs.get(name)
        if node.kind != "input" or declared is None or declared.kind != "boolean":
            return UNKNOWN
        return self._split(self._known(node), self._gate(Yes(node)))

    def _membership(self, code: Ref, codes: tuple[str, ...]) -> Pair:
        if code.kind == "setting":
            chosen = self.settings.get(code.name)
            return UNKNOWN if not isinstance(chosen, str) else _constant(chosen in codes)
        declared = self.form.inputs.get(code.name)
        if declared is None or declared.kind != "code":
            return UNKNOWN
        listed = self._listed(declared, codes)
        places = tuple(place for place, each in enumerate(listed) if each in codes)
        holds = self._gate(Among(code, places)) if places else ZERO
        return self._split(self._gate(Known(code)), holds)

    def _listed(self, declared: Input, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The codes an input can have; where none are declared, those that are asked for."""
        before = self.codes.get(declared.name, declared.codes)
        if not declared.codes:
            before = tuple(dict.fromkeys((*before, *codes)))
        self.codes[declared.name] = before
        return before

    def _comparison(self, comparison: Cmp) -> Pair:
        """A comparison with its settings folded in, in the form ``sum >= number`` or ``=``."""
        line = self.form.linear(comparison)
        terms, constant = [], Fraction(line.constant)
        for coefficient, datum in line.terms:
            if isinstance(datum, Ref) and datum.kind == "setting":
                chosen = self.settings.get(datum.name)
                if not isinstance(chosen, Fraction):
                    return UNKNOWN
                constant += coefficient * chosen * 10 ** self.form.scale(datum)
            else:
                terms.append((coefficient, datum))
        known = reduce(self._both, (self._known(datum) for _, datum in terms), ONE)
        whole = constant.denominator
        summed = [(coefficient * whole, datum) for coefficient, datum in terms if coefficient]
        low = -int(constant * whole)
        match line.op:
            case ">=":
                return self._split(known, self._holds(summed, ">=", low))
            case ">":
                return self._split(known, self._holds(summed, ">=", low + 1))
            case "<":
                return self._split(known, self._holds(summed, ">=", low))[::-1]
            case "<=":
                return self._split(known, self._holds(summed, ">=", low + 1))[::-1]
            case "=":
                return self._split(known, self._holds(summed, "=", low))
            case "!=":
                return self._split(known, self._holds(summed, "=", low))[::-1]
            case _:
                assert_never(line.op)

    def _known(self, datum: Datum) -> Gate:
        if isinstance(datum, Ref):
            self._gate(Strange(datum))
        return self._gate(Known(datum))

    def _holds(
        self, terms: Sequence[tuple[int, Datum]], op: Literal[">=", "="], number: int
    ) -> Gate:
        """``sum OP number``; with one datum, a comparison of it with a whole number."""
        if not terms:
            return ONE if (number <= 0 if op == ">=" else number == 0) else ZERO
        if len(terms) > 1:
            self._bound(terms, number)
            return self._gate(Holds(tuple(terms), op, number))
        (factor, datum), *_ = terms
        plain = ((1, datum),)
        if op == "=":
            return ZERO if number % factor else self._single(plain, "=", number // factor)
        if factor > 0:
            return self._single(plain, ">=", -(-number // factor))
        return self._without(ONE, self._single(plain, ">=", number // factor + 1))

    def _single(self, plain: tuple[tuple[int, Datum]], op: Literal[">=", "="], number: int) -> Gate:
        if abs(number) >= WHOLE:  # beyond every number a column can hold
            return ONE if op == ">=" and number < 0 else ZERO
        return self._gate(Holds(plain, op, number))

    def _bound(self, terms: Sequence[tuple[int, Datum]], number: int) -> None:
        """Keep the limits that a sum puts on data that nothing declared bounds."""
        room, free = EXACT - abs(number), 0
        for factor, datum in terms:
            limit = self._limit(datum)
            room -= abs(factor) * limit if limit is not None else 0
            free += abs(factor) if limit is None else 0
        for _, datum in terms:
            if room < 0 or self._limit(datum) is None:
                most = max(room // (free or 1), 0)
                self.limits[datum] = min(most, self.limits.get(datum, most))

    def _limit(self, datum: Datum) -> int | None:
        return None if datum == NOW else self.form.limit(datum)

    # --- gates ------------------------------------------------------------------------------------

    def _split(self, known: Gate, holds: Gate) -> Pair:
        return self._both(known, holds), self._without(known, holds)

    def _both(self, one: Gate, other: Gate) -> Gate:
        if one == other or other == ONE:
            return one
        if one == ONE:
            return other
        return ZERO if ZERO in (one, other) else self._gate(Both(*sorted((one, other))))

    def _either(self, one: Gate, other: Gate) -> Gate:
        if one == other or other == ZERO:
            return one
        if one == ZERO:
            return other
        return ONE if ONE in (one, other) else self._gate(Either(*sorted((one, other))))

    def _without(self, one: Gate, other: Gate) -> Gate:
        if other == ZERO:
            return one
        if one in (ZERO, other) or other == ONE:
            return ZERO
        return self._gate(Without(one, other))

    def _gate(self, made: Made) -> Gate:
        return self.gates.setdefault(made, len(self.gates))


def _constant(truth: bool) -> Pair:
    return (ONE, ZERO) if truth else (ZERO, ONE)
