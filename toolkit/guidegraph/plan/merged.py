"""Two programs as one, so that one patient can be asked about under both.

Criteria and rules get the name of their side in front (``old·REC-1``, ``new·REC-1``). A datum that
both know is one datum; it must be of one kind, unit and calibration, or else nothing that depends
on it can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from guidegraph.kernel import (
    FALSE,
    TRUE,
    Agg,
    Bool,
    In,
    Leaf,
    Ref,
    replace_leaves,
    replace_refs,
    walk,
)
from guidegraph.program import Input, Named, Program, Rule, Setting, needs
from guidegraph.regions import with_settings
from guidegraph.wording import unit_label

SideName = Literal["old", "new"]
Chosen = Mapping[str, Fraction | str]
"""The value of some settings."""


def side_ref(side: SideName, kind: Literal["criterion", "rule"], name: str) -> Ref:
    """A criterion or rule of one side."""
    return Ref(kind, f"{side}·{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A datum or setting for which what was written for the old version no longer works.

    ``is_comparable`` says whether its values still mean the same.
    """

    name: str
    label: str
    what: str
    is_comparable: bool = True


def merge(old: Program, new: Program) -> Program:
    """Both programs as one."""
    criteria: list[Named] = []
    rules: list[Rule] = []
    for side, program in sides(old, new):
        criteria += (
            replace(each, name=f"{side}·{each.name}", condition=on_side(side, each.condition))
            for each in program.criteria
        )
        for each in program.rules:
            unless = tuple(Ref(ref.kind, f"{side}·{ref.name}") for ref in each.unless)
            guard = on_side(side, each.guard)
            rules.append(replace(each, name=f"{side}·{each.name}", guard=guard, unless=unless))
    return replace(
        new,
        inputs=tuple(_inputs(old, new)),
        settings=tuple(_settings(old, new)),
        criteria=tuple(criteria),
        rules=tuple(rules),
    )


def sides(old: Program, new: Program) -> tuple[tuple[SideName, Program], ...]:
    """Both sides by name."""
    return ("old", old), ("new", new)


def on_side(side: SideName, condition: Bool) -> Bool:
    """A condition of a program as one of the merged program."""
    return replace_refs(condition, lambda ref: Ref(ref.kind, f"{side}·{ref.name}"))


def pin(program: Program, chosen: Chosen) -> Program:
    """The program with values put in for some settings."""
    numbers = {name: each for name, each in chosen.items() if isinstance(each, Fraction)}

    def changed(leaf: Leaf) -> Bool:
        if isinstance(leaf, In) and leaf.code.kind == "setting" and leaf.code.name in chosen:
            return TRUE if chosen[leaf.code.name] in leaf.codes else FALSE
        return with_settings(leaf, numbers)

    if not chosen:
        return program
    return replace(
        program,
        criteria=tuple(
            replace(each, condition=replace_leaves(each.condition, changed))
            for each in program.criteria
        ),
        rules=tuple(
            replace(each, guard=replace_leaves(each.guard, changed)) for each in program.rules
        ),
    )


def _inputs(old: Program, new: Program) -> Iterator[Input]:
    before = {each.name: each for each in old.inputs}
    for each in new.inputs:
        other = before.pop(each.name, None)
        yield each if other is None else _both(other, each)
    yield from before.values()


def _both(one: Input, other: Input) -> Input:
    """A datum that takes the values of both."""
    return replace(
        other,
        scale=max(one.scale, other.scale),
        low=_outer(one.low, other.low, min),
        high=_outer(one.high, other.high, max),
        codes=tuple(dict.fromkeys((*other.codes, *one.codes))),
    )


def _outer(one: Fraction | None, other: Fraction | None, end: object) -> Fraction | None:
    if one is None or other is None:
        return None
    return min(one, other) if end is min else max(one, other)


def _settings(old: Program, new: Program) -> Iterator[Setting]:
    before = {each.name: each for each in old.settings}
    for each in new.settings:
        other = before.pop(each.name, None)
        if other is None or other.kind != each.kind:
            yield each
            continue
        low, high = _outer(other.low, each.low, min), _outer(other.high, each.high, max)
        yield replace(
            each,
            scale=max(other.scale, each.scale),
            low=low,
            high=high,
            low_inclusive=_includes(other, each, "low", low),
            high_inclusive=_includes(other, each, "high", high),
            codes=tuple(dict.fromkeys((*each.codes, *other.codes))),
        )
    yield from before.values()


def _includes(one: Setting, other: Setting, end: str, value: Fraction | None) -> bool:
    return any(
        getattr(each, end) == value and getattr(each, f"{end}_inclusive") for each in (one, other)
    )


# --- what no longer works -------------------------------------------------------------------------


