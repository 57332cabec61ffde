"""What stands between blocks when a block comes or goes: blank lines and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from guidegraph.turtle.tree import Block, Gap, Piece

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_HEADING = re.compile(r"#+\s*[-=~*_─═]{2}")
"""A comment that heads a section (``# ---- limits ----``) and so belongs to no single block."""


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces with neighbouring gaps made one, and no empty ones."""
    found: list[Piece] = []
    for each in pieces:
        if isinstance(each, Gap) and found and isinstance(found[-1], Gap):
            found[-1] = Gap(found[-1].text + each.text)
        elif each.text:
            found.append(each)
    return tuple(found)


def apart(
    pieces: tuple[Piece, ...], position: int, block: Block, newline: str
) -> tuple[Piece, ...]:
    """Another block at a place; where its neighbours touched the old one, a space stands now.

    Where a comment ends the block, what followed it on its line stands on the next.
    """
    before, after = pieces[:position], pieces[position + 1 :]
    first = Gap(" " if before and not isinstance(before[-1], Gap) else "")
    last = Gap(" " if after and not isinstance(after[0], Gap) else "")
    if "#" in block.text[block.close + 1 :] and after and not _LINE_END.match(after[0].text):
        last = Gap(newline)
    return joined([*before, first, block, last, *after])


def with_block(
    pieces: tuple[Piece, ...], place: int, block: Piece, newline: str
) -> tuple[Piece, ...]:
    """One more block at a place, with a blank line on both sides."""
    before, after = pieces[:place], pieces[place:]
    lead = newline * _ends_missing("".join(each.text for each in before[-2:]))
    rest = "".join(each.text for each in after[:1]) if after and isinstance(after[0], Gap) else ""
    ends = len(_LINE_END.findall(rest[: len(rest) - len(rest.lstrip())]))
    has_more = len(after) > 1 or bool(after and "".join(each.text for each in after).strip())
    trail = newline * max(0, (2 if has_more else 1) - ends)
    return joined([*before, Gap(lead), block, Gap(trail), *after])


def _ends_missing(before: str) -> int:
    """How many line ends it takes until a blank line stands before what follows."""
    text = before.removeprefix("\ufeff")
    if not text.strip():
        return 0 if not text or _LINE_END.search(text[-1]) else 1
    return max(0, 2 - len(_LINE_END.findall(text[len(text.rstrip()) :])))


def without_block(pieces: tuple[Piece, ...], position: int) -> tuple[Piece, ...]:
    """The pieces without a block, its comments directly above, and one of its blank lines."""
    above = pieces[position - 1] if position else Gap("")
    below = pieces[position + 1] if position + 1 < len(pieces) else Gap("")
    first = position - 1 if isinstance(above, Gap) and position else position
    last = position + 2 if isinstance(below, Gap) else position + 1
    before = above.text if isinstance(above, Gap) else ""
    after = below.text if isinstance(below, Gap) else ""
    is_start, is_end = first <= 0, last >= len(pieces)
    text = _closed(before, after, is_start, is_end)
    return joined([*pieces[:first], Gap(text), *pieces[last:]])


def _closed(before: str, after: str, is_start: bool, is_end: bool) -> str:
    lines = _LINE.findall(before)
    starts_line = not lines or _is_ended(lines[-1]) or (len(lines) > 1 and not lines[-1].strip())
    if lines and not lines[-1].strip() and not _is_ended(lines[-1]):
        lines.pop()
    starts_line = starts_line and (bool(lines) or is_start)
    if not (starts_line and (_LINE_END.match(after.lstrip(" \t")) or is_end)):
        return before + after
    lines = _without_comments_above(lines, is_start)
    rest = _LINE.findall(after)[1:]
    while rest and not rest[0].strip() and (is_end or _ends_blank(lines, is_start)):
        rest.pop(0)
    if is_end and not rest:
        while len(lines) > (0 if is_start else 1) and not lines[-1].strip():
            lines.pop()
    return "".join([*lines, *rest])


def _without_comments_above(lines: list[str], is_start: bool) -> list[str]:
    kept = list(lines)
    first = 0 if is_start else 1
    while (
        len(kept) > first
        and kept[-1].lstrip().startswith("#")
        and not _HEADING.match(kept[-1].lstrip())
    ):
        kept.pop()
    is_header = is_start and not kept
    return lines if is_header else kept


def _ends_blank(lines: list[str], is_start: bool) -> bool:
    if not lines:
        return is_start
    return not lines[-1].strip() and (len(lines) > 1 or is_start)


def _is_ended(line: str) -> bool:
    return line.endswith(("\n", "\r"))
