"""The tree as ELM, the form in which engines take CQL: no translator is needed."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any, assert_never

from guidegraph.export.cql.tree import (
    Aggregate,
    Alias,
    Apply,
    Case,
    Folded,
    If,
    Library,
    ListOf,
    ListType,
    Literal,
    Named,
    Node,
    Null,
    Parameter,
    Property,
    Query,
    TupleOf,
    TupleType,
    Type,
)

SYSTEM = "urn:hl7-org:elm-types:r1"
FHIR = "http://hl7.org/fhir"

Json = dict[str, Any]


def library(made: Library) -> str:
    """The ELM of a library as JSON text."""
    return json.dumps({"library": _library(made)}, indent=1, ensure_ascii=True) + "\n"


def _library(made: Library) -> Json:
    version = {"version": made.version} if made.version else {}
    content: Json = {
        "identifier": {"id": made.name, **version},
        "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
        "usings": {
            "def": [
                {"localIdentifier": "System", "uri": SYSTEM},
                {"localIdentifier": "FHIR", "uri": FHIR, "version": "4.0.1"},
            ]
        },
    }
    if made.includes:
        included = [{"localIdentifier": to, "path": name, **version} for name, to in made.includes]
        content["includes"] = {"def": included}
    if made.parameters:
        content["parameters"] = {
            "def": [
                {
                    "name": each.name,
                    "accessLevel": "Public",
                    **({} if each.default is None else {"default": expression(each.default)}),
                    "parameterTypeSpecifier": _specifier(each.type),
                }
                for each in made.parameters
            ]
        }
    content["contexts"] = {"def": [{"name": "Patient"}]}
    content["statements"] = {"def": [_patient(), *map(_definition, made.definitions)]}
    return content


def _patient() -> Json:
    retrieve = {
        "type": "Retrieve",
        "dataType": f"{{{FHIR}}}Patient",
        "templateId": f"{FHIR}/StructureDefinition/Patient",
    }
    single = {"type": "SingletonFrom", "operand": retrieve}
    return {"name": "Patient", "context": "Patient", "expression": single}


def _definition(made: Any) -> Json:
    return {
        "name": made.name,
        "context": "Patient",
        "accessLevel": "Public",
        "expression": expression(made.expression),
    }


def _specifier(stated: Type) -> Json:
    match stated:
        case TupleType(elements):
            parts = [{"name": name, "elementType": _specifier(each)} for name, each in elements]
            return {"type": "TupleTypeSpecifier", "element": parts}
        case ListType(element):
            return {"type": "ListTypeSpecifier", "elementType": _specifier(element)}
        case _:
            return {"type": "NamedTypeSpecifier", "name": f"{{{SYSTEM}}}{stated}"}


def expression(node: Node) -> Json:
    """The ELM of an expression."""
    match node:
        case Literal(kind, value):
            return {"type": "Literal", "valueType": f"{{{SYSTEM}}}{kind}", "value": value}
        case Null(stated):
            null = {"type": "Null"}
            return {"type": "As", "operand": null, "asTypeSpecifier": _specifier(stated)}
        case Named(name, called):
            where = {} if called is None else {"libraryName": called}
            return {"type": "ExpressionRef", "name": name, **where}
        case Parameter(name):
            return {"type": "ParameterRef", "name": name}
        case Alias(name):
            return {"type": "AliasRef", "name": name}
        case Folded(name):
            return {"type": "QueryLetRef", "name": name}
        case Property(Alias(alias), path):
            return {"type": "Property", "path": path, "scope": alias}
        case Property(source, path):
            return {"type": "Property", "path": path, "source": expression(source)}
        case Apply():
            return _applied(node)
        case Aggregate(function, source):
            return {"type": function, "source": expression(source)}
        case If() | Case():
            return _choice(node)
        case TupleOf(elements):
            parts = [{"name": name, "value": expression(each)} for name, each in elements]
            return {"type": "Tuple", "element": parts}
        case ListOf(listed):
            return {"type": "List", "element": [expression(each) for each in listed]}
        case Query():
            return _query(node)
        case _:
            assert_never(node)


def _applied(node: Apply) -> Json:
    operands = [expression(each) for each in node.operands]
    match node.operator:
        case "Not" | "IsTrue" | "IsFalse" | "IsNull" | "Negate" | "ToDecimal":
            return {"type": node.operator, "operand": operands[0]}
        case "And" | "Or" | "Add":
            return reduce(lambda a, b: {"type": node.operator, "operand": [a, b]}, operands)
        case "NotEqual":
            return {"type": "Not", "operand": {"type": "Equal", "operand": operands}}
        case _:
            return {"type": node.operator, "operand": operands}


def _choice(node: If | Case) -> Json:
    if isinstance(node, If):
        return {
            "type": "If",
            "condition": expression(node.test),
            "then": expression(node.then),
            "else": expression(node.otherwise),
        }
    items = [{"when": expression(test), "then": expression(then)} for test, then in node.items]
    return {"type": "Case", "caseItem": items, "else": expression(node.otherwise)}


def _query(node: Query) -> Json:
    made: Json = {
        "type": "Query",
        "source": [{"alias": node.alias, "expression": expression(node.source)}],
        "let": [],
        "relationship": [],
    }
    if node.where is not None:
        made["where"] = expression(node.where)
    if node.returned is not None:
        made["return"] = {"distinct": False, "expression": expression(node.returned)}
    if node.sort_by is not None:
        by = {"type": "ByColumn", "direction": "asc", "path": node.sort_by}
        made["sort"] = {"by": [by]}
    if node.fold is not None:
        made["aggregate"] = {
            "identifier": node.fold.name,
            "expression": expression(node.fold.step),
            "starting": expression(node.fold.start),
        }
    return made
