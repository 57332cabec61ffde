"""Identifiers for generated programs: legal in most languages, and no two things share one."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Names:
    """Names of small letters, digits and underscores. ``reserved`` words become ``the_word``."""

    reserved: frozenset[str] = frozenset()
    given: dict[Hashable, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def give(self, thing: Hashable, wanted: str) -> str:
        """A new name for ``thing``, like ``wanted``."""
        plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_") or "unnamed"
        if plain[0].isdigit() or plain in self.reserved:
            plain = f"the_{plain}"
        name, count = plain, 1
        while name in self.taken:
            count += 1
            name = f"{plain}_{count}"
        self.taken.add(name)
        self.given[thing] = name
        return name

    def __getitem__(self, thing: Hashable) -> str:
        return self.given[thing]

    def __contains__(self, thing: Hashable) -> bool:
        return thing in self.given
