"""Undoing goes on over a save: as a new step, and never where somebody else has been since."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from rdflib import Graph

from edit_example import HEADER, Plain, desk, texts
from guidegraph.edit.desk import Desk
from guidegraph.edit.provenance import FILE as EDITS
from guidegraph.errors import UsageError
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.values import RDF_TYPE, XSD_INTEGER, Iri, Literal, Part
from saving_example import D, make, put

NOTE = D + "note"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make(tmp_path / "counter")
    (made / "guideline.ttl").write_text(HEADER, "utf-8")
    return made


def quick(folder: Path) -> Desk:
    return desk(folder, Plain(folder, Graph()))


@pytest.fixture
def at(folder: Path) -> Iterator[Desk]:
    found = quick(folder)
    yield found
    found.close()


def own(folder: Path) -> dict[str, bytes]:
    """The files but for the one that tells who edited."""
    return {file: text for file, text in texts(folder).items() if file != EDITS}


def drafted(at: Desk) -> dict[str, bytes]:
    """The same as they would be saved."""
    files = {file: each.text.encode() for file, each in at.draft.result.documents.items()}
    return {file: text for file, text in files.items() if file != EDITS}


def save(at: Desk) -> None:
    at.save("A. Secretary", "It was decided.")


CHANGES: dict[str, tuple[Change, ...]] = {
    "a value": put(1, "a"),
    "a value that was not there": (Put(D + "a", NOTE, (Literal("New", language="en"),)),),
    "a value that goes": (Put(D + "a", D + "is", ()),),
    "a part": (Put(D + "a", NOTE, (Part(((D + "x", Literal("1", XSD_INTEGER)),)),)),),
    "several": put(3, "abc"),
    "a new thing": (Create(D + "new", ((RDF_TYPE, (Iri(D + "Counter"),)),)),),
    "a thing that goes": (Remove(D + "other"),),
    "another name": (Rename(D + "other", D + "another"),),
    "one after the other": (
        *put(5, "a"),
        *put(6, "a"),
        Rename(D + "a", D + "z"),
        Put(D + "z", NOTE, (Literal("x"),)),
    ),
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_is_saved_is_taken_back_in_the_draft_and_in_the_files_by_saving(
    at: Desk, folder: Path, changes: tuple[Change, ...]
) -> None:
    before = own(folder)
    at.apply(changes, "Something")
    save(at)
    saved = texts(folder)
    step = at.undo()
    assert (step.is_back, step.what) == (True, "Taken back after it was saved: Something")
    assert texts(folder) == saved
    assert drafted(at) == before
    assert [each.what for each in at.undone] == ["Something"]
    assert at.redo().what == "Something"
    assert (at.steps, at.draft.is_empty) == ((), True)
    at.undo()
    save(at)
    assert own(folder) == before
    assert "Taken back after it was saved" in (folder / EDITS).read_text("utf-8")


def test_first_what_is_not_saved_and_then_what_is_the_last_first(at: Desk, folder: Path) -> None:
    states = [drafted(at)]
    for number in range(1, 5):
        at.apply(put(number, "a"), f"To {number}")
        states.append(drafted(at))
        if number in (1, 3):
            save(at)
    for before in reversed(states[:-1]):
        at.undo()
        assert drafted(at) == before
    with pytest.raises(UsageError, match="nothing to undo"):
        at.undo()
    for after in states[1:]:
        at.redo()
        assert drafted(at) == after
    assert [each.what for each in at.steps] == ["To 4"]
    assert at.undone == ()


def test_redo_goes_on_over_a_save(at: Desk) -> None:
    at.apply(put(1, "a"), "One")
    at.apply(put(2, "a"), "Two")
    save(at)
    one = drafted(at)
    at.undo()
    at.undo()
    save(at)
    assert [each.what for each in at.undone] == ["One", "Two"]
    at.redo()
    at.redo()
    two = drafted(at)
    assert two == one
    assert [each.number for each in at.steps] == [1, 2]
    at.undo()
    at.redo()
    assert drafted(at) == two


def test_a_new_step_after_taking_back_goes_on_from_there(at: Desk) -> None:
    for number in (1, 2):
        at.apply(put(number, "a"), f"To {number}")
        save(at)
    at.undo()
    at.apply(put(7, "b"), "Other")
    assert at.undone == ()
    at.undo()
    assert [each.what for each in at.undone] == ["Other"]
    at.redo()
    save(at)
    assert [each.step.what for each in at.history.reachable] == ["To 1", "Other"]
    at.discard()
    at.undo()
    at.undo()
    assert b"d:is 0" in drafted(at)["a.ttl"]


def test_discarding_leaves_what_is_saved_to_be_taken_back(at: Desk) -> None:
    at.apply(put(1, "a"), "One")
    save(at)
    at.undo()
    at.discard()
    assert at.draft.is_empty
    at.undo()
    assert b"d:is 0" in drafted(at)["a.ttl"]


def test_what_others_changed_since_is_not_taken_back(at: Desk, folder: Path) -> None:
    at.apply(put(1, "b"), "Under it")
    at.apply(put(1, "a"), "The first")
    save(at)
    file = folder / "a.ttl"
    file.write_text(file.read_text("utf-8").replace("the counter", "our counter"), "utf-8")
    at.refresh()
    with pytest.raises(UsageError, match="cannot be undone any more") as refused:
        at.undo()
    assert [each.code for each in refused.value.findings] == ["G108"]
    assert at.draft.is_empty
    at.apply(put(2, "a"), "The next")
    save(at)
    at.undo()
    assert b"d:is 1" in drafted(at)["a.ttl"]


def test_others_may_change_other_files(at: Desk, folder: Path) -> None:
    at.apply(put(1, "a"), "The first")
    save(at)
    (folder / "b.ttl").write_text((folder / "b.ttl").read_text("utf-8") + "# more\n", "utf-8")
    at.refresh()
    at.undo()
    assert b"d:is 0" in drafted(at)["a.ttl"]
    assert drafted(at)["b.ttl"].endswith(b"# more\n")


def again(at: Desk) -> Desk:
    """The same after a crash."""
    at.alone.release()
    return quick(at.folder)


def test_after_a_crash_the_draft_is_there_and_ends_at_what_is_saved(at: Desk) -> None:
    at.apply(put(1, "a"), "One")
    save(at)
    at.apply(put(2, "b"), "Two")
    at.undo()
    at.undo()
    before = drafted(at)
    later = again(at)
    assert drafted(later) == before
    assert [each.is_back for each in later.steps] == [False]
    assert later.undone == ()
    later.undo()
    assert b"d:is 1" in drafted(later)["a.ttl"]
    with pytest.raises(UsageError, match="nothing to undo"):
        later.undo()
    later.redo()
    last = again(later)
    assert drafted(last) == before
    last.close()


@pytest.mark.parametrize("seed", range(4))
def test_at_random_every_state_is_that_of_a_plain_history(
    at: Desk, folder: Path, seed: int
) -> None:
    """Undoing and doing again, held to two stacks that know nothing of saving or crashes."""
    random = Random(seed)
    past = [drafted(at)]
    future: list[dict[str, bytes]] = []
    for number in range(1, 30):
        kind = random.choice(("apply", "apply", "undo", "undo", "redo", "save"))
        if kind == "apply":
            at.apply(put(number, random.choice("abc")))
            past, future = [*past, drafted(at)], []
        elif kind == "undo" and len(past) > 1:
            future.append(past.pop())
            at.undo()
        elif kind == "redo" and future:
            past.append(future.pop())
            at.redo()
        elif kind == "save" and not at.draft.is_empty:
            save(at)
            assert own(folder) == past[-1]
        assert drafted(at) == past[-1]
        assert at.history.can_undo == (len(past) > 1)
        if random.random() < 0.2:
            copy = folder.with_name(f"copy-{number}")
            shutil.copytree(folder, copy)
            found = quick(copy)
            assert drafted(found) == past[-1]
            assert found.findings == ()
            found.close()
