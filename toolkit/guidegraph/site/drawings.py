"""Drawings on their pages: each box leads to the place of its node on this site."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
BROAD = 1000
"""From this width on (in pixels) a drawing is scrolled on small screens, not shrunk further."""
VAST = 1800
"""From this width on it is never shrunk: its words would be too small to read."""


def linked(svg: str, way_to: Callable[[str], str | None]) -> str:
    """The drawing with its links set anew; ``way_to`` gives the way to a node from the page.

    A box is an ``a`` that names its node in ``data-node``. One whose node has no place on the site
    is left without a link.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314  (drawn by our own exporter)
    for box in root.iter(f"{{{SVG}}}a"):
        way = way_to(box.get("data-node", ""))
        if way is None:
            box.attrib.pop("href", None)
        else:
            box.set("href", way)
    width = float(root.get("width", "0"))
    if width > BROAD:
        size = "vast" if width > VAST else "broad"
        root.set("class", f"{root.get('class', '')} {size}".strip())
    return ET.tostring(root, encoding="unicode")
