"""What is said when the graph does not fit the model."""

from __future__ import annotations

from collections.abc import Sequence

from guidegraph.diagnostic import Diagnostic, Location, Severity


def headers(several: Sequence[Location], folder: str) -> Diagnostic:
    """No guideline in ``folder``, or more than one (``several`` holds where they are)."""
    many = len(several) > 1
    what = "several guidelines" if many else "no guideline"
    return Diagnostic(
        code="F101",
        severity=Severity.ERROR,
        message=f"The folder `{folder}` describes {what}.",
        at=several[1] if many else None,
        why="A guideline folder holds exactly one thing of class gg:Guideline: its header.",
        help="Keep one header, or put the other guideline into a folder of its own."
        if many
        else "Add a header; `guidegraph new DIR` writes a small guideline to start from.",
    )


def several_kinds(name: str, kinds: Sequence[str], at: Location) -> Diagnostic:
    """A thing has classes that exclude each other."""
    return Diagnostic(
        code="F103",
        severity=Severity.ERROR,
        message=f"`{name}` is said to be several things at once: {', '.join(kinds)}.",
        at=at,
        why="One thing has one kind; otherwise nobody knows which rules hold for it.",
        help="Keep the class that is meant, or describe two things.",
        subject=name,
    )


def unusable_name(name: str, at: Location) -> Diagnostic:
    """A local name that cannot stand in patient files, file names and addresses."""
    return Diagnostic(
        code="F104",
        severity=Severity.ERROR,
        message=f"`{name}` cannot be used as a name.",
        at=at,
        why="Patient files, cases, commands and page addresses speak of things by what follows the "
        "namespace.",
        help="Use letters, digits, hyphens, underscores and full stops only.",
        subject=name,
    )


def unfit(name: str, term: str, shown: str, trouble: str, at: Location) -> Diagnostic:
    """A value does not have the form its property needs; ``trouble`` says how."""
    return Diagnostic(
        code="F105",
        severity=Severity.ERROR,
        message=f"{term} of `{name}`: `{shown}` {trouble}.",
        at=at,
        why="The value does not have the form this property needs.",
        help="See the property's definition in the ontology.",
        subject=name,
    )


def several_values(name: str, term: str, places: Sequence[Location]) -> Diagnostic:
    """A property that can hold one value has several."""
    return Diagnostic(
        code="F106",
        severity=Severity.ERROR,
        message=f"`{name}` has {len(places)} values of {term}, which can only have one.",
        at=places[1],
        why="Nobody could say which of them is meant, so none is chosen silently.",
        help="Keep the value that is meant.",
        subject=name,
        related=((places[0], "the first value is here"),),
    )
