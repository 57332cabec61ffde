"""The whole site: pages to Markdown files, the theme beside them, and mkdocs over both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from guidegraph.site.assets import assets
from guidegraph.site.blocks import Page
from guidegraph.site.chapters import CHAPTERS
from guidegraph.site.content import Built, SiteContent
from guidegraph.site.handwritten import Handwritten, handwritten
from guidegraph.site.pages import all_pages
from guidegraph.site.pages.front import evidence, is_past_due
from guidegraph.site.parts import EVERYWHERE, scripts, styles
from guidegraph.site.render import Renderer
from guidegraph.site.safe import text
from guidegraph.site.view import View, view

THEME = Path(__file__).resolve().parent / "theme"
MADE = ("pages", "theme", "site")
"""The folders a build owns; each is made anew."""
SIGN = "# Made by guidegraph; every build writes this folder anew."
Progress = Callable[[str, int, int], None]


def build_site(content: SiteContent, output: Path, progress: Progress | None = None) -> Built:
    """Write ``output/pages`` (Markdown), ``output/theme``, ``output/mkdocs.yml``, ``output/site``.

    ``progress`` is told what is being done, how far, and how far it goes. Raises
    ``FileExistsError`` if ``output`` holds such folders that are not from an earlier build.
    """
    from guidegraph.site.publish import publish

    tell = progress or _silent
    seen = view(content)
    pages = tuple(all_pages(seen))
    written, warnings = handwritten(content.pages, [page.path for page in pages])
    _make_room(output)
    _write_pages(output / "pages", pages, written, tell)
    _write_downloads(output / "pages" / "downloads", content)
    for asset in assets(seen, pages):
        _write(output / "pages" / "assets" / asset.path, asset.text)
    shutil.copytree(THEME, output / "theme")
    configuration = output / "mkdocs.yml"
    configuration.write_text(_configuration(seen, pages, written), "utf-8")
    total = len(pages) + len(written)
    done = iter(range(1, total + 1))
    told = publish(
        configuration,
        content.guideline.header.modified,
        lambda: tell("Rendering pages", next(done, total), total),
    )
    made = sorted([*(page.path for page in pages), *(each.path for each in written)])
    return Built(folder=output / "site", pages=tuple(made), warnings=(*warnings, *told))


def _silent(label: str, done: int, total: int) -> None:
    """Tell nobody."""


def _make_room(output: Path) -> None:
    """Remove what an earlier build made; leave anything else alone."""
    configuration = output / "mkdocs.yml"
    ours = configuration.is_file() and configuration.read_text("utf-8").startswith(SIGN)
    for name in MADE:
        folder = output / name
        if not folder.exists():
            continue
        if not ours and any(folder.iterdir()):
            msg = f"{folder} exists and was not made by guidegraph"
            raise FileExistsError(msg)
        shutil.rmtree(folder)
    output.mkdir(parents=True, exist_ok=True)


def _write_pages(
    folder: Path, pages: tuple[Page, ...], written: tuple[Handwritten, ...], tell: Progress
) -> None:
    renderer = Renderer()
    for place, page in enumerate(pages, start=1):
        _write(folder / _source(page.path), renderer.markdown(page))
        tell("Writing pages", place, len(pages))
    for each in written:
        _write(folder / _source(each.path), each.markdown)


def _write_downloads(folder: Path, content: SiteContent) -> None:
    for each in content.downloads:
        _write(folder / each.path, each.text)


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode())


def _source(path: str) -> str:
    """The Markdown file behind an address."""
    return path.removesuffix(".html") + ".md"


def _configuration(seen: View, pages: tuple[Page, ...], written: tuple[Handwritten, ...]) -> str:
    """``mkdocs.yml``: only the chapters are in the navigation, or every page would carry it all."""
    import yaml

    settings = {
        "site_name": str(text(seen.guideline.header.label)),
        "docs_dir": "pages",
        "site_dir": "site",
        "use_directory_urls": False,
        "theme": {"name": None, "custom_dir": "theme"},
        "plugins": [],
        "markdown_extensions": ["attr_list"],
        "not_in_nav": "*",
        "nav": _navigation(pages, written),
        "extra": _about(seen),
    }
    return SIGN + "\n" + yaml.safe_dump(settings, allow_unicode=True, width=10**6, sort_keys=True)


def _navigation(pages: tuple[Page, ...], written: tuple[Handwritten, ...]) -> list[object]:
    made = {page.path for page in pages}
    groups: dict[str, list[object]] = {}
    for chapter in CHAPTERS:
        if chapter.index in made:
            groups.setdefault(chapter.group, []).append({chapter.title: _source(chapter.index)})
    for each in written:
        groups.setdefault("About", []).append({str(text(each.title)): _source(each.path)})
    return [{group: entries} for group, entries in groups.items()]


def _about(seen: View) -> dict[str, object]:
    """What the theme shows on every page, ready to print."""
    header = seen.guideline.header
    shown = {
        "name": str(header.label) or str(header.title),
        "version": header.version,
        "intended_use": str(header.intended_use),
        "issued": header.issued,
        "modified": header.modified,
        "review_by": header.review_by,
        "evidence": "".join(each.text for each in evidence(seen)),
        "status": seen.guideline.words(header.status).capitalize() if header.status else None,
    }
    told: dict[str, object] = {name: str(text(value)) for name, value in shown.items() if value}
    told["past_due"] = is_past_due(header)
    told["scripts"] = scripts(EVERYWHERE)
    told["styles"] = styles(EVERYWHERE)
    return told
