"""The form of one thing: every field its shapes ask for, and what else is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from guidegraph.edit.pages.catalogue import catalogue
from guidegraph.edit.pages.cells import Cell, Cells, in_words, name_of
from guidegraph.edit.pages.discussion import discussion
from guidegraph.edit.pages.findings import OfThings, rest
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.rendering import page
from guidegraph.entity import references
from guidegraph.model import CarePathway, PathwayNode, Recommendation
from guidegraph.terms import expand, local_name
from guidegraph.turtle.values import RDF_TYPE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from guidegraph.model import Guideline

_ADVICE = expand("gg:Recommendation")
_STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldset:
    """The fields under one heading: those to be seen, and those that are empty and may stay so."""

    label: str
    cells: tuple[Cell, ...]
    more: tuple[Cell, ...]


def cells_of(request: Request, told: OfThings | None = None) -> Cells:
    """What makes the cells of a page."""
    desk, known = desk_of(request), catalogue(request)
    of_things = told or OfThings(desk.looked)
    return Cells(desk.form, desk.describe, known, of_things.of_field)


def thing(request: Request) -> Response:
    """``/thing?iri=``."""
    desk, known = desk_of(request), catalogue(request)
    iri = request.query_params.get("iri", "")
    listed = known.by_iri.get(iri)
    if listed is None:
        return missing(request, iri)
    told = OfThings(desk.looked)
    made = cells_of(request, told)
    groups = fieldsets(made, iri)
    shown = [cell for each in groups for cell in (*each.cells, *each.more)]
    on_form = {cell.path for cell in shown}
    return page(
        request,
        "thing.html",
        thing=listed,
        form=made.form_of(iri),
        groups=groups,
        findings=rest(told.of(iri), (one for cell in shown for one in cell.findings)),
        others=others(made, iri, on_form),
        uses=known.uses(iri),
        file=desk.draft.result.file_of(iri) or "",
        pathways=pathways_of(desk.looked.guideline, iri),
        discussion=discussion(known, iri) if known.is_a(iri, _ADVICE) else None,
    )


def missing(request: Request, iri: str) -> Response:
    """A thing that is not there (any more), with those that may be meant."""
    near = catalogue(request).found(local_name(unquote(iri)).replace("-", " "))[:_STEPS]
    return page(request, "missing.html", 404, iri=iri, near=near)


def fieldsets(made: Cells, iri: str, cls: str = "") -> tuple[Fieldset, ...]:
    """The form of a thing, group by group. A new thing of a class has no IRI yet."""
    form = made.form_for(cls) if cls else made.form_of(iri)
    found = []
    for group in form.groups:
        cells = [
            made.of_field(iri, each)
            for each in group.fields
            if not each.read_only and each.path != RDF_TYPE
        ]
        seen = tuple(each for each in cells if _is_seen(each))
        more = tuple(each for each in cells if not _is_seen(each))
        if cells:
            found.append(Fieldset(label=group.label, cells=seen, more=more))
    return tuple(found)


def _is_seen(cell: Cell) -> bool:
    field = cell.field
    return bool(cell.is_filled or field.required or field.recommended or cell.findings)


def others(made: Cells, iri: str, on_form: set[str]) -> list[tuple[str, str, list[str]]]:
    """What the files say of a thing and no form asks for: property, its name in files, values."""
    known = made.catalogue
    return [
        (known.property_words(path), name_of(path), [in_words(each, known) for each in values])
        for path, values in made.said(iri).items()
        if path not in on_form and path != RDF_TYPE
    ]


def pathways_of(guideline: Guideline | None, iri: str) -> tuple[tuple[str, str], ...]:
    """The pathways that a thing concerns, nearest first: IRI and what each is called."""
    if guideline is None:
        return ()
    found = pathway_names(guideline, local_name(iri))
    named = (guideline.get(each, CarePathway) for each in found)
    return tuple((each.iri, str(each.label) or each.id) for each in named if each is not None)


def pathway_names(guideline: Guideline, name: str) -> tuple[str, ...]:
    """The pathways whose steps rest on a thing, within a few steps."""
    return tuple(dict.fromkeys(node.pathway for node in nodes_of(guideline, name)))


def nodes_of(guideline: Guideline, name: str) -> tuple[PathwayNode, ...]:
    """The steps of pathways that a thing concerns: itself, where it is placed, what asks for it."""
    by: dict[str, set[str]] = {}
    for thing in guideline.entities.values():
        for _, other in references(thing):
            by.setdefault(other, set()).add(thing.id)
    nodes = {each.id for each in guideline.all(PathwayNode)}
    start = guideline.get(name, CarePathway)
    if start is not None:
        return tuple(each for each in guideline.all(PathwayNode) if each.pathway == start.id)
    found: set[str] = set()
    edge, seen = {name}, {name}
    for _ in range(_STEPS):
        for each in edge:
            if each in nodes:
                found.add(each)
            advice = guideline.get(each, Recommendation)
            found |= set(advice.implemented_by) & nodes if advice else set()
        if found:
            break
        edge = {one for each in edge for one in by.get(each, ())} - seen
        seen |= edge
    return tuple(each for each in guideline.all(PathwayNode) if each.id in found)
