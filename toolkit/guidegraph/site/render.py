"""From pages to Markdown with the templates of this package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.site import safe
from guidegraph.site.blocks import Page

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"
_BLANK_LINES = re.compile(r"\n{3,}")
_LINES = re.compile(r"\n\s*")
_HEADING = re.compile(r"\A# .*\n+")


class Renderer:
    """Turns pages into Markdown. Templates are compiled once."""

    def __init__(self) -> None:
        self.template = _template()

    def markdown(self, page: Page) -> str:
        """The Markdown file of a page."""
        written = self.template.render(
            page=page, href=lambda address: safe.relative(address, page.path)
        )
        return _BLANK_LINES.sub("\n\n", written).strip() + "\n"


def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=safe.finish,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        code=safe.code,
        data_block=safe.data_block,
        drawing=drawing,
        link_out=safe.external,
        shipped=shipped,
    )
    return environment.get_template("page.md.j2")


def drawing(svg: str) -> Markup:
    """An SVG drawn by the flowchart exporter, whose texts are escaped there."""
    from markupsafe import Markup

    return Markup(_LINES.sub("", svg))  # noqa: S704


def shipped(markdown: str) -> Markup:
    """Markdown of this package, without its heading (the page has one)."""
    from markupsafe import Markup

    return Markup(_HEADING.sub("", markdown))  # noqa: S704
