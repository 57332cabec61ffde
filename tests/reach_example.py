"""The scaffold's guideline with other things in it, and what some checks say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from guidegraph.criteria import ComparisonCriterion, LogicalCriterion
from guidegraph.entity import Code, Entity, Quantity, Ref, Ucum
from guidegraph.lower import lower
from guidegraph.model import Guideline, Recommendation, Threshold
from guidegraph.proof import Prover
from guidegraph.regions import Words
from guidegraph.verify import Case, Check, Entry, Refuted, all_readings
from pathway_example import make
from program_example import scaffold

ON_ADMISSION = {"observation_selector": Code("First"), "time_window": Ref("WIN-admission")}


def cases(guideline: Guideline) -> list[Case]:
    """The guideline under each of its readings, the defaults first."""
    programs = [lower(guideline, each) for each in all_readings(guideline).choices]
    prover, memory = Prover.of(programs), dict[object, object]()
    words = Words(guideline, programs[0])
    return [Case(guideline, each, prover.theory(each), words, memory) for each in programs]


def entries(guideline: Guideline, *checks: Check) -> list[list[Entry]]:
    """What the checks say under each reading."""
    return [[e for check in checks for e in check(case)] for case in cases(guideline)]


def first(guideline: Guideline, *checks: Check) -> list[Entry]:
    """What the checks say in the default reading."""
    case = cases(guideline)[0]
    return [each for check in checks for each in check(case)]


def found(guideline: Guideline, *checks: Check) -> list[Refuted]:
    """What is refuted in the default reading."""
    return [each for each in first(guideline, *checks) if isinstance(each, Refuted)]


def about(refuted: Iterable[Refuted]) -> set[tuple[str, ...]]:
    """The codes with what they are about."""
    return {(each.code, *each.subjects) for each in refuted}


def with_things(*things: Entity, base: Guideline | None = None) -> Guideline:
    """The guideline with these added, or in the place of those of the same name."""
    known = base or scaffold()
    return replace(known, entities={**known.entities, **{each.id: each for each in things}})


def logical(name: str, operator: str, *operands: str, **fields: Any) -> LogicalCriterion:
    """All of, any of, none of (or at least some) of criteria."""
    return make(
        LogicalCriterion,
        name,
        operator=Code(operator),
        operands=tuple(map(Ref, operands)),
        **fields,
    )


def limit(name: str, value: str, unit: str = "ug/L", **fields: Any) -> Threshold:
    """A threshold of the marker."""
    given: dict[str, Any] = {
        "observable": Ref("example-marker"),
        "comparator": Code("AtLeast"),
        "executable_quantity": Quantity(value=Decimal(value), unit=Ucum(unit)),
    }
    return make(Threshold, name, **{**given, **fields})


def compared(name: str, comparator: str, threshold: str, **fields: Any) -> ComparisonCriterion:
    """A comparison of the marker on admission with a threshold."""
    given: dict[str, Any] = {"observable": Ref("example-marker"), **ON_ADMISSION}
    return make(
        ComparisonCriterion,
        name,
        comparator=Code(comparator),
        threshold=Ref(threshold),
        **{**given, **fields},
    )


def advice(name: str, condition: str | None, action: str = "ACT-measure", **fields: Any) -> Entity:
    """A recommendation for inpatients."""
    given: dict[str, Any] = {
        "population": Ref("POP-inpatient"),
        "modality": Code("Should"),
        "part_of": (Ref("GROUP-marker"),),
    }
    return make(
        Recommendation,
        name,
        direction=Code("For"),
        condition=Ref(condition) if condition else None,
        action=Ref(action),
        **{**given, **fields},
    )
