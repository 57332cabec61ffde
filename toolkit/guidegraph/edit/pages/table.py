"""A pathway as decision tables: a row for each branch and each advice, a column for each input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidegraph.criteria import Criterion
from guidegraph.edit.pages.cells import Cell, Cells
from guidegraph.edit.pages.conditions import ELSE, Conditions, Key, Test
from guidegraph.edit.pages.phrases import phrase
from guidegraph.entity import Entity
from guidegraph.model import (
    ActionNode,
    Branch,
    DecisionNode,
    EndNode,
    Guideline,
    PathwayNode,
    Recommendation,
)
from guidegraph.pathway import branches, recommendations_at

_KINDS = {
    "StartNode": "Start",
    "DecisionNode": "Decision",
    "ActionNode": "Action",
    "EndNode": "End",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A thing with its words."""

    iri: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Advice in a row: the recommendation and how strongly it is worded."""

    link: Link
    modality: Cell | None
    action: Cell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A branch or an advice. ``tests`` are in the order of the columns, each a list."""

    link: Link
    label: Cell | None
    tests: tuple[tuple[Test, ...], ...]
    role: Cell | None = None
    leads_to: Cell | None = None
    target: str = ""
    actions: tuple[Cell, ...] = ()
    given: tuple[Given, ...] = ()
    population: Cell | None = None
    exception: Test | None = None
    nodes: str = ""
    """The steps of the flowchart that the row speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One decision, or the advice of the whole pathway."""

    link: Link
    question: str
    policy: Cell | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    next_position: int = 0


@dataclass(frozen=True)
class Tables:
    """Makes the tables of a pathway."""

    guideline: Guideline
    cells: Cells

    @property
    def conditions(self) -> Conditions:
        """What takes conditions apart."""
        return Conditions(self.guideline, self.cells)

    def decisions(self, pathway: str) -> Iterator[Table]:
        """A table for each decision, in the order of the files."""
        for node in self.guideline.all(DecisionNode):
            if node.pathway == pathway:
                yield self._decision(node)

    def advice(self, pathway: str) -> Table | None:
        """The recommendations that steps of the pathway carry out."""
        nodes = {e.id for e in self.guideline.all(PathwayNode) if e.pathway == pathway}
        found = [e for e in self.guideline.recommendations if nodes & set(e.implemented_by)]
        if not found:
            return None
        tests = [tuple(self.conditions.tests(each.condition)) for each in found]
        keys = _keys(tests)
        start = self.guideline[pathway]
        return Table(
            link=Link(iri=start.iri, words="Recommendations on this pathway"),
            question="",
            policy=None,
            columns=tuple(map(self.conditions.column, keys)),
            rows=tuple(self._advice_row(e, t, keys) for e, t in zip(found, tests, strict=True)),
        )

    def _decision(self, node: DecisionNode) -> Table:
        found = branches(self.guideline, node.id)
        tests = [tuple(self.conditions.tests(each.criterion)) for each in found]
        keys = _keys(tests)
        return Table(
            link=link(node),
            question=str(node.question) or str(node.label) or node.id,
            policy=self.cells.cell(node.iri, "gg:hitPolicy"),
            columns=tuple(map(self.conditions.column, keys)),
            rows=tuple(self.branch_row(e, t, keys) for e, t in zip(found, tests, strict=True)),
            next_position=max((each.position for each in found), default=0) + 1,
        )

    def branch_row(self, branch: Branch, tests: tuple[Test, ...], keys: Iterable[Key]) -> Row:
        """A branch: what it asks, where it leads, what is done and advised there."""
        target = self.guideline.get(branch.leads_to, PathwayNode)
        return Row(
            link=link(branch),
            label=self.named(branch, "rdfs:label"),
            tests=_by_column(tests, keys),
            role=None if branch.criterion else self.named(branch, "gg:branchRole"),
            leads_to=self.named(branch, "gg:leadsTo"),
            target=kind_of(target) if target else "",
            actions=tuple(self.actions(target)) if target else (),
            given=tuple(self.given(target)) if target else (),
            nodes=branch.leads_to,
        )

    def actions(self, node: PathwayNode) -> Iterator[Cell]:
        """What is done at a step, or why it is an end."""
        term = {ActionNode: "gg:performsAction", EndNode: "gg:endReason"}.get(type(node))
        cell = self.named(node, term) if term else None
        if cell is not None:
            yield cell

    def given(self, node: PathwayNode) -> Iterator[Given]:
        """The advice that a step carries out."""
        for each in recommendations_at(self.guideline, node.id):
            yield Given(
                link=link(each),
                modality=self.named(each, "gg:modality"),
                action=self.named(each, "gg:recommendsAction"),
            )

    def named(self, thing: Entity, term: str) -> Cell | None:
        """A cell whose label says of what it is."""
        return self.cells.cell(thing.iri, term, label(thing))

    def _advice_row(self, each: Recommendation, tests: tuple[Test, ...], keys: list[Key]) -> Row:
        exception = self.guideline.get(each.exception, Criterion)
        action = self.named(each, "gg:recommendsAction")
        return Row(
            link=link(each),
            label=self.named(each, "rdfs:label"),
            tests=_by_column(tests, keys),
            actions=() if action is None else (action,),
            given=(Given(link=link(each), modality=self.named(each, "gg:modality"), action=None),),
            population=self.named(each, "gg:appliesTo"),
            nodes=" ".join(each.implemented_by),
            exception=None
            if exception is None
            else Test(
                key=ELSE,
                iri=exception.iri,
                label=label(exception),
                words=phrase(self.guideline, exception),
            ),
        )


def label(thing: Entity) -> str:
    """What a thing is called."""
    return str(thing.label) or thing.id


def link(thing: Entity) -> Link:
    """A thing and its words."""
    return Link(iri=thing.iri, words=label(thing))


def kind_of(node: PathwayNode) -> str:
    """Which kind of step it is, for people."""
    return _KINDS.get(type(node).__name__, "Step")


def _keys(rows: Iterable[tuple[Test, ...]]) -> list[Key]:
    """The columns in the order in which they are met; what is no comparison comes last."""
    found = dict.fromkeys(each.key for row in rows for each in row)
    return [each for each in found if each != ELSE] + ([ELSE] if ELSE in found else [])


def _by_column(tests: Iterable[Test], keys: Iterable[Key]) -> tuple[tuple[Test, ...], ...]:
    told = tuple(tests)
    return tuple(tuple(each for each in told if each.key == key) for key in keys)
