"""Everything that is generated from a guideline, written into one folder.

``build`` runs the exporters, the cases, the verification and the named queries, hands what they
found to the site, and writes a manifest with the size and hash of every artefact. The manifest is
also how a later build knows which files it may remove: what it did not make it does not touch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph import cases, explain, query, solver
from guidegraph.audit import audit
from guidegraph.cache import Cache, Visible, verified
from guidegraph.diagnostic import Diagnostic, Severity, in_order
from guidegraph.export import EXPORTERS, Artifact, ExportInput, Gap, gaps
from guidegraph.model import Guideline
from guidegraph.pipeline import Loaded
from guidegraph.program import Program
from guidegraph.query.results import Cell, Row
from guidegraph.read import Sources
from guidegraph.read.folder import display
from guidegraph.site.alone import verification
from guidegraph.site.build import build_site
from guidegraph.site.content import QUOTES_NOTE, Built, Download, QueryResult, SiteContent
from guidegraph.site.history import History

if TYPE_CHECKING:  # the solver may be missing
    from guidegraph.verify import VerificationReport
    from guidegraph.verify.drawn import Picture

MANIFEST = "manifest.json"
FLOWCHARTS = "flowcharts"
PICTURES = "pictures"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One artefact that was written."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build wrote, and what it found on the way (cases that fail, for example).

    ``gaps`` are what targets could not say of the guideline, ``content`` is what the site shows:
    the audit and the cases among them.
    """

    site: Built
    content: SiteContent
    artefacts: tuple[Made, ...]
    findings: tuple[Diagnostic, ...]
    gaps: tuple[Gap, ...]


def build(
    loaded: Loaded,
    guideline: Guideline,
    program: Program,
    output: Path,
    progress: Progress,
    quotes: Mapping[str, tuple[str, ...]] | None = None,
    history: History | None = None,
    cache: Cache | None = None,
) -> Outcome:
    """Write every artefact and the site of a sound guideline below ``output``.

    ``quotes`` are the words of passages by their name; only the pages of the site show them.
    ``history`` is what became of the guideline up to this version. ``cache`` is what earlier builds
    found out: with it a build makes the same, sooner.

    Raises:
        FileExistsError: if ``output`` holds folders of these names that no build has made.
        OSError: if something cannot be written.
    """
    given = ExportInput(guideline=guideline, program=program, sources=loaded.sources)
    by_target = dict(_artifacts(given, progress))
    artifacts = [each for made in by_target.values() for each in made]
    missing = tuple(each for exporter in EXPORTERS for each in gaps(exporter, given))
    folder = display(loaded.sources.root)
    visible = Visible.of(guideline, folder)
    report = cases.run_sources(guideline, loaded.sources, progress)
    unsolved = solver.missing(Severity.NOTE)
    proved = None if unsolved else verified(visible, cache, partial(_proved, progress))
    bands = _bands(guideline, proved) if proved else ()
    if proved:
        artifacts += verification(guideline, proved, bands, folder)
    content = SiteContent(
        guideline=guideline,
        program=program,
        findings=loaded.findings,
        audit=audit(guideline),
        cases=report,
        verification=proved,
        bands=bands,
        flowcharts=_drawings(artifacts, FLOWCHARTS),
        pictures=_drawings(artifacts, PICTURES),
        queries=tuple(_answers(loaded.sources, progress)),
        explanations=tuple(explain.explanation(code) for code in explain.codes()),
        downloads=tuple(_downloads(by_target)),
        gaps=missing,
        quotes=quotes or {},
        history=history or History(),
        folder=folder,
        overlay=display(loaded.sources.overlay) if loaded.sources.overlay else "",
        pages=_own_pages(loaded.sources.root),
    )
    _remove_stale(output, {each.path for each in artifacts})
    site = build_site(content, output, progress, cache)
    made = tuple(_write(output, each) for each in artifacts)
    _write(output, Artifact(MANIFEST, _manifest(guideline, made, quotes or {})))
    return Outcome(
        site=site,
        content=content,
        artefacts=made,
        findings=in_order((*report.findings, *([unsolved] if unsolved else []))),
        gaps=missing,
    )


