"""No link of a site leads nowhere: pages, places on them, drawings, styles and the search index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

import site_example as example
from guidegraph.cache import Cache
from guidegraph.cli.build import _in_words
from guidegraph.model import Guideline
from guidegraph.site.broken import Broken, addresses, broken
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent

if TYPE_CHECKING:
    from guidegraph.build import Outcome

OWN = Path(__file__).resolve().parents[1] / "site"
Put = Callable[[str, str], None]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file of a site."""

    def write(path: str, text: str) -> None:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    return write


def found(folder: Path) -> set[tuple[str, str, str]]:
    return {(each.page, each.target, each.missing) for each in broken(folder)}


def test_pages_files_and_places_that_are_missing_are_told(tmp_path: Path, put: Put) -> None:
    put("other/page.html", '<p id="there">x</p><a name="old">y</a>')
    put("file.txt", "x")
    good = (
        "other/page.html",
        "other/page.html#there",
        "other/page.html#old",
        "other/../other/page.html#there",
        "other/page.html#q=anything%20at%20all",
        "#here",
        "#h%65re",
        "file.txt",
        "file.txt#L3",
        "https://example.org/x#y",
        "mailto:a@example.org",
        "",
    )
    bad = {
        "gone.html": "page",
        "other/page.html#gone": "place on a page",
        "#gone": "place on a page",
        "gone.txt": "file",
        "gone.md": "page",
        "/other/page.html": "page",
        "../outside.html": "page",
        "../../etc/file": "file",
    }
    links = "".join(f'<a href="{each}">x</a>' for each in (*good, *bad))
    put("index.html", f'<h1 id="here">x</h1>{links}')
    assert found(tmp_path) == {("index.html", target, why) for target, why in bad.items()}


def test_links_of_drawings_labels_and_styles_are_looked_at(tmp_path: Path, put: Put) -> None:
    put(
        "index.html",
        '<svg><defs><marker id="tip"/></defs><a href="#n1"><path marker-end="url(#tip)"/></a>'
        '<a href="#n2"/><use xlink:href="#tap"/><path fill="url(#hatch)"/></svg><p id="n1">'
        '<input aria-controls="list n1" aria-labelledby="name"><label for="field">x</label>'
        '<img src="gone.png"><script src="gone.js"></script><link href="gone.css">',
    )
    put("drawn.svg", '<svg><a href="index.html#n1"/><a href="index.html#n9"/></svg>')
    put("assets/site.css", 'a { background: url("mark.svg") } b { background: url(gone.svg) }')
    put("assets/mark.svg", "<svg/>")
    assert found(tmp_path) == {
        *(
            ("index.html", each, "place on a page")
            for each in ("#n2", "#tap", "#hatch", "#list", "#name", "#field")
        ),
        *(("index.html", each, "file") for each in ("gone.png", "gone.js", "gone.css")),
        ("drawn.svg", "index.html#n9", "place on a page"),
        ("assets/site.css", "gone.svg", "file"),
    }


def test_addresses_of_the_search_index_are_looked_at(tmp_path: Path, put: Put) -> None:
    put("index.html", '<p id="x"></p>')
    entries = '[["index.html#x","}"],["index.html#y",""],["z.html",""]]'
    put(
        "assets/search-index.js",
        f'"use strict";\n(globalThis.guidegraph ??= {{}}).searchIndex = {{"entries": {entries}}};',
    )
    assert addresses(tmp_path) == ["index.html#x", "index.html#y", "z.html"]
    assert found(tmp_path) == {
        ("assets/search-index.js", "index.html#y", "place on a page"),
        ("assets/search-index.js", "z.html", "page"),
    }


def test_a_broken_link_is_told_in_words() -> None:
    told = str(Broken("about.html", "gone.md", "page"))
    assert told == "about.html: the link to “gone.md” leads to no page of the site."


def test_the_example_has_no_broken_link(tmp_path: Path) -> None:
    made = build_site(example.content(pages=OWN), tmp_path)
    there = ("downloads/", "evidence", "targets", "codes/")  # files of a whole build
    assert [str(e) for e in broken(made.folder) if not any(w in e.target for w in there)] == []
    assert len(addresses(made.folder)) > len(example.guideline().entities)


