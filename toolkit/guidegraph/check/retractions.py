"""A list of retractions: a CSV file of DOI, status and date, as libraries and journals give it.

Whoever keeps the list saves it from a spreadsheet, so commas, semicolons and tabs separate its
columns, a byte order mark may begin it and more columns may stand beside the three. A line that
cannot be read is reported where it stands; the others count.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from guidegraph import doi
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.read import display
from guidegraph.suggestion import did_you_mean
from guidegraph.wording import plural

COLUMNS = ("doi", "status", "date")
STATUSES = {
    "retracted": "Retracted",
    "retraction": "Retracted",
    "withdrawn": "Withdrawn",
    "withdrawal": "Withdrawn",
    "expression of concern": "ExpressionOfConcern",
    "corrected": "Corrected",
    "correction": "Corrected",
}
"""What may stand in the column of the status, in small letters, and the status it means."""
SHOWN = ("retracted", "withdrawn", "expression of concern", "corrected")
LIMIT = 256 * 1024 * 1024
"""Bytes of the largest list that is read."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SEPARATOR = re.compile(r'"?sep=.?"?', re.IGNORECASE)
_WHY = "A line that is not understood could be the retraction of a paper this guideline rests on."


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the list. ``on`` is the date as written, empty where it cannot be one."""

    doi: str
    status: str
    on: str
    at: Location


def read_retractions(path: Path) -> tuple[tuple[Notice, ...], tuple[Diagnostic, ...]]:
    """The notices of a list, and what is wrong with its lines."""
    reader = _Reader(display(path))
    return tuple(reader.notices(path)), tuple(reader.findings)


@dataclass(slots=True)
class _Reader:
    """Reads one list; ``file`` is its name as shown."""

    file: str
    findings: list[Diagnostic] = field(default_factory=list)

    def notices(self, path: Path) -> Iterator[Notice]:
        """Every notice that can be used."""
        lines = self._lines(path)
        if lines is None:
            return
        places = _places(lines)
        if places is None:
            self._report("V101", 1, "This list is empty.", "Check that the right file is named.")
            return
        start, separator, header = places
        at = self._columns(start + 1, header)
        if at is None:
            return
        for number, row in self._rows(lines[start + 1 :], separator, start + 1):
            if notice := self._notice(number, row, at, len(header)):
                yield notice

    def _lines(self, path: Path) -> list[str] | None:
        """The lines of the file; those that are not UTF-8 are reported and left empty."""
        try:
            with path.open("rb") as file:
                data = file.read(LIMIT + 1)
        except OSError as fault:
            self._report(
                "V101", 1, f"This list cannot be read: {fault.strerror}.", "Check the file."
            )
            return None
        if len(data) > LIMIT:
            self._report("V101", 1, "This list is too large to be read.", "Split the file.")
            return None
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._report(
                "V101", 1, "This list is saved as UTF-16, not as UTF-8.", "Save it as CSV UTF-8."
            )
            return None
        lines = []
        for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(True), 1):
            try:
                lines.append(line.decode())
            except UnicodeDecodeError:
                self._report(
                    "V101", number, "This line is not UTF-8 text.", "Save the list as CSV UTF-8."
                )
                lines.append("\n")
        return lines

    def _columns(self, number: int, header: Sequence[str]) -> tuple[int, ...] | None:
        """Where doi, status and date stand; None (and a report) if one is not there."""
        names = [each.strip().casefold() for each in header]
        if any(doi.normalised(each) for each in header):
            self._report(
                "V102",
                number,
                "This list has no header: its first line is a publication.",
                "Write the names of the columns in the first line: doi,status,date.",
            )
            return None
        for each in COLUMNS:
            if names.count(each) != 1:
                missing = each not in names
                others = [name for name in names if name and name not in COLUMNS]
                near = did_you_mean(each, others, " ") if missing else ""
                self._report(
                    "V102",
                    number,
                    f"This list has {'no column' if missing else 'several columns'} `{each}`.",
                    f"Name the columns in the first line: doi,status,date. {near}".strip(),
                )
        if any(names.count(each) != 1 for each in COLUMNS):
            return None
        return tuple(names.index(each) for each in COLUMNS)

    def _rows(
        self, lines: list[str], separator: str, before: int
    ) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds something, with the number of the line on which it begins.

        After a row that cannot be read, such as one whose quotes are never closed, reading begins
        again with the next line, so that no line is swallowed.
        """
        start = 0
        while start < len(lines):
            reader = csv.reader(lines[start:], delimiter=separator, strict=True)
            begun = 0
            try:
                for row in reader:
                    if any(each.strip() for each in row):
                        yield before + start + begun + 1, row
                    begun = reader.line_num
            except csv.Error as fault:
                self._report(
                    "V103",
                    before + start + begun + 1,
                    f"This row cannot be read: {fault}.",
                    'Close the double quotes; within them, write a double quote as "".',
                )
            start += begun + 1

    def _notice(
        self, number: int, row: list[str], at: tuple[int, ...], width: int
    ) -> Notice | None:
        while len(row) > width and not row[-1].strip():
            row.pop()
        if len(row) > width or len(row) <= max(at):
            self._report(
                "V103",
                number,
                f"This row has {plural(len(row), 'field')}, and the header has {width}.",
                "Put a field that holds the separator into double quotes; write empty fields, too.",
            )
            return None
        given, status, on = (row[each].strip() for each in at)
        found, meant = doi.normalised(given), STATUSES.get(_folded(status))
        if found is None:
            self._report(
                "V104",
                number,
                f'"{given}" is not a DOI.' if given else "This row has no DOI.",
                'Write it as "10.1111/jth.14817"; "doi:" or "https://doi.org/" may stand before.',
            )
        if meant is None:
            self._report(
                "V105",
                number,
                f'"{status}" is not a status of a publication.'
                if status
                else "This row has no status.",
                did_you_mean(status, SHOWN, f"Use one of: {', '.join(SHOWN)}."),
            )
        if not _is_date(on):
            self._report(
                "V106",
                number,
                f'"{on}" is not a date.' if on else "This row has no date.",
                "Write year, month and day: 2026-11-21. The rest of the row is used all the same.",
            )
            on = ""
        if found is None or meant is None:
            return None
        return Notice(found, meant, on, Location(self.file, number))

    def _report(self, code: str, line: int, message: str, advice: str) -> None:
        self.findings.append(
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=message,
                at=Location(self.file, line),
                why=_WHY,
                help=advice,
            )
        )


def _places(lines: list[str]) -> tuple[int, str, list[str]] | None:
    """Where the header stands (counted from 0), what separates columns, and their names."""
    for place, line in enumerate(lines):
        if not line.strip(" \t\r\n,;") or _SEPARATOR.fullmatch(line.strip()):
            continue
        ways = [(each, _split(line, each)) for each in ",;\t"]
        known = [len({name.strip().casefold() for name in row} & set(COLUMNS)) for _, row in ways]
        widths = [len(row) for _, row in ways]
        best = max(range(len(ways)), key=lambda each: (known[each], widths[each], -each))
        return place, *ways[best]
    return None


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a field of the header that is longer than any name
        return [line]


def _folded(status: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", status).casefold().split())


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
