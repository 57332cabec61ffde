"""The queries about sources and about the quality of what was encoded from them.

Each answer about the shipped guideline is compared with the typed model, and with references that
were looked up in the sources.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from competency import names, ref, rows
from guidegraph.entity import Entity
from guidegraph.model import (
    AcceptedFinding,
    AnnouncedResult,
    Appraisal,
    Assay,
    Citation,
    Discrepancy,
    EvidenceClaim,
    EvidenceRelation,
    Omission,
    Recommendation,
    SourceDocument,
    SourcePassage,
    SourceTable,
)


def printed_in(guideline, thing: Entity) -> set[str]:
    """The documents in which a thing is printed."""
    found = [guideline.get(each, SourcePassage) for each in thing.passages]
    return {f"d:{each.document}" for each in found if each}


# ---- sources -------------------------------------------------------------------------------------


def citing(guideline) -> dict[str, set[str]]:
    """What refers to each citation."""
    found = defaultdict(set)
    for each in guideline.entities.values():
        for name in each.citations:
            found[name].add(f"d:{each.id}")
    return found


def test_references_nobody_resolved(asked, guideline):
    told = rows(asked, "unresolved-citations", "source citation thing")
    by = citing(guideline)
    assert set(told) == {
        (ref(each.citing), f"d:{each.id}", thing)
        for each in guideline.all(Citation)
        if each.citing and not each.cited
        for thing in by[each.id] or {None}
    }
    assert ("d:OUD", "d:OUD-CIT-13", "d:OUD-CLM-46") in told
    assert "d:OUD-CIT-30" not in {row[1] for row in told}
    numbers = rows(asked, "unresolved-citations", "citation number", source="OUD")
    assert ("d:OUD-CIT-13", "13") in numbers


def test_documents_nobody_looked_up(asked, guideline):
    told = rows(asked, "not-looked-up", "document thing through")
    by = citing(guideline)
    expected = set()
    for document in guideline.all(SourceDocument):
        if document.status != "GeneralKnowledge":
            continue
        found = {
            (thing, f"d:{each.id}")
            for each in guideline.all(Citation)
            if each.cited == document.id
            for thing in by[each.id]
        } | {
            (f"d:{each.id}", f"d:{each.study}")
            for each in (*guideline.all(EvidenceClaim), *guideline.all(Assay))
            if each.study and document.id in guideline.entities[each.study].reported_in
        }
        expected |= {(f"d:{document.id}", *each) for each in found or {(None, None)}}
    assert set(told) == expected
    assert not {row[0] for row in told} & {"d:OUD", "d:GUO", "d:MCG"}


def test_papers_cited_by_several_sources(asked, guideline):
    told = rows(asked, "shared-papers", "document source citation")
    cited = defaultdict(set)
    for each in guideline.all(Citation):
        if each.cited and each.citing:
            cited[each.cited].add((f"d:{each.citing}", f"d:{each.id}"))
    assert set(told) == {
        (f"d:{document}", *each)
        for document, found in cited.items()
        if len({source for source, _ in found}) > 1
        for each in found
    }
    numbers = {
        row[1:]
        for row in rows(asked, "shared-papers", "document source number")
        if row[0] == "d:DOC-zhou-2020"
    }
    assert numbers == {("d:OUD", "11"), ("d:GUO", "12"), ("d:MCG", "23")}


def test_what_rests_on_a_reference(asked, guideline):
    columns = "thing how recommendation"
    told = rows(asked, "what-rests-on-a-paper", columns, source="OUD", number="30")
    assert ("d:OUD-CLM-32", "cites it", "d:OUD-REC-1") in told
    assert {row[0] for row in told if row[1] == "cites it"} == names(
        each for each in guideline.entities.values() if "OUD-CIT-30" in each.citations
    )
    by_paper = rows(asked, "what-rests-on-a-paper", "source thing", paper="DOC-tang-2020-heparin")
    assert {("d:OUD", "d:OUD-CLM-32"), ("d:MCG", "d:MCG-CLM-76")} <= set(by_paper)
    assert {row[0] for row in by_paper} == {"d:OUD", "d:MCG"}


def test_recommendations_that_rest_on_each_claim(asked, guideline):
    """Followed forwards from each thing that cites, link by link."""
    after = defaultdict(set)
    for each in guideline.all(EvidenceRelation):
        after[each.evidence].add(each.target)
    for _, thing, recommendation in set(
        rows(asked, "what-rests-on-a-paper", "document thing recommendation")
    ):
        found, ahead = set(), [str(thing).removeprefix("d:")]
        while ahead:
            new = after[ahead.pop()] - found
            found |= new
            ahead += new
        reached = {f"d:{each}" for each in found if guideline.get(each, Recommendation)}
        assert recommendation in (reached or {None})


# ---- quality -------------------------------------------------------------------------------------


def test_results_announced_and_never_given(asked, guideline):
    told = rows(asked, "announced-results", "announced source")
    assert set(told) == {
        (f"d:{each.id}", source)
        for each in guideline.all(AnnouncedResult)
        if not each.given_by
        for source in printed_in(guideline, each)
    }
    assert ("d:ANN-GUO-nlr-cut-off", "d:GUO") in told
    assert "d:ANN-GUO-il6-correlation" not in {row[0] for row in told}


def standing_in(guideline, name: str) -> set[str]:
    """The documents in which what a discrepancy concerns is printed."""
    thing = guideline.entities[name]
    own = {f"d:{thing.document}"} if isinstance(thing, SourcePassage | SourceTable) else set()
    if isinstance(thing, Citation) and thing.citing:
        own = {f"d:{thing.citing}"}
    claims = [each for each in guideline.all(EvidenceClaim) if name in each.results]
    return own.union(*(printed_in(guideline, each) for each in (thing, *claims)))


def test_discrepancies_by_source(asked, guideline):
    counted = Counter(
        (source, guideline.words(each.discrepancy_type))
        for each in guideline.all(Discrepancy)
        for source in set().union(*(standing_in(guideline, name) for name in each.concerns))
    )
    told = rows(asked, "discrepancy-counts", "source type discrepancies")
    assert {(source, kind): int(number or 0) for source, kind, number in told} == counted
    in_guo = rows(asked, "discrepancies", "discrepancy printed_in", source="GUO")
    assert {source for _, source in in_guo} == {"d:GUO"}
    assert {name for name, _ in in_guo} == names(
        each
        for each in guideline.all(Discrepancy)
        if any("d:GUO" in standing_in(guideline, name) for name in each.concerns)
    )


def test_omissions(asked, guideline):
    told = {row[0] for row in rows(asked, "omissions", "omission")}
    assert told == names(guideline.all(Omission))


def test_accepted_findings(asked, guideline):
    told = rows(asked, "accepted-findings", "accepted finding concerns accepted_on")
    assert set(told) == {
        (f"d:{each.id}", each.finding_code, ref(name), each.accepted_on)
        for each in guideline.all(AcceptedFinding)
        for name in each.concerns or (None,)
    }


def test_appraisals(asked, guideline):
    told = {row[0] for row in rows(asked, "appraisals", "appraisal")}
    assert told == names(guideline.all(Appraisal))
