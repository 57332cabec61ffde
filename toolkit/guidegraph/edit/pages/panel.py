"""The side panel: where it is on the flowchart, and who gets something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.edit.pages.catalogue import Catalogue, catalogue
from guidegraph.edit.pages.flow import drawn
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.rendering import piece
from guidegraph.edit.pages.thing import nodes_of, pathways_of
from guidegraph.plan.people import status_words
from guidegraph.plan.sentences import detail_words, notes, summary, title, who
from guidegraph.terms import local_name

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from guidegraph.plan.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """Some patients who get something else: who, and for instance whom."""

    who: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A recommendation that is another one for somebody."""

    iri: str
    title: str
    content: tuple[str, ...]
    groups: tuple[Patients, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case that gets something else."""

    name: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A plan in words."""

    summary: tuple[str, ...]
    advice: tuple[Otherwise, ...]
    cases: tuple[CaseLine, ...]
    total: int | None
    findings: tuple[str, ...]


def flow(request: Request) -> Response:
    """``/flow?iri=``: the flowcharts that a thing concerns, with its steps marked."""
    desk = desk_of(request)
    iri, guideline = request.query_params.get("iri", ""), desk.looked.guideline
    found = []
    if guideline is not None and iri:
        marked = {each.id for each in nodes_of(guideline, local_name(iri))}
        for path, label in pathways_of(guideline, iri):
            svg = drawn(guideline, local_name(path), () if path == iri else marked)
            found.append((path, label, svg))
    return piece("flow.html", charts=found)


def panel(request: Request) -> Response:
    """``/panel``: who gets something else, in words; ``?first`` under the default readings."""
    desk = desk_of(request)
    first = "first" in request.query_params
    if not desk.steps:
        return piece("plan.html", told=None, runs=True, unsaved=0, first=False)
    plan = desk.plan(everywhere=not first)
    told = None if plan is None else in_words(plan, catalogue(request))
    given = {"runs": plan is not None, "unsaved": len(desk.steps), "first": first}
    return piece("plan.html", told=told, **given)


def in_words(plan: Plan, known: Catalogue) -> Told:
    """A plan for people who look at it while they edit."""
    behaviour = plan.behaviour
    advice = behaviour.advice if behaviour else ()
    readings = behaviour.readings if behaviour else 1
    return Told(
        summary=tuple(summary(plan)),
        advice=tuple(
            Otherwise(
                iri=known.by_local.get(each.name, ""),
                title=title(each),
                content=tuple(map(detail_words, each.content)),
                groups=tuple(
                    Patients(who=who(one), notes=tuple(notes(one, readings))) for one in each.groups
                ),
            )
            for each in advice
        ),
        cases=tuple(_cases(plan, known)),
        total=plan.cases.total if plan.cases else None,
        findings=tuple(each.message for each in plan.findings),
    )


def _cases(plan: Plan, known: Catalogue) -> list[CaseLine]:
    found = []
    for each in plan.cases.changed if plan.cases else ():
        told = tuple(
            f"{_label(known, rule)}: {status_words(before)} → {status_words(after)}"
            if before != after
            else f"{_label(known, rule)}: says something else"
            for rule, (before, after) in each.statuses.items()
        )
        found.append(CaseLine(name=each.name or each.id, told=told))
    return found


def _label(known: Catalogue, name: str) -> str:
    iri = known.by_local.get(name)
    return known.label(iri) if iri else name
