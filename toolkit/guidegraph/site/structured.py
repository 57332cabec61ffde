"""Structured data for search engines: schema.org as JSON-LD.

A guideline is a ``MedicalGuideline`` and a ``CreativeWork`` (which alone has versions, licences and
languages). Only what is stated is given: no author is made up, and no level of evidence.
"""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph import doi
from guidegraph.model import (
    Action,
    Concept,
    EvidenceClaim,
    Header,
    Recommendation,
    SourceDocument,
)
from guidegraph.site.safe import external
from guidegraph.site.view import View

Data = dict[str, object]
CONTEXT = "https://schema.org"
LANGUAGE = "en"
"""In which language the pages are written."""

NOT_STATED = "NotStated"


def guideline_data(seen: View) -> Data:
    """The guideline as a ``MedicalGuideline``."""
    header = seen.guideline.header
    actions = seen.guideline.all(Action)
    return _kept(
        {
            "@context": CONTEXT,
            "@type": ["MedicalGuideline", "CreativeWork"],
            "@id": header.iri,
            **_about(seen, header),
            "name": str(header.title) or str(header.label),
            "description": str(header.description),
            "guidelineSubject": _subjects(seen, (e for a in actions for e in a.target_conditions)),
            "isBasedOn": _works(seen, header.sources),
        }
    )


def recommendation_data(seen: View, advice: Recommendation) -> Data:
    """A recommendation as a ``MedicalGuidelineRecommendation``, part of its guideline."""
    header = seen.guideline.header
    action = seen.guideline.get(advice.action, Action)
    claims = [
        found
        for each in seen.links.evidence_for(advice.id)
        if (found := seen.guideline.get(each.evidence, EvidenceClaim))
    ]
    printed = (*seen.guideline.documents_of(advice), *_documents(seen, claims))
    level = "" if advice.certainty == NOT_STATED else seen.guideline.words(advice.certainty)
    return _kept(
        {
            "@context": CONTEXT,
            "@type": ["MedicalGuidelineRecommendation", "CreativeWork"],
            "@id": advice.iri,
            **_about(seen, header),
            "name": str(advice.label),
            "identifier": advice.notation[0] if advice.notation else advice.id,
            "description": str(advice.statement),
            "recommendationStrength": _strength(seen, advice),
            "evidenceLevel": level,
            "guidelineSubject": _subjects(seen, action.target_conditions if action else ()),
            "isBasedOn": _works(seen, dict.fromkeys(printed)),
            "isPartOf": {
                "@id": header.iri,
                "@type": ["MedicalGuideline", "CreativeWork"],
                "name": str(header.title) or str(header.label),
                "version": header.version,
            },
        }
    )


def _about(seen: View, header: Header) -> Data:
    """What every page says of the guideline's state: version, dates, licence, makers, language."""
    origin = (seen.guideline.get(each, SourceDocument) for each in header.sources)
    status = seen.guideline.words(header.status) if header.status else ""
    return {
        "version": header.version,
        "guidelineDate": header.modified or header.issued,
        "datePublished": header.issued,
        "dateModified": header.modified,
        "creativeWorkStatus": status,
        "evidenceOrigin": "; ".join(str(each.title) for each in origin if each and each.title),
        "license": external(header.license) if header.license else None,
        "creditText": ", ".join(header.creators),
        "publisher": {"@type": "Organization", "name": header.publisher}
        if header.publisher
        else None,
        "spatialCoverage": str(header.jurisdiction),
        "inLanguage": LANGUAGE,
    }


def _strength(seen: View, advice: Recommendation) -> str:
    """The stated strength with the source's wording, or that wording and that none is stated."""
    wording = seen.guideline.words(advice.modality)
    if advice.strength == NOT_STATED:
        return f"{wording} (the source's wording; it states no strength)"
    return f"{seen.guideline.words(advice.strength)} ({wording})"


def _documents(seen: View, claims: Iterable[EvidenceClaim]) -> list[str]:
    return [name for each in claims for name in seen.guideline.documents_of(each)]


def _subjects(seen: View, names: Iterable[str]) -> list[Data]:
    """The conditions that advice is about, with the terms of other vocabularies they match."""
    found = [seen.guideline.get(each, Concept) for each in dict.fromkeys(names)]
    return [
        _kept(
            {
                "@type": "MedicalCondition",
                "name": str(each.label) or each.id,
                "sameAs": [way for iri in each.matches if (way := external(iri))],
            }
        )
        for each in found
        if each
    ]


def _works(seen: View, names: Iterable[str]) -> list[Data]:
    """The documents something rests on, with their DOI where they have one."""
    found = [seen.guideline.get(each, SourceDocument) for each in names]
    return [_work(each) for each in found if each]


def _work(document: SourceDocument) -> Data:
    bare = next((found for each in document.identifiers if (found := doi.bare(each))), None)
    return _kept(
        {
            "@type": "CreativeWork",
            "@id": document.iri,
            "name": str(document.title) or str(document.label) or document.id,
            "identifier": list(document.identifiers),
            "sameAs": external(bare) if bare else None,
        }
    )


def _kept(data: Data) -> Data:
    """What says something."""
    return {name: value for name, value in data.items() if value}
