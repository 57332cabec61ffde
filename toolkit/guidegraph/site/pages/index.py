"""The first page of a chapter."""

from __future__ import annotations

from guidegraph.site.blocks import Page, Section, sections, words
from guidegraph.site.chapters import Chapter
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View


def index_page(
    seen: View, chapter: Chapter, lead: str, *found: Section | None, style: str = ""
) -> Page:
    """A chapter's first page: its title, a line that says what is in it, and its sections."""
    return Page(
        path=chapter.index,
        index=chapter.index,
        title=chapter.title,
        lead=words(lead),
        sections=sections(*found),
        structured=guideline_data(seen),
        style=style,
    )
