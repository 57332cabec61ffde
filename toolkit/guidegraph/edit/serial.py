"""One at a time: pages and calls come from several threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class _Locked(Protocol):
    lock: RLock


L = TypeVar("L", bound=_Locked)


def serially(function: Callable[Concatenate[L, P], R]) -> Callable[Concatenate[L, P], R]:
    """The same, while nobody else is at it."""

    @wraps(function)
    def held(self: L, *arguments: P.args, **options: P.kwargs) -> R:
        with self.lock:
            return function(self, *arguments, **options)

    return held  # type: ignore[return-value]
