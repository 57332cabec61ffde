"""Who asks: logins from the environment or a netrc file, and how HTTP shows them (RFC 7616, 7617).

Nothing is shown before a server asks for it. A password never becomes part of a text for people.
"""

from __future__ import annotations

import base64
import hashlib
import netrc
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list

from guidegraph.errors import RemoteError
from guidegraph.remote import faults

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its password, which no text shows."""

    user: str
    password: str = field(repr=False)

    @property
    def pair(self) -> str:
        """Both as basic authentication sends them."""
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def hidden_in(self, text: str) -> str:
        """A text for people without the password, in whatever form it was sent."""
        for each in filter(None, (self.pair, self.password)):
            text = text.replace(each, "…")
        return text


def _usable(user: str, password: str) -> Login:
    if not user.isprintable():
        raise RemoteError([faults.unusable_name()])
    return Login(user, password)


def login_for(host: str, environment: Mapping[str, str]) -> Login | None:
    """The login for a machine: of the environment, else of the netrc file, else none.

    Raises:
        RemoteError: if there is a netrc file or a name that cannot be used.
    """
    user, password = (environment.get(f"GUIDEGRAPH_{each}") for each in ("USER", "PASSWORD"))
    if user and password is not None:
        return _usable(user, password)
    named = environment.get("NETRC")
    path = Path(named) if named else Path(environment.get("HOME", ".")) / ".netrc"
    if not named and not path.is_file():
        return None
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except netrc.NetrcParseError as fault:
        raise RemoteError([faults.unreadable_logins(f"line {fault.lineno}")]) from None
    except (OSError, UnicodeDecodeError) as stop:
        reason = getattr(stop, "strerror", None) or "it is not text"
        raise RemoteError([faults.unreadable_logins(reason)]) from None
    return _usable(found[0], found[2] or "") if found else None


@dataclass(slots=True)
class Challenge:
    """How a server wants to be shown who asks."""

    scheme: str
    said: Mapping[str, str]
    count: int = 0

    def answer(self, login: Login, method: str, target: str) -> str:
        """The header ``Authorization`` for one request."""
        if self.scheme == "basic":
            return f"Basic {login.pair}"
        self.count += 1
        return f"Digest {self._digest(login, method, target)}"

    def _digest(self, login: Login, method: str, target: str) -> str:
        realm, nonce = self.said.get("realm", ""), self.said.get("nonce", "")
        algorithm = self.said.get("algorithm", "MD5").upper()
        mine, count = secrets.token_hex(8), f"{self.count:08x}"

        def hashed(text: str) -> str:
            made = hashlib.new(_HASHES[algorithm], usedforsecurity=False)
            made.update(text.encode())
            return made.hexdigest()

        who = hashed(f"{login.user}:{realm}:{login.password}")
        what = hashed(f"{method}:{target}")
        qop = "qop" in self.said
        between = f"{nonce}:{count}:{mine}:auth" if qop else nonce
        told = {
            "username": login.user,
            "realm": realm,
            "nonce": nonce,
            "uri": target,
            "response": hashed(f"{who}:{between}:{what}"),
            **({"opaque": self.said["opaque"]} if "opaque" in self.said else {}),
            **({"cnonce": mine} if qop else {}),
        }
        quoted = [f"{name}={_quoted(value)}" for name, value in told.items()]
        return ", ".join((*quoted, f"algorithm={algorithm}", *([f"qop=auth, nc={count}"] * qop)))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def challenge(headers: list[str]) -> Challenge | None:
    """The best of the ways that a server offers and this program knows: digest, then basic."""
    found: list[Challenge] = []
    for header in map(_decoded, headers):
        scheme, _, rest = header.strip().partition(" ")
        if scheme.lower() == "basic":
            found.append(Challenge("basic", {}))
        elif scheme.lower() == "digest":
            said = _said(rest)
            ways = said.get("qop", "auth").replace(" ", "").split(",")
            if said.get("algorithm", "MD5").upper() in _HASHES and "auth" in ways:
                found.append(Challenge("digest", said))
    return min(found, key=lambda each: each.scheme != "digest", default=None)


def _decoded(header: str) -> str:
    """A header that was read as Latin-1, as UTF-8 if it is that."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _said(rest: str) -> dict[str, str]:
    try:
        parts = [each for each in parse_http_list(rest) if "=" in each]
        return {name.lower(): value for name, value in parse_keqv_list(parts).items()}
    except (IndexError, ValueError):
        return {}
