"""Placeholder, being written."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph
from rdflib import Graph

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read import turtle


@dataclass(frozen=True, slots=True)
class Recovered:
    parsed: turtle.Parsed
    findings: tuple[Diagnostic, ...] = ()
    broken: frozenset[str] = frozenset()


def recover(text: str, file: str, name: str) -> Recovered:
    try:
        for _ in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE):
            pass
    except SyntaxError as fault:
        return Recovered(
            turtle.Parsed(Graph()),
            (
                Diagnostic(
                    code="R010",
                    severity=Severity.ERROR,
                    message=fault.msg,
                    at=Location(file, fault.lineno or 1, fault.offset or 0),
                ),
            ),
        )
    parsed = turtle.parse(text, file, name)
    if isinstance(parsed, turtle.Misread):
        at = turtle.Places(text, file).at(parsed.offset)
        return Recovered(
            turtle.Parsed(Graph()),
            (Diagnostic(code="R010", severity=Severity.ERROR, message=parsed.reason, at=at),),
        )
    return Recovered(parsed)
