"""What the proofs found: patients who show a fault, in how many readings, and what was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from guidegraph.diagnostic import Severity
from guidegraph.model import AcceptedFinding
from guidegraph.site.blocks import (
    Block,
    Card,
    Details,
    Item,
    Items,
    Line,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.chapters import VERIFICATION
from guidegraph.site.pages.drawn import placed
from guidegraph.site.pages.glance import HEADINGS, anchor, glance, number
from guidegraph.site.view import SEVERITY_MARKS, View, joined
from guidegraph.wording import plural, readable

if TYPE_CHECKING:  # the solver may be missing where a site is built
    from guidegraph.verify import Finding, Proved, Refuted, Robustness, VerificationReport
    from guidegraph.verify.drawn import Pictures
    from guidegraph.verify.result import Variant

MEANINGS = {
    Severity.ERROR: ("errors", "A patient shows it: it has to be mended."),
    Severity.WARNING: ("warnings", "A patient shows it: is it meant so?"),
    Severity.NOTE: ("notes", "A patient shows it; nothing need be done."),
}
SHOWN = ("L401", "L402", "L403", "L411")
"""The findings of which a picture says more than words: holes and overlaps of bands."""
PARTED = "; or "
"""What stands between the boxes of a region in words."""
PARTS = 8
"""Into how many parts the bar of readings is divided."""


def cards(seen: View) -> Iterator[Card]:
    """The figures of the verification, as links to its parts."""
    report, here = seen.content.verification, VERIFICATION.index
    if report is None:
        return
    top = f"{here}#content"
    for severity, (told, _) in MEANINGS.items():
        found = [each for each in report.open_findings if each.severity is severity]
        to = f"{here}#section-proved-{told}" if found else top
        yield Card(HEADINGS[severity], to, readable(len(found)), f"{told} that a patient shows")
    if accepted := len(report.accepted_findings):
        told = "findings that somebody took to be right as they are"
        yield Card("Accepted", f"{here}#section-accepted", readable(accepted), told)
    if report.proved:
        to = f"{here}#section-declared"
        yield Card("Proved", to, readable(len(report.proved)), "obligations as declared")
    to = f"{here}#section-not-proved" if report.is_partial or report.open else top
    yield Card("Not proved", to, readable(len(report.open)), "questions without an answer")
    examined = f"{readable(len(report.readings.choices))} of {readable(report.readings.total)}"
    yield Card("Readings", top, examined, "choices of interpretations looked at")


def sections(seen: View) -> Iterator[Section]:
    """The findings of the proofs, the gravest first; nothing where nothing was asked."""
    report = seen.content.verification
    if report is None:
        return
    from guidegraph.verify import drawn

    yield from glance(seen, report)
    pictures = drawn.Pictures(seen.guideline, report)
    for severity, (told, meaning) in MEANINGS.items():
        blocks: list[Block] = []
        for each in report.open_findings:
            if each.severity is severity:
                blocks += _block(seen, report, each, pictures)
        if blocks:
            yield Section(HEADINGS[severity], tuple(blocks), anchor=f"proved-{told}", note=meaning)
    yield from _bands(seen)
    yield from _declared(seen, report)
    yield from _not_proved(seen, report)
    yield from _accepted(seen, report)


def findings(seen: View, *names: str) -> Section | None:
    """What the proofs found about a thing; on the page of the thing."""
    report = seen.content.verification
    if report is None:
        return None
    own = frozenset(names)
    items = [
        Item(
            words(each.shown.message, to=f"{VERIFICATION.index}#{anchor(report, each)}"),
            (*_region_and_witness(each), *_in_short(seen, report, each)),
            label=_label(seen, report, each),
        )
        for each in (*report.open_findings, *report.accepted_findings)
        if not own.isdisjoint(each.shown.subjects)
    ]
    items += [_proved(seen, each) for each in report.proved if not own.isdisjoint(each.subjects)]
    return (
        Section("Proofs", (Items(tuple(items), "questions"),), anchor="proofs") if items else None
    )


def _block(
    seen: View, report: VerificationReport, each: Finding, pictures: Pictures
) -> Iterator[Block]:
    """A finding: for whom it holds and in how many readings; all else is folded away.

    Pictures of gaps and overlaps are shown; those of other findings are folded with the rest.
    """
    place = anchor(report, each)
    line = words(each.shown.message)
    item = Item(line, _whom(seen, each), label=_label(seen, report, each), anchor=place)
    yield Items((item,), "questions finding")
    drawn = tuple(
        placed(seen, picture.svg, VERIFICATION.index, picture.caption)
        for picture in pictures.of(each, place)
    )
    is_shown = each.code in SHOWN
    if is_shown:
        yield from drawn
    folded = () if is_shown else drawn
    told = (*_why(seen, each), *_state(seen, each))
    summary = "Why, about what, and what to do"
    if folded:
        summary += f"; {plural(len(folded), 'picture')}"
    yield Details(summary, Items(told, "questions parts"), folded)


def _label(seen: View, report: VerificationReport, each: Finding) -> Line:
    return _badge(seen, each.severity, each.code, number(report, each))


def _badge(seen: View, severity: Severity, code: str, shown: str = "") -> Line:
    name = severity.value
    return (
        Span(name, style=f"badge {name}", mark=SEVERITY_MARKS[name]),
        Span(" "),
        _code(seen, code, shown),
    )


def _code(seen: View, code: str, shown: str = "") -> Span:
    known = any(each.code == code for each in seen.content.explanations)
    return Span(shown or code, to=f"codes/{code}.html" if known else None, style="code")


def _parts(seen: View, each: Finding) -> tuple[Item, ...]:
    """Everything about a finding but its message."""
    return (*_whom(seen, each), *_why(seen, each), *_state(seen, each))


def _whom(seen: View, each: Finding) -> tuple[Item, ...]:
    """For whom a finding holds, a patient who shows it, and in how many readings."""
    return (*_region_and_witness(each), _held(seen, each.robustness))


def _region_and_witness(each: Finding) -> Iterator[Item]:
    if each.shown.where:
        yield _region("Where: ", each.shown.where)
    if each.shown.witness:
        yield Item((Span("For example: ", style="strong"), Span(each.shown.witness)))


def _in_short(seen: View, report: VerificationReport, each: Finding) -> Iterator[Item]:
    """How firm a finding is, on the page of a thing: the phrases that decide it, not how.

    Which reading of each makes it hold, and what encoders can do, stands on the chapter's page.
    """
    holds = each.robustness
    line: Line = (*_bar(holds), *_force(holds))
    if holds.decided_by:
        phrases = joined([_quoted(seen, name) for name in holds.decided_by], " and ")
        line = (*line, Span(" It rests on how these words are read: "), *phrases)
    yield Item(line)
    yield from _written_down(seen, each)
    if not each.accepted:
        to = f"{VERIFICATION.index}#{anchor(report, each)}"
        yield Item(words("In which readings, and what to do", to=to))


def _region(before: str, where: str) -> Item:
    """A region: in one line, or each of its boxes in a line of its own."""
    boxes = where.split(PARTED)
    if len(boxes) == 1:
        return Item((Span(before, style="strong"), Span(where)))
    held = tuple(Item(words(box)) for box in boxes)
    return Item((Span(f"{before}any of", style="strong"),), held, style="boxes")


def _why(seen: View, each: Finding) -> Iterator[Item]:
    """What a finding is about, why it is one, and how it looks in other readings."""
    shown = each.shown
    if shown.why:
        yield Item((Span("Why: ", style="strong"), Span(shown.why)))
    if shown.subjects:
        about = joined([_name(seen, name) for name in shown.subjects], "; ")
        yield Item((Span("About: ", style="strong"), *about))
    for variant in each.variants[1:]:
        yield from _variant(variant, shown)


def _written_down(seen: View, each: Finding) -> Iterator[Item]:
    """Where a finding is written down, and who accepted it."""
    if each.recorded:
        recorded = joined([seen.wording.name(name) for name in each.recorded], "; ")
        yield Item((Span("Recorded as: ", style="strong"), *recorded))
    if each.accepted:
        yield Item((Span("Accepted by ", style="strong"), *_reason(seen, each.accepted)))


def _state(seen: View, each: Finding) -> Iterator[Item]:
    """Where a finding is written down, and who accepted it or what is to be done."""
    yield from _written_down(seen, each)
    if not each.accepted and each.shown.help:
        yield Item((Span("What to do: ", style="strong"), Span(each.shown.help)))


def _variant(variant: Variant, shown: Refuted) -> Iterator[Item]:
    count = f"But in {readable(len(variant.readings))} of them: "
    other = variant.shown
    if other.message != shown.message:
        yield Item((Span(count, style="strong"), Span(other.message)))
    elif other.where:
        yield _region(count, other.where)


def robustness(seen: View, holds: Robustness) -> Line:
    """In how many readings something holds, as a bar and in words, and what decides it."""
    spans = list(_bar(holds))
    for place, choice in enumerate(holds.only_if):
        spans.append(Span(", or with " if place else " only with "))
        for at, (point, readings) in enumerate(choice):
            spans += [Span(" and " if at else ""), *_read(seen, point, readings)]
    return tuple(each for each in (*spans, *_force(holds)) if each.text)


def _held(seen: View, holds: Robustness) -> Item:
    """The same as a list where several interpretations decide it."""
    if sum(map(len, holds.only_if)) < 2:
        return Item(robustness(seen, holds))
    parts = tuple(
        Item((Span(_joint(place, at)), *_read(seen, point, readings)))
        for place, choice in enumerate(holds.only_if)
        for at, (point, readings) in enumerate(choice)
    )
    return Item((*_bar(holds), *_force(holds), Span(" only with")), parts, style="boxes")


def _joint(place: int, at: int) -> str:
    return "and " if at else "or with " if place else ""


def _bar(holds: Robustness) -> Line:
    full = -(-PARTS * holds.count // holds.of) if holds.of else 0
    full -= full == PARTS and holds.count < holds.of
    bar = "▮" * full + "▯" * (PARTS - full)
    return (Span(f"in {holds}", style="badge stated", mark=bar),)


def _force(holds: Robustness) -> Line:
    told = " (not in the readings in force)"
    return () if holds.in_default else (Span(told, style="quiet"),)


def _read(seen: View, point: str, readings: tuple[str, ...]) -> Line:
    taken = joined([_quoted(seen, name) for name in readings], " or ")
    return (*_quoted(seen, point), Span(" read as "), *taken)


def _quoted(seen: View, name: str) -> Line:
    return (Span("“"), *seen.wording.name(name), Span("”"))


def _name(seen: View, name: str) -> Line:
    if name not in seen.guideline.entities:
        return words(name)
    return (*seen.wording.name(name), Span(" "), Span(name, style="code"))


def _reason(seen: View, entry: AcceptedFinding) -> Line:
    who = joined([seen.wording.name(name) for name in entry.attributed_to]) or words("nobody named")
    when = Span(f", {entry.accepted_on}: " if entry.accepted_on else ": ")
    return (*who, when, *seen.wording.said(entry.rationale))


def _bands(seen: View) -> Iterator[Section]:
    """Into which bands numbers part the advice, and what lies in none or in several."""
    if seen.content.bands:
        yield Section(
            "Bands",
            tuple(
                placed(seen, each.svg, VERIFICATION.index, each.caption)
                for each in seen.content.bands
            ),
            anchor="bands",
            note="A full mark belongs to its band, a hollow one does not. Hatched is what no band "
            "covers, cross-hatched what several do; whether that is a fault is said above.",
        )


def _declared(seen: View, report: VerificationReport) -> Iterator[Section]:
    """The obligations that the guideline declares, as far as they are proved."""
    if report.proved:
        items = tuple(_proved(seen, each) for each in report.proved)
        yield Section(
            "Proved as declared",
            (Items(items, "questions"),),
            anchor="declared",
            note="Proved of every patient. Those that are refuted stand above.",
        )


def _proved(seen: View, each: Proved) -> Item:
    about = (Span("About "), *joined([_name(seen, name) for name in each.subjects], "; "))
    label = (Span("proved", style="badge passed", mark="●"), Span(" "), _code(seen, each.code))
    parts = (Item(about), Item(robustness(seen, each.robustness)))
    return Item(words(each.what), parts, label=label)


def _not_proved(seen: View, report: VerificationReport) -> Iterator[Section]:
    """Questions without an answer, and what else keeps the result from being complete."""
    from guidegraph.verify.shortfalls import shortfalls
    from guidegraph.verify.told import REASONS

    besides = tuple(
        Item(
            words(each.message),
            tuple(Item(words(line)) for line in (each.why, each.help) if line),
            label=_badge(seen, each.severity, each.code),
        )
        for each in shortfalls(seen.guideline, report)
    )
    rows = tuple(
        Row(
            (
                (_code(seen, each.code),),
                joined([_name(seen, name) for name in each.subjects], "; "),
                words(", ".join(REASONS.get(reason, reason) for reason in each.reasons)),
                robustness(seen, each.robustness),
            )
        )
        for each in report.open
    )
    if besides or rows:
        table = Table("Not proved", ("Code", "About", "Why not", "Where"), rows)
        yield Section(
            "Not proved",
            (Items(besides, "questions"), table),
            anchor="not-proved",
            note="What is not proved is neither right nor wrong.",
        )


def _accepted(seen: View, report: VerificationReport) -> Iterator[Section]:
    """Findings that somebody took to be right as they are: what, by whom, when and why."""
    items = tuple(
        Item(
            words(each.shown.message),
            _parts(seen, each),
            label=_label(seen, report, each),
            anchor=anchor(report, each),
        )
        for each in report.accepted_findings
    )
    if items:
        yield Section(
            "Accepted findings",
            (Items(items, "questions"),),
            anchor="accepted",
            note="Not counted above. Each entry stands in the guideline.",
        )
