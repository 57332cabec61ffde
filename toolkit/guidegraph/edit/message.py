"""The message of a commit: why, and what is different, in words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING

from guidegraph.edit.provenance import Record
from guidegraph.plan.changes import Difference, differences
from guidegraph.plan.sentences import VERBS, detail_words

if TYPE_CHECKING:
    from guidegraph.edit.desk import Desk

_SUBJECT = 72
_MOST = 40


def message(desk: Desk, record: Record) -> str:
    """One line that says why, then each difference; where none is read, each step."""
    subject = shorten(" ".join(record.why.split()), _SUBJECT, placeholder=" …")
    told = list(_differences(desk)) or [each.what for each in record.steps]
    more = len(told) - _MOST
    lines = [f"- {' '.join(each.split())}" for each in told[:_MOST]]
    if more > 0:
        lines.append(f"- and {more} more")
    whole = [] if subject == record.why else [record.why, ""]
    return "\n".join([subject, "", *whole, *lines]) + "\n"


def _differences(desk: Desk) -> Iterator[str]:
    old, new = desk.saved_looked.guideline, desk.looked.guideline
    if old is None or new is None:
        return
    for each in differences(old, new).found:
        told = "; ".join(detail_words(detail) for detail in each.details)
        yield f"{VERBS[each.how]}: {_title(each)}" + (f": {told}" if told else "")


def _title(each: Difference) -> str:
    was = f", was `{each.old_name}`" if each.how == "renamed" else ""
    return f"{each.kind} “{each.label}” (`{each.name}`{was})"
