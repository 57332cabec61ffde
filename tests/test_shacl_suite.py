"""The W3C's SHACL test suite: the reports that it expects, and those of pySHACL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from guidegraph.columns.columns import Term
from guidegraph.columns.reading import Loaded, read
from guidegraph.shacl import names, reference
from guidegraph.shacl.graph import Graph
from guidegraph.shacl.names import sh
from guidegraph.shacl.results import Result
from guidegraph.shacl.validation import validate

SUITE = Path(__file__).resolve().parents[2] / "shared" / "suites" / "w3c-shacl"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TEST = "http://www.w3.org/ns/shacl-test#"
NOT_MET = {
    "sparql/pre-binding/shapesGraph-001": "the shapes are no graph of the data: "
    "`$shapesGraph` is optional in SHACL, and a query that uses it is refused with Z104",
}
"""Tests that fail, and why. One that passes all the same fails."""
PYSHACL_DIFFERS = {
    "core/property/uniqueLang-002": 'pySHACL takes "1" for true, SHACL does not',
    "sparql/pre-binding/shapesGraph-001": "pySHACL has no `$shapesGraph` either, and stops",
}
"""Tests of which pySHACL gives another report than the suite expects."""
Told = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    name: str
    data: Path
    shapes: Path
    graph: Graph
    node: Term

    def expected(self) -> Told | None:
        """The results that are expected; None where the shapes must be refused."""
        report = self.graph.objects(self.node, ox.NamedNode(MANIFEST + "result"))[0]
        if isinstance(report, ox.NamedNode):
            return None
        return Counter(
            told(tuple(self._one(result, name) for name in PARTS))
            for result in self.graph.objects(report, sh("result"))
        )

    def _one(self, result: Term, name: str) -> Term | None:
        return next(iter(self.graph.objects(result, sh(name))), None)


PARTS = (
    *("focusNode", "resultPath", "value", "sourceConstraintComponent"),
    *("resultSeverity", "sourceShape"),
)


def told(parts: tuple[Term | None, ...]) -> tuple[str, ...]:
    """The parts of a result, comparable: blank nodes have other names in each file."""
    return tuple("[]" if isinstance(each, ox.BlankNode) else str(each) for each in parts)


def of(results: tuple[Result, ...]) -> Told:
    return Counter(
        told((each.focus, each.path, each.value, each.component, each.severity, each.shape))
        for each in results
    )


def load(path: Path) -> Loaded:
    return read([(str(path), path.read_bytes(), ox.RdfFormat.TURTLE)])


def cases() -> Iterator[Case]:
    for path in sorted(SUITE.rglob("*.ttl")):
        if path.name == "manifest.ttl":
            continue
        graph = Graph(load(path).columns)
        for node in graph.subjects(names.TYPE, ox.NamedNode(TEST + "Validate")):
            action = graph.objects(node, ox.NamedNode(MANIFEST + "action"))[0]
            data, shapes = (
                Path(graph.objects(action, ox.NamedNode(TEST + each))[0].value[7:])
                for each in ("dataGraph", "shapesGraph")
            )
            name = str(path.relative_to(SUITE)).removesuffix(".ttl")
            yield Case(name, data, shapes, graph, node)


CASES = [pytest.param(each, id=each.name) for each in cases()]
NO_SUITE = "the W3C suite is not beside this repository (../shared/suites/w3c-shacl)"
needs_suite = pytest.mark.skipif(not CASES, reason=NO_SUITE)


@needs_suite
def test_the_suite_is_whole() -> None:
    found = {each.values[0].name for each in CASES}
    assert len(found) == 121
    assert found >= NOT_MET.keys() | PYSHACL_DIFFERS.keys()


@needs_suite
@pytest.mark.parametrize("case", CASES)
def test_reports_are_those_that_the_suite_expects(case: Case) -> None:
    data = load(case.data)
    shapes = data if case.data == case.shapes else load(case.shapes)
    report = validate(data, shapes, "compiled")
    expected = case.expected()
    is_met = bool(report.findings) if expected is None else of(report.results) == expected
    assert is_met == (case.name not in NOT_MET), (report.findings, expected)


@needs_suite
@pytest.mark.parametrize("case", CASES)
def test_reports_are_those_of_pyshacl(case: Case) -> None:
    data = load(case.data)
    shapes = data if case.data == case.shapes else load(case.shapes)
    ours = validate(data, shapes, "compiled")
    try:
        theirs = of(reference.judged(data, shapes))
    except reference.RefusedError:
        assert any(each.code in ("Z101", "Z104") for each in ours.findings)
        return
    same = theirs == of(ours.results)
    assert same == (case.name not in PYSHACL_DIFFERS)
