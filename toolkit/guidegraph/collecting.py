"""Work that makes many objects and no garbage in circles, without looking for such garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """The garbage collector rests meanwhile; afterwards it is as it was.

    Graphs live long, and to look for circles among a million objects again and again takes longer
    than to make them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
