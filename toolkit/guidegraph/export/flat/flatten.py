"""A program as a flat list of steps: what is fetched, aggregated and answered, in order of need."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guidegraph.export import notes
from guidegraph.export.flat.steps import (
    Answer,
    Choice,
    Chosen,
    Comparison,
    Comparisons,
    Enough,
    Expression,
    Fact,
    Is,
    IsEmpty,
    Joined,
    Joint,
    Member,
    Pick,
    Same,
    Step,
    Sum,
    Value,
    Window,
    sides,
)
from guidegraph.export.names import Names
from guidegraph.export.words import Words
from guidegraph.kernel import Agg, And, Assume, Bool, Cmp, Datum, In, Not, Or, Ref, Score, walk
from guidegraph.model import Guideline
from guidegraph.program import Named, Program, Rule, needs
from guidegraph.wire import Linear, conditions, wire

USED = ("facts", "settings", "seen", "value", "minute", "max", "min", "len")
JAVASCRIPT = (
    *("arguments", "case", "catch", "const", "debugger", "default", "delete", "do", "enum"),
    *("eval", "export", "extends", "false", "function", "implements", "instanceof", "interface"),
    *("let", "new", "null", "package", "private", "protected", "public", "static", "super"),
    *("switch", "this", "throw", "true", "typeof", "undefined", "var", "void"),
)
"""The reserved words of JavaScript that Python has not."""
RESERVED = frozenset((*USED, *keyword.kwlist, *JAVASCRIPT))

Operand = tuple[str, bool]
"""The local name of an answer and the value it should have: ``(name, False)`` is its negation."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The steps of a program.

    ``steps`` are those that the rules need, ``further`` those that only a trace tells.
    ``standings`` gives for each rule the locals of its guard and of its effectiveness (the same one
    if it has no exceptions), in the order of the recommendations. ``answers`` gives the local of
    each answer, ``parts`` the other answers it is made of, ``used`` the data a criterion looks at.
    """

    steps: tuple[Step, ...]
    further: tuple[Step, ...]
    standings: Mapping[str, tuple[str, str]]
    answers: Mapping[str, str]
    parts: Mapping[str, tuple[Operand, ...]]
    used: Mapping[str, tuple[str, ...]]


def flatten(guideline: Guideline, program: Program) -> Flat:
    """The steps of a program, with what the guideline says about each as comments."""
    flattening = _Flattening(program, Words(wire(program), guideline.anchor_words))
    for each in program.definitions:
        if isinstance(each, Named):
            flattening.criterion(each, [notes.of_criterion(guideline, each)])
        else:
            flattening.rule(each, notes.of_rule(guideline, each))
    return Flat(
        steps=tuple(flattening.steps),
        further=tuple(flattening.further),
        standings={each.name: flattening.standing(each) for each in in_order(guideline, program)},
        answers=flattening.answers,
        parts={name: parts for name, parts in flattening.parts.items() if parts},
        used={
            each.name: tuple(flattening.names[datum] for datum in data(each.condition))
            for each in program.criteria
        },
    )


def in_order(guideline: Guideline, program: Program) -> list[Rule]:
    """The rules of a program in the order of the guideline's recommendations."""
    place = {each.id: number for number, each in enumerate(guideline.recommendations)}
    return sorted(program.rules, key=lambda each: place.get(each.name, len(place)))


def data(condition: Bool) -> tuple[Datum, ...]:
    """The data that a condition itself looks at, each once: not those of what it refers to."""
    found = (node for node in walk(condition) if isinstance(node, Ref | Agg))
    return tuple(dict.fromkeys(each for each in found if _is_datum(each)))


def guard_name(rule: Rule) -> str:
    """What the guard of a rule is called in a trace: a rule without exceptions is its guard."""
    return f"{rule.name} guard" if rule.unless else rule.name


