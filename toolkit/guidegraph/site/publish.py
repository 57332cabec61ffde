"""Markdown to HTML with mkdocs: our theme, no plugins, no network, the same bytes every time."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from markdown import Markdown
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

ENVIRONMENT = {"DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "1"}
EPOCH = "946684800"
"""The moment (2000-01-01) that stands for a guideline without a date: mkdocs cannot take 0."""


def publish(
    configuration: Path,
    modified: str | None,
    tell: Callable[[], None],
    site: Path,
    kept: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Build the site that a ``mkdocs.yml`` describes into ``site``; ``tell`` is called per page.

    ``kept`` are Markdown files that can be linked and are not rendered again. Returns what mkdocs
    warned of. Raises ``mkdocs.exceptions.Abort`` where it gives up.
    """
    heard = _Heard(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    with _environment({**ENVIRONMENT, "SOURCE_DATE_EPOCH": epoch(modified)}):
        logger.addHandler(heard)
        passed_on, logger.propagate = logger.propagate, False
        try:
            settings = load_config(str(configuration), site_dir=str(site.resolve()))
            settings.theme.static_templates.clear()
            settings.theme.dirs = settings.theme.dirs[:1]  # ours alone: no sitemap of mkdocs
            settings.plugins["guidegraph/progress"] = _Pages(tell, kept)
            build(settings)
        finally:
            logger.removeHandler(heard)
            logger.propagate = passed_on
    return tuple(heard.messages)


def epoch(modified: str | None) -> str:
    """Seconds since 1970 at the start of a date, never 0."""
    try:
        day = datetime.fromisoformat(modified or "").replace(tzinfo=UTC)
    except ValueError:
        return EPOCH
    seconds = int(day.timestamp())
    return str(seconds) if seconds > 0 else EPOCH


class _Pages(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Counts the pages, leaves out those that stay, and lets go of what has been written."""

    def __init__(self, tell: Callable[[], None], kept: frozenset[str]) -> None:
        super().__init__()
        self.tell = tell
        self.kept = kept

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Leave out the pages that stay; the navigation and links still know them."""
        settings = config["markdown_extensions"], config["mdx_configs"] or {}
        converter = Markdown(extensions=settings[0], extension_configs=settings[1])
        chapters = {each.file for each in nav.pages}
        for each in files:
            if each.src_uri in self.kept:
                each.inclusion = InclusionLevel.EXCLUDED
            elif each.is_documentation_page() and each not in chapters:
                _Page(each, config, converter)
        return nav

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Count the page; leave it as it is."""
        page.markdown = page.content = None
        self.tell()
        return output


class _Page(Page):
    """A page outside the navigation, converted without what mkdocs prepares for its own checks.

    mkdocs makes a converter for every page, and reads its HTML once more for anchors. Links of
    hand-written pages are checked in the finished site (``site.broken``).
    """

    def __init__(self, file: File, config: MkDocsConfig, converter: Markdown) -> None:
        super().__init__(None, file, config)
        self._converter = converter

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown; links to other files become links to their pages."""
        converter = self._converter.reset()
        relative = _RelativePathTreeprocessor(self.file, files, config)
        converter.treeprocessors.register(relative, "relpath", 0)
        self.content = converter.convert(self.markdown or "")
        self.toc = get_toc(getattr(converter, "toc_tokens", []))


class _Heard(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.messages.append(record.getMessage())


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
