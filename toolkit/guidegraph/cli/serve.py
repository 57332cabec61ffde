"""``guidegraph serve``: the site of a guideline as it changes, its editor, and its endpoint."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options
from guidegraph.cli.edit import need_extra, run, show, tell

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from guidegraph.query.limits import Limits
    from guidegraph.query.sources import Source

_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:[0-9]+)?|https?://\[[0-9a-f:]+\](:[0-9]+)?")


def _origins(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> frozenset[str]:
    found = frozenset(each.lower().rstrip("/") for each in values)
    for each in sorted(found):
        if not _ORIGIN.fullmatch(each):
            told = f"write an origin like https://wiki.example.org, not {each!r}."
            raise click.BadParameter(told, ctx, param)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is to be served, and how."""

    source: Source
    limits: Limits
    output: Path
    origins: frozenset[str]
    port: int
    with_browser: bool
    form: str


@click.command("serve", epilog="Example: guidegraph serve guideline/covid19-coagulopathy --sparql")
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
@click.option("--sparql", is_flag=True, help="Answer SPARQL queries as well, at /sparql.")
@click.option("--sparql-only", is_flag=True, help="Answer SPARQL queries, without site and editor.")
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    callback=_origins,
    help="Let pages of this origin ask at /sparql (repeatable); by default none may.",
)
@options.limit_options(rows=100_000)
@options.store_option
def command(
    guideline: Path | None,
    port: int,
    output: Path,
    no_browser: bool,
    form: str,
    sparql: bool,
    sparql_only: bool,
    origins: frozenset[str],
    timeout: int,
    rows: int,
    memory: int,
    store: Path | None,
) -> None:
    """Show the site of a guideline while it is edited, with the editor in the same place.

    The page that is read changes by itself soon after something is saved, in the editor or by any
    other program. Proofs, audit and counts follow with the next whole build, which runs in the
    background; a page says which of the two it is. Only this machine can ask, and only who has the
    printed address. Ctrl-C ends it.

    With --sparql, the graph as it is saved can be asked at /sparql, and the named queries have
    addresses under /queries. That needs no key: any program on this machine may ask, and nothing
    can be changed there. --timeout, --rows, --memory, --store and --allow-origin are about it.
    """
    need_extra()
    from guidegraph.query.limits import Limits
    from guidegraph.query.sources import Source

    folder = options.folder_of(guideline)
    if store is not None:
        options.refuse_inside(folder, store)
    if (store or origins) and not (sparql or sparql_only):
        raise click.UsageError("--store and --allow-origin are about --sparql; add it.")
    wish = _Wish(
        source=Source(folder, store),
        limits=Limits(seconds=timeout, rows=rows, megabytes=memory),
        output=output,
        origins=origins,
        port=port,
        with_browser=not no_browser,
        form=form,
    )
    if sparql_only:
        _serve_endpoint(wish)
    else:
        options.refuse_inside(folder, output)
        _serve_site(wish, sparql)


def _serve_site(wish: _Wish, sparql: bool) -> None:
    from guidegraph.edit.app import application
    from guidegraph.edit.desk import Desk
    from guidegraph.edit.listening import address_of, listen
    from guidegraph.edit.pages.routes import ROUTES
    from guidegraph.serve.routes import ROUTES as PAGES
    from guidegraph.serve.site import Site

    folder = wish.source.folder
    with options.Progress() as progress:
        progress.step("Reading")
        desk = Desk(folder, lambda: datetime.now(UTC).astimezone())
    try:
        options.show(desk.findings, "text")
        listening = listen(port=wish.port)
        site = Site(desk, wish.output)
        Thread(target=desk.plan, daemon=True).start()  # so that the first edit does not wait
        try:
            token = secrets.token_urlsafe(32)
            address = address_of(listening)
            desk.alone.says(address)
            app = application(desk, token, [*PAGES, *ROUTES])
            app.state.site = site
            with _beside(app, wish, sparql) as served:
                tell(folder, f"{address}?token={token}", wish.form)
                if sparql and wish.form == "text":
                    click.echo(f"\nQueries are answered at\n\n  {address}sparql\n")
                if wish.with_browser:
                    show(f"{address}?token={token}")
                run(served, listening)
        finally:
            site.close()
    finally:
        desk.close()
    if wish.form == "text":
        click.echo("The server has ended; what is not saved is kept as a draft.", err=True)


def _serve_endpoint(wish: _Wish) -> None:
    from guidegraph.edit.listening import address_of, listen

    listening = listen(port=wish.port)
    address = f"{address_of(listening)}sparql"
    with _endpoint(wish) as app:
        folder = wish.source.folder
        if wish.form == "json":
            click.echo(json.dumps({"address": address, "folder": str(folder)}))
        else:
            click.echo(f"Queries to {folder} are answered at\n\n  {address}\n\nCtrl-C ends it.")
        if wish.with_browser:
            show(address)
        run(app, listening)


@contextmanager
def _beside(app: ASGIApp, wish: _Wish, sparql: bool) -> Iterator[ASGIApp]:
    """The site and the editor, with the endpoint if it is wanted."""
    if not sparql:
        yield app
        return
    from guidegraph.endpoint.app import beside

    with _endpoint(wish) as endpoint:
        yield beside(endpoint, app)


@contextmanager
def _endpoint(wish: _Wish) -> Iterator[ASGIApp]:
    from guidegraph.endpoint.app import Endpoint, application
    from guidegraph.endpoint.asking import Answers

    answers = Answers(wish.source, wish.limits)
    try:
        yield application(Endpoint(answers, wish.source.folder.name, wish.origins))
    finally:
        answers.close()
