"""Shapes that are not compiled, judged by pySHACL; it is also what the engine is held to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from guidegraph.columns.columns import Columns, Term
from guidegraph.columns.reading import Loaded
from guidegraph.shacl import names
from guidegraph.shacl.names import SH
from guidegraph.shacl.results import Result

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_AIMS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")


class RefusedError(Exception):
    """pySHACL does not apply these shapes; says why."""


def judged(data: Loaded, shapes: Loaded, only: frozenset[Term] | None = None) -> tuple[Result, ...]:
    """What pySHACL finds, by some shapes or by all of a graph.

    Raises:
        RefusedError: it refuses the shapes, or gives up.
    """
    import logging
    import warnings

    from pyshacl import validate

    from guidegraph.columns.rdflib_terms import as_rdflib

    judge = _graph(shapes)
    if only is not None:
        _aim_only(judge, {as_rdflib(each) for each in only})
    quiet = logging.getLogger("guidegraph.quiet")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    try:
        options: dict[str, Any] = {"inplace": True, "advanced": False, "inference": "none"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, _ = validate(_graph(data), shacl_graph=judge, logger=quiet, **options)
    except TimeoutError:
        raise
    except Exception as fault:  # it raises whatever it meets, also what is no fault of shapes
        words = str(fault).strip().partition("\n")[0].rstrip(".")
        raise RefusedError(words or type(fault).__name__) from None
    if not hasattr(report, "objects"):
        raise RefusedError(str(report))
    return tuple(_results(report, data.columns))


def _results(report: Graph, data: Columns) -> Iterator[Result]:
    from rdflib import SH as VOCABULARY

    from guidegraph.columns.rdflib_terms import from_rdflib

    def one(result: Node, name: str) -> Term | None:
        found = report.value(result, VOCABULARY[name])
        return None if found is None else from_rdflib(found)

    number = data.terms.number
    for each in report.objects(None, VOCABULARY.result):
        focus, path, value = (one(each, name) for name in ("focusNode", "resultPath", "value"))
        component, shape = one(each, "sourceConstraintComponent"), one(each, "sourceShape")
        severity = one(each, "resultSeverity")
        assert focus is not None
        assert component is not None
        assert shape is not None
        said = (from_rdflib(words) for words in report.objects(each, VOCABULARY.resultMessage))
        yield Result(
            focus=focus,
            path=path,
            value=value,
            component=component,
            shape=shape,
            severity=severity or names.VIOLATION,
            said=tuple(sorted(said, key=str)),
            constraint=None,
            source=one(each, "sourceConstraint"),
            rows=tuple(-1 if term is None else number(term) for term in (focus, path, value)),  # type: ignore[arg-type]
        )


def _graph(loaded: Loaded) -> Graph:
    from rdflib import Graph

    from guidegraph.columns.rdflib_terms import as_rdflib

    columns = loaded.columns
    nodes = [as_rdflib(each) for each in columns.terms.all]
    graph = Graph()
    for prefix, namespace in loaded.prefixes.items():
        graph.bind(prefix, namespace)
    parts = (columns.subjects, columns.predicates, columns.objects)
    for triple in zip(*(part.tolist() for part in parts), strict=True):
        graph.add(tuple(map(nodes.__getitem__, triple)))  # type: ignore[arg-type]
    return graph


def _aim_only(shapes: Graph, only: set[Node]) -> None:
    """No other shape seeks nodes."""
    from rdflib import OWL, RDF, RDFS, URIRef

    for name in _AIMS:
        for triple in list(shapes.triples((None, URIRef(SH + name), None))):
            if triple[0] not in only:
                shapes.remove(triple)
    for kind in (RDFS.Class, OWL.Class):
        for triple in list(shapes.triples((None, RDF.type, kind))):
            if triple[0] not in only:
                shapes.remove(triple)
