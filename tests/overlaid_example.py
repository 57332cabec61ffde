"""The small valid guideline with something laid over it, and checks asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guidegraph.kernel import Bool, Meaning
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.pipeline import load
from guidegraph.proof import Prover
from guidegraph.regions import Words
from guidegraph.scaffold import new
from guidegraph.terms import NAMESPACES
from guidegraph.verify.base import Case
from guidegraph.wire import values

PREFIXES = "".join(
    f"@prefix {prefix}: <{NAMESPACES[prefix]}> .\n"
    for prefix in ("gg", "code", "u", "dcterms", "prov", "rdfs", "schema", "skos")
)
PREFIXES += "@prefix d: <https://example.org/guideline/example-marker/> .\n"


def laid_over(folder: Path, turtle: str) -> Guideline:
    """The small guideline with some Turtle laid over it."""
    new(folder)
    (folder / "zzz.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    loaded = load(folder)
    assert loaded.guideline is not None, loaded.findings
    return loaded.guideline


def case_of(
    guideline: Guideline, readings: Mapping[str, str] | None = None, **options: Any
) -> Case:
    """A guideline under one choice of readings, ready to be asked."""
    program = lower(guideline, readings)
    prover = Prover.of([program], **options)
    return Case(guideline, program, prover.theory(program), Words(guideline, program))


def truth_of(case: Case, condition: Bool, patient: Mapping[str, Any]) -> bool | None:
    """What the reference semantics says of a condition and a patient in wire form."""
    inputs, settings = values(case.program, patient["facts"], patient["settings"])
    return Meaning(inputs, settings, case.theory.conditions).truth(condition)


def advice(name: str, condition: str, action: str, **other: str) -> str:
    """A recommendation of the small guideline in Turtle."""
    said = {"modality": "CanBeConsidered", "group": "GROUP-marker", "more": "", **other}
    return f"""
d:{name} a gg:Recommendation ;
  rdfs:label "{name}"@en ; gg:statement "{name}."@en ;
  gg:direction code:For ; gg:modality code:{said["modality"]} ;
  gg:strength code:NotStated ; gg:certainty code:NotStated ;
  gg:appliesTo d:POP-inpatient ; gg:condition d:{condition} ;
  gg:recommendsAction d:{action} ; dcterms:isPartOf d:{said["group"]} ;
  {said["more"]}
  gg:status code:Draft ; prov:wasDerivedFrom d:EX-P-2 .
"""
