"""The static site of a guideline: pages, theme and templates, rendered by mkdocs.

``build_site`` takes what earlier stages found (``SiteContent``) and writes a folder that opens from
a file system, asks no other server for anything, and needs no JavaScript.
"""

from guidegraph.site.addresses import Addresses
from guidegraph.site.build import build_site
from guidegraph.site.content import (
    QUOTES_NOTE,
    Built,
    Download,
    QueryResult,
    SiteContent,
)

__all__ = [
    "QUOTES_NOTE",
    "Addresses",
    "Built",
    "Download",
    "QueryResult",
    "SiteContent",
    "build_site",
]
