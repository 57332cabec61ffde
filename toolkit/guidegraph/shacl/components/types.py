"""What values are: ``sh:class``, ``sh:datatype``, ``sh:nodeKind``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from guidegraph.columns.columns import BLANK, IRI, LITERAL, Codes, Term
from guidegraph.shacl.components.constraint import Asking, Breaches, Edit, Shown, Simple, View
from guidegraph.shacl.names import RDF, RDFS, SH
from guidegraph.shacl.wording import shown

KINDS = {
    "IRI": (IRI,),
    "BlankNode": (BLANK,),
    "Literal": (LITERAL,),
    "BlankNodeOrIRI": (BLANK, IRI),
    "BlankNodeOrLiteral": (BLANK, LITERAL),
    "IRIOrLiteral": (IRI, LITERAL),
}


@dataclass(frozen=True, slots=True)
class Class(Simple):
    """Each value is an instance of a class or of one under it."""

    PARAMETERS: ClassVar = ("class",)
    kind: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Class]:
        """One for each class."""
        return (cls(each) for each in shape.all("class"))

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not."""
        yield view.wrong("Class", view.data.members(view.data.instances(self.kind))[view.values])

    def values_after(self, edit: Edit) -> Codes:
        """What became an instance, or is none any more."""
        return edit.instances(self.kind)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value is not a {shown(self.kind)}."


@dataclass(frozen=True, slots=True)
class Datatype(Simple):
    """Each value is a literal of a datatype and written as the datatype asks."""

    PARAMETERS: ClassVar = ("datatype",)
    datatype: Term

    @classmethod
    def read(cls, shape: Asking) -> Iterator[Datatype]:
        """One or none."""
        if (datatype := shape.iri("datatype")) is not None:
            yield cls(datatype)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not."""
        if self.datatype.value == RDFS + "Literal":  # every literal is one
            right = view.data.kinds(view.values) == LITERAL
        else:
            right = view.literals.has_datatype(view.values, self.datatype.value)
        yield view.wrong("Datatype", right)

    def words(self, shown: Shown) -> str:
        """What is asked."""
        if self.datatype.value == RDF + "langString":
            return "The value is not a text with a language."
        return f"The value is not a literal of the datatype {shown(self.datatype)}."


@dataclass(frozen=True, slots=True)
class NodeKind(Simple):
    """Each value is an IRI, a blank node, a literal, or one of two of these."""

    PARAMETERS: ClassVar = ("nodeKind",)
    kind: str

    @classmethod
    def read(cls, shape: Asking) -> Iterator[NodeKind]:
        """One or none."""
        if (kind := shape.iri("nodeKind")) is not None:
            name = kind.value.removeprefix(SH)
            if name not in KINDS or name == kind.value:
                raise shape.fault("nodeKind", f"has the value {shown(kind)}, which is no node kind")
            yield cls(name)

    def breaches(self, view: View) -> Iterator[Breaches]:
        """The values that are not."""
        yield view.wrong("NodeKind", np.isin(view.data.kinds(view.values), KINDS[self.kind]))

    def words(self, shown: Shown) -> str:
        """What is asked."""
        return f"The value is not of the kind sh:{self.kind}."
