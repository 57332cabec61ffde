"""Short ways to write programs and patients of the conformance suite in their JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

Object = dict[str, Any]
ANSWERS = {"T": True, "U": None, "F": False}


@dataclass(frozen=True)
class Suite:
    """One file: a program and the patients who are asked about."""

    name: str
    about: str
    program: Object
    patients: tuple[tuple[str, Object, Object], ...]
    """What each patient shows, the facts, the settings."""


def program(
    inputs: Iterable[Object],
    criteria: Mapping[str, Object],
    *,
    settings: Iterable[Object] = (),
    rules: Iterable[Object] | None = None,
) -> Object:
    """A program; without rules, each criterion has one that shows its answer as a status."""
    shown = [rule(f"R-{name}", {"criterion": name}) for name in criteria]
    return {
        "format": "guidegraph-program/1",
        "guideline": "conformance",
        "version": "1",
        "anchor": "admission",
        "inputs": list(inputs),
        "settings": list(settings),
        "criteria": [{"name": n, "label": n, "condition": c} for n, c in criteria.items()],
        "rules": shown if rules is None else list(rules),
        "incompatible": [],
        "readings": {},
    }


def declared(name: str, kind: str, **more: Any) -> Object:
    told = {"name": name, "label": name, "question": f"{name}?", "kind": kind, "scale": 0}
    return {**told, "cost": 1, **more}


def yes_no(*names: str) -> list[Object]:
    return [declared(name, "boolean") for name in names]


def quantity(name: str, scale: int = 0, kind: str = "quantity", **more: Any) -> Object:
    ends = {"unit": "1", "low": "-1000", "high": "1000"}
    return declared(name, kind, **{"scale": scale, **ends, **more})


def series(name: str, scale: int = 0, **more: Any) -> Object:
    return quantity(name, scale, "series", **more)


def choice(name: str, default: str, scale: int = 0, **more: Any) -> Object:
    ends = {"unit": "1", "low": "-1000", "high": "1000"}
    told = {"name": name, "label": name, "kind": "quantity", "scale": scale, "default": default}
    return {**told, **ends, "lowInclusive": True, "highInclusive": True, **more}


def rule(name: str, guard: Object, unless: Iterable[Object] = ()) -> Object:
    told = {"name": name, "label": name, "guard": guard, "modality": "Should", "norm": "should"}
    exceptions = list(unless)
    return {**told, "unless": exceptions} if exceptions else told


# --- conditions and numbers -----------------------------------------------------------------------


def i(name: str) -> Object:
    return {"input": name}


def s(name: str) -> Object:
    return {"setting": name}


def c(name: str) -> Object:
    return {"criterion": name}


def r(name: str) -> Object:
    return {"rule": name}


def n(text: str | int) -> Object:
    return {"number": str(text)}


def no(part: Object) -> Object:
    return {"not": part}


def both(*parts: Object) -> Object:
    return {"and": list(parts)}


def either(*parts: Object) -> Object:
    return {"or": list(parts)}


def cmp(left: Object, sign: str, right: Object | str | int) -> Object:
    other = right if isinstance(right, dict) else n(right)
    return {"compare": sign, "left": left, "right": other}


def one_of(code: Object, *codes: str) -> Object:
    return {"in": list(codes), "code": code}


def score(at_least: int, *items: tuple[Object, int]) -> Object:
    return {"score": [{"if": e, "points": p} for e, p in items], "atLeast": at_least}


def assume(default: bool, part: Object) -> Object:
    return {"assume": default, "of": part, "why": "stated for this test"}


def agg(fn: str, name: str, low: int | None = None, high: int | None = None) -> Object:
    ends = {"from": low, "to": high}
    told = {key: end for key, end in ends.items() if end is not None}
    return {"aggregate": fn, "series": name, **told}


def total(*terms: tuple[str | int, Object], plus: str | int = 0) -> Object:
    return {"sum": [{"times": str(f), "of": e} for f, e in terms], "plus": str(plus)}


def cond(test: Object, then: Object, otherwise: Object) -> Object:
    return {"if": test, "then": then, "else": otherwise}


# --- patients -------------------------------------------------------------------------------------


def every(**values: Iterable[Any]) -> Iterator[tuple[str, Object, Object]]:
    """A patient for every combination of the values of each datum."""
    names = list(values)
    for held in product(*(list(each) for each in values.values())):
        yield patient(**dict(zip(names, held, strict=True)))


def logic(*names: str) -> Iterator[tuple[str, Object, Object]]:
    """A patient for every combination of true, unknown and false."""
    return every(**{name: ANSWERS.values() for name in names})


def patient(**facts: Any) -> tuple[str, Object, Object]:
    """A patient, described by what is known."""
    return ", ".join(f"{name} {shown(held)}" for name, held in facts.items()), dict(facts), {}


def shown(held: Any) -> str:
    if held is None:
        return "unknown"
    if isinstance(held, bool):
        return "holds" if held else "does not hold"
    return str(held).replace("[]", "of no sample")


def about(words: str, **facts: Any) -> tuple[str, Object, Object]:
    return words, dict(facts), {}


def chosen(words: str, settings: Object, **facts: Any) -> tuple[str, Object, Object]:
    return words, dict(facts), settings
