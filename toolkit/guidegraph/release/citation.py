"""``CITATION.cff``: how a release is cited, in the Citation File Format 1.2.0."""

from __future__ import annotations

import re
from typing import Any

import yaml

from guidegraph.model import Guideline

FILE = "CITATION.cff"
MESSAGE = "If you use this guideline in its encoded form, please cite this version of it."

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/([1-4]\.[0-9])/?"
)
_LISTED = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
    "https://opensource.org/licenses/MIT": "MIT",
}


def citation(guideline: Guideline, version_iri: str) -> bytes:
    """The file for a guideline whose header is complete."""
    header = guideline.header
    labels = {each.iri: str(each.label) for each in guideline.entities.values() if each.label}
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": str(header.title),
        "version": header.version,
        "date-released": header.issued,
        "authors": [{"name": labels.get(each, each)} for each in header.creators],
        "url": version_iri,
        "identifiers": [
            {"type": "url", "value": version_iri, "description": "The IRI of this version"},
            {"type": "url", "value": header.iri, "description": "The IRI of the guideline"},
        ],
    }
    if header.description:
        told["abstract"] = str(header.description)
    if header.license:
        told |= _license(header.license)
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100).encode()


def _license(iri: str) -> dict[str, str]:
    """A licence by its name in the SPDX list, or else by its address."""
    if found := _CREATIVE_COMMONS.fullmatch(iri):
        return {"license": f"CC-{found[1].upper()}-{found[2]}"}
    return {"license": _LISTED[iri]} if iri in _LISTED else {"license-url": iri}
