"""The same decision in Spark: the gathered tables go to it as Parquet, the answers come back so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.agree.spark import SETTINGS, statements
from guidegraph.cohort.deciding import COMPRESSED, Decided
from guidegraph.cohort.keys import quoted
from guidegraph.evaluate.status import STATUSES
from guidegraph.export import ExportInput
from guidegraph.export.sql import SPARK, lacking, script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def decide(
    database: DuckDBPyConnection, loaded: ExportInput, decided: Decided, folder: Path
) -> None:
    """The table ``decided``, computed by Spark on all cores of this machine."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master("local[*]").appName("guidegraph")
    for name, value in {**SETTINGS, "spark.sql.warehouse.dir": str(folder / "warehouse")}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        for name in ("persons", "samples"):
            path = folder / f"{name}.parquet"
            database.execute(f"COPY {name} TO {quoted(str(path))} ({COMPRESSED})")
            session.read.parquet(str(path)).createOrReplaceTempView(name)
        for each in (*statements(script(loaded, SPARK)), lacking(loaded, SPARK).statement):
            session.sql(each)
        masks = [name for rule in decided.rules for _, name in decided.lacks.masks[rule]]
        columns = ", ".join(["person", *decided.statuses, *masks])
        answers = folder / "answers"
        session.sql(f"SELECT {columns} FROM {decided.lacks.view}").write.parquet(str(answers))
    finally:
        session.stop()
    listed = ", ".join(map(quoted, STATUSES))
    database.execute(f"CREATE TYPE status AS ENUM ({listed})")
    cast = ", ".join(f"{each}::status AS {each}" for each in decided.statuses)
    database.execute(
        f"CREATE TABLE decided AS SELECT * REPLACE ({cast})"
        f" FROM read_parquet({quoted(str(answers / '*.parquet'))})"
    )