@dataclass(slots=True)
class _Flattening:
    """Steps in the making. ``_into`` is where the next one goes."""

    program: Program
    words: Words
    names: Names = field(default_factory=lambda: Names(RESERVED))
    steps: list[Step] = field(default_factory=list)
    further: list[Step] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    parts: dict[str, tuple[Operand, ...]] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _into: list[Step] = field(default_factory=list)
    _needed: frozenset[str] = frozenset()
    _owner: str = ""
    _count: int = 0

    def __post_init__(self) -> None:
        self._needed = _needed(self.program)
        self._into = self.steps
        self._fetch_all(node for name, node in conditions(self.program) if name in self._needed)
        self._into = self.further
        self._fetch_all(node for _, node in conditions(self.program))

    def criterion(self, named: Named, comments: Iterable[str]) -> None:
        """Write a named criterion, after all that it refers to."""
        self._define(named.name, Ref("criterion", named.name), named.condition, comments)

    def rule(self, rule: Rule, comments: Iterable[str]) -> None:
        """Write a rule: whether its guard holds and, where it has exceptions, whether it does."""
        this = Ref("rule", rule.name)
        guard = Ref("rule", guard_name(rule))
        self._define(guard.name, guard, rule.guard, comments, starts_section=True)
        if rule.unless:
            effective = And((guard, *(Not(each) for each in rule.unless)))
            comment = "The same, unless one of its exceptions holds."
            self._define(rule.name, this, effective, [comment])

    def standing(self, rule: Rule) -> tuple[str, str]:
        """The locals of a rule's guard and of its effectiveness."""
        return self.answers[guard_name(rule)], self.answers[rule.name]

    # --- data -------------------------------------------------------------------------------------

    def _fetch_all(self, roots: Iterable[Bool]) -> None:
        """Write the data that conditions use, and the aggregates made of them."""
        found = dict.fromkeys(each for root in roots for each in data(root))
        used = [each for each in found if each not in self.names]
        series = [Ref("input", each.series) for each in used if isinstance(each, Agg)]
        wanted = {*used, *series}
        for name in ["now", *self.words.form.inputs]:
            self._fetch(Ref("input", name), Fact(name), wanted)
        for name in self.words.form.settings:
            self._fetch(Ref("setting", name), Chosen(name), wanted)
        for each in used:
            if isinstance(each, Agg):
                self._aggregate(each)

    def _fetch(self, datum: Ref, value: Value, wanted: set[Datum]) -> None:
        if datum in wanted and datum not in self.names:
            self._write(self.names.give(datum, datum.name), value)

    def _aggregate(self, node: Agg) -> None:
        series = self.names[Ref("input", node.series)]
        window = self._window(node, series)
        local = self.names.give(node, f"{node.fn}_{series}{_window_name(node)}")
        unknown = Is(window, None) if node.fn == "count" else IsEmpty(window)
        made = Choice(((unknown, Answer(None)),), Pick(node.fn, window))
        self._write(local, made, self.words.number(node))

    def _window(self, node: Agg, series: str) -> str:
        key = ("window", node.series, node.low, node.high)
        if key not in self.names:
            local = self.names.give(key, f"{series}{_window_name(node) or '_values'}")
            values = Window(series, node.low, node.high)
            self._write(local, Choice(((Is(series, None), Answer(None)),), values))
        return self.names[key]

    # --- conditions -------------------------------------------------------------------------------

    def _define(
        self,
        name: str,
        thing: Ref,
        condition: Bool,
        comments: Iterable[str],
        *,
        starts_section: bool = False,
    ) -> None:
        is_needed = thing.kind == "rule" or name in self._needed
        self._into = self.steps if is_needed else self.further
        self._owner, self._count = name, 0
        first = len(self._into)
        self._condition(name, self.names.give(thing, name), condition, comments)
        comments = self._into[-1].comments
        self._into[-1] = replace(self._into[-1], comments=())
        head = replace(self._into[first], comments=comments, starts_section=starts_section)
        self._into[first] = head

    def _condition(self, name: str, local: str, node: Bool, comments: Iterable[str]) -> None:
        """Write ``local = node``; what it is made of comes first."""
        together = self._together(node)
        each_operand = [] if together else [self._operand(each) for each in _inner(node)]
        operands = tuple(dict.fromkeys(each_operand))
        comments = [*comments, *map(self.words.comparison, together)]
        expression: Expression
        match node:
            case Cmp() | And() | Or() if together:
                expression = self._compared(together, "or" if isinstance(node, Or) else "and")
            case In(code, codes):
                expression = self._known([code], Member(self.names[code], codes))
            case Score(at_least, items):
                points = [each for _, each in items]
                expression = _score(at_least, list(zip(each_operand, points, strict=True)))
            case Assume(_, default, why):
                comments.append(f"Taken to be {'true' if default else 'false'} when unknown: {why}")
                held, is_so = operands[0]
                expression = Choice(((Is(held, None), Answer(default)),), Same(held, is_so))
            case And():
                expression = _all_of(operands)
            case Or():
                expression = _any_of(operands)
            case Not() | Ref() | Cmp():
                expression = _plain(operands[0])
        self._write(local, expression, *comments)
        self.answers[name] = local
        self._named[local] = name
        named = [(self._named[each], is_so) for each, is_so in operands if each in self._named]
        self.parts[name] = tuple(named)

    def _operand(self, node: Bool) -> Operand:
        """What an inner condition is called; one without a name is written as a part."""
        if isinstance(node, Not):
            name, is_so = self._operand(node.operand)
            return name, not is_so
        if isinstance(node, Ref):
            return self.names[node], True
        self._count += 1
        name = f"{self._owner} part {self._count}"
        local = self.names.give(name, name)
        self._condition(name, local, node, ())
        return local, True

    def _together(self, node: Bool) -> tuple[Cmp, ...]:
        """The comparisons a condition consists of, if they are known and unknown together."""
        parts = node.operands if isinstance(node, And | Or) else (node,)
        found = tuple(each for each in parts if isinstance(each, Cmp))
        terms = {frozenset(datum for _, datum in self._line(each).terms) for each in found}
        return found if len(found) == len(parts) and len(terms) == 1 else ()

    def _compared(self, comparisons: Sequence[Cmp], joint: Joint) -> Expression:
        """Comparisons of the same data, joined once these are known."""
        lines = [self._line(each) for each in comparisons]
        parts = tuple(self._comparison(each) for each in lines)
        return self._known([datum for _, datum in lines[0].terms], Comparisons(joint, parts))

    def _known(self, used: Iterable[Datum], value: Value) -> Expression:
        """Unknown if some datum is, else the value. A setting with a default is known."""
        unknown = tuple(Is(self.names[each], None) for each in used if not self._is_set(each))
        if not unknown:
            return value
        return Choice(((Joined("or", unknown), Answer(None)),), value)

    def _is_set(self, datum: Datum) -> bool:
        if isinstance(datum, Agg) or datum.kind != "setting":
            return False
        return self.words.form.settings[datum.name].default is not None

    def _line(self, comparison: Cmp) -> Linear:
        return self.words.form.linear(comparison)

    def _comparison(self, line: Linear) -> Comparison:
        found = sides(line)
        left, right = (
            tuple((each, self.names[datum]) for each, datum in side)
            for side in (found.left, found.right)
        )
        return Comparison(found.op, Sum(left, found.low), Sum(right, found.high))

    def _write(self, local: str, expression: Expression, *comments: str) -> None:
        self._into.append(Step(local, expression, tuple(each for each in comments if each)))


