"""The SQL of a guideline in DuckDB, within this process."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.agree import cohort
from guidegraph.agree.base import RunError, Runner, Statuses, WirePatient
from guidegraph.export import ExportInput
from guidegraph.export.sql import DUCKDB, criterion_columns, script, tables, views
from guidegraph.kernel import Truth

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class DuckDBExecutor:
    """``sql/<guideline>.duckdb.sql``."""

    name: str = "duckdb"
    is_fast: bool = True
    is_routine: bool = True

    def missing(self) -> str | None:
        """What must be installed, and how."""
        if importlib.util.find_spec("duckdb") is None:
            return 'duckdb is not installed: pip install "guidegraph[agree]"'
        return None

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """A database in memory with the views of the guideline."""
        return _started(loaded)


@contextmanager
def _started(loaded: ExportInput) -> Iterator[Runner]:
    import duckdb

    with (
        duckdb.connect(config={"autoinstall_known_extensions": "false"}) as database,
        tempfile.TemporaryDirectory() as folder,
    ):
        runner = DuckDBRunner(database, loaded, Path(folder))
        try:
            runner.fill(())
            database.execute(script(loaded, DUCKDB))
        except duckdb.Error as error:
            raise RunError(f"duckdb: {error}") from None
        yield runner


class DuckDBRunner:
    """Tables of persons and samples, filled anew for each batch, and the views of a guideline."""

    def __init__(self, database: DuckDBPyConnection, loaded: ExportInput, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.needed = tables(loaded.program)
        self.columns, self.rows = views(loaded)
        self.criteria = criterion_columns(loaded)
        self.has_rules = bool(loaded.program.rules)
        self._met: dict[str, Statuses] = {}

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        import duckdb

        if not patients or not self.has_rules:
            return [{} for _ in patients]
        try:
            self.fill(patients)
            return self._ask(len(patients))
        except duckdb.Error as error:
            raise RunError(f"duckdb: {error}") from None

    def truths(self, patient: WirePatient) -> Mapping[str, Truth]:
        """The truth of every criterion by name, for one patient."""
        import duckdb

        asked = ", ".join(["person", *self.criteria.values()])
        try:
            self.fill([patient])
            row = self.database.execute(f"SELECT {asked} FROM {self.columns}").fetchone()  # noqa: S608
        except duckdb.Error as error:
            raise RunError(f"duckdb: {error}") from None
        return dict(zip(self.criteria, row[1:] if row else (), strict=True))

    def fill(self, patients: Sequence[WirePatient]) -> None:
        """Replace both tables by the rows of these patients."""
        for name, path, columns in cohort.write(self.folder, self.needed, patients):
            self.database.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM read_json($path,"  # noqa: S608
                " format = 'newline_delimited', columns = $columns)",
                {"path": str(path), "columns": columns},
            )

    def _ask(self, count: int) -> list[Statuses]:
        """One text of all statuses for each person: fetching a row for each takes far longer."""
        names = [
            name
            for (name,) in self.database.execute(
                f"SELECT recommendation FROM {self.rows} WHERE person = 0 ORDER BY place"  # noqa: S608
            ).fetchall()
        ]
        texts = (f"MAX(CASE WHEN place = {n} THEN status END)" for n, _ in enumerate(names, 1))
        rows = self.database.execute(
            f"SELECT concat_ws(' ', {', '.join(texts)})"  # noqa: S608
            f" FROM {self.rows} GROUP BY person ORDER BY person"
        ).fetchall()
        if len(rows) != count:
            raise RunError(f"duckdb answered about {len(rows)} of {count} patients")
        met = self._met
        for (told,) in rows:
            if told not in met:
                met[told] = dict(zip(names, told.split(), strict=True))
        return [met[told] for (told,) in rows]
