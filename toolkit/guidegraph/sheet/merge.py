"""Three states of every cell: as it was exported, as it came back, as the files are now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults as answers
from guidegraph.forms.form import Field
from guidegraph.forms.reading import USUAL, Habits
from guidegraph.sheet import faults, incoming
from guidegraph.sheet.cells import (
    Cell,
    Understood,
    Values,
    cell,
    lacking,
    put_back,
    share,
    state,
    understood,
)
from guidegraph.sheet.columns import Column, Key, of_field
from guidegraph.sheet.faults import CellPlace
from guidegraph.sheet.incoming import Raw, RawBook
from guidegraph.sheet.ledger import BaseRow, Ledger
from guidegraph.sheet.outcome import Edit, Merged, Outcome, Tally
from guidegraph.sheet.rows import Maker
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.structure import Line, Sheet, sheets
from guidegraph.sheet.typed import takes_numbers, typed
from guidegraph.terms import local_name
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import key

_ELSEWHERE = "It only shows what is edited elsewhere."
_TOO_MUCH = "Its value cannot be told in one cell; it is edited in the files."
_NOT_HERE = "Things of this kind do not have it."


def merged(scene: Scene, book: RawBook, base: Ledger, habits: Habits = USUAL) -> Merged:
    """What a workbook changes in a folder, cell by cell; nothing is written."""
    found, findings = sheets(book, base)
    work = _Merging(scene, book, habits, Tally(findings=findings))
    for sheet in found:
        for line in sheet.lines:
            if line.iri:
                work.line(sheet, line, sheet.base.rows[line.iri])
    work.hold_whole()
    maker = Maker(scene, book, habits, work.tally)
    for sheet in found:
        maker.add(sheet)
    return Merged(
        edits=tuple(work.tally.edits),
        findings=work.tally.all_findings(),
        changes=(*work.puts(), *maker.creates()),
    )


@dataclass(slots=True)
class _Drafted:
    """A property while cells change it: its values as they were and are to be, and its cells."""

    of: Field
    before: Values
    values: Values
    cells: list[tuple[Column, CellPlace]] = field(default_factory=list)


class _Merging:
    """A folder while the cells of a workbook are held against it."""

    def __init__(self, scene: Scene, book: RawBook, habits: Habits, tally: Tally) -> None:
        self.scene = scene
        self.book = book
        self.habits = habits
        self.tally = tally
        self.drafted: dict[tuple[str, str], _Drafted] = {}
        self.said: dict[tuple[str, Key], tuple[str, CellPlace]] = {}

    # ---- cells -------------------------------------------------------------------------------

    def line(self, sheet: Sheet, line: Line, base: BaseRow) -> None:
        """Hold a row against what it was and what the files say now."""
        for name, raw in line.cells.items():
            before = base.cells[name].text
            if raw.text == before and raw.kind in (incoming.TEXT, incoming.EMPTY):
                continue
            at = self.book.place(sheet.base.name, line.number, sheet.columns[name])
            column = self._column(sheet, line.iri, name)
            new = typed(raw, column.asks, before, at)
            if isinstance(new, str) and new == before:
                continue
            self._changed(column, line.iri, base.cells[name], new, raw, at)

    def _column(self, sheet: Sheet, iri: str, name: Key) -> Column:
        """The column as the form of this thing has it now."""
        there = self.scene.fields(iri).get(name.path)
        made = of_field(there, "", (name.language or "",)) if there else iter(())
        found = next((each for each in made if each.key == name), None)
        heading = sheet.heading(name)
        return replace(found or Column(key=name, heading="", band=""), heading=heading)

    def _changed(
        self, column: Column, iri: str, base: Cell, new: str | Diagnostic, raw: Raw, at: CellPlace
    ) -> None:
        now = self._now(column, iri)
        if isinstance(new, Diagnostic):
            self._tell(Outcome.REFUSED, column, iri, base.text, raw.text, at, new)
            return
        if not self.scene.said(iri):
            gone = faults.thing_gone(at, local_name(iri))
            self._tell(Outcome.CONFLICT, column, iri, base.text, new, at, gone)
            return
        if column.field is None or not base.is_open:
            why = _TOO_MUCH if column.field else _ELSEWHERE if _is_worked_out(column) else _NOT_HERE
            shut = faults.only_shown(at, column.heading, why)
            self._tell(Outcome.REFUSED, column, iri, base.text, new, at, shut)
            return
        read = self._read(column, iri, new, raw)
        moved = now.state != base.state
        if not read.findings and state(read.values) == now.state:
            return  # both sides say the same
        if moved:
            told = faults.conflict(at, base.text, now.text, new)
            self._tell(Outcome.CONFLICT, column, iri, base.text, new, at, told)
        elif read.findings:
            self._tell(Outcome.REFUSED, column, iri, base.text, new, at, *read.findings)
        elif self._is_free(column, iri, new, at, base):
            self._put(column, iri, read.values, at)
            self._tell(Outcome.APPLIED, column, iri, base.text, new, at)

    def _tell(
        self,
        outcome: Outcome,
        column: Column,
        iri: str,
        old: str,
        new: str,
        at: CellPlace,
        *findings: Diagnostic,
    ) -> None:
        name = local_name(iri)
        placed = tuple(replace(each, at=at, subject=each.subject or name) for each in findings)
        self.tally.edits.append(
            Edit(
                at=at,
                thing=name,
                heading=column.heading,
                old=old,
                new=new,
                outcome=outcome,
                findings=placed,
            )
        )

    def _now(self, column: Column, iri: str) -> Cell:
        if column.field is None:
            return Cell(is_open=False)
        values = self.scene.said(iri).get(column.key.path, ())
        return cell(column, column.field, values, self.scene.names)

    def _read(self, column: Column, iri: str, new: str, raw: Raw) -> Understood:
        asks = column.asks
        assert asks is not None
        values = share(column, self.scene.said(iri).get(column.key.path, ()))
        habits = _habits(self.habits, raw, asks)
        return understood(column, asks, new, values, self.scene.names, self.scene.known, habits)

    def _is_free(self, column: Column, iri: str, new: str, at: CellPlace, base: Cell) -> bool:
        """Whether no other cell says something else about the same."""
        there = self.said.setdefault((iri, column.key), (new, at))
        if there == (new, at):
            return True
        if there[0] != new:
            twice = faults.two_answers(at, column.heading, there[1])
            self._tell(Outcome.REFUSED, column, iri, base.text, new, at, twice)
        return False

    # ---- properties --------------------------------------------------------------------------

    def _put(self, column: Column, iri: str, values: Values, at: CellPlace) -> None:
        assert column.field is not None
        path = column.key.path
        before = self.scene.said(iri).get(path, ())
        drafted = self.drafted.setdefault((iri, path), _Drafted(column.field, before, before))
        drafted.values = put_back(column, drafted.values, values)
        drafted.cells.append((column, at))

    def hold_whole(self) -> None:
        """Refuse cells that leave something out that must be there."""
        for (iri, _), each in self.drafted.items():
            for wrong, at in _left_out(each):
                placed = replace(wrong, at=at, subject=local_name(iri))
                self._refuse(at, placed)

    def _refuse(self, at: CellPlace, wrong: Diagnostic) -> None:
        for number, each in enumerate(self.tally.edits):
            if each.at == at:
                again = replace(each, outcome=Outcome.REFUSED, findings=(*each.findings, wrong))
                self.tally.edits[number] = again

    def puts(self) -> Iterator[Put]:
        """The changes to be made; a property that ends as it began is none."""
        for (iri, path), each in self.drafted.items():
            if list(map(key, each.values)) != list(map(key, each.before)):
                yield Put(iri, path, each.values)


def _left_out(each: _Drafted) -> Iterator[tuple[Diagnostic, CellPlace]]:
    column, at = each.cells[-1]
    hint = next((rule.hint for rule in each.of.rules if rule.hint), "Fill it in.")
    if not each.values and each.of.required:
        yield answers.missing(column.heading, hint), at
    for one, place in each.cells:
        tag = one.key.language
        is_needed = tag and tag in each.of.languages and each.of.required and each.values
        if is_needed and not share(one, each.values):
            yield answers.missing(one.heading, hint), place
    if each.of.parts is not None and each.values:
        yield from ((wrong, at) for wrong in lacking(each.of, each.values))


def _habits(habits: Habits, raw: Raw, asks: Field) -> Habits:
    """A number that the program holds as one has its decimals after a point."""
    kinds = [local_name(each) for each in asks.datatypes]
    is_number = raw.kind == incoming.NUMBER and takes_numbers(kinds)
    return replace(habits, mark=".") if is_number else habits


def _is_worked_out(column: Column) -> bool:
    return "://" not in column.key.path
