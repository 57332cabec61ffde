"""What a site is built from: everything earlier stages found out about one guideline.

The site adds no facts of its own. Parts that are not there (no cases yet, no flowcharts) are left
out of the pages, never made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import Guideline
from guidegraph.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """A named query with the answer it has on this guideline.

    ``parameters`` are pairs of name and meaning, ``rows`` hold one text per column; an IRI of the
    guideline becomes a link.
    """

    name: str
    title: str
    description: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """One patient of the case file: whether the answer was as expected, and if not, why not."""

    name: str
    title: str
    passed: bool
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which things of a kind ("rules", "branches") the cases reached: local name and how often."""

    what: str
    reached: Mapping[str, int]

    @property
    def missed(self) -> tuple[str, ...]:
        """The things no case reached."""
        return tuple(name for name, times in self.reached.items() if not times)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """The explanation of a diagnostic code: Markdown that ships with guidegraph."""

    code: str
    title: str
    severity: Severity
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to take away. ``path`` is its place under ``downloads/``, ``text`` what it holds."""

    path: str
    title: str
    text: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContent:
    """All that goes into a site. ``flowcharts`` are SVG texts by the pathway's local name.

    ``pages`` is a folder of hand-written Markdown pages; each becomes a page under "About".
    """

    guideline: Guideline
    program: Program | None = None
    findings: tuple[Diagnostic, ...] = ()
    cases: tuple[CaseOutcome, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    flowcharts: Mapping[str, str] = field(default_factory=dict)
    queries: tuple[QueryResult, ...] = ()
    explanations: tuple[CodePage, ...] = ()
    downloads: tuple[Download, ...] = ()
    pages: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was written: the folder of the site, its pages in order, and what mkdocs warned of."""

    folder: Path
    pages: tuple[str, ...]
    warnings: tuple[str, ...] = ()
