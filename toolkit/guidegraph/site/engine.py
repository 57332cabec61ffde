"""The query engine for the reader's browser: Oxigraph, compiled to WebAssembly by its makers.

It is not ours and not in the repository. Where npm can reach its registry, building the package
puts it into ``site/engine``; ``guidegraph agree --install-engines`` installs it, too. Only files
with the hashes of ``oxigraph.json`` are ever published. Without them a site is built all the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guidegraph import resources

HERE = Path(__file__).resolve().parent
PINNED = HERE / "oxigraph.json"
MODULE, PROGRAM = "web.js", "web_bg.wasm"
_EXPORTS = re.compile(r"^export (?:\{[^}]*\};?|(?=class|function|async))", re.MULTILINE)
HOW = "guidegraph agree --install-engines"
MISSING = (
    "Queries cannot be run on these pages: no query engine was installed where they were made."
)
"""What the pages say where there is no engine."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine's script as text, its program, and who made it."""

    script: str
    program: bytes
    version: str
    license: str
    home: str


def find() -> Engine | None:
    """The engine that is installed; None where there is none, or not the one that is meant."""
    pinned = json.loads(PINNED.read_text("utf-8"))
    for folder in places():
        found = _contents(folder, pinned["files"])
        if found is not None:
            return Engine(
                script=_classic(found[MODULE].decode()),
                program=found[PROGRAM],
                version=pinned["version"],
                license=pinned["license"],
                home=pinned["home"],
            )
    return None


def places() -> Iterator[Path]:
    """Where the engine may be: in the package, or among the npm packages of other engines."""
    yield HERE / "engine"
    yield resources.engines_folder() / "node_modules" / "oxigraph"


def _contents(folder: Path, hashes: Mapping[str, str]) -> dict[str, bytes] | None:
    """The files that are needed, if all are there as they should be."""
    found = {}
    for name in (MODULE, PROGRAM):
        file = folder / name
        if not file.is_file():
            return None
        found[name] = file.read_bytes()
        if hashlib.sha256(found[name]).hexdigest() != hashes[name]:
            return None
    return found


def _classic(module: str) -> str:
    """The module as a classic script: a worker made of a module does not start from a file system.

    Nothing but its exports is left out; its own address, which it would fetch the program from, is
    never used.
    """
    return _EXPORTS.sub("", module).replace("import.meta.url", "self.location.href")
