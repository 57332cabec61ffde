"""Help: how this editor is used, and what a finding means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from guidegraph import explain
from guidegraph.edit.pages.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def help_page(request: Request) -> Response:
    """``/help?code=``."""
    code = request.query_params.get("code", "").strip().upper()
    try:
        found = explain.explanation(code) if code else None
    except KeyError:
        found = None
    return page(
        request,
        "help.html",
        code=code,
        found=found,
        sections=[(name, shipped(text)) for name, text in found.sections] if found else [],
        near=explain.nearest(code) if code and found is None else (),
    )


def shipped(text: str) -> Markup:
    """Markdown of this package as HTML; nothing from a guideline comes this way."""
    from markdown import markdown

    return Markup(markdown(text, extensions=["fenced_code", "tables"]))  # noqa: S704
