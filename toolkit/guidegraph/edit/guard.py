"""Who may ask the editor for something: only its own pages, in a browser on this machine.

Whatever a browser can be made to send by a page of somebody else is refused: another host name
(DNS rebinding), another origin, a missing key. Every answer forbids what the pages do not need.
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Mapping
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.refusals import refusal

LARGEST = 2 * 1024 * 1024
"""Bytes of a request at most."""

API, ASSETS, SITE = "/api/", "/assets/", "/site/"
NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = "content-security-policy"
HEADERS = {
    POLICY: "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_PAGES = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Pages of the site state the rest of their policy themselves: some may run the query engine."""
_JSON = re.compile(r'application/json\s*(?:;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
_LOG = logging.getLogger("guidegraph.edit")


class Guard:
    """Stands before the whole application."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it with a refusal."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": _headers(message, scope["path"])}
            await send(message)

        headers, stranger = read_headers(scope)
        found = stranger or self._against(scope, headers)
        if found is not None:
            status, told = found
            await refusal(scope, status, (told,))(scope, receive, answer)
            return
        if signed := self._signed_in(scope):
            await signed(scope, receive, answer)
            return
        try:
            await self.app(scope, _limited(receive), answer)
        except _TooLargeError:
            if not begun:
                await refusal(scope, 413, (_TOO_LARGE,))(scope, receive, answer)
        except Exception as fault:
            _LOG.exception("A request failed")
            if begun:
                raise
            told = faults.unreadable(
                f"The editor has failed: {type(fault).__name__}.",
                "This is a fault of guidegraph, and nothing was changed. Please report it with "
                "what is printed in the window in which the editor was started.",
            )
            await refusal(scope, 500, (told,))(scope, receive, answer)

    # ---- what is refused ---------------------------------------------------------------------

    def _against(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, Diagnostic] | None:
        """Why a request is refused, if it is."""
        address, port = scope.get("server") or ("", None)
        if not is_loopback(address):
            return 403, faults.stranger(
                "This editor answers only on the machine on which it runs.",
                "It was asked for over the network.",
            )
        host = headers.get("host", "")
        if not is_own_name(host, port):
            return 403, faults.stranger(
                "The editor was asked for under a name that is not its own.",
                "A page of somebody else can send a browser here under another name.",
            )
        if found := _against_origin(headers, f"http://{host.lower()}"):
            return 403, found
        if found := against_path(scope):
            return 400, found
        is_api = scope["path"].startswith(API)
        allowed_methods = ("POST",) if is_api else ("GET", "HEAD")
        if scope["method"] not in allowed_methods:
            told = f"`{scope['method']}` is not what is asked of this address."
            return 405, faults.unreadable(told, f"It answers to {' and '.join(allowed_methods)}.")
        if self._token_given(scope) is not None and scope["path"] == "/":
            return None if self._is_token(self._token_given(scope)) else (403, _WRONG_KEY)
        if not self._has_cookie(headers, port):
            return 403, _NO_KEY
        return self._against_post(headers) if is_api else None

    def _against_post(self, headers: Mapping[str, str]) -> tuple[int, Diagnostic] | None:
        if not self._is_token(headers.get("x-guidegraph-token")):
            return 403, _NO_KEY
        if "origin" not in headers:
            return 403, faults.stranger(
                "A change must say from which page it comes, and this one does not.",
                "Browsers say it by themselves.",
            )
        if not _JSON.fullmatch(headers.get("content-type", "")):
            told = "A change is sent as JSON, and this is something else."
            return 415, faults.unreadable(told, "Send it as `application/json`.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return 413, _TOO_LARGE
        return None

    # ---- the key -----------------------------------------------------------------------------

    def _signed_in(self, scope: Scope) -> ASGIApp | None:
        """The first visit, with the key in the address: it goes into a cookie, out of sight."""
        if scope["path"] != "/" or self._token_given(scope) is None:
            return None
        from starlette.responses import RedirectResponse

        answer = RedirectResponse("/", status_code=303)
        name, value = cookie_name(scope["server"][1]), self._cookie
        answer.set_cookie(name, value, path="/", httponly=True, samesite="strict")
        return answer

    @property
    def _cookie(self) -> str:
        """Made of the key and not the key itself, which changes ask for besides."""
        return hmac.new(self.token.encode(), b"cookie", sha256).hexdigest()

    def _has_cookie(self, headers: Mapping[str, str], port: object) -> bool:
        pairs = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
        held = [value for name, _, value in pairs if name == cookie_name(port)]
        return any(hmac.compare_digest(each.encode(), self._cookie.encode()) for each in held)

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())

    @staticmethod
    def _token_given(scope: Scope) -> str | None:
        try:
            asked = parse_qs(
                scope.get("query_string", b"").decode("ascii"), True, max_num_fields=20
            )
        except (UnicodeDecodeError, ValueError):
            return None
        found = asked.get("token")
        return found[0] if found else None


def cookie_name(port: object) -> str:
    """One cookie for each editor: cookies are not kept apart by port."""
    return f"guidegraph-{port}"


_NO_KEY = faults.stranger(
    "The editor does not know this browser.",
    "Only who has the address with its key may edit: other programs and pages do not have it.",
)
_WRONG_KEY = faults.stranger(
    "The key in this address is not that of this editor.",
    "Each start of the editor has a key of its own.",
)
_TOO_LARGE = faults.unreadable(
    f"This is more than the editor takes at once ({LARGEST // 1024 // 1024} MB).",
    "Send less at once, or edit the file by hand.",
)


class _TooLargeError(Exception):
    """More than the editor takes is being sent."""


def read_headers(scope: Scope) -> tuple[dict[str, str], tuple[int, Diagnostic] | None]:
    """The headers; what may be said once only and is said twice is refused."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        told = name.decode("latin-1").lower()
        if told in found and told != "cookie":
            if told in ("host", "origin", "content-type", "content-length", "x-guidegraph-token"):
                twice = faults.unreadable(f"`{told}` is said twice.", "Say it once.")
                return found, (400, twice)
            continue
        said = value.decode("latin-1").strip()
        found[told] = f"{found[told]}; {said}" if told in found else said
    return found, None


def is_own_name(host: str, port: object) -> bool:
    """Whether a request names this machine and this port (against DNS rebinding)."""
    allowed = {f"{name}:{port}" for name in NAMES} | (set(NAMES) if port == 80 else set())
    return host.lower() in allowed


def is_loopback(address: object) -> bool:
    """Whether an address can be reached from this machine only."""
    try:
        return ip_address(str(address)).is_loopback
    except ValueError:
        return str(address) == "localhost"


def _against_origin(headers: Mapping[str, str], own: str) -> Diagnostic | None:
    """What says that a page of somebody else is behind this."""
    if headers.get("sec-fetch-site", "none").lower() not in ("same-origin", "none"):
        return faults.stranger(
            "A page that is not the editor's sent you here.",
            "It could make changes in your name.",
            "Copy the address of the editor into the browser yourself.",
        )
    if headers.get("origin", own).lower() != own:
        return faults.stranger(
            "This comes from a page that is not the editor's.",
            "It could make changes in your name.",
        )
    return None


def against_path(scope: Scope) -> Diagnostic | None:
    """Addresses that lead out of where things are."""
    path = scope["path"]
    odd = any(ord(sign) < 32 or sign in "\\\x7f" for sign in path)
    if odd or "//" in path or any(each in (".", "..") for each in path.split("/")):
        return faults.unreadable("There is no such page.", "Begin at the first page: `/`.")
    return None


def _headers(message: Message, path: str) -> list[tuple[bytes, bytes]]:
    told = list(message.get("headers", ()))
    headers = {**HEADERS, POLICY: _PAGES} if path.startswith(SITE) else HEADERS
    own = {name.encode() for name in headers}
    kept = [each for each in told if each[0].lower() not in own]
    return [*kept, *((name.encode(), value.encode()) for name, value in headers.items())]


def _limited(receive: Receive) -> Receive:
    """The same, but no more than is taken."""
    total = 0

    async def counted() -> Any:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST:
            raise _TooLargeError
        return message

    return counted
