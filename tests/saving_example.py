"""A guideline folder of three files that a counter runs through, and steps of saving that fail."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import XSD_INTEGER, Literal
from guidegraph.workspace.workspace import Draft, Workspace

D = "https://example.org/d/"
FILES = ("a.ttl", "b.ttl", "more/c.ttl")
OTHER = "@prefix d: <https://example.org/d/> .\n\nd:other a d:Other .\n"

STEPS: tuple[tuple[object, str], ...] = (
    (os, "write"),
    (os, "fsync"),
    (os, "open"),
    (os, "ftruncate"),
    (Path, "replace"),
    (Path, "unlink"),
    (Path, "mkdir"),
    (Path, "write_bytes"),
    (Path, "chmod"),
)
"""All by which saving changes something on the disk."""


def text(file: str, number: int) -> str:
    """One file when the counter stands at a number."""
    name = file.replace("more/", "")[0]
    return f"@prefix d: <{D}> .\n\n# the counter\nd:{name} a d:Counter ;\n  d:is {number} .\n"


def make(folder: Path, number: int = 0) -> Path:
    """The folder when the counter stands at a number."""
    for each in FILES:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(text(each, number), encoding="utf-8", newline="")
    (folder / "other.ttl").write_text(OTHER, encoding="utf-8", newline="")
    return folder


def put(number: int, names: Iterable[str] = "abc") -> tuple[Put, ...]:
    """The changes after which the counter stands at a number."""
    return tuple(Put(D + each, D + "is", (Literal(str(number), XSD_INTEGER),)) for each in names)


def draft(folder: Path, number: int) -> Draft:
    """The same as a draft."""
    return Workspace.open(folder).draft(put(number))


def read(folder: Path) -> list[str]:
    """The three files as they are."""
    return [(folder / each).read_bytes().decode() for each in FILES]


def at(number: int) -> list[str]:
    """The three files when the counter stands at a number."""
    return [text(each, number) for each in FILES]


def hidden(folder: Path) -> list[str]:
    """What saving left behind, but for the lock (which is empty) and what git is told."""
    found = [each for each in folder.rglob(".*") if each.name not in (".guidegraph", ".gitignore")]
    home = folder / ".guidegraph"
    if home.exists():
        found += [each for each in home.iterdir() if each.name not in ("lock", ".gitignore")]
        found += [each for each in [home / "lock"] if each.exists() and each.read_bytes()]
    return sorted(each.name for each in found)


def at_call(number: int, function: Callable[..., object], act: Callable[[], object]):
    """The function, but at its n-th call something happens first."""
    calls = 0

    def counted(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number:
            act()
        return function(*arguments, **options)

    return counted


def full() -> None:
    """There is no room on the disk."""
    raise OSError(errno.ENOSPC, "No space left on device")
