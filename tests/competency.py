"""Asking the named queries of the toolkit, and the answers as people see them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from guidegraph.entity import Entity
from guidegraph.query import Graph, named, run

Told = tuple[str | None, ...]


def rows(asked: Graph, name: str, columns: str, **params: str) -> list[Told]:
    """Some columns of an answer, each distinct row once, in their order."""
    return _rows(asked, None, name, columns, params)


def own_rows(asked: Graph, folder: Path, name: str, columns: str, **params: str) -> list[Told]:
    """The same for the queries that a guideline brings itself, too."""
    return _rows(asked, folder, name, columns, params)


def _rows(
    asked: Graph, folder: Path | None, name: str, columns: str, params: dict[str, str]
) -> list[Told]:
    query = {each.name: each for each in named(folder)}[name]
    result = run(query, asked, params, rows=None)
    wanted = [result.columns.index(each) for each in columns.split()]
    told = [
        tuple(cell.display if (cell := row[at]) else None for at in wanted) for row in result.rows
    ]
    return list(dict.fromkeys(told))


def names(found: Iterable[Entity]) -> set[str]:
    """Things as an answer names them."""
    return {f"d:{each.id}" for each in found}


def ref(name: str | None) -> str | None:
    """The name of a thing as an answer gives it."""
    return f"d:{name}" if name else None
