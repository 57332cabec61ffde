"""``guidegraph edit``: forms, tables and trees over a guideline, in a browser on this machine."""

from __future__ import annotations

import json
import secrets
import signal
import webbrowser
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

PATIENCE = 3
"""Seconds that requests have to come to an end when the editor is ended."""


@click.command("edit", epilog="Example: guidegraph edit guideline/covid19-coagulopathy")
@options.guideline_argument
@options.port_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address on this machine; others are refused.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@options.format_option("text", "json")
def command(guideline: Path | None, port: int, host: str, no_browser: bool, form: str) -> None:
    """Edit a guideline in the browser: recommendations, limits, pathways, evidence.

    The editor runs on this machine only, and only who has the printed address can use it. What you
    change is a draft until you save it; a draft survives a crash. Saving changes only the lines of
    what was edited, tells who, when and why, and commits to a branch where the folder lies in a
    git repository; nothing is ever pushed. Ctrl-C ends it.
    """
    need_extra()
    from guidegraph.edit.app import application
    from guidegraph.edit.desk import Desk
    from guidegraph.edit.listening import address_of, listen
    from guidegraph.edit.pages.routes import ROUTES

    folder = options.folder_of(guideline)
    with options.Progress() as progress:
        progress.step("Reading")
        desk = Desk(folder, lambda: datetime.now(UTC).astimezone())
    try:
        options.show(desk.findings, "text")
        listening = listen(host, port)
        token = secrets.token_urlsafe(32)
        address = address_of(listening)
        desk.alone.says(address)
        Thread(target=desk.plan, daemon=True).start()  # so that the first edit does not wait
        tell(folder, f"{address}?token={token}", form)
        if not no_browser:
            show(f"{address}?token={token}")
        run(application(desk, token, ROUTES), listening)
    finally:
        desk.close()
    if form == "text":
        click.echo("The editor has ended; what is not saved is kept as a draft.", err=True)


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Answer requests until somebody ends it with Ctrl-C or a signal."""
    import uvicorn

    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    for each in (signal.SIGINT, signal.SIGTERM):  # uvicorn hands them on when it has ended
        signal.signal(each, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


def need_extra() -> None:
    """End with words where what the editor is made of is not installed."""
    for each in ("starlette", "uvicorn"):
        try:
            import_module(each)
        except ImportError:
            told = f'{each} is not installed: pip install "guidegraph[edit]"'
            raise click.ClickException(told) from None


def tell(folder: Path, address: str, form: str) -> None:
    """Say where the editor is open."""
    if form == "json":
        click.echo(json.dumps({"address": address, "folder": str(folder)}))
        return
    click.echo(
        f"The editor for {folder} is open at\n\n  {address}\n\n"
        "Keep this address to yourself: who has it can edit. Ctrl-C ends the editor.",
    )


def show(address: str) -> None:
    """Show the first page, without waiting for the browser."""
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()
