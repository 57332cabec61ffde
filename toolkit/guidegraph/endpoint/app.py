"""The endpoint as a web application."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, replace

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from guidegraph.endpoint import faults, negotiation, protocol, showing
from guidegraph.endpoint.asking import Answers, BusyError, NotReadyError
from guidegraph.endpoint.description import description
from guidegraph.endpoint.guard import Door
from guidegraph.endpoint.negotiation import HTML
from guidegraph.endpoint.openapi import openapi as interface
from guidegraph.endpoint.problems import problem, status_of
from guidegraph.endpoint.protocol import RequestError, Wanted
from guidegraph.errors import GuidelineError, QueryError
from guidegraph.query.delivery import BY_NAME, FORMS
from guidegraph.query.keeper import GoneError
from guidegraph.query.named import NamedQuery, typed
from guidegraph.query.results import Result
from guidegraph.query.worker import VALUES, Asked, Sent, Unfit
from guidegraph.suggestion import did_you_mean

PLACES = ("/sparql", "/queries", "/openapi.json", "/endpoint.css")
_LOG = logging.getLogger("guidegraph.endpoint")
_ENDINGS = {each.name for each in FORMS}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked, under which name, and by pages of which origins besides its own."""

    answers: Answers
    title: str
    origins: frozenset[str] = frozenset()


def application(endpoint: Endpoint) -> ASGIApp:
    """The endpoint, with its guard before it."""
    app = Starlette(
        routes=[
            Route("/", lambda _: RedirectResponse("/sparql"), methods=["GET", "HEAD"]),
            Route("/sparql", sparql, methods=["GET", "HEAD", "POST"]),
            Route("/queries", queries),
            Route("/queries/{name}", named),
            Route("/openapi.json", openapi),
            Route("/endpoint.css", style),
        ],
        exception_handlers={
            HTTPException: _not_there,
            RequestError: _refused,
            GuidelineError: _told,
            ClientDisconnect: _gone,
            GoneError: _gone,
            Exception: _failed,
        },
    )
    app.state.endpoint = endpoint
    return Door(app, endpoint.origins)


def beside(endpoint: ASGIApp, others: ASGIApp) -> ASGIApp:
    """The endpoint and another application at the same port."""

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        ours = any(path == each or path.startswith(f"{each}/") for each in PLACES)
        await (endpoint if ours else others)(scope, receive, send)

    return both


# ---- addresses -------------------------------------------------------------------------------


async def sparql(request: Request) -> Response:
    """The SPARQL Protocol; without a query, what this service is."""
    told = await protocol.read(request)
    if "query" not in told:
        return await _described(request)
    wanted = protocol.wanted(request, told.get("format", ""))
    asked = replace(wanted.asked(typed(told["query"]), {}), typed=True)
    try:
        return await _answered(request, asked, wanted)
    except GuidelineError as stop:
        if wanted.table != VALUES:
            raise
        endpoint, text = endpoint_of(request), told["query"]
        return _page(await run_in_threadpool(showing.refused, endpoint, text, stop.findings), stop)


async def queries(request: Request) -> Response:
    """The list of the named queries."""
    found = await run_in_threadpool(endpoint_of(request).answers.queries)
    if _best(request, "application/json", HTML) == HTML:
        return HTMLResponse(showing.listed(endpoint_of(request), found))
    return JSONResponse([each.to_json() for each in found])


async def named(request: Request) -> Response:
    """The answer to a named query; ``.csv`` and the like at the end of its name say its form."""
    found = {each.name: each for each in await run_in_threadpool(_queries, request)}
    name, _, ending = request.path_params["name"].rpartition(".")
    if ending not in _ENDINGS or request.path_params["name"] in found:
        name, ending = request.path_params["name"], ""
    if name not in found:
        told = f"There is no query `{name}`."
        hint = did_you_mean(name, found, "/queries lists those there are.")
        raise RequestError(404, faults.unreadable(told, hint))
    given = protocol.once(protocol.pairs_of(request.url.query))
    params = {each: value for each, value in given.items() if value.strip()}
    wanted = protocol.wanted(request, ending)
    if wanted.table != VALUES:
        return await _answered(request, wanted.asked(found[name], params), wanted)
    shown = showing.Shown(endpoint_of(request), found[name], params)
    try:
        answer = await _ask(request, wanted.asked(found[name], params))
    except (QueryError, NotReadyError, BusyError) as stop:
        asks = all(each.code == "Q009" for each in stop.findings) and not params
        return _page(shown.page((), findings=() if asks else stop.findings), None if asks else stop)
    found_rows = (answer,) if isinstance(answer, Result) else ()
    return HTMLResponse(await run_in_threadpool(shown.page, found_rows))


