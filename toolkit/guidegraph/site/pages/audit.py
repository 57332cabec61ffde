"""The audit: which printed numbers fit, what does not, what stands under the advice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidegraph.audit import OUTCOMES, Examination, Finding, Inference, Outcome
from guidegraph.audit.told import SEVERITY_WORDS, by_severity
from guidegraph.diagnostic import Severity
from guidegraph.model import AcceptedFinding, EvidenceClaim, Header, Recommendation, SourceTable
from guidegraph.site.blocks import (
    Card,
    Cards,
    Details,
    Item,
    Items,
    Line,
    Page,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.chapters import AUDIT, VERIFICATION
from guidegraph.site.pages.index import index_page
from guidegraph.site.safe import slug
from guidegraph.site.view import SEVERITY_MARKS, View, joined
from guidegraph.wording import readable

MEANINGS = {
    Severity.ERROR: ("Errors", "Arithmetic or the model proves that something is wrong."),
    Severity.WARNING: ("Doubts", "Something does not fit; people have to say what is right."),
    Severity.NOTE: ("Notes", "Good to know; nothing need be done."),
}
OUTCOME_BADGES: dict[Outcome, tuple[str, str]] = {
    "consistent": ("badge passed", "●"),
    "inconsistent": ("badge error", "✕"),
    "not checkable": ("badge unstated", "–"),
}
ELSEWHERE = "In no table"


def pages(seen: View) -> Iterator[Page]:
    """The one page of the chapter, if there is anything to audit."""
    report = seen.content.audit
    kinds = (EvidenceClaim, Recommendation, AcceptedFinding)
    if not any(seen.guideline.all(kind) for kind in kinds):
        return
    yield index_page(
        seen,
        AUDIT,
        "The printed numbers recomputed as far as the papers allow, what they say of the same "
        "thing compared, and what stands under each claim and recommendation.",
        Section("", (Cards(_summary(seen)),)),
        Section(
            "What the audit infers",
            (Items(tuple(_inference(seen, each) for each in report.inferences), "questions"),),
            anchor="inferences",
            note="An inference is a conclusion of the audit, not a statement of a source.",
        ),
        _tally(seen),
        *(_of_severity(seen, severity) for severity in MEANINGS),
        _accepted(seen),
        *_examined(seen),
        style="wide",
    )


def findings(seen: View, *names: str) -> Section | None:
    """What the audit found about a thing and its parts; on the page of the thing."""
    own = frozenset(names)
    found = [
        each for each in by_severity(seen.content.audit.findings) if _concerns(seen, each, own)
    ]
    items = tuple(_told(seen, each, own) for each in found)
    return Section("Audit", (Items(items, "questions"),), anchor="audit") if items else None


def table_findings(seen: View, table: SourceTable) -> Section | None:
    """What the audit found about the rows of a printed table."""
    rows = [each for each in seen.guideline.all(EvidenceClaim) if each.table == table.id]
    parts = [name for each in rows for name in (each.id, *each.results, *each.ratings)]
    return findings(seen, table.id, *parts)


def _concerns(seen: View, found: Finding, own: frozenset[str]) -> bool:
    """Whether a finding is about one of these; what is said of advice stands with the advice."""
    subject = found.diagnostic.subject
    if subject in own:
        return True
    thing = seen.guideline.entities.get(subject or "")
    return not isinstance(thing, Recommendation | Header) and not own.isdisjoint(found.involved)


def _summary(seen: View) -> tuple[Card, ...]:
    """The figures of the page, as links to its parts."""
    report, here = seen.content.audit, AUDIT.index
    cards = []
    for severity, (title, meaning) in MEANINGS.items():
        open_ones = [e for e in report.open_findings if e.diagnostic.severity is severity]
        to = f"{here}#section-{severity.value}s" if open_ones else here
        cards.append(Card(title, to, readable(len(open_ones)), meaning))
    if accepted := len(report.accepted_findings):
        told = "findings that somebody looked at and took to be right"
        cards.append(Card("Accepted", f"{here}#section-accepted", readable(accepted), told))
    if report.examinations:
        tally = report.tally()
        told = ", ".join(f"{readable(tally[outcome])} {outcome}" for outcome in OUTCOMES)
        count = readable(len(report.examinations))
        cards.append(Card("Numbers checked", f"{here}#section-tables", count, told))
    return tuple(cards)


def _inference(seen: View, each: Inference) -> Item:
    votes = tuple(
        Item(words(f"{answer}: {readable(count)} of {readable(each.cast)}"))
        for answer, count in each.votes
    )
    about = (Span("About "), *seen.wording.name(each.subject), Span(f": {each.what}"))
    return Item(
        _said(seen, each.text), (Item(about), *votes), label=words("inference", style="tag")
    )


def _tally(seen: View) -> Section:
    """How many numbers came out how, table by table."""
    groups = _groups(seen)
    rows = tuple(
        Row((words(title, to=f"{AUDIT.index}#section-{anchor}"), *_counts(found)))
        for title, anchor, found in groups
    )
    if len(groups) > 1:
        rows += (Row((words("Together"), *_counts(seen.content.audit.examinations))),)
    columns = ("Table", "Checked", *(outcome.capitalize() for outcome in OUTCOMES))
    return Section(
        "Numbers checked",
        (Table("Numbers checked, by table", columns, rows),),
        anchor="tables",
        note="Rounding is allowed for: a number is inconsistent only if no value that rounds to "
        "what is printed fits.",
    )


def _groups(seen: View) -> list[tuple[str, str, tuple[Examination, ...]]]:
    """The examinations of each table, and of what stands in none: title, anchor, examinations."""
    report = seen.content.audit
    groups = []
    for name in (*report.tables, None):
        found = tuple(each for each in report.examinations if each.table == name)
        thing = seen.guideline.entities.get(name or "")
        title = str(thing.label) if thing else ELSEWHERE
        if found:
            groups.append((title, f"checked-{slug(name) if name else 'elsewhere'}", found))
    return groups


def _counts(found: Iterable[Examination]) -> tuple[Line, ...]:
    outcomes = [each.outcome for each in found]
    counts = (len(outcomes), *(outcomes.count(outcome) for outcome in OUTCOMES))
    return tuple(words(readable(count), style="figure") for count in counts)


def _of_severity(seen: View, severity: Severity) -> Section:
    title, meaning = MEANINGS[severity]
    items = tuple(
        _finding(seen, each)
        for each in seen.content.audit.open_findings
        if each.diagnostic.severity is severity
    )
    return Section(title, (Items(items, "questions"),), anchor=f"{severity.value}s", note=meaning)


def _finding(seen: View, each: Finding) -> Item:
    """One finding: what, about what, the arithmetic, and what would settle it."""
    about = Item((Span("About "), *_name(seen, each.diagnostic.subject)))
    settled = () if each.accepted else (Item(words(f"To settle it: {each.remedy}")),)
    parts = (about, *_grounds(seen, each), *settled, *_recorded(seen, each))
    return _item(seen, each, parts, anchor=_place(seen, each))


def _told(seen: View, each: Finding, own: frozenset[str]) -> Item:
    """A finding on the page of a thing, for its readers; encoders find the remedy in the audit."""
    subject = each.diagnostic.subject
    about = () if subject in own else (Item((Span("About "), *_name(seen, subject))),)
    more = Span("In the audit, with what would settle it", to=f"{AUDIT.index}#{_place(seen, each)}")
    settled = () if each.accepted else (Item((more,)),)
    return _item(seen, each, (*about, *_grounds(seen, each), *_recorded(seen, each), *settled))


def _place(seen: View, each: Finding) -> str:
    """The place of an open finding on the page of the chapter; that of an accepted one is empty."""
    if each.accepted:
        return ""
    code = each.diagnostic.code
    alike = [e for e in seen.content.audit.open_findings if e.diagnostic.code == code]
    return f"finding-{code}-{alike.index(each) + 1}"


def _grounds(seen: View, each: Finding) -> Iterator[Item]:
    """The arithmetic of a finding, why it is one, and who accepted it."""
    for line in each.arithmetic:
        yield Item(_said(seen, line))
    if each.diagnostic.why:
        yield Item(words(each.diagnostic.why))
    if each.accepted:
        yield Item((Span("Accepted: "), *_reason(seen, each.accepted)))


def _recorded(seen: View, each: Finding) -> Iterator[Item]:
    if each.recorded:
        recorded = joined([seen.wording.name(name) for name in each.recorded])
        yield Item((Span("Recorded as: "), *recorded))


def _item(seen: View, each: Finding, parts: tuple[Item, ...], anchor: str = "") -> Item:
    found = each.diagnostic
    badge = Span(
        SEVERITY_WORDS[found.severity],
        style=f"badge {found.severity.value}",
        mark=SEVERITY_MARKS[found.severity.value],
    )
    label = (badge, Span(" "), *_code(found.code))
    return Item(_said(seen, found.message), parts, label=label, anchor=anchor)


def _said(seen: View, text: str) -> Line:
    """Words of the audit; the names in them (between backticks) become links."""
    spans = []
    for place, piece in enumerate(text.split("`")):
        if place % 2:
            spans.append(Span(piece, to=seen.addresses.of(piece), style="code"))
        elif piece:
            spans.append(Span(piece))
    return tuple(spans)


def _name(seen: View, name: str | None) -> Line:
    """A thing by its label and local name; a link if it has a place on the site."""
    if not name or name not in seen.guideline.entities:
        return words(name or "the guideline")
    return (*seen.wording.name(name), Span(" "), Span(name, style="code"))


def _code(code: str) -> Line:
    return (Span(code, to=f"codes/{code}.html", style="code"),)


def _reason(seen: View, accepted: AcceptedFinding) -> Line:
    who = joined([seen.wording.name(name) for name in accepted.attributed_to])
    when = Span(f", {accepted.accepted_on}: " if accepted.accepted_on else ": ")
    return (*who, when, *seen.wording.said(accepted.rationale))


def _accepted(seen: View) -> Section:
    """Everything that was accepted: what, by whom, when and why; each has its place here."""
    found: dict[str, list[Finding]] = {}
    for each in seen.content.audit.accepted_findings:
        assert each.accepted is not None
        found.setdefault(each.accepted.id, []).append(each)
    rows = tuple(
        Row(
            (
                _code(entry.finding_code),
                joined([_name(seen, name) for name in entry.concerns], "; "),
                joined([_said(seen, e.diagnostic.message) for e in found.get(entry.id, [])], " ")
                or _elsewhere(entry),
                seen.wording.said(entry.rationale),
                joined([seen.wording.name(name) for name in entry.attributed_to]),
                words(entry.accepted_on or ""),
            ),
            anchor=slug(entry.id),
        )
        for entry in seen.guideline.all(AcceptedFinding)
    )
    columns = ("Code", "About", "What was found", "Why it is accepted", "By", "On")
    return Section(
        "Accepted",
        (Table("Accepted findings", columns, rows, "advice"),),
        anchor="accepted",
        note="Somebody looked at these and took them to be right as they are. They are not counted "
        "above.",
    )


def _elsewhere(entry: AcceptedFinding) -> Line:
    """What is said of an entry that accepts nothing of the audit."""
    if entry.finding_code.startswith("L4"):
        return words("a finding of the proofs", to=VERIFICATION.index)
    return words("no such finding", style="quiet")


def _examined(seen: View) -> Iterator[Section]:
    """Each number that was checked, with the arithmetic folded away under the table."""
    for title, anchor, found in _groups(seen):
        rows = tuple(
            Row(
                (
                    _name(seen, each.subject),
                    words(each.what),
                    words(each.printed, style="printed"),
                    words(each.recomputed),
                    _outcome(each),
                )
            )
            for each in found
        )
        sums = tuple(
            Item(
                _name(seen, each.subject),
                tuple(Item(words(line, style="printed")) for line in each.arithmetic),
            )
            for each in found
            if each.arithmetic
        )
        columns = ("Number", "What was checked", "Printed", "Comes out as", "Outcome")
        yield Section(
            title,
            (
                Table(f"Numbers checked: {title}", columns, rows),
                *((Details("The arithmetic", Items(sums, "questions")),) if sums else ()),
            ),
            anchor=anchor,
        )


def _outcome(each: Examination) -> Line:
    style, mark = OUTCOME_BADGES[each.outcome]
    reason = (Span(f" {each.reason}", style="quiet"),) if each.reason else ()
    return (Span(each.outcome, style=style, mark=mark), *reason)
