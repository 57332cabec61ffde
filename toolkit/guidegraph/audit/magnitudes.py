"""Amounts of the same thing that differ by a thousand, or by the two of FEU and DDU.

A factor of a thousand between limits is nearly always a slip of the unit (mg for µg). It is told
only where two statements speak of the same thing, or where the same number stands with two units;
real differences of the size of a thousand between two groups of patients are not slips.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations

from guidegraph.audit.amounts import Amount, is_outside, printed_amounts
from guidegraph.audit.base import Finding, finding
from guidegraph.audit.index import Index, listed, quoted
from guidegraph.diagnostic import Severity
from guidegraph.model import EvidenceClaim, Guideline
from guidegraph.wording import amount, plural, readable, unit_label

NEARLY = Fraction(11, 10)
"""Two numbers within this factor count as the same (ours; 0.5 and 0.55 are the same limit)."""
SLIPS = (Fraction(10) ** 3, Fraction(10) ** 6, Fraction(10) ** 9)
"""The factors between units that are mistaken for each other (milli, micro, nano)."""
CALIBRATIONS = Fraction(2)
"""What lies between D-dimer units and fibrinogen equivalent units, roughly."""
LIMITS = ("limit", "normal limit")
SAME_THING = ("Restates", "ComparableWith")
"""Relations that say that two claims give the same limit."""
SAME_FINDING = ("Restates", "SameStudy")
"""Relations that say that two claims tell of the same study."""

Pair = tuple[Amount, Amount]


def audit_magnitudes(guideline: Guideline) -> Iterator[Finding]:
    """Everything this module audits."""
    index = Index(guideline)
    of_observable: dict[str, list[Amount]] = {}
    for each in printed_amounts(index):
        if each.number > 0:
            of_observable.setdefault(each.observable.id, []).append(each)
    for amounts in of_observable.values():
        yield from _thousandfold(index, amounts)
        yield from _twofold(index, amounts)
        yield from _spellings(index, amounts)
        yield from _calibration(index, amounts)


def _thousandfold(index: Index, amounts: list[Amount]) -> Iterator[Finding]:
    """Same thing, a thousand times as much: linked statements, then limits of one document, then
    limits of two documents with exactly the same digits. What is told once is not told again.
    """
    related = _linked(index, *SAME_FINDING)
    told: set[str] = set()
    candidates = _far_apart(amounts)
    reasons: tuple[tuple[str, Callable[[Amount, Amount], bool]], ...] = (
        ("speak of the same finding", lambda a, b: related(a, b) and _slipped(a, b)),
        ("stand in the same document", lambda a, b: _in_one_document(a, b) and _slipped(a, b)),
        ("are limits of the same observable", _same_digits),
    )
    for reason, holds in reasons:
        groups: dict[tuple[object, ...], list[Pair]] = {}
        for a, b in candidates:
            if a.owner is b.owner or a.dimension != b.dimension:
                continue
            if reason == reasons[-1][0] and told & {a.owner.id, b.owner.id}:
                continue
            if holds(a, b):
                low, high = sorted((a, b), key=lambda each: each.factor)
                key = (low.documents, high.documents, low.factor, high.factor)
                groups.setdefault(key, []).append((low, high))
        for pairs in groups.values():
            names = {each.owner.id for pair in pairs for each in pair}
            if not names <= told:
                yield _slip(index, reason, pairs)
            told |= names


def _far_apart(amounts: list[Amount]) -> list[Pair]:
    """The pairs that differ by about a thousand, million or milliard, in the order of the amounts.

    They are looked up instead of tried, so that many statements about one marker take no longer.
    """
    order = sorted(range(len(amounts)), key=lambda place: amounts[place].value)
    values = [amounts[place].value for place in order]
    found = set()
    for one, value in zip(order, values, strict=True):
        for slip in SLIPS:
            first = bisect_left(values, value * slip / NEARLY)
            last = bisect_right(values, value * slip * NEARLY)
            found |= {(min(one, other), max(one, other)) for other in order[first:last]}
    return [(amounts[one], amounts[other]) for one, other in sorted(found)]


def _slip(index: Index, reason: str, pairs: list[Pair]) -> Finding:
    odd = _odd_side(pairs)
    subject = odd[0].owner
    owners = tuple(dict.fromkeys(each.owner.id for pair in pairs for each in pair))
    low, high = pairs[0]
    times = readable(max(low.value, high.value) / min(low.value, high.value))
    documents = index.titles(low.documents | high.documents)
    return finding(
        "A304",
        Severity.WARNING,
        f"{low.observable.label}: {amount(low.number, low.unit)} and "
        f"{amount(high.number, high.unit)} {reason} ({documents}) and differ by a factor of "
        f"{times}.",
        at=odd[0].at,
        why="The same number with another prefix of the unit is nearly always a slip of the unit.",
        remedy="Find out which unit is right. If the sources print it this way, record it as a "
        "gg:Discrepancy or accept the finding; if the two do not speak of the same thing, correct "
        "what links them (relation, study, citation, observable).",
        subject=subject.id,
        involved=(
            *owners,
            *(claim.id for pair in pairs for each in pair for claim in each.claims),
        ),
        arithmetic=tuple(_compared(pairs)),
        related=tuple(
            dict.fromkeys(
                (each.at, f"the other one: {each}")
                for pair in pairs[:1]
                for each in pair
                if each.owner is not subject
            )
        ),
    )


def _compared(pairs: list[Pair]) -> Iterator[str]:
    """The amounts side by side, once for each number, with all that print it."""
    sides: dict[tuple[str, str], tuple[dict[str, None], dict[str, None], Fraction]] = {}
    for a, b in pairs:
        told = (amount(a.number, a.unit), amount(b.number, b.unit))
        found = sides.setdefault(told, ({}, {}, _ratio(a.value, b.value)))
        found[0][a.owner.id] = found[1][b.owner.id] = None
    for (low, high), (of_low, of_high, factor) in sides.items():
        yield (
            f"{low} ({', '.join(of_low)}) and {high} ({', '.join(of_high)}): factor "
            f"{readable(factor)}"
        )


def _odd_side(pairs: list[Pair]) -> tuple[Amount, ...]:
    """The side whose unit is more likely to have slipped: off the plausible range, or rarer."""
    sides = [tuple(dict.fromkeys(side)) for side in zip(*pairs, strict=True)]

    def oddness(side: tuple[Amount, ...]) -> tuple[bool, int]:
        return any(map(is_outside, side)), -len({each.owner.id for each in side})

    return max(sides, key=oddness)


def _linked(index: Index, *kinds: str) -> Callable[[Amount, Amount], bool]:
    """Whether two statements tell of the same: joined, of one study, or citing one document."""
    joined = {frozenset((a.id, b.id)) for a, b, _ in index.pairs(*kinds)}

    def one(a: EvidenceClaim, b: EvidenceClaim) -> bool:
        same_study = a.study is not None and a.study == b.study
        return (
            a.id == b.id
            or frozenset((a.id, b.id)) in joined
            or same_study
            or bool(index.cited(a) & index.cited(b))
        )

    return lambda x, y: any(one(a, b) for a in x.claims for b in y.claims)


def _nearly(ratio: Fraction, target: Fraction) -> bool:
    return target / NEARLY <= ratio <= target * NEARLY


def _ratio(a: Fraction, b: Fraction) -> Fraction:
    return max(a, b) / min(a, b)


def _slipped(a: Amount, b: Amount) -> bool:
    """Nearly the same number in units a thousand (million, milliard) apart; between limits also
    numbers a thousand apart in one unit.
    """
    units_apart = _ratio(a.factor, b.factor)
    if units_apart in SLIPS:
        return _nearly(_ratio(a.number, b.number), Fraction(1))
    limits = a.role in LIMITS and b.role in LIMITS
    return limits and units_apart == 1 and _ratio(a.number, b.number) in SLIPS


def _in_one_document(a: Amount, b: Amount) -> bool:
    """Limits of one document in units that differ (one unit: real differences are common)."""
    both = a.role in LIMITS and b.role in LIMITS
    return both and bool(a.documents & b.documents) and a.factor != b.factor


def _same_digits(a: Amount, b: Amount) -> bool:
    """Limits of two documents exactly a thousand (million, milliard) apart."""
    both = a.role in LIMITS and b.role in LIMITS
    apart = bool(a.documents) and bool(b.documents) and not a.documents & b.documents
    return both and apart and _ratio(a.value, b.value) in SLIPS


def _twofold(index: Index, amounts: list[Amount]) -> Iterator[Finding]:
    """Limits of the same thing that differ by two where it is not said how they are calibrated."""
    if not amounts[0].observable.needs_calibration:
        return
    joined = {frozenset((a.id, b.id)) for a, b, _ in index.pairs(*SAME_THING)}
    for a, b in combinations([each for each in amounts if each.role in LIMITS], 2):
        normal = a.role == b.role == "normal limit"
        same = any(
            frozenset((x.id, y.id)) in joined for x in a.claims for y in b.claims if x.id != y.id
        )
        if a.owner is b.owner or a.dimension != b.dimension or not (normal or same):
            continue
        stated = a.calibration and a.calibration == b.calibration != "CalibrationNotStated"
        if stated or not _nearly(_ratio(a.value, b.value), CALIBRATIONS):
            continue
        if _has_equal(a, b, amounts):
            continue
        yield finding(
            "A305",
            Severity.WARNING,
            f"{a.observable.label}: {amount(a.number, a.unit)} and {amount(b.number, b.unit)} are "
            "given for the same limit, differ by about two, and it is not said how they are "
            "calibrated.",
            at=a.at,
            why="D-dimer units and fibrinogen equivalent units differ by about two, and are never "
            "converted into each other.",
            remedy="State the gg:calibration of both with a gg:Assay. If the sources leave it "
            "open, record it as a gg:Discrepancy or accept the finding.",
            subject=a.owner.id,
            involved=(b.owner.id, *(c.id for each in (a, b) for c in each.claims)),
            arithmetic=(f"{a} and {b}: factor {_about(_ratio(a.value, b.value))}",),
        )


def _has_equal(a: Amount, b: Amount, amounts: list[Amount]) -> bool:
    """Whether one of the two gives the other's amount as well: then they give two limits each."""
    ours = [each for each in amounts if each.owner in (a.owner, b.owner)]
    return any(
        x.owner is not y.owner and _nearly(_ratio(x.value, y.value), Fraction(1))
        for x, y in combinations(ours, 2)
    )


