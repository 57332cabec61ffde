"""Where the files that travel with the package are, and where those of others are installed."""

from __future__ import annotations

import os
from pathlib import Path

ENGINES = "GUIDEGRAPH_ENGINES"
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


def license_file() -> Path:
    """The Apache License 2.0: inside an installed wheel, or at the top of a checkout."""
    shipped = PACKAGE / "LICENSE"
    return shipped if shipped.is_file() else PACKAGE.parents[1] / "LICENSE"


def engines_folder() -> Path:
    """Where npm packages of engines are: ``$GUIDEGRAPH_ENGINES``, or in the user's cache."""
    if told := os.environ.get(ENGINES):
        return Path(told)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "guidegraph" / "engines"
