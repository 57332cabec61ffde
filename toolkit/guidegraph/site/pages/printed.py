"""What the source prints beside what runs, and why the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from guidegraph import figures, units
from guidegraph.entity import Entity
from guidegraph.model import Discrepancy, Recommendation, SourcePassage, Threshold, TimeWindow
from guidegraph.site.blocks import Line, Prose, Row, Section, Span, Table, words
from guidegraph.site.figures import figure
from guidegraph.site.pages.provenance import passage_note, passage_row, passage_table
from guidegraph.site.pages.thresholds import executed, thresholds_in
from guidegraph.site.view import View, joined, short

COLUMNS = ("Limit or time", "Where", "As printed", "As executed", "Why they differ")


def passages_and_numbers(seen: View, advice: Recommendation) -> Section:
    """The passages of a recommendation, and every limit and time it rests on side by side."""
    found = tuple(passage_row(seen, each, False) for each in seen.guideline.passages_of(advice))
    basis = seen.links.basis(advice)
    limits = thresholds_in(seen, basis)
    windows = [each for each in seen.guideline.all(TimeWindow) if each.id in basis]
    rows = (*(_limit(seen, each) for each in limits), *(_window(seen, each) for each in windows))
    caption = "Limits and times this recommendation rests on, as printed and as executed"
    inside = passage_table(seen, found, "Passages behind this recommendation")
    none = words("No passage is recorded for this recommendation.", style="quiet")
    return Section(
        "The passage, as printed and as executed",
        (
            inside if found else Prose((none,)),
            Table(caption, COLUMNS, rows, "executed") if rows else Prose(()),
        ),
        anchor="passages",
        note=passage_note(seen),
    )


def _limit(seen: View, threshold: Threshold) -> Row:
    nowhere = "from outside the sources" if threshold.is_external else "no figure printed"
    printed = words(threshold.reported_text, style="printed") or words(nowhere, style="quiet")
    comparator = seen.guideline.words(threshold.comparator)
    return Row(
        (
            seen.wording.name(threshold.id),
            places(seen, threshold),
            (*printed, Span(f" ({comparator})", style="quiet")),
            executed(seen, threshold),
            _differs(seen, threshold),
        )
    )


def _window(seen: View, window: TimeWindow) -> Row:
    texts = [
        words(text, style="printed")
        for each in seen.guideline.passages_of(window)
        for text in each.reported_texts
    ]
    ran = words(figure(window.time_range), style="figure")
    counted = Span(f" from {seen.guideline.anchor_words}", style="quiet")
    why = (seen.wording.said(window.rationale), *_faults(seen, window))
    return Row(
        (
            seen.wording.name(window.id),
            places(seen, window),
            joined(texts, " · ") or words("no time printed", style="quiet"),
            (*ran, counted),
            _told([each for each in why if each]),
        )
    )


def places(seen: View, thing: Entity) -> Line:
    """Where a thing is printed: the number of each passage and its place in the document."""
    found = seen.guideline.passages_of(thing)
    lines = [_place(seen, each) for each in found]
    works = [seen.wording.name(each) for each in thing.citations if not found]
    return joined(lines or works, "; ") or words("not printed", style="quiet")


def _place(seen: View, passage: SourcePassage) -> Line:
    name = Span(short(passage), to=seen.addresses.of(passage.id), style="code")
    return (name, Span(f", {passage.locator}")) if passage.locator else (name,)


def _differs(seen: View, threshold: Threshold) -> Line:
    """Why the two numbers differ, or that they do not; what is recorded, never guessed."""
    told = [*_faults(seen, threshold)]
    if said := seen.wording.said(threshold.rationale):
        told.insert(0, said)
    if told:
        return _told(told)
    same = sameness(threshold)
    return words(same) if same else words("no reason recorded", style="quiet")


def _told(lines: list[Line]) -> Line:
    return joined(lines, " ") or words("no reason recorded", style="quiet")


def _faults(seen: View, thing: Entity) -> Iterator[Line]:
    """The recorded faults of a thing, each with what the encoding does about it."""
    for each in seen.links.of(Discrepancy, thing.id, "gg:concerns"):
        said = seen.wording.said(each.resolution)
        yield (*seen.wording.name(each.id), *((Span(": "), *said) if said else ()))


def sameness(threshold: Threshold) -> str:
    """That the number that runs is the printed one, perhaps in another unit; empty if it is not.

    Only one printed figure with a unit that can be read is compared.
    """
    runs = threshold.executable_quantity
    found = figures.read(threshold.reported_text)
    if runs is None or len(found) != 1:
        return ""
    printed = found[0]
    if printed.low is None or printed.low != printed.high or printed.unit is None:
        return ""
    try:
        factor = units.ratio(printed.unit, runs.unit)
    except units.UnitError:
        return ""
    if printed.low * factor != Fraction(runs.value):
        return ""
    return "They do not differ." if factor == 1 else "The unit only: the amount is the same."
