"""How long a plan of a one-threshold edit takes: ``python tests/bench/bench_plan.py [ROUNDS]``.

Prints the wall time of ``guidegraph plan`` on the shipped guideline with one limit moved (best of
several rounds, start of Python included), and the CPU time of each stage in one process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

GUIDELINE = Path(__file__).resolve().parents[2] / "guideline" / "covid19-coagulopathy"
MOVED = ("d:THR-ddimer-low a", "1000.0", "1500.0")
T = TypeVar("T")


def edited(place: Path) -> Path:
    """The guideline with one limit moved."""
    folder = place / GUIDELINE.name
    shutil.copytree(GUIDELINE, folder)
    path = folder / "thresholds.ttl"
    text = path.read_text(encoding="utf-8")
    thing, before, after = MOVED
    at = text.index(before, text.index(thing))
    path.write_text(text[:at] + after + text[at + len(before) :], encoding="utf-8")
    return folder


def wall(folder: Path) -> float:
    """Seconds from start to end of the command."""
    start = time.perf_counter()
    arguments = ["-m", "guidegraph", "plan", str(folder), "--against", str(GUIDELINE)]
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    return time.perf_counter() - start


def timed(label: str, work: Callable[[], T]) -> T:
    """What the work gives; prints the CPU seconds it took."""
    start = time.process_time()
    found = work()
    print(f"{label:34} {time.process_time() - start:6.2f} s CPU")
    return found


def stages(folder: Path) -> None:
    """The stages one after the other."""
    from guidegraph.collecting import without_collecting
    from guidegraph.plan.behaviour import Comparison
    from guidegraph.plan.changes import differences
    from guidegraph.plan.people import compare_cases
    from guidegraph.plan.sides import load_side
    from guidegraph.plan.targets import digests

    with without_collecting():
        old = timed("read and lift, first", lambda: load_side(GUIDELINE)).guideline
        new = timed("read and lift, again", lambda: load_side(folder)).guideline
        assert old is not None
        assert new is not None
        found = timed("differences", lambda: differences(old, new))
        compared = Comparison(found.old, new, found.found)
        timed("behaviour in all readings", compared.behaviour)
        timed("cases", lambda: compare_cases(compared, new, folder, ()))
        timed("targets, one side", lambda: digests(new, {}, slow=False))


def main() -> None:
    """Time the command and its stages."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as place:
        folder = edited(Path(place))
        print(f"guidegraph plan, wall time: {min(wall(folder) for _ in range(rounds)):.2f} s")
        stages(folder)


if __name__ == "__main__":
    main()
