"""``CHANGELOG.md``: what changed since the release before, in the words of the plan."""

from __future__ import annotations

from pathlib import Path

from guidegraph.model import Guideline
from guidegraph.release.previous import GUIDELINE, Earlier

FILE = "CHANGELOG.md"


def changes(guideline: Guideline, folder: Path, before: Earlier | None) -> bytes:
    """The file; ``folder`` is the guideline's. For a first release it says that it is the first."""
    header = guideline.header
    lines = [f"# {header.label} {header.version}", "", f"Issued on {header.issued}.", ""]
    if before is None:
        lines += ["This is the first release.", ""]
    else:
        record = before.record
        lines += [
            f"The release before it is {record.version}, issued on {record.issued}.",
            "",
            _compared(before, guideline, folder),
        ]
    return "\n".join(lines).encode()


def _compared(before: Earlier, guideline: Guideline, folder: Path) -> str:
    from guidegraph.plan import told
    from guidegraph.plan.plan import compare
    from guidegraph.plan.revisions import revision
    from guidegraph.plan.sides import load_side, older_ontology

    name = before.record.title
    place = before.path / GUIDELINE if before.path.is_dir() else before.path
    with revision(str(place), folder) as old:
        side = load_side(old, name)
    if side.guideline is None:
        return (
            "What changed cannot be told: this version of guidegraph does not read the files of "
            "that release as a guideline.\n"
        )
    findings = tuple(older_ontology(side, name))
    plan = compare(side.guideline, guideline, folder=folder, findings=findings)
    return told.in_markdown(plan, f"release {before.record.version}", {})
