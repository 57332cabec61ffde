"""Random edits through a workbook and back: exactly what was typed, every other byte as it was."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import sheet_example as example
from guidegraph.forms.words import fault_of
from guidegraph.sheet import comma, incoming
from guidegraph.sheet.book import book, choices
from guidegraph.sheet.cells import Cell, share
from guidegraph.sheet.columns import Column
from guidegraph.sheet.merge import merged
from guidegraph.sheet.outcome import Outcome
from guidegraph.sheet.pages import HIDDEN
from guidegraph.sheet.scene import Scene, scene
from guidegraph.sheet.structure import ledger_of
from guidegraph.sheet.tables import Row, Table
from guidegraph.sheet.typed import _DAYS
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import XSD_BOOLEAN, XSD_DECIMAL, XSD_INTEGER, Iri, Literal, Value, key
from guidegraph.workspace.workspace import Workspace

SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"


@dataclass(frozen=True)
class Edit:
    """A cell, what is typed into it, and the values of the column after that."""

    table: Table
    row: Row
    column: Column
    typed: str
    values: tuple[Value, ...]


@cache
def there(shipped: bool) -> tuple[Scene, bytes]:
    """A guideline and its workbook."""
    place = TemporaryDirectory()
    folder = SHIPPED if shipped else example.make(Path(place.name))
    found = scene(Workspace.open(folder))
    return found, example.file_of(book(found), found)


@cache
def cells(shipped: bool) -> list[tuple[Table, Row, Column]]:
    """Every cell that may be edited alone."""
    found, _ = there(shipped)
    return [
        (table, row, column)
        for table in book(found).tables
        for row in table.rows
        for column in table.columns
        if row.cells[column.key].is_open
        and not column.is_worked_out
        and column.key.path in found.fields(row.iri)
        and not (column.key.inner and not row.cells[column.key].text)
    ]


WORDS = st.text(
    st.characters(blacklist_categories=("C", "Z"), blacklist_characters="<&_"),
    min_size=1,
    max_size=30,
).filter(
    lambda told: not told[0].isdigit() and fault_of(told) is None and not _DAYS.fullmatch(told)
)
NUMBERS = st.decimals(0, 10**9, places=2).map(lambda each: each.quantize(Decimal("0.01")))


@st.composite
def edits(draw: st.DrawFn, shipped: bool) -> Edit:
    found, _ = there(shipped)
    table, row, column = draw(st.sampled_from(cells(shipped)))
    asks = column.asks
    assert asks is not None
    field = found.fields(row.iri)[column.key.path]
    may_be_empty = not field.required and not column.key.inner
    if may_be_empty and draw(st.integers(0, 4)) == 0:
        return Edit(table, row, column, "", ())
    if asks.datatypes[:1] == (XSD_BOOLEAN,):
        told = draw(st.booleans())
        return Edit(
            table, row, column, "yes" if told else "no", (Literal(str(told).lower(), XSD_BOOLEAN),)
        )
    offered = choices(found, column)
    if offered:
        most = 3 if column.splits else 1
        named = draw(st.lists(st.sampled_from(offered), min_size=1, max_size=most, unique=True))
        return Edit(
            table,
            row,
            column,
            "\n".join(named),
            tuple(Iri(_called(found, column, e)) for e in named),
        )
    kind = asks.datatypes[0] if asks.datatypes else ""
    if kind == XSD_DECIMAL:
        number = draw(NUMBERS)
        now = [e for e in _own(found, row, column) if isinstance(e, Literal)]
        same = [e for e in now if Decimal(e.lexical) == number]
        value = same[0] if same else Literal(str(number), XSD_DECIMAL)
        return Edit(table, row, column, str(number), (value,))
    if kind.endswith(("nteger",)):
        told = draw(st.integers(1, 10**6))
        return Edit(table, row, column, str(told), (Literal(str(told), XSD_INTEGER),))
    if (
        asks.names_things
        or kind.endswith(("anyURI", "date", "dateTime"))
        or asks.patterns
        or asks.limits
    ):
        return Edit(table, row, column, row.cells[column.key].text, _own(found, row, column))
    words = draw(WORDS)
    tag = column.key.language
    value = Literal(words, language=tag) if tag else Literal(words)
    return Edit(table, row, column, words, (value,))


def _own(found: Scene, row: Row, column: Column) -> tuple[Value, ...]:
    return share(column, found.said(row.iri).get(column.key.path, ()))


def _called(found: Scene, column: Column, name: str) -> str:
    """The thing that a list calls so, found the long way round."""
    asks = column.asks
    assert asks is not None
    among = [e.value.iri for e in asks.choices if isinstance(e.value, Iri)]
    among = among or [each.iri for each in found.known.of(asks.chosen_from)]
    (iri,) = {each for each in among if found.names.shown(asks, each) == name}
    return iri


def come_back(shipped: bool, wanted: list[Edit], by_csv: bool) -> None:
    """Edit, import, and hold the folder to what was typed."""
    found, data = there(shipped)
    wanted = list({(each.row.iri, each.column.key): each for each in wanted}.values())
    with TemporaryDirectory() as place:
        if by_csv:
            raw = _through_csv(found, wanted, Path(place))
        else:
            raw = _through_excel(data, wanted, Path(place))
    made = merged(found, raw, ledger_of(raw, found.namespace))
    assert all(each.outcome is Outcome.APPLIED for each in made.edits), made.findings
    draft = found.workspace.draft(made.changes)
    changed = {each.row.iri for each in wanted}
    for iri in found.workspace.subjects:
        before, after = found.workspace.describe(iri), draft.result.describe(iri)
        if iri in changed:
            before = _expected(before, [each for each in wanted if each.row.iri == iri])
        assert _said(after) == _said(before), iri
    for file, document in found.workspace.documents.items():
        result = draft.result.documents[file]
        assert document.subjects == result.subjects
        for iri in set(document.subjects) - changed:
            old, new = document.blocks(iri), result.blocks(iri)
            assert [each.text for each in old] == [each.text for each in new]


def _through_excel(data: bytes, wanted: list[Edit], place: Path) -> incoming.RawBook:
    workbook = load_workbook(io.BytesIO(data))
    for each in wanted:
        sheet = workbook[each.table.name]
        at = HIDDEN + 1 + each.table.columns.index(each.column)
        cell = sheet.cell(example.row(sheet, each.row.iri.rpartition("/")[2]), at)
        cell.value = each.typed or None
        if each.typed:
            cell.data_type = "s"
    workbook.save(place / "book.xlsx")
    return incoming.opened(place / "book.xlsx")


def _through_csv(found: Scene, wanted: list[Edit], place: Path) -> incoming.RawBook:
    made = book(found)
    typed = {(each.row.iri, each.column.key): each.typed for each in wanted}
    for name, data in comma.files_of(made).items():
        (place / name).write_bytes(data)
    for table in made.tables:
        if any(each.table.name == table.name for each in wanted):
            rows = [comma._csv([line]).decode("utf-8-sig") for line in _typed(table, typed)]
            (place / f"{table.name}.csv").write_text("".join(rows), encoding="utf-8", newline="")
    return comma.opened(place)


def _typed(table: Table, typed: dict) -> list[list[str]]:
    head, *lines = (list(each) for each in comma._lines(table))
    for row, line in zip(table.rows, lines, strict=True):
        for at, column in enumerate(table.columns, HIDDEN):
            line[at] = typed.get((row.iri, column.key), line[at])
    return [head, *lines]


def _expected(said: dict, wanted: list[Edit]) -> dict:
    """What the files should say: worked out on keys, not with the code that makes the change."""
    found = dict(said)
    for each in wanted:
        path, inner = each.column.key.path, each.column.key.inner
        values = found.get(path, ())
        if inner:
            (part,) = values
            kept = [(p, v) for p, v in part.statements if p != inner]
            found[path] = (type(part)((*kept, *((inner, v) for v in each.values))),)
        else:
            own = share(each.column, values)
            found[path] = (*(v for v in values if v not in own), *each.values)
    return {path: values for path, values in found.items() if values}


def _said(said: dict) -> dict:
    return {path: Counter(map(key, values)) for path, values in said.items() if values}


QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=5, **QUIET)
@given(st.lists(edits(shipped=False), min_size=1, max_size=6))
def test_random_edits_come_back_exactly(wanted):
    come_back(False, wanted, by_csv=False)


@settings(max_examples=8, **QUIET)
@given(st.lists(edits(shipped=False), min_size=1, max_size=6))
def test_random_edits_come_back_exactly_through_csv(wanted):
    come_back(False, wanted, by_csv=True)


@pytest.mark.slow
@settings(max_examples=8, **QUIET)
@given(st.lists(edits(shipped=True), min_size=1, max_size=12))
def test_random_edits_of_the_shipped_guideline_come_back_exactly(wanted):
    come_back(True, wanted, by_csv=False)


TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


@settings(max_examples=4, **QUIET)
@given(st.lists(TEXTS, min_size=1, max_size=5, unique=True))
def test_whatever_the_files_say_survives_the_way_out_and_back(words):
    with TemporaryDirectory() as place:
        folder = example.make(Path(place))
        found = scene(Workspace.open(folder))
        iri = example.NAMESPACE + "THR-range"
        put = Put(iri, expand("skos:altLabel"), tuple(map(Literal, words)))
        odd = Put(iri, expand("gg:reportedText"), (Literal(words[0]),))
        draft = found.workspace.draft([put, odd])
        after = scene(draft.result)
        file = Path(place) / "book.xlsx"
        file.write_bytes(example.file_of(book(after), after))
        raw = incoming.opened(file)
        made = merged(after, raw, ledger_of(raw, after.namespace))
        assert not made.edits and not made.findings
        for name, data in comma.files_of(book(after)).items():
            (Path(place) / "csv").mkdir(exist_ok=True)
            (Path(place) / "csv" / name).write_bytes(data)
        raw = comma.opened(Path(place) / "csv")
        made = merged(after, raw, ledger_of(raw, after.namespace))
        assert not made.edits and not made.findings


def test_no_cell_is_closed_without_need():
    found, _ = there(True)
    shut = [
        (row.iri, column.heading)
        for table in book(found).tables
        for row in table.rows
        for column in table.columns
        if (cell := row.cells[column.key]) != Cell() and not cell.is_open
        if cell.text and not column.is_worked_out
    ]
    assert not shut
