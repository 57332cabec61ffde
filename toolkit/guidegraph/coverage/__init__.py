"""An inventory of what a source contains against what is encoded: what is missing, and where it is.

An inventory is a Markdown file that people write when they read a source: tables whose first column
is an id such as ``ABC-CLM-01``. A row is encoded if something carries its id as ``skos:notation``;
it is left out if a ``gg:Omission`` does. Nothing is expanded: a row is there under its id or not.
"""

from __future__ import annotations

from guidegraph.coverage.compare import Coverage, Group, Left, Unknown, coverage
from guidegraph.coverage.inventory import Inventory, Row, inventory

__all__ = [
    "Coverage",
    "Group",
    "Inventory",
    "Left",
    "Row",
    "Unknown",
    "coverage",
    "inventory",
]
