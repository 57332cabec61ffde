"""The words of JavaScript for a flat program. Unknown is ``null``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guidegraph.export.flat import Syntax
from guidegraph.export.flat.steps import Is, Pick, Window
from guidegraph.export.flat.syntax import WIDTH, Pieces

HELPERS = {"max": "highestOf", "min": "lowestOf", "run": "risingRun"}


class JavaScriptSyntax(Syntax):
    """Conditional expressions, with ``===`` wherever an answer is asked for.

    ``&&`` and ``||`` join only such questions, never answers.
    """

    indent = "  "
    comment = "//"
    signs = {"and": "&&", "or": "||", "=": "===", "!=": "!=="}  # noqa: RUF012
    truths = {True: "true", False: "false", None: "null"}  # noqa: RUF012
    tuple_ends = ("[", "]")

    def assignment(self, local: str, pieces: Pieces, indent: str) -> Iterator[str]:
        """``const local = value;``, with a line for each case where it does not fit on one."""
        whole = f"{indent}const {local} = {' '.join(pieces)};"
        if len(whole) <= WIDTH:
            yield whole
            return
        yield f"{indent}const {local} ="
        inner = indent + self.indent
        line = inner + pieces[0]
        for piece in pieces[1:]:
            if piece.startswith(": ") or len(line) + len(piece) >= WIDTH:
                yield line
                line = inner + piece
            else:
                line += f" {piece}"
        yield f"{line};"

    def choice(self, cases: Sequence[tuple[Pieces, Pieces]], otherwise: Pieces) -> Iterator[str]:
        """``test ? value : otherwise``."""
        start = ""
        for test, value in cases:
            yield start + test[0]
            yield from test[1:]
            yield f"? {value[0]}"
            yield from value[1:]
            start = ": "
        yield start + otherwise[0]
        yield from otherwise[1:]

    def asked(self, test: Is) -> str:
        """``local === answer``."""
        return f"{test.local} {'===' if test.is_so else '!=='} {self.truths[test.answer]}"

    def empty(self, local: str) -> str:
        """A list is null or has no elements."""
        return f"isEmpty({local})"

    def points(self, test: Is, count: int) -> str:
        """A conditional expression."""
        return f"({self.asked(test)} ? {count} : 0)"

    def opposite(self, local: str) -> str:
        """``!local``."""
        return f"!{local}"

    def window(self, window: Window) -> str:
        """A call of ``valuesWithin``."""
        low = "-Infinity" if window.low is None else window.low
        high = "Infinity" if window.high is None else window.high
        return f"valuesWithin({window.series}, {low}, {high})"

    def picked(self, pick: Pick) -> str:
        """An element, or a call of a function at the end of the module."""
        match pick.fn:
            case "first":
                return f"{pick.values}[0]"
            case "last":
                return f"{pick.values}[{pick.values}.length - 1]"
            case "count":
                return f"{pick.values}.length"
            case _:
                return f"{HELPERS[pick.fn]}({pick.values})"

    def member(self, local: str, codes: Sequence[str]) -> Pieces:
        """``===`` with each code."""
        if not codes:
            return ("false",)
        return self._joined("or", [f"{local} === {each}" for each in codes])

    def status(self, guard: str, effective: str) -> str:
        """A call of ``statusOf``."""
        return f"statusOf({guard})" if guard == effective else f"statusOf({guard}, {effective})"

    def check(self, name: str, declared: Mapping[str, Any]) -> str:
        """The local ``value`` is not of the very type or not within its limits (null never is)."""
        largest = declared.get("largest", "LARGEST")
        match declared["kind"]:
            case "boolean":
                return 'typeof value !== "boolean"'
            case "code":
                return f"!INPUTS[{self.quoted(name)}].codes.includes(value)"
            case "series":
                return f"!isSeries(value, {largest})"
            case _:
                return f"!isWhole(value, {largest})"

    def prose(self, text: str) -> str:
        """Lines after ``//``; that of the first stands in the template."""
        first, *rest = text.splitlines()
        lines = [first, *(f"// {line}".rstrip() for line in rest)]
        return self.harmless("\n".join(lines))

    def quoted(self, text: str) -> str:
        """A string with double quotes; what cannot be seen, or would end a script, is escaped."""
        written = json.dumps(text, ensure_ascii=False)
        shown = "".join(each if each.isprintable() else _escaped(each) for each in written)
        return self.harmless(shown)

    def key(self, text: str) -> str:
        """``"name"``; in brackets where the name alone would set the prototype."""
        return f"[{self.quoted(text)}]" if text == "__proto__" else self.quoted(text)

    def harmless(self, text: str) -> str:
        """Text that neither ends nor comments out a script element around it."""
        return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{{{code:x}}}" if code > 0xFFFF else f"\\u{code:04x}"
