"""How long Turtle takes to load: ``python tests/bench/bench_load.py [TRIPLES [ROUNDS]]``.

Ours (columns with places) beside draining pyoxigraph's parser, ``Store.bulk_load`` and rdflib, on a
million triples, a tenth of them about blank nodes. CPU medians, in turn in one process; rdflib is
run once. Then what it costs to look up the places of a thousand triples afterwards.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from random import Random

import pyoxigraph as ox
from shacl_data import data

from guidegraph.columns.places import Places
from guidegraph.columns.reading import Loaded, read

TURTLE = ox.RdfFormat.TURTLE


def drained(text: bytes) -> int:
    """How many triples the parser gives."""
    return sum(1 for _ in ox.parse(text, format=TURTLE))


def columns(text: bytes) -> int:
    """How many rows there are."""
    return len(loaded(text).columns)


def loaded(text: bytes) -> Loaded:
    """The same text as columns."""
    return read([("data.ttl", text, TURTLE)])


def stored(text: bytes) -> int:
    """How many triples are in the store."""
    store = ox.Store()
    store.bulk_load(text, format=TURTLE)
    return len(store)


def graph(text: bytes) -> int:
    """How many triples are in the graph."""
    import rdflib

    return len(rdflib.Graph().parse(data=text, format="turtle"))


def timed(work: Callable[[bytes], object], text: bytes) -> float:
    """CPU seconds."""
    gc.collect()
    before = time.process_time()
    work(text)
    return time.process_time() - before


def main() -> None:
    """Measure and tell."""
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    text = data(triples).encode()
    work = {"columns": columns, "parser drained": drained, "Store.bulk_load": stored}
    took: dict[str, list[float]] = {each: [] for each in work}
    for _ in range(rounds):
        for name, each in work.items():
            took[name].append(timed(each, text))
    seconds = {name: statistics.median(each) for name, each in took.items()}
    seconds["rdflib"] = timed(graph, text)
    print(f"{columns(text):,} triples, {len(text) / 1e6:.0f} MB")
    for name, spent in seconds.items():
        print(f"{spent:8.2f} s  {name:16} ours / this: {seconds['columns'] / spent:.2f}")
    print(f"rdflib / ours: {seconds['rdflib'] / seconds['columns']:.1f}")
    places = Places(loaded(text))
    rows = Random(1).sample(range(len(places.loaded.columns)), 1_000)
    print(
        f"{timed(lambda _: [places.of_object(each) for each in rows], text):8.2f} s  1,000 places"
    )


if __name__ == "__main__":
    main()
