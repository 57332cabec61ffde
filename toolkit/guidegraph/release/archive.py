"""A release on disk: a folder, or a zip file that is the same byte by byte every time."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guidegraph.read import display
from guidegraph.release.record import LARGEST, RECORD, is_safe, unreadable

MOST_FILES = 100_000
MOST_BYTES = 1024 * 1024 * 1024
"""Files, and bytes of all files together, of an archive that is unpacked."""

ENCRYPTED = 0x1
"""The flag of a zip entry that needs a password."""

_FIRST_YEAR = 1980
"""No zip file knows an earlier one."""


@dataclass(frozen=True, slots=True)
class Store:
    """The files of a release by path with their sizes, and how to read one."""

    place: str
    sizes: Mapping[str, int]
    read: Callable[[str], bytes]

    def record(self) -> bytes:
        """Its ``release.json``.

        Raises:
            ReadError: if there is none, or none that can be read.
        """
        if RECORD not in self.sizes:
            raise unreadable(self.place, f"it has no {RECORD}")
        if self.sizes[RECORD] > LARGEST:
            raise unreadable(self.place, f"its {RECORD} is too large")
        return self.read(RECORD)


def zipped(content: Mapping[str, bytes], day: str) -> bytes:
    """Files as a zip: sorted, all of one day, all with the same permissions."""
    issued = date.fromisoformat(day)
    moment = (issued.year, issued.month, issued.day, 0, 0, 0)
    if issued.year < _FIRST_YEAR:
        moment = (_FIRST_YEAR, 1, 1, 0, 0, 0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(content):
            info = zipfile.ZipInfo(path, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, wherever it is made
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content[path])
    return packed.getvalue()


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """A release folder or zip, to look into.

    Raises:
        ReadError: if it is neither, or an archive that may not be unpacked.
    """
    if path.is_dir():
        yield _folder(path)
        return
    name = display(path)
    if not path.is_file():
        raise unreadable(name, "there is no such file or folder")
    with _reading(name):
        archive = zipfile.ZipFile(path)
    with archive:
        yield _archive(archive, name)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """What can go wrong in a zip file, as findings."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise unreadable(name, "it is not a zip file, or a damaged one") from None
    except OSError as stop:
        raise unreadable(name, f"it cannot be read ({stop.strerror or stop})") from None


def _folder(folder: Path) -> Store:
    sizes = {
        each.relative_to(folder).as_posix(): each.lstat().st_size
        for each in sorted(folder.rglob("*"))
        if each.is_symlink() or each.is_file()
    }
    return Store(display(folder), sizes, lambda path: _plain(folder / path))


def _plain(path: Path) -> bytes:
    """A file of a release folder; a link is never what was released."""
    return b"" if path.is_symlink() else path.read_bytes()


def _archive(archive: zipfile.ZipFile, name: str) -> Store:
    infos = [each for each in archive.infolist() if not each.is_dir()]
    names = [each.filename for each in infos]
    if any(not is_safe(each) for each in names):
        raise unreadable(name, "it holds a path that leads out of its folder")
    if any(stat.S_ISLNK(each.external_attr >> 16) for each in infos):
        raise unreadable(name, "it holds a link")
    if any(each.flag_bits & ENCRYPTED for each in infos):
        raise unreadable(name, "it is encrypted")
    if len(set(names)) < len(names):
        raise unreadable(name, "it holds two files of one name")
    if len(infos) > MOST_FILES or sum(each.file_size for each in infos) > MOST_BYTES:
        raise unreadable(name, "unpacked it would be far larger than any release")

    def read(path: str) -> bytes:
        with _reading(name):
            return archive.read(path)

    return Store(name, {each.filename: each.file_size for each in infos}, read)
