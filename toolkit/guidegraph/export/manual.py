"""The words above a generated program: what it is, the data it takes and the settings of a site."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from guidegraph.export import notes
from guidegraph.export.base import ExportInput
from guidegraph.export.tables import NOW_LABEL, setting
from guidegraph.export.words import clean
from guidegraph.model import Guideline
from guidegraph.program import Input, Program, Setting

WIDTH = 96


def title(guideline: Guideline) -> str:
    """The title of a guideline and its version."""
    return _filled(notes.title(guideline))


def about(loaded: ExportInput) -> str:
    """Where the program comes from, what it is meant for, and the readings in force."""
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


def facts_table(program: Program) -> str:
    """A line for each datum: name, form, unit and what it is."""
    rows = [("name", "form", "unit", "what it is")]
    rows += [(each.name, _form(each), each.unit or "", each.label) for each in program.inputs]
    rows.append(("now", "a whole number", "min", NOW_LABEL))
    return _table(rows)


def settings_table(program: Program) -> str:
    """A line for each setting: name, form, unit, default and what it is."""
    if not program.settings:
        return "There are none."
    rows = [("name", "form", "unit", "default", "what it is")]
    for each in program.settings:
        default = setting(each)["default"]
        shown = "" if default is None else str(default)
        rows.append((each.name, _form(each), each.unit or "", shown, each.label))
    return _table(rows)


def _form(datum: Input | Setting) -> str:
    match datum.kind:
        case "boolean":
            return "true or false"
        case "code":
            return " | ".join(datum.codes)
        case "series":
            return "series" + _steps(datum)
        case _:
            return "number" + _steps(datum)


def _steps(datum: Input | Setting) -> str:
    return f" x {10**datum.scale}" if datum.scale else ""


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; the last one is not."""
    tidy = [[clean(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in tidy) for column in range(len(tidy[0]) - 1)]
    return "\n".join(
        "    " + "  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in tidy
    )
