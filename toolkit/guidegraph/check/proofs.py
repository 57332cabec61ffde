"""What is proved of a sound guideline: the flowchart cannot lie, and "unique" means unique.

A recommendation that states its condition *and* stands in a pathway says the same thing twice.
Here the two are proved equal for every patient of its population, unknown data included; and the
branches of a decision with hit policy Unique are proved to exclude each other. A difference is
shown with a patient as witness.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from guidegraph.criteria import ScoreCriterion
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.kernel import FALSE, TRUE, And, Bool, Ref
from guidegraph.lower import executable
from guidegraph.model import (
    Branch,
    CarePathway,
    DecisionNode,
    Guideline,
    Recommendation,
)
from guidegraph.pathway import belongs, paths_condition, reach, taken
from guidegraph.program import Program
from guidegraph.regions import TRUTHS, Space, TooManyRegionsError, Wanted, Words


def check_proofs(guideline: Guideline, program: Program) -> Iterator[Diagnostic]:
    """Conditions that differ from their pathway, and unique branches that overlap."""
    prover = _Prover(guideline, program)
    for recommendation in executable(guideline):
        if recommendation.condition and recommendation.implemented_by:
            yield from prover.same_as_pathway(recommendation)
    for decision in guideline.all(DecisionNode):
        if decision.hit_policy == "Unique":
            yield from prover.exclusive(decision)
    for score in guideline.all(ScoreCriterion):
        yield from prover.decides(score)


class _Prover:
    def __init__(self, guideline: Guideline, program: Program) -> None:
        self.guideline = guideline
        self.space = Space(program)
        self.words = Words(guideline, program)

    def _population(self, name: str | None) -> Bool:
        return self.space.resolved(belongs(self.guideline, name))

    def same_as_pathway(self, recommendation: Recommendation) -> Iterator[Diagnostic]:
        """A witness for whom condition and pathway differ, inside the population."""
        within = self._population(recommendation.population)
        stated = self.space.conditions[Ref("criterion", recommendation.condition or "")]
        drawn = self.space.resolved(paths_condition(self.guideline, recommendation) or And(()))

        yield from self._witness(
            "L301",
            recommendation,
            (within, stated, drawn),
            _differ,
            f"The condition of `{recommendation.id}` and its place in the flowchart disagree.",
            "A recommendation's condition must be exactly what leads to its node in the pathway.",
        )

    def exclusive(self, decision: DecisionNode) -> Iterator[Diagnostic]:
        """A witness who takes two branches of a decision that promises one."""
        arriving = self.space.resolved(reach(self.guideline, decision.pathway)[decision.id])
        pathway = self.guideline.one(decision.pathway, CarePathway)
        here = And((self._population(pathway.population), arriving))
        tested = [
            (name, self.space.resolved(condition))
            for name, condition in taken(self.guideline, decision.id).items()
            if self.guideline.one(name, Branch).criterion
        ]
        for (one, first), (other, second) in combinations(tested, 2):
            labels = [str(self.guideline.one(each, Branch).label) for each in (one, other)]
            yield from self._witness(
                "L302",
                decision,
                (And((here, first, second)),),
                _comes_to(TRUE),
                f'`{decision.id}` promises one way out, but "{labels[0]}" and "{labels[1]}" can '
                "both be true.",
                "Hit policy Unique means that at most one branch is ever taken.",
            )

    def decides(self, score: ScoreCriterion) -> Iterator[Diagnostic]:
        """A score that is reached by nobody, or by everybody about whom enough is known."""
        condition = self.space.conditions[Ref("criterion", score.id)]
        for wanted, answer in ((TRUE, "reach"), (FALSE, "miss")):
            try:
                found = self.space.search((condition,), _comes_to(wanted))
            except TooManyRegionsError:
                yield _unproved(score)
                return
            if found is None:
                yield Diagnostic(
                    code="L114",
                    severity=Severity.ERROR,
                    message=f"No patient can {answer} the score of `{score.id}`.",
                    at=score.place_of("gg:minimumScore"),
                    why="Its items exclude or complement each other, so it decides nothing.",
                    help="Check the criteria of its items, their points and the minimum.",
                    subject=score.id,
                )

    def _witness(
        self,
        code: str,
        about: Recommendation | DecisionNode,
        conditions: tuple[Bool, ...],
        wanted: Wanted,
        message: str,
        why: str,
    ) -> Iterator[Diagnostic]:
        try:
            found = self.space.search(conditions, wanted)
        except TooManyRegionsError:
            yield _unproved(about)
            return
        if found is not None:
            yield Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message,
                at=about.at,
                why=f"{why} A patient who shows it: {self.words.facts(found)}.",
                help="Change the condition or the branches so that both say the same."
                if code == "L301"
                else "Make the criteria exclude each other, or declare hit policy Collect.",
                subject=about.id,
            )


def _differ(decided: tuple[Bool, ...]) -> bool | None:
    """Looks for where the first condition is true and the other two come to different constants."""
    inside, left, right = decided
    if inside in TRUTHS and TRUTHS[inside] is not True:
        return False
    if left == right:
        return False
    return True if inside in TRUTHS and left in TRUTHS and right in TRUTHS else None


@cache
def _comes_to(wanted: Bool) -> Wanted:
    """Looks for where a condition comes to a constant."""
    return lambda decided: decided[0] == wanted if decided[0] in TRUTHS else None


def _unproved(about: Recommendation | DecisionNode | ScoreCriterion) -> Diagnostic:
    return Diagnostic(
        code="L303",
        severity=Severity.NOTE,
        message=f"Nothing could be proved about `{about.id}` within the limit.",
        at=about.at,
        why="Its conditions have too many regions to look at in a quick check.",
        help="Split the condition, or accept that this one is not proved here.",
        subject=about.id,
    )
