"""Whether a workbook still has its sheets, columns and rows, in whatever order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import UsageError
from guidegraph.sheet import faults, incoming
from guidegraph.sheet.book import COLUMNS, ID, LEDGER, LISTS, READ_ME, STATE
from guidegraph.sheet.columns import Key
from guidegraph.sheet.faults import CellPlace
from guidegraph.sheet.incoming import Raw, RawBook, RawSheet, lines_of
from guidegraph.sheet.ledger import BaseTable, Ledger, SpoiltLedgerError, ledger
from guidegraph.suggestion import alike
from guidegraph.terms import local_name

_LOOKED_AT = 20
"""Rows among which the headings are looked for."""

_TELLING = 3
"""Cells with words that a row must have to be recognised by them."""

_AREA = re.compile(r"[A-Z]+(\d+)(?::[A-Z]+(\d+))?")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet as it came back: its id (none for a new one) and its cells by column."""

    number: int
    iri: str
    cells: Mapping[Key, Raw]


@dataclass(frozen=True)
class Sheet:
    """A sheet as it came back, with where each of its columns stands now."""

    base: BaseTable
    columns: Mapping[Key, int]
    lines: tuple[Line, ...]

    def heading(self, key: Key) -> str:
        """What a column is called."""
        return next(each for each, one in self.base.headings.items() if one == key)


def ledger_of(book: RawBook, namespace: str) -> Ledger:
    """What the workbook was; a ``UsageError`` where that is lost or is another guideline."""
    hidden = book.sheets.get(LEDGER)
    if hidden is None:
        reason = f"its hidden sheet “{LEDGER}” is missing"
        raise UsageError([faults.foreign(book.file, reason)])
    try:
        found = ledger(lines_of(hidden))
    except (SpoiltLedgerError, ValueError, KeyError, IndexError, TypeError) as spoilt:
        told = str(spoilt) if isinstance(spoilt, SpoiltLedgerError) else "it cannot be read"
        reason = f"its hidden sheet “{LEDGER}” is not as it was ({told})"
        raise UsageError([faults.foreign(book.file, reason)]) from None
    if found.namespace != namespace:
        reason = f"it belongs to {found.namespace}, the guideline is {namespace}"
        raise UsageError([faults.foreign(book.file, reason)])
    return found


def sheets(book: RawBook, base: Ledger) -> tuple[list[Sheet], list[Diagnostic]]:
    """Every exported sheet as it came back, and what is wrong with their form."""
    found: list[Sheet] = []
    findings: list[Diagnostic] = []
    own = (READ_ME, COLUMNS, LISTS, LEDGER)
    added = [each for each in book.sheets if each not in base.tables and each not in own]
    for name, table in base.tables.items():
        raw = book.sheets.get(name)
        if raw is None:
            near = alike(name, added)
            findings.append(faults.absent(book.file, name, f"“{near[0]}”" if near else ""))
            continue
        sheet, wrong = _sheet(book, raw, table)
        findings += wrong
        if sheet is not None:
            found.append(sheet)
    findings += [faults.added(book.file, each) for each in added if book.sheets[each].rows]
    return found, findings


def _sheet(book: RawBook, raw: RawSheet, table: BaseTable) -> tuple[Sheet | None, list[Diagnostic]]:
    top = CellPlace(f"{book.file}:{table.name}", 1)
    headed = (n for n, cells in sorted(raw.rows.items())[:_LOOKED_AT] if _is_head(cells, table))
    head = next(headed, 0)
    if not head:
        few = ", ".join([ID, *list(table.headings)[:2], "…"])
        return None, [faults.no_headings(top, few)]
    findings = [
        faults.merged(top, area)
        for area in raw.merged
        if (found := _AREA.match(area)) and int(found[2] or found[1]) >= head
    ]
    at, wrong = _columns(book, raw, table, head)
    findings += wrong
    if wrong:
        return None, findings
    columns = {key: at[heading] for heading, key in table.headings.items()}
    lines, wrong = _lines(book, raw, table, head, at)
    return Sheet(table, columns, lines), [*findings, *wrong]


def _is_head(cells: tuple[Raw, ...], table: BaseTable) -> bool:
    said = {each.text.strip() for each in cells}
    return ID in said or 2 * len(said & set(table.headings)) > len(table.headings)


