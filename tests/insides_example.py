"""Shapes of one's own whose parts have parts: a plan of doses, each with the next one inside it."""

from __future__ import annotations

EX = "https://example.org/own#"
PLAN = EX + "plan"
OTHER = EX + "other"
FILE = "plans.ttl"

SHAPES = """
@prefix dash: <http://datashapes.org/dash#> .
@prefix ex: <https://example.org/own#> .
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Plan rdfs:label "plan"@en .
ex:PlanShape a sh:NodeShape ; sh:targetClass ex:Plan ; sh:property
  [ sh:path rdfs:label ; sh:uniqueLang true ; sh:minCount 1 ; sh:order 1 ] ,
  [ sh:path ex:dose ; sh:name "dose"@en ; sh:node ex:Dose ; sh:nodeKind sh:BlankNode ; sh:order 2 ;
    sh:description "What is given, and what after that."@en ] ,
  [ sh:path ex:rule ; sh:name "rule"@en ; sh:class ex:Rule ; sh:nodeKind sh:BlankNode ;
    sh:maxCount 1 ; sh:order 3 ] .

ex:Dose a sh:NodeShape ; sh:property
  [ sh:path ex:mg ; sh:name "milligrams"@en ; sh:datatype xsd:decimal ; sh:minCount 1 ;
    sh:maxCount 1 ; sh:order 1 ; sh:description "How much at once."@en ] ,
  [ sh:path ex:remark ; sh:name "remark"@en ; sh:datatype xsd:string ; sh:order 2 ] ,
  [ sh:path ex:pause ; sh:name "pause"@en ; sh:node ex:Pause ; sh:nodeKind sh:BlankNode ;
    sh:maxCount 1 ; sh:order 3 ] ,
  [ sh:path ex:then ; sh:name "next dose"@en ; sh:node ex:Dose ; sh:nodeKind sh:BlankNode ;
    sh:order 4 ] .
ex:Pause a sh:NodeShape ; sh:property
  [ sh:path ex:hours ; sh:name "hours"@en ; sh:datatype xsd:integer ; sh:maxCount 1 ] .

ex:Rule rdfs:label "rule"@en .
ex:AllOf rdfs:subClassOf ex:Rule ; rdfs:label "all of these"@en .
ex:Below rdfs:subClassOf ex:Rule ; rdfs:label "below a limit"@en .
ex:AllOfShape a sh:NodeShape ; sh:targetClass ex:AllOf ; sh:property
  [ sh:path ex:of ; sh:name "rule inside"@en ; sh:class ex:Rule ; sh:nodeKind sh:BlankNode ] .
ex:BelowShape a sh:NodeShape ; sh:targetClass ex:Below ; sh:property
  [ sh:path ex:limit ; sh:name "limit"@en ; sh:datatype xsd:decimal ; sh:maxCount 1 ] .
"""

PLANS = """@prefix ex: <https://example.org/own#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

# Another plan, written by hand: nobody touches it.
ex:other a ex:Plan; rdfs:label "Other plan"@en;
   ex:dose [ex:mg 007.50;ex:then[ ex:mg 1.0 ]].

# The plan.
ex:plan a ex:Plan ;
  rdfs:label "Plan"@en ;
  ex:dose [
    ex:mg 10.0 ; # in the morning
    ex:remark "with food" , "slowly" ;
    ex:then [
      ex:mg 20.50 ;
      ex:unknown "kept" ;
      ex:pause [ ex:hours 8 ] ;
      ex:then [ ex:mg 30.0 ]
    ]
  ] , [ ex:mg 5.0 ] ;
  ex:rule [
    a ex:AllOf ;
    ex:of [ a ex:Below ; ex:limit 50.0 ] , [ a ex:AllOf ; ex:of [ a ex:Below ; ex:limit 7.0 ] ]
  ] .
# The end.
"""
