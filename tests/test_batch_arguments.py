"""What ``decide_many`` is asked with that makes no sense is told, never a traceback."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from guidegraph.batch import Coded, Series, Written, decide_many
from guidegraph.errors import GuidelineError
from refused_columns import table

KG = {"weight": Written(unit="kg")}
DIMER = {"d-dimer": Written(unit="ug/L", basis="FEU")}


def told(columns: Any, **asked: Any) -> str:
    """The code of what is told."""
    with pytest.raises(GuidelineError) as stopped:
        decide_many(table(), columns, **asked)
    (finding,) = stopped.value.findings
    assert finding.help
    return finding.code


@pytest.mark.parametrize(
    "asked",
    [
        {"engine": "nonsense"},
        {"engine": None},
        {"settings": 5},
        {"settings": {5: "x"}},
        {"ignore": "age"},
        {"ignore": None},
        {"written": ["weight"]},
        {"written": {"weight": "kg"}},
        {"written": {"weight": Written(unit=5)}},  # type: ignore[arg-type]
        {"written": {"weight": Written(unit="kg", basis=3)}},  # type: ignore[arg-type]
        {"written": {"weight": Written(unit="kg", decimals="1")}},  # type: ignore[arg-type]
        {"written": {"weight": Written(unit="kg", decimals=True)}},
    ],
)
def test_an_argument_of_the_wrong_kind(asked: dict[str, Any]) -> None:
    assert told({"weight": np.array([60.5])}, **asked) == "M103"


@pytest.mark.parametrize("columns", [None, 5, "age", [{"age": 1}], np.zeros(2)])
def test_what_is_no_table(columns: Any) -> None:
    assert told(columns) == "M103"


def test_a_guideline_is_no_path() -> None:
    with pytest.raises(GuidelineError, match="M103"):
        decide_many("guideline", {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ([["60"], ["61", "62"]], "M102"),
        (Coded(places=[0, 1], codes=["60"]), "M104"),
        (Coded(places=[0, 1], codes=None), "M103"),  # type: ignore[arg-type]
        (Coded(places=[0, 1], codes="60"), "M103"),
    ],
)
def test_a_column_that_is_none(column: Any, code: str) -> None:
    assert told({"weight": column}, written=KG) == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"missing": "ab"}, "M102"),
        ({"missing": [0, 2]}, "M103"),
        ({"missing": ["x", "y"]}, "M103"),
        ({"missing": [None, True]}, "M103"),
        ({"values": [["1"], ["2", "3"]]}, "M102"),
    ],
)
def test_a_series_that_is_none(parts: dict[str, Any], code: str) -> None:
    given = {"offsets": [0, 1, 2], "minutes": [1, 2], "values": ["840", "900"], **parts}
    assert told({"d-dimer": Series(**given)}, written=DIMER) == code


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"minutes": [1, 2]}, "one length"),
        ({"patients": "1"}, "how many"),
        ({"rows": [[0]]}, "one"),
    ],
)
def test_rows_of_a_series_that_do_not_fit(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Series.of_rows(**{"rows": [0], "minutes": [1], "values": ["1"], "patients": 1, **parts})


def test_no_measurements_of_anybody_are_none_taken() -> None:
    none = Series.of_rows(rows=[], minutes=[], values=[], patients=2)
    assert decide_many(table(), {"d-dimer": none}).guard("R").tolist() == [2, 2]


def test_a_frame_of_polars_that_is_not_computed_yet() -> None:
    polars = pytest.importorskip("polars")
    assert told(polars.LazyFrame({"age": [70]})) == "M103"


def test_columns_of_pandas_that_know_nothing() -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(
        {
            "age": pandas.array([71, 71, None], dtype="Int64"),
            "weight": pandas.array([600, 600, 600], dtype="Int64"),
            "state": pandas.Series(["c", "c", "c"], dtype="category"),
            "in": pandas.array([False, None, True], dtype="boolean"),
            "seen": [object(), "x", pandas.Timestamp(0)],
        }
    )
    chosen = frame[[True, False, True]]
    assert decide_many(table(), chosen, ignore=("seen",)).guard("R").tolist() == [0, 2]
    assert told(chosen) == "M103"
    assert told(pandas.DataFrame({"in": pandas.to_datetime(["2020-01-01"])})) == "M103"
