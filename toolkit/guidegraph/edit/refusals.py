"""Answers that say what is wrong: JSON for programs, a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from guidegraph.diagnostic import Diagnostic


def finding_data(finding: Diagnostic) -> dict[str, Any]:
    """A finding as JSON has it; every key is always there."""
    at = finding.at
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "why": finding.why,
        "help": finding.help,
        "subject": finding.subject,
    }


def refusal(
    scope: Scope | None,
    status: int,
    findings: Iterable[Diagnostic],
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The answer to a request that is refused; for pages of people as a page."""
    found = tuple(findings)
    allow = {"Allow": "POST" if _is_api(scope) else "GET, HEAD"} if status == 405 else None
    if scope is None or _is_api(scope):
        data = {**(more or {}), "findings": [finding_data(each) for each in found]}
        return JSONResponse(data, status_code=status, headers=allow)
    told = "".join(_told(each) for each in found)
    title = "The editor does not show this"
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"</head>\n<body><main><h1>{title}</h1>{told}</main></body>\n</html>\n"
    )
    return HTMLResponse(page, status_code=status, headers=allow)


def _is_api(scope: Scope | None) -> bool:
    return scope is not None and str(scope["path"]).startswith("/api/")


def _told(finding: Diagnostic) -> str:
    lines = (finding.message, finding.why, finding.help, f"Code {finding.code}")
    return "".join(f"<p>{escape(each)}</p>" for each in lines if each)
