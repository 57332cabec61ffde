"""Which thing of a guideline is meant: by name, IRI, printed number or DOI."""

from __future__ import annotations

from guidegraph import doi
from guidegraph.model import Guideline, SourceDocument
from guidegraph.suggestion import alike


class UnknownThingError(ValueError):
    """Nothing in the guideline, or more than one thing, has this name; ``advice`` says more."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def find(guideline: Guideline, asked: str) -> str:
    """The local name of the thing that is meant.

    Raises:
        UnknownThingError: if there is none, or if several share the notation.
    """
    name = asked.strip().removeprefix("<").removesuffix(">")
    prefix = f"{guideline.header.prefix or 'd'}:"
    for known in (name, name.removeprefix("d:"), name.removeprefix(prefix)):
        if known in guideline.entities:
            return known
    found = [each.id for each in guideline.entities.values() if name in (each.iri, *each.notation)]
    if wanted := doi.normalised(name):
        found += [
            each.id
            for each in guideline.all(SourceDocument)
            if wanted in map(doi.normalised, each.identifiers)
        ]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"`{each}`" for each in found)
        raise UnknownThingError(f"`{name}` stands for several things: {listed}.", "Name one.")
    raise UnknownThingError(f"There is nothing called `{name}`.", _advice(guideline, name))


def _advice(guideline: Guideline, name: str) -> str:
    known: list[str] = []
    for each in guideline.entities.values():
        known += (each.id, *each.notation)
        known += each.identifiers if isinstance(each, SourceDocument) else ()
    near = alike(name.removeprefix("d:"), known)
    if near:
        return f"Did you mean `{near[0]}`?"
    return "Give a local name, an IRI, a number printed in the source, or a DOI."
