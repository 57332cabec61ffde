"""The kernel as lines of Python: one local name per datum, aggregate, criterion and rule.

Unknown is ``None``. Python's own ``and`` and ``or`` would get unknowns wrong, so every connective is
spelled out with ``is``, and a comparison is guarded against each datum it uses.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from guidegraph.export.core import Datum, conditions, wire
from guidegraph.export.words import Words, clean
from guidegraph.kernel import Agg, And, Assume, Bool, Cmp, In, Not, Op, Or, Ref, Score, walk
from guidegraph.program import Program, Rule

RESERVED = {"facts", "settings", "seen", "known", "value", "minute", "max", "min", "len"}
MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
SYMBOLS: dict[Op, str] = {"=": "=="}

Operand = tuple[str, bool]
"""The name of an answer and the value it should have: ``(name, False)`` is its negation."""


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment to a local name, with the comments that stand above it."""

    local: str
    expression: str
    comments: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """Python names for things: each is legal, and no two things share one."""

    given: dict[Hashable, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def give(self, thing: Hashable, wanted: str) -> str:
        """A new name for ``thing``, like ``wanted``."""
        plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_") or "unnamed"
        if plain[0].isdigit() or plain in RESERVED or keyword.iskeyword(plain):
            plain = f"the_{plain}"
        name, count = plain, 1
        while name in self.taken:
            count += 1
            name = f"{plain}_{count}"
        self.taken.add(name)
        self.given[thing] = name
        return name

    def __getitem__(self, thing: Hashable) -> str:
        return self.given[thing]

    def __contains__(self, thing: Hashable) -> bool:
        return thing in self.given


class Logic:
    """The body of a decision function, built in the order of a program.

    ``lines`` are its assignments, ``answers`` gives the local name of each answer a trace can tell,
    and ``parts`` says which other answers it is made of.
    """

    def __init__(self, program: Program, anchor: str) -> None:
        self.form = wire(program)
        self.words = Words(self.form, anchor)
        self.names = Names()
        self.lines: list[Line] = []
        self.answers: dict[str, str] = {}
        self.parts: dict[str, tuple[Operand, ...]] = {}
        self._owner = ""
        self._count = 0
        used = dict.fromkeys(
            node
            for _, condition in conditions(program)
            for node in walk(condition)
            if isinstance(node, Ref | Agg)
        )
        self._fetch(used)
        for each in used:
            if isinstance(each, Agg):
                self._aggregate(each)

    def criterion(self, name: str, condition: Bool, comments: Iterable[str] = ()) -> None:
        """Write a named criterion, after all that it refers to."""
        self._define(name, Ref("criterion", name), condition, comments)

    def rule(self, rule: Rule, comments: Iterable[str] = ()) -> None:
        """Write a rule: whether its guard holds and, where it has exceptions, whether it does."""
        this = Ref("rule", rule.name)
        if not rule.unless:
            self._define(rule.name, this, rule.guard, comments)
            return
        guard = Ref("rule", guard_name(rule))
        self._define(guard.name, guard, rule.guard, comments)
        effective = And((guard, *(Not(each) for each in rule.unless)))
        self._define(rule.name, this, effective, ["The same, unless one of its exceptions holds."])

    # --- data -------------------------------------------------------------------------------------

    def _fetch(self, used: Iterable[Datum]) -> None:
        needed = {each.series if isinstance(each, Agg) else each.name for each in used}
        for name in ["now", *self.form.inputs]:
            if name in needed:
                local = self.names.give(Ref("input", name), name)
                self._write(local, f"known({quoted(name)})")
        for name in self.form.settings:
            if name in needed:
                local = self.names.give(Ref("setting", name), name)
                self._write(local, f"settings[{quoted(name)}]")

    def _aggregate(self, node: Agg) -> None:
        series = self.names[Ref("input", node.series)]
        window = self._window(node, series)
        match node.fn:
            case "first":
                expression = f"{window}[0] if {window} else None"
            case "last":
                expression = f"{window}[-1] if {window} else None"
            case "max" | "min":
                expression = f"{node.fn}({window}) if {window} else None"
            case "count":
                expression = f"None if {window} is None else len({window})"
            case "run":
                expression = f"_rising_run({window}) if {window} else None"
        local = self.names.give(node, f"{node.fn}_{series}{_window_name(node)}")
        self._write(local, expression, self.words.number(node))

    def _window(self, node: Agg, series: str) -> str:
        key = ("window", node.series, node.low, node.high)
        if key not in self.names:
            tests = [] if node.low is None else [f"{node.low} <= minute"]
            tests += [] if node.high is None else [f"minute <= {node.high}"]
            test = f" if {' and '.join(tests)}" if tests else ""
            values = f"[value for minute, value in {series}{test}]"
            local = self.names.give(key, f"{series}{_window_name(node) or '_values'}")
            self._write(local, f"None if {series} is None else {values}")
        return self.names[key]

    # --- conditions -------------------------------------------------------------------------------

    def _define(self, name: str, thing: Ref, condition: Bool, comments: Iterable[str]) -> None:
        self._owner, self._count = name, 0
        self._condition(name, self.names.give(thing, name), condition, tuple(comments))

    def _condition(self, name: str, local: str, node: Bool, comments: tuple[str, ...]) -> None:
        """Write ``local = node``; what it is made of comes first."""
        operands = tuple(dict.fromkeys(self._operand(each) for each in _inner(node)))
        match node:
            case Cmp():
                comments = (*comments, self.words.comparison(node))
                expression = self._comparison(node)
            case In(code, codes):
                expression = self._membership(code, codes)
            case Score(at_least, items):
                points = [(self._operand(item), each) for item, each in items]
                expression = self._score(local, at_least, points)
            case Assume(_, default, why):
                comments = (*comments, f"Taken to be {default} when unknown: {why}")
                unknown = self._test(operands[0], "is", None)
                expression = f"{default} if {unknown} else {self._plain(operands[0])}"
            case And():
                expression = self._connective(operands, settling=False)
            case Or() | Not() | Ref():
                expression = self._connective(operands, settling=True)
        self._write(local, expression, *comments)
        self.answers[name] = local
        self.parts[name] = tuple(each for each in operands if each[0] in self.answers)

    def _operand(self, node: Bool) -> Operand:
        """What an inner condition is called; one without a name is written as a part."""
        if isinstance(node, Not):
            name, wanted = self._operand(node.operand)
            return name, not wanted
        if isinstance(node, Ref):
            return node.name, True
        self._count += 1
        name = f"{self._owner} part {self._count}"
        self._condition(name, self.names.give(name, name), node, ())
        return name, True
