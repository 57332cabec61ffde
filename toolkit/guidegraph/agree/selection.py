"""Which targets take part: all that are routine, or those that are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from guidegraph.agree.base import Executor


@dataclass(frozen=True, slots=True)
class Selection:
    """The executors that take part, and why each other one does not."""

    executors: tuple[Executor, ...]
    skipped: dict[str, str]


class UnavailableError(Exception):
    """A target that was asked for by name is unknown or cannot run; the text is for people."""


def select(
    known: Sequence[Executor], names: Collection[str] = (), everything: bool = False
) -> Selection:
    """Choose among the executors; those not installed are left out unless asked for by name.

    Raises:
        UnavailableError: for a name that no executor has, or one that cannot run here.
    """
    by_name = {each.name: each for each in known}
    for name in names:
        if name not in by_name:
            raise UnavailableError(f"There is no target `{name}`; there are {', '.join(by_name)}.")
        if why := by_name[name].missing():
            raise UnavailableError(f"`{name}` cannot run here: {why}.")
    chosen, skipped = [], {}
    for each in known:
        why = each.missing()
        if names and each.name not in names:
            skipped[each.name] = "not asked for"
        elif why:
            skipped[each.name] = why
        elif names or everything or each.is_routine:
            chosen.append(each)
        else:
            skipped[each.name] = f"slow to start: ask with --target {each.name} or --all"
    return Selection(tuple(chosen), skipped)
