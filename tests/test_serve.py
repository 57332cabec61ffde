"""The site while it is edited: pages by themselves at once, all of it soon after."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from click.testing import CliRunner
from starlette.testclient import TestClient

from guidegraph.cli.group import cli
from guidegraph.edit.app import application
from guidegraph.edit.desk import Desk
from guidegraph.edit.pages.routes import ROUTES
from guidegraph.scaffold import new
from guidegraph.serve import site as serving
from guidegraph.serve.routes import ROUTES as PAGES
from guidegraph.serve.site import Site

TOKEN = "a-key-for-tests"
BASE = "http://127.0.0.1:8765"
PAGE = "thresholds/THR-low.html"


class Served:
    """A site that was built once, and somebody who may read it."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder, lambda: datetime.now(UTC))
        self.site = Site(self.desk, output)
        app = application(self.desk, TOKEN, [*PAGES, *ROUTES])
        app.state.site = self.site
        self.app = app
        self.reader = TestClient(app, base_url=BASE, client=("127.0.0.1", 50000))
        self.reader.get("/", params={"token": TOKEN})

    def state(self, path: str = PAGE) -> dict[str, object]:
        found: dict[str, object] = self.reader.get("/site-state", params={"path": path}).json()
        return found

    def wait(self) -> None:
        """Until no whole build is under way."""
        end = time.monotonic() + 240
        while time.monotonic() < end:
            if self.state()["mark"] and not self.site.is_building:
                return
            time.sleep(0.2)
        raise AssertionError(f"not built: {self.state()}")

    def reword(self, words: str) -> None:
        """Another program gives the limit another label."""
        file = self.folder / "thresholds.ttl"
        text = file.read_text("utf-8")
        begins = text.index('rdfs:label "', text.index("d:THR-low a ")) + len('rdfs:label "')
        file.write_text(text[:begins] + words + text[text.index('"', begins) :], "utf-8")

    def close(self) -> None:
        self.site.close()
        self.desk.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("served")
    new(place / "example-marker")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "PATIENCE", 0.5)
        found = Served(place / "example-marker", place / "build")
        yield found
        found.close()


def test_first_there_is_a_page_that_says_so_and_then_the_site(served: Served) -> None:
    early = served.reader.get("/site/index.html")
    assert early.status_code in (200, 503)
    served.wait()
    page = served.reader.get(f"/site/{PAGE}")
    assert page.status_code == 200
    assert "/live/live.js" in page.text
    assert served.reader.get("/live/live.js").status_code == 200
    assert served.reader.get("/site/assets/site.css").status_code == 200
    assert served.reader.get("/site/").url == f"{BASE}/site/index.html"


def test_a_saved_change_is_on_its_page_before_the_whole_is_built(served: Served) -> None:
    served.wait()
    before = served.state()
    built = (served.site.output / "site" / PAGE).read_text("utf-8")
    served.reword("A limit that was edited")
    at_once = served.reader.get(f"/site/{PAGE}").text
    assert "that was edited" in at_once
    assert (served.site.output / "site" / PAGE).read_text("utf-8") == built
    assert served.state()["mark"] != before["mark"]
    assert served.state()["alone"] or not served.site.is_building
    served.wait()
    while served.state()["alone"]:
        time.sleep(0.2)
    assert "that was edited" in (served.site.output / "site" / PAGE).read_text("utf-8")
    assert "that was edited" in served.reader.get(f"/site/{PAGE}").text


def test_a_page_made_by_itself_is_the_page_of_the_whole_build(served: Served) -> None:
    served.wait()
    served.reword("A limit by itself")
    alone = served.site.page(PAGE)
    assert alone is not None
    assert alone.is_alone
    served.wait()
    whole = served.site.page(PAGE)
    while whole is not None and whole.is_alone:
        time.sleep(0.2)
        whole = served.site.page(PAGE)
    assert whole is not None
    assert whole.html == alone.html


def test_a_page_leads_to_the_form_of_what_it_is_about(served: Served) -> None:
    served.wait()
    iri = served.desk.looked.guideline.entities["THR-low"].iri  # type: ignore[union-attr]
    address = str(served.state()["edit"])
    assert address.startswith("/thing?iri=")
    form = served.reader.get(address)
    assert form.status_code == 200
    assert iri in form.text
    assert served.state("search.html")["edit"] == "/"


def test_errors_leave_the_last_sound_state_and_are_told(served: Served) -> None:
    served.wait()
    file = served.folder / "broken.ttl"
    file.write_text("this is no Turtle", "utf-8")
    try:
        page = served.site.page(PAGE)
        assert page is not None
        assert "state before" in page.fault
        assert "state before" in str(served.state()["fault"])
        assert "state before" not in page.html
    finally:
        file.unlink()


@pytest.mark.parametrize(
    "path", ["../build/manifest.json", "%2e%2e/mkdocs.yml", "a/../../mkdocs.yml", ".hidden", "x\\y"]
)
def test_nothing_outside_of_the_site_can_be_read(served: Served, path: str) -> None:
    served.wait()
    assert served.reader.get(f"/site/{path}").status_code in (400, 404)
    assert served.site.file(path) is None


def test_only_who_has_the_key_can_read(served: Served) -> None:
    stranger = TestClient(served.app, base_url=BASE, client=("127.0.0.1", 50001))
    for path in (f"/site/{PAGE}", "/site-state", "/live/live.js"):
        assert stranger.get(path).status_code == 403
    foreign = served.reader.get(f"/site/{PAGE}", headers={"host": "attack.example"})
    assert foreign.status_code == 403


def test_pages_state_their_policy_and_may_ask_this_server_only(served: Served) -> None:
    served.wait()
    page = served.reader.get(f"/site/{PAGE}")
    assert "default-src 'none'; connect-src 'self'; " in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"


def test_the_command_tells_its_address_and_begins_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guidegraph.cli import serve

    new(tmp_path / "example-marker")
    begun: list[Path] = []
    monkeypatch.setattr(
        serving, "build_apart", lambda folder, output, *_, **__: begun.append(output)
    )
    monkeypatch.setattr(serve, "run", lambda app, listening: listening.close())
    folder, output = str(tmp_path / "example-marker"), tmp_path / "build"
    asked = ["serve", folder, "--port", "0", "--no-browser", "-o", str(output)]
    found = CliRunner().invoke(cli, asked)
    assert found.exit_code == 0, found.output
    assert "http://127.0.0.1:" in found.stdout
    assert "?token=" in found.stdout
    time.sleep(0.2)
    assert begun == [output]
    inside = [*asked[:-1], str(tmp_path / "example-marker" / "site")]
    refused = CliRunner().invoke(cli, inside)
    assert refused.exit_code == 2
    assert "lies in the guideline folder" in refused.stderr
