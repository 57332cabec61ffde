"""The site in a real browser: it looks as designed from a file system, and nothing runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import site_example as example
from guidegraph.site import build_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

ATTACKS = (
    '<script>document.documentElement.setAttribute("data-ran","1")</script>',
    '"><img src=x onerror="document.documentElement.setAttribute(\'data-ran\',1)">',
    "'><svg onload=\"document.documentElement.setAttribute('data-ran',1)\">",
    "</title></style></script><img src=x onerror=document.documentElement.dataset.ran=1>",
    "<details open ontoggle=document.documentElement.dataset.ran=1>",
    '<iframe srcdoc="<script>parent.document.documentElement.dataset.ran=1</script>"></iframe>',
    "[x](javascript:document.documentElement.dataset.ran=1)",
    "<style>@import 'https://example.com/x.css'</style>",
)
PAGES = (
    "index.html",
    "guideline.html",
    "recommendations/rec-1.html",
    "pathways/path.html",
    "thresholds/index.html",
    "questions/point.html",
    "sources/doc.html",
    "verification/index.html",
    "queries/limits.html",
)


def chromium(page: Path, *options: str) -> str:
    """Open a page without a window; what the browser prints."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--virtual-time-budget=2000",
        *options,
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def root(page: Path) -> str:
    """The root element's tag after the page has loaded and everything in it has run."""
    shown = chromium(page, "--dump-dom")
    start = shown.index("<html")
    return shown[start : shown.index(">", start)]


def unguarded(folder: Path) -> Path:
    """The site without its policies, so that only the escaping stands between page and attack."""
    for file in folder.rglob("*.html"):
        page = file.read_text("utf-8")
        assert "Content-Security-Policy" in page
        file.write_text(page.replace("Content-Security-Policy", "x-nothing"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a guideline that has every attack in every literal, without its policies."""
    attack = " ".join(ATTACKS)
    known = example.with_literals(example.guideline(), lambda _: attack)
    content = example.content(known, attack)
    return unguarded(build_site(content, tmp_path_factory.mktemp("attacked")).folder)


@pytest.mark.parametrize("address", PAGES)
def test_no_literal_runs_even_without_the_policy(attacked: Path, address: str) -> None:
    assert "data-ran" not in root(attacked / address)


@pytest.mark.parametrize("attack", ATTACKS[:6])
def test_the_attacks_would_run_if_they_were_not_escaped(tmp_path: Path, attack: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f'<!doctype html><title>x</title><p title="{attack}">{attack}</p>', "utf-8")
    assert "data-ran" in root(page)


def test_the_policy_stops_what_a_handwritten_page_tries(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "about.md").write_text("# About\n\n" + "\n\n".join(ATTACKS) + "\n", "utf-8")
    site = build_site(example.content(pages=folder), tmp_path / "out").folder
    assert "data-ran" not in root(site / "about.html")
    assert "data-ran" in root(unguarded(site) / "about.html")


def test_the_style_sheet_applies_from_a_file_system(tmp_path: Path) -> None:
    site = build_site(example.content(), tmp_path / "out").folder
    page, styled, bare = site / "index.html", tmp_path / "styled.png", tmp_path / "bare.png"
    chromium(page, f"--screenshot={styled}")
    (site / "assets" / "site.css").unlink()
    chromium(page, f"--screenshot={bare}")
    assert styled.read_bytes() != bare.read_bytes()


def test_pages_print(tmp_path: Path) -> None:
    site = build_site(example.content(), tmp_path / "out").folder
    printed = tmp_path / "page.pdf"
    chromium(site / "recommendations" / "rec-1.html", f"--print-to-pdf={printed}")
    assert printed.read_bytes().startswith(b"%PDF")
