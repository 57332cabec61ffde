"""Every name of the guideline at an address that follows from the name alone.

Where a thing is shown depends on what it is. This page does not: the place of a name on it stays
whatever becomes of the thing, so that names can be resolved by a rule. It holds thousands of names,
so no name stands with more than is needed to recognise it.
"""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.model import Withdrawn
from guidegraph.site.blocks import Item, Items, Page, Section, Span, sections, words
from guidegraph.site.chapters import NAMES
from guidegraph.site.pages.removed import address, gone, kind_words
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View

LEAD = (
    "Every name that this guideline uses or used, with the way to the page on which it is shown. "
    "The place of a name on this page follows from the name alone and never changes."
)


STYLE = "plain names"


def place(name: str) -> str:
    """The address of a name, whatever it stands for."""
    return f"{NAMES.index}#{slug(name)}"


def pages(seen: View) -> Iterator[Page]:
    """The one page with all names, by what they stand for."""
    by_kind: dict[str, list[Item]] = {}
    for name, thing in sorted(seen.guideline.entities.items()):
        if not isinstance(thing, Withdrawn):
            item = _item(name, str(thing.label) or name, seen.addresses.of(name))
            by_kind.setdefault(kind_words(thing.CLASS), []).append(item)
    left = [_item(each.name, each.label, address(each)) for each in gone(seen)]
    found = [
        Section(kind[:1].upper() + kind[1:], (Items(tuple(items), STYLE),), anchor=f"kind-{at}")
        for at, (kind, items) in enumerate(sorted(by_kind.items()), start=1)
    ]
    yield Page(
        path=NAMES.index,
        index=NAMES.index,
        title=NAMES.title,
        lead=words(LEAD),
        sections=sections(
            *found, Section("No longer in use", (Items(tuple(left), STYLE),), anchor="gone")
        ),
        structured=guideline_data(seen),
    )


def _item(name: str, label: str, to: str | None) -> Item:
    """A name, which leads to where it is shown; what it is called, if it has a page of its own.

    Parts of other things (passages, results, relations) are recognised where they are shown.
    """
    is_part = to is not None and "#" in to
    called = () if is_part or label == name else (Span(f" {label}"),)
    return Item((Span(name, to=to), *called), anchor=slug(name))
