"""How fast data are judged by shapes: ``python tests/bench/bench_shacl.py [--large] [--rounds N]``.

Ours beside pySHACL (over rdflib and over oxrdflib), pyrudof and pyoxigraph's own store, on data of
2,000 and 50,000 triples, with ``--large`` a million too. The peers are installed from PyPI into a
folder of their own, the first time. Everything runs in a process of its own; runs of ours and
of others take turns, medians of CPU time are compared. At a million pyrudof, which takes a
minute, is the only peer, unless ``--slow-peers`` asks those that take many minutes as well; what
has not ended after ``--patience`` seconds is stopped, and told with what it had taken by then.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import shacl_data

PEERS = ("pyshacl==0.40.1", "oxrdflib==0.5.0", "pyrudof==0.3.35", "pyoxigraph>=0.5,<0.6")
HOME = Path(tempfile.gettempdir()) / "guidegraph-bench-shacl"

OURS_LOADED = """
from pathlib import Path
from guidegraph.shacl.data import Data
from guidegraph.shacl.engine import Engine
from guidegraph.shacl.files import load
from guidegraph.shacl.queries.constraints import Sparql, defined
from guidegraph.shacl.reading import read
data, shapes = load([Path(DATA)]), load([Path(SHAPES)])
judged = Data(data.columns)
if "sparql" in SHAPES:
    judged.store
