"""Criteria in clinical English: ``First D-dimer (on admission) below 1,000 µg/L``.

The words say exactly what is executed: which observation is taken, in which window, how it is
compared, and what an end of a range means. Where a phrase has several readings all are listed.
"""

from __future__ import annotations

from functools import partial

from guidegraph.criteria import (
    ComparisonCriterion,
    Criterion,
    FindingCriterion,
    InterpretedCriterion,
    JudgementCriterion,
    LogicalCriterion,
    MembershipCriterion,
    RangeCriterion,
    TrendCriterion,
    YesNoCriterion,
)
from guidegraph.entity import Entity, Text
from guidegraph.model import (
    CodedValue,
    Guideline,
    InterpretationPoint,
    Observable,
    Population,
    Reading,
    SiteParameter,
    Threshold,
    TimeWindow,
)
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import Item, Line, Span
from guidegraph.site.figures import figure
from guidegraph.wording import readable

SELECTORS = {
    "First": "First",
    "Latest": "Latest",
    "Highest": "Highest",
    "Lowest": "Lowest",
    "Count": "Number of measurements of",
    "RisingRun": "Measurements rising in a row at the end of",
}
COMPARATORS = {
    "LessThan": "below",
    "AtMost": "at most",
    "Equal": "equal to",
    "AtLeast": "at least",
    "GreaterThan": "above",
}
CONNECTIVES = {
    "AllOf": "All of these hold",
    "AnyOf": "Any of these holds",
    "NoneOf": "None of these holds",
}


