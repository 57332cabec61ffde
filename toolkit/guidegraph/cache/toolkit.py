"""Digests: of texts, and of this toolkit with all that it calls."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from guidegraph import resources

CALLED = (
    *("jinja2", "markdown", "markupsafe", "mkdocs", "networkx", "pygraphviz", "pyoxigraph"),
    *("pyshacl", "pyyaml", "rdflib", "scipy", "z3-solver"),
)
"""The packages on which what is generated may depend."""


def digest(*texts: str | bytes) -> str:
    """One SHA-256 of several texts; where one ends and the next begins makes a difference."""
    whole = hashlib.sha256()
    for each in texts:
        data = each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass")
        whole.update(f"{len(data)}:".encode())
        whole.update(data)
    return whole.hexdigest()


@cache
def toolkit() -> str:
    """The digest of every file of this package and its ontology, and of the versions it uses.

    A change of a template, a style sheet or a line of code is another toolkit.
    """
    folders = dict.fromkeys((resources.PACKAGE, resources.ontology_folder()))
    files = (part for folder in folders for file in _files(folder) for part in file)
    versions = (f"{name} {_version(name)}" for name in CALLED)
    return digest(sys.version, *versions, *files)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"