async def openapi(request: Request) -> Response:
    """The interface in OpenAPI."""
    endpoint = endpoint_of(request)
    found = await run_in_threadpool(endpoint.answers.queries)
    return JSONResponse(interface(endpoint.title, _here(request), found, endpoint.answers.limits))


def style(_: Request) -> Response:
    """How the pages look."""
    return Response(showing.style(), media_type="text/css")


# ---- answering -------------------------------------------------------------------------------


def endpoint_of(request: Request) -> Endpoint:
    """What is served."""
    found: Endpoint = request.app.state.endpoint
    return found


async def _answered(request: Request, asked: Asked, wanted: Wanted) -> Response:
    answer = await _ask(request, asked)
    if isinstance(answer, Sent):
        media = negotiation.media_of(protocol.accepted(request), answer.form)
        return Response(answer.data, media_type=media)
    if isinstance(answer, Unfit):
        raise protocol.unfit(wanted.said, answer.kind)
    endpoint, text = endpoint_of(request), asked.query.text
    return HTMLResponse(await run_in_threadpool(showing.answered, endpoint, text, answer))


async def _ask(request: Request, asked: Asked) -> Result | Sent | Unfit:
    """Ask in another thread, and give up when nobody waits for the answer any more."""
    gone = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(endpoint_of(request).answers.ask, asked, gone.is_set)
    finally:
        watching.cancel()


async def _described(request: Request) -> Response:
    """The description of the service; for people as a page."""
    offered = dict(negotiation.offers("graph"))
    found = _best(request, *offered)
    endpoint = endpoint_of(request)
    if found == HTML:
        listed = await run_in_threadpool(endpoint.answers.queries)
        return HTMLResponse(showing.first(endpoint, listed, _here(request)))
    size = await run_in_threadpool(endpoint.answers.size)
    told = description(f"{_here(request)}/sparql", size, BY_NAME[offered[found]])
    return Response(told, media_type=found)


def _best(request: Request, *there_are: str) -> str:
    accept = protocol.accepted(request)
    found = negotiation.best(accept, there_are)
    if found is None:
        raise RequestError(406, faults.no_form(accept, ", ".join(there_are)))
    return found


def _queries(request: Request) -> tuple[NamedQuery, ...]:
    return endpoint_of(request).answers.queries()


def _here(request: Request) -> str:
    """The address of this server, by the name it was asked for (which the guard has checked)."""
    return f"http://{request.headers['host'].lower()}"


def _page(told: str, stop: GuidelineError | None) -> Response:
    status = 200 if stop is None else _status(stop)
    return HTMLResponse(told, status_code=status)


# ---- what is wrong ---------------------------------------------------------------------------


def _status(stop: GuidelineError) -> int:
    return 503 if isinstance(stop, BusyError | NotReadyError) else status_of(stop.findings)


def _refused(request: Request, stop: Exception) -> Response:
    assert isinstance(stop, RequestError)
    return problem(protocol.accepted(request), stop.status, stop.findings)


def _told(request: Request, stop: Exception) -> Response:
    assert isinstance(stop, GuidelineError)
    again = {"Retry-After": "5"} if isinstance(stop, BusyError) else {}
    return problem(protocol.accepted(request), _status(stop), stop.findings, again)


def _not_there(request: Request, stop: Exception) -> Response:
    status = stop.status_code if isinstance(stop, HTTPException) else 404
    told = faults.unreadable("There is no such address.", "Begin at /sparql.")
    return problem(protocol.accepted(request), status, (told,))


def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


def _failed(request: Request, stop: Exception) -> Response:
    _LOG.error("A request failed", exc_info=stop)
    told = faults.unreadable(
        f"The endpoint has failed: {type(stop).__name__}.",
        "This is a fault of guidegraph. Please report it with what is printed in the window in "
        "which the server was started.",
    )
    return problem(protocol.accepted(request), 500, (told,))
