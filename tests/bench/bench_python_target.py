"""How long the generated Python module takes to decide about one patient.

::

    python tests/bench/bench_python_target.py [GUIDELINE_FOLDER]

Prints microseconds per call of ``decide`` (best of several rounds) for patients made at random
around the guideline's limits, and the same for one of whom nothing is known.
"""

from __future__ import annotations

import sys
import timeit
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[1]))

import random_programs
from guidegraph.export import ExportInput
from guidegraph.export.python import PythonExporter
from guidegraph.lower import lower
from guidegraph.pipeline import load

ROUNDS = 7
CALLS = 20


def main() -> None:
    """Generate, import and time the module."""
    shipped = Path(__file__).parents[2] / "guideline" / "covid19-coagulopathy"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped
    guideline = load(folder).guideline
    if guideline is None:
        raise SystemExit(f"{folder} has errors: run guidegraph check")
    program = lower(guideline)
    (artifact,) = PythonExporter().export(ExportInput(guideline=guideline, program=program))
    module = ModuleType("generated")
    exec(compile(artifact.text, artifact.path, "exec"), module.__dict__)
    patients = [facts for facts, _ in random_programs.patients(program, 1, 500)]

    def decide_all() -> None:
        for facts in patients:
            module.decide(facts)

    print(f"{len(program.criteria)} criteria, {len(program.rules)} recommendations")
    several = min(timeit.repeat(decide_all, number=CALLS, repeat=ROUNDS))
    print(f"random patients: {several / CALLS / len(patients) * 1e6:.2f} µs a decision")
    checked = [module.check_facts(facts) for facts in patients]

    def decide_unchecked() -> None:
        for facts in checked:
            module.decide_unchecked(facts)

    unchecked = min(timeit.repeat(decide_unchecked, number=CALLS, repeat=ROUNDS))
    print(f"... of which deciding: {unchecked / CALLS / len(patients) * 1e6:.2f} µs")
    nothing = min(timeit.repeat(lambda: module.decide({}), number=10_000, repeat=ROUNDS))
    print(f"nothing known:   {nothing / 10_000 * 1e6:.2f} µs a decision")


if __name__ == "__main__":
    main()
