"""Local changes, and what a new version means for them, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidegraph.model import Adaptation, Applied, Guideline, LocalChange
from guidegraph.overlay.faults import named
from guidegraph.overlay.rebase import Item, Rebase, Verdict
from guidegraph.wording import plural

HEADINGS = {
    "removed": "no longer there",
    "notPermitted": "no longer permitted",
    "value": "another value now",
    "obsolete": "no longer needed",
    "changed": "changed",
}


def standing(applied: Applied) -> str:
    """How a change stands to the guideline: a permitted choice, a departure, or without effect."""
    if not applied.is_in_force:
        return "not in force"
    return "permitted by the guideline" if applied.is_permitted else "departs from the guideline"


def change_lines(adaptation: Adaptation, guideline: Guideline) -> Iterator[str]:
    """Each change: what the guideline says, what holds here, and why."""
    for each in adaptation.changes:
        thing = guideline.entities.get(each.change.changes)
        yield f"- {each.change.label} ({standing(each)}; {guideline.words(each.change.status)})"
        yield f"    {named(thing, each.change.changes)}"
        yield f"    the guideline: {each.upstream}"
        yield f"    here: {each.local}"
        yield f"    why: {each.change.rationale} ({_by(each.change, guideline)})"


def _by(change: LocalChange, guideline: Guideline) -> str:
    """Who decided it, and when."""
    people = (guideline.entities.get(each) for each in change.attributed_to)
    names = ", ".join(str(each.label) for each in people if each)
    return ", ".join(each for each in (names, change.created) if each)


def changes_as_data(adaptation: Adaptation) -> list[dict[str, Any]]:
    """Each change as JSON."""
    return [
        {
            "id": each.change.id,
            "label": str(each.change.label),
            "kind": type(each.change).CLASS.removeprefix("gg:"),
            "changes": each.change.changes,
            "guideline": each.upstream,
            "here": each.local,
            "permitted": each.is_permitted,
            "inForce": each.is_in_force,
            "rationale": str(each.change.rationale),
            "status": each.change.status,
            "created": each.change.created,
            "attributedTo": list(each.change.attributed_to),
        }
        for each in adaptation.changes
    ]


def rebase_lines(rebased: Rebase) -> Iterator[str]:
    """What the new version means, change by change; those that need nobody are only counted."""
    header = rebased.header
    yield f"{header.label}: from version {rebased.old_version} to {rebased.new_version}"
    if header.adapted_version not in (rebased.old_version, rebased.new_version):
        yield (
            f"It was made for version {header.adapted_version}, which is neither of the two: what "
            "changed between them is told, not what changed since it was made."
        )
    for each in rebased.affected:
        yield ""
        yield f"{each.change.label} ({each.change.at})"
        yield from (f"  - {HEADINGS[found.kind]}: {found.words}" for found in each.verdicts)
    yield ""
    untouched = len(rebased.items) - len(rebased.affected)
    yield f"{plural(len(rebased.affected), 'change')} to look at, {untouched} not affected."
    if header.adapted_version != rebased.new_version:
        yield (
            "Nothing was edited. When every change has been looked at, write "
            f'gg:adaptedVersion "{rebased.new_version}".'
        )


def rebase_as_data(rebased: Rebase) -> dict[str, Any]:
    """The same as JSON; changes that are not affected have no verdicts."""
    return {
        "adaptation": rebased.header.iri,
        "adaptedVersion": rebased.header.adapted_version,
        "from": rebased.old_version,
        "to": rebased.new_version,
        "changes": [_item(each) for each in rebased.items],
    }


def _item(item: Item) -> dict[str, Any]:
    change = item.change
    return {
        "id": change.id,
        "label": str(change.label),
        "changes": change.changes,
        "file": change.at.file,
        "line": change.at.line,
        "verdicts": [_verdict(each) for each in item.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"kind": verdict.kind, "words": verdict.words}
