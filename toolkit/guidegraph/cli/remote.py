"""What the commands share that call another machine: a time limit, and who asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from guidegraph.remote import Exchange

F = TypeVar("F", bound=Callable[..., Any])


def timeout_option(function: F) -> F:
    """``--timeout``: how long a request may take."""
    return click.option(
        "--timeout",
        type=click.IntRange(1, 3600),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="Give a request up after this time.",
    )(function)


def exchange(seconds: int) -> Exchange:
    """How requests are sent: with a login from the environment, within this time each."""
    from guidegraph.remote import Exchange, Terms
    from guidegraph.remote.credentials import login_for

    return Exchange(Terms(seconds=seconds), lambda host: login_for(host, os.environ))
