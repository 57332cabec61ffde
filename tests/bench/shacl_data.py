"""Data and shapes of any size for measurements: people, their visits, and what was measured.

Everything that is measured is a blank node. About one statement in a hundred is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

EX = "http://example.org/ward/"
PREFIXES = f"""@prefix ex: <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
CLASSES = """ex:Inpatient rdfs:subClassOf ex:Patient .
ex:Outpatient rdfs:subClassOf ex:Patient .

"""
UNITS = ("mg-per-l", "ug-per-l", "per-nl", "percent")


def data(triples: int, seed: int = 7) -> str:
    """Turtle with about so many triples."""
    return PREFIXES + CLASSES + "".join(_patients(triples // 22 or 1, Random(seed)))


def _patients(count: int, rng: Random) -> Iterator[str]:
    for number in range(count):
        wrong = rng.random
        kind = "Outpatient" if number % 3 else "Inpatient"
        age = '"old"' if wrong() < 0.005 else rng.randrange(18, 95)
        code = f"p{number}" if wrong() < 0.01 else f"P{number:07d}"
        sex = "ex:unclear" if wrong() < 0.005 else rng.choice(("ex:female", "ex:male"))
        admitted, left = rng.randrange(1, 15), rng.randrange(14, 29)
        visit = "" if wrong() < 0.01 else f"    ex:ward ex:ward{number % 40} ;\n"
        yield (
            f"ex:patient{number} a ex:{kind} ;\n"
            f'    rdfs:label "Patient {number}"@en , "Patiënt {number}"@nl ;\n'
            f'    ex:identifier "{code}" ;\n'
            f"    ex:age {age} ;\n"
            f"    ex:sex {sex} ;\n"
            f'    ex:admitted "2026-03-{admitted:02d}T08:30:00Z"^^xsd:dateTime ;\n'
            f'    ex:discharged "2026-03-{left:02d}T16:00:00Z"^^xsd:dateTime ;\n'
            f"{visit}"
            f"    ex:referredBy ex:patient{max(number - 1 - number % 7, 0)} ;\n"
            f"    ex:measured {_measured(rng)} , {_measured(rng)} .\n\n"
        )


def _measured(rng: Random) -> str:
    value = f"{rng.randrange(-20, 4000)}.{rng.randrange(100):02d}"
    unit = "ex:furlong" if rng.random() < 0.01 else f"ex:{rng.choice(UNITS)}"
    when = f'"2026-03-{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:00:00Z"^^xsd:dateTime'
    return (
        f"[ a ex:Measurement ; ex:value {value} ; ex:unit {unit} ; ex:at {when} ; ex:fasting true ]"
    )


CORE = (
    PREFIXES
    + """ex:PatientShape a sh:NodeShape ;
    sh:targetClass ex:Patient ;
    sh:property ex:label , ex:identifier , ex:age , ex:sex , ex:stay , ex:ward , ex:measured ;
    sh:property [ sh:path ex:referredBy ; sh:class ex:Patient ; sh:maxCount 1 ] ;
    sh:property [ sh:path ( ex:measured ex:unit ) ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ;
    sh:property [ sh:path [ sh:inversePath ex:referredBy ] ; sh:nodeKind sh:IRI ] .

ex:label sh:path rdfs:label ; sh:minCount 1 ; sh:uniqueLang true ; sh:languageIn ( "en" "nl" ) .
ex:identifier sh:path ex:identifier ; sh:minCount 1 ; sh:maxCount 1 ; sh:pattern "^P[0-9]{7}$" ;
    sh:message "A patient has one identifier: P and seven digits."@en .
ex:age sh:path ex:age ; sh:datatype xsd:integer ; sh:minInclusive 18 ; sh:maxInclusive 120 .
ex:sex sh:path ex:sex ; sh:in ( ex:female ex:male ) ; sh:minCount 1 ; sh:maxCount 1 .
ex:stay sh:path ex:admitted ; sh:lessThan ex:discharged ; sh:datatype xsd:dateTime .
ex:ward sh:path ex:ward ; sh:minCount 1 ; sh:severity sh:Warning .
ex:measured sh:path ex:measured ; sh:node ex:MeasurementShape ; sh:minCount 1 .

ex:MeasurementShape a sh:NodeShape ;
    sh:targetClass ex:Measurement ;
    sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:property [ sh:path ex:value ; sh:minInclusive 0.0 ; sh:minCount 1 ; sh:maxCount 1 ;
        sh:or ( [ sh:datatype xsd:decimal ] [ sh:datatype xsd:integer ] ) ] ;
    sh:property [ sh:path ex:unit ; sh:in ( ex:mg-per-l ex:ug-per-l ex:per-nl ex:percent ) ] ;
    sh:property [ sh:path ex:at ; sh:datatype xsd:dateTime ; sh:maxCount 1 ] ;
    sh:property [ sh:path ex:fasting ; sh:hasValue true ; sh:not [ sh:in ( false ) ] ] .
"""
)

SPARQL = (
    PREFIXES
    + """<http://example.org/ward> a <http://www.w3.org/2002/07/owl#Ontology> ;
    sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/ward/"^^xsd:anyURI ] .

ex:StayShape a sh:NodeShape ; sh:targetClass ex:Inpatient ;
    sh:sparql [ sh:message "Measured after the patient had left." ;
        sh:prefixes <http://example.org/ward> ;
        sh:select \"\"\"SELECT $this ?value WHERE {
            $this ex:discharged ?left ; ex:measured ?m . ?m ex:at ?value .
            FILTER(?value > ?left) }\"\"\" ] ;
    sh:sparql [ sh:message "Nobody who referred this patient was ever measured." ;
        sh:prefixes <http://example.org/ward> ;
        sh:select \"\"\"SELECT $this WHERE {
            $this ex:admitted ?when .
            FILTER NOT EXISTS { $this ex:referredBy/ex:measured ?m } }\"\"\" ] .

ex:WardShape a sh:NodeShape ; sh:targetSubjectsOf ex:ward ;
    sh:sparql [ sh:message "No unit leads back to a list." ;
        sh:prefixes <http://example.org/ward> ;
        sh:select \"\"\"SELECT $this ?value WHERE {
            $this a ?value .
            FILTER NOT EXISTS { ?value rdfs:subClassOf* ex:Patient } }\"\"\" ] .
"""
)
