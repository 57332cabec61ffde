"""What depends on a piece of evidence, and what would remain without it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import GUIDELINE
from guidegraph.cli.group import cli
from guidegraph.criteria import Criterion
from guidegraph.diagnostic import Location
from guidegraph.entity import Code, Entity, Ref
from guidegraph.impact import Dependencies, UnknownThingError, find, impact
from guidegraph.model import (
    AcceptedFinding,
    ActionNode,
    Appraisal,
    Assay,
    CausalStep,
    Citation,
    Discrepancy,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Header,
    Recommendation,
    SourceDocument,
    SourcePassage,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
)
from guidegraph.scaffold import new

NAMESPACE = "https://example.org/impact/"


def make(kind: type[Any], name: str, **given: Any) -> Any:
    return kind(id=name, iri=NAMESPACE + name, at=Location("impact.ttl", 1), **given)


def whole(*things: Entity) -> Guideline:
    return Guideline(
        header=make(Header, "guideline", prefix="ex"),
        entities={each.id: each for each in things},
    )


def refs(*names: str) -> tuple[Ref, ...]:
    return tuple(map(Ref, names))


def claim(name: str, **given: Any) -> EvidenceClaim:
    return make(EvidenceClaim, name, claim_type=Code("StudyFinding"), **given)


def relation(name: str, evidence: str, target: str, how: str = "Supports") -> EvidenceRelation:
    return make(
        EvidenceRelation,
        name,
        evidence=Ref(evidence),
        target=Ref(target),
        relation_type=Code(how),
    )


def advice(name: str, **given: Any) -> Recommendation:
    return make(Recommendation, name, direction=Code("For"), modality=Code("Should"), **given)


# ---- single rules --------------------------------------------------------------------------------


@pytest.fixture
def example() -> Guideline:
    """Two papers, two studies, claims on them and on two citations, one recommendation."""
    return whole(
        make(SourceDocument, "source"),
        make(SourceDocument, "paper-1", identifiers=("doi:10.1000/one",), notation=("P1",)),
        make(SourceDocument, "paper-2"),
        make(SourcePassage, "passage", document=Ref("source")),
        make(Citation, "cite-1", citing=Ref("source"), cited=Ref("paper-1"), notation=("7",)),
        make(Citation, "cite-2", citing=Ref("source"), cited=Ref("paper-2"), notation=("7",)),
        make(Study, "study-1", reported_in=refs("paper-1")),
        make(Study, "study-2", reported_in=refs("paper-1", "paper-2")),
        make(StudyArm, "arm", study=Ref("study-1")),
        make(Assay, "assay", study=Ref("study-1")),
        claim("of-study", study=Ref("study-1"), results=refs("number"), passages=refs("passage")),
        claim("of-both", citations=refs("cite-1", "cite-2")),
        claim("of-one", citations=refs("cite-1"), assertion_certainty=Code("Hedged")),
        make(
            StatisticalResult,
            "number",
            statistic_type=Code("Mean"),
            reported_text="3",
            arms=refs("arm"),
        ),
        relation("rel-study", "of-study", "rec"),
        relation("rel-both", "of-both", "rec", "PartlySupports"),
        relation("rel-against", "of-one", "rec", "Disputes"),
        make(
            CausalStep,
            "step",
            cause=Ref("x"),
            effect=Ref("y"),
            causal_type=Code("LeadsTo"),
            asserted_by=refs("of-study", "of-both"),
        ),
        advice("rec", passages=refs("passage"), implemented_by=refs("node")),
        advice("unsupported", passages=refs("passage")),
        make(ActionNode, "node", pathway=Ref("path")),
        make(
            Appraisal,
            "appraisal",
            appraises=Ref("rec"),
            domain=Code("CertaintyOfEvidence"),
            judgement=Code("Low"),
        ),
        make(
            Discrepancy, "fault", discrepancy_type=Code("Gap"), concerns=refs("study-1", "paper-1")
        ),
        make(AcceptedFinding, "accepted", finding_code="V110", concerns=refs("paper-1")),
    )


def test_a_claim_about_a_study_goes_with_it_and_takes_its_numbers_and_relations(example):
    found = impact(example, ["study-1"])
    assert set(found.lost) == {"arm", "assay", "of-study", "number", "rel-study"}
    assert set(found.weakened) == {"rec", "step", "node", "appraisal"}


def test_what_cites_two_papers_is_weakened_by_the_loss_of_one(example):
    found = impact(example, ["paper-2"])
    assert "of-both" in found.weakened
    assert "cite-2" in found.lost
    assert "study-2" in found.weakened
    assert "of-both" in impact(example, ["paper-1", "paper-2"]).lost


def test_what_cites_one_paper_goes_with_it(example):
    assert {"of-one", "study-1", "cite-1", "of-study"} <= set(impact(example, ["paper-1"]).lost)


def test_losing_what_disputes_weakens_nobody(example):
    found = impact(example, ["of-one"])
    assert found.lost == ("rel-against",)
    assert found.weakened == ()
    assert found.remaining == ()


def test_a_lost_target_takes_the_relation_and_no_other_relation_suffers(example):
    found = impact(example, ["rec"])
    assert {"rel-study", "rel-both", "rel-against"} <= set(found.lost)
    assert "of-study" not in found.dependants


def test_advice_goes_with_its_source_and_not_with_its_evidence(example):
    assert {"rec", "unsupported", "of-study"} <= set(impact(example, ["source"]).lost)
    found = impact(example, ["of-study", "of-both"])
    assert "rec" in found.weakened
    (left,) = found.remaining
    assert (left.recommendation, left.verdict) == ("rec", "nothing")


def test_records_about_the_sources_rest_on_nothing(example):
    assert not {"fault", "accepted"} & set(impact(example, ["paper-1", "source"]).dependants)


def test_what_remains_is_counted_in_claims_and_studies(example):
    (left,) = impact(example, ["study-1"]).remaining
    assert left.verdict == "less"
    assert (left.before.claims, left.before.studies) == (("of-study", "of-both"), ("study-1",))
    assert (left.after.claims, left.after.studies) == (("of-both",), ())
    assert left.after.cautions == ("no study",)
    (weaker,) = impact(example, ["paper-2"]).remaining
    assert (weaker.verdict, weaker.weakened) == ("weaker", ("of-both",))


def test_support_comes_through_supporting_claims_and_hedges_are_told():
    given = whole(
        claim("far", study=Ref("study"), assertion_certainty=Code("Speculative")),
        claim("near", assertion_certainty=Code("Hedged")),
        make(Study, "study"),
        relation("r1", "far", "near"),
        relation("r2", "near", "rec"),
        relation("r3", "rec-claim", "rec"),
        advice("rec"),
    )
    (left,) = impact(given, ["far"]).remaining
    assert left.before.claims == ("far", "near")
    assert left.before.cautions == ("hedged claims only", "one study only")
    assert left.after.claims == ("near",)
    assert "near" in impact(given, ["far"]).weakened


def test_claims_that_support_each_other_in_a_circle_end():
    given = whole(
        claim("a"), claim("b"), relation("ab", "a", "b"), relation("ba", "b", "a"), advice("rec")
    )
    assert set(impact(given, ["a"]).lost) == {"ab", "ba"}
    assert impact(given, ["a"]).weakened == ("b",)


def test_a_threshold_touches_all_that_uses_it(guideline):
    name = guideline.one("THR-ddimer-low", Threshold).id
    found = impact(guideline, [name])
    users = {e.id for e in guideline.criteria if getattr(e, "threshold", None) == name}
    assert users
    assert users <= set(found.weakened)
    assert any(isinstance(guideline[each], Recommendation) for each in found.weakened)


def test_a_withdrawn_claim_weakens_a_threshold_and_what_it_decides(guideline):
    """Advice is touched through the limit, although its own support stays as it is."""
    name = guideline.one("THR-ddimer-low", Threshold).id
    given = Guideline(
        header=guideline.header,
        entities={
            **guideline.entities,
            "only": claim("only"),
            "judged": relation("judged", "only", name),
        },
    )
    found = impact(given, ["only"])
    assert found.lost == ("judged",)
    assert name in found.weakened
    rules = {
        each
        for each in impact(guideline, [name]).weakened
        if isinstance(guideline[each], Criterion | Recommendation)
    }
    assert rules
    assert rules <= set(found.weakened)
    assert found.remaining == ()


# ---- properties ----------------------------------------------------------------------------------

NAMES = st.integers(0, 3)
SOME = st.sets(NAMES, max_size=2)
HOW = st.sampled_from(["Supports", "PartlySupports", "Disputes"])


@st.composite
def guidelines(draw) -> Guideline:
    """Documents, passages, citations, studies, claims and relations, linked at random."""

    def many(prefix: str, numbers: set[int]) -> tuple[Ref, ...]:
        return refs(*(f"{prefix}{each}" for each in sorted(numbers)))

    def maybe(prefix: str) -> Ref | None:
        number = draw(st.none() | NAMES)
        return None if number is None else Ref(f"{prefix}{number}")

    things: list[Entity] = []
    for n in range(4):
        things += [
            make(SourceDocument, f"doc{n}"),
            make(SourcePassage, f"pas{n}", document=Ref(f"doc{draw(NAMES)}")),
            make(Citation, f"cit{n}", citing=maybe("doc"), cited=maybe("doc")),
            make(Study, f"stu{n}", reported_in=many("doc", draw(SOME))),
            claim(
                f"clm{n}",
                study=maybe("stu"),
                citations=many("cit", draw(SOME)),
                passages=many("pas", draw(SOME)),
            ),
            advice(f"rec{n}", passages=many("pas", draw(SOME))),
            make(
                CausalStep,
                f"cau{n}",
                cause=Ref("x"),
                effect=Ref("y"),
                causal_type=Code("LeadsTo"),
                asserted_by=many("clm", draw(SOME)),
            ),
        ]
    for n in range(draw(st.integers(0, 8))):
        target = f"{draw(st.sampled_from(['rec', 'clm']))}{draw(NAMES)}"
        things.append(relation(f"rel{n}", f"clm{draw(NAMES)}", target, draw(HOW)))
    return whole(*things)


def removals(known: Guideline) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(sorted(known.entities)), max_size=4)


def without(known: Guideline, gone: set[str]) -> Guideline:
    """The guideline in which nothing of this is described or referred to any more."""

    def stripped(thing: Entity) -> Entity:
        kept: dict[str, Any] = {}
        for each in fields(thing):
            held = getattr(thing, each.name)
            if "Ref" in str(each.type) and isinstance(held, tuple):
                kept[each.name] = tuple(name for name in held if name not in gone)
            elif "Ref | None" in str(each.type) and held in gone:
                kept[each.name] = None
        return replace(thing, **kept)

    entities = {n: stripped(e) for n, e in known.entities.items() if n not in gone}
    return Guideline(header=known.header, entities=entities)


@given(guidelines())
def test_removing_nothing_changes_nothing(known):
    found = impact(known, [])
    assert not found.dependants
    assert not found.remaining


@given(st.data())
@settings(deadline=None)
def test_removing_more_never_leaves_more_support(data):
    known = data.draw(guidelines())
    few, more = data.draw(removals(known)), data.draw(removals(known))
    questions = Dependencies(known)
    small, large = questions.impact(few), questions.impact(few | more)
    assert set(small.spread.lost) <= set(large.spread.lost)
    assert set(small.dependants) <= set(large.dependants) | few | more
    left = {each.recommendation: each.after for each in large.remaining}
    for each in small.remaining:
        if each.recommendation in large.spread.lost:
            continue
        assert set(left[each.recommendation].claims) <= set(each.after.claims)
        assert set(left[each.recommendation].studies) <= set(each.after.studies)


@given(st.data())
@settings(deadline=None)
def test_what_remains_is_what_the_reduced_guideline_has(data):
    known = data.draw(guidelines())
    removed = data.draw(removals(known))
    found = impact(known, removed)
    reduced = Dependencies(without(known, set(found.spread.lost)))
    told = {each.recommendation: each for each in found.remaining}
    for name, support in reduced.supports.items():
        if name in told:
            assert told[name].after == support
        else:
            assert Dependencies(known).supports[name] == support
    again = data.draw(removals(reduced.guideline)) if reduced.guideline.entities else set()
    both = impact(known, removed | again)
    assert set(both.spread.lost) == set(found.spread.lost) | set(reduced.impact(again).spread.lost)


@given(st.data())
@settings(deadline=None)
def test_every_way_leads_to_what_was_removed_and_a_loss_only_over_losses(data):
    known = data.draw(guidelines())
    removed = data.draw(removals(known))
    found = impact(known, removed)
    for name in found.dependants:
        way = found.spread.path(name)
        assert way[0].thing == name
        assert way[-1].cause in removed
        assert all(after.thing == before.cause for before, after in pairwise(way))
        if name in found.lost:
            assert all(each.cause in found.spread.lost for each in way)


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "paper-1",
        "d:paper-1",
        "ex:paper-1",
        NAMESPACE + "paper-1",
        f"<{NAMESPACE}paper-1>",
        "P1",
        "doi:10.1000/ONE",
        "https://doi.org/10.1000/one",
        "10.1000/one",
    ],
)
def test_a_thing_is_found_by_name_iri_notation_and_doi(example, asked):
    assert find(example, asked) == "paper-1"


@pytest.mark.parametrize(
    ("asked", "advised"), [("paper-9", "`paper-2`"), ("10.1000/ona", "10.1000/one"), ("@", "DOI")]
)
def test_a_name_that_is_not_known_is_refused_with_advice(example, asked, advised):
    with pytest.raises(UnknownThingError) as refused:
        find(example, asked)
    assert advised in refused.value.advice


def test_a_number_that_several_things_have_is_refused_with_their_names(example):
    with pytest.raises(UnknownThingError, match="`cite-1`, `cite-2`"):
        find(example, "7")


# ---- the command ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("impact") / "example-marker"
    new(folder)
    return folder


def run(*arguments: object):
    return CliRunner().invoke(cli, ["impact", *map(str, arguments)])


def test_the_text_names_what_depends_and_why(folder):
    told = run("STU-invented", folder)
    assert told.exit_code == 0, told.stderr
    assert "no supporting evidence without it (now 1 claim from 1 study)" in told.stdout
    assert (
        "is supported by REL-1, which has the evidence CLM-1, which is about STU-invented"
        in told.stdout
    )
    assert "recommendations/REC-2.html" in told.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("retracted", "would be lost"),
        ("withdrawn", "would be lost"),
        ("downgraded", "looked at again"),
        ("corrected", "looked at again"),
    ],
)
def test_every_change_has_the_same_dependants_in_its_own_words(folder, change, words):
    first = json.loads(run("STU-invented", folder, "--format", "json").stdout)
    told = json.loads(run("STU-invented", folder, "--if", change, "--format", "json").stdout)
    assert told["dependants"] == first["dependants"]
    assert words in run("STU-invented", folder, "--if", change).stdout


def test_json_tells_everything_the_text_counts(folder):
    told = json.loads(run("doi:10.5555/invented.1", folder, "--format", "json").stdout)
    assert told["entities"][0]["id"] == "DOC-invented"
    found = {each["id"]: each for each in told["dependants"]}
    assert found["REC-2"]["effect"] == "weakened"
    assert [each["restsOn"] for each in found["REC-2"]["path"]][-1] == "DOC-invented"
    assert sum(n for each in told["counts"].values() for n in each.values()) == len(found)
    assert told["recommendations"][0]["verdict"] == "nothing"
    assert "claims/CLM-1.html" in told["pages"]


def test_what_nothing_depends_on_says_so(folder):
    told = run("encoder", folder, "--if", "corrected")
    assert told.exit_code == 0
    assert "If it were corrected: nothing in the guideline depends on it." in told.stdout


def test_an_unknown_name_is_a_usage_error_with_a_suggestion(folder):
    told = run("STU-invanted", folder)
    assert told.exit_code == 2
    assert "Did you mean `STU-invented`?" in told.stderr


def test_a_guideline_with_faults_still_answers(folder, tmp_path):
    new(tmp_path / "faulty")
    (tmp_path / "faulty" / "zz.ttl").write_text(
        "@prefix gg: <https://w3id.org/guidegraph/ns#> .\n"
        "@prefix code: <https://w3id.org/guidegraph/code/> .\n"
        "@prefix d: <https://example.org/guideline/faulty/> .\n"
        "d:DOC-invented gg:publicationStatus code:Retracted .\n"
    )
    told = run("DOC-invented", tmp_path / "faulty")
    assert told.exit_code == 0
    assert "REC-2" in told.stdout


def test_names_and_labels_cannot_act_on_a_terminal(tmp_path):
    new(tmp_path / "wild")
    evidence = tmp_path / "wild" / "evidence.ttl"
    words = evidence.read_text().replace(
        '"The invented study and', '"\\u001B[2JThe invented study and'
    )
    evidence.write_text(words)
    told = run("STU-invented", tmp_path / "wild")
    assert "[2JThe invented study" in told.stdout
    assert "\x1b" not in told.stdout


@pytest.mark.usefixtures("loaded_once")
def test_the_shipped_cohort_carries_the_advice_on_prophylaxis():
    told = json.loads(run("doi:10.1111/jth.14817", GUIDELINE, "--format", "json").stdout)
    found = {each["id"] for each in told["dependants"] if each["effect"] == "lost"}
    assert {"STU-449", "OUD-CLM-30", "OUD-CLM-32"} <= found
    assert "OUD-REC-1" in {each["id"] for each in told["recommendations"]}
