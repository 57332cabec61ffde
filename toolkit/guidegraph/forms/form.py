"""A form as frozen values: groups of fields, each with its editor, its choices and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guidegraph.terms import expand
from guidegraph.turtle.values import Value

UNIT = expand("gg:unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a shape asks for, in its own words; ``about`` are the properties it speaks of."""

    code: str
    severity: str
    message: str
    hint: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that may be chosen."""

    value: Value
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression that a text must meet, and what to say where it does not."""

    regex: str
    flags: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A bound by its name in SHACL (``minInclusive``, ``maxLength``, ...), exactly as written."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property of a thing.

    ``path`` is a full IRI; where a shape speaks of a longer path, it is that path as SPARQL writes
    it, and the field is ``read_only``. ``recommended`` is what only a warning asks for.
    ``datatypes`` are those that may stand (the first is written); ``chosen_from`` are classes of
    which a thing is named; ``languages`` are those that must be there. ``value_rules`` are what
    shapes ask of the values themselves. ``within`` is the name of the form of what stands inside,
    to be found in ``forms``: a form may stand inside itself, so it is found when it is asked for.
    """

    path: str
    label: str
    help: str = ""
    minimum: int = 0
    maximum: int | None = None
    recommended: bool = False
    read_only: bool = False
    editor: str = "TextFieldEditor"
    viewer: str = ""
    datatypes: tuple[str, ...] = ()
    worded: bool = False
    languages: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    chosen_from: tuple[str, ...] = ()
    names_things: bool = False
    patterns: tuple[Pattern, ...] = ()
    limits: tuple[Limit, ...] = ()
    within: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict, compare=False, repr=False)
    order: str = ""
    rules: tuple[Rule, ...] = ()
    value_rules: tuple[Rule, ...] = ()

    @property
    def parts(self) -> Form | None:
        """The form of what stands inside, where the values have no name of their own."""
        return self.forms.get(self.within)

    @property
    def required(self) -> bool:
        """Whether a thing without it is wrong."""
        return self.minimum > 0

    @property
    def several(self) -> bool:
        """Whether more than one value may stand; words count once for each language."""
        return self.maximum is None or self.maximum > 1

    @property
    def unit_choices(self) -> tuple[Choice, ...]:
        """The units of the part that stands here, if it has one."""
        inside = self.parts.field(UNIT) if self.parts else None
        return inside.choices if inside else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that stand together under a heading."""

    label: str
    order: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What can be said about a thing of a class. ``rules`` speak of several fields at once."""

    cls: str
    label: str
    help: str = ""
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = field(default=())

    @property
    def fields(self) -> Iterator[Field]:
        """All fields, in the order in which they are shown."""
        for group in self.groups:
            yield from group.fields

    def field(self, path: str) -> Field | None:
        """The field of a property."""
        return next((each for each in self.fields if each.path == path), None)
