"""What DuckDB refuses, as findings: a file that it cannot read, and what this machine lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from guidegraph.cohort.faults import fault
from guidegraph.diagnostic import Diagnostic, Location

SHOWN = 300
"""How much of a line is told."""


def refusal(error: Exception, first: Path, output: Path) -> Diagnostic:
    """What DuckDB could not do, in its words.

    ``first`` is the file it is about where it names none; ``output`` the folder of the results.
    """
    import duckdb

    lines = [each.strip()[:SHOWN] for each in str(error).splitlines() if each.strip()]
    said = lines[0] if lines else type(error).__name__
    if isinstance(error, duckdb.OutOfMemoryException):
        message = "There is not enough memory to decide about this cohort."
        help_ = "Give it more with --memory, and see that the disk has room for what does not fit."
        return fault("K101", message, Location(str(first), 1), f"{said}.", help_)
    if isinstance(error, duckdb.IOException) and f".{output.name}-" in str(error):
        message = "The results cannot be written."
        help_ = "Make room, or name a folder on another disk with --output."
        inner = re.search(r'"exception_message":"(.*)","errno"', str(error))
        why = inner[1].replace('\\"', "`") if inner else said
        return fault("K101", message, Location(str(output), 1), f"{why}.", help_)
    return _unreadable(lines, said, first)


def _unreadable(lines: Sequence[str], said: str, first: Path) -> Diagnostic:
    """A file that is no table: the line, and what is wrong with it."""
    named = next((each.partition("= ")[2] for each in lines if each.startswith("file = ")), "")
    path = Path(named or first)
    number = next((each.rpartition(" ")[2] for each in lines if "Line:" in each), "1")
    line = int(number) if number.isdigit() else 1
    help_ = "Look at this line: has it as many values as there are columns, and do quotes match?"
    reasons = (each for each in lines[1:] if not each.startswith("Original Line"))
    reason = next(reasons, "") if "CSV Error" in said else ""
    if "state machine" in said and (other := _other_ending(path)):
        line, reason = other, "This line ends in another way than the first (LF, CR LF)."
        help_ = "Write the file again with the same end of line everywhere."
    elif "No files found" in said:
        help_ = "Was it removed while it was read?"
    return fault(
        "K101", f"The data cannot be read: {said}", Location(str(path), line), reason or None, help_
    )


def _other_ending(path: Path) -> int | None:
    """The first line that does not end as the first line does."""
    with path.open("rb") as file:
        ending = file.readline()[-2:] == b"\r\n"
        for number, line in enumerate(file, 2):
            if line.endswith(b"\n") and (line[-2:] == b"\r\n") != ending:
                return number
    return None
