"""Files that are made for the scripts of a site, beside its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidegraph.site.asking import files as asking
from guidegraph.site.asset import Asset
from guidegraph.site.blocks import Page
from guidegraph.site.reasoning import reasoning
from guidegraph.site.search import search_index
from guidegraph.site.view import View

MAKERS: tuple[Callable[[View, tuple[Page, ...]], Iterator[Asset]], ...] = (
    search_index,
    reasoning,
    asking,
)
"""The whole list: each entry makes the files of one part."""


def assets(seen: View, pages: tuple[Page, ...]) -> Iterator[Asset]:
    """Every such file of a site with these pages."""
    for make in MAKERS:
        yield from make(seen, pages)
