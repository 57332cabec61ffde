"""The sheets of a guideline: one for each class that committees edit, and one for each pathway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from guidegraph.forms.form import Group
from guidegraph.sheet.cells import Cell, cell
from guidegraph.sheet.columns import Column, Key, columns, worked_out
from guidegraph.sheet.scene import Scene
from guidegraph.terms import expand
from guidegraph.turtle.values import RDF_TYPE, Literal

KIND = "Kind"
_NAMES = "Names and labels"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing: its IRI, its cells by their columns, and whether it begins a block of rows."""

    iri: str
    cells: Mapping[Key, Cell]
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet. ``makes`` is the class of the things that a new row can make, if it can."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    makes: str = ""

    @property
    def idle(self) -> frozenset[Key]:
        """Columns in which nothing stands and nothing must."""
        used = {key for row in self.rows for key, each in row.cells.items() if each.text}
        return frozenset(
            each.key
            for each in self.columns
            if each.key not in used and not (each.field and each.field.required)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sheet for the things of some classes."""

    name: str
    classes: tuple[str, ...]
    title: str
    makes: bool = False


KINDS = (
    Kind(
        name="Recommendations",
        classes=("gg:Recommendation",),
        title="Recommendations: one advice in each row",
        makes=True,
    ),
    Kind(
        name="Thresholds",
        classes=("gg:Threshold",),
        title="Limits, as they are printed and as they are executed",
        makes=True,
    ),
    Kind(
        name="Claims",
        classes=("gg:EvidenceClaim",),
        title="What the sources claim",
        makes=True,
    ),
    Kind(name="Studies", classes=("gg:Study",), title="Studies", makes=True),
    Kind(
        name="Observables",
        classes=("gg:Observable",),
        title="What is measured, asked or observed",
    ),
    Kind(
        name="Pathways",
        classes=("gg:CarePathway",),
        title="Care pathways; the decisions of each stand on a sheet of their own",
    ),
    Kind(
        name="Steps",
        classes=("gg:StartNode", "gg:ActionNode", "gg:EndNode"),
        title="The steps of the pathways between and after their decisions",
    ),
)
"""The sheets by class, in their order; pathways come before them."""


def tables_of_classes(scene: Scene) -> Iterator[Table]:
    """The sheets with the things of each class; those with nothing in them are left out."""
    for kind in KINDS:
        classes = tuple(map(expand, kind.classes))
        things = tuple(dict.fromkeys(iri for cls in classes for iri in scene.things(cls)))
        if things:
            yield _table(scene, kind, classes, things)


def _table(scene: Scene, kind: Kind, classes: tuple[str, ...], things: tuple[str, ...]) -> Table:
    groups = merged([*classes, *_own_classes(scene, things)], scene)
    every = columns(groups, languages(scene, things))
    is_mixed = len({tuple(scene.iris(each, RDF_TYPE)) for each in things}) > 1
    if is_mixed:
        first = worked_out(KIND, _NAMES, "What kind of thing it is; only shown.")
        every = (first, *every)
    table = Table(
        name=kind.name,
        title=kind.title,
        columns=every,
        rows=tuple(Row(each, cells(scene, each, every)) for each in things),
        makes=classes[0] if kind.makes else "",
    )
    idle = table.idle
    kept = [each for each in every if each.key not in idle]
    return replace(table, columns=(*kept, *(each for each in every if each.key in idle)))


def cells(
    scene: Scene, iri: str, every: Iterable[Column], shown: Mapping[str, str] | None = None
) -> dict[Key, Cell]:
    """The cells of one thing; ``shown`` is what stands in the columns that are worked out."""
    fields, said = scene.fields(iri), scene.said(iri)
    found: dict[Key, Cell] = {}
    for column in every:
        path = column.key.path
        if column.is_worked_out:
            kind = _kind(scene, iri) if path == KIND else ""
            found[column.key] = Cell((shown or {}).get(path, kind), "", False)
        else:
            found[column.key] = cell(column, fields.get(path), said.get(path, ()), scene.names)
    return found


def _kind(scene: Scene, iri: str) -> str:
    labels = (scene.form(each).label for each in scene.iris(iri, RDF_TYPE))
    return ", ".join(dict.fromkeys(labels))


def _own_classes(scene: Scene, things: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(cls for each in things for cls in scene.iris(each, RDF_TYPE)))


def merged(classes: Iterable[str], scene: Scene) -> tuple[Group, ...]:
    """The headings of several forms together, each field once."""
    found: dict[str, Group] = {}
    seen: set[str] = set()
    for cls in dict.fromkeys(classes):
        for group in scene.form(cls).groups:
            new = tuple(each for each in group.fields if each.path not in seen)
            seen.update(each.path for each in new)
            there = found.get(group.label, replace(group, fields=()))
            found[group.label] = replace(there, fields=(*there.fields, *new))
    return tuple(found.values())


def languages(scene: Scene, things: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The languages in which each property has words, English first; none is "" and comes last."""
    found: dict[str, dict[str, str]] = {}
    for iri in things:
        for path, values in scene.said(iri).items():
            tags = found.setdefault(path, {"en": "en"})
            for each in values:
                if isinstance(each, Literal):
                    tags.setdefault(each.language.lower(), each.language)
    return {
        path: tuple(tags[each] for each in sorted(tags, key=lambda e: (e != "en", e == "", e)))
        for path, tags in found.items()
    }
