"""The answers about a new thing: from JSON or from prompts, checked against its form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rdflib import Graph

from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.forms import faults
from guidegraph.forms.form import Field, Form
from guidegraph.forms.kinds import Kind, Question
from guidegraph.forms.known import Known, folded
from guidegraph.forms.numbers import POINT
from guidegraph.forms.reading import Habits, part, read, several
from guidegraph.forms.shapes import form
from guidegraph.suggestion import did_you_mean
from guidegraph.terms import compact, expand, local_name
from guidegraph.turtle.values import Iri, Literal, Value

ID = "id"
_LABEL = expand("rdfs:label")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class Exact(str):
    """A number of a JSON file, as it is written there."""

    __slots__ = ()


Stated = dict[str, tuple[Value, ...]]
Places = Callable[[str], Location | None]


def nowhere(name: str) -> Location | None:
    """Where nothing has a place."""
    return None


@dataclass(frozen=True)
class Asking:
    """A kind of thing with its form, and what is known while it is asked about."""

    kind: Kind
    known: Known
    habits: Habits
    own: Form
    others: tuple[Form, ...] = ()

    def field_of(self, question: Question, term: str) -> Field:
        """The field of a question."""
        found = (each.field(expand(term)) for each in (self.own, *self.others))
        return next(each for each in found if each is not None)

    def fields(self) -> Iterator[Field]:
        """Every field that may be filled in; of other classes, those that are asked about."""
        asked = {path for each in self.kind.questions if each.cls for path in each.paths}
        yield from (each for each in self.own.fields if not each.read_only)
        for other in self.others:
            yield from (each for each in other.fields if each.path in asked)

    def default(self, question: Question) -> Value | None:
        """What is taken where nothing is answered."""
        if not question.default:
            return None
        each = self.field_of(question, question.terms[0])
        iris = (c.value for c in each.choices if isinstance(c.value, Iri))
        return next(iri for iri in iris if local_name(iri.iri) == question.default)

    def must_answer(self, question: Question, stated: Stated) -> bool:
        """Whether the question may not be left open after the answers so far."""
        if question.only_if is not None:
            return self.is_asked(question, stated)
        return question.is_required

    def is_asked(self, question: Question, stated: Stated) -> bool:
        """Whether the question makes sense after the answers so far."""
        if question.only_if is None:
            return True
        term, code = question.only_if
        given = stated.get(expand(term), ())
        return any(isinstance(each, Iri) and local_name(each.iri) == code for each in given)


def asking(kind: Kind, known: Known, graph: Graph, habits: Habits) -> Asking:
    """What is to be asked about a new thing; ``graph`` holds the ontology and other shapes."""
    more = dict.fromkeys(each.cls for each in kind.questions if each.cls)
    forms = [form(graph, expand(each)) for each in (kind.cls, *more)]
    return Asking(kind, known, habits, forms[0], tuple(forms[1:]))


# ---- JSON ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Filled:
    """Answers as values, the name that was asked for, and what is wrong."""

    stated: Stated = field(default_factory=dict)
    name: str = ""
    findings: list[Diagnostic] = field(default_factory=list)


def parsed(text: str) -> object:
    """JSON with its numbers as they are written; a ``ValueError`` where it is none."""
    return json.loads(
        text,
        parse_float=Exact,
        parse_int=Exact,
        parse_constant=_no_constant,
        object_pairs_hook=_each_once,
    )


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not a number")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(each for each in names if names.count(each) > 1)
        raise ValueError(f"`{twice}` is given twice")
    return found


def from_json(asked: Asking, given: Mapping[str, object], places: Places = nowhere) -> Filled:
    """The answers that a script gives; what it leaves out has its default, or is missing.

    ``places`` says where a key of the file stands (the empty key: where the file begins).
    """
    filled = Filled()
    findings: list[Diagnostic] = []
    for name, item in given.items():
        _fill(asked, name, item, filled)
        findings += [replace(each, at=places(name)) for each in filled.findings]
        filled.findings.clear()
    filled.findings += findings
    complete(asked, filled)
    filled.findings = [replace(e, at=e.at or places("")) for e in filled.findings]
    return filled


def _fill(asked: Asking, name: str, item: object, filled: Filled) -> None:
    """One key of a file, and what is wrong with its value."""
    if name == ID and isinstance(item, str):
        filled.name = item
        return
    each = _field_called(asked, name)
    if each is None:
        names = [ID, *(local_name(one.path) for one in asked.fields())]
        filled.findings.append(faults.unknown_field(name, did_you_mean(name, names)))
        return
    values = tuple(_values(asked, each, item, filled.findings))
    if values:
        filled.stated[each.path] = (*filled.stated.get(each.path, ()), *values)
        filled.findings += _too_many(each, filled.stated[each.path])


def complete(asked: Asking, filled: Filled) -> None:
    """Add defaults, and say what is not answered."""
    wrong = bool(filled.findings)
    for question in asked.kind.questions:
        if any(path in filled.stated for path in question.paths):
            if len([path for path in question.paths if path in filled.stated]) > 1:
                names = ", ".join(map(local_name, question.paths))
                filled.findings.append(faults.too_many(f"one of {names}"))
            continue
        default = asked.default(question)
        if default is not None:
            filled.stated[question.paths[0]] = (default,)
        elif not wrong and asked.must_answer(question, filled.stated):
            filled.findings.append(_missing(asked, question))


def _missing(asked: Asking, question: Question) -> Diagnostic:
    names = " or ".join(f"`{local_name(path)}`" for path in question.paths)
    return faults.missing(question.words, f"{why_asked(asked, question)} Here: {names}.".strip())


def why_asked(asked: Asking, question: Question) -> str:
    """What the shapes say to do where the question is not answered."""
    path = question.paths[0]
    own = asked.field_of(question, question.terms[0]).rules
    whole = [rule for rule in asked.own.rules if path in rule.about]
    longer = [r for e in asked.own.fields if e.read_only for r in e.rules if path in r.about]
    return next((rule.hint for rule in (*own, *longer, *whole) if rule.hint), "")


def _too_many(each: Field, values: tuple[Value, ...]) -> list[Diagnostic]:
    if each.worded:
        languages = [one.language for one in values if isinstance(one, Literal)]
        return [faults.too_many(each.label)] if len(set(languages)) < len(languages) else []
    return [faults.too_many(each.label)] if not each.several and len(values) > 1 else []


def _field_called(asked: Asking, name: str) -> Field | None:
    """The field of this name: ``gg:statement``, ``statement``, or as its label has it."""
    fields = list(asked.fields())
    for found in (
        [each for each in fields if name in (each.path, compact(each.path))],
        [each for each in fields if local_name(each.path) == name],
        [each for each in fields if folded(each.label) == folded(name)],
    ):
        if len({each.path for each in found}) == 1:
            return found[0]
    return None


def _values(
    asked: Asking, each: Field, item: object, findings: list[Diagnostic]
) -> Iterator[Value]:
    if item is None:
        return
    if isinstance(item, list):
        for one in item:
            yield from _values(asked, each, one, findings)
    elif isinstance(item, dict):
        yield from _of_object(asked, each, item, findings)
    else:
        habits = replace(asked.habits, mark=POINT) if isinstance(item, Exact) else asked.habits
        typed = str(item).lower() if isinstance(item, bool) else str(item)
        answer = read(each, typed, asked.known, habits)
        findings += answer.findings
        if answer.value is not None:
            yield answer.value


def _of_object(
    asked: Asking, each: Field, item: dict[str, object], findings: list[Diagnostic]
) -> Iterator[Value]:
    if each.worded:
        for language, words in item.items():
            if not _LANGUAGE.fullmatch(language):
                findings.append(faults.no_language(language))
                continue
            if isinstance(words, dict):
                hint = 'Give the words: `{"en": "..."}`.'
                findings.append(faults.unfit(f"“{each.label}” has no parts.", hint))
                continue
            habits = replace(asked.habits, language=language)
            yield from _values(replace(asked, habits=habits), each, words, findings)
        return
    if each.parts is None:
        hint = "Give one text or number, or several of them in a list."
        findings.append(faults.unfit(f"“{each.label}” has no parts.", hint))
        return
    inside = replace(asked, kind=replace(asked.kind, questions=()), own=each.parts, others=())
    found: list[tuple[str, Value]] = []
    before = len(findings)
    for name, one in item.items():
        inner = _field_called(inside, name)
        if inner is None:
            names = did_you_mean(name, [local_name(e.path) for e in inside.fields()])
            findings.append(faults.unknown_field(name, names))
            continue
        found += [(inner.path, value) for value in _values(inside, inner, one, findings)]
    given = {path for path, _ in found}
    for inner in each.parts.fields:
        if inner.required and not inner.read_only and inner.path not in given:
            hint = next((rule.hint for rule in inner.rules if rule.hint), "Add it.")
            if len(findings) == before:
                findings.append(faults.missing(f"{each.label}: {inner.label}", hint))
    if len(findings) == before:
        yield part(each, found)


# ---- prompts ---------------------------------------------------------------------------------


def answered(
    asked: Asking, each: Field, typed: str
) -> tuple[tuple[Value, ...], tuple[Diagnostic, ...]]:
    """What was typed at a prompt: the values, or why there are none."""
    told = several(each, typed, asked.known, asked.habits)
    findings = tuple(one for answer in told for one in answer.findings)
    values = tuple(answer.value for answer in told if answer.value is not None)
    return ((), findings) if findings else (values, tuple(_too_many(each, values)))


def english_label(stated: Stated) -> str:
    """The label a name is made of."""
    said = [each for each in stated.get(_LABEL, ()) if isinstance(each, Literal)]
    best = [each for each in said if each.language == "en"] or said
    return best[0].lexical if best else ""
