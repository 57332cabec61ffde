"""A report in words, as JSON, and as RDF in the vocabulary of SHACL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import Columns, Term
from guidegraph.columns.places import Places
from guidegraph.columns.reading import Loaded
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.shacl import names
from guidegraph.shacl.data import NONE
from guidegraph.shacl.names import SH, sh
from guidegraph.shacl.results import Result
from guidegraph.shacl.validation import Report
from guidegraph.shacl.wording import shown

_SEVERITIES: dict[Term, Severity] = {sh("Warning"): Severity.WARNING, sh("Info"): Severity.NOTE}
_SUFFIX = "ConstraintComponent"


class Telling:
    """Tells results of some data: in words with their places, and as JSON."""

    def __init__(self, data: Loaded, shapes: Loaded) -> None:
        self._data = data
        self._places = Places(data)
        self.shapes = shapes.columns
        self.prefixes = {**shapes.prefixes, **data.prefixes}

    def finding(self, result: Result) -> Diagnostic:
        """One result as a finding."""
        path = "" if result.path is None else f", {self._path(result.path)}"
        words = " ".join(_english(result.said)) or self.words(result)
        value = result.value
        told = value is not None and value != result.focus
        component = result.component.value.removeprefix(SH).removesuffix(_SUFFIX)
        has = f" The value is {self._shown(value)}." if told and value is not None else ""
        return Diagnostic(
            code="Z201",
            severity=severity(result),
            message=f"{self._shown(result.focus)}{path}: {words}",
            at=self.place(result),
            why=f"The shape {self._shown(result.shape)} asks for it ({component}).{has}",
            help="Correct the data, or the shape if it asks for too much.",
        )

    def place(self, result: Result) -> Location | None:
        """Where the value stands, or else the focus node."""
        focus, predicate, value = result.rows
        if focus == NONE and not isinstance(
            result.focus, ox.BlankNode
        ):  # an edit may have put it in
            focus = self._data.columns.terms.number(result.focus)
        if NONE not in result.rows and self._is_known(value):
            at = self._places.of_triple(focus, predicate, value)
            if at is not None:
                return at
        if not self._is_known(focus):
            return None
        return self._places.of_node(focus) or self._use(focus)

    def line(self, at: Location) -> str | None:
        """A line of the data, without its end."""
        return self._places.line(at)

    def _is_known(self, number: int) -> bool:
        return 0 <= number < len(self._data.columns.terms)

    def _use(self, focus: int) -> Location | None:
        """Where something that nothing is said about is used first."""
        rows = np.flatnonzero(self._data.columns.objects == focus)
        return self._places.of_object(int(rows[0])) if len(rows) else None

    def words(self, result: Result) -> str:
        """What was asked for, where the shape says nothing."""
        return "" if result.constraint is None else result.constraint.words(self._shown)

    def _shown(self, term: Term) -> str:
        return shown(term, self.prefixes)

    def _path(self, path: Term) -> str:
        return self._shown(path) if isinstance(path, ox.NamedNode) else "on its path"

    def entry(self, result: Result) -> dict[str, Any]:
        """One result as JSON has it: terms as N-Triples writes them."""
        at = self.place(result)
        optional = {"path": result.path, "value": result.value, "source": result.source}
        return {
            "focus": str(result.focus),
            **{name: str(term) for name, term in optional.items() if term is not None},
            "component": result.component.value,
            "shape": str(result.shape),
            "severity": result.severity.value,
            "messages": [_message(each) for each in result.said] or [{"text": self.words(result)}],
            **({} if at is None else {"file": at.file, "line": at.line, "column": at.column}),
        }


def severity(result: Result) -> Severity:
    """What the severity of a result is called elsewhere."""
    return _SEVERITIES.get(result.severity, Severity.ERROR)


def _message(words: Term) -> dict[str, str]:
    language = words.language if isinstance(words, ox.Literal) else None
    return {"text": words.value} | ({"language": language} if language else {})


def _english(said: Iterable[Term]) -> list[str]:
    """The messages in English, or all where there are none."""
    all_ = [each for each in said if isinstance(each, ox.Literal)]
    english = [each for each in all_ if each.language is None or each.language[:2] == "en"]
    return [each.value for each in english or all_]


def ordered(told: Telling, results: Iterable[Result]) -> list[tuple[Diagnostic, Result]]:
    """Results with their findings, in the order in which people read files."""
    pairs = [(told.finding(each), each) for each in results]
    return sorted(pairs, key=lambda pair: (pair[0].order, str(pair[1].component)))


def as_json(report: Report, told: Telling, notes: Iterable[dict[str, Any]]) -> str:
    """The whole report as JSON."""
    entries = [told.entry(each) for _, each in ordered(told, report.results)]
    whole = {"conforms": report.conforms, "results": entries, "findings": list(notes)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_turtle(report: Report, told: Telling) -> bytes:
    """The whole report as a ``sh:ValidationReport``; paths are written as the shapes write them."""
    known = {"sh": SH, "xsd": names.XSD} | {
        name: iri for name, iri in told.prefixes.items() if _is_plain(name)
    }
    made = ox.serialize(_triples(report, told), format=ox.RdfFormat.TURTLE, prefixes=known)
    assert made is not None
    return made


def _is_plain(prefix: str) -> bool:
    return prefix.replace("-", "").isalnum() or not prefix


def _triples(report: Report, told: Telling) -> Iterator[ox.Triple]:
    whole = ox.BlankNode("report")
    truth = ox.Literal("true" if report.conforms else "false", datatype=_BOOLEAN)
    yield ox.Triple(whole, names.TYPE, sh("ValidationReport"))
    yield ox.Triple(whole, sh("conforms"), truth)
    paths: set[Term] = set()
    for number, each in enumerate(report.results):
        node = ox.BlankNode(f"result{number}")
        yield ox.Triple(whole, sh("result"), node)
        yield ox.Triple(node, names.TYPE, sh("ValidationResult"))
        for name, value in _parts(each, told):
            yield ox.Triple(node, sh(name), value)
        if isinstance(each.path, ox.BlankNode):
            paths.add(each.path)
    yield from _described(paths, told.shapes)


_BOOLEAN = ox.NamedNode(names.XSD + "boolean")


def _parts(result: Result, told: Telling) -> Iterator[tuple[str, Term]]:
    yield "focusNode", result.focus
    if result.path is not None:
        yield "resultPath", result.path
    if result.value is not None:
        yield "value", result.value
    yield "resultSeverity", result.severity
    yield "sourceConstraintComponent", result.component
    yield "sourceShape", result.shape
    if result.source is not None:
        yield "sourceConstraint", result.source
    for each in result.said or (ox.Literal(told.words(result), language="en"),):
        yield "resultMessage", each


def _described(paths: set[Term], shapes: Columns) -> Iterator[ox.Triple]:
    """What the shapes say of paths without a name."""
    waiting, met = list(paths), set(paths)
    order, subjects = shapes.by_subject, shapes.subjects[shapes.by_subject]
    while waiting:
        number = shapes.terms.number(waiting.pop())
        first, last = subjects.searchsorted(np.array([number, number + 1], dtype=np.int32))
        for row in order[first:last].tolist():
            columns = (shapes.subjects, shapes.predicates, shapes.objects)
            triple = [shapes.terms[int(column[row])] for column in columns]
            yield ox.Triple(*triple)  # type: ignore[arg-type]
            if isinstance(triple[2], ox.BlankNode) and triple[2] not in met:
                met.add(triple[2])
                waiting.append(triple[2])
