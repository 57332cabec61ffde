"""What people type becomes values, exactly as it was meant, or a finding that says what to ask."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.check.likeness import hidden_sign
from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import dates, faults, numbers, words
from guidegraph.forms.form import UNIT, Choice, Field, Limit, Pattern
from guidegraph.forms.known import Known, Thing, called
from guidegraph.suggestion import did_you_mean
from guidegraph.terms import compact, expand, local_name
from guidegraph.turtle.names import is_iri
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_BOOLEAN,
    XSD_DECIMAL,
    XSD_INTEGER,
    XSD_STRING,
    Iri,
    Literal,
    Part,
    Value,
)

_TRUE = ("true", "yes", "y", "ja", "j")
_FALSE = ("false", "no", "n", "nee")
_VALUE = expand("gg:value")
_QUANTITY = re.compile(r"([-+\N{MINUS SIGN}]?[0-9][0-9.,]*)\s+(\S.*)|([-+]?[0-9][0-9.,]*)(\D.*)")
_ADDRESS = re.compile(r"(?:https?://|urn:|mailto:)\S+")
_MOST_NAMED = 8
_LINES = "\n"
_LIMITS: dict[str, tuple[Callable[[Fraction, Fraction], bool], str]] = {
    "minInclusive": (lambda value, limit: value >= limit, "at least"),
    "minExclusive": (lambda value, limit: value > limit, "more than"),
    "maxInclusive": (lambda value, limit: value <= limit, "at most"),
    "maxExclusive": (lambda value, limit: value < limit, "less than"),
}
_LENGTHS = {"minLength": "minInclusive", "maxLength": "maxInclusive"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How somebody types: the sign before decimals (empty: not known) and the language of words."""

    mark: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: a value, or why there is none."""

    value: Value | None = None
    findings: tuple[Diagnostic, ...] = ()


USUAL = Habits()


def read(field: Field, typed: str, known: Known, habits: Habits = USUAL) -> Answer:
    """One value of a field as it was typed; never two, and never a guess."""
    text = typed.replace("\r\n", "\n").strip()
    found: Value | Diagnostic
    if field.read_only:
        found = faults.unfit(f"“{field.label}” cannot be typed.", "Fill in the fields it is about.")
    elif field.parts is not None:
        found = _quantity(field, text, known, habits)
    elif field.choices:
        found = _chosen(field, text, known)
    elif field.names_things:
        found = _named(field, text, known)
        if isinstance(found, Diagnostic) and found.code in ("N105", "N116") and field.datatypes:
            found = _literal(field, text, habits)
    else:
        found = _literal(field, text, habits)
    if isinstance(found, Diagnostic):
        return Answer(None, (found,))
    against = _against(field, found)
    return Answer(None, (against,)) if against else Answer(found)


def several(field: Field, typed: str, known: Known, habits: Habits = USUAL) -> tuple[Answer, ...]:
    """Values with commas between, where the whole is not one value by itself."""
    whole = read(field, typed, known, habits)
    if whole.value is not None or not field.several or "," not in typed:
        return (whole,)
    if not (field.names_things or field.choices):
        return (whole,)
    return tuple(read(field, each, known, habits) for each in typed.split(",") if each.strip())


def part(field: Field, values: Iterable[tuple[str, Value]]) -> Part:
    """What stands inside, with its class where none is among the values."""
    assert field.parts is not None
    said = tuple(values)
    has_class = not field.parts.cls or any(path == RDF_TYPE for path, _ in said)
    return Part(said if has_class else ((RDF_TYPE, Iri(field.parts.cls)), *said))


# ---- literals --------------------------------------------------------------------------------


def _literal(field: Field, text: str, habits: Habits) -> Value | Diagnostic:
    if fault := words.fault_of(text, _LINES if field.editor == "TextAreaEditor" else ""):
        return fault
    if not text:
        return faults.missing(field.label, "Say it, or leave the field out.")
    if field.worded:
        return Literal(text, language=habits.language)
    datatype = next(iter(field.datatypes), XSD_STRING)
    local = local_name(datatype)
    read: str | Diagnostic
    if datatype == XSD_BOOLEAN:
        read = _truth(text)
    elif datatype == XSD_DECIMAL:
        read = numbers.decimal(text, habits.mark)
    elif datatype == XSD_INTEGER or local.endswith(("Integer", "int", "long", "short")):
        read = numbers.whole(text, habits.mark)
    elif local in ("double", "float"):
        read = faults.unfit(
            "Numbers are kept exactly, and this field asks for one that is rounded.",
            "Change the shape: let it ask for xsd:decimal.",
        )
    elif local == "date":
        read = dates.day(text)
    elif local == "dateTime":
        read = dates.moment(text)
    elif local == "anyURI":
        read = text if is_iri(text) and _ADDRESS.fullmatch(text) else faults.no_iri(text)
    else:
        read = text
    return read if isinstance(read, Diagnostic) else Literal(read, datatype)


def _truth(text: str) -> str | Diagnostic:
    plain = text.casefold()
    if plain in _TRUE:
        return "true"
    return "false" if plain in _FALSE else faults.no_truth(text)


def _quantity(field: Field, text: str, known: Known, habits: Habits) -> Value | Diagnostic:
    """A number with its unit, ``50 ug/L``; other parts have fields of their own."""
    assert field.parts is not None
    number, unit = field.parts.field(_VALUE), field.parts.field(UNIT)
    if number is None or unit is None:
        return faults.unfit(
            f"“{field.label}” has several parts.",
            "Give each part under its name: " + ", ".join(_part_names(field)) + ".",
        )
    found = _QUANTITY.fullmatch(text)
    if not found:
        return faults.incomplete_quantity(text)
    figures, word = found[1] or found[3], found[2] or found[4]
    told = [read(number, figures, known, habits), read(unit, word, known, habits)]
    wrong = [one for each in told for one in each.findings]
    if wrong:
        return wrong[0]
    both = zip((_VALUE, UNIT), told, strict=True)
    return part(field, [(path, each.value) for path, each in both if each.value is not None])


def _part_names(field: Field) -> list[str]:
    assert field.parts is not None
    return [f"`{local_name(e.path)}`" for e in field.parts.fields if not e.read_only]


# ---- things ----------------------------------------------------------------------------------


def _chosen(field: Field, text: str, known: Known) -> Value | Diagnostic:
    """One of the choices, by its name in files, its label, its notation or its IRI."""
    if sign := hidden_sign(text):
        return faults.unseen(text, sign)
    literals = [e.value for e in field.choices if isinstance(e.value, Literal)]
    same = [each for each in literals if each.lexical == text]
    if same:
        return same[0]
    things = [_as_thing(each, known) for each in field.choices if isinstance(each.value, Iri)]
    iri = known.full(text)
    if iri:
        found = tuple(e for e in things if e.iri == iri)
    else:
        found = _unit(things, text) if field.path == UNIT else called(things, text)
    names = [*(each.lexical for each in literals), *(each.local for each in things)]
    return _one(found, text, field.label, names, _all_names(things))


def _as_thing(choice: Choice, known: Known) -> Thing:
    assert isinstance(choice.value, Iri)
    there = known.by_iri(choice.value.iri)
    more = there.names if there else ()
    return Thing(choice.value.iri, frozenset(), tuple(dict.fromkeys((choice.label, *more))))


def _unit(things: list[Thing], text: str) -> tuple[Thing, ...]:
    """Capitals count in units (``mg`` and ``Mg`` are two); there are several signs for micro."""
    wanted = unicodedata.normalize("NFKC", text)
    return tuple(
        each
        for each in things
        if wanted in (unicodedata.normalize("NFKC", one) for one in (each.local, *each.names))
    )


def _named(field: Field, text: str, known: Known) -> Value | Diagnostic:
    """A thing of the guideline or a term, by its IRI, its local name, its notation or its label."""
    if sign := hidden_sign(text):
        return faults.unseen(text, sign)
    among = known.of(field.chosen_from) if field.chosen_from else known.things
    wanted = " or ".join(_word(each) for each in field.chosen_from) or "thing"
    iri = known.full(text)
    if iri is not None:
        there = known.by_iri(iri)
        if there and field.chosen_from and there not in among:
            return faults.another_kind(text, _is_a(there), wanted)
        if there or (_ADDRESS.fullmatch(iri) and not field.chosen_from):
            return Iri(iri) if is_iri(iri) else faults.no_iri(text)
        if not is_iri(iri):
            return faults.no_iri(text)
    found = called(among, text) if iri is None else ()
    if not found and (other := called(known.things, text)):
        return faults.another_kind(text, _is_a(other[0]), wanted)
    if not found and not field.chosen_from and not among:
        return faults.no_iri(text)
    return _one(found, text, wanted, [each.local for each in among], _all_names(among))


def _one(
    found: tuple[Thing, ...], text: str, wanted: str, names: list[str], every: list[str]
) -> Value | Diagnostic:
    if len(found) == 1:
        return Iri(found[0].iri)
    if found:
        listed = ", ".join(f"`{each.local}`" for each in found[:_MOST_NAMED])
        return faults.several_called(text, listed)
    hint = did_you_mean(text, names, otherwise=did_you_mean(text, every, otherwise=" ")).strip()
    return faults.nothing_called(text, wanted, hint or did_you_mean(text, names))


def _all_names(things: Iterable[Thing]) -> list[str]:
    return [each.label for each in things]


def _word(cls: str) -> str:
    """``gg:EvidenceClaim`` as people say it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(cls)).lower()


