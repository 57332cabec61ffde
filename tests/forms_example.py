"""The small guideline with one recommendation for each form of condition it does not use itself."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from guidegraph.evaluate import Decision, decide
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.patient import read_patient
from guidegraph.pipeline import Loaded, load
from guidegraph.scaffold import new

PREFIXES = """
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix u: <https://w3id.org/guidegraph/unit/> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
FORMS = (
    PREFIXES
    + """
# ---- a limit that depends on age ----
d:THR-by-age a gg:Threshold ;
  rdfs:label "Age-adjusted limit"@en ;
  gg:observable d:example-marker ;
  gg:reportedText "70 years or older" ;
  gg:comparator code:AtLeast ;
  gg:formula \"\"\"if "age" > 50 'a' then "age" * 10 'ug/L/a' else 500 'ug/L'\"\"\" ;
  prov:wasDerivedFrom d:EX-P-4 .
d:ERR-by-age a gg:Discrepancy ;
  rdfs:label "The figures of the age-adjusted limit are not printed"@en ;
  gg:discrepancyType code:UndefinedTerm ;
  gg:concerns d:THR-by-age ; gg:resolution "An example."@en ; gg:status code:Draft .
d:CRIT-above a gg:ComparisonCriterion ;
  rdfs:label "Marker at the age-adjusted limit or above"@en ;
  gg:observable d:example-marker ; gg:observationSelector code:Highest ;
  gg:comparator code:AtLeast ; gg:threshold d:THR-by-age ;
  prov:wasDerivedFrom d:EX-P-4 .

# ---- a score with steps ----
d:THR-step a gg:Threshold ;
  rdfs:label "Second step of the score"@en ;
  gg:observable d:example-marker ; gg:reportedText "<50 µg/L" ; gg:comparator code:LessThan ;
  gg:executableQuantity [ a gg:Quantity ; gg:value 50.0 ; gg:unit u:mg-per-L ] ;
  prov:wasDerivedFrom d:EX-P-3 .
d:CRIT-step a gg:ComparisonCriterion ;
  rdfs:label "Marker below 50 mg/L"@en ;
  gg:observable d:example-marker ;
  gg:observationSelector code:First ; gg:timeWindow d:WIN-admission ;
  gg:comparator code:LessThan ; gg:threshold d:THR-step ;
  prov:wasDerivedFrom d:EX-P-3 .
d:ITEM-low a gg:ScoreItem ; rdfs:label "Low"@en ;
  gg:operand d:CRIT-low ; gg:points 3 ; gg:scoreGroup "marker" .
d:ITEM-step a gg:ScoreItem ; rdfs:label "Below the step"@en ;
  gg:operand d:CRIT-step ; gg:points 1 ; gg:scoreGroup "marker" .
d:ITEM-older a gg:ScoreItem ; rdfs:label "Older"@en ; gg:operand d:CRIT-older ; gg:points 2 .
d:CRIT-score a gg:ScoreCriterion ;
  rdfs:label "Example score"@en ;
  gg:scoreItem d:ITEM-low , d:ITEM-step , d:ITEM-older ; gg:minimumScore 3 ;
  prov:wasDerivedFrom d:EX-P-4 .

# ---- an assumption, a repeated measurement, another recommendation, a local choice ----
d:CRIT-refused a gg:AssumedCriterion ;
  rdfs:label "Treatment refused (no, where not known)"@en ;
  gg:operand d:CRIT-treatment-refused ; gg:assumed false ;
  gg:rationale "Nobody is taken to refuse who has not said so."@en ;
  prov:wasDerivedFrom d:EX-P-2 .
d:WIN-repeat a gg:TimeWindow ;
  rdfs:label "24 to 48 hours after admission"@en ;
  gg:timeRange [ a gg:QuantityRange ;
    gg:low 24.0 ; gg:lowInclusive true ; gg:high 48.0 ; gg:highInclusive true ; gg:unit u:hour ] ;
  gg:rationale "As printed."@en ;
  prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-done a gg:RetestCriterion ; rdfs:label "Repeated"@en ;
  gg:observable d:example-marker ; gg:timeWindow d:WIN-repeat ; gg:retestState code:Done ;
  prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-due a gg:RetestCriterion ; rdfs:label "Repeat is due"@en ;
  gg:observable d:example-marker ; gg:timeWindow d:WIN-repeat ; gg:retestState code:Due ;
  prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-overdue a gg:RetestCriterion ; rdfs:label "Repeat is overdue"@en ;
  gg:observable d:example-marker ; gg:timeWindow d:WIN-repeat ; gg:retestState code:Overdue ;
  prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-advised a gg:RecommendationCriterion ; rdfs:label "Treatment advised"@en ;
  gg:recommendation d:REC-2 ;
  prov:wasDerivedFrom d:EX-P-2 .
d:local-test a gg:SiteParameter ; rdfs:label "Which test the site uses"@en ;
  gg:valueKind code:CodedValue ; gg:codedValue d:test-fixed , d:test-by-age ;
  gg:defaultCodedValue d:test-fixed ; gg:rationale "Each site has its own."@en ;
  prov:wasDerivedFrom d:EX-P-2 .
d:test-fixed a gg:CodedValue ; rdfs:label "fixed limit"@en ; skos:notation "fixed" .
d:test-by-age a gg:CodedValue ; rdfs:label "limit by age"@en ; skos:notation "by-age" .
d:CRIT-by-age-here a gg:MembershipCriterion ; rdfs:label "The site adjusts for age"@en ;
  gg:siteParameter d:local-test ; gg:codedValue d:test-by-age ;
  prov:wasDerivedFrom d:EX-P-2 .
"""
)
ADVICE = """
d:REC-{name} a gg:Recommendation ;
  rdfs:label "{name}: an example"@en ;
  gg:statement "An example for {criterion}."@en ;
  gg:direction code:For ; gg:modality code:ShouldBeConsidered ;
  gg:strength code:NotStated ; gg:certainty code:NotStated ;
  gg:appliesTo d:POP-inpatient ; gg:condition d:{criterion} ;
  gg:recommendsAction d:ACT-repeat ;
  gg:status code:Draft ;
  prov:wasDerivedFrom d:EX-P-4 .
"""
ASKED = {
    "above": "CRIT-above",
    "score": "CRIT-score",
    "refused": "CRIT-refused",
    "done": "CRIT-done",
    "due": "CRIT-due",
    "overdue": "CRIT-overdue",
    "advised": "CRIT-advised",
    "by-age": "CRIT-by-age-here",
}


