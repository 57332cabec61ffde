"""The desk: steps, undoing without limit, drafts that survive, and files that change underneath."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import edit_example as example
from edit_example import D, desk, make, texts
from guidegraph.edit import drafts
from guidegraph.edit.desk import Desk
from guidegraph.errors import GuidelineError, UsageError
from guidegraph.terms import expand
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal
from guidegraph.workspace.stale import Stale
from guidegraph.workspace.workspace import Workspace
from saving_example import at_call, full

LABEL, NOTE = expand("rdfs:label"), expand("skos:scopeNote")
THR = D + "THR-low"
PRINTED = expand("gg:reportedText")


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path)


def said(value: str, thing: str = THR, path: str = PRINTED) -> Put:
    return Put(thing, path, (Literal(value),))


def again(at: Desk) -> Desk:
    """The same folder after the editor was ended and started."""
    at.close()
    return desk(at.folder)


def state(at: Desk) -> tuple[object, ...]:
    return (at.revision, at.steps, at.undone, dict(at.draft.texts))


def code(refused: pytest.ExceptionInfo[GuidelineError]) -> str:
    return refused.value.findings[0].code


# ---- steps -----------------------------------------------------------------------------------


def test_a_step_changes_the_draft_and_no_file(folder):
    before = texts(folder)
    at = desk(folder)
    step = at.apply([said("<60 µg/L")])
    assert (step.number, step.subjects) == (1, (THR,))
    assert step.what == "Low marker (upper limit, not included): as printed <50 µg/L → <60 µg/L"
    assert at.describe(THR)[PRINTED] == (Literal("<60 µg/L"),)
    assert set(at.draft.texts) == {"thresholds.ttl"}
    assert texts(folder) == before


def test_every_state_has_another_revision(folder):
    at = desk(folder)
    seen = [at.revision]
    for number in range(5):
        at.apply([said(f"<{number} µg/L")])
        seen.append(at.revision)
    for _ in range(5):
        at.undo()
        seen.append(at.revision)
    assert len(set(seen)) == len(seen)


def test_undoing_has_no_limit(folder):
    at = desk(folder)
    shown = [dict(at.draft.texts)]
    for number in range(200):
        at.apply([said(f"<{number} µg/L")])
        shown.append(dict(at.draft.texts))
    at = again(at)
    for each in reversed(shown[:-1]):
        at.undo()
        assert at.draft.texts == each
    assert at.draft.is_empty
    for each in shown[1:]:
        at.redo()
        assert at.draft.texts == each
    with pytest.raises(UsageError) as refused:
        at.redo()
    assert code(refused) == "G108"


def test_a_new_step_forgets_what_was_undone(folder):
    at = desk(folder)
    at.apply([said("<1 µg/L")])
    at.undo()
    at.apply([said("<2 µg/L")])
    assert at.undone == ()
    assert again(at).undone == ()


def test_what_changes_nothing_is_no_step(folder):
    at = desk(folder)
    with pytest.raises(UsageError) as refused:
        at.apply([said("<50 µg/L")])
    assert code(refused) == "G108"
    assert at.steps == ()
    assert not drafts.draft_of(folder).exists()


def test_what_cannot_be_made_is_no_step(folder):
    at = desk(folder)
    with pytest.raises(UsageError) as refused:
        at.apply([Create(THR, ((RDF_TYPE, (Iri(expand("gg:Threshold")),)),))])
    assert code(refused) == "W003"
    assert at.steps == ()
    checked = at.check([Create(THR, ((RDF_TYPE, (Iri(expand("gg:Threshold")),)),))])
    assert checked.refused
    assert [each.code for each in checked.findings] == ["W003"]


def test_discarding_keeps_the_last_draft_aside(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    at.discard()
    assert at.steps == () and at.draft.is_empty
    assert again(at).steps == ()
    assert b"<60" in (folder / ".guidegraph" / "discarded.jsonl").read_bytes()


def test_checking_records_nothing_and_tells_what_is_new(folder):
    from guidegraph.edit.live import Live

    at = desk(folder, Live(folder))
    before = state(at)
    checked = at.check([Put(THR, expand("gg:observable"), ())])
    assert not checked.refused
    told = {each.code for each in checked.findings}
    assert told, "a threshold of nothing is a fault"
    assert state(at) == before
    assert at.check([said("<50 µg/L")]).findings == ()


def test_what_was_checked_is_recorded_without_another_look(folder):
    from guidegraph.edit.live import Live

    live = Live(folder)
    at = desk(folder, live)
    at.check([said("<55 µg/L")])
    looked = live.look(dict(at.workspace.draft([said("<55 µg/L")]).texts))
    at.apply([said("<55 µg/L")])
    assert at.looked is looked
    path = folder / "thresholds.ttl"
    path.write_text(path.read_text("utf-8") + "# changed by somebody else\n", "utf-8")
    at.refresh()
    assert at.looked is not looked


# ---- drafts ----------------------------------------------------------------------------------


def test_a_draft_is_found_again(folder):
    at = desk(folder)
    for number in range(4):
        at.apply([said(f"<{number} µg/L")])
    at.apply([Rename(THR, D + "THR-lower"), said("<7 µg/L", D + "THR-lower")])
    at.undo()
    at.undo()
    at.redo()
    before = state(at)
    later = again(at)
    assert state(later) == before
    assert later.findings == ()
    later.undo()
    later.apply([said("<9 µg/L")])
    assert state(again(later)) == state(later)


def test_every_kind_of_change_and_value_is_kept(folder):
    at = desk(folder)
    quantity = at.describe(THR)[expand("gg:executableQuantity")]
    made: list[Change] = [
        Create(
            D + "THR-new",
            (
                (RDF_TYPE, (Iri(expand("gg:Threshold")),)),
                (LABEL, (Literal('New\nwords “” \\ "', language="en"),)),
                (expand("gg:executableQuantity"), quantity),
            ),
            THR,
        ),
        Put(THR, NOTE, (Literal("007", expand("xsd:integer")), Iri(D + "THR-new"))),
        Remove(D + "THR-older"),
        Rename(THR, D + "THR-other"),
    ]
    at.apply(made)
    before = state(at)
    assert state(again(at)) == before


@pytest.mark.parametrize("cut", range(2, 60, 7))
def test_half_a_last_line_is_left_out_with_a_word(folder, cut):
    at = desk(folder)
    at.apply([said("<1 µg/L")])
    at.apply([said("<2 µg/L")])
    at.close()
    path = drafts.draft_of(folder)
    path.write_bytes(path.read_bytes()[:-cut])
    later = desk(folder)
    assert [each.number for each in later.steps] == [1]
    assert [each.code for each in later.findings] == ["G104"]
    later.apply([said("<3 µg/L")])
    last = again(later)
    assert [each.what for each in last.steps] == [each.what for each in later.steps]


def test_a_last_line_without_its_end_is_whole(folder):
    at = desk(folder)
    at.apply([said("<1 µg/L")])
    at.close()
    path = drafts.draft_of(folder)
    path.write_bytes(path.read_bytes()[:-1])
    later = desk(folder)
    assert (len(later.steps), later.findings) == (1, ())
    later.apply([said("<2 µg/L")])
    assert len(again(later).steps) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"<1", b"<8", 1),
        lambda data: b"\n".join(data.split(b"\n")[1:]),
        lambda data: data.replace(b"draft 1", b"draft 2"),
        lambda data: b"\0" * len(data),
        lambda data: data[:40],
        lambda data: b"\n".join(data.split(b"\n")[:1] + data.split(b"\n")[2:]),
    ],
)
def test_a_damaged_draft_is_set_aside_and_never_lost(folder, spoil):
    at = desk(folder)
    for number in range(1, 4):
        at.apply([said(f"<{number} µg/L")])
    at.close()
    path = drafts.draft_of(folder)
    data = spoil(path.read_bytes())
    path.write_bytes(data)
    later = desk(folder)
    assert later.steps == ()
    (finding,) = later.findings
    assert finding.code == "G116"
    (kept,) = (folder / ".guidegraph").glob("draft-*.jsonl")
    assert kept.read_bytes() == data
    later.apply([said("<5 µg/L")])
    assert len(again(later).steps) == 1


@pytest.mark.parametrize(("owner", "name"), [(os, "write"), (os, "fsync"), (os, "open")])
def test_a_full_disk_makes_no_step_and_loses_none(folder, monkeypatch, owner, name):
    at = desk(folder)
    for call in range(1, 8):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, at_call(call, getattr(owner, name), full))
            try:
                at.apply([said(f"<{call + 100} µg/L")])
            except UsageError as refused:
                assert refused.findings[0].code in ("G105", "W202")
                assert "No space left" in refused.findings[0].message
        before = state(at)
        at = again(at)
        assert state(at) == before
    at.apply([said("<1 µg/L")])
    assert again(at).steps[-1].what.endswith("<1 µg/L")


def test_a_write_that_is_half_done_is_taken_back(folder, monkeypatch):
    at = desk(folder)
    at.apply([said("<1 µg/L")])
    write = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) > 10:
            return write(handle, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", lambda handle, data: half(handle, bytes(data)[:20]))
    with pytest.raises(UsageError):
        at.apply([said("<2 µg/L")])
    monkeypatch.undo()
    at.apply([said("<3 µg/L")])
    later = again(at)
    assert [each.number for each in later.steps] == [1, 2]
    assert later.findings == ()


def test_one_editor_for_one_folder(folder):
    at = desk(folder)
    at.alone.says("http://127.0.0.1:1234/")
    with pytest.raises(UsageError) as refused:
        desk(folder)
    assert code(refused) == "G106"
    assert "http://127.0.0.1:1234/" in str(refused.value)
    at.close()
    desk(folder).close()


# ---- underneath ------------------------------------------------------------------------------


def by_hand(folder: Path, old: str, new: str, file: str = "thresholds.ttl") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("is_open", [True, False])
def test_another_change_underneath_is_taken_over(folder, is_open):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    if not is_open:
        at.close()
    by_hand(folder, '"Low marker (upper', '"Lower marker (upper')
    if is_open:
        assert at.refresh()
        assert not at.refresh()
    else:
        at = desk(folder)
    assert at.conflicts == ()
    assert len(at.steps) == 1
    text = at.draft.texts["thresholds.ttl"]
    assert "Lower marker" in text and "<60 µg/L" in text
    assert state(again(at))[1:] == state(at)[1:]


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("choice", ["yours", "theirs"])
def test_the_same_changed_on_both_sides_is_settled(folder, is_open, choice):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    at.apply([Put(THR, LABEL, (Literal("Another label", language="en"),))])
    if not is_open:
        at.close()
    by_hand(folder, '"<50 µg/L"', '"<55 µg/L"')
    at = at if is_open else desk(folder)
    at.refresh()
    (met,) = at.conflicts
    assert (met.subject, met.predicate) == (THR, PRINTED)
    with pytest.raises(Stale) as refused:
        at.save("Ann", "Because")
    assert code(refused) == "G111"
    assert len(at.steps) == 2
    at = again(at)
    assert len(at.conflicts) == 1
    assert at.settle(THR, PRINTED, choice)
    assert at.conflicts == ()
    at.save("Ann", "Because")
    after = Workspace.open(folder).describe(THR)
    assert after[PRINTED] == (Literal("<60 µg/L" if choice == "yours" else "<55 µg/L"),)
    assert after[LABEL] == (Literal("Another label", language="en"),)


@pytest.mark.parametrize("choice", ["yours", "theirs"])
def test_a_thing_that_others_took_away(folder, choice):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    block = Workspace.open(folder).documents["thresholds.ttl"].blocks(THR)[0].text
    by_hand(folder, block, "")
    at.refresh()
    assert len(at.conflicts) == 1
    at.settle(THR, PRINTED, choice)
    there = at.describe(THR)
    assert (there == {}) == (choice == "theirs")
    if choice == "yours":
        assert there[PRINTED] == (Literal("<60 µg/L"),)
        assert LABEL in there


@pytest.mark.parametrize("choice", ["yours", "theirs"])
def test_a_thing_that_both_made(folder, choice):
    at = desk(folder)
    kind = (RDF_TYPE, (Iri(expand("gg:Threshold")),))
    at.apply([Create(D + "THR-new", (kind, (PRINTED, (Literal("<1"),))))])
    with (folder / "thresholds.ttl").open("a", encoding="utf-8") as file:
        file.write('\nd:THR-new a gg:Threshold ; gg:reportedText "<2" .\n')
    at.refresh()
    assert [each.predicate for each in at.conflicts] == [PRINTED]
    at.settle(D + "THR-new", PRINTED, choice)
    assert at.describe(D + "THR-new")[PRINTED] == (Literal("<1" if choice == "yours" else "<2"),)


@pytest.mark.parametrize("choice", ["yours", "theirs"])
def test_a_thing_that_one_removed_and_the_other_changed(folder, choice):
    at = desk(folder)
    at.apply([Remove(THR)])
    by_hand(folder, '"<50 µg/L"', '"<55 µg/L"')
    at.refresh()
    assert [each.predicate for each in at.conflicts] == [PRINTED]
    at.settle(THR, PRINTED, choice)
    assert at.describe(THR).get(PRINTED) == (None if choice == "yours" else (Literal("<55 µg/L"),))


def test_undoing_ends_a_conflict(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    by_hand(folder, '"<50 µg/L"', '"<55 µg/L"')
    at.refresh()
    assert at.conflicts
    at.undo()
    assert at.conflicts == ()
    assert at.describe(THR)[PRINTED] == (Literal("<55 µg/L"),)


def test_files_that_cannot_be_read_meanwhile_lose_nothing(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    (folder / "broken.ttl").write_text("d:b a")
    assert not at.refresh()
    assert at.refused
    with pytest.raises(UsageError):
        at.save("Ann", "Because")
    assert len(at.steps) == 1
    (folder / "broken.ttl").unlink()
    at.refresh()
    assert at.refused == ()
    at.save("Ann", "Because")
    assert Workspace.open(folder).describe(THR)[PRINTED] == (Literal("<60 µg/L"),)


def test_the_folder_may_be_an_empty_one(tmp_path):
    with pytest.raises(GuidelineError):
        example.desk(tmp_path / "nothing")
