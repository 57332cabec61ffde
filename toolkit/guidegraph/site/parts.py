"""What runs in the reader's browser: each part with its scripts and style sheets.

Scripts are classic ones (no modules), so that they also run from a file system, and share one
object, ``guidegraph``. They only ever add to a page: without them everything can be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the site that needs scripts. Files lie in ``assets/``, in the order they need.

    ``compiles`` says that it compiles WebAssembly, which the policy of its pages must allow.
    """

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    compiles: bool = False


REASONING = Part(
    scripts=(
        "model.js",
        *(
            f"reasoning/{name}.js"
            for name in ("exact", "words", "units", "documents", "amounts", "times", "facts")
        ),
        "patient.js",
        *(
            f"reasoning/{name}.js"
            for name in ("samples", "kernel", "cuts", "asking", "working", "reasons", "changes")
        ),
        "reason.js",
    )
)
"""Decides about a patient and says why: the model, the reader of patients, and the reasoning."""

DRAWING = Part(scripts=("drawing.js",), styles=("drawing.css",))
"""Drawings that are seen nearer or from afar, and whose steps and words point to each other."""

PATH = Part(scripts=("fragment.js", "path.js", "pathway.js"))
"""The way of the patient in the address through a flowchart."""

SEARCH = Part(scripts=("search.js",), styles=("search.css",))
"""The field that finds every page and thing; what it needs is loaded when it is used."""

SEARCH_PAGE = Part(scripts=("search-page.js",))
"""The page with all results."""

TABLES = Part(scripts=("table-values.js", "tables.js"), styles=("tables.css",))
"""Tables that can be sorted and filtered."""

PAPER = Part(scripts=("paper.js",))
"""What is folded away or filtered out is there on paper."""

SIMULATOR = Part(
    scripts=(
        "fragment.js",
        *(
            f"simulator/{name}.js"
            for name in ("words", "times", "fields", "series", "form", "reasons", "answer", "cases")
        ),
        "simulator.js",
    ),
    styles=("simulator.css",),
)
"""The page on which a patient can be tried: its form, its answers, and what can be taken away."""

AGE = Part(scripts=("age.js",), styles=("age.css",))
"""How old the evidence is, and whether the review is past due, by the reader's own clock."""

LANGUAGE = Part(scripts=("language.js",), styles=("language.css",))
"""The words of the guideline in the language that a reader chose."""

EVERYWHERE: tuple[Part, ...] = (AGE, LANGUAGE, SEARCH, TABLES, PAPER)
"""On every page, handwritten ones too."""

OF_PATIENTS: tuple[Part, ...] = (PATH, REASONING, SIMULATOR)
"""What only a site has on which readers may try a patient."""


def spare(used: Iterable[Part]) -> set[str]:
    """The files of ``OF_PATIENTS`` that belong to no part in use."""
    there = tuple(used)
    files = {*scripts(OF_PATIENTS), *styles(OF_PATIENTS)}
    return files - {*scripts(there), *styles(there)}


def scripts(parts: Iterable[Part]) -> list[str]:
    """The scripts of some parts, each once."""
    return list(dict.fromkeys(name for each in parts for name in each.scripts))


def styles(parts: Iterable[Part]) -> list[str]:
    """The style sheets of some parts, each once."""
    return list(dict.fromkeys(name for each in parts for name in each.styles))
