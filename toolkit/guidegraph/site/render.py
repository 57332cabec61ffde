"""From pages to Markdown with the templates of this package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.site import parts, safe
from guidegraph.site.blocks import Page

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"
_BLANK_LINES = re.compile(r"\n{3,}")
_LINES = re.compile(r"\n\s*")
_HEADING = re.compile(r"\A# .*\n+")


class Renderer:
    """Turns pages into Markdown, or into HTML that stands alone. Templates are compiled once."""

    def __init__(self) -> None:
        self.environment = _environment()
        self.template = self.environment.get_template("page.md.j2")

    def markdown(self, page: Page) -> str:
        """The Markdown file of a page."""
        written = self.template.render(
            page=page, href=lambda address: safe.relative(address, page.path)
        )
        return _BLANK_LINES.sub("\n\n", written).strip() + "\n"

    def alone(self, page: Page, *, style: str, digest: str, **told: str) -> str:
        """A page as one HTML file; ``style`` is our own style sheet, ``digest`` its SHA-256.

        ``told`` are the name, version, status, dates and intended use of the guideline.
        """
        from markupsafe import Markup

        written = self.environment.get_template("alone.html.j2").render(
            page=page,
            href=lambda address: safe.relative(address, page.path),
            **told,
            style=Markup(style),  # noqa: S704
            digest=Markup(digest),  # noqa: S704
        )
        return _BLANK_LINES.sub("\n\n", written).strip() + "\n"


def _environment() -> Environment:
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
        names=safe.names,
        reporting=safe.reporting,
        scripts=parts.scripts,
        shipped=shipped,
        styles=parts.styles,
        turns=safe.turns,
        whole=safe.whole,
    )
    return environment


def drawing(svg: str) -> Markup:
    """An SVG drawn by the flowchart exporter, whose texts are escaped there."""
    from markupsafe import Markup

    return Markup(_LINES.sub("", svg))  # noqa: S704


def shipped(markdown: str) -> Markup:
    """Markdown of this package, without its heading (the page has one)."""
    from markupsafe import Markup

    return Markup(_HEADING.sub("", markdown))  # noqa: S704
