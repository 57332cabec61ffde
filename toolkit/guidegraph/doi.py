"""Digital object identifiers: the many ways people write one, and the one form to compare."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RESOLVERS = re.compile(r"^(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|^doi\s*:\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")


def is_meant(text: str) -> bool:
    """Whether a text is given as a DOI (``doi:``, an address of the resolver), be it one or not."""
    return bool(_RESOLVERS.match(text.strip()))


def bare(text: str) -> str | None:
    """``10.1111/JTH.14817`` for ``doi:10.1111/JTH.14817`` and its web addresses; None if no DOI."""
    found = _RESOLVERS.sub("", text.strip(), count=1).strip()
    return found if _DOI.fullmatch(found) else None


def normalised(text: str) -> str | None:
    """A DOI in the one form to compare: capitals do not count in it, so it is in small letters."""
    found = bare(text)
    return None if found is None else found.casefold()


def first(identifiers: Iterable[str]) -> str | None:
    """The DOI among the identifiers of a document."""
    return next((doi for each in identifiers if (doi := normalised(each))), None)
