"""Whether what was accepted is still found, and was accepted properly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import quoted
from guidegraph.check.publications import ACCEPTABLE
from guidegraph.diagnostic import Severity
from guidegraph.explain import codes
from guidegraph.model import AcceptedFinding, Guideline


def audit_acceptances(guideline: Guideline, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Accepted findings that fit nothing, have no known code or lie in the future.

    The future begins after the day on which the guideline was last changed: an audit of the same
    files says the same on every day.
    """
    found = {(each.diagnostic.code, each.diagnostic.subject) for each in findings}
    for each in guideline.all(AcceptedFinding):
        if each.finding_code not in codes():
            yield _unknown(each)
        elif not _is_of_another(each.finding_code):
            stale = [name for name in each.concerns if (each.finding_code, name) not in found]
            if stale:
                yield _stale(each, stale)
        modified = guideline.header.modified
        if each.accepted_on and modified and each.accepted_on > modified:
            yield _ahead(each, modified)


def _is_of_another(code: str) -> bool:
    """Whether another command reports the code: `check` or `verify` looks at what accepts it."""
    return code in ACCEPTABLE or code.startswith("L4")


def _stale(each: AcceptedFinding, stale: Sequence[str]) -> Finding:
    return finding(
        "A901",
        Severity.WARNING,
        f"`{each.id}` accepts a finding {each.finding_code} about {quoted(stale)}, and there is no "
        "such finding.",
        at=each.place_of("gg:concerns"),
        why="What it spoke of has been mended, or has never been reported under this code; left "
        "here it would hide the next one.",
        remedy="Remove it, or correct gg:findingCode and gg:concerns.",
        subject=each.id,
        involved=stale,
    )


def _ahead(each: AcceptedFinding, modified: str) -> Finding:
    return finding(
        "A902",
        Severity.WARNING,
        f"`{each.id}` was accepted on {each.accepted_on}, after the guideline was last changed "
        f"({modified}).",
        at=each.place_of("dcterms:created"),
        why="Nobody can have accepted it then: one of the two dates is wrong.",
        remedy="Correct dcterms:created, or the dcterms:modified of the guideline.",
        subject=each.id,
        arithmetic=(f"{each.accepted_on} > {modified}",),
    )


def _unknown(each: AcceptedFinding) -> Finding:
    return finding(
        "A903",
        Severity.WARNING,
        f"`{each.id}` accepts findings with the code {each.finding_code}, which no check reports.",
        at=each.place_of("gg:findingCode"),
        why="It accepts nothing, although somebody thought it did.",
        remedy="Use the code that the audit prints, such as A301.",
        subject=each.id,
    )
