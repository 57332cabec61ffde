"""What reasons rest on: limits as printed and executed, passages and claims, each told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from guidegraph import formula
from guidegraph.criteria import Criterion, Limited
from guidegraph.entity import Entity, Ref
from guidegraph.evaluate.evidence import ClaimUse, Evidence, PassageUse
from guidegraph.formula.words import OPPOSITE
from guidegraph.lower import DIMENSIONLESS, PURE, GuidelineScope
from guidegraph.model import Guideline, Observable, SiteParameter, Threshold
from guidegraph.program import Program
from guidegraph.site.reasoning.trees import Json, Trees, exact
from guidegraph.units import ratio
from guidegraph.wording import amount, plain


class Grounds:
    """Collects what conditions and recommendations rest on; names stand for what is in a table."""

    def __init__(self, guideline: Guideline, program: Program, trees: Trees) -> None:
        self.guideline = guideline
        self.program = program
        self.trees = trees
        self.evidence = Evidence(guideline)
        self.scope = GuidelineScope(guideline, program.readings)
        self.passages: dict[str, Any] = {}
        """Every passage that was named: locator and document."""
        self.claims: dict[str, Any] = {}
        """Every claim that was named; how it bears on something stands where it is named."""
        self._units = {each.name: each.unit for each in program.settings}

    def of(self, thing: Entity) -> dict[str, Any]:
        """``{"passages": [name], "claims": [[name, relation]]}`` of a thing."""
        return {
            "passages": self._passages(self.evidence.passages(thing)),
            "claims": self._claims(self.evidence.claims(thing.id)),
        }

    def limits(self, criterion: Criterion) -> Iterator[dict[str, Any]]:
        """Every named limit a criterion compares with, and how its value is found."""
        for use in criterion.limits():
            threshold = self.guideline.get(use.threshold, Threshold)
            if threshold is not None:
                told = self.evidence.limit(threshold, None, None)
                yield {
                    "id": threshold.id,
                    "label": told.label,
                    "printed": told.printed,
                    "works": list(told.works),
                    "isLocal": self.guideline.is_local(threshold.id),
                    "passages": self._passages(told.passages),
                    "claims": self._claims(told.claims),
                    **self._found(threshold, use),
                }

    def _found(self, threshold: Threshold, use: Limited) -> dict[str, Any]:
        """Where the value of a limit comes from: a setting, a formula, or the guideline itself."""
        if name := threshold.site_parameter:
            return {"setting": name, **self._local_amount(name)}
        if threshold.formula:
            number = self.scope.limit(Ref(threshold.id), use.observable, use.selector)
            unit = self.guideline.one(use.observable, Observable).canonical_unit
            tree = formula.parse(threshold.formula)
            return {
                "number": self.trees.number(number),
                "unit": PURE if use.selector in DIMENSIONLESS else unit,
                "working": self._working(tree),
            }
        if quantity := threshold.executable_quantity:
            return {"value": plain(Fraction(quantity.value)), "unit": quantity.unit}
        return {}

    def _local_amount(self, name: str) -> dict[str, Any]:
        """The value with which a setting is a local choice, if its parameter has a default."""
        parameter = self.guideline.get(name, SiteParameter)
        chosen = parameter.default_quantity if parameter else None
        if parameter is None or chosen is None:
            return {}
        here = Fraction(chosen.value) * ratio(chosen.unit, self._units[name] or chosen.unit)
        return {"localAmount": exact(here) if self.guideline.is_local(name) else None}

    def _working(self, tree: formula.Expression) -> Json:
        """A formula for telling how it came to its value.

        ``["amount", words]``, ``["said", words]``, ``["named", words, datum]``, ``["sign", sign,
        x]``, ``["join", sign, x, y]`` and ``["if", test, condition, x, y, opposite test]``.
        """
        match tree:
            case formula.Amount(value, unit):
                return ["amount", amount(value, unit)]
            case formula.Name(name) if found := self.guideline.get(name, Criterion):
                return ["said", str(found.label) or found.id]
            case formula.Name() | formula.Pick():
                place = self.trees.place(formula.datum(tree, self.scope))
                return ["named", formula.picked(tree, self._label), place]
            case formula.Binary(sign, left, right):
                return ["join", sign, self._working(left), self._working(right)]
            case formula.If(test, then, otherwise):
                holds = self.trees.condition(formula.condition(test, self.scope))
                outcomes = (self._working(then), self._working(otherwise))
                return ["if", self._working(test), holds, *outcomes, self._opposite(test)]
            case _:
                return ["sign", tree.sign, self._working(tree.operand)]

    def _opposite(self, test: formula.Expression) -> Json:
        """What holds where a test is known not to."""
        written = self._working(test)
        if written[0] == "join" and written[1] in OPPOSITE:
            return ["join", OPPOSITE[written[1]], *written[2:]]
        return ["sign", "not", written]

    def _label(self, name: str) -> str:
        return str(self.guideline[name].label) or name

    def _passages(self, uses: Iterable[PassageUse]) -> list[str]:
        found = []
        for each in uses:
            self.passages[each.id] = {"locator": each.locator, "document": each.document}
            found.append(each.id)
        return found

    def _claims(self, uses: Iterable[ClaimUse]) -> list[list[str]]:
        found = []
        for each in uses:
            self.claims[each.id] = {
                "statement": each.statement,
                "study": each.study,
                "citations": list(each.citations),
                "passages": self._passages(each.passages),
            }
            found.append([each.id, each.relation])
        return found
