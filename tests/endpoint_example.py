"""An endpoint over a folder, and somebody who asks it."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from guidegraph.endpoint.app import Endpoint, application
from guidegraph.endpoint.asking import Answers
from guidegraph.query.limits import Limits
from guidegraph.query.sources import Source

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://127.0.0.1:8765"
WIKI = "https://wiki.example.org"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MEMORY = "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d"
ROWS = "SELECT * { ?a ?b ?c }"
SHOULD = "SELECT ?r { ?r gg:modality code:Should }"


class Served:
    """The endpoint of a folder; ``client`` asks it as a program on this machine does."""

    def __init__(self, folder: Path, store: Path | None = None, **limits: int) -> None:
        self.folder = folder
        self.answers = Answers(Source(folder, store), Limits(**limits))
        endpoint = Endpoint(self.answers, folder.name, frozenset({WIKI}))
        self.app = application(endpoint)
        self.client = TestClient(self.app, base_url=BASE, client=("127.0.0.1", 50000))

    def get(self, query: str, accept: str = "*/*", **more: str):
        """The answer to a query that stands in the address."""
        params = {"query": query, **more}
        return self.client.get("/sparql", params=params, headers={"Accept": accept})

    def reword(self, words: str) -> None:
        """Another program gives a limit another label."""
        file = self.folder / "thresholds.ttl"
        text = file.read_text("utf-8")
        begins = text.index('rdfs:label "', text.index("d:THR-low a ")) + len('rdfs:label "')
        file.write_text(text[:begins] + words + text[text.index('"', begins) :], "utf-8")

    def close(self) -> None:
        self.answers.close()
