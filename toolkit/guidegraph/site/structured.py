"""Structured data for search engines: schema.org as JSON-LD."""

from __future__ import annotations

from guidegraph.model import Recommendation, SourceDocument
from guidegraph.site.safe import external
from guidegraph.site.view import View

Data = dict[str, object]


def guideline_data(seen: View) -> Data:
    """The guideline as a ``MedicalGuideline``."""
    header = seen.guideline.header
    sources = [seen.guideline.get(each, SourceDocument) for each in header.sources]
    data: Data = {
        "@context": "https://schema.org",
        "@type": "MedicalGuideline",
        "@id": header.iri,
        "name": str(header.title) or str(header.label),
        "description": str(header.description),
        "version": header.version,
        "guidelineDate": header.modified or header.issued,
        "evidenceOrigin": "; ".join(str(each.title) for each in sources if each),
        "license": external(header.license) if header.license else None,
        "publisher": header.publisher,
        "inLanguage": "en",
    }
    return {name: value for name, value in data.items() if value}


def recommendation_data(seen: View, advice: Recommendation) -> Data:
    """A recommendation as a ``MedicalGuidelineRecommendation``, part of its guideline."""
    strength = seen.guideline.words(advice.modality)
    return {
        **guideline_data(seen),
        "@type": "MedicalGuidelineRecommendation",
        "@id": advice.iri,
        "name": str(advice.label),
        "description": str(advice.statement),
        "recommendationStrength": strength,
        "isPartOf": {"@id": seen.guideline.header.iri, "@type": "MedicalGuideline"},
    }