def text() -> str:
    """The Turtle laid over the small guideline."""
    advice = (ADVICE.format(name=name, criterion=each) for name, each in ASKED.items())
    return FORMS + "".join(advice)


def laid_over(turtle: str) -> Loaded:
    """The small guideline with some Turtle laid over it, checked and lifted."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "example-marker"
        new(place)
        (place / "forms.ttl").write_text(turtle, encoding="utf-8")
        return load(place)


@cache
def loaded() -> Loaded:
    """The small guideline with every form."""
    return laid_over(text())


def guideline() -> Guideline:
    """The typed guideline; it has no findings."""
    found = loaded()
    assert found.guideline is not None and not found.findings, found.findings
    return found.guideline


def decision(now: str = "2026-01-01T20:00:00Z", **facts: Any) -> Decision:
    """The decision about an admitted patient; ``settings`` are the site's, the rest are facts."""
    settings = facts.pop("settings", {})
    content = {
        "now": now,
        "anchors": {"admission": "2026-01-01T08:00:00Z"},
        "facts": {
            "admitted": True,
            "infection-status": "confirmed",
            **{name.replace("_", "-"): value for name, value in facts.items()},
        },
        "settings": settings,
    }
    source = lower(guideline())
    read, findings = read_patient(json.dumps(content), source)
    assert read is not None, findings
    return decide(guideline(), source, read, findings)


def marker(*samples: tuple[int, str]) -> list[dict[str, Any]]:
    """Samples of the example marker in µg/L by minute."""
    return [{"minutes": minute, "value": value, "unit": "ug/L"} for minute, value in samples]
