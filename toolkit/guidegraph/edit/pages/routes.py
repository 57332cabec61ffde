"""Which page is at which address."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guidegraph.edit.pages.changes import changes, merge
from guidegraph.edit.pages.create import create
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.help import help_page
from guidegraph.edit.pages.home import home
from guidegraph.edit.pages.panel import flow, panel
from guidegraph.edit.pages.pathway import pathway
from guidegraph.edit.pages.thing import thing
from guidegraph.edit.pages.things import options, things

Handler = Callable[[Request], Response]


def _now(handler: Handler) -> Handler:
    """The page of the files as they are now, whoever changed them."""

    def answered(request: Request) -> Response:
        desk_of(request).refresh()
        return handler(request)

    return answered


ROUTES: list[Route] = [
    Route("/", _now(home)),
    Route("/things", _now(things)),
    Route("/options", options),
    Route("/thing", _now(thing)),
    Route("/new", _now(create)),
    Route("/pathway", _now(pathway)),
    Route("/flow", flow),
    Route("/panel", panel),
    Route("/changes", _now(changes)),
    Route("/merge", _now(merge)),
    Route("/help", help_page),
]
"""The pages, and the pieces that pages fetch; all are read with GET and change nothing."""
