"""Everything a page and its reasoning say about the data, settings and advice of a guideline.

``guidegraph.described`` holds::

    guideline        {id, iri, label, version, anchor, anchorWords, adapts}
    inputs           [{name, label, question, kind, page, unit, unitLabel, scale, low, high, basis,
                       codes, validFor, cost, time, units}]
    settings         [{name, label, kind, page, unit, unitLabel, scale, default, low, high,
                       lowInclusive, highInclusive, codes, units}]
    recommendations  [{id, label, statement, modality, modalityWords, norm, mark, strength,
                       strengthWords, certainty, certaintyWords, action, page, guard, unless,
                       reinforcedBy, alternativeTo, passages, claims}]
    criteria         [{id, label, page, condition, isLeaf, form, items, reading, limits, passages,
                       claims}]
    definitions      [{id, label, isExternal, criterion, page}]
    scopes           [{id, label, page, populations, recommendations}], where gaps are looked for
    pathways         [{id, label, page, nodes: [{id, page, recommendations}]}]
    data             the data of the conditions (see ``trees``)
    passages, claims by name; pages: the address of each thing, from the root of the site
    incompatible, readings, otherReadings (not the guideline's own choice), words
    units (how units are written)

Numbers are exact decimal texts in canonical units; what does not exist is not there. A unit to
choose is ``{code, label, numerator, denominator}``: so many canonical units is one of it. ``codes``
are ``{code, label, page}``. ``time`` says whether a value needs its time: ``required``, ``useful``
(it expires) or ``none``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from guidegraph import units
from guidegraph.criteria import Criterion, ScoreItem
from guidegraph.entity import references
from guidegraph.evaluate.data import REASONS
from guidegraph.evaluate.fields import present
from guidegraph.evaluate.gaps import scopes
from guidegraph.evaluate.status import FORCES
from guidegraph.kernel import Bool, Ref, walk
from guidegraph.model import (
    Action,
    CarePathway,
    ClinicalDefinition,
    CodedValue,
    Guideline,
    InterpretationPoint,
    Observable,
    PathwayNode,
    Population,
    Reading,
    Recommendation,
    SiteParameter,
)
from guidegraph.program import Input, Named, Program, Rule, Setting
from guidegraph.site.addresses import Addresses
from guidegraph.site.reasoning.grounds import Grounds
from guidegraph.site.reasoning.trees import Trees
from guidegraph.site.view import MARKS
from guidegraph.units.atoms import BASES, DEFINED, PREFIXES
from guidegraph.units.spellings import COMMON, COUNTED, PARTS, SEVERAL, WHOLE
from guidegraph.wire import wire
from guidegraph.wording import SELECTORS, UNIT_LABELS, plain, unit_label

LARGEST_STEP = 1000
"""A unit that is more than so many times larger or smaller than the canonical one is no choice."""
PURE = ("1", "%")
"""Neither is a choice where the other is canonical: 0.5 is too easily read as 0.5%."""


def described(
    guideline: Guideline, program: Program, addresses: Addresses, made: set[str] | None = None
) -> dict[str, Any]:
    """What the scripts need to know; ``made`` are the pages there are (None: every page)."""
    return _Description(guideline, program, addresses, made).whole()


class _Description:
    def __init__(
        self, guideline: Guideline, program: Program, addresses: Addresses, made: set[str] | None
    ) -> None:
        self.guideline = guideline
        self.program = program
        self.addresses = addresses
        self.made = made
        self.trees = Trees(wire(program))
        self.grounds = Grounds(guideline, program, self.trees)
        self.pages: dict[str, str] = {}

    def whole(self) -> dict[str, Any]:
        rules = {each.name: each for each in self.program.rules}
        recommendations = [
            self._recommendation(each, rules[each.id])
            for each in self.guideline.recommendations
            if each.id in rules
        ]
        found = {
            "guideline": self._header(),
            "readings": dict(self.program.readings),
            "otherReadings": self._other_readings(),
            "inputs": [self._input(each) for each in self.program.inputs],
            "settings": [self._setting(each) for each in self.program.settings],
            "recommendations": recommendations,
            "criteria": [self._criterion(each) for each in self.program.criteria],
            "definitions": [*self._definitions()],
            "scopes": [*self._scopes(rules)],
            "pathways": [self._pathway(each) for each in self.guideline.all(CarePathway)],
            "incompatible": [list(each) for each in self.program.incompatible],
            "units": _units(),
            "words": {
                "selectors": SELECTORS,
                "reasons": REASONS,
                "units": UNIT_LABELS,
                "forces": FORCES,
            },
        }
        found["data"] = self.trees.data
        found["passages"] = self.grounds.passages
        found["claims"] = self.grounds.claims
        for name in (*self.grounds.passages, *self.grounds.claims):
            self._page(name)
        return {**found, "pages": self.pages}

    def _other_readings(self) -> dict[str, str]:
        """The readings in force that are not the ones the guideline takes by itself."""
        own = {each.id: each.default_reading for each in self.guideline.all(InterpretationPoint)}
        readings = self.program.readings.items()
        return {name: each for name, each in readings if own.get(name, each) != each}

    def _page(self, name: str | None) -> str | None:
        """The address of a thing, which is also put into the list of all."""
        address = self.addresses.of(name)
        if name is None or address is None:
            return None
        if self.made is not None and address.partition("#")[0] not in self.made:
            return None
        self.pages[name] = address
        return address

    def _header(self) -> dict[str, Any]:
        header, adaptation = self.guideline.header, self.guideline.adaptation
        upstream = adaptation and {
            "guideline": adaptation.upstream.iri,
            "version": adaptation.upstream.version,
        }
        return {
            **present(adapts=upstream),
            "id": header.id,
            "iri": header.iri,
            "label": str(header.label),
            "version": self.program.version,
            "anchor": self.program.anchor,
            "anchorWords": self.guideline.anchor_words,
        }

    # --- data and settings ---

    def _input(self, each: Input) -> dict[str, Any]:
        observable = self.guideline.get(each.name, Observable)
        coded = observable.coded_values if observable else ()
        return {
            "name": each.name,
            "label": each.label,
            "question": each.question,
            "kind": each.kind,
            "scale": each.scale,
            "cost": each.cost,
            "time": _time(each),
            **present(
                page=self._page(each.name),
                basis=each.basis,
                codes=self._codes(each.codes, coded),
                validFor=each.valid_for,
                **_measured(each),
            ),
        }

    def _setting(self, each: Setting) -> dict[str, Any]:
        parameter = self.guideline.get(each.name, SiteParameter)
        coded = parameter.coded_values if parameter else ()
        default = each.default
        return {
            "name": each.name,
            "label": each.label,
            "kind": each.kind,
            "scale": each.scale,
            "lowInclusive": each.low_inclusive,
            "highInclusive": each.high_inclusive,
            **present(
                page=self._page(each.name),
                default=plain(default) if isinstance(default, Fraction) else default,
                codes=self._codes(each.codes, coded),
                **_measured(each),
            ),
        }

    def _codes(self, codes: tuple[str, ...], values: tuple[str, ...]) -> list[dict[str, Any]]:
        named = {each.wire_code: each for name in values if (each := self._coded(name))}
        found = []
        for code in codes:
            value = named.get(code)
            label = str(value.label) if value else ""
            page = self._page(value.id) if value else None
            found.append({"code": code, "label": label or code, **present(page=page)})
        return found

    def _coded(self, name: str) -> CodedValue | None:
        return self.guideline.get(name, CodedValue)

    # --- advice ---

    def _recommendation(self, found: Recommendation, rule: Rule) -> dict[str, Any]:
        words = self.guideline.words
        action = self.guideline.get(found.action, Action)
        told = action and {
            "id": action.id,
            "label": str(action.label),
            **present(page=self._page(action.id)),
        }
        return {
            "id": found.id,
            "label": str(found.label),
            "statement": str(found.statement),
            "modality": found.modality,
            "modalityWords": words(found.modality),
            "norm": rule.norm,
            "mark": MARKS[rule.norm],
            "strength": found.strength,
            "strengthWords": words(found.strength),
            "certainty": found.certainty,
            "certaintyWords": words(found.certainty),
            "action": told,
            "guard": self.trees.condition(rule.guard),
            "unless": [self.trees.condition(each) for each in rule.unless],
            "reinforcedBy": found.reinforced_by,
            "alternativeTo": list(rule.alternative_to),
            **present(page=self._page(found.id)),
            **self.grounds.of(found),
        }

    def _criterion(self, named: Named) -> dict[str, Any]:
        found = self.guideline.one(named.name, Criterion)
        referred = [name for _, name in references(found)]
        items = [each for name in referred if (each := self.guideline.get(name, ScoreItem))]
        limits = [*self.grounds.limits(found)]
        for limit in limits:
            self._page(limit["id"])
        return {
            "id": found.id,
            "label": str(found.label) or found.id,
            "condition": self.trees.condition(named.condition),
            "isLeaf": not _names_others(named.condition),
            "items": [[each.operand, each.points, each.score_group or ""] for each in items],
            "limits": limits,
            **present(
                page=self._page(found.id),
                form=found.connective,
                reading=self._reading(referred),
            ),
            **self.grounds.of(found),
        }

    def _reading(self, referred: list[str]) -> dict[str, str] | None:
        """The reading in force of the interpretation point that a criterion turns on."""
        for name in referred:
            if point := self.guideline.get(name, InterpretationPoint):
                reading = self.guideline.one(self.program.readings[point.id], Reading)
                for each in (point.id, reading.id):
                    self._page(each)
                return {"point": point.id, "reading": reading.id, "label": str(reading.label)}
        return None

    # --- the whole guideline ---

    def _definitions(self) -> Iterator[dict[str, Any]]:
        for each in self.guideline.all(ClinicalDefinition):
            if each.defining_criterion:
                yield {
                    "id": each.id,
                    "label": str(each.label),
                    "isExternal": each.is_external,
                    "criterion": each.defining_criterion,
                    **present(page=self._page(each.id)),
                }

    def _scopes(self, rules: dict[str, Rule]) -> Iterator[dict[str, Any]]:
        for scope, label, populations, members in scopes(self.guideline):
            found = (self.guideline.get(each, Population) for each in populations)
            yield {
                "id": scope,
                "label": label,
                "populations": [e.defining_criterion for e in found if e and e.defining_criterion],
                "recommendations": [each for each in members if each in rules],
                **present(page=self._page(scope)),
            }

    def _pathway(self, pathway: CarePathway) -> dict[str, Any]:
        nodes = [e for e in self.guideline.all(PathwayNode) if e.pathway == pathway.id]
        return {
            "id": pathway.id,
            "label": str(pathway.label),
            **present(page=self._page(pathway.id)),
            "nodes": [
                {
                    "id": node.id,
                    "recommendations": [
                        each.id
                        for each in self.guideline.recommendations
                        if node.id in each.implemented_by
                    ],
                    **present(page=self._page(node.id)),
                }
                for node in nodes
            ],
        }


def _measured(each: Input | Setting) -> dict[str, Any]:
    """Unit and range of a quantity, and the units to choose from."""
    return {
        "unit": each.unit,
        "unitLabel": unit_label(each.unit) if each.unit else None,
        "low": None if each.low is None else plain(each.low),
        "high": None if each.high is None else plain(each.high),
        "units": [*_choices(each)],
    }


def _choices(each: Input | Setting) -> Iterator[dict[str, str]]:
    """The canonical unit, then usual ones of which whole amounts can be compared."""
    if each.kind not in ("quantity", "series"):
        return
    canonical = each.unit or "1"
    for code in dict.fromkeys((canonical, *COMMON)):
        try:
            factor = units.ratio(code, canonical)
        except units.IncompatibleUnitsError:
            continue
        near = Fraction(1, LARGEST_STEP) <= factor <= LARGEST_STEP and code not in PURE
        if code == canonical or (near and (factor * 10**each.scale).denominator == 1):
            yield {
                "code": code,
                "label": unit_label(code),
                "numerator": str(factor.numerator),
                "denominator": str(factor.denominator),
            }


def _time(each: Input) -> str:
    if each.kind == "series":
        return "required"
    return "none" if each.valid_for is None else "useful"


def _names_others(condition: Bool) -> bool:
    kinds = ("criterion", "rule")
    return any(isinstance(part, Ref) and part.kind in kinds for part in walk(condition))


def _units() -> dict[str, Any]:
    """How units are written: the tables of ``units``, in their order where it matters."""
    return {
        "prefixes": [[symbol, str(factor)] for symbol, factor in PREFIXES.items()],
        "bases": BASES,
        "defined": {symbol: list(meaning) for symbol, meaning in DEFINED.items()},
        "parts": PARTS,
        "whole": WHOLE,
        "several": {written: list(codes) for written, codes in SEVERAL.items()},
        "counted": list(COUNTED),
        "common": list(COMMON),
    }
