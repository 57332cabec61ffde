"""What the editor refuses or tells, and in which words."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from unittest.mock import patch

from edit_example import NAME, ORIGIN, TOKEN, Browser, D, Plain, desk
from guidegraph.diagnostic import Diagnostic, Location, Severity, has_findings
from guidegraph.edit import drafts, saving
from guidegraph.edit.desk import Desk
from guidegraph.edit.listening import listen
from guidegraph.errors import GuidelineError
from guidegraph.report import render
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put, Rename
from guidegraph.turtle.values import Literal
from saving_example import at_call, full

THR, PRINTED = D + "THR-low", expand("gg:reportedText")


def told(example: Path, place: Path) -> tuple[str, int]:
    """What a person is told in the situation that a file names in one word, and the exit code."""
    word = example.read_text(encoding="utf-8").strip()
    folder = place / NAME
    try:
        found = list(SITUATIONS[word](folder))
    except GuidelineError as refused:
        found = list(refused.findings)
    shown = [each for each in found if each.code == example.stem.split("-")[0]]
    text = render(shown, "text").replace(f"{place}/", "").replace(str(os.getpid()), "4711")
    return text, int(has_findings(shown))


def _said(value: str) -> Put:
    return Put(THR, PRINTED, (Literal(value),))


def _with_step(folder: Path) -> Desk:
    at = desk(folder)
    at.apply([_said("<60 µg/L")])
    return at


def _answered(folder: Path, *, origin: str = ORIGIN, content: bytes = b"{}") -> list[Diagnostic]:
    browser = Browser(desk(folder))
    kind = {"Content-Type": "application/json"}
    headers = {"Origin": origin, "X-Guidegraph-Token": TOKEN, **kind}
    answer = browser.client.post("/api/undo", headers=headers, content=content)
    return [
        Diagnostic(
            code=each["code"],
            severity=Severity(each["severity"]),
            message=each["message"],
            at=Location(each["file"], each["line"]) if each["file"] else None,
            why=each["why"],
            help=each["help"],
            subject=each["subject"],
        )
        for each in answer.json()["findings"]
    ]


def _half(folder: Path) -> Iterable[Diagnostic]:
    at = _with_step(folder)
    at.apply([_said("<70 µg/L")])
    at.close()
    path = drafts.draft_of(folder)
    path.write_bytes(path.read_bytes()[:-20])
    return desk(folder).findings


def _damaged(folder: Path) -> Iterable[Diagnostic]:
    at = _with_step(folder)
    at.apply([_said("<70 µg/L")])
    at.close()
    path = drafts.draft_of(folder)
    path.write_bytes(path.read_bytes().replace(b"<60", b"<80", 1))
    with patch.object(drafts, "new_token", lambda: "0" * 16):
        return desk(folder).findings


def _full(folder: Path) -> Iterable[Diagnostic]:
    at = _with_step(folder)
    with patch.object(os, "fsync", at_call(1, os.fsync, full)):
        at.apply([_said("<70 µg/L")])
    return ()


def _twice(folder: Path) -> Iterable[Diagnostic]:
    at = desk(folder)
    at.alone.says("http://127.0.0.1:8765/")
    with patch("guidegraph.edit.alone._owner", lambda handle: ("process 4711 on ward-3", ORIGIN)):
        desk(folder)
    return ()


def _gone(folder: Path) -> Iterable[Diagnostic]:
    from guidegraph.edit.things import retire

    retire(desk(folder), D + "THR-hgih", "Why")
    return ()


def _both(folder: Path) -> Iterable[Diagnostic]:
    at = _with_step(folder)
    path = folder / "thresholds.ttl"
    path.write_text(path.read_text("utf-8").replace("<50 µg/L", "<55 µg/L"), encoding="utf-8")
    at.save("Ann", "Why")
    return ()


def _repository(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)


def _git(folder: Path) -> Iterable[Diagnostic]:
    _repository(folder)
    heads = folder / ".git" / "refs" / "heads"
    at = _with_step(folder)
    shutil.rmtree(heads)
    heads.write_text("in the way")
    reason = "cannot lock ref"
    found = at.save("Ann", "Why", "my-branch").findings
    return [each for each in found if reason in each.message] and [_plainly(e) for e in found]


def _plainly(each: Diagnostic) -> Diagnostic:
    """git has other words in every version."""
    from guidegraph.edit import faults

    return faults.not_committed("cannot lock ref 'refs/heads/my-branch'", each.help or "")


def _branch(folder: Path) -> Iterable[Diagnostic]:
    _repository(folder)
    _with_step(folder).save("Ann", "Why", "strong..rise")
    return ()


def _named(folder: Path) -> Iterable[Diagnostic]:
    (folder / "notes.md").write_text("See THR-low.\n")
    at = desk(folder)
    at.apply([Rename(THR, D + "THR-lower")])
    return at.save("Ann", "Why").findings


def _cut(folder: Path) -> Iterable[Diagnostic]:
    at = _with_step(folder)
    with patch.object(saving, "finish", _stops):
        try:
            at.save("Ann", "Why")
        except KeyboardInterrupt:
            at.close()
    return Desk(folder, at.now, Plain(folder)).findings


def _stops(*_: object) -> None:
    raise KeyboardInterrupt


def _unsaid(folder: Path) -> Iterable[Diagnostic]:
    _with_step(folder).save("Ann", "")
    return ()


def _nothing(folder: Path) -> Iterable[Diagnostic]:
    desk(folder).undo()
    return ()


def _network(folder: Path) -> Iterable[Diagnostic]:
    listen("0.0.0.0", 8765)
    return ()


SITUATIONS: dict[str, Callable[[Path], Iterable[Diagnostic]]] = {
    "stranger": lambda folder: _answered(folder, origin="http://evil.example"),
    "unread": lambda folder: _answered(folder, content=b"[]"),
    "outdated": lambda folder: _answered(folder, content=b'{"revision": "older"}'),
    "half": _half,
    "full": _full,
    "twice": _twice,
    "network": _network,
    "nothing": _nothing,
    "gone": _gone,
    "unsaid": _unsaid,
    "both": _both,
    "git": _git,
    "branch": _branch,
    "named": _named,
    "cut": _cut,
    "damaged": _damaged,
}
