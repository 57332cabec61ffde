"""Changes to the text of one block: a value replaced, a property taken out or put in.

Each function gives the text after one change and leaves every other character where it is. New
lines are written as those around them: their indent, and the place of the semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guidegraph.turtle.layout import STEP, WIDTH
from guidegraph.turtle.tree import Block, Entry, Node

_LINE_END = re.compile(r"\r\n|\r|\n")
_EXPONENT = re.compile(r"[eE][-+]?[0-9]+\Z")
"""With a full stop right after it, the parser takes ``1e3.`` for one broken number."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A block or a part whose properties are changed: where they begin and where they end."""

    text: str
    entries: tuple[Entry, ...]
    opened: int
    close: int
    is_block: bool
    newline: str

    @classmethod
    def of(cls, block: Block, node: Node | None, newline: str) -> Holder:
        """The block itself, or a part inside it."""
        if node is None:
            start, end = block.subject.end, block.close
            return cls(block.text, block.entries, start, end, True, newline)
        return cls(block.text, node.entries, node.start + 1, node.end - 1, False, newline)

    def between(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.text[start:end]

    def has_break(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets."""
        return bool(_LINE_END.search(self.text, start, end))


def replaced(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Values or names in other words; a space where two words would grow together."""
    for start, end, new in sorted(edits, reverse=True):
        before, after = text[:start], text[end:]
        if before and not before[-1].isspace() and before[-1] not in "[(,;^":
            new = " " + new
        text = before + new + gap(new, after) + after
    return text


def gap(word: str, after: str) -> str:
    """The space that must stand between a word and what comes after it."""
    if not after or after[0].isspace() or after[0] in ",;])":
        return ""
    ends_line = after[0] == "." and (len(after) == 1 or after[1].isspace())
    return "" if ends_line and not _EXPONENT.search(word) else " "


def line_start(text: str, offset: int) -> int:
    """Where the line begins in which an offset lies."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line ends in which an offset lies, before the sign that ends it."""
    found = _LINE_END.search(text, offset)
    return found.start() if found else len(text)


def cut(text: str, start: int, end: int) -> str:
    """The text without what stands there; a line on which nothing else stands goes with it."""
    first, last = line_start(text, start), line_end(text, end)
    before, after = text[first:start], text[end:last]
    if not before.strip() and (not after.strip() or after.lstrip().startswith("#")):
        if last < len(text):
            following = _LINE_END.match(text, last)
            return text[:first] + text[following.end() if following else last :]
        return re.sub(r"(?:\r\n|\r|\n)\Z", "", text[:first])
    if not after.strip():
        return text[:start].rstrip(" \t") + text[end:]
    return text[:start] + text[end:].lstrip(" \t")


# ---- values of one property ----------------------------------------------------------------


def without_value(text: str, entry: Entry, position: int) -> str:
    """One value of several taken out, with one comma."""
    one = entry.objects[position]
    if position:
        start, end = entry.objects[position - 1].end, one.end
        comma = entry.commas[position - 1]
    else:
        start, end = one.start, entry.objects[1].start
        comma = entry.commas[0]
    if "#" not in text[min(one.end, start) : max(one.start, start)] + text[one.end : end]:
        return text[:start] + text[end:]
    first, second = sorted(((one.start, one.end), (comma, comma + 1)), reverse=True)
    return cut(cut(text, *first), *second)


def with_value(holder: Holder, entry: Entry, written: str) -> str:
    """One more value after the last."""
    text, end = holder.text, entry.end
    between = " , "
    if len(entry.objects) > 1:
        style = text[entry.objects[-2].end : entry.objects[-1].start]
        between = style if not style.replace(",", "", 1).strip() else between
    if between == " , " and _column(text, end) + len(written) + 5 > WIDTH:
        between = " ," + holder.newline + " " * (_indent(text, entry.start) + STEP)
    return text[:end] + between + written + gap(written, text[end:]) + text[end:]


def _column(text: str, offset: int) -> int:
    return offset - line_start(text, offset)


def _indent(text: str, offset: int) -> int:
    line = text[line_start(text, offset) : offset]
    return len(line) - len(line.lstrip())


# ---- a property taken out --------------------------------------------------------------------


def without_entry(holder: Holder, position: int) -> str:
    """One property of several taken out, with its semicolon."""
    text, entry = holder.text, holder.entries[position]
    if entry.semicolons:
        return cut(text, entry.start, entry.semicolons[-1] + 1)
    before = holder.entries[position - 1]
    first = before.semicolons[0]
    aside = text[before.end : entry.start]
    if "#" in aside and (not holder.is_block or _has_lonely_comment(text, first, entry.start)):
        return cut(text, entry.start, entry.end)
    if not holder.is_block or holder.has_break(entry.end, holder.close):
        return text[: before.end] + text[entry.end :]
    rest = cut(text, entry.start, holder.close + 1)
    for semicolon in reversed(before.semicolons[1:]):
        rest = cut(rest, semicolon, semicolon + 1)
    return rest[:first] + "." + rest[first + 1 :]


def _has_lonely_comment(text: str, start: int, end: int) -> bool:
    """Whether a comment stands on a line of its own between two properties."""
    return "#" in text[min(line_end(text, start), end) : end]


# ---- a property put in -------------------------------------------------------------------------


def with_entry(holder: Holder, position: int, verb: str, values: list[str]) -> str:
    """One more property before the one that now has this position, or after the last."""
    layout = _Style(holder)
    words = layout.words(verb, values)
    if position == 0:
        return _before_first(holder, layout, words)
    before = holder.entries[position - 1]
    if layout.leads:
        return _with_leading(holder, before, words)
    if before.semicolons:
        return _after_semicolon(holder, position, layout, words)
    return _after_last(holder, layout, words)


class _Style:
    """How the properties of a holder are written: in lines or in a row, and the semicolons."""

    def __init__(self, holder: Holder) -> None:
        text, entries = holder.text, holder.entries
        self.holder = holder
        own = [
            each for each in entries if not text[line_start(text, each.start) : each.start].strip()
        ]
        self.in_lines = bool(own) or (holder.is_block and len(entries) == 1)
        indent = _indent(text, own[0].start if own else holder.opened)
        self.margin = holder.newline + (
            text[line_start(text, own[0].start) : own[0].start] if own else " " * (indent + STEP)
        )
        spaces = [text[each.end : each.semicolons[0]] for each in entries if each.semicolons]
        self.leads = any(_LINE_END.search(each) for each in spaces[:1]) and "#" not in "".join(
            spaces
        )
        self.stop = " ;" if not spaces or spaces[0].strip(" ") or spaces[0] else ";"

    def words(self, verb: str, values: list[str]) -> str:
        """The property with its values, on one line where it has room."""
        inline = f"{verb} {' , '.join(values)}"
        if not self.in_lines or len(values) == 1 or len(self.margin + inline) + 2 <= WIDTH:
            return inline
        return f"{verb} " + f" ,{self.margin}{' ' * STEP}".join(values)


def _before_first(holder: Holder, style: _Style, words: str) -> str:
    text, first = holder.text, holder.entries[0]
    if holder.is_block and holder.has_break(holder.opened, first.start):
        return text[: holder.opened] + f" {words}{style.stop}" + text[holder.opened :]
    between = style.margin if style.in_lines else " "
    new = f"{words}{style.stop}{between}"
    gap = "" if text[first.start - 1].isspace() else " "
    return text[: first.start] + gap + new + text[first.start :]


def _with_leading(holder: Holder, before: Entry, words: str) -> str:
    text = holder.text
    model = next(each for each in holder.entries if each.semicolons)
    start = line_start(text, model.semicolons[0])
    margin = holder.newline + text[start : model.semicolons[0]]
    following = before.semicolons[0] if before.semicolons else holder.close
    broken = holder.has_break(before.end, following)
    at = line_end(text, before.end) if broken else before.end
    return text[:at] + f"{margin}; {words}" + ("" if broken else " ") + text[at:]


def _after_semicolon(holder: Holder, position: int, style: _Style, words: str) -> str:
    text, entries = holder.text, holder.entries
    last = entries[position - 1].semicolons[-1]
    following = entries[position].start if position < len(entries) else holder.close
    new = f"{words}{style.stop}"
    if holder.has_break(last, following):
        at = line_end(text, last)
        return text[:at] + style.margin + new + text[at:]
    margin = style.margin if style.in_lines and position == len(entries) else " "
    gap = "" if text[last + 1 : last + 2].isspace() else " "
    return text[: last + 1] + margin + new + gap + text[last + 1 :]


def _after_last(holder: Holder, style: _Style, words: str) -> str:
    text, end = holder.text, holder.entries[-1].end
    margin = style.margin if style.in_lines else " "
    if holder.has_break(end, holder.close):
        at = line_end(text, end)
        margin = style.margin if "#" in text[end:at] else margin
        return text[:end] + style.stop + text[end:at] + margin + words + text[at:]
    if holder.is_block and style.in_lines:
        space = text[end : holder.close] or gap(words, ".")
        ended = text[: holder.close] + ";" + text[holder.close + 1 :]
        return ended + style.margin + words + space + "."
    return text[:end] + style.stop + margin + words + gap(words, text[end:]) + text[end:]
