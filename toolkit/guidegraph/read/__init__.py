"""Reading: a guideline folder becomes one graph in which every triple knows its line."""

from guidegraph.read.folder import display
from guidegraph.read.reader import Recover, read
from guidegraph.read.sources import Sources
from guidegraph.read.turtle import Prefix, Triple

__all__ = ["Prefix", "Recover", "Sources", "Triple", "display", "read"]
