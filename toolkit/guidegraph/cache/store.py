"""Entries on disk: one JSON file for each stage, with the key it was made for and its own hash."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guidegraph.cache.toolkit import digest


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of entries. It may be deleted at any time; nothing but time is lost."""

    folder: Path

    def empty(self) -> None:
        """Forget everything."""
        for file in self.folder.glob("*.json"):
            self.drop(file.stem)

    def get(self, stage: str, key: str) -> object | None:
        """What a stage made of what this key stands for; None if that is not known."""
        file = self._file(stage)
        try:
            if not file.is_file():  # a pipe would have no end
                return None
            told = json.loads(file.read_text("utf-8"))
            if told["key"] == key and told["sha256"] == _hash(key, told["value"]):
                return told["value"]  # type: ignore[no-any-return]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return None

    def put(self, stage: str, key: str, value: object) -> None:
        """Keep what a stage has made, in place of what it made before.

        Where that cannot be written nothing is kept, and the next build makes it anew. Another
        build may write to the same folder: each has a draft of its own, and follows no link.
        """
        told = {"key": key, "sha256": _hash(key, value), "value": value}
        draft = self.folder / f"{stage}.{os.getpid()}.new"
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            with draft.open("x", encoding="utf-8") as file:
                file.write(_text(told) + "\n")
            draft.replace(self._file(stage))
            return
        with suppress(OSError):
            draft.unlink(missing_ok=True)

    def drop(self, stage: str) -> None:
        """Forget what a stage has made, if it is a file."""
        with suppress(OSError):
            self._file(stage).unlink(missing_ok=True)

    def _file(self, stage: str) -> Path:
        return self.folder / f"{stage}.json"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _hash(key: str, value: object) -> str:
    return digest(key, _text(value))
