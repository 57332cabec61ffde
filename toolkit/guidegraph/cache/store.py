"""Entries on disk: one JSON file for each stage, with the key it was made for and its own hash."""

from __future__ import annotations

import json
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
            file.unlink()

    def get(self, stage: str, key: str) -> object | None:
        """What a stage made of what this key stands for; None if that is not known."""
        try:
            told = json.loads(self._file(stage).read_text("utf-8"))
            if told["key"] == key and told["sha256"] == _hash(key, told["value"]):
                return told["value"]  # type: ignore[no-any-return]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return None

    def put(self, stage: str, key: str, value: object) -> None:
        """Keep what a stage has made, in place of what it made before."""
        told = {"key": key, "sha256": _hash(key, value), "value": value}
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(stage)
        draft = file.with_suffix(".new")
        draft.write_text(_text(told) + "\n", "utf-8")
        draft.replace(file)

    def drop(self, stage: str) -> None:
        """Forget what a stage has made."""
        self._file(stage).unlink(missing_ok=True)

    def _file(self, stage: str) -> Path:
        return self.folder / f"{stage}.json"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _hash(key: str, value: object) -> str:
    return digest(key, _text(value))
