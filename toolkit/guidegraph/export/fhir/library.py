"""The logic libraries: CQL as it is read, and the same as ELM for engines."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from guidegraph.export import notes
from guidegraph.export.base import Artifact
from guidegraph.export.fhir.elements import Publication, Resource, stated

TYPE = "http://terminology.hl7.org/CodeSystem/library-type"
CQL, ELM = ".cql", ".elm.json"


def libraries(told: Publication, artifacts: Iterable[Artifact]) -> Iterator[Resource]:
    """A Library for each CQL library among the files; the logic depends on all the others."""
    texts = {PurePosixPath(each.path).name: each.text for each in artifacts}
    names = [file.removesuffix(CQL) for file in texts if file.endswith(CQL)]
    for name in names:
        others = [each for each in names if each != name] if name == told.libraries.logic else []
        yield told.resource(
            "Library",
            name,
            f"{notes.title(told.guideline)} {name}",
            type={"coding": [{"system": TYPE, "code": "logic-library"}]},
            description="Generated from the guideline's graph.",
            relatedArtifact=[
                {"type": "depends-on", "resource": told.versioned("Library", each)}
                for each in others
            ],
            content=[
                stated(contentType=kind, data=b64encode(texts[file].encode()).decode())
                for kind, file in (("text/cql", name + CQL), ("application/elm+json", name + ELM))
                if file in texts
            ],
        )
