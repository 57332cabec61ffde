"""Saving: all files or none, whatever happens; and nobody's work is overwritten."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Thread

import pytest

import saving_example as example
from guidegraph.errors import GuidelineError, UsageError
from guidegraph.turtle.changes import Create, Put, Remove, Rename
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal
from guidegraph.workspace import lock
from guidegraph.workspace.journal import Entry, Journal, begin, journal_of
from guidegraph.workspace.saving import save
from guidegraph.workspace.stale import Stale
from guidegraph.workspace.workspace import Workspace
from guidegraph.workspace.writing import digest
from saving_example import STEPS, D, at, at_call, draft, full, hidden, make, put, read, text

posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and signals")


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path / "own")


def codes(refused: pytest.ExceptionInfo[GuidelineError]) -> list[str]:
    return [each.code for each in refused.value.findings]


def number(value: str) -> Literal:
    return put(int(value))[0].values[0]  # type: ignore[return-value]


# ---- saving ----------------------------------------------------------------------------------


def test_all_files_of_a_draft_are_written(folder):
    saved = save(folder, draft(folder, 1))
    assert saved.files == ("a.ttl", "b.ttl", "more/c.ttl")
    assert read(folder) == at(1)
    assert (folder / "other.ttl").read_text() == example.OTHER
    assert hidden(folder) == []
    assert (folder / ".guidegraph" / ".gitignore").read_text() == "*\n"
    again = save(folder, saved.workspace.draft(put(2)))
    assert read(folder) == at(2)
    assert Workspace.open(folder).documents.keys() == again.workspace.documents.keys()


def test_git_sees_nothing_of_what_saving_needs(folder):
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    save(folder, draft(folder, 1))
    status = ["git", "-C", str(folder), "status", "--porcelain", "--untracked-files=all"]
    told = subprocess.run(status, check=True, capture_output=True, text=True).stdout
    assert told.split("\n")[:-1] == [f"?? {each}" for each in (*example.FILES, "other.ttl")]


def test_an_empty_draft_writes_nothing(folder):
    assert save(folder, draft(folder, 0)).files == ()
    assert not (folder / ".guidegraph").exists()


def test_a_new_file_is_written_as_other_programs_would(folder):
    change = Create(D + "new", ((RDF_TYPE, (Iri(D + "RiskFactor"),)),))
    saved = save(folder, Workspace.open(folder).draft([change]))
    assert list(saved.workspace.documents) == list(Workspace.open(folder).documents)
    (folder / "usual").write_text("")
    modes = {stat.S_IMODE((folder / each).stat().st_mode) for each in ("usual", "risk-factor.ttl")}
    assert len(modes) == 1


def test_mode_and_owner_stay(folder):
    (folder / "a.ttl").chmod(0o640)
    if os.geteuid() == 0:
        os.chown(folder / "a.ttl", 12345, 23456)
    before = (folder / "a.ttl").stat()
    save(folder, draft(folder, 1))
    after = (folder / "a.ttl").stat()
    assert (before.st_mode, before.st_uid, before.st_gid) == (
        after.st_mode,
        after.st_uid,
        after.st_gid,
    )
    assert before.st_ino != after.st_ino


def test_a_link_inside_the_folder_is_written_through(folder):
    """Such a link is not read, but a file may become one after it was read."""
    made = draft(folder, 1)
    (folder / "a.ttl").rename(folder / "real.ttl")
    (folder / "a.ttl").symlink_to("real.ttl")
    with pytest.raises(UsageError) as refused:
        save(folder, made)
    assert codes(refused) == ["R001"]
    begin(folder, Journal("0" * 16, (Entry("a.ttl", digest(text("a.ttl", 0).encode()), "#\n"),)))
    with pytest.raises(UsageError):
        Workspace.open(folder)
    assert (folder / "a.ttl").is_symlink()
    assert (folder / "real.ttl").read_text() == "#\n"
    assert hidden(folder) == []


@pytest.mark.parametrize("way", ["file", "folder", "name"])
def test_nothing_outside_the_folder_is_written(folder, tmp_path, way):
    outside = make(tmp_path / "outside")
    file = "a.ttl"
    if way == "file":
        (folder / file).unlink()
        (folder / file).symlink_to(outside / file)
    elif way == "folder":
        (folder / "linked").symlink_to(outside)
        file = "linked/a.ttl"
    else:
        file = "../outside/a.ttl"
    save(folder if way == "name" else make(tmp_path / "third"), draft(tmp_path / "outside", 0))
    lock.hidden_folder(folder)
    before = digest(text("a.ttl", 0).encode())
    begin(folder, Journal("0" * 16, (Entry(file, before, "#\n"),)))
    with pytest.raises(UsageError) as refused:
        Workspace.open(folder)
    assert codes(refused) == ["W205"]
    assert read(outside) == at(0)


@pytest.mark.parametrize("file", [".git/config", "run.sh", ".hidden.ttl", "linked.ttl"])
def test_a_journal_from_somebody_else_writes_only_what_is_read(folder, file):
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("")
    if file == "linked.ttl":
        (folder / file).symlink_to(".git/config")
    lock.hidden_folder(folder)
    before = digest(b"") if (folder / file).exists() else ""
    begin(folder, Journal("0" * 16, (Entry(file, before, "# mine\n"),)))
    with pytest.raises(UsageError) as refused:
        Workspace.open(folder)
    assert codes(refused) == ["W205"]
    assert (folder / ".git" / "config").read_text() == ""
    assert not (folder / "run.sh").exists()


@pytest.mark.parametrize("name", ["", "lock", ".gitignore"])
def test_what_saving_needs_may_not_be_a_link(folder, tmp_path, name):
    outside = tmp_path / "outside"
    if name:
        outside.write_text("theirs")
        (folder / ".guidegraph").mkdir()
    else:
        outside.mkdir()
    (folder / ".guidegraph" / name).symlink_to(outside)
    with pytest.raises(UsageError) as refused:
        save(folder, draft(folder, 1))
    assert codes(refused) == ["W206"]
    assert outside.read_text() == "theirs" if name else list(outside.iterdir()) == []


# ---- nobody's work is overwritten ----------------------------------------------------------------


def test_what_changed_underneath_is_not_overwritten(folder):
    made = draft(folder, 1)
    theirs = text("b.ttl", 0) + '\nd:b d:note "by hand" .  # mine\n'
    (folder / "b.ttl").write_text(theirs)
    with pytest.raises(Stale) as refused:
        save(folder, made)
    stale = refused.value
    assert codes(refused) == ["W201"]
    assert read(folder) == [text("a.ttl", 0), theirs, text("more/c.ttl", 0)]
    (only,) = stale.files
    assert (only.file, only.base, only.theirs, only.ours, only.line) == (
        "b.ttl",
        text("b.ttl", 0),
        theirs,
        text("b.ttl", 1),
        6,
    )
    assert stale.conflicts == ()
    assert stale.rebased is not None
    save(folder, stale.rebased)
    assert read(folder) == [
        text("a.ttl", 1),
        theirs.replace("d:is 0", "d:is 1"),
        text("more/c.ttl", 1),
    ]


def test_the_same_property_changed_on_both_sides_is_a_conflict(folder):
    made = draft(folder, 1)
    (folder / "b.ttl").write_text(text("b.ttl", 7))
    with pytest.raises(Stale) as refused:
        save(folder, made)
    (conflict,) = refused.value.conflicts
    assert (conflict.subject, conflict.predicate) == (D + "b", D + "is")
    values = [conflict.base, conflict.theirs, conflict.ours]
    assert values == [(number("0"),), (number("7"),), (number("1"),)]
    assert refused.value.rebased is None
    assert "Changed on both sides: is of b." in (refused.value.findings[0].why or "")


def stale_after(folder: Path, changes, file: str, theirs: str | None) -> Stale:
    made = Workspace.open(folder).draft(changes)
    if theirs is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(theirs)
    before = {each: each.read_bytes() for each in folder.rglob("*.ttl")}
    with pytest.raises(Stale) as refused:
        save(folder, made)
    assert before == {each: each.read_bytes() for each in folder.rglob("*.ttl")}
    return refused.value


def meets(stale: Stale) -> list[tuple[str, str]]:
    return [(each.subject.removeprefix(D), each.predicate) for each in stale.conflicts]


def test_a_file_that_was_removed_is_not_made_again(folder):
    stale = stale_after(folder, put(1), "b.ttl", None)
    assert stale.files[0].theirs is None
    assert meets(stale) == [("b", D + "is")]
    assert "`b.ttl` was removed since it was opened." in str(stale)


def test_something_said_of_a_thing_that_is_gone_is_a_conflict(folder):
    change = Put(D + "b", D + "note", (Literal("new"),))
    assert meets(stale_after(folder, [change], "b.ttl", "# empty\n")) == [("b", D + "note")]


@pytest.mark.parametrize("change", [Remove(D + "b"), Rename(D + "b", D + "z")])
def test_what_is_taken_away_and_was_changed_is_a_conflict(folder, change):
    theirs = text("b.ttl", 0) + '\nd:b d:note "new" .\n'
    assert meets(stale_after(folder, [change], "b.ttl", theirs)) == [("b", D + "note")]


def test_a_thing_made_on_both_sides_is_a_conflict(folder):
    kind = (RDF_TYPE, (Iri(D + "Counter"),))
    change = Create(D + "z", (kind, (D + "is", (number("3"),))), after=D + "b")
    theirs = text("b.ttl", 0) + "\nd:z a d:Counter ;\n  d:is 4 .\n"
    assert meets(stale_after(folder, [change], "b.ttl", theirs)) == [("z", D + "is")]


def test_a_thing_made_alike_on_both_sides_is_told(folder):
    kind = (RDF_TYPE, (Iri(D + "Counter"),))
    theirs = text("b.ttl", 0) + "\n# mine\nd:z a d:Counter .\n"
    stale = stale_after(folder, [Create(D + "z", (kind,), after=D + "b")], "b.ttl", theirs)
    assert (stale.conflicts, stale.rebased) == ((), None)
    assert [each.code for each in stale.findings] == ["W201", "W003"]


def test_a_value_put_as_it_was_does_not_undo_another(folder):
    changes = [*put(0, "b"), *put(1, "a")]
    assert meets(stale_after(folder, changes, "b.ttl", text("b.ttl", 5))) == [("b", D + "is")]


def test_the_same_change_on_both_sides_is_no_conflict(folder):
    stale = stale_after(folder, put(1), "b.ttl", text("b.ttl", 1) + "# mine\n")
    assert stale.conflicts == ()
    assert stale.rebased is not None
    assert set(stale.rebased.texts) == {"a.ttl", "more/c.ttl"}


def test_a_change_of_another_file_does_not_stop_a_saving(folder):
    made = draft(folder, 1)
    (folder / "other.ttl").write_text(example.OTHER + "# by hand\n")
    (folder / "z.ttl").write_text(example.OTHER)
    saved = save(folder, made)
    assert read(folder) == at(1)
    assert (folder / "other.ttl").read_text().endswith("# by hand\n")
    assert "z.ttl" in saved.workspace.documents


def test_a_change_of_another_file_that_matters_does(folder):
    stale = stale_after(
        folder, [Rename(D + "b", D + "z")], "other.ttl", example.OTHER + "\nd:other d:to d:b .\n"
    )
    assert [each.file for each in stale.files] == ["other.ttl"]
    assert stale.conflicts == ()
    save(folder, stale.rebased)
    assert (folder / "other.ttl").read_text().endswith("\nd:other d:to d:z .\n")


def test_a_file_in_the_place_of_a_new_one_is_not_overwritten(folder):
    change = Create(D + "new", ((RDF_TYPE, (Iri(D + "Fresh"),)),))
    stale = stale_after(folder, [change], "fresh.ttl", "# theirs\n")
    assert (stale.files[0].base, stale.files[0].theirs) == (None, "# theirs\n")
    save(folder, stale.rebased)
    assert (folder / "fresh.ttl").read_text().startswith("# theirs\n")


def test_a_file_that_cannot_be_read_any_more_is_told(folder):
    made = draft(folder, 1)
    (folder / "b.ttl").write_text("d:b a")
    with pytest.raises(UsageError):
        save(folder, made)
    assert (folder / "a.ttl").read_text() == text("a.ttl", 0)


def test_a_change_during_the_saving_is_not_overwritten(folder, monkeypatch):
    from guidegraph.workspace import saving

    made = draft(folder, 1)
    theirs = text("b.ttl", 0) + "# by hand\n"
    change = at_call(3, saving.stage, lambda: (folder / "b.ttl").write_text(theirs))
    monkeypatch.setattr(saving, "stage", change)
    with pytest.raises(Stale):
        save(folder, made)
    assert read(folder) == [text("a.ttl", 0), theirs, text("more/c.ttl", 0)]
    assert hidden(folder) == []


# ---- what stops a saving -------------------------------------------------------------------------


def steps() -> list[tuple[object, str, int]]:
    return [(*step, each) for step in STEPS for each in range(1, 13)]


def test_a_full_disk_at_any_step_loses_nothing(tmp_path):
    """Whichever call fails: all files are old or the journal holds all, and saving again works."""
    seen = set()
    for owner, name, call in steps():
        folder = make(tmp_path / f"{name}-{call}")
        made = draft(folder, 1)
        failed = []
        with pytest.MonkeyPatch.context() as patch:
            act = at_call(call, getattr(owner, name), lambda failed=failed: failed or full())
            patch.setattr(owner, name, act)
            try:
                save(folder, made)
                saved = True
            except UsageError as refused:
                saved = False
                (finding,) = refused.findings
        now = read(folder)
        if saved:
            assert now == at(1)
        elif finding.code == "W204":
            assert journal_of(folder).exists()
            assert Workspace.open(folder).documents["a.ttl"].text == text("a.ttl", 1)
            assert read(folder) == at(1)
        else:
            assert finding.code in ("W202", "W203")
            assert "No space left on device" in finding.message
            assert now == at(0)
        seen.add("saved" if saved else finding.code)
        save(folder, made)
        assert read(folder) == at(1)
        assert hidden(folder) == []
    assert seen == {"saved", "W202", "W203", "W204"}


def test_a_read_only_file_stops_a_saving(folder):
    (folder / "b.ttl").chmod(0o444)
    with pytest.raises(UsageError) as refused:
        save(folder, draft(folder, 1))
    assert codes(refused) == ["W203"]
    assert "`b.ttl` cannot be saved: it is read-only." in str(refused.value).replace(
        str(folder) + "/", ""
    )
    assert read(folder) == at(0)
    assert hidden(folder) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_stops_a_saving_but_can_be_read(folder):
    made = draft(folder, 1)
    folder.chmod(0o555)
    try:
        with pytest.raises(UsageError) as refused:
            save(folder, made)
        assert codes(refused) == ["W202"]
        assert Workspace.open(folder).subjects
    finally:
        folder.chmod(0o755)
    assert read(folder) == at(0)


# ---- the lock ------------------------------------------------------------------------------------


def test_a_lock_that_is_held_is_told_with_its_owner(folder, monkeypatch):
    made = draft(folder, 1)
    monkeypatch.setattr(lock, "PATIENCE", 2)
    with lock.saving(folder):
        with pytest.raises(UsageError) as refused:
            save(folder, made)
        with pytest.raises(UsageError) as unread:
            Workspace.open(folder)
    assert codes(refused) == codes(unread) == ["W202"]
    assert f"process {os.getpid()} on " in str(refused.value)
    assert "since 20" in str(refused.value)
    save(folder, made)
    assert read(folder) == at(1)


def test_a_lock_is_waited_for(folder):
    made = draft(folder, 1)
    with lock.saving(folder):
        thread = Thread(target=save, args=(folder, made))
        thread.start()
        time.sleep(0.2)
        assert read(folder) == at(0)
    thread.join()
    assert read(folder) == at(1)


def test_the_lock_of_a_dead_process_holds_nobody(folder):
    lock.hidden_folder(folder)
    lock.lock_of(folder).write_text(json.dumps({"process": 4711, "computer": "elsewhere"}))
    (folder / f".a.ttl.{'0' * 16}.new").write_text("half")
    (folder / "more" / f".c.ttl.{'1' * 16}.new").write_text("half")
    (folder / ".a.ttl.swp").write_text("an editor's")
    assert len(Workspace.open(folder).documents) == 4
    assert hidden(folder) == [".a.ttl.swp"]


def test_two_programs_never_lose_each_others_changes(folder):
    """Several threads add words to one property, each on top of what it reads."""

    def add(name: str) -> None:
        for number in range(5):
            saved = False
            while not saved:
                space = Workspace.open(folder)
                known = space.describe(D + "b").get(D + "seen", ())
                word = Literal(f"{name}{number}")
                made = space.draft([*put(len(known)), Put(D + "b", D + "seen", (*known, word))])
                try:
                    saved = bool(save(folder, made).files)
                except Stale:
                    continue

    threads = [Thread(target=add, args=(name,)) for name in "xyz"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = Workspace.open(folder).describe(D + "b")[D + "seen"]
    assert {each.lexical for each in found} == {f"{x}{n}" for x in "xyz" for n in range(5)}  # type: ignore[union-attr]
    assert (folder / "a.ttl").read_text() == text("a.ttl", 14)


def test_a_draft_whose_texts_are_there_already_is_saved(folder):
    made = draft(folder, 1)
    make(folder, 1)
    assert save(folder, made).files == ()


# ---- savings that were cut off -------------------------------------------------------------------


def cut_off(folder: Path, to: int = 1) -> Journal:
    before, after = at(0), at(to)
    lock.hidden_folder(folder)
    entries = [
        Entry(file, digest(old.encode()), new)
        for file, old, new in zip(example.FILES, before, after, strict=True)
    ]
    journal = Journal("0" * 16, tuple(entries))
    begin(folder, journal)
    return journal


@pytest.mark.parametrize("done", range(4))
def test_a_saving_that_was_cut_off_is_finished(folder, done):
    cut_off(folder)
    for file in example.FILES[:done]:
        (folder / file).write_text(text(file, 1))
    Workspace.open(folder)
    assert read(folder) == at(1)
    assert hidden(folder) == []


def test_a_saving_that_was_cut_off_is_finished_before_the_next(folder):
    made = draft(folder, 2)
    cut_off(folder)
    with pytest.raises(Stale):
        save(folder, made)
    assert read(folder) == at(1)


@pytest.mark.parametrize("kept", [0, 10, 70, -1])
def test_half_a_journal_is_dropped(folder, kept):
    cut_off(folder)
    data = journal_of(folder).read_bytes().rstrip(b"\n")
    journal_of(folder).write_bytes(data[:kept])
    Workspace.open(folder)
    assert read(folder) == at(0)
    assert hidden(folder) == []


def test_what_changed_after_the_cut_is_not_overwritten(folder):
    cut_off(folder)
    (folder / "a.ttl").write_text(text("a.ttl", 1))
    (folder / "b.ttl").write_text(text("b.ttl", 9))
    with pytest.raises(UsageError) as refused:
        Workspace.open(folder)
    assert codes(refused) == ["W205"]
    why = refused.value.findings[0].why
    assert why == (
        "`a.ttl` already had the new text. `more/c.ttl` did not have it yet. "
        "`b.ttl` changed since, and was left as it is."
    )
    assert read(folder) == [text("a.ttl", 1), text("b.ttl", 9), text("more/c.ttl", 0)]
    (kept,) = hidden(folder)
    assert kept.startswith("cut-off-")
    assert "d:is 1 ." in (folder / ".guidegraph" / kept).read_text()
    save(folder, draft(folder, 3))
    assert read(folder) == at(3)


def test_a_journal_of_another_version_is_set_aside(folder):
    cut_off(folder)
    told = journal_of(folder).read_text().splitlines()[1].replace("journal 1", "journal 2")
    journal_of(folder).write_text(f"{digest(told.encode())}\n{told}\n")
    with pytest.raises(UsageError) as refused:
        Workspace.open(folder)
    assert codes(refused) == ["W205"]
    assert read(folder) == at(0)


# ---- power cuts ----------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux for open files")
def test_everything_is_on_the_disk_before_the_next_step(folder, monkeypatch):
    """A new text before its name, the journal before the first file, all files before its end."""
    save(folder, draft(folder, 1))
    made = draft(folder, 2)
    steps: list[tuple[str, str]] = []
    sync, replace, unlink = os.fsync, Path.replace, Path.unlink

    def synced(handle: int) -> None:
        steps.append(("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        sync(handle)

    def replaced(path: Path, target: Path) -> Path:
        steps.append(("replace", str(target)))
        assert ("sync", str(path)) in steps
        return replace(path, target)

    def unlinked(path: Path, missing_ok: bool = False) -> None:
        steps.append(("unlink", str(path)))
        unlink(path, missing_ok)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Path, "unlink", unlinked)
    save(folder, made)
    journal = journal_of(folder)
    short = [
        (what, Path(path).relative_to(folder).as_posix())
        for what, path in steps
        if not path.endswith(".new")
    ]
    name = journal.relative_to(folder).as_posix()
    assert short == [
        ("replace", name),
        ("sync", ".guidegraph"),
        ("replace", "a.ttl"),
        ("replace", "b.ttl"),
        ("replace", "more/c.ttl"),
        ("sync", "."),
        ("sync", "more"),
        ("unlink", name),
        ("sync", ".guidegraph"),
    ]


# ---- kill -9 -------------------------------------------------------------------------------------

READY = b"ready\n"


def forked(folder: Path, before: Callable[[], object] = lambda: None) -> tuple[int, int]:
    """A process that counts up and saves: its number, and where it tells what it saved."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.close(reading)
        space = Workspace.open(folder)
        now = value_of(space)
        os.write(writing, READY)
        before()
        while True:
            now += 1
            space = save(folder, space.draft(put(now))).workspace
            TELL(writing, b"%d\n" % now)
    finally:
        os._exit(1)


