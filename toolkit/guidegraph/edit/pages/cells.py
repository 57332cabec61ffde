"""One property of one thing as it is edited: the same on a form, in a table and in a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from hashlib import sha256
from typing import TYPE_CHECKING

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit.insides import form_within
from guidegraph.forms.form import UNIT, Choice, Field, Form
from guidegraph.terms import compact, expand, local_name
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Part, Sequence, Value

if TYPE_CHECKING:
    from guidegraph.edit.pages.catalogue import Catalogue

VALUE = expand("gg:value")
_AREAS = ("TextAreaEditor", "RichTextEditor")
_LONG = 60
_FEW = 8
_LANGUAGES = ("en", "nl", "de", "fr", "es")
Describe = Callable[[str], Mapping[str, tuple[Value, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One value. ``same`` is its place among the values there are; None for one that is new.

    ``text`` is what stands in the control, ``label`` what it is called, ``href`` where it leads.
    ``parts`` is what stands inside; a value that is ``kept`` cannot be typed here, only kept.
    """

    same: int | None = None
    text: str = ""
    label: str = ""
    language: str = ""
    href: str = ""
    kept: bool = False
    parts: tuple[Cell, ...] = ()

    @property
    def seen(self) -> tuple[Cell, ...]:
        """What is shown of what stands inside: where that is much, what is filled or required."""
        if len(self.parts) <= _FEW:
            return self.parts
        return tuple(e for e in self.parts if e.is_filled or e.required) or self.parts[:_FEW]

    @property
    def folded(self) -> tuple[Cell, ...]:
        """What else could stand inside."""
        seen = {each.id for each in self.seen}
        return tuple(each for each in self.parts if each.id not in seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A property of a thing with its values. ``label`` is what people hear and read before it.

    A property inside a part that has parts itself is begun anew from a ``template``, which the
    outermost cell has among its ``templates``: each there is once, however deep parts may go.
    """

    id: str
    subject: str
    path: str
    label: str
    help: str
    widget: str
    field: Field
    values: tuple[Shown, ...] = ()
    blank: Shown = made(default_factory=Shown)
    findings: tuple[Diagnostic, ...] = ()
    languages: tuple[str, ...] = ()
    units: bool = False
    required: bool = False
    template: str = ""
    templates: tuple[Cell, ...] = ()

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The values, or an empty one to begin with where that asks nobody for nothing."""
        begins = not self.values and (
            self.widget != "parts" or self.units or not (self.field.several or self.template)
        )
        return (self.blank,) if begins else self.values

    @property
    def grows(self) -> bool:
        """Whether values can be added and taken away one by one."""
        return (self.field.several or bool(self.template)) and not self.field.read_only

    def kind(self, value: Shown) -> str:
        """How what stands in the row of a value is read."""
        if value.kept:
            return "kept"
        if value.parts or (self.widget == "parts" and value.same is None):
            return "parts"
        return "words" if self.field.worded else "thing" if self.widget == "thing" else "plain"

    @property
    def is_filled(self) -> bool:
        """Whether the thing says anything here."""
        return bool(self.values)

    def is_translation(self, value: Shown) -> bool:
        """Whether a value says in another language what stands there in English, too."""
        has_english = any(each.language == "en" for each in self.values)
        return value.language not in ("", "en") and has_english

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen."""
        return self.field.choices

    @property
    def of(self) -> str:
        """The classes of which something is named, as an address asks for them."""
        return " ".join(self.field.chosen_from)

    def typed(self, choice: Choice) -> str:
        """What is sent where this is chosen."""
        return _text(choice.value)


@dataclass(frozen=True)
class Cells:
    """Makes cells of the drafted guideline; forms are made once."""

    form: Callable[[str], Form]
    describe: Describe
    catalogue: Catalogue
    findings: Callable[[str, Field], tuple[Diagnostic, ...]] = lambda iri, each: ()
    _known: dict[str, Form] = made(default_factory=dict)
    _said: dict[str, Mapping[str, tuple[Value, ...]]] = made(default_factory=dict)
    _times: dict[tuple[str, str], int] = made(default_factory=dict)

    def form_of(self, iri: str) -> Form:
        """The form of a thing."""
        return self.form_for(self.catalogue.class_of(iri))

    def form_for(self, cls: str) -> Form:
        """The form of a class."""
        if cls not in self._known:
            self._known[cls] = self.form(cls)
        return self._known[cls]

    def said(self, iri: str) -> Mapping[str, tuple[Value, ...]]:
        """All that is stated of a thing."""
        if iri not in self._said:
            self._said[iri] = self.describe(iri)
        return self._said[iri]

    def cell(self, iri: str, term: str, of: str = "") -> Cell | None:
        """The cell of a property, by its compact name; None where the thing has no such field.

        ``of`` says of what the property is, where the page around it does not.
        """
        each = self.form_of(iri).field(expand(term))
        if each is None or each.read_only:
            return None
        return self.of_field(iri, each, f"{each.label}: {of}" if of else "")

    def of_field(self, iri: str, each: Field, label: str = "") -> Cell:
        """The cell of a field of a thing. The same one may stand on a page several times."""
        values = self.said(iri).get(each.path, ()) if iri else ()
        number = self._times[iri, each.path] = self._times.get((iri, each.path), 0) + 1
        cell = self._cell(iri, each, values, "" if number == 1 else str(number))
        whole = replace(
            cell,
            label=label or each.label,
            findings=self.findings(iri, each),
            blank=self._blank(cell, f"{cell.id}-n"),
            template="",
        )
        return replace(whole, templates=tuple(self._templates(whole)))

    def _cell(self, iri: str, each: Field, values: Iterable[Value], inside: str) -> Cell:
        said = tuple(values)
        name = f"f-{_token(iri, each.path, inside)}"
        shown = tuple(self._shown(iri, each, n, one, name) for n, one in enumerate(said))
        languages = dict.fromkeys([*each.languages, *(e.language for e in shown), *_LANGUAGES])
        units = is_quantity(each)
        is_deep = each.parts is not None and not units
        cell = Cell(
            id=name,
            subject=iri,
            path=each.path,
            label=each.label,
            help=each.help,
            widget=widget_of(each, said, self._names_own(each)),
            field=each,
            values=shown,
            languages=tuple(each for each in languages if each) if each.worded else (),
            units=units,
            required=each.required,
            template=_token(each.within, each.path) if is_deep else "",
        )
        return cell if is_deep else replace(cell, blank=self._blank(cell, f"{name}-n"))

    def _blank(self, cell: Cell, inside: str) -> Shown:
        """An empty value to begin with."""
        each = cell.field
        return Shown(
            parts=self._parts(cell.subject, each.parts, Part(), inside) if each.parts else (),
            language=next(iter(each.languages), "en") if each.worded else "",
        )

    def _templates(self, cell: Cell) -> Iterator[Cell]:
        """What may stand inside the parts of a cell, at any depth: each once, with no value."""
        found: set[str] = set()
        waiting = [cell]
        while waiting:
            one = waiting.pop(0)
            for inner in (each for value in (*one.values, one.blank) for each in value.parts):
                waiting.append(inner)
                if inner.template and inner.template not in found:
                    found.add(inner.template)
                    blank = self._blank(inner, f"{cell.id}-{inner.template}")
                    made = replace(inner, id=f"{cell.id}-{inner.template}", values=(), blank=blank)
                    waiting.append(made)
                    yield made

    def _names_own(self, each: Field) -> bool:
        """Whether what may be chosen are things of the guideline, of which there may be many."""
        own = self.catalogue.by_iri
        return any(isinstance(one.value, Iri) and one.value.iri in own for one in each.choices)

    def _shown(self, iri: str, each: Field, place: int, value: Value, name: str) -> Shown:
        match value:
            case Iri(target):
                there = target in self.catalogue.by_iri
                href = target if there and target != iri else ""
                return Shown(same=place, text=target, label=self.catalogue.label(target), href=href)
            case Literal(lexical, _, language):
                return Shown(same=place, text=lexical, label=lexical, language=language)
            case Part():
                form = form_within(each, value, self.form_for)
                inner = self._parts(iri, form, value, f"{name}-{place}") if form else ()
                told = in_words(value, self.catalogue)
                return Shown(same=place, label=told, parts=inner, kept=not inner)
            case _:
                return Shown(same=place, label=in_words(value, self.catalogue), kept=True)

    def _parts(self, iri: str, form: Form, part: Part, inside: str) -> tuple[Cell, ...]:
        said: dict[str, list[Value]] = {}
        for path, value in part.statements:
            said.setdefault(path, []).append(value)
        return tuple(
            self._cell(iri, one, said.get(one.path, ()), inside)
            for one in form.fields
            if not one.read_only and (one.path != RDF_TYPE or one.choices)
        )


def widget_of(each: Field, said: tuple[Value, ...], names_own: bool = False) -> str:
    """Which control a property has: by the editor that its shape names, else by its values."""
    if each.parts is not None:
        return "parts"
    if each.choices and not names_own:
        return "select"
    if each.editor == "BooleanSelectEditor":
        return "truth"
    if each.names_things or names_own or each.editor == "AutoCompleteEditor":
        return "thing"
    if each.editor == "DatePickerEditor":
        return "date"
    long = any(isinstance(one, Literal) and len(one.lexical) > _LONG for one in said)
    return "area" if each.editor in _AREAS or long else "text"


def is_quantity(each: Field) -> bool:
    """Whether the values are a number with a unit and nothing else."""
    if each.parts is None:
        return False
    return {one.path for one in each.parts.fields if not one.read_only} == {VALUE, UNIT}


def in_words(value: Value, known: Catalogue) -> str:
    """A value that cannot be typed, or a part, as people read it."""
    match value:
        case Iri(iri):
            return known.label(iri)
        case Literal(lexical):
            return lexical
        case Part(statements):
            told = [
                (path, in_words(each, known)) for path, each in statements if "#type" not in path
            ]
            by_path = dict(told)
            if set(by_path) == {VALUE, UNIT}:
                return f"{by_path[VALUE]} {by_path[UNIT]}"
            return ", ".join(f"{known.property_words(path)}: {words}" for path, words in told)
        case Sequence(members):
            return ", ".join(in_words(each, known) for each in members)
        case _:
            return "a thing without a name"


def name_of(path: str) -> str:
    """A property as files have it: ``gg:modality``."""
    short = compact(path)
    return local_name(path) if short.startswith("<") else short


def _text(value: Value) -> str:
    match value:
        case Iri(iri):
            return iri
        case Literal(lexical):
            return lexical
        case _:
            return ""


def _token(*told: str) -> str:
    """A short name that stays the same for the same property of the same thing."""
    return sha256("\0".join(told).encode()).hexdigest()[:12]
