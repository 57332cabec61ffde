"""The guideline as one Python module that needs nothing but Python.

The module decides about a patient exactly as the reference does, says how, and carries what a
reader needs to check it by eye: labels, printed figures, passages, units. It has no floating-point
number in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from guidegraph.export import notes
from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.python.logic import SECTION, Logic, quoted
from guidegraph.export.words import clean
from guidegraph.model import Action, Guideline, Recommendation
from guidegraph.program import Input, Named, Rule, Setting

if TYPE_CHECKING:
    from jinja2 import Template

WIDTH = 99
INDENT = " " * 4
NOW_LABEL = "The minute of the decision"


@dataclass(frozen=True, slots=True)
class PythonExporter:
    """``python/<guideline>.py``."""

    name: str = "python"
    description: str = "a Python module of the decision logic, standard library only"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The module of a guideline under the readings in force."""
        file_name = loaded.guideline_id.replace("-", "_") + ".py"
        yield Artifact(f"python/{file_name}", _template().render(_context(loaded, file_name)))


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("guidegraph.export.python"),
        autoescape=select_autoescape(()),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("module.py.j2")


def _context(loaded: ExportInput, file_name: str) -> dict[str, Any]:
    guideline, program = loaded.guideline, loaded.program
    logic = Logic(program, guideline.anchor_words)
    for named in program.criteria:
        logic.criterion(named.name, named.condition, [notes.of_criterion(guideline, named)])
    for rule in program.rules:
        head, *rest = notes.of_rule(guideline, rule)
        logic.rule(rule, [SECTION + head, *rest])
    place = {each.id: number for number, each in enumerate(guideline.recommendations)}
    rules = sorted(program.rules, key=lambda each: place.get(each.name, len(place)))
    return {
        "title": _docstring(notes.title(guideline)),
        "about": _docstring(_about(loaded)),
        "anchor": _docstring(guideline.anchor_words),
        "file_name": file_name,
        "facts_table": _docstring(_facts_table(program.inputs)),
        "settings_table": _docstring(_settings_table(program.settings)),
        "guideline": quoted(loaded.guideline_id),
        "version": quoted(program.version),
        "readings": _literal(dict(sorted(program.readings.items()))),
        "inputs": _literal(_inputs(program.inputs)),
        "settings": _literal({each.name: _setting(each) for each in program.settings}),
        "recommendations": _literal({each.name: _rule(guideline, each) for each in rules}),
        "criteria": _literal({each.name: _criterion(guideline, each) for each in program.criteria}),
        "parts": _literal({name: parts for name, parts in logic.parts.items() if parts}),
        "logic": [line.text(INDENT, WIDTH) for line in logic.lines],
        "further": [line.text(INDENT * 2, WIDTH) for line in logic.further],
        "answers": [(quoted(name), local) for name, local in logic.answers.items()],
    }


# --- words ----------------------------------------------------------------------------------------


