"""Each pathway as a decision table: rules in rows, with inputs, outputs and annotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidegraph.sheet.columns import Column, of_field, unlike, worked_out
from guidegraph.sheet.scene import Scene
from guidegraph.sheet.tables import Row, Table, cells, languages
from guidegraph.terms import expand, local_name
from guidegraph.turtle.values import Iri, Literal, Part

DECISION, INPUTS, OUTPUTS, ANNOTATIONS = "Decision", "Inputs", "Outputs", "Annotations"
ROW, OF = "Row", "Of decision"
DATA, LIMITS = "Data it reads", "Limits it uses"
ACTIONS, END, ADVICE = "Actions", "Ends or goes on", "Recommendations"

_BRANCH, _DECISION = expand("gg:Branch"), expand("gg:DecisionNode")
_LEADS_TO, _HAS_BRANCH = expand("gg:leadsTo"), expand("gg:hasBranch")
_CRITERION = expand("gg:branchCriterion")
_BANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (DECISION, ("rdfs:label", "gg:question", "gg:hitPolicy")),
    (INPUTS, ("schema:position", "gg:branchCriterion", "gg:branchRole")),
    (OUTPUTS, ("gg:leadsTo",)),
    (ANNOTATIONS, ("prov:wasDerivedFrom", "skos:scopeNote", "gg:status")),
)
_WORKED_OUT = {
    DECISION: (
        (ROW, "Whether the row is a decision, or one of its rules; only shown."),
        (OF, "The decision to which the rule belongs; only shown."),
    ),
    INPUTS: (
        (DATA, "What must be known to tell whether the rule holds; only shown."),
        (LIMITS, "The limits it compares with; they are edited on Thresholds. Only shown."),
    ),
    OUTPUTS: (
        (ACTIONS, "What is done then, up to the next decision; edited on Steps. Only shown."),
        (END, "How this way ends, or which decision comes next; only shown."),
    ),
    ANNOTATIONS: ((ADVICE, "The recommendations that stand on these steps; only shown."),),
}
_POLICIES = {"unique": "at most one rule holds", "collect": "every rule that holds counts"}
_LONGEST_NAME = 31


def tables_of_pathways(scene: Scene) -> Iterator[Table]:
    """A decision table for each pathway that decides something."""
    used: set[str] = set()
    for pathway in scene.things(expand("gg:CarePathway")):
        name = _name(local_name(pathway), used)
        rows = tuple(_subjects(scene, pathway))
        if rows:
            used.add(name.casefold())
            yield _table(scene, pathway, name, rows)


def _name(local: str, used: set[str]) -> str:
    """A name that a sheet can have: at most 31 characters, and none like another."""
    plain = re.sub(r"[^\w -]+", " ", re.sub(r"^PATH-", "", local)).strip() or "pathway"
    wanted = f"Table {plain}"[:_LONGEST_NAME].strip()
    tried, number = wanted, 1
    while tried.casefold() in used:
        number += 1
        end = f" {number}"
        tried = wanted[: _LONGEST_NAME - len(end)] + end
    return tried


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a row is about: a decision, or one of its rules."""

    iri: str
    decision: str

    @property
    def is_decision(self) -> bool:
        return self.iri == self.decision


def _subjects(scene: Scene, pathway: str) -> Iterator[_Subject]:
    """The decisions of a pathway as one meets them, each followed by its rules in their order."""
    waiting = list(scene.iris(pathway, expand("gg:startNode")))
    seen: set[str] = set()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        if scene.is_a(node, _DECISION):
            branches = sorted(scene.iris(node, _HAS_BRANCH), key=lambda e: _position(scene, e))
            yield _Subject(node, node)
            for each in branches:
                if each not in seen:
                    seen.add(each)
                    yield _Subject(each, node)
                    waiting += scene.iris(each, _LEADS_TO)
        waiting += scene.iris(node, _LEADS_TO)


def _position(scene: Scene, branch: str) -> tuple[int, str]:
    said = scene.said(branch).get(expand("schema:position"), ())
    told = [e.lexical for e in said if isinstance(e, Literal) and e.lexical.isdecimal()]
    return (int(told[0]) if told else len(branch) * 10**6, branch)


