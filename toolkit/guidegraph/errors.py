"""Every exception of guidegraph, on one screen.

::

    GuidelineError          something stops the work; carries diagnostics
     +- ReadError           a source cannot be read at all
     |   +- TurtleError     a text is not Turtle, so nothing in it can be changed in place
     +- CheckError          there are findings, and the caller wanted none
     +- UsageError          the request itself makes no sense (wrong name, wrong option)
     +- QueryError          a query is refused or cannot be run
     +- RemoteError         another machine does not answer, or not as it must

Anything else that reaches the command line is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.diagnostic import Diagnostic, in_order


class GuidelineError(Exception):
    """Work had to stop; ``findings`` say why."""

    def __init__(self, findings: Iterable[Diagnostic]) -> None:
        self.findings = in_order(findings)
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in self.findings))


class ReadError(GuidelineError):
    """A file or folder cannot be read at all."""


class TurtleError(ReadError):
    """A text is not Turtle, so nothing in it can be changed in place."""


class CheckError(GuidelineError):
    """There are findings, and the caller wanted none."""


class UsageError(GuidelineError):
    """The request makes no sense: an unknown name or an impossible option."""


class QueryError(GuidelineError):
    """A query is refused, or it cannot be run."""


class RemoteError(GuidelineError):
    """Another machine does not answer, or not as it must."""
