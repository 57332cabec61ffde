"""Files of rows: one row for each value of each person, in our own layout."""

from __future__ import annotations

from guidegraph.cohort.faults import fault, stop
from guidegraph.cohort.sources import Table

NAMES = {
    "person": "person",
    "observable": "observable",
    "value": "value",
    "unit": "unit",
    "assay": "assay",
    "instant_text": "time",
    "minutes": "minutes",
}
"""The columns of the relation, and those of a file."""


def select(table: Table, doubles: bool, source: str, kept: str) -> str:
    """The rows of a file as texts.

    Raises:
        CohortError: the numbers are binary, or times have no offset from UTC.
    """
    kind = table.columns.get("time", "")
    if kind.startswith(("TIMESTAMP", "DATE")) and "ZONE" not in kind:
        message = "The column `time` does not say how far its times are from UTC."
        help_ = "Write it as TIMESTAMP WITH TIME ZONE, or as text with an offset."
        raise stop([fault("K102", message, table.place(1), help=help_)])
    columns = (f"{table.text(column, doubles)} AS {name}" for name, column in NAMES.items())
    return f"SELECT {', '.join(columns)}{kept} FROM {source}"
