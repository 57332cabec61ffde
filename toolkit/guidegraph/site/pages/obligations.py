"""What a guideline claims of itself, so that it can be proved: each claim and its levels."""

from __future__ import annotations

from guidegraph.model import MonotonicityObligation, ObligationLevel
from guidegraph.site.blocks import Item, Items, Line, Section, Span, words
from guidegraph.site.safe import slug
from guidegraph.site.view import View, joined


def obligations(seen: View) -> Section:
    """The declared obligations; whether they are proved stands with the findings."""
    found = seen.guideline.all(MonotonicityObligation)
    return Section(
        "What the guideline declares",
        (Items(tuple(_obligation(seen, each) for each in found), "questions"),),
        anchor="obligations",
        note="Advice of a higher level is more advice. Claims of the encoders, not of the source.",
    )


def _obligation(seen: View, each: MonotonicityObligation) -> Item:
    direction = seen.guideline.words(each.monotonic_direction)
    about: Line = (*seen.wording.name(each.observable), Span(f": {direction}"))
    parts = [Item(about)]
    if each.concerns:
        concerned = joined([seen.wording.name(name) for name in each.concerns], "; ")
        parts.append(Item((Span("About "), *concerned)))
    levels = [seen.guideline.get(name, ObligationLevel) for name in each.levels]
    ordered = sorted((level for level in levels if level), key=lambda level: level.position)
    parts += [_level(seen, level) for level in ordered]
    if each.rationale:
        parts.append(Item(seen.wording.said(each.rationale)))
    return Item(seen.wording.said(each.label), tuple(parts), anchor=slug(each.id))


def _level(seen: View, level: ObligationLevel) -> Item:
    actions = joined([seen.wording.name(name) for name in level.actions], "; ")
    label = words(f"level {level.position}", style="tag")
    return Item(actions, label=label, anchor=slug(level.id))
