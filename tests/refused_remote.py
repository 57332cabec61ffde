"""Another machine that does not answer as it must, and what is told then."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.query import graph
from guidegraph.remote import Exchange, Terms
from guidegraph.remote.credentials import login_for
from remote_example import LOGIN, Fault, Triplestore, triplestore


def told(example: Path, folder: Path, monkeypatch) -> tuple[str, int]:
    """What a person is told in the situation that a file describes, and the exit code.

    Its first word says what is done; then come kinds of requests, each with what the server does
    wrong with it, or else the address that is used.
    """
    words = example.read_text(encoding="utf-8").split()
    monkeypatch.setattr(graph, "ontology_texts", lambda: ())
    monkeypatch.setenv("HOME", str(folder.parent))

    def login(host: str):
        return None if words[0] == "query" else login_for(host, LOGIN)

    terms = Terms(seconds=1, megabytes=1, pause=lambda _: None)
    monkeypatch.setattr("guidegraph.cli.remote.exchange", lambda _: Exchange(terms, login))
    monkeypatch.setattr("secrets.token_hex", lambda size: "0123456789abcdef")
    if words[0] == "protected":
        monkeypatch.setattr("guidegraph.remote.places.LOOPBACK", frozenset())
    with triplestore() as there:
        result = CliRunner().invoke(cli, command(words, folder, there))
        port = str(there.port)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.stderr.replace(port, "3030").replace(DEAD, "3031"), result.exit_code


def _dead() -> str:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return str(line.getsockname()[1])


DEAD = _dead()


def command(words: list[str], folder: Path, there: Triplestore) -> list[str]:
    name, *rest = words
    faults = [Fault(*each) for each in zip(rest[::2], rest[1::2], strict=False)]
    if name == "query":
        if len(rest) > 1:
            there.faults, rest = faults, [f"{there.at}/query"]
        return [*ASKED, rest[0].replace("DEAD", DEAD)]
    if name == "protected":
        there.protected = rest[0] + ' realm="graphs"'
        return [*ASKED, f"{there.at}/query"]
    if name == "unnamed":
        header = folder / "guideline.ttl"
        lines = header.read_text(encoding="utf-8").splitlines(keepends=True)
        header.write_text("".join(each for each in lines if "versionInfo" not in each))
        return [*ASKED, f"{there.at}/query", "--published", folder.name]
    if name == "publish-to":
        return ["publish", folder.name, "--to", rest[0]]
    there.faults = faults
    there.store.update(f"INSERT DATA {{ GRAPH <{VERSION}> {{ <urn:x:old> <urn:x:is> 1 }} }}")
    more = ["--accept-altered"] if name == "accept" else []
    return ["publish", folder.name, "--to", f"{there.at}/store", *more]


ASKED = ["query", "SELECT ?s { ?s ?p ?o }", "--endpoint"]
VERSION = "https://example.org/guideline/example-marker/guideline/0.1.0"
