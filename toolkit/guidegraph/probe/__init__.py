"""Patients at every boundary of a program: what differential and mutation tests run on.

A seed stands for one endless sequence of patients in wire form. First come those built so that one
limit, code, answer or window end decides a rule; then mixtures of them at random.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidegraph.probe.layout import Layout
from guidegraph.probe.stream import Probe, WirePatient
from guidegraph.program import Program

__all__ = ["Layout", "Probe", "WirePatient", "marks", "patients"]


def patients(program: Program, seed: int, count: int) -> Iterator[WirePatient]:
    """The first patients of a seed: ``{"facts": {...}, "settings": {...}}`` in wire form.

    All values are plausible and all settings permitted, as they are after normalisation.
    """
    return Probe(program, seed).patients(0, count)


def marks(program: Program) -> Mapping[str, tuple[int, ...]]:
    """The whole numbers at which a comparison changes, by input and setting; minutes by ``now``."""
    return Layout(program).marks
