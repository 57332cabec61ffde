"""What a workbook was when it was exported, kept on a hidden sheet: the base of every merge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guidegraph.sheet.book import Book, row_state
from guidegraph.sheet.cells import Cell
from guidegraph.sheet.columns import Key

FORM = "guidegraph workbook 1"
_CHUNK = 30_000
"""Characters of one cell."""

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A row as it was exported."""

    iri: str
    state: str
    cells: Mapping[Key, Cell]


@dataclass(frozen=True, slots=True)
class BaseTable:
    """A sheet as it was exported: its columns by their headings, and its rows by their IRIs."""

    name: str
    headings: Mapping[str, Key]
    rows: Mapping[str, BaseRow]


@dataclass(frozen=True)
class Ledger:
    """Everything as it was exported."""

    namespace: str
    files: Mapping[str, str]
    tables: Mapping[str, BaseTable] = field(repr=False)


class SpoiltLedgerError(ValueError):
    """The hidden sheet is not as it was written."""


def lines(book: Book) -> Iterator[Line]:
    """The lines of the hidden sheet, each a row of texts; the last one seals the others."""
    made = [(FORM,), *_entries(book)]
    yield from made
    yield ("seal", _seal(made))


def _entries(book: Book) -> Iterator[Line]:
    yield _line("book", book.namespace, {"made_by": book.made_by, "files": dict(book.files)})
    for table in book.tables:
        told = [[*each.key, each.heading] for each in table.columns]
        yield _line("table", table.name, told)
        for row in table.rows:
            said = {
                number: [each.text, each.state, each.is_open]
                for number, column in enumerate(table.columns)
                if (each := row.cells[column.key]) != Cell()
            }
            yield _line("row", row.iri, [row_state(table, row), said])


def _line(kind: str, name: str, data: object) -> Line:
    told = json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("_x", "\\u005fx")
    chunks = (told[at : at + _CHUNK] for at in range(0, len(told), _CHUNK))
    return (kind, name, *chunks)


def _seal(made: Iterable[Line]) -> str:
    told = "\n".join("\t".join(each) for each in made)
    return hashlib.sha256(told.encode()).hexdigest()


def ledger(found: Iterable[Line]) -> Ledger:
    """What the hidden sheet says; a ``SpoiltLedgerError`` where it was changed or cut off."""
    said = [tuple(each) for each in found]
    if not said or said[0] != (FORM,):
        raise SpoiltLedgerError("it was made by another version of guidegraph")
    if said[-1] != ("seal", _seal(said[:-1])):
        raise SpoiltLedgerError("it was changed or cut off")
    kind, namespace, *rest = said[1]
    about: dict[str, Any] = json.loads("".join(rest))
    tables: dict[str, BaseTable] = {}
    keys: list[Key] = []
    rows: dict[str, BaseRow] = {}
    for kind, name, *chunks in said[2:-1]:
        data: Any = json.loads("".join(chunks))
        if kind == "table":
            headings = {heading: Key(path, tag, inner) for path, tag, inner, heading in data}
            keys, rows = list(headings.values()), {}
            tables[name] = BaseTable(name, headings, rows)
        else:
            state, cells = data
            told = {keys[int(number)]: Cell(*each) for number, each in cells.items()}
            rows[name] = BaseRow(name, state, {key: told.get(key, Cell()) for key in keys})
    return Ledger(namespace, about["files"], tables)
