"""A look at a workbook before it is opened: its kind, its size, what is in it, and where cells end.

Nothing here unfolds more than the limits allow, and no part is kept in memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import UsageError
from guidegraph.sheet import faults

MOST_PACKED = 20 * 2**20
MOST_UNPACKED = 64 * 2**20
MOST_OF_A_PART = 8 * 2**20
MOST_PARTS = 1_000
MOST_RATIO = 200
MOST_CELLS = 500_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_AREA = 8_000_000
_SMALL = 2**20
_SLICE = 2**16

_SHEETS = "xl/worksheets/"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SAVE_AS = "Open it in a spreadsheet program and save it as XLSX or ODS."
_KINDS = {
    ".xls": ("it is of the old type XLS", _SAVE_AS),
    ".xlsb": ("it is of the binary type XLSB", _SAVE_AS),
    ".fods": ("it is of the type FODS", _SAVE_AS),
    ".numbers": ("it is of the type Numbers", "Export it as XLSX."),
    ".csv": ("it is one CSV file", "Give the folder with all the CSV files that was exported."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type of workbook: the parts it must have, and the names of those it must not have.

    ``whole`` are the parts of which all is in memory at once; the others are read in pieces.
    """

    name: str
    parts: tuple[str, ...]
    macros: re.Pattern[str]
    links: re.Pattern[str]
    whole: re.Pattern[str]


XLSX = Type(
    name="XLSX",
    parts=("xl/workbook.xml", "[Content_Types].xml"),
    macros=re.compile(r"vbaproject|macrosheets/|/activex/|/ctrlprops/|customui", re.IGNORECASE),
    links=re.compile(
        r"externallinks/|/connections\.xml$|/querytables/|/embeddings/", re.IGNORECASE
    ),
    whole=re.compile(
        rf"(?!{re.escape(_SHEETS)}|xl/sharedStrings\.xml$).*\.(?:xml|rels)", re.IGNORECASE
    ),
)
ODS = Type(
    name="ODS",
    parts=("content.xml", "META-INF/manifest.xml", "mimetype"),
    macros=re.compile(r"^(?:basic|scripts|dialogs)/", re.IGNORECASE),
    links=re.compile(r"(?:^|/)object \d+$|^database/", re.IGNORECASE),
    whole=re.compile(r"META-INF/manifest\.xml|mimetype"),
)


