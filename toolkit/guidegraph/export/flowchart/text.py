"""A flowchart as text for other programs: Mermaid and DOT."""

from __future__ import annotations

import json
import textwrap

from guidegraph.pictures.diagram import Diagram

LINE = 26
SHAPES = {
    "start": ('(["', '"])'),
    "decision": ('{{"', '"}}'),
    "action": ('["', '"]'),
    "end": ('(["', '"])'),
}
CLASSES = {"start": "begin", "decision": "decision", "action": "action", "end": "finish"}
"""Mermaid's own word ``end`` may not be a class."""
DOT_SHAPES = {
    "start": 'shape=box style="rounded,filled" fillcolor="#e3f0f1"',
    "decision": 'shape=hexagon style=filled fillcolor="#fdf3d8"',
    "action": 'shape=box style=filled fillcolor="#ffffff"',
    "end": 'shape=box style="rounded,filled" fillcolor="#eef0f2"',
}
_ENTITIES = {each: f"#{ord(each)};" for each in '#"<>&`[]{}()|\\*_~$'}


def mermaid(chart: Diagram) -> str:
    """A Mermaid flowchart; every character with a meaning of its own is written by its number."""
    number = {box.id: f"n{place}" for place, box in enumerate(chart.boxes, start=1)}
    lines = [
        "---",
        f"title: {json.dumps(chart.title, ensure_ascii=False)}",
        "---",
        "flowchart TB",
        f"  accTitle: {_plain(chart.title)}",
        f"  accDescr: {_plain(chart.description)}",
    ]
    for box in chart.boxes:
        opening, closing = SHAPES[box.kind]
        words = "<br>".join(map(_mermaid, textwrap.wrap(box.words, LINE)))
        lines.append(f"  {number[box.id]}{opening}{words}{closing}:::{CLASSES[box.kind]}")
    for arrow in chart.arrows:
        line = "-.->" if arrow.is_dashed else "-->"
        words = f'|"{_mermaid(arrow.words)}"|' if arrow.words else ""
        lines.append(f"  {number[arrow.source]} {line}{words} {number[arrow.target]}")
    lines += [f'  click {number[box.id]} href "{box.href}"' for box in chart.boxes]
    lines += [
        "  classDef begin fill:#e3f0f1,stroke:#0e5a64,color:#1b2328",
        "  classDef decision fill:#fdf3d8,stroke:#8a5a00,color:#1b2328",
        "  classDef action fill:#ffffff,stroke:#0e5a64,color:#1b2328",
        "  classDef finish fill:#eef0f2,stroke:#4a5760,color:#1b2328",
    ]
    return "\n".join(lines) + "\n"


def dot(chart: Diagram) -> str:
    """A DOT digraph with the ids of the guideline; all text is quoted, so none is HTML."""
    lines = [
        f"digraph {_dot(chart.id)} {{",
        f"  graph [label={_dot(chart.title)} labelloc=t rankdir=TB ordering=out fontname=sans]",
        "  node [fontname=sans]",
        "  edge [fontname=sans]",
    ]
    for box in chart.boxes:
        label = _dot("\n".join(textwrap.wrap(box.words, LINE)))
        lines.append(
            f"  {_dot(box.id)} [label={label} {DOT_SHAPES[box.kind]} URL={_dot(box.href)}]"
        )
    for arrow in chart.arrows:
        dashed = " style=dashed" if arrow.is_dashed else ""
        ends = f"{_dot(arrow.source)} -> {_dot(arrow.target)}"
        lines.append(f"  {ends} [label={_dot(arrow.words)}{dashed}]")
    return "\n".join([*lines, "}"]) + "\n"


def _mermaid(text: str) -> str:
    return "".join(_ENTITIES.get(each, each) for each in text)


def _plain(text: str) -> str:
    """Text that ends with its line and holds nothing Mermaid would read."""
    return "".join("," if each in "#;{}" else each for each in text)


def _dot(text: str) -> str:
    """A quoted DOT string; Graphviz reads backslashes and entities even there."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return '"' + escaped.replace("\n", "\\n") + '"'
