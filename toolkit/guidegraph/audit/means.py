"""Means of groups with their intervals, held against the printed P value of their comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.audit.base import Entry, Examination, Inference, Outcome, finding
from guidegraph.audit.comparisons import pair_of
from guidegraph.audit.readings import READINGS, Cell, Reading, Row, cell_of, is_possible
from guidegraph.audit.reported import Reported, by_claim
from guidegraph.audit.rounding import Interval, shown
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline
from guidegraph.wording import plural

LEVEL = Fraction(1, 20)
"""The P value below which a difference is usually called significant."""
MISSING_IN = 10
"""One missing value in so many participants, or fewer, counts as a few."""
FEWEST_ROWS = 3
"""From fewer rows nothing is concluded about a whole table."""
METHODS = frozenset({None, "OneWayAnova", "TTest", "MethodNotStated"})
UNDEFINED = "IntervalNotStated"


@dataclass(frozen=True, slots=True)
class _Unusable:
    test: Reported
    reason: str


def audit_means(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    tables: dict[str, list[Row]] = defaultdict(list)
    cells: dict[str, list[Cell]] = defaultdict(list)
    for results in by_claim(guideline).values():
        claim = results[0].claim
        place = claim.table or claim.study or claim.id
        means = [each for each in results if each.kind == "Mean"]
        cells[place].extend(cell for each in means if (cell := cell_of(each)))
        for each in results:
            if each.kind == "ComparisonTest" and each.p is not None:
                row = _row(each, means)
                if isinstance(row, Row):
                    tables[place].append(row)
                elif row is not None:
                    yield _examination(row.test, reason=row.reason)
                elif pair_of(each, results) is None:
                    reason = "Neither means nor shares of the groups are printed with it."
                    yield _examination(each, reason=reason)
    for place, found in cells.items():
        rows = tables.get(place, [])
        undefined = [row for row in rows if _type(row.cells) == UNDEFINED]
        readings = _inferred(undefined)
        if len(undefined) >= FEWEST_ROWS:
            yield from _about_table(guideline, place, undefined, readings)
        for row in rows:
            yield from _examined(row, readings)
        for cell in found:
            yield from _symmetric(cell, readings)


def _row(test: Reported, means: Sequence[Reported]) -> Row | _Unusable | None:
    """The means that a test compares; nothing if it does not compare means."""
    if test.p is None or test.result.method not in METHODS:
        return None
    named = {arm.id for arm in test.arms}
    compared = [
        each
        for each in means
        if len(each.arms) == 1
        and (not named or each.arms[0].id in named)
        and (
            not test.result.observables or each.result.observables in ((), test.result.observables)
        )
    ]
    if len(compared) < 2:
        return None
    arms = [each.arms[0].id for each in compared]
    if len(set(arms)) < len(arms) or (named and set(arms) != named):
        return _Unusable(test, "It is not clear which means are compared.")
    cells = [cell for each in compared if (cell := cell_of(each))]
    if len(cells) < len(compared):
        return _Unusable(test, "The size or the interval of a group is not printed.")
    row = Row(test, test.p, tuple(cells))
    kind = _type(cells)
    if kind is None:
        return _Unusable(test, "The groups have intervals of different kinds.")
    if kind == "LowestToHighest":
        return _Unusable(test, "A range from lowest to highest does not give a spread.")
    return row if is_possible(row) else _Unusable(test, "Too many groups are compared.")


def _type(cells: Sequence[Cell]) -> str | None:
    """The kind of interval of all cells, if they have one."""
    kinds = {cell.reported.result.interval_type for cell in cells}
    return next(iter(kinds)) if len(kinds) == 1 else None


def _inferred(rows: Sequence[Row]) -> tuple[Reading, ...]:
    """The readings that reproduce most of the printed P values, if they are more than half."""
    votes = _votes(rows)
    most = max(votes.values(), default=0)
    if len(rows) < FEWEST_ROWS or most * 2 <= len(rows):
        return ()
    return tuple(each for each in READINGS if votes[each.name] == most)


def _votes(rows: Sequence[Row]) -> dict[str, int]:
    return {each.name: sum(row.reproduces(each) for row in rows) for each in READINGS}


def _about_table(
    guideline: Guideline, place: str, rows: Sequence[Row], readings: Sequence[Reading]
) -> Iterator[Entry]:
    votes = _votes(rows)
    cells = [cell for row in rows for cell in row.cells]
    symmetric = sum(cell.is_symmetric for cell in cells)
    around = (
        f"{symmetric} of {plural(len(cells), 'interval')} lie evenly around the mean, which "
        "ranges and interquartile ranges seldom do."
    )
    of = f"of {plural(len(rows), 'printed P value')}"
    if readings:
        names = " or ".join(each.name for each in readings)
        text = (
            f"The source does not say what the intervals in `{place}` are. Read as {names}, they "
            f"reproduce {votes[readings[0].name]} {of}. {around} This is a conclusion of the "
            "audit, not a statement of the source."
        )
    else:
        text = f"No reading of the intervals in `{place}` reproduces more than half {of}. {around}"
    table = rows[0].test.table
    yield Inference(
        subject=place,
        table=table,
        what="what the intervals beside the means are",
        text=text,
        votes=tuple(votes.items()),
        cast=len(rows),
    )
    if not readings:
        yield finding(
            "A211",
            Severity.NOTE,
            f"No reading of the intervals in `{place}` reproduces more than half {of}.",
            at=guideline.location(place),
            why="The source does not define the intervals, and the P values do not tell which "
            "kind they are.",
            remedy="If the source says anywhere what the intervals are, give it as "
            "gg:intervalType; otherwise accept the finding.",
            subject=place,
            arithmetic=tuple(f"{name}: {count} {of}" for name, count in votes.items()),
        )


def _examined(row: Row, inferred: Sequence[Reading]) -> Iterator[Entry]:
    kind = _type(row.cells)
    readings = inferred
    if kind != UNDEFINED:
        readings = tuple(each for each in READINGS if each.stated == kind)
    if not readings:
        reason = "It is not known what the intervals are."
        yield _examination(row.test, reason=reason, arithmetic=_under_each(row))
        return
    fitting = next((each for each in readings if row.reproduces(each)), None)
    reading = fitting or readings[0]
    computed = row.comparison(reading)
    arithmetic = _lines(row, reading)
    recomputed = f"P = {computed.p}"
    if fitting:
        yield _examination(row.test, "consistent", recomputed, arithmetic)
        return
    if not reading.symmetric:
        reason = "An interquartile range gives the spread only of a normal distribution."
        yield _examination(row.test, "not checkable", recomputed, arithmetic, reason)
        return
    yield from _not_reproduced(row, reading, computed.p, arithmetic)


def _not_reproduced(
    row: Row, reading: Reading, p: Interval, arithmetic: tuple[str, ...]
) -> Iterator[Entry]:
    """A note if few missing values would explain the difference and nothing turns on it."""
    others = [each for each in READINGS if each is not reading and row.reproduces(each)]
    if _type(row.cells) == UNDEFINED:
        arithmetic += tuple(f"read as {each.name} it would fit" for each in others)
    sizes = row.missing(reading)
    absent = sum(row.sizes) - sum(sizes or row.sizes)
    if sizes:
        arithmetic += (
            f"with {plural(absent, 'value')} missing it would fit (n = {_listed(sizes)})",
        )
    yield _examination(row.test, "inconsistent", f"P = {p}", arithmetic)
    opposed = (p.low > LEVEL and row.printed.high < LEVEL) or (
        p.high < LEVEL and row.printed.low > LEVEL
    )
    told = (
        f"`{row.test.id}` is printed with {row.test.p_words}; the means, intervals and sizes of "
        f"the groups give P = {p}"
    )
    if sizes and absent * MISSING_IN <= sum(row.sizes) and not opposed:
        yield finding(
            "A212",
            Severity.NOTE,
            f"{told}, and would give it with {plural(absent, 'value')} missing.",
            at=row.test.result.place_of("gg:pValue"),
            why="Values of a few participants are often missing in one row of a table, and the "
            "sizes of the groups stand for the whole table.",
            remedy="If the source gives the sizes of this row, enter them as gg:sampleSize of its "
            "results; otherwise accept the finding.",
            subject=row.test.id,
            arithmetic=arithmetic,
        )
        return
    kind = _type(row.cells)
    yield finding(
        "A210",
        Severity.WARNING,
        f"{told}.",
        at=row.test.result.place_of("gg:pValue"),
        why=f"The intervals are {'read' if kind == UNDEFINED else 'given'} as {reading.name}. "
        "Then the P value of one-way analysis of variance follows from what is printed.",
        remedy="Compare the row with the source. If it is as printed, record a gg:Discrepancy. If "
        "the source says that values are missing or were transformed, give the sizes that are "
        "left as gg:sampleSize of the results, or accept the finding with that reason.",
        subject=row.test.id,
        arithmetic=arithmetic,
    )


def _lines(row: Row, reading: Reading) -> tuple[str, ...]:
    """The arithmetic of one row."""
    computed = row.comparison(reading)
    lines = [f"intervals read as {reading.name}"]
    for cell, group in zip(row.cells, row.groups(reading), strict=True):
        name = str(cell.reported.arms[0].label) or cell.reported.arms[0].id
        lines.append(
            f"{name}: n = {group.size}, mean {group.mean}, standard deviation {group.deviation}"
        )
    lines += [
        f"between the groups: sum of squares {computed.squares_between} (df {computed.between})",
        f"within the groups: sum of squares {computed.squares_within} (df {computed.within})",
        f"F = {computed.statistic}, P = {computed.p}; printed {row.test.p_words}",
    ]
    unequal = row.unequal(reading)
    if unequal is not None:
        lines.append(f"for information: Welch's test, for unequal spreads, gives {shown(unequal)}")
    return tuple(lines)


def _under_each(row: Row) -> tuple[str, ...]:
    return tuple(f"as {each.name}: P = {row.comparison(each).p}" for each in READINGS)


def _symmetric(cell: Cell, inferred: Sequence[Reading]) -> Iterator[Entry]:
    """Whether the mean is in the middle of an interval that should be symmetric."""
    kind = cell.reported.result.interval_type
    stated = kind in ("ConfidenceInterval95", "StandardDeviation")
    if not stated and not (kind == UNDEFINED and inferred and all(r.symmetric for r in inferred)):
        return
    each = cell.reported
    ends = f"({each.words(each.result.low)} + {each.words(each.result.high)}) / 2"
    arithmetic = (f"{ends} = {cell.middle}", f'"{each.value_words}" stands for {cell.mean}')
    yield Examination(
        subject=each.id,
        table=each.table,
        what="mean in the middle of its interval",
        printed=each.result.reported_text,
        outcome="consistent" if cell.is_symmetric else "inconsistent",
        recomputed=str(cell.middle),
        arithmetic=arithmetic,
    )
    if cell.is_symmetric:
        return
    yield finding(
        "A202",
        Severity.WARNING,
        f"`{each.id}` is {each.value_words}, and the middle of its interval "
        f"({each.words(each.result.low)} to {each.words(each.result.high)}) is {cell.middle}.",
        at=each.result.place_of("gg:value"),
        why="A confidence interval of a mean, and a mean with its standard deviation, is "
        "symmetric" + ("." if stated else f"; this one is taken for {inferred[0].name}."),
        remedy="Compare the three figures with the source: one may be misprinted. If they are as "
        "printed, record a gg:Discrepancy; if the source says that the interval is of another "
        "kind, give its gg:intervalType.",
        subject=each.id,
        arithmetic=arithmetic,
    )


def _examination(
    test: Reported,
    outcome: Outcome = "not checkable",
    recomputed: str = "",
    arithmetic: tuple[str, ...] = (),
    reason: str = "",
) -> Examination:
    return Examination(
        subject=test.id,
        table=test.table,
        what="P value of a comparison of means",
        printed=test.p_words,
        outcome=outcome,
        recomputed=recomputed,
        arithmetic=arithmetic,
        reason=reason,
    )


def _listed(sizes: Sequence[int]) -> str:
    return ", ".join(str(size) for size in sizes)
