"""Generated targets beside their peers, on the same logic, in one run.

::

    GUIDEGRAPH_ENGINES=FOLDER python tests/bench/bench_targets.py [ROUNDS]

The logic: twelve whole numbers compared with twelve limits, joined into four recommendations. Our
modules come from our exporters; the peers get the same logic in their own form. First all of them
must give the same answers about the same patients, of whom everything is known (some peers have no
third truth value). Then each is timed in every round, one after the other, so that a busy machine
is equally hard on all. Printed are microseconds for one patient (best and median of the rounds) and
how many times longer a peer takes. What is prepared once (parsing, compiling) is not timed.

Peers: zen-engine (``pip install zen-engine``), json-logic-js and cql-execution (``guidegraph agree
--install-engines``), and for SQL a CASE expression written by hand (``pip install duckdb``). A peer
that is not installed is named and left out.
"""

from __future__ import annotations

import importlib.util
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pathway_example as example
from guidegraph.agree import node
from guidegraph.export import ExportInput
from guidegraph.export.javascript import JavaScriptExporter
from guidegraph.export.python import PythonExporter
from guidegraph.kernel import And, Bool, Const, Op, Or, Ref, compare
from guidegraph.program import Input, Named, Program, Rule

RUNNER = Path(__file__).with_suffix(".mjs")
PATIENTS = 200
LONG_ENOUGH = 0.05
"""Seconds that one timing should take at least."""

LIMITS: tuple[tuple[str, Op, int], ...] = (
    *(("age", ">=", 65), ("d-dimer", ">=", 500_000), ("platelets", "<", 1000)),
    *(("respiratory-rate", ">", 30), ("saturation", "<=", 930), ("pao2-fio2", "<", 300)),
    *(("sofa", ">=", 2), ("inr", ">", 120), ("weight", ">=", 1000)),
    *(("creatinine", ">", 133), ("fibrinogen", "<", 100), ("temperature", ">=", 380)),
)
RULES: dict[str, tuple[str, tuple[int, ...]]] = {
    "treat": ("all", (0, 1, 2)),
    "admit": ("all", (3, 4, 5)),
    "adjust": ("all", (6, 7, 8)),
    "repeat": ("any", (9, 10, 11)),
}


# --- the logic in every form ----------------------------------------------------------------------


def program() -> Program:
    """The logic as a program: a criterion for each comparison."""
    criteria = tuple(
        Named(
            name=f"IS-{name}",
            label=name,
            condition=compare(op, Ref("input", name), Const(Fraction(limit))),
        )
        for name, op, limit in LIMITS
    )
    return Program(
        guideline="twelve",
        version="1",
        anchor="admission",
        inputs=tuple(Input(name=n, label=n, question="", kind="quantity") for n, _, _ in LIMITS),
        settings=(),
        criteria=criteria,
        rules=tuple(
            Rule(name=name, label=name, guard=_guard(name), modality="Should", norm="should")
            for name in RULES
        ),
        incompatible=(),
        readings={},
    )


def _guard(rule: str) -> Bool:
    how, places = RULES[rule]
    parts = tuple(Ref("criterion", f"IS-{LIMITS[place][0]}") for place in places)
    return And(parts) if how == "all" else Or(parts)


def patients(count: int) -> list[dict[str, int]]:
    """Patients at and around the limits."""
    chance = random.Random(12)
    return [
        {name: limit + chance.choice((-100, -1, 0, 1, 100)) for name, _, limit in LIMITS}
        for _ in range(count)
    ]


def zen_table() -> str:
    """The logic as a decision table that collects: a row for each way to a recommendation."""
    rows = []
    for rule, (how, places) in RULES.items():
        for cells in [places] if how == "all" else [(each,) for each in places]:
            row = {f"in{n}": "" for n in range(len(LIMITS))}
            row |= {f"in{n}": f"{LIMITS[n][1]} {LIMITS[n][2]}" for n in cells}
            rows.append({"_id": f"row{len(rows)}", **row, "out": json.dumps(rule)})
    fields = [(f"in{n}", name) for n, (name, _, _) in enumerate(LIMITS)]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": i, "name": n, "field": n.replace("-", "_")} for i, n in fields],
        "outputs": [{"id": "out", "name": "rule", "field": "rule"}],
        "rules": rows,
    }
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "table", "type": "decisionTableNode", "name": "t", "content": content, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def json_logic() -> dict[str, Any]:
    """The logic for json-logic-js: an expression for each recommendation."""
    tests = [{op: [{"var": name}, limit]} for name, op, limit in LIMITS]
    return {
        rule: {"and" if how == "all" else "or": [tests[place] for place in places]}
        for rule, (how, places) in RULES.items()
    }


