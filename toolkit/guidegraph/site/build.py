"""The whole site: pages to Markdown files, the theme beside them, and mkdocs over both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from guidegraph.cache import Cache
from guidegraph.site.assets import assets
from guidegraph.site.blocks import Page
from guidegraph.site.broken import broken
from guidegraph.site.chapters import CHAPTERS
from guidegraph.site.content import Built, SiteContent
from guidegraph.site.earlier import Earlier, move_over, source, sweep
from guidegraph.site.handwritten import Handwritten, handwritten, pictures
from guidegraph.site.languages import is_tag, language_name
from guidegraph.site.pages import all_pages
from guidegraph.site.pages.front import evidence, is_day, is_past_due, years
from guidegraph.site.parts import EVERYWHERE, scripts, spare, styles
from guidegraph.site.render import Renderer
from guidegraph.site.safe import data_block, text
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, view

THEME = Path(__file__).resolve().parent / "theme"
MADE = ("pages", "theme", "site")
"""The folders a build owns; what it does not make again is removed."""
FRESH = "site.new"
"""Where the pages that are rendered stand until all of them are there."""
SIGN = "# Made by guidegraph; every build writes this folder anew."
Progress = Callable[[str, int, int], None]


def build_site(
    content: SiteContent,
    output: Path,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Built:
    """Write ``output/pages`` (Markdown), ``output/theme``, ``output/mkdocs.yml``, ``output/site``.

    ``progress`` is told what is being done, how far, and how far it goes. With a ``cache``, pages
    of an earlier build into the same folder stay where they would be made again just so. Raises
    ``FileExistsError`` if ``output`` holds such folders that are not from an earlier build.
    """
    from guidegraph.site.publish import publish

    tell = progress or _silent
    seen = view(content)
    pages = tuple(all_pages(seen))
    written, warnings = handwritten(content.pages, [page.path for page in pages])
    shown, unusable = pictures(content.pages, written)
    configured = _configuration(seen, pages, written)
    made_for = tuple(assets(seen, pages))
    earlier = Earlier.of(output, cache, configured, content.guideline.header.modified or "")
    others = {*_downloads(content), *(f"assets/{each.path}" for each in made_for), *shown}
    kept = earlier.still_fit(pages, written, others)
    _make_room(output, kept, others)
    _write_pages(output / "pages", pages, written, kept, tell)
    for path, text_of in _downloads(content).items():
        _write(output / "pages" / path, text_of)
    for asset in made_for:
        _write(output / "pages" / "assets" / asset.path, asset.text)
    for path in shown:
        _copy(content.pages, output / "pages", path)
    shutil.copytree(THEME, output / "theme", ignore=_unused(pages))
    configuration = output / "mkdocs.yml"
    configuration.write_text(configured, "utf-8")
    total = len(pages) + len(written)
    done = iter(range(1 + len(kept), total + 1))
    told = publish(
        configuration,
        content.guideline.header.modified,
        lambda: tell("Rendering pages", next(done, total), total),
        output / FRESH,
        frozenset(map(source, kept)),
    )
    sweep(output / "site", kept)
    move_over(output / FRESH, output / "site")
    if told:
        earlier.forget()
    else:
        earlier.remember()
    made = sorted([*(page.path for page in pages), *(each.path for each in written)])
    told += _leading_nowhere(output / "site", written)
    return Built(folder=output / "site", pages=tuple(made), warnings=(*warnings, *unusable, *told))


def _leading_nowhere(folder: Path, written: tuple[Handwritten, ...]) -> tuple[str, ...]:
    """The broken links of pages that people wrote; those of generated pages are ours to test."""
    return tuple(str(each) for each in broken(folder, [page.path for page in written]))


def _silent(label: str, done: int, total: int) -> None:
    """Tell nobody."""


def _is_ours(output: Path) -> bool:
    configuration = output / "mkdocs.yml"
    return configuration.is_file() and configuration.read_text("utf-8").startswith(SIGN)


def _make_room(output: Path, kept: frozenset[str], others: set[str]) -> None:
    """Remove what an earlier build made, but for pages that are kept; leave anything else alone.

    ``others`` are the files beside the pages that are about to be written.
    """
    ours = _is_ours(output)
    for name in MADE:
        folder = output / name
        if not ours and folder.exists() and any(folder.iterdir()):
            msg = f"{folder} exists and was not made by guidegraph"
            raise FileExistsError(msg)
    for name in MADE:
        folder = output / name
        if not kept or name == "theme" or not folder.is_dir():
            shutil.rmtree(folder, ignore_errors=not folder.exists())
    sweep(output / "pages", {*map(source, kept), *others} if kept else ())
    shutil.rmtree(output / FRESH, ignore_errors=True)
    output.mkdir(parents=True, exist_ok=True)


def _write_pages(
    folder: Path,
    pages: tuple[Page, ...],
    written: tuple[Handwritten, ...],
    kept: frozenset[str],
    tell: Progress,
) -> None:
    renderer = Renderer()
    for place, page in enumerate(pages, start=1):
        if page.path not in kept:
            _write(folder / source(page.path), renderer.markdown(page))
        tell("Writing pages", place, len(pages))
    for each in written:
        if each.path not in kept:
            _write(folder / source(each.path), each.markdown)


def _unused(pages: tuple[Page, ...]) -> Callable[[str, list[str]], set[str]]:
    """Leaves out, for ``copytree``, the files of the theme that no page needs."""
    names = spare((*EVERYWHERE, *(part for page in pages for part in page.parts)))
    gone = {THEME / "assets" / name for name in names}
    return lambda folder, found: {each for each in found if Path(folder) / each in gone}


def _downloads(content: SiteContent) -> dict[str, str]:
    """The texts of the downloads by their places among the pages."""
    return {f"downloads/{each.path}": each.text for each in content.downloads}


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode())


def _copy(source_folder: Path | None, folder: Path, path: str) -> None:
    """Copy a picture of hand-written pages to its place among the pages."""
    assert source_folder is not None
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source_folder / path, file)


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
        "validation": {"links": {"not_found": "ignore", "anchors": "ignore"}},
        "nav": _navigation(pages, written),
        "extra": _about(seen),
    }
    return SIGN + "\n" + yaml.safe_dump(settings, allow_unicode=True, width=10**6, sort_keys=True)


def _navigation(pages: tuple[Page, ...], written: tuple[Handwritten, ...]) -> list[object]:
    made = {page.path for page in pages}
    groups: dict[str, list[object]] = {}
    for chapter in CHAPTERS:
        if chapter.index in made:
            groups.setdefault(chapter.group, []).append({chapter.title: source(chapter.index)})
    for each in written:
        groups.setdefault("About", []).append({str(text(each.title)): source(each.path)})
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
    told["due"] = str(text(header.review_by)) if is_day(header.review_by) else ""
    told["intended_use_others"] = [
        [each.lang, str(text(each.text))]
        for each in seen.wording.languages.others(header.intended_use)
        if is_tag(each.lang) and not each.is_stale
    ]
    told["years"] = " ".join(years(seen))
    told["languages"] = [
        [str(text(tag)), str(text(language_name(tag)))]
        for tag in seen.wording.languages.spoken
        if is_tag(tag)
    ]
    told["structured"] = str(data_block(guideline_data(seen)))
    told["scripts"] = scripts(EVERYWHERE)
    told["styles"] = styles(EVERYWHERE)
    return told
