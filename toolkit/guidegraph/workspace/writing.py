"""Putting a whole new file in the place of an old one, so that it is there after a power cut.

The new text is written beside the file under a hidden name, forced onto the disk, and renamed; a
reader sees the old file or the new one, never half of one. Mode, owner and group stay. A link is
written through: the link stays and its target changes.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.workspace import faults

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def new_token() -> str:
    """A name for one saving that no other has."""
    return secrets.token_hex(8)


def digest(data: bytes) -> str:
    """By what a text is recognised."""
    return sha256(data).hexdigest()


def digest_of(path: Path) -> str:
    """By what a file is recognised as it is now; nothing where there is none."""
    try:
        return digest(path.read_bytes())
    except FileNotFoundError:
        return ""


def target_of(folder: Path, file: str) -> Path:
    """Where a Turtle file of a folder really is; a ``UsageError`` if that is no place to write.

    A journal may come from somebody else, so it is not believed that it names only such files.
    """
    home, target = folder.resolve(), (folder / file).resolve()
    if target.is_relative_to(home):
        parts = (*Path(file).parts, *target.relative_to(home).parts)
        turtle = Path(file).suffix.lower() == target.suffix.lower() == ".ttl"
        if turtle and not any(each.startswith(".") for each in parts):
            return target
    raise UsageError([faults.outside(folder, file)])


def staged_name(target: Path, token: str) -> Path:
    """The hidden name beside a file under which its new text waits."""
    return target.with_name(f".{target.name}.{token}.new")


def stage(target: Path, data: bytes, token: str) -> Path:
    """Write the new text of a file beside it, complete and on the disk."""
    old = _writable(target)
    new = staged_name(target, token)
    handle = os.open(new, _FLAGS, 0o666 if old is None else 0o600)
    try:
        try:
            write_all(handle, data)
            if old is not None:
                _keep_owner(new, old)
                new.chmod(stat.S_IMODE(old.st_mode))
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    return new


def write_all(handle: int, data: bytes) -> None:
    """Every byte, also where the system takes them in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sync_folder(folder: Path) -> None:
    """Force the names in a folder onto the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Give one file its new text; an ``OSError`` if it cannot be, or changed meanwhile."""
    target = path.resolve()
    new = stage(target, after, f"{new_token()}.one")
    try:
        if target.read_bytes() != before:
            raise OSError(0, "it was changed meanwhile by another program")
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(target.parent)


def _writable(target: Path) -> os.stat_result | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "it is no file")
    if not found.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(0, "it is read-only")
    return found


def _keep_owner(new: Path, old: os.stat_result) -> None:
    """As far as the system allows it: only an administrator may give files to others."""
    if os.name != "posix":
        return
    own = new.stat()
    for user, group in ((old.st_uid, -1), (-1, old.st_gid)):
        if (user, group) not in ((own.st_uid, -1), (-1, own.st_gid)):
            with suppress(OSError):
                os.chown(new, user, group)
