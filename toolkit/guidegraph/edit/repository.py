"""The git repository of a guideline: what was saved goes onto a branch, and nothing else moves.

A commit is made of the tree that is there and the saved files, in an index of its own: what the
person has staged, what else is changed, and what is checked out stay as they are. Nothing is
pushed, no hook of the person runs, and nothing asks for a key.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guidegraph.edit import faults
from guidegraph.errors import UsageError

_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_STILL = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
_PATIENCE = 60
_ZERO = "0" * 40
_SLUG_LONGEST = 40


class GitError(Exception):
    """git could not do it; the words say why, ``hint`` what to do."""

    def __init__(self, reason: str, hint: str = "Commit the files by hand.") -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True)
class Repository:
    """A repository: its top folder, and where the guideline lies below it."""

    top: Path
    inside: str
    program: str

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository in which a folder lies, if it lies in one and there is git."""
        program = shutil.which("git")
        if program is None:
            return None
        place = folder.resolve()
        asking = cls(place, "", program)
        try:
            top = asking.ask("rev-parse", "--show-toplevel")
            inside = asking.ask("rev-parse", "--show-prefix")
        except GitError as stop:
            if "dubious ownership" in str(stop):
                hint = "Say that you trust it: git config --global --add safe.directory FOLDER"
                raise GitError("the repository belongs to another user", hint) from stop
            return None
        return cls(Path(top), inside, program)

    # ---- asking git ------------------------------------------------------------------------

    def ask(
        self, *arguments: str, given: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> str:
        """What git answers; a ``GitError`` with its words where it refuses."""
        environment = {name: each for name, each in os.environ.items() if name not in _HOOK}
        try:
            found = subprocess.run(  # noqa: S603 - a list of arguments, and no shell
                [self.program, "-C", str(self.top), *_STILL, *arguments],
                input=given if given is not None else b"",
                capture_output=True,
                check=False,
                timeout=_PATIENCE,
                env={**environment, **_QUIET, **(more or {})},
            )
        except (OSError, subprocess.TimeoutExpired) as stop:
            raise GitError(f"git does not answer ({type(stop).__name__})") from stop
        if found.returncode:
            told = found.stderr.decode(errors="replace").strip().splitlines()
            raise GitError(told[0].removeprefix("fatal: ").rstrip(".") if told else "git refuses")
        return found.stdout.decode(errors="surrogateescape").rstrip("\n")

    def found(self, *arguments: str) -> str:
        """What git answers; nothing where there is nothing."""
        try:
            return self.ask(*arguments)
        except GitError:
            return ""

    # ---- branches --------------------------------------------------------------------------

    @property
    def current(self) -> str:
        """The branch that is checked out; empty where none is."""
        return self.found("symbolic-ref", "--quiet", "--short", "HEAD")

    @property
    def head(self) -> str:
        """The commit that is checked out; empty where nothing is committed yet."""
        return self.found("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def tip(self, branch: str) -> str:
        """The last commit of a branch; empty where there is none."""
        return self.found("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")

    def hold_usable(self, branch: str) -> None:
        """A ``UsageError`` if no branch can have this name, or it is in use elsewhere."""
        try:
            known = self.ask("check-ref-format", "--branch", branch)
        except GitError:
            known = ""
        if known != branch or branch == "HEAD":
            raise UsageError([faults.unusable_branch(branch, "git takes no such name")])
        for other in self.found("for-each-ref", "--format=%(refname:short)", "refs/heads").split():
            if other.startswith(f"{branch}/") or branch.startswith(f"{other}/"):
                why = f"there is a branch `{other}`"
                raise UsageError([faults.unusable_branch(branch, why)])
        if branch != self.current and self._is_elsewhere(branch):
            why = "it is checked out in another folder"
            raise UsageError([faults.unusable_branch(branch, why)])

    def _is_elsewhere(self, branch: str) -> bool:
        told = self.found("worktree", "list", "--porcelain")
        return f"branch refs/heads/{branch}" in told.splitlines()

    # ---- committing ------------------------------------------------------------------------

    def commit(
        self,
        folder: Path,
        files: Iterable[str],
        branch: str,
        message: str,
        who: str,
        when: datetime,
    ) -> str | None:
        """Put the saved files onto a branch; the commit, or None where they are there already."""
        is_current = branch == self.current
        tip = self.tip(branch)
        parent = tip or self.head
        known = {file: self._path(file) for file in files}
        wanted = {
            file: path
            for file, path in known.items()
            if self._is_tracked(parent, path) or not self._is_ignored(path)
        }
        if not wanted:
            raise GitError("git is told to ignore these files", "Look at `.gitignore`.")
        with tempfile.TemporaryDirectory(prefix="guidegraph-") as temporary:
            own = {"GIT_INDEX_FILE": str(Path(temporary) / "index")}
            self.ask("read-tree", parent or "--empty", more=own)
            entries = [self._entry(folder, file, path, parent) for file, path in wanted.items()]
            told = "".join(f"{each}\0" for each in entries).encode(errors="surrogateescape")
            self.ask("update-index", "-z", "--add", "--index-info", given=told, more=own)
            tree = self.ask("write-tree", more=own)
        if parent and tree == self.ask("rev-parse", f"{parent}^{{tree}}"):
            return tip or None
        above = ("-p", parent) if parent else ()
        made = self.ask(
            *("commit-tree", "--no-gpg-sign", tree, *above, "-F", "-"),
            given=message.encode(),
            more=self._identity(who, when),
        )
        words = f"guidegraph edit: {message.splitlines()[0]}"
        where = f"refs/heads/{branch}"
        self.ask("update-ref", "-m", words, where, made, tip or _ZERO[: len(made)])
        if is_current:  # the person's index follows in these files, or they would seem to go back
            with suppress(GitError):
                self.ask("update-index", "-z", "--add", "--index-info", given=told)
        return made

    def _path(self, file: str) -> str:
        return f"{self.inside}{file}"

    def _is_tracked(self, parent: str, path: str) -> bool:
        return bool(parent and self.found("ls-tree", parent, "--", path))

    def _is_ignored(self, path: str) -> bool:
        return bool(self.found("check-ignore", "--", path))

    def _entry(self, folder: Path, file: str, path: str, parent: str) -> str:
        """One line for the index: mode, content and place of a file."""
        data = (folder / file).read_bytes()
        content = self.ask("hash-object", "-w", "--stdin", f"--path={path}", given=data)
        known = self.found("ls-tree", parent, "--", path) if parent else ""
        mode = known.split(" ")[0] if known.startswith("100") else "100644"
        return f"{mode} {content} 0\t{path}"

    def _identity(self, who: str, when: datetime) -> dict[str, str]:
        """The person as author; who is known to git as the one who commits."""
        name, email = self.found("config", "user.name"), self.found("config", "user.email")
        stamp = when.isoformat()
        return {
            "GIT_AUTHOR_NAME": who,
            "GIT_AUTHOR_EMAIL": email if not name or name == who else "",
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_NAME": name or who,
            "GIT_COMMITTER_EMAIL": email,
            "GIT_COMMITTER_DATE": stamp,
        }


def proposed(why: str, when: datetime, repository: Repository) -> str:
    """A name for a new branch, made of the day and the reason; never one that is there."""
    plain = unicodedata.normalize("NFKD", why).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _SLUG_LONGEST:
        words = words[: _SLUG_LONGEST + 1].rpartition("-")[0] or words[:_SLUG_LONGEST]
    name = f"edit/{when.strftime('%Y-%m-%d')}-{words or 'changes'}"
    number, tried = 1, name
    while repository.tip(tried):
        number += 1
        tried = f"{name}-{number}"
    return tried
