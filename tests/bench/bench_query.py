"""How fast evidence queries are: ``python tests/bench/bench_query.py [SIZE ...] [QUERY ...]``.

Eight of the shipped queries on made-up evidence of about 2,000, 50,000 and 1,000,000 statements (or
of the sizes that are given). Ours, with refusals, parameters and limits, against the bare engine
(pyoxigraph) with the same text; and against rdflib and oxrdflib, which are stopped after a while.
CPU medians, interleaved in one run. Rows are taken whole, as values of the library in question.

oxrdflib comes from PyPI into a folder of its own; without the network, its column stays empty.
"""

from __future__ import annotations

import gc
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from guidegraph.query import engine, named
from guidegraph.query.delivery import BY_NAME, written
from guidegraph.query.graph import Graph, ontology_texts
from guidegraph.query.named import NamedQuery
from guidegraph.terms import NAMESPACES

SIZES = (2_000, 50_000, 1_000_000)
QUERIES = (
    *("appraisals", "claims", "conflicts", "evidence", "evidence-populations"),
    *("hedged-support", "single-study-support", "without-evidence"),
)
CAP = 60
"""Seconds after which rdflib and oxrdflib are stopped."""
MOST_RDFLIB = 50_000
ROUNDS, ROUNDS_LARGE = 5, 3
D = "https://example.org/guideline/bench/"
PREFIX = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMESPACES.items())


def block(n: int) -> str:
    """One study with what rests on it: about sixty statements."""
    design = ("Supports", "PartlySupports", "Disputes", "Supports")[n % 4]
    certainty = ("Hedged", "Firm", "Speculative")[n % 3]
    wider = f"skos:broader d:POP-{n // 7 * 7} ;" if n % 7 else ""
    return f"""
d:POP-{n} a gg:Population ; {wider} rdfs:label "Patients {n}"@en .
d:STU-{n} a gg:Study ; rdfs:label "Study {n}"@en ; gg:reportedIn d:DOC-{n} ;
  gg:appliesTo d:POP-{n - n % 2} ; gg:studyDesign code:Cohort ; gg:sampleSize {100 + n % 900} .
d:DOC-{n} a fabio:JournalArticle ; rdfs:label "Paper {n}"@en .
d:PAS-{n} a gg:Passage ; oa:hasSource d:SRC-{n % 9} ; bibo:locator "page {n % 30}" .
d:CIT-{n} a gg:Citation ; skos:notation "{n}" ; cito:hasCitedEntity d:DOC-{n} .
d:REC-{n} a gg:Recommendation ; rdfs:label "Advice {n}"@en ; gg:modality code:Should ;
  gg:appliesTo d:POP-{n} .
{"".join(claim(n, each, certainty) for each in range(3))}
{"" if n % 10 == 3 else link(n, 0, f"REC-{n}", design)}
{"" if n % 10 == 3 else link(n, 1, f"REC-{n}", "Supports")}
{link(n, 2, f"CLM-{n}-0", "Disputes" if n % 5 == 0 else "Supports")}
d:APP-{n} a gg:Appraisal ; gg:appraises d:STU-{n} ; gg:appraisalDomain code:Design ;
  gg:judgement code:Low ; gg:rationale "Because of {n}."@en ; prov:wasAttributedTo d:WHO-{n % 4} ;
  dcterms:created "2026-01-{1 + n % 28:02d}"^^xsd:date .
"""


def claim(n: int, each: int, certainty: str) -> str:
    """One claim of a study."""
    about = f"gg:aboutStudy d:STU-{n} ;" if (n + each) % 6 else ""
    return f"""d:CLM-{n}-{each} a gg:EvidenceClaim ; rdfs:label "Claim {n} {each}"@en ; {about}
  gg:claimType code:Association ; gg:assertionCertainty code:{certainty} ;
  gg:statement "What claim {each} of study {n} says."@en ; prov:wasDerivedFrom d:PAS-{n} ;
  gg:citation d:CIT-{n} .
"""


def link(n: int, each: int, target: str, relation: str) -> str:
    """What a claim bears on."""
    return f"""d:LNK-{n}-{each} a gg:EvidenceRelation ; gg:target d:{target} ;
  gg:evidence d:CLM-{n}-{each} ; gg:relationType code:{relation} ;
  gg:rationale "As study {n} says."@en ; prov:wasAttributedTo d:WHO-{n % 4} .
"""


def words() -> Iterator[ox.Quad]:
    """The labels of the code lists, and some that are made up for what the ontology lacks."""
    code, label = NAMESPACES["code"], ox.NamedNode(NAMESPACES["rdfs"] + "label")
    found = set()
    for text in ontology_texts():
        for each in ox.parse(text, format=ox.RdfFormat.TURTLE):
            if each.predicate == label and each.subject.value.startswith(code):
                found.add(each.subject.value)
                yield each
    used = ("Design", "Low", "Association", "Cohort", "Firm", "Hedged", "Speculative", "Should")
    for name in used:
        if code + name not in found:
            yield ox.Quad(ox.NamedNode(code + name), label, ox.Literal(name, language="en"))


