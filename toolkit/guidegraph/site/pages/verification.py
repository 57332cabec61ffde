"""The quality report of the guideline: what was checked, tried and left open."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.cases import Coverage, Outcome, Report
from guidegraph.cases.coverage import STATUS_WORDS
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.evaluate import STATUSES
from guidegraph.model import Discrepancy, InterpretationPoint
from guidegraph.site.blocks import (
    Block,
    Card,
    Cards,
    Facts,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    words,
)
from guidegraph.site.chapters import QUESTIONS, VERIFICATION
from guidegraph.site.pages import proofs
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.obligations import obligations
from guidegraph.site.pages.provenance import place
from guidegraph.site.view import SEVERITY_MARKS, View
from guidegraph.wording import plural, readable


def pages(seen: View) -> Iterator[Page]:
    """The one page of the chapter."""
    content, report = seen.content, seen.content.cases
    yield index_page(
        seen,
        VERIFICATION,
        "What was proved, checked and tried before these pages were made, and what remains open. "
        "Generated with the site from the same content.",
        Section("", (Cards((*proofs.cards(seen), *_summary(seen))),)),
        *proofs.sections(seen),
        obligations(seen),
        Section("Findings of the checks", _findings(seen, content.findings), anchor="findings"),
        *(_coverage(seen, report.coverage) if report and report.outcomes else ()),
        _readings(seen),
        _executed(seen),
        Section("Patients tried", _cases(report), anchor="cases"),
        style="wide",
    )


def _summary(seen: View) -> tuple[Card, ...]:
    """The figures of the page, as links to its parts."""
    content, here = seen.content, VERIFICATION.index
    bad = [each for each in content.findings if each.severity is not Severity.NOTE]
    cards = [
        Card(
            "Findings",
            f"{here}#section-findings",
            readable(len(bad)),
            "errors and warnings of the checks",
        )
    ]
    if content.cases and content.cases.outcomes:
        cards += _tried(content.cases, here)
    points = seen.guideline.all(InterpretationPoint)
    faults = seen.guideline.all(Discrepancy)
    if points or faults:
        count = readable(len(points) + len(faults))
        told = "phrases with several readings, and recorded faults"
        cards.append(Card("Open questions", QUESTIONS.index, count, told))
    return tuple(cards)


def _tried(report: Report, here: str) -> tuple[Card, ...]:
    """What the cases show: how many are answered as expected, and what they cover."""
    tried, covered = report.outcomes, report.coverage
    passed = len(tried) - len(report.failed)
    stands = [bool(n) for each in covered.rules for n in each.counts.values()]
    taken = [bool(each.count) for each in covered.branches]
    return (
        Card("Patients", f"{here}#section-cases", _of(passed, len(tried)), "answered as expected"),
        Card(
            "Outcomes",
            f"{here}#section-rules",
            _of(sum(stands), len(stands)),
            "ways a recommendation can stand, shown by a patient",
        ),
        Card(
            "Branches",
            f"{here}#section-branches",
            _of(sum(taken), len(taken)),
            "ways out of decisions, taken by a patient",
        ),
    )


def _findings(seen: View, found: tuple[Diagnostic, ...]) -> tuple[Block, ...]:
    if not found:
        return (Prose((words("No errors, no warnings, no notes."),), "good"),)
    rows = tuple(
        Row((_severity(each.severity), _code(seen, each.code), _message(each), _where(seen, each)))
        for each in found
    )
    return (Table("Findings", ("Severity", "Code", "What", "Where"), rows),)


def _severity(severity: Severity) -> Line:
    return words(
        severity.value, style=f"badge {severity.value}", mark=SEVERITY_MARKS[severity.value]
    )


def _code(seen: View, code: str) -> Line:
    known = any(each.code == code for each in seen.content.explanations)
    return (Span(code, to=f"codes/{code}.html" if known else None, style="code"),)


def _message(finding: Diagnostic) -> Line:
    told = (Span(finding.message),)
    return (*told, Span(f" {finding.help}", style="quiet")) if finding.help else told


def _where(seen: View, finding: Diagnostic) -> Line:
    thing = seen.wording.name(finding.subject) if finding.subject in seen.guideline.entities else ()
    at: Line = (Span(place(seen, finding.at), style="code"),) if finding.at else ()
    return (*thing, *((Span(" "),) if thing and at else ()), *at)


def _of(part: int, whole: int) -> str:
    return f"{readable(part)} of {readable(whole)}"


def _cases(report: Report | None) -> tuple[Block, ...]:
    if report is None or not report.outcomes:
        return (Prose((words("This guideline has no cases."),)),)
    rows = tuple(
        Row(
            (
                words(each.case.id, style="code"),
                _patient(each),
                words("as expected", style="badge passed", mark="●")
                if each.passed
                else words("not as expected", style="badge error", mark="✕"),
            )
        )
        for each in report.outcomes
    )
    columns = ("Case", "Patient", "Answer")
    return (Table(plural(len(rows), "patient"), columns, rows),)


def _patient(outcome: Outcome) -> Line:
    """Who the patient is, and what is not as expected."""
    told = " ".join(finding.message for finding in outcome.findings)
    return (Span(outcome.case.name), Span(f" {told}" if told else "", style="quiet"))


def _coverage(seen: View, covered: Coverage) -> tuple[Section, ...]:
    """How often the patients show each outcome of a rule, and take each branch."""
    shown = [status for status in STATUSES if any(status in each.counts for each in covered.rules)]
    rules = tuple(
        Row((_advice(seen, each.rule), *(_count(each.counts.get(status)) for status in shown)))
        for each in covered.rules
    )
    taken = tuple(
        Row(
            (
                seen.wording.name(each.node),
                (Span(each.label, to=seen.addresses.of(each.branch)),),
                _count(each.count),
            )
        )
        for each in covered.branches
    )
    outcomes = tuple(STATUS_WORDS[status] for status in shown)
    return (
        Section(
            "Outcomes shown by patients",
            (Table("Outcomes", ("Recommendation", *outcomes), rules),),
            anchor="rules",
            note="How many patients show each outcome. A dash: it cannot occur, because nothing "
            "overrides the recommendation.",
        ),
        Section(
            "Branches taken by patients",
            (Table("Branches", ("Decision", "Branch", "Patients"), taken),),
            anchor="branches",
        ),
    )


def _advice(seen: View, name: str) -> Line:
    thing = seen.guideline.entities.get(name)
    label = seen.wording.name(name)
    return (Span(name, style="code"), Span(" "), *label) if thing else label


def _count(times: int | None) -> Line:
    """A count; none at all is marked, and what cannot occur says so."""
    if times is None:
        return words("–", style="quiet")
    if not times:
        return words("none", style="badge warning", mark="△")
    return words(readable(times), style="figure")


def _readings(seen: View) -> Section:
    """Which reading of each phrase these results hold for."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                seen.wording.name(each.default_reading),
                words(readable(len(each.readings)), style="figure"),
            )
        )
        for each in seen.guideline.all(InterpretationPoint)
    )
    columns = ("Phrase", "Reading in force", "Readings there are")
    return Section(
        "Readings in force",
        (Table("Readings", columns, rows),),
        anchor="readings",
        note="Everything on this site holds for these readings. In how many others a finding of "
        "the proofs holds stands beside it.",
    )


def _executed(seen: View) -> Section:
    program = seen.content.program
    held: Facts = facts()
    if program is not None:
        held = facts(
            fact("Rules", words(readable(len(program.rules)))),
            fact("Named criteria", words(readable(len(program.criteria)))),
            fact("Data a patient file may hold", words(readable(len(program.inputs)))),
            fact("Site settings", words(readable(len(program.settings)))),
            fact(
                "Pairs of actions that exclude each other",
                words(readable(len(program.incompatible))),
            ),
        )
    return Section("What is executed", (held,), anchor="executed")