def breaches(old: Program, new: Program) -> Iterator[Breach]:
    """Data and settings written for the old program with which the new one cannot do."""
    held = {each.name: each for each in new.inputs}
    for each in old.inputs:
        other = held.get(each.name)
        if other is None:
            yield Breach(name=each.name, label=each.label, what="is no longer known")
        else:
            yield from _input_breaches(each, other)
    chosen = {each.name: each for each in new.settings}
    for setting in old.settings:
        after = chosen.pop(setting.name, None)
        if after is None:
            yield Breach(name=setting.name, label=setting.label, what="can no longer be set")
        else:
            yield from _setting_breaches(setting, after)
    for after in chosen.values():
        if after.default is None:
            yield Breach(
                name=after.name, label=after.label, what="must be set by every site: no default"
            )
    if old.anchor != new.anchor:
        yield Breach(
            name=new.anchor,
            label=new.anchor,
            what=f"times are counted from `{new.anchor}`, no longer from `{old.anchor}`",
            is_comparable=False,
        )


def _input_breaches(old: Input, new: Input) -> Iterator[Breach]:
    for what, before, after, comparable in (
        ("is another kind of datum", old.kind, new.kind, False),
        ("is counted in another unit", unit_label(old.unit), unit_label(new.unit), False),
        ("has another calibration", old.basis, new.basis, False),
        ("has another number of decimal places", old.scale, new.scale, True),
    ):
        if before != after:
            told = f"{what}: {_word(before)} → {_word(after)}"
            yield Breach(name=new.name, label=new.label, what=told, is_comparable=comparable)
    gone = [each for each in old.codes if each not in new.codes]
    if gone:
        told = f"no longer has the value{'s' * (len(gone) > 1)} {', '.join(gone)}"
        yield Breach(name=new.name, label=new.label, what=told)
    if _narrower(old, new):
        yield Breach(name=new.name, label=new.label, what="accepts fewer values as plausible")


def _setting_breaches(old: Setting, new: Setting) -> Iterator[Breach]:
    if (old.kind, old.unit) != (new.kind, new.unit):
        told = (
            f"is set in another way: {_word(old.unit or old.kind)} → {_word(new.unit or new.kind)}"
        )
        yield Breach(name=new.name, label=new.label, what=told, is_comparable=False)
    gone = [each for each in old.codes if each not in new.codes]
    if gone:
        told = f"no longer permits {', '.join(gone)}"
        yield Breach(name=new.name, label=new.label, what=told)
    ends_shut = any(
        getattr(old, end) == getattr(new, end)
        and getattr(old, f"{end}_inclusive")
        and not getattr(new, f"{end}_inclusive")
        for end in ("low", "high")
    )
    if _narrower(old, new) or ends_shut or old.scale > new.scale:
        yield Breach(name=new.name, label=new.label, what="permits fewer values")


def _narrower(old: Input | Setting, new: Input | Setting) -> bool:
    low = new.low is not None and (old.low is None or old.low < new.low)
    return low or (new.high is not None and (old.high is None or old.high > new.high))


def _word(value: object) -> str:
    return "none" if value in (None, "") else str(value)


def decided_otherwise(old: Program, new: Program) -> frozenset[str]:
    """The rules of the new version that might decide otherwise about the same data."""
    settings = {each.name: each for each in old.settings}
    other = frozenset(each.name for each in new.settings if settings.get(each.name) != each)
    criteria = {each.name: each for each in old.criteria}
    rules = {each.name: each for each in old.rules}
    return depending(
        new,
        other,
        {Ref("criterion", each.name) for each in new.criteria if criteria.get(each.name) != each}
        | {Ref("rule", each.name) for each in new.rules if rules.get(each.name) != each},
    )


def depending(
    program: Program, names: frozenset[str], also: Set[Ref] = frozenset()
) -> frozenset[str]:
    """The rules of a program that speak of one of these data or settings, also through others.

    Who speaks of the criteria and rules of ``also``, and these themselves, are among them.
    """
    touched = set(also)
    for each in program.definitions:
        is_rule = isinstance(each, Rule)
        parts = (each.guard, *each.unless) if isinstance(each, Rule) else (each.condition,)
        if any(ref in touched for ref in needs(each)) or any(
            _speaks_of(part, names) for part in parts
        ):
            touched.add(Ref("rule" if is_rule else "criterion", each.name))
    return frozenset(ref.name for ref in touched if ref.kind == "rule")


def _speaks_of(condition: Bool, names: frozenset[str]) -> bool:
    return any(
        (isinstance(node, Agg) and node.series in names)
        or (isinstance(node, Ref) and node.kind in ("input", "setting") and node.name in names)
        for node in walk(condition)
    )
