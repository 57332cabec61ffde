"""``guidegraph coverage``: what an inventory lists and the guideline does not have."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guidegraph.cli import options

if TYPE_CHECKING:
    from guidegraph.coverage import Coverage, Group

COLUMNS = ("Group", "Rows", "Encoded", "Left out", "Missing")


@click.command(
    "coverage", epilog="Example: guidegraph coverage inventory.md guideline/covid19-coagulopathy"
)
@click.argument(
    "inventory",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="INVENTORY.md",
)
@options.guideline_argument
@options.format_option("text", "json")
def command(inventory: Path, guideline: Path | None, form: str) -> None:
    """Compare an inventory of a source with what is encoded, row by row.

    INVENTORY.md has tables whose first column is an id such as ABC-CLM-01. A row is encoded if
    something has the id as skos:notation, and left out if a gg:Omission has it. A table with the
    columns "group" and "rows" says how many there should be. JSON has `groups`, `missing`,
    `leftOut`, `both`, `repeated` and `unknown`. Exits with 1 if a row is missing or a count is
    wrong.
    """
    from guidegraph.coverage import coverage
    from guidegraph.coverage import inventory as read_inventory

    try:
        listed = read_inventory(inventory.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.UsageError(f"{inventory} is not UTF-8.") from None
    if not listed.rows:
        raise click.UsageError(
            f"{inventory} has no table whose first column is an id such as ABC-CLM-01."
        )
    _, lifted = options.load_unchecked(guideline, form)
    found = coverage(listed, lifted)
    click.echo(_as_json(found) if form == "json" else _in_words(found, inventory))
    sys.exit(0 if found.complete else 1)


def _in_words(found: Coverage, file: Path) -> str:
    rows = [COLUMNS, *map(_row, found.groups), _total(found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines += [
        f"{each.name}: the inventory counts {each.counted} rows and has {each.rows}."
        for each in found.groups
        if each.miscounted
    ]
    if found.total not in (None, found.rows):
        lines.append(f"The inventory counts {found.total} rows in all and has {found.rows}.")
    lines += [f"{file}:{row.line}: {row.id} stands there more than once." for row in found.repeated]
    lines += [f"{file}:{row.line}: {row.id} is missing." for row in found.missing]
    for left in found.left_out:
        why = left.reason or "no reason is given"
        lines.append(f"{file}:{left.row.line}: {left.row.id} is left out ({left.omission}): {why}")
    for row in found.both:
        lines.append(f"{file}:{row.line}: {row.id} is left out although it is encoded.")
    for unknown in found.unknown:
        hint = f" Did you mean {unknown.meant[0]}?" if unknown.meant else ""
        named = f"{unknown.notation} (on {unknown.thing})"
        lines.append(f"{unknown.at}: {named} is no row of the inventory.{hint}")
    return "\n".join(lines)


def _row(each: Group) -> tuple[str, ...]:
    return (each.name, str(each.rows), str(each.encoded), str(each.left_out), str(each.missing))


def _total(found: Coverage) -> tuple[str, ...]:
    encoded = sum(each.encoded for each in found.groups)
    left_out = len(found.left_out)
    return ("Total", str(found.rows), str(encoded), str(left_out), str(len(found.missing)))


def _as_json(found: Coverage) -> str:
    told = {
        "rows": found.rows,
        "counted": found.total,
        "groups": [
            {
                "group": each.name,
                "rows": each.rows,
                "counted": each.counted,
                "encoded": each.encoded,
                "leftOut": each.left_out,
                "missing": each.missing,
            }
            for each in found.groups
        ],
        "missing": [{"id": each.id, "line": each.line} for each in found.missing],
        "leftOut": [
            {
                "id": each.row.id,
                "line": each.row.line,
                "omission": each.omission,
                "reason": each.reason,
            }
            for each in found.left_out
        ],
        "both": [{"id": each.id, "line": each.line} for each in found.both],
        "repeated": [{"id": each.id, "line": each.line} for each in found.repeated],
        "unknown": [
            {
                "notation": each.notation,
                "thing": each.thing,
                "file": each.at.file,
                "line": each.at.line,
                "didYouMean": list(each.meant),
            }
            for each in found.unknown
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
