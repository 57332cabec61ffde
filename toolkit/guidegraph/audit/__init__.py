"""The audit: do the printed numbers and statements of a guideline's evidence fit each other?

Everything is read from the typed model. Nothing here changes a decision: what is wrong with a paper
is shown beside it, and what to do about it is for people to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidegraph.audit.acceptance import audit_acceptances
from guidegraph.audit.base import (
    OUTCOMES,
    AuditReport,
    Entry,
    Examination,
    Finding,
    Inference,
    Outcome,
    assemble,
    finding,
)
from guidegraph.audit.citations import audit_citations
from guidegraph.audit.claims import audit_claims
from guidegraph.audit.comparisons import audit_comparisons
from guidegraph.audit.contradictions import audit_contradictions
from guidegraph.audit.correlations import audit_correlations
from guidegraph.audit.intervals import audit_intervals
from guidegraph.audit.magnitudes import audit_magnitudes
from guidegraph.audit.means import audit_means
from guidegraph.audit.parts import audit_parts
from guidegraph.audit.proportions import audit_proportions
from guidegraph.audit.ratio_intervals import audit_ratio_intervals
from guidegraph.audit.recommendations import audit_recommendations
from guidegraph.audit.studies import audit_studies
from guidegraph.audit.texts import audit_texts
from guidegraph.audit.values import audit_values
from guidegraph.model import AcceptedFinding, Discrepancy, Guideline

AUDITS: tuple[Callable[[Guideline], Iterator[Entry]], ...] = (
    audit_proportions,
    audit_texts,
    audit_parts,
    audit_comparisons,
    audit_ratio_intervals,
    audit_intervals,
    audit_correlations,
    audit_means,
    audit_values,
    audit_magnitudes,
    audit_citations,
    audit_studies,
    audit_claims,
    audit_contradictions,
    audit_recommendations,
)
"""Every audit, in the order in which their examinations are told."""


def audit(guideline: Guideline) -> AuditReport:
    """Run every audit over a guideline; what was accepted is audited last, against the rest."""
    entries = [entry for each in AUDITS for entry in each(guideline)]
    entries += audit_acceptances(guideline, [each for each in entries if isinstance(each, Finding)])
    return assemble(entries, guideline.all(AcceptedFinding), guideline.all(Discrepancy))


__all__ = [
    "AUDITS",
    "OUTCOMES",
    "AuditReport",
    "Entry",
    "Examination",
    "Finding",
    "Inference",
    "Outcome",
    "assemble",
    "audit",
    "finding",
]
