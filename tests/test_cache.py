"""What an earlier build has read and made is the same as if it were read and made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shipped_example as shipped
from guidegraph.cache import Cache, Files
from guidegraph.read import Sources, read
from guidegraph.read.recovery import recover
from guidegraph.scaffold import new


def said(sources: Sources) -> tuple[object, ...]:
    """All that was read, in one order."""
    return (
        sorted(sources.graph),
        sources.places,
        sources.verbs,
        sources.subjects,
        sources.prefixes,
        sources.repeats,
        sources.findings,
    )


def again(folder: Path, place: Path) -> tuple[Sources, list[str]]:
    """A folder read with the cache, and the files that were read anew."""
    files = Files(Cache(place))
    found = read(folder, recover=files.recover)
    files.keep()
    return found, sorted(files.anew)


def test_files_are_the_same_from_the_cache(tmp_path: Path) -> None:
    plain = read(shipped.GUIDELINE)
    first, anew = again(shipped.GUIDELINE, tmp_path)
    second, none = again(shipped.GUIDELINE, tmp_path)
    assert len(anew) == len(plain.files)
    assert none == []
    assert said(first) == said(second) == said(plain)


def test_only_a_file_that_has_changed_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "example-marker"
    new(folder)
    place = tmp_path / "cache"
    again(folder, place)
    number, file = next(
        (number, each)
        for number, each in enumerate(sorted(folder.rglob("*.ttl")))
        if "a gg:Recommendation" in each.read_text("utf-8")
    )
    file.write_text("# one line more\n" + file.read_text("utf-8"), "utf-8")
    found, anew = again(folder, place)
    assert anew == [f"file-f{number:04}"]
    assert said(found) == said(read(folder))


def test_a_file_with_a_fault_is_read_each_time(tmp_path: Path) -> None:
    folder = tmp_path / "example-marker"
    new(folder)
    (folder / "zzz.ttl").write_text("@prefix gg: <https://w3id.org/guidegraph/ns#> .\ngg:a gg:b\n")
    for _ in range(2):
        found, anew = again(folder, tmp_path / "cache")
        assert next(each.at.file for each in found.findings if each.at).endswith("zzz.ttl")
        assert said(found) == said(read(folder))
    assert anew == []


@pytest.mark.parametrize("damage", ["text", "value", "form"])
def test_a_damaged_entry_is_no_entry(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "example-marker"
    new(folder)
    place = tmp_path / "cache"
    again(folder, place)
    for entry in place.glob("file-*.json"):
        told = json.loads(entry.read_text("utf-8"))
        if damage == "text":
            entry.write_text(entry.read_text("utf-8")[:-9], "utf-8")
        elif damage == "value":
            told["value"][1] = told["value"][1][1:]  # one statement less
            entry.write_text(json.dumps(told), "utf-8")
        else:
            Cache(place).put(entry.stem, told["key"], [["nothing"]])
    found, anew = again(folder, place)
    assert len(anew) == len(found.files)
    assert said(found) == said(read(folder))


def test_a_text_is_not_taken_for_another(tmp_path: Path) -> None:
    files = Files(Cache(tmp_path))
    texts = ("<x:a> <x:b> 1.0 .\n", "<x:a> <x:b> 1.00 .\n", "<x:a> <x:b> [] .\n")
    for _ in range(2):
        for text in texts:
            told = files.recover(text, "a.ttl", "f0000").parsed
            assert told == recover(text, "a.ttl", "f0000").parsed
        files.keep()
