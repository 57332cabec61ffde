"""Whether what is encoded as printed really stands in the passage it comes from.

Text as printed must be there without a gap; numbers, comparators, units and P values must be those
that are printed. What a discrepancy speaks of may run with another number or unit than printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guidegraph import units
from guidegraph.diagnostic import Diagnostic
from guidegraph.entity import Entity
from guidegraph.figures import Figure, read
from guidegraph.model import (
    EvidenceClaim,
    FeatureRating,
    Guideline,
    ReferenceInterval,
    SourcePassage,
    StatisticalResult,
    Study,
    StudyArm,
    Threshold,
)
from guidegraph.passages import faults
from guidegraph.passages.normal import Normal, normalise
from guidegraph.wording import COMPARATOR_SIGNS

AMOUNTS = ("gg:value", "gg:low", "gg:high")
"""What stands in the text as printed of its own thing, if that has such figures at all."""

IN_WORDS = {
    Fraction(0): re.compile(r"\b(?:no|none|zero|without)\b", re.IGNORECASE),
    Fraction(1): re.compile(r"\b(?:one|single|patient|case)\b", re.IGNORECASE),
}
"""Words that give a count of none or of one."""

_SIGN_BEFORE = re.compile(r"([<>≤≥])\s*\Z")

Words = Mapping[str, tuple[str, ...]]
"""The parts of the passages whose text is at hand, by the name of the passage."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that is encoded and must be printed: its property, its unit, its comparator.

    ``signs`` are the comparators it may be printed with; None stands for no sign at all, and an
    empty tuple for any.
    """

    term: str
    value: Fraction
    unit: str | None = None
    signs: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """How many figures of a document were compared, and what was wrong with them."""

    document: str
    figures: int
    findings: tuple[Diagnostic, ...]


def check_printed(guideline: Guideline, words: Words) -> Iterator[Checked]:
    """Every figure of everything that rests on a passage whose words are at hand."""
    accounted = guideline.in_discrepancies
    owners = _owners(guideline)
    for thing in guideline.entities.values():
        names = (
            (thing.id,)
            if isinstance(thing, SourcePassage)
            else thing.passages or owners.get(thing.id, ())
        )
        found = [name for name in names if name in words]
        texts = _texts(thing)
        stated = tuple(_stated(guideline, thing, thing.id in accounted))
        if not found or len(found) < len(names) or not (texts or stated):
            continue
        passage = guideline.one(found[0], SourcePassage)
        checks = _Checks(thing, passage, tuple(" ".join(words[name]) for name in found))
        findings = (*checks.texts(texts), *checks.numbers(texts, stated))
        yield Checked(passage.document, len(texts) + len(stated), findings)


def _owners(guideline: Guideline) -> dict[str, tuple[str, ...]]:
    """The passages of the claims that give a result or rating, by the result's name."""
    owners: dict[str, tuple[str, ...]] = {}
    for claim in guideline.all(EvidenceClaim):
        for name in (*claim.results, *claim.ratings):
            owners[str(name)] = (*owners.get(name, ()), *claim.passages)
    return owners


def _texts(thing: Entity) -> tuple[str, ...]:
    """What a thing gives as printed."""
    if isinstance(thing, EvidenceClaim | SourcePassage):
        return thing.reported_texts
    if isinstance(thing, StatisticalResult | ReferenceInterval | FeatureRating | Threshold):
        return (thing.reported_text,) if thing.reported_text else ()
    return ()


def _stated(guideline: Guideline, thing: Entity, accounted: bool) -> Iterator[Stated]:
    """The numbers of a thing that must be printed in its passages.

    The size of a group may stand elsewhere: it is compared where the group is described.
    """
    match thing:
        case StatisticalResult():
            signs = (COMPARATOR_SIGNS.get(thing.comparator or ""),)
            yield from _amount("gg:value", thing.value, thing.unit, signs)
            ends = signs if thing.value is None else ()
            yield from _amount("gg:low", thing.low, thing.unit, ends)
            yield from _amount("gg:high", thing.high, thing.unit)
            yield from _amount("gg:count", thing.count)
            groups = [each for name in thing.arms if (each := guideline.get(name, StudyArm))]
            if thing.sample_size not in [each.sample_size for each in groups]:
                yield from _amount("gg:sampleSize", thing.sample_size)
            below = COMPARATOR_SIGNS.get(thing.p_value_comparator or "")
            yield from _amount("gg:pValue", thing.p_value, None, (below or "=", below))
        case ReferenceInterval():
            yield from _amount(
                "gg:low", thing.low, thing.unit, _ends(">", "≥", thing.low_inclusive)
            )
            yield from _amount(
                "gg:high", thing.high, thing.unit, _ends("<", "≤", thing.high_inclusive)
            )
        case EvidenceClaim() | Study() | StudyArm():
            yield from _amount("gg:sampleSize", thing.sample_size)
        case Threshold(executable_quantity=amount) if amount and thing.reported_text:
            signs = (COMPARATOR_SIGNS.get(thing.comparator),)
            unit = None if accounted else amount.unit
            yield from _amount("gg:executableQuantity", amount.value, unit, signs)


