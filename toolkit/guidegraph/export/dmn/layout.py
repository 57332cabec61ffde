"""Boxes in columns from left to right and lines between them, in whole numbers.

Every box stands in the column after the last one it needs. Lines that pass a column get a lane of
their own there, one for each box they come from, so that no line runs through a box. Boxes that
belong together are drawn together by repeated averaging. Equal input gives equal places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[int, int]
Edge = tuple[str, str]
Cell = tuple[str, int]
"""A box (its name) or the lane of its lines, in a column."""

MARGIN = 40
BETWEEN_COLUMNS = 120
BETWEEN_BOXES = 24
LANE = 6
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int


@dataclass(slots=True)
class _Columns:
    sizes: Mapping[str, tuple[int, int]]
    rank: Mapping[str, int]
    cells: list[list[Cell]] = field(default_factory=list)
    before: dict[Cell, list[Cell]] = field(default_factory=dict)
    after: dict[Cell, list[Cell]] = field(default_factory=dict)
    middle: dict[Cell, int] = field(default_factory=dict)

    def height(self, cell: Cell) -> int:
        """The height of a box with its surroundings, or of a lane."""
        name, column = cell
        if self.rank[name] != column:
            return LANE
        return self.sizes[name][1] + BETWEEN_BOXES

    def settle(self, near: Mapping[Cell, Sequence[Cell]], column: list[Cell]) -> None:
        """Bring each cell as near to its neighbours as their order allows (least squares)."""
        wanted, top = [], 0
        for cell in column:
            height = self.height(cell)
            others = [self.middle[each] for each in near.get(cell, ())] or [self.middle[cell]]
            wanted.append(sum(others) // len(others) - top - height // 2)
            top += height
        free, top = _ascending(wanted), 0
        for cell, start in zip(column, free, strict=True):
            height = self.height(cell)
            self.middle[cell] = start + top + height // 2
            top += height


def layout(
    sizes: Mapping[str, tuple[int, int]], edges: Iterable[Edge]
) -> tuple[dict[str, Box], dict[Edge, tuple[Point, ...]]]:
    """The box of each name (given its width and height) and the points of each line.

    An edge leads from the box that is needed to the one that needs it. The edges form no circle.
    """
    edges = [*dict.fromkeys(edges)]
    columns = _columns(sizes, edges)
    _order(columns)
    return _places(columns, edges)


def _columns(sizes: Mapping[str, tuple[int, int]], edges: Sequence[Edge]) -> _Columns:
    columns = _Columns(sizes, _ranks(sizes, edges))
    columns.cells = [[] for _ in range(max(columns.rank.values(), default=-1) + 1)]
    for name in sizes:
        columns.cells[columns.rank[name]].append((name, columns.rank[name]))
    lanes: set[Cell] = set()
    for start, end in edges:
        path = [(start, each) for each in range(columns.rank[start], columns.rank[end])]
        for cell in path[1:]:
            if cell not in lanes:
                lanes.add(cell)
                columns.cells[cell[1]].append(cell)
        for left, right in pairwise([*path, (end, columns.rank[end])]):
            if right not in columns.after.setdefault(left, []):
                columns.after[left].append(right)
                columns.before.setdefault(right, []).append(left)
    return columns


def _ranks(names: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each: after all that it needs.

    What needs nothing stands just before its users, and so does what only the last ones need.
    """
    needed: dict[str, list[str]] = {name: [] for name in names}
    users: dict[str, list[str]] = {name: [] for name in needed}
    for start, end in edges:
        needed[end].append(start)
        users[start].append(end)
    rank: dict[str, int] = {}

    def find(name: str) -> int:
        if name not in rank:
            rank[name] = max((find(each) + 1 for each in needed[name]), default=0)
        return rank[name]

    for name in needed:
        find(name)
    last = {name for name, found in users.items() if not found}
    late = [name for name, found in users.items() if found and last.issuperset(found)]
    for name in (*late, *(each for each in needed if users[each] and not needed[each])):
        rank[name] = min(rank[each] for each in users[name]) - 1
    return rank


def _order(columns: _Columns) -> None:
    """Sort each column by the mean place of the neighbours, to and fro."""
    place = {cell: number for column in columns.cells for number, cell in enumerate(column)}
    for sweep in range(2 * SWEEPS):
        near = columns.after if sweep % 2 else columns.before
        for column in reversed(columns.cells) if sweep % 2 else columns.cells:
            means = {}
            for cell in column:
                others = [place[each] for each in near.get(cell, ())] or [place[cell]]
                means[cell] = 1000 * sum(others) // len(others)
            column.sort(key=lambda cell: (means[cell], place[cell]))
            place.update((cell, number) for number, cell in enumerate(column))


def _places(
    columns: _Columns, edges: Sequence[Edge]
) -> tuple[dict[str, Box], dict[Edge, tuple[Point, ...]]]:
    columns.middle = dict.fromkeys((each for column in columns.cells for each in column), 0)
    for _ in range(SWEEPS):
        for column in columns.cells:
            columns.settle(columns.before, column)
        for column in reversed(columns.cells):
            columns.settle(columns.after, column)
    sizes, left, spans = columns.sizes, MARGIN, []
    for column in columns.cells:
        width = max(sizes[name][0] for name, at in column if columns.rank[name] == at)
        spans.append((left, left + width))
        left += width + BETWEEN_COLUMNS
    down = MARGIN - min(
        (y - columns.height(cell) // 2 for cell, y in columns.middle.items()), default=0
    )
    boxes = {
        name: Box(spans[rank][0], columns.middle[name, rank] + down - height // 2, width, height)
        for name, (width, height) in sizes.items()
        for rank in (columns.rank[name],)
    }
    return boxes, {each: _line(each, columns, boxes, spans, down) for each in edges}


def _line(
    edge: Edge,
    columns: _Columns,
    boxes: Mapping[str, Box],
    spans: Sequence[tuple[int, int]],
    down: int,
) -> tuple[Point, ...]:
    """From the right of one box, through the lanes, to the left of the other."""
    start, end = edge
    points = [_side(boxes[start], right=True)]
    for rank in range(columns.rank[start] + 1, columns.rank[end]):
        points += [(x, columns.middle[start, rank] + down) for x in spans[rank]]
    return (*points, _side(boxes[end], right=False))


def _side(box: Box, *, right: bool) -> Point:
    return box.x + (box.width if right else 0), box.y + box.height // 2


def _ascending(wanted: Sequence[int]) -> list[int]:
    """The ascending numbers nearest to those wanted: neighbours out of order share their mean."""
    pools: list[tuple[int, int]] = []
    for each in wanted:
        total, count = each, 1
        while pools and pools[-1][0] * count > total * pools[-1][1]:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    return [total // count for total, count in pools for _ in range(count)]
