"""The editor of the small guideline: asked in this process, or by somebody in a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lxml import html
from starlette.testclient import TestClient

from guidegraph.edit.app import application
from guidegraph.edit.desk import Desk
from guidegraph.edit.pages.routes import ROUTES
from guidegraph.scaffold import new
from guidegraph.terms import expand

KEY = "the-key-of-this-test"
SPACE = "https://example.org/guideline/example-marker/"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "\"'><script>alert(2)</script>",
    "</textarea></title><svg onload=alert(3)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(4)//`",
)


class Bench:
    """A small guideline, opened in the editor."""

    def __init__(self, folder: Path, *more: str) -> None:
        new(folder)
        for number, text in enumerate(more):
            (folder / f"more-{number}.ttl").write_text(text, "utf-8")
        self._open(folder)

    @classmethod
    def again(cls, folder: Path) -> Bench:
        """The same folder, opened once more."""
        made = cls.__new__(cls)
        made._open(folder)
        return made

    def _open(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder, lambda: NOW)
        self.app = application(self.desk, KEY, ROUTES)
        self.client = TestClient(self.app, base_url="http://127.0.0.1:8000")
        self.client.get(f"/?token={KEY}")

    def get(self, address: str, status: int = 200) -> str:
        """The page at an address."""
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[-2000:]
        return answer.text

    def seen(self, address: str) -> Any:
        """The same, ready to be asked."""
        return html.document_fromstring(self.get(address))

    def post(self, call: str, status: int = 200, **body: Any) -> dict[str, Any]:
        """What a script of a page asks for."""
        answer = self.client.post(
            f"/api/{call}",
            json={"revision": self.desk.revision, **body},
            headers={"X-Guidegraph-Token": KEY, "Origin": "http://127.0.0.1:8000"},
        )
        assert answer.status_code == status, answer.text[:2000]
        told = answer.json()
        assert isinstance(told, dict)
        return told


def thing(name: str, page: str = "/thing", **more: str) -> str:
    """The address of a page about a thing of the small guideline."""
    rest = "".join(f"&{key}={quote(value, safe='')}" for key, value in more.items())
    return f"{page}?iri={quote(SPACE + name, safe='')}{rest}"


def of_class(name: str) -> str:
    """The address of the form for a new thing of a class."""
    return f"/new?class={quote(expand(name), safe='')}"


PAGES = (
    "/",
    "/?all=1",
    "/things",
    "/things?q=marker",
    f"/things?class={quote(expand('gg:Threshold'), safe='')}",
    thing("REC-2"),
    thing("THR-low"),
    thing("THR-high"),
    thing("PATH-marker"),
    thing("N-level"),
    thing("PATH-marker", "/pathway", view="table"),
    thing("PATH-marker", "/pathway", view="tree"),
    thing("PATH-marker", "/pathway", view="flowchart"),
    "/new",
    of_class("gg:Recommendation"),
    of_class("gg:CarePathway"),
    of_class("gg:TimeWindow"),
    "/changes",
    "/merge",
    "/help",
    "/help?code=L301",
    "/help?code=ZZZ",
)


class Open(Bench):
    """The small guideline in an editor that listens."""

    def __init__(self, folder: Path, *more: str) -> None:
        super().__init__(folder, *more)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        import uvicorn

        config = uvicorn.Config(self.app, "127.0.0.1", self.port, log_level="error", lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.02)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def end(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.desk.close()


class Person:
    """Somebody at the editor; no page may complain, or ask anybody else."""

    def __init__(self, browser: Any, bench: Open, **options: Any) -> None:
        options = {
            "viewport": {"width": 1360, "height": 900},
            "reduced_motion": "reduce",
            **options,
        }
        self.bench = bench
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.expected = 0
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("dialog", self._asked)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(f"{bench.root}/?token={KEY}")

    def _heard(self, message: Any) -> None:
        # A refused value is an answer with a status of its own, which browsers write down.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, dialog: Any) -> None:
        if (
            dialog.type != "beforeunload"
        ):  # that is our own question, where something is not recorded
            self.complaints.append(dialog.message)
        dialog.accept()

    def open(self, address: str) -> Any:
        self.page.goto(self.bench.root + address)
        return self.page

    def unsaved(self, count: int) -> None:
        """Wait until so many changes are unsaved."""
        self.page.wait_for_selector(f'#unsaved[data-count="{count}"]')

    def tab_to(self, label: str) -> Any:
        """Go on with Tab until the control of this name has the focus."""
        for _ in range(400):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and label in (self.name() or ""):
                return focused
        raise AssertionError(f"Tab never came to {label}")

    def name(self) -> str:
        """What the control that has the focus is called."""
        told: str = self.page.evaluate(
            """() => { const e = document.activeElement;
            const labels = [...(e.labels || [])].map((each) => each.textContent).join(' ');
            const own = e.getAttribute('aria-label') || labels;
            const group = e.closest('[role=group]')?.getAttribute('aria-label') || '';
            return (group + ' ' + (own || e.textContent)).trim(); }"""
        )
        return told

    def typed(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


def faults(person: Person, script: str) -> list[tuple[str, int, str]]:
    """What axe finds on a page with everything unfolded: the rule, how often, the first place."""
    person.page.wait_for_load_state("networkidle")
    person.page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    person.page.evaluate(script)
    found = person.page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
    return [
        (each["id"], len(each["nodes"]), each["nodes"][0]["html"][:300])
        for each in found["violations"]
    ]