def _about(ratio: Fraction) -> str:
    return f"{float(ratio):.2f}"


def _spellings(index: Index, amounts: list[Amount]) -> Iterator[Finding]:
    """One paper that prints several units for one observable."""
    for document in sorted({name for each in amounts for name in each.documents}):
        here = [each for each in amounts if document in each.documents]
        used: dict[str, list[str]] = {}
        for each in here:
            used.setdefault(each.unit, []).append(each.owner.id)
        if len(used) < 2 or len({each.dimension for each in here}) > 1:
            continue  # units of several kinds are told by A303
        shown = listed(unit_label(unit) or "pure numbers" for unit in used)
        yield finding(
            "A306",
            Severity.NOTE,
            f"{here[0].observable.label} is printed in {shown} in {index.titles([document])}.",
            at=here[0].at,
            why="Several units for one thing in one paper are easily confused.",
            remedy="Nothing need be done; if one of the units is a slip, record it as a "
            "gg:Discrepancy. Accept the finding to put it aside.",
            subject=here[0].observable.id,
            involved=tuple(each.owner.id for each in here),
            arithmetic=tuple(
                f"{unit_label(unit) or 'pure number'}: {quoted(dict.fromkeys(names))}"
                for unit, names in used.items()
            ),
        )


def _calibration(index: Index, amounts: list[Amount]) -> Iterator[Finding]:
    """Limits of an observable that needs a calibration, none of which states it."""
    observable = amounts[0].observable
    open_ones = [
        each
        for each in amounts
        if each.role in LIMITS and each.calibration in (None, "CalibrationNotStated")
    ]
    documents = frozenset(name for each in open_ones for name in each.documents)
    if not observable.needs_calibration or len(documents) < 2:
        return
    owners = tuple(dict.fromkeys(each.owner.id for each in open_ones))
    assumed = index.guideline.words(observable.calibration) if observable.calibration else ""
    yield finding(
        "A307",
        Severity.NOTE,
        f"{observable.label}: {plural(len(owners), 'limit')} of {index.titles(documents)} "
        "without a stated calibration.",
        at=observable.place_of("gg:needsCalibration"),
        why="Limits of different papers can be compared only if they are calibrated alike; they "
        "may differ by a factor of two."
        + (f" This guideline assumes {assumed}." if assumed else ""),
        remedy="State the gg:calibration with a gg:Assay where a source gives it; where none does, "
        "accept the finding.",
        subject=observable.id,
        involved=owners,
    )
