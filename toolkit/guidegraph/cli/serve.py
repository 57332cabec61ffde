"""``guidegraph serve``: the site of a guideline as it changes, with the editor beside it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from guidegraph.cli import options
from guidegraph.cli.edit import need_extra, run, show, tell


@click.command("serve", epilog="Example: guidegraph serve guideline/covid19-coagulopathy")
@options.guideline_argument
@options.port_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build"),
    show_default=True,
    help="Folder of the build, as for `guidegraph build`; what it has found out is used.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@options.format_option("text", "json")
def command(guideline: Path | None, port: int, output: Path, no_browser: bool, form: str) -> None:
    """Show the site of a guideline while it is edited, with the editor in the same place.

    The page that is read changes by itself soon after something is saved, in the editor or by any
    other program. Proofs, audit and counts follow with the next whole build, which runs in the
    background; a page says which of the two it is. Only this machine can ask, and only who has the
    printed address. Ctrl-C ends it.
    """
    need_extra()
    from guidegraph.edit.app import application
    from guidegraph.edit.desk import Desk
    from guidegraph.edit.listening import address_of, listen
    from guidegraph.edit.pages.routes import ROUTES
    from guidegraph.serve.routes import ROUTES as PAGES
    from guidegraph.serve.site import Site

    folder = options.folder_of(guideline)
    options.refuse_inside(folder, output)
    with options.Progress() as progress:
        progress.step("Reading")
        desk = Desk(folder, lambda: datetime.now(UTC).astimezone())
    try:
        options.show(desk.findings, "text")
        listening = listen(port=port)
        site = Site(desk, output)
        try:
            token = secrets.token_urlsafe(32)
            address = address_of(listening)
            desk.alone.says(address)
            app = application(desk, token, [*PAGES, *ROUTES])
            app.state.site = site
            tell(folder, f"{address}?token={token}", form)
            if not no_browser:
                show(f"{address}?token={token}")
            run(app, listening)
        finally:
            site.close()
    finally:
        desk.close()
    if form == "text":
        click.echo("The server has ended; what is not saved is kept as a draft.", err=True)
