"""Shares of two groups, held against the ratio and the P value that a claim prints with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from guidegraph.audit.base import Entry, Examination, Outcome, finding
from guidegraph.audit.fourfold import (
    ALL_TESTS,
    MOST_TABLES,
    TESTS,
    WALD,
    Fourfold,
    Side,
    is_searched,
    possible_tables,
    ratio_of_shares,
)
from guidegraph.audit.reported import RATIOS, Reported, by_claim
from guidegraph.audit.rounding import Interval, exactly, shown
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline
from guidegraph.wording import plural

ADJUSTED = frozenset({"LogisticRegression"})
COMPARABLE = frozenset({None, "MethodNotStated", "ChiSquaredTest", "FisherExactTest"})
CRUDE = ("OddsRatio", "RiskRatio")
"""Ratios that follow from the shares of two groups, unless they are adjusted."""
WHOLE = Interval(Fraction(0), Fraction(1))
_Trial = tuple[Fourfold, str, float]
"""A table, a test, and the P value that it gives."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups in one claim that are compared, and the result that compares them."""

    of: Reported
    one: Reported
    two: Reported
    is_directed: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        """What is known of the groups. A size that is the whole of the claim is not a group's."""
        found = []
        for each in (self.one, self.two):
            count, size = each.result.count, each.size
            if count is None and size is not None and self.one.size == self.two.size == self.total:
                size = None
            found.append(Side(_share(each), count, size))
        return found[0], found[1]

    @property
    def names(self) -> tuple[str, ...]:
        """What takes part: the claim and its results."""
        return (self.of.claim.id, self.of.id, self.one.id, self.two.id)

    @property
    def total(self) -> int | None:
        """How many the claim is about."""
        return self.of.claim.sample_size

    @property
    def tables(self) -> tuple[Fourfold, ...] | None:
        """Every table that fits what is printed; None if they cannot be told or are too many."""
        if is_searched(*self.sides) and self.total is None:
            return None
        found = tuple(islice(possible_tables(*self.sides, self.total), MOST_TABLES + 1))
        return found if len(found) <= MOST_TABLES else None

    def turns(self, table: Fourfold) -> tuple[Fourfold, ...]:
        """A table in the order of the groups that is printed; in both if none is."""
        return (table,) if self.is_directed else (table, table.turned)


