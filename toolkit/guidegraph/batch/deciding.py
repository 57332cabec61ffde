"""Deciding about many patients: columns in, three-valued columns out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from guidegraph.batch import arguments, blocks, fast
from guidegraph.batch.answers import refuse_strange
from guidegraph.batch.circuit import Circuit, Strange, circuit
from guidegraph.batch.columns import Answers, Numbers, Written
from guidegraph.batch.decisions import Decisions
from guidegraph.batch.faults import without
from guidegraph.batch.reading import Table, read_table
from guidegraph.errors import UsageError
from guidegraph.kernel import Value
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.patient.faults import Faults
from guidegraph.patient.settings import read_settings
from guidegraph.program import Program

Engine = Literal["auto", "numpy", "numba"]
MANY = 20_000_000
"""From so many patients on it pays to compile, which takes seconds, once in a process."""


def decide_many(
    guideline: Guideline | Program,
    columns: Any,
    *,
    settings: Mapping[str, str] | None = None,
    written: Mapping[str, Written] | None = None,
    ignore: Collection[str] = (),
    engine: Engine = "auto",
) -> Decisions:
    """Decide about every row of a table.

    ``guideline`` is taken with its default readings; a program of ``lower`` has any others.
    ``columns`` are NumPy arrays by the name of the input, an Arrow table, or a data frame of pandas
    or polars. All columns have the same length; inputs without a column are unknown of everybody.

    * numbers: integers, decimals, or texts of decimal numbers, in the unit that ``written`` states;
      float64 only where ``written`` states the printed decimals. Without ``written`` at all they
      are integers in wire form (``patient.to_wire``): counts of the last declared decimal place of
      the canonical unit. ``now`` is in minutes from the reference anchor.
    * answers: booleans, or integers 0 (no), 1 (yes), 2 (unknown);
    * codes: texts, categories or ``Coded``;
    * series: ``Series``, or Arrow lists of structs with the fields ``minute`` and ``value``.

    Masked, null and NaN entries are unknown. What is implausible or finer than declared, and a
    series with two values for one minute, is unknown too, and told in the ``findings`` of the
    result. ``settings`` are those of one site for all patients ("2000 ug/L" or a code). Columns
    named in ``ignore`` are left alone. ``engine`` "numba" compiles the
    program first, which takes seconds once in a process; "auto" does for very many patients, if
    Numba is installed.

    Raises:
        UsageError: a name is not known, a setting is not permitted, a package is missing, or an
            argument is of the wrong kind.
        ReadError: a column cannot be used; the finding names column and row.
    """
    arguments.check(guideline, settings, written, ignore, engine, Engine)
    program = guideline if isinstance(guideline, Program) else lower(guideline)
    drawn = circuit(program, _settings(program, settings or {}))
    table = read_table(program, drawn, columns, written, ignore)
    runner = fast if _is_compiled(engine, table.patients) else blocks
    rows, strange = runner.run(drawn, table.columns, table.patients)
    bits = dict(zip(drawn.outputs, rows, strict=True))
    _tell(drawn, table, strange)
    return Decisions(
        patients=table.patients,
        recommendations=tuple(drawn.standings),
        absent=table.absent,
        findings=tuple(table.amounts.faults.found),
        standings=drawn.standings,
        bits=bits,
    )


def _settings(program: Program, chosen: Mapping[str, str]) -> Mapping[str, Value]:
    faults = Faults()
    texts = {name: str(each) for name, each in chosen.items()}
    found = read_settings(None, texts, program.settings, faults)
    if found is None:
        raise UsageError(faults.found)
    return found


def _is_compiled(engine: Engine, patients: int) -> bool:
    if engine == "numba" and not fast.is_there():
        raise without("Numba", "The compiled kernel", 'pip install "guidegraph[fast]"')
    return engine == "numba" or (engine == "auto" and patients >= MANY and fast.is_there())


def _tell(drawn: Circuit, table: Table, strange: Collection[int]) -> None:
    """Numbers that are not plausible are told; what is no answer at all is refused."""
    for wire in strange:
        gate = drawn.gates[wire]
        assert isinstance(gate, Strange)
        name = gate.datum.name
        column = table.columns[name]
        if isinstance(column, Numbers):
            table.amounts.tell(table.inputs[name], column)
        elif isinstance(column, Answers):
            refuse_strange(name, column)
