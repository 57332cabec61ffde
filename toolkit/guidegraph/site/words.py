"""Criteria in clinical English: ``First D-dimer (on admission) below 1,000 µg/L``.

The words say exactly what is executed: which observation is taken, in which window, how it is
compared, and what an end of a range means. Where a phrase has several readings all are listed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from guidegraph import formula
from guidegraph.criteria import Asked, Criterion, Named, ScoreItem, Styled
from guidegraph.entity import Entity, Quantity, Text, references
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
from guidegraph.site.blocks import Item, Line, Other, Span
from guidegraph.site.figures import figure
from guidegraph.site.languages import Languages
from guidegraph.wording import plural


class Wording:
    """Words for the things of one guideline, linked to their places on the site."""

    def __init__(self, guideline: Guideline, addresses: Addresses) -> None:
        self.guideline = guideline
        self.addresses = addresses
        self.languages = Languages(guideline)

    def said(self, text: Text, style: str = "") -> Line:
        """A text of the guideline; words that are not English say in which language they are."""
        if not text:
            return ()
        shown = str(text)
        spoken = next((language for language, words in text.words if words == shown), "")
        lang = "" if spoken == "en" else spoken
        return (Span(shown, style=style, lang=lang, others=self.languages.others(text, shown)),)

    def name(self, name: str | None) -> Line:
        """A thing by its label, linked; a name that is not known stands as it is."""
        if not name:
            return ()
        thing = self.guideline.entities.get(name)
        if thing is None:
            return (Span(name, style="code"),)
        return self.link(thing, str(thing.label) or name, self.languages.others(thing.label))

    def link(self, thing: Entity, words: str, others: tuple[Other, ...] = ()) -> Line:
        """Words that lead to a thing, with the same in ``others`` languages."""
        return (Span(words, to=self.addresses.of(thing.id), others=others),)

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
        return tuple(span for piece in criterion.phrase() for span in self._piece(piece))

    def limit(self, name: str) -> Line:
        """The number behind a threshold, linked to it; a site's choice says so."""
        threshold = self.guideline.get(name, Threshold)
        if threshold is None:
            return self.name(name)
        if threshold.executable_quantity is not None:
            return self.link(threshold, figure(threshold.executable_quantity))
        if threshold.formula:
            return self.link(threshold, self.formula(threshold.formula))
        setting = self.guideline.get(threshold.site_parameter, SiteParameter)
        if setting is None:
            return self.name(name)
        return (
            *self.link(threshold, "the limit your site chooses"),
            Span(f" ({self.choice(setting)})"),
        )

    def formula(self, text: str) -> str:
        """A formula in words; as it is written where it cannot be read."""
        try:
            tree = formula.parse(text)
        except formula.FormulaError:
            return text
        return formula.said(tree, lambda each: formula.picked(each, self._label))

    def _label(self, name: str) -> str:
        thing = self.guideline.entities.get(name)
        return str(thing.label) if thing and thing.label else name

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
        return (
            Span(" ("),
            *self.link(
                window,
                _short(str(window.label)) or window.id,
                tuple(
                    replace(each, text=_short(each.text))
                    for each in self.languages.others(window.label)
                ),
            ),
            Span(")"),
        )

    def _item(self, criterion: Criterion, above: frozenset[str]) -> Item:
        if criterion.id in above:
            return Item(self.name(criterion.id))
        inside = partial(self._part, above=above | {criterion.id})
        note: Line = (Span(" example", style="quiet"),) if criterion.is_illustrative else ()
        return Item((*self.line(criterion), *note), self._parts(criterion, inside))

    def _parts(self, criterion: Criterion, inside: partial[Item]) -> tuple[Item, ...]:
        """What a criterion is made of: the readings of a phrase, items of a score, other criteria.

        A part that its line names already (the operand of an assumption) is shown all the same: it
        is what the line stands on.
        """
        named = [name for _, name in references(criterion)]
        points = [self.guideline.get(name, InterpretationPoint) for name in named]
        if point := next((each for each in points if each), None):
            return self._readings(named, point, inside)
        items = [self.guideline.get(name, ScoreItem) for name in named]
        score = self._score([each for each in items if each], inside)
        return (*score, *(inside(each) for each in named if self.guideline.get(each, Criterion)))

    def _score(self, items: list[ScoreItem], inside: partial[Item]) -> tuple[Item, ...]:
        """Score items with their points; those of one group under its name."""
        groups: dict[str | int, list[Item]] = {}
        for place, each in enumerate(items):
            part = inside(each.operand)
            label = (Span(plural(each.points, "point"), style="reading"),)
            groups.setdefault(each.score_group or place, []).append(
                Item(part.line, part.parts, label=label)
            )
        return tuple(
            Item(_group(group), tuple(found)) if isinstance(group, str) else found[0]
            for group, found in groups.items()
        )

    def _part(self, name: str, above: frozenset[str]) -> Item:
        found = self.guideline.get(name, Criterion)
        return self._item(found, above) if found else Item(self.name(name))

    def _readings(
        self, named: list[str], point: InterpretationPoint, inside: partial[Item]
    ) -> tuple[Item, ...]:
        """Each reading of a phrase with what it means; the one that runs comes first."""
        readings = [self.guideline.get(each, Reading) for each in point.readings]
        found = []
        for reading in readings:
            chosen = next((n for n in named if reading and n in reading.selects), None)
            if reading is None or chosen is None:
                continue
            is_default = reading.id == point.default_reading
            sign = "the reading that runs" if is_default else "another reading"
            label = (Span(sign, style="reading default" if is_default else "reading"),)
            meant = inside(chosen)
            found.append((not is_default, Item(meant.line, meant.parts, label=label)))
        return tuple(item for _, item in sorted(found, key=lambda each: each[0]))

    def _piece(self, piece: str | Quantity | Named | Asked | Styled) -> Line:
        """A piece of a phrase, with what it names looked up."""
        match piece:
            case str():
                return (Span(piece),)
            case Quantity():
                return (Span(figure(piece)),)
            case Styled(words, style):
                return (Span(words, style=style),)
            case Asked(observable, words):
                return self._question(observable, words)
            case Named(name, words):
                return self._thing(name, words)

    def _question(self, observable: str, words: str) -> Line:
        asked = self.guideline.get(observable, Observable)
        question = words or (str(asked.question) if asked else "")
        if asked is None or not question:
            return (*self.name(observable), Span(":"))
        others = () if words else self.languages.others(asked.question)
        return self.link(asked, question, others)

    def _thing(self, name: str, words: str) -> Line:
        thing = self.guideline.entities.get(name)
        if words:
            return (Span(words, to=self.addresses.of(name)),)
        match thing:
            case Threshold():
                return self.limit(name)
            case TimeWindow():
                return self.window(name)
            case CodedValue():
                others = self.languages.others(thing.label)
                quoted = tuple(replace(each, text=f"“{each.text}”") for each in others)
                return self.link(thing, f"“{str(thing.label) or thing.wire_code}”", quoted)
            case _:
                return self.name(name)


def _short(label: str) -> str:
    """The name of a time window as it stands in a sentence, without what explains it."""
    short = label.partition(" (")[0]
    return short[:1].lower() + short[1:]


def _group(name: str) -> Line:
    """``Platelets: only the highest points count``."""
    shown = name[:1].upper() + name[1:]
    return (Span(shown), Span(": only the highest points count", style="connective"))
