"""A real browser for the tests of this folder: it may ask nobody, and every complaint is noticed.

``GUIDEGRAPH_SITE`` names a site of the shipped guideline that is built already (its folder with
``index.html``); without it, it is built once.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import site_example
from conftest import GUIDELINE
from guidegraph.site.build import build_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser itself."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()


class Visit:
    """One visitor of a site: a page of the browser, what it asked for, what it complained of."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def strangers(self, root: str) -> list[str]:
        """What was asked for outside the site."""
        ours = (root, "data:", "blob:")
        return [each for each in self.asked if not each.startswith(ours)]

    def open(self, folder: Path, address: str) -> Any:
        """Open a page of a site from the file system; the page."""
        path, mark, rest = address.partition("#")
        self.page.goto((folder / path).as_uri() + mark + rest)
        return self.page


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:
    """A visitor; whatever the test does, no page may complain or ask anybody else."""
    found = Visit(chromium)
    yield found
    found.context.close()
    assert found.complaints == []
    assert found.strangers("file:") == [] or found.strangers("http://127.0.0.1") == []


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small example."""
    return build_site(site_example.content(), tmp_path_factory.mktemp("example")).folder


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped guideline."""
    if told := os.environ.get("GUIDEGRAPH_SITE"):
        return Path(told)
    from click.testing import CliRunner

    from guidegraph.cli.group import cli

    output = tmp_path_factory.mktemp("shipped")
    done = CliRunner().invoke(cli, ["build", str(GUIDELINE), "--output", str(output)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return output / "site"


@pytest.fixture(scope="session")
def served(shipped_site: Path) -> Iterator[str]:
    """The same site from a web server below another path: its address, ending in ``/``."""
    handler = functools.partial(_Quiet, directory=str(shipped_site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some/where/"
    server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """The site lies below ``/some/where/``, not at the root."""
        return super().translate_path(path.removeprefix("/some/where"))

    def log_message(self, *told: object) -> None:
        """Say nothing."""
