"""An earlier state of a guideline as a folder: a directory, a release or a git revision.

The checkout and its index are never touched: a git revision is taken out of the repository with
``git archive`` into a temporary folder, and nothing is fetched.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NoReturn

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import UsageError
from guidegraph.read import display
from guidegraph.suggestion import did_you_mean

GUIDELINE = "guideline"
"""The folder of a release in which the guideline lies."""
RECORD = "release.json"
"""The file by which a folder is known to be an unpacked release."""
HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""What git sets for its hooks; the repository is that of the guideline, wherever this runs."""
LARGEST = 256 * 1024 * 1024
"""Bytes that are unpacked at most."""


@contextmanager
def revision(spec: str, folder: Path) -> Iterator[Path]:
    """The folder of a guideline as it is, or was, at ``spec``; temporary unless it is a directory.

    ``spec`` is a directory, a release (a zip file or its unpacked folder) or a revision of the git
    repository in which ``folder`` lies.

    Raises:
        UsageError: there is no such state, or it cannot be read (D101 to D105).
    """
    path = Path(spec)
    if spec and path.is_dir():
        yield _in_directory(path)
        return
    with tempfile.TemporaryDirectory(prefix="guidegraph-") as temporary:
        place = Path(temporary)
        if path.is_file():
            yield _unpacked(path, place)
        else:
            yield _archived(spec, folder, place)


def _refuse(code: str, message: str, why: str, help_text: str) -> NoReturn:
    raise UsageError(
        [Diagnostic(code=code, severity=Severity.ERROR, message=message, why=why, help=help_text)]
    )


# --- directories and releases ---------------------------------------------------------------------


def _in_directory(path: Path) -> Path:
    """The directory itself, or the guideline inside an unpacked release or a repository."""
    if (path / RECORD).is_file() and (path / GUIDELINE).is_dir():
        return path / GUIDELINE  # beside it a release has other Turtle files, of what was made
    if any(path.glob("*.ttl")) or not (path / GUIDELINE).is_dir():
        return path
    inner = path / GUIDELINE
    if any(inner.glob("*.ttl")):
        return inner
    found = sorted({each.parent for each in inner.glob("*/*.ttl")})
    return found[0] if len(found) == 1 else path


def _unpacked(path: Path, place: Path) -> Path:
    """The guideline of a release file, unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            _check_members(path, members)
            inside = _guideline_in(path, [PurePosixPath(each.filename) for each in members])
            for each in members:
                name = PurePosixPath(each.filename)
                if name.is_relative_to(inside):
                    target = place / GUIDELINE / Path(*name.relative_to(inside).parts)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(each))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as fault:
        _refuse(
            "D105",
            f"`{display(path)}` cannot be read as a release: {fault}.",
            "A release is a zip file with the files of a guideline in a folder `guideline`.",
            "Name a release file, a guideline folder or a git revision.",
        )
    return place / GUIDELINE


def _check_members(path: Path, members: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse names that lead out of the folder, links, and more than is sensible."""
    total = 0
    for each in members:
        name = PurePosixPath(each.filename)
        is_link = stat.S_ISLNK(each.external_attr >> 16)
        if name.is_absolute() or ".." in name.parts or "\\" in each.filename or is_link:
            _refuse(
                "D105",
                f"`{display(path)}` holds `{each.filename}`, which leads out of it.",
                "A release with such a name was not made by guidegraph, and nothing is unpacked.",
                "Ask for the release again from where it was published.",
            )
        total += each.file_size
    if total > LARGEST:
        _refuse(
            "D105",
            f"`{display(path)}` would unpack to {total} bytes; up to {LARGEST} are unpacked.",
            "A guideline is far smaller.",
            "Check that this is the release of a guideline.",
        )


