"""Answers that say what is wrong: RFC 9457 for programs, a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit.refusals import finding_data
from guidegraph.endpoint.negotiation import HTML, best
from guidegraph.endpoint.pages import page
from guidegraph.report import render

PROBLEM = "application/problem+json"
STATUS = {"Q011": 503, "Q014": 503, "Q015": 422, "Q024": 503}
"""What a finding means for whoever asked; any other is a fault of the request."""


def status_of(findings: Iterable[Diagnostic]) -> int:
    """The status of an answer that tells these findings."""
    return max((STATUS.get(each.code, 400) for each in findings), default=500)


def problem(
    accept: str,
    status: int,
    findings: Iterable[Diagnostic],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a request that failed."""
    found = tuple(findings)
    more = dict(headers or {})
    wanted = best(accept, (PROBLEM, "application/json", "text/plain", HTML))
    if wanted == HTML:
        told = page("problem.html", findings=found, title="No answer")
        return HTMLResponse(told, status_code=status, headers=more)
    text = render(found, "text")
    if wanted == "text/plain":
        return PlainTextResponse(text, status_code=status, headers=more)
    data = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "\n".join(each.message for each in found),
        "findings": [finding_data(each) for each in found],
        "text": text,
    }
    return JSONResponse(data, status_code=status, headers=more, media_type=PROBLEM)
