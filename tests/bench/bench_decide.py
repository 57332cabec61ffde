"""How fast decisions are: ten million patients in columns, and one patient with the full trace.

::

    python tests/bench/bench_decide.py [--patients N] [--rounds N] [--install FOLDER] [many|one]

``--install`` makes a virtual environment in FOLDER (on top of this one), installs the peers from
PyPI into it (numba, polars, pyarrow, zen-engine) and runs there; for cql-execution, run
``guidegraph agree --install-engines`` once. A peer that is not there is named and left out.

*many*: the decision table of the shipped guideline (all rules of its Table 3 and the one that
overrides them) with the D-dimer on admission and the highest later one as two columns of 64-bit
integers with 10 % missing, and six answers and codes of a byte each. Everything runs on one thread.
"Reading the columns" sums each of them. DuckDB and polars compute the status of every rule as a
number and sum it, DuckDB both over its own tables and over Arrow, of which the faster counts. All
must come to the same counts.

*one*: a decision with the answer to every criterion and rule recorded (all later explanations are
read from it), for patients made at random at the guideline's limits, all rules of the guideline.
zen-engine has only the rows of Table 3 for one patient of whom all is known, with its trace on,
held against decisions about the rules of Table 3 for patients of whom some data are missing;
cql-execution has all rules (from our ELM). No side reads a file: zen-engine is given a dictionary
that is ready (and turns it into its own values for each call), the trace-free function whole
numbers, ours a patient as ``patient`` leaves it, with exact fractions. Nothing is kept from one
patient to the next but what the program says.

Prints CPU medians of interleaved rounds, and ratios with what they should be.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from guidegraph import wire
from guidegraph.batch import Coded, decide_many
from guidegraph.evaluate import STATUSES, decide
from guidegraph.kernel import Agg, Arith, Bool, Cmp, Leaf, Num, Ref, replace_leaves, walk
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.patient import Patient
from guidegraph.program import Named, Program, Rule, needs

REPOSITORY = Path(__file__).parents[2]
GUIDELINE = REPOSITORY / "guideline" / "covid19-coagulopathy"
PEERS = ("numba", "polars", "pyarrow", "zen-engine", "duckdb")
TABLE = "OUD-T3-"
OVERRIDING = "OUD-REC-3-TX"
FIRST, HIGHEST = "d-dimer on admission", "highest d-dimer later"
Tasks = dict[str, Callable[[], object]]


# --- measuring ------------------------------------------------------------------------------------


def medians(tasks: Tasks, rounds: int) -> dict[str, float]:
    """CPU seconds of each task; the tasks take turns, so that noise meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            start = time.process_time()
            task()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def ratio(what: str, found: float, target: str) -> None:
    """One line: a ratio and what it should be."""
    sign, limit = target.split()
    reached = found <= float(limit) if sign == "<=" else found >= float(limit)
    print(f"  {what:58} {found:8.2f}   {target:8} {'reached' if reached else 'NOT REACHED'}")


