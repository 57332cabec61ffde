"""One request and its whole answer over HTTP, or a finding; never a part of an answer.

Only the address that was named is called: no redirect is followed, no proxy of the environment is
used. Time is that of the whole request, from the call to the last byte.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from guidegraph import __version__
from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import RemoteError
from guidegraph.remote import faults
from guidegraph.remote.credentials import Challenge, Login, challenge
from guidegraph.remote.places import Address

MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024
_AGAIN = frozenset({429, 502, 503, 504})
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How far an exchange may go.

    ``seconds`` for one request, ``megabytes`` for one answer, ``tries`` for a request that can be
    repeated without doing anything twice; ``pause`` waits between them.
    """

    seconds: int = 30
    megabytes: int = 256
    tries: int = 3
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked. ``repeatable`` says that asking twice changes no more than asking once."""

    method: str
    to: Address
    accept: str = "*/*"
    body: bytes | None = None
    media: str = ""
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``bounded`` says that its end was announced, so that none can be missing."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    bounded: bool

    @property
    def media(self) -> str:
        """Its media type without parameters, in small letters."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


class _BrokenError(Exception):
    """Nothing usable came back. ``again`` says that another try may help."""

    def __init__(self, fault: Diagnostic, again: bool = True) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.again = again


@dataclass(slots=True)
class Exchange:
    """Sends requests; ``login_for`` knows the login for a host, if there is one."""

    terms: Terms = field(default_factory=Terms)
    login_for: Callable[[str], Login | None] = lambda host: None
    _asked_for: dict[tuple[str, str, int], Challenge] = field(default_factory=dict)

    def send(self, request: Request, expected: tuple[int, ...] = ()) -> Reply:
        """The answer, which has a status of success or one of those ``expected``.

        Raises:
            RemoteError: for everything else, with one finding.
        """
        for attempt in range(1, self.terms.tries + 1):
            last = attempt == self.terms.tries or not request.repeatable
            try:
                reply = self._admitted(request)
            except _BrokenError as broken:
                if last or not broken.again:
                    raise RemoteError([broken.fault]) from None
                self._wait(attempt, None)
                continue
            if reply.status not in _AGAIN or last:
                break
            self._wait(attempt, reply.headers.get("Retry-After"))
        if 200 <= reply.status < 300 or reply.status in expected:
            return reply
        raise RemoteError([self._unwelcome(request, reply)])

    def _wait(self, attempt: int, told: str | None) -> None:
        seconds = float(told) if told and re.fullmatch(r"[0-9]{1,6}", told) else 0.5 * 2**attempt
        self.terms.pause(min(seconds, _LONGEST_PAUSE))

    def _admitted(self, request: Request) -> Reply:
        """The answer, after showing who asks if the server wants to know."""
        origin = request.to.origin
        known = self._asked_for.get(origin)
        reply = self._once(request, self._shown(request, known))
        if reply.status != 401:
            return reply
        wanted = challenge(reply.headers.get_all("WWW-Authenticate") or [])
        if wanted is None or (known is not None and known.scheme == wanted.scheme == "basic"):
            return reply
        self._asked_for[origin] = wanted
        shown = self._shown(request, wanted)
        return self._once(request, shown) if shown else reply

    def _shown(self, request: Request, wanted: Challenge | None) -> str:
        login = self.login_for(request.to.host) if wanted else None
        if wanted is None or login is None:
            return ""
        if wanted.scheme == "basic" and not request.to.is_private:
            raise RemoteError([faults.unprotected(str(request.to))])
        return wanted.answer(login, request.method, request.to.target)

    def _once(self, request: Request, authorization: str) -> Reply:
        place = str(request.to)
        connection = _connection(request.to, self.terms.seconds)
        alarm = _Alarm(self.terms.seconds)
        try:
            connection.connect()
            alarm.set(connection.sock)
            with suppress(BrokenPipeError, ConnectionResetError):  # the answer says why
                connection.request(
                    request.method,
                    request.to.target,
                    body=request.body,
                    headers=_headers(request, authorization),
                )
            answer = connection.getresponse()
            body, bounded = self._body(answer, request)
            if alarm.rang:
                raise TimeoutError
        except (OSError, http.client.HTTPException) as stop:
            raise self._broken(place, stop, alarm.rang) from None
        finally:
            alarm.stop()
            connection.close()
        return Reply(answer.status, answer.headers, body, bounded)

    def _broken(self, place: str, stop: Exception, late: bool) -> _BrokenError:
        """What a broken line is called."""
        if late or isinstance(stop, TimeoutError):
            return _BrokenError(faults.slow(place, self.terms.seconds), again=False)
        if isinstance(stop, http.client.IncompleteRead):
            return _BrokenError(faults.not_whole(place, "the line broke before its end"))
        if isinstance(stop, ssl.SSLError):
            reason = f"no protected connection comes about ({_words(stop.reason or 'TLS')})"
            return _BrokenError(faults.unreachable(place, reason), again=False)
        if isinstance(stop, socket.gaierror):
            return _BrokenError(faults.unreachable(place, "there is no machine of this name"))
        if isinstance(stop, ConnectionRefusedError):
            return _BrokenError(faults.unreachable(place, "nothing listens there"))
        if isinstance(stop, OSError):
            reason = "the line broke" if isinstance(stop, ConnectionError) else "no way leads there"
            return _BrokenError(faults.unreachable(place, reason))
        reason = "what answers there does not speak HTTP"
        return _BrokenError(faults.unreachable(place, reason), again=False)

    def _body(self, answer: http.client.HTTPResponse, request: Request) -> tuple[bytes, bool]:
        """All bytes of an answer, and whether their end was announced."""
        most = self.terms.megabytes * MEGABYTE
        announced = answer.length
        bounded = announced is not None or bool(getattr(answer, "chunked", False))
        data = bytearray()
        while len(data) <= most and (piece := answer.read(_PIECE)):
            data += piece
        if len(data) > most or (announced or 0) > most:
            fault = faults.too_large(str(request.to), self.terms.megabytes)
            raise _BrokenError(fault, again=False)
        if announced is not None and len(data) < announced:
            raise http.client.IncompleteRead(bytes(data))
        return bytes(data), bounded

    def _unwelcome(self, request: Request, reply: Reply) -> Diagnostic:
        """The finding for a status that is not one of success."""
        place, status = str(request.to), reply.status
        if 300 <= status < 400:
            return faults.elsewhere(place, _place(reply.headers.get("Location") or ""))
        if status in (401, 403):
            tried = self._asked_for.get(request.to.origin) is not None
            has_login = tried and self.login_for(request.to.host) is not None
            return faults.denied(place, status, has_login)
        words = "" if "html" in reply.media else self._said(request, reply)
        if status >= 500:
            return faults.failed(place, status, words)
        return faults.refused(place, status, words)

    def _said(self, request: Request, reply: Reply) -> str:
        """The beginning of what a server says, without a login that it repeats."""
        told = reply.body[:2000].decode("utf-8", "replace")
        asked = request.to.origin in self._asked_for
        login = self.login_for(request.to.host) if asked else None
        return _words(login.hidden_in(told) if login else told)


class _Alarm:
    """Breaks a line off after some time, whatever is happening on it."""

    def __init__(self, seconds: int) -> None:
        self.rang = False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True

    def set(self, line: socket.socket) -> None:
        """From now on time counts."""
        self._line = line
        self._timer.start()

    def stop(self) -> None:
        """It is over."""
        self._timer.cancel()

    def _ring(self) -> None:
        self.rang = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _connection(to: Address, seconds: int) -> http.client.HTTPConnection:
    if to.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(to.host, to.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(to.host, to.port, timeout=seconds)


def _headers(request: Request, authorization: str) -> Mapping[str, str | bytes]:
    told: dict[str, str | bytes] = {
        "Accept": request.accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": f"guidegraph/{__version__}",
    }
    if request.media:
        told["Content-Type"] = request.media
    if authorization:
        told["Authorization"] = authorization.encode()
    return told


def _words(text: str) -> str:
    """The beginning of what a server says, on one line."""
    shown = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return shown if len(shown) <= 200 else shown[:200] + "…"


def _place(location: str) -> str:
    """Where a redirect leads, without what follows the path."""
    return _words(re.split(r"[?#]", re.sub(r"//[^/@]*@", "//", location))[0])