class Wording:
    """Words for the things of one guideline, linked to their places on the site."""

    def __init__(self, guideline: Guideline, addresses: Addresses) -> None:
        self.guideline = guideline
        self.addresses = addresses

    def said(self, text: Text, style: str = "") -> Line:
        """A text of the guideline; words that are not English say in which language they are."""
        if not text:
            return ()
        shown = str(text)
        spoken = next((language for language, words in text.words if words == shown), "")
        return (Span(shown, style=style, lang="" if spoken == "en" else spoken),)

    def name(self, name: str | None) -> Line:
        """A thing by its label, linked; a name that is not known stands as it is."""
        if not name:
            return ()
        thing = self.guideline.entities.get(name)
        if thing is None:
            return (Span(name, style="code"),)
        return self.link(thing, str(thing.label) or name)

    def link(self, thing: Entity, words: str) -> Line:
        """Words that lead to a thing."""
        return (Span(words, to=self.addresses.of(thing.id)),)

    def criterion(self, name: str | None) -> Item | None:
        """A criterion and what it is made of, as a nested list."""
        found = self.guideline.get(name, Criterion)
        return self._item(found, frozenset()) if found else None

    def population(self, name: str | None) -> Item | None:
        """Who is meant: the population's name, and the criterion that defines it."""
        found = self.guideline.get(name, Population)
        if found is None:
            return None
        defined = self.criterion(found.defining_criterion)
        return Item(self.name(found.id), (defined,) if defined else ())

    def line(self, criterion: Criterion) -> Line:
        """A criterion in one line, without its parts."""
        match criterion:
            case ComparisonCriterion():
                return (
                    *self._measure(criterion),
                    Span(f" {COMPARATORS.get(criterion.comparator, criterion.comparator)} "),
                    *self.limit(criterion.threshold),
                )
            case RangeCriterion():
                return self._range(criterion)
            case TrendCriterion():
                return self._trend(criterion)
            case LogicalCriterion():
                return self._connective(criterion)
            case MembershipCriterion():
                return self._membership(criterion)
            case InterpretedCriterion():
                label = str(criterion.label) or "A phrase with several readings"
                to = self.addresses.of(criterion.interpretation_point)
                return (Span(label, to=to), Span(" "), Span("several readings", style="tag"))
            case JudgementCriterion() | FindingCriterion():
                return self._answer(criterion)
            case _:
                return self.name(criterion.id)

    def limit(self, name: str) -> Line:
        """The number behind a threshold, linked to it; a site's choice says so."""
        threshold = self.guideline.get(name, Threshold)
        if threshold is None:
            return self.name(name)
        if threshold.executable_quantity is not None:
            return self.link(threshold, figure(threshold.executable_quantity))
        setting = self.guideline.get(threshold.site_parameter, SiteParameter)
        if setting is None:
            return self.name(name)
        return (
            *self.link(threshold, "the limit your site chooses"),
            Span(f" ({self.choice(setting)})"),
        )

    def choice(self, setting: SiteParameter) -> str:
        """What a site may choose, and what holds until it does."""
        told = []
        if setting.default_quantity is not None:
            told.append(f"{figure(setting.default_quantity)} unless set otherwise")
        if setting.default_coded_value is not None:
            default = self.guideline.entities.get(setting.default_coded_value)
            shown = str(default.label) if default else setting.default_coded_value
            told.append(f"“{shown}” unless set otherwise")
        if setting.permitted_range is not None:
            told.append(f"permitted: {figure(setting.permitted_range)}")
        return "; ".join(told) or "no default"

    def window(self, name: str | None) -> Line:
        """The short name of a time window, in brackets: `` (on admission)``."""
        window = self.guideline.get(name, TimeWindow)
        if window is None:
            return ()
        short = str(window.label).partition(" (")[0] or window.id
        return (Span(" ("), *self.link(window, short[:1].lower() + short[1:]), Span(")"))

    def _item(self, criterion: Criterion, above: frozenset[str]) -> Item:
        if criterion.id in above:
            return Item(self.name(criterion.id))
        inside = partial(self._part, above=above | {criterion.id})
        parts: tuple[Item, ...] = ()
        if isinstance(criterion, LogicalCriterion):
            parts = tuple(inside(each) for each in criterion.operands)
        elif isinstance(criterion, InterpretedCriterion):
            parts = self._readings(criterion, inside)
        note: Line = (Span(" example", style="quiet"),) if criterion.is_illustrative else ()
        return Item((*self.line(criterion), *note), parts)

    def _part(self, name: str, above: frozenset[str]) -> Item:
        found = self.guideline.get(name, Criterion)
        return self._item(found, above) if found else Item(self.name(name))

    def _readings(self, criterion: InterpretedCriterion, inside: partial[Item]) -> tuple[Item, ...]:
        """Each reading of the phrase with what it means; the one that runs comes first."""
        point = self.guideline.get(criterion.interpretation_point, InterpretationPoint)
        readings = [self.guideline.get(each, Reading) for each in (point.readings if point else ())]
        found = []
        for reading in readings:
            chosen = next((n for n in criterion.operands if reading and n in reading.selects), None)
            if point is None or reading is None or chosen is None:
                continue
            is_default = reading.id == point.default_reading
            sign = "the reading that runs" if is_default else "another reading"
            label = (Span(sign, style="reading default" if is_default else "reading"),)
            meant = inside(chosen)
            found.append((not is_default, Item(meant.line, meant.parts, label=label)))
        return tuple(item for _, item in sorted(found, key=lambda each: each[0]))

    def _measure(self, criterion: ComparisonCriterion | RangeCriterion | TrendCriterion) -> Line:
        return self._selected(
            criterion.observable, criterion.observation_selector, criterion.time_window
        )

    def _selected(self, observable: str, selector: str | None, window: str | None) -> Line:
        """``Latest D-dimer (follow-up)``."""
        before = SELECTORS.get(selector or "", selector or "")
        start = (Span(f"{before} "),) if before else ()
        return (*start, *self.name(observable), *self.window(window))

    def _range(self, criterion: RangeCriterion) -> Line:
        low = "included" if criterion.low_inclusive else "not included"
        high = "included" if criterion.high_inclusive else "not included"
        return (
            *self._measure(criterion),
            Span(" from "),
            *self.limit(criterion.low_threshold),
            Span(f" ({low}) to "),
            *self.limit(criterion.high_threshold),
            Span(f" ({high})"),
        )

    def _trend(self, criterion: TrendCriterion) -> Line:
        earlier = self._selected(
            criterion.observable, criterion.trend_baseline, criterion.baseline_window
        )
        first = Span(earlier[0].text[:1].lower() + earlier[0].text[1:])
        times = (
            f"{readable(criterion.minimum_ratio)} times the " if criterion.minimum_ratio else "the "
        )
        more = f" plus {figure(criterion.minimum_change)}" if criterion.minimum_change else ""
        return (
            *self._measure(criterion),
            Span(f" {COMPARATORS.get(criterion.comparator, criterion.comparator)} {times}"),
            first,
            *earlier[1:],
            *((Span(more),) if more else ()),
        )

    def _connective(self, criterion: LogicalCriterion) -> Line:
        """``Elevated by the fixed limit: all of these hold``."""
        several = f"At least {readable(criterion.minimum_count or 1)} of these hold"
        connective = CONNECTIVES.get(criterion.operator, several)
        if not criterion.label:
            return (Span(connective),)
        name = self.link(criterion, str(criterion.label))
        return (*name, Span(f": {connective[:1].lower()}{connective[1:]}", style="connective"))

    def _membership(self, criterion: MembershipCriterion) -> Line:
        values: list[Span] = []
        for place, name in enumerate(criterion.coded_values):
            if place:
                values.append(Span(" or " if place == len(criterion.coded_values) - 1 else ", "))
            value = self.guideline.get(name, CodedValue)
            said = str(value.label) or value.wire_code if value else name
            values += self.link(value, f"“{said}”") if value else self.name(name)
        subject = criterion.observable or criterion.site_parameter
        return (*self.name(subject), Span(" is "), *values)

    def _answer(self, criterion: YesNoCriterion) -> Line:
        """A yes/no question with the answer that counts; a judgement shows its question."""
        asked = self.guideline.get(criterion.observable, Observable)
        answer = "yes" if criterion.expected else "no"
        if asked is None:
            return (*self.name(criterion.observable), Span(f": {answer}"))
        question = getattr(criterion, "question", Text()) or asked.question
        if isinstance(criterion, JudgementCriterion) and question:
            return (*self.link(asked, str(question)), Span(" "), Span(answer, style="answer"))
        return (*self.name(asked.id), Span(": "), Span(answer, style="answer"))
