"""``guidegraph build``: everything that is generated from a guideline."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options
from guidegraph.diagnostic import has_findings, in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from guidegraph.build import Outcome
    from guidegraph.model import Guideline
    from guidegraph.pipeline import Loaded
    from guidegraph.site.history import History

    Step = Callable[[str, int, int], None]


CACHE = "cache"
"""Where a build folder keeps what a build has found out."""


@click.command(
    "build",
    epilog="Examples: guidegraph build guideline/covid19-coagulopathy --output build; "
    "guidegraph build guideline/covid19-coagulopathy --releases releases",
)
@options.guideline_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder to write to.",
)
@options.reading_option
@options.retractions_option
@options.overlay_option
@click.option(
    "--quotes",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Show the words of passages, from your own copies of the sources in this folder.",
)
@click.option(
    "--releases",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Earlier releases, for the page of changes. Default: `releases` beside the guideline's "
    "folder or above it, where there is one.",
)
@click.option(
    "--fresh",
    is_flag=True,
    help="Make everything anew, whatever an earlier build into this folder has found out.",
)
@options.format_option("text", "json")
def command(
    guideline: Path | None,
    output: Path,
    readings: dict[str, str],
    retractions: Path | None,
    overlay: Path | None,
    quotes: Path | None,
    releases: Path | None,
    fresh: bool,
    form: str,
) -> None:
    """Check a guideline and write graph, decision logic, flowcharts and site.

    Nothing is written while there are errors. What a target cannot say is told by name. Identical
    input gives identical bytes. Open build/site/index.html in a browser.

    --quotes shows the words of each passage whose hash fits, on the pages of the site and nowhere
    else. They belong to the publisher of the source: such a site may not be passed on without its
    permission, and is not written where git would take it into a repository.

    A build into the folder of an earlier one makes only what has changed; the result is the same.
    What it has found out is in its folder `cache`, which may be deleted at any time.

    --releases names the folder that `guidegraph release` writes to. The site then tells what each
    version changed and for whom, and what is no longer part of the guideline keeps a page at its
    old address. A site with an --overlay tells what the overlay changes instead.
    """
    options.refuse_inside(options.folder_of(guideline), output)
    if quotes is not None:
        _refuse_repository(output)
    from guidegraph.cache import Cache, Files, Shapes
    from guidegraph.pipeline import Ways

    cache = Cache(output / CACHE)
    files = Files(cache)
    shapes = Shapes(cache, files)
    ways = None if fresh else Ways(files.recover, shapes.validated)
    loaded, sound = options.load_sound(guideline, form, retractions, overlay, ways)
    program = options.lowered(sound, readings)
    from guidegraph.build import build
    from guidegraph.export import gap_summary
    from guidegraph.passages import verify

    try:
        with options.Progress() as progress:
            verified = verify(loaded.sources, sound, quotes, progress.step) if quotes else None
            words = verified.quotes if verified else None
            past = _history(sound, loaded, releases, progress.step) if not overlay else None
            if fresh:
                cache.empty()
            files.keep()
            shapes.keep()
            outcome = build(loaded, sound, program, output, progress.step, words, past, cache)
    except OSError as stop:
        raise click.UsageError(f"Cannot write to {output}: {stop}") from None
    findings = in_order(
        (
            *(verified.findings if verified else ()),
            *loaded.findings,
            *outcome.findings,
            *gap_summary(outcome.gaps),
        )
    )
    if form == "json":
        click.echo(_as_json(outcome, output))
    else:
        click.echo(_in_words(outcome, output, str(sound.header.label)), err=True)
    options.show(findings, "text")
    sys.exit(1 if has_findings(findings) else 0)


def _history(guideline: Guideline, loaded: Loaded, releases: Path | None, step: Step) -> History:
    """What became of the guideline over the releases in a folder, or in the ones near it."""
    from guidegraph.release import history, releases_in

    root = loaded.sources.root
    above = root.resolve().parents
    places = [each / "releases" for each in above[:2]]
    near = next((each for each in places if each.is_dir()), None)
    chosen = releases or near
    return history(guideline, root, releases_in(chosen) if chosen else (), step)


def _refuse_repository(output: Path) -> None:
    """Refuse to write quotes where git would take them into a repository."""
    place = output.resolve()
    folder = next(each for each in (place, *place.parents) if each.is_dir())
    if not any((each / ".git").exists() for each in (folder, *folder.parents)):
        return
    asked = ["-C", str(folder), "check-ignore", "--quiet", str(place / "site" / "index.html")]
    git = shutil.which("git")
    if git is None or subprocess.run([git, *asked], check=False).returncode != 0:  # noqa: S603
        raise click.UsageError(
            f"{output} lies in a git repository that does not ignore it, and a site with quotes "
            "must not get into one. Choose a folder outside, or let .gitignore name this one."
        )


def _in_words(outcome: Outcome, output: Path, name: str) -> str:
    lines = [f"{name}: {len(outcome.artefacts)} files, {len(outcome.site.pages)} pages."]
    folders = sorted({each.path.split("/")[0] for each in outcome.artefacts if "/" in each.path})
    for folder in folders:
        names = [Path(each.path).name for each in outcome.artefacts if each.path.startswith(folder)]
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        lines.append(f"  {output / folder}: {shown}")
    lines.append(f"  {outcome.site.folder / 'index.html'}: open this in a browser")
    lines += [f"warning: {warning}" for warning in outcome.site.warnings]
    return "\n".join(lines)


def _as_json(outcome: Outcome, output: Path) -> str:
    told = {
        "output": output.as_posix(),
        "artefacts": [
            {"path": each.path, "bytes": each.size, "sha256": each.sha256}
            for each in outcome.artefacts
        ],
        "pages": list(outcome.site.pages),
        "gaps": [
            {"target": each.target, "subject": each.subject, "what": each.what}
            for each in outcome.gaps
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
