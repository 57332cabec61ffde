"""What a site is built from: everything earlier stages found out about one guideline.

The site adds no facts of its own. Parts that are not there (no cases yet, no flowcharts) are left
out of the pages, never made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.audit import AuditReport
from guidegraph.cases import Report
from guidegraph.diagnostic import Diagnostic
from guidegraph.explain import Explanation
from guidegraph.export import Gap
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.query.named import NamedQuery
from guidegraph.site.history import History

if TYPE_CHECKING:  # the solver may be missing where a site is built
    from guidegraph.verify import VerificationReport
    from guidegraph.verify.drawn import Picture

QUOTES_NOTE = (
    "The words are quoted from the publisher's own copy of the source, where their hash fits. They "
    "belong to the publisher: without its permission this page may not be passed on."
)
"""What is said of the words of sources wherever a site shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """A named query with the answer it has on this guideline.

    ``rows`` hold one text per column, empty where nothing is bound; an IRI of the guideline
    becomes a link.
    """

    query: NamedQuery
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to take away. ``path`` is its place under ``downloads/``, ``text`` what it holds.

    ``target`` is the name of the target it belongs to, ``about`` what that target is.
    """

    path: str
    title: str
    text: str
    description: str = ""
    target: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContent:
    """All that goes into a site. ``flowcharts`` are SVG texts by the pathway's local name,
    ``pictures`` those of the evidence by the name of their file,
    ``gaps`` what the targets of the downloads cannot say, ``verification`` what was proved (None
    where nothing was asked), ``bands`` the number lines of its topics.

    ``folder`` is the guideline's folder as it stands in front of file names, ``overlay`` that of a
    local adaptation, ``pages`` a folder of hand-written Markdown pages; each becomes a page under
    "About".

    ``quotes`` are the words of passages, part by part, from the reader's own copy of the sources.
    ``history`` is what became of the guideline up to this version.
    """

    guideline: Guideline
    program: Program | None = None
    findings: tuple[Diagnostic, ...] = ()
    audit: AuditReport = field(default_factory=AuditReport)
    cases: Report | None = None
    verification: VerificationReport | None = None
    bands: tuple[Picture, ...] = ()
    flowcharts: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    queries: tuple[QueryResult, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    downloads: tuple[Download, ...] = ()
    gaps: tuple[Gap, ...] = ()
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    history: History = field(default_factory=History)
    folder: str = ""
    overlay: str = ""
    pages: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was written: the folder of the site, its pages in order, and what mkdocs warned of."""

    folder: Path
    pages: tuple[str, ...]
    warnings: tuple[str, ...] = ()
