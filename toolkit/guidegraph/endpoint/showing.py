"""The pages of the endpoint: a form for a query, the named queries, and answers as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from guidegraph.diagnostic import Diagnostic
from guidegraph.endpoint.asking import AT_ONCE
from guidegraph.endpoint.pages import PLACE, page
from guidegraph.query.delivery import FORMS
from guidegraph.query.graph import PREFIXES
from guidegraph.query.named import ANY, NamedQuery, by_topic
from guidegraph.query.results import Result
from guidegraph.wording import plural

if TYPE_CHECKING:
    from guidegraph.endpoint.app import Endpoint

EXAMPLE = """SELECT ?recommendation ?label WHERE {
  ?recommendation a gg:Recommendation ; rdfs:label ?label .
  FILTER(LANG(?label) = "en")
}
ORDER BY ?recommendation
"""
_TABLES = [each.name for each in FORMS if each.kind == "table"]


def style() -> bytes:
    """The style sheet."""
    return (PLACE / "assets" / "endpoint.css").read_bytes()


def first(endpoint: Endpoint, queries: Iterable[NamedQuery], here: str) -> str:
    """The page of the endpoint itself."""
    return page(
        "sparql.html",
        **_common(endpoint, "Ask the graph"),
        text=EXAMPLE,
        example="thresholds",
        prefixes=(*PREFIXES, "d"),
        topics=by_topic(queries),
        here=here,
        answer=None,
        findings=(),
    )


def answered(endpoint: Endpoint, text: str, answer: Result) -> str:
    """The page of a query that was typed, with its answer."""
    return _typed(endpoint, text, answer, ())


def refused(endpoint: Endpoint, text: str, findings: Iterable[Diagnostic]) -> str:
    """The page of a query that was typed, with what is wrong with it."""
    return _typed(endpoint, text, None, tuple(findings))


def listed(endpoint: Endpoint, queries: Iterable[NamedQuery]) -> str:
    """The list of the named queries."""
    return page("queries.html", **_common(endpoint, "Queries"), topics=by_topic(queries))


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of a named query: a form for its values, and its answer."""

    endpoint: Endpoint
    query: NamedQuery
    params: Mapping[str, str]

    def page(self, answer: tuple[Result, ...], findings: tuple[Diagnostic, ...] = ()) -> str:
        """The page with an answer, or with what is wrong."""
        asked = f"?{urlencode(self.params)}" if self.params else ""
        here = f"/queries/{quote(self.query.name)}"
        return page(
            "query.html",
            **_common(self.endpoint, self.query.title),
            query=self.query,
            fields=[
                {
                    "name": each.name,
                    "about": each.description,
                    "type": each.type,
                    "value": self.params.get(each.name, ""),
                    "hint": _hint(each.default),
                }
                for each in self.query.parameters
            ],
            downloads=[(name, f"{here}.{name}{asked}") for name in _TABLES],
            answer=answer[0] if answer else None,
            findings=findings,
        )


def _typed(
    endpoint: Endpoint, text: str, answer: Result | None, findings: tuple[Diagnostic, ...]
) -> str:
    return page(
        "answer.html",
        **_common(endpoint, "Answer" if answer else "No answer"),
        text=text,
        downloads=[
            (each.name, f"/sparql?{urlencode({'query': text, 'format': each.name})}")
            for each in FORMS
            if answer and (each.kind == "graph") == (answer.form == "graph")
        ],
        answer=answer,
        findings=findings,
    )


def _hint(default: str | None) -> str:
    if default is None:
        return "must be given"
    return "any, if left empty" if default == ANY else f"{default}, if left empty"


def _common(endpoint: Endpoint, title: str) -> dict[str, object]:
    """What every page needs."""
    limits = endpoint.answers.limits
    return {
        "title": title,
        "name": endpoint.title,
        "limits": limits,
        "at_once": AT_ONCE,
        "plural": plural,
    }
