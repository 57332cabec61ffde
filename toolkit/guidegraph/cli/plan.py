"""``guidegraph plan``: what a change means, and for whom, before it is made."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from concurrent.futures import Future
    from fractions import Fraction

    from guidegraph.model import Guideline
    from guidegraph.plan.plan import Plan, Targets
    from guidegraph.plan.worker import Hashes

FAILING = ("behaviour", "breaking")


@click.command(
    "plan", epilog="Example: guidegraph plan guideline/covid19-coagulopathy --against HEAD~1"
)
@options.guideline_argument
@click.option(
    "--against",
    default="HEAD",
    show_default=True,
    metavar="REV|DIR|RELEASE",
    help="The earlier version: a git revision, a guideline folder or a release file.",
)
@options.format_option("text", "markdown", "json")
@click.option(
    "--cohort",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|DIR",
    help="Patients to count: a patient file (JSON) in each line, or a folder of patient files.",
)
@options.reading_option
@options.setting_option
@click.option("--all", "everything", is_flag=True, help="List everything (in text).")
@click.option("--all-targets", is_flag=True, help="Also compare the targets that take long.")
@click.option(
    "--fail-on",
    type=click.Choice(FAILING),
    help="Exit with 1 if the change is of this class or a graver one.",
)
@click.option(
    "--effort",
    type=click.IntRange(min=1),
    metavar="STEPS",
    help="Steps the solver may take for one question.",
)
def command(
    guideline: Path | None,
    against: str,
    form: str,
    cohort: Path | None,
    readings: dict[str, str],
    settings: dict[str, str],
    everything: bool,
    all_targets: bool,
    fail_on: str | None,
    effort: int | None,
) -> None:
    """Tell what is different from an earlier version, and prove which patients get something else.

    Each change is editorial (words), evidence (what the advice rests on), behaviour (some patient
    gets something else: proved) or breaking (what was written for the old version no longer works);
    the plan has the highest class. For every recommendation the patients who lose or gain it are
    told as exact regions with an example each. The checkout is not touched.

    Exits with 0 once everything is told, with 1 if something could not be read, compared or proved.
    """
    from guidegraph.plan.revisions import revision

    folder = options.folder_of(guideline)
    with revision(against, folder) as earlier, options.Progress() as progress:
        progress.step("Reading both versions")
        plan, pages = _plan(
            _Request(folder, earlier, against, cohort, readings, settings, all_targets, effort),
            progress,
        )
    from guidegraph.plan import told
    from guidegraph.plan.classes import Rank
    from guidegraph.report import visible

    if form == "json":
        click.echo(json.dumps(told.as_data(plan, against, pages), indent=2, ensure_ascii=False))
    elif form == "markdown":
        for line in told.in_markdown(plan, against, pages).splitlines():
            click.echo(visible(line))
    else:
        for line in told.in_words(plan, against, pages, everything):
            click.echo(visible(line))
    if fail_on is not None and plan.rank >= Rank[fail_on.upper()]:
        options.show(plan.findings, "text")
        sys.exit(1)
    options.finish(plan.findings, "text")


@dataclass(frozen=True, slots=True)
class _Request:
    """What was asked for."""

    folder: Path
    earlier: Path
    against: str
    cohort: Path | None
    readings: Mapping[str, str]
    settings: Mapping[str, str]
    all_targets: bool
    effort: int | None


def _plan(asked: _Request, progress: options.Progress) -> tuple[Plan, dict[str, str]]:
    """The plan, and the address on the site of everything that has one."""
    from guidegraph.collecting import without_collecting
    from guidegraph.plan.sides import load_side, older_ontology, same_files
    from guidegraph.plan.worker import Worker

    with Worker() as worker, without_collecting():
        is_same = same_files(asked.earlier, asked.folder)
        how = asked.readings, asked.all_targets
        waiting = None if is_same else worker.old(asked.earlier, asked.against, *how)
        new = load_side(asked.folder)
        # The rest is imported while the other process reads.
        from guidegraph.lower import UnknownReadingError
        from guidegraph.plan.changes import differences
        from guidegraph.plan.plan import compare
        from guidegraph.proof import EFFORT
        from guidegraph.suggestion import did_you_mean

        if new.guideline is None or new.findings:
            options.finish(new.findings, "text")
        old = waiting[0].result() if waiting else new
        if old.guideline is None:
            options.finish(old.findings, "text")
        targets = None
        if waiting and differences(old.guideline, new.guideline).found:
            after = worker.targets(new.guideline, *how)
            targets = partial(_targets, waiting[1], after, asked.all_targets)
        progress.step("Comparing")
        found = (*older_ontology(old, asked.against), *old.findings)
        try:
            plan = compare(
                old.guideline,
                new.guideline,
                folder=asked.folder,
                cohort=asked.cohort,
                readings=asked.readings,
                settings=_settings(new.guideline, asked.settings),
                effort=asked.effort or EFFORT,
                targets=targets,
                findings=found,
                progress=progress.step,
            )
        except UnknownReadingError as unknown:
            raise click.UsageError(
                f"{unknown} {did_you_mean(unknown.name, unknown.known)}"
            ) from None
        return plan, _pages(new.guideline)


def _targets(before: Future[Hashes], after: Future[Hashes], slow: bool) -> Targets:
    from guidegraph.plan.plan import Targets
    from guidegraph.plan.targets import compare_targets, not_compared

    found = before.result(), after.result()
    changed, same = compare_targets(*found)
    return Targets(changed=changed, same=same, not_compared=not_compared(slow, *found))


def _settings(guideline: Guideline, chosen: Mapping[str, str]) -> dict[str, Fraction | str]:
    """The settings that were chosen, as the new version understands them."""
    from fractions import Fraction

    from guidegraph.lower import lower
    from guidegraph.patient import read_patient

    if not chosen:
        return {}
    found, findings = read_patient('{"facts": {}}', lower(guideline), chosen, "--setting")
    if found is None:
        options.finish(findings, "text")
    held = {name: found.settings[name] for name in chosen}
    return {name: each for name, each in held.items() if isinstance(each, Fraction | str)}


def _pages(guideline: Guideline) -> dict[str, str]:
    """The address on the site of everything that has one."""
    from guidegraph.site.addresses import Addresses

    addresses = Addresses(guideline)
    found = {name: addresses.of(name) for name in guideline.entities}
    return {name: address for name, address in found.items() if address}
