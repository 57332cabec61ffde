"""Forms as JSON, for what draws them in a browser: every key always there, always in this order."""

from __future__ import annotations

from typing import Any

from guidegraph.forms.form import Choice, Field, Form, Group, Rule
from guidegraph.terms import compact
from guidegraph.turtle.values import Iri, Literal, Part, Sequence, Value


def as_data(form: Form, around: tuple[str, ...] = ()) -> dict[str, Any]:
    """A form as JSON has it; names are full IRIs, with the short name beside.

    Where a form stands inside itself, ``again`` says how many levels further out it is.
    ``around`` are the names of the forms that this one stands in.
    """
    return {
        "class": form.cls,
        "name": compact(form.cls),
        "label": form.label,
        "help": form.help,
        "groups": [_group(each, around) for each in form.groups],
        "rules": [_rule(each) for each in form.rules],
    }


def value_data(value: Value) -> dict[str, Any]:
    """A value of a property as JSON has it; numbers are texts, so that nothing is rounded."""
    match value:
        case Iri(iri):
            return {"iri": iri}
        case Literal(lexical, datatype, language):
            return {"text": lexical, "datatype": datatype, "language": language}
        case Part(statements):
            return {"part": [[path, value_data(each)] for path, each in statements]}
        case Sequence(members):
            return {"list": [value_data(each) for each in members]}
        case _:
            return {"blank": value.label}


def _group(group: Group, around: tuple[str, ...]) -> dict[str, Any]:
    return {
        "label": group.label,
        "order": group.order,
        "fields": [_field(each, around) for each in group.fields],
    }


def _field(each: Field, around: tuple[str, ...]) -> dict[str, Any]:
    again = around[::-1].index(each.within) + 1 if each.within in around else 0
    inside = None if again else each.parts
    return {
        "path": each.path,
        "name": compact(each.path) if not each.read_only else each.path,
        "label": each.label,
        "help": each.help,
        "required": each.required,
        "recommended": each.recommended,
        "minimum": each.minimum,
        "maximum": each.maximum,
        "readOnly": each.read_only,
        "editor": each.editor,
        "viewer": each.viewer,
        "datatypes": list(each.datatypes),
        "worded": each.worded,
        "languages": list(each.languages),
        "choices": [_choice(one) for one in each.choices],
        "chosenFrom": list(each.chosen_from),
        "namesThings": each.names_things,
        "unitChoices": [_choice(one) for one in each.unit_choices],
        "patterns": [
            {"regex": one.regex, "flags": one.flags, "message": one.message}
            for one in each.patterns
        ],
        "limits": [{"kind": one.kind, "value": one.value} for one in each.limits],
        "parts": as_data(inside, (*around, each.within)) if inside else None,
        "again": again,
        "order": each.order,
        "rules": [_rule(one) for one in each.rules],
        "valueRules": [_rule(one) for one in each.value_rules],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {"value": value_data(choice.value), "label": choice.label, "help": choice.help}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "severity": rule.severity,
        "message": rule.message,
        "hint": rule.hint,
        "about": list(rule.about),
    }