def test_every_link_of_handwritten_pages_is_looked_at_by_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "about.md").write_text(
        "# About\n\n## Here\n\n[gone](nowhere.md) [place](thresholds/index.md#nowhere) "
        '<a href="raw.html">raw</a> [here](#here) [there](#there) [ok](thresholds/index.md)\n',
        "utf-8",
    )
    made = build_site(example.content(pages=folder), tmp_path / "out")
    assert made.warnings == (
        "about.html: the link to “nowhere.md” leads to no page of the site.",
        (
            "about.html: the link to “thresholds/index.html#nowhere” leads to no place on a page "
            "of the site."
        ),
        "about.html: the link to “raw.html” leads to no page of the site.",
        "about.html: the link to “#there” leads to no place on a page of the site.",
    )


PNG = b"\x89PNG\r\n\x1a\n"


def test_pictures_of_handwritten_pages_stand_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "pictures").mkdir(parents=True)
    (folder / "about.md").write_text(
        "# About\n\n![One](pictures/one.png)\n\n```\n![Code](pictures/code.png)\n```\n", "utf-8"
    )
    for name in ("one", "code", "nobody-shows-it"):
        (folder / "pictures" / f"{name}.png").write_bytes(PNG + name.encode())
    content, output = example.content(pages=folder), tmp_path / "out"

    def build() -> dict[str, bytes]:
        made = build_site(content, output, cache=Cache(output / "cache"))
        assert made.warnings == ()
        return {each.name: each.read_bytes() for each in made.folder.glob("pictures/*")}

    assert build() == {"one.png": PNG + b"one"}
    (folder / "pictures" / "one.png").write_bytes(PNG + b"another")
    assert build() == {"one.png": PNG + b"another"}, "a picture that changed alone is new"
    (folder / "about.md").write_text("# About\n\nWords.\n", "utf-8")
    assert build() == {}
    assert not (output / "pages" / "pictures").exists()


def test_a_picture_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "pictures").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere.png"
    elsewhere.write_bytes(PNG)
    (folder / "pictures" / "led.png").symlink_to(elsewhere)
    (folder / "pictures" / "large.png").write_bytes(bytes(1_000_001))
    (folder / "pictures" / "drawn.svg").write_text("<svg/>", "utf-8")
    (folder / "secret.png").write_bytes(PNG)
    names = ("led.png", "large.png", "drawn.svg", "../secret.png", "gone.png")
    shown = "".join(f"![It](pictures/{each})\n\n" for each in names)
    (folder / "about.md").write_text(f"# About\n\n{shown}", "utf-8")
    made = build_site(example.content(pages=folder), tmp_path / "out")
    refused = [each for each in made.warnings if each.startswith("pictures/")]
    assert [each.partition(":")[0] for each in refused] == [
        "pictures/../secret.png",
        "pictures/drawn.svg",
        "pictures/large.png",
        "pictures/led.png",
    ]
    assert (
        "about.html: the link to “pictures/gone.png” leads to no file of the site." in made.warnings
    )
    assert not list(made.folder.rglob("*.png"))
    assert not (made.folder / "pictures").exists()


@pytest.mark.slow
def test_the_shipped_guideline_has_no_broken_link(guideline: Guideline, tmp_path: Path) -> None:
    made = build_site(SiteContent(guideline=guideline, pages=OWN), tmp_path)
    elsewhere = ("downloads/", "queries/", "codes/")  # made by a whole build only
    assert [
        str(each)
        for each in broken(made.folder)
        if not any(folder in each.target for folder in elsewhere)
    ] == []


def test_a_build_tells_of_a_link_as_of_anything_else() -> None:
    site = SimpleNamespace(pages=(), folder=Path("site"), warnings=("about.html: no such page.",))
    told = _in_words(cast("Outcome", SimpleNamespace(artefacts=(), site=site)), Path(), "Marker")
    assert told.splitlines()[-1] == "warning: about.html: no such page."
