"""``guidegraph sources``: a guideline against the texts of its sources, for who has them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guidegraph.cli import options
from guidegraph.diagnostic import Diagnostic, has_findings
from guidegraph.suggestion import did_you_mean

if TYPE_CHECKING:
    from guidegraph.model import Guideline, SourceDocument
    from guidegraph.passages import (
        DocumentReport,
        Located,
        Outcome,
        SourceText,
        Standing,
        Verification,
    )

OUTCOMES: tuple[Outcome, ...] = ("found", "moved", "several", "nowhere")
COLUMNS = ("Document", "Text", "Passages", "Found", "Moved", "Several", "Nowhere", "Figures")

texts_argument = click.argument(
    "texts", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR"
)


@click.group("sources")
def command() -> None:
    """Compare a guideline with the texts of its sources, which it never holds itself.

    DIR is a folder of the reader's own copies: one UTF-8 text per document, known by its hash or
    by its name (OUD.txt for the document OUD).
    """


@command.command(
    "verify", epilog="Example: guidegraph sources verify ../texts guideline/covid19-coagulopathy"
)
@texts_argument
@options.guideline_argument
@click.option(
    "--repair",
    is_flag=True,
    help="Write the new offsets of passages that have moved into the Turtle files.",
)
@options.format_option(*options.REPORTS)
def verify_command(texts: Path, guideline: Path | None, repair: bool, form: str) -> None:
    """Verify passages and figures, and that no words are copied.

    Prints for each document how many passages stand where they were recorded, and how many figures
    were compared. --repair changes the offsets and nothing else. JSON has `documents`, `repaired`,
    `unused` (files of no document), `findings` and `counts`. Exits with 1 if there are findings.
    """
    from guidegraph.passages import repair as write_offsets
    from guidegraph.passages import verify

    sources, lifted = options.load_unchecked(guideline, form)
    with options.Progress() as progress:
        found = verify(sources, lifted, texts, progress.step)
    written: tuple[Standing, ...] = ()
    if repair:
        try:
            written = write_offsets(sources, found.standings)
        except OSError as fault:
            raise click.UsageError(f"Cannot write the offsets: {fault}") from None
    findings = _without_repaired(found.findings, written)
    if form == "text":
        click.echo(_in_words(found, written))
        options.show(findings, form)
    elif form == "json":
        click.echo(_as_json(found, written, findings))
    else:
        options.show(findings, form)
    sys.exit(1 if has_findings(findings) else 0)


def _without_repaired(
    findings: tuple[Diagnostic, ...], written: tuple[Standing, ...]
) -> tuple[Diagnostic, ...]:
    from guidegraph.passages import MOVED

    done = {each.passage.id for each in written}
    return tuple(each for each in findings if each.code != MOVED or each.subject not in done)


def _in_words(found: Verification, written: tuple[Standing, ...]) -> str:
    rows = [COLUMNS, *(_row(each) for each in found.documents)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(_cell, row, widths, range(len(row)))).rstrip() for row in rows]
    lines += [f"{path} is the text of no document." for path in found.unused]
    for each in written:
        start, end = each.places[0]
        lines.append(f"{each.passage.id}: wrote {start} to {end}.")
    return "\n".join(lines)


def _row(each: DocumentReport) -> tuple[str, ...]:
    counts = [str(each.outcomes.get(name, 0)) if each.text else "–" for name in OUTCOMES]
    figures = str(each.figures) if each.text else "–"
    text = each.text.name if each.text else "missing"
    return (each.document, text, str(each.passages), *counts, figures)


def _cell(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column < 2 else text.rjust(width)


def _as_json(
    found: Verification, written: tuple[Standing, ...], findings: tuple[Diagnostic, ...]
) -> str:
    from guidegraph.report import render

    told: dict[str, Any] = {
        "documents": [
            {
                "document": each.document,
                "text": each.text.as_posix() if each.text else None,
                "passages": each.passages,
                **{name: each.outcomes.get(name, 0) if each.text else None for name in OUTCOMES},
                "figures": each.figures if each.text else None,
            }
            for each in found.documents
        ],
        "repaired": [
            {"passage": each.passage.id, "start": each.places[0][0], "end": each.places[0][1]}
            for each in written
        ],
        "unused": [path.as_posix() for path in found.unused],
        **json.loads(render(findings, "json")),
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


@command.command(
    "locate",
    epilog='Example: guidegraph sources locate ../texts --document OUD "words of the text"',
)
@texts_argument
@click.argument("words", required=False)
@click.option("--document", required=True, metavar="NAME", help="Document the words stand in.")
@click.option(
    "--guideline",
    type=click.Path(path_type=Path),
    metavar="GUIDELINE",
    help="Guideline folder; by default the only one under guideline/.",
)
@click.option("--name", default="NAME", show_default=True, help="Name of the passage to print.")
def locate_command(
    texts: Path, words: str | None, document: str, guideline: Path | None, name: str
) -> None:
    """Print the Turtle of a passage from its words.

    It has place, offsets and hash, never the words. WORDS are read from standard input if they are
    not given. White space and hyphens need not be the same as in the text; … stands for words left
    out, and makes a passage of several parts.
    """
    from guidegraph.passages import locate

    wanted = words if words is not None else sys.stdin.read()
    if not wanted.strip():
        raise click.UsageError("Give the words of the passage, or send them to standard input.")
    sources, lifted = options.load_unchecked(guideline, "text")
    described, text = _text_of(document, texts, lifted)
    places = locate(wanted, text.normal)
    if not places:
        click.echo(f"These words are not in {text.file}.", err=True)
        sys.exit(1)
    if len(places) > 1:
        click.echo(f"These words stand in {len(places)} places: choose one.", err=True)
    here = (each.name for each in sources.prefixes if each.namespace == lifted.header.namespace)
    prefix = next(here, lifted.header.prefix)
    click.echo("\n".join(_turtle(each, prefix, described.id, name) for each in places).rstrip())


def _text_of(name: str, folder: Path, guideline: Guideline) -> tuple[SourceDocument, SourceText]:
    """The document of this name with its text; a usage error if there is none."""
    from guidegraph.model import SourceDocument
    from guidegraph.passages import text_of

    documents = guideline.all(SourceDocument)
    known = {word: each for each in documents for word in (*each.notation, each.id)}
    if name not in known:
        raise click.UsageError(f"There is no document `{name}`. {did_you_mean(name, known)}")
    text = text_of(known[name], folder)
    if text is None:
        raise click.UsageError(
            f"{folder} has no text of {name}: put it there as {known[name].id}.txt (UTF-8)."
        )
    return known[name], text


def _turtle(place: Located, prefix: str, document: str, name: str) -> str:
    first, last = place.first_line, place.last_line
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    parts = " ,\n".join(
        f"    [ a oa:TextPositionSelector ; oa:start {part.start} ; oa:end {part.end} ;\n"
        f'      schema:sha256 "{part.sha256}" ]'
        for part in place.parts
    )
    return (
        f"{prefix}:{document}-P-{name} a gg:SourcePassage ;\n"
        f"  oa:hasSource {prefix}:{document} ;\n"
        f'  bibo:locator "{lines}" ;\n'
        f"  oa:hasSelector\n{parts} .\n"
    )