def _plain(operand: Operand) -> Expression:
    local, is_so = operand
    if is_so:
        return Same(local)
    return Choice(((Is(local, None), Answer(None)),), Same(local, is_so=False))


def _all_of(operands: Sequence[Operand]) -> Expression:
    """A conjunction: all hold; or one does not; or it is open."""
    if len(operands) < 2:
        return _plain(operands[0]) if operands else Answer(True)
    true = Joined("and", tuple(Is(local, is_so) for local, is_so in operands))
    false = Joined("or", tuple(Is(local, not is_so) for local, is_so in operands))
    return Choice(((true, Answer(True)), (false, Answer(False))), Answer(None))


def _any_of(operands: Sequence[Operand]) -> Expression:
    """A disjunction: one holds; or it is open; or none does."""
    if len(operands) < 2:
        return _plain(operands[0]) if operands else Answer(False)
    true = Joined("or", tuple(Is(local, is_so) for local, is_so in operands))
    unknown = Joined("or", tuple(Is(local, None) for local, _ in operands))
    return Choice(((true, Answer(True)), (unknown, Answer(None))), Answer(False))


def _score(at_least: int, items: Sequence[tuple[Operand, int]]) -> Expression:
    """Enough points are sure; or enough are still possible; or not even that."""
    sure = tuple((Is(local, is_so), count) for (local, is_so), count in items)
    possible = tuple((Is(local, not is_so, is_so=False), count) for (local, is_so), count in items)
    cases = (Enough(sure, at_least), Answer(True)), (Enough(possible, at_least), Answer(None))
    return Choice(cases, Answer(False))


def _needed(program: Program) -> frozenset[str]:
    """The names of the rules and of all criteria that they refer to, directly or not."""
    named: dict[Ref, Named | Rule] = {Ref("criterion", c.name): c for c in program.criteria}
    named.update({Ref("rule", each.name): each for each in program.rules})
    found: set[Ref] = set()
    ahead = [Ref("rule", each.name) for each in program.rules]
    while ahead:
        ref = ahead.pop()
        if ref not in found:
            found.add(ref)
            ahead += needs(named[ref])
    return frozenset(each.name for each in found)


def _is_datum(node: Datum) -> bool:
    return isinstance(node, Agg) or node.kind in ("input", "setting")


def _inner(node: Bool) -> Iterator[Bool]:
    match node:
        case And(operands) | Or(operands):
            yield from operands
        case Score(_, items):
            yield from (item for item, _ in items)
        case Assume(operand):
            yield operand
        case Not() | Ref():
            yield node
        case Cmp() | In():
            return


def _window_name(node: Agg) -> str:
    """The window in a local name: ``_from_m720_to_720`` (m for minus)."""
    ends = (("from", node.low), ("to", node.high))
    return "".join(f"_{word}_{end}".replace("-", "m") for word, end in ends if end is not None)
