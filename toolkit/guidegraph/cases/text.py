"""The outcome of the cases as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidegraph.cases.coverage import STATUS_WORDS, Coverage
from guidegraph.cases.running import Report
from guidegraph.evaluate import STATUSES

NOT_SEEN = "0 !"


def render(report: Report) -> str:
    """Coverage tables and a summary; what is wrong is told by the findings."""
    lines = [*_rules(report.coverage), "", *_branches(report.coverage), "", _summary(report)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _rules(covered: Coverage) -> Iterator[str]:
    head = ("Recommendation", *(STATUS_WORDS[status] for status in STATUSES))
    rows = [
        (each.rule, *(_count(each.counts.get(status)) for status in STATUSES))
        for each in covered.rules
    ]
    yield from _table(head, rows)


def _branches(covered: Coverage) -> Iterator[str]:
    rows = [(each.node, each.label, _count(each.count)) for each in covered.branches]
    if rows:
        yield from _table(("Decision", "Branch", "cases"), rows)


def _summary(report: Report) -> str:
    total = len(report.outcomes)
    rules = [seen for each in report.coverage.rules for seen in each.counts.values()]
    branches = [each.count for each in report.coverage.branches]
    return (
        f"{total - len(report.failed)} of {total} cases as expected; "
        f"{sum(map(bool, rules))} of {len(rules)} statuses and "
        f"{sum(map(bool, branches))} of {len(branches)} branches seen."
    )


def _count(count: int | None) -> str:
    """A number of cases; a point where nothing is asked for, a mark where nothing was seen."""
    if count is None:
        return "·"
    return str(count) if count else NOT_SEEN


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side; counts stand to the right."""
    columns = tuple(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    counts = [all(map(_is_count, column[1:])) for column in columns]
    for row in (head, *rows):
        cells = [
            cell.rjust(width) if is_count else cell.ljust(width)
            for cell, width, is_count in zip(row, widths, counts, strict=True)
        ]
        yield "  ".join(cells).rstrip()


def _is_count(cell: str) -> bool:
    return cell in (NOT_SEEN, "·") or cell.isdigit()
