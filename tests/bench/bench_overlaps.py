"""Which of many rules overlap, and who is left out: by ranges, and by asking the solver each pair.

::

    python tests/bench/bench_overlaps.py [RULES [PAIRS]]

A made-up decision table of so many rules (1,000) over six inputs. Each rule is a box: a range of
each number, an answer, some codes. Prints CPU seconds and ratios: all pairs by their hulls
(``regions.meeting``) against z3 asked pair by pair, in a solver that knows every rule already
(PAIRS of them are asked, 20,000, and the time is that of all in proportion); and somebody whom no
rule meets (a gap) by ``Prover.find`` against the same question put to z3 bare. Both must come to
the same.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from statistics import median
from typing import TypeVar

import z3

from guidegraph.kernel import And, Bool, Cmp, Const, In, Not, Or, Ref
from guidegraph.program import Input, Program
from guidegraph.proof import Prover
from guidegraph.regions import Hulls, meeting

NUMBERS = [f"n{place}" for place in range(4)]
CODES = ("a", "b", "c", "d")
R = TypeVar("R")
Box = tuple[dict[str, tuple[int, int]], bool, frozenset[str]]


def boxes(count: int) -> list[Box]:
    """Bands of four numbers, an answer and some codes, of which few overlap."""
    chance = random.Random(7)

    def band() -> tuple[int, int]:
        low = chance.randrange(0, 900)
        return low, low + chance.randrange(20, 400)

    return [
        (
            {each: band() for each in NUMBERS},
            chance.random() < 0.5,
            frozenset(chance.sample(CODES, 2)),
        )
        for _ in range(count)
    ]


def condition(box: Box) -> Bool:
    """A rule as the kernel has it."""
    ranges, answer, codes = box
    asked = Ref("input", "asked")
    parts: list[Bool] = [asked if answer else Not(asked)]
    parts.append(In(Ref("input", "code"), tuple(sorted(codes))))
    for name, (low, high) in ranges.items():
        parts.append(Cmp(">=", Ref("input", name), Const(Fraction(low))))
        parts.append(Cmp("<", Ref("input", name), Const(Fraction(high))))
    return And(tuple(parts))


def program() -> Program:
    """The inputs of the table."""
    numbers = [
        Input(
            name=each,
            label="?",
            question="?",
            kind="quantity",
            low=Fraction(0),
            high=Fraction(2_000),
        )
        for each in NUMBERS
    ]
    asked = Input(name="asked", label="?", question="?", kind="boolean")
    code = Input(name="code", label="?", question="?", kind="code", codes=CODES)
    return Program(
        guideline="made up",
        version="1",
        anchor="admission",
        inputs=(*numbers, asked, code),
        settings=(),
        criteria=(),
        rules=(),
        incompatible=(),
        readings={},
    )


def bare(box: Box) -> z3.BoolRef:
    """A rule as somebody would write it for z3 by hand."""
    ranges, answer, codes = box
    asked, code = z3.Bool("asked"), z3.Int("code")
    parts = [asked if answer else z3.Not(asked)]
    parts.append(z3.Or([code == CODES.index(each) for each in sorted(codes)]))
    for name, (low, high) in ranges.items():
        parts += [z3.Real(name) >= low, z3.Real(name) < high]
    return z3.And(parts)


def timed(work: Callable[[], R]) -> tuple[float, R]:
    """CPU seconds, and what came out."""
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


def by_hulls(conditions: list[Bool]) -> set[tuple[int, int]]:
    """Every pair that overlaps."""
    hulls = Hulls({})
    return set(meeting([hulls.of(each) for each in conditions]))


def by_solver(made: list[Box], pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs that overlap."""
    solver = z3.Solver()
    code = z3.Int("code")
    solver.add(code >= 0, code < len(CODES))
    named = [z3.Bool(f"rule {place}") for place in range(len(made))]
    for name, box in zip(named, made, strict=True):
        solver.add(name == bare(box))
    return {pair for pair in pairs if solver.check(*(named[each] for each in pair)) == z3.sat}


def gap_bare(made: list[Box]) -> bool:
    """Whether z3 finds somebody whom no rule meets."""
    solver = z3.Solver()
    code = z3.Int("code")
    solver.add(code >= 0, code < len(CODES))
    for name in NUMBERS:
        solver.add(z3.Real(name) >= 0, z3.Real(name) <= 2_000)
    solver.add(z3.Not(z3.Or([bare(each) for each in made])))
    return bool(solver.check() == z3.sat)


def gap_ours(conditions: list[Bool]) -> bool:
    """Whether the prover finds somebody whom no rule meets."""
    theory = Prover.of([program()]).theory(program())
    return theory.prover.find(theory, Not(Or(tuple(conditions)))) is not None


def main() -> None:
    """Measure and tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    made = boxes(count)
    conditions = [condition(each) for each in made]
    everybody = list(combinations(range(count), 2))
    asked = random.Random(1).sample(everybody, min(most, len(everybody)))
    sweeps, found = [], set()
    for _ in range(5):
        took, found = timed(lambda: by_hulls(conditions))
        sweeps.append(took)
    took, overlapping = timed(lambda: by_solver(made, asked))
    assert overlapping == found & set(asked), "the two do not come to the same"
    whole = took * len(everybody) / len(asked)
    print(f"{count} rules over 6 inputs, {len(everybody):,} pairs, {len(found):,} overlap")
    print(f"{median(sweeps):9.3f} s  all pairs by their hulls")
    print(f"{whole:9.1f} s  all pairs by z3 ({len(asked):,} asked)")
    print(f"{whole / median(sweeps):9.0f} x faster")
    ours, theirs = [], []
    for _ in range(3):
        took, one = timed(lambda: gap_ours(conditions))
        ours.append(took)
        took, other = timed(lambda: gap_bare(made))
        theirs.append(took)
        assert one is other
    print(f"{median(ours):9.3f} s  a gap by the prover, with its patient")
    print(f"{median(theirs):9.3f} s  a gap by z3 alone")
    print(f"{median(ours) / median(theirs):9.2f} x as long")


if __name__ == "__main__":
    main()
