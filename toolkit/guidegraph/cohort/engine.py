"""The embedded database: opened over a folder of its own, filled, and asked."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MISSING = 'duckdb is not installed: pip install "guidegraph[cohort]"'


def missing() -> str | None:
    """What must be installed, and how."""
    return MISSING if importlib.util.find_spec("duckdb") is None else None


@contextmanager
def database(folder: Path, memory: str | None = None) -> Iterator[DuckDBPyConnection]:
    """A database in memory; what does not fit into ``memory`` ("4GB") goes into the folder.

    It fetches nothing: no extension is installed, and none is loaded from elsewhere.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(folder / "spill"),
    }
    if memory:
        settings["memory_limit"] = memory
    with duckdb.connect(config=settings) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = false")
        yield connection


def insert(connection: DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Rows into a table, by column: many times faster than one by one."""
    if rows:
        columns = [list(each) for each in zip(*rows, strict=True)]
        asked = ", ".join("unnest(?)" for _ in columns)
        connection.execute(f"INSERT INTO {table} SELECT {asked}", columns)
