"""Virtuoso, a triplestore of its own right, started in a folder of the test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CaseMode = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


def program() -> str | None:
    """The server, if it is on this machine."""
    return shutil.which("virtuoso-t")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Where it answers: ``http://127.0.0.1:PORT``. Its login is that of a new database."""
    http = free_port()
    text = INI.format(folder=folder, sql=free_port(), http=http)
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    command = [str(program()), "+foreground", "+configfile", "virtuoso.ini"]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=silent, stderr=silent)
    try:
        _wait(process, http)
        yield f"http://127.0.0.1:{http}"
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, "Virtuoso ended while it started"
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("Virtuoso does not listen")
