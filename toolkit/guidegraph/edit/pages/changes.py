"""What was changed and is not saved, who gets something else by it, saving, and settling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.edit.pages.catalogue import Catalogue, catalogue
from guidegraph.edit.pages.cells import in_words
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from guidegraph.turtle.values import Value
    from guidegraph.workspace.stale import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The values of a property on one side."""

    name: str
    heading: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A property that both sides changed."""

    subject: str
    predicate: str
    label: str
    words: str
    sides: tuple[Side, ...]
    chosen: str


def changes(request: Request) -> Response:
    """``/changes``: the steps, the plan, the form to save."""
    desk = desk_of(request)
    known = catalogue(request)
    steps = [
        (step, next((each for each in step.subjects if each in known.by_iri), ""))
        for step in reversed(desk.steps)
    ]
    return page(
        request,
        "changes.html",
        steps=steps,
        undone=desk.undone,
        saved=[each.step for each in reversed(desk.history.reachable)],
        files=tuple(sorted(desk.draft.texts)),
        errors=sum(str(each.severity) == "error" for each in desk.looked.findings),
        conflicts=len(desk.conflicts),
    )


def merge(request: Request) -> Response:
    """``/merge``: what others changed meanwhile, property by property."""
    desk, known = desk_of(request), catalogue(request)
    found = [_met(each, known, desk.choices) for each in desk.conflicts]
    return page(request, "merge.html", found=found)


def _met(each: Conflict, known: Catalogue, chosen: dict[tuple[str, str], str] | object) -> Met:
    choices = chosen if isinstance(chosen, dict) else {}

    def side(name: str, heading: str, values: tuple[Value, ...]) -> Side:
        told = tuple(in_words(value, known) for value in values)
        return Side(name=name, heading=heading, values=told)

    return Met(
        subject=each.subject,
        predicate=each.predicate,
        label=known.label(each.subject),
        words=known.property_words(each.predicate),
        sides=(
            side("base", "As it was", each.base),
            side("yours", "Yours", each.ours),
            side("theirs", "Theirs", each.theirs),
        ),
        chosen=choices.get((each.subject, each.predicate), ""),
    )
