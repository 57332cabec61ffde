"""Small random graphs and shapes: few nodes and many statements, every constraint of SHACL core.

Left out is what pySHACL sees otherwise than SHACL: an inverse of a path of several steps (it walks
the steps in the wrong order), values of different kinds and literals that are not written as their
datatype asks in comparisons (it orders them by their letters, or stops), blank nodes in
``sh:lessThan`` (it stops), and blank nodes under ``sh:minLength 0``.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

PREFIXES = (
    "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
NODES = (*(f"ex:n{number}" for number in range(7)), "_:b1", "_:b2", "_:b3")
NUMBERS = ("1", "2", "2.0", "-3.50", "1e1", '"7"^^xsd:int', '"text"')
ILL = ('"x"^^xsd:integer', '"1.5"^^xsd:int', '"300"^^xsd:byte', '"yes"^^xsd:boolean', "true", "4")
MOMENTS = (
    '"2026-01-01T00:00:00Z"^^xsd:dateTime',
    '"2026-01-01T01:00:00+02:00"^^xsd:dateTime',
    '"2026-01-01T00:00:00"^^xsd:dateTime',
    '"later"',
)
TEXTS = ('"a"', '"ab"@en', '"abc"@en-GB', '"ab"@EN', '"ab"@nl', '"aab b"', '""', "5")
LANGUAGES = ('"en"', '"nl" "en-GB"', "")
CLASSES = ("ex:C", "ex:D", "ex:E")


def data(rng: Random) -> str:
    """Some statements about few nodes."""
    lines = ["ex:D rdfs:subClassOf ex:C ."] if rng.random() < 0.7 else []
    for _ in range(rng.randrange(8, 40)):
        subject = rng.choice(NODES)
        verb, value = rng.choice(
            (
                ("a", rng.choice(CLASSES)),
                ("ex:p", rng.choice(NODES)),
                ("ex:q", rng.choice(NODES)),
                ("ex:p", rng.choice(TEXTS)),
                ("ex:n", rng.choice(NUMBERS)),
                ("ex:m", rng.choice(NUMBERS[:5])),
                ("ex:t", rng.choice(MOMENTS)),
                ("ex:w", rng.choice(TEXTS)),
                ("ex:i", rng.choice(ILL)),
            )
        )
        lines.append(f"{subject} {verb} {value} .")
    return PREFIXES + "\n".join(lines) + "\n"


def shapes(rng: Random) -> str:
    """Some shapes, each with targets."""
    return PREFIXES + "\n".join(f"ex:S{each} {_shape(rng, each)} ." for each in range(3)) + "\n"


def _shape(rng: Random, number: int) -> str:
    if rng.random() < 0.15:
        return f"a sh:NodeShape , rdfs:Class ; {_body(rng, 2)}"
    body = _property(rng, 2) if rng.random() < 0.4 else f"a sh:NodeShape ; {_body(rng, 2)}"
    return f"{_targets(rng)} ; {body} ; {_manner(rng)}"


def _manner(rng: Random) -> str:
    return rng.choice(
        (
            "sh:severity sh:Violation",
            "sh:severity sh:Warning",
            'sh:message "Not so."@en , "Niet zo."@nl',
            f"sh:deactivated {rng.choice(('true', 'false', 'false'))}",
        )
    )


def _targets(rng: Random) -> str:
    found = (
        f"sh:targetClass {rng.choice(CLASSES)}",
        "sh:targetSubjectsOf ex:p",
        "sh:targetObjectsOf ex:p",
        f"sh:targetNode {rng.choice(NODES[:7])} , {rng.choice(NUMBERS)} , ex:nowhere",
    )
    return " ; ".join(rng.sample(found, rng.choice((1, 1, 2))))


def _inner(rng: Random, depth: int) -> str:
    return f"[ {_property(rng, depth) if rng.random() < 0.4 else _body(rng, depth)} ]"


def _property(rng: Random, depth: int) -> str:
    if rng.random() < 0.1:
        kind = rng.choice(("integer", "int", "byte", "boolean"))
        return f"sh:path ex:i ; sh:datatype xsd:{kind} ; sh:minCount 1"
    if rng.random() < 0.05:
        return f"sh:path ex:t ; sh:{rng.choice(('min', 'max'))}Inclusive {MOMENTS[0]}"
    path, of_numbers = _path(rng)
    count = rng.choice(("sh:minCount 1", "sh:minCount 2", "sh:maxCount 1", "sh:maxCount 0", ""))
    parts = [f"sh:path {path}", count, _body(rng, depth, along=True)]
    if of_numbers:
        parts.append(rng.choice(("sh:lessThan ex:m", "sh:lessThanOrEquals ex:m")))
    if rng.random() < 0.2:
        parts.append("sh:uniqueLang true")
    if depth and rng.random() < 0.3:
        low = rng.choice(("sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 1"))
        alone = "; sh:qualifiedValueShapesDisjoint true" if rng.random() < 0.4 else ""
        parts.append(f"sh:qualifiedValueShape {_inner(rng, 0)} ; {low} {alone}")
    return " ; ".join(each for each in parts if each)


def _path(rng: Random) -> tuple[str, bool]:
    plain = rng.choice(("ex:p", "ex:q", "ex:n", "ex:m", "ex:t", "ex:w"))
    if rng.random() < 0.55:
        return plain, plain in ("ex:n", "ex:m") and rng.random() < 0.5
    return rng.choice(
        (
            "[ sh:inversePath ex:p ]",
            f"( ex:p {plain} )",
            f"( [ sh:inversePath ex:q ] ex:p {plain} )",
            f"[ sh:alternativePath ( ex:p ( ex:q {plain} ) ) ]",
            "[ sh:zeroOrMorePath ex:p ]",
            "[ sh:oneOrMorePath [ sh:inversePath ex:p ] ]",
            "[ sh:oneOrMorePath [ sh:alternativePath ( ex:p ex:q ) ] ]",
            f"( [ sh:zeroOrOnePath ex:p ] {plain} )",
            "[ sh:zeroOrMorePath ( ex:p ex:q ) ]",
        )
    ), False


def _body(rng: Random, depth: int, *, along: bool = False) -> str:
    makers: list[Callable[[], str]] = [
        lambda: f"sh:class {rng.choice(CLASSES)}",
        lambda: "sh:datatype xsd:" + rng.choice(("integer", "decimal", "string", "dateTime")),
        lambda: f"sh:datatype {rng.choice(('rdf:langString', 'xsd:boolean', 'xsd:int'))}",
        lambda: "sh:nodeKind sh:" + rng.choice(("IRI", "Literal", "BlankNode", "BlankNodeOrIRI")),
        lambda: f"sh:{rng.choice(('min', 'max'))}{rng.choice(('In', 'Ex'))}clusive 2.0",
        lambda: f"sh:minLength {rng.choice((1, 2))} ; sh:maxLength {rng.choice((2, 20))}",
        lambda: f'sh:pattern "{rng.choice(("^a+b?$", "b", "[n-z]"))}"',
        lambda: 'sh:pattern "^A" ; sh:flags "i"',
        lambda: f"sh:languageIn ( {rng.choice(LANGUAGES)} )",
        lambda: f"sh:in ( {rng.choice(NODES[:7])} {rng.choice(TEXTS)} {rng.choice(NUMBERS)} )",
        lambda: f"sh:hasValue {rng.choice(NODES[:7] + TEXTS + NUMBERS)}",
        lambda: f"sh:equals {rng.choice(('ex:p', 'ex:q'))}",
        lambda: f"sh:disjoint {rng.choice(('ex:p', 'ex:q'))}",
        lambda: "sh:closed true ; sh:ignoredProperties ( ex:p rdf:type )",
        lambda: "sh:closed true ; sh:property [ sh:path ex:n ]",
    ]
    if depth:
        makers += [
            lambda: f"sh:not {_inner(rng, depth - 1)}",
            lambda: f"sh:and ( {_inner(rng, depth - 1)} {_inner(rng, depth - 1)} )",
            lambda: f"sh:or ( {_inner(rng, depth - 1)} {_inner(rng, depth - 1)} )",
            lambda: f"sh:xone ( {_inner(rng, depth - 1)} {_inner(rng, depth - 1)} )",
            lambda: f"sh:node [ {_body(rng, depth - 1)} ]",
            lambda: f"sh:property [ {_property(rng, depth - 1)} ]",
            lambda: (
                f"sh:property [ {_property(rng, depth - 1)} ] , [ {_property(rng, depth - 1)} ]"
            ),
        ]
    chosen = rng.sample(makers, rng.choice((1, 1, 2)))
    found: dict[str, str] = {}
    for each in chosen:
        made = each()
        found.setdefault(made.split()[0], made)
    return " ; ".join(found.values())
