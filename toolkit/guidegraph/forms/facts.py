"""What is known of the values of one property: from shapes, from the ontology, from the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from guidegraph.forms import shacl
from guidegraph.forms.form import Choice, Limit, Pattern
from guidegraph.forms.read_terms import ReadTerm
from guidegraph.terms import expand, local_name
from guidegraph.turtle import values

CODE_LIST = URIRef(expand("gg:codeList"))
POSITION = URIRef(expand("schema:position"))
LANG_STRING = expand("rdf:langString")
CONCEPT = str(SKOS.Concept)
LIMITS = (
    "minInclusive",
    "minExclusive",
    "maxInclusive",
    "maxExclusive",
    "minLength",
    "maxLength",
)
_NAMES_THINGS = (SH.IRI, SH.BlankNodeOrIRI, SH.IRIOrLiteral)


@dataclass(slots=True)
class Facts:
    """Collected while the shapes of a property are read, then frozen into a ``Field``."""

    minimum: int = 0
    maximum: int | None = None
    recommended: bool = False
    datatypes: dict[str, None] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)
    ranges: dict[str, None] = field(default_factory=dict)
    languages: dict[str, None] = field(default_factory=dict)
    worded: bool = False
    names_things: bool = False
    nameless: bool = False
    listed: tuple[Node, ...] | None = None
    lists: dict[Node, None] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    inside: list[Node] = field(default_factory=list)


def read_shape(graph: Graph, shape: Node, facts: Facts, language: str) -> None:
    """What a property shape says: how many, and of which form."""
    severe = graph.value(shape, SH.severity) in (None, SH.Violation)
    counts = (_count(graph, shape, each) for each in (SH.minCount, SH.qualifiedMinCount))
    lowest = max(each or 0 for each in counts)
    if severe:
        facts.minimum = max(facts.minimum, lowest)
    elif lowest:
        facts.recommended = True
    most = _count(graph, shape, SH.maxCount)
    if most is not None:
        facts.maximum = most if facts.maximum is None else min(facts.maximum, most)
    read_values(graph, shape, facts, language)
    qualified = graph.value(shape, SH.qualifiedValueShape)
    if qualified is not None and lowest:
        read_values(graph, qualified, facts, language)


def read_values(graph: Graph, shape: Node, facts: Facts, language: str) -> None:
    """What a shape says of each value, whether it stands at a property or at the values."""
    for each in graph.objects(shape, SH.datatype):
        facts.datatypes[str(each)] = None
    for each in sorted(graph.objects(shape, SH["class"]), key=str):
        facts.classes[str(each)] = None
    for either in (*graph.objects(shape, SH["or"]), *graph.objects(shape, SH.xone)):
        for each in shacl.members(graph, either):
            if graph.value(each, SH.property) is None:
                read_values(graph, each, facts, language)
    kind = graph.value(shape, SH.nodeKind)
    facts.names_things |= kind in _NAMES_THINGS
    facts.nameless |= kind == SH.BlankNode
    head = graph.value(shape, SH.languageIn)
    for each in shacl.members(graph, head) if head is not None else ():
        facts.languages[str(each)] = None
        facts.worded = True
    facts.worded |= graph.value(shape, SH.uniqueLang) is not None
    _read_list(graph, shape, facts)
    _read_form(graph, shape, facts, language)
    facts.inside += sorted(graph.objects(shape, SH.node), key=str)
    if graph.value(shape, SH.path) is not None and graph.value(shape, SH.property) is not None:
        facts.inside.append(shape)


def _read_list(graph: Graph, shape: Node, facts: Facts) -> None:
    head = graph.value(shape, SH["in"])
    if head is not None:
        found = shacl.members(graph, head)
        old = facts.listed
        facts.listed = tuple(each for each in found if old is None or each in old)
        return
    fixed = graph.value(shape, SH.hasValue)
    is_alone = _count(graph, shape, SH.maxCount) == 1  # else others may stand beside it
    if fixed is not None and is_alone and facts.listed is None:
        facts.listed = (fixed,)


def _read_form(graph: Graph, shape: Node, facts: Facts, language: str) -> None:
    for each in sorted(graph.objects(shape, SH.pattern), key=str):
        facts.patterns.append(
            Pattern(
                regex=str(each),
                flags=str(graph.value(shape, SH.flags) or ""),
                message=shacl.words(graph, shape, SH.message, language),
            )
        )
    for name in LIMITS:
        for each in sorted(graph.objects(shape, SH[name]), key=str):
            facts.limits.append(Limit(kind=name, value=str(each)))


def read_property(graph: Graph, path: str, facts: Facts) -> tuple[Node, ...]:
    """What the ontology says of a property, and the shapes that speak of its values."""
    prop = URIRef(path)
    for each in sorted(graph.objects(prop, RDFS.range), key=str):
        if shacl.is_datatype(each):
            if not facts.datatypes:
                facts.datatypes[str(each)] = None
        else:
            facts.ranges[str(each)] = None
    for each in sorted(graph.objects(prop, CODE_LIST), key=str):
        facts.lists[each] = None
    aimed = sorted(graph.subjects(SH.targetObjectsOf, prop), key=str)
    shapes = tuple(each for each in aimed if not shacl.is_off(graph, each))
    for shape in shapes:
        read_values(graph, shape, facts, "en")
        for inner in graph.objects(shape, SH.property):
            if graph.value(inner, SH.path) == SKOS.inScheme:
                scheme = graph.value(inner, SH.hasValue)
                facts.lists |= {scheme: None} if scheme is not None else {}
    return shapes


def read_model(term: ReadTerm, facts: Facts) -> None:
    """What the model makes of the values, where nothing else says it."""
    if term.is_one and facts.maximum is None:
        facts.maximum = 1
    if not (facts.datatypes or facts.classes or facts.ranges or facts.names_things):
        if term.datatype:
            facts.datatypes[term.datatype] = None
        if term.cls:
            facts.ranges[term.cls] = None
        facts.names_things |= term.names_things


def choices(graph: Graph, facts: Facts, classes: Iterable[str], language: str) -> list[Choice]:
    """What may be chosen: the listed values, else the code list, else the things of the class."""
    if facts.listed is not None:
        return [choice(graph, each, language) for each in facts.listed]
    found: dict[Node, None] = {}
    for scheme in facts.lists:
        found.update(dict.fromkeys(graph.subjects(SKOS.inScheme, scheme)))
    if not facts.lists:
        for each in classes:
            for cls in shacl.under(graph, URIRef(each)) if each != CONCEPT else ():
                found.update(dict.fromkeys(graph.subjects(RDF.type, cls)))
    named = [each for each in found if isinstance(each, URIRef)]
    made = [(_position(graph, each), choice(graph, each, language)) for each in named]
    return [each for _, each in sorted(made, key=lambda pair: (pair[0], pair[1].label))]


def choice(graph: Graph, node: Node, language: str) -> Choice:
    """One value with its name and what it means."""
    value: values.Value
    if isinstance(node, Literal):
        datatype = str(node.datatype) if node.datatype else values.XSD_STRING
        value = values.Literal(str(node), datatype, node.language or "")
        return Choice(value=value, label=str(node))
    value = values.Iri(str(node))
    said = shacl.words(graph, node, RDFS.label, language)
    return Choice(
        value=value,
        label=said or shacl.words(graph, node, SKOS.prefLabel, language) or local_name(str(node)),
        help=shacl.words(graph, node, SKOS.definition, language),
    )


def copied(facts: Facts) -> Facts:
    """What one of several alternative properties takes over: the form of values, not how many."""
    return replace(
        facts,
        minimum=0,
        maximum=None,
        recommended=False,
        datatypes=dict(facts.datatypes),
        classes=dict(facts.classes),
        ranges={},
        languages=dict(facts.languages),
        lists={},
        patterns=list(facts.patterns),
        limits=list(facts.limits),
        inside=[],
    )


def _position(graph: Graph, node: Node) -> float:
    try:
        return float(str(graph.value(node, POSITION)))
    except ValueError:
        return float("inf")


def _count(graph: Graph, shape: Node, predicate: Node) -> int | None:
    """How many; nothing where a shape says it in a way that is no number."""
    try:
        return int(str(graph.value(shape, predicate)))
    except ValueError:
        return None
