"""Every program of the suite with one fault: what an implementation that has it would compute.

A mutant that no vector tells from the original is a hole in the suite, unless nothing could.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from conformance.oracle import SIGNS, Patient

FUNCTIONS = ("first", "last", "max", "min", "count", "run")
Change = tuple[tuple[Any, ...], str, Any]
"""Where (keys from the top), what is done there in words, and the new value."""


@dataclass(frozen=True)
class Mutant:
    """A program with one fault, and the only thing whose answers can show it (None: any)."""

    name: str
    program: dict[str, Any]
    shown_by: tuple[str, str] | None = None

    def is_killed(self, vectors: list[Mapping[str, Any]]) -> bool:
        """Whether some vector expects another answer than the mutant gives."""
        if self.shown_by is None:
            return any(Patient(self.program, e).expected() != e["expect"] for e in vectors)
        group, name = self.shown_by
        return any(
            Patient(self.program, each).answer(group, name) != each["expect"][group][name]
            for each in vectors
        )


def mutants(program: Mapping[str, Any]) -> Iterator[Mutant]:
    """Each mutant with a name that says what was changed and where."""
    declared = _Declared(program)
    for group, key in (("criteria", "condition"), ("rules", "guard")):
        for place, each in enumerate(program[group]):
            for where, words, value in declared.changes(each[key]):
                at = f" at {'/'.join(map(str, where))}" if where else ""
                changed = _with(program, (group, place, key, *where), value)
                yield Mutant(f"{each['name']}: {words}{at}", changed, (group, each["name"]))
    yield from _exceptions(program)
    yield from _declarations(program)


def _with(program: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = dict(copy.deepcopy(program))
    part: Any = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return changed


def _exceptions(program: Mapping[str, Any]) -> Iterator[Mutant]:
    for place, rule in enumerate(program["rules"]):
        exceptions = rule.get("unless", [])
        for number, each in enumerate(exceptions):
            shown_by, named = ("rules", rule["name"]), next(iter(each.values()))
            rest = exceptions[:number] + exceptions[number + 1 :]
            without = _with(program, ("rules", place, "unless"), rest)
            yield Mutant(f"{rule['name']}: without {named}", without, shown_by)
            guard = {"and": [rule["guard"], {"not": each}]}
            inside = _with(without, ("rules", place, "guard"), guard)
            yield Mutant(f"{rule['name']}: {named} is part of the guard", inside, shown_by)


def _declarations(program: Mapping[str, Any]) -> Iterator[Mutant]:
    for group in ("inputs", "settings"):
        for place, each in enumerate(program[group]):
            scale = each["scale"]
            for other in (scale + 1, scale - 1):
                if each["kind"] in ("quantity", "series") and other >= 0:
                    changed = _with(program, (group, place, "scale"), other)
                    yield Mutant(f"{each['name']}: {other} decimal places", changed)
            if group == "settings":
                for default in _defaults(each):
                    changed = _with(program, (group, place, "default"), default)
                    yield Mutant(f"{each['name']}: default {default}", changed)


def _defaults(setting: Mapping[str, Any]) -> list[str]:
    """Other defaults: one step away, or the other codes."""
    if setting["kind"] == "code":
        return [each for each in setting["codes"] if each != setting["default"]]
    step = Fraction(1, 10 ** setting["scale"])
    return [str(Fraction(setting["default"]) + each) for each in (step, -step)]


class _Declared:
    """Changes of conditions, which need to know what is declared."""

    def __init__(self, program: Mapping[str, Any]) -> None:
        self.inputs = {each["name"]: each for each in program["inputs"]}
        self.settings = {each["name"]: each for each in program["settings"]}

    def changes(self, node: Mapping[str, Any], quantum: Fraction = Fraction(1)) -> Iterator[Change]:
        """Changes of this node, then of the parts of it."""
        if "compare" in node:
            quantum = self._quantum(node)
        for key in node:
            yield from getattr(self, f"_{key}", self._nothing)(node, quantum)
        for key, part in node.items():
            if isinstance(part, dict) and key != "code":
                changes = self.changes(part, quantum)
                if key == "of" and "assume" in node:
                    changes = (e for e in changes if e[0] or "unknown is" not in e[1])
                yield from _inside((key,), changes)
            elif isinstance(part, list) and key in ("and", "or"):
                for place, each in enumerate(part):
                    yield from _inside((key, place), self.changes(each, quantum))
            elif isinstance(part, list) and key in ("score", "sum"):
                inner = "if" if key == "score" else "of"
                for place, each in enumerate(part):
                    yield from _inside((key, place, inner), self.changes(each[inner], quantum))

    def _nothing(self, node: Mapping[str, Any], quantum: Fraction) -> Iterator[Change]:
        yield from ()

    def _quantum(self, node: Any) -> Fraction:
        """The finest step of the data in a comparison."""
        scales = [0]
        stack = [node]
        while stack:
            part = stack.pop()
            if isinstance(part, dict):
                name = part.get("input", part.get("setting", part.get("series")))
                known = {**self.settings, **self.inputs}
                if name in known and part.get("aggregate") not in ("count", "run"):
                    scales.append(known[name]["scale"])
                stack += part.values()
            elif isinstance(part, list):
                stack += part
        return Fraction(1, 10 ** max(scales))

    # --- conditions ---

    def _compare(self, node: Any, _: Fraction) -> Iterator[Change]:
        for sign in SIGNS:
            if sign != node["compare"]:
                yield (), f"{node['compare']} becomes {sign}", {**node, "compare": sign}
        if node["compare"] not in ("=", "!=") and node["left"] != node["right"]:
            swapped = {**node, "left": node["right"], "right": node["left"]}
            yield (), "sides swapped", swapped

    def _input(self, node: Any, _: Fraction) -> Iterator[Change]:
        mine = self.inputs.get(node["input"], {"kind": "quantity"})["kind"]
        if mine == "boolean":
            yield (), f"{node['input']} is negated", {"not": node}
            yield (), f"{node['input']} unknown is false", {"assume": False, "of": node, "why": ""}
            yield (), f"{node['input']} unknown is true", {"assume": True, "of": node, "why": ""}
        for name, each in self.inputs.items():
            if each["kind"] == mine and name != node["input"]:
                yield (), f"{node['input']} becomes {name}", {"input": name}

    def _criterion(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield (), f"{node['criterion']} is negated", {"not": node}
        yield (), f"{node['criterion']} unknown is false", {"assume": False, "of": node, "why": ""}

    def _rule(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield (), f"{node['rule']} is negated", {"not": node}
        yield (), f"{node['rule']} unknown is false", {"assume": False, "of": node, "why": ""}

    def _in(self, node: Any, _: Fraction) -> Iterator[Change]:
        ((kind, name),) = node["code"].items()
        known = (self.inputs if kind == "input" else self.settings)[name]["codes"]
        for code in known:
            chosen = [each for each in node["in"] if each != code]
            if code not in node["in"]:
                chosen.append(code)
            yield (), f"{code} is {'in' if code in chosen else 'not in'}", {**node, "in": chosen}

    def _not(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield (), "not is left out", node["not"]

    def _and(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield from _operands(node, "and", "or")

    def _or(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield from _operands(node, "or", "and")

    def _score(self, node: Any, _: Fraction) -> Iterator[Change]:
        for step in (1, -1):
            at_least = node["atLeast"] + step
            yield (), f"at least {at_least}", {**node, "atLeast": at_least}
            for place, each in enumerate(node["score"]):
                points = each["points"] + step
                if points:
                    yield ("score", place, "points"), f"{points} points", points
        for place in range(len(node["score"])):
            rest = node["score"][:place] + node["score"][place + 1 :]
            yield (), f"item {place} is left out", {**node, "score": rest}

    def _assume(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield (), "the other default", {**node, "assume": not node["assume"]}
        yield (), "no default", node["of"]

    # --- numbers ---

    def _number(self, node: Any, quantum: Fraction) -> Iterator[Change]:
        for step in (quantum, -quantum):
            value = str(Fraction(node["number"]) + step)
            yield (), f"{value} for {node['number']}", {"number": value}

    def _setting(self, node: Any, _: Fraction) -> Iterator[Change]:
        mine = self.settings[node["setting"]]
        for name, each in self.settings.items():
            if each["kind"] == mine["kind"] and name != node["setting"]:
                yield (), f"{node['setting']} becomes {name}", {"setting": name}

    def _aggregate(self, node: Any, _: Fraction) -> Iterator[Change]:
        for fn in FUNCTIONS:
            if fn != node["aggregate"]:
                yield (), f"{node['aggregate']} becomes {fn}", {**node, "aggregate": fn}
        for end in ("from", "to"):
            if end in node:
                for step in (1, -1):
                    value = node[end] + step
                    yield (), f"{end} {value}", {**node, end: value}
                open_ = {key: each for key, each in node.items() if key != end}
                yield (), f"no {end}", open_
        for name, each in self.inputs.items():
            if each["kind"] == "series" and name != node["series"]:
                yield (), f"{node['series']} becomes {name}", {**node, "series": name}

    def _sum(self, node: Any, quantum: Fraction) -> Iterator[Change]:
        for step in (quantum, -quantum):
            value = str(Fraction(node["plus"]) + step)
            yield (), f"plus {value}", {**node, "plus": value}
        for place, each in enumerate(node["sum"]):
            rest = node["sum"][:place] + node["sum"][place + 1 :]
            yield (), f"part {place} is left out", {**node, "sum": rest}
            for step in (1, -1):
                factor = str(Fraction(each["times"]) + step)
                yield ("sum", place, "times"), f"times {factor}", factor

    def _if(self, node: Any, _: Fraction) -> Iterator[Change]:
        yield (), "outcomes swapped", {**node, "then": node["else"], "else": node["then"]}
        yield (), "always the first outcome", node["then"]
        yield (), "always the second outcome", node["else"]
        assumed = {"assume": False, "of": node["if"], "why": ""}
        yield (), "unknown is the second outcome", {**node, "if": assumed}


def _operands(node: Any, mine: str, other: str) -> Iterator[Change]:
    if len(node[mine]) != 1:
        yield (), f"{mine} becomes {other}", {other: node[mine]}
    for place in range(len(node[mine])):
        rest = node[mine][:place] + node[mine][place + 1 :]
        yield (), f"operand {place} of {mine} is left out", {mine: rest}


def _inside(where: tuple[Any, ...], changes: Iterator[Change]) -> Iterator[Change]:
    return (((*where, *inner), words, value) for inner, words, value in changes)
