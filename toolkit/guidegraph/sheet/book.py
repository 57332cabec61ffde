"""A workbook as values: its sheets, what stands in every cell, and what everything was then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from guidegraph import __version__
from guidegraph.sheet.columns import Column
from guidegraph.sheet.pathways import tables_of_pathways
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.tables import Row, Table, tables_of_classes
from guidegraph.terms import expand
from guidegraph.turtle.values import Literal
from guidegraph.workspace.writing import digest

ID, STATE = "Row id (do not change)", "Row state (do not change)"
"""The headings of the two hidden columns."""

READ_ME, COLUMNS, LISTS, LEDGER = "Read me", "Columns", "Lists", "guidegraph"
"""The sheets beside the tables; the last two are hidden."""


@dataclass(frozen=True)
class Book:
    """Everything that a workbook of a guideline holds."""

    title: str
    namespace: str
    version: str
    made_by: str
    files: Mapping[str, str]
    tables: tuple[Table, ...]
    lists: Mapping[tuple[str, ...], str]

    def table(self, name: str) -> Table | None:
        """The sheet of this name."""
        return next((each for each in self.tables if each.name == name), None)


def book(scene: Scene) -> Book:
    """The workbook of a folder as it is now."""
    found = (*tables_of_pathways(scene), *tables_of_classes(scene))
    header = next(iter(scene.things(expand("gg:Guideline"))), "")
    return Book(
        title=scene.label(header) if header else scene.namespace,
        namespace=scene.namespace,
        version=_said(scene, header, "owl:versionInfo"),
        made_by=f"guidegraph {__version__}",
        files={
            file: digest(each.text.encode("utf-8", "surrogateescape"))
            for file, each in scene.workspace.documents.items()
        },
        tables=found,
        lists=_lists(scene, found),
    )


def _said(scene: Scene, iri: str, term: str) -> str:
    values = scene.said(iri).get(expand(term), ()) if iri else ()
    return next((each.lexical for each in values if isinstance(each, Literal)), "")


def choices(scene: Scene, column: Column) -> tuple[str, ...]:
    """What the drop-down list of a column offers."""
    asks = column.asks
    if asks is None:
        return ()
    if asks.datatypes[:1] == (expand("xsd:boolean"),):
        return ("yes", "no")
    return scene.names.all_of(asks)


def _lists(scene: Scene, found: tuple[Table, ...]) -> dict[tuple[str, ...], str]:
    """Every list that some column offers, with the name of the column that has it first."""
    lists: dict[tuple[str, ...], str] = {}
    for table in found:
        for column in table.columns:
            offered = choices(scene, column)
            if offered:
                lists.setdefault(offered, column.heading)
    return lists


def row_state(table: Table, row: Row) -> str:
    """By what a row is recognised as it was exported."""
    told = [row.iri]
    for column in table.columns:
        each = row.cells[column.key]
        told += [*column.key[:1], column.key.language or "", column.key.inner]
        told += [each.text, each.state]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
