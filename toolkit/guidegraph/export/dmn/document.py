"""A model as DMN 1.3 XML. What an element is called on the wire stands in ``guidegraph:`` names."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import SubElement

from guidegraph.export import notes
from guidegraph.export.base import ExportInput
from guidegraph.export.dmn.diagram import diagrams, requirement_id
from guidegraph.export.dmn.drg import SERIES_TYPE, Datum, Decision, Drg, Element, Row, Source, Table
from guidegraph.export.dmn.feel import literal
from guidegraph.export.words import clean

NAMESPACES = {
    "xmlns": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "xmlns:dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "xmlns:di": "http://www.omg.org/spec/DMN/20180521/DI/",
    "xmlns:guidegraph": "urn:guidegraph:dmn",
}
HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
HOW_TO_USE = (
    "Numbers are whole: a quantity is given in steps of its last decimal place, as its description"
    " says; times are minutes. What is not known is null. The table `recommendations` tells what"
    " is in force (provisional: unless an exception that is not yet known), `undetermined` what"
    " hangs on missing data, `defeated` what gives way to an exception; what stands in none of"
    " them is not applicable."
)


def document(loaded: ExportInput, drg: Drg) -> str:
    """The text of a DMN file."""
    guideline = loaded.guideline
    attributes = {
        **NAMESPACES,
        "id": "definitions",
        "name": clean(notes.title(guideline)),
        "namespace": clean(guideline.header.namespace) or "urn:guideline",
        "exporter": "guidegraph",
        "guidegraph:guideline": clean(loaded.guideline_id),
        "guidegraph:version": clean(loaded.program.version),
    }
    root = Node("definitions", attributes)
    taken = [f"Reading in force: {each}" for each in notes.readings(loaded)]
    _describe(root, [*notes.about(loaded), HOW_TO_USE, *taken])
    _types(root, drg)
    data = frozenset(each.name for each in drg.elements if isinstance(each, Datum))
    for element in drg.elements:
        _element(root, element, data)
    root.append(diagrams(drg))
    ElementTree.indent(root)
    return HEADER + ElementTree.tostring(root, encoding="unicode") + "\n"


def _describe(node: Node, told: Iterable[str]) -> None:
    lines = [clean(each) for each in told]
    if any(lines):
        SubElement(node, "description").text = "\n".join(lines)


def _types(root: Node, drg: Drg) -> None:
    """The type of a series and, for each datum with codes, that of its codes or null."""
    attributes = {"id": SERIES_TYPE, "name": SERIES_TYPE, "isCollection": "true"}
    series = SubElement(root, "itemDefinition", attributes)
    for part in ("minute", "value"):
        attributes = {"id": f"{SERIES_TYPE}.{part}", "name": part}
        component = SubElement(series, "itemComponent", attributes)
        SubElement(component, "typeRef").text = "number"
    for each in drg.elements:
        if isinstance(each, Datum) and each.codes:
            name = _code_type(each)
            node = SubElement(root, "itemDefinition", {"id": name, "name": name})
            SubElement(node, "typeRef").text = each.type
            allowed = SubElement(node, "allowedValues", {"id": f"{name}.values"})
            SubElement(allowed, "text").text = ", ".join((*map(literal, each.codes), "null"))


def _code_type(datum: Datum) -> str:
    return f"type.{datum.name}"


def _element(root: Node, element: Element, data: frozenset[str]) -> None:
    match element:
        case Datum():
            node = _begin(root, "inputData", element)
            node.set(f"guidegraph:{element.role}", clean(element.key))
            _variable(node, element, _code_type(element) if element.codes else element.type)
        case Source():
            _begin(root, "knowledgeSource", element)
        case Decision():
            node = _begin(root, "decision", element)
            if element.recommendation:
                node.set("guidegraph:recommendation", clean(element.recommendation))
            _variable(node, element, element.type)
            _requirements(node, element, data)
            _expression(node, "literalExpression", f"{element.name}.logic", element.text)
        case Table():
            node = _begin(root, "decision", element)
            _variable(node, element, None)
            _requirements(node, element, data)
            _table(node, element)


def _begin(root: Node, tag: str, element: Element) -> Node:
    attributes = {"id": element.name, "name": element.name, "label": clean(element.label)}
    node = SubElement(root, tag, attributes)
    _describe(node, element.notes)
    return node


def _variable(node: Node, element: Element, type_name: str | None) -> None:
    attributes = {"id": f"{element.name}.variable", "name": element.name}
    if type_name:
        attributes["typeRef"] = type_name
    SubElement(node, "variable", attributes)


def _requirements(node: Node, element: Decision | Table, data: frozenset[str]) -> None:
    for needed in element.needs:
        ident = requirement_id(element.name, needed)
        one = SubElement(node, "informationRequirement", {"id": ident})
        kind = "requiredInput" if needed in data else "requiredDecision"
        SubElement(one, kind, {"href": f"#{needed}"})
    for source in element.sources if isinstance(element, Decision) else ():
        one = SubElement(node, "authorityRequirement", {"id": requirement_id(element.name, source)})
        SubElement(one, "requiredAuthority", {"href": f"#{source}"})


def _expression(node: Node, tag: str, ident: str, text: str) -> None:
    SubElement(SubElement(node, tag, {"id": ident}), "text").text = text


def _table(node: Node, table: Table) -> None:
    attributes = {"id": f"{table.name}.table", "hitPolicy": "COLLECT"}
    grid = SubElement(node, "decisionTable", {**attributes, "outputLabel": clean(table.label)})
    for name, label in table.columns:
        ident = f"{table.name}.input.{name}"
        column = SubElement(grid, "input", {"id": ident, "label": clean(label)})
        expression = {"id": f"{ident}.expression", "typeRef": "string"}
        SubElement(SubElement(column, "inputExpression", expression), "text").text = name
    for name in table.outputs:
        ident = f"{table.name}.output.{name}"
        SubElement(grid, "output", {"id": ident, "name": name, "typeRef": "string"})
    SubElement(grid, "annotation", {"name": "statement"})
    for number, row in enumerate(table.rows, 1):
        _row(grid, f"{table.name}.row.{number}", table, row)


def _row(grid: Node, ident: str, table: Table, row: Row) -> None:
    rule = SubElement(grid, "rule", {"id": ident})
    for number, (name, _) in enumerate(table.columns, 1):
        test = literal(row.status) if name == row.column else "-"
        _expression(rule, "inputEntry", f"{ident}.input.{number}", test)
    for number, output in enumerate(row.outputs, 1):
        _expression(rule, "outputEntry", f"{ident}.output.{number}", literal(output))
    SubElement(SubElement(rule, "annotationEntry"), "text").text = clean(row.note)
