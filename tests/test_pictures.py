"""Pictures of the evidence: what is drawn stands where its number stands, and is said in words."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guidegraph.entity import Code, Entity, Quantity, Ref, Text, Ucum
from guidegraph.export.base import ExportInput
from guidegraph.export.pictures import PicturesExporter
from guidegraph.model import (
    Biomarker,
    CausalStep,
    Citation,
    Concept,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Recommendation,
    ReferenceInterval,
    SourceDocument,
    SourcePassage,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
)
from guidegraph.pictures import diagram, rows
from guidegraph.pictures.bearing import bearing
from guidegraph.pictures.estimates import FAMILIES, estimates
from guidegraph.pictures.levels import levels
from guidegraph.pictures.mechanism import mechanism
from guidegraph.pictures.rows import Mark, Plot
from guidegraph.pictures.scale import WIDE_RATIO, scale
from guidegraph.pictures.svg import SVG, printable
from guidegraph.site.drawings import linked
from pathway_example import guideline, make
from test_flowchart import HOSTILE

EXACT = 0.06
"""Coordinates are written with one decimal place."""


# --- reading a drawing back -----------------------------------------------------------------------


def tag(name: str) -> str:
    return f"{{{SVG}}}{name}"


def classes(element: ET.Element) -> set[str]:
    return set((element.get("class") or "").split())


def links(root: ET.Element) -> list[ET.Element]:
    return list(root.iter(tag("a")))


def parts(link: ET.Element, name: str, kind: str = "") -> list[ET.Element]:
    return [e for e in link.iter(tag(name)) if not kind or kind in classes(e)]


def number(element: ET.Element, name: str) -> float:
    return float(element.get(name) or "nan")


def centre(square: ET.Element) -> float:
    return number(square, "x") + number(square, "width") / 2


def square(link: ET.Element) -> float:
    (found,) = parts(link, "rect", "estimate")
    return centre(found)


def tips(link: ET.Element, kind: str) -> list[tuple[float, float]]:
    """The tip of each arrow and its back."""
    found = []
    for each in parts(link, "polygon", kind):
        first, tip, _ = (float(point.split(",")[0]) for point in (each.get("points") or "").split())
        found.append((tip, first))
    return found


def ticks(root: ET.Element) -> dict[str, float]:
    """The places of the round numbers by what is written below them."""
    (axis,) = (each for each in root.iter(tag("g")) if "axis" in classes(each))
    lines = [number(each, "x1") for each in parts(axis, "line", "grid")]
    return dict(zip([e.text or "" for e in parts(axis, "text")], lines, strict=False))


def seen(link: ET.Element) -> str:
    return " ".join("".join(each.itertext()) for each in link.iter(tag("text")))


def description(root: ET.Element) -> str:
    (found,) = root.findall(tag("desc"))
    assert found.get("id") == root.get("aria-describedby")
    return found.text or ""


def plot(*marks: Mark, **given: Any) -> Plot:
    return Plot(id="p", title="T", description="D", axis="A", groups=(("", marks),), **given)


def drawn(shown: Plot) -> ET.Element:
    return ET.fromstring(rows.draw(shown))


def squeezed(text: str) -> str:
    return "".join(text.split())


# --- scales ---------------------------------------------------------------------------------------

NUMBERS = st.lists(
    st.decimals(min_value=-(10**6), max_value=10**6, places=3, allow_nan=False), min_size=1
)
POSITIVE = st.lists(
    st.decimals(min_value=Decimal("0.001"), max_value=10**6, places=3), min_size=1, max_size=12
)


def is_round(number: Fraction, step: Fraction) -> bool:
    """Whether a number is a multiple of 1, 2 or 5 times a power of ten."""
    digits = str(step.numerator * 10**12 // step.denominator).strip("0")
    return digits in ("1", "2", "5") and (number / step).denominator == 1


@given(NUMBERS, st.sampled_from([False, None]))
def test_every_number_has_its_place_in_order_on_the_axis(
    values: list[Decimal], logarithmic: bool | None
) -> None:
    axis = scale(values, 100, 400, logarithmic)
    places = [axis.at(each) for each in sorted(values)]
    assert places == sorted(places)
    assert all(100 - 1e-9 <= each <= 500 + 1e-9 for each in places)
    assert all(axis.holds(each) for each in values if not axis.is_logarithmic or each > 0)
    assert (axis.at(axis.low), axis.at(axis.high)) == pytest.approx((100, 500))


@given(NUMBERS, st.sampled_from([False, True, None]))
def test_ticks_are_few_round_numbers_within_the_axis(
    values: list[Decimal], logarithmic: bool | None
) -> None:
    axis = scale(values, 0, 400, logarithmic)
    found = axis.ticks
    assert 2 <= len(found) <= 12
    assert list(found) == sorted(set(found))
    assert all(axis.holds(each) for each in found)
    if axis.is_logarithmic:
        for each in found:
            digits = str(each.numerator if each >= 1 else 10**12 // each.denominator)
            assert digits.strip("0") in ("1", "2", "5")
    else:
        steps = {after - before for before, after in itertools.pairwise(found)}
        assert len(steps) == 1
        assert all(is_round(each, next(iter(steps))) for each in found)
        assert (found[0], found[-1]) == (axis.low, axis.high)


@given(POSITIVE)
def test_an_axis_is_logarithmic_where_positive_numbers_lie_far_apart(values: list[Decimal]) -> None:
    far = Fraction(max(values)) / Fraction(min(values)) >= WIDE_RATIO
    axis = scale(values, 0, 400)
    assert axis.is_logarithmic == far
    if far:
        assume(min(values) * 100 <= max(values))
        assert axis.at(min(values) * 10) - axis.at(min(values)) == pytest.approx(
            axis.at(max(values)) - axis.at(Fraction(max(values)) / 10)
        )


@given(POSITIVE)
def test_what_is_not_positive_stands_at_the_lower_end_of_a_logarithmic_axis(
    values: list[Decimal],
) -> None:
    axis = scale([*values, Decimal(-5)], 0, 400, True)
    assert axis.at(Decimal(-5)) == 0
    assert not axis.holds(Decimal(-5))


def test_an_axis_of_equal_numbers_or_of_none_has_a_length() -> None:
    for values in ([], [0], [7], [-3, -3]):
        axis = scale([Decimal(each) for each in values], 0, 400)
        assert axis.low < axis.high


def test_an_axis_is_not_logarithmic_by_itself_where_a_value_is_not_positive() -> None:
    far = Mark("a", "a", "1 to 900", value=Decimal(1), low=Decimal(1), high=Decimal(900))
    below = Mark("b", "b", "-2", value=Decimal(-2))
    interval = Mark("c", "c", "5 (-4 to 9)", value=Decimal(5), low=Decimal(-4), high=Decimal(9))
    assert plot(far, interval).along(0, 400).is_logarithmic
    assert not plot(far, below).along(0, 400).is_logarithmic


# --- rows -----------------------------------------------------------------------------------------

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
VALUES = st.one_of(st.none(), st.decimals(min_value=-1000, max_value=1000, places=2))


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    low, high = draw(VALUES), draw(VALUES)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Mark(
        name="it",
        words=draw(LETTERS),
        printed=draw(LETTERS),
        value=draw(VALUES),
        low=low,
        high=high,
        side=draw(st.sampled_from(["", "above", "below"])),
        is_limit=draw(st.booleans()),
        is_open=draw(st.booleans()),
    )


@given(st.lists(marks(), min_size=1, max_size=6), st.sampled_from([False, True, None]))
def test_any_plot_is_drawn_on_its_sheet_with_a_named_link_for_each_row(
    found: list[Mark], logarithmic: bool | None
) -> None:
    shown = plot(*found, logarithmic=logarithmic)
    root = drawn(shown)
    assert rows.draw(shown) == rows.draw(shown)
    width, height = number(root, "width"), number(root, "height")
    found_links = links(root)
    assert len(found_links) == len(found)
    for mark, link in zip(found, found_links, strict=True):
        assert squeezed(printable(mark.printed)) in squeezed(link.get("aria-label") or "")
        assert squeezed(seen(link)) == squeezed(printable(f"{mark.words} {mark.printed}"))
        for line in parts(link, "line"):
            assert min(number(line, "x1"), number(line, "x2")) >= 0
            assert max(number(line, "x1"), number(line, "x2")) <= width
            assert 0 <= number(line, "y1") <= number(line, "y2") <= height
    tops = [number(parts(link, "rect", "field")[0], "y") for link in found_links]
    assert tops == sorted(set(tops))


@given(st.lists(st.decimals(min_value=-500, max_value=500, places=1), min_size=2, max_size=9))
def test_marks_stand_in_the_order_of_their_numbers(values: list[Decimal]) -> None:
    root = drawn(plot(*(Mark("it", "w", str(each), value=each) for each in values)))
    places = [square(link) for link in links(root)]
    for (one, here), (other, there) in itertools.combinations(zip(values, places, strict=True), 2):
        assert (one <= other) == (here <= there) or abs(here - there) <= EXACT


def test_a_number_stands_above_its_tick() -> None:
    shown = plot(*(Mark("it", "w", str(each), value=Decimal(each)) for each in (10, 20, 40)))
    root = drawn(shown)
    found = ticks(root)
    places = [square(link) for link in links(root)]
    assert places == pytest.approx([found["10"], found["20"], found["40"]], abs=EXACT)


def test_a_plot_says_what_it_is() -> None:
    root = drawn(plot(Mark("it", "Severe", "22.79", value=Decimal(22))))
    by_id = {each.get("id"): each for each in root.iter() if each.get("id")}
    assert by_id[root.get("aria-labelledby") or ""].text == "T"
    assert description(root) == "D"
    assert root.get("role") == "group"
    assert links(root)[0].get("href") == "#it"


def test_an_interval_below_zero_ends_in_an_arrow_on_a_logarithmic_axis() -> None:
    far = Mark("far", "far", "0.3", value=Decimal("0.3"))
    below = Mark(
        "below", "below", "22.79 (−4.14–49.72)",
        value=Decimal("22.79"), low=Decimal("-4.14"), high=Decimal("49.72"),
    )  # fmt: skip
    wide = drawn(plot(far, below))
    ((tip, back),) = tips(links(wide)[1], "beyond")
    assert tip < back
    assert tip < min(ticks(wide).values())
    narrow = drawn(plot(far, below, logarithmic=False))
    assert tips(links(narrow)[1], "beyond") == []
    strokes = [number(e, "x1") for e in parts(links(narrow)[1], "line", "estimate")]
    assert min(strokes) == pytest.approx(
        plot(far, below, logarithmic=False)
        .along(
            min(ticks(narrow).values()), max(ticks(narrow).values()) - min(ticks(narrow).values())
        )
        .at(Decimal("-4.14")),
        abs=0.2,
    )


@pytest.mark.parametrize(("side", "direction"), [("above", 1), ("below", -1)])
def test_a_limit_points_to_the_side_it_lets_through(side: rows.Side, direction: int) -> None:
    limit = Mark("it", "w", "limit", value=Decimal(50), side=side, is_limit=True)
    root = drawn(plot(limit, Mark("other", "w", "90", value=Decimal(90))))
    (upright,) = (e for e in parts(links(root)[0], "line", "limit") if e.get("x1") == e.get("x2"))
    ((tip, back),) = tips(links(root)[0], "side")
    assert (tip - back) * direction > 0
    assert (back - number(upright, "x1")) * direction > 0
    assert tips(links(root)[1], "side") == []
    assert f"and {side}" in (links(root)[0].get("aria-label") or "")


@pytest.mark.parametrize("side", ["above", "below"])
def test_no_arrow_reaches_the_words_beside_the_plot(side: rows.Side) -> None:
    ends = [Mark("it", "w" * 30, "p", value=Decimal(e), side=side, is_limit=True) for e in (0, 10)]
    root = drawn(plot(*ends))
    (base,) = parts(root, "line", "base")
    for link in links(root):
        ((tip, _),) = tips(link, "side")
        assert number(base, "x1") <= tip <= number(base, "x2")
        names, printed = parts(link, "text", "words"), parts(link, "text", "figures")
        assert all(number(each, "x") < number(base, "x1") for each in names)
        assert all(number(each, "x") > number(base, "x2") for each in printed)


def test_an_interval_of_no_stated_kind_is_broken_and_said_to_be() -> None:
    given = {"value": Decimal(5), "low": Decimal(3), "high": Decimal(9)}
    open_, known = Mark("a", "a", "5", is_open=True, **given), Mark("b", "b", "5", **given)
    first, second = links(drawn(plot(open_, known)))
    assert [bool(parts(e, "line", "estimate")[0].get("stroke-dasharray")) for e in (first, second)]
    assert parts(second, "line", "estimate")[0].get("stroke-dasharray") is None
    assert "not stated" in (first.get("aria-label") or "")
    assert "not stated" not in (second.get("aria-label") or "")


def test_the_line_of_no_difference_stands_at_its_number() -> None:
    root = drawn(
        plot(Mark("it", "w", "0.37", value=Decimal("0.37")), reference=1, logarithmic=True)
    )
    (line,) = parts(root, "line", "reference")
    assert number(line, "x1") == pytest.approx(ticks(root)["1"], abs=EXACT)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_plot_shows_every_label_as_it_is(label: str) -> None:
    shown = Plot(
        id=label, title=label, description=label, axis=label,
        groups=((label, (Mark(label, label, label, value=Decimal(3)),)),),
    )  # fmt: skip
    _is_harmless(drawn(shown))
    (link,) = links(drawn(shown))
    assert squeezed(seen(link)) == squeezed(printable(label * 2))


def _is_harmless(root: ET.Element) -> None:
    names = {each.tag.removeprefix(f"{{{SVG}}}") for each in root.iter()}
    shapes = {"rect", "line", "path", "polygon"}
    assert names <= {"svg", "title", "desc", "g", "text", "tspan", "a"} | shapes
    attributes = {name for each in root.iter() for name in each.attrib}
    assert not {each for each in attributes if each.startswith("on") or "src" in each}


# --- a small guideline ----------------------------------------------------------------------------


def en(words: str) -> Text:
    return Text((("en", words),))


def result(name: str, kind: str, printed: str, **given: Any) -> StatisticalResult:
    for each in ("value", "low", "high"):
        if each in given:
            given[each] = Decimal(given[each])
    if "unit" in given:
        given["unit"] = Ucum(given["unit"])
    if "arms" in given:
        given["arms"] = tuple(map(Ref, given["arms"]))
    for each in ("comparator", "interval_type"):
        if each in given:
            given[each] = Code(given[each])
    return make(StatisticalResult, name, statistic_type=Code(kind), reported_text=printed, **given)


def claim(name: str, *results: str, **given: Any) -> EvidenceClaim:
    return make(
        EvidenceClaim,
        name,
        f"Claim {name}",
        claim_type=Code("StudyFinding"),
        results=tuple(map(Ref, results)),
        **given,
    )


def sources() -> tuple[Entity, ...]:
    return (
        make(SourceDocument, "doc-a", "Paper A", notation=("AAA",)),
        make(SourceDocument, "doc-b", "Paper B", notation=("BBB",)),
        make(SourcePassage, "at-a", document=Ref("doc-a")),
        make(SourcePassage, "at-b", document=Ref("doc-b")),
        make(Study, "study", "The cohort", reported_in=(Ref("doc-b"),)),
        make(StudyArm, "mild", "Mild cases", study=Ref("study")),
        make(StudyArm, "severe", "Severe cases", study=Ref("study")),
    )


def marker(**given: Any) -> Biomarker:
    return make(Biomarker, "marker", "Marker", **{"canonical_unit": Ucum("ug/L"), **given})


def limit(name: str, value: str, unit: str, printed: str, **given: Any) -> Threshold:
    return make(
        Threshold,
        name,
        f"Limit {name}",
        observable=Ref("marker"),
        comparator=Code(given.pop("comparator", "AtLeast")),
        executable_quantity=Quantity(value=Decimal(value), unit=Ucum(unit)),
        reported_text=printed,
        **given,
    )


def measured() -> Guideline:
    """A marker measured in two groups, its normal range, and limits of two papers."""
    at_a, at_b = {"passages": (Ref("at-a"),)}, {"passages": (Ref("at-b"),)}
    return guideline(
        *sources(),
        marker(),
        result(
            "m", "Mean", "0.65 (0.42–0.87)", value="0.65", low="0.42", high="0.87", unit="mg/L",
            arms=["mild"], interval_type="IntervalNotStated",
        ),
        result("s", "Mean", "22.79", value="22.79", unit="mg/L", arms=["severe"]),
        result("wrong", "Mean", "7 kg", value="7", unit="kg"),
        claim("levels", "m", "s", "wrong", observables=(Ref("marker"),), **at_a),
        make(
            ReferenceInterval, "normal", observable=Ref("marker"), high=Decimal("0.55"),
            unit=Ucum("mg/L"), reported_text="<0.55 mg/L", **at_a,
        ),
        limit("two", "2", "mg/L", ">2 mg/L", **at_b),
        limit("one", "1000", "ug/L", "1,000 mg/L", comparator="LessThan", **at_a),
    )  # fmt: skip


# --- levels ---------------------------------------------------------------------------------------


def test_everything_about_an_observable_stands_on_one_axis_in_its_unit() -> None:
    shown = levels(measured(), "marker")
    assert shown is not None
    assert [heading for heading, _ in shown.groups] == ["Measured", "Normal range", "Limits"]
    held = {mark.words: mark for mark in shown.marks}
    mild = held["AAA: Mild cases"]
    assert (mild.value, mild.low, mild.high) == (650, 420, 870)
    assert mild.is_open
    assert held["AAA: Severe cases"].value == 22790
    assert held["AAA: Severe cases"].printed == "22.79 mg/L"
    assert held["AAA: normal range"].numbers == (550,)
    assert held["AAA: normal range"].side == "below"
    assert held["BBB: Limit two"].value == 2000
    assert "7 kg" not in shown.description


def test_limits_of_several_sources_stand_from_low_to_high() -> None:
    shown = levels(measured(), "marker")
    assert shown is not None
    limits = dict(shown.groups)["Limits"]
    assert [(each.words, each.value, each.side) for each in limits] == [
        ("AAA: Limit one", 1000, "below"),
        ("BBB: Limit two", 2000, "above"),
    ]
    assert all(each.is_limit for each in limits)


@pytest.mark.parametrize(
    ("printed", "value", "unit", "shown"),
    [
        ("1,000 mg/L", "1000", "ug/L", "1,000 mg/L, executed as 1,000 µg/L"),
        ("over 1 µg/L", "1", "ug/mL", "over 1 µg/L, executed as 1 µg/mL"),
        ("≥500 µg/L", "500", "ug/L", "≥500 µg/L"),
        (">0·5 ug/mL", "0.5", "ug/mL", ">0·5 ug/mL"),
        ("<500 µg/L", "600", "ug/L", "<500 µg/L, executed as 600 µg/L"),
        ("2 mg/L", "2", "g/L", "2 mg/L, executed as 2 g/L"),
        ("", "500", "ug/L", "executed as 500 µg/L"),
    ],
)
def test_a_limit_that_is_executed_otherwise_than_printed_says_so(
    printed: str, value: str, unit: str, shown: str
) -> None:
    known = guideline(marker(), limit("it", value, unit, printed), *_other())
    found = levels(known, "marker")
    assert found is not None
    assert [each.printed for each in found.marks if each.name == "it"] == [shown]


def _other() -> tuple[Entity, ...]:
    return (
        result("m", "Mean", "5", value="5", unit="ug/L"),
        claim("levels", "m", observables=(Ref("marker"),)),
    )


def test_conversion_is_exact() -> None:
    known = guideline(marker(canonical_unit=Ucum("g/L")), limit("it", "0.1", "ug/L", ""), *_other())
    found = levels(known, "marker")
    assert found is not None
    (it,) = (each for each in found.marks if each.name == "it")
    assert it.value == Fraction(1, 10_000_000)


def test_a_limit_from_outside_the_sources_says_so() -> None:
    outside = limit("it", "500", "ug/L", "", is_external=True)
    found = levels(guideline(marker(), outside, *_other()), "marker")
    assert found is not None
    assert "From outside the sources: Limit it" in [each.words for each in found.marks]


def test_there_is_no_picture_without_a_unit_or_without_anything_to_compare() -> None:
    known = measured()
    bare = replace(known, entities={**known.entities, "marker": marker(canonical_unit=None)})
    assert levels(bare, "marker") is None
    assert levels(guideline(marker(), *_other()), "marker") is None
    assert levels(known, "study") is None


# --- estimates ------------------------------------------------------------------------------------


def estimated() -> Guideline:
    return guideline(
        *sources(),
        result(
            "or", "OddsRatio", "OR 0.37 (0.15–0.90)", value="0.37", low="0.15", high="0.90",
            arms=["mild"], reference_arm=Ref("severe"), interval_type="ConfidenceInterval95",
        ),
        result("bare", "OddsRatio", "18-fold", value="18"),
        result("more", "Proportion", ">80%", value="80", unit="%", comparator="GreaterThan"),
        result("counted", "Proportion", "15 of 21", count=15, sample_size=21, arms=["severe"]),
        result("men", "Proportion", "13 men", count=13, sample_size=23, arms=["severe"]),
        result("none", "Proportion", "some", unit="%"),
        result("mean", "Mean", "5 mg/L", value="5", unit="mg/L"),
        claim("ratios", "or", "bare"),
        claim("shares", "more", "counted", "men", "none", "mean"),
    )  # fmt: skip


def test_an_interval_is_drawn_only_where_one_is_printed() -> None:
    plots = estimates(estimated())
    assert set(plots) == {"ratios", "shares"}
    with_interval, without = plots["ratios"].marks
    assert (with_interval.low, with_interval.high) == (Decimal("0.15"), Decimal("0.90"))
    assert (without.low, without.high) == (None, None)
    root = drawn(plots["ratios"])
    assert parts(links(root)[0], "line", "estimate")
    assert not parts(links(root)[1], "line", "estimate")


def test_shares_stand_in_percent_where_they_are_printed_or_their_counts_place_them() -> None:
    shares = estimates(estimated())["shares"]
    held = {each.printed: each for each in shares.marks}
    assert set(held) == {">80%", "15 of 21", "13 men"}
    assert held["15 of 21"].value == Fraction(1500, 21)
    assert held[">80%"].value == 80
    assert {"0", "100"} <= set(ticks(drawn(shares)))


def test_a_number_printed_as_more_than_points_up() -> None:
    root = drawn(estimates(estimated())["shares"])
    (more,) = (e for e in links(root) if ">80%" in (e.get("aria-label") or ""))
    ((tip, back),) = tips(more, "side")
    assert square(more) < back < tip
    assert (more.get("aria-label") or "").endswith(">80% and above")


def test_a_row_says_whose_number_it_is_and_rows_of_one_group_are_told_apart() -> None:
    plots = estimates(estimated())
    assert plots["ratios"].marks[0].words == "Mild cases against Severe cases"
    words = [each.words for each in plots["shares"].marks]
    assert len(set(words)) == len(words)


def test_ratios_have_one_axis_with_no_difference_in_it() -> None:
    root = drawn(estimates(estimated())["ratios"])
    (line,) = parts(root, "line", "reference")
    low, high = (square(each) for each in links(root))
    assert low < number(line, "x1") < high


def test_no_kind_of_statistic_is_drawn_twice() -> None:
    types = [each for family in FAMILIES for each in family.types]
    assert len(types) == len(set(types))


# --- mechanism ------------------------------------------------------------------------------------


def step(cause: str, effect: str, does: str = "LeadsTo", *by: str) -> CausalStep:
    return make(
        CausalStep,
        f"{cause}-{effect}",
        cause=Ref(cause),
        effect=Ref(effect),
        causal_type=Code(does),
        asserted_by=tuple(map(Ref, by)),
    )


def caused(*steps: CausalStep) -> Guideline:
    names = {name for each in steps for name in (each.cause, each.effect)}
    return guideline(
        *(make(Concept, name, f"The {name}") for name in sorted(names - {"marker"})),
        marker(),
        claim("firm", assertion_certainty=Code("Asserted")),
        claim("hedged", assertion_certainty=Code("Hedged")),
        *steps,
    )


def test_every_step_is_an_arrow_and_only_firm_ones_are_unbroken() -> None:
    steps = (
        step("virus", "damage", "LeadsTo", "firm"),
        step("damage", "clots", "LeadsTo", "hedged"),
        step("damage", "marker", "Raises", "hedged", "firm"),
        step("clots", "death"),
    )
    shown = mechanism(caused(*steps))
    assert shown is not None
    arrows = {each.branch: (each.source, each.target, each.is_dashed) for each in shown.arrows}
    assert arrows == {
        "virus-damage": ("virus", "damage", False),
        "damage-clots": ("damage", "clots", True),
        "damage-marker": ("damage", "marker", False),
        "clots-death": ("clots", "death", True),
    }
    root = ET.fromstring(diagram.draw(shown))
    groups = [each for each in root.iter(tag("g")) if "arrow" in classes(each)]
    broken = {e.get("data-branch") for e in groups if "dashed" in classes(e)}
    assert broken == {"damage-clots", "clots-death"}
    assert {e.get("data-branch") for e in groups} == set(arrows)
    for each in groups:
        (line,) = each.findall(tag("path"))
        assert ("dashed" in classes(each)) == (line.get("stroke-dasharray") is not None)


def test_arrows_without_words_say_what_is_said_most_often() -> None:
    steps = (step("a", "b"), step("b", "c"), step("c", "d", "Raises"))
    shown = mechanism(caused(*steps))
    assert shown is not None
    assert [each.words for each in shown.arrows] == ["", "", "Raises"]
    assert "without words says “LeadsTo”" in shown.description
    for told in ("The a LeadsTo The b.", "The b LeadsTo The c.", "The c Raises The d."):
        assert told in shown.description


@pytest.mark.parametrize(
    "ends", [["ab", "ba"], ["aa"], ["ab", "bc", "ca", "cd"], ["ab", "ab"]], ids=" ".join
)
def test_circles_are_drawn_with_every_box_once(ends: list[str]) -> None:
    steps = [replace(step(*pair), id=f"s{place}") for place, pair in enumerate(ends)]
    shown = mechanism(caused(*steps))
    assert shown is not None
    order = [each.id for each in shown.in_reading_order]
    assert sorted(order) == sorted(set("".join(ends)))
    root = ET.fromstring(diagram.draw(shown))
    assert len(links(root)) == len(order)
    assert len([e for e in root.iter(tag("g")) if "arrow" in classes(e)]) == len(ends)


def test_causes_are_read_before_effects() -> None:
    shown = mechanism(caused(step("z", "y"), step("y", "x"), step("z", "x")))
    assert shown is not None
    assert [each.id for each in shown.in_reading_order] == ["z", "y", "x"]


def test_without_steps_there_is_no_mechanism() -> None:
    assert mechanism(guideline(marker())) is None


# --- bearing --------------------------------------------------------------------------------------


def relation(evidence: str, target: str, how: str) -> EvidenceRelation:
    return make(
        EvidenceRelation,
        f"{evidence}-{how}-{target}",
        evidence=Ref(evidence),
        target=Ref(target),
        relation_type=Code(how),
    )


def judged(*relations: EvidenceRelation) -> Guideline:
    return guideline(
        *sources(),
        claim("found", study=Ref("study")),
        claim("cited", citations=(Ref("cite"),)),
        claim("against"),
        claim("elsewhere"),
        make(Citation, "cite", citing=Ref("doc-b"), cited=Ref("doc-a")),
        make(Recommendation, "advice", "Treat"),
        make(Recommendation, "other", "Wait"),
        *relations,
    )


def test_evidence_leads_from_papers_through_studies_and_claims_to_the_advice() -> None:
    shown = bearing(
        judged(
            relation("found", "advice", "Supports"),
            relation("cited", "advice", "PartlySupports"),
            relation("elsewhere", "other", "Supports"),
        ),
        "advice",
    )
    assert shown is not None
    ways = {(each.source, each.target): each.words for each in shown.arrows}
    assert ways == {
        ("found", "advice"): "Supports",
        ("cited", "advice"): "PartlySupports",
        ("study", "found"): "",
        ("doc-b", "study"): "",
        ("doc-a", "cited"): "",
    }
    kinds = {each.id: each.kind for each in shown.boxes}
    assert kinds["study"] == "study" and kinds["doc-b"] == "document"
    read = [each.id for each in shown.in_reading_order]
    assert sorted(read) == sorted(kinds)
    assert all(read.index(source) < read.index(target) for source, target in ways)


@pytest.mark.parametrize(
    ("how", "is_dashed"),
    [
        ("Supports", False),
        ("PartlySupports", False),
        ("Disputes", True),
        ("Qualifies", True),
        ("Inconclusive", True),
    ],
)
def test_what_does_not_carry_the_advice_is_broken(how: str, is_dashed: bool) -> None:
    shown = bearing(judged(relation("found", "advice", how)), "advice")
    assert shown is not None
    (arrow,) = (each for each in shown.arrows if each.target == "advice")
    assert arrow.is_dashed is is_dashed


def test_what_disputes_a_claim_behind_the_advice_is_drawn() -> None:
    known = judged(
        relation("found", "advice", "Supports"),
        relation("against", "found", "Disputes"),
        relation("elsewhere", "found", "ComparableWith"),
    )
    shown = bearing(known, "advice")
    assert shown is not None
    (arrow,) = (each for each in shown.arrows if each.source == "against")
    assert (arrow.target, arrow.is_dashed) == ("found", True)
    assert "elsewhere" not in {each.id for each in shown.boxes}


def test_without_evidence_there_is_no_picture() -> None:
    assert bearing(judged(relation("found", "other", "Supports")), "advice") is None
    assert bearing(judged(relation("gone", "advice", "Supports")), "advice") is None


# --- everyone can read them, and nothing breaks them ----------------------------------------------


def test_the_description_says_everything_that_is_drawn() -> None:
    level = levels(measured(), "marker")
    assert level is not None
    for shown in (level, *estimates(estimated()).values()):
        for heading, found in shown.groups:
            assert heading in shown.description
            assert all(each.told in shown.description for each in found)
        for link, mark in zip(links(drawn(shown)), shown.marks, strict=True):
            assert mark.told in (link.get("aria-label") or "")
    around = bearing(
        judged(relation("found", "advice", "Disputes"), relation("cited", "advice", "Supports")),
        "advice",
    )
    assert around is not None
    for each in around.boxes:
        assert each.words in around.description
    for arrow in around.arrows:
        assert not arrow.words or arrow.words in around.description


@pytest.mark.parametrize("words", [*HOSTILE, "a\x00\x07b\x1b[31m", "two\u2028lines"])
def test_pictures_of_a_guideline_show_every_label_as_it_is(words: str) -> None:
    for known in (
        measured(),
        estimated(),
        judged(relation("found", "advice", "Supports")),
        caused(step("a", "b")),
    ):
        labelled = {name: replace(each, label=en(words)) for name, each in known.entities.items()}
        named = replace(known, entities=labelled)
        made = list(PicturesExporter().export(ExportInput(guideline=named, program=None)))  # type: ignore[arg-type]
        assert made
        for each in made:
            root = ET.fromstring(each.text)
            _is_harmless(root)
            everything = squeezed("".join(map(seen, links(root))))
            assert squeezed(printable(words)) in everything


def test_signs_that_nobody_sees_are_shown_as_such() -> None:
    assert printable("a\u202eb\x00c") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert printable("1\u00a0µg/L ≥ 10⁹ naïve") == "1 µg/L ≥ 10⁹ naïve"


def test_pictures_are_the_same_every_time_and_refer_to_nothing_outside() -> None:
    loaded = ExportInput(guideline=measured(), program=None)  # type: ignore[arg-type]
    made = list(PicturesExporter().export(loaded))
    names = ["pictures/levels-marker.svg", "pictures/limits-marker.svg"]
    assert [each.path for each in made] == names
    assert made == list(PicturesExporter().export(loaded))
    for each in made:
        assert each.text.count("http") == 1
        assert "url(" not in each.text


def test_very_wide_drawings_are_not_shrunk_until_nobody_can_read_them() -> None:
    def size(width: int) -> set[str]:
        svg = f'<svg xmlns="{SVG}" width="{width}" class="drawing"/>'
        return classes(ET.fromstring(linked(svg, lambda name: None)))

    assert [size(each) - {"drawing"} for each in (800, 1200, 2600)] == [set(), {"broad"}, {"vast"}]


# --- the shipped guideline ------------------------------------------------------------------------


def test_shipped_pictures_show_every_number_of_their_kinds(guideline: Guideline) -> None:
    plots = estimates(guideline)
    for family in FAMILIES:
        expected = [
            found.reported_text
            for each in guideline.all(EvidenceClaim)
            for name in each.results
            if (found := guideline.get(name, StatisticalResult))
            and found.statistic_type in family.types
            and (found.value is not None or found.low is not None or found.sample_size)
        ]
        assert [each.printed for each in plots[family.id].marks] == expected


def test_shipped_mechanism_has_an_arrow_for_every_step(guideline: Guideline) -> None:
    shown = mechanism(guideline)
    assert shown is not None
    root = ET.fromstring(diagram.draw(shown))
    drawn_steps = [
        each.get("data-branch") for each in root.iter(tag("g")) if "arrow" in classes(each)
    ]
    assert sorted(map(str, drawn_steps)) == sorted(each.id for each in guideline.all(CausalStep))


def test_shipped_levels_hold_every_limit_with_a_number(guideline: Guideline) -> None:
    shown = levels(guideline, "d-dimer")
    assert shown is not None
    found = {each.name for each in dict(shown.groups)["Limits"]}
    assert found == {
        each.id
        for each in guideline.all(Threshold)
        if each.observable == "d-dimer" and each.executable_quantity is not None
    }
    documents = {each.words.partition(":")[0] for each in shown.marks}
    assert {"OUD", "GUO", "MCG"} <= documents


def test_shipped_evidence_is_drawn_for_exactly_the_advice_that_has_some(
    guideline: Guideline,
) -> None:
    targets = {each.target for each in guideline.all(EvidenceRelation)}
    with_picture = {e.id for e in guideline.recommendations if bearing(guideline, e.id)}
    assert with_picture == {e.id for e in guideline.recommendations if e.id in targets}


def test_shipped_pictures_are_well_formed_and_their_links_lead_to_things(
    guideline: Guideline,
) -> None:
    made = PicturesExporter().export(ExportInput(guideline=guideline, program=None))  # type: ignore[arg-type]
    paths = set()
    for each in made:
        root = ET.fromstring(each.text)
        paths.add(each.path)
        assert description(root)
        for link in links(root):
            assert link.get("data-node") in guideline.entities
            assert link.get("aria-label")
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert re.fullmatch(r"pictures/[\w.-]+\.svg", each.path)
    assert {"pictures/mechanism.svg", "pictures/estimates-ratios.svg"} <= paths
