"""Whether evidence rests on a publication that was retracted, withdrawn, doubted or corrected.

What has become of a publication stands with it in the guideline (gg:publicationStatus), or in a
list of retractions. Such a finding can be accepted, as those of the audit can (gg:AcceptedFinding):
it is then a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidegraph import doi
from guidegraph.check.retractions import Notice
from guidegraph.criteria import Criterion
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.impact import Dependencies, Impact
from guidegraph.model import (
    AcceptedFinding,
    CausalStep,
    ClinicalDefinition,
    EvidenceClaim,
    Guideline,
    Recommendation,
    SourceDocument,
    Threshold,
)
from guidegraph.wording import plural

RANKS = {"Corrected": 1, "ExpressionOfConcern": 2, "Withdrawn": 3, "Retracted": 4}
"""The statuses of a publication; the gravest counts where there are several."""
ACCEPTABLE = ("V110", "V111")
"""The findings of this module that can be accepted."""
GONE = ("Withdrawn", "Retracted")
HAPPENED = {
    "Corrected": "was corrected",
    "ExpressionOfConcern": "is under an expression of concern",
    "Withdrawn": "was withdrawn",
    "Retracted": "was retracted",
}
USERS = (
    (EvidenceClaim, "claim", "claims"),
    (Recommendation, "recommendation", "recommendations"),
    (Threshold, "threshold", "thresholds"),
    (ClinicalDefinition, "definition", "definitions"),
    (Criterion, "criterion", "criteria"),
    (CausalStep, "causal step", "causal steps"),
)
"""What it matters for; that a document is cited by a number alone matters for nobody."""
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class _Case:
    """A document of which something is known, and where that stands."""

    document: SourceDocument
    status: str
    on: str
    at: Location


def check_publications(guideline: Guideline) -> Iterator[Diagnostic]:
    """What the guideline itself says of its publications."""
    found = [
        _Case(each, each.publication_status, "", each.place_of("gg:publicationStatus"))
        for each in guideline.all(SourceDocument)
        if each.publication_status in RANKS
    ]
    yield from _told(guideline, found)


def check_notices(guideline: Guideline, notices: Iterable[Notice]) -> Iterator[Diagnostic]:
    """What a list of retractions says of them; what the guideline says already is not repeated."""
    gravest: dict[str, Notice] = {}
    for notice in notices:
        known = gravest.get(notice.doi)
        if known is None or RANKS[notice.status] > RANKS[known.status]:
            gravest[notice.doi] = notice
    found = []
    for document in guideline.all(SourceDocument):
        listed = [gravest[each] for each in _dois(document) if each in gravest]
        stated = RANKS.get(document.publication_status or "", 0)
        found += [
            _Case(document, each.status, each.on, each.at)
            for each in listed
            if RANKS[each.status] > stated
        ]
    yield from _told(guideline, found)


def _dois(document: SourceDocument) -> list[str]:
    return [found for each in document.identifiers if (found := doi.normalised(each))]


def _told(guideline: Guideline, found: list[_Case]) -> Iterator[Diagnostic]:
    dependencies = Dependencies(guideline) if found else None
    for each in found:
        assert dependencies is not None
        yield _finding(guideline, each, dependencies.impact((each.document.id,)))


def _finding(guideline: Guideline, case: _Case, impact: Impact) -> Diagnostic:
    name = case.document.id
    used = {
        several: [each for each in impact.dependants if isinstance(guideline[each], kind)]
        for kind, _, several in USERS
    }
    counted = [
        plural(len(used[several]), one, several) for _, one, several in USERS if used[several]
    ]
    rest = "rests" if sum(map(len, used.values())) == 1 else "rest"
    happened = HAPPENED[case.status] + (f" ({case.on})" if case.on else "")
    if not counted:
        return Diagnostic(
            code="V112",
            severity=Severity.NOTE,
            message=f"`{name}` {happened}. Nothing in this guideline rests on it.",
            at=case.at,
            help="Keep it marked so that nobody builds on it later."
            if case.at == case.document.place_of("gg:publicationStatus")
            else "Say so with gg:publicationStatus, so that nobody builds on it later.",
            subject=name,
            related=_document(case),
        )
    code = "V110" if case.status in GONE else "V111"
    accepted = _accepted(guideline, code, name)
    severity = Severity.ERROR if code == "V110" else Severity.WARNING
    return Diagnostic(
        code=code,
        severity=Severity.NOTE if accepted else severity,
        message=f"`{name}` {happened}, and {_listed(counted)} of this guideline {rest} on it."
        + (f" Accepted on {accepted.accepted_on} (`{accepted.id}`)." if accepted else ""),
        at=case.at,
        why=_consequence(impact, used),
        help=_advice(case, name),
        subject=name,
        related=_document(case),
    )


def _consequence(impact: Impact, used: dict[str, list[str]]) -> str:
    """What is touched by name, and which recommendations it would leave with nothing."""
    parts = [f"{word.capitalize()}: {_named(names)}." for word, names in used.items() if names]
    bare = [each.recommendation for each in impact.remaining if each.verdict == "nothing"]
    if bare:
        parts.append(f"Without it there is no supporting evidence for {_named(bare)}.")
    return " ".join(parts)


def _advice(case: _Case, name: str) -> str:
    look = f"`guidegraph impact {name}` shows all that depends on it and why. "
    if case.status in GONE:
        return look + (
            "Review it with those responsible: rest the advice on other evidence, or take the "
            "claims and their relations out. To keep them on record, accept this finding with a "
            "gg:AcceptedFinding that says who decided, when and why."
        )
    return look + (
        "Compare what is encoded with the notice; then accept this finding with a "
        "gg:AcceptedFinding that says who looked, when and what came of it."
    )


def _accepted(guideline: Guideline, code: str, name: str) -> AcceptedFinding | None:
    return next(
        (
            each
            for each in guideline.all(AcceptedFinding)
            if each.finding_code == code and name in each.concerns
        ),
        None,
    )


def _document(case: _Case) -> tuple[tuple[Location, str], ...]:
    """The document, where the finding stands elsewhere."""
    if case.at.file == case.document.at.file:
        return ()
    return ((case.document.at, f"the document `{case.document.id}`"),)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"`{each}`" for each in names[:MOST_NAMED]) + more


def _listed(counted: list[str]) -> str:
    return " and ".join((", ".join(counted[:-1]), counted[-1])) if counted[1:] else counted[0]
