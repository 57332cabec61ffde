"""Comments inside a block, each beside what it belongs to.

A comment on a line of its own belongs to what comes next, one at the end of a line to what stands
before it. Comments inside brackets belong to what is in the brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from guidegraph.turtle.tokens import comments
from guidegraph.turtle.tree import Block, Entry, Node
from guidegraph.turtle.values import Part, Sequence


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment: its text, where it begins, and whether it has a line of its own."""

    text: str
    start: int
    is_alone: bool


@dataclass(slots=True)
class Unit:
    """A verb or a value with the comments above it and the one after it."""

    node: Node
    above: list[str] = field(default_factory=list)
    after: str = ""


Group = tuple[Unit | None, list[Unit]]
"""A property (verb and values), or a member (no verb)."""


@dataclass(slots=True)
class Remarked:
    """What brackets or a block hold, with the comments between.

    ``opening`` is the comment after the bracket or the subject, ``tail`` are those before the end.
    """

    groups: list[Group]
    opening: str = ""
    tail: list[str] = field(default_factory=list)


def remarks(text: str) -> tuple[Remark, ...]:
    """The comments of a block in the order of its text."""
    return tuple(
        Remark(each.text, each.start, _is_alone(text, each.start)) for each in comments(text)
    )


def _is_alone(text: str, start: int) -> bool:
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return not text[line:start].strip() and line > 0


def is_bracketed(node: Node) -> bool:
    """Whether the node is written in brackets, ``[ ]`` or ``( )``."""
    return isinstance(node.value, Part | Sequence)


def remarked(holder: Block | Node, found: tuple[Remark, ...]) -> Remarked:
    """The properties or members of a holder, each with its comments."""
    if isinstance(holder, Block):
        start, end = holder.subject.end, holder.close
    else:
        start, end = holder.start, holder.end - 1
    held = Remarked([_group(each) for each in holder.entries])
    if isinstance(holder, Node):
        held.groups += [(None, [Unit(each)]) for each in holder.members]
    loose = [each for each in found if start < each.start < end]
    if loose:
        _place(held, loose, tuple(_stops(holder, held)))
    return held


def _group(entry: Entry) -> Group:
    return Unit(entry.verb), [Unit(each) for each in entry.objects]


def _stops(holder: Block | Node, held: Remarked) -> Iterator[tuple[int, Unit, bool]]:
    """Where each verb, value and separator begins, the unit it belongs to, whether it is that."""
    for position, (verb, units) in enumerate(held.groups):
        if verb:
            yield verb.node.start, verb, True
        for each in units:
            yield each.node.start, each, True
        if verb:
            entry = holder.entries[position]
            yield from ((comma, units[n], False) for n, comma in enumerate(entry.commas))
            yield from ((each, units[-1], False) for each in entry.semicolons)


def _place(held: Remarked, loose: list[Remark], stops: tuple[tuple[int, Unit, bool], ...]) -> None:
    in_order = sorted(stops, key=lambda stop: stop[0])
    for each in loose:
        if any(
            is_bracketed(u.node) and u.node.start < each.start < u.node.end for _, u, _ in stops
        ):
            continue
        before = [unit for start, unit, _ in in_order if start < each.start]
        after = [unit for start, unit, is_it in in_order if is_it and start > each.start]
        if not each.is_alone and before and not before[-1].after:
            before[-1].after = each.text
        elif not each.is_alone and not before and not held.opening:
            held.opening = each.text
        elif after:
            after[0].above.append(each.text)
        else:
            held.tail.append(each.text)
