"""What the proofs found, at a glance: how many findings of each kind, and what decides them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from guidegraph.diagnostic import Severity
from guidegraph.explain import codes, explanation
from guidegraph.model import InterpretationPoint
from guidegraph.site.blocks import Line, Row, Section, Span, Table, words
from guidegraph.site.chapters import VERIFICATION
from guidegraph.site.view import SEVERITY_MARKS, View, joined
from guidegraph.wording import readable

if TYPE_CHECKING:  # the solver may be missing where a site is built
    from guidegraph.verify import Finding, VerificationReport

HEADINGS = {
    Severity.ERROR: "Proved wrong",
    Severity.WARNING: "To be looked at",
    Severity.NOTE: "Good to know",
}


def anchor(report: VerificationReport, finding: Finding) -> str:
    """The place of a finding on the page of the chapter."""
    alike = [each for each in report.findings if each.code == finding.code]
    return f"finding-{finding.code}-{alike.index(finding) + 1}"


def number(report: VerificationReport, finding: Finding) -> str:
    """What a finding is called in lists: ``L401-2``."""
    return anchor(report, finding).removeprefix("finding-")


def titled(code: str) -> str:
    """What findings with a code are about, in words; the code itself where nobody explains it."""
    return explanation(code).title if code in codes() else code


def glance(seen: View, report: VerificationReport) -> Iterator[Section]:
    """The kinds of findings, each with its number, and the interpretations that decide some."""
    if not report.open_findings:
        return
    kinds = groupby(report.open_findings, lambda each: (each.severity, each.code))
    rows = tuple(_kind(report, list(found)) for _, found in kinds)
    columns = ("What was found", "How grave", "How many", "In every reading", "Not yet recorded")
    yield Section(
        "At a glance",
        (Table("Kinds of findings", columns, rows, "glance"),),
        anchor="glance",
        note="A finding that does not hold in every reading rests on how a phrase is interpreted. "
        "One that is recorded stands among the open questions already.",
    )
    decided = tuple(_deciding(seen, report))
    if decided:
        yield Section(
            "Interpretations that decide",
            (Table("Interpretations that decide", ("Phrase", "How many", "Findings"), decided),),
            anchor="decided",
            note="Whether these findings hold depends on how the phrase is read. The phrase that "
            "decides most stands first.",
        )


def _kind(report: VerificationReport, found: list[Finding]) -> Row:
    first = found[0]
    to, name = _place(report, first), first.severity.value
    return Row(
        (
            (Span(titled(first.code), to=to), Span(" "), Span(first.code, style="code")),
            words(HEADINGS[first.severity], style=f"badge {name}", mark=SEVERITY_MARKS[name]),
            words(readable(len(found)), style="figure"),
            _count(found, lambda each: each.robustness.count == each.robustness.of),
            _count(found, lambda each: not each.recorded),
        )
    )


def _count(found: list[Finding], holds: Callable[[Finding], bool]) -> Line:
    return words(readable(sum(map(holds, found))), style="figure")


def _deciding(seen: View, report: VerificationReport) -> Iterator[Row]:
    """Each interpretation point with the findings it decides, that with the most first."""
    by_point: dict[str, list[Finding]] = {}
    for point in seen.guideline.all(InterpretationPoint):
        found = [e for e in report.open_findings if point.id in e.robustness.decided_by]
        if found:
            by_point[point.id] = found
    for name, found in sorted(by_point.items(), key=lambda item: -len(item[1])):
        numbered = (
            words(number(report, each), to=_place(report, each), style="code") for each in found
        )
        count = words(readable(len(found)), style="figure")
        yield Row((seen.wording.name(name), count, joined(list(numbered))))


def _place(report: VerificationReport, finding: Finding) -> str:
    return f"{VERIFICATION.index}#{anchor(report, finding)}"
