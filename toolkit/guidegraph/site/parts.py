"""What runs in the reader's browser: each part with its scripts and style sheets.

Scripts are classic ones (no modules), so that they also run from a file system, and share one
object, ``guidegraph``. They only ever add to a page: without them everything can be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the site that needs scripts. Files lie in ``assets/``, in the order they need.

    ``compiles`` says that it compiles WebAssembly, which the policy of its pages must allow.
    """

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    compiles: bool = False


EVERYWHERE: tuple[Part, ...] = ()
"""On every page, handwritten ones too."""


def scripts(parts: Iterable[Part]) -> list[str]:
    """The scripts of some parts, each once."""
    return list(dict.fromkeys(name for each in parts for name in each.scripts))


def styles(parts: Iterable[Part]) -> list[str]:
    """The style sheets of some parts, each once."""
    return list(dict.fromkeys(name for each in parts for name in each.styles))
