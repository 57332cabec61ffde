"""The quality report of the guideline: what was checked, tried and left open."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import Discrepancy, InterpretationPoint
from guidegraph.site.blocks import (
    Block,
    Card,
    Cards,
    Facts,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import QUESTIONS, VERIFICATION
from guidegraph.site.content import CaseOutcome, Coverage
from guidegraph.site.figures import number, plural
from guidegraph.site.pages.provenance import place
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import SEVERITY_MARKS, View


def pages(seen: View) -> Iterator[Page]:
    """The one page of the chapter."""
    content = seen.content
    yield Page(
        path=VERIFICATION.index,
        index=VERIFICATION.index,
        title=VERIFICATION.title,
        lead=words(
            "What was checked before these pages were made, and what remains open. "
            "Generated with the site from the same content."
        ),
        sections=sections(
            Section("", (Cards(_summary(seen)),)),
            Section("Findings of the checks", _findings(seen, content.findings), anchor="findings"),
            Section("Patients tried", _cases(content.cases), anchor="cases"),
            *(_coverage(seen, each) for each in content.coverage),
            _readings(seen),
            _executed(seen),
        ),
        structured=guideline_data(seen),
        style="wide",
    )


def _summary(seen: View) -> tuple[Card, ...]:
    """The figures of the page, as links to its parts."""
    content, here = seen.content, VERIFICATION.index
    bad = [each for each in content.findings if each.severity is not Severity.NOTE]
    passed = sum(each.passed for each in content.cases)
    cards = [
        Card(
            "Findings",
            f"{here}#section-findings",
            number(len(bad)),
            "errors and warnings of the checks",
        )
    ]
    if content.cases:
        count = f"{number(passed)} of {number(len(content.cases))}"
        cards.append(Card("Patients", f"{here}#section-cases", count, "answered as expected"))
    for each in content.coverage:
        reached = f"{number(len(each.reached) - len(each.missed))} of {number(len(each.reached))}"
        told = f"{each.what} reached by at least one patient"
        cards.append(Card(each.what.capitalize(), f"{here}#section-{_anchor(each)}", reached, told))
    points = seen.guideline.all(InterpretationPoint)
    faults = seen.guideline.all(Discrepancy)
    if points or faults:
        count = number(len(points) + len(faults))
        told = "phrases with several readings, and recorded faults"
        cards.append(Card("Open questions", QUESTIONS.index, count, told))
    return tuple(cards)


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
    at: Line = (Span(place(finding.at), style="code"),) if finding.at else ()
    return (*thing, *((Span(" "),) if thing and at else ()), *at)


def _cases(cases: tuple[CaseOutcome, ...]) -> tuple[Block, ...]:
    if not cases:
        return (Prose((words("This guideline has no cases."),)),)
    rows = tuple(
        Row(
            (
                words(each.name, style="code"),
                words(each.title),
                words("as expected", style="badge passed", mark="●")
                if each.passed
                else words("not as expected", style="badge error", mark="✕"),
                words("; ".join(each.told)),
            )
        )
        for each in cases
    )
    columns = ("Case", "Patient", "Answer", "Remarks")
    return (Table(plural(len(cases), "patient"), columns, rows),)


def _anchor(coverage: Coverage) -> str:
    return f"coverage-{coverage.what}"


def _coverage(seen: View, coverage: Coverage) -> Section:
    """What the cases reached; what none reached comes first."""
    missed = tuple(Item(_named(seen, name)) for name in coverage.missed)
    rows = tuple(
        Row((_named(seen, name), words(number(times), style="figure")))
        for name, times in coverage.reached.items()
        if times
    )
    blocks: tuple[Block, ...] = (
        Prose((words("Reached by no patient:"),)) if missed else Prose(()),
        Items(missed, "plain"),
        Table(f"{coverage.what.capitalize()} reached", (coverage.what.capitalize(), "Times"), rows),
    )
    shown = tuple(each for each in blocks if not isinstance(each, Prose) or each.lines)
    return Section(f"Coverage of {coverage.what}", shown, anchor=_anchor(coverage))


def _named(seen: View, name: str) -> Line:
    thing = seen.guideline.entities.get(name)
    label = str(thing.label) if thing else ""
    return (Span(label or name, to=seen.addresses.of(name)), Span(f" {name}", style="code quiet"))


def _readings(seen: View) -> Section:
    """Which reading of each phrase these results hold for."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                seen.wording.name(each.default_reading),
                words(number(len(each.readings)), style="figure"),
            )
        )
        for each in seen.guideline.all(InterpretationPoint)
    )
    columns = ("Phrase", "Reading in force", "Readings there are")
    return Section(
        "Readings in force",
        (Table("Readings", columns, rows),),
        anchor="readings",
        note="Everything on this site holds for these readings.",
    )


def _executed(seen: View) -> Section:
    program = seen.content.program
    held: Facts = facts()
    if program is not None:
        held = facts(
            fact("Rules", words(number(len(program.rules)))),
            fact("Named criteria", words(number(len(program.criteria)))),
            fact("Data a patient file may hold", words(number(len(program.inputs)))),
            fact("Site settings", words(number(len(program.settings)))),
            fact(
                "Pairs of actions that exclude each other", words(number(len(program.incompatible)))
            ),
        )
    return Section("What is executed", (held,), anchor="executed")
