"""Data judged by shapes, from files to what is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from guidegraph.columns.columns import Term
from guidegraph.columns.reading import Loaded
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.shacl import reading, reference
from guidegraph.shacl.data import NONE, Data
from guidegraph.shacl.engine import Engine
from guidegraph.shacl.names import IMPORTS, ONTOLOGY, TYPE
from guidegraph.shacl.queries.constraints import Sparql, defined
from guidegraph.shacl.results import Result, results
from guidegraph.shacl.shapes import Shape, Shapes
from guidegraph.shacl.wording import listed

if TYPE_CHECKING:
    from guidegraph.columns.places import Places

ENGINES = ("auto", "compiled", "pyshacl")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: by the shapes in the data, and about the shapes themselves."""

    results: tuple[Result, ...]
    findings: tuple[Diagnostic, ...]
    shapes: int

    @property
    def conforms(self) -> bool:
        """Whether all shapes could be applied and nothing was found by them."""
        return not self.results and not any(
            each.severity == Severity.ERROR for each in self.findings
        )


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Shapes as they were read, what is to be told of them, and who judges by them."""

    graph: Loaded
    shapes: Shapes
    engine: str
    findings: tuple[Diagnostic, ...]
    aimed: int

    @classmethod
    def of(cls, shapes: Loaded, engine: str = "auto") -> Asked:
        """The shapes of a graph. ``engine`` is one of ``ENGINES``."""
        place = partial(_place, shapes, [])
        read = reading.read(shapes.columns, place, lambda graph: (Sparql, *defined(graph)))
        aimed = sum(1 for each in (*read.by_node.values(), *read.left) if each.targets)
        findings = [*read.findings, *_imports(shapes)]
        if not aimed and not read.findings:
            findings.append(_nothing_sought(shapes))
        if engine == "pyshacl":
            findings = _besides_pyshacl(findings)
        elif read.left and engine == "compiled":
            findings += [
                _circle(each, place(each.node, None), Severity.ERROR) for each in read.left
            ]
        else:
            left = _seeking(read)
            findings += [_circle(each, place(each.node, None), Severity.NOTE) for each in left]
        return cls(shapes, read, engine, tuple(findings), aimed)

    def by_pyshacl(self, data: Loaded) -> tuple[tuple[Result, ...], tuple[Diagnostic, ...]]:
        """What pySHACL finds, by the shapes that are left to it, and what it says of them."""
        if self.engine == "pyshacl":
            return _by_reference(data, self.graph, None)
        nodes = frozenset(each.node for each in _seeking(self.shapes))
        if self.engine == "compiled" or not nodes:
            return (), ()
        return _by_reference(data, self.graph, nodes)


def _seeking(shapes: Shapes) -> list[Shape]:
    """Shapes that are not compiled and seek nodes."""
    return [each for each in shapes.left if each.targets and not each.deactivated]


def validate(data: Loaded, shapes: Loaded, engine: str = "auto") -> Report:
    """Apply shapes to data. ``engine`` is one of ``ENGINES``.

    ``auto`` compiles what it can and gives the rest to pySHACL, ``compiled`` leaves the rest out
    and says so, ``pyshacl`` gives everything to pySHACL.
    """
    asked = Asked.of(shapes, engine)
    found: tuple[Result, ...] = ()
    unjudged: tuple[Diagnostic, ...] = ()
    if engine != "pyshacl":
        judged = Data(data.columns, own=data is shapes)
        judging = Engine(judged, asked.shapes)
        found, unjudged = tuple(results(judged, judging.results())), judging.findings
    others, troubles = asked.by_pyshacl(data)
    return Report((*found, *others), (*asked.findings, *unjudged, *troubles), asked.aimed)


def _by_reference(
    data: Loaded, shapes: Loaded, only: frozenset[Term] | None
) -> tuple[tuple[Result, ...], tuple[Diagnostic, ...]]:
    try:
        return reference.judged(data, shapes, only), ()
    except reference.RefusedError as fault:
        told = Diagnostic(
            code="Z105",
            severity=Severity.ERROR,
            message=f"pySHACL does not apply these shapes: {fault}.",
            why="What it would have found is not known.",
            help="Correct the shapes; try `--engine compiled`, which says more of the place.",
        )
        return (), (told,)


def _besides_pyshacl(findings: list[Diagnostic]) -> list[Diagnostic]:
    """What pySHACL does not say itself: it says which shapes it refuses.

    A function that it does not know is an error within its query, and then nothing is found.
    """
    doubtful = "pySHACL was given the query as it is, and may have found nothing by it."
    kept = [each for each in findings if each.code != "Z101"]
    return [
        replace(each, severity=Severity.WARNING, why=doubtful) if each.code == "Z104" else each
        for each in kept
    ]


def _circle(shape: Shape, at: Location | None, severity: Severity) -> Diagnostic:
    judged = severity == Severity.NOTE
    by = "pySHACL has judged by it, a few levels deep." if judged else "It was not applied."
    return Diagnostic(
        code="Z103",
        severity=severity,
        message=f"The shape {listed([shape.node])} refers to itself, or to one that does. {by}",
        at=at,
        why="SHACL does not say what such a shape means.",
        help="Write the inner shape without what leads back to the outer one.",
    )


def _imports(shapes: Loaded) -> Iterator[Diagnostic]:
    """Graphs that the shapes import and that are not in their file: they are not fetched."""
    terms, pairs = shapes.columns.terms, shapes.columns.pairs
    ontologies = pairs(terms.number(TYPE)).inverse
    here = ontologies.objects[slice(*ontologies.of(terms.number(ONTOLOGY)))].tolist()
    imported = pairs(terms.number(IMPORTS))
    lacking = [at for at, each in enumerate(imported.objects.tolist()) if each not in here]
    if lacking:
        from guidegraph.columns.places import Places

        elsewhere = dict.fromkeys(terms[each] for each in imported.objects[lacking].tolist())
        yield Diagnostic(
            code="Z003",
            severity=Severity.NOTE,
            message=f"The shapes import {listed(tuple(elsewhere))}, which is not read.",
            at=Places(shapes).of_object(int(imported.rows[lacking[0]])),
            why="Nothing is fetched: shapes and classes that stand only there are not known.",
            help="Write what is needed of it into the file of the shapes.",
        )


def _nothing_sought(shapes: Loaded) -> Diagnostic:
    files = ", ".join(f"`{each.file}`" for each in shapes.texts)
    return Diagnostic(
        code="Z106",
        severity=Severity.WARNING,
        message=f"No shape in {files} seeks any node.",
        why="Nothing was judged, so nothing can have been found.",
        help="Give a shape a target, such as `sh:targetClass`; the shapes are the last file.",
    )


def _place(
    loaded: Loaded, kept: list[Places], node: Term, predicate: Term | None
) -> Location | None:
    """Where a node is described, or has a property. ``kept`` is where the places are kept."""
    terms = loaded.columns.terms
    number = terms.number(node)
    if number == NONE:
        return None
    if not kept:
        from guidegraph.columns.places import Places

        kept.append(Places(loaded))
    places = kept[0]
    if predicate is None:
        return places.of_node(number) or _use(loaded, places, number)
    pairs = loaded.columns.pairs(terms.number(predicate))
    start, stop = pairs.of(number)
    return places.of_object(int(pairs.rows[start])) if stop > start else None


def _use(loaded: Loaded, places: Places, number: int) -> Location | None:
    """Where something that nothing is said about is used first."""
    rows = (loaded.columns.objects == number).nonzero()[0]
    return places.of_object(int(rows[0])) if len(rows) else None
