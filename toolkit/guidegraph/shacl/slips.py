"""What a graph of shapes asks for and nobody applies: slips of the pen, and other vocabularies.

Names are those of https://www.w3.org/TR/shacl/, its advanced features
(https://www.w3.org/TR/shacl-af/) and the constraints of http://datashapes.org/dash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.diagnostic import Severity
from guidegraph.shacl import names
from guidegraph.shacl.graph import Graph
from guidegraph.shacl.names import SH, sh

DASH = "http://datashapes.org/dash#"


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that is not applied: where it stands, what is told of it, and what follows."""

    node: Term
    predicate: Term
    says: str
    why: str = "The rest of the shape is applied."
    help: str = "Correct the name, or remove it."
    severity: Severity = Severity.WARNING


def slips(graph: Graph, shapes: Collection[Term], known: Collection[str]) -> Iterator[Slip]:
    """All of them. ``known`` are the parameters of SHACL that are judged."""
    columns = graph.columns
    own = _parameters(graph)
    for predicate in map(columns.terms.__getitem__, columns.used_predicates.tolist()):
        if predicate in own or not isinstance(predicate, ox.NamedNode):
            continue
        name = predicate.value.removeprefix(SH)
        if predicate.value.removeprefix(DASH) in _OF_DASH:
            for node in graph.subjects(predicate):
                says = f"`dash:{predicate.value.removeprefix(DASH)}` is not judged here"
                yield Slip(node, predicate, f"{says}: no component in the file defines it.")
        elif name != predicate.value and name not in known and name not in _AT_SHAPES:
            for node in graph.subjects(predicate):
                if node in shapes or name not in _ELSEWHERE:
                    yield _unknown(node, predicate, name)
    yield from _types(graph)


def _unknown(node: Term, predicate: Term, name: str) -> Slip:
    if name == "entailment":
        says = "`sh:entailment` is not applied: nothing is inferred from the data."
        advice = "Give data in which everything is said, and remove it."
        return Slip(node, predicate, says, _NOT_THERE, advice, Severity.ERROR)
    if name in _ADVANCED:
        says = f"`sh:{name}` is one of SHACL's advanced features, which are not applied."
        advice = "Write it in SHACL core or as `sh:sparql`, or remove it."
        return Slip(node, predicate, says, _ADVANCED[name], advice, Severity.ERROR)
    return Slip(node, predicate, f"`sh:{name}` is not a constraint that is judged here.")


def _types(graph: Graph) -> Iterator[Slip]:
    """Classes of SHACL that there are not."""
    terms, pairs = graph.columns.terms, graph.columns.pairs(graph.columns.terms.number(names.TYPE))
    for kind in dict.fromkeys(map(terms.__getitem__, pairs.inverse.subjects.tolist())):
        name = kind.value.removeprefix(SH)
        if name != kind.value and name not in _CLASSES:
            for node in graph.subjects(names.TYPE, kind):
                yield Slip(node, names.TYPE, f"`sh:{name}` is no class of SHACL.", _UNSEEN)


def _parameters(graph: Graph) -> frozenset[Term]:
    """The parameters that components in the graph define."""
    given = (each for owner in graph.subjects(sh("parameter")) for each in _given(graph, owner))
    return frozenset(given)


def _given(graph: Graph, owner: Term) -> Iterator[Term]:
    for each in graph.objects(owner, sh("parameter")):
        yield from graph.objects(each, sh("path"))


_NOT_THERE = "What it would add to the data is not there when they are judged."
_UNSEEN = "A shape with no other class may not be seen as one."
_ADVANCED = {
    **dict.fromkeys(("target", "targetValidator"), "The nodes that it seeks are not judged by it."),
    **dict.fromkeys(("rule", "values"), _NOT_THERE),
    **dict.fromkeys(("expression", "js"), "What it asks for is not checked."),
}
_AT_SHAPES = frozenset(
    (
        *("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"),
        *("path", "severity", "message", "deactivated", "name", "description", "order", "group"),
        *("defaultValue", "declare", "shapesGraph", "suggestedShapesGraph"),
        *("prefixes", "select", "ask"),
    )
)
"""What asks for nothing by itself, or is read elsewhere."""
_ELSEWHERE = frozenset(
    (
        *("prefix", "namespace", "parameter", "optional", "labelTemplate", "validator"),
        *("nodeValidator", "propertyValidator", "inversePath", "alternativePath"),
        *("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "conforms", "result", "detail"),
        *("focusNode", "resultPath", "resultSeverity", "resultMessage", "value", "sourceShape"),
        *("sourceConstraint", "sourceConstraintComponent", "shapesGraphWellFormed"),
        *("annotationProperty", "annotationValue", "annotationVarName", "resultAnnotation"),
        *("subject", "predicate", "object", "condition", "construct", "update", "returnType"),
        *("filterShape", "nodes", "union", "intersection", "distinct", "count", "min", "max"),
        *("sum", "avg", "groupConcat", "separator", "limit", "offset", "orderBy", "desc"),
        *("exists", "if", "then", "else", "minus", "jsLibrary", "jsLibraryURL", "jsFunctionName"),
    )
)
"""What belongs to other things than shapes; at a shape it is a slip."""
_CLASSES = frozenset(
    (
        *("Shape", "NodeShape", "PropertyShape", "ConstraintComponent", "Parameter", "Function"),
        *("Parameterizable", "PropertyGroup", "PrefixDeclaration", "NodeKind", "Severity"),
        *("Validator", "SPARQLConstraint", "SPARQLExecutable", "SPARQLAskExecutable"),
        *("SPARQLAskValidator", "SPARQLSelectExecutable", "SPARQLSelectValidator"),
        *("SPARQLConstructExecutable", "SPARQLUpdateExecutable", "SPARQLFunction", "SPARQLRule"),
        *("SPARQLTarget", "SPARQLTargetType", "Target", "TargetType", "Rule", "TripleRule"),
        *("ValidationReport", "ValidationResult", "AbstractResult", "ResultAnnotation"),
        *("JSConstraint", "JSExecutable", "JSFunction", "JSLibrary", "JSRule", "JSTarget"),
        *("JSTargetType", "JSValidator", "ExpressionConstraintComponent", "NodeExpression"),
    )
)
_OF_DASH = frozenset(
    (
        *("closedByTypes", "coExistsWith", "hasValueIn", "hasValueWithClass", "nonRecursive"),
        *("indexed", "reifiableBy", "rootClass", "scriptConstraint", "singleLine", "stem"),
        *("subSetOf", "symmetric", "uniqueValueForClass", "uniqueValueForClasses", "uriStart"),
    )
)
