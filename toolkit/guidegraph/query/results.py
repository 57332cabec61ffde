"""Answers: what came out of a query, and its forms as table, CSV and JSON.

Values are exact; the graph store writes a number in its shortest exact form (1.50 as 1.5). How a
source printed a number stands in ``gg:reportedText``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

Kind = Literal["iri", "literal", "blank"]
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset((_XSD + "integer", _XSD + "decimal"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. ``display`` is for people (``d:REC-1``), ``value`` is complete and exact."""

    kind: Kind
    value: str
    display: str
    datatype: str | None = None
    language: str | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: numbers by value, everything else by its words with numbers in their order."""
        number = _number(self.value) if self.datatype in _NUMBERS else None
        if number is not None:
            return (0, number, "")
        if self.kind == "blank":
            return (2, Decimal(0), "")
        parts = re.split(r"(\d+)", self.display)
        return (1, Decimal(0), tuple((p.zfill(12) if p.isdigit() else p.lower()) for p in parts))

    def to_json(self) -> dict[str, str]:
        """The value as in SPARQL 1.1 Query Results JSON."""
        names = {"iri": "uri", "literal": "literal", "blank": "bnode"}
        told = {"type": names[self.kind], "value": self.value}
        if self.language:
            told["xml:lang"] = self.language
        elif self.datatype:
            told["datatype"] = self.datatype
        return told


def _number(text: str) -> Decimal | None:
    """The value of a number; None where a literal is only said to be one."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


Row = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a query answers.

    ``form`` is "select", "ask" or "graph"; an ASK has no columns and its answer in ``truth``, a
    graph has the columns subject, predicate and object. ``cut`` says that rows were left out
    because there were more than asked for.
    """

    form: Literal["select", "ask", "graph"]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    truth: bool | None = None
    cut: bool = False

    def __len__(self) -> int:
        return len(self.rows)


def in_stable_order(rows: list[Row]) -> list[Row]:
    """Rows sorted by what they show, so that equal questions get equal answers."""

    def key(row: Row) -> tuple[tuple[object, ...], ...]:
        return tuple((-1, Decimal(0), "") if cell is None else cell.order for cell in row)

    def exact(row: Row) -> tuple[tuple[str, str], ...]:
        return tuple(
            ("", "") if cell is None or cell.kind == "blank" else (cell.value, cell.language or "")
            for cell in row
        )

    return sorted(sorted(rows, key=exact), key=key)


def to_json(result: Result) -> str:
    """SPARQL 1.1 Query Results JSON."""
    told: dict[str, object]
    if result.form == "ask":
        told = {"head": {}, "boolean": result.truth}
    else:
        bindings = [
            {
                name: cell.to_json()
                for name, cell in zip(result.columns, row, strict=True)
                if cell is not None
            }
            for row in result.rows
        ]
        told = {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def to_csv(result: Result) -> str:
    """SPARQL 1.1 Query Results CSV (RFC 4180): complete values, exactly as they are.

    Nothing is added to values that begin with ``=``, ``+``, ``-`` or ``@``; import the columns as
    text if the file is opened in a spreadsheet.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if result.form == "ask":
        writer.writerows((["answer"], [_yes_no(result)]))
        return out.getvalue()
    writer.writerow(result.columns)
    for row in result.rows:
        writer.writerow(["" if cell is None else cell.value for cell in row])
    return out.getvalue()


def to_table(result: Result) -> str:
    """An aligned table; a graph as N-Triples, one statement a line."""
    if result.form == "ask":
        return _yes_no(result) + "\n"
    if result.form == "graph":
        return "".join(f"{' '.join(_turtle(c) for c in row if c)} .\n" for row in result.rows)
    lines = [list(result.columns), *([_visible(cell) for cell in row] for row in result.rows)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(result.columns))]
    rule = ["─" * width for width in widths]
    return "".join(_aligned(line, widths) for line in (lines[0], rule, *lines[1:]))


FORMS = {"table": to_table, "csv": to_csv, "json": to_json}


def _yes_no(result: Result) -> str:
    return "true" if result.truth else "false"


def _aligned(line: list[str], widths: list[int]) -> str:
    cells = (each + " " * (width - _width(each)) for each, width in zip(line, widths, strict=True))
    return "  ".join(cells).rstrip() + "\n"


def _visible(cell: Cell | None) -> str:
    """What a cell shows on one line; nothing in it can steer a terminal."""
    if cell is None:
        return ""
    return "".join(_sign(each) for each in cell.display)


def _sign(sign: str) -> str:
    if sign == "\n":
        return "␤"
    return "�" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign


def _width(text: str) -> int:
    """Columns a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _turtle(cell: Cell) -> str:
    """A value in N-Triples."""
    if cell.kind == "iri":
        return f"<{cell.value}>"
    if cell.kind == "blank":
        return f"_:{cell.value}"
    quoted = json.dumps(cell.value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if cell.language:
        return f"{quoted}@{cell.language}"
    return f"{quoted}^^<{cell.datatype}>" if cell.datatype else quoted
