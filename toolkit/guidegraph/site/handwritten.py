"""Pages people wrote: Markdown files that stand beside the generated pages, under "About"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from guidegraph.site.safe import text

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TITLE = re.compile(r"^# +(.+?) *#*$", re.MULTILINE)


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
        else:
            body = _FRONT_MATTER.sub("", file.read_text("utf-8").replace("\r\n", "\n"))
            title = _TITLE.search(body)
            found.append(Handwritten(path, title[1] if title else file.stem, body))
    return tuple(found), tuple(warnings)
