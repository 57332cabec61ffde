"""What may have been meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_LISTED = 12


def alike(name: str, known: Iterable[str], cutoff: float = 0.6) -> tuple[str, ...]:
    """Up to three known names that look like this one, the likest first; capitals do not count.

    ``cutoff`` (0 to 1) is how like they must be.
    """
    folded = {each.casefold(): each for each in sorted(known, reverse=True)}
    near = get_close_matches(name.strip().casefold(), folded, n=3, cutoff=cutoff)
    return tuple(folded[each] for each in near)


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A question with the likest known name; or else ``otherwise``, or the names there are."""
    names = sorted(known)
    if near := alike(name, names):
        return f"Did you mean `{near[0]}`?"
    if otherwise:
        return otherwise
    listed = ", ".join(f"`{each}`" for each in names[:_MOST_LISTED])
    more = ", …" if len(names) > _MOST_LISTED else ""
    return f"There are: {listed}{more}." if names else "There are none."
