"""Pages for people: plain HTML without scripts, from the templates beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guidegraph.edit.pages.rendering import ticks

PLACE = Path(__file__).parent


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PLACE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["ticks"] = ticks
    return made


def page(template: str, **values: object) -> str:
    """A page; every value is escaped."""
    return _environment().get_template(template).render(**values)
