"""The reference for many patients of one program: ``kernel.Meaning`` and the status table."""

from __future__ import annotations

from guidegraph.agree.base import Statuses, WirePatient
from guidegraph.evaluate.status import Standing
from guidegraph.kernel import Bool, Leaf, Meaning, Ref, Truth, replace_leaves
from guidegraph.program import Program, Rule
from guidegraph.wire import values


class Reference:
    """What is true of a patient. Conditions are prepared once; nothing is kept of a patient."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._one: dict[Leaf, Leaf] = {}
        self._named = {
            ref: replace_leaves(condition, self._same)
            for ref, condition in program.conditions.items()
        }
        self._rules = [self._prepared(each) for each in program.rules]

    def statuses(self, patient: WirePatient) -> Statuses:
        """The status of every rule by name."""
        return {each.rule.name: each.status for each in self.standings(patient)}

    def standings(self, patient: WirePatient) -> list[Standing]:
        """Where every rule stands, in the order of the program."""
        meant = self._meaning(patient)
        return [
            Standing(rule, meant.truth(guard), meant.truth(effective))
            for rule, guard, effective in self._rules
        ]

    def truths(self, patient: WirePatient) -> dict[str, Truth]:
        """The truth of every criterion by name, each after those it refers to."""
        meant = self._meaning(patient)
        return {
            each.name: meant.truth(Ref("criterion", each.name)) for each in self.program.criteria
        }

    def _meaning(self, patient: WirePatient) -> Meaning:
        inputs, settings = values(self.program, patient["facts"], patient.get("settings") or {})
        return Meaning(inputs, settings, self._named)

    def _prepared(self, rule: Rule) -> tuple[Rule, Bool, Bool]:
        return rule, replace_leaves(rule.guard, self._same), self._same(Ref("rule", rule.name))

    def _same(self, leaf: Leaf) -> Leaf:
        """One node for all equal leaves, so that each is answered once for a patient."""
        return self._one.setdefault(leaf, leaf)
