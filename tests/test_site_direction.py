"""The site in languages that are written from right to left, and for eyes that need contrast."""

from __future__ import annotations

import re

import pytest

from guidegraph.site import safe
from guidegraph.site.blocks import Page, Prose, Section, Span
from guidegraph.site.build import THEME
from guidegraph.site.render import Renderer

ASSETS = THEME / "assets"
STYLES = ("site.css", "search.css", "tables.css")
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|text-align: (?:left|right)|[;{ ](?:left|right):"
)


@pytest.mark.parametrize("name", STYLES)
def test_styles_speak_of_beginning_and_end_not_of_left_and_right(name: str) -> None:
    style = (ASSETS / name).read_text("utf-8")
    paper = re.sub(r"@bottom-(?:left|right) \{.*?\}", "", style)  # the corners of a sheet
    assert PHYSICAL.findall(paper) == []


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("D-dimer", False),
        ("Größe µg/L ≥ 2.000", False),
        ("סמן דם", True),
        ("marker علامة", True),
        ("D-二聚体", False),
    ],
)
def test_words_from_right_to_left_are_set_apart(words: str, turned: bool) -> None:
    assert safe.turns(words) is turned
    page = Page(path="x.html", title="X", index="x.html", sections=(Section("", (_prose(words),)),))
    assert (f"<bdi>{words}</bdi>" in Renderer().markdown(page)) is turned


def _prose(words: str) -> Prose:
    return Prose(((Span("before "), Span(words), Span(" after")),))


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def light(colour: str) -> float:
    """How light a colour is, as the guidelines for accessible content reckon it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_every_ground_in_both_modes(dark: bool) -> None:
    style = (ASSETS / "site.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    found = colours(blocks[1 if dark else 0])
    assert len(found) >= 14
    for ink in ("ink", "soft", "accent"):
        for ground in ("paper", "wash", "note-wash", "accent-wash"):
            assert contrast(found[ink], found[ground]) >= 4.5, (ink, ground)
    for each in ("accent", "note", "bad", "good", "plum"):
        assert contrast(found[each], found[f"{each}-wash"]) >= 4.5, each
        assert contrast(found[each], found["paper"]) >= 4.5, each


def test_motion_hidden_rows_and_forced_colours_are_provided_for() -> None:
    style = (ASSETS / "site.css").read_text("utf-8")
    assert "[hidden] { display: none !important; }" in style
    assert "@media (forced-colors: active)" in style
    moving = re.split(r"@media \(prefers-reduced-motion: no-preference\) \{", style)
    assert len(moving) == 2
    assert "transition" not in moving[0]
    for name in STYLES[1:]:
        assert not re.search(r"transition|animation", (ASSETS / name).read_text("utf-8"))
