"""What an earlier build has read and made is the same as if it were read and made anew."""

from __future__ import annotations

import json
import os
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


def _in_the_way(what: str, place: Path) -> None:
    if what == "a file for the folder":
        place.write_text("mine")
        return
    place.mkdir()
    entry = place / "stage.json"
    if what == "a folder":
        (entry / "mine").mkdir(parents=True)
    elif what == "a pipe":
        os.mkfifo(entry)
    else:
        (place.parent / "mine").write_text("mine")
        entry.symlink_to(place.parent / "mine")


@pytest.mark.parametrize("what", ["a file for the folder", "a folder", "a pipe", "a link"])
def test_what_stands_in_the_way_of_an_entry_stops_nobody(what: str, tmp_path: Path) -> None:
    if what == "a pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    cache = Cache(tmp_path / "cache")
    _in_the_way(what, cache.folder)
    assert cache.get("stage", "key") is None
    cache.put("stage", "key", "value")
    assert cache.get("stage", "key") == ("value" if what in ("a pipe", "a link") else None)
    cache.empty()
    assert cache.get("stage", "key") is None
    mine = tmp_path / "mine"
    assert not mine.exists() or mine.read_text() == "mine"


def test_a_draft_follows_no_link_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in ("stage.new", f"stage.{os.getpid()}.new"):
        (folder / name).symlink_to(tmp_path / "mine")
    Cache(folder).put("stage", "key", "value")
    assert Cache(folder).get("stage", "key") == "value"
    assert (tmp_path / "mine").read_text() == "mine"
    assert {each.name for each in folder.iterdir()} == {"stage.json", "stage.new"}
