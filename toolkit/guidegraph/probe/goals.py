"""What patients should be like for a fault to show: each limit, code and answer deciding a rule.

A leaf (comparison, membership, answer) *decides* where everything beside it on the way up to a
rule leaves the answer to it: the other operands of an ``And`` hold, those of an ``Or`` do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.kernel import And, Assume, Bool, Cmp, In, Leaf, Not, Or, Ref, Score, Truth
from guidegraph.probe.layout import Layout
from guidegraph.probe.repair import Aim, Brink, Pin, Want

STANDINGS: tuple[tuple[Truth, Truth], ...] = (
    (True, True),
    (True, None),
    (True, False),
    (None, None),
    (None, False),
    (False, False),
)
"""Guard and effective of a rule: every pair that can be, so every status."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Aims for one patient. ``must`` are worth keeping where ``beside`` cannot be met with them."""

    must: tuple[Aim, ...]
    beside: tuple[Aim, ...] = ()
    leaf: Leaf | None = None


Way = tuple[Leaf, tuple[Aim, ...]]
"""A leaf of a condition with what lets it decide."""


def goals(layout: Layout) -> Iterator[Goal]:
    """Every leaf deciding once, every status of every rule, then every leaf deciding every rule."""
    roots = [*layout.guards.values(), *(layout.conditions.values())]
    everywhere = [list(ways(root)) for root in roots]
    first: dict[Leaf, Way] = {}
    later: list[Way] = []
    for found in everywhere:
        for way in found:
            if way[0] in first:
                later.append(way)
            else:
                first[way[0]] = way
    for way in first.values():
        yield from _deciding(layout, way)
    yield from statuses(layout)
    for way in later:
        yield from _deciding(layout, way)


def statuses(layout: Layout) -> Iterator[Goal]:
    """Each rule with each pair of truths of guard and effective."""
    for rule in layout.program.rules:
        guard, in_force = layout.guards[rule.name], layout.conditions[Ref("rule", rule.name)]
        for held, effective in STANDINGS:
            if held is effective or rule.unless:
                yield Goal((Want(guard, held), Want(in_force, effective)))


def ways(root: Bool) -> Iterator[Way]:
    """The leaves of a condition, each once, with what has to hold beside it."""
    seen: set[Leaf] = set()
    stack: list[tuple[Bool, tuple[Aim, ...]]] = [(root, ())]
    visited: set[int] = set()
    while stack:
        node, beside = stack.pop()
        if isinstance(node, Leaf):
            if node not in seen:
                seen.add(node)
                yield node, beside
        elif id(node) not in visited:
            visited.add(id(node))
            stack.extend(reversed([(part, beside + more) for part, more in _inside(node)]))


def _inside(node: Bool) -> Iterator[tuple[Bool, tuple[Aim, ...]]]:
    """The parts of a condition, each with what lets it decide."""
    match node:
        case Not(operand) | Assume(operand):
            yield operand, ()
        case And(operands) | Or(operands):
            rest = isinstance(node, And)
            for each in operands:
                yield each, tuple(Want(other, rest) for other in operands if other is not each)
        case Score(_, items):
            yield from ((each, (Brink(node, each, points),)) for each, points in items)
        case Ref() | Cmp() | In():
            return


def _deciding(layout: Layout, way: Way) -> Iterator[Goal]:
    leaf, beside = way
    for each in _aims(layout, leaf):
        yield Goal((each,), beside, leaf)
    if not (isinstance(leaf, In) and leaf.code.kind == "setting"):
        spared = tuple(each.or_unknown if isinstance(each, Want) else each for each in beside)
        yield Goal((Want(leaf, None),), spared, leaf)


def _aims(layout: Layout, leaf: Leaf) -> Iterator[Aim]:
    """What a leaf should be once: at, below and above its limit; each code; yes and no."""
    if isinstance(leaf, Cmp):
        pins = [Pin(leaf, side) for side in (-1, 0, 1)]
        yield from (each for each in pins if each.is_possible(layout))
    elif isinstance(leaf, In):
        held = layout.settings if leaf.code.kind == "setting" else layout.inputs
        for code in held[leaf.code.name].codes:
            yield Want(In(leaf.code, (code,)), True)
    else:
        yield from (Want(leaf, truth) for truth in (True, False))
