"""What a DMN model of a guideline consists of: data, decisions, tables and sources, by name.

Each datum, aggregate, criterion, guard and status is an element of its own, so that a reader of
the diagram finds what the guideline speaks of. ``needs`` is exactly what an expression names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.export import notes
from guidegraph.export.base import ExportInput
from guidegraph.export.dmn.feel import RESERVED, Feel, aggregate, literal
from guidegraph.export.names import Names
from guidegraph.export.words import Words
from guidegraph.kernel import NOW, Agg, Assume, Bool, Cmp, Not, Ref, walk
from guidegraph.model import Guideline, Recommendation, SourceDocument, SourcePassage
from guidegraph.program import Input, Named, Rule, Setting
from guidegraph.wire import conditions, wire

TYPES = {"quantity": "number", "boolean": "boolean", "code": "string", "series": "series_type"}
SERIES_TYPE = TYPES["series"]
IN_FORCE = ("applies", "provisional")
UNDETERMINED = ("undetermined",)
DEFEATED = ("defeated",)
TABLES = {
    "recommendations": ("Recommendations in force", IN_FORCE),
    "undetermined": ("Recommendations for which data are missing", UNDETERMINED),
    "defeated": ("Recommendations defeated by an exception", DEFEATED),
}
PLAIN_STATUS = """\
if {0} = true then "applies"
else if {0} = false then "notApplicable"
else "undetermined\""""
STATUS = """\
if {0} = true then
  (if {1} = true then "applies" else if {1} = false then "defeated" else "provisional")
else if {0} = null and {1} = null then "undetermined"
else "notApplicable\""""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What all elements have: a FEEL name, a label and notes for people."""

    name: str
    label: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum(Element):
    """Something that is given: ``role`` is fact or setting, ``key`` its name in the wire form."""

    role: str
    key: str
    type: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Element):
    """A source document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """Something that follows. ``text`` is FEEL; what it names are ``needs``.

    ``recommendation`` is whose status it is, if it is one.
    """

    type: str
    text: str
    needs: tuple[str, ...]
    sources: tuple[str, ...] = ()
    recommendation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: where one column has a status, a recommendation is told."""

    column: str
    status: str
    outputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Element):
    """A table of all rows that match. ``columns`` are the statuses looked at, with their labels."""

    columns: tuple[tuple[str, str], ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The decisions whose results the table looks at."""
        return tuple(name for name, _ in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drg:
    """The model; ``statuses`` gives the name of the status decision of each recommendation."""

    elements: tuple[Element, ...]
    statuses: Mapping[str, str]

    def requirements(self) -> Iterator[tuple[str, str]]:
        """Every pair of an element and what it needs, sources included."""
        for each in self.elements:
            if isinstance(each, Decision | Table):
                yield from ((each.name, other) for other in each.needs)
            if isinstance(each, Decision):
                yield from ((each.name, other) for other in each.sources)


def model(loaded: ExportInput) -> Drg:
    """The elements of a guideline, each after what it needs."""
    return _Maker(loaded).drg()


class _Maker:
    def __init__(self, loaded: ExportInput) -> None:
        self.guideline, self.program = loaded.guideline, loaded.program
        self.names = Names(RESERVED, taken={*TABLES, SERIES_TYPE})
        self.form = wire(self.program)
        self.words = Words(self.form, self.guideline.anchor_words)
        self.sources: dict[str, Source] = {}
        self.statuses: dict[str, str] = {}

    def drg(self) -> Drg:
        elements: list[Element] = [*self._data(), *self._settings(), *self._aggregates()]
        for each in self.program.definitions:
            elements += [self._criterion(each)] if isinstance(each, Named) else self._rule(each)
        rules = sorted(self.program.rules, key=self._place)
        elements += [self._status(each) for each in rules]
        elements += self._tables(rules)
        return Drg(elements=(*self.sources.values(), *elements), statuses=self.statuses)

    def _place(self, rule: Rule) -> int:
        order = [each.id for each in self.guideline.recommendations]
        return order.index(rule.name) if rule.name in order else len(order)

    # --- data -------------------------------------------------------------------------------------

    def _data(self) -> Iterator[Datum]:
        for each in self.program.inputs:
            name = self.names.give(Ref("input", each.name), each.name)
            yield self._datum(name, each, "fact", each.question)
        if any(node == NOW for _, test in conditions(self.program) for node in walk(test)):
            yield Datum(
                name=self.names.give(NOW, "minute_of_decision"),
                label="The minute of the decision",
                notes=(f"Whole minutes since {self.guideline.anchor_words}.",),
                role="fact",
                key="now",
                type="number",
            )

    def _datum(self, name: str, each: Input | Setting, role: str, question: str) -> Datum:
        told = [question] if question else []
        if each.kind in ("quantity", "series"):
            step = f"{10**each.scale} to the unit" if each.scale else "whole numbers"
            told.append(f"Unit: {each.unit or '1'}; {step}.")
        if each.kind == "series":
            told.append("Ascending by minute; an empty list: none was taken; null: not known.")
        if each.codes:
            told.append(f"One of: {', '.join(each.codes)}.")
        return Datum(
            name=name,
            label=each.label or each.name,
            notes=tuple(told),
            role=role,
            key=each.name,
            type=TYPES[each.kind],
            codes=each.codes,
        )

    def _settings(self) -> Iterator[Element]:
        for each in self.program.settings:
            this = Ref("setting", each.name)
            name = self.names.give(this, each.name)
            chosen = self.names.give(("chosen", this), f"chosen_{each.name}")
            yield self._datum(chosen, each, "setting", "A choice of the site.")
            yield Decision(
                name=name,
                label=f"{each.label or each.name} (chosen or default)",
                notes=("What the site has chosen, or else the default of the guideline.",),
                type=TYPES[each.kind],
                text=f"if {chosen} = null then {_default(each)} else {chosen}",
                needs=(chosen,),
            )

    def _aggregates(self) -> Iterator[Decision]:
        found = (node for _, test in conditions(self.program) for node in walk(test))
        for node in dict.fromkeys(each for each in found if isinstance(each, Agg)):
            series = self.names[Ref("input", node.series)]
            ends = [("from", node.low), ("to", node.high)]
            window = [f"{word} {minute}" for word, minute in ends if minute is not None]
            wanted = " ".join((node.fn, node.series, *window)).replace(" -", " m")
            yield Decision(
                name=self.names.give(node, wanted),
                label=self.words.number(node),
                type="number",
                text=aggregate(node, series),
                needs=(series,),
            )

    # --- conditions -------------------------------------------------------------------------------

    def _decision(
        self, name: str, label: str, condition: Bool, told: Iterable[str], *sources: str
    ) -> Decision:
        feel = Feel(self.form, self.names)
        text = feel.write(condition)
        return Decision(
            name=name,
            label=label,
            notes=(*told, *self._explained(condition)),
            type="boolean",
            text=text,
            needs=tuple(self.names[each] for each in feel.used),
            sources=sources,
        )

    def _explained(self, condition: Bool) -> Iterator[str]:
        for node in dict.fromkeys(walk(condition)):
            if isinstance(node, Cmp):
                yield f"Compares: {self.words.comparison(node)}"
            elif isinstance(node, Assume):
                yield f"Where unknown, {str(node.default).lower()} is assumed: {node.why}"

    def _criterion(self, named: Named) -> Decision:
        name = self.names.give(Ref("criterion", named.name), named.name)
        told = [notes.of_criterion(self.guideline, named)]
        return self._decision(name, named.label or named.name, named.condition, told)

    def _rule(self, rule: Rule) -> Iterator[Decision]:
        """The guard and, where there are exceptions, whether the rule holds in spite of them."""
        told = tuple(notes.of_rule(self.guideline, rule))
        sources = tuple(self._sources(rule.name))
        this, guard = Ref("rule", rule.name), ("guard", rule.name)
        label = rule.label or rule.name
        if not rule.unless:
            name = self.names.give(this, rule.name)
            self.names.given[guard] = name
            yield self._decision(name, label, rule.guard, told, *sources)
            return
        name = self.names.give(guard, f"{rule.name}_guard")
        yield self._decision(name, f"{label}: exceptions aside", rule.guard, told, *sources)
        name = self.names.give(this, rule.name)
        feel = Feel(self.form, self.names)
        text = feel.all_of((feel.name(guard), *(feel.write(Not(each)) for each in rule.unless)))
        yield Decision(
            name=name,
            label=label,
            notes=(*told, "The same, unless one of its exceptions holds."),
            type="boolean",
            text=text,
            needs=tuple(self.names[each] for each in feel.used),
            sources=sources,
        )

    def _sources(self, name: str) -> Iterator[str]:
        recommendation = self.guideline.get(name, Recommendation)
        for each in recommendation.passages if recommendation else ():
            passage = self.guideline.get(each, SourcePassage)
            document = passage and self.guideline.get(passage.document, SourceDocument)
            if document:
                yield self._source(document)

    def _source(self, document: SourceDocument) -> str:
        if document.id not in self.sources:
            self.sources[document.id] = Source(
                name=self.names.give(("source", document.id), f"source_{document.id}"),
                label=str(document.label) or document.id,
            )
        return self.sources[document.id].name

    # --- answers ----------------------------------------------------------------------------------

    def _status(self, rule: Rule) -> Decision:
        guard, effective = self.names["guard", rule.name], self.names[Ref("rule", rule.name)]
        name = self.names.give(("status", rule.name), f"status_{rule.name}")
        self.statuses[rule.name] = name
        return Decision(
            name=name,
            label=f"Status of {rule.name}",
            notes=(f"{rule.name}: {rule.label}",),
            type="string",
            text=(STATUS if rule.unless else PLAIN_STATUS).format(guard, effective),
            needs=tuple(dict.fromkeys((guard, effective))),
            recommendation=rule.name,
        )

    def _tables(self, rules: list[Rule]) -> Iterator[Table]:
        for name, (label, statuses) in TABLES.items():
            shown = [each for each in rules if statuses != DEFEATED or each.unless]
            if statuses == DEFEATED and not shown:
                continue
            yield Table(
                name=name,
                label=label,
                columns=tuple((self.statuses[each.name], each.name) for each in shown),
                outputs=("recommendation", "status", "modality"),
                rows=tuple(
                    Row(
                        column=self.statuses[rule.name],
                        status=status,
                        outputs=(rule.name, status, rule.modality),
                        note=_told(self.guideline, rule),
                    )
                    for rule in shown
                    for status in statuses
                    if status != "provisional" or rule.unless
                ),
            )


def _default(setting: Setting) -> str:
    if setting.default is None:
        return "null"
    if isinstance(setting.default, Fraction):
        return str(setting.default * 10**setting.scale)
    return literal(setting.default)


def _told(guideline: Guideline, rule: Rule) -> str:
    recommendation = guideline.get(rule.name, Recommendation)
    return str(recommendation.statement) if recommendation else rule.label