def machine() -> str:
    """What this ran on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    )


def has(module: str) -> bool:
    """Whether a peer is there; says so if not."""
    found = importlib.util.find_spec(module) is not None
    if not found:
        print(f"  {module} is not installed, so it is left out (--install FOLDER installs it)")
    return found


# --- many patients --------------------------------------------------------------------------------


def table_program(program: Program) -> Program:
    """The rules of Table 3, over summary columns in place of the series."""
    rules = [e for e in program.rules if e.name.startswith(TABLE) or e.name == OVERRIDING]
    inside: set[Ref] = set()
    waiting = [need for rule in rules for need in needs(rule)]
    named = {Ref("criterion", each.name): each for each in program.criteria}
    while waiting:
        ref = waiting.pop()
        if ref in named and ref not in inside:
            inside.add(ref)
            waiting += needs(named[ref])
    series = next(each for each in program.inputs if each.name == "d-dimer")
    columns = [replace(series, name=name, kind="quantity") for name in (FIRST, HIGHEST)]
    return replace(
        program,
        inputs=(*program.inputs, *columns),
        criteria=tuple(_flat(e) for e in program.criteria if Ref("criterion", e.name) in inside),
        rules=tuple(replace(each, guard=_flattened(each.guard)) for each in rules),
    )


def _flat(named: Named) -> Named:
    return replace(named, condition=_flattened(named.condition))


def _flattened(condition: Bool) -> Bool:
    return replace_leaves(condition, _leaf)


def _leaf(leaf: Leaf) -> Leaf:
    return Cmp(leaf.op, _number(leaf.left), _number(leaf.right)) if isinstance(leaf, Cmp) else leaf


def _number(number: Num) -> Num:
    if isinstance(number, Agg):
        return Ref("input", FIRST if number.fn == "first" else HIGHEST)
    if isinstance(number, Arith):
        return Arith(tuple((f, _number(each)) for f, each in number.terms), number.constant)
    return number


def table_columns(program: Program, patients: int) -> dict[str, Any]:
    """Random columns of what the program reads."""
    chance = np.random.default_rng(7)
    conditions = list(program.conditions.values())
    read = {node.name for each in conditions for node in walk(each) if isinstance(node, Ref)}
    found: dict[str, Any] = {}
    for each in program.inputs:
        if each.name not in read:
            continue
        if each.kind == "boolean":
            found[each.name] = chance.integers(0, 3, patients).astype(np.int8)
        elif each.kind == "code":
            places = chance.integers(-1, len(each.codes), patients).astype(np.int8)
            found[each.name] = Coded(places=places, codes=each.codes)
        else:
            numbers = chance.integers(10_000, 8_000_000, patients)
            found[each.name] = np.ma.array(numbers, mask=chance.random(patients) < 0.1)
    return found


def arrays(columns: Mapping[str, Any]) -> Iterator[np.ndarray]:
    """Every array that the columns consist of, as 64-bit words where that is possible."""
    for each in columns.values():
        parts = [each.data, each.mask] if isinstance(each, np.ma.MaskedArray) else [each]
        for part in parts:
            held = np.asarray(part.places if isinstance(part, Coded) else part)
            yield held.view(np.int64) if held.size % 8 == 0 else held


def arrow_table(program: Program, columns: Mapping[str, Any]) -> Any:
    """The columns as Arrow: nulls, booleans, dictionaries."""
    import pyarrow as pa

    codes = {each.name: each.codes for each in program.inputs}
    found: dict[str, Any] = {}
    for name, each in columns.items():
        if isinstance(each, Coded):
            texts = np.array([*codes[name], None], dtype=object)
            found[name] = pa.array(texts[each.places])
        elif isinstance(each, np.ma.MaskedArray):
            found[name] = pa.array(each.data, mask=np.asarray(each.mask))
        else:
            found[name] = pa.array(each == 1, mask=each == 2)
    return pa.table(found)


class Said:
    """The rules as expressions of another engine, from the kernel, each criterion in its place."""

    def __init__(self, program: Program) -> None:
        self.program = program
        scales = {each.name: each.scale for each in (*program.inputs, *program.settings)}
        self.settings = {
            each.name: int(each.default * 10**each.scale)
            for each in program.settings
            if isinstance(each.default, Fraction)
        }
        self.scales = scales

    def comparison(self, node: Cmp) -> tuple[str, str, int]:
        """Column, sign and wire value."""
        assert isinstance(node.left, Ref)
        scale = 10 ** self.scales[node.left.name]
        if isinstance(node.right, Ref):
            return node.left.name, node.op, self.settings[node.right.name]
        return node.left.name, node.op, int(node.right.value * scale)

    def sql(self, node: Bool) -> str:
        """A condition in SQL, which is three-valued by itself."""
        kind = type(node).__name__
        match kind:
            case "Ref":
                return f'"{node.name}"'
            case "Cmp":
                name, op, value = self.comparison(node)
                return f'"{name}" {op} {value}'
            case "In":
                return f'"{node.code.name}" IN ({", ".join(map(repr, node.codes))})'
            case "Not":
                return f"NOT ({self.sql(node.operand)})"
            case _:
                sign = " AND " if kind == "And" else " OR "
                return "(" + sign.join(self.sql(each) for each in node.operands) + ")"

    def polars(self, node: Bool) -> Any:
        """A condition in polars, whose & and | are three-valued too."""
        import polars as pl

        kind = type(node).__name__
        match kind:
            case "Ref":
                return pl.col(node.name)
            case "Cmp":
                name, op, value = self.comparison(node)
                column = pl.col(name)
                return {
                    "<": column < value,
                    "<=": column <= value,
                    ">": column > value,
                    ">=": column >= value,
                }[op]
            case "In":
                return pl.col(node.code.name).is_in(list(node.codes))
            case "Not":
                return ~self.polars(node.operand)
            case _:
                parts = [self.polars(each) for each in node.operands]
                found = parts[0]
                for each in parts[1:]:
                    found = found & each if kind == "And" else found | each
                return found


def _layers(program: Program) -> tuple[list[Named], list[Rule]]:
    found = program.definitions
    return [e for e in found if isinstance(e, Named)], [e for e in found if isinstance(e, Rule)]


def sql_text(program: Program, source: str) -> str:
    """What a careful engineer writes: a column per criterion, then a CASE per rule, summed up."""
    said = Said(program)
    criteria, rules = _layers(program)
    text = f"SELECT * FROM {source}"
    for each in criteria:
        text = f'SELECT *, {said.sql(each.condition)} AS "{each.name}" FROM ({text})'
    for each in rules:
        text = f'SELECT *, {said.sql(each.guard)} AS "{each.name}" FROM ({text})'
    cases = []
    for each in rules:
        guard = f'"{each.name}"'
        if each.unless:
            act = f'NOT "{each.unless[0].name}"'
            case = (
                f"CASE WHEN {guard} AND {act} THEN 0 WHEN {guard} AND NOT {act} THEN 3"
                f" WHEN {guard} THEN 1 WHEN NOT {guard} OR NOT {act} THEN 4 ELSE 2 END"
            )
        else:
            case = f"CASE WHEN {guard} THEN 0 WHEN NOT {guard} THEN 4 ELSE 2 END"
        cases.append(f"sum({case})")
    return f"SELECT {', '.join(cases)} FROM ({text})"


def polars_query(program: Program, frame: Any) -> Any:
    """The same in polars."""
    import polars as pl

    said = Said(program)
    criteria, rules = _layers(program)
    lazy = frame.lazy()
    for each in criteria:
        lazy = lazy.with_columns(said.polars(each.condition).alias(each.name))
    lazy = lazy.with_columns(said.polars(e.guard).alias(e.name) for e in rules if not e.unless)
    lazy = lazy.with_columns(said.polars(e.guard).alias(e.name) for e in rules if e.unless)
    sums = []
    for each in rules:
        guard = pl.col(each.name)
        if each.unless:
            act = ~pl.col(each.unless[0].name)
            case = pl.when(guard & act).then(0).when(guard & ~act).then(3)
            case = case.when(guard).then(1).when(~guard | ~act).then(4).otherwise(2)
        else:
            case = pl.when(guard).then(0).when(~guard).then(4).otherwise(2)
        sums.append(case.cast(pl.UInt8).sum().alias(f"sum {each.name}"))
    return lazy.select(sums)


def many(program: Program, patients: int, rounds: int) -> None:
    """Ten million patients."""
    table = table_program(program)
    columns = table_columns(table, patients)
    held = list(arrays(columns))
    size = sum(each.nbytes for each in held) / 1e6
    print(
        f"\n{patients:,} patients, {len(table.rules)} rules, {len(columns)} columns, {size:.0f} MB"
    )
    tasks: Tasks = {
        "reading the columns": lambda: [int(each.sum()) for each in held],
        "numpy": lambda: decide_many(table, columns, engine="numpy"),
    }
    if has("numba"):
        tasks["numba"] = lambda: decide_many(table, columns, engine="numba")
    names = [each.name for each in _layers(table)[1]]
    found = decide_many(table, columns, engine="numpy")
    expected = [sum(STATUSES.index(s) * n for s, n in found.counts(e).items()) for e in names]
    if has("pyarrow"):
        arrow = arrow_table(table, columns)
        if has("duckdb"):
            add_duckdb(tasks, table, arrow, expected)
        if has("polars"):
            import polars as pl

            query = polars_query(table, pl.from_arrow(arrow))
            assert [int(each) for each in query.collect().row(0)] == expected, "polars differs"
            tasks["polars"] = lambda: query.collect()
    taken = medians(tasks, rounds)
    for name, seconds in taken.items():
        print(f"  {name:58} {seconds:8.4f} s CPU")
    judged_many(taken)
    start = time.process_time()
    for each in found.recommendations:
        found.codes(each)
    print(
        f"  {'writing out all statuses, a byte each':58} {time.process_time() - start:8.4f} s CPU"
    )


def add_duckdb(tasks: Tasks, table: Program, arrow: Any, expected: list[int]) -> None:
    """DuckDB over its own table and over Arrow."""
    import duckdb

    database = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
    database.register("arrow_view", arrow)
    database.execute("CREATE TABLE own AS SELECT * FROM arrow_view")
    for name, source in (("DuckDB, own table", "own"), ("DuckDB, Arrow", "arrow_view")):
        text = sql_text(table, source)
        assert list(database.execute(text).fetchone() or ()) == expected, f"{name} differs"
        tasks[name] = lambda text=text: database.execute(text).fetchone()


def judged_many(taken: Mapping[str, float]) -> None:
    """The ratios to reach."""
    duckdb = min((s for name, s in taken.items() if name.startswith("DuckDB")), default=None)
    if "numba" in taken:
        read = taken["numba"] / taken["reading the columns"]
        ratio("compiled kernel / reading the columns", read, "<= 1.5")
        if duckdb:
            ratio("DuckDB / compiled kernel", duckdb / taken["numba"], ">= 8")
        if "polars" in taken:
            ratio("polars / compiled kernel", taken["polars"] / taken["numba"], ">= 1")
    if duckdb:
        ratio("numpy / DuckDB", taken["numpy"] / duckdb, "<= 1.2")


# --- one patient ----------------------------------------------------------------------------------


def one(guideline: Guideline, program: Program, rounds: int) -> None:
    """One patient at a time."""
    from guidegraph.export import ExportInput
    from guidegraph.export.python import PythonExporter
    from guidegraph.probe import patients as probed

    loaded = ExportInput(guideline=guideline, program=program)
    (artifact,) = PythonExporter().export(loaded)
    module = ModuleType("generated")
    exec(compile(artifact.text, artifact.path, "exec"), module.__dict__)
    met = [each for each in probed(program, 5, 400) if len(each["facts"]) > 20][:100]
    people = [_patient(program, each) for each in met]
    for each, person in zip(met, people, strict=True):
        ours = decide(guideline, program, person).statuses
        assert dict(ours) == module.decide(each["facts"], each["settings"]), "the target differs"
    print(f"\none decision, {len(program.rules)} rules, {len(program.criteria)} criteria")

    def read_all(person: Patient) -> None:
        found = decide(guideline, program, person)
        _ = found.advice, found.definitions, found.conflicts, found.gaps, found.questions

    def spent(work: Callable[[Patient], object], times: int) -> Callable[[], None]:
        return lambda: [work(each) for _ in range(times) for each in people] and None

    ours, free, whole, table = "decide, all answers recorded", "trace-free function", "", ""
    whole, table = "decide, every reason put into words", "zen-engine, Table 3, with trace"
    like = "decide, Table 3 only, all answers recorded"
    small = table_program(program)
    few = [each for each in probed(small, 5, 400) if len(each["facts"]) > 6][: len(met)]
    rows = [_patient(small, each) for each in few]
    counts = {ours: 20, free: 20, whole: 1, table: 1, like: 20}
    tasks: Tasks = {
        free: lambda: [
            module.decide(each["facts"], each["settings"]) for _ in range(20) for each in met
        ],
        ours: spent(lambda person: decide(guideline, program, person), 20),
        whole: spent(read_all, 1),
        like: lambda: [decide(guideline, small, each) for _ in range(20) for each in rows],
    }
    if has("zen"):
        ask = zen_table()
        tasks[table] = lambda: [ask() for _ in met]
    with cql(loaded) as engine:
        taken = medians(tasks, rounds)
        micro = {name: s / counts[name] / len(met) * 1e6 for name, s in taken.items()}
        if engine:
            micro["cql-execution"] = statistics.median(engine(met) for _ in range(3))
    for name, value in micro.items():
        print(f"  {name:58} {value:8.1f} µs CPU")
    ratio("decide / trace-free function", micro[ours] / micro[free], "<= 6")
    if table in micro:
        ratio("zen table / decide, Table 3 both", micro[table] / micro[like], ">= 50")
    if "cql-execution" in micro:
        ratio("cql-execution / decide", micro["cql-execution"] / micro[ours], ">= 10")
        ratio("cql-execution / every reason", micro["cql-execution"] / micro[whole], ">= 1")


def _patient(program: Program, person: Mapping[str, Any]) -> Patient:
    inputs, settings = wire.values(program, person["facts"], person["settings"])
    unknown: dict[str, Any] = {name: "missing" for name, held in inputs.items() if held is None}
    return Patient(inputs=inputs, settings=settings, unknown=unknown, data={})


def zen_table() -> Callable[[], object]:
    """Table 3 as a decision table of zen-engine, and a patient of whom all is known."""
    import zen

    low, high = "< 1000000", "> 2000000"
    middle, up = "[1000000..2000000]", "> 2000000"
    rows = [
        ("MON-B1", {"first": low}),
        ("MON-B2", {"first": middle}),
        ("MON-B3", {"first": high}),
        ("IMG-ALL", {"signs": "true"}),
        ("IMG-B1", {"first": low, "rising": "true", "later": up}),
        ("IMG-B2", {"first": middle, "rising": "true", "later": up}),
        ("IMG-B3", {"first": high}),
        ("ACG-B1", {"first": low, "pe": "false"}),
        ("ACG-B2", {"first": middle, "pe": "false"}),
        ("ACG-B2-TX", {"first": middle, "rising": "true", "later": up, "feasible": "false"}),
        ("ACG-B3", {"first": high, "pe": "false"}),
        ("ACG-B3-TX", {"first": high, "rising": "true", "feasible": "false"}),
    ]
    inpatient = {"covid": '"confirmed", "suspected"', "admitted": "true"}
    fields = ("covid", "admitted", "first", "later", "rising", "signs", "pe", "feasible")
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": each, "name": each, "field": each} for each in fields],
        "outputs": [{"id": "out", "name": "advice", "field": "advice"}],
        "rules": [{"_id": name, **inpatient, **cells, "out": f'"{name}"'} for name, cells in rows],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "end", "name": "end", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "end", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    patient = {
        "covid": "confirmed",
        "admitted": True,
        "first": 840_000,
        "later": 2_400_000,
        "rising": True,
        "signs": False,
        "pe": False,
        "feasible": True,
    }
    found = decision.evaluate(patient, {"trace": True})
    told = [each["advice"] for each in found["result"]]
    assert told == ["MON-B1", "IMG-B1", "ACG-B1"], told
    return lambda: decision.evaluate(patient, {"trace": True})


@contextmanager
def cql(loaded: Any) -> Iterator[Callable[[list[Any]], float] | None]:
    """What measures cql-execution: CPU microseconds of its process for each patient."""
    from guidegraph.agree.cql import ElmExecutor

    executor = ElmExecutor()
    reason = executor.missing()
    if reason or not Path("/proc/self/stat").exists():
        print(f"  cql-execution is left out: {reason or 'its CPU time cannot be read here'}")
        yield None
        return
    with executor.start(loaded) as runner:
        stat = Path(f"/proc/{runner.process.running.pid}/stat")  # type: ignore[attr-defined]

        def ticks() -> int:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])

        def measure(met: list[Any]) -> float:
            start = ticks()
            runner.statuses(met)
            runner.statuses(met)
            return (ticks() - start) / os.sysconf("SC_CLK_TCK") / len(met) / 2 * 1e6

        measure(met=[{"facts": {}, "settings": {}}] * 50)
        yield measure


# --- running --------------------------------------------------------------------------------------


def install(folder: Path) -> Path:
    """An environment in a folder, on top of this one, with the peers; its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    own = folder / "lib" / version / "site-packages" / "base.pth"
    own.write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n", "utf-8")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def main() -> None:
    """Install if asked, then measure."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("many", "one"))
    parser.add_argument("--patients", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--install", type=Path)
    asked = parser.parse_args()
    if asked.install:
        python = install(asked.install)
        rest = [f"--patients={asked.patients}", f"--rounds={asked.rounds}"]
        command = [str(python), __file__, *rest, *([asked.what] if asked.what else [])]
        sys.exit(subprocess.run(command, check=False).returncode)
    from guidegraph.pipeline import load

    guideline = load(GUIDELINE).guideline
    assert guideline is not None
    program = lower(guideline)
    print(machine())
    if asked.what != "one":
        many(program, asked.patients, asked.rounds)
    if asked.what != "many":
        one(guideline, program, asked.rounds)


if __name__ == "__main__":
    main()
