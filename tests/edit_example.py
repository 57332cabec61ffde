"""A folder that is edited in tests: a desk that checks nothing, and calls as pages make them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph
from rdflib import Graph

from guidegraph.edit.app import application
from guidegraph.edit.desk import Desk
from guidegraph.edit.live import Looked
from guidegraph.read import Sources
from guidegraph.read.folder import turtle_files
from guidegraph.read.memory import in_memory
from guidegraph.read.ontology import Terms, ontology
from guidegraph.scaffold import new
from guidegraph.terms import expand
from saving_example import D as COUNTER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NAME = "example-marker"
D = f"https://example.org/guideline/{NAME}/"
TOKEN = "a-key-of-the-tests"
ORIGIN = "http://127.0.0.1:8765"
HEADER = f"""@prefix gg: <{expand("gg:x")[:-1]}> .
@prefix vann: <{expand("vann:x")[:-1]}> .
<{COUNTER}guideline> a gg:Guideline ; vann:preferredNamespaceUri "{COUNTER}" .
"""


class Plain:
    """Reads the statements of a folder and finds nothing wrong with them."""

    def __init__(self, folder: Path, terms: Graph | None = None) -> None:
        self.folder = folder
        self.terms = ontology() if terms is None else terms

    def look(self, texts: Mapping[str, str] = {}) -> Looked:
        found = {
            path.relative_to(self.folder).as_posix(): path.read_bytes().decode()
            for path in turtle_files(self.folder)[0]
        }
        graph = in_memory(())
        for number, text in enumerate((found | dict(texts)).values()):
            term = Terms(f"w{number:03}")
            for triple in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE):
                graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
        sources = Sources(
            root=self.folder, files=(), graph=graph, ontology=self.terms, places={}, subjects={}
        )
        return Looked(sources, None, ())

    def plan(self, looked: Looked) -> None:
        return None


class Clock:
    """A minute later each time it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def make(place: Path) -> Path:
    """The small guideline in a folder of its own."""
    folder = place / NAME
    new(folder)
    return folder


def desk(folder: Path, live: Any = None) -> Desk:
    """A desk that is quick because it checks nothing."""
    return Desk(folder, Clock(), live or Plain(folder))


class Browser:
    """Somebody with the key, who makes calls as the pages make them."""

    def __init__(self, at: Desk) -> None:
        self.desk = at
        app = application(at, TOKEN, [])
        self.client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        assert self.client.get(f"/?token={TOKEN}").status_code == 303

    def post(self, call: str, **body: Any) -> tuple[int, dict[str, Any]]:
        """The status and the answer of a call."""
        sent = {"revision": self.desk.revision, **body}
        headers = {"Origin": ORIGIN, "X-Guidegraph-Token": TOKEN}
        answer = self.client.post(f"/api/{call}", json=sent, headers=headers)
        return answer.status_code, answer.json()

    def does(self, call: str, **body: Any) -> dict[str, Any]:
        """The answer of a call that is not refused."""
        status, told = self.post(call, **body)
        assert status == 200, told
        return told

    def refused(self, call: str, **body: Any) -> tuple[int, list[str]]:
        """The status and the codes of a call that is refused."""
        status, told = self.post(call, **body)
        assert status != 200, told
        return status, [each["code"] for each in told["findings"]]


def texts(folder: Path) -> dict[str, bytes]:
    """All files of a folder that are not hidden."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(each.startswith(".") for each in path.relative_to(folder).parts)
    }
