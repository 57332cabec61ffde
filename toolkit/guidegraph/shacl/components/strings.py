"""How values are written: length, pattern, language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyoxigraph as ox

from guidegraph.columns.columns import BLANK
from guidegraph.shacl import patterns
from guidegraph.shacl.components.constraint import Asking, Breaches, Shown, Simple, View
from guidegraph.shacl.wording import shown


@dataclass(frozen=True, slots=True)
class Length(Simple):
    """Each value has at least, or at most, so many characters. A blank node has none to count."""

    PARAMETERS: ClassVar = ("minLength", "maxLength")
    name: str
    length: int

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Length]:
        """One for each of the two."""
        for name in cls.PARAMETERS:
            if (length := shape.number(name)) is not None:
                yield cls(name, length)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that do not."""
        lengths = view.literals.lengths[view.values]
        if self.name == "minLength":
            yield view.wrong("MinLength", (lengths >= self.length) & (lengths >= 0))
        else:
            yield view.wrong("MaxLength", (lengths <= self.length) & (lengths >= 0))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        side = "fewer" if self.name == "minLength" else "more"
        return f"The value has {side} characters than {self.length}."


@dataclass(frozen=True, slots=True)
class Pattern(Simple):
    """In each value a pattern is found. Blank nodes have no text."""

    PARAMETERS: ClassVar = ("pattern", "flags")
    pattern: str
    flags: str

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Pattern]:
        """One for each pattern."""
        flags = shape.one("flags")
        for each in shape.all("pattern"):
            if not isinstance(each, ox.Literal):
                raise shape.fault("pattern", f"has the value {shown(each)}, which is no text")
            found = cls(each.value, "" if flags is None else flags.value)
            try:
                patterns.Pattern(found.pattern, found.flags)
            except patterns.UnusablePatternError as fault:
                raise shape.fault("pattern", f"{shown(each)} {fault}") from None
            yield found

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values in which it is not."""
        right = view.data.kinds(view.values) != BLANK
        distinct, back = view.data.distinct(view.values[right])
        texts = view.literals.texts(distinct)
        matched = patterns.Pattern(self.pattern, self.flags).matched(texts)
        met = np.fromiter((each in matched for each in texts), np.bool_, len(texts))
        right[right] = met[back]
        yield view.wrong("Pattern", right)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value does not match the pattern {self.pattern!r}."


@dataclass(frozen=True, slots=True)
class Language(Simple):
    """Each value is in one of some languages."""

    PARAMETERS: ClassVar = ("languageIn",)
    ranges: tuple[str, ...]

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Language]:
        """One or none."""
        if (head := shape.one("languageIn")) is not None:
            members = shape.items(head, "languageIn")
            if not all(isinstance(each, ox.Literal) for each in members):
                raise shape.fault("languageIn", "has something in its list that is no language")
            yield cls(tuple(each.value.lower() for each in members))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not."""
        languages = view.literals.languages[view.values]
        fits = [self._fits(each) for each in view.literals.tags()]
        yield view.wrong("LanguageIn", np.array(fits, dtype=np.bool_)[languages])

    def _fits(self, tag: str) -> bool:
        wide = (each == "*" or tag == each or tag.startswith(f"{each}-") for each in self.ranges)
        return bool(tag) and any(wide)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value is not a text in one of the languages {', '.join(self.ranges)}."


@dataclass(frozen=True, slots=True)
class UniqueLanguage(Simple):
    """No two values are in the same language."""

    PARAMETERS: ClassVar = ("uniqueLang",)

    @classmethod
    def read(cls, shape: Asking) -> Iterator[UniqueLanguage]:
        """One or none."""
        if shape.truth("uniqueLang") and shape.all("uniqueLang")[0].value == "true":  # not "1"
            if not shape.is_property:
                raise shape.fault("uniqueLang", "needs a path, and this shape has no sh:path")
            yield cls()

    def breaches(self, view: View) -> Iterator[Breaches]:
        """Each language that a focus node has several values in."""
        languages = view.literals.languages[view.values]
        tagged = languages > 0
        both = view.at[tagged] << 32 | languages[tagged]
        met, counts = np.unique(both, return_counts=True)
        yield Breaches.of("UniqueLang", met[counts > 1] >> 32)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return "Several values are in the same language."
