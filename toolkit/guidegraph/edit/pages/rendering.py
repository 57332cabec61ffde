"""Pages from templates: whatever is printed is escaped, and every page has the same frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from guidegraph.edit.pages.frame import frame
from guidegraph.wording import plural

if TYPE_CHECKING:
    from starlette.requests import Request

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_LINES = re.compile(r"\n\s*")
_TICKS = re.compile(r"`([^`]+)`")


def page(request: Request, template: str, status: int = 200, **told: Any) -> HTMLResponse:
    """A whole page, with the frame around it."""
    return HTMLResponse(
        environment().get_template(template).render(frame=frame(request), **told), status
    )


def piece(template: str, status: int = 200, **told: Any) -> HTMLResponse:
    """A piece of a page that is there already."""
    return HTMLResponse(environment().get_template(template).render(**told), status)


@cache
def environment() -> Environment:
    """The templates; compiled once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(to=to, plural=plural)
    made.filters.update(capital=capital, ticks=ticks)
    return made


def to(address: str, /, **asked: str) -> str:
    """An address of the editor: ``to("/thing", iri=...)``."""
    return address_of(address, asked)


def address_of(address: str, asked: Mapping[str, str]) -> str:
    """An address with what it asks for, escaped."""
    # `class` is no name of an argument in Python, so templates write `cls`.
    told = [
        f"{'class' if name == 'cls' else name}={quote(value, safe='')}"
        for name, value in asked.items()
        if value
    ]
    return f"{address}?{'&'.join(told)}" if told else address


def drawing(svg: str) -> Markup:
    """A drawing that was made by ``pictures``, whose texts are escaped there."""
    return Markup(_LINES.sub("", svg))  # noqa: S704


def capital(words: str) -> str:
    """The words with a capital in front, all others as they are."""
    return words[:1].upper() + words[1:]


def ticks(words: str) -> Markup:
    """Words of a finding: what stands between backticks is set apart, all else is escaped."""
    return Markup(_TICKS.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704
