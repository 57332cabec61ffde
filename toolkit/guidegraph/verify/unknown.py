"""Being known, being unknown and answering alike, as conditions of the kernel themselves.

A question about unknown data is so asked like any other, and its witness is put to the reference
semantics in the same way.
"""

from __future__ import annotations

from guidegraph.kernel import Agg, And, Assume, Bool, Cmp, In, Not, Or, Ref
from guidegraph.wire import Wire

WHY = "asked about what is not known"


def is_true(condition: Bool) -> Bool:
    """A condition is true; where it is unknown, this is false."""
    return Assume(condition, default=False, why=WHY)


def is_not_false(condition: Bool) -> Bool:
    """A condition is true or unknown."""
    return Assume(condition, default=True, why=WHY)


def is_unknown(condition: Bool) -> Bool:
    """A condition is neither true nor false."""
    return And((is_not_false(condition), Not(is_true(condition))))


def answers_differ(one: Bool, other: Bool) -> Bool:
    """Two conditions do not have the same of the three truths."""
    return Or(
        (
            unlike(is_true(one), is_true(other)),
            unlike(is_not_false(one), is_not_false(other)),
        )
    )


def unlike(one: Bool, other: Bool) -> Bool:
    """One of two conditions is true and the other one false."""
    return Or((And((one, Not(other))), And((Not(one), other))))


def is_known(wire: Wire, datum: Ref | Agg) -> Bool:
    """A datum is known: a series, if something was measured in the window."""
    if isinstance(datum, Agg):
        return is_true(Cmp("=", datum, datum))
    match wire.inputs[datum.name].kind:
        case "boolean":
            return is_true(Or((datum, Not(datum))))
        case "code":
            return is_true(In(datum, wire.inputs[datum.name].codes))
        case _:
            return is_true(Cmp("=", datum, datum))
