"""Engines that run in Node: how they are found, installed and spoken to.

A runner is a module in ``runners/``. It reads one JSON value per line and answers each with one
line: the first is what it needs to start (answered with ``{"ready": true}``), every other a list of
patients (answered with a list of statuses). ``{"error": "..."}`` says that it could not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(slots=True)
class NodeRunner:
    """A runner that is waiting for patients."""

    name: str
    process: subprocess.Popen[str]

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        answer = self.ask(list(patients))
        if not isinstance(answer, list) or len(answer) != len(patients):
            raise RunError(f"{self.name} answered {str(answer)[:200]}")
        return answer

    def ask(self, question: Any) -> Any:
        """Send one value and read one."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RunError(f"{self.name} has no input or output")
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            answer = json.loads(line)
        except (BrokenPipeError, ValueError):
            raise RunError(f"{self.name} stopped: {self._last_words()}") from None
        if isinstance(answer, dict) and "error" in answer:
            raise RunError(f"{self.name}: {answer['error']}")
        return answer

    def _last_words(self) -> str:
        self.process.kill()
        told = self.process.stderr.read() if self.process.stderr else ""
        return told.strip()[-2000:] or f"exit code {self.process.wait()}"


@contextmanager
def node(name: str, script: str, start: Any) -> Iterator[NodeRunner]:
    """Start ``runners/<script>`` and tell it ``start``; it ends with the block.

    Raises:
        RunError: if it cannot start.
    """
    command = [shutil.which("node") or "node", "--max-old-space-size=4096", str(RUNNERS / script)]
    environment = {**os.environ, ENGINES: str(engines_folder())}
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    runner = NodeRunner(name, process)
    try:
        runner.ask(start)
        yield runner
    finally:
        process.kill()
        process.communicate()
