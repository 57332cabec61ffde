"""Explanations of single recommendations as people read them on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guidegraph.evaluate.decision import Decision
from guidegraph.evaluate.explanation import Explanation
from guidegraph.evaluate.status import Status
from guidegraph.evaluate.text import Page, paragraph

STATUS_WORDS: dict[Status, str] = {
    "applies": "applies",
    "provisional": "applies, unless an exception not yet known holds",
    "undetermined": "cannot be determined: too little is known",
    "defeated": "is set aside by an exception or another recommendation",
    "notApplicable": "does not apply",
}


def render_explanations(decision: Decision, explained: Iterable[Explanation]) -> str:
    """Each explanation: the status, what suffices for it, the reasons, and what would change it."""
    page = Page(decision, show_all=True)
    return "\n\n".join("\n".join(_lines(page, each)) for each in explained) + "\n"


def _lines(page: Page, each: Explanation) -> Iterator[str]:
    found = each.advice.recommendation
    yield from paragraph(f"{found.id} {STATUS_WORDS[each.advice.status]}", 0)
    if each.sufficient:
        yield ""
        yield "  This alone decides it, whatever else may be true:"
        for datum in each.sufficient:
            yield from paragraph(f"- {page.datum_words(datum)}", 4)
        if each.rests_on_default:
            yield from paragraph(
                "An assumed default is part of the reason, so learning more can change it.", 4
            )
    yield ""
    yield from page.advice_lines(each.advice, is_brief=False)
    yield ""
    yield from _changes(page, each)
    if each.next:
        yield ""
        yield from paragraph(f"To find out next: {each.next.input.question}", 2)


def _changes(page: Page, each: Explanation) -> Iterator[str]:
    becomes = "no longer apply" if each.advice.standing.is_in_force else "apply"
    if not each.flips:
        yield from paragraph(f"No one or two facts alone would make it {becomes}.", 2)
        return
    yield f"  It would {becomes} if one of these were so (nearest first; facts, not advice):"
    for flip in each.flips:
        told = "; and ".join(change.words(page.anchor) for change in flip)
        yield from paragraph(f"- {told}", 4)
