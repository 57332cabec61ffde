"""What the tests share: accepting rewritten goldens, and the shipped guideline, loaded once."""

from __future__ import annotations

import gc
import socket
from pathlib import Path

import pytest

import shipped_example
from shipped_example import GUIDELINE, REPOSITORY

SHARED = REPOSITORY.parent / "shared"

gc.set_threshold(200_000, 20, 100)  # as the command line has it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite the expected outputs; review them as a diff"
    )


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing may connect to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        local = self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost")
        assert local, f"a test tried to reach {address}"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture(scope="session")
def shipped():
    """The shipped guideline after read, check and lift."""
    return shipped_example.loaded()


@pytest.fixture
def loaded_once(shipped, monkeypatch):
    """Commands run in this process get the shipped guideline as it was loaded before."""
    from guidegraph import pipeline

    load = pipeline.load

    def known(folder, *arguments, **options):
        more = (*arguments[1:], options.get("retractions"), options.get("overlay"))
        same = Path(folder).resolve() == GUIDELINE
        return shipped if same and not any(more) else load(folder, *arguments, **options)

    monkeypatch.setattr(pipeline, "load", known)


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory):
    """The site of the shipped guideline with its drawings, without proofs, audit and downloads."""
    import site_example
    from guidegraph.export import ExportInput
    from guidegraph.export.flowchart import FlowchartExporter
    from guidegraph.site.build import build_site
    from guidegraph.site.content import SiteContent

    known = shipped_example.guideline()
    sources = shipped_example.loaded().sources
    given = ExportInput(guideline=known, program=shipped_example.program(), sources=sources)
    made = FlowchartExporter().export(given)
    content = SiteContent(
        guideline=known,
        flowcharts={Path(e.path).stem: e.text for e in made if e.path.endswith(".svg")},
        pictures=site_example.pictures(known),
        pages=REPOSITORY / "site",
    )
    return build_site(content, tmp_path_factory.mktemp("shipped-site"))


@pytest.fixture(scope="session")
def guideline():
    """The shipped guideline, typed."""
    return shipped_example.guideline()


@pytest.fixture(scope="session")
def asked():
    """The graph of the shipped guideline, ready for queries."""
    from guidegraph.query import load

    return load(GUIDELINE)


@pytest.fixture(scope="session")
def program():
    """The shipped guideline, lowered with its default readings."""
    return shipped_example.program()