TELL = os.write
"""Not counted where calls of ``os.write`` are."""


def value_of(space: Workspace) -> int:
    (value,) = space.describe(D + "a")[D + "is"]
    return int(value.lexical)  # type: ignore[union-attr]


def held(folder: Path, process: int, reading: int, before: int) -> int:
    """Where the counter stands after a process was killed; it told what it had saved."""
    _, status = os.waitpid(process, 0)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().removeprefix(READY).split(b"\n")[:-1]
    assert os.WIFSIGNALED(status), status
    last = int(told[-1]) if told else before
    for file, found in zip(example.FILES, read(folder), strict=True):
        assert found in (text(file, last), text(file, last + 1)), "every file is whole"
    now = value_of(Workspace.open(folder))
    assert now in (last, last + 1), "what was told is there"
    assert read(folder) == at(now)
    assert (folder / "other.ttl").read_text() == example.OTHER
    assert hidden(folder) == []
    return now


def kill_at_random(folder: Path, times: int) -> int:
    random = Random(times)
    now = 0
    for _ in range(times):
        process, reading = forked(folder)
        assert os.read(reading, len(READY)) == READY
        time.sleep(random.random() * 0.03)
        os.kill(process, signal.SIGKILL)
        now = held(folder, process, reading, now)
    return now


