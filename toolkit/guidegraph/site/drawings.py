"""Drawings on their pages: each box leads to the place of its node on this site."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from xml.etree import ElementTree as ET

from guidegraph.site.safe import slug

SVG = "http://www.w3.org/2000/svg"
BROAD = 1000
"""From this width on (in pixels) a drawing is scrolled on small screens, not shrunk further."""
VAST = 1800
"""From this width on it is never shrunk: its words would be too small to read."""
LYING = 1.15
"""From this ratio of width to height on, a large drawing is printed on a page that lies."""


def drawn_at(name: str) -> str:
    """The id of a node's box in a drawing whose node has its place on the same page.

    No place has such an id: ``safe.slug`` never writes ``_x-``.
    """
    return f"drawn_x-{slug(name)}"


def linked(svg: str, way_to: Callable[[str], str | None]) -> str:
    """The drawing with its links set anew; ``way_to`` gives the way to a node from the page.

    A box is an ``a`` that names its node in ``data-node``. One whose node has no place on the site
    is left without a link. Boxes and branches with a place on the page itself name it in
    ``data-place``.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314  (drawn by our own exporter)
    for box in root.iter(f"{{{SVG}}}a"):
        name = box.get("data-node", "")
        way = way_to(name)
        if way is None:
            box.attrib.pop("href", None)
            continue
        box.set("href", way)
        if way.startswith("#"):
            box.set("id", drawn_at(name))
            box.set("data-place", way[1:])
    for arrow in root.iter(f"{{{SVG}}}g"):
        branch = arrow.get("data-branch", "")
        way = way_to(branch) if branch else None
        if way and way.startswith("#"):
            arrow.set("data-place", way[1:])
    width = float(root.get("width", "0"))
    if width > BROAD:
        size = "vast" if width > VAST else "broad"
        root.set("class", f"{root.get('class', '')} {size}".strip())
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=16)
def nodes_in(svg: str) -> frozenset[str]:
    """The nodes that have a box in a drawing."""
    root = ET.fromstring(svg)  # noqa: S314  (drawn by our own exporter)
    return frozenset(box.get("data-node", "") for box in root.iter(f"{{{SVG}}}a"))


def zooms(svg: str) -> bool:
    """Whether a drawing is to be seen nearer and from afar: boxes and arrows, or a broad one."""
    root = ET.fromstring(svg)  # noqa: S314  (drawn by our own exporter)
    has_arrows = any(each.get("class") == "arrows" for each in root.iter(f"{{{SVG}}}g"))
    return has_arrows or float(root.get("width", "0")) > BROAD


def lies(svg: str) -> bool:
    """Whether a drawing is so much wider than high that it is printed on a page that lies."""
    root = ET.fromstring(svg)  # noqa: S314  (drawn by our own exporter)
    width, height = (float(root.get(each, "0")) for each in ("width", "height"))
    return width > BROAD and width > height * LYING
