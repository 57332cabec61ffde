"""How long proofs take: the shipped guideline, and conflicts among 10, 100 and 1,000 rules.

::

    python tests/bench/bench_verify.py [LARGEST]

Prints CPU seconds: every check under the default reading and under all readings, then growth. The
rules that are made up speak of one of twenty numbers each, in bands that touch; every tenth pair of
actions is incompatible. Pairs are told apart by what clashes before the solver is asked. Beside it
stand the solver without that (every pair is asked) and the search by regions, which looks at one
interval after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from guidegraph.evaluate.status import clash
from guidegraph.kernel import TRUE, And, Cmp, Const, Ref
from guidegraph.model import Guideline
from guidegraph.pipeline import load
from guidegraph.program import Input, Program, Rule
from guidegraph.proof import Prover
from guidegraph.regions import TRUTHS, Space
from guidegraph.verify import Readings, all_readings, one_reading, verify

SHIPPED = Path(__file__).parents[2] / "guideline" / "covid19-coagulopathy"
NUMBERS = 20
ACTIONS = 50
MOST = 5_000
"""So many pairs are asked at most, in the order of the rules."""


def timed(label: str, work: Callable[..., object], *given: object) -> None:
    """Prints how much CPU time the work takes, and what it says."""
    before = time.process_time()
    said = work(*given)
    print(f"{label:58} {time.process_time() - before:8.2f} s   {said}", flush=True)


def made_up(count: int) -> Program:
    """A program of so many rules over bands of some numbers."""
    inputs = tuple(
        Input(
            name=f"n{place}",
            label="?",
            question="?",
            kind="quantity",
            low=Fraction(0),
            high=Fraction(10_000),
        )
        for place in range(NUMBERS)
    )
    rules = []
    for place in range(count):
        number = Ref("input", f"n{place % NUMBERS}")
        low = 100 * (place // NUMBERS)
        band = And(
            (
                Cmp(">=", number, Const(Fraction(low))),
                Cmp("<=", number, Const(Fraction(low + 100))),
            )
        )
        rules.append(
            Rule(
                name=f"R{place}",
                label="?",
                guard=band,
                modality="Should",
                norm="should",
                action=f"A{place % ACTIONS}",
            )
        )
    pairs = list(combinations(sorted({str(each.action) for each in rules}), 2))
    return Program(
        guideline="made up",
        version="1",
        anchor="admission",
        inputs=inputs,
        settings=(),
        criteria=(),
        rules=tuple(rules),
        incompatible=tuple(pairs[::10]),
        readings={},
    )


def with_clash(program: Program, most: int) -> str:
    """Conflicts found by the solver among the pairs that clash."""
    theory = Prover.of([program]).theory(program)
    asked = found = 0
    for one, other in combinations(program.rules, 2):
        if clash(program, one, other) is not None and asked < most:
            asked += 1
            both = And((Ref("rule", one.name), Ref("rule", other.name)))
            found += theory.prover.find(theory, both) is not None
    return f"{asked} pairs asked, {found} found"


def without_clash(program: Program, most: int) -> str:
    """The same, with every pair asked."""
    theory = Prover.of([program]).theory(program)
    asked = found = 0
    for one, other in combinations(program.rules, 2):
        if asked < most:
            asked += 1
            both = And((Ref("rule", one.name), Ref("rule", other.name)))
            found += theory.prover.find(theory, both) is not None
    return f"{asked} pairs asked, {found} found"


def by_regions(program: Program, most: int) -> str:
    """The same pairs as with the solver, by the search over intervals."""
    space = Space(program)
    asked = found = 0
    for one, other in combinations(program.rules, 2):
        if clash(program, one, other) is not None and asked < most:
            asked += 1
            both = And(tuple(space.conditions[Ref("rule", each.name)] for each in (one, other)))
            found += (
                space.search(
                    (both,), lambda decided: decided[0] == TRUE if decided[0] in TRUTHS else None
                )
                is not None
            )
    return f"{asked} pairs asked, {found} found"


def findings(guideline: Guideline, readings: Readings) -> str:
    """How many findings all checks have."""
    return f"{len(verify(guideline, readings).findings)} findings"


def main() -> None:
    """The shipped guideline, then growth."""
    guideline = load(SHIPPED).guideline
    if guideline is None:
        raise SystemExit("the shipped guideline has errors: run guidegraph check")
    readings = all_readings(guideline)
    timed("default reading", findings, guideline, one_reading(readings.choices[0]))
    timed(f"all {readings.total} readings", findings, guideline, readings)
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for count in (10, 100, 1_000):
        if count > largest:
            break
        program = made_up(count)
        timed(f"{count} rules, pairs that clash", with_clash, program, MOST)
        timed(f"{count} rules, every pair", without_clash, program, MOST)
        timed(f"{count} rules, by regions", by_regions, program, MOST)


if __name__ == "__main__":
    main()