def cql() -> str:
    """The logic as a CQL library whose data are parameters."""
    lines = ["library Twelve version '1'"]
    lines += [f'parameter "{name}" Integer' for name, _, _ in LIMITS]
    lines += ["context Unfiltered"]
    lines += [f'define "IS-{name}": "{name}" {op} {limit}' for name, op, limit in LIMITS]
    for rule, (how, places) in RULES.items():
        joint = " and " if how == "all" else " or "
        lines.append(f'define "{rule}": ' + joint.join(f'"IS-{LIMITS[n][0]}"' for n in places))
    return "\n".join(lines) + "\n"


def case_expression(rule: str) -> str:
    """One recommendation as a CASE expression, as one would write it by hand."""
    how, places = RULES[rule]
    tests = [f"{LIMITS[n][0].replace('-', '_')} {LIMITS[n][1]} {LIMITS[n][2]}" for n in places]
    holds = (" AND " if how == "all" else " OR ").join(tests)
    return (
        f"CASE WHEN {holds} THEN 'applies' WHEN NOT ({holds}) THEN 'notApplicable'"
        " ELSE 'undetermined' END"
    )


# --- timing ---------------------------------------------------------------------------------------


class Timing:
    """Contenders by name, and the microseconds for one patient that each took in every round."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def line(self, name: str) -> str:
        """Best and median."""
        found = self.taken[name]
        return f"{name:42} {min(found):10.3f} {statistics.median(found):10.3f}"

    def ratio(self, peer: str, ours: str, goal: str) -> str:
        """How many times longer a peer takes: of the best, and of the medians."""
        theirs, mine = self.taken[peer], self.taken[ours]
        best = min(theirs) / min(mine)
        middle = statistics.median(theirs) / statistics.median(mine)
        return f"{peer} / {ours}: {best:.1f}x best, {middle:.1f}x median ({goal})"


def python_contenders(known: Sequence[dict[str, int]]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What runs in this process, after a check that all agree."""
    module = generated()
    checked = [module.check_facts(facts) for facts in known]
    yield "python decide_unchecked", lambda: [module.decide_unchecked(f) for f in checked]
    yield "python decide", lambda: [module.decide(facts) for facts in known]
    if importlib.util.find_spec("zen") is None:
        print("zen-engine is missing: pip install zen-engine")
        return
    import zen  # type: ignore[import-not-found]

    table = zen.ZenEngine().create_decision(zen_table())
    fields = [{n.replace("-", "_"): v for n, v in facts.items()} for facts in known]
    for facts, expected in zip(fields, truths(known), strict=True):
        found = {each["rule"] for each in table.evaluate(facts)["result"]}
        assert found == {rule for rule, holds in expected.items() if holds}, facts
    yield "zen-engine decision table", lambda: [table.evaluate(facts) for facts in fields]


def generated() -> ModuleType:
    """Our Python module."""
    (artifact,) = PythonExporter().export(loaded())
    module = ModuleType("generated")
    exec(compile(artifact.text, artifact.path, "exec"), module.__dict__)
    return module


def loaded() -> ExportInput:
    """The program with a guideline that says nothing more about it."""
    return ExportInput(guideline=example.guideline(), program=program())


def truths(known: Sequence[dict[str, int]]) -> list[dict[str, bool]]:
    """Which recommendations apply to each patient: what all must say."""
    module = generated()
    return [
        {rule: status == "applies" for rule, status in module.decide(facts).items()}
        for facts in known
    ]


def seconds(run: Callable[[], Any], times: int) -> float:
    """How long ``times`` runs take."""
    start = time.perf_counter()
    for _ in range(times):
        run()
    return time.perf_counter() - start


