"""A change to the text of a file that is refused, and what is told then."""

from __future__ import annotations

import json
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.report import render
from guidegraph.turtle.changes import Put, Rename, rewritten
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import Literal

TEXT = (
    "<https://example.org/x> a <https://example.org/C> .\n\n<https://example.org/y> a <urn:c> .\n"
)


def told(example: Path) -> str:
    """What a person is told of the change in a file ``{"put": [...]}`` or ``{"rename": [...]}``."""
    wanted = json.loads(example.read_text(encoding="utf-8"))
    change = (
        Put(*wanted["put"][:2], (Literal(wanted["put"][2]),))
        if "put" in wanted
        else Rename(*wanted["rename"])
    )
    try:
        rewritten(Document.parse(TEXT, "example.ttl"), [change])
    except UsageError as refused:
        return render(refused.findings, "text")
    return ""
