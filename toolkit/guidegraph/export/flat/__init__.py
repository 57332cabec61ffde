"""Conditions as a flat list of assignments, for targets whose own *and* and *or* know no unknown.

``flatten`` turns a program into steps: one local name per datum, aggregate, criterion and rule.
What a step assigns is small data (``steps``); a target says in its own ``Syntax`` how it is said.
"""

from guidegraph.export.flat.flatten import Flat, flatten
from guidegraph.export.flat.steps import Step
from guidegraph.export.flat.syntax import Syntax

__all__ = ["Flat", "Step", "Syntax", "flatten"]
