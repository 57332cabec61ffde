"""Where the files that travel with the package are: ontology, explanations, schemas, queries."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def ontology_folder() -> Path:
    """The ontology: inside an installed wheel, or at the top of a checkout."""
    shipped = PACKAGE / "ontology"
    return shipped if shipped.is_dir() else PACKAGE.parents[1] / "ontology"


def explanations_folder() -> Path:
    """One Markdown file per diagnostic code."""
    return PACKAGE / "explanations"


def schemas_folder() -> Path:
    """The published JSON Schemas."""
    return PACKAGE / "schemas"


def queries_folder() -> Path:
    """The competency queries that work on any guideline."""
    return PACKAGE / "queries"
