"""How a thing is called in a cell: by its label where only it is called so, else by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property

from guidegraph.check.likeness import hidden_sign
from guidegraph.forms.form import UNIT, Field
from guidegraph.forms.known import Known, folded
from guidegraph.terms import local_name
from guidegraph.turtle.values import Iri

_LONGEST = 120
"""Characters of a label that still serves as a name."""


class Names:
    """The names of all things, for choosing the one that can be read back."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._chosen: dict[tuple[str, str], str] = {}

    def shown(self, field: Field, iri: str) -> str:
        """What stands in a cell of this field for a thing."""
        key = (field.path, iri)
        if key not in self._chosen:
            self._chosen[key] = self._choose(field, iri)
        return self._chosen[key]

    def all_of(self, field: Field) -> tuple[str, ...]:
        """Everything that can be named in a field, for its drop-down list."""
        if field.choices:
            found: Iterable[str] = [e.value.iri for e in field.choices if isinstance(e.value, Iri)]
        elif field.chosen_from:
            found = [each.iri for each in self._known.of(field.chosen_from)]
        else:
            return ()
        shown = [self.shown(field, each) for each in dict.fromkeys(found)]
        return tuple(shown) if field.choices else tuple(sorted(shown, key=str.casefold))

    def _choose(self, field: Field, iri: str) -> str:
        same = self._exact if field.path == UNIT else self._folded
        among = self._among(field)
        for each in (*self._labels(field, iri), local_name(iri)):
            fits = each.strip() == each and len(each) <= _LONGEST and "\n" not in each
            if not fits or hidden_sign(each) or self._known.full(each) is not None:
                continue
            sign = unicodedata.normalize("NFKC", each) if field.path == UNIT else folded(each)
            found = same.get(sign, frozenset()) | self._said_by_choices(field, sign)
            if (found if among is None else found & among) == {iri}:
                return each
        return iri

    def _labels(self, field: Field, iri: str) -> list[str]:
        said = [each.label for each in field.choices if each.value == Iri(iri)]
        there = self._known.by_iri(iri)
        return [*said, *([there.names[0]] if there and there.names else [])]

    def _said_by_choices(self, field: Field, sign: str) -> frozenset[str]:
        plain = (lambda e: unicodedata.normalize("NFKC", e)) if field.path == UNIT else folded
        return frozenset(
            each.value.iri
            for each in field.choices
            if isinstance(each.value, Iri) and plain(each.label) == sign
        )

    def _among(self, field: Field) -> frozenset[str] | None:
        if field.choices:
            return frozenset(e.value.iri for e in field.choices if isinstance(e.value, Iri))
        if field.chosen_from:
            return self._of(field.chosen_from)
        return None

    def _of(self, classes: tuple[str, ...]) -> frozenset[str]:
        if classes not in self._by_classes:
            self._by_classes[classes] = frozenset(e.iri for e in self._known.of(classes))
        return self._by_classes[classes]

    @cached_property
    def _by_classes(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {}

    @cached_property
    def _folded(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for each in self._known.things:
            for one in (each.local, *each.names):
                found.setdefault(folded(one), set()).add(each.iri)
        return {name: frozenset(iris) for name, iris in found.items()}

    @cached_property
    def _exact(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for each in self._known.things:
            for one in (each.local, *each.names):
                found.setdefault(unicodedata.normalize("NFKC", one), set()).add(each.iri)
        return {name: frozenset(iris) for name, iris in found.items()}
