"""The SQL of a guideline in Spark, on this machine: half a minute passes before it answers."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guidegraph.agree import cohort
from guidegraph.agree.base import RunError, Runner, Statuses, WirePatient
from guidegraph.export import ExportInput
from guidegraph.export.sql import SPARK, Tables, script, tables, views

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
}


@dataclass(frozen=True, slots=True)
class SparkExecutor:
    """``sql/<guideline>.spark.sql``."""

    name: str = "spark"
    is_fast: bool = False
    is_routine: bool = False

    def missing(self) -> str | None:
        """What must be installed, and how."""
        if importlib.util.find_spec("pyspark") is None:
            return 'pyspark is not installed: pip install "guidegraph[spark]" (needs Java 17)'
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            return "Java 17 is not installed (Spark runs on it)"
        return None

    def start(self, loaded: ExportInput) -> AbstractContextManager[Runner]:
        """A session of two threads."""
        return _started(loaded)


@contextmanager
def _started(loaded: ExportInput) -> Iterator[Runner]:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        builder = SparkSession.builder.master("local[2]").appName("guidegraph")
        for name, value in {**SETTINGS, "spark.sql.warehouse.dir": folder}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        runner = SparkRunner(
            session,
            tables(loaded.program),
            statements(script(loaded, SPARK)),
            views(loaded)[1] if loaded.program.rules else None,
            Path(folder),
        )
        try:
            runner.fill(())
            yield runner
        except PySparkException as error:
            raise RunError(f"spark: {error}") from None
        finally:
            session.stop()


@dataclass(frozen=True, slots=True)
class SparkRunner:
    """Views of persons and samples, replaced for each batch, and the views of the guideline.

    ``view`` is None where there is no recommendation to ask for.
    """

    session: Any
    needed: Tables
    statements: tuple[str, ...]
    view: str | None
    folder: Path

    def statuses(self, patients: Sequence[WirePatient]) -> Sequence[Statuses]:
        """The statuses of each patient, in order."""
        found: list[dict[str, str]] = [{} for _ in patients]
        if self.view is None:
            return found
        self.fill(patients)
        asked = f"SELECT person, recommendation, status FROM {self.view} ORDER BY place"  # noqa: S608
        for person, recommendation, status in self.session.sql(asked).collect():
            found[person][recommendation] = status
        return found

    def fill(self, patients: Sequence[WirePatient]) -> None:
        """Replace the tables by those of these patients, and the views that read them."""
        for name, path, columns in cohort.write(self.folder, self.needed, patients):
            schema = ", ".join(f"{column} {form}" for column, form in columns.items())
            read = self.session.read.schema(schema).option("mode", "FAILFAST")
            read.json(str(path)).createOrReplaceTempView(name)
        for each in self.statements:
            self.session.sql(each)


def statements(text: str) -> tuple[str, ...]:
    """The statements of a script: each ends with a line, not of comment, that ends with ``;``."""
    found: list[str] = []
    lines: list[str] = []
    for line in text.split("\n"):
        ends = line.endswith(";") and not line.lstrip().startswith("--")
        lines.append(line.removesuffix(";") if ends else line)
        if ends:
            found.append("\n".join(lines))
            lines = []
    return tuple(found)
