"""Conditions as nested expressions of a target: one method for each kind of node.

A target whose own *and*, *or* and *not* are three-valued (SQL, FEEL, CQL) writes a condition as it
stands. It says here how each node is said; going through the tree is done once, below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar, assert_never

from guidegraph.kernel import And, Assume, Bool, Cmp, In, Not, Or, Ref, Score
from guidegraph.wire import Linear, Wire

T = TypeVar("T")


class Writer(ABC, Generic[T]):
    """Writes conditions over the wire form ``form``; ``T`` is what an expression is (text, a tree).

    A comparison reaches ``compared`` as ``sum(coefficient * datum) + constant OP 0``, all whole.
    Every answer must be the same true, false or unknown as ``kernel.Meaning`` gives.
    """

    def __init__(self, form: Wire) -> None:
        self.form = form

    def write(self, node: Bool) -> T:
        """The expression of a condition."""
        match node:
            case Ref():
                return self.answer(node)
            case Cmp():
                return self.compared(self.form.linear(node), node)
            case In(code, codes):
                return self.member(code, codes)
            case Not(operand):
                return self.negated(self.write(operand))
            case And(operands):
                return self.all_of(tuple(map(self.write, operands)))
            case Or(operands):
                return self.any_of(tuple(map(self.write, operands)))
            case Score(at_least, items):
                return self.scored(at_least, tuple((self.write(e), p) for e, p in items))
            case Assume(operand, default, why):
                return self.assumed(self.write(operand), default, why)
            case _:
                assert_never(node)

    @abstractmethod
    def answer(self, ref: Ref) -> T:
        """The answer to a yes/no input, or of a named criterion or rule (is it effective?)."""

    @abstractmethod
    def compared(self, line: Linear, node: Cmp) -> T:
        """A comparison; ``node`` is the same in canonical units. Unknown if any datum is."""

    @abstractmethod
    def member(self, code: Ref, codes: tuple[str, ...]) -> T:
        """Whether a code is one of some; unknown if the code is, also among no codes."""

    @abstractmethod
    def negated(self, operand: T) -> T:
        """Kleene *not*."""

    @abstractmethod
    def all_of(self, operands: tuple[T, ...]) -> T:
        """Kleene *and*; of nothing it is true."""

    @abstractmethod
    def any_of(self, operands: tuple[T, ...]) -> T:
        """Kleene *or*; of nothing it is false."""

    @abstractmethod
    def scored(self, at_least: int, items: tuple[tuple[T, int], ...]) -> T:
        """True once the true items have enough points, false once even the open ones have not."""

    @abstractmethod
    def assumed(self, operand: T, default: bool, why: str) -> T:
        """The operand, or ``default`` where it is unknown."""
