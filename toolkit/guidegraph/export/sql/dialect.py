"""What differs between DuckDB and Spark: how a string is written. All else is said alike."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from guidegraph.export.words import clean

WIDTH = 100

_WORDS = """
all analyse analyze and anti any array as asc asof asymmetric at authorization between binary
both by case cast check collate collation column columns concurrently constraint create cross
current_catalog current_date current_role current_schema current_time current_timestamp
current_user default deferrable desc describe distinct do else end escape except exists false
fetch filter for foreign freeze from full generated glob grant group having ilike in initially
inner intersect into is isnull join lambda lateral leading left like limit localtime
localtimestamp map minus natural not notnull null offset on only or order outer overlaps
percentile_cont percentile_disc pivot pivot_longer pivot_wider placing positional primary
qualify recursive references returning right row select semi session_user set show similar some
sql straight_join struct summarize symmetric table tablesample then time to trailing treat true
try_cast tuple union unique unknown unpack unpivot user using values variadic verbose when where
window with within
"""
RESERVED = frozenset(_WORDS.split())
"""Words that are no plain column name in one of the two dialects."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine: the word for it in file names, its name for people, and its strings."""

    name: str
    title: str
    literal: Callable[[str], str]


def duckdb_literal(text: str) -> str:
    """Text as a DuckDB string; what cannot be seen is put in by its number."""
    parts: list[str] = []
    for hidden, run in groupby(text, lambda each: not each.isprintable()):
        if hidden:
            parts += [f"chr({ord(each)})" for each in run]
        else:
            parts.append("'" + "".join(run).replace("'", "''") + "'")
    if not parts:
        return "''"
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def spark_literal(text: str) -> str:
    """Text as a Spark string; what cannot be seen, and ``$`` (a variable of Spark), is escaped."""
    return "'" + "".join(map(_spark_character, text)) + "'"


def _spark_character(each: str) -> str:
    if each in "'\\":
        return "\\" + each
    if each.isprintable() and each != "$":
        return each
    return f"\\U{ord(each):08x}" if ord(each) > 0xFFFF else f"\\u{ord(each):04x}"


def comment(text: str, indent: str = "", hang: str = "  ", width: int = WIDTH) -> Iterator[str]:
    """Text as comment lines that nothing in it can end, continue or fill in.

    Spark reads on after a backslash at the end of a comment, and puts a value where ``${name}``
    stands, also in a comment.
    """
    start = f"{indent}-- "
    harmless = clean(text).replace("${", "$ {")
    lines = textwrap.wrap(
        harmless,
        width,
        initial_indent=start,
        subsequent_indent=start + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        yield f"{line} ." if line.endswith("\\") else line
