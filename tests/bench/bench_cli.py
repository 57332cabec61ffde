"""CPU time of the command line beside plain Python: ``python tests/bench/bench_cli.py``.

Prints the median CPU time of each command as a multiple of ``python -c pass``, measured alternately
in one run, and where ``check`` of the shipped guideline spends its time and what it imports.
"""

from __future__ import annotations

import cProfile
import pstats
import resource
import statistics
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GUIDELINE = REPOSITORY / "guideline" / "covid19-coagulopathy"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import click": ["-c", "import click"],
    "guidegraph --help": ["-m", "guidegraph", "--help"],
    "guidegraph check": ["-m", "guidegraph", "check", str(GUIDELINE)],
    "guidegraph decide": [
        "-m",
        "guidegraph",
        "decide",
        str(GUIDELINE / "patient.json"),
        str(GUIDELINE),
    ],
}


def cpu(arguments: list[str]) -> float:
    """Seconds of CPU that one run of Python takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratios(rounds: int) -> None:
    """Each command as a multiple of the first."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            times[name].append(cpu(arguments))
    base = statistics.median(times["python -c pass"])
    for name, taken in times.items():
        print(f"{name:20} {statistics.median(taken) / base:8.1f} x")


def check_profile() -> None:
    """The share of ``check`` that is spent in SHACL, and the heavy modules it does not import."""
    from guidegraph.pipeline import load

    profile = cProfile.Profile()
    profile.runcall(load, GUIDELINE)
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    rows = stats.stats.items()  # type: ignore[attr-defined]
    by_room = {
        "shapes": "check_shapes",
        "names": "check_names",
        "literals": "check_literals",
        "read": "read",
        "lift": "lift",
        "proofs": "check_proofs",
    }
    for room, function in by_room.items():
        spent = max((row[3] for key, row in rows if key[2] == function), default=0)
        print(f"check: {room:10} {100 * spent / total:5.1f} % of the time")
    heavy = ("mkdocs", "jinja2", "pygraphviz", "networkx", "pyoxigraph")
    print("check imports of the heavy modules:", [m for m in heavy if m in sys.modules] or "none")


if __name__ == "__main__":
    ratios(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
    check_profile()
