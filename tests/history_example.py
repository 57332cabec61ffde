"""The small guideline through three versions, the first two frozen as releases: for tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from guidegraph.lift import lift
from guidegraph.model import Guideline
from guidegraph.read import read
from guidegraph.release import history, releases_in
from guidegraph.release.record import FORMAT, listed, written
from guidegraph.scaffold import new
from guidegraph.site.history import History

NAME = "example-marker"
IRI = f"https://example.org/guideline/{NAME}/"
POPULATION = """
d:POP-children a gg:Population ;
  rdfs:label "Children (of no advice)"@en .
"""
EXTRA = """
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
WITHDRAWN = """
d:POP-adults a gg:Withdrawn ;
  rdfs:label "Adults"@en ;
  owl:deprecated true ;
  gg:formerClass gg:Population ;
  owl:versionInfo "0.0.9" ;
  dcterms:isReplacedBy d:POP-inpatient ;
  gg:rationale "No advice speaks of all adults."@en .
"""


def edited(folder: Path, file: str, old: str, new_text: str) -> None:
    """Replace words in a file that holds them."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new_text), "utf-8")


def freeze(folder: Path, releases: Path, pages: tuple[str, ...] = ()) -> Path:
    """A release of a guideline as far as its history is told from it: files and record."""
    guideline = loaded(folder)
    header = guideline.header
    place = releases / f"{NAME}-{header.version}"
    shutil.copytree(folder, place / "guideline")
    own = {
        each.relative_to(place).as_posix(): each.read_bytes()
        for each in sorted((place / "guideline").rglob("*"))
        if each.is_file()
    }
    told = {
        "format": FORMAT,
        "guideline": header.iri,
        "name": NAME,
        "version": header.version,
        "versionIri": f"{header.iri}/{header.version}",
        "issued": header.issued,
        "guidelineFiles": listed(own),
        "artefacts": listed({f"build/site/{each}": b"" for each in pages}),
    }
    (place / "release.json").write_bytes(written(told))
    return place


def loaded(folder: Path) -> Guideline:
    """The guideline of a folder."""
    guideline, findings = lift(read(folder))
    assert guideline is not None
    assert findings == ()
    return guideline


def raised(folder: Path, old: str, new_text: str, day: str) -> None:
    """The folder with the next version and its dates."""
    edited(folder, "guideline.ttl", f'"{old}"', f'"{new_text}"')
    text = (folder / "guideline.ttl").read_text("utf-8")
    for term in ("dcterms:issued", "dcterms:modified"):
        before, _, after = text.partition(f'{term} "')
        text = f'{before}{term} "{day}{after[10:]}'
    (folder / "guideline.ttl").write_text(text, "utf-8")


def versions(place: Path) -> tuple[Path, Path]:
    """The guideline's folder, at its third version, and that of its two releases."""
    folder, releases = place / NAME, place / "releases"
    new(folder)
    (folder / "more.ttl").write_text(EXTRA + POPULATION, "utf-8")
    freeze(folder, releases, ("index.html", "populations/POP-children.html", "lost/page.html"))
    raised(folder, "0.1.0", "0.2.0", "2026-03-01")
    edited(folder, "thresholds.ttl", "gg:value 70.0", "gg:value 75.0")
    for file in ("thresholds.ttl", "sources.ttl"):
        edited(folder, file, '"70 years or older"', '"75 years or older"')
    edited(folder, "recommendations.ttl", "1: measure the marker", "1: take the marker")
    (folder / "more.ttl").unlink()
    freeze(folder, releases, ("index.html",))
    raised(folder, "0.2.0", "0.3.0", "2026-05-01")
    for file in sorted(folder.glob("*.ttl")):
        text = file.read_text("utf-8")
        file.write_text(text.replace("d:ACT-measure", "d:ACT-take"), "utf-8")
    (folder / "more.ttl").write_text(EXTRA + WITHDRAWN, "utf-8")
    return folder, releases


def past(folder: Path, releases: Path) -> History:
    """What became of the guideline over its releases."""
    return history(loaded(folder), folder, releases_in(releases))
