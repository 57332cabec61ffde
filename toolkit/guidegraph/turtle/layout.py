"""The canonical form of a Turtle file: what ``guidegraph fmt`` writes.

* Blocks, directives and comments stay in the order in which the author has them; one blank line
  stands between blocks.
* ``a`` comes first and stands beside the subject; every other property has a line of its own, in
  the author's order. Nothing is merged, and no value is spelled in another way.
* Values stand on one line where it has room for them, else each on its own.
* What does not fit on one line in brackets keeps the author's lines inside them; of these, one that
  is too long goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.turtle.document import Document
from guidegraph.turtle.remarks import Group, Remark, Remarked, Unit, is_bracketed, remarked, remarks
from guidegraph.turtle.tokens import comments, tokens
from guidegraph.turtle.tree import Block, Directive, Entry, Gap, Node
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Part

WIDTH = 100
"""Columns of a line, unless one value alone is longer."""

STEP = 2
"""Columns by which what belongs to something is set in."""

_LINE_END = re.compile(r"\r\n|\r|\n")


def formatted(document: Document) -> str:
    """The same file in canonical form."""
    mark = "\ufeff" if document.text.startswith("\ufeff") else ""
    found = tuple(_items(document))
    lines: list[str] = []
    for position, item in enumerate(found):
        if position and _is_blank_before(found, position):
            lines.append("")
        lines += item.lines
    newline = document.newline
    return mark + newline.join(lines) + newline if lines else mark


def block_text(block: Block, newline: str) -> str:
    """One block in canonical form."""
    return newline.join(_Layout(block).lines())


# ---- between blocks ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """A block, a directive or a line of comment, and whether the author has a blank line above."""

    kind: type[Block | Directive | Gap]
    lines: list[str]
    has_blank: bool


def _items(document: Document) -> Iterator[_Item]:
    blank = False
    for piece in document.pieces:
        if isinstance(piece, Gap):
            *lines, last = _LINE_END.split(piece.text.removeprefix("\ufeff"))
            for number, line in enumerate([*lines, last]):
                if text := line.strip():
                    yield _Item(Gap, [text], blank)
                    blank = False
                elif 0 < number < len(lines):
                    blank = True
        else:
            lines = _Layout(piece).lines() if isinstance(piece, Block) else [_directive(piece)]
            yield _Item(type(piece), lines, blank)
            blank = False


def _is_blank_before(found: tuple[_Item, ...], position: int) -> bool:
    before, item = found[position - 1], found[position]
    if before.kind is Block:
        return True
    if item.kind is Block and before.kind is Directive:
        return True
    if item.kind is Gap and before.kind is Directive and _stands_above_block(found, position):
        return True
    return item.has_blank


def _stands_above_block(found: tuple[_Item, ...], position: int) -> bool:
    for item in found[position + 1 :]:
        if item.has_blank or item.kind is not Gap:
            return item.kind is Block and not item.has_blank
    return False


def _directive(piece: Directive) -> str:
    found = tuple(comments(piece.text))
    if any(each.start < piece.close for each in found):
        return piece.text.rstrip()
    words = [each.text for each in tokens(piece.text)]
    return " ".join(words) + "".join(_comment(each.text) for each in found)


# ---- inside a block ------------------------------------------------------------------------


class _Layout:
    """Lays one block out."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.text = block.text
        self.remarks: tuple[Remark, ...] = remarks(block.text)

    def lines(self) -> list[str]:
        """The lines of the block."""
        block = self.block
        lines = self._node(block.subject, "", 0, "")
        held = self._held(block)
        last = next((each.text for each in self.remarks if each.start > block.close), "")
        if not held.groups:
            lines[-1] += _comment(held.opening) if held.opening or held.tail else " ."
            if held.opening or held.tail:
                lines += [" " * STEP + each for each in (*held.tail, ".")]
            lines[-1] += _comment(last)
            return lines
        first_verb = held.groups[0][0]
        is_beside = (
            first_verb is not None
            and first_verb.node.value == Iri(RDF_TYPE)
            and not (held.opening or first_verb.above)
        )
        if not is_beside:
            lines[-1] += _comment(held.opening)
        ends_apart = bool(held.tail) or bool(last and held.groups[-1][1][-1].after)
        for number, (verb, units) in enumerate(held.groups):
            is_last = number == len(held.groups) - 1
            end = " ." if is_last and not ends_apart else " ;"
            assert verb is not None
            lead = lines.pop() + " " if is_beside and not number else " " * STEP
            lines += [" " * STEP + each for each in verb.above]
            lines += self._entry(verb, units, lead, STEP, end)
        if ends_apart:
            lines += [" " * STEP + each for each in held.tail]
            lines.append(" " * STEP + ".")
        lines[-1] += _comment(last)
        return lines

    def _held(self, holder: Block | Node) -> Remarked:
        held = remarked(holder, self.remarks)
        held.groups.sort(key=lambda group: not (group[0] and group[0].node.value == Iri(RDF_TYPE)))
        return held

    def _entry(self, verb: Unit, units: list[Unit], lead: str, indent: int, end: str) -> list[str]:
        """A property with its values; ``end`` follows the last of them."""
        after = _comment(units[-1].after)
        begin = lead + self._verb(verb.node)
        inline = self._entry_inline(verb, units)
        if inline is not None:
            line = lead + inline + end
            if len(line) <= WIDTH or (len(units) == 1 and not is_bracketed(units[0].node)):
                return [line + after]
        apart = [verb.after, units[0].above, *((u.above or u.after) for u in units[:-1])]
        if not any([*apart, units[-1].above]) and self._is_hugged(units, begin, indent):
            lines = [begin + " "]
            for unit, following in zip(units, [*units[1:], None], strict=True):
                close = f" , {self.text[following.node.start]}" if following else end
                lines += self._brackets(unit.node, lines.pop(), indent, close)
                if following:
                    lines[-1] = lines[-1][:-1]
            lines[-1] += after
            return lines
        inner = indent + STEP
        is_beside = not (verb.after or units[0].above)
        lines = [begin + " "] if is_beside else [begin + _comment(verb.after)]
        for number, unit in enumerate(units):
            lines += [" " * inner + each for each in unit.above]
            before = lines.pop() if is_beside and not number else " " * inner
            close = " ," if number < len(units) - 1 else end
            lines += self._node(unit.node, before, inner, close)
            lines[-1] += _comment(unit.after)
        return lines

    def _entry_inline(self, verb: Unit, units: list[Unit]) -> str | None:
        if verb.after or units[0].above or any(u.above for u in units):
            return None
        if any(unit.after for unit in units[:-1]):
            return None
        values = [self._inline(each.node) for each in units]
        if any(each is None for each in values):
            return None
        return f"{self._verb(verb.node)} {' , '.join(map(str, values))}"

    def _is_hugged(self, units: list[Unit], begin: str, indent: int) -> bool:
        """Whether the values follow one another as ``[`` lines ``] , [`` lines ``]``."""
        if not all(is_bracketed(each.node) for each in units):
            return False
        if len(units) == 1:
            return True
        leads = [begin + " ", *[" " * (indent + STEP)] * (len(units) - 1)]
        inline = [self._inline(each.node) for each in units]
        return any(
            text is None or len(lead + text) + 2 > WIDTH
            for lead, text in zip(leads, inline, strict=True)
        )

    def _node(self, node: Node, lead: str, indent: int, end: str) -> list[str]:
        """A value after ``lead``; ``end`` follows it."""
        if not is_bracketed(node):
            return [lead + self._written(node) + end]
        inline = self._inline(node)
        if inline is not None and len(lead + inline + end) <= WIDTH:
            return [lead + inline + end]
        return self._brackets(node, lead, indent, end)

    def _brackets(self, node: Node, lead: str, indent: int, end: str) -> list[str]:
        """A part or a sequence over several lines."""
        opening, closing = ("[", "]") if isinstance(node.value, Part) else ("(", ")")
        held = self._held(node)
        inner = " " * (indent + STEP)
        between = " ;" if node.entries else ""
        if not held.groups:
            lines = [lead + opening + _comment(held.opening)]
            if not (held.opening or held.tail):
                return [lead + opening + closing + end]
            return [*lines, *(inner + each for each in held.tail), " " * indent + closing + end]
        ends_apart = bool(held.tail or held.groups[-1][1][-1].after)
        lines = [lead + opening + _comment(held.opening)]
        runs = self._runs(node, held)
        for number, run in enumerate(runs):
            is_last = number == len(runs) - 1
            close = f" {closing}{end}" if is_last and not ends_apart else between
            lines += self._run(run, indent + STEP, close, between)
        if ends_apart:
            lines += [inner + each for each in held.tail]
            lines.append(" " * indent + closing + end)
        return lines

    def _runs(self, node: Node, held: Remarked) -> list[list[Group]]:
        """What the author has on one line inside brackets."""
        runs: list[list[Group]] = []
        inside: tuple[Entry | Node, ...] = node.entries or node.members
        ends = [node.start + 1, *(each.end for each in inside)]
        breaks = {
            each.start
            for end, each in zip(ends, inside, strict=False)
            if _LINE_END.search(self.text, end, each.start)
        }
        for verb, units in held.groups:
            head = verb or units[0]
            is_apart = head.node.start in breaks or bool(head.above)
            if runs and not is_apart and not runs[-1][-1][1][-1].after:
                runs[-1].append((verb, units))
            else:
                runs.append([(verb, units)])
        return runs

    def _run(self, run: list[Group], indent: int, end: str, between: str) -> list[str]:
        """One line of the author's, or several where it has no room or a comment stands inside."""
        margin = " " * indent
        lines: list[str] = []
        is_open = False
        for number, (verb, units) in enumerate(run):
            close = end if number == len(run) - 1 else between
            inline = self._group_inline(verb, units)
            if inline is not None and is_open and len(f"{lines[-1]} {inline}{close}") <= WIDTH:
                lines[-1] += f" {inline}{close}{_comment(units[-1].after)}"
                continue
            group = self._group(verb, units, margin, indent, close)
            lines += [*(margin + each for each in (verb or units[0]).above), *group]
            is_open = inline is not None and len(group) == 1
        return lines

    def _group(
        self, verb: Unit | None, units: list[Unit], lead: str, indent: int, end: str
    ) -> list[str]:
        if verb:
            return self._entry(verb, units, lead, indent, end)
        lines = self._node(units[0].node, lead, indent, end)
        lines[-1] += _comment(units[0].after)
        return lines

    def _group_inline(self, verb: Unit | None, units: list[Unit]) -> str | None:
        return self._entry_inline(verb, units) if verb else self._inline(units[0].node)

    def _inline(self, node: Node) -> str | None:
        """A value on one line; None where a comment or a line end inside it forbids that."""
        if not is_bracketed(node):
            text = self._written(node)
            return None if _LINE_END.search(text) else text
        if any(node.start < each.start < node.end for each in self.remarks):
            return None
        held = self._held(node)
        if isinstance(node.value, Part):
            opening, closing, between = "[", "]", " ; "
        else:
            opening, closing, between = "(", ")", " "
        inside = [self._group_inline(verb, units) for verb, units in held.groups]
        if any(each is None for each in inside):
            return None
        return (
            f"{opening} {between.join(map(str, inside))} {closing}" if inside else opening + closing
        )

    def _written(self, node: Node) -> str:
        """A name, a number or words as the author writes them."""
        text = self.text[node.start : node.end]
        if isinstance(node.value, Literal) and node.value.datatype and text[0] in "\"'":
            if any(sign in text for sign in (" ", "\t", "\n", "\r", "#")):
                return "".join(each.text for each in tokens(text))
            return text
        return text

    def _verb(self, node: Node) -> str:
        return "a" if node.value == Iri(RDF_TYPE) else self._written(node)


def _comment(text: str) -> str:
    return f"  {text}" if text else ""
