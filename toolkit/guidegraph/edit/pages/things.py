"""Finding things: the list of a class, the search, and what a field may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from guidegraph.edit.pages.catalogue import catalogue
from guidegraph.edit.pages.home import chapters
from guidegraph.edit.pages.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_MOST = 200
_OFFERED = 20


def things(request: Request) -> Response:
    """``/things?class=&q=``."""
    known = catalogue(request)
    cls, words = request.query_params.get("class", ""), request.query_params.get("q", "")
    found = known.found(words, cls)
    return page(
        request,
        "things.html",
        cls=cls,
        kind=known.kind(cls) if cls else "",
        words=words,
        found=found[:_MOST],
        more=max(0, len(found) - _MOST),
        chapters=chapters(known),
    )


def options(request: Request) -> Response:
    """``/options?of=&q=``: what a field may name, as JSON."""
    known = catalogue(request)
    classes = request.query_params.get("of", "").split()
    found = known.choices(classes, request.query_params.get("q", ""), _OFFERED + 1)
    return JSONResponse(
        {
            "found": [
                {
                    "iri": each.iri,
                    "label": each.label,
                    "local": each.local,
                    "kind": known.kind(known.class_of(each.iri)) if len(classes) != 1 else "",
                }
                for each in found[:_OFFERED]
            ],
            "more": len(found) > _OFFERED,
        }
    )
