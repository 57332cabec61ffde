"""Every measurement, one after the other: ``python tests/bench/run.py [--write PAGE] [NAME ...]``.

Each runs in a process of its own and installs the peers it is compared with where it can. What
they print is shown as it comes, with a description of the machine on top; ``--write`` also
makes a page of it (``site/measurements.md``), in which other parts that are there stay. Names
are those of the files (``overlaps``); without any of them, all run, which takes about an hour.
Ratios of one run mean something; absolute times are those of one machine on one day.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
WITH: dict[str, tuple[str, ...]] = {
    "decide": ("--install", str(Path(tempfile.gettempdir()) / "guidegraph-bench-decide")),
    "shacl": ("--large",),
    "verify": ("100",),
}
"""What a measurement is told beside its name."""
OPENING = (
    "# Measurements",
    "",
    "How fast guidegraph is, beside other libraries that do the same work. Each part of this page",
    "was printed by one run of `python tests/bench/run.py` on the machine below: compare the",
    "ratios, not the seconds. Where a line says that a limit is broken, it is.",
    "",
)
MARK = "## "
LIBRARIES = ("pyoxigraph", "rdflib", "pyshacl", "numpy", "duckdb", "z3-solver", "mkdocs")


def machine() -> Iterator[str]:
    """What it ran on."""
    cpu = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (cpu.read_text().splitlines() if cpu.is_file() else ())
        if line.startswith("model name")
    ]
    yield f"{platform.system()} on {models[0] if models else platform.processor()}"
    yield f"{os.cpu_count()} processors"
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        yield f"{memory / 2**30:.0f} GiB of memory"
    yield f"Python {platform.python_version()}"
    yield ", ".join(f"{each} {version(each)}" for each in LIBRARIES)


def earlier(page: Path | None) -> dict[str, str]:
    """What an earlier run found, by what it is about: parts that are not measured again stay."""
    if page is None or not page.exists():
        return {}
    parts = re.split(rf"^{MARK}", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {title: text.strip() + "\n" for title, _, text in (e.partition("\n\n") for e in parts)}


def about(path: Path) -> str:
    """What a measurement is about: the first sentence of its file."""
    first = path.read_text(encoding="utf-8").lstrip('"/ ').split("\n", 1)[0]
    return first.partition(": ``")[0].partition(": node")[0].rstrip('".')


def measured(path: Path) -> tuple[str, int]:
    """What one measurement prints, shown as it comes, and its exit status."""
    name = path.stem.removeprefix("bench_")
    start = ["node"] if path.suffix == ".mjs" else [sys.executable]
    words = [*start, str(path), *WITH.get(name, ())]
    lines = []
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            if line.startswith("WARNING: "):  # of pip, about where it looks for packages
                continue
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines), running.returncode


def main() -> None:
    """Run them, and write the page."""
    parser = argparse.ArgumentParser(description="Every measurement, one after the other.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    known = {
        each.stem.removeprefix("bench_"): each
        for each in sorted(HERE.glob("bench_*.*"))
        if each.suffix == ".py" or each.stem == "bench_search"
    }
    if strange := set(asked.names) - known.keys():
        parser.error(f"no measurement {', '.join(sorted(strange))}; there are {', '.join(known)}")
    told = list(machine())
    print("\n".join(told))
    parts = earlier(asked.write)
    failed = []
    for name in asked.names or known:
        print(f"\n== {name}", flush=True)
        text, status = measured(known[name])
        failed += [name] if status else []
        broken = "\nA limit is broken, or the measurement did not end.\n" if status else ""
        parts[about(known[name])] = f"```text\n{text.strip()}\n```\n{broken}"
        if asked.write:  # after each, so that nothing is lost where a later one is broken off
            whole = [*OPENING, *(f"- {each}" for each in told), ""]
            whole += [f"{MARK}{title}\n\n{part}" for title, part in sorted(parts.items())]
            asked.write.write_text("\n".join(whole), encoding="utf-8")
    if failed:
        sys.exit(f"not as they should be: {', '.join(failed)}")


if __name__ == "__main__":
    main()
