"""Saving from the editor: who, when and why, other files, git; nothing is lost in between."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from random import Random

import pytest
from rdflib import Graph

import saving_example as counter
from edit_example import HEADER, D, Plain, desk, make, texts
from guidegraph.edit import branches, drafts
from guidegraph.edit.desk import Desk
from guidegraph.errors import GuidelineError, UsageError
from guidegraph.pipeline import load
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import Literal
from guidegraph.workspace.journal import journal_of
from guidegraph.workspace.workspace import Workspace
from saving_example import STEPS, at_call, full

posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and signals")
THR, PRINTED = D + "THR-low", expand("gg:reportedText")
WHO = expand("prov:wasAssociatedWith")


@pytest.fixture
def folder(tmp_path) -> Path:
    return make(tmp_path)


def said(value: str) -> Put:
    return Put(THR, PRINTED, (Literal(value),))


# ---- who, when and why -----------------------------------------------------------------------


def test_only_what_was_edited_and_who_did_it_is_written(folder):
    before = texts(folder)
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann Example", "The revised source says so")
    after = texts(folder)
    assert done.files == ("edits.ttl", "thresholds.ttl")
    assert {name for name in after if after[name] != before.get(name)} == set(done.files)
    old, new = (each["thresholds.ttl"].decode().split("\n") for each in (before, after))
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        ('  gg:reportedText "<50 µg/L" ;', '  gg:reportedText "<60 µg/L" ;')
    ]
    assert after["edits.ttl"].decode() == (
        "# Who edited this guideline, when and why; `guidegraph edit` adds to it with each "
        "saving.\n\n"
        f"@prefix d: <{D}> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix gg: <https://w3id.org/guidegraph/ns#> .\n"
        "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        "d:EDIT-20261121-100200 a gg:EncodingActivity ;\n"
        '  rdfs:label "Edit of 2026-11-21"@en ;\n'
        '  prov:startedAtTime "2026-11-21T10:01:00Z"^^xsd:dateTime ;\n'
        '  prov:endedAtTime "2026-11-21T10:02:00Z"^^xsd:dateTime ;\n'
        "  prov:wasAssociatedWith d:PERSON-ann-example ;\n"
        '  gg:rationale "The revised source says so"@en ;\n'
        '  dcterms:description "THR-low: Low marker (upper limit, not included): as printed '
        '<50 µg/L → <60 µg/L"@en .\n\n'
        "d:PERSON-ann-example a prov:Person ;\n"
        '  rdfs:label "Ann Example"@en .\n'
    )
    assert (at.steps, at.undone, at.draft.is_empty) == ((), (), True)
    assert not drafts.draft_of(folder).exists()


def test_the_check_finds_nothing_in_it(folder):
    at = desk(folder)
    before = load(folder).findings
    at.apply([Put(D + "REC-1", expand("skos:scopeNote"), (Literal("A note", language="en"),))])
    at.save("Ann Example", "A note")
    at.apply([Put(D + "REC-1", expand("skos:scopeNote"), (Literal("Another", language="en"),))])
    at.save("Ann Example", "Another note")
    text = (folder / "edits.ttl").read_text(encoding="utf-8")
    assert text.count("a prov:Person") == 1
    assert text.count("a gg:EncodingActivity") == 2
    assert [each.code for each in load(folder).findings] == [each.code for each in before]


@pytest.mark.parametrize(
    ("who", "why", "codes"),
    [
        ("", "Why", ["G110"]),
        ("Ann", " ", ["G110"]),
        ("", "", ["G110", "G110"]),
        ("An\N{RIGHT-TO-LEFT OVERRIDE}n", "Why", ["N108"]),
        ("Ann", "<b>Why</b>", ["N109"]),
    ],
)
def test_who_and_why_must_be_said_in_plain_words(folder, who, why, codes):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    before = texts(folder)
    with pytest.raises(UsageError) as refused:
        at.save(who, why)
    assert [each.code for each in refused.value.findings] == codes
    assert texts(folder) == before
    assert len(at.steps) == 1


def test_nothing_is_saved_where_nothing_is_changed(folder):
    with pytest.raises(UsageError) as refused:
        desk(folder).save("Ann", "Why")
    assert refused.value.findings[0].code == "G108"
    assert not (folder / "edits.ttl").exists()


# ---- other files -----------------------------------------------------------------------------


def test_cases_and_questions_get_the_new_name_and_others_are_told(folder):
    from edit_example import Browser

    (folder / "queries").mkdir(exist_ok=True)
    question = (
        f"# title: REC-1\nSELECT * WHERE {{ d:REC-1 ?p ?o . <{D}REC-1> ?q ?r . d:REC-10 ?s ?t }}\n"
    )
    (folder / "queries" / "own.rq").write_text(question)
    (folder / "notes.md").write_text("See REC-1.\n")
    cases = (folder / "cases.yaml").read_text(encoding="utf-8")
    assert "REC-1" in cases
    at = desk(folder)
    told = Browser(at).does("rename", old=D + "REC-1", new="REC-first")
    assert told["also"] == ["cases.yaml", "queries/own.rq"]
    finding = told["findings"][0]
    assert finding["code"] == "G114" and "notes.md" in finding["message"]
    assert (folder / "cases.yaml").read_text(encoding="utf-8") == cases
    done = at.save("Ann", "A better name")
    assert {"cases.yaml", "queries/own.rq", "recommendations.ttl"} <= set(done.files)
    assert "G114" in [each.code for each in done.findings]
    after = (folder / "cases.yaml").read_text(encoding="utf-8")
    assert "REC-first" in after
    assert after.replace("REC-first", "REC-1") == cases
    assert (folder / "queries" / "own.rq").read_text() == question.replace(
        "{ d:REC-1 ?p", "{ d:REC-first ?p"
    ).replace(f"<{D}REC-1>", f"<{D}REC-first>")
    assert (folder / "notes.md").read_text() == "See REC-1.\n"
    assert not [each for each in load(folder).findings if each.code.startswith("T")]


def test_a_case_that_is_called_like_a_thing_keeps_its_name(folder):
    (folder / "cases.yaml").write_text(
        "cases:\n  - id: REC-1  # REC-1\n    name: REC-1\n"
        "    expect: {applies: [REC-1, \"REC-1\", REC-10], not REC-1: 'REC-1'}\n"
    )
    at = desk(folder)
    from guidegraph.edit.things import rename

    at.apply(rename(at, D + "REC-1", "REC-first"))
    at.save("Ann", "A better name")
    assert (folder / "cases.yaml").read_text() == (
        "cases:\n  - id: REC-1  # REC-1\n    name: REC-1\n"
        "    expect: {applies: [REC-first, \"REC-first\", REC-10], not REC-1: 'REC-first'}\n"
    )


# ---- git -------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    found = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    )
    return found.stdout.rstrip("\n")


@pytest.fixture
def repository(folder, monkeypatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    top = folder.parent
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    return top


def undisturbed(top: Path) -> tuple[str, ...]:
    """All of a repository that may not move."""
    return (
        git(top, "symbolic-ref", "HEAD"),
        git(top, "rev-parse", "HEAD", "main"),
        git(top, "ls-files", "--stage"),
        git(top, "stash", "list"),
    )


def test_a_commit_goes_onto_a_branch_and_nothing_else_moves(repository, folder):
    (folder / "README.md").write_text("changed by hand\n")
    (folder / "staged.md").write_text("staged\n")
    git(repository, "add", str(folder / "staged.md"))
    for hook in ("pre-commit", "post-commit", "reference-transaction", "commit-msg"):
        path = repository / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch '{repository}/ran-{hook}'\nexit 1\n")
        path.chmod(0o755)
    git(repository, "config", "commit.gpgSign", "true")
    git(repository, "config", "gpg.program", "/nowhere/gpg")
    before = undisturbed(repository)
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann Example", "The revised source says so")
    assert done.findings == ()
    assert done.branch == "edit/2026-11-21-the-revised-source-says-so"
    assert undisturbed(repository) == before
    assert list(repository.glob("ran-*")) == []
    assert git(repository, "rev-parse", done.branch) == done.commit
    changed = git(repository, "diff", "--name-only", "main", done.branch).split("\n")
    assert changed == [f"{folder.name}/edits.ttl", f"{folder.name}/thresholds.ttl"]
    shown = git(repository, "show", "-s", "--format=%an|%ae|%cn|%ce|%aI|%B", done.branch)
    assert shown.startswith(
        "Ann Example||Ann Example||2026-11-21T10:02:00+00:00|The revised source"
    )
    assert "- Low marker (upper limit, not included): as printed <50 µg/L → <60 µg/L" in shown
    assert "what is checked out did not change" in done.words
    assert (folder / "README.md").read_text() == "changed by hand\n"


def test_the_next_saving_goes_on_the_same_branch_until_somebody_moves(repository, folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    first = at.save("Ann", "First")
    at.apply([said("<70 µg/L")])
    second = at.save("Ann", "Second")
    assert second.branch == first.branch
    assert git(repository, "rev-parse", f"{second.commit}^") == first.commit
    git(repository, "commit", "-q", "--allow-empty", "-m", "Moved on")
    at.apply([said("<80 µg/L")])
    third = at.save("Ann", "Third")
    assert third.branch == "edit/2026-11-21-third"
    assert git(repository, "rev-parse", f"{third.commit}^") == git(repository, "rev-parse", "main")


def test_the_branch_that_is_checked_out_if_somebody_asks_for_it(repository, folder):
    (folder / "README.md").write_text("changed by hand\n")
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann", "Why", branches.CURRENT)
    assert done.branch == "main"
    assert git(repository, "rev-parse", "HEAD") == done.commit
    status = git(repository, "status", "--porcelain")
    assert status == f" M {folder.name}/README.md"


@pytest.mark.parametrize(
    "name", ["a..b", "-x", "a b", "a/", ".a", "HEAD~1", "a\nb", "@{-1}", "x.lock"]
)
def test_a_branch_that_cannot_be_used_stops_the_saving(repository, folder, name):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    before = texts(folder)
    with pytest.raises(UsageError) as refused:
        at.save("Ann", "Why", name)
    assert refused.value.findings[0].code == "G113"
    assert texts(folder) == before
    assert len(at.steps) == 1


def test_a_branch_that_is_checked_out_elsewhere_is_left_alone(repository, folder, tmp_path_factory):
    place = tmp_path_factory.mktemp("elsewhere") / "tree"
    git(repository, "worktree", "add", "-q", "-b", "theirs", str(place))
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    for name in ("theirs", "theirs/mine"):
        with pytest.raises(UsageError) as refused:
            at.save("Ann", "Why", name)
        assert refused.value.findings[0].code == "G113"


def test_a_repository_without_a_commit(folder, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(folder, "init", "-q", "-b", "main")
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann", "Why")
    assert done.commit and done.findings == ()
    assert git(folder, "ls-tree", "--name-only", done.commit) == "edits.ttl\nthresholds.ttl"


def test_line_ends_are_those_git_is_told_to_keep(repository, folder):
    (repository / ".gitattributes").write_text("*.ttl text eol=crlf\n")
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann", "Why")
    assert "\r" not in git(repository, "show", f"{done.commit}:{folder.name}/edits.ttl")


def test_without_a_repository_it_is_said(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    done = at.save("Ann", "Why", "any/branch")
    assert (done.commit, done.branch) == (None, None)
    assert "not in a git repository" in done.words


def test_git_that_fails_stops_no_saving(repository, folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    objects = repository / ".git" / "refs" / "heads"
    (objects / "edit.lock").mkdir()
    (objects / "edit").write_text("in the way\n")
    done = at.save("Ann", "Why")
    assert Workspace.open(folder).describe(THR)[PRINTED] == (Literal("<60 µg/L"),)
    assert done.commit is None
    assert [each.code for each in done.findings] == ["G112"]


# ---- faults ----------------------------------------------------------------------------------


def test_a_full_disk_at_any_step_loses_nothing(tmp_path):
    """Whichever call fails while saving: what was a step is a step still, or it is saved."""
    seen = set()
    for number, (owner, name) in enumerate(STEPS):
        for call in range(1, 14, 2):
            folder = started(tmp_path / f"{number}-{call}")
            at = bare(folder)
            at.apply(counter.put(1))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(owner, name, at_call(call, getattr(owner, name), full))
                try:
                    at.save("Ann", "Why")
                    seen.add("saved")
                except UsageError as refused:
                    seen.add(refused.findings[0].code)
            at.close()
            later = bare(folder)
            assert counted(later) == 1
            if not later.draft.is_empty:
                later.save("Ann", "Why")
            assert counter.read(folder) == counter.at(1)
            later.close()
    assert {"saved", "W203", "G105"} <= seen


def test_a_saving_that_could_not_be_finished_goes_on_in_the_same_editor(tmp_path):
    folder = started(tmp_path / "own")
    at = desk(folder)
    at.apply(counter.put(1))
    with pytest.MonkeyPatch.context() as patch:
        failed = []
        act = at_call(5, Path.replace, lambda: failed or full())
        patch.setattr(Path, "replace", act)
        with pytest.raises(UsageError) as refused:
            at.save("Ann", "Why")
    if refused.value.findings[0].code == "W204":
        assert journal_of(folder).exists()
        at.refresh()
        assert at.steps == ()
        assert "G115" in [each.code for each in at.findings]
    assert counted(at) == 1


@pytest.mark.parametrize("is_open", [True, False])
def test_a_step_after_a_saving_that_was_cut_off_is_kept(folder, is_open, monkeypatch):
    from guidegraph.edit import saving

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    at = desk(folder)
    at.apply([said("<60 µg/L")])
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(saving, "finish", stop)
        at.save("Ann", "Why")
    at.apply([Put(THR, expand("rdfs:label"), (Literal("Later", language="en"),))])
    (folder / "thresholds.ttl").open("a").write("# by hand\n")
    if is_open:
        at.refresh()
    else:
        at.close()
        at = desk(folder)
    assert "G115" in [each.code for each in at.findings]
    assert [each.subjects for each in at.steps] == [(THR,)]
    at.close()
    at = desk(folder)
    at.save("Ann", "Why")
    there = Workspace.open(folder).describe(THR)
    assert there[PRINTED] == (Literal("<60 µg/L"),)
    assert there[expand("rdfs:label")] == (Literal("Later", language="en"),)
    assert (folder / "thresholds.ttl").read_text(encoding="utf-8").endswith("# by hand\n")
    assert (folder / "edits.ttl").read_text(encoding="utf-8").count("gg:EncodingActivity") == 2


def test_a_read_only_file_keeps_the_draft(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    (folder / "thresholds.ttl").chmod(0o444)
    with pytest.raises(UsageError) as refused:
        at.save("Ann", "Why")
    assert refused.value.findings[0].code == "W203"
    assert len(at.steps) == 1
    assert not (folder / "edits.ttl").exists()
    (folder / "thresholds.ttl").chmod(0o644)
    at.save("Ann", "Why")


def test_a_file_that_was_removed_meanwhile(folder):
    at = desk(folder)
    at.apply([said("<60 µg/L")])
    (folder / "thresholds.ttl").unlink()
    with pytest.raises(GuidelineError) as refused:
        at.save("Ann", "Why")
    assert refused.value.findings[0].code == "G111"
    assert len(at.steps) == 1
    assert not (folder / "thresholds.ttl").exists()


def test_another_program_that_saves_meanwhile_loses_nothing(folder):
    from guidegraph.workspace.saving import save

    at = desk(folder)
    at.apply([said("<60 µg/L")])
    space = Workspace.open(folder)
    label = Put(THR, expand("rdfs:label"), (Literal("By another", language="en"),))
    save(folder, space.draft([label]))
    at.save("Ann", "Why")
    there = Workspace.open(folder).describe(THR)
    assert there[PRINTED] == (Literal("<60 µg/L"),)
    assert there[expand("rdfs:label")] == (Literal("By another", language="en"),)


# ---- kill -9 ---------------------------------------------------------------------------------

TELL = os.write


def started(folder: Path) -> Path:
    counter.make(folder)
    (folder / "guideline.ttl").write_text(HEADER)
    return folder


def bare(folder: Path) -> Desk:
    """A desk that knows no ontology: quick to open."""
    return desk(folder, Plain(folder, Graph()))


def counted(at: Desk) -> int:
    (value,) = at.describe(counter.D + "a")[counter.D + "is"]
    return int(value.lexical)  # type: ignore[union-attr]


def forked(folder: Path) -> tuple[int, int]:
    """An editor that counts up, undoes, and saves; it tells each step and each saving."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.close(reading)
        at = bare(folder)
        now = counted(at)
        os.write(writing, b"ready\n")
        while True:
            now += 1
            at.apply(counter.put(now))
            TELL(writing, b"step %d\n" % now)
            if now % 5 == 0:
                at.undo()
                at.redo()
            if now % 3 == 0:
                at.save("Ann", "Because")
                TELL(writing, b"saved %d\n" % now)
    finally:
        os._exit(1)


