"""Files that are made for the scripts of a site, beside its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guidegraph.site.blocks import Page
from guidegraph.site.view import View


@dataclass(frozen=True, slots=True)
class Asset:
    """A file below ``assets/`` of the site."""

    path: str
    text: str


MAKERS: tuple[Callable[[View, tuple[Page, ...]], Iterator[Asset]], ...] = ()
"""The whole list: each entry makes the files of one part."""


def assets(seen: View, pages: tuple[Page, ...]) -> Iterator[Asset]:
    """Every such file of a site with these pages."""
    for make in MAKERS:
        yield from make(seen, pages)
