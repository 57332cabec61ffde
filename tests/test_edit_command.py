"""``guidegraph edit``: one server for one folder, on this machine; it ends cleanly or is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from edit_example import D, make
from guidegraph.cli.group import cli
from guidegraph.terms import expand
from guidegraph.workspace.workspace import Workspace

posix = pytest.mark.skipif(os.name != "posix", reason="needs signals")
LABEL = expand("rdfs:label")


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path)


class Served:
    """A server as a process of its own, and somebody who has its address."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "guidegraph", "edit", str(folder), "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--format", "json", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        self.address = json.loads(line)["address"]
        found = urlsplit(self.address)
        self.host, self.token = found.netloc, found.query.removeprefix("token=")
        status, headers, _ = self.ask("GET", f"/?{found.query}", {})
        assert status == 303
        self.cookie = headers["set-cookie"].split(";")[0]

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, dict[str, str], str]:
        connection = HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read().decode()
        finally:
            connection.close()

    def page(self, path: str = "/") -> str:
        status, _, text = self.ask("GET", path, {"Cookie": self.cookie})
        assert status == 200, text
        return text

    def post(self, call: str, **body: Any) -> dict[str, Any]:
        sent = json.dumps({"revision": self.revision, **body}).encode()
        headers = {
            "Cookie": self.cookie,
            "Origin": f"http://{self.host}",
            "X-Guidegraph-Token": self.token,
            "Content-Type": "application/json",
        }
        status, _, text = self.ask("POST", f"/api/{call}", headers, sent)
        assert status == 200, text
        return json.loads(text)

    @property
    def revision(self) -> str:
        found = re.search(r'name="guidegraph-revision" content="(\w+)"', self.page("/help"))
        assert found
        return found[1]


@contextmanager
def served(folder: Path, *more: str) -> Iterator[Served]:
    found = Served(folder, *more)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.communicate()


@posix
def test_it_serves_and_ends_cleanly(folder):
    with served(folder) as one:
        assert urlsplit(one.address).hostname == "127.0.0.1"
        assert len(one.token) > 30
        assert "Example marker" in one.page()
        status, headers, _ = one.ask("GET", "/", {})
        assert status == 403
        assert "server" not in headers
        assert one.ask("GET", "/", {"Cookie": one.cookie, "Host": "evil.example"})[0] == 403
        told = one.post("put", subject=D + "REC-1", predicate=LABEL, typed=["Another"])
        assert told["step"]["number"] == 1

        second = [sys.executable, "-m", "guidegraph", "edit", str(folder), "--no-browser"]
        found = subprocess.run(second, capture_output=True, text=True, check=False)
        assert found.returncode == 1
        assert "G106" in found.stderr and one.host in found.stderr
        assert one.token not in found.stderr

        for number in (signal.SIGTERM,):
            one.process.send_signal(number)
            _, errors = one.process.communicate(timeout=20)
            assert (one.process.returncode, errors) == (0, "")
    with served(folder) as one:
        assert one.post("undo")["redo"] == 1
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(timeout=20) == 0


@posix
def test_what_was_answered_is_there_after_a_kill(folder):
    for number in range(3):
        with served(folder) as one:
            told = one.post("put", subject=D + "REC-1", predicate=LABEL, typed=[f"New {number}"])
            assert told["undo"] == number + 1
            one.process.kill()
            one.process.wait()
    with served(folder) as one:
        told = one.post("save", who="Ann", why="Why")
        one.process.kill()
        one.process.wait()
    (label,) = Workspace.open(folder).describe(D + "REC-1")[LABEL]
    assert label.lexical == "New 2"
    with served(folder) as one:
        assert "New 2" in one.page("/things")


@posix
def test_a_port_in_use_is_passed_over(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with served(folder, "--port", str(port)) as one:
            assert int(one.host.rpartition(":")[2]) > port


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_it_listens_nowhere_else(folder, host):
    found = CliRunner().invoke(cli, ["edit", str(folder), "--no-browser", "--host", host])
    assert found.exit_code == 1
    assert "G107" in found.stderr
    assert CliRunner().invoke(cli, ["edit", str(folder), "--host", host]).exit_code == 1


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(folder, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    found = CliRunner().invoke(cli, ["edit", str(folder), "--no-browser"])
    assert found.exit_code == 1
    assert f'{missing} is not installed: pip install "guidegraph[edit]"' in found.stderr


def test_the_browser_is_opened_unless_told_not_to(folder, monkeypatch):
    from guidegraph.cli import edit

    opened: list[str] = []
    monkeypatch.setattr(edit, "show", opened.append)
    monkeypatch.setattr(edit, "run", lambda app, listening: listening.close())
    found = CliRunner().invoke(cli, ["edit", str(folder), "--port", "0"])
    assert found.exit_code == 0, found.output
    assert len(opened) == 1 and opened[0] in found.stdout
    assert CliRunner().invoke(cli, ["edit", str(folder), "--no-browser"]).exit_code == 0
    assert len(opened) == 1


def test_a_folder_that_cannot_be_read_is_told(tmp_path):
    found = CliRunner().invoke(cli, ["edit", str(tmp_path / "nothing"), "--no-browser"])
    assert found.exit_code == 1
    assert "R0" in found.stderr
