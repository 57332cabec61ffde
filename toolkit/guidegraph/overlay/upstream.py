"""Where the guideline is that an overlay adapts."""

from __future__ import annotations

from pathlib import Path

from rdflib import RDF, URIRef

from guidegraph.read import Sources, display, read
from guidegraph.terms import expand

_ADAPTATION = URIRef(expand("gg:LocalAdaptation"))
_ADAPTS = URIRef(expand("gg:adapts"))
_FOLDER = URIRef(expand("gg:upstreamFolder"))
_GUIDELINE = URIRef(expand("gg:Guideline"))


class UpstreamError(ValueError):
    """The guideline of an overlay cannot be found; the message says where it was looked for."""


def upstream_folder(overlay: Path, named: Path | None = None) -> Path:
    """The folder of the guideline: ``named``, else as the overlay states it, else by its IRI.

    An overlay may state the way to it (``gg:upstreamFolder``, from its own folder). Where it does
    not, the guidelines below ``guideline/`` are asked whether they are the one it adapts.

    Raises:
        UpstreamError: there is no such folder.
    """
    if named is not None:
        return named
    if not overlay.is_dir():
        raise UpstreamError(f"There is no overlay folder `{overlay}`.")
    sources = read(overlay)
    header = sources.graph.value(None, RDF.type, _ADAPTATION)
    stated = sources.graph.value(header, _FOLDER) if header else None
    if stated is not None:
        folder = overlay / str(stated)
        if folder.is_dir():
            return _short(folder)
        raise UpstreamError(
            f"The overlay {overlay} says that its guideline is in `{stated}`, and there is no such "
            "folder. Name the folder with --of."
        )
    adapts = sources.graph.value(header, _ADAPTS) if header else None
    if isinstance(adapts, URIRef):
        for folder in sorted(Path("guideline").glob("*/")):
            if _describes(read(folder), adapts):
                return folder
    raise UpstreamError(
        f"The overlay {overlay} does not say where its guideline is, and none below `guideline/` "
        "is the one it adapts. Name the folder with --of."
    )


def _describes(sources: Sources, iri: URIRef) -> bool:
    return (iri, RDF.type, _GUIDELINE) in sources.graph


def _short(folder: Path) -> Path:
    """The folder without steps up and down again."""
    return Path(display(folder.resolve()))
