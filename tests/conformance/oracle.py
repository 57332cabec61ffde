"""What programs mean, written a second time: from tables, and without guidegraph.

The tables are those of the README beside this file. Nothing is shared with the reference, and
where there are two ways to say something, this takes the other: scores and conditional numbers are
answered by going through everything that could be the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

T, U, F = "T", "U", "F"
AND = {
    "TT": T, "TU": U, "TF": F,
    "UT": U, "UU": U, "UF": F,
    "FT": F, "FU": F, "FF": F,
}  # fmt: skip
OR = {
    "TT": T, "TU": T, "TF": T,
    "UT": T, "UU": U, "UF": U,
    "FT": T, "FU": U, "FF": F,
}  # fmt: skip
NOT = {"T": F, "U": U, "F": T}
STATUS = {
    "TT": "applies",
    "TU": "provisional",
    "TF": "defeated",
    "UU": "undetermined",
    "UF": "notApplicable",
    "FF": "notApplicable",
}
"""Guard, then effective."""
SIGNS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: (b - a).numerator > 0,
    "<=": lambda a, b: (b - a).numerator >= 0,
    ">": lambda a, b: (a - b).numerator > 0,
    ">=": lambda a, b: (a - b).numerator >= 0,
    "=": lambda a, b: (a - b).numerator == 0,
    "!=": lambda a, b: (a - b).numerator != 0,
}
PLAIN = {T: True, F: False, U: None}
Outcomes = frozenset[Fraction | None]
"""Every number that something could be; None: not known."""


class Patient:
    """One patient in wire form, seen through one program."""

    def __init__(self, program: Mapping[str, Any], vector: Mapping[str, Any]) -> None:
        self.program = program
        self.facts: Mapping[str, Any] = vector["facts"]
        self.settings: Mapping[str, Any] = vector["settings"]
        self.inputs = {each["name"]: each for each in program["inputs"]}
        self.choices = {each["name"]: each for each in program["settings"]}
        self.criteria = {each["name"]: each["condition"] for each in program["criteria"]}
        self.rules = {each["name"]: each for each in program["rules"]}

    def expected(self) -> dict[str, Any]:
        """The answer of every criterion; guard, effective and status of every rule."""
        return {
            "criteria": {name: self.answer("criteria", name) for name in self.criteria},
            "rules": {name: self.answer("rules", name) for name in self.rules},
        }

    def answer(self, group: str, name: str) -> Any:
        """What is expected of one criterion or rule."""
        if group == "criteria":
            return PLAIN[self.truth(self.criteria[name])]
        return self._standing(name)

    def _standing(self, name: str) -> dict[str, Any]:
        guard, effective = self.truth(self.rules[name]["guard"]), self.truth({"rule": name})
        status = STATUS[guard + effective]
        return {"guard": PLAIN[guard], "effective": PLAIN[effective], "status": status}

    # --- conditions ---

    def truth(self, node: Mapping[str, Any]) -> str:
        """T, U or F."""
        ((key, held),) = list(node.items())[:1]
        return getattr(self, f"_{key}")(held, node)

    def _input(self, name: str, _: Any) -> str:
        return {True: T, False: F, None: U}[self.facts.get(name)]

    def _criterion(self, name: str, _: Any) -> str:
        return self.truth(self.criteria[name])

    def _rule(self, name: str, _: Any) -> str:
        rule = self.rules[name]
        exceptions = [{"not": each} for each in rule.get("unless", ())]
        return self._and([rule["guard"], *exceptions], None)

    def _and(self, parts: list[Any], _: Any) -> str:
        answer = T
        for each in parts:
            answer = AND[answer + self.truth(each)]
        return answer

    def _or(self, parts: list[Any], _: Any) -> str:
        answer = F
        for each in parts:
            answer = OR[answer + self.truth(each)]
        return answer

    def _not(self, part: Any, _: Any) -> str:
        return NOT[self.truth(part)]

    def _in(self, codes: list[str], node: Any) -> str:
        ((kind, name),) = node["code"].items()
        if kind == "setting":
            code = self.settings.get(name, self.choices[name].get("default"))
        else:
            code = self.facts.get(name)
        if code is None:
            return U
        return T if any(each == code for each in codes) else F

    def _assume(self, default: bool, node: Any) -> str:
        return {T: T, F: F, U: T if default else F}[self.truth(node["of"])]

    def _score(self, items: list[Any], node: Any) -> str:
        """What every way in which the open items could turn out would give."""
        answers = [self.truth(each["if"]) for each in items]
        ways = product(*({T: [1], F: [0], U: [0, 1]}[each] for each in answers))
        sums = [
            sum(e["points"] for e, holds in zip(items, way, strict=True) if holds) for way in ways
        ]
        return agreed({total >= node["atLeast"] for total in sums})

    def _compare(self, sign: str, node: Any) -> str:
        pairs = product(self.outcomes(node["left"]), self.outcomes(node["right"]))
        found = {None if None in (a, b) else SIGNS[sign](a, b) for a, b in pairs}
        return agreed(found)

    # --- numbers ---

    def outcomes(self, node: Mapping[str, Any]) -> Outcomes:
        """What a number can be, as far as is known."""
        match node:
            case {"number": text}:
                return frozenset({Fraction(text)})
            case {"input": name}:
                return frozenset({self._amount(name)})
            case {"setting": name}:
                return frozenset({self._chosen(name)})
            case {"aggregate": kind, "series": name}:
                return frozenset({self._aggregate(kind, name, node.get("from"), node.get("to"))})
            case {"sum": terms, "plus": constant}:
                return self._sum(terms, Fraction(constant))
            case {"if": test, "then": one, "else": other}:
                answer = self.truth(test)
                found: Outcomes = frozenset()
                if answer != F:
                    found |= self.outcomes(one)
                if answer != T:
                    found |= self.outcomes(other)
                return found
        raise ValueError(node)

    def _sum(self, terms: list[Any], constant: Fraction) -> Outcomes:
        factors = [Fraction(each["times"]) for each in terms]
        found = set()
        for way in product(*(self.outcomes(each["of"]) for each in terms)):
            known = None not in way
            products = (f * x for f, x in zip(factors, way, strict=True) if x is not None)
            found.add(sum(products, constant) if known else None)
        return frozenset(found)

    def _amount(self, name: str) -> Fraction | None:
        held = self.facts.get(name)
        scale = 0 if name == "now" else self.inputs[name]["scale"]
        return None if held is None else Fraction(held, 10**scale)

    def _chosen(self, name: str) -> Fraction | None:
        declared = self.choices[name]
        if name in self.settings:
            return Fraction(self.settings[name], 10 ** declared["scale"])
        return Fraction(declared["default"]) if "default" in declared else None

    def _aggregate(self, kind: str, name: str, low: int | None, high: int | None) -> Any:
        series = self.facts.get(name)
        if series is None:
            return None
        scale = 10 ** self.inputs[name]["scale"]
        ends = (low if low is not None else -(10**9), high if high is not None else 10**9)
        inside = [Fraction(value, scale) for at, value in series if ends[0] <= at <= ends[1]]
        if kind == "count":
            return Fraction(len(inside))
        if not inside:
            return None
        rising = [n for n in range(1, len(inside) + 1) if _rises(inside[-n:])]
        ordered = sorted(inside)
        return {
            "first": inside[0],
            "last": inside[-1],
            "max": ordered[-1],
            "min": ordered[0],
            "run": Fraction(max(rising)),
        }[kind]


def _rises(values: list[Fraction]) -> bool:
    return all(a < b for a, b in pairwise(values))


def agreed(found: set[bool | None]) -> str:
    """The answer that everything that could be the case gives, if there is one."""
    if len(found) > 1 or None in found:
        return U
    return T if True in found else F
