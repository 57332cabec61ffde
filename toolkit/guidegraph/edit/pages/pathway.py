"""A pathway in three views: decision tables, a tree, a flowchart. All show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guidegraph.edit.pages.catalogue import catalogue
from guidegraph.edit.pages.findings import OfThings
from guidegraph.edit.pages.flow import drawn
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.rendering import page
from guidegraph.edit.pages.table import Tables
from guidegraph.edit.pages.thing import cells_of, missing
from guidegraph.edit.pages.tree import tree
from guidegraph.model import CarePathway
from guidegraph.terms import local_name

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

VIEWS = {"table": "Table", "tree": "Tree", "flowchart": "Flowchart"}


def pathway(request: Request) -> Response:
    """``/pathway?iri=&view=``."""
    desk, known = desk_of(request), catalogue(request)
    iri = request.query_params.get("iri", "")
    view = request.query_params.get("view", "table")
    listed = known.by_iri.get(iri)
    if listed is None or view not in VIEWS:
        return missing(request, iri)
    guideline = desk.looked.guideline
    found = guideline.get(local_name(iri), CarePathway) if guideline else None
    findings = OfThings(desk.looked)
    told: dict[str, Any] = {"tables": (), "advice": None, "places_found": (), "svg": None}
    is_whole = guideline is not None and found is not None
    if guideline is not None and found is not None:
        made = Tables(guideline, cells_of(request, findings))
        try:
            if view == "table":
                told |= {"tables": tuple(made.decisions(found.id)), "advice": made.advice(found.id)}
            elif view == "tree":
                told["places_found"] = tree(made, found.id)
            else:
                told["svg"] = drawn(guideline, found.id, ())
        except (KeyError, TypeError):  # something the pathway names is not there
            is_whole = False
    return page(
        request,
        "pathway.html",
        thing=listed,
        view=view,
        views=VIEWS,
        is_whole=is_whole,
        points=findings.points,
        note=str(found.note or found.definition) if found else "",
        **told,
    )