def _guideline_in(path: Path, names: Iterable[PurePosixPath]) -> PurePosixPath:
    """The one folder at or below a folder ``guideline`` that holds Turtle files."""
    folders: set[PurePosixPath] = set()
    for name in names:
        if name.suffix == ".ttl" and GUIDELINE in name.parent.parts:
            root = PurePosixPath(*name.parts[: name.parts.index(GUIDELINE) + 1])
            folders.add(root)
            if name.parent != root:
                folders.add(root / name.relative_to(root).parts[0])
    direct = {name.parent for name in names if name.suffix == ".ttl"} & folders
    top = {each for each in direct if not any(other in each.parents for other in direct)}
    if len(top) != 1:
        _refuse(
            "D105",
            f"`{display(path)}` holds {'no' if not top else 'more than one'} guideline.",
            "A release has one folder `guideline` with Turtle files.",
            "Name a release file, a guideline folder or a git revision.",
        )
    return top.pop()


# --- git ------------------------------------------------------------------------------------------


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Ask git something that changes nothing and fetches nothing."""
    program = shutil.which("git")
    if program is None:
        _refuse(
            "D102",
            "There is no git on this machine.",
            "An earlier revision can only be read with git.",
            "Install git, or compare with a folder or a release: `--against FOLDER`.",
        )
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    quiet |= {"GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - arguments are a list, and git is what was asked for
        [program, "-C", str(folder), *arguments],
        capture_output=True,
        check=False,
        env={**_environment(), **quiet},
    )


def _environment() -> dict[str, str]:
    """The environment without what a git hook says of its own repository."""
    return {name: each for name, each in os.environ.items() if name not in HOOK}


def _archived(spec: str, folder: Path, place: Path) -> Path:
    """The folder as it was at a revision, taken out of the repository."""
    top, inside = _repository(spec, folder)
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", spec + "^{commit}")
    commit = found.stdout.decode().strip()
    if found.returncode or not commit:
        known = [each for each in _revisions(folder) if each != spec]
        _refuse(
            "D101",
            f"There is no folder, release or git revision `{spec}`.",
            "It was looked for here and in the git repository of the guideline." + _lacking(folder),
            did_you_mean(spec, known) if known else "Commit first, or name a folder or a release.",
        )
    path = [inside] if inside else []
    archive = _git(top, "archive", "--format=tar", commit, *(["--", *path] if path else []))
    if archive.returncode:
        _refuse(
            "D103",
            f"The folder `{inside}` is not part of the revision `{spec}`.",
            "The guideline was perhaps added, or moved to this place, after it.",
            "Name a later revision, or the folder of the earlier version.",
        )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isfile() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                continue
            target = place / Path(*name.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())
    return place / inside


def _repository(spec: str, folder: Path) -> tuple[Path, str]:
    """The top of the git repository a folder lies in, and the folder's place below it."""
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top.returncode and b"dubious ownership" in top.stderr:
        _refuse(
            "D102",
            f"git does not read the repository in which `{display(folder)}` lies, because it "
            "belongs to another user.",
            "What the guideline said before can only be read with git.",
            "Say that you trust it (`git config --global --add safe.directory FOLDER`), or name a "
            "folder or a release: `--against FOLDER`.",
        )
    if top.returncode:
        _refuse(
            "D102",
            f"`{spec}` is neither a folder nor a release, and `{display(folder)}` lies in no git "
            "repository.",
            "What the guideline said before must come from somewhere.",
            "Name a folder or a release: `--against FOLDER`.",
        )
    prefix = _git(folder, "rev-parse", "--show-prefix").stdout.decode().rstrip("\n")
    return Path(top.stdout.decode().rstrip("\n")), prefix.rstrip("/")


def _revisions(folder: Path) -> tuple[str, ...]:
    """The names of branches and tags; none where nothing is committed."""
    listed = _git(folder, "for-each-ref", "--format=%(refname:short)")
    names = listed.stdout.decode().split()
    return ("HEAD", *names) if _has_commit(folder) else tuple(names)


def _has_commit(folder: Path) -> bool:
    return not _git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").returncode


def _lacking(folder: Path) -> str:
    """Why a repository may not have a revision that there is: it is empty, or shallow."""
    if not _has_commit(folder):
        return " Nothing is committed in that repository yet."
    if _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        return (
            " That repository has no complete history (it is a shallow clone); "
            "`git fetch --unshallow --tags` completes it."
        )
    return ""