def write_verification(
    guideline: Guideline, report: VerificationReport, folder: Path, output: Path
) -> Path:
    """Write a verification of the guideline in ``folder`` below ``output``; the page to open.

    The manifest of an earlier build in this folder is told of the files.

    Raises:
        OSError: if something cannot be written.
    """
    bands = _bands(guideline, report)
    files = verification(guideline, report, bands, display(folder))
    made = [_write(output, each) for each in files]
    page = output / made[0].path
    try:
        told = json.loads((output / MANIFEST).read_text("utf-8"))
        by_path = {each["path"]: each for each in told["artefacts"]}
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return page
    if told.get("guideline") == guideline.header.iri:
        by_path |= {each.path: _listed(each) for each in made}
        told["artefacts"] = list(by_path.values())
        _write(output, Artifact(MANIFEST, json.dumps(told, indent=2, ensure_ascii=False) + "\n"))
    return page


def _proved(progress: Progress, guideline: Guideline) -> VerificationReport:
    from guidegraph.verify import verify

    return verify(guideline, progress=progress)


def _bands(guideline: Guideline, report: VerificationReport) -> tuple[Picture, ...]:
    """The number lines of the topics; none where there was no time for proofs either."""
    from guidegraph.verify.drawn_bands import band_pictures

    is_late = any("time" in each.reasons for each in report.open)
    return () if is_late else band_pictures(guideline)


def _artifacts(given: ExportInput, progress: Progress) -> Iterator[tuple[str, list[Artifact]]]:
    """The files of each target by its name."""
    for done, exporter in enumerate(EXPORTERS):
        progress(f"Exporting {exporter.name}", done, len(EXPORTERS))
        yield exporter.name, list(exporter.export(given))


def _downloads(made: Mapping[str, list[Artifact]]) -> Iterator[Download]:
    """Every file with the target it belongs to."""
    for exporter in EXPORTERS:
        for each in made[exporter.name]:
            yield Download(
                path=each.path,
                title=each.path,
                text=each.text,
                target=exporter.name,
                about=exporter.description,
            )


def _drawings(artifacts: list[Artifact], folder: str) -> Mapping[str, str]:
    """The drawings below a folder by the names of their files."""
    return {
        Path(each.path).stem: each.text
        for each in artifacts
        if each.path.startswith(f"{folder}/") and each.path.endswith(".svg")
    }


def _answers(sources: Sources, progress: Progress) -> Iterator[QueryResult]:
    """Every named query that needs no parameter, with its answer."""
    graph = query.load(sources.root, sources.overlay)
    asked = query.named(sources.root)
    for done, each in enumerate(asked):
        progress("Asking", done, len(asked))
        answer = None
        if all(parameter.default is not None for parameter in each.parameters):
            answer = query.run(each, graph)
        yield QueryResult(
            query=each,
            columns=answer.columns if answer else (),
            rows=tuple(map(_shown, answer.rows)) if answer else (),
        )


def _shown(row: Row) -> tuple[str, ...]:
    """A row as text: names in full, so that the site can link them; all else as displayed."""
    return tuple(_text(cell) if cell else "" for cell in row)


def _text(cell: Cell) -> str:
    return cell.value if cell.kind == "iri" else cell.display


def _own_pages(folder: Path) -> Path | None:
    """Hand-written pages: beside the guideline, or the ``site`` folder of the project around it."""
    for place in (folder / "pages", folder.parent.parent / "site"):
        if any(place.glob("*.md")):
            return place
    return None


def _remove_stale(output: Path, wanted: set[str]) -> None:
    """Remove what an earlier build made and this one does not."""
    try:
        told = json.loads((output / MANIFEST).read_text("utf-8"))
        earlier = [str(each["path"]) for each in told["artefacts"]]
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return
    for path in earlier:
        stale = output / path
        if path not in wanted and output.resolve() in stale.resolve().parents and stale.is_file():
            stale.unlink()


def _write(output: Path, artifact: Artifact) -> Made:
    path = output / artifact.path
    path.parent.mkdir(parents=True, exist_ok=True)
    content = artifact.text.encode()
    path.write_bytes(content)
    return Made(artifact.path, len(content), hashlib.sha256(content).hexdigest())


def _manifest(
    guideline: Guideline, made: tuple[Made, ...], quotes: Mapping[str, tuple[str, ...]]
) -> str:
    header = guideline.header
    told: dict[str, object] = {
        "guideline": header.iri,
        "version": header.version,
        "artefacts": [_listed(each) for each in made],
    }
    if quotes:
        told["quotes"] = {"passages": len(quotes), "notice": QUOTES_NOTE}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _listed(made: Made) -> dict[str, object]:
    return {"path": made.path, "bytes": made.size, "sha256": made.sha256}
