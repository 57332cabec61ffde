"""Pages people wrote: Markdown files, and their pictures, beside the generated pages."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from guidegraph.site.safe import text

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LEADING = re.compile(r"<(meta|link)[\s/>]", re.IGNORECASE)
_LEFT_OUT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_TITLE = re.compile(r"^# +(.+?) *#*$", re.MULTILINE)
PICTURES = "pictures"
LARGEST = 1_000_000
"""The most bytes that a picture may have."""
_PICTURE = re.compile(rf"{PICTURES}/[A-Za-z0-9_-]+\.png")
_SHOWN = re.compile(rf'<img\s[^>]*?src="({PICTURES}/[^"]*)"')


@dataclass(frozen=True, slots=True)
class Handwritten:
    """A page as it was written. ``title`` is its first heading, ``path`` its address."""

    path: str
    title: str
    body: str

    @property
    def markdown(self) -> str:
        """The page with the front matter the theme needs in place of its own."""
        title = text(self.title)
        return (
            f'---\ntitle: "{title}"\nchapter: "{self.path}"\nstyle: "written"\n---\n\n{self.body}'
        )


def handwritten(
    folder: Path | None, taken: Collection[str]
) -> tuple[tuple[Handwritten, ...], tuple[str, ...]]:
    """The ``*.md`` files of a folder by name, and a warning for each that cannot be used."""
    if folder is None or not folder.is_dir():
        return (), ()
    found, warnings = [], []
    for file in sorted(folder.glob("*.md")):
        path = f"{file.stem}.html"
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", file.stem):
            warnings.append(f"{file.name}: use letters, digits, '-' and '_' in the name of a page.")
        elif path in taken or file.stem.lower() in ("index", "readme"):
            warnings.append(f"{file.name}: the site makes this page itself; use another name.")
        elif element := _leads_away(file.read_text("utf-8")):
            warnings.append(f"{file.name}: <{element}> could lead readers elsewhere; take it out.")
        else:
            body = _FRONT_MATTER.sub("", file.read_text("utf-8").replace("\r\n", "\n"))
            title = _TITLE.search(body)
            found.append(Handwritten(path, title[1] if title else file.stem, body))
    return tuple(found), tuple(warnings)


def pictures(
    folder: Path | None, written: Collection[Handwritten]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pictures that pages of a folder show, and a warning for each that cannot be used.

    One that is not there is a link that leads nowhere, which the build tells like any other.
    """
    found, warnings = [], []
    for each in sorted({path for page in written for path in _shown(page.body)}):
        file = (folder or Path()) / each
        if not _PICTURE.fullmatch(each):
            warnings.append(f"{each}: use letters, digits, '-' and '_', and '.png', for a picture.")
        elif file.is_symlink() or file.parent.is_symlink():
            warnings.append(f"{each}: this is a link to elsewhere; put the picture itself there.")
        elif file.is_file() and file.stat().st_size > LARGEST:
            warnings.append(f"{each}: pictures may have {LARGEST // 1000} kB; make it smaller.")
        elif file.is_file():
            found.append(each)
    return tuple(found), tuple(warnings)


def _leads_away(body: str) -> str:
    """The name of an element that sends readers or their browsers elsewhere, if there is one.

    The policy of the pages stops everything else that is active; these no policy stops. What a
    page only shows as code is no element.
    """
    plain = _LEFT_OUT.sub("", body)
    if not _LEADING.search(plain):
        return ""
    found = _LEADING.search(_html(plain))
    return found[1].lower() if found else ""


def _shown(body: str) -> list[str]:
    return _SHOWN.findall(_html(body)) if f"{PICTURES}/" in body else []


def _html(body: str) -> str:
    from markdown import markdown

    return str(markdown(body, extensions=["attr_list", "fenced_code", "tables"]))
