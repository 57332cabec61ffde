"""How to cite a thing of a guideline: in words, as BibTeX, CSL-JSON and RIS.

Only what the header states is used: who made and published it, its version and dates. Nothing is
filled in where it states nothing, authors least of all.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from guidegraph.entity import Entity
from guidegraph.model import Header

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "#$%&_"},
}
_DATE_PARTS = re.compile(r"\[\s+\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]\s+\]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing to cite. ``part`` is its name inside the guideline, empty for the guideline itself.

    ``page`` is its address under the root of the site, wherever that stands.
    """

    key: str
    title: str
    part: str
    creators: tuple[str, ...]
    publisher: str
    version: str
    date: str
    iri: str
    page: str

    @property
    def plain(self) -> str:
        """In words: ``Makers. “Name”. In: Title. Version 1. Publisher; 2026-11-21. IRI. Page …``"""
        within = f"“{self.part}”. In: {self.title}" if self.part else self.title
        published = "; ".join(each for each in (self.publisher, self.date) if each)
        parts = (
            ", ".join(self.creators),
            within,
            f"Version {self.version}" if self.version else "",
            published,
            self.iri,
            f"Page {self.page}" if self.page else "",
        )
        return ". ".join(_clean(each).rstrip(".") for each in parts if each) + "."

    @property
    def bibtex(self) -> str:
        """An ``@misc`` entry; makers are taken as they are named, never split into names."""
        fields = {
            "author": " and ".join(f"{{{_tex(each)}}}" for each in self.creators),
            "title": f"{{{_tex(self.part or self.title)}}}",
            "howpublished": f"In: {_tex(self.title)}" if self.part else "",
            "publisher": _tex(self.publisher),
            "version": _tex(self.version),
            "year": self.date[:4],
            "date": self.date,
            "url": _clean(self.iri).replace("{", "").replace("}", ""),
            "note": f"Page {_tex(self.page)}" if self.page else "",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return "\n".join((f"@misc{{{self.key},", ",\n".join(lines), "}"))

    @property
    def csl(self) -> str:
        """CSL-JSON, as reference managers and Pandoc read it."""
        found: dict[str, object] = {
            "id": self.key,
            "type": "webpage",
            "title": _clean(self.part or self.title),
            "container-title": _clean(self.title) if self.part else "",
            "author": [{"literal": _clean(each)} for each in self.creators],
            "publisher": _clean(self.publisher),
            "version": _clean(self.version),
            "issued": {"date-parts": [[int(each) for each in self.date.split("-")]]}
            if self.date
            else "",
            "URL": _clean(self.iri),
            "note": f"Page {self.page}" if self.page else "",
        }
        kept = {name: value for name, value in found.items() if value}
        return _DATE_PARTS.sub(r"[[\1, \2, \3]]", json.dumps([kept], indent=2, ensure_ascii=False))

    @property
    def ris(self) -> str:
        """RIS, one tag a line."""
        tags = (
            ("TY", "ELEC"),
            ("TI", self.part or self.title),
            ("T2", self.title if self.part else ""),
            *(("AU", each) for each in self.creators),
            ("PB", self.publisher),
            ("ET", self.version),
            ("PY", self.date[:4]),
            ("DA", self.date.replace("-", "/")),
            ("UR", self.iri),
            ("N1", f"Page {self.page}" if self.page else ""),
        )
        lines = [f"{tag}  - {_clean(value)}" for tag, value in tags if value]
        return "\n".join((*lines, "ER  - "))


def reference(header: Header, thing: Entity, page: str) -> Reference:
    """What is cited for a thing on a page. The date is that of the last change of the guideline."""
    dated = header.modified or header.issued or ""
    name = thing.id if thing.id != header.id else ""
    key = "-".join(each for each in (header.prefix, name, header.version) if each)
    return Reference(
        key=re.sub(r"[^A-Za-z0-9.-]+", "-", key).strip("-") or "guideline",
        title=str(header.title) or str(header.label),
        part="" if thing.id == header.id else _named(thing),
        creators=header.creators,
        publisher=header.publisher or "",
        version=header.version,
        date=dated if _DAY.fullmatch(dated) else "",
        iri=thing.iri,
        page=page,
    )


def _named(thing: Entity) -> str:
    """The label with the printed number or local name."""
    short = thing.notation[0] if thing.notation else thing.id
    return f"{thing.label} ({short})" if thing.label else short


def _tex(text: str) -> str:
    return "".join(_TEX.get(each, each) for each in _clean(text))


def _clean(text: str) -> str:
    """One line without control characters, so that no value can begin a field of its own."""
    spaced = " ".join(text.split())
    return "".join(each for each in spaced if unicodedata.category(each) not in ("Cc", "Cs", "Cf"))
