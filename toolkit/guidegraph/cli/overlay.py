"""``guidegraph overlay``: adapt a guideline locally without copying it."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from guidegraph.cli import options
from guidegraph.diagnostic import has_errors, has_findings

if TYPE_CHECKING:
    from guidegraph.model import Guideline
    from guidegraph.pipeline import Loaded
    from guidegraph.plan.plan import Plan

F = TypeVar("F", bound=Callable[..., Any])


@click.group("overlay")
def command() -> None:
    """Adapt a guideline locally without copying it.

    An overlay is a folder that says what one hospital changes: settings, replaced limits, added
    exceptions, the calibration of its assays; each with a reason, an author and a date. It is laid
    over the guideline, and everything local stays marked.
    """


def _folder_argument(function: F) -> F:
    return click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")(function)


def _of_option(function: F) -> F:
    return click.option(
        "--of",
        "upstream",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        metavar="GUIDELINE",
        help="Folder of the guideline. By default where the overlay says (gg:upstreamFolder), or "
        "the one below guideline/ that it adapts.",
    )(function)


def _upstream(folder: Path, named: Path | None) -> Path:
    from guidegraph.overlay.upstream import UpstreamError, upstream_folder

    try:
        return upstream_folder(folder, named)
    except UpstreamError as lost:
        raise click.UsageError(str(lost)) from None


@command.command("new", epilog="Example: guidegraph overlay new our-hospital")
@_folder_argument
@click.option(
    "--of",
    "upstream",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="GUIDELINE",
    help="Folder of the guideline; by default the only one under guideline/.",
)
def new(folder: Path, upstream: Path | None) -> None:
    """Write an overlay into DIR: its header, and as comments what the guideline lets you change."""
    from guidegraph.overlay.starting import StartError, new_overlay

    place = options.folder_of(upstream)
    _, guideline = options.load_unchecked(place, "text")
    try:
        written = new_overlay(folder, guideline, place, datetime.date.today().isoformat())
    except StartError as refused:
        raise click.UsageError(f"{refused} {refused.advice}") from None
    click.echo(
        f"Wrote {written}. Edit it, then: guidegraph overlay check {folder}",
        err=True,
    )


@command.command("check", epilog="Example: guidegraph overlay check our-hospital")
@_folder_argument
@_of_option
@options.format_option(*options.REPORTS)
def check(folder: Path, upstream: Path | None, form: str) -> None:
    """Find faults in the overlay in DIR, and in the guideline as it is with it.

    Lists every change with what the guideline says and what holds here. A departure from what the
    guideline permits is a warning until its gg:status is code:Reviewed, then a note. Exits with 0
    if there is nothing beyond notes, with 1 otherwise.
    """
    from guidegraph.overlay.told import change_lines
    from guidegraph.report import visible

    loaded = options.load(_upstream(folder, upstream), overlay=folder)
    found = loaded.guideline
    if form == "text" and found and found.adaptation and not has_errors(loaded.findings):
        for line in change_lines(found.adaptation, found):
            click.echo(visible(line))
    options.finish(loaded.findings, form)


@command.command("build", epilog="Example: guidegraph overlay build our-hospital --output build")
@_folder_argument
@_of_option
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder to write to.",
)
@options.reading_option
@options.format_option("text", "json")
@click.pass_context
def build(
    ctx: click.Context,
    folder: Path,
    upstream: Path | None,
    output: Path,
    readings: dict[str, str],
    form: str,
) -> None:
    """Write the site and every target of the guideline as it is with the overlay in DIR.

    The cases are those of the overlay if it has a cases.yaml, else those of the guideline. Apart
    from that it is like `guidegraph build`.
    """
    from guidegraph.cli.build import command as build_guideline

    options.refuse_inside(folder, output)
    ctx.invoke(
        build_guideline,
        guideline=_upstream(folder, upstream),
        output=output,
        readings=readings,
        overlay=folder,
        form=form,
    )


@command.command("diff", epilog="Example: guidegraph overlay diff our-hospital")
@_folder_argument
@_of_option
@options.format_option("text", "json")
def diff(folder: Path, upstream: Path | None, form: str) -> None:
    """Show which patients are treated otherwise than the guideline says, each with a witness."""
    from dataclasses import replace

    from guidegraph.overlay.told import change_lines, changes_as_data
    from guidegraph.plan.told import as_data, in_words
    from guidegraph.report import visible

    place = _upstream(folder, upstream)
    _, plain = options.load_sound(place, form)
    _, local = options.load_sound(place, form, overlay=folder)
    plan = replace(_compare(plain, local, place), changes=())
    against = f"{plain.header.label}, version {plain.header.version}"
    if form == "json":
        changes = changes_as_data(local.adaptation) if local.adaptation else []
        told = {"changes": changes, "difference": as_data(plan, against, {})}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for line in change_lines(local.adaptation, local) if local.adaptation else ():
        click.echo(visible(line))
    click.echo()
    for line in in_words(plan, against, {}):
        click.echo(visible(line))
    options.finish(plan.findings, "text")


@command.command("rebase", epilog="Example: guidegraph overlay rebase our-hospital --from v0.1.0")
@_folder_argument
@_of_option
@click.option(
    "--from",
    "old",
    required=True,
    metavar="REV|DIR|RELEASE",
    help="The version of the guideline that the overlay was made for: a git revision, a folder "
    "or a release.",
)
@click.option(
    "--to",
    "new",
    metavar="REV|DIR|RELEASE",
    help="The new version; by default the guideline as it is now.",
)
@options.format_option("text", "json")
def rebase(folder: Path, upstream: Path | None, old: str, new: str | None, form: str) -> None:
    """Say what a new version of the guideline means for the overlay in DIR.

    For each change: whether what it changes is still there, was reworded, has another value or
    permitted range, or now says the same by itself; and which patients the local guideline treats
    otherwise than before. Nothing is edited. Exits with 0 if no change is affected, 1 otherwise.
    """
    from contextlib import ExitStack

    from guidegraph.overlay.rebase import rebase as look
    from guidegraph.overlay.told import rebase_as_data, rebase_lines
    from guidegraph.plan.revisions import revision
    from guidegraph.plan.told import as_data, in_words
    from guidegraph.report import visible

    place = _upstream(folder, upstream)
    with ExitStack() as stack:
        before = stack.enter_context(revision(old, place))
        after = stack.enter_context(revision(new, place)) if new else place
        _, plain_before = options.load_unchecked(before, form)
        _, plain_after = options.load_unchecked(after, form)
        was = options.load(before, overlay=folder)
        now = options.load(after, overlay=folder)
    known = next(
        (each for each in (was.guideline, now.guideline) if each and each.adaptation), None
    )
    if known is None:
        options.finish(now.findings, form)
    rebased = look(known, plain_before, plain_after)
    plan = _between(was, now)
    if form == "json":
        told = {**rebase_as_data(rebased), "difference": as_data(plan, old, {}) if plan else None}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        behaviour = in_words(plan, old, {}) if plan else [_no_difference(now)]
        for line in (*rebase_lines(rebased), "", *behaviour):
            click.echo(visible(line))
    options.show(now.findings, "text")
    sys.exit(1 if rebased.affected or has_findings(now.findings) else 0)


def _between(was: Loaded, now: Loaded) -> Plan | None:
    """How the local guideline behaves otherwise than before; None where one is not sound.

    What the guideline itself changed is listed nowhere else, so all but words is kept.
    """
    from dataclasses import replace

    from guidegraph.plan.classes import Rank

    if has_errors((*was.findings, *now.findings)) or not (was.guideline and now.guideline):
        return None
    plan = _compare(was.guideline, now.guideline, now.sources.root)
    kept = tuple(each for each in plan.changes if each.rank >= Rank.BEHAVIOUR)
    return replace(plan, changes=kept)


def _no_difference(now: Loaded) -> str:
    which = "new" if has_errors(now.findings) else "old"
    return (
        f"Which patients are treated otherwise cannot be said: with the {which} version the "
        "adapted guideline has errors."
    )


def _compare(old: Guideline, new: Guideline, folder: Path) -> Plan:
    """Who gets something else, and which of the guideline's cases do.

    Pages and translations are left out: marks and titles differ on all of them.
    """
    from dataclasses import replace

    from guidegraph.plan.plan import compare

    with options.Progress() as progress:
        plan = compare(old, new, folder=folder, progress=progress.step)
    return replace(plan, stale=(), touched=())
