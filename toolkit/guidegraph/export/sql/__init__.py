"""The guideline as SQL over tables of persons and samples: DuckDB and Spark from one form."""

from guidegraph.export.sql.exporter import (
    DUCKDB,
    SPARK,
    SqlExporter,
    criterion_columns,
    script,
    views,
)
from guidegraph.export.sql.tables import Column, Tables, tables

__all__ = [
    "DUCKDB",
    "SPARK",
    "Column",
    "SqlExporter",
    "Tables",
    "criterion_columns",
    "script",
    "tables",
    "views",
]