@posix
def test_kill_at_any_moment_loses_nothing(folder):
    assert kill_at_random(folder, 150) > 0


@posix
@pytest.mark.slow
def test_a_thousand_kills_lose_nothing(folder):
    assert kill_at_random(folder, 1000) > 0


@posix
def test_kill_before_any_step_loses_nothing(folder):
    """The process ends itself right before the n-th call that changes the disk, for every n."""
    now, met = 0, 0
    for owner, name in STEPS[:6]:
        for call in range(1, 14):
            met += 1

            def die(owner=owner, name=name, call=call) -> None:
                act = at_call(
                    call, getattr(owner, name), lambda: os.kill(os.getpid(), signal.SIGKILL)
                )
                setattr(owner, name, act)

            now = held(folder, *forked(folder, die), now)
    assert met == 78
    assert now > 20


@posix
def test_kill_during_recovery_loses_nothing(tmp_path):
    """A saving is cut off, and so is each attempt to finish it."""
    for call in range(1, 12):
        folder = make(tmp_path / str(call))
        cut_off(folder)
        (folder / "a.ttl").write_text(text("a.ttl", 1))
        for owner, name in STEPS[:6]:
            process = os.fork()
            if not process:
                act = at_call(
                    call, getattr(owner, name), lambda: os.kill(os.getpid(), signal.SIGKILL)
                )
                setattr(owner, name, act)
                Workspace.open(folder)
                os._exit(0)
            os.waitpid(process, 0)
            for file, found in zip(example.FILES, read(folder), strict=True):
                assert found in (text(file, 0), text(file, 1))
        assert len(Workspace.open(folder).documents) == 4
        assert read(folder) == at(1)
        assert hidden(folder) == []
