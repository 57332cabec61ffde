"""``guidegraph query``: ask the graph in SPARQL."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options, remote
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import GuidelineError
from guidegraph.suggestion import alike

if TYPE_CHECKING:
    from guidegraph.query import NamedQuery
    from guidegraph.query.limits import Limits
    from guidegraph.query.results import Result
    from guidegraph.query.sources import Source
    from guidegraph.remote import Endpoint

EPILOG = (
    "Example: guidegraph query thresholds guideline/covid19-coagulopathy --param observable=d-dimer"
)


def _params(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not (name.strip() and equals):
            raise click.BadParameter(f"write NAME=VALUE, not {value!r}.", ctx, param)
        if name.strip() in given:
            raise click.BadParameter(f"`{name.strip()}` is given twice.", ctx, param)
        given[name.strip()] = text
    return given


@click.command("query", epilog=EPILOG)
@click.argument("question", required=False, metavar="NAME|FILE.rq|TEXT")
@options.guideline_argument
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_params,
    help="Value of a parameter of the query (repeatable).",
)
@options.format_option("table", "csv", "json")
@click.option("--list", "listing", is_flag=True, help="List the queries that have a name.")
@options.limit_options(rows=10_000)
@options.store_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the files.")
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="With --endpoint: ask this graph of it (repeatable).",
)
@click.option(
    "--published", is_flag=True, help="With --endpoint: ask what `publish` put there of GUIDELINE."
)
def command(
    question: str | None,
    guideline: Path | None,
    params: dict[str, str],
    form: str,
    listing: bool,
    timeout: int,
    rows: int,
    memory: int,
    store: Path | None,
    endpoint: str | None,
    graphs: tuple[str, ...],
    published: bool,
) -> None:
    """Ask a guideline a question in SPARQL.

    The question is the name of a query (see --list), a file or the text of a query. It sees the
    guideline and the ontology and nothing else: what would reach the network or change data is
    refused. CSV holds values exactly as they are; import it as text into a spreadsheet. With
    --endpoint the question goes to another machine, which sees what that has; a login is taken from
    GUIDEGRAPH_USER and GUIDEGRAPH_PASSWORD or a netrc file.
    """
    if listing:
        _list(Path(question) if question and guideline is None else guideline, form)
        return
    if question is None:
        raise click.UsageError("Say what to ask; `guidegraph query --list` shows what there is.")
    if endpoint is not None:
        if store is not None:
            raise click.UsageError(
                "--store keeps the graph of the files; an --endpoint has its own."
            )
        try:
            there = _endpoint(endpoint, graphs, guideline, published, timeout)
            _ask_there(question, there, guideline, params, form, rows)
        except GuidelineError as stop:
            options.finish(stop.findings, "json" if form == "json" else "text")
        return
    if graphs or published:
        raise click.UsageError("--graph and --published belong to --endpoint.")
    from guidegraph.query.limits import Limits
    from guidegraph.query.sources import Source

    try:
        folder = options.folder_of(guideline)
        if store is not None:
            options.refuse_inside(folder, store)
        limits = Limits(seconds=timeout, rows=rows, megabytes=memory)
        _ask(question, Source(folder, store), params, form, limits)
    except GuidelineError as stop:
        options.finish(stop.findings, "json" if form == "json" else "text")


def _ask(question: str, source: Source, params: dict[str, str], form: str, limits: Limits) -> None:
    from guidegraph.query import results, worker

    found = _find(question, source.folder)
    with options.Progress() as progress:
        progress.step("Asking")
        asked = worker.Asked(query=found, params=params, whole=False)
        answer, notes = worker.run_within(asked, source, limits)
    assert isinstance(answer, results.Result)
    options.show(notes, "text")
    _print(answer, found, form, limits.rows or 0)


def _print(answer: Result, query: NamedQuery, form: str, rows: int) -> None:
    from guidegraph.query import results

    click.echo(results.FORMS[form](answer), nl=False)
    if answer.cut:
        options.finish([_cut(query, rows)], "text")


def _endpoint(
    url: str, graphs: tuple[str, ...], guideline: Path | None, published: bool, timeout: int
) -> Endpoint:
    """The endpoint that is meant, and the graphs of it."""
    from guidegraph.remote import Endpoint, address, version_graph

    place = address(url)
    if published:
        _, found = options.load_unchecked(guideline, "text")
        graphs = (*graphs, version_graph(found.header))
    return Endpoint(place, remote.exchange(timeout), graphs)


def _ask_there(
    question: str,
    endpoint: Endpoint,
    guideline: Path | None,
    params: dict[str, str],
    form: str,
    rows: int,
) -> None:
    """Ask another machine."""
    from guidegraph.remote import ask

    found = _find(question, guideline)
    with options.Progress() as progress:
        progress.step(f"Asking {endpoint.address}")
        answer = ask(found, endpoint, params, rows)
    _print(answer, found, form, rows)


def _find(question: str, folder: Path | None) -> NamedQuery:
    """The query that is meant: a text, a file, or one that has a name."""
    from guidegraph.query.named import parse_query, read_query, survey

    if any(sign.isspace() or sign == "{" for sign in question):
        return parse_query(question, "this query", "your query")
    if question.endswith(".rq") or Path(question).is_file():
        return read_query(Path(question), question)
    queries, findings = survey(folder)
    found = {each.name: each for each in queries}
    if question in found:
        return found[question]
    options.show(
        [each for each in findings if each.at and Path(each.at.file).stem == question], "text"
    )
    near = alike(question, found)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    raise click.UsageError(f"There is no query `{question}`. {hint}There are: {', '.join(found)}.")


def _list(folder: Path | None, form: str) -> None:
    """Names, titles and parameters of the queries, by topic."""
    import json

    from guidegraph.query.named import by_topic, survey

    queries, findings = survey(options.folder_of(folder))
    if form == "json":
        click.echo(json.dumps([each.to_json() for each in queries], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_under(topic, found) for topic, found in by_topic(queries)))
    options.finish(findings, "text")


def _under(topic: str, queries: Iterable[NamedQuery]) -> str:
    """The queries on one topic, under its name."""
    return "\n".join([topic, *map(_entry, queries)])


def _entry(query: NamedQuery) -> str:
    """A query in the list."""
    whose = " (of this guideline, instead of the toolkit's)" if query.replaces else ""
    whose = whose or (" (of this guideline)" if query.own else "")
    lines = [f"  {query.name}: {query.title}{whose}"]
    for each in query.parameters:
        default = "" if each.default is None else f" = {each.default}"
        lines.append(
            f"      --param {each.name}=… ({each.type}{default}) {each.description}".rstrip()
        )
    return "\n".join(lines)


def _cut(query: NamedQuery, rows: int) -> Diagnostic:
    return Diagnostic(
        code="Q013",
        severity=Severity.WARNING,
        message=f"Only the first {rows} rows are shown; there are more.",
        at=query.at(),
        why="The number of rows is limited so that a slip in a query does not flood the screen.",
        help="Ask for less, or allow more rows (--rows).",
    )
