"""What can be said inside a part: its property says it, and the class that it has itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from guidegraph.forms.form import Field, Form, Group
from guidegraph.turtle.values import RDF_TYPE, Iri, Part

FormOf = Callable[[str], Form]
"""The form of a class, by its IRI."""


def form_within(field: Field, part: Part, form_of: FormOf) -> Form | None:
    """The form of a part that stands at a field; None where nothing is known of what is inside.

    A part may stand where things are named otherwise, or be of one of several kinds: what its own
    class asks for comes after what the field asks for.
    """
    outer = field.parts
    made = Form(cls="", label="") if outer is None else outer
    for path, value in part.statements:
        if path == RDF_TYPE and isinstance(value, Iri) and value.iri != made.cls:
            made = _joined(made, form_of(value.iri))
    return made if outer is not None or any(made.fields) else None


def _joined(one: Form, other: Form) -> Form:
    """The first form, and what only the other one asks for."""
    there = {each.path for each in one.fields}
    more = (
        replace(group, fields=tuple(each for each in group.fields if each.path not in there))
        for group in other.groups
    )
    return Form(
        cls=one.cls or other.cls,
        label=one.label or other.label,
        help=one.help or other.help,
        groups=(*one.groups, *filter(_has_fields, more)),
        rules=tuple(dict.fromkeys((*one.rules, *other.rules))),
    )


def _has_fields(group: Group) -> bool:
    return bool(group.fields)
