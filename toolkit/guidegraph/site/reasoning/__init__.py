"""What the scripts of "Try a patient" reason with: the decision logic, and all that it speaks of.

``assets/model.js`` sets two things. ``guidegraph.model`` is the JavaScript target, as a classic
script. ``guidegraph.described`` is what a reader is told (see ``described``) and what reasons rest
on: the same conditions as trees (``trees``), limits, passages and claims (``grounds``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidegraph.export import ExportInput
from guidegraph.export.javascript import classic
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.site.addresses import Addresses
from guidegraph.site.asset import Asset
from guidegraph.site.blocks import Page
from guidegraph.site.reasoning.described import described
from guidegraph.site.safe import data_block
from guidegraph.site.view import View

__all__ = ["described", "model_script", "reasoning"]

FILE = "model.js"


def reasoning(seen: View, pages: tuple[Page, ...]) -> Iterator[Asset]:
    """The model of a guideline that can decide about patients, if readers may try it."""
    program = seen.content.program
    if program and program.rules and seen.guideline.header.publishes_simulator:
        made = {page.path for page in pages}
        yield Asset(FILE, model_script(seen.guideline, program, seen.addresses, made))


def model_script(
    guideline: Guideline, program: Program, addresses: Addresses, made: set[str] | None = None
) -> str:
    """The script for a program; ``made`` are the pages there are (None: every page)."""
    found: dict[str, Any] = described(guideline, program, addresses, made)
    logic = classic(ExportInput(guideline=guideline, program=program), FILE)
    return f"{logic}\nguidegraph.described = {data_block(found)};\n"
