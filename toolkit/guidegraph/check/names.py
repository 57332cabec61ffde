"""Placeholder, being written."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic
from guidegraph.read import Sources


def check_names(sources: Sources) -> Iterator[Diagnostic]:
    """Being written."""
    yield from ()
