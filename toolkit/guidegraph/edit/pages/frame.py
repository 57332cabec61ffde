"""What stands around every page: whose guideline, what is unsaved, what can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from starlette.requests import Request

    from guidegraph.diagnostic import Diagnostic
    from guidegraph.edit.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The same for every page. ``here`` is the address without what it asks for."""

    name: str
    version: str
    folder: str
    here: str
    query: str
    token: str
    revision: str
    unsaved: int
    undoable: bool
    redoable: int
    restored: int
    site: bool
    """Whether the site is served beside the editor."""
    told: tuple[Diagnostic, ...]
    """What is to be said of the draft itself: how it was found, why it does not fit the files."""


def desk_of(request: Request) -> Desk:
    """What is being edited."""
    return cast("Desk", request.app.state.desk)


def frame(request: Request) -> Frame:
    """The frame of a page as it is asked for now."""
    desk = desk_of(request)
    revision, steps, undone = desk.revision, len(desk.steps), len(desk.undone)
    guideline = desk.looked.guideline
    header = guideline.header if guideline else None
    name = str(header.title or header.label) if header else ""
    return Frame(
        name=name or desk.folder.name,
        version=header.version if header else "",
        folder=desk.folder.name,
        here=request.url.path,
        query=request.query_params.get("q", ""),
        token=request.app.state.token,
        revision=revision,
        unsaved=steps,
        undoable=desk.history.can_undo,
        redoable=undone,
        restored=_restored(request, revision, steps),
        site=hasattr(request.app.state, "site"),
        told=(*desk.findings, *desk.refused),
    )


def _restored(request: Request, revision: str, steps: int) -> int:
    """How many steps there were when the first page was shown, if nothing was done since."""
    state = request.app.state
    if not hasattr(state, "began"):
        state.began = (revision, steps)
    return steps if state.began == (revision, steps) else 0
