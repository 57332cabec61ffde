"""Which field a property of a thing has, also inside its parts, and a change of that place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guidegraph.edit import faults
from guidegraph.edit.insides import form_within
from guidegraph.edit.typed import full, spare
from guidegraph.errors import UsageError
from guidegraph.forms.form import Field, Form
from guidegraph.turtle.changes import Put
from guidegraph.turtle.values import RDF_TYPE, Iri, Part, Value

if TYPE_CHECKING:
    from guidegraph.edit.desk import Desk

Inside = tuple[tuple[str, int], ...]
"""The way into a part: property and number of the value, from outside to inside."""


def inside_of(data: object) -> Inside:
    """The way into a part as a page sends it: ``[property, number, property, number, ...]``."""
    flat: list[object] = []
    for each in data if isinstance(data, list) else []:
        flat += each if isinstance(each, list) else [each]
    pairs = list(zip(flat[::2], flat[1::2], strict=False))
    if len(flat) % 2 or not all(isinstance(p, str) and isinstance(n, int) for p, n in pairs):
        raise UsageError([faults.unreadable("The way into a part cannot be read.", "Load again.")])
    return tuple((full(str(path)), int(str(number))) for path, number in pairs)


def classes_of(desk: Desk, iri: str) -> tuple[str, ...]:
    """Of which classes a thing is; a ``UsageError`` where it is not there."""
    said = desk.describe(iri)
    if not said:
        told = f"There is nothing called <{iri}> in this guideline."
        hint = "Look at the list of things; perhaps it was renamed or taken away."
        raise UsageError([faults.unknown(told, hint)])
    return tuple(each.iri for each in said.get(RDF_TYPE, ()) if isinstance(each, Iri))


def field_of(forms: Sequence[Form], predicate: str, now: tuple[Value, ...]) -> Field:
    """The field of a property on the first form that has it, else one like its values."""
    found = (each.field(predicate) for each in forms)
    return next((each for each in found if each is not None), spare(predicate, now))


def place(
    desk: Desk, subject: str, predicate: str, inside: Inside
) -> tuple[Field, tuple[Value, ...]]:
    """The field of a property, and the values that it has now."""
    forms = [desk.form(each) for each in classes_of(desk, subject)]
    said = desk.describe(subject)
    for path, number in inside:
        values = said.get(path, ())
        field = field_of(forms, path, values)
        held = _part(values, number)
        form = form_within(field, held, desk.form)
        forms = [form] if form is not None else []
        said = _said(held)
    now = said.get(predicate, ())
    return field_of(forms, predicate, now), now


def put(desk: Desk, subject: str, predicate: str, inside: Inside, values: tuple[Value, ...]) -> Put:
    """The change by which a property has these values; inside a part only that part changes."""
    if not inside:
        return Put(subject, predicate, values)
    (path, _), said = inside[0], desk.describe(subject)
    changed = _with(said.get(path, ()), inside, predicate, values)
    return Put(subject, path, changed)


def _with(
    outer: tuple[Value, ...], inside: Inside, predicate: str, values: tuple[Value, ...]
) -> tuple[Value, ...]:
    (_, number), rest = inside[0], inside[1:]
    held = _part(outer, number)
    if rest:
        path = rest[0][0]
        inner = _with(_said(held).get(path, ()), rest, predicate, values)
        new = _replaced(held, path, inner)
    else:
        new = _replaced(held, predicate, values)
    return (*outer[:number], new, *outer[number + 1 :])


def _replaced(held: Part, predicate: str, values: tuple[Value, ...]) -> Part:
    places = [n for n, (path, _) in enumerate(held.statements) if path == predicate]
    at = places[0] if places else len(held.statements)
    before = [each for each in held.statements[:at] if each[0] != predicate]
    after = [each for each in held.statements[at:] if each[0] != predicate]
    return Part((*before, *((predicate, each) for each in values), *after))


def _said(held: Part) -> dict[str, tuple[Value, ...]]:
    said: dict[str, tuple[Value, ...]] = {}
    for path, value in held.statements:
        said[path] = (*said.get(path, ()), value)
    return said


def _part(values: tuple[Value, ...], number: int) -> Part:
    if 0 <= number < len(values):
        found = values[number]
        if isinstance(found, Part):
            return found
    told = "The part that was to be changed is not there any more."
    raise UsageError([faults.unknown(told, "Load the page again.")])
