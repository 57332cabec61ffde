"""What ends a query while it runs, and what can be wrong with a store, in words."""

from __future__ import annotations

from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.query.named import NamedQuery
from guidegraph.read.folder import display


def _fault(code: str, message: str, why: str, hint: str, query: NamedQuery | None) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=query.at() if query else None,
        why=why,
        help=hint,
    )


# ---- limits ----------------------------------------------------------------------------------


def too_long(query: NamedQuery, seconds: int) -> Diagnostic:
    """Q011: no answer in time."""
    return _fault(
        "Q011",
        f"The query was stopped: it had no answer after {seconds} s.",
        "Patterns that share no variable are combined each with each, which grows without end.",
        "Connect the patterns by a variable, add a LIMIT, or allow more time (--timeout).",
        query,
    )


def ended(query: NamedQuery) -> Diagnostic:
    """Q012: the process that answered it is gone."""
    return _fault(
        "Q012",
        "The query cannot be carried out.",
        "The process that answered it ended early, perhaps because the query is nested too deeply.",
        "Write it in a simpler way, or in several queries.",
        query,
    )


def too_large(query: NamedQuery, megabytes: int) -> Diagnostic:
    """Q014: no memory left."""
    return _fault(
        "Q014",
        f"The query was stopped: it needs more than {megabytes} MB of memory.",
        "To sort, group or tell rows apart, all of them are held at once.",
        "Connect the patterns by a variable, ask for less, or allow more memory (--memory).",
        query,
    )


def too_many(query: NamedQuery, rows: int) -> Diagnostic:
    """Q015: more rows than an answer may have."""
    return _fault(
        "Q015",
        f"The answer has more than {rows} rows, so that nothing of it is sent.",
        "A part of an answer looks like a whole one: whatever is counted in it would be wrong.",
        "Ask for less, take it in pieces (ORDER BY with LIMIT and OFFSET), or allow more (--rows).",
        query,
    )


def too_long_an_answer(query: NamedQuery, megabytes: int) -> Diagnostic:
    """Q015: an answer of few rows that are very long."""
    return _fault(
        "Q015",
        f"The answer is longer than {megabytes} MB, so that nothing of it is sent.",
        "A part of an answer looks like a whole one: whatever is counted in it would be wrong.",
        "Ask for less, or take it in pieces (ORDER BY with LIMIT and OFFSET).",
        query,
    )


# ---- stores ----------------------------------------------------------------------------------


def foreign(folder: Path) -> Diagnostic:
    """Q021: a folder that holds other things."""
    return _fault(
        "Q021",
        f"{display(folder)} is not a store of guidegraph, and it is not empty.",
        "A store is rebuilt whenever it is out of date; what others keep there could be lost.",
        "Name a folder that is empty or does not exist yet.",
        None,
    )


def damaged(folder: Path) -> Diagnostic:
    """Q022: a store that was not what was written."""
    return Diagnostic(
        code="Q022",
        severity=Severity.NOTE,
        message=f"The store {display(folder)} was damaged and has been built again.",
        why="Its files are not those that were written. A store is made from the files of the "
        "guideline, so nothing is lost.",
        help="Nothing is to be done. If it happens again, look at the disk.",
    )


def occupied(folder: Path) -> Diagnostic:
    """Q023: somebody else is building it."""
    return _fault(
        "Q023",
        f"The store {display(folder)} is in use: another process is building it.",
        "Two that write into one store would damage it.",
        "Wait until the other has ended, or give another folder (--store).",
        None,
    )


def not_kept(folder: Path, stop: OSError) -> Diagnostic:
    """Q024: the disk does not take it, or does not give it back."""
    return _fault(
        "Q024",
        f"The store {display(folder)} cannot be used: {stop.strerror or stop}.",
        "The folder cannot be written or read.",
        "Check its rights and the space on the disk, or leave --store out.",
        None,
    )
