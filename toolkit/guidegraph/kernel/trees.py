"""What is inside a node, and a condition with its leaves replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from guidegraph.kernel.nodes import (
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    In,
    Leaf,
    Node,
    Not,
    Or,
    Ref,
    Score,
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside ``node``."""
    match node:
        case Ref() | Const() | Agg():
            return ()
        case And(operands) | Or(operands):
            return operands
        case Cmp(_, left, right):
            return left, right
        case Not(operand) | Assume(operand):
            return (operand,)
        case In(code):
            return (code,)
        case Score(_, items):
            return tuple(item for item, _ in items)
        case Arith(terms):
            return tuple(part for _, part in terms)
        case Cond(test, then, otherwise):
            return test, then, otherwise
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything inside it, parents first."""
    waiting = [node]
    while waiting:
        yield (each := waiting.pop())
        waiting += reversed(children(each))


def replace_leaves(node: Bool, change: Callable[[Leaf], Bool]) -> Bool:
    """The condition with each comparison, membership and reference replaced by ``change`` of it."""
    match node:
        case Ref() | Cmp() | In():
            return change(node)
        case Not(operand):
            return Not(replace_leaves(operand, change))
        case And(operands):
            return And(tuple(replace_leaves(each, change) for each in operands))
        case Or(operands):
            return Or(tuple(replace_leaves(each, change) for each in operands))
        case Score(at_least, items):
            return Score(at_least, tuple((replace_leaves(e, change), p) for e, p in items))
        case Assume(operand, default, why):
            return Assume(replace_leaves(operand, change), default, why)
        case _:
            assert_never(node)


def replace_refs(node: Bool, change: Callable[[Ref], Bool]) -> Bool:
    """The condition with every reference to a criterion or rule replaced by ``change`` of it."""

    def changed(leaf: Leaf) -> Bool:
        named = isinstance(leaf, Ref) and leaf.kind in ("criterion", "rule")
        return change(leaf) if named and isinstance(leaf, Ref) else leaf

    return replace_leaves(node, changed)
