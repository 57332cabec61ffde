"""What a page sends for a property becomes values; what cannot be read in one way is told.

Each item is a text as it was typed, words in a language, a part (what stands inside) that is new or
that is changed, or a value that stays as it is: see ``pages``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from guidegraph.check.likeness import hidden_sign
from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.insides import FormOf, form_within
from guidegraph.errors import UsageError
from guidegraph.forms import faults as answers
from guidegraph.forms.form import UNIT, Field, Form
from guidegraph.forms.known import Known, called
from guidegraph.forms.reading import Habits, part, read
from guidegraph.terms import compact, expand, local_name
from guidegraph.turtle.parsing import DEPTH
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Part, Value

MARKS = {"": "", "point": ".", "comma": ",", ".": ".", ",": ","}
_VALUE = expand("gg:value")
_LANGUAGE_LONGEST = 20


@dataclass(frozen=True)
class Reader:
    """Who reads: what is known, how this person types, and the forms of classes."""

    known: Known
    habits: Habits
    form_of: FormOf
    depth: int = 0

    def values(
        self, field: Field, items: object, now: tuple[Value, ...]
    ) -> tuple[tuple[Value, ...], tuple[Diagnostic, ...]]:
        """The values that are meant; ``now`` are those the property has. All findings are told."""
        if not isinstance(items, list):
            raise UsageError([faults.unreadable("`typed` is not a list.", "Send a list.")])
        found: list[Value] = []
        told: list[Diagnostic] = []
        for each in items:
            try:
                value = self._value(field, each, now)
            except UsageError as refused:
                told += refused.findings
            else:
                found += value
        if field.worded and any(isinstance(each, str) for each in items):
            found += _other_languages(found, now)
        if not told:
            told += _too_many(field, found)
        return (() if told else tuple(found)), tuple(dict.fromkeys(told))

    def _value(self, field: Field, item: object, now: tuple[Value, ...]) -> list[Value]:
        match item:
            case str():
                return self._text(field, item, now, self.habits)
            case {"same": int() as number}:
                return [_at(now, number)]
            case {"text": str() as text, "language": str() as language}:
                return self._words(field, text, language, now)
            case {"of": int() as number, "parts": dict() as inside}:
                return [self._changed(field, _at(now, number), inside)]
            case {"parts": dict() as inside}:
                return [self._part(field, inside)]
        told = "What is sent for a property cannot be understood."
        raise UsageError([faults.unreadable(told, "Load the page again.")])

    def _text(self, field: Field, text: str, now: tuple[Value, ...], habits: Habits) -> list[Value]:
        if not text.strip():
            return []
        for each in now:  # what is shown and was not touched stays as it is
            is_other = isinstance(each, Literal) and each.language not in ("", habits.language)
            if not is_other and shown(each, field, self.known) == text:
                return [each]
        if sign := hidden_sign(text, "\n" if field.editor == "TextAreaEditor" else ""):
            raise UsageError([answers.unseen(text, sign)])
        answer = read(field, text, self.known, habits)
        if answer.value is None:
            raise UsageError(map(_as_asked_here, answer.findings))
        return [answer.value]

    def _words(self, field: Field, text: str, language: str, now: tuple[Value, ...]) -> list[Value]:
        if not language:
            return self._text(field, text, now, self.habits)
        plain = language.replace("-", "")
        if not (plain.isascii() and plain.isalnum()) or len(language) > _LANGUAGE_LONGEST:
            raise UsageError([answers.no_language(language)])
        same = [e for e in now if isinstance(e, Literal) and e.language.lower() == language.lower()]
        tag = same[0].language if same else language
        return self._text(field, text, tuple(same), replace(self.habits, language=tag))

    # ---- parts -------------------------------------------------------------------------------

    def _part(self, field: Field, inside: Mapping[str, Any]) -> Value:
        own = _held(field, field.parts)
        kind = {name: items for name, items in inside.items() if full(name) == RDF_TYPE}
        told = Part(tuple(self._inside(own, kind, {})))
        own = form_within(field, told, self.form_of) or own
        said = list(self._inside(own, inside, {}))
        if not said:
            raise UsageError([answers.missing(field.label, "Fill it in, or take it away.")])
        return part(field, said)

    def _changed(self, field: Field, now: Value, inside: Mapping[str, Any]) -> Value:
        """A part with other values for some of its properties; the rest keeps its place."""
        if not isinstance(now, Part):
            told = f"“{field.label}” has no parts there."
            raise UsageError([faults.unknown(told, "Load the page again.")])
        own = _held(field, form_within(field, now, self.form_of))
        held: dict[str, tuple[Value, ...]] = {}
        for path, value in now.statements:
            held[path] = (*held.get(path, ()), value)
        more = dict[str, list[Value]]()
        for path, value in self._inside(own, inside, held):
            more.setdefault(path, []).append(value)
        kept: list[tuple[str, Value]] = []
        done: set[str] = set()
        for path, value in now.statements:
            if path not in _paths(inside):
                kept.append((path, value))
            elif path not in done:
                done.add(path)
                kept += [(path, each) for each in more.get(path, ())]
        kept += [(path, e) for path, values in more.items() if path not in done for e in values]
        return Part(tuple(kept))

    def _inside(
        self, own: Form, inside: Mapping[str, Any], held: Mapping[str, tuple[Value, ...]]
    ) -> Iterator[tuple[str, Value]]:
        if self.depth == DEPTH:
            raise UsageError([faults.unreadable("Parts are nested too deep.", "Give them names.")])
        deeper = replace(self, depth=self.depth + 1)
        told: list[Diagnostic] = []
        for name, items in inside.items():
            path = full(name)
            now = held.get(path, ())
            field = own.field(path) or spare(path, now)
            values, findings = deeper.values(field, items, now)
            told += findings
            yield from ((path, each) for each in values)
        if told:
            raise UsageError(told)


def _as_asked_here(finding: Diagnostic) -> Diagnostic:
    """What is advised about numbers, without the option of the command line."""
    if finding.code != "N101":
        return finding
    advised = (finding.help or "").partition(" Where all numbers are typed in one way")[0]
    hint = "If you always write decimals with the same sign, say so under Help."
    return replace(finding, help=f"{advised} {hint}")


def _held(field: Field, inside: Form | None) -> Form:
    if inside is None:
        told = f"“{field.label}” has no parts."
        raise UsageError([faults.unknown(told, "Load the page again.")])
    return inside


def _paths(inside: Mapping[str, Any]) -> set[str]:
    return {full(each) for each in inside}


def full(name: str) -> str:
    """A property by its full IRI, also where a short name was sent."""
    try:
        return expand(name) if "://" not in name and ":" in name else name
    except KeyError:
        return name


def spare(path: str, now: tuple[Value, ...]) -> Field:
    """A field for a property of which no form knows: like the values it has."""
    kinds = {each.datatype for each in now if isinstance(each, Literal)}
    languages = {each.language for each in now if isinstance(each, Literal)} - {""}
    named = bool(now) and all(isinstance(each, Iri) for each in now)
    return Field(
        path=path,
        label=local_name(path),
        datatypes=tuple(kinds) if len(kinds) == 1 else (),
        worded=bool(languages),
        names_things=named,
    )


def _at(now: tuple[Value, ...], number: int) -> Value:
    if not 0 <= number < len(now):
        told = "A value that was to stay is not there any more."
        raise UsageError([faults.unknown(told, "Load the page again.")])
    return now[number]


def _other_languages(found: Iterable[Value], now: Iterable[Value]) -> Iterator[Value]:
    """What is said in languages of which nothing was sent stays."""
    said = {each.language.lower() for each in found if isinstance(each, Literal)}
    for each in now:
        if isinstance(each, Literal) and each.language and each.language.lower() not in said:
            yield each


def _too_many(field: Field, values: Iterable[Value]) -> list[Diagnostic]:
    found = list(values)
    if field.worded:
        languages = [each.language.lower() for each in found if isinstance(each, Literal)]
        if field.maximum == 1 and len(set(languages)) < len(languages):
            return [answers.too_many(field.label)]
        return []
    return [answers.too_many(field.label)] if not field.several and len(found) > 1 else []


def shown(value: Value, field: Field, known: Known) -> str:
    """A value as it can be typed again; empty where it cannot be typed at all."""
    match value:
        case Literal(lexical):
            return lexical
        case Iri(iri):
            local = local_name(iri)
            return local if len(called(known.things, local)) == 1 else f"<{iri}>"
        case Part(statements) if field.parts is not None:
            said = {path: each for path, each in statements if path != RDF_TYPE}
            if said.keys() == {_VALUE, UNIT} and len(statements) == len(said) + 1:
                number, unit = said[_VALUE], said[UNIT]
                if isinstance(number, Literal) and isinstance(unit, Iri):
                    return f"{number.lexical} {_unit(unit.iri, field)}"
    return ""


def _unit(iri: str, field: Field) -> str:
    labels = (e.label for e in field.unit_choices if e.value == Iri(iri))
    return next(labels, compact(iri))
