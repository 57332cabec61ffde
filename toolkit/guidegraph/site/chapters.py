"""The chapters of the site, in the order of its navigation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the navigation: the group it stands in, its title and its first page."""

    group: str
    title: str
    index: str


HOME = Chapter("Guideline", "Overview", "index.html")
LOCAL = Chapter("Guideline", "Local adaptation", "local/index.html")
RECOMMENDATIONS = Chapter("Guideline", "Recommendations", "recommendations/index.html")
PATHWAYS = Chapter("Guideline", "Pathways", "pathways/index.html")
THRESHOLDS = Chapter("Guideline", "Thresholds", "thresholds/index.html")
SIMULATOR = Chapter("Guideline", "Try a patient", "simulator.html")
QUESTIONS = Chapter("Guideline", "Open questions", "questions/index.html")
OBSERVABLES = Chapter("Reference", "Biomarkers and findings", "observables/index.html")
ACTIONS = Chapter("Reference", "Actions", "actions/index.html")
POPULATIONS = Chapter("Reference", "Populations", "populations/index.html")
DEFINITIONS = Chapter("Reference", "Definitions", "definitions/index.html")
CRITERIA = Chapter("Reference", "Criteria", "criteria/index.html")
CONCEPTS = Chapter("Reference", "Concepts and times", "concepts/index.html")
VOCABULARY = Chapter("Reference", "Words used", "vocabulary/index.html")
CLAIMS = Chapter("Evidence", "Claims", "claims/index.html")
ESTIMATES = Chapter("Evidence", "Estimates", "estimates/index.html")
TABLES = Chapter("Evidence", "Tables", "tables/index.html")
MECHANISM = Chapter("Evidence", "Mechanism", "mechanism/index.html")
STUDIES = Chapter("Evidence", "Studies", "studies/index.html")
SOURCES = Chapter("Evidence", "Sources", "sources/index.html")
AUDIT = Chapter("Quality", "Audit", "audit/index.html")
VERIFICATION = Chapter("Quality", "Verification", "verification/index.html")
QUERIES = Chapter("Quality", "Queries", "queries/index.html")
CODES = Chapter("Quality", "Diagnostic codes", "codes/index.html")
ONTOLOGY = Chapter("Reference", "Ontology", "ontology/index.html")
NAMES = Chapter("Reference", "All names", "names.html")
CHANGES = Chapter("About", "Changes", "changes/index.html")
DOWNLOADS = Chapter("About", "Downloads", "downloads/index.html")
GUIDELINE = Chapter("About", "About this guideline", "guideline.html")
SEARCH = Chapter("About", "Search", "search.html")
"""It has no place in the navigation: a field on every page leads to it."""

CHAPTERS = (
    HOME,
    LOCAL,
    RECOMMENDATIONS,
    PATHWAYS,
    THRESHOLDS,
    SIMULATOR,
    QUESTIONS,
    OBSERVABLES,
    ACTIONS,
    POPULATIONS,
    DEFINITIONS,
    CRITERIA,
    CONCEPTS,
    VOCABULARY,
    ONTOLOGY,
    NAMES,
    CLAIMS,
    ESTIMATES,
    TABLES,
    MECHANISM,
    STUDIES,
    SOURCES,
    AUDIT,
    VERIFICATION,
    QUERIES,
    CODES,
    CHANGES,
    DOWNLOADS,
    GUIDELINE,
)
