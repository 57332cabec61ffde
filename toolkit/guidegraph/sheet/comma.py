"""A book as a folder of CSV files, for programs without XLSX; what a cell was is kept beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.sheet import faults, ledger, readme
from guidegraph.sheet.book import COLUMNS, ID, LEDGER, READ_ME, STATE, Book, row_state
from guidegraph.sheet.incoming import Raw, RawBook, RawSheet, text
from guidegraph.sheet.tables import Table

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")
_MARK = "'"
_MOST = 20 * 2**20
_SEPARATORS = ",;\t"


def files_of(book: Book) -> dict[str, bytes]:
    """The files of the folder by their names."""
    named = {
        **{f"{each.name}.csv": _csv(_lines(each)) for each in book.tables},
        f"{COLUMNS}.csv": _csv([readme.HEADINGS, *readme.explained(book)]),
        f"{LEDGER}.csv": _csv(ledger.lines(book)),
    }
    told = "".join(f"{word}\t{words}".strip() + "\n" for word, words in readme.lines(book))
    return {f"{READ_ME}.txt": told.encode("utf-8-sig"), **named}


def _lines(table: Table) -> Iterator[Iterable[str]]:
    yield (ID, STATE, *(each.heading for each in table.columns))
    for row in table.rows:
        told = (row.cells[each.key].text for each in table.columns)
        yield (row.iri, row_state(table, row), *told)


def _csv(lines: Iterable[Iterable[str]]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    for each in lines:
        writer.writerow([_safe(one) for one in each])
    return made.getvalue().encode("utf-8-sig")


def _safe(told: str) -> str:
    """A mark in front of what a program could take for a formula."""
    return _MARK + told if told.startswith(_DANGEROUS) else told


def _plain(told: str) -> str:
    is_marked = told.startswith(_MARK) and told[1:].startswith(_DANGEROUS)
    return told[1:] if is_marked else told


def opened(folder: Path) -> RawBook:
    """The CSV files of a folder as sheets."""
    found = sorted(folder.glob("*.csv"))
    if not found:
        reason = "there are no CSV files in this folder"
        help = "Give the folder that was exported, or an XLSX file."
        raise UsageError([faults.unreadable(str(folder), reason, help)])
    size = sum(each.stat().st_size for each in found)
    if size > _MOST:
        raise UsageError([faults.too_large(str(folder), f"{size // 2**20} MB")])
    return RawBook(str(folder), {each.stem: _sheet(each) for each in found})


def _sheet(path: Path) -> RawSheet:
    try:
        told = path.read_bytes().decode("utf-8-sig")
        rows = {
            number: tuple(map(_raw, cells))
            for number, cells in enumerate(_read(told), 1)
            if any(cells)
        }
    except UnicodeDecodeError:
        help = "Save it again as “CSV UTF-8”."
        raise UsageError([faults.unreadable(str(path), "it is not UTF-8", help)]) from None
    except csv.Error as fault:
        help = "Save it again as CSV, or use an XLSX workbook."
        raise UsageError([faults.unreadable(str(path), str(fault), help)]) from None
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        help = "Look who may read it."
        raise UsageError([faults.unreadable(str(path), reason, help)]) from None
    return RawSheet(path.stem, rows)


def _read(told: str) -> Iterator[list[str]]:
    head = told.partition("\n")[0]
    mark = max(_SEPARATORS, key=head.count)
    csv.field_size_limit(_MOST)
    yield from csv.reader(io.StringIO(told, newline=""), delimiter=mark)


def _raw(cell: str) -> Raw:
    return text(_plain(cell))
