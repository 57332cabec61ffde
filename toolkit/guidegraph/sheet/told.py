"""What a workbook changes, as a table for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from guidegraph.sheet.faults import letters
from guidegraph.sheet.outcome import Edit, Merged, Outcome
from guidegraph.wording import plural

_HEADINGS = ("Cell", "Thing", "Column", "Old", "New", "")
_WIDTHS = (34, 34, 30, 36, 36, 12)
_WORDS = {Outcome.APPLIED: "taken", Outcome.CONFLICT: "CONFLICT", Outcome.REFUSED: "REFUSED"}


def in_words(merged: Merged) -> Iterator[str]:
    """A line for each changed cell, under headings; then how many there are of each kind."""
    if merged.edits:
        rows = [_HEADINGS, *(_row(each) for each in merged.edits)]
        wide = [min(max(len(row[at]) for row in rows), most) for at, most in enumerate(_WIDTHS)]
        for number, row in enumerate(rows):
            yield "  ".join(map(_fitted, row, wide)).rstrip()
            if not number:
                yield "  ".join("-" * each for each in wide).rstrip()
        yield ""
    yield summary(merged)


def summary(merged: Merged) -> str:
    """How many cells have each outcome."""
    if not merged.edits:
        return "No cell differs from what was exported."
    counts = merged.counts
    told = [f"{plural(len(merged.edits), 'changed cell')}: {counts['applied']} can be taken"]
    if counts["conflict"]:
        told.append(f"{counts['conflict']} in conflict with the files")
    if counts["refused"]:
        told.append(f"{counts['refused']} refused")
    return ", ".join(told) + "."


def _row(each: Edit) -> tuple[str, ...]:
    sheet = each.at.file.rpartition(":")[2]
    cell = f"{sheet}!{letters(each.at.column)}{each.at.line}"
    old, new = _around(each.old, each.new)
    return (cell, each.thing, each.heading, old, new, _WORDS[each.outcome])


def _around(old: str, new: str) -> tuple[str, str]:
    """Two texts on a line each, from shortly before where they begin to differ."""
    old, new = " / ".join(old.split("\n")), " / ".join(new.split("\n"))
    most = _WIDTHS[3]
    if max(len(old), len(new)) <= most:
        return old, new
    same = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    start = max(same - most // 3, 0)
    return (f"…{old[start:]}", f"…{new[start:]}") if start else (old, new)


def _fitted(text: str, width: int) -> str:
    short = text if len(text) <= width else text[: width - 1] + "…"
    return short.ljust(width)


def as_data(merged: Merged, book: str, files: Iterable[str], saved: bool) -> dict[str, Any]:
    """The same with everything that a program needs; every key is always there."""
    return {
        "workbook": book,
        "saved": saved,
        "files": list(files),
        "outcomes": merged.counts,
        "cells": [_data(each) for each in merged.edits],
    }


def _data(each: Edit) -> dict[str, Any]:
    return {
        "place": str(each.at),
        "sheet": each.at.file.rpartition(":")[2],
        "cell": f"{letters(each.at.column)}{each.at.line}",
        "thing": each.thing,
        "new": each.is_new,
        "column": each.heading,
        "before": each.old,
        "after": each.new,
        "outcome": each.outcome.value,
        "codes": [one.code for one in each.findings],
    }