def held(folder: Path, process: int, reading: int, before: tuple[int, int]) -> tuple[int, int]:
    """Where the draft and the files stand after a process was killed."""
    _, status = os.waitpid(process, 0)
    with os.fdopen(reading, "rb") as pipe:
        lines = [each.split() for each in pipe.read().split(b"\n")[:-1]]
    assert os.WIFSIGNALED(status), status
    told = dict.fromkeys((b"step", b"saved"), 0) | {e[0]: int(e[1]) for e in lines if len(e) > 1}
    step, saved = max(before[0], told[b"step"]), max(before[1], told[b"saved"])
    at = bare(folder)
    try:
        now = counted(at)
        kept = Workspace.open(folder).describe(counter.D + "a")[counter.D + "is"]
        files = int(kept[0].lexical)  # type: ignore[union-attr]
        # undoing and doing again is no step: between them the one before is shown
        assert now in ((step, step + 1) if step % 5 else (step - 1, step, step + 1)), "a step lost"
        assert files >= saved, "a saving lost"
        assert counter.read(folder) == counter.at(files), "a file torn"
        assert (folder / "other.ttl").read_text() == counter.OTHER
        assert all(each.code in ("G104", "G115") for each in at.findings)
        assert at.conflicts == () and at.refused == ()
        if at.undone:
            at.redo()
        now = counted(at)
    finally:
        at.close()
    return now, files


