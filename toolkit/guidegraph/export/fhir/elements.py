"""What every generated FHIR resource has: an id, an address, a version, a status, words to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import escape
from typing import Any

from guidegraph.export.base import ExportInput
from guidegraph.export.cql import Definitions, LibraryNames, definitions, library_names
from guidegraph.export.words import clean
from guidegraph.model import Guideline
from guidegraph.terms import local_name

Resource = dict[str, Any]
"""A FHIR resource or element as JSON. No element is ever empty: FHIR forbids it."""

LONGEST_ID = 64
EXTENSIONS = "http://hl7.org/fhir/StructureDefinition/"
NOT_STATED = "NotStated"


@dataclass(frozen=True)
class Publication:
    """The guideline that all resources come from, and where they say they are."""

    loaded: ExportInput

    @property
    def guideline(self) -> Guideline:
        """The guideline."""
        return self.loaded.guideline

    @property
    def libraries(self) -> LibraryNames:
        """What the libraries are called."""
        return library_names(self.loaded)

    @cached_property
    def definitions(self) -> Definitions:
        """What the logic library calls its definitions."""
        return definitions(self.loaded.program)

    @property
    def system(self) -> str:
        """The code system of all names of this guideline: its namespace."""
        return self.guideline.header.namespace.rstrip("/#")

    def canonical(self, kind: str, name: str) -> str:
        """The address of a resource: ``<namespace>/fhir/PlanDefinition/<id>``."""
        return f"{self.system}/fhir/{kind}/{fhir_id(name)}"

    def versioned(self, kind: str, name: str) -> str:
        """The address of exactly this version of a resource."""
        version = self.loaded.program.version
        return self.canonical(kind, name) + (f"|{version}" if version else "")

    def resource(self, kind: str, name: str, title: str, /, **content: Any) -> Resource:
        """A resource with all that any of them carries, and then its own content.

        It is a draft and experimental: that is for whoever adopts it to change.
        """
        header = self.guideline.header
        title = clean(title) or name
        return stated(
            resourceType=kind,
            id=fhir_id(name),
            text=narrative(title),
            url=self.canonical(kind, name),
            version=self.loaded.program.version,
            name=computable(name),
            title=title,
            status="draft",
            experimental=None if kind == "Questionnaire" else True,
            date=header.issued,
            publisher=_publisher(self.guideline),
            **content,
        )

    def coding(self, name: str, display: str) -> Resource:
        """A code of the guideline itself."""
        return stated(system=self.system, code=name, display=clean(display))

    def concept(self, name: str, display: str) -> Resource:
        """The same as a concept, with its words."""
        return stated(coding=[self.coding(name, display)], text=clean(display))


def stated(**elements: Any) -> Resource:
    """The elements that say something; a trailing underscore is for Python's own words."""
    return {
        name.rstrip("_"): value
        for name, value in elements.items()
        if value is not None and value != "" and value != [] and value != {}
    }


def fhir_id(name: str) -> str:
    """A name as a FHIR id: letters, digits, ``-`` and ``.``, at most 64, still unlike any other."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-") or "unnamed"
    if plain == name and len(name) <= LONGEST_ID:
        return name
    mark = sha256(name.encode()).hexdigest()[:8]
    return f"{plain[: LONGEST_ID - len(mark) - 1]}-{mark}"


def computable(name: str) -> str:
    """A name for programs: a capital, then letters, digits and underscores."""
    words = [each for each in re.split(r"[^A-Za-z0-9]+", name) if each]
    joined = "".join(each[0].upper() + each[1:] for each in words) or "Unnamed"
    return joined if joined[0].isalpha() else f"N{joined}"


def narrative(words: str) -> Resource:
    """The least a resource must say to a reader who sees nothing else."""
    body = escape(words, quote=False)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{body}</p></div>',
    }


def _publisher(guideline: Guideline) -> str | None:
    found = guideline.header.publisher
    if not found:
        return None
    entity = guideline.entities.get(found)
    return clean(str(entity.label)) if entity and entity.label else local_name(found) or found
