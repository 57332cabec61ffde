"""Small programs, guidelines and patients built by hand, and the scaffold's guideline."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from guidegraph.criteria import Criterion
from guidegraph.entity import Code, Entity
from guidegraph.entity import Ref as Name
from guidegraph.kernel import Bool, Ref, Value
from guidegraph.model import Action, Guideline, Recommendation
from guidegraph.patient import Patient
from guidegraph.program import Input, InputKind, Named, Program, Rule
from pathway_example import guideline as guideline_of
from pathway_example import make

MODALITIES = {
    "must": "Must",
    "should": "Should",
    "shouldConsider": "ShouldBeConsidered",
    "may": "CanBeConsidered",
    "noClearGuidance": "NoClearGuidance",
    "shouldNot": "ShouldNot",
    "mustNot": "MustNot",
    "remark": "CautionWarranted",
}


def datum(name: str, kind: InputKind = "boolean", **fields: Any) -> Input:
    """An input; its label and question are its name."""
    return Input(name=name, label=name, question=f"{name}?", kind=kind, **fields)


def rule(name: str, guard: Bool, norm: Any = "should", **fields: Any) -> Rule:
    """A rule with this guard."""
    return Rule(name=name, label=name, guard=guard, modality=MODALITIES[norm], norm=norm, **fields)


def program(
    inputs: Iterable[Input],
    rules: Iterable[Rule],
    criteria: Mapping[str, Bool] | None = None,
    incompatible: Iterable[tuple[str, str]] = (),
) -> Program:
    """A program without settings and readings."""
    named = (criteria or {}).items()
    return Program(
        guideline="guideline",
        version="1",
        anchor="admission",
        inputs=tuple(inputs),
        settings=(),
        criteria=tuple(Named(name=name, label=name, condition=node) for name, node in named),
        rules=tuple(rules),
        incompatible=tuple(incompatible),
        readings={},
    )


def guideline_for(program: Program, *more: Entity) -> Guideline:
    """The guideline such a program would come from: recommendations, criteria and actions."""
    given = {each.id for each in more}
    actions = {each.action for each in program.rules if each.action}
    found = [
        *(make(Action, each) for each in sorted(actions)),
        *(make(Criterion, each.name) for each in program.criteria),
        *(
            make(
                Recommendation,
                each.name,
                direction=Code("For"),
                modality=Code(each.modality),
                action=Name(each.action) if each.action else None,
            )
            for each in program.rules
        ),
    ]
    return guideline_of(*(each for each in found if each.id not in given), *more)


def patient(program: Program, now: int | None = 0, **known: Value) -> Patient:
    """A patient about whom only this is known; underscores stand for hyphens."""
    from fractions import Fraction

    held: dict[str, Value] = {each.name: None for each in program.inputs}
    held |= {name.replace("_", "-"): value for name, value in known.items()}
    held["now"] = None if now is None else Fraction(now)
    unknown = {name: "missing" for name, value in held.items() if value is None}
    return Patient(inputs=held, settings={}, unknown=unknown, data={})  # type: ignore[arg-type]


def truth(name: str) -> Ref:
    """A yes/no datum."""
    return Ref("input", name)


@cache
def scaffold() -> Guideline:
    """The small guideline that ``guidegraph new`` writes."""
    from guidegraph.lift import lift
    from guidegraph.read import read
    from guidegraph.scaffold import new

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "example-marker"
        new(place)
        found, findings = lift(read(place))
    assert found is not None, findings
    return found
