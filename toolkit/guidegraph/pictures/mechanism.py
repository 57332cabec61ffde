"""The mechanism as the sources propose it: every causal step, from cause to effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import networkx

from guidegraph.model import CausalStep, EvidenceClaim, Guideline, Observable
from guidegraph.pictures.diagram import Arrow, Box, Diagram
from guidegraph.wording import plural


def mechanism(guideline: Guideline) -> Diagram | None:
    """The diagram of all causal steps; None if there are none.

    A step is broken where no claim asserts it firmly. The commonest kind of step has no words.
    """
    steps = guideline.all(CausalStep)
    if not steps:
        return None
    names = list(dict.fromkeys(name for each in steps for name in (each.cause, each.effect)))
    boxes = tuple(_box(guideline, name) for name in names)
    words = {each.id: each.words for each in boxes}
    usual = commonest(guideline)
    told = " ".join(
        f"{words[each.cause]} {guideline.words(each.causal_type)} {words[each.effect]}."
        for each in steps
    )
    return Diagram(
        id=guideline.header.id,
        kind="mechanism",
        title="The mechanism as the sources propose it",
        description=f"A diagram of {plural(len(steps), 'step')} between {len(boxes)} things. A "
        f"broken arrow is a step that no source states firmly; one without words says “{usual}”. "
        f"{told}",
        rows=_rows(names, steps),
        boxes=boxes,
        arrows=tuple(
            Arrow(
                source=each.cause,
                target=each.effect,
                words="" if (said := guideline.words(each.causal_type)) == usual else said,
                branch=each.id,
                is_dashed=not _is_firm(guideline, each),
            )
            for each in steps
        ),
    )


def commonest(guideline: Guideline) -> str:
    """What most steps do, in words: ``leads to``."""
    counted = Counter(guideline.words(each.causal_type) for each in guideline.all(CausalStep))
    return max(counted, key=counted.__getitem__, default="")


def _box(guideline: Guideline, name: str) -> Box:
    thing = guideline.entities.get(name)
    kind = "observable" if isinstance(thing, Observable) else "concept"
    words = str(thing.label) if thing else name
    return Box(name, kind, words, f"{kind.capitalize()}: {words}", f"#{name}")


def _is_firm(guideline: Guideline, step: CausalStep) -> bool:
    claims = (guideline.get(each, EvidenceClaim) for each in step.asserted_by)
    return any(each is not None and each.assertion_certainty == "Asserted" for each in claims)


def _rows(names: Sequence[str], steps: tuple[CausalStep, ...]) -> tuple[tuple[str, ...], ...]:
    """The reading order: causes before effects; what goes in circles is read together."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from((each.cause, each.effect) for each in steps)
    order = {name: place for place, name in enumerate(names)}
    circles = networkx.condensation(graph)
    rows = networkx.topological_generations(circles)
    return tuple(
        tuple(sorted((m for c in row for m in circles.nodes[c]["members"]), key=order.__getitem__))
        for row in rows
    )
