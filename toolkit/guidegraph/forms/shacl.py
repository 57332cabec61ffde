"""Reads shapes: which of them a class has, what they ask of a property, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from guidegraph.forms.form import Rule
from guidegraph.terms import expand

CODE = URIRef(expand("gg:code"))
HINT = URIRef(expand("gg:hint"))
_SEVERITIES: dict[Node | None, str] = {SH.Warning: "warning", SH.Info: "note"}
_PATH_MARKS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}
_INSIDE = (SH.property, SH["or"], SH["and"], SH.xone, SH["not"], SH.node, SH.qualifiedValueShape)
DEEPEST = 20


def above(graph: Graph, cls: Node) -> tuple[Node, ...]:
    """A class and all classes above it, the nearest first."""
    found = [cls]
    for each in found:
        for one in sorted(graph.objects(each, RDFS.subClassOf), key=str):
            if (
                one not in found
                and isinstance(one, URIRef)
                and one not in (RDFS.Resource, OWL.Thing)
            ):
                found.append(one)
    return tuple(found)


def under(graph: Graph, cls: Node) -> tuple[Node, ...]:
    """A class and all classes under it."""
    found = graph.transitive_subjects(RDFS.subClassOf, cls)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def is_off(graph: Graph, shape: Node) -> bool:
    """Whether a shape is switched off."""
    stated = graph.value(shape, SH.deactivated)
    return isinstance(stated, Literal) and str(stated) in ("true", "1")


def node_shapes(graph: Graph, classes: Iterable[Node]) -> tuple[Node, ...]:
    """The shapes that things of these classes must meet, those they refer to included."""
    found: list[Node] = []
    for cls in classes:
        aimed = sorted(graph.subjects(SH.targetClass, cls), key=str)
        if (cls, RDF.type, SH.NodeShape) in graph:
            aimed.insert(0, cls)
        found += [each for each in aimed if each not in found]
    return tuple(whole(graph, found))


def whole(graph: Graph, shapes: Iterable[Node]) -> Iterator[Node]:
    """Shapes and all that must be met with them (``sh:node``, ``sh:and``), each once."""
    waiting = list(shapes)
    seen: set[Node] = set()
    while waiting:
        shape = waiting.pop(0)
        if shape in seen or is_off(graph, shape):
            continue
        seen.add(shape)
        yield shape
        if graph.value(shape, SH.path) is None:
            waiting += sorted(graph.objects(shape, SH.node), key=str)
        for each in graph.objects(shape, SH["and"]):
            waiting += members(graph, each)


def property_shapes(graph: Graph, shapes: Iterable[Node]) -> tuple[Node, ...]:
    """The property shapes of node shapes, each once; one that stands alone is one itself."""
    found: dict[Node, None] = {}
    for shape in shapes:
        if graph.value(shape, SH.path) is not None:
            found[shape] = None
        below = [e for e in graph.objects(shape, SH.property) if not is_off(graph, e)]
        if graph.value(shape, SH.path) is None:
            found.update(dict.fromkeys(sorted(below, key=lambda each: _place(graph, each))))
    return tuple(found)


def _place(graph: Graph, shape: Node) -> tuple[float, str, str]:
    return order_of(graph, shape), path_text(graph, graph.value(shape, SH.path)), str(shape)


def order_of(graph: Graph, shape: Node) -> float:
    """The place a shape asks for; only ever compared, never written."""
    try:
        return float(str(graph.value(shape, SH.order)))
    except ValueError:
        return float("inf")


def members(graph: Graph, head: Node) -> list[Node]:
    """The members of a list; none where it is not one."""
    try:
        return list(Collection(graph, head))
    except ValueError:
        return []


# ---- paths -----------------------------------------------------------------------------------


def path_text(graph: Graph, path: Node | None, depth: int = 0) -> str:
    """A path as SPARQL writes it; a property is its IRI alone."""
    if isinstance(path, URIRef) or path is None or depth > DEEPEST:
        return str(path or "")

    def inner(each: Node) -> str:
        told = path_text(graph, each, depth + 1)
        return f"<{told}>" if isinstance(each, URIRef) else f"({told})"

    for mark, form in _PATH_MARKS.items():
        if (one := graph.value(path, mark)) is not None:
            return form.format(inner(one))
    either = graph.value(path, SH.alternativePath)
    listed = members(graph, either if either is not None else path)
    return ("|" if either is not None else "/").join(inner(each) for each in listed)


def alternatives(graph: Graph, path: Node | None) -> tuple[str, ...]:
    """The properties of which any may be used, where a path is nothing but that."""
    either = graph.value(path, SH.alternativePath) if path is not None else None
    if either is None:
        return ()
    listed = members(graph, either)
    return tuple(map(str, listed)) if all(isinstance(e, URIRef) for e in listed) else ()


def spoken_of(graph: Graph, shape: Node) -> tuple[str, ...]:
    """Every property that stands in the paths of a shape and of what is inside it, at this thing.

    What is asked of the values of a property (a path inside a path) is not said of the thing.
    """
    found: dict[str, None] = {}
    waiting, seen = [shape], set()
    while waiting:
        each = waiting.pop(0)
        if each in seen:
            continue
        seen.add(each)
        path = graph.value(each, SH.path)
        if path is not None:
            parts = (str(path),) if isinstance(path, URIRef) else alternatives(graph, path)
            found.update(dict.fromkeys(parts))
            continue
        for predicate in _INSIDE:
            for value in graph.objects(each, predicate):
                waiting += members(graph, value) or [value]
    return tuple(found)


# ---- words -----------------------------------------------------------------------------------


def words(graph: Graph, node: Node | None, predicate: Node, language: str) -> str:
    """What a node is called: in this language, in English, in none, or in any."""
    if node is None:
        return ""
    said = [each for each in graph.objects(node, predicate) if isinstance(each, Literal)]
    ranks = {language: 0, "en": 1, "": 2}
    best = sorted(said, key=lambda each: (ranks.get(each.language or "", 3), str(each)))
    return str(best[0]) if best else ""


def rule(graph: Graph, shape: Node, language: str, about: tuple[str, ...]) -> Rule:
    """What a shape says where it is not met."""
    return Rule(
        code=str(graph.value(shape, CODE) or ""),
        severity=_SEVERITIES.get(graph.value(shape, SH.severity), "error"),
        message=words(graph, shape, SH.message, language),
        hint=words(graph, shape, HINT, language),
        about=about,
    )


def is_datatype(iri: Node) -> bool:
    """Whether values of this kind are literals."""
    known = str(iri)
    return known.startswith(str(XSD)) or iri in (RDF.langString, RDFS.Literal, RDF.HTML)
