"""Appraisals: what domains allow, what must be recorded, what fits, and how it is shown."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import SKOS, Graph, URIRef

import site_example
from guidegraph import resources
from guidegraph.check.appraisal import check_appraisal
from guidegraph.diagnostic import Location
from guidegraph.entity import Code, Ref
from guidegraph.lift.codes import code_terms
from guidegraph.model import (
    Appraisal,
    Guideline,
    Header,
    Recommendation,
    Vote,
)
from guidegraph.pipeline import load
from guidegraph.scaffold import new
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import Facts, Section, Table
from guidegraph.site.pages.appraisal import appraisal, judgements
from guidegraph.site.view import view
from guidegraph.terms import expand

PREFIXES = """\
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in sorted(resources.ontology_folder().glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def codes(ontology):
    return code_terms(ontology)


def make(kind: type[Any], name: str, **given: Any) -> Any:
    made = {"attributed_to": (Ref("group"),), "created": "2026-11-21", **given}
    return kind(
        id=name,
        iri=f"https://example.org/{name}",
        at=Location("appraisal.ttl", 1),
        **{key: value for key, value in made.items() if kind is not Recommendation or key in given},
    )


def judged(name: str, domain: str, judgement: str, about: str = "rec", **given: Any) -> Appraisal:
    return make(
        Appraisal,
        name,
        appraises=Ref(about),
        domain=Code(domain),
        judgement=Code(judgement),
        **given,
    )


def vote(*numbers: int, quorum: int | None = None) -> Vote:
    yes, no, abstained = numbers
    return make(
        Vote,
        "vote",
        voted_on=Ref("rec"),
        votes_for=yes,
        votes_against=no,
        abstentions=abstained,
        quorum=quorum,
    )


@pytest.fixture
def found(codes):
    """The codes that are reported about a recommendation of this strength and certainty."""

    def check(*things: Any, strength: str = "NotStated", certainty: str = "NotStated"):
        advice = make(
            Recommendation,
            "rec",
            direction=Code("For"),
            modality=Code("Should"),
            strength=Code(strength),
            certainty=Code(certainty),
        )
        header = Header(id="g", iri="https://example.org/g", at=Location("appraisal.ttl", 1))
        entities = {each.id: each for each in (advice, *things)}
        known = Guideline(header=header, entities=entities, codes=codes)
        return [each.code for each in check_appraisal(known)]

    return check


# ---- the ontology --------------------------------------------------------------------------------


def test_every_domain_allows_judgements_and_every_judgement_has_a_domain(ontology, codes):
    judgements = {name for name, each in codes.items() if "Judgement" in each.schemes}
    domains = [each for each in codes.values() if "AppraisalDomain" in each.schemes]
    assert all(len(each.allows) >= 2 for each in domains)
    assert {name for each in domains for name in each.allows} == judgements
    ranks = sorted(each.rank for each in domains)
    assert ranks == list(range(1, len(domains) + 1))


@pytest.mark.parametrize(
    ("scheme", "domain"),
    [("Strength", "StrengthOfRecommendation"), ("Certainty", "CertaintyOfEvidence")],
)
def test_what_a_recommendation_can_state_can_be_judged(ontology, codes, scheme, domain):
    listed = ontology.subjects(SKOS.inScheme, URIRef(expand(f"code:{scheme}")))
    stated = {str(each).rsplit("/", 1)[-1] for each in listed} - {"NotStated"}
    assert stated <= set(codes[domain].allows)


# ---- what fits -----------------------------------------------------------------------------------


def test_every_judgement_fits_exactly_the_domains_that_allow_it(found, codes):
    for domain in ("RiskOfBias", "Values", "Equity", "LargeEffect"):
        for name in {"Low", "Serious", "EquityReduced", "EffectLarge", *codes[domain].allows}:
            fits = name in codes[domain].allows
            assert found(judged("a", domain, name)) == ([] if fits else ["V201"]), (domain, name)


def test_a_grade_needs_a_judgement_and_a_judgement_its_grade(found):
    strong = judged("a", "StrengthOfRecommendation", "Strong")
    low = judged("b", "CertaintyOfEvidence", "Low")
    assert found(strength="Strong") == ["V202"]
    assert found(certainty="Low") == ["V202"]
    assert found(strong, low, strength="Strong", certainty="Low") == []
    assert found(strong, strength="Conditional") == ["V203"]
    assert found(strong) == ["V203"]
    assert found(low, certainty="Moderate") == ["V203"]


def test_a_judgement_about_something_else_is_no_grade_of_the_advice(found):
    other = judged("a", "StrengthOfRecommendation", "Strong", about="other")
    assert found(other, strength="Strong") == ["V202"]
    assert found(judged("a", "CertaintyOfEvidence", "Low", about="claim")) == []


def test_a_group_judges_once_and_two_groups_may_differ(found):
    first = judged("a", "Imprecision", "Serious")
    again = judged("b", "Imprecision", "VerySerious", created="2026-11-22")
    assert found(first, again) == ["V204"]
    assert found(first, judged("b", "Imprecision", "Serious")) == []
    assert found(first, judged("b", "Indirectness", "VerySerious")) == []
    assert found(first, judged("b", "Imprecision", "VerySerious", about="claim")) == []
    others = judged("b", "Imprecision", "VerySerious", attributed_to=(Ref("others"),))
    assert found(first, others) == []


def test_one_of_two_groups_that_differ_is_what_is_stated(found):
    first = judged("a", "StrengthOfRecommendation", "Strong")
    second = judged("b", "StrengthOfRecommendation", "Conditional", attributed_to=(Ref("x"),))
    assert found(first, second, strength="Conditional") == []


def test_votes_are_held_by_somebody_and_count_by_their_quorum(found):
    assert found(vote(0, 0, 0)) == ["V205"]
    assert found(vote(0, 0, 1)) == []
    assert found(vote(3, 1, 1, quorum=6)) == ["V206"]
    assert found(vote(3, 1, 2, quorum=6)) == []


# ---- in a folder ---------------------------------------------------------------------------------

COMMITTEE = """
d:committee a prov:Agent ; rdfs:label "An invented committee"@en .
d:APP-1 a gg:Appraisal ; rdfs:label "Certainty"@en ;
  gg:appraises d:REC-2 ; gg:appraisalDomain code:CertaintyOfEvidence ; gg:judgement code:Low ;
  gg:rationale "One small study."@en ;
  prov:wasAttributedTo d:committee ; dcterms:created "2026-11-21"^^xsd:date .
d:VOTE-1 a gg:Vote ; rdfs:label "Vote"@en ; gg:votedOn d:REC-2 ;
  gg:votesFor 7 ; gg:votesAgainst 1 ; gg:abstentions 2 ; gg:quorum 8 ;
  prov:wasAttributedTo d:committee ; dcterms:created "2026-11-21"^^xsd:date .
d:INT-1 a gg:DeclaredInterest ; rdfs:label "Interest"@en ;
  gg:statement "Lectures for a maker of the test."@en ; gg:management "Did not vote."@en ;
  prov:wasAttributedTo d:encoder ; dcterms:created "2026-11-20"^^xsd:date .
d:DISSENT-1 a gg:Dissent ; rdfs:label "Dissent"@en ; gg:concerns d:APP-1 ;
  gg:rationale "The study is of other patients."@en ;
  prov:wasAttributedTo d:encoder ; dcterms:created "2026-11-21"^^xsd:date .
"""


def test_a_committee_that_records_who_when_and_why_has_no_findings(tmp_path):
    new(tmp_path / "example-marker")
    folder = tmp_path / "example-marker"
    (folder / "committee.ttl").write_text(PREFIXES + COMMITTEE, encoding="utf-8")
    advice = folder / "recommendations.ttl"
    first, second = advice.read_text(encoding="utf-8").split("d:REC-2 a gg:Recommendation", 1)
    graded = second.replace("gg:certainty code:NotStated", "gg:certainty code:Low", 1)
    advice.write_text(f"{first}d:REC-2 a gg:Recommendation{graded}", encoding="utf-8")
    loaded = load(folder)
    assert not loaded.findings
    known = loaded.guideline
    assert known is not None
    assert known.one("VOTE-1", Vote).cast == 10
    addresses = Addresses(known)
    for name in ("APP-1", "VOTE-1", "DISSENT-1"):
        assert addresses.of(name) == f"recommendations/REC-2.html#{name}"


def test_nothing_is_graded_in_the_shipped_guideline(guideline):
    assert {(each.strength, each.certainty) for each in guideline.recommendations} == {
        ("NotStated", "NotStated")
    }
    assert not guideline.all(Appraisal)
    assert not guideline.all(Vote)


# ---- on the site ---------------------------------------------------------------------------------


def shown(section: Section) -> str:
    """The words of a section: facts, and tables under their captions."""
    told = []
    for block in section.blocks:
        if isinstance(block, Facts):
            for fact in block.facts:
                told += [f"{fact.name}: {span.text}" for line in fact.lines for span in line]
        elif isinstance(block, Table):
            told.append(block.caption)
            told += [span.text for row in block.rows for cell in row.cells for span in cell]
    return "\n".join(told)


@pytest.fixture
def seen(codes):
    """The example of the site, in which one recommendation was appraised."""
    known = site_example.guideline()
    given = Guideline(header=known.header, entities=known.entities, codes={**codes, **known.codes})
    return view(site_example.content(given))


def test_what_nobody_recorded_is_shown_as_not_recorded(seen):
    told = shown(appraisal(seen, seen.guideline.one("rec-2", Recommendation)))
    assert "Certainty of evidence: not stated by the source" in told
    assert "risk of bias" in told
    assert "feasibility" in told
    assert told.endswith("votes, declared interests, dissent")


def test_what_was_recorded_is_shown_with_who_when_and_why(seen):
    told = shown(appraisal(seen, seen.guideline.one("rec-1", Recommendation)))
    for words in (
        *("Nobody was blinded.", "serious", "The encoder", "2026-11-21"),
        *("Lectures for a maker.", "Did not vote.", "Judged too mildly."),
    ):
        assert words in told
    missing = next(line for line in told.splitlines() if line.startswith("Not recorded"))
    assert "risk of bias" not in missing
    assert "votes" not in missing
    assert "imprecision" in missing


def test_a_judgement_about_a_claim_stands_with_the_claim(seen):
    known = seen.guideline
    added = judged("b", "Imprecision", "VerySerious", "claim")
    entities = {**known.entities, "b": added}
    more = Guideline(header=known.header, entities=entities, codes=known.codes)
    again = view(site_example.content(more))
    assert "very serious" in shown(judgements(again, more["claim"]))
    assert judgements(again, more["study"]).blocks == ()
