"""What can be wrong with columns of patients, in words: the findings M1xx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from guidegraph.batch.columns import Mask
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.errors import ReadError, UsageError
from guidegraph.suggestion import did_you_mean
from guidegraph.wording import plural


@dataclass(slots=True)
class Faults:
    """Collects what makes some patients' data unknown; what makes a column useless is raised."""

    found: list[Diagnostic] = field(default_factory=list)

    def unusable(self, code: str, name: str, where: Mask, what: str, why: str, hint: str) -> None:
        """A warning about the rows of a column whose data are unknown therefore; none if none."""
        count = int(np.count_nonzero(where))
        if count:
            first = int(np.argmax(where))
            rows = plural(count, "row")
            self.found.append(
                Diagnostic(
                    code=code,
                    severity=Severity.WARNING,
                    message=f"Column `{name}` {what} in {rows}, first in row {first + 1}; "
                    "it is taken as unknown there.",
                    at=_at(name, first),
                    why=why,
                    help=hint,
                    subject=name,
                )
            )


def refuse(code: str, name: str, message: str, hint: str, *, why: str | None = None) -> NoReturn:
    """Stop because of a column.

    Raises:
        ReadError: always.
    """
    raise ReadError(
        [
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message,
                at=Location(f"column {name}", 1),
                why=why,
                help=hint,
                subject=name,
            )
        ]
    )


def refuse_row(
    code: str, name: str, row: int, message: str, hint: str, *, why: str | None = None
) -> NoReturn:
    """Stop because of one value; rows are counted from 1.

    Raises:
        ReadError: always.
    """
    text = f"Column `{name}`, row {row + 1}: {message}"
    finding = Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=text,
        at=_at(name, row),
        why=why,
        help=hint,
        subject=name,
    )
    raise ReadError([finding])


def refuse_argument(name: str, value: object, wanted: str, hint: str) -> NoReturn:
    """M103: an argument that is of another kind than wanted; of a table only its kind is told.

    Raises:
        UsageError: always.
    """
    is_told = name != "columns"
    shown = f"`{value!r:.60}`" if is_told else f"of the type {type(value).__name__}"
    message = f"`{name}` is {shown}, not {wanted}."
    raise UsageError([Diagnostic(code="M103", severity=Severity.ERROR, message=message, help=hint)])


def refuse_names(names: Iterable[str], known: Iterable[str]) -> None:
    """M101: columns that are no input of the guideline.

    Raises:
        UsageError: if there are any.
    """
    expected = tuple(known)
    found = [
        Diagnostic(
            code="M101",
            severity=Severity.ERROR,
            message=f"The guideline has no input `{name}`, so nothing is decided.",
            at=Location(f"column {name}", 1),
            why="If the name is misspelt, what it holds would silently be unknown of everybody.",
            help=f"{did_you_mean(name, expected)} Name columns that are something else in "
            "`ignore`.",
        )
        for name in names
        if name not in expected
    ]
    if found:
        raise UsageError(found)


def without(package: str, what: str, extra: str) -> UsageError:
    """M110: an optional package that is asked for and not there."""
    return UsageError(
        [
            Diagnostic(
                code="M110",
                severity=Severity.ERROR,
                message=f"{what} needs {package}, which is not installed.",
                help=f"{extra}; everything else works without it.",
            )
        ]
    )


def _at(name: str, row: int) -> Location:
    return Location(f"column {name}", row + 1)
