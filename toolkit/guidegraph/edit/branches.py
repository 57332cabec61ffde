"""Which branch takes what is saved, and what is said about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.provenance import Record
from guidegraph.edit.repository import GitError, Repository, proposed
from guidegraph.workspace.lock import HIDDEN

CURRENT = "HEAD"
"""How a person asks for the branch that is checked out, whatever it is called."""


@dataclass(frozen=True)
class Git:
    """What git has of a saving."""

    commit: str | None = None
    branch: str | None = None
    words: str = ""
    findings: tuple[Diagnostic, ...] = ()


def around(folder: Path) -> Repository | None:
    """The repository of a folder; None where there is none, or it cannot be asked."""
    with suppress(GitError):
        return Repository.around(folder)
    return None


def offered(folder: Path, why: str, when: datetime) -> str:
    """The branch that is proposed: that of the last saving while nobody moved on, or a new one."""
    repository = around(folder)
    return "" if repository is None else _offered(folder, repository, why, when)


def _offered(folder: Path, repository: Repository, why: str, when: datetime) -> str:
    last = _last(folder)
    branch = str(last.get("branch", ""))
    if branch and last.get("head") == repository.head and repository.tip(branch):
        return branch
    return proposed(why, when, repository)


def chosen(folder: Path, repository: Repository | None, branch: str, record: Record) -> str:
    """The branch for a saving; a ``UsageError`` where it cannot be that one."""
    if repository is None:
        return ""
    name = repository.current if branch == CURRENT else branch
    if not name:
        name = _offered(folder, repository, record.why, record.when)
    repository.hold_usable(name)
    return name


def commit(folder: Path, files: Iterable[str], data: Mapping[str, Any]) -> Git:
    """Put saved files onto their branch, as far as there is a repository."""
    branch = str(data["branch"])
    try:
        repository = Repository.around(folder)
        if repository is None or not branch:
            return Git(words="The folder is not in a git repository, so nothing was committed.")
        when = datetime.fromisoformat(data["when"])
        made = repository.commit(folder, files, branch, data["message"], data["who"], when)
        _remember(folder, branch, repository.head)
    except GitError as stop:
        return Git(
            words="The files are saved, but not committed to git.",
            findings=(faults.not_committed(str(stop), stop.hint),),
        )
    if made is None:
        return Git(None, branch, f"The branch `{branch}` has these files already.")
    here = "" if branch == repository.current else "; what is checked out did not change"
    return Git(made, branch, f"Committed to the branch `{branch}`{here}. Nothing was pushed.")


def _place(folder: Path) -> Path:
    return folder / HIDDEN / "branch.json"


def _last(folder: Path) -> Mapping[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(_place(folder).read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def _remember(folder: Path, branch: str, head: str) -> None:
    """So that the next saving goes on there; without it a new branch is proposed."""
    with suppress(OSError):
        told = json.dumps({"branch": branch, "head": head})
        _place(folder).write_text(told, encoding="utf-8")