def _table(scene: Scene, pathway: str, name: str, rows: tuple[_Subject, ...]) -> Table:
    every = _columns(scene, [each.iri for each in rows])
    policies = "; ".join(f"{each}: {does}" for each, does in _POLICIES.items())
    title = (
        f"Decision table: {scene.label(pathway)}. Hit policy: stated for each decision in its own "
        f"row ({policies}). The order of the rules never matters."
    )
    return Table(
        name=name,
        title=title,
        columns=every,
        rows=tuple(
            Row(each.iri, cells(scene, each.iri, every, _shown(scene, each)), each.is_decision)
            for each in rows
        ),
    )


def _columns(scene: Scene, things: Iterable[str]) -> tuple[Column, ...]:
    spoken = languages(scene, things)
    made: list[Column] = []
    for band, terms in _BANDS:
        added = [worked_out(name, band, help) for name, help in _WORKED_OUT[band]]
        stated: list[Column] = []
        for path in map(expand, terms):
            fields = (scene.form(cls).field(path) for cls in (_DECISION, _BRANCH))
            field = next((each for each in fields if each is not None), None)
            if field is not None:
                stated += of_field(field, band, spoken.get(path, ()))
        made += [*added, *stated] if band == DECISION else [*stated, *added]
    return unlike(made)


# ---- what is worked out ----------------------------------------------------------------------


def _shown(scene: Scene, row: _Subject) -> dict[str, str]:
    if row.is_decision:
        return {ROW: "decision"}
    criteria = list(scene.iris(row.iri, _CRITERION))
    read = list(_made_of(scene, criteria))
    steps = list(_steps(scene, scene.iris(row.iri, _LEADS_TO)))
    acts = [a for each in steps for a in scene.iris(each, expand("gg:performsAction"))]
    advice = [
        each
        for each in scene.things(expand("gg:Recommendation"))
        if set(scene.iris(each, expand("gg:implementedBy"))) & set(steps)
    ]
    return {
        ROW: "rule",
        OF: scene.label(row.decision),
        DATA: _lines(scene, (e for e in read if scene.is_a(e, expand("gg:Observable")))),
        LIMITS: "\n".join(
            dict.fromkeys(
                f"{scene.label(each)}: {_limit(scene, each)}"
                for each in read
                if scene.is_a(each, expand("gg:Threshold"))
            )
        ),
        ACTIONS: _lines(scene, acts),
        END: "\n".join(dict.fromkeys(_end(scene, each) for each in steps[-1:])),
        ADVICE: _lines(scene, advice),
    }


def _lines(scene: Scene, things: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(scene.label(each) for each in things))


def _made_of(scene: Scene, waiting: list[str]) -> Iterator[str]:
    """What conditions are made of, down to their data and limits."""
    seen: set[str] = set()
    while waiting:
        each = waiting.pop(0)
        if each in seen:
            continue
        seen.add(each)
        yield each
        if scene.is_a(each, expand("gg:Criterion")) or scene.is_a(each, expand("gg:ScoreItem")):
            waiting += [iri for path in scene.said(each) for iri in scene.iris(each, path)]


def _limit(scene: Scene, threshold: str) -> str:
    """The number that is executed, or how else the limit is given."""
    said = scene.said(threshold)
    for each in said.get(expand("gg:executableQuantity"), ()):
        if isinstance(each, Part):
            stated = dict(each.statements)
            value, unit = stated.get(expand("gg:value")), stated.get(expand("gg:unit"))
            number = value.lexical if isinstance(value, Literal) else "?"
            return f"{number} {scene.label(unit.iri)}" if isinstance(unit, Iri) else number
    for parameter in scene.iris(threshold, expand("gg:siteParameter")):
        return scene.label(parameter)
    formula = said.get(expand("gg:formula"), ())
    return next((e.lexical for e in formula if isinstance(e, Literal)), "not stated")


def _steps(scene: Scene, waiting: Iterable[str]) -> Iterator[str]:
    """The steps that follow, up to the next decision or the end; that one is the last."""
    queue, seen = list(waiting), set()
    while queue:
        each = queue.pop(0)
        if each in seen:
            continue
        seen.add(each)
        yield each
        if not scene.is_a(each, _DECISION):
            queue += scene.iris(each, _LEADS_TO)


def _end(scene: Scene, node: str) -> str:
    if scene.is_a(node, _DECISION):
        return f"Next decision: {scene.label(node)}"
    reasons = [scene.label(each) for each in scene.iris(node, expand("gg:endReason"))]
    onward = [scene.label(each) for each in scene.iris(node, expand("gg:continuesIn"))]
    told = [": ".join(filter(None, [", ".join(reasons), ", ".join(onward)]))]
    return " – ".join(filter(None, [scene.label(node), *told]))
