"""The first page in a real browser, wherever there is one; the rest is ``pytest -m browser``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import site_example as example
from guidegraph.site import build_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
)


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def test_home_opens_from_a_file_system_styled_and_asks_nobody(tmp_path: Path) -> None:
    site = build_site(example.content(), tmp_path / "out").folder
    log, picture, bare = (tmp_path / name for name in ("log.json", "home.png", "bare.png"))
    page = (site / "index.html").as_uri()
    told = _open(page, tmp_path, f"--screenshot={picture}", f"--log-net-log={log}")
    assert ":CONSOLE" not in told
    assert _asked(log) == set()
    (site / "assets" / "site.css").unlink()
    _open(page, tmp_path, f"--screenshot={bare}")
    assert picture.read_bytes() != bare.read_bytes()


def test_a_page_that_asks_somebody_and_complains_is_noticed(tmp_path: Path) -> None:
    page, log = tmp_path / "page.html", tmp_path / "log.json"
    asked = "http://example.org/x.png"
    page.write_text(f'<!doctype html><img src="{asked}"><script>console.error(1)</script>', "utf-8")
    told = _open(
        page.as_uri(), tmp_path, f"--screenshot={tmp_path / 'x.png'}", f"--log-net-log={log}"
    )
    assert ":CONSOLE" in told
    assert _asked(log) == {asked}


def _open(page: str, folder: Path, *options: str) -> str:
    """Open a page without a window; what the browser logs."""
    assert CHROMIUM is not None
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, *QUIET, profile, *options, page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stderr


def _asked(log: Path) -> set[str]:
    """The addresses on the network that the page asked for (the browser's own are left out)."""
    events = json.loads(log.read_text("utf-8"))["events"]
    found = [each["params"] for each in events if "url" in each.get("params", {})]
    ours = [each for each in found if each.get("initiator", "not an origin") != "not an origin"]
    return {each["url"] for each in ours if not each["url"].startswith(("file:", "data:"))}