def _columns(
    book: RawBook, raw: RawSheet, table: BaseTable, head: int
) -> tuple[dict[str, int], list[Diagnostic]]:
    """Where each heading stands now; columns count from 1."""
    found: dict[str, int] = {}
    findings = []
    strange: list[tuple[int, str]] = []
    for number, cell in enumerate(raw.rows[head], 1):
        heading = cell.text.strip()
        at = book.place(table.name, head, number)
        if heading in found:
            findings.append(faults.column_twice(at, heading))
        elif heading in table.headings or heading in (ID, STATE):
            found[heading] = number
        elif heading or _is_used(raw, head, number):
            strange.append((number, heading))
    for heading in (ID, STATE, *table.headings):
        if heading not in found:
            near = alike(heading, [each for _, each in strange if each])
            told = f"“{near[0]}”" if near else ""
            at = CellPlace(f"{book.file}:{table.name}", head)
            findings.append(faults.column_gone(at, heading, told))
    widest = max((len(cells) for cells in raw.rows.values()), default=0)
    beyond = range(len(raw.rows[head]) + 1, widest + 1)
    strange += [(number, "") for number in beyond if _is_used(raw, head, number)]
    for number, heading in strange:
        at = book.place(table.name, head, number)
        findings.append(faults.column_added(at, heading))
    return found, findings


def _is_used(raw: RawSheet, head: int, column: int) -> bool:
    return any(
        number > head and len(cells) >= column and cells[column - 1].kind != incoming.EMPTY
        for number, cells in raw.rows.items()
    )


def _lines(
    book: RawBook, raw: RawSheet, table: BaseTable, head: int, at: Mapping[str, int]
) -> tuple[tuple[Line, ...], list[Diagnostic]]:
    found: list[Line] = []
    findings: list[Diagnostic] = []
    first: dict[str, int] = {}
    owners = _owners(table)
    for number, cells in sorted(raw.rows.items()):
        if number <= head:
            continue
        line = _line(number, cells, table, at)
        state = _cell(cells, at[STATE]).text
        here = book.place(table.name, number, at[ID])
        name = local_name(line.iri)
        if line.iri in first:
            place = book.place(table.name, first[line.iri], at[ID])
            findings.append(faults.row_twice(here, name, place))
        elif line.iri and line.iri not in table.rows:
            findings.append(faults.row_unknown(here, line.iri))
        elif (line.iri and table.rows[line.iri].state != state) or (state and not line.iri):
            findings.append(faults.row_mixed(here, name or "a row"))
        elif line.iri and line.iri not in owners.get(_texts(line), [line.iri]):
            findings.append(faults.row_mixed(here, name))
        else:
            found.append(line)
        if line.iri:
            first.setdefault(line.iri, number)
    findings += _gone(book, table, first)
    return tuple(found), findings


def _owners(table: BaseTable) -> dict[tuple[str, ...], list[str]]:
    """Whose words each row had: found beside another id, only a part of the row was moved."""
    found: dict[tuple[str, ...], list[str]] = {}
    for iri, row in table.rows.items():
        told = tuple(row.cells[key].text for key in table.headings.values())
        if len([each for each in told if each]) >= _TELLING:
            found.setdefault(told, []).append(iri)
    return found


def _texts(line: Line) -> tuple[str, ...]:
    return tuple(each.text for each in line.cells.values())


def _gone(book: RawBook, table: BaseTable, there: Mapping[str, int]) -> Iterator[Diagnostic]:
    at = CellPlace(f"{book.file}:{table.name}", 1)
    for iri, row in table.rows.items():
        if iri not in there:
            label = next((each.text for each in row.cells.values() if each.text), "")
            yield faults.row_gone(at, local_name(iri), faults.quoted(label))


def _line(number: int, cells: tuple[Raw, ...], table: BaseTable, at: Mapping[str, int]) -> Line:
    told = {key: _cell(cells, at[heading]) for heading, key in table.headings.items()}
    return Line(number, _cell(cells, at[ID]).text.strip(), told)


def _cell(cells: tuple[Raw, ...], number: int) -> Raw:
    return cells[number - 1] if number <= len(cells) else Raw()
