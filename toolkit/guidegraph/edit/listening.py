"""Where the editor listens: on this machine only, at the first port that is free."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address

from guidegraph.edit import faults
from guidegraph.errors import UsageError

PORT = 8765
_TRIED = 50
_TAKEN = (errno.EADDRINUSE, errno.EACCES)


def listen(host: str = "127.0.0.1", port: int = PORT) -> socket.socket:
    """A socket that listens; if the port is in use, the next one that is free.

    A ``UsageError`` for an address that others can reach, and where no port is free.
    """
    address = "127.0.0.1" if host == "localhost" else host.strip("[]")
    if not _is_loopback(address):
        told = f"The editor does not listen at `{host}`: others could reach it there."
        hint = "Leave --host out. Over the network, use a connection of your own, such as ssh -L."
        raise UsageError([faults.no_place(told, hint)])
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    refused: OSError | None = None
    for each in range(port, min(port + _TRIED, 65536)) if port else [0]:
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.bind((address, each))
            made.listen()
        except OSError as stop:
            made.close()
            refused = stop
            if stop.errno not in _TAKEN:
                break
        else:
            return made
    reason = (refused.strerror if refused else None) or "no port is free"
    told = f"The editor cannot listen at {address}, port {port}: {reason}."
    raise UsageError([faults.no_place(told, "Give another port: --port 9000.")])


def address_of(listening: socket.socket) -> str:
    """The address of the first page."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