def _about(loaded: ExportInput) -> str:
    paragraphs = [_filled(each) for each in notes.about(loaded)]
    if lines := [_filled(each, "    ") for each in notes.readings(loaded)]:
        paragraphs.append("\n".join(["Readings in force:", "", *lines]))
    return "\n\n".join(paragraphs)


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        clean(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent and indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _docstring(text: str) -> str:
    """Text that may stand inside a docstring."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _facts_table(inputs: Iterable[Input]) -> str:
    rows = [("name", "form", "unit", "what it is")]
    rows += [(each.name, _form(each), each.unit or "", each.label) for each in inputs]
    rows.append(("now", "a whole number", "min", NOW_LABEL))
    return _table(rows)


def _form(datum: Input | Setting) -> str:
    match datum.kind:
        case "boolean":
            return "True or False"
        case "code":
            return " | ".join(datum.codes)
        case "series":
            return "series" + _steps(datum)
        case _:
            return "number" + _steps(datum)


def _steps(datum: Input | Setting) -> str:
    return f" x {10**datum.scale}" if datum.scale else ""


def _settings_table(settings: Sequence[Setting]) -> str:
    if not settings:
        return "There are none."
    rows = [("name", "form", "unit", "default", "what it is")]
    for each in settings:
        default = _setting(each)["default"]
        rows.append((each.name, _form(each), each.unit or "", str(default), each.label))
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; the last one is not."""
    tidy = [[clean(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in tidy) for column in range(len(tidy[0]) - 1)]
    return "\n".join(
        "    " + "  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in tidy
    )


# --- tables of data -------------------------------------------------------------------------------


def _inputs(inputs: Iterable[Input]) -> dict[str, dict[str, Any]]:
    found = {
        each.name: _stated(
            kind=each.kind,
            label=each.label,
            question=each.question,
            unit=each.unit,
            scale=each.scale or None,
            low=_whole(each.low, each.scale, up=True),
            high=_whole(each.high, each.scale, up=False),
            basis=each.basis,
            codes=tuple(each.codes),
        )
        for each in inputs
    }
    return {**found, "now": {"kind": "quantity", "label": NOW_LABEL, "unit": "min"}}


def _stated(**fields: Any) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value != ()}


def _setting(setting: Setting) -> dict[str, Any]:
    default: int | str | None = None
    if isinstance(setting.default, Fraction):
        default = _whole(setting.default, setting.scale, up=True)
        if default != setting.default * 10**setting.scale:
            msg = f"the default of {setting.name} has more decimal places than are known"
            raise ValueError(msg)
    else:
        default = setting.default
    low, high = not setting.low_inclusive, not setting.high_inclusive
    return _stated(
        kind=setting.kind,
        label=setting.label,
        unit=setting.unit,
        scale=setting.scale or None,
        low=_whole(setting.low, setting.scale, up=True, inside=low),
        high=_whole(setting.high, setting.scale, up=False, inside=high),
        codes=tuple(setting.codes),
    ) | {"default": default}


def _whole(value: Fraction | None, scale: int, *, up: bool, inside: bool = False) -> int | None:
    """The wire value nearest to ``value`` that is not beyond it; ``inside`` excludes itself."""
    if value is None:
        return None
    exact = value * Fraction(10) ** scale
    near: int = ceil(exact) if up else floor(exact)
    if inside and near == exact:
        return near + 1 if up else near - 1
    return near


def _rule(guideline: Guideline, rule: Rule) -> dict[str, Any]:
    recommendation = guideline.get(rule.name, Recommendation)
    action = guideline.get(rule.action, Action)
    return {
        "label": rule.label,
        "statement": str(recommendation.statement) if recommendation else "",
        "modality": guideline.words(rule.modality),
        "norm": rule.norm,
        "action": str(action.label) if action else rule.action,
        "unless": tuple(each.name for each in rule.unless),
        "alternative_to": tuple(rule.alternative_to),
        "passages": tuple(notes.passages(guideline, recommendation)) if recommendation else (),
    }


def _criterion(guideline: Guideline, named: Named) -> dict[str, Any]:
    entity = guideline.entities.get(named.name)
    return {
        "label": named.label,
        "printed": tuple(notes.printed(guideline, entity)) if entity else (),
        "passages": tuple(notes.passages(guideline, entity)) if entity else (),
    }


def _literal(value: Any, indent: str = "") -> str:
    """A constant as Python, one entry a line where it does not fit."""
    if isinstance(value, str):
        return quoted(value)
    if not isinstance(value, dict | tuple):
        return repr(value)
    inner = indent + INDENT
    if isinstance(value, dict):
        parts = [f"{quoted(name)}: {_literal(each, inner)}" for name, each in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [_literal(each, inner) for each in value]
        opening, closing = "(", ",)" if len(parts) == 1 else ")"
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(indent) + len(line) <= WIDTH // 2 and "\n" not in line:
        return line
    lines = "".join(f"{inner}{each},\n" for each in parts)
    return f"{opening}\n{lines}{indent}{closing[-1]}"
