"""Engines that run in Node: how they are found, installed and spoken to.

A runner is a module in ``runners/``. It reads one JSON value per line and answers each with one
line: an object is what it needs to start (answered with ``{"ready": true}``), a list is patients
(answered with a list of statuses). ``{"error": "..."}`` says that it could not. A process that is
done with a program waits for the next one, because loading an engine takes longer than most
programs do.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from guidegraph.agree.base import RunError, Statuses, WirePatient
from guidegraph.resources import ENGINES, engines_folder

RUNNERS = Path(__file__).parent / "runners"
PACKAGES = RUNNERS / "package.json"
HOW = "run `guidegraph agree --install-engines` (needs npm and the network, once)"


def missing(*packages: str) -> str | None:
    """What of Node and these npm packages is not there; None if all is."""
    if shutil.which("node") is None:
        return "Node.js is not installed (nodejs.org)"
    absent = [each for each in packages if not (engines_folder() / "node_modules" / each).is_dir()]
    return f"{', '.join(absent)} not installed: {HOW}" if absent else None


def install() -> None:
    """Install every engine with npm, in the versions of ``runners/package.json``.

    Raises:
        RunError: if npm is not there or fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise RunError("npm is not installed (it comes with Node.js, nodejs.org)")
    folder = engines_folder()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PACKAGES, folder / PACKAGES.name)
    command = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        str(folder),
    ]
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RunError(f"npm install failed:\n{done.stderr.strip()}")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of Node, and the file of what it says beside its answers."""

    running: subprocess.Popen[str]
    said: IO[str]

    def stop(self) -> str:
        """Stop it, if it still runs; its last words, or how it ended."""
        self.running.kill()
        self.running.communicate()
        self.said.seek(0)
        return self.said.read().strip()[-2000:] or f"exit code {self.running.returncode}"


@dataclass(slots=True)
class NodeRunner:
    """A runner that is waiting for patients."""

    name: str
    process: Process

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        answer = self.ask(list(patients))
        if not isinstance(answer, list) or len(answer) != len(patients):
            raise RunError(f"{self.name} answered {str(answer)[:200]}")
        return answer

    def ask(self, question: Any) -> Any:
        """Send one value and read one."""
        running = self.process.running
        if running.stdin is None or running.stdout is None:
            raise RunError(f"{self.name} has no input or output")
        try:
            running.stdin.write(json.dumps(question) + "\n")
            running.stdin.flush()
            line = running.stdout.readline()
            answer = json.loads(line)
        except (BrokenPipeError, ValueError):
            raise RunError(f"{self.name} stopped: {self.process.stop()}") from None
        if isinstance(answer, dict) and "error" in answer:
            raise RunError(f"{self.name}: {answer['error']}")
        return answer


_WAITING: defaultdict[tuple[int, str, str], list[Process]] = defaultdict(list)
"""Processes without a program: by the process that started them, their script and their engines."""


@contextmanager
def node(name: str, script: str, start: dict[str, Any]) -> Iterator[NodeRunner]:
    """A process of ``runners/<script>`` that was told ``start``; then it waits for another program.

    One that failed is stopped. Those that wait end with the program that started them.

    Raises:
        RunError: if it cannot start.
    """
    waiting = _WAITING[os.getpid(), script, str(engines_folder())]
    process = waiting.pop() if waiting else _started(script)
    runner = NodeRunner(name, process)
    try:
        runner.ask(start)
        yield runner
    except BaseException:
        process.stop()
        raise
    if process.running.poll() is None:
        waiting.append(process)


def _started(script: str) -> Process:
    command = [shutil.which("node") or "node", "--max-old-space-size=4096", str(RUNNERS / script)]
    said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
    running = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        encoding="utf-8",
        env={**os.environ, ENGINES: str(engines_folder())},
    )
    return Process(running, said)
