"""The guideline as CQL and ELM, the languages of FHIR's decision support."""

from guidegraph.export.cql.exporter import CqlExporter
from guidegraph.export.cql.names import (
    RECOMMENDATIONS,
    Definitions,
    LibraryNames,
    definitions,
    library_names,
)

__all__ = [
    "RECOMMENDATIONS",
    "CqlExporter",
    "Definitions",
    "LibraryNames",
    "definitions",
    "library_names",
]
