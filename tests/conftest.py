"""What the tests share: accepting rewritten goldens, and the shipped guideline, loaded once."""

from __future__ import annotations

import gc
import socket
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
GUIDELINE = REPOSITORY / "guideline" / "covid19-coagulopathy"
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
    from guidegraph.pipeline import load

    return load(GUIDELINE)


@pytest.fixture
def loaded_once(shipped, monkeypatch):
    """Commands run in this process get the shipped guideline as it was loaded before."""
    from guidegraph import pipeline

    load = pipeline.load

    def known(folder, *arguments, **options):
        lists = options.get("retractions") or arguments[1:]
        same = Path(folder).resolve() == GUIDELINE
        return shipped if same and not lists else load(folder, *arguments, **options)

    monkeypatch.setattr(pipeline, "load", known)


@pytest.fixture(scope="session")
def guideline(shipped):
    """The shipped guideline, typed."""
    assert shipped.guideline is not None, shipped.findings
    return shipped.guideline


@pytest.fixture(scope="session")
def asked():
    """The graph of the shipped guideline, ready for queries."""
    from guidegraph.query import load

    return load(GUIDELINE)


@pytest.fixture(scope="session")
def program(guideline):
    """The shipped guideline, lowered with its default readings."""
    from guidegraph.lower import lower

    return lower(guideline)