def _is_a(thing: Thing) -> str:
    own = sorted(each for each in thing.classes if compact(each).startswith("gg:"))
    return _word((own or sorted(thing.classes) or ["thing"])[0])


# ---- what shapes ask of a value --------------------------------------------------------------


def _against(field: Field, value: Value) -> Diagnostic | None:
    """What a pattern or a limit of the shape says against a value."""
    text = value.lexical if isinstance(value, Literal) else getattr(value, "iri", "")
    for pattern in field.patterns if isinstance(value, Literal | Iri) else ():
        if not _meets(pattern, text):
            message = pattern.message or f"`{text}` does not have the form that is asked for."
            return faults.unfit(message, _hint(field) or f"It must match `{pattern.regex}`.")
    for limit in field.limits if isinstance(value, Literal) else ():
        if told := _beyond(limit, text):
            return faults.unfit(f"`{text}` does not fit: {told}.", _hint(field))
    return None


def _meets(pattern: Pattern, text: str) -> bool:
    """Whether a text has this form; a pattern that is none asks nothing."""
    flags = (re.IGNORECASE if "i" in pattern.flags else 0) | (
        re.DOTALL if "s" in pattern.flags else 0
    )
    try:
        return re.search(pattern.regex, text, flags) is not None
    except re.error:
        return True


def _beyond(limit: Limit, text: str) -> str:
    if limit.kind in _LENGTHS and limit.value.isdecimal():
        holds, said = _LIMITS[_LENGTHS[limit.kind]]
        fits = holds(Fraction(len(text)), Fraction(limit.value))
        return "" if fits else f"it must have {said} {limit.value} characters"
    if limit.kind not in _LIMITS:
        return ""
    holds, said = _LIMITS[limit.kind]
    try:
        fits = holds(Fraction(text), Fraction(limit.value))
    except ValueError:  # days sort as texts
        day, bound = Fraction(text > limit.value), Fraction(text < limit.value)
        fits = holds(day, bound)
    return "" if fits else f"it must be {said} {limit.value}"


def _hint(field: Field) -> str:
    return next((each.hint for each in field.rules if each.hint), "Give another value.")
