"""The words of Python for a flat program. Unknown is ``None``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from guidegraph.export.flat import Syntax
from guidegraph.export.flat.steps import Is, Pick, Window
from guidegraph.export.flat.syntax import WIDTH, Pieces


class PythonSyntax(Syntax):
    """Conditional expressions, with ``is`` wherever an answer is asked for."""

    indent = "    "
    comment = "#"
    signs = {"and": "and", "or": "or", "=": "=="}  # noqa: RUF012
    truths = {True: "True", False: "False", None: "None"}  # noqa: RUF012
    tuple_ends = ("(", ")")

    def assignment(self, local: str, pieces: Pieces, indent: str) -> Iterator[str]:
        """``local = value``, in brackets where it does not fit on a line."""
        whole = f"{indent}{local} = {' '.join(pieces)}"
        if len(whole) <= WIDTH:
            yield whole
            return
        yield f"{indent}{local} = ("
        inner = indent + self.indent
        line = inner + pieces[0]
        for piece in pieces[1:]:
            if piece.startswith(("if ", "else ")) or len(line) + len(piece) >= WIDTH:
                yield line
                line = inner + piece
            else:
                line += f" {piece}"
        yield line
        yield f"{indent})"

    def choice(self, cases: Sequence[tuple[Pieces, Pieces]], otherwise: Pieces) -> Iterator[str]:
        """``value if test else otherwise``."""
        start = ""
        for test, value in cases:
            yield start + value[0]
            yield from value[1:]
            yield f"if {test[0]}"
            yield from test[1:]
            start = "else "
        yield start + otherwise[0]
        yield from otherwise[1:]

    def asked(self, test: Is) -> str:
        """``local is answer``; a plain local holds exactly if it is true."""
        if test.answer is True and test.is_so:
            return test.local
        return f"{test.local} is {'' if test.is_so else 'not '}{test.answer}"

    def empty(self, local: str) -> str:
        """``not local``: of a list that is empty or None."""
        return f"not {local}"

    def points(self, test: Is, count: int) -> str:
        """A test is 1 or 0."""
        asked = f"({test.local} is {'' if test.is_so else 'not '}{test.answer})"
        return asked if count == 1 else f"{count} * {asked}"

    def opposite(self, local: str) -> str:
        """``not local``."""
        return f"not {local}"

    def window(self, window: Window) -> str:
        """A list comprehension."""
        low = "" if window.low is None else f"{window.low} <= "
        high = "" if window.high is None else f" <= {window.high}"
        test = f" if {low}minute{high}" if low or high else ""
        return f"[value for minute, value in {window.series}{test}]"

    def picked(self, pick: Pick) -> str:
        """An element or a built-in function."""
        match pick.fn:
            case "first":
                return f"{pick.values}[0]"
            case "last":
                return f"{pick.values}[-1]"
            case "count":
                return f"len({pick.values})"
            case "run":
                return f"_rising_run({pick.values})"
            case _:
                return f"{pick.fn}({pick.values})"

    def member(self, local: str, codes: Sequence[str]) -> Pieces:
        """``==`` with one code, else ``in``."""
        if len(codes) == 1:
            return (f"{local} == {codes[0]}",)
        return (f"{local} in ({', '.join(codes)})",)

    def status(self, guard: str, effective: str) -> str:
        """A look into a table."""
        if guard == effective:
            return f"_PLAIN_STATUS[{guard}]"
        return f"_STATUS[{guard}][{effective}]"

    def check(self, name: str, declared: Mapping[str, Any]) -> str:
        """A fact of the dictionary ``known`` is None, or of the very type and within its limits."""
        unknown = f"(v := known[{self.quoted(name)}]) is None"
        form = f"or {self._form(name, declared)}"
        line = f"({unknown} {form})"
        if len(line) <= WIDTH - len("        and "):
            return line
        return "\n".join(["(", f"            {unknown}", f"            {form}", "        )"])

    def _form(self, name: str, declared: Mapping[str, Any]) -> str:
        largest = declared.get("largest")
        match declared["kind"]:
            case "boolean":
                return "type(v) is bool"
            case "code":
                return f'type(v) is str and v in INPUTS[{self.quoted(name)}]["codes"]'
            case "series":
                return f"type(v) is list and _misfit(v, {largest or 'LARGEST'}) is None"
            case _:
                limits = f"-{largest} <= v <= {largest}" if largest else "-(2**53) < v < 2**53"
                return f"type(v) is int and {limits}"

    def prose(self, text: str) -> str:
        """Text that may stand inside a docstring."""
        return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')

    def quoted(self, text: str) -> str:
        """A string with double quotes; what cannot be seen is escaped."""
        written = json.dumps(text, ensure_ascii=False)
        return "".join(each if each.isprintable() else _escaped(each) for each in written)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
