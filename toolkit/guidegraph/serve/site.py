"""The site as readers of the saved guideline would see it, now.

A whole build takes as long as it takes and runs apart. Until it has ended, a page that is asked for
is made by itself from the guideline as it was saved; what else it tells (proofs, audit, cases) is
that of the last whole build, and the page says so.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import RLock, Thread, Timer

from guidegraph.collecting import without_collecting
from guidegraph.diagnostic import has_errors
from guidegraph.edit.desk import Desk
from guidegraph.edit.live import Looked
from guidegraph.lower import lower
from guidegraph.serve.building import Built, build_apart
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import Page
from guidegraph.site.content import SiteContent
from guidegraph.site.earlier import source
from guidegraph.site.pages import KINDS
from guidegraph.site.pages.drawn import with_parts
from guidegraph.site.pages.removed import with_what_is_left
from guidegraph.site.publish import publish
from guidegraph.site.render import Renderer
from guidegraph.site.view import View, view

_BEFORE = "This is the state before."
PARTS = ("pages", "theme", "site")
CONFIGURATION = "mkdocs.yml"
PATIENCE = 3.0
"""Seconds from a save to the whole build that follows it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A page as it is sent; ``is_alone`` if made by itself, ``fault`` why it is an old one."""

    html: str
    is_alone: bool
    fault: str = ""

    @property
    def mark(self) -> str:
        """By what another state of the page is noticed."""
        told = f"{self.html}\n{self.is_alone}\n{self.fault}"
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Site:
    """The site of one desk. ``doing`` says how far a whole build is; empty while there is none."""

    def __init__(self, desk: Desk, output: Path) -> None:
        """Begin with a whole build into ``output``, and show what is there already, if anything."""
        self.desk = desk
        self.output = output
        self.doing = ""
        self.fault = ""
        self._lock = RLock()
        self._shown = Path(tempfile.mkdtemp(prefix="guidegraph-site-"))
        self._content: SiteContent | None = None
        self._built: object = None
        self._building: object = None
        self._alone: dict[str, str] = {}
        self._of: object = None
        self._kinds: dict[str, int] = {}
        self._seen: View | None = None
        Thread(target=self._look_ahead, name="guidegraph-look", daemon=True).start()
        self.refresh()

    def close(self) -> None:
        """Leave nothing behind but the folder of the build."""
        shutil.rmtree(self._shown, ignore_errors=True)

    @property
    def is_building(self) -> bool:
        """Whether a whole build is under way, or about to begin."""
        return self._building is not None

    # ---- whole builds --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Begin a whole build soon, if something was saved since the last one.

        Not at once: the page that somebody is waiting for is made first.
        """
        with self._lock:
            self.desk.refresh()
            saved = self.desk.base
            if self._building is None and saved != self._built:
                self._building = saved
                later = Timer(PATIENCE if self._content else 0, self._build)
                later.daemon = True
                later.start()

    def _build(self) -> None:
        with self._lock:
            self._building, self.doing = self.desk.base, "Building the site"
            folder, is_first = self.desk.folder, self._content is None
            build_apart(folder, self.output, self._step, self._done, with_kinds=is_first)

    def _step(self, label: str, done: int, of: int) -> None:
        self.doing = f"{label} {done} of {of}" if of > 1 else label

    def _done(self, built: Built) -> None:
        with self._lock:
            is_first = self._content is None
            self._built, self._building, self.doing = self._building, None, ""
            self.fault = built.why
            if built.content is not None:
                self._content = built.content
                self._alone, self._of = {}, None
                _copy(self.output, self._shown)
                self._seen = view(built.content)
                self._kinds.update(built.kinds)
                if is_first:
                    self._rendered(next(self._made(0)))  # the next page takes half as long
        self.refresh()

    def _look_ahead(self) -> None:
        """What the first page after a save rests on, found out while the site is built."""
        looked = self.desk.saved_looked
        if looked.guideline is not None:
            lower(looked.guideline)

    # ---- what is sent --------------------------------------------------------------------------

    def file(self, path: str) -> Path | None:
        """A file of the site beside its pages; nothing outside of it can be asked for."""
        parts = path.split("/")
        if any(not each or each.startswith(".") or "\\" in each or ":" in each for each in parts):
            return None
        found = self._shown.joinpath("site", *parts)
        return found if found.is_file() else None

    def page(self, path: str) -> Served | None:
        """A page as the saved guideline has it; None where there is none (yet)."""
        with self._lock:
            self.refresh()
            if self._content is None:
                return None
            if self.desk.refused:
                return self._whole(path, f"{self.desk.refused[0].message} {_BEFORE}")
            if self.desk.base == self._built and not self.fault:
                return self._whole(path)
            looked = self.desk.saved_looked
            if looked.guideline is None or has_errors(looked.findings):
                return self._whole(path, f"What is saved has errors. {_BEFORE}")
            with without_collecting():
                html = self._by_itself(path, looked)
            return Served(html, is_alone=True) if html else self._whole(path)

    def iri_of(self, path: str) -> str:
        """The thing whose page this is; empty for a page that is about no thing alone."""
        guideline = self.desk.saved_looked.guideline
        things = guideline.entities.values() if guideline else ()
        return next((each.iri for each in things if page_path(each) == path), "")

    def _whole(self, path: str, fault: str = "") -> Served | None:
        found = self.file(path)
        return Served(found.read_text("utf-8"), is_alone=False, fault=fault) if found else None

    def _by_itself(self, path: str, looked: Looked) -> str:
        """One page, rendered with everything around it; empty where there is no such page."""
        saved = self.desk.base
        if self._of != saved:
            assert self._content is not None
            assert looked.guideline is not None
            self._of, self._alone = saved, {}
            content = replace(
                self._content,
                guideline=looked.guideline,
                program=lower(looked.guideline),
                findings=looked.findings,
            )
            self._seen = view(content)
        if path not in self._alone:
            page = self._page(path)
            self._alone[path] = self._rendered(page) if page else ""
        return self._alone[path]

    def _page(self, path: str) -> Page | None:
        """A page by its address; the kind that had it the last time is asked first."""
        first = self._kinds.get(path)
        for number in dict.fromkeys((*([] if first is None else [first]), *range(len(KINDS)))):
            for page in self._made(number):
                self._kinds[page.path] = number
                if page.path == path:
                    return page
        return None

    def _made(self, number: int) -> Iterator[Page]:
        assert self._seen is not None
        return with_what_is_left(self._seen, map(with_parts, KINDS[number](self._seen)))

    def _rendered(self, page: Page) -> str:
        """The HTML of a page, made by the same engine as the whole site."""
        markdown = self._shown / "pages" / source(page.path)
        markdown.parent.mkdir(parents=True, exist_ok=True)
        markdown.write_bytes(Renderer().markdown(page).encode())
        pages = self._shown / "pages"
        others = (each.relative_to(pages).as_posix() for each in pages.rglob("*.md"))
        fresh = self._shown / "fresh"
        publish(
            self._shown / CONFIGURATION,
            self._content.guideline.header.modified if self._content else None,
            lambda: None,
            fresh,
            frozenset(each for each in others if each != source(page.path)),
        )
        html = (fresh / page.path).read_text("utf-8")
        shutil.rmtree(fresh)
        return html


def _copy(built: Path, shown: Path) -> None:
    """Take over a build as it is now: the next one writes into the same folder."""
    for name in PARTS:
        shutil.rmtree(shown / name, ignore_errors=True)
        shutil.copytree(built / name, shown / name)
    shutil.copy2(built / CONFIGURATION, shown / CONFIGURATION)
