"""What an earlier build found out, kept so that the next one need not find it out again.

An entry is found by the digest of everything it was made from: the values that went in, the files
of this toolkit, the versions of what it calls. Nothing is decided by the time of a file. An entry
that is damaged, foreign or of another form is no entry; what is then made anew is the same.
"""

from __future__ import annotations

from guidegraph.cache.reading import Files
from guidegraph.cache.shapes import Shapes
from guidegraph.cache.store import Cache
from guidegraph.cache.toolkit import digest, toolkit
from guidegraph.cache.verification import verified
from guidegraph.cache.visible import Visible

__all__ = ["Cache", "Files", "Shapes", "Visible", "digest", "toolkit", "verified"]
