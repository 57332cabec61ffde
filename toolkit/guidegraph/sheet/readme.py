"""The sheets that explain a workbook, in plain words, for people who edit it."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.sheet.book import Book
from guidegraph.sheet.columns import Column
from guidegraph.wording import plural

HEADINGS = ("Sheet", "Column", "What it means", "What may be written", "May be changed")

_WORDS = """\
How to use it
1|Change cells, save the workbook under the type it has (XLSX or ODS), and send it back.
2|Whoever keeps the files runs `guidegraph sheet import FILE --dry-run`. It lists every changed \
cell with the old and the new words, and every cell that cannot be taken as it is.
3|Nothing is written while one cell is refused or in conflict, so a slip here cannot harm the \
guideline. Cells that nobody changed stay exactly as they are in the files.

What you may do
•|Change any white or yellow cell. Grey cells only show what is edited elsewhere.
•|Sort and filter with the arrows in the headings; hide and move rows and columns; add colours.
•|Add a recommendation, limit, claim or study: write it into the first empty row.
•|Add sheets of your own for notes. They are not imported.

What you may not do
•|Delete rows or sheets. Say in a note what is to go: it is retired in the editor or the files.
•|Rename columns, merge cells, or copy whole rows together with their hidden columns A and B.
•|Write formulas. They are refused, and never worked out.

How to write
Numbers|In figures, the unit in the column beside it. Write 1500 or 0.5. What can be read in two \
ways (1.000 or 1,000) is asked about, never guessed.
Green corners|In Excel they say “number stored as text”. That is as it should be: leave them.
Dates|Year, month, day: 2020-04-23.
Lists|Cells with an arrow offer a list. Where several values may stand, write each on a line of \
its own (Alt+Enter; in LibreOffice Ctrl+Enter).
Words|Type them, or paste them without formatting. “(en)” is English, “(nl)” Dutch.
More columns|Columns in which nothing stands yet are folded away at the right; open them with \
the + above them. What each column means stands on the sheet “Columns”.
"""


def lines(book: Book) -> Iterator[tuple[str, str]]:
    """The lines of the read-me sheet: a word in front (or nothing), and what it says."""
    yield "", book.title
    yield "", "Read me first. This workbook holds the guideline for review and correction."
    yield "", ""
    for line in _WORDS.splitlines():
        word, _, told = line.partition("|")
        yield word, told
    yield "", ""
    yield "About this workbook", ""
    yield "Guideline", f"{book.title}, version {book.version or 'not stated'}"
    yield "Names", book.namespace
    yield "Made by", book.made_by
    yield "", ""
    yield "Sheets", ""
    for table in book.tables:
        yield table.name, f"{plural(len(table.rows), 'row')}. {table.title}"
    yield "", ""
    yield "Files", ""
    yield "", "The files from which it was made, each with its digest (SHA-256)."
    yield from book.files.items()


def explained(book: Book) -> Iterator[tuple[str, ...]]:
    """A line for each column of each sheet."""
    for table in book.tables:
        for each in table.columns:
            may = "no" if each.is_worked_out else "yes"
            yield (table.name, each.heading, each.help, may_stand(each), may)


def may_stand(column: Column) -> str:
    """What may be written into a column."""
    asks = column.asks
    if asks is None:
        return "Nothing: it is worked out."
    kind = (asks.datatypes or ("",))[0].rsplit("#", 1)[-1]
    words = {
        "decimal": "A number",
        "integer": "A whole number",
        "boolean": "yes or no",
        "date": "A date",
        "dateTime": "A date and time",
        "anyURI": "A web address",
    }
    if asks.choices:
        told = "One of the list"
    elif asks.names_things:
        told = "A name from the list" if asks.chosen_from else "A name or a web address"
    else:
        told = words.get(kind, "Words")
    if column.splits:
        told += "; several on a line each"
    needed = asks.required and (column.key.inner or column.key.language in (None, "en"))
    return f"{told}; needed." if needed else f"{told}."
