"""The constraints of SHACL, one family in a module; ``ALL`` lists them."""

from __future__ import annotations

from guidegraph.shacl.components.constraint import Component
from guidegraph.shacl.components.counts import MaxCount, MinCount
from guidegraph.shacl.components.logic import And, Not, Or, Xone
from guidegraph.shacl.components.nested import Node, Property, Qualified
from guidegraph.shacl.components.pairs import Disjoint, Equals, LessThan
from guidegraph.shacl.components.ranges import Range
from guidegraph.shacl.components.sets import Closed, HasValue, In
from guidegraph.shacl.components.strings import Language, Length, Pattern, UniqueLanguage
from guidegraph.shacl.components.types import Class, Datatype, NodeKind

ALL: tuple[Component, ...] = (
    Class,
    Datatype,
    NodeKind,
    MinCount,
    MaxCount,
    Range,
    Length,
    Pattern,
    Language,
    UniqueLanguage,
    Equals,
    Disjoint,
    LessThan,
    Not,
    And,
    Or,
    Xone,
    Node,
    Property,
    Qualified,
    Closed,
    HasValue,
    In,
)
"""Every component of SHACL core."""
