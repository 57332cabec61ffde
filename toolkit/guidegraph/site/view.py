"""One guideline as seen by its pages: lookups, words and addresses in one hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from guidegraph.entity import Entity
from guidegraph.model import Guideline
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import Line, Span
from guidegraph.site.chapters import LOCAL
from guidegraph.site.content import SiteContent
from guidegraph.site.links import Links
from guidegraph.site.words import Wording


@dataclass(frozen=True, slots=True)
class View:
    """What every page is made from."""

    content: SiteContent
    guideline: Guideline
    addresses: Addresses
    links: Links
    wording: Wording


def view(content: SiteContent) -> View:
    """The view of a site's content."""
    guideline = content.guideline
    addresses = Addresses(guideline)
    return View(content, guideline, addresses, Links(guideline), Wording(guideline, addresses))


MARKS = {
    "must": "■",
    "should": "●",
    "shouldConsider": "◐",
    "may": "○",
    "noClearGuidance": "◇",
    "shouldNot": "✕",
    "mustNot": "⨯",
    "remark": "△",
}
"""A sign for each norm, so that badges do not speak by colour alone."""

STRENGTH_MARKS = {"Strong": "◆", "Conditional": "◈"}
"""A sign for each grade of an advice."""

CERTAINTY_MARKS = {"High": "●●●●", "Moderate": "●●●○", "Low": "●●○○", "VeryLow": "●○○○"}
"""A sign for each certainty of evidence: the fuller, the surer."""

OUTSIDE = "From outside the sources"
UNSURE = ("GeneralKnowledge",)
"""What nobody has looked up: it must not look like what somebody has."""
SEVERITY_MARKS = {"error": "✕", "warning": "△", "note": "○"}


def modality(seen: View, code: str) -> Span:
    """The source's words for how binding an advice is, as a badge."""
    term = seen.guideline.codes.get(code)
    norm = (term.norm if term else None) or "remark"
    known = norm if norm in MARKS else "remark"
    others = seen.wording.languages.others(term.label) if term else ()
    return Span(
        _capital(seen.guideline.words(code)),
        style=f"badge {known}",
        mark=MARKS[known],
        others=tuple(replace(each, text=_capital(each.text)) for each in others),
    )


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def grade(seen: View, name: str, code: str) -> Span:
    """Strength or certainty as the source states it, or that it does not."""
    if code == "NotStated":
        return Span(f"{name}: not stated by the source", style="badge unstated", mark="–")
    mark = STRENGTH_MARKS.get(code) or CERTAINTY_MARKS.get(code) or "◆"
    return Span(f"{name}: {seen.guideline.words(code)}", style=f"badge stated {code}", mark=mark)


def status(seen: View, thing: Entity) -> Line:
    """The state of a thing (draft, reviewed) as a badge; also that no source prints it."""
    outside = (Span(OUTSIDE, style="badge status", mark="⇲"),) if thing.is_external else ()
    outside = (*local_badge(seen, thing), *outside)
    if not thing.status:
        return outside
    said = seen.guideline.words(thing.status)
    shown = said[:1].upper() + said[1:]
    if thing.status in UNSURE:
        return (*outside, Span(shown, style="badge warning", mark="△"))
    return (*outside, Span(shown, style="badge status", mark="◌"))


def local_badge(seen: View, thing: Entity) -> Line:
    """That a local adaptation describes or changes a thing, with the way to what it says of it."""
    adaptation = seen.guideline.adaptation
    if adaptation is None:
        return ()
    if thing.id in (seen.guideline.header.id, adaptation.header.id):
        return (Span(LOCAL.title, to=LOCAL.index, style="badge warning", mark="⌂"),)
    if not seen.guideline.is_local(thing.id):
        return ()
    change = next((each.change.id for each in adaptation.of(thing.id)), None)
    to = seen.addresses.of(change) or LOCAL.index
    return (Span("Local", to=to, style="badge warning", mark="⌂"),)


def sure(seen: View, code: str | None) -> Line:
    """How surely something is known, as a tag."""
    style = "tag unsure" if code in UNSURE else "tag"
    return (Span(seen.guideline.words(code), style=style),) if code else ()


def outside(thing: Entity) -> Line:
    """A tag after the name of what no source prints; nothing for all else."""
    return (Span(" "), Span(OUTSIDE.lower(), style="tag")) if thing.is_external else ()


def short(thing: Entity) -> str:
    """The printed number of a thing where it has one, else its local name."""
    return thing.notation[0] if thing.notation else thing.id


def numbered(kind: str, thing: Entity) -> Line:
    """The kind of a thing, and the number it has in the inventory of the source, if it has one."""
    number = (Span(" "), Span(thing.notation[0], style="code")) if thing.notation else ()
    return (Span(kind), *number)


def joined(lines: Sequence[Line], between: str = ", ") -> Line:
    """Lines in a row."""
    spans: list[Span] = []
    for line in lines:
        if spans and line:
            spans.append(Span(between))
        spans += line
    return tuple(spans)
