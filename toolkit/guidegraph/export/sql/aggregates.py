"""What is taken of the samples: all of it in one pass, apart from rising runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guidegraph.export.sql.dialect import comment
from guidegraph.export.sql.layout import select
from guidegraph.export.sql.logic import Computed, Expression
from guidegraph.export.sql.tables import Tables
from guidegraph.export.words import Words
from guidegraph.kernel import Agg, Fn

VALUES = "sample_values"
TAKEN: dict[Fn, tuple[str, str]] = {
    "first": ("MIN_BY(value, ", "minute"),
    "last": ("MAX_BY(value, ", "minute"),
    "count": ("COUNT(", "1"),
    "max": ("MAX(", "value"),
    "min": ("MIN(", "value"),
}
"""How a function starts, and what it takes of the samples inside the window."""


class Aggregates:
    """The common table expressions over the samples, and what the next one makes of them.

    A series counts as known when the table of persons says so and none of its samples lacks its
    minute or value: a malformed sample makes the whole series unknown.
    """

    def __init__(self, tables: Tables, literal: Callable[[str], str], words: Words) -> None:
        self.tables, self.literal, self.words = tables, literal, words
        self.runs = {
            each: f"rising_run_{number}"
            for number, each in enumerate((a for a in tables.aggregates if a.fn == "run"), 1)
        }

    def expressions(self) -> Iterator[tuple[str, list[str]]]:
        """Name and lines of each common table expression."""
        if self.tables.aggregates:
            yield VALUES, self._values()
        for node, name in self.runs.items():
            yield name, self._run(node)

    def joins(self) -> Iterator[str]:
        """The clauses that bring them to the table of persons."""
        for name in ([VALUES] if self.tables.aggregates else []) + [*self.runs.values()]:
            yield f"LEFT JOIN {name} ON {name}.person = persons.person"

    def known(self, node: Agg) -> Expression:
        """An aggregate for a person: NULL unless the series is known."""
        names = self.tables.names
        table = self.runs.get(node, VALUES)
        value = f"{table}.{names[node]}"
        if node.fn == "count":
            value = f"COALESCE({value}, 0)"
        known, malformed = names[("known", node.series)], names[("malformed", node.series)]
        test = f"persons.{known} AND COALESCE({VALUES}.{malformed}, 0) = 0"
        return Expression((f"CASE WHEN {test}", f"THEN {value} END"))

    def _values(self) -> list[str]:
        columns: list[Computed] = []
        for series in self.tables.series:
            lacks = f"{self._of(series)} AND (minute IS NULL OR value IS NULL)"
            counted = Expression((f"COUNT(CASE WHEN {lacks}", "THEN 1 END)"))
            said = (f"samples of {series} without minute or value",)
            columns.append(Computed(self.tables.names[("malformed", series)], counted, said))
        for node in self.tables.aggregates:
            if node.fn != "run":
                said = (self.words.number(node),)
                columns.append(Computed(self.tables.names[node], self._taken(node), said))
        listed = ", ".join(map(self.literal, self.tables.series))
        lines = ["SELECT", "  person,", *select(columns)]
        return [*lines, "FROM samples", f"WHERE input IN ({listed})", "GROUP BY person"]

    def _taken(self, node: Agg) -> Expression:
        start, what = TAKEN[node.fn]
        return Expression((f"{start}CASE WHEN {self._inside(node)}", f"THEN {what} END)"))

    def _run(self, node: Agg) -> list[str]:
        """The samples from the last one that is not above its predecessor, counted."""
        return [
            *comment(self.words.number(node)),
            f"SELECT person, COUNT(*) AS {self.tables.names[node]}",
            "FROM (",
            "  SELECT person, minute,",
            "    MAX(CASE WHEN previous IS NULL OR previous >= value THEN minute END)",
            "      OVER (PARTITION BY person) AS run_start",
            "  FROM (",
            "    SELECT person, minute, value,",
            "      LAG(value) OVER (PARTITION BY person ORDER BY minute) AS previous",
            "    FROM samples",
            f"    WHERE {self._inside(node)}",
            "  ) AS compared",
            ") AS rising",
            "WHERE minute >= run_start",
            "GROUP BY person",
        ]

    def _of(self, series: str) -> str:
        return f"input = {self.literal(series)}"

    def _inside(self, node: Agg) -> str:
        low = [] if node.low is None else [f"minute >= {node.low}"]
        high = [] if node.high is None else [f"minute <= {node.high}"]
        return " AND ".join([self._of(node.series), *low, *high])
