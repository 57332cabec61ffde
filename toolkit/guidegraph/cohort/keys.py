"""One whole number for each way in which rows are written, so that rows find their meaning fast.

Names, units, assays and answers are numbered; ``key`` makes one number of the four. What is not on
a list has the number 0: an observable that is unknown, an answer that is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guidegraph.cohort.places import Places

YES_AND_NO = ("true", "false", "True", "False", "TRUE", "FALSE")
"""How yes and no may be written."""


def quoted(text: str) -> str:
    """Text as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: Sequence[str]) -> str:
    """Texts as a list of SQL."""
    return ", ".join(map(quoted, names)) or "NULL"


def position(names: Sequence[str], column: str) -> str:
    """The number of a text on a list, from 1; 0 if it is not on it."""
    return f"coalesce(list_position([{listed(names)}]::VARCHAR[], {column}), 0)"


@dataclass(frozen=True, slots=True)
class Keys:
    """The lists. Observables stand in the order numbers, answers, moments."""

    numbers: tuple[str, ...]
    answers: tuple[str, ...]
    clocks: tuple[str, ...]
    words: tuple[str, ...]
    units: tuple[str, ...] = ()
    assays: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every observable, and the moments."""
        return self.numbers + self.answers + self.clocks

    def word(self, alias: str = "r") -> str:
        """The number of an answer; 0 for numbers and moments, and for what is no answer."""
        first, last = len(self.numbers), len(self.numbers) + len(self.answers)
        name = position(self.names, f"{alias}.observable")
        inner = position(self.words, f"{alias}.value")
        return f"CASE WHEN {name} > {first} AND {name} <= {last} THEN {inner} ELSE 0 END"

    def key(self, alias: str = "r") -> str:
        """The number of a row's way of being written."""
        text = position(self.names, f"{alias}.observable")
        for names, column in ((self.units, "unit"), (self.assays, "assay")):
            text = f"({text}) * {len(names) + 1} + {position(names, f'{alias}.{column}')}"
        return f"({text}) * {len(self.words) + 1} + {self.word(alias)}"

    def number(self, observable: str, unit: str, assay: str, word: int) -> int:
        """The same in Python."""
        found = 0
        for names, text in ((self.names, observable), (self.units, unit), (self.assays, assay)):
            found = found * (len(names) + 1 if names is not self.names else 1)
            found += names.index(text) + 1 if text in names else 0
        return found * (len(self.words) + 1) + word


def keys(known: Places) -> Keys:
    """The lists as far as the guideline makes them: yes and no may be written large."""
    words = dict.fromkeys(["", *(word for each in known.all for word in each.answers)])
    words |= dict.fromkeys(YES_AND_NO)
    return Keys(
        tuple(each.name for each in known.all if each.is_number),
        tuple(each.name for each in known.all if not each.is_number),
        known.clocks,
        tuple(words),
    )
