"""Asking the graph in the browser: a query where it is described, or one of the reader's own."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import pairwise

from guidegraph.query.engine import short
from guidegraph.query.named import OTHER, NamedQuery
from guidegraph.query.overview import Kind, kinds
from guidegraph.site import engine
from guidegraph.site.asking import ASKING, SECONDS, SHOWN, Asked
from guidegraph.site.blocks import (
    Block,
    Line,
    Listing,
    Page,
    Panel,
    Prose,
    Row,
    Section,
    Span,
    Table,
    sections,
    words,
)
from guidegraph.site.chapters import QUERIES
from guidegraph.site.figures import size
from guidegraph.site.parts import Part
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View
from guidegraph.terms import NAMESPACES
from guidegraph.wording import readable

PATH = "queries/editor.html"
TITLE = "Ask the graph"
PANEL = "asking"
LEAD = (
    "Write a query of your own, or begin with one of those that have a name. It is answered here, "
    "in your browser, from the graph of this guideline; nothing is sent anywhere."
)
AFTER = "What comes out describes the guideline; it decides nothing about a patient."


def parts(found: Asked | None) -> tuple[Part, ...]:
    """What runs on a page on which the graph can be asked."""
    return (ASKING,) if found and found.engine else ()


def run_it(found: Asked | None, query: NamedQuery) -> Section | None:
    """A query where it is described: with other values, or changed."""
    if found is None:
        return None
    data: dict[str, object] = {"queries": [_told(query)], "menu": False}
    return Section("Run it yourself", (_panel(found, data),), anchor="run", note=AFTER)


def _panel(found: Asked, data: dict[str, object]) -> Block:
    """The form and the editor; in words, why they are not there."""
    if found.engine is None:
        return Prose((_absent(),))
    line = (
        "With other values or other words, in your browser: nothing is sent anywhere. "
        f"The first run fetches the engine and the graph from this site ({size(found.weight)}). "
        "It needs scripts."
    )
    told = {**data, "seconds": SECONDS, "shown": SHOWN}
    return Panel(PANEL, (words(line),), told)


def _absent() -> Line:
    return (
        Span(f"{engine.MISSING} The answers that stand here were made beforehand, and "),
        Span("guidegraph query", style="code"),
        Span(" asks on the command line. To have the engine on these pages, run "),
        Span(engine.HOW, style="code"),
        Span(" and build them again."),
    )


def page(seen: View, found: Asked, queries: Sequence[NamedQuery]) -> Page:
    """The page for queries of one's own."""
    held = kinds(found.graph, NAMESPACES["gg"])
    shown = found.graph.prefixes
    by_topic = sorted(queries, key=lambda each: (not each.topic, each.topic, each.name))
    data: dict[str, object] = {
        "queries": [_told(each) for each in by_topic],
        "menu": True,
        "names": _names(held, shown),
    }
    return Page(
        path=PATH,
        index=QUERIES.index,
        title=TITLE,
        eyebrow=(Span("Queries", to=QUERIES.index),),
        lead=words(LEAD),
        sections=sections(
            Section("Query", (_panel(found, data),), anchor="run", note=AFTER),
            Section("What there is", (_kinds(held, shown),), anchor="kinds", note=KINDS_NOTE),
            Section(
                "Prefixes",
                (
                    Listing(
                        "\n".join(f"PREFIX {n}: <{iri}>" for n, iri in shown.items()), "Prefixes"
                    ),
                ),
                anchor="prefixes",
                note="They need no declaration; another tool needs these lines.",
            ),
        ),
        structured=guideline_data(seen),
        style="wide",
        parts=parts(found),
    )


KINDS_NOTE = (
    "How many things of each kind the graph holds, and what is said of them, most often first. "
    "A thing is of its own kind only: ask for broader kinds by rdf:type/rdfs:subClassOf*."
)


def _kinds(held: Sequence[Kind], prefixes: dict[str, str]) -> Table:
    """The kinds of things with their properties."""
    rows = tuple(
        Row(
            (
                (Span(short(each.iri, prefixes), style="code"), Span(f" {each.label}")),
                words(readable(each.count), style="figure"),
                words(", ".join(short(one.iri, prefixes) for one in each.properties), style="code"),
            )
        )
        for each in held
    )
    return Table("Kinds of things", ("Kind", "Things", "What is said of them"), rows, "kinds")


def _names(held: Sequence[Kind], prefixes: dict[str, str]) -> list[tuple[str, list[str]]]:
    """Names to choose from: classes, properties and prefixes."""
    properties = {one.iri for each in held for one in each.properties}
    return [
        ("Kinds", sorted(short(each.iri, prefixes) for each in held)),
        ("Properties", sorted(short(each, prefixes) for each in properties)),
        ("Prefixes", [f"{each}:" for each in prefixes]),
    ]


def _told(query: NamedQuery) -> dict[str, object]:
    """A query for the form: its text, and its parameters with the values of its example."""
    example = _example(query)
    return {
        "name": query.name,
        "title": query.title,
        "topic": query.topic or OTHER,
        "text": query.text.strip() + "\n",
        "parameters": [
            {
                "name": each.name,
                "type": each.type,
                "default": each.default,
                "description": each.description,
                "example": example.get(each.name),
            }
            for each in query.parameters
        ],
    }


def _example(query: NamedQuery) -> dict[str, str]:
    """The values in the command that a query gives as its example."""
    try:
        typed = shlex.split(query.example or "")
    except ValueError:
        return {}
    given = (after for before, after in pairwise(typed) if before == "--param")
    return {name: value for name, mark, value in (each.partition("=") for each in given) if mark}
