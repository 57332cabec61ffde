"""The kernel as lines of Python: one local name per datum, aggregate, criterion and rule.

Unknown is ``None``. Python's own ``and`` and ``or`` would get unknowns wrong, so every connective
is spelled out with ``is``, and a comparison is guarded against each datum it uses.
"""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guidegraph.export.names import Names
from guidegraph.export.words import Words, clean
from guidegraph.kernel import Agg, And, Assume, Bool, Cmp, Datum, In, Not, Op, Or, Ref, Score, walk
from guidegraph.program import Program, Rule
from guidegraph.wire import Linear, conditions, wire

USED = ("facts", "settings", "seen", "known", "status", "value", "minute", "max", "min", "len")
RESERVED = frozenset((*USED, *keyword.kwlist))
MIRRORED: dict[Op, Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
SYMBOLS: dict[Op, str] = {"=": "=="}

SECTION = "--- "
"""How a comment begins that has an empty line before it."""

Operand = tuple[str, bool]
"""The name of an answer and the value it should have: ``(name, False)`` is its negation."""


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment to a local name, with the comments that stand above it."""

    local: str
    expression: tuple[str, ...]
    comments: tuple[str, ...] = ()

    def text(self, indent: str, width: int) -> str:
        """The comments and the assignment, broken only between the pieces of its expression."""
        start = f"{indent}# "
        starts_section = any(comment.startswith(SECTION) for comment in self.comments)
        written = [""] if starts_section else []
        written += [
            line
            for comment in self.comments
            for line in textwrap.wrap(
                clean(comment),
                width,
                initial_indent=start,
                subsequent_indent=start + "  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        ]
        whole = f"{indent}{self.local} = {' '.join(self.expression)}"
        if len(whole) <= width:
            return "\n".join([*written, whole])
        inner = [f"{indent}    {self.expression[0]}"]
        for piece in self.expression[1:]:
            if piece.startswith(("if ", "else ")) or len(inner[-1]) + len(piece) >= width:
                inner.append(f"{indent}    {piece}")
            else:
                inner[-1] += f" {piece}"
        return "\n".join([*written, f"{indent}{self.local} = (", *inner, f"{indent})"])


class Logic:
    """The body of a decision function, built in the order of a program.

    ``lines`` are the assignments that the rules need, ``further`` those that only a trace tells.
    ``answers`` gives the local name of each answer, and ``parts`` the other answers it is made of.
    """

    def __init__(self, program: Program, anchor: str) -> None:
        self.form = wire(program)
        self.words = Words(self.form, anchor)
        self.names = Names(RESERVED)
        self.lines: list[Line] = []
        self.further: list[Line] = []
        self.answers: dict[str, str] = {}
        self.parts: dict[str, tuple[Operand, ...]] = {}
        self._into = self.lines
        self._owner = ""
        self._count = 0
        self._needed = needed(program)
        self._fetch_all(node for name, node in conditions(program) if name in self._needed)
        self._into = self.further
        self._fetch_all(node for _, node in conditions(program))

    def criterion(self, name: str, condition: Bool, comments: Iterable[str] = ()) -> None:
        """Write a named criterion, after all that it refers to."""
        self._define(name, Ref("criterion", name), condition, comments)

    def rule(self, rule: Rule, comments: Iterable[str] = ()) -> None:
        """Write a rule: whether its guard holds and, where it has exceptions, whether it does."""
        this = Ref("rule", rule.name)
        if not rule.unless:
            self._define(rule.name, this, rule.guard, comments)
            self._status(rule, f"_PLAIN_STATUS[{self.answers[rule.name]}]")
            return
        guard = Ref("rule", guard_name(rule))
        self._define(guard.name, guard, rule.guard, comments)
        effective = And((guard, *(Not(each) for each in rule.unless)))
        self._define(rule.name, this, effective, ["The same, unless one of its exceptions holds."])
        answers = self.answers[guard.name], self.answers[rule.name]
        self._status(rule, "_STATUS[{}][{}]".format(*answers))

    def _status(self, rule: Rule, expression: str) -> None:
        self._write(f"status[{quoted(rule.name)}]", (expression,))

    # --- data -------------------------------------------------------------------------------------

    def _fetch_all(self, roots: Iterable[Bool]) -> None:
        """Write the data that conditions use, and the aggregates made of them."""
        nodes = [node for root in roots for node in walk(root) if isinstance(node, Ref | Agg)]
        used = [each for each in dict.fromkeys(nodes) if each not in self.names]
        names = {each.series if isinstance(each, Agg) else each.name for each in used}
        for name in ["now", *self.form.inputs]:
            if name in names:
                self._fetch(Ref("input", name), f"known({quoted(name)})")
        for name in self.form.settings:
            if name in names:
                self._fetch(Ref("setting", name), f"settings[{quoted(name)}]")
        for each in used:
            if isinstance(each, Agg):
                self._aggregate(each)

    def _fetch(self, datum: Ref, expression: str) -> None:
        if datum not in self.names:
            self._write(self.names.give(datum, datum.name), (expression,))

    def _aggregate(self, node: Agg) -> None:
        series = self.names[Ref("input", node.series)]
        window = self._window(node, series)
        made = {
            "first": f"{window}[0]",
            "last": f"{window}[-1]",
            "count": f"len({window})",
            "run": f"_rising_run({window})",
        }.get(node.fn, f"{node.fn}({window})")
        known = f"if {window} is not None" if node.fn == "count" else f"if {window}"
        local = self.names.give(node, f"{node.fn}_{series}{_window_name(node)}")
        self._write(local, (made, known, "else None"), self.words.number(node))

    def _window(self, node: Agg, series: str) -> str:
        key = ("window", node.series, node.low, node.high)
        if key not in self.names:
            low = "" if node.low is None else f"{node.low} <= "
            high = "" if node.high is None else f" <= {node.high}"
            test = f" if {low}minute{high}" if low or high else ""
            values = f"[value for minute, value in {series}{test}]"
            local = self.names.give(key, f"{series}{_window_name(node) or '_values'}")
            self._write(local, ("None", f"if {series} is None", f"else {values}"))
        return self.names[key]

    # --- conditions -------------------------------------------------------------------------------

    def _define(self, name: str, thing: Ref, condition: Bool, comments: Iterable[str]) -> None:
        self._into = self.lines if name in self._needed else self.further
        self._owner, self._count = name, 0
        self._condition(name, self.names.give(thing, name), condition, tuple(comments))

    def _condition(self, name: str, local: str, node: Bool, comments: tuple[str, ...]) -> None:
        """Write ``local = node``; what it is made of comes first."""
        together = self._together(node)
        each_operand = [] if together else [self._operand(each) for each in _inner(node)]
        operands = tuple(dict.fromkeys(each_operand))
        match node:
            case Cmp() | And() | Or() if together:
                comments = (*comments, *map(self.words.comparison, together))
                expression = self._compared(together, "or" if isinstance(node, Or) else "and")
            case In(code, codes):
                expression = self._membership(code, codes)
            case Score(at_least, items):
                points = [each for _, each in items]
                expression = self._score(at_least, list(zip(each_operand, points, strict=True)))
            case Assume(_, default, why):
                comments = (*comments, f"Taken to be {default} when unknown: {why}")
                unknown = self._test(operands[0], "is", None)
                expression = (str(default), f"if {unknown}", f"else {self._plain(operands[0])}")
            case And():
                expression = self._all_of(operands)
            case Or():
                expression = self._any_of(operands)
            case Not() | Ref() | Cmp():
                expression = (self._plain(operands[0]),)
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

    def _plain(self, operand: Operand) -> str:
        name, wanted = operand
        local = self._local(name)
        return local if wanted else f"None if {local} is None else not {local}"

    def _test(self, operand: Operand, verb: str, answer: bool | None) -> str:
        """``operand is answer`` (or ``is not``), said of the local behind it."""
        name, wanted = operand
        return f"{self._local(name)} {verb} {answer if wanted or answer is None else not answer}"

    def _local(self, name: str) -> str:
        if name in self.answers:
            return self.answers[name]
        datum = Ref("input", name)
        return self.names[datum if datum in self.names else Ref("setting", name)]

    def _holds(self, operand: Operand) -> str:
        name, wanted = operand
        return self._local(name) if wanted else f"{self._local(name)} is False"

    def _all_of(self, operands: tuple[Operand, ...]) -> tuple[str, ...]:
        """A conjunction: all hold; or one does not; or it is open."""
        if len(operands) < 2:
            return (self._plain(operands[0]) if operands else "True",)
        true = [self._holds(each) for each in operands]
        false = [self._test(each, "is", False) for each in operands]
        ends = ("else False", "else None")
        return ("True", *_joined("if", "and", true), ends[0], *_joined("if", "or", false), ends[1])

    def _any_of(self, operands: tuple[Operand, ...]) -> tuple[str, ...]:
        """A disjunction: one holds; or it is open; or none does."""
        if len(operands) < 2:
            return (self._plain(operands[0]) if operands else "False",)
        true = [self._holds(each) for each in operands]
        unknown = [self._test(each, "is", None) for each in operands]
        ends = ("else None", "else False")
        return ("True", *_joined("if", "or", true), ends[0], *_joined("if", "or", unknown), ends[1])

    def _score(self, at_least: int, points: list[tuple[Operand, int]]) -> tuple[str, ...]:
        """Enough points are sure; or enough are still possible; or not even that."""
        sure = [_points(self._test(each, "is", True), count) for each, count in points]
        possible = [_points(self._test(each, "is not", False), count) for each, count in points]
        return (
            *("True", *_joined("if", "+", sure or ["0"]), f">= {at_least}"),
            *("else None", *_joined("if", "+", possible or ["0"]), f">= {at_least}"),
            "else False",
        )

    def _membership(self, code: Ref, codes: tuple[str, ...]) -> tuple[str, ...]:
        local = self.names[code]
        listed = ", ".join(map(quoted, codes))
        member = f"{local} == {listed}" if len(codes) == 1 else f"{local} in ({listed})"
        return self._guarded([code], [member])

    def _together(self, node: Bool) -> tuple[Cmp, ...]:
        """The comparisons a condition consists of, if they are known and unknown together."""
        parts = node.operands if isinstance(node, And | Or) else (node,)
        found = tuple(each for each in parts if isinstance(each, Cmp))
        data = {frozenset(datum for _, datum in self.form.linear(each).terms) for each in found}
        return found if len(found) == len(parts) and len(data) == 1 else ()

    def _compared(self, comparisons: tuple[Cmp, ...], joint: str) -> tuple[str, ...]:
        """Comparisons of the same data, joined once these are known."""
        lines = [self.form.linear(each) for each in comparisons]
        return self._guarded(
            [datum for _, datum in lines[0].terms],
            [
                f"{joint} {self._line(each)}" if n else self._line(each)
                for n, each in enumerate(lines)
            ],
        )

    def _guarded(self, data: Iterable[Datum], pieces: Sequence[str]) -> tuple[str, ...]:
        """``None`` if some datum is unknown, else the pieces. A setting with a default is known."""
        unknown = [f"{self.names[each]} is None" for each in data if not self._is_set(each)]
        if not unknown:
            return tuple(pieces)
        return ("None", *_joined("if", "or", unknown), f"else {pieces[0]}", *pieces[1:])

    def _is_set(self, datum: Datum) -> bool:
        if isinstance(datum, Agg) or datum.kind != "setting":
            return False
        return self.form.settings[datum.name].default is not None

    def _line(self, line: Linear) -> str:
        """A comparison of whole numbers with its data on the left where it has any."""
        left = [(each, datum) for each, datum in line.terms if each > 0]
        right = [(-each, datum) for each, datum in line.terms if each < 0]
        low, high, op = max(line.constant, 0), max(-line.constant, 0), line.op
        if right and not left:
            left, right, low, high, op = right, left, high, low, MIRRORED[op]
        return f"{self._sum(left, low)} {SYMBOLS.get(op, op)} {self._sum(right, high)}"

    def _sum(self, terms: list[tuple[int, Datum]], constant: int) -> str:
        parts = [("" if each == 1 else f"{each} * ") + self.names[datum] for each, datum in terms]
        return " + ".join(parts + ([str(constant)] if constant or not parts else []))

    def _write(self, local: str, expression: tuple[str, ...], *comments: str) -> None:
        self._into.append(Line(local, expression, tuple(each for each in comments if each)))


def needed(program: Program) -> frozenset[str]:
    """The rules and their guards, and the criteria that they refer to, directly or not."""
    inside = dict(conditions(program))
    found: set[str] = set()
    ahead = [name for rule in program.rules for name in (rule.name, guard_name(rule))]
    ahead += [each.name for rule in program.rules for each in rule.unless]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            nodes = walk(inside[name]) if name in inside else ()
            ahead += [node.name for node in nodes if isinstance(node, Ref)]
    return frozenset(found)


def guard_name(rule: Rule) -> str:
    """What the guard of a rule is called in a trace: a rule without exceptions is its guard."""
    return f"{rule.name} guard" if rule.unless else rule.name


def quoted(text: str) -> str:
    """Text as a Python string with double quotes; what cannot be seen is escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escaped(each) for each in written)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def _inner(node: Bool) -> tuple[Bool, ...]:
    match node:
        case And(operands) | Or(operands):
            return operands
        case Score(_, items):
            return tuple(item for item, _ in items)
        case Assume(operand):
            return (operand,)
        case Not() | Ref():
            return (node,)
        case Cmp() | In():
            return ()


def _joined(first: str, then: str, parts: list[str]) -> list[str]:
    return [f"{then if place else first} {part}".strip() for place, part in enumerate(parts)]


def _points(test: str, count: int) -> str:
    return f"({test})" if count == 1 else f"{count} * ({test})"


def _window_name(node: Agg) -> str:
    """The window in a local name: ``_from_m720_to_720`` (m for minus)."""
    ends = (("from", node.low), ("to", node.high))
    return "".join(f"_{word}_{end}".replace("-", "m") for word, end in ends if end is not None)
