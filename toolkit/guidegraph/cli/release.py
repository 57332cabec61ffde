"""``guidegraph release``: freeze a version of a guideline; prove that a file belongs to one."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from guidegraph.diagnostic import Diagnostic
    from guidegraph.release import Answer, Gate, Result

VERIFY = "verify"


class _WithVerify(click.Command):
    """A command whose first argument may be the word ``verify``: then it is another command."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        if args[:1] == [VERIFY]:
            return verify.make_context(f"{info_name} {VERIFY}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    "release",
    cls=_WithVerify,
    no_args_is_help=True,
    epilog="Example: guidegraph release 1.0.0 guideline/covid19-coagulopathy -o releases",
)
@click.argument("version")
@options.guideline_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("releases"),
    show_default=True,
    help="Folder of all releases.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, exists=True),
    metavar="RELEASE",
    help="The release before, for the change log. Default: the highest in the folder.",
)
@click.option(
    "--patients",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    metavar="N",
    help="On how many made-up patients the targets are compared.",
)
@click.option(
    "--require-all-targets", is_flag=True, help="Fail where a target cannot run on this machine."
)
@options.format_option("text", "json")
def command(
    version: str,
    guideline: Path | None,
    output: Path,
    previous: Path | None,
    patients: int,
    require_all_targets: bool,
    form: str,
) -> None:
    """Freeze a guideline as VERSION, or say `guidegraph release verify FILE`.

    VERSION is a semantic version (1.2.0) or a calendar version (2026.11.21), the same as
    owl:versionInfo, and higher than every release in the folder. Before anything is written the
    guideline passes check, audit, verify, test and agree; none of them can be left out.

    A release is a folder and a zip file: the guideline's files, all targets, graph, flowcharts,
    verification and site, release.json with every hash, a change log, a citation file and the
    provenance. The same guideline gives the same bytes. A released version is never changed.

    `guidegraph release verify FILE` says to which release a file, a folder or a zip file belongs.
    """
    from guidegraph.release import Wanted, make, release_at

    options.refuse_inside(options.folder_of(guideline), output)
    before = release_at(previous) if previous else None
    loaded = options.load(guideline)
    told: list[Gate] = []
    wanted = Wanted(
        version=version,
        output=output,
        previous=before,
        patients=patients,
        everything=require_all_targets,
        jobs=os.cpu_count() or 1,
    )
    try:
        with options.Progress() as progress:
            result = make(loaded, wanted, progress.step, told.append)
    except OSError as stop:
        raise click.UsageError(f"Cannot write to {output}: {stop}") from None
    if form == "json":
        click.echo(json.dumps(_as_json(result, told), indent=2, ensure_ascii=False))
    else:
        _say(result, told)
    sys.exit(0 if result.folder else 1)


def _say(result: Result, told: Sequence[Gate]) -> None:
    """Gates and findings for people; what was written, last."""
    from guidegraph.report import visible
    from guidegraph.wording import plural

    for each in told:
        outcome = "passed" if each.passed else "NOT passed"
        for line in (f"{each.name}: {outcome}: {each.told}", *(f"  {e}" for e in each.aside)):
            click.echo(visible(line), err=True)
    if result.findings and told:
        click.echo(err=True)
    options.show(result.findings, "text")
    if result.folder and result.archive:
        done = "Released" if result.is_new else "Released before, with the same content"
        click.echo(f"{done}: {result.folder} and {result.archive}")
        click.echo(f"{plural(result.files, 'file')}; SHA-256 of release.json: {result.sha256}")


def _as_json(result: Result, told: Iterable[Gate]) -> dict[str, Any]:
    return {
        "released": result.folder is not None,
        "isNew": result.is_new,
        "folder": result.folder.as_posix() if result.folder else None,
        "archive": result.archive.as_posix() if result.archive else None,
        "sha256": result.sha256 or None,
        "files": result.files,
        "gates": [
            {"gate": each.name, "passed": each.passed, "told": each.told, **each.figures}
            for each in told
        ],
        **_findings(result.findings),
    }


def _findings(found: Iterable[Diagnostic]) -> dict[str, Any]:
    from guidegraph.report import render

    told: dict[str, Any] = json.loads(render(found, "json"))
    return told


@click.command(
    VERIFY,
    epilog="Example: guidegraph release verify covid19_coagulopathy.py --release "
    "releases/covid19-coagulopathy-1.0.0.zip",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--release",
    type=click.Path(path_type=Path, exists=True),
    metavar="ZIP|FOLDER",
    help="The release FILE should belong to. Default: those above FILE and in `releases`.",
)
@options.format_option("text", "json")
def verify(file: Path, release: Path | None, form: str) -> None:
    """Prove that FILE belongs to a release, by its hash.

    FILE is an artefact, a folder of artefacts, or a whole release (folder or zip), of which every
    file is looked at: missing, changed and added ones are named. Exits with 0 if it belongs, with 1
    otherwise.
    """
    from guidegraph.errors import ReadError
    from guidegraph.release import Answer, belonging

    try:
        answer = belonging(file, release)
    except ReadError as stop:
        answer = Answer(file=str(file), findings=stop.findings)
    except OSError as stop:
        raise click.UsageError(f"Cannot read {stop.filename or file}: {stop.strerror}") from None
    _answer(answer, form)


def _answer(answer: Answer, form: str) -> NoReturn:
    """Print and exit."""
    from guidegraph.report import visible

    if form == "json":
        told = {**answer.to_json(), **_findings(answer.findings)}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        options.show(answer.findings, "text")
        if words := answer.in_words():
            click.echo(visible(words))
    sys.exit(1 if answer.findings else 0)
