"""Named queries: what each asks, its text, and the answer it has on this guideline."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.query.named import NamedQuery, by_topic
from guidegraph.site.asking import Asked, asked
from guidegraph.site.blocks import (
    Block,
    Card,
    Cards,
    Item,
    Items,
    Line,
    Listing,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    sections,
    words,
)
from guidegraph.site.chapters import QUERIES, VOCABULARY
from guidegraph.site.content import QueryResult
from guidegraph.site.pages import editor
from guidegraph.site.pages.index import index_page
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View
from guidegraph.terms import NAMESPACES, compact, local_name
from guidegraph.wording import plural, readable


def pages(seen: View) -> Iterator[Page]:
    """The gallery and one page per query."""
    found = seen.content.queries
    if not found:
        return
    answers = {each.query.name: each for each in found}
    topics = tuple(
        Section(topic, (_overview(topic, [answers[each.name] for each in queries]),))
        for topic, queries in by_topic(each.query for each in found)
    )
    askable = asked(seen)
    yield index_page(
        seen,
        QUERIES,
        "Questions to the graph in SPARQL, each with its answer on this guideline.",
        _own(askable),
        *topics,
    )
    for each in found:
        yield _page(seen, each, askable)
    if askable:
        yield editor.page(seen, askable, [each.query for each in found])


def _own(askable: Asked | None) -> Section | None:
    """The way to queries of the reader's own."""
    if askable is None:
        return None
    card = Card(editor.TITLE, editor.PATH, "", "A query of your own, and the names it may use")
    return Section("", (Cards((card,)),))


def _overview(topic: str, found: list[QueryResult]) -> Table:
    """The queries on one topic, and how much each has to say."""
    rows = tuple(
        Row(
            (
                (Span(each.query.title, to=_path(each)),),
                words(each.query.description),
                words(_how_many(each), style="figure"),
            )
        )
        for each in found
    )
    return Table(topic, ("Query", "What it answers", "Rows"), rows)


def _how_many(result: QueryResult) -> str:
    return "asks for values" if _asks(result.query) else readable(len(result.rows))


def _asks(query: NamedQuery) -> bool:
    """Whether it has no answer until somebody gives it values."""
    return any(each.default is None for each in query.parameters)


def _path(result: QueryResult) -> str:
    return f"queries/{slug(result.query.name)}.html"


def _page(seen: View, result: QueryResult, askable: Asked | None) -> Page:
    query = result.query
    rows = tuple(Row(tuple(_cell(seen, each) for each in row)) for row in result.rows)
    caption = plural(len(rows), "row")
    answer: Block = Table(
        caption, tuple(each.replace("_", " ") for each in result.columns), rows, "rows"
    )
    if not rows:
        told = "It needs values for its parameters." if _asks(query) else "Nothing."
        answer = Prose((words(told),))
    return Page(
        path=_path(result),
        index=QUERIES.index,
        title=query.title,
        eyebrow=(Span("Query "), Span(query.name, style="code")),
        lead=words(query.description),
        sections=sections(
            Section("Answer", (answer,), anchor="answer"),
            Section("Parameters", (Items(_parameters(query), "plain"),), anchor="parameters"),
            editor.run_it(askable, query),
            _example(query),
            Section("Text", (Listing(query.text.strip(), "Text of the query"),), anchor="text"),
        ),
        structured=guideline_data(seen),
        style="wide",
        parts=editor.parts(askable),
    )


def _parameters(query: NamedQuery) -> tuple[Item, ...]:
    """What the query asks for; the answer shown is that of the defaults."""
    return tuple(
        Item((Span(each.name, style="code"), Span(f" ({each.type}): {each.description}")))
        for each in query.parameters
    )


def _example(query: NamedQuery) -> Section | None:
    if query.example is None:
        return None
    listing = Listing(query.example, "Command")
    return Section("On the command line", (listing,), anchor="example")


def _cell(seen: View, text: str) -> Line:
    """A value; IRIs of this guideline and of code lists lead to their places."""
    if name := seen.addresses.name_of(text):
        return seen.wording.name(name)
    term = local_name(text)
    if text.startswith(NAMESPACES["code"]) and term in seen.guideline.codes:
        return (Span(seen.guideline.words(term), to=f"{VOCABULARY.index}#{slug(term)}"),)
    if out := external(text):
        return (Span(compact(text), out=out, style="code"),)
    return words(text)
