"""The guideline as SQL over tables of persons and samples: DuckDB and Spark from one form."""

from guidegraph.export.sql.exporter import (
    DUCKDB,
    SPARK,
    SqlExporter,
    criterion_columns,
    script,
    views,
)
from guidegraph.export.sql.lacking import WORD, Lacking, lacking
from guidegraph.export.sql.tables import Column, Tables, tables

__all__ = [
    "DUCKDB",
    "SPARK",
    "WORD",
    "Column",
    "Lacking",
    "SqlExporter",
    "Tables",
    "criterion_columns",
    "lacking",
    "script",
    "tables",
    "views",
]
