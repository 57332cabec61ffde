"""A new thing: what is asked first, in its order; the rest of the form folded below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from guidegraph.edit.pages.catalogue import catalogue
from guidegraph.edit.pages.cells import Cell, Cells, Shown
from guidegraph.edit.pages.rendering import page
from guidegraph.edit.pages.thing import Fieldset, cells_of, fieldsets
from guidegraph.forms.kinds import KINDS, Kind, Question
from guidegraph.terms import expand, local_name
from guidegraph.turtle.values import Iri

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from guidegraph.edit.pages.catalogue import Catalogue

_STAGES = {
    "recommendation": (
        ("When?", ("gg:condition", "gg:exception")),
        ("Who does what?", ("gg:statement", "gg:recommendsAction", "gg:direction")),
        ("To whom?", ("gg:appliesTo",)),
        ("How strongly?", ("gg:modality", "gg:strength", "gg:certainty")),
        ("Why?", ("prov:wasDerivedFrom", "gg:rationale")),
        ("Its name", ("rdfs:label", "gg:status")),
    )
}
"""The headings under which the questions of a kind stand; others have one heading."""
_POSITION = expand("schema:position")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the controls of the properties by which it can be answered."""

    words: str
    required: bool
    only_if: tuple[str, str] | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Questions under one heading."""

    heading: str
    asked: tuple[Asked, ...]


def create(request: Request) -> Response:
    """``/new?class=&at=&as=``: a form for a new thing; ``at`` and ``as``: what shall name it."""
    known = catalogue(request)
    cls = request.query_params.get("class", "")
    made = cells_of(request)
    if not cls or not any(True for _ in made.form_for(cls).fields):
        return page(request, "makes.html", makes=_makes(known))
    kind = next((each for each in KINDS if expand(each.cls) == cls), None)
    stages = tuple(_stages(made, kind)) if kind else ()
    asked = {cell.path for stage in stages for one in stage.asked for cell in one.cells}
    groups = tuple(_without(each, asked) for each in fieldsets(made, "", cls))
    return page(
        request,
        "new.html",
        cls=cls,
        kind=known.kind(cls),
        help=made.form_for(cls).help,
        stages=stages,
        groups=tuple(each for each in groups if each.cells or each.more),
        at=request.query_params.get("at", ""),
        into=request.query_params.get("as", ""),
        at_label=known.label(request.query_params.get("at", "")),
        count=len(_there(made, request)),
        position=request.query_params.get("position", "") if cls else "",
        position_path=_POSITION,
    )


def _there(made: Cells, request: Request) -> tuple[object, ...]:
    """What the thing that shall name the new one names there already."""
    at, into = request.query_params.get("at", ""), request.query_params.get("as", "")
    return made.said(at).get(into, ()) if at and into else ()


def _makes(known: Catalogue) -> list[tuple[str, str]]:
    """The kinds of things there are, and those that are usually made."""
    first = {expand(each.cls): each.name for each in KINDS}
    more = {cls: known.kind(cls) for cls in known.classes if cls not in first}
    return [*first.items(), *sorted(more.items(), key=lambda each: each[1].casefold())]


def _stages(made: Cells, kind: Kind) -> Iterator[Stage]:
    asked = [(each, _asked(made, kind, each)) for each in kind.questions]
    placed: set[str] = set()
    for heading, terms in _STAGES.get(kind.name, ()):
        found = [told for each, told in asked if each.terms[0] in terms]
        placed |= set(terms)
        yield Stage(heading=heading, asked=tuple(found))
    rest = [told for each, told in asked if each.terms[0] not in placed]
    if rest:
        yield Stage(heading="What is asked", asked=tuple(rest))


def _asked(made: Cells, kind: Kind, question: Question) -> Asked:
    form = made.form_for(expand(question.cls or kind.cls))
    fields = [each for path in question.paths if (each := form.field(path))]
    cells = [made.of_field("", each) for each in fields]
    needed = question.is_required and not question.default
    if len(cells) == 1:
        cells = [replace(cells[0], label=question.words, required=needed)]
    if question.default and cells:
        cells[0] = _with_default(cells[0], question.default)
    return Asked(
        words=question.words,
        required=needed,
        only_if=None if question.only_if is None else _condition(*question.only_if),
        cells=tuple(cells),
    )


def _condition(term: str, code: str) -> tuple[str, str]:
    return expand(term), code


def _with_default(cell: Cell, code: str) -> Cell:
    found = (each.value for each in cell.choices if isinstance(each.value, Iri))
    iri = next((each.iri for each in found if local_name(each.iri) == code), "")
    return replace(cell, blank=Shown(text=iri)) if iri else cell


def _without(group: Fieldset, paths: set[str]) -> Fieldset:
    return Fieldset(
        label=group.label,
        cells=tuple(each for each in group.cells if each.path not in paths),
        more=tuple(each for each in group.more if each.path not in paths),
    )
