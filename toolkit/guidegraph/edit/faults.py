"""What can go wrong while people edit, in words: the findings G1xx."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.read import display

_RELOAD = "Open the editor at the address that was printed when it was started."


def fault(
    code: str,
    message: str,
    hint: str,
    why: str | None = None,
    severity: Severity = Severity.ERROR,
    subject: str | None = None,
) -> Diagnostic:
    """A finding of the editor."""
    return Diagnostic(
        code=code, severity=severity, message=message, why=why, help=hint, subject=subject
    )


# ---- requests --------------------------------------------------------------------------------


def stranger(message: str, why: str, hint: str = _RELOAD) -> Diagnostic:
    """G101: a request that does not come from the editor's own pages."""
    return fault("G101", message, hint, why)


def unreadable(message: str, hint: str) -> Diagnostic:
    """G102: a request that is no request to the editor."""
    return fault("G102", message, hint)


def outdated() -> Diagnostic:
    """G103: a page that shows an older state of the draft."""
    return fault(
        "G103",
        "This page shows an older state: something was changed since, perhaps in another window.",
        "Load the page again, and make the change on what it shows then.",
        "Nothing of this change was made, so that nothing you do not see is overwritten.",
    )


# ---- drafts ----------------------------------------------------------------------------------


def cut_off(lines: int) -> Diagnostic:
    """G104: a line of the draft that is only half there."""
    return fault(
        "G104",
        "The last step of the draft was cut off while it was written down, and is left out.",
        "Look at the list of changes; make the last one again if it is missing.",
        "The computer or the editor stopped in the middle of it. No step is lost of which the "
        f"editor had said that it was made: {lines} of them were found.",
        Severity.WARNING,
    )


def damaged(kept: Path) -> Diagnostic:
    """G116: a draft of which more than the last line is not as it was written."""
    return fault(
        "G116",
        "The draft is damaged, or was made by another version of guidegraph.",
        f"It is kept in `{display(kept)}`; what can be read in it are the changes, one in a line.",
        "The editor begins without it, because steps that were made on a lost one mean nothing.",
    )


def not_kept(path: Path, stop: OSError) -> Diagnostic:
    """G105: a step that cannot be written down."""
    reason = (stop.strerror or str(stop) or "unknown reason").rstrip(".")
    return fault(
        "G105",
        f"The change cannot be kept: `{display(path)}`: {reason}.",
        "Look how much room the disk has and who may write there, and make the change again.",
        "A change that is not written down would be lost with the next power cut, so it was not "
        "made. What was changed before is safe.",
    )


def occupied(folder: Path, owner: str, address: str) -> Diagnostic:
    """G106: somebody edits this folder already."""
    where = f" at {address}" if address else ""
    return fault(
        "G106",
        f"An editor for `{display(folder)}` is open already{where} ({owner}).",
        "Use that one; its full address stands in the window in which it was started. Or end it "
        "there with Ctrl-C.",
        "Two editors would keep two drafts of the same files.",
    )


def no_place(message: str, hint: str) -> Diagnostic:
    """G107: no address at which the editor can listen."""
    return fault("G107", message, hint)


# ---- changes ---------------------------------------------------------------------------------


def nothing(message: str, hint: str) -> Diagnostic:
    """G108: there is nothing to undo, to redo or to save."""
    return fault("G108", message, hint)


def fixed(what: str, files: Iterable[str]) -> Diagnostic:
    """G108: something saved that others have worked on since."""
    named = ", ".join(f"`{each}`" for each in files)
    return fault(
        "G108",
        f"What was saved cannot be undone any more: {what}.",
        "Look at what it is now, and change it by hand where it should be as it was.",
        f"Somebody else changed {named} since, and would not expect that it changes again.",
    )


def unknown(message: str, hint: str) -> Diagnostic:
    """G109: a thing, a class or a place that is not there."""
    return fault("G109", message, hint)


def unsaid(message: str, hint: str) -> Diagnostic:
    """G110: something that must be said and is not."""
    return fault("G110", message, hint)


# ---- saving ----------------------------------------------------------------------------------


def unsettled(found: Iterable[str]) -> Diagnostic:
    """G111: changes on both sides that nobody has settled."""
    named = ", ".join(found)
    return fault(
        "G111",
        f"Somebody else changed the same: {named}.",
        "Choose for each whether yours or theirs holds, and save again.",
        "Your changes are kept as a draft, and the files are as the others left them.",
    )


def not_committed(reason: str, hint: str) -> Diagnostic:
    """G112: the files are saved, and git did not take them."""
    return fault(
        "G112",
        f"The files are saved, but not committed to git: {reason}.",
        hint,
        "Saving does not depend on git.",
        Severity.WARNING,
    )


def saved_after_all() -> Diagnostic:
    """G115: a saving that was cut off and is finished now."""
    return fault(
        "G115",
        "A saving had been cut off, and was finished now.",
        "Look at what is saved; nothing of it has to be done again.",
        "The editor or the computer had stopped in the middle of it.",
        Severity.NOTE,
    )


def unusable_branch(name: str, why: str) -> Diagnostic:
    """G113: a name that no branch can have."""
    return fault(
        "G113",
        f"`{name}` cannot be the branch for these changes: {why}.",
        "Choose another name, such as `edit/strong-rise`, or leave it empty: one is made.",
        "Nothing was saved.",
    )


def still_named(files: Iterable[str], old: str = "") -> Diagnostic:
    """G114: files that speak of a thing by its old name and are not rewritten."""
    listed = ", ".join(f"`{each}`" for each in files)
    what = f"`{old}`" if old else "something by its old name"
    return fault(
        "G114",
        f"Some files still speak of {what}: {listed}.",
        "Look at them, and write the new name where this thing is meant.",
        "Only Turtle files, `cases.yaml` and questions (`.rq`) are rewritten, and only where the "
        "name stands by itself.",
        Severity.WARNING,
        old or None,
    )
