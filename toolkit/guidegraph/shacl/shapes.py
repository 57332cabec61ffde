"""What shapes are: whom they seek, along which path they look, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.columns.columns import Term
from guidegraph.diagnostic import Diagnostic
from guidegraph.shacl.names import VIOLATION
from guidegraph.shacl.paths import Path

if TYPE_CHECKING:
    from guidegraph.shacl.components.constraint import Constraint


class UnjudgedError(Exception):
    """A constraint cannot be applied to some data; says why."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Which nodes a shape seeks itself."""

    nodes: tuple[Term, ...] = ()
    classes: tuple[Term, ...] = ()
    subjects_of: tuple[Term, ...] = ()
    objects_of: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One shape. ``path`` is None for a node shape; ``path_node`` is the path as it is written."""

    node: Term
    targets: Targets
    path: Path | None = None
    path_node: Term | None = None
    constraints: tuple[Constraint, ...] = ()
    severity: Term = VIOLATION
    messages: tuple[Term, ...] = ()
    deactivated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """All shapes of a graph by their nodes, what is wrong with it, and what is not compiled.

    ``left`` are shapes that refer to themselves, and those that need one of them.
    """

    by_node: Mapping[Term, Shape]
    findings: tuple[Diagnostic, ...] = ()
    left: tuple[Shape, ...] = ()
