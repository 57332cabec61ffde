"""A question to the endpoint, or to a store, that is refused, and what is told then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from endpoint_example import ROWS, Served
from guidegraph.cli.group import cli
from guidegraph.endpoint import asking
from guidegraph.query import store
from guidegraph.query.keeper import GoneError, Keeper


def told(example: Path, folder: Path, monkeypatch) -> tuple[str, int]:
    """What a person is told in the situation that a file names in one word, and the exit code."""
    word = example.read_text(encoding="utf-8").strip()
    if word in STORES:
        STORES[word](Path("kept"), monkeypatch)
        asked = ["query", "ASK {}", folder.name, "--store", "kept"]
        result = CliRunner().invoke(cli, asked)
        return result.stderr, result.exit_code
    served = Served(folder, rows=20)
    try:
        answer = QUESTIONS[word](served, monkeypatch)
    finally:
        served.close()
    return answer.json()["text"], 1


def _gone(served: Served, monkeypatch):
    def gone(_: Keeper) -> None:
        raise GoneError

    monkeypatch.setattr(Keeper, "wait", gone)
    return served.get("ASK {}")


def _busy(served: Served, monkeypatch):
    monkeypatch.setattr(asking, "WAITING", -asking.AT_ONCE)
    return served.get("ASK {}")


QUESTIONS: dict[str, Callable] = {
    "stranger": lambda served, _: served.client.get(
        "/sparql", headers={"Origin": "https://evil.example"}
    ),
    "twice": lambda served, _: served.client.get("/sparql?query=ASK{}&query=ASK{}"),
    "update": lambda served, _: served.client.post("/sparql", data={"update": "DROP ALL"}),
    "graph": lambda served, _: served.get("ASK {}", **{"default-graph-uri": "urn:x:g"}),
    "form": lambda served, _: served.get("ASK {}", "image/png"),
    "busy": _busy,
    "gone": _gone,
    "rows": lambda served, _: served.get(ROWS),
}


def _foreign(kept: Path, _) -> None:
    kept.mkdir()
    (kept / "thesis.txt").write_text("years of work", encoding="utf-8")


def _damaged(kept: Path, _) -> None:
    CliRunner().invoke(cli, ["query", "ASK {}", "example-marker", "--store", str(kept)])
    largest = max(kept.glob("graph-*/*.sst"), key=lambda each: each.stat().st_size)
    largest.write_bytes(b"\0" + largest.read_bytes()[1:])


def _held(kept: Path, monkeypatch) -> None:
    """Another process builds: it holds the lock as long as the test runs."""
    kept.mkdir()
    lock = (kept / store.LOCK).open("w+b")
    store.hold(lock.fileno(), alone=True)
    monkeypatch.setattr(store, "_kept_open_by_a_test", lock, raising=False)


def _no_place(kept: Path, _) -> None:
    kept.parent.joinpath("file").write_text("", encoding="utf-8")
    kept.symlink_to("file/below")


STORES: dict[str, Callable] = {
    "foreign": _foreign,
    "damaged": _damaged,
    "in-use": _held,
    "no-place": _no_place,
}
