"""What can be wrong with a workbook or one of its cells, in words: the findings H1xx."""

from __future__ import annotations

from dataclasses import dataclass

from guidegraph.diagnostic import Diagnostic, Location, Severity

KEPT = "Nothing is written while one cell is refused or in conflict."
_WHOLE = "Nothing was read from it, and nothing was written."
_AGAIN = "Export a new workbook with `guidegraph sheet export`, and make the changes there."


@dataclass(frozen=True, slots=True, order=True)
class CellPlace(Location):
    """A cell of a sheet: ``book.xlsx:Thresholds!D14``; ``file`` is the book with the sheet."""

    def __str__(self) -> str:
        return f"{self.file}!{letters(self.column)}{self.line}" if self.column else self.file


def whole(file: str) -> CellPlace:
    """A workbook as a whole; it has no lines that could be shown."""
    return CellPlace(file, 0)


def letters(number: int) -> str:
    """The name of a column: 1 is ``A``, 27 is ``AA``."""
    told = ""
    while number:
        number, rest = divmod(number - 1, 26)
        told = chr(ord("A") + rest) + told
    return told


def _error(code: str, message: str, at: Location | None, why: str | None, help: str) -> Diagnostic:
    return Diagnostic(
        code=code, severity=Severity.ERROR, message=message, at=at, why=why, help=help
    )


# ---- the whole workbook ----------------------------------------------------------------------


def unreadable(file: str, reason: str, help: str) -> Diagnostic:
    """H101: no workbook that can be opened."""
    at = whole(file)
    return _error("H101", f"This cannot be read as a workbook: {reason}.", at, _WHOLE, help)


def too_large(file: str, reason: str) -> Diagnostic:
    """H102: more than a workbook of a guideline holds."""
    return _error(
        "H102",
        f"The workbook is too large to be opened: {reason}.",
        whole(file),
        "Small files can unfold into more than a computer holds. It was not opened, and nothing "
        "was written.",
        "Remove pictures, pasted data and formats of whole sheets, and save it again; or export a "
        "new workbook and make the changes there.",
    )


def active(file: str, what: str) -> Diagnostic:
    """H103: something that runs, or that is fetched from elsewhere."""
    return _error(
        "H103",
        f"The workbook holds {what}.",
        whole(file),
        "What runs or is fetched from elsewhere could change what the cells say. " + _WHOLE,
        "Save it as a plain workbook (XLSX or ODS) without them.",
    )


def foreign(file: str, reason: str) -> Diagnostic:
    """H104: a workbook that was not exported from this guideline, or no longer knows it."""
    return _error(
        "H104",
        f"This workbook cannot be compared with the guideline: {reason}.",
        whole(file),
        "Without what stood in it when it was exported, nobody can tell what was changed in it and "
        "what in the files.",
        _AGAIN,
    )


def absent(file: str, sheet: str, candidates: str) -> Diagnostic:
    """H105: a sheet that was exported and is gone."""
    told = f" Is it {candidates}?" if candidates else ""
    return _error(
        "H105",
        f"The sheet “{sheet}” is missing: it was removed or renamed.",
        whole(file),
        "A sheet that is not there would be rows that are to be deleted. " + KEPT,
        f"Put it back, or give it its old name.{told}",
    )


def added(file: str, sheet: str) -> Diagnostic:
    """H106: a sheet of somebody's own."""
    return Diagnostic(
        code="H106",
        severity=Severity.NOTE,
        message=f"The sheet “{sheet}” was added to the workbook; it is not imported.",
        at=CellPlace(f"{file}:{sheet}", 1),
        why="Only the sheets that were exported belong to the guideline.",
        help="What is to become part of the guideline must stand on one of these sheets.",
    )


# ---- columns and rows ------------------------------------------------------------------------


def no_headings(at: Location, headings: str) -> Diagnostic:
    """H107: the row of headings cannot be found."""
    return _error(
        "H107",
        f"The row with the headings ({headings}) is missing.",
        at,
        "The headings say what each column means; without them every cell would be a guess.",
        "Put the row of headings back above the first row, as it was exported.",
    )


def column_gone(at: Location, heading: str, candidates: str) -> Diagnostic:
    """H107: a column that was exported and is gone."""
    told = f" Is it {candidates}?" if candidates else ""
    return _error(
        "H107",
        f"The column “{heading}” is missing: it was removed or renamed.",
        at,
        "An empty column would take values away, and another heading may mean another thing.",
        f"Put the column back, or give it its old heading.{told}",
    )


def column_twice(at: Location, heading: str) -> Diagnostic:
    """H107: two columns with one heading."""
    return _error(
        "H107",
        f"There are two columns with the heading “{heading}”.",
        at,
        "They may say different things, and neither is more right than the other.",
        "Keep one of them.",
    )


def column_added(at: Location, heading: str) -> Diagnostic:
    """H107: a column that nobody exported."""
    told = f"the heading “{heading}”" if heading else "no heading"
    return _error(
        "H107",
        f"There is something in a column with {told}, which was not exported.",
        at,
        "Nobody can tell to what it belongs, and leaving it out would lose it.",
        "Move it into one of the columns, or onto a sheet of your own.",
    )


def merged(at: Location, area: str) -> Diagnostic:
    """H108: merged cells."""
    return _error(
        "H108",
        f"The cells {area} are merged.",
        at,
        "Merging keeps the words of one cell and loses the others, without saying so.",
        "Unmerge them, and look whether something was lost.",
    )