start()
known = read(shapes.columns, lambda *_: None, lambda graph: (Sparql, *defined(graph)))
found = sum(map(len, Engine(judged, known).results()))
"""
OURS_FULL = """
from pathlib import Path
from guidegraph.shacl.files import load
from guidegraph.shacl.validation import validate
data, shapes = load([Path(DATA)]), load([Path(SHAPES)])
start()
found = len(validate(data, shapes).results)
"""
OURS_AGAIN = """
import re
from pathlib import Path
from guidegraph.shacl.files import load
from guidegraph.shacl.recheck import Kept
from guidegraph.shacl.report import Telling
data, shapes = load([Path(DATA)]), load([Path(SHAPES)])
kept = Kept(data, shapes)
text = data.texts[0].data
edits = []
for number in range(1, 8):
    at = re.compile(b"ex:age (?=[0-9])").search(text, len(text) * number // 9).end()
    text = text[:at] + b"1" + text[at:]
    edits.append(text)
kept.after({DATA: edits.pop(0)})
times = len(edits)
start()
for each in edits:
    change = kept.after({DATA: each})
    told = [Telling(kept.data, shapes).finding(result) for result in change.come]
found = len(kept.report.results)
"""
PYSHACL_LOADED = """
import logging; logging.disable(logging.CRITICAL)
import rdflib
from pyshacl import validate
shapes = rdflib.Graph().parse(SHAPES)
data = rdflib.Graph(**STORE)
if STORE:
    size = len(rdflib.Graph(**STORE).parse(DATA))
    type(data.store).__len__ = lambda self, context=None: size
data.parse(DATA, format=FORMAT)
start()
report = validate(data, shacl_graph=shapes, inplace=True)[1]
found = len(list(report.objects(None, rdflib.SH.result)))
"""
RUDOF_LOADED = """
import pyrudof
rudof = pyrudof.Rudof(pyrudof.RudofConfig())
rudof.read_data(open(DATA).read())
rudof.read_shacl(open(SHAPES).read())
start()
rudof.validate_shacl()
found = -1
"""
BULK_LOAD = """
import pyoxigraph
store = pyoxigraph.Store()
start()
store.bulk_load(path=DATA, format=pyoxigraph.RdfFormat.TURTLE)
found = -1
"""
OURS_WHOLE = """
import contextlib, io
sys.argv = ["guidegraph", "validate", DATA, SHAPES]
from guidegraph.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    with contextlib.suppress(SystemExit):
        main()
found = -1
"""
PYSHACL_WHOLE = """
import contextlib, io, logging; logging.disable(logging.CRITICAL)
sys.argv = ["pyshacl", "-s", SHAPES, DATA]
from pyshacl.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
found = -1
"""
RUDOF_WHOLE = RUDOF_LOADED.replace("start()", "")
_FRAME = """
import json, os, resource, sys, time
out = os.fdopen(os.dup(1), "w")
DATA, SHAPES, STORE, FORMAT = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
begun = [0.0, 0]
times = 1
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def start():
    begun[0] = time.process_time()
{work}
took = (time.process_time() - begun[0]) / times
print(json.dumps([took, memory(), found]), file=out)
"""
Measured = tuple[float, int, int]
FAILED, STOPPED = -1, -2


def python_of_peers() -> str:
    """A Python with the peers, installed if they are not there."""
    python = HOME / "peers" / "bin" / "python"
    if not python.exists():
        venv.create(HOME / "peers", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return str(python)


def run(patience: int, python: str, work: str, files: Sequence[Path], store: str = "") -> Measured:
    """CPU seconds, peak kilobytes and number of findings of some work in a process of its own.

    Of what is stopped after ``patience`` seconds, the CPU seconds include those of loading.
    """
    options = json.dumps({"store": store} if store else {})
    form = "ox-ttl" if store else "turtle"
    arguments = [python, "-c", _FRAME.format(work=work), *map(str, files), options, form]
    before = _of_children()
    try:
        done = subprocess.run(
            arguments,
            capture_output=True,
            text=True,
            check=False,
            env=_alone(),
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return _of_children() - before, 0, STOPPED
    if done.returncode:
        print(done.stderr[-600:])
        return float("nan"), 1, FAILED
    took, kilobytes, found = json.loads(done.stdout.splitlines()[-1])
    return took, kilobytes, found


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _alone() -> dict[str, str]:
    """An environment without what could make one of them use more than one core."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}


def files_of(triples: int, shapes: str) -> tuple[Path, Path]:
    """Data and shapes as files, written if they are not there."""
    HOME.mkdir(exist_ok=True)
    data, asked = HOME / f"data-{triples}.ttl", HOME / f"{shapes.lower()}.ttl"
    data.write_text(shacl_data.data(triples), encoding="utf-8")
    asked.write_text(getattr(shacl_data, shapes), encoding="utf-8")
    return data, asked


def compared(title: str, rounds: int, runs: dict[str, Callable[[], Measured]]) -> None:
    """Run by turns, and print the medians beside the first."""
    taken: dict[str, list[Measured]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, work in runs.items():
            taken[name].append(work())
    print(title)
    own, own_memory = None, 0.0
    for name, each in taken.items():
        seconds = median(one[0] for one in each)
        memory = max(one[1] for one in each) / 1024
        ratio = "" if own is None else f"  ours is {own / seconds:8.4f}x in time"
        if own is not None and memory:
            ratio += f", {own_memory / memory:6.3f}x in memory"
        told = {FAILED: "", STOPPED: "stopped"}
        found = f"{told.get(each[0][2], f'{each[0][2]:6} found'):12}"
        print(f"  {name:28} {seconds:9.3f} s  {memory:8.0f} MiB  {found}{ratio}")
        own, own_memory = (seconds, memory) if own is None else (own, own_memory)
    print(flush=True)


def bench(triples: int, rounds: int, peers: str, patience: int, *, slow: bool) -> None:
    """Everything at one size."""
    me, measured = sys.executable, partial(run, patience)
    core, queries = files_of(triples, "CORE"), files_of(triples, "SPARQL")
    name = f"{triples:,} triples"
    pyshacl = {"pySHACL": lambda: measured(peers, PYSHACL_LOADED, core)} if slow else {}
    rudof = {"pyrudof": lambda: measured(peers, RUDOF_LOADED, core)}
    compared(
        f"Core shapes, data loaded, {name}",
        rounds,
        {"guidegraph": lambda: measured(me, OURS_LOADED, core), **pyshacl, **rudof},
    )
    whole = {"pyshacl -s S D": lambda: measured(peers, PYSHACL_WHOLE, core)} if slow else {}
    rudof = {"pyrudof": lambda: measured(peers, RUDOF_WHOLE, core)}
    compared(
        f"File to full report, {name}",
        rounds,
        {
            "guidegraph validate": lambda: measured(me, OURS_WHOLE, core),
            "Store.bulk_load alone": lambda: measured(peers, BULK_LOAD, core),
            **whole,
            **rudof,
        },
    )
    compared(
        f"Re-check after one edit, {name}",
        rounds,
        {
            "re-check, text to findings": lambda: measured(me, OURS_AGAIN, core),
            "full check, data loaded": lambda: measured(me, OURS_FULL, core),
            "guidegraph validate": lambda: measured(me, OURS_WHOLE, core),
        },
    )
    plain = {"pySHACL": lambda: measured(peers, PYSHACL_LOADED, queries)} if slow else {}
    if slow:
        plain["pySHACL over oxrdflib"] = lambda: measured(
            peers, PYSHACL_LOADED, queries, "Oxigraph"
        )
    compared(
        f"Shapes in SPARQL, data loaded, {name}",
        rounds,
        {"guidegraph": lambda: measured(me, OURS_LOADED, queries), **plain},
    )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million triples as well")
    parser.add_argument("--slow-peers", action="store_true", help="all peers also at a million")
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 50_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=int, default=3600, help="seconds a run may take")
    options = parser.parse_args()
    peers = python_of_peers()
    cores = os.cpu_count()
    print(f"{platform.platform()}, {cores} cores, Python {platform.python_version()}\n")
    for triples in (*options.sizes, *([1_000_000] if options.large else ())):
        slow = triples < 500_000 or options.slow_peers
        rounds = options.rounds if triples < 500_000 else 1
        bench(triples, rounds, peers, options.patience, slow=slow)


if __name__ == "__main__":
    main()
