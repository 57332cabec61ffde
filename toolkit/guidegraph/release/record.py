"""``release.json``: what a release consists of, file by file, and how it came to be."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guidegraph.errors import ReadError
from guidegraph.release.faults import fault
from guidegraph.release.versions import Version, version

RECORD = "release.json"
DIGEST = "release.json.sha256"
FORMAT = "guidegraph-release/1"
"""The form of ``release.json``; another one gets another number."""

LARGEST = 64 * 1024 * 1024
"""Bytes of ``release.json`` at most."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release: its path below it, its size in bytes and its hash."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What ``release.json`` says. ``sha256`` is its own hash, ``files`` are all other files."""

    guideline: str
    name: str
    version: Version
    version_iri: str
    issued: str
    files: tuple[File, ...]
    sha256: str

    @property
    def title(self) -> str:
        """What the release is called: ``example-marker 0.1.0``."""
        return f"{self.name} {self.version}"

    @property
    def by_path(self) -> Mapping[str, File]:
        """Its files by their paths."""
        return {each.path: each for each in self.files}


def sha256(content: bytes) -> str:
    """The hash of a file, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def listed(content: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Files as ``release.json`` lists them, in the order of their paths."""
    return [
        {"path": path, "bytes": len(content[path]), "sha256": sha256(content[path])}
        for path in sorted(content)
    ]


def written(told: Mapping[str, Any]) -> bytes:
    """``release.json`` as it is stored."""
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def digest_line(record: bytes) -> bytes:
    """What stands in ``release.json.sha256``: a line that ``sha256sum --check`` understands."""
    return f"{sha256(record)}  {RECORD}\n".encode()


def read_record(content: bytes, place: str) -> Record:
    """What a ``release.json`` says; ``place`` is where it was found.

    Raises:
        ReadError: if it is not the record of a release.
    """
    try:
        told = json.loads(content.decode("utf-8"))
        files = (*_files(told["guidelineFiles"]), *_files(told["artefacts"]))
        found = version(str(told["version"]))
        texts = [told[each] for each in ("guideline", "name", "versionIri", "issued")]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise unreadable(place, f"its {RECORD} has another form than the record of one") from None
    paths = {each.path for each in files}
    if told.get("format") != FORMAT or found is None or not all(isinstance(e, str) for e in texts):
        raise unreadable(place, f"its {RECORD} has another form than the record of one")
    if len(paths) < len(files) or not all(map(is_safe, paths)):
        raise unreadable(place, f"its {RECORD} names files that no release can have")
    return Record(
        guideline=texts[0],
        name=texts[1],
        version=found,
        version_iri=texts[2],
        issued=texts[3],
        files=files,
        sha256=sha256(content),
    )


def _files(rows: Iterable[Mapping[str, Any]]) -> Iterable[File]:
    for each in rows:
        file = File(each["path"], each["bytes"], each["sha256"])
        if not (isinstance(file.path, str) and isinstance(file.size, int)):
            raise TypeError
        if not _HASH.fullmatch(file.sha256):
            raise ValueError
        yield file


def is_safe(path: str) -> bool:
    """Whether a path of an archive stays below the folder into which it is unpacked."""
    parts = path.split("/")
    odd = any(sign in path for sign in "\\:\0")
    return not odd and all(part not in ("", ".", "..") for part in parts)


def unreadable(place: str, why: str) -> ReadError:
    """Why something cannot be read as a release."""
    return ReadError(
        [
            fault(
                "B111",
                f"`{place}` is not a release of a guideline: {why}.",
                "What a release consists of stands in its release.json; a damaged or unsafe "
                "archive is not unpacked.",
                "Fetch it again from where it was published, or name the folder or .zip that "
                "`guidegraph release VERSION` has written.",
            )
        ]
    )
