"""The forms in which a book leaves and comes back: XLSX, ODS, and a folder of CSV files."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from guidegraph.errors import UsageError
from guidegraph.sheet.book import Book
from guidegraph.sheet.faults import not_installed
from guidegraph.sheet.incoming import RawBook
from guidegraph.sheet.scene import Scene

XLSX, ODS = ".xlsx", ".ods"
_LIBRARIES = {
    XLSX: ("openpyxl", "openpyxl", "XLSX workbooks can be neither written nor read", "edit"),
    ODS: ("odf", "odfpy", "ODS workbooks cannot be written", "ods"),
}
"""What is imported for a type, its package, what cannot be without it, and the extra with it."""


def need_library(suffix: str) -> None:
    """A ``UsageError`` where the library for a type of workbook is missing."""
    if suffix not in _LIBRARIES:
        return
    module, package, lost, extra = _LIBRARIES[suffix]
    is_blocked = module in sys.modules and sys.modules[module] is None
    if is_blocked or find_spec(module) is None:
        raise UsageError([not_installed(package, lost, extra)])


def files_of(target: Path, book: Book, scene: Scene) -> dict[Path, bytes]:
    """The file of a book by its type, or the files of a folder."""
    suffix = target.suffix.lower()
    if suffix == XLSX:
        from guidegraph.sheet import excel, pages

        return {target: excel.written(pages.laid_out(book, scene))}
    if suffix == ODS:
        from guidegraph.sheet import opendocument, pages

        return {target: opendocument.written(pages.laid_out(book, scene))}
    from guidegraph.sheet import comma

    return {target / name: data for name, data in comma.files_of(book).items()}


def opened(path: Path) -> RawBook:
    """What a workbook or a folder of CSV files holds; a ``UsageError`` where it cannot be read.

    ODS files are read without a library; whatever is neither must be XLSX, or it is said.
    """
    if path.is_dir():
        from guidegraph.sheet import comma

        return comma.opened(path)
    if path.suffix.lower() == ODS:
        from guidegraph.sheet import content

        return content.opened(path)
    from guidegraph.sheet import incoming

    need_library(XLSX)
    return incoming.opened(path)