def audit_comparisons(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    for results in by_claim(guideline).values():
        for each in results:
            pair = pair_of(each, results)
            if pair is not None:
                yield from _compared(pair)


def _share(each: Reported) -> Interval | None:
    """What the share of a group can be, from the count if it is printed."""
    if each.result.count is not None and each.size:
        share = Fraction(each.result.count, each.size)
        return exactly(share) if share in WHOLE else None
    return each.share.common(WHOLE) if each.share else None


def pair_of(of: Reported, results: Sequence[Reported]) -> Pair | None:
    """The two groups whose shares a ratio or P value compares, if there is no doubt about them."""
    ratio = of.kind in RATIOS and of.value is not None and of.is_exact
    tested = of.kind in ("ComparisonTest", "Proportion", *RATIOS) and of.p is not None
    if not ratio and not tested:
        return None
    shares = [each for each in results if each.kind == "Proportion" and _share(each) is not None]
    if of.result.observables:
        shares = [e for e in shares if e.result.observables in ((), of.result.observables)]
    named = [arm.id for arm in of.arms]
    reference = of.result.reference_arm
    if reference and reference not in named:
        named.append(reference)
    if len(named) == 2:
        shares = [each for each in shares if len(each.arms) == 1 and each.arms[0].id in named]
    elif len(named) > 2:
        return None
    if len(shares) != 2:
        return None
    one, two = shares
    if one.arms and one.arms == two.arms:
        return None
    if reference and one.arms and one.arms[0].id == reference:
        one, two = two, one
    return Pair(of, one, two, is_directed=bool(reference and one.arms))


def _compared(pair: Pair) -> Iterator[Entry]:
    if pair.of.kind in RATIOS and pair.of.value is not None and pair.of.is_exact:
        yield from _ratio(pair, pair.of.value)
    tables = pair.tables
    if tables == ():
        yield from _no_table(pair)
    elif pair.of.p is not None:
        if tables is None:
            reason = (
                "Neither the sizes of the groups nor their sum are printed."
                if is_searched(*pair.sides) and pair.total is None
                else "Too many divisions of the total fit the shares."
            )
            yield _examination(pair, "P value of two shares", "not checkable", reason=reason)
        else:
            yield from _p_value(pair, pair.of.p, tables)


def are_of_one_table(pair: Pair) -> bool:
    """Whether ratio, interval and P value follow from one table, P by any of the usual tests."""
    return pair.of.p is not None and any(
        p in pair.of.p and _fits_ratio(pair, table) and _fits_interval(pair, table)
        for table, _, p in _tried(pair, pair.tables or ())
    )


def _ratio(pair: Pair, printed: Interval) -> Iterator[Entry]:
    """Whether the ratio is that of the shares; no sizes are needed for that."""
    one, two, kind = _share(pair.one), _share(pair.two), pair.of.kind
    if kind == "HazardRatio" or one is None or two is None:
        return
    ways = [(pair.one, pair.two, ratio_of_shares(one, two, kind))]
    if not pair.is_directed:
        ways.append((pair.two, pair.one, ratio_of_shares(two, one, kind)))
    fitting = [way for way in ways if way[2].meets(printed)]
    above, below, ratio = (fitting or ways)[0]
    formula = "p/(1 − p)" if kind == "OddsRatio" else "p"
    arithmetic = (
        f"{formula} of {above.result.reported_text} / {below.result.reported_text} = {ratio}",
        f'"{pair.of.value_words}" stands for {printed}',
    )
    what = "ratio of two shares"
    if fitting:
        yield _examination(pair, what, "consistent", str(ratio), arithmetic)
    elif pair.of.result.method in ADJUSTED:
        reason = "A ratio from a model may be adjusted for other things."
        yield _examination(pair, what, "not checkable", str(ratio), arithmetic, reason)
    else:
        yield _examination(pair, what, "inconsistent", str(ratio), arithmetic)
        yield finding(
            "A206",
            Severity.WARNING,
            f"`{pair.of.id}` is {pair.of.value_words}; the shares of the two groups give {ratio}.",
            at=pair.of.result.place_of("gg:value"),
            why="The crude ratio follows from the two shares. Only an adjusted one may differ.",
            remedy="Compare the figures with the source. If the ratio is adjusted, name the model "
            "with gg:statisticalMethod; if they are as printed, record a gg:Discrepancy.",
            subject=pair.of.id,
            arithmetic=arithmetic,
            involved=pair.names,
        )


def _no_table(pair: Pair) -> Iterator[Entry]:
    """No whole numbers give the shares."""
    shares = f"{pair.one.result.reported_text} and {pair.two.result.reported_text}"
    arithmetic = (f"no division of {pair.total} and no counts in it give {shares}",)
    yield _examination(pair, "shares of two groups", "inconsistent", "no whole numbers", arithmetic)
    yield finding(
        "A208",
        Severity.WARNING,
        f"No two groups that are {pair.total} together have the shares of `{pair.of.claim.id}` "
        f"({shares}).",
        at=pair.of.claim.at,
        why="The shares were computed from other numbers of participants, or one is wrong.",
        remedy="Compare the shares and gg:sampleSize of the claim with the source. If values are "
        "missing and the source says of how many the shares are, give that as gg:sampleSize of the "
        "results.",
        subject=pair.of.claim.id,
        arithmetic=arithmetic,
        involved=pair.names,
    )


def _p_value(pair: Pair, printed: Interval, tables: Sequence[Fourfold]) -> Iterator[Entry]:
    """Whether a usual test of the shares gives the P value, for some table that fits them."""
    tried = _tried(pair, tables)
    what = "P value of two shares"
    fitting = [each for each in tried if each[2] in printed]
    arithmetic = _about_tables(pair, tried, fitting)
    if fitting:
        table, test, p = _best(pair, fitting)
        one_of = "for example " if len(tables) > 1 else ""
        recomputed = f"P = {shown(p)} ({test}, {one_of}{table})"
        yield _examination(pair, what, "consistent", recomputed, arithmetic)
        return
    values = [p for _, _, p in tried]
    recomputed = f"P = {Interval(min(values), max(values))}"
    if pair.of.result.method not in COMPARABLE or pair.of.kind == "HazardRatio":
        reason = "The P value of a model may be adjusted for other things."
        yield _examination(pair, what, "not checkable", recomputed, arithmetic, reason)
        return
    yield _examination(pair, what, "inconsistent", recomputed, arithmetic)
    yield finding(
        "A207",
        Severity.WARNING,
        f"`{pair.of.id}` is printed with {pair.of.p_words}; the shares of the two groups give "
        f"{recomputed}.",
        at=pair.of.result.place_of("gg:pValue"),
        why="The usual tests of two shares (chi-squared with and without correction, Fisher; of a "
        "ratio also Wald) do not give this P value.",
        remedy="Compare the figures with the source. If P comes from a model or another test, "
        "name it with gg:statisticalMethod; if they are as printed, record a gg:Discrepancy.",
        subject=pair.of.id,
        arithmetic=arithmetic,
        involved=pair.names,
    )


def _tried(pair: Pair, tables: Sequence[Fourfold]) -> list[_Trial]:
    """What every test that may be meant gives for every table."""
    kind = pair.of.kind if pair.of.kind in RATIOS else "OddsRatio"
    tests = TESTS.get(pair.of.result.method or "", ALL_TESTS)
    if pair.of.kind in CRUDE and pair.of.result.method not in TESTS:
        tests = (WALD, *tests)
    return [
        (table, test, p)
        for test in tests
        for table in tables
        if (p := table.p(test, kind)) is not None
    ]


def _about_tables(
    pair: Pair, tried: Sequence[_Trial], fitting: Sequence[_Trial]
) -> tuple[str, ...]:
    tables = dict.fromkeys(table for table, _, _ in tried)
    if len(tables) == 1:
        return tuple(f"{table}: {test} gives P = {shown(p)}" for table, test, p in tried)
    lines = [f"{plural(len(tables), 'two by two table')} fit the shares and the sizes"]
    for test in dict.fromkeys(test for _, test, _ in tried):
        number = sum(each == test for _, each, _ in fitting)
        lines.append(f"{test} gives {pair.of.p_words} in {number} of them")
    firsts = sorted({table.first for table, _, _ in fitting})
    if len(firsts) > 1:
        lines.append(f"in these the first group has {firsts[0]} to {firsts[-1]} participants")
    if fitting:
        table, test, p = _best(pair, fitting)
        lines.append(f"such as {table}: {test} gives P = {shown(p)}")
        ratio, interval = table.ratio(pair.of.kind), table.interval(pair.of.kind)
        if ratio and interval and _fits_ratio(pair, table):
            ends = f"{shown(interval[0])} to {shown(interval[1])}"
            lines.append(f"and the ratio {shown(ratio)} with a 95 % confidence interval of {ends}")
    return tuple(lines)


def _best(pair: Pair, fitting: Sequence[_Trial]) -> _Trial:
    """The table to show: one that also gives the ratio and its interval, if any does."""
    return max(
        fitting, key=lambda each: (_fits_interval(pair, each[0]), _fits_ratio(pair, each[0]))
    )


def _fits_ratio(pair: Pair, table: Fourfold) -> bool:
    if pair.of.kind not in RATIOS or pair.of.value is None:
        return False
    ratios = (each.ratio(pair.of.kind) for each in pair.turns(table))
    return any(ratio is not None and ratio in pair.of.value for ratio in ratios)


def _fits_interval(pair: Pair, table: Fourfold) -> bool:
    low, high = pair.of.low, pair.of.high
    if pair.of.kind not in RATIOS or low is None or high is None:
        return False
    intervals = (each.interval(pair.of.kind) for each in pair.turns(table))
    return any(ends is not None and ends[0] in low and ends[1] in high for ends in intervals)


def _examination(
    pair: Pair,
    what: str,
    outcome: Outcome,
    recomputed: str = "",
    arithmetic: tuple[str, ...] = (),
    reason: str = "",
) -> Examination:
    of = pair.of
    return Examination(
        subject=of.id,
        table=of.table,
        what=what,
        printed=", ".join(
            dict.fromkeys(each.result.reported_text for each in (pair.one, pair.two, of))
        ),
        outcome=outcome,
        recomputed=recomputed,
        arithmetic=arithmetic,
        reason=reason,
    )
