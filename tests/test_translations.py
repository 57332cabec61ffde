"""Words in another language: from what they were made is recorded, so that stale ones are seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conftest import GUIDELINE
from guidegraph.check.translations import check_translations
from guidegraph.diagnostic import Severity
from guidegraph.entity import Iri, Text, Translation, texts
from guidegraph.lift import lift
from guidegraph.model import (
    Action,
    CarePathway,
    CodedValue,
    Guideline,
    Observable,
    PathwayNode,
    Population,
    Recommendation,
)
from guidegraph.plan.changes import differences
from guidegraph.plan.classes import Rank
from guidegraph.plan.plan import compare
from guidegraph.read import read
from guidegraph.terms import expand
from history_example import loaded
from pathway_example import guideline, make

LABEL = Iri(expand("rdfs:label"))


@pytest.fixture(scope="module")
def shipped() -> Guideline:
    guideline, findings = lift(read(GUIDELINE))
    assert guideline is not None
    assert findings == ()
    return guideline


def population(label: Text, made: tuple[Translation, ...]) -> Guideline:
    """A guideline with one translated population."""
    return guideline(replace(make(Population, "POP-x"), label=label, translations=made))


def dutch(english: str) -> Translation:
    return Translation(
        translated_property=LABEL, language="nl", translated_from=Text((("en", english),))
    )


BOTH = Text((("en", "People over 60"), ("nl", "Mensen ouder dan 60")))


def test_a_translation_of_the_words_as_they_are_is_no_finding():
    assert list(check_translations(population(BOTH, (dutch("People over 60"),)))) == []


def test_a_translation_of_other_words_is_stale():
    (found,) = check_translations(population(BOTH, (dutch("People over 65"),)))
    assert (found.code, found.severity, found.subject) == ("L501", Severity.WARNING, "POP-x")
    assert "“Mensen ouder dan 60”" in found.message
    assert found.why == "They were made from “People over 65”; they are “People over 60” now."


def test_a_record_without_words_is_told():
    english = Text((("en", "People over 60"),))
    (found,) = check_translations(population(english, (dutch("People over 60"),)))
    assert found.code == "L502"
    assert found.help == 'Add rdfs:label "..."@nl, or take the record away.'


def test_words_without_a_record_are_no_finding():
    assert list(check_translations(population(BOTH, ()))) == []


def test_a_language_that_is_none_is_left_to_the_shape():
    made = replace(dutch("People over 60"), language="Dutch")
    assert list(check_translations(population(BOTH, (made,)))) == []


def test_the_records_of_the_shipped_guideline_are_read_and_current(shipped):
    made = [each for thing in shipped.entities.values() for each in thing.translations]
    assert len(made) > 400
    assert {each.language for each in made} == {"nl"}
    assert {each.status for each in made} == {"ProposedNeedsClinicalReview"}
    assert {each.attributed_to for each in made} == {("agent-translator",)}
    assert list(check_translations(shipped)) == []


@pytest.mark.parametrize(
    "kind", [Recommendation, Action, Population, Observable, CodedValue, CarePathway, PathwayNode]
)
def test_the_main_terms_of_the_shipped_guideline_have_dutch_words_and_a_record(shipped, kind):
    assert shipped.all(kind)
    for thing in shipped.all(kind):
        spoken = dict(texts(thing))
        asked = [term for term in ("rdfs:label", "gg:question") if term in spoken]
        for term in asked:
            assert spoken[term].in_language("nl"), (thing.id, term)
        assert [each.term for each in thing.translations] == asked, thing.id


def test_dutch_words_are_our_own_and_no_figures_get_lost(shipped):
    """Every figure of the English words stands in the Dutch ones too."""
    for thing in shipped.entities.values():
        for term, text in texts(thing):
            if text.in_language("nl"):
                english, other = (
                    sorted(filter(str.isdigit, text.in_language(each))) for each in ("en", "nl")
                )
                assert english == other, (thing.id, term)


def test_a_changed_translation_is_editorial(tmp_path):
    from guidegraph.scaffold import new

    new(tmp_path / "example-marker")
    old = loaded(tmp_path / "example-marker")
    thing = old.entities["POP-inpatient"]
    changed = replace(
        thing,
        label=Text((*thing.label.words, ("nl", "Opgenomen patiënten"))),
        translations=(dutch(str(thing.label)),),
    )
    now = replace(old, entities={**old.entities, thing.id: changed})
    (found,) = differences(old, now).found
    assert [each.term for each in found.details] == ["rdfs:label", "gg:translation"]
    assert found.details[1].new == f"nl of “{thing.label}”"
    assert compare(old, now).rank is Rank.EDITORIAL