def _amount(
    term: str,
    value: Decimal | int | None,
    unit: str | None = None,
    signs: tuple[str | None, ...] = (),
) -> Iterator[Stated]:
    if value is not None:
        yield Stated(term, Fraction(value), unit, signs)


def _ends(open_end: str, closed: str, inclusive: bool) -> tuple[str | None, ...]:
    """How an end of a normal range may be printed: a plain end belongs to it."""
    return (closed, None) if inclusive else (open_end,)


@dataclass(frozen=True, slots=True)
class _Checks:
    """One thing against the words of the passages it rests on."""

    thing: Entity
    passage: SourcePassage
    words: tuple[str, ...]

    def texts(self, texts: Iterable[str]) -> Iterator[Diagnostic]:
        """What is given as printed stands in one of the passages, uncut."""
        normal = [Normal(each) for each in self.words]
        for text in filter(normalise, texts):  # of a hyphen alone nothing is left to compare
            places = [(each, place) for each in normal for place in each.find(text)]
            if not places:
                yield faults.not_printed(self.thing, text, self.passage)
            elif not any(each.whole(*place) for each, place in places):
                yield faults.cut(self.thing, text, self.passage)
            elif text[0].isdigit() and (sign := _sign_before_all(places)):
                yield faults.sign_left_out(self.thing, text, sign, self.passage)

    def numbers(self, texts: Sequence[str], stated: Iterable[Stated]) -> Iterator[Diagnostic]:
        """Each number is printed, with its comparator and in its unit."""
        near = [figure for text in texts for figure in read(text)]
        far = [figure for words in self.words for figure in read(words)]
        for each in stated:
            here = _of(each, near)
            if not here and not (each.term in AMOUNTS and any(_is_amount(one) for one in near)):
                here = _of(each, far)
            if not here and each.unit is None and self._in_words(each.value):
                continue
            if not here:
                yield faults.number_not_printed(self.thing, each.term, each.value, self.passage)
                continue
            if each.signs and not any(_agrees(figure, each) for figure in here):
                yield faults.comparator_differs(
                    self.thing, each.term, each.signs[0], here[0], self.passage
                )
            if each.unit and _in_another_unit(each.unit, here, far):
                yield faults.unit_differs(self.thing, each.term, each.unit, here[0], self.passage)

    def _in_words(self, value: Fraction) -> bool:
        """Whether none or one is said in words that are no figures."""
        told = IN_WORDS.get(value)
        return told is not None and any(told.search(each) for each in self.words)


def _sign_before_all(places: Iterable[tuple[Normal, tuple[int, int]]]) -> str | None:
    """The comparator that stands before a text in all its places; None if there is one without."""
    signs = [
        found[1] if (found := _SIGN_BEFORE.search(each.text[:start])) else None
        for each, (start, _) in places
    ]
    return signs[0] if all(signs) else None


def _of(stated: Stated, figures: Iterable[Figure]) -> list[Figure]:
    """The figures that have a number, the ends of an interval each at its own place."""
    at_low, at_high = stated.term != "gg:high", stated.term != "gg:low"
    return [
        each
        for each in figures
        if (at_low and each.low == stated.value) or (at_high and each.high == stated.value)
    ]


def _agrees(figure: Figure, stated: Stated) -> bool:
    """Whether a figure is printed with the comparator that is encoded.

    In "≥10–100" the comparator is that of the lower end; it may be told of the upper one too.
    """
    upper_end = figure.kind == "range" and figure.high == stated.value
    return figure.comparator in stated.signs or (upper_end and None in stated.signs)


def _is_amount(figure: Figure) -> bool:
    """Whether a figure is a value or an interval, not a count, a group size or a P value."""
    return figure.kind in ("number", "percent", "range")


def _in_another_unit(encoded: str, here: Sequence[Figure], around: Sequence[Figure]) -> bool:
    """Whether numbers are printed in another unit than the encoded one.

    A row of a table has its unit once. Where a number has none itself, it has one of those around
    it, unless it is a mere number or a time ("day 7"), whose unit stands before it.
    """
    if any(figure.unit for figure in here):
        return all(_differs(figure.unit, encoded) for figure in here)
    if encoded == "1" or units.parse(encoded).dimension == units.parse("d").dimension:
        return False
    printed = [figure.unit for figure in around if figure.unit and _is_unit(figure.unit)]
    return bool(printed) and all(_differs(unit, encoded) for unit in printed)


def _is_unit(printed: str) -> bool:
    try:
        units.parse(printed)
    except units.UnitError:
        return False
    return True


def _differs(printed: str | None, encoded: str) -> bool:
    """Whether a printed unit is certainly not the one that is encoded."""
    if printed is None or normalise(printed) == normalise(encoded):
        return False
    try:
        return units.ratio(printed, encoded) != 1
    except units.IncompatibleUnitsError:
        return True
    except units.UnitError:
        return False