def time_python(timing: Timing, known: Sequence[dict[str, int]], rounds: int) -> None:
    """Time what runs in this process, in turns."""
    contenders = dict(python_contenders(known))
    times = {
        name: 1 + int(LONG_ENOUGH / max(seconds(run, 1), 1e-6)) for name, run in contenders.items()
    }
    for _ in range(rounds):
        for name, run in contenders.items():
            taken = seconds(run, times[name]) / times[name] / len(known) * 1e6
            timing.taken.setdefault(name, []).append(taken)


def time_node(timing: Timing, known: Sequence[dict[str, int]], rounds: int) -> None:
    """Time what runs in Node, in turns and in one process."""
    if missing := node.missing():
        print(missing)
        return
    packages = ("json-logic-js", "cql-execution", "@cqframework/cql")
    peers = [each for each in packages if node.missing(each) is None]
    for each in set(packages) - set(peers):
        print(node.missing(each))
    (artifact,) = JavaScriptExporter().export(loaded())
    given = {
        "engines": str(node.engines_folder()),
        "peers": peers,
        "module": artifact.text,
        "jsonLogic": json_logic(),
        "cql": cql(),
        "patients": known,
        "expected": truths(known),
        "rounds": rounds,
        "longEnough": LONG_ENOUGH * 1000,
    }
    done = subprocess.run(
        ["node", str(RUNNER)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Node stopped: {done.stderr[-2000:]}")
    timing.taken |= json.loads(done.stdout)


def time_sql(timing: Timing, rounds: int, rows: int = 1_000_000) -> None:
    """Time the generated view of columns and a CASE expression over the same table."""
    if importlib.util.find_spec("duckdb") is None:
        print("duckdb is missing: pip install duckdb")
        return
    import duckdb

    from guidegraph.export.sql import DUCKDB, script, views

    database = duckdb.connect()
    facts = ", ".join(
        f"(hash(i, {n}) % 201)::BIGINT - 100 + {limit} AS {name.replace('-', '_')}"
        for n, (name, _, limit) in enumerate(LIMITS)
    )
    database.execute(
        f"CREATE TABLE persons AS SELECT i AS person, NULL::BIGINT AS now, {facts}"
        f" FROM range({rows}) t(i)"
    )
    database.execute("CREATE TABLE samples(person BIGINT, input STRING, minute BIGINT, v BIGINT)")
    database.execute(script(loaded(), DUCKDB))
    wide = views(loaded())[0]
    columns = [name for (name, *_) in database.execute(f"DESCRIBE {wide}").fetchall()]
    ours = [each for each in columns if each in {f"{rule}_status" for rule in RULES}]
    assert len(ours) == len(RULES), columns
    theirs = ", ".join(f"{case_expression(rule)} AS {rule}_status" for rule in RULES)
    counts = ", ".join(f"count_if({rule}_status = 'applies')" for rule in RULES)
    queries = {
        "duckdb generated view": f"SELECT {counts} FROM {wide}",
        "duckdb CASE by hand": f"SELECT {counts} FROM (SELECT {theirs} FROM persons)",
    }
    answers = {database.execute(query).fetchone() for query in queries.values()}
    assert len(answers) == 1, answers
    for _ in range(rounds):
        for name, query in queries.items():
            taken = seconds(lambda text=query: database.execute(text).fetchall(), 1)  # type: ignore[misc]
            timing.taken.setdefault(name, []).append(taken / rows * 1e6)


GOALS = (
    ("zen-engine decision table", "python decide_unchecked", "goal 100x or more"),
    ("zen-engine decision table", "python decide", "with all checks of the facts"),
    ("cql-execution", "python decide_unchecked", "goal 30x or more"),
    ("cql-execution", "python decide", "with all checks of the facts"),
    ("json-logic-js", "javascript decideUnchecked", "goal 50x or more"),
    ("json-logic-js", "javascript decide", "with all checks of the facts"),
    ("duckdb generated view", "duckdb CASE by hand", "goal at most 2x"),
)


def main() -> None:
    """Check that all agree, time them, and print times and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    timing, known = Timing(), patients(PATIENTS)
    time_python(timing, known, rounds)
    time_node(timing, known, rounds)
    time_sql(timing, rounds)
    print(f"{'microseconds for one patient':42} {'best':>10} {'median':>10}")
    for name in timing.taken:
        print(timing.line(name))
    for peer, ours, goal in GOALS:
        if peer in timing.taken and ours in timing.taken:
            print(timing.ratio(peer, ours, goal))


if __name__ == "__main__":
    main()
