"""Links inside a site that lead nowhere: in pages, drawings, style sheets and the search index."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

INDEX = "assets/search-index.js"
DOWNLOADS = "downloads/"
LINKS = ("href", "src", "xlink:href", "poster", "data")
NAMED = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "headers")
"""Attributes that name other elements of the same page."""
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_FOR_SCRIPTS = re.compile(r"[a-z]+=")
"""A fragment that a script reads (``#q=heparin``) names no place."""


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """A link that leads nowhere: the file it stands in, where it should lead, what is missing."""

    page: str
    target: str
    missing: str

    def __str__(self) -> str:
        return f"{self.page}: the link to “{self.target}” leads to no {self.missing} of the site."


@dataclass(slots=True)
class _Read:
    """What a page or drawing can be linked by, and what it links."""

    ids: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found = _Read()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the ids and links of an element."""
        for name, value in attrs:
            told = value or ""
            if name == "id" or (name == "name" and tag == "a"):
                self.found.ids.add(told)
            elif name in LINKS:
                self.found.targets.append(told)
            elif name in NAMED:
                self.found.targets += (f"#{each}" for each in told.split())
            elif "url(" in told:
                self.found.targets += _URL.findall(told)


def broken(folder: Path, pages: Collection[str] | None = None) -> Iterator[Broken]:
    """Every link that leads nowhere in the site at ``folder``, or only those of some pages.

    Links out of the site are not looked at: nothing is asked of anybody. Nor are those inside files
    to take away, which are drawn for other pages.
    """
    site = _Site(folder)
    if pages is not None:
        for page in sorted(pages):
            yield from site.of_page(page)
        return
    files = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))
    for each in files:
        if each.startswith(DOWNLOADS) and each.endswith(".svg"):
            continue
        if each.endswith((".html", ".svg")):
            yield from site.of_page(each)
        elif each.endswith(".css"):
            yield from site.of_targets(each, _URL.findall((folder / each).read_text("utf-8")))
    if INDEX in files:
        yield from site.of_targets("index.html", addresses(folder), INDEX)


def addresses(folder: Path) -> list[str]:
    """The addresses of the search index of a site."""
    text = (folder / INDEX).read_text("utf-8")
    data = json.loads(text[text.index("{", text.index("searchIndex")) : text.rindex("}") + 1])
    return [each[0] for each in data["entries"]]


class _Site:
    """The files of a site, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, _Read | None] = {}

    def of_page(self, page: str) -> Iterator[Broken]:
        """The broken links of a page or drawing."""
        read = self._read(page)
        yield from self.of_targets(page, read.targets if read else [])

    def of_targets(self, page: str, targets: Collection[str], told: str = "") -> Iterator[Broken]:
        """The broken ones of the links that stand on a page; ``told`` is where they really are."""
        for target in dict.fromkeys(targets):
            missing = self._missing(page, target)
            if missing:
                yield Broken(told or page, target, missing)

    def _missing(self, page: str, target: str) -> str:
        """What a link does not find: a page or a place on it; empty where all is well."""
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
        file = path if parts.path else page
        if parts.path.startswith("/") or file.startswith("../") or not self._is_file(file):
            return "page" if file.endswith((".html", ".md")) else "file"
        place = unquote(parts.fragment)
        if not place or _FOR_SCRIPTS.match(place) or not file.endswith((".html", ".svg")):
            return ""
        read = self._read(file)
        return "" if read and place in read.ids else "place on a page"

    def _is_file(self, path: str) -> bool:
        return path in self.known or (self.folder / path).is_file()

    def _read(self, path: str) -> _Read | None:
        if path not in self.known:
            file = self.folder / path
            self.known[path] = _Reader(file.read_text("utf-8")).found if file.is_file() else None
        return self.known[path]