def row_twice(at: Location, name: str, first: Location) -> Diagnostic:
    """H109: two rows with one id."""
    return Diagnostic(
        code="H109",
        severity=Severity.ERROR,
        message=f"Two rows have the id of `{name}`.",
        at=at,
        why="A row was copied together with its hidden columns A and B, so it is not known which "
        "of the two is meant.",
        help="Delete one of them. For a new row, show the columns A and B and empty them there.",
        related=((first, "the other row"),),
    )


def row_unknown(at: Location, name: str) -> Diagnostic:
    """H109: an id that was not exported on this sheet."""
    return _error(
        "H109",
        f"The id of this row, `{name[:80]}`, was not exported on this sheet.",
        at,
        "The id in the hidden column A says which thing a row is about.",
        "Put the row back as it was. For a new row, empty the hidden columns A and B.",
    )


def row_mixed(at: Location, name: str) -> Diagnostic:
    """H109: id and state of different rows."""
    return _error(
        "H109",
        f"The hidden columns A and B of `{name}` no longer belong together.",
        at,
        "Cells were moved or sorted without the rest of their row, so what stands here may belong "
        "to another thing.",
        "Undo the sorting or moving; sort with the arrows in the headings, which move whole rows.",
    )


def row_gone(at: Location, name: str, label: str) -> Diagnostic:
    """H110: a row that was deleted."""
    return _error(
        "H110",
        f"The row of `{name}` ({label}) was deleted.",
        at,
        "Other things may refer to it, and published addresses must go on leading somewhere; a "
        "missing row may also be a slip. " + KEPT,
        "Put the row back. To retire it, use `guidegraph edit`, or put a gg:Withdrawn in its place "
        "in the files: it says why, and what came instead.",
    )


def cannot_make(at: Location, sheet: str, instead: str) -> Diagnostic:
    """H111: a new row on a sheet where none can be."""
    return _error(
        "H111",
        f"A new row on the sheet “{sheet}” cannot become part of the guideline.",
        at,
        "What stands here needs more than one row can say: its place among other things.",
        instead,
    )


# ---- cells -----------------------------------------------------------------------------------


def became_date(at: Location, before: str, now: str) -> Diagnostic:
    """H112: a date that nobody wrote."""
    told = f"“{before}” has become a date" if before else "This has become a date"
    return _error(
        "H112",
        f"{told} ({now}).",
        at,
        "Spreadsheets turn text such as 2-4 into a day and forget what was typed.",
        "Format the cell as text, and type it again. Dates are written as text: 2020-04-23.",
    )


def became_number(at: Location, before: str, now: str) -> Diagnostic:
    """H113: a number or another kind of value where text stands."""
    told = f"“{before}” has become {now}" if before else f"This has become {now}"
    return _error(
        "H113",
        f"{told}.",
        at,
        "Spreadsheets rewrite what looks like a number or a truth value and forget how it was "
        "typed: zeros, digits and signs may be lost.",
        "Format the cell as text, and type it again.",
    )


def formula(at: Location, told: str) -> Diagnostic:
    """H114: a formula, or what is left of one."""
    return _error(
        "H114",
        f"This cell holds {told}.",
        at,
        "Formulas are never worked out here: their result depends on other cells and programs.",
        "Replace it by the text or number that is meant.",
    )


def only_shown(at: Location, heading: str, why: str) -> Diagnostic:
    """H115: a cell that cannot be edited."""
    return _error(
        "H115",
        f"“{heading}” cannot be changed here.",
        at,
        why,
        "Put the old text back, and change it where it stands.",
    )


def conflict(at: Location, before: str, now: str, wanted: str) -> Diagnostic:
    """H116: changed here and in the files."""
    return _error(
        "H116",
        f"This was changed in the files as well: from {quoted(before)} to {quoted(now)}; the "
        f"workbook says {quoted(wanted)}.",
        at,
        "Both changes were made to the same value since the workbook was exported. " + KEPT,
        "Decide which holds. For the one in the files, write that into the cell; for the other, "
        "export a new workbook and change it there.",
    )


def thing_gone(at: Location, name: str) -> Diagnostic:
    """H116: changed here, and gone in the files."""
    return _error(
        "H116",
        f"`{name}` is no longer in the files; the workbook changes it.",
        at,
        "It was removed or renamed since the workbook was exported. " + KEPT,
        "Export a new workbook, and make the change where it belongs now.",
    )


def two_answers(at: Location, heading: str, other: Location) -> Diagnostic:
    """H117: one value in two cells, changed in two ways."""
    return Diagnostic(
        code="H117",
        severity=Severity.ERROR,
        message=f"“{heading}” of the same thing is changed in two cells, in two ways.",
        at=at,
        why=KEPT,
        help="Write the same into both.",
        related=((other, "the other cell"),),
    )


def quoted(text: str) -> str:
    """A text of a cell within a sentence."""
    one = " / ".join(text.split("\n"))
    return f"“{one[:100]}{'…' if len(one) > 100 else ''}”" if one else "nothing"


# ---- the installation, and where it is written -----------------------------------------------


def not_installed(package: str, what: str, extra: str) -> Diagnostic:
    """H118: the library for a type of workbook is missing."""
    return Diagnostic(
        code="H118",
        severity=Severity.ERROR,
        message=f"{package} is not installed, so {what}.",
        help=f'Install it: pip install "guidegraph[{extra}]". A folder of CSV files needs nothing: '
        "`guidegraph sheet export -o DIR/`.",
    )


def unwritten(file: str, reason: str, help: str) -> Diagnostic:
    """H119: the workbook could not be written."""
    return _error("H119", f"The workbook cannot be written: {reason}.", whole(file), None, help)