def grown(size: int) -> Graph:
    """A graph of about this many statements; the same each time."""
    store = ox.Store()
    store.extend(words())
    head, number = f"{PREFIX}@prefix d: <{D}> .\n", 0
    while len(store) < size:
        step = max(1, (size - len(store)) // 80)
        blocks = "".join(map(block, range(number, number + step)))
        store.bulk_load(head + blocks, format=ox.RdfFormat.TURTLE)
        number += step
    return Graph(store, D)


Work = Callable[[], int]


class _StoppedError(BaseException):
    """The time is over; nothing on the way may take it for a fault of its own."""


def ways(graph: Graph, query: NamedQuery, others: dict[str, object]) -> dict[str, Work]:
    """What is measured: each gives the number of its rows, or bytes."""
    prefixes, json = graph.prefixes, BY_NAME["json"]

    def bare() -> ox.QuerySolutions:
        found = graph.store.query(query.text, prefixes=prefixes)
        assert isinstance(found, ox.QuerySolutions)
        return found

    def rows(answer: object) -> int:
        return len([tuple(each) for each in answer])  # type: ignore[attr-defined]

    found: dict[str, Work] = {
        "bare rows": lambda: rows(bare()),
        "our rows": lambda: rows(engine.ask(query, graph, {})),
        "bare JSON": lambda: len(bare().serialize(format=json.written) or b""),  # type: ignore[arg-type]
        "our JSON": lambda: len(written(engine.ask(query, graph, {}), json, 10**7, 10**10)),
        "our cells": lambda: len(engine.run(query, graph, {}, None)),
    }
    for name, each in others.items():
        found[name] = lambda each=each: rows(each.query(query.text, initNs=prefixes))  # type: ignore
    return found


def measured(work: Work) -> tuple[float, int] | None:
    """CPU seconds and what came of it; None if it had to be stopped."""

    def stop(*_: object) -> None:
        raise _StoppedError

    gc.collect()
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(CAP)
    begun = time.process_time()
    try:
        found = work()
    except _StoppedError:
        return None
    finally:
        signal.alarm(0)
    return time.process_time() - begun, found


def compared(graph: Graph, query: NamedQuery, others: dict[str, object]) -> dict[str, float | None]:
    """The median of each way; their rounds follow each other in turn."""
    named_ways = ways(graph, query, others)
    times: dict[str, list[float]] = {each: [] for each in named_ways}
    counts: dict[str, int] = {}
    for number in range(ROUNDS if len(graph.store) <= MOST_RDFLIB * 2 else ROUNDS_LARGE):
        for name, work in named_ways.items():
            slow = name in others and (number > 0)
            if slow and (not times[name] or times[name][0] > 1):
                continue
            found = measured(work)
            if found is None:
                continue
            times[name].append(found[0])
            counts[name] = found[1]
    if not {"bare rows", "our rows", "bare JSON", "our JSON"} <= set(counts):
        return {}
    assert counts["our rows"] == counts["bare rows"], query.name
    for name in others:
        assert counts.get(name, counts["bare rows"]) == counts["bare rows"], (query.name, name)
    assert counts["our JSON"] == counts["bare JSON"], query.name
    told: dict[str, float | None] = {
        name: statistics.median(each) if each else None for name, each in times.items()
    }
    return {"rows": counts["bare rows"], **told}


def others(graph: Graph, size: int) -> dict[str, object]:
    """The same graph in rdflib (if it is small enough) and behind oxrdflib (if it is there)."""
    import rdflib

    found: dict[str, object] = {}
    try:
        import oxrdflib

        found["oxrdflib"] = rdflib.Graph(
            store=oxrdflib.OxigraphStore(store=graph.store),
            identifier=rdflib.graph.DATASET_DEFAULT_GRAPH_ID,
        )
    except ImportError:
        print("oxrdflib is not there")
    if size <= MOST_RDFLIB:
        plain = rdflib.Graph()
        data = graph.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        plain.parse(data=data, format="nt")
        found["rdflib"] = plain
    return found


def fetch(place: Path) -> None:
    """oxrdflib from PyPI; what it needs is here."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(place)]
    subprocess.run([*command, "oxrdflib"], check=False)
    sys.path.append(str(place))


def shown(name: str, told: dict[str, float | None]) -> str:
    """One line: milliseconds of the bare engine, and how many times as long the others take."""

    if not told:
        return f"{name:22} {'the bare engine needs more than':>50} {CAP} s"

    def times(way: str, to: str) -> str:
        mine, base = told.get(way), told[to]
        return f"{mine / base:9.2f}x" if mine is not None and base else f"{'':>10}"

    assert told["bare rows"] is not None
    peers = [
        times(each, "our rows")
        if told.get(each) is not None
        else f"{f'> {CAP} s':>10}"
        if each in told
        else f"{'':>10}"
        for each in ("oxrdflib", "rdflib")
    ]
    return (
        f"{name:22} {told['rows']:8.0f} {told['bare rows'] * 1000:9.1f} "
        f"{times('our rows', 'bare rows')} {(told['bare JSON'] or 0) * 1000:9.1f} "
        f"{times('our JSON', 'bare JSON')} {times('our cells', 'bare rows')} {' '.join(peers)}"
    )


HEAD = (
    f"{'query':22} {'rows':>8} {'bare ms':>9} {'ours':>10} {'JSON ms':>9} {'ours':>10} "
    f"{'cells':>10} {'oxrdflib':>10} {'rdflib':>10}"
)


def main() -> None:
    """Measure each size in turn."""
    sizes = [int(each) for each in sys.argv[1:] if each.isdecimal()] or list(SIZES)
    queries = [each for each in sys.argv[1:] if not each.isdecimal()] or list(QUERIES)
    found = {each.name: each for each in named()}
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"pyoxigraph {ox.__version__}")
    print("bare: pyoxigraph alone; ours: times bare; oxrdflib and rdflib: times ours")
    with tempfile.TemporaryDirectory() as place:
        fetch(Path(place))
        for size in sizes:
            graph = grown(size)
            peers = others(graph, size)
            print(f"\n{len(graph.store)} statements\n{HEAD}", flush=True)
            for name in queries:
                print(shown(name, compared(graph, found[name], peers)), flush=True)


if __name__ == "__main__":
    main()
