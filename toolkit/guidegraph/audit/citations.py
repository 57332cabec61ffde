"""Whether the works behind the claims are known: numbers used twice, works not identified."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, listed, quoted
from guidegraph.diagnostic import Severity
from guidegraph.model import (
    SUPPORTING,
    AnnouncedResult,
    Citation,
    EvidenceClaim,
    Guideline,
    Recommendation,
    SourceDocument,
)
from guidegraph.wording import plural


def audit_citations(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    yield from _shared_numbers(index)
    yield from _unidentified(index)
    yield from _never_given(index)
    yield from _not_looked_up(guideline)


def _shared_numbers(index: Index) -> Iterator[Finding]:
    """One number of a reference list that stands for several works."""
    found: dict[tuple[str, str], dict[str, Citation]] = {}
    for each in index.guideline.all(Citation):
        for number in each.notation:
            if each.citing and each.cited:
                found.setdefault((each.citing, number), {})[each.cited] = each
    told: set[frozenset[str]] = set()
    for (citing, number), works in found.items():
        citations = frozenset(each.id for each in works.values())
        if len(works) < 2 or citations in told:
            continue
        told.add(citations)
        first = next(iter(works.values()))
        yield finding(
            "A401",
            Severity.WARNING,
            f"Reference {number} of {index.titles([citing])} stands for {len(works)} different "
            f"works: {listed(index.label(each) for each in works)}.",
            at=first.at,
            why="Each number of a reference list is one work, so at least one sentence cites the "
            "wrong one, or its work was identified wrongly.",
            remedy="Look at the reference list. If the source uses the number for both, record it "
            "as a gg:Discrepancy or accept the finding; otherwise correct cito:hasCitedEntity.",
            subject=first.id,
            involved=(*(each.id for each in works.values()), *works),
            arithmetic=tuple(f"{each.id}: {index.label(name)}" for name, each in works.items()),
        )


def _unidentified(index: Index) -> Iterator[Finding]:
    """Numbers behind a recommendation whose source nobody has identified."""
    for claim in index.claims:
        unknown = index.unidentified(claim)
        if not unknown or index.cited(claim) or not (claim.results or claim.reported_texts):
            continue
        carried = [
            each.target
            for each in index.relations
            if each.evidence == claim.id
            and each.relation_type in SUPPORTING
            and index.guideline.get(each.target, Recommendation)
        ]
        if not carried:
            continue
        numbers = listed(each.notation[0] for each in unknown if each.notation)
        yield finding(
            "A402",
            Severity.NOTE,
            f"`{claim.id}` supports {quoted(dict.fromkeys(carried))} with figures from a work that "
            f"is not identified (reference {numbers}).",
            at=claim.place_of("gg:citation"),
            why="Nobody can look up whether the cited work gives these figures.",
            remedy="Identify the work and give it with cito:hasCitedEntity; if the reference list "
            "is not at hand, accept the finding.",
            subject=claim.id,
            involved=(*(each.id for each in unknown), *carried),
        )


def _never_given(index: Index) -> Iterator[Finding]:
    for each in index.guideline.all(AnnouncedResult):
        if not each.given_by:
            source = index.titles(index.documents(each)) or "A source"
            yield finding(
                "A403",
                Severity.WARNING,
                f"{source} announces a result that is never given: {each.label or each.id}.",
                at=each.at,
                why="What was measured and is not told may not have fitted the rest.",
                remedy="If a claim gives it, name the claim with gg:givenBy; if it is in a part of "
                "the source that is not at hand, record that as a gg:Discrepancy or accept the "
                "finding.",
                subject=each.id,
                involved=each.passages,
            )


def _not_looked_up(guideline: Guideline) -> Iterator[Finding]:
    """How many documents nobody has looked up; those that only lend a definition are counted."""
    documents = guideline.all(SourceDocument)
    unsure = [each.id for each in documents if each.status == "GeneralKnowledge"]
    if not unsure:
        return
    cited = {name for claim in guideline.all(EvidenceClaim) for name in claim.citations}
    behind = {
        each.cited for each in guideline.all(Citation) if each.id in cited and each.cited in unsure
    }
    header = guideline.header
    yield finding(
        "A404",
        Severity.NOTE,
        f"{plural(len(unsure), 'document')} of {len(documents)} "
        f"{'was' if len(unsure) == 1 else 'were'} named from general knowledge and never looked "
        f"up; claims cite {len(behind)} of them.",
        at=header.at,
        why="A title or identifier from memory may be wrong.",
        remedy="Look each one up and set its gg:status to code:Verified; until then, accept the "
        "finding.",
        subject=header.id,
        involved=unsure,
        arithmetic=(f"not looked up: {listed(unsure)}",),
    )
