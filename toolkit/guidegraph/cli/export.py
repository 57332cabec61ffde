"""``guidegraph export``: the files of one target."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options
from guidegraph.diagnostic import has_findings, in_order

if TYPE_CHECKING:
    from guidegraph.export import Artifact, Exporter, Gap

TO_STDOUT = Path("-")


def _list(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """Print what targets there are, and end."""
    if wanted and not ctx.resilient_parsing:
        click.echo(_targets())
        ctx.exit()


@click.command(
    "export", epilog="Example: guidegraph export python guideline/covid19-coagulopathy --output -"
)
@click.argument("target", metavar="TARGET", required=False)
@options.guideline_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False, allow_dash=True),
    default=Path("build"),
    show_default=True,
    help="Folder to write to; - prints the file of a target that has only one.",
)
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list,
    help="Say what targets there are, and exit.",
)  # fmt: skip
@options.reading_option
@options.format_option("text", "json")
def command(
    target: str | None, guideline: Path | None, output: Path, readings: dict[str, str], form: str
) -> None:
    """Check a guideline and write the files of one target, such as python, sql or fhir.

    The files are those that `guidegraph build` writes, in the same places. Nothing is written while
    there are errors. What the target cannot say is told by name.
    """
    exporter = _exporter(target)
    if output == TO_STDOUT and form == "json":
        raise click.UsageError("Standard output takes the file or the JSON, not both.")
    if output != TO_STDOUT:
        options.refuse_inside(options.folder_of(guideline), output)
    loaded, sound = options.load_sound(guideline, form)
    program = options.lowered(sound, readings)
    from guidegraph.export import ExportInput, gap_notes, gaps

    given = ExportInput(guideline=sound, program=program, sources=loaded.sources)
    artifacts = tuple(exporter.export(given))
    missing = gaps(exporter, given)
    if output == TO_STDOUT:
        _print(exporter, artifacts)
    else:
        _write(output, artifacts)
        told = _as_json(exporter, output, artifacts, missing) if form == "json" else None
        click.echo(told or _in_words(exporter, output, artifacts), err=told is None)
    findings = in_order((*loaded.findings, *gap_notes(missing)))
    options.show(findings, "text")
    sys.exit(1 if has_findings(findings) else 0)


def _exporter(target: str | None) -> Exporter:
    """The target that is meant; a usage error with a suggestion where there is none."""
    from guidegraph.export import EXPORTERS
    from guidegraph.suggestion import alike

    known: Mapping[str, Exporter] = {each.name: each for each in EXPORTERS}
    if target is None:
        raise click.UsageError(f"Name a target:\n{_targets()}")
    if target not in known:
        near = alike(target, known)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise click.UsageError(f"There is no target `{target}`.{hint} There are:\n{_targets()}")
    return known[target]


def _targets() -> str:
    """Every target and what it is, a line each."""
    from guidegraph.export import EXPORTERS

    width = max(len(each.name) for each in EXPORTERS)
    return "\n".join(f"  {each.name:{width}}  {each.description}" for each in EXPORTERS)


def _print(exporter: Exporter, artifacts: Sequence[Artifact]) -> None:
    if len(artifacts) != 1:
        files = ", ".join(each.path for each in artifacts) or "no file"
        raise click.UsageError(
            f"The target `{exporter.name}` makes {files}; only a single file can be printed. "
            "Name a folder."
        )
    sys.stdout.buffer.write(artifacts[0].text.encode())
    sys.stdout.flush()


def _write(output: Path, artifacts: Sequence[Artifact]) -> None:
    try:
        for each in artifacts:
            path = output / each.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(each.text.encode())
    except OSError as stop:
        raise click.UsageError(f"Cannot write to {output}: {stop}") from None


def _in_words(exporter: Exporter, output: Path, artifacts: Sequence[Artifact]) -> str:
    if not artifacts:
        return f"The target `{exporter.name}` makes no file of this guideline."
    return "\n".join(str(output / each.path) for each in artifacts)


def _as_json(
    exporter: Exporter, output: Path, artifacts: Sequence[Artifact], missing: Sequence[Gap]
) -> str:
    told = {
        "target": exporter.name,
        "output": output.as_posix(),
        "artefacts": [{"path": each.path, "bytes": len(each.text.encode())} for each in artifacts],
        "gaps": [{"subject": each.subject, "what": each.what} for each in missing],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
