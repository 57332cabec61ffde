"""The check within a run: the reference decides some persons once more, from their raw rows.

The persons are drawn so that every distinct outcome is met if there are no more than the sample;
the same seed draws the same ones. Their rows go the way of a patient file, not that of the SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.cohort.deciding import Decided
from guidegraph.cohort.faults import fault
from guidegraph.cohort.judging import NONE
from guidegraph.cohort.keys import YES_AND_NO, listed
from guidegraph.cohort.places import Place, Places
from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.evaluate.status import meaning, standings
from guidegraph.kernel import Value
from guidegraph.patient import Patient, from_node
from guidegraph.patient.clock import absolute_minute
from guidegraph.patient.document import Entry, Node, Scalar, Sequence
from guidegraph.patient.document import Mapping as Tree
from guidegraph.program import Program

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AT = Location("cohort", 1)
Row = tuple[str, str, str, str, str, str]
"""Observable, value, unit, assay, instant, minutes: as the files have them."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many persons were decided twice, of how many distinct outcomes there are."""

    persons: int
    outcomes: int
    met: int
    seed: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference for a cohort: the program, what a site chose and what absence means."""

    program: Program
    known: Places
    settings: Mapping[str, str]
    absent: Mapping[str, str]

    def statuses(self, rows: list[Row]) -> dict[str, str]:
        """The status of every recommendation for one person."""
        patient = self._patient(rows)
        meant = meaning(self.program, patient.inputs, patient.settings)
        return {each.rule.name: each.status for each in standings(self.program.rules, meant)}

    def _patient(self, rows: list[Row]) -> Patient:
        document = _document(self._facts(rows), _clock(rows, self.known))
        patient, found = from_node(document, self.program, self.settings)
        if patient is None:
            raise AssertionError(f"the settings of a cohort are checked before: {found}")
        return patient

    def _facts(self, rows: list[Row]) -> Iterator[Entry]:
        by_name = defaultdict(list)
        for row in rows:
            by_name[row[0]].append(row)
        clock = _clock(rows, self.known)
        for place in self.known.all:
            said = by_name.get(place.name, [])
            node = self._fact(place, said, clock)
            if node is not None:
                yield Entry(place.name, node, AT)

    def _fact(self, place: Place, said: list[Row], clock: list[Entry]) -> Node | None:
        if place.declared.kind == "series":
            taken = [each for each in said if not _is_none(each)]
            if taken and len(taken) < len(said):
                return None
            if not said and place.name not in self.absent:
                return None
            return Sequence(tuple(_measured(each) for each in taken), AT)
        if place.declared.kind == "quantity":
            nodes: list[Node] = [_measured(each) for each in said]
        else:
            nodes = [_answered(place, each) for each in said if each[1]]
            if any(not each[1] and self._is_misplaced(place, each, clock) for each in said):
                return None
        if not nodes:
            no = Scalar("boolean", "false", AT)
            return no if not said and place.name in self.absent else None
        return nodes[0] if len(nodes) == 1 else self._agreed(place, nodes, clock)

    def _is_misplaced(self, place: Place, row: Row, clock: list[Entry]) -> bool:
        """Whether a row without an answer has a time that cannot be used."""
        answer = _answered(place, (row[0], next(iter(place.answers)), *row[2:]))
        document = _document(iter([Entry(place.name, answer, AT)]), clock)
        patient, _ = from_node(document, self.program, self.settings)
        return patient is None or patient.unknown.get(place.name) in ("time", "future")

    def _agreed(self, place: Place, nodes: list[Node], clock: list[Entry]) -> Node | None:
        """One of several values if all that have not expired are usable and equal; else none."""
        met: dict[Value, Node] = {}
        for node in nodes:
            document = _document(iter([Entry(place.name, node, AT)]), clock)
            patient, _ = from_node(document, self.program, self.settings)
            if patient is None or patient.unknown.get(place.name) != "expired":
                met[None if patient is None else patient.inputs[place.name]] = node
        if not met:
            return nodes[0]
        return next(iter(met.values())) if len(met) == 1 and None not in met else None


def compare(
    database: DuckDBPyConnection, decided: Decided, reference: Reference, count: int, seed: int
) -> tuple[Compared, tuple[Diagnostic, ...]]:
    """Decide some persons by the reference and compare; every difference is an error."""
    drawn, outcomes, met = _draw(database, decided, count, seed)
    rows = _rows(database, drawn)
    found = []
    columns = ", ".join(decided.statuses)
    asked = f"SELECT person, {columns} FROM decided WHERE person IN ({listed(drawn)})"
    for person, *statuses in database.execute(asked).fetchall():
        expected = reference.statuses(rows.get(person, []))
        for rule, status in zip(decided.rules, statuses, strict=True):
            if expected[rule] != status:
                found.append(_difference(person, rule, str(status), expected[rule]))
    return Compared(len(drawn), outcomes, met, seed), tuple(found)


def _difference(person: str, rule: str, status: str, expected: str) -> Diagnostic:
    return fault(
        "K120",
        f"The SQL says {status} about `{rule}` for person `{person[:60]}`, the reference says "
        f"{expected}.",
        why="Both must be the same for every person, so nothing of this run is shown.",
        help="This is a fault of guidegraph and not of the data. Please report it.",
    )


def _draw(
    database: DuckDBPyConnection, decided: Decided, count: int, seed: int
) -> tuple[list[str], int, int]:
    """Persons of as many outcomes as there are; how many outcomes there are, and are met."""
    outcome = f"hash({', '.join(decided.statuses)})"
    rows = database.execute(
        f"SELECT outcome, arg_min(person, hash(person, {seed}), {count}) AS drawn FROM"
        f" (SELECT person, {outcome} AS outcome FROM decided) GROUP BY outcome"
        f" ORDER BY hash(outcome, {seed})"
    ).fetchall()
    drawn: list[str] = []
    for place in range(count):
        for _, persons in rows:
            if place < len(persons) and len(drawn) < count:
                drawn.append(persons[place])
        if len(drawn) >= count:
            break
    return drawn, len(rows), min(len(rows), len(drawn))


def _rows(database: DuckDBPyConnection, drawn: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    asked = (
        "SELECT * FROM (SELECT person, observable, value, unit, assay, instant_text, minutes"
        " FROM raw UNION ALL SELECT person, observable, '', '', '', '', '' FROM withheld)"
        f" WHERE person IN ({listed(drawn)}) ORDER BY ALL"
    )
    for person, *row in database.execute(asked).fetchall():
        found[person].append(tuple(row))
    return found


# --- a patient file from rows ---------------------------------------------------------------------


def _document(facts: Iterator[Entry], clock: list[Entry]) -> Tree:
    return Tree((*clock, Entry("facts", Tree(tuple(facts), AT), AT)), AT)


def _clock(rows: list[Row], known: Places) -> list[Entry]:
    """Anchor and ``now``; of two different ones neither is taken."""
    anchor, now = known.clocks
    entries = []
    given = [row for row in rows if row[0] == anchor]
    starts = {absolute_minute(row[4]): row[4] for row in given}
    if len(starts) == 1 and not any(row[5] for row in given):
        entry = Entry(anchor, Scalar("string", next(iter(starts.values())), AT), AT)
        entries.append(Entry("anchors", Tree((entry,), AT), AT))
    moments = {(row[4], row[5]) for row in rows if row[0] == now}
    if len(moments) == 1 and not all(*moments):
        instant, minutes = moments.pop()
        node: Node = Scalar("string", instant, AT)
        if minutes:
            node = Tree((Entry("minutes", Scalar("number", minutes, AT), AT),), AT)
        entries.append(Entry("now", node, AT))
    return entries


def _is_none(row: Row) -> bool:
    return row[1] == NONE and not row[4] and not row[5]


def _measured(row: Row) -> Tree:
    parts = {"value": row[1], "unit": row[2], "basis": row[3]}
    entries = [Entry(key, Scalar("string", text, AT), AT) for key, text in parts.items() if text]
    return Tree((*entries, *_time(row)), AT)


def _answered(place: Place, row: Row) -> Node:
    value: Node = Scalar("string", row[1], AT)
    if place.declared.kind == "boolean" and row[1] in YES_AND_NO:
        value = Scalar("boolean", row[1].lower(), AT)
    if not (row[4] or row[5]):
        return value
    return Tree((Entry("value", value, AT), *_time(row)), AT)


def _time(row: Row) -> Iterator[Entry]:
    if row[4]:
        yield Entry("at", Scalar("string", row[4], AT), AT)
    if row[5]:
        yield Entry("minutes", Scalar("number", row[5], AT), AT)
