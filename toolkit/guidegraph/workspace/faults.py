"""What can go wrong with a folder that is edited, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read.folder import display

if TYPE_CHECKING:
    from guidegraph.workspace.stale import Underneath

_KEPT = "Nothing was changed in the folder, and what was to be saved is still where it was made."


def reason(fault: OSError) -> str:
    """Why the operating system refused."""
    return (fault.strerror or str(fault) or "unknown reason").rstrip(".")


def stale(folder: Path, files: Iterable[Underneath], also: Iterable[str]) -> Iterator[Diagnostic]:
    """W201: files that are no longer as they were when the changes were made."""
    names = tuple(also)
    why = "Saving would have undone what somebody else did, so nothing was saved."
    if names:
        why += f" Changed on both sides: {', '.join(names)}."
    for each in files:
        gone = each.theirs is None
        yield Diagnostic(
            code="W201",
            severity=Severity.ERROR,
            message=f"`{each.file}` was {'removed' if gone else 'changed'} since it was opened.",
            at=Location(display(folder / each.file), each.line),
            why=why,
            help="Look at what changed underneath, and make the change again on top of it.",
        )


def locked(folder: Path, owner: str, since: str) -> Diagnostic:
    """W202: another program is saving."""
    return Diagnostic(
        code="W202",
        severity=Severity.ERROR,
        message=f"Another program is saving in `{display(folder)}` ({owner}, since {since}).",
        why="Two savings at the same time would mix their files. " + _KEPT,
        help="Try again in a moment. If it lasts, look what that program is doing, and end it.",
    )


def unlockable(folder: Path, fault: OSError) -> Diagnostic:
    """W202: the folder cannot be locked at all."""
    return Diagnostic(
        code="W202",
        severity=Severity.ERROR,
        message=f"`{display(folder)}` cannot be locked for saving: {reason(fault)}.",
        why="Without a lock two savings at the same time could mix their files. " + _KEPT,
        help="Look at who may write in the folder; some network drives know no locks at all.",
    )


def not_saved(path: Path, fault: OSError) -> Diagnostic:
    """W203: nothing could be written."""
    return Diagnostic(
        code="W203",
        severity=Severity.ERROR,
        message=f"`{display(path)}` cannot be saved: {reason(fault)}.",
        at=Location(display(path), 1) if path.suffix else None,
        why=_KEPT,
        help="Look at who may write there and how much room the disk has, and save again.",
    )


def unfinished(journal: Path, fault: OSError) -> Diagnostic:
    """W204: some files are written, others not yet."""
    path = Path(fault.filename) if isinstance(fault.filename, str) else journal
    return Diagnostic(
        code="W204",
        severity=Severity.ERROR,
        message=f"Saving could not be finished: `{display(path)}`: {reason(fault)}.",
        why="Some files have their new text, others not yet. Nothing is lost: all new texts are "
        f"in `{display(journal)}`.",
        help="Remove the cause and open the folder again: the saving is finished then.",
    )


def set_aside(folder: Path, states: Mapping[str, str], kept: Path) -> Diagnostic:
    """W205: a saving was cut off, and files changed before it could be finished."""

    def named(state: str) -> str:
        return ", ".join(f"`{each}`" for each, is_now in states.items() if is_now == state)

    told = [
        words.format(found)
        for state, words in (
            ("after", "{} already had the new text."),
            ("before", "{} did not have it yet."),
            ("other", "{} changed since, and was left as it is."),
        )
        if (found := named(state))
    ]
    return Diagnostic(
        code="W205",
        severity=Severity.ERROR,
        message=f"A saving in `{display(folder)}` was cut off and cannot be finished any more.",
        why=" ".join(told) or "It was made by another version of guidegraph.",
        help=f"Compare the files with the texts kept in `{display(kept)}`, correct them by hand, "
        "and remove that file. The folder can be edited again.",
    )


def outside(folder: Path, file: str) -> Diagnostic:
    """W206: a file that leads out of the folder."""
    return Diagnostic(
        code="W206",
        severity=Severity.ERROR,
        message=f"`{file}` leads out of the folder `{display(folder)}`.",
        at=Location(display(folder / file), 1),
        why="Only files of the guideline itself are written. " + _KEPT,
        help="Put the file itself in the place of the link.",
    )


def taken(iri: str, at: Location) -> Diagnostic:
    """W003: a name that is in use in some file."""
    return Diagnostic(
        code="W003",
        severity=Severity.ERROR,
        message=f"There is a thing of this name already: <{iri}>.",
        at=at,
        why="Two things with one name would become one.",
        help="Choose another name.",
    )


def classless(iri: str) -> Diagnostic:
    """W003: a new thing that belongs to no file."""
    return Diagnostic(
        code="W003",
        severity=Severity.ERROR,
        message=f"It is not said of which class the new thing <{iri}> is.",
        why="A new thing stands in the file in which most things of its class stand.",
        help="Say of which class it is.",
    )
