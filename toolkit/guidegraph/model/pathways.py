"""Care pathways: the nodes a patient passes through and the branches between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from guidegraph.entity import Code, Entity, Ref, Text, many, of


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePathway(Entity):
    """A directed graph of nodes a patient passes through."""

    CLASS: ClassVar[str] = "gg:CarePathway"

    start_node: Ref = of("gg:startNode")
    population: Ref | None = of("gg:appliesTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayNode(Entity):
    """A node of a care pathway."""

    CLASS: ClassVar[str] = "gg:PathwayNode"

    pathway: Ref = of("dcterms:isPartOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartNode(PathwayNode):
    """Where a pathway begins; its entry condition is the pathway's population."""

    CLASS: ClassVar[str] = "gg:StartNode"

    leads_to: Ref = of("gg:leadsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNode(PathwayNode):
    """A node that asks one question and has two or more branches."""

    CLASS: ClassVar[str] = "gg:DecisionNode"

    question: Text = of("gg:question", Text())
    hit_policy: Code = of("gg:hitPolicy", Code("Collect"))
    branches: tuple[Ref, ...] = many("gg:hasBranch")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNode(PathwayNode):
    """A node where one or more actions are offered."""

    CLASS: ClassVar[str] = "gg:ActionNode"

    actions: tuple[Ref, ...] = many("gg:performsAction")
    leads_to: Ref | None = of("gg:leadsTo")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNode(PathwayNode):
    """Where a pathway stops, including "the source gives no guidance"."""

    CLASS: ClassVar[str] = "gg:EndNode"

    end_reason: Code | None = of("gg:endReason")
    continues_in: Ref | None = of("gg:continuesIn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Entity):
    """One way out of a decision: a criterion or a role ("otherwise", "when unknown")."""

    CLASS: ClassVar[str] = "gg:Branch"

    position: int = of("schema:position", 0)
    criterion: Ref | None = of("gg:branchCriterion")
    role: Code | None = of("gg:branchRole")
    leads_to: Ref = of("gg:leadsTo")
