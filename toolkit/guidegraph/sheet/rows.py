"""New rows become new things, the way ``guidegraph new`` makes them, or it is said why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms.answers import Asking, Filled, asking, complete
from guidegraph.forms.form import Field
from guidegraph.forms.kinds import KINDS, Kind
from guidegraph.forms.known import Thing
from guidegraph.forms.reading import Habits
from guidegraph.forms.thing import creates, name_for
from guidegraph.sheet import faults, incoming
from guidegraph.sheet.cells import Values, lacking, put_back, understood
from guidegraph.sheet.columns import Column, Key, of_field
from guidegraph.sheet.faults import CellPlace
from guidegraph.sheet.incoming import Raw, RawBook
from guidegraph.sheet.outcome import Edit, Outcome, Tally
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.structure import Line, Sheet
from guidegraph.sheet.tables import KINDS as SHEETS
from guidegraph.sheet.typed import takes_numbers, typed
from guidegraph.terms import expand, local_name
from guidegraph.turtle.changes import Create

_INSTEAD = "Make it in the editor (`guidegraph edit`) or in the files, and export again."


@dataclass(slots=True)
class Maker:
    """Makes things of new rows."""

    scene: Scene
    book: RawBook
    habits: Habits
    tally: Tally
    made: list[Create] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)

    def creates(self) -> Iterator[Create]:
        """The new things."""
        yield from self.made

    def add(self, sheet: Sheet) -> None:
        """Make things of the new rows of a sheet."""
        kind = _kind_of(sheet.base.name)
        for line in sheet.lines:
            if line.iri or all(each.kind == incoming.EMPTY for each in line.cells.values()):
                continue
            at = self.book.place(sheet.base.name, line.number, _first(sheet, line))
            if kind is None:
                self.tally.findings.append(faults.cannot_make(at, sheet.base.name, _instead(sheet)))
            else:
                self._make(sheet, line, kind, at)

    def _make(self, sheet: Sheet, line: Line, kind: Kind, at: CellPlace) -> None:
        known = replace(self.scene.known, things=(*self.scene.known.things, *self.things))
        asked = asking(kind, known, self.scene.shapes, self.habits)
        filled = Filled()
        fields = {each.path: each for each in asked.own.fields if not each.read_only}
        edits: list[Edit] = []
        for name, raw in line.cells.items():
            if raw.kind != incoming.EMPTY:
                place = self.book.place(sheet.base.name, line.number, sheet.columns[name])
                edits.append(self._cell(asked, sheet, name, raw, fields, filled, place))
        filled.findings = [e for each in edits for e in each.findings]
        is_sound = not filled.findings
        complete(asked, filled)
        if is_sound:
            filled.findings += _lacking(fields, filled)
        told = [replace(each, at=each.at or at) for each in filled.findings]
        if told:
            refused = [replace(each, outcome=Outcome.REFUSED) for each in edits]
            known_already = {id(e) for each in edits for e in each.findings}
            more = tuple(each for each in told if id(each) not in known_already)
            if is_sound and refused:
                refused[0] = replace(refused[0], findings=more)
            self.tally.edits += refused
            return
        local = name_for(asked, filled.stated, self.scene.namespace)
        self.made += creates(asked, filled.stated, local, self.scene.namespace)
        self.things.append(Thing(self.scene.namespace + local, frozenset({expand(kind.cls)})))
        self.tally.edits += [replace(each, thing=local) for each in edits]

    def _cell(
        self,
        asked: Asking,
        sheet: Sheet,
        name: Key,
        raw: Raw,
        fields: Mapping[str, Field],
        filled: Filled,
        at: CellPlace,
    ) -> Edit:
        """Read one cell of a new row into what is filled in."""
        heading = sheet.heading(name)
        column = _column(fields.get(name.path), name, heading)
        asks = column.asks
        new = typed(raw, asks, "", at)
        findings: tuple[Diagnostic, ...] = ()
        if isinstance(new, Diagnostic):
            findings, new = (new,), raw.text
        elif asks is None:
            findings = (faults.only_shown(at, heading, "It only shows what is edited elsewhere."),)
        else:
            is_number = raw.kind == incoming.NUMBER and takes_numbers(
                [local_name(each) for each in asks.datatypes]
            )
            how = replace(self.habits, mark=".") if is_number else self.habits
            read = understood(column, asks, new, (), self.scene.names, asked.known, how)
            findings = read.findings
            before: Values = filled.stated.get(name.path, ())
            if read.values:
                filled.stated[name.path] = put_back(column, before, read.values)
        placed = tuple(replace(each, at=at) for each in findings)
        return Edit(
            at=at,
            thing="(new)",
            heading=heading,
            old="",
            new=new,
            outcome=Outcome.REFUSED if placed else Outcome.APPLIED,
            findings=placed,
            is_new=True,
        )


def _column(of: Field | None, name: Key, heading: str) -> Column:
    made = of_field(of, "", (name.language or "",)) if of else iter(())
    found = next((each for each in made if each.key == name), None)
    return replace(found or Column(key=name, heading="", band=""), heading=heading)


def _lacking(fields: Mapping[str, Field], filled: Filled) -> Iterator[Diagnostic]:
    for path, values in filled.stated.items():
        if path in fields and fields[path].parts is not None:
            yield from lacking(fields[path], values)


def _kind_of(sheet: str) -> Kind | None:
    classes = [cls for each in SHEETS if each.name == sheet and each.makes for cls in each.classes]
    return next((each for each in KINDS if each.cls in classes), None)


def _instead(sheet: Sheet) -> str:
    if sheet.base.name == "Pathways":
        return "Make it with `guidegraph new pathway`, and export again."
    return _INSTEAD


def _first(sheet: Sheet, line: Line) -> int:
    return min(sheet.columns[name] for name, raw in line.cells.items() if raw.kind != "empty")
