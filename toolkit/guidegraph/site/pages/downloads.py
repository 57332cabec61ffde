"""What can be taken away: every target with its use, its files and what it cannot say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from guidegraph.export import Gap
from guidegraph.model import CarePathway
from guidegraph.site.blocks import (
    Block,
    Card,
    Cards,
    Line,
    Listing,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.chapters import DOWNLOADS
from guidegraph.site.content import Download
from guidegraph.site.figures import size
from guidegraph.site.pages.index import index_page
from guidegraph.site.view import View, joined
from guidegraph.wording import plural

LEAD = (
    "The guideline in other forms, all generated from the same content. Those that decide give the "
    "same answers. What a form cannot say stands under its files."
)
FORMS = {
    ".ttl": "The graph in Turtle",
    ".jsonld": "The graph as JSON-LD",
    ".nt": "The graph as N-Triples",
    ".py": "The decision logic as one Python module without dependencies",
    ".mjs": "The decision logic as one JavaScript module without dependencies",
    ".duckdb.sql": "The decision logic as SQL for DuckDB",
    ".spark.sql": "The decision logic as SQL for Spark",
    ".dmn": "The decision logic as DMN decisions and tables",
    "Logic.cql": "The decision logic as a CQL library",
    "FHIRData.cql": "How the logic finds its data in FHIR, as a CQL library",
    "Data.cql": "The data of the logic as parameters, as a CQL library",
    "Logic.elm.json": "The decision logic, translated to ELM",
    "Data.elm.json": "The data of the logic, translated to ELM",
    ".schema.json": "A JSON Schema",
    "cds-services.json": "What a CDS Hooks service answers when asked what it offers",
    ".svg": "Flowchart",
    ".mmd": "Flowchart as Mermaid text",
    ".dot": "Flowchart as Graphviz text",
}
"""What a download is by its ending, where nothing else is said."""

NAMES = re.compile(r"(`[^`]+`|\b[A-Z]\w*-[\w-]*\w)")
"""What may be the name of a thing in a sentence about a target."""

PICTURES = "pictures"
KINDS = {
    "estimates-": "Estimates",
    "mechanism": "The mechanism",
    "evidence-": "Evidence around an advice",
    "levels-": "Levels and limits",
}
"""The kinds of pictures by the start of their names."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a target is called, for whom it is, and how to use it: in words, and in lines to type.

    ``{stem}`` in the lines is the name of the first file without its ending.
    """

    title: str
    audience: str
    told: str = ""
    typed: str = ""


USES: Mapping[str, Use] = {
    "graph": Use(
        "Graph (RDF)",
        "For questions and linked data",
        "The three files say the same; load one of them into any RDF store.",
    ),
    "python": Use(
        "Python",
        "For programs and notebooks",
        "It reads a patient in wire form, which guidegraph normalise makes of a patient file; its "
        "head lists every fact.",
        "guidegraph normalise patient.json > wire.json\npython {stem}.py --trace wire.json",
    ),
    "javascript": Use(
        "JavaScript",
        "For web pages and Node.js",
        "Nothing to install, nothing fetched. It takes the same facts as the Python module.",
        'import {{ decide, trace }} from "./{stem}.mjs";\n'
        "const statuses = decide(facts, settings);",
    ),
    "sql": Use(
        "SQL",
        "For cohorts",
        "One row per person and recommendation. The head of the script says which tables it reads, "
        "and which questions must have no answer before the result is used.",
    ),
    "cql": Use(
        "CQL and ELM",
        "For clinical quality tools",
        "The logic reads its data from a second library: plain parameters, or FHIR (in the folder "
        "fhir). Engines without a translator run the ELM.",
    ),
    "dmn": Use(
        "DMN",
        "For modellers",
        "Open the file in an editor for DMN 1.3; it holds diagrams, a decision for each condition, "
        "and tables of what is in force.",
    ),
    "fhir": Use(
        "FHIR R4 and CDS Hooks",
        "For electronic health records",
        "Send the resources to a FHIR server, libraries first. PlanDefinition ties them together; "
        "the questionnaire asks what a clinician judges.",
    ),
    "model": Use(
        "JSON",
        "For other implementations",
        "The schema beside it says what every field means.",
    ),
    "flowchart": Use("Flowcharts", "For papers, slides and wikis"),
    "pictures": Use("Pictures of the evidence", "For papers, slides and wikis"),
}


def pages(seen: View) -> Iterator[Page]:
    """What can be taken away, by target, with size and hash."""
    found = seen.content.downloads
    if not found:
        return
    targets: dict[str, list[Download]] = {}
    for each in found:
        targets.setdefault(each.target, []).append(each)
    yield index_page(
        seen,
        DOWNLOADS,
        LEAD,
        Section("", (Cards(tuple(map(_card, targets.values()))),)),
        *(_target(seen, files) for files in targets.values()),
        style="wide",
    )


def _use(files: Sequence[Download]) -> Use:
    """The use of the target that made the files; of one not known here, only its name."""
    name = files[0].target
    return USES.get(name, Use(name.capitalize() or "Files", ""))


def _card(files: Sequence[Download]) -> Card:
    use = _use(files)
    to = f"{DOWNLOADS.index}#section-{files[0].target or 'files'}"
    return Card(use.title, to, plural(len(files), "file"), use.audience)


def _target(seen: View, files: Sequence[Download]) -> Section:
    """One target: what it is and how to use it, its files, and what it cannot say."""
    name, use = files[0].target, _use(files)
    told = f"{_sentence(files[0].about)} {use.told}".strip()
    blocks: list[Block] = [Prose((words(told),))]
    if use.typed:
        stem = PurePosixPath(files[0].path).stem
        blocks.append(Listing(use.typed.format(stem=stem), f"How to use {use.title}"))
    for title, found in _kinds(files).items():
        if title:
            blocks.append(Prose((words(f"{title}:", style="strong"),)))
        blocks.append(_files(seen, found, f"Files: {title or use.title}"))
    missing = [each for each in seen.content.gaps if each.target == name]
    if missing:
        blocks.append(Prose((words("What it cannot say:", style="strong"),)))
        blocks.append(_gaps(seen, missing, use.title))
    return Section(use.title, tuple(blocks), anchor=name or "files")


def _kinds(files: Sequence[Download]) -> Mapping[str, list[Download]]:
    """The files of a target kind by kind, where it makes files of several kinds for many things."""
    groups: dict[str, list[Download]] = {}
    for each in files:
        groups.setdefault(_kind(PurePosixPath(each.path))[0], []).append(each)
    return groups


def _kind(path: PurePosixPath) -> tuple[str, str]:
    """The kind of a picture, and the name of what it is about; nothing for other files."""
    if path.parts[0] == PICTURES:
        for start, title in KINDS.items():
            if path.stem.startswith(start):
                return title, path.stem.removeprefix(start)
    return "", ""


def _files(seen: View, files: Sequence[Download], caption: str) -> Table:
    rows = tuple(
        Row(
            (
                (Span(each.title, to="downloads/" + quote(each.path)),),
                words(each.description or _form(seen, PurePosixPath(each.path))),
                words(size(len(each.text.encode())), style="figure"),
                words(hashlib.sha256(each.text.encode()).hexdigest(), style="code hash"),
            )
        )
        for each in files
    )
    return Table(caption, ("File", "What it is", "Size", "SHA-256"), rows, "files")


def _form(seen: View, path: PurePosixPath) -> str:
    """What a download is by its ending; of a picture or a FHIR resource, also which."""
    kind, name = _kind(path)
    if kind:
        thing = seen.guideline.entities.get(name)
        return str(thing.label) if thing else name.capitalize() or kind
    form = next((words for end, words in FORMS.items() if path.name.endswith(end)), "")
    if not form and path.suffix == ".json":
        return _spaced(path.name.partition("-")[0]) if path.parts[0] == "fhir" else "JSON"
    pathway = seen.guideline.get(path.stem, CarePathway)
    return f"{form}: {pathway.label}" if pathway and form else form


def _spaced(name: str) -> str:
    """``PlanDefinition`` as ``Plan definition``."""
    spread = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return spread[:1].upper() + spread[1:]


def _gaps(seen: View, found: Sequence[Gap], title: str) -> Table:
    """What is missing, under the name of what it is missing from."""
    by_subject: dict[str, list[Line]] = {}
    for each in found:
        by_subject.setdefault(each.subject, []).append(_named(seen, _sentence(each.what)))
    rows = tuple(
        Row((seen.wording.name(subject), joined(told, " "))) for subject, told in by_subject.items()
    )
    columns = ("About", "What is missing there")
    return Table(f"What cannot be said: {title}", columns, rows, "advice")


def _named(seen: View, text: str) -> Line:
    """A sentence in which the names of things lead to them."""
    spans = []
    for part in NAMES.split(text):
        name = part.strip("`")
        address = seen.addresses.of(name)
        is_name = address is not None or name != part
        spans.append(Span(name, to=address, style="code") if is_name else Span(part))
    return tuple(each for each in spans if each.text)


def _sentence(text: str) -> str:
    """A few words as a sentence."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""
