"""Who may ask: programs on this machine, and pages of its own or of origins that were allowed.

Nothing can be changed here and there is no key; but no page of somebody else may read a guideline,
or keep this machine busy, unless its origin was named when the server was started.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit.guard import (
    HEADERS,
    POLICY,
    against_path,
    is_loopback,
    is_own_name,
    read_headers,
)
from guidegraph.endpoint import faults
from guidegraph.endpoint.problems import problem

ALLOWED = {"/sparql": ("GET", "HEAD", "POST", "OPTIONS")}
"""What may be done at an address; elsewhere it can only be read."""
_READ = ("GET", "HEAD", "OPTIONS")
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HINT = "Open the address in the browser yourself, or start the server with --allow-origin."


class Door:
    """Stands before the endpoint. ``origins`` are those whose pages may ask."""

    def __init__(self, app: ASGIApp, origins: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, twice = read_headers(scope)
        origin = headers.get("origin", "").lower()
        allowed = origin if origin in self.origins else ""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(message, allowed)}
            await send(message)

        found = (twice[0], faults.unreadable(twice[1].message, "Say it once.")) if twice else None
        found = found or self._against(scope, headers)
        if found is not None:
            status, told = found
            more = {"Allow": ", ".join(_methods(scope))} if status == 405 else {}
            said = problem(headers.get("accept", ""), status, (told,), more)
            await said(scope, receive, answer)
        elif scope["method"] == "OPTIONS":
            await _preflight(scope, headers, allowed)(scope, receive, answer)
        else:
            await self.app(scope, receive, answer)

    def _against(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, Diagnostic] | None:
        """Why a request is refused, if it is."""
        address, port = scope.get("server") or ("", None)
        if not is_loopback(address):
            return 403, faults.stranger(
                "This server answers only on the machine on which it runs.",
                "It was asked for over the network.",
                "Use a connection of your own to that machine, such as ssh -L.",
            )
        host = headers.get("host", "").lower()
        if not is_own_name(host, port):
            return 403, faults.stranger(
                "The server was asked for under a name that is not its own.",
                "A page of somebody else can send a browser here under another name.",
                f"Ask for it as 127.0.0.1:{port}.",
            )
        origin = headers.get("origin", "").lower()
        sent_by = headers.get("sec-fetch-site", "none").lower()
        own = not origin or origin == f"http://{host}"
        if origin not in self.origins and (not own or sent_by not in ("same-origin", "none")):
            return 403, faults.stranger(
                "A page of another origin may not ask here.",
                "It could read a guideline that is not published, or keep this machine busy.",
                _HINT,
            )
        if against_path(scope):
            return 404, faults.unreadable("There is no such address.", "Begin at /sparql.")
        if scope["method"] not in _methods(scope):
            told = f"`{scope['method']}` is not what is asked of this address."
            return 405, faults.unreadable(told, f"It answers to {', '.join(_methods(scope))}.")
        return None


def _methods(scope: Scope) -> tuple[str, ...]:
    return ALLOWED.get(scope["path"], _READ)


def _preflight(scope: Scope, headers: Mapping[str, str], allowed: str) -> Response:
    """What a browser asks before it lets a page ask."""
    told = {"Allow": ", ".join(_methods(scope))}
    if allowed:
        told["Access-Control-Allow-Methods"] = ", ".join(_methods(scope))
        told["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        told["Access-Control-Max-Age"] = "600"
        if headers.get("access-control-request-private-network") == "true":
            told["Access-Control-Allow-Private-Network"] = "true"
    return Response(status_code=204, headers=told)


def _headers(message: Message, allowed: str) -> list[tuple[bytes, bytes]]:
    headers = {**HEADERS, POLICY: _POLICY, "vary": "Accept, Origin"}
    if allowed:
        headers["access-control-allow-origin"] = allowed
        headers["cross-origin-resource-policy"] = "cross-origin"
    own = {name.encode() for name in headers}
    kept = [each for each in message.get("headers", ()) if each[0].lower() not in own]
    return [*kept, *((name.encode(), value.encode()) for name, value in headers.items())]
