"""For lack of which data a recommendation is open: a view of masks over the view of columns.

A datum is lacking where it is unknown and so is every condition between it and the recommendation:
what an unknown datum cannot change, because something known has already decided, is not named.
Masks are whole numbers with a bit for each datum, ``WORD`` data to a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guidegraph.export.base import ExportInput
from guidegraph.export.names import Names
from guidegraph.export.sql.dialect import Dialect
from guidegraph.export.sql.exporter import logic_of, views
from guidegraph.export.sql.logic import Logic
from guidegraph.kernel import (
    Agg,
    And,
    Assume,
    Bool,
    Cmp,
    Datum,
    In,
    Node,
    Not,
    Or,
    Ref,
    Score,
    walk,
)
from guidegraph.program import Rule
from guidegraph.wire import conditions

WORD = 62
"""How many data share a number; a signed one of 64 bits holds them."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """The statement that makes the view, and how it is read.

    ``masks`` names the columns of a rule's masks, each with the number of its word; ``statuses``
    the column of its status. ``data`` are the data in the order of their bits.
    """

    view: str
    statement: str
    data: tuple[Datum, ...]
    masks: dict[str, tuple[tuple[int, str], ...]]
    statuses: dict[str, str]


def lacking(loaded: ExportInput, dialect: Dialect) -> Lacking:
    """The view of masks of a guideline; it reads the view of columns."""
    made = _Masks(loaded, dialect)
    wide, _ = views(loaded)
    view = wide.removesuffix("columns") + "lacking"
    lines = [f"CREATE OR REPLACE TEMPORARY VIEW {view} AS"]
    source = wide
    for number, layer in enumerate(made.layers, 1):
        name = f"lacks_{number}"
        lines.append(f"{',' if number > 1 else 'WITH'} {name} AS (")
        lines.append(f"SELECT {source}.*")
        lines += [f", {text} AS {column}" for column, text in layer]
        lines.append(f"FROM {source})")
        source = name
    lines.append(f"SELECT * FROM {source}")  # noqa: S608
    return Lacking(view, "\n".join(lines), made.data, made.of_rules, made.statuses)


class _Masks:
    """Writes the mask of every criterion and rule, each in a layer after those it reads."""

    def __init__(self, loaded: ExportInput, dialect: Dialect) -> None:
        self.logic: Logic = logic_of(loaded, dialect)
        self.names: Names = self.logic.names
        self.data = _data(loaded)
        self.bits = {each: divmod(place, WORD) for place, each in enumerate(self.data)}
        self.words = range(len(self.data) // WORD + 1)
        self.layers: list[list[tuple[str, str]]] = []
        self.of_rules: dict[str, tuple[tuple[int, str], ...]] = {}
        self.statuses = {each.rule.name: each.status for each in self.logic.standings}
        self._columns: dict[tuple[Ref, int], tuple[str, int]] = {}
        effective = {each.rule.name: each.effective for each in self.logic.standings}
        for ref, condition in _in_order(loaded):
            known = effective[ref.name] if ref.kind == "rule" else self.names[ref]
            self._define(ref, known, condition)

    def _define(self, this: Ref, column: str, condition: Bool) -> None:
        found = []
        for word in self.words:
            text, layer = self._mask(condition, word)
            if text is None:
                continue
            name = self.names.give(("lacks", this, word), f"lacks {this.kind} {this.name} {word}")
            while len(self.layers) <= layer:
                self.layers.append([])
            self.layers[layer].append((name, _where_unknown(column, text)))
            self._columns[this, word] = name, layer + 1
            found.append((word, name))
        if this.kind == "rule":
            self.of_rules[this.name] = tuple(found)

    def _mask(self, node: Bool, word: int) -> tuple[str | None, int]:
        """The mask of a condition that is known to be unknown, and the layer it can stand in."""
        match node:
            case Ref(kind, _) if kind in ("criterion", "rule"):
                name, layer = self._columns.get((node, word), (None, 0))
                return name, layer
            case Ref():
                return self._of_data([node], word), 0
            case Cmp():
                return self._of_data([d for _, d in self.logic.form.linear(node).terms], word), 0
            case In(code, _):
                return self._of_data([code], word), 0
            case Not(operand):
                return self._mask(operand, word)
            case And(operands) | Or(operands):
                return self._joined(operands, word)
            case Score(_, items):
                return self._joined([each for each, _ in items], word)
            case Assume():
                return None, 0

    def _joined(self, operands: Sequence[Bool], word: int) -> tuple[str | None, int]:
        parts, deepest = [], 0
        for each in operands:
            text, layer = self._mask(each, word)
            if text is not None:
                inner = each.operand if isinstance(each, Not) else each
                if isinstance(inner, And | Or) and not any(_is_score(n) for n in walk(inner)):
                    text = _where_unknown(f"({self.logic.write(inner).text})", text)
                parts.append(text)
                deepest = max(deepest, layer)
        return " | ".join(parts) or None, deepest

    def _of_data(self, data: Sequence[Datum], word: int) -> str | None:
        """The bits of the data of an atom that are unknown."""
        parts = []
        for each in data:
            place = self.bits.get(each)
            if place is not None and place[0] == word:
                bit = f"CAST({1 << place[1]} AS BIGINT)"
                parts.append(f"CASE WHEN {self.names[each]} IS NULL THEN {bit} ELSE 0 END")
        return " | ".join(parts) or None


def _is_score(node: Node) -> bool:
    """A score may stand in columns of its own, so it is not written a second time."""
    return isinstance(node, Score)


def _where_unknown(condition: str, mask: str) -> str:
    return f"CASE WHEN {condition} IS NULL THEN {mask} ELSE 0 END"


def _data(loaded: ExportInput) -> tuple[Datum, ...]:
    """What conditions read of a patient, each datum once."""
    nodes = (node for _, condition in conditions(loaded.program) for node in walk(condition))
    return tuple(
        dict.fromkeys(
            each
            for each in nodes
            if isinstance(each, Agg) or (isinstance(each, Ref) and each.kind == "input")
        )
    )


def _in_order(loaded: ExportInput) -> Iterator[tuple[Ref, Bool]]:
    """Every criterion and rule with its condition, each after those it refers to."""
    for each in loaded.program.definitions:
        ref = Ref("rule" if isinstance(each, Rule) else "criterion", each.name)
        yield ref, loaded.program.conditions[ref]
