"""The first page: in what state the guideline is, what is in it, what was done last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.edit.pages.catalogue import Catalogue, catalogue
from guidegraph.edit.pages.findings import by_severity
from guidegraph.edit.pages.frame import desk_of
from guidegraph.edit.pages.rendering import page
from guidegraph.forms.kinds import KINDS
from guidegraph.terms import expand, local_name

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_SHOWN = 8
_RECENT = 6
_PATHWAY = expand("gg:CarePathway")
_CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Advice",
        ("Recommendation", "RecommendationGroup", "Population", "ClinicalDefinition", "*Action"),
    ),
    (
        "Limits and conditions",
        ("Threshold", "SiteParameter", "*Criterion", "ScoreItem", "TimeWindow", "Anchor"),
    ),
    ("Pathways", ("CarePathway", "*Node", "Branch")),
    (
        "Patients' data",
        (
            "Biomarker",
            "PatientCharacteristic",
            "ClinicalFinding",
            "ClinicalJudgement",
            "ClinicalScore",
            "CodedValue",
        ),
    ),
    (
        "Evidence",
        (
            "EvidenceClaim",
            "Study",
            "StudyArm",
            "StatisticalResult",
            "EvidenceRelation",
            "Citation",
            "SourceDocument",
            "SourcePassage",
            "SourceTable",
        ),
    ),
    (
        "The committee",
        ("Appraisal", "Vote", "Dissent", "Comment", "DeclaredInterest", "Agent", "Discrepancy"),
    ),
)
"""Under which heading a class stands; ``*`` stands for any beginning, all others come last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCount:
    """A class, what it is called, and how many things of it there are."""

    iri: str
    label: str
    count: int


def home(request: Request) -> Response:
    """``/``."""
    desk, known = desk_of(request), catalogue(request)
    everything = request.query_params.get("all") == "1"
    return page(
        request,
        "home.html",
        kinds=tuple(by_severity(desk.looked, known)),
        most=None if everything else _SHOWN,
        runs=desk.looked.guideline is not None,
        chapters=chapters(known),
        pathways=[each for each in known.things if each.cls == _PATHWAY],
        makes=[(each.name, expand(each.cls)) for each in KINDS],
        recent=tuple(reversed(desk.steps[-_RECENT:])),
    )


def chapters(known: Catalogue) -> list[tuple[str, list[ClassCount]]]:
    """The classes of which there is something, under their headings."""
    groups: dict[str, list[ClassCount]] = {name: [] for name in (*dict(_CHAPTERS), "Other")}
    for cls, count in known.classes.items():
        made = ClassCount(iri=cls, label=known.kind(cls), count=count)
        groups[_chapter(local_name(cls))].append(made)
    return [
        (name, sorted(each, key=lambda one: one.label.casefold()))
        for name, each in groups.items()
        if each
    ]


def _chapter(local: str) -> str:
    for name, members in _CHAPTERS:
        for each in members:
            if local == each or (each.startswith("*") and local.endswith(each[1:])):
                return name
    return "Other"
