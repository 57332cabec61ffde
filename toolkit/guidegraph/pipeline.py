"""The sentence the toolkit speaks: read, check, lift, check, prove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rdflib.term import Node

from guidegraph.check import check_graph, check_model, check_retractions, prove
from guidegraph.check.shapes import Validated
from guidegraph.check.validation import validated
from guidegraph.diagnostic import Diagnostic, has_errors, in_order
from guidegraph.entity import Entity
from guidegraph.lift import lift
from guidegraph.model import Guideline
from guidegraph.overlay import apply
from guidegraph.read import Recover, Sources, read
from guidegraph.read.recovery import recover


@dataclass(frozen=True, slots=True)
class Loaded:
    """A guideline folder after reading: the typed guideline (if there is one) and the findings."""

    sources: Sources
    guideline: Guideline | None
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How one file is read, the shapes are applied and things are lifted; all come to the same.

    ``drafted`` are files of the folder as they would be saved.
    """

    recover: Recover = recover
    validated: Validated = validated
    known: Callable[[Sources], Mapping[Node, Entity]] = lambda sources: {}
    drafted: Mapping[Path, bytes] = field(default_factory=dict)


def load(
    folder: Path,
    progress: Callable[[str], None] = lambda label: None,
    retractions: Path | None = None,
    overlay: Path | None = None,
    ways: Ways | None = None,
) -> Loaded:
    """Read, check and lift a guideline folder; nothing is raised for faults in content.

    ``retractions`` is a list of publications that were retracted or corrected, ``overlay`` the
    folder of a local adaptation; the guideline is then the adapted one. ``ways`` are those
    of who has done some of it before.
    """
    ways = ways or Ways()
    progress("Reading")
    sources = read(folder, overlay, ways.recover, ways.drafted)
    progress("Checking shapes")
    findings = [*sources.findings, *check_graph(sources, ways.validated)]
    progress("Checking the model")
    guideline, unfit = lift(sources, ways.known(sources))
    findings += _unheard(unfit, findings)
    if guideline is not None and overlay is not None:
        guideline, told = apply(guideline)
        findings += told
    if guideline is not None:
        findings += check_model(guideline)
        if not has_errors(findings):
            progress("Proving")
            findings += prove(guideline)
    if retractions is not None:
        findings += check_retractions(guideline, retractions)
    return Loaded(sources, guideline, in_order(findings))


def _unheard(unfit: Iterable[Diagnostic], findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What lifting adds: one fault is told once, and what could not be read is not "missing"."""
    told = {each.subject for each in findings}
    unread = has_errors(each for each in findings if each.code.startswith("R0"))
    return [
        each for each in unfit if (not unread if each.subject is None else each.subject not in told)
    ]
