"""The flowchart cannot lie: where a condition is stated and drawn, both say the same.

``check`` looks at the default readings in this way; here every reading is looked at, unknown data
included, so that the two answer alike even where the answer is that more must be known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from guidegraph.diagnostic import Severity
from guidegraph.kernel import FALSE, And, Ref
from guidegraph.lower import executable
from guidegraph.model import Recommendation
from guidegraph.pathway import paths_condition
from guidegraph.proof import smallest
from guidegraph.verify.base import Case, Entry, Held, Refuted
from guidegraph.verify.unknown import answers_differ

CODE = "L481"


def check_pathways(case: Case) -> Iterator[Entry]:
    """Recommendations whose stated condition is not the same as their place in the flowchart."""
    for each in executable(case.guideline):
        if each.condition and each.implemented_by:
            yield from case.attempt(CODE, (each.id,), partial(_same, case, each))


def _same(case: Case, recommendation: Recommendation) -> Iterator[Entry]:
    stated = Ref("criterion", recommendation.condition or "")
    drawn = paths_condition(case.guideline, recommendation) or FALSE
    within = case.population(recommendation.id)
    differ = And((within, answers_differ(stated, drawn)))
    found = case.some(differ) or case.some(differ, total=False)
    if found is None:
        yield Held(
            code=CODE,
            subjects=(recommendation.id,),
            what=f"The condition of “{recommendation.label}” and its place in the flowchart are "
            "the same for every patient",
        )
        return
    patient = smallest(case.theory, differ, found)
    shown = case.show(answers_differ(stated, drawn), given=within)
    yield Refuted(
        code=CODE,
        severity=Severity.ERROR,
        subjects=(recommendation.id,),
        message=f"The condition of “{recommendation.label}” and its place in the flowchart do not "
        "always give the same answer.",
        why="Readers of the flowchart would be told something else than users of the logic.",
        help="Change the condition, or the branches that lead to the node, until both say the "
        "same in every reading.",
        witness=case.told(patient),
        where=shown.where if shown else "only patients of whom not everything is known",
        patient=patient,
        region=shown.region if shown else None,
    )