def kill_at_random(place: Path, times: int) -> None:
    random = Random(times)
    total = 0
    for number in range(times):
        if number % 25 == 0:
            folder, state = started(place / str(number)), (0, 0)
        process, reading = forked(folder)
        assert os.read(reading, 6) == b"ready\n"
        time.sleep(random.random() * 0.06)
        os.kill(process, signal.SIGKILL)
        new = held(folder, process, reading, state)
        total += new[0] - state[0]
        state = new
    assert total > times / 2


@posix
def test_kill_at_any_moment_loses_nothing(tmp_path):
    kill_at_random(tmp_path, 80)


@posix
@pytest.mark.slow
def test_a_thousand_kills_lose_nothing(tmp_path):
    kill_at_random(tmp_path, 1000)


@posix
def test_a_saving_that_was_cut_off_is_finished_with_all_that_belongs_to_it(repository, folder):
    """The editor ends when the files are written: cases and branch follow at the next start."""
    process = os.fork()
    if not process:
        from guidegraph.edit import saving
        from guidegraph.edit.things import rename

        at = desk(folder)
        at.apply(rename(at, D + "REC-1", "REC-first"))
        saving.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        at.save("Ann", "A better name", "better/name")
        os._exit(0)
    os.waitpid(process, 0)
    assert "REC-first" not in (folder / "cases.yaml").read_text(encoding="utf-8")
    at = desk(folder)
    assert "G115" in [each.code for each in at.findings]
    assert at.steps == ()
    assert "REC-first" in (folder / "cases.yaml").read_text(encoding="utf-8")
    changed = git(repository, "diff", "--name-only", "main", "better/name")
    assert f"{folder.name}/cases.yaml" in changed
    tip = git(repository, "rev-parse", "better/name")
    at.close()
    desk(folder)
    assert git(repository, "rev-parse", "better/name") == tip
