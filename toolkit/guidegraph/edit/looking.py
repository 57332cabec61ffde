"""Which findings are about a thing, and which were not there before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit.live import Looked
from guidegraph.terms import local_name
from guidegraph.workspace.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """What changes would mean: what is found about the things they touch, and what is new."""

    findings: tuple[Diagnostic, ...]
    refused: bool


def concerned(
    looked: Looked, before: Looked, workspace: Workspace, subjects: Iterable[str]
) -> tuple[Diagnostic, ...]:
    """The findings about these things, and those that were not there before."""
    touched = tuple(subjects)
    known = {_told(each) for each in before.findings}
    return tuple(
        each
        for each in looked.findings
        if _told(each) not in known or about(each, workspace, touched)
    )


def about(finding: Diagnostic, workspace: Workspace, subjects: Iterable[str]) -> bool:
    """Whether a finding names one of these things, or stands in its lines."""
    at = finding.at
    for iri in subjects:
        if finding.subject == local_name(iri):
            return True
        if at is None:
            continue
        for file, document in workspace.documents.items():
            if not _same(at.file, file):
                continue
            if any(first <= at.line <= last for first, last in document.lines(iri)):
                return True
    return False


def _told(finding: Diagnostic) -> tuple[str, str | None, str]:
    return (finding.code, finding.subject, finding.message)


def _same(shown: str, file: str) -> bool:
    """Whether a path as it is shown is this file of the folder."""
    parts, wanted = PurePosixPath(shown).parts, PurePosixPath(file).parts
    return parts[-len(wanted) :] == wanted