@dataclass(slots=True)
class Extent:
    """What there is on one sheet: the last row and column with content, and merged areas."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    merged: list[str] = field(default_factory=list)

    def hold(self, row: int, column: int, file: str, more: int = 1) -> None:
        """Count cells with content, of which the last stands here; refuse what is too much."""
        self.cells += more
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        if self.cells > MOST_CELLS:
            raise _stop(faults.too_large(file, f"it has more than {MOST_CELLS:,} cells"))
        if row > MOST_ROWS or column > MOST_COLUMNS:
            told = f"something stands in {faults.letters(column)}{row}, far outside"
            raise _stop(faults.too_large(file, told))

    def merge(self, area: str, file: str) -> None:
        """Keep a merged area."""
        self.merged.append(area)
        if len(self.merged) > MOST_ROWS:
            raise _stop(faults.too_large(file, "it has too many merged cells"))


def held_against(path: Path, file: str) -> dict[str, Extent]:
    """The extents of the sheets of an XLSX file by their parts; else a ``UsageError``."""
    with looked_at(path, file, XLSX) as archive:
        return _extents(archive, file)


@contextmanager
def looked_at(path: Path, file: str, type_: Type) -> Iterator[zipfile.ZipFile]:
    """A workbook of this type to read from; a ``UsageError`` where it must not be, or cannot."""
    try:
        _kind(path, file, type_)
        with zipfile.ZipFile(path) as archive:
            _parts(archive, file, type_)
            yield archive
    except OSError as fault:
        reason = (fault.strerror or str(fault)).rstrip(".").lower()
        raise _stop(faults.unreadable(file, reason, "Look whether the file is there.")) from fault
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as fault:
        raise _broken(file) from fault
    except (expat.ExpatError, zlib.error, RuntimeError, ValueError) as fault:
        raise _broken(file) from fault


def _stop(finding: Diagnostic) -> UsageError:
    return UsageError([finding])


def _broken(file: str) -> UsageError:
    reason = "it is damaged or cut off"
    return _stop(faults.unreadable(file, reason, "Send or copy it again, or save it anew."))


def _kind(path: Path, file: str, type_: Type) -> None:
    suffix = path.suffix.lower()
    if suffix in _KINDS:
        raise _stop(faults.unreadable(file, *_KINDS[suffix]))
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise _stop(faults.active(file, "macros, or may hold them: it is of the type XLSM"))
    size = path.stat().st_size
    if size > MOST_PACKED:
        raise _stop(faults.too_large(file, f"{size // 2**20} MB, at most {MOST_PACKED // 2**20}"))
    with path.open("rb") as source:
        start = source.read(8)
    if start == _OLE:
        help = "Remove the password, and save it as XLSX."
        reason = "it is protected by a password, or of the old type XLS"
        raise _stop(faults.unreadable(file, reason, help))
    if not start.startswith(b"PK"):
        raise another(file, type_)


def _parts(archive: zipfile.ZipFile, file: str, type_: Type) -> None:
    found = archive.infolist()
    names = [each.filename for each in found]
    if len(found) > MOST_PARTS:
        raise _stop(faults.too_large(file, f"it has {len(found)} parts"))
    if any(each.flag_bits & 1 for each in found):
        raise locked(file)
    if len({each.casefold() for each in names}) < len(names):
        raise _broken(file)
    if any(PurePosixPath(each).is_absolute() or ".." in each.split("/") for each in names):
        raise _broken(file)
    if not set(type_.parts) <= set(names):
        raise another(file, type_)
    for each in found:
        _size(each.file_size, each.compress_size, file)
        if each.file_size > MOST_OF_A_PART and type_.whole.fullmatch(each.filename):
            mega = each.file_size // 2**20
            raise _stop(faults.too_large(file, f"its part {each.filename} has {mega} MB"))
    _size(sum(e.file_size for e in found), sum(e.compress_size for e in found), file)
    if any(map(type_.macros.search, names)):
        raise _stop(faults.active(file, "macros"))
    if any(map(type_.links.search, names)):
        raise linked(file)


def locked(file: str) -> UsageError:
    """What is told of a workbook with a password."""
    help = "Remove the password, and save it again."
    return _stop(faults.unreadable(file, "it is protected by a password", help))


def another(file: str, type_: Type) -> UsageError:
    """What is told of a file of another type than its name says."""
    return _stop(faults.unreadable(file, f"it is no {type_.name} file", _SAVE_AS))


def crowded(file: str, reason: str) -> UsageError:
    """What is told of a workbook that holds too much."""
    return _stop(faults.too_large(file, reason))


def running(file: str) -> UsageError:
    """What is told of a workbook with something that runs."""
    return _stop(faults.active(file, "macros, or buttons that start them"))


def linked(file: str) -> UsageError:
    """What is told of a workbook that takes something from elsewhere."""
    return _stop(faults.active(file, "links to other files, or files of another kind"))


def _size(unpacked: int, packed: int, file: str) -> None:
    if unpacked > MOST_UNPACKED:
        mega = unpacked // 2**20
        raise _stop(faults.too_large(file, f"it unfolds to {mega} MB"))
    if unpacked > _SMALL and unpacked > MOST_RATIO * max(packed, 1):
        raise _stop(faults.too_large(file, "it unfolds to far more than what it takes on the disk"))


def _extents(archive: zipfile.ZipFile, file: str) -> dict[str, Extent]:
    found: dict[str, Extent] = {}
    for name in archive.namelist():
        is_markup = name.lower().endswith((".xml", ".rels", ".vml"))
        with archive.open(name) as source:
            if name.startswith(_SHEETS) and name.lower().endswith(".xml"):
                found[name] = _extent(source, file)
                hold_together(found.values(), file)
            else:
                pass_over(source, is_markup, file)
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise _stop(faults.active(file, "macros, or may hold them"))
    return found


def hold_together(found: Collection[Extent], file: str) -> None:
    """Refuse sheets that are too much together, also where most of their cells are empty."""
    if sum(each.cells for each in found) > MOST_CELLS:
        raise crowded(file, f"it has more than {MOST_CELLS:,} cells")
    if sum(each.rows * each.columns for each in found) > MOST_AREA:
        raise crowded(file, "its cells stand too far apart")


def pass_over(source: IO[bytes], is_markup: bool, file: str) -> None:
    """Read a part to its end, so that its size and its sum are true; entities are refused."""
    for _ in pieces(source, file) if is_markup else iter(lambda: source.read(_SLICE), b""):
        pass


def pieces(source: IO[bytes], file: str) -> Iterator[bytes]:
    """Markup piece by piece; entities are refused before anybody follows them."""
    before = b""
    while piece := source.read(_SLICE):
        _no_entities(before + piece, file)
        before = piece[-32:]
        yield piece


def _no_entities(piece: bytes, file: str) -> None:
    if _ENTITIES.search(piece) or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _stop(faults.active(file, "definitions of entities, which can unfold without end"))


class _Extents:
    """Follows the markup of one sheet."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.extent = Extent()
        self.row = 0
        self.column = 0

    def begin(self, name: str, said: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self.row = int(said.get("r", self.row + 1))
            self.column = 0
        elif local == "c":
            self.column = _column(said.get("r", "")) or self.column + 1
        elif local in ("v", "is", "f"):
            self.extent.hold(self.row, self.column, self.file)
        elif local == "mergeCell":
            self.extent.merge(said.get("ref", ""), self.file)


def _column(reference: str) -> int:
    number = 0
    for each in reference:
        if not "A" <= each <= "Z":
            break
        number = number * 26 + ord(each) - 64
    return number


def _extent(source: IO[bytes], file: str) -> Extent:
    follower = _Extents(file)
    parser = expat.ParserCreate()
    parser.StartElementHandler = follower.begin
    for piece in pieces(source, file):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return follower.extent
