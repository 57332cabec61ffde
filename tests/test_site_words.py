"""How the site words criteria, numbers and units, and what it finds to rest on what."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import forms_example
import site_example as example
from guidegraph.entity import Quantity, QuantityRange, Ref, Text, Ucum
from guidegraph.model import Biomarker, Citation, Recommendation, Threshold
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import Line
from guidegraph.site.figures import figure, size
from guidegraph.site.links import Links
from guidegraph.site.pages import thresholds
from guidegraph.site.view import outside, status, sure, view
from guidegraph.site.words import Wording

HIGH = (
    "Latest Marker above the limit your site chooses (2,000\u00a0µg/L unless set otherwise; "
    "permitted: 2,000 to 4,000\u00a0µg/L (not included))"
)


def said(line: Line) -> str:
    """The words of a line."""
    return "".join(each.text for each in line)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("c-low", "First Marker (on admission) below 1,000\u00a0µg/L"),
        ("c-high", HIGH),
        ("c-bleeds", "Bleeding: yes"),
        ("c-feasible", "Can a scan be done? no"),
        ("c-ill", "Illness is “Suspected” or “Excluded”"),
        ("c-all", "label of c-all: all of these hold"),
        ("c-some", "label of c-some: at least 2 of these hold"),
        ("c-rise", "Highest Marker at least 2 times the first Marker (on admission)"),
        ("c-point", "label of c-point several readings"),
    ],
)
def test_criteria_are_told_in_clinical_words(name: str, told: str) -> None:
    known = example.guideline()
    wording = Wording(known, Addresses(known))
    line = wording.line(known[name])  # type: ignore[arg-type]
    assert said(line) == told


def test_the_ends_of_a_range_say_whether_they_belong() -> None:
    known = example.guideline()
    line = Wording(known, Addresses(known)).line(known["c-between"])  # type: ignore[arg-type]
    assert said(line).startswith("Marker from 1,000\u00a0µg/L (included) to the limit")
    assert said(line).endswith("(not included)")


def test_every_reading_is_listed_and_the_default_comes_first() -> None:
    known = example.guideline()
    item = Wording(known, Addresses(known)).criterion("c-point")
    assert item is not None
    assert [part.label[0].text for part in item.parts] == [
        "the reading that runs",
        "another reading",
    ]
    assert item.parts[0].line[0].text == "Latest "


def test_criteria_that_refer_to_themselves_do_not_loop() -> None:
    known = example.guideline()
    circle = example.make(
        example.LogicalCriterion, "c-all", operator="AllOf", operands=("c-all", "c-low")
    )
    entities = {**known.entities, "c-all": circle}
    turned = type(known)(header=known.header, entities=entities)
    item = Wording(turned, Addresses(turned)).criterion("c-all")
    assert item is not None
    assert item.parts[0].parts == ()


def test_words_in_another_language_say_which() -> None:
    known = example.guideline()
    wording = Wording(known, Addresses(known))
    assert wording.said(Text((("nl", "stolsel"),)))[0].lang == "nl"
    assert wording.said(Text((("nl", "stolsel"), ("en", "clot"))))[0].lang == ""


def test_an_amount_does_not_break_before_its_unit() -> None:
    assert figure(Quantity(value=Decimal(1000), unit=Ucum("ug/L"))) == "1,000\u00a0µg/L"
    platelets = Quantity(value=Decimal(150), unit=Ucum("10*9/L"))
    assert figure(platelets) == "150\u00a0×\u00a010⁹/L"
    assert figure(Quantity(value=Decimal("93.0"), unit=Ucum("%"))) == "93%"
    assert figure(Quantity(value=Decimal(4), unit=Ucum("1"))) == "4"


def test_ranges_say_which_ends_are_open() -> None:
    hours = Ucum("h")
    after = QuantityRange(low=Decimal(12), high=None, unit=hours, low_inclusive=False)
    assert figure(after) == "from 12 (not included)\u00a0h"
    assert figure(QuantityRange(low=None, high=Decimal(48), unit=hours)) == "up to 48\u00a0h"
    assert figure(QuantityRange(low=None, high=None, unit=hours)) == "not limited"


def test_sizes_of_files_are_in_words() -> None:
    assert size(999) == "999 bytes"
    assert size(1500) == "1.5 kB"
    assert size(4_000_000) == "4 MB"


def test_a_recommendation_rests_on_what_its_condition_names() -> None:
    known = example.guideline()
    basis = Links(known).basis(known.one("rec-1", Recommendation))
    assert {"c-all", "c-low", "low", "marker", "point", "c-rise", "strong", "passage-1"} <= basis
    assert not {"rec-2", "claim", "severe", "algorithm"} & basis


def test_a_fault_of_a_limit_touches_the_recommendations_that_use_it() -> None:
    known = example.guideline()
    links = Links(known)
    touched = [
        each.id
        for each in known.recommendations
        if "misprint" in [fault.id for fault in links.discrepancies_of(each)]
    ]
    assert touched == ["rec-1", "rec-2"]


def test_the_items_of_a_score_stand_with_their_points_under_their_group() -> None:
    known = forms_example.guideline()
    item = Wording(known, Addresses(known)).criterion("CRIT-score")
    assert item is not None
    assert said(item.line) == "Example score: at least 3 points"
    marker, older = item.parts
    assert said(marker.line) == "Marker: only the highest points count"
    assert [said(each.label) for each in marker.parts] == ["3 points", "1 point"]
    assert said(older.label) == "2 points"
    assert said(older.line) == "Age at least 70\u00a0years"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CRIT-refused", "The patient refuses the treatment (taken as no where it is not known)"),
        ("CRIT-done", "Example marker measured (24 to 48 hours after admission)"),
        ("CRIT-due", "Example marker due now: not measured yet (24 to 48 hours after admission)"),
        (
            "CRIT-advised",
            "Recommendation in force: 2: high marker, the treatment can be considered",
        ),
        (
            "CRIT-above",
            "Highest Example marker at least Age × 10 µg/L/a if Age > 50 years, otherwise 500 µg/L",
        ),
        ("CRIT-by-age-here", "Which test the site uses is “limit by age”"),
    ],
)
def test_the_later_forms_are_told_in_words(name: str, words: str) -> None:
    known = forms_example.guideline()
    item = Wording(known, Addresses(known)).criterion(name)
    assert item is not None
    assert said(item.line).replace("\u00a0", " ") == words


def test_what_nobody_looked_up_does_not_look_like_what_somebody_did() -> None:
    seen = view(example.content())
    surely = example.make(Citation, "a", status="Verified")
    known = replace(surely, status="GeneralKnowledge", is_external=True)
    assert [each.style for each in status(seen, surely)] == ["badge status"]
    brought, unsure = status(seen, known)
    assert brought.text == "From outside the sources"
    assert unsure.style == "badge warning"
    assert sure(seen, "GeneralKnowledge")[0].style != sure(seen, "Verified")[0].style


def test_limits_that_the_sources_print_come_before_those_from_outside() -> None:
    known = example.guideline()
    low = known.one("low", Threshold)
    brought = replace(low, is_external=True, observable=Ref("elsewhere"), reported_text="")
    entities = {"low": brought, **{k: v for k, v in known.entities.items() if k != "low"}}
    shown = next(thresholds.pages(view(example.content(replace(known, entities=entities)))))
    assert [each.title for each in shown.sections][:2] == ["Marker", "elsewhere"]
    row = shown.sections[1].blocks[0].rows[0]  # type: ignore[union-attr]
    assert said(row.cells[1]).startswith("from outside the sources")


def test_what_comes_from_outside_says_so_beside_its_name() -> None:
    known = example.guideline().one("marker", Biomarker)
    assert outside(known) == ()
    assert said(outside(replace(known, is_external=True))) == " from outside the sources"
