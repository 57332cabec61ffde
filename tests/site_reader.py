"""Reading a site back: what its pages are made of, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Reader(HTMLParser):
    """What a page is made of: its elements, ids, links, words, and data blocks."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.inside = tag
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action", "srcset", "data", "poster"):
                self.links.append((tag, name, value or ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        (self.data if self.inside == "script" else self.words).append(data)

    def handle_comment(self, data: str) -> None:
        self.shape.append(("!--", ()))


def read(folder: Path) -> dict[str, Reader]:
    """Every page of a site by its address."""
    return {
        file.relative_to(folder).as_posix(): Reader(file.read_text("utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


def words(pages: dict[str, Reader], address: str) -> str:
    """The words of a page, with single spaces."""
    return " ".join(" ".join(pages[address].words).split())


def broken(folder: Path, pages: dict[str, Reader]) -> Iterator[str]:
    """Every link of a site that leads nowhere."""
    for address, page in pages.items():
        for _, _, target in page.links:
            if urlsplit(target).scheme:
                continue
            path, _, anchor = target.partition("#")
            file = (folder / address).parent / unquote(path) if path else folder / address
            if not file.is_file():
                yield f"{address}: {target}"
            elif anchor:
                found = pages[file.resolve().relative_to(folder.resolve()).as_posix()]
                if anchor not in found.ids:
                    yield f"{address}: {target}"
