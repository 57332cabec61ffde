"""What every drawing shares: SVG elements, text measured by its letters, colours.

All sizes are computed from the letters, so that neither the fonts of a machine nor those of a
reader move anything. Every text is a text; colours are attributes, so that a style sheet may change
them by class.
"""

from __future__ import annotations

import textwrap
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SIZE = 13.5
LEADING = 17
LABEL_SIZE = 12
LABEL_LEADING = 15
MARGIN = 14
INK, SOFT, PAPER, LINE, ACCENT, NOTE, BAD = (
    "#1b2328", "#3f4b53", "#ffffff", "#c9d1d6", "#0e5a64", "#8a5a00", "#9a2a1f",
)  # fmt: skip
NARROW, WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMWµ—@%")
Point = tuple[float, float]


def sheet(name: str, title: str, description: str, width: float, height: float) -> ET.Element:
    """An empty drawing with its title and the description read in place of looking at it."""
    ET.register_namespace("", SVG)
    root = ET.Element(
        f"{{{SVG}}}svg",
        {
            "viewBox": f"0 0 {n(width)} {n(height)}",
            "width": n(width),
            "height": n(height),
            "role": "group",
            "class": "drawing",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-description",
            "font-family": FONT,
        },
    )
    element(root, "title", id=f"{name}-title").text = title
    element(root, "desc", id=f"{name}-description").text = description
    paper = {"width": n(width), "height": n(height), "fill": PAPER}
    element(root, "rect", **{"class": "sheet"}, **paper)
    return root


def written(root: ET.Element) -> str:
    """The drawing as text, one element on a line; signs that nobody sees are shown as such."""
    for each in root.iter():
        each.text = printable(each.text or "") or None
        each.attrib.update({name: printable(value) for name, value in each.attrib.items()})
    ET.indent(root)
    for line in root.iter(f"{{{SVG}}}tspan"):
        line.tail = None  # a space at the end of a line would move it from its centre
    for text in root.iter(f"{{{SVG}}}text"):
        if len(text):
            text.text = None
    return ET.tostring(root, encoding="unicode") + "\n"


def printable(text: str) -> str:
    """Text without control and direction signs: XML holds no control signs, labels need none."""
    if text.isprintable():
        return text
    spaced = (" " if each.isspace() else each for each in text)
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in spaced)


def element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    """A new element below another."""
    return ET.SubElement(parent, f"{{{SVG}}}{tag}", attributes)


def lines_of_text(
    parent: ET.Element,
    lines: Sequence[str],
    centre: Point,
    size: float,
    leading: float,
    colour: str,
    weight: str = "400",
) -> None:
    """Lines of text around a centre."""
    text = element(
        parent,
        "text",
        fill=colour,
        **{"text-anchor": "middle", "font-size": n(size), "font-weight": weight},
    )
    top = centre[1] - (len(lines) - 1) * leading / 2 + size * 0.35
    for number, line in enumerate(lines):
        if number:  # keeps words apart for those who do not see lines; it takes no room
            element(text, "tspan", **{"font-size": "0"}).text = " "
        span = element(text, "tspan", x=n(centre[0]), y=n(top + number * leading))
        span.text = line


def label(
    parent: ET.Element,
    words: str,
    at: Point,
    *,
    anchor: str = "start",
    size: float = LABEL_SIZE,
    colour: str = INK,
    weight: str = "400",
) -> ET.Element:
    """One line of text; ``at`` is where its base line begins, is centred or ends."""
    made = element(
        parent,
        "text",
        x=n(at[0]),
        y=n(at[1]),
        fill=colour,
        **{"text-anchor": anchor, "font-size": n(size), "font-weight": weight},
    )
    made.text = words
    return made


@lru_cache(maxsize=4_096)
def wrapped(words: str, letters: int) -> tuple[str, ...]:
    """Words in as few lines as fit, of about equal length; only a very long word is broken."""
    lines = textwrap.wrap(words, letters) or [""]
    widths = range(max(map(len, words.split()), default=letters), letters)
    # Wider lines are never more: the narrowest that are as few are found by halving.
    place = bisect_left(widths, -len(lines), key=lambda each: -len(textwrap.wrap(words, each)))
    return tuple(textwrap.wrap(words, widths[place]) if place < len(widths) else lines)


def text_width(text: str, size: float = SIZE) -> float:
    """A generous estimate of a text's width in a common sans-serif."""
    ems = (0.36 if each in NARROW else 0.95 if each in WIDE else 0.6 for each in text)
    capitals = sum(0.1 for each in text if each.isupper())
    return (sum(ems) + capitals) * size


def xy(point: Point) -> str:
    """A point as SVG writes it."""
    return f"{n(point[0])},{n(point[1])}"


def n(number: float) -> str:
    """A number with at most one decimal place."""
    return f"{round(number, 1) + 0:.1f}".removesuffix(".0")


def token(name: str) -> str:
    """A name as part of an id."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name)
