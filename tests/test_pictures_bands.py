"""Number lines and planes: what is drawn is where it is, ends are told apart, gaps are found."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegraph.pictures import bands, plane
from guidegraph.pictures.bands import Bar, NumberLine, axis, with_faults
from guidegraph.pictures.plane import Area, Axis, Plane
from guidegraph.pictures.stretches import Stretch, gaps, joined, overlaps, pieces
from guidegraph.pictures.svg import SVG
from guidegraph.regions import Between

LOW = Stretch(None, Fraction(1000), True, False)
MIDDLE = Stretch(Fraction(1000), Fraction(2000))
HIGH = Stretch(Fraction(2000), Fraction(3000), True, False)


def line(*bars: Bar, **given: object) -> NumberLine:
    return NumberLine("x", "T", "First marker", "ug/L", bars, **given)


def tag(name: str) -> str:
    return f"{{{SVG}}}{name}"


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def classes(root: ET.Element, name: str) -> list[str]:
    return [each.get("class") or "" for each in root.iter(tag(name))]


def shown(root: ET.Element) -> str:
    return " ".join("".join(each.itertext()) for each in root.iter(tag("text")))


# --- stretches ------------------------------------------------------------------------------------

ENDS = st.one_of(st.none(), st.integers(-6, 6).map(Fraction))


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    low, high = draw(ENDS), draw(ENDS)
    if low is not None and high is not None and low >= high:
        return Stretch(low, low)
    return Stretch(low, high, draw(st.booleans()), draw(st.booleans()))


def lies_in(number: Fraction, stretch: Stretch) -> bool:
    """Written out anew, on numbers and not on pieces."""
    if stretch.low is not None:
        if number < stretch.low:
            return False
        if number == stretch.low and not stretch.low_inclusive:
            return False
    if stretch.high is not None:
        if number > stretch.high:
            return False
        if number == stretch.high and not stretch.high_inclusive:
            return False
    return True


HALVES = [Fraction(each, 2) for each in range(-15, 16)]
"""On, between and beyond all ends."""


@given(st.lists(st.lists(stretches(), max_size=3), max_size=4), stretches())
def test_gaps_and_overlaps_are_what_counting_says(
    held: list[list[Stretch]], within: Stretch
) -> None:
    found, doubled = gaps(held, within), overlaps(held, within)
    for number in HALVES:
        count = sum(any(lies_in(number, each) for each in band) for band in held)
        inside = lies_in(number, within)
        assert any(lies_in(number, each) for each in found) == (inside and count == 0), number
        assert any(lies_in(number, each) for each in doubled) == (inside and count > 1), number


@given(st.sets(st.integers(-6, 6).map(Fraction)))
def test_pieces_cover_the_line_once_and_join_to_all_of_it(cuts: set[Fraction]) -> None:
    found = pieces(cuts)
    for number in HALVES:
        assert sum(lies_in(number, each) for each in found) == 1
    (whole,) = joined(found)
    assert (whole.low, whole.high) == (None, None)


def test_pieces_that_only_neighbour_a_missing_point_stay_apart() -> None:
    below, _, above = pieces([Fraction(5)])
    assert joined([below, above]) == (below, above)


@pytest.mark.parametrize(
    ("stretch", "words"),
    [
        (LOW, "below 1,000 µg/L"),
        (MIDDLE, "from 1,000 to 2,000 µg/L"),
        (HIGH, "from 2,000 to below 3,000 µg/L"),
        (Stretch(Fraction(2000), Fraction(2000)), "exactly 2,000 µg/L"),
        (Stretch(Fraction(3000), None, False), "above 3,000 µg/L"),
        (Stretch(Fraction(3000), None), "at least 3,000 µg/L"),
        (Stretch(None, Fraction(1, 2)), "at most 0.5 µg/L"),
        (Stretch(), "any value"),
    ],
)
def test_a_stretch_in_words(stretch: Stretch, words: str) -> None:
    assert stretch.told("ug/L") == words


def test_the_side_of_a_region_is_a_stretch() -> None:
    side = Between((), Fraction(1), None, low_inclusive=False)
    assert Stretch.of(side) == Stretch(Fraction(1), None, False, True)


# --- number lines ---------------------------------------------------------------------------------


def test_a_gap_and_an_overlap_get_rows_of_their_own() -> None:
    rows = with_faults([Bar("low", (LOW,)), Bar("middle", (MIDDLE,)), Bar("high", (HIGH,))])
    told = [(bar.kind, bar.told("ug/L")) for bar in rows[3:]]
    assert told == [
        ("gap", "No band: at least 3,000 µg/L"),
        ("overlap", "More than one band: exactly 2,000 µg/L"),
    ]


def test_bands_without_fault_get_no_row() -> None:
    above = Stretch(Fraction(1000), None)
    assert len(with_faults([Bar("low", (LOW,)), Bar("high", (above,))])) == 2


def test_what_lies_outside_the_domain_is_no_gap() -> None:
    within = Stretch(Fraction(0), Fraction(1000), True, False)
    assert len(with_faults([Bar("low", (LOW,))], within)) == 1


def test_ends_that_belong_to_a_bar_are_full_and_others_hollow() -> None:
    root = drawn(bands.draw(line(Bar("high", (HIGH,)))))
    assert classes(root, "circle") == ["cap closed band", "cap open band"]
    full, hollow = root.iter(tag("circle"))
    assert full.get("fill") == full.get("stroke")
    assert hollow.get("fill") == "#ffffff"
    assert float(full.get("cx") or 0) < float(hollow.get("cx") or 0)


def test_a_single_number_is_one_full_mark_without_a_bar() -> None:
    point = Stretch(Fraction(2000), Fraction(2000))
    root = drawn(bands.draw(line(Bar("both", (point,), "overlap"))))
    assert classes(root, "circle") == ["cap closed overlap"]
    assert not [each for each in classes(root, "rect") if "area" in each]


def test_what_has_no_end_ends_in_an_arrow() -> None:
    root = drawn(bands.draw(line(Bar("low", (LOW,)), Bar("all", (Stretch(),)))))
    assert classes(root, "polygon") == ["endless band"] * 3


def test_gaps_and_overlaps_have_a_pattern_and_bands_have_none() -> None:
    rows = with_faults([Bar("low", (LOW,)), Bar("high", (HIGH,)), Bar("again", (HIGH,))])
    root = drawn(bands.draw(line(*rows)))
    patterns = {each.get("id") for each in root.iter(tag("pattern"))}
    assert patterns == {"line-x-gap", "line-x-overlap"}
    fills = {each.get("fill") for each in root.iter(tag("rect")) if "area" in str(each.attrib)}
    assert {"url(#line-x-gap)", "url(#line-x-overlap)"} < fills
    lines = [each.get("d") for each in root.iter(tag("path"))]
    assert len(set(lines)) == 2  # told apart without colours


def test_everything_drawn_is_said_in_words() -> None:
    rows = with_faults([Bar("Low: nothing more", (LOW,)), Bar("High", (HIGH,))])
    root = drawn(bands.draw(line(*rows)))
    (title,) = root.findall(tag("title"))
    (description,) = root.findall(tag("desc"))
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    for bar in rows:
        assert bar.told("ug/L") in (description.text or "")
        assert bar.told("ug/L") in shown(root)
    assert "First marker, µg/L" in shown(root)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6, unique=True))
def test_every_cut_point_has_room_on_both_sides(numbers: list[int]) -> None:
    points = sorted(map(Fraction, numbers))
    along = axis(points, 100, 400)
    places = [along.at(each) for each in points]
    assert all(one < other for one, other in pairwise(places)) or along.is_logarithmic
    assert places == sorted(places)
    assert places[-1] < 500
    if points[0] != 0:
        assert places[0] > 100


def test_cut_points_without_a_bar_are_marked_too() -> None:
    root = drawn(bands.draw(line(Bar("low", (LOW,)), cuts=(Fraction(1500),))))
    assert "1,500" in shown(root)


def test_hostile_words_stay_words() -> None:
    svg = bands.draw(line(Bar("<script>\u202e&", (LOW,))))
    assert "<script>" not in svg
    assert "\u202e" not in svg


# --- planes ---------------------------------------------------------------------------------------


def both(*areas: Area) -> ET.Element:
    first, later = Axis("First marker", "ug/L"), Axis("Highest marker", "ug/L")
    return drawn(plane.draw(Plane("p", "T", first, later, areas)))


def test_edges_of_a_box_are_full_or_broken_and_missing_where_it_is_open() -> None:
    root = both(Area(LOW, Stretch(Fraction(3000), Fraction(4000), False, True)))
    edges = [each for each in root.iter(tag("line")) if "edge" in (each.get("class") or "")]
    told = sorted((each.get("class"), bool(each.get("stroke-dasharray"))) for each in edges)
    assert told == [("edge closed found", False), *[("edge open found", True)] * 2]


def test_a_box_stands_where_its_numbers_stand() -> None:
    root = both(Area(MIDDLE, MIDDLE), Area(HIGH, HIGH))
    one, other = (each for each in root.iter(tag("rect")) if "area" in (each.get("class") or ""))
    right = float(one.get("x") or 0) + float(one.get("width") or 0)
    assert right == pytest.approx(float(other.get("x") or 0), abs=0.2)
    bottom = float(other.get("y") or 0) + float(other.get("height") or 0)
    assert bottom == pytest.approx(float(one.get("y") or 0), abs=0.2)


def test_a_point_is_one_mark() -> None:
    point = Stretch(Fraction(2000), Fraction(2000))
    assert classes(both(Area(point, point)), "circle") == ["cap closed found"]


def test_a_box_that_is_a_line_has_its_ends_marked() -> None:
    point = Stretch(Fraction(2000), Fraction(2000))
    assert classes(both(Area(point, HIGH)), "circle") == ["cap closed found", "cap open found"]


def test_a_plane_is_said_in_words() -> None:
    root = both(Area(MIDDLE, LOW), Area(HIGH, Stretch()))
    (description,) = root.findall(tag("desc"))
    assert description.text == (
        "A plane of First marker and Highest marker. Marked: First marker from 1,000 to 2,000 "
        "µg/L and Highest marker below 1,000 µg/L; or First marker from 2,000 to below 3,000 µg/L "
        "and Highest marker any value."
    )
