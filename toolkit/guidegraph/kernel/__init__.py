"""The small language every rule is lowered to, and what it means.

Twelve node types, no more: numbers are ``Const Ref Agg Arith Cond``, conditions are
``Ref Cmp In Not And Or Score Assume``. Their meaning is strong Kleene logic over exact rationals:
a condition is True, False or None (*unknown*). ``Meaning`` is the reference: every target must
agree with it. Quantities are in the canonical unit of their input, times in whole minutes from the
first anchor, and window ends belong to the window.
"""

from __future__ import annotations

from guidegraph.kernel.comparing import compare, linear_terms
from guidegraph.kernel.meaning import COMPARED, Meaning, aggregate, holds, kleene_all, negate
from guidegraph.kernel.nodes import (
    FALSE,
    NOW,
    TRUE,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    Datum,
    Fn,
    In,
    Kind,
    Leaf,
    Node,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    Series,
    Truth,
    Value,
)
from guidegraph.kernel.trees import children, replace_leaves, replace_refs, walk

__all__ = [
    "COMPARED",
    "FALSE",
    "NOW",
    "TRUE",
    "Agg",
    "And",
    "Arith",
    "Assume",
    "Bool",
    "Cmp",
    "Cond",
    "Const",
    "Datum",
    "Fn",
    "In",
    "Kind",
    "Leaf",
    "Meaning",
    "Node",
    "Not",
    "Num",
    "Op",
    "Or",
    "Ref",
    "Score",
    "Series",
    "Truth",
    "Value",
    "aggregate",
    "children",
    "compare",
    "holds",
    "kleene_all",
    "linear_terms",
    "negate",
    "replace_leaves",
    "replace_refs",
    "walk",
]
