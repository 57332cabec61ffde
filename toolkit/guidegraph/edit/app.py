"""The editor as a web application: pages, the calls of their scripts, and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from mimetypes import guess_type

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from guidegraph.edit import faults
from guidegraph.edit.api import ROUTES
from guidegraph.edit.desk import Desk
from guidegraph.edit.guard import API, ASSETS, Guard
from guidegraph.edit.refusals import refusal
from guidegraph.errors import GuidelineError

_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_NOT_THERE = faults.unreadable("There is no such page.", "Begin at the first page: `/`.")


def application(desk: Desk, token: str, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The editor of one desk; who comes with ``token`` may edit. ``routes`` are its pages."""
    app = Starlette(
        routes=[*ROUTES, Route("/assets/{name:path}", asset), *routes],
        middleware=[Middleware(Guard, token=token), Middleware(_Fresh, desk=desk)],
        exception_handlers={HTTPException: _told, GuidelineError: _refused},
    )
    app.state.desk = desk
    app.state.token = token
    return app


def asset(request: Request) -> Response:
    """A script, style sheet or picture of the package; nothing else can be asked for."""
    found = files("guidegraph.edit") / "assets"
    parts = request.path_params["name"].split("/")
    if any(not each or each.startswith(".") or "\\" in each for each in parts):
        return refusal(request.scope, 404, (_NOT_THERE,))
    for each in parts:
        found = found / each
    if not found.is_file():
        return refusal(request.scope, 404, (_NOT_THERE,))
    ending = parts[-1][parts[-1].rfind(".") :]
    kind = _KINDS.get(ending) or guess_type(parts[-1])[0] or "application/octet-stream"
    return Response(found.read_bytes(), media_type=kind)


class _Fresh:
    """Pages show what others changed in the files meanwhile."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look first, then answer."""
        if scope["type"] == "http" and not scope["path"].startswith((ASSETS, API)):
            await run_in_threadpool(self.desk.refresh)
        await self.app(scope, receive, send)


def _refused(request: Request, stop: Exception) -> Response:
    findings = stop.findings if isinstance(stop, GuidelineError) else (_NOT_THERE,)
    return refusal(request.scope, 422, findings)


def _told(request: Request, stop: Exception) -> Response:
    status = stop.status_code if isinstance(stop, HTTPException) else 500
    return refusal(request.scope, status, (_NOT_THERE,))
