"""Releases: a version of a guideline, frozen with all that was made of it.

``header`` (version and dates) → ``gates`` (nothing is released that fails one) → ``changes``,
``citation``, ``provenance`` and ``record`` (what is said of it), ``history`` (what the site tells
of the versions before it) → ``making`` (folder and zip, the same bytes every time); ``belonging``
proves later that a file is part of a release.
"""

from __future__ import annotations

from guidegraph.release.belonging import Answer, belonging
from guidegraph.release.gates import Gate
from guidegraph.release.history import history
from guidegraph.release.making import Result, Wanted, make
from guidegraph.release.previous import Earlier, release_at, releases_in

__all__ = [
    "Answer",
    "Earlier",
    "Gate",
    "Result",
    "Wanted",
    "belonging",
    "history",
    "make",
    "release_at",
    "releases_in",
]
