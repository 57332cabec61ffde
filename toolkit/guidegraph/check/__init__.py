"""Everything that is checked, in the order in which it is checked.

Graph checks look at triples and know their lines; model checks look at the typed guideline;
proofs run on a guideline that is otherwise sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from guidegraph.check.adaptation import check_adaptation
from guidegraph.check.appraisal import check_appraisal
from guidegraph.check.circles import check_circles
from guidegraph.check.domains import check_domains
from guidegraph.check.exactness import check_exactness
from guidegraph.check.formulas import check_formulas, check_reach
from guidegraph.check.literals import check_literals
from guidegraph.check.logic import check_logic
from guidegraph.check.names import check_names
from guidegraph.check.observables import check_observables
from guidegraph.check.pathways import check_pathways
from guidegraph.check.printed import check_printed
from guidegraph.check.proofs import check_proofs
from guidegraph.check.publications import check_notices, check_publications
from guidegraph.check.quantities import check_quantities
from guidegraph.check.results import check_results
from guidegraph.check.retractions import read_retractions
from guidegraph.check.scores import check_scores
from guidegraph.check.shapes import Validated, check_shapes
from guidegraph.check.translations import check_translations
from guidegraph.check.validation import validated
from guidegraph.diagnostic import Diagnostic, in_order
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.read import Sources

GRAPH_CHECKS: tuple[Callable[[Sources], Iterator[Diagnostic]], ...] = (
    check_names,
    check_domains,
    check_literals,
    check_adaptation,
)
MODEL_CHECKS: tuple[Callable[[Guideline], Iterator[Diagnostic]], ...] = (
    check_circles,
    check_logic,
    check_scores,
    check_formulas,
    check_observables,
    check_quantities,
    check_printed,
    check_results,
    check_pathways,
    check_publications,
    check_appraisal,
    check_translations,
)
PROOFS: tuple[Callable[[Guideline, Program], Iterator[Diagnostic]], ...] = (
    check_exactness,
    check_reach,
    check_proofs,
)


def check_graph(sources: Sources, validated: Validated = validated) -> tuple[Diagnostic, ...]:
    """What is wrong with the graph as it is written; ``validated`` applies the shapes."""
    found = [finding for check in GRAPH_CHECKS for finding in check(sources)]
    return in_order((*found, *check_shapes(sources, validated)))


def check_model(guideline: Guideline) -> tuple[Diagnostic, ...]:
    """What is wrong with the guideline as it is meant."""
    return in_order(finding for check in MODEL_CHECKS for finding in check(guideline))


def check_retractions(guideline: Guideline | None, path: Path) -> tuple[Diagnostic, ...]:
    """What a list of retractions says about the guideline, and what is wrong with the list."""
    notices, findings = read_retractions(path)
    touched = () if guideline is None else check_notices(guideline, notices)
    return in_order((*findings, *touched))


def prove(guideline: Guideline) -> tuple[Diagnostic, ...]:
    """What proofs find in a guideline without errors, under its default readings."""
    program = lower(guideline)
    return in_order(finding for proof in PROOFS for finding in proof(guideline, program))
