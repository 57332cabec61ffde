"""``guidegraph publish``: a version of a guideline as a named graph of a triplestore."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guidegraph.cli import options, remote
from guidegraph.diagnostic import has_findings
from guidegraph.errors import GuidelineError

if TYPE_CHECKING:
    from guidegraph.remote import Graphs, Publication, Told

EPILOG = (
    "Example: guidegraph publish guideline/covid19-coagulopathy "
    "--to http://127.0.0.1:7878/store --dry-run"
)


@click.command("publish", epilog=EPILOG)
@options.guideline_argument
@click.option(
    "--to",
    "to",
    required=True,
    metavar="URL",
    help="Where the server takes graphs (SPARQL Graph Store Protocol).",
)
@click.option("--query", metavar="URL", help="Where it answers queries, if that cannot be told.")
@click.option("--update", metavar="URL", help="Where it takes updates, if that cannot be told.")
@click.option("--by", "who", metavar="NAME", help="Who publishes; told in the provenance graph.")
@click.option(
    "--accept-altered",
    is_flag=True,
    help="Publish on a server that cannot hold some numbers exactly; they are listed.",
)
@click.option("--dry-run", is_flag=True, help="Send nothing; show what would be sent.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the statements of the graph into this file, too (N-Triples).",
)
@remote.timeout_option
@options.format_option("text", "json")
def command(
    guideline: Path | None,
    to: str,
    query: str | None,
    update: str | None,
    who: str | None,
    accept_altered: bool,
    dry_run: bool,
    output: Path | None,
    timeout: int,
    form: str,
) -> None:
    """Publish a version of a guideline on a triplestore, and prove that it is there.

    The graph is called by the IRI of the version and replaced as a whole: the new statements are
    stored under another name, read back, and moved by one update; its provenance stands in a graph
    of its own. The login is taken from GUIDEGRAPH_USER and GUIDEGRAPH_PASSWORD or a netrc file.
    Exits with 0 if the version is there, with 1 otherwise.
    """
    from guidegraph.remote import Graphs, addresses, publish

    if output is not None:
        options.refuse_inside(options.folder_of(guideline), output)
    try:
        graphs = Graphs(addresses(to, query, update), remote.exchange(timeout))
        publication = _prepared(guideline, form, who, accept_altered)
        if output is not None:
            output.write_bytes(publication.content.data)
        if dry_run:
            _preview(publication, graphs, form)
            return
        with options.Progress() as progress:
            told = publish(publication, graphs, progress.step)
    except GuidelineError as stop:
        options.finish(stop.findings, form)
    except OSError as stop:
        raise click.UsageError(f"Cannot write {output}: {stop.strerror}.") from None
    _say(publication, told, form)


def _prepared(guideline: Path | None, form: str, who: str | None, accepts: bool) -> Publication:
    """The version as it is in the folder, if nothing is wrong with it."""
    from guidegraph.remote import Made, Publication, content, version_graph

    _, found = options.load_sound(guideline, form)
    header = found.header
    when = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Publication(
        graph=version_graph(header),
        content=content(options.folder_of(guideline)),
        made=Made(header=header, when=when, who=who),
        token=secrets.token_hex(8),
        accepts=accepts,
    )


def _preview(publication: Publication, graphs: Graphs, form: str) -> None:
    """What would be sent, request by request."""
    from guidegraph.remote import requests

    sent = [
        {
            "method": each.method,
            "to": f"{each.to}?{each.to.query}" if each.method == "PUT" else str(each.to),
            "type": each.media,
            "bytes": len(each.body or b""),
            "body": None if at == 0 else (each.body or b"").decode(),
        }
        for at, each in enumerate(requests(publication, graphs))
    ]
    if form == "json":
        told = {**_about(publication), "sent": False, "requests": sent}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for each in sent:
        click.echo(f"{each['method']} {each['to']}\n  {each['type']}, {each['bytes']} bytes")
        body = each["body"] or f"(SHA-256 {publication.content.sha256}; --output FILE writes it)"
        click.echo("".join(f"  {line}\n" for line in str(body).splitlines()))
    click.echo("Nothing has been sent.")


def _about(publication: Publication) -> dict[str, Any]:
    sums = publication.content.sums
    return {
        "graph": publication.graph,
        "provenance": publication.graphs[1],
        "sha256": publication.content.sha256,
        "statements": sums.statements,
        "withBlankNodes": sums.blank,
        "blankNodes": sums.nodes,
    }


def _say(publication: Publication, told: Told, form: str) -> None:
    """What became of it."""
    if form == "json":
        from guidegraph.report import render

        findings = json.loads(render(told.findings, form))["findings"]
        data = {**_about(publication), "sent": True, "state": told.state, "findings": findings}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        sums = told.sums
        options.show(told.findings, form)
        click.echo(f"{told.state.capitalize()}: <{publication.graph}>")
        click.echo(
            f"{sums.ground} statements compared one by one, and {sums.blank} with "
            f"{sums.nodes} blank nodes without the labels of these."
        )
        if told.before is not None:
            click.echo(f"Before, there were {told.before.statements} statements.")
    if has_findings(told.findings):
        raise SystemExit(1)
