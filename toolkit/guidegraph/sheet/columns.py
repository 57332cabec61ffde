"""The columns of a sheet, made of the fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from guidegraph.forms.form import Field, Group
from guidegraph.terms import compact
from guidegraph.turtle.values import RDF_TYPE


class Key(NamedTuple):
    """What a column is about: a property, the language of its words, a property inside its part.

    ``language`` is None where words have no column for each language; a column that is worked out
    has a name instead of a property.
    """

    path: str
    language: str | None = None
    inner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is about, its heading, and the heading of the columns around it."""

    key: Key
    heading: str
    band: str
    field: Field | None = None
    help: str = ""

    @property
    def is_worked_out(self) -> bool:
        """Whether it only shows what follows from elsewhere."""
        return self.field is None

    @property
    def asks(self) -> Field | None:
        """The field that says what may stand in a cell: of a part, the one inside."""
        if self.field is None or not self.key.inner or self.field.parts is None:
            return self.field
        return self.field.parts.field(self.key.inner)

    @property
    def splits(self) -> bool:
        """Whether a cell may hold several values, one on each line."""
        asks = self.asks
        is_single = self.key.inner or self.key.language is not None
        return (
            asks is not None and asks.several and not is_single and asks.editor != "TextAreaEditor"
        )


def worked_out(name: str, band: str, help: str) -> Column:
    """A column that only shows."""
    return Column(key=Key(name), heading=name, band=band, help=help)


def can_stand(field: Field) -> bool:
    """Whether the values of a field fit into cells."""
    if field.read_only or field.path == RDF_TYPE:
        return False
    if field.parts is None:
        return True
    inner = [each for each in field.parts.fields if not each.read_only]
    return field.maximum == 1 and all(e.parts is None and not e.several for e in inner)


def columns(groups: Iterable[Group], languages: dict[str, tuple[str, ...]]) -> tuple[Column, ...]:
    """A column for each field, each language of its words, each property of its part."""
    made = [
        each
        for group in groups
        for field in group.fields
        if can_stand(field)
        for each in of_field(field, group.label, languages.get(field.path, ()))
    ]
    return unlike(made)


def of_field(field: Field, band: str, languages: tuple[str, ...]) -> Iterator[Column]:
    """The columns of one field."""
    heading = field.label[:1].upper() + field.label[1:]

    def column(key: Key, heading: str, help: str) -> Column:
        return Column(key=key, heading=heading, band=band, field=field, help=help)

    if field.parts is not None:
        for each in field.parts.fields:
            if not each.read_only:
                key = Key(field.path, None, each.path)
                yield column(key, f"{heading}: {each.label}", each.help or field.help)
    elif field.worded:
        for tag in languages or field.languages or ("en",):
            told = tag or "no language"
            yield column(Key(field.path, tag), f"{heading} ({told})", field.help)
    else:
        yield column(Key(field.path), heading, field.help)


def unlike(made: Iterable[Column]) -> tuple[Column, ...]:
    """The columns, each key once, each with a heading of its own."""
    found: dict[Key, Column] = {}
    headings: set[str] = set()
    for each in made:
        if each.key in found:
            continue
        heading, number = each.heading, 1
        while heading.casefold() in headings:
            inside = f" / {compact(each.key.inner)}" if each.key.inner else ""
            heading = f"{each.heading} [{compact(each.key.path)}{inside}]"
            heading += f" {number}" if number > 1 else ""
            number += 1
        headings.add(heading.casefold())
        found[each.key] = Column(
            key=each.key, heading=heading, band=each.band, field=each.field, help=each.help
        )
    return tuple(found.values())
