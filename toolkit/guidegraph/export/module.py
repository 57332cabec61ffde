"""A generated program in a language that has no third truth value: one template, one syntax."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from guidegraph.export import manual, tables
from guidegraph.export.base import ExportInput
from guidegraph.export.flat import Syntax, flatten

if TYPE_CHECKING:
    from jinja2 import Template


def module(
    loaded: ExportInput, file_name: str, syntax: Syntax, room: str, template: str, **form: object
) -> str:
    """The text of a module called ``file_name``; ``template`` is in the package ``room``.

    ``form`` are further choices of the template: which form of a module it writes.
    """
    context = _context(loaded, syntax)
    return _template(room, template).render(file_name=file_name, **context, **form)


@cache
def _template(room: str, name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader(room),
        autoescape=select_autoescape(()),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _context(loaded: ExportInput, syntax: Syntax) -> dict[str, Any]:
    guideline, program = loaded.guideline, loaded.program
    flat = flatten(guideline, program)
    prose = {
        "title": manual.title(guideline),
        "about": manual.about(loaded),
        "anchor": guideline.anchor_words,
        "facts_table": manual.facts_table(program),
        "settings_table": manual.settings_table(program),
    }
    inputs = tables.inputs(program)
    constants = {
        "guideline": loaded.guideline_id,
        "version": program.version,
        "readings": dict(sorted(program.readings.items())),
        "inputs": inputs,
        "settings": tables.settings(program),
        "recommendations": tables.recommendations(guideline, program),
        "criteria": tables.criteria(guideline, program),
        "parts": dict(flat.parts),
        "largest": tables.LARGEST,
    }
    statuses = {name: syntax.status(*truths) for name, truths in flat.standings.items()}
    used = {name: ", ".join(found) for name, found in flat.used.items() if found}
    return {
        **{name: syntax.prose(text) for name, text in prose.items()},
        **{name: syntax.constant(value) for name, value in constants.items()},
        "steps": [syntax.step(each, 1) for each in flat.steps],
        "further": [syntax.step(each, 2) for each in flat.further],
        "unknown": syntax.constant(dict.fromkeys(inputs), syntax.indent),
        "checks": [
            (syntax.quoted(name), syntax.check(name, declared)) for name, declared in inputs.items()
        ],
        "statuses": [(syntax.key(name), status) for name, status in statuses.items()],
        "answers": [(syntax.quoted(name), local) for name, local in flat.answers.items()],
        "used": [(syntax.quoted(name), locals_) for name, locals_ in used.items()],
    }
