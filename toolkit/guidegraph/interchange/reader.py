"""A program from JSON: strict, because what is read decides about patients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, get_args

from guidegraph.interchange.base import FORMAT, InterchangeError
from guidegraph.interchange.names import check
from guidegraph.interchange.part import Part
from guidegraph.kernel import (
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cond,
    Const,
    Fn,
    In,
    Kind,
    Not,
    Num,
    Op,
    Or,
    Ref,
    Score,
    compare,
)
from guidegraph.program import Input, InputKind, Named, Norm, Program, Rule, Setting


def from_json(value: Any) -> Program:
    """The program that ``to_json`` wrote, or that somebody else did.

    A number that depends on a condition (``if``) is resolved as ``kernel.compare`` does it.

    Raises:
        InterchangeError: if it is not a program: a part is missing, unknown or of the wrong form, a
            name is not defined or means something else, or definitions go in a circle.
    """
    try:
        program = _program(Part(value))
        check(program)
    except RecursionError:
        raise InterchangeError("", "it is nested too deeply.") from None
    return program


def _program(part: Part) -> Program:
    if part.has("format") and part.value["format"] != FORMAT:
        raise part["format"].fault(f'"{FORMAT}" is needed here; other forms are not known.')
    lists = ("inputs", "settings", "criteria", "rules", "incompatible")
    part.keys(("format", "guideline", "version", "anchor", *lists, "readings"))
    return Program(
        guideline=part["guideline"].text(),
        version=part["version"].text(),
        anchor=part["anchor"].text(),
        inputs=tuple(map(_input, part["inputs"].items())),
        settings=tuple(map(_setting, part["settings"].items())),
        criteria=tuple(map(_named, part["criteria"].items())),
        rules=tuple(map(_rule, part["rules"].items())),
        incompatible=tuple(map(_pair, part["incompatible"].items())),
        readings={name: each.text() for name, each in part["readings"].entries().items()},
    )


def _pair(part: Part) -> tuple[str, str]:
    names = part.items()
    if len(names) != 2:
        raise part.fault("two actions are needed here.")
    return names[0].text(), names[1].text()


def _exact(part: Part, key: str) -> Fraction | None:
    return part[key].exact() if part.has(key) else None


def _text(part: Part, key: str) -> str | None:
    return part[key].text() if part.has(key) else None


def _codes(part: Part) -> tuple[str, ...]:
    return part["codes"].texts() if part.has("codes") else ()


def _input(part: Part) -> Input:
    optional = ("unit", "low", "high", "basis", "codes", "validFor")
    part.keys(("name", "label", "question", "kind", "scale", "cost"), optional)
    return Input(
        name=part["name"].text(),
        label=part["label"].text(),
        question=part["question"].text(),
        kind=part["kind"].choice(get_args(InputKind)),
        unit=_text(part, "unit"),
        scale=part["scale"].count(0),
        low=_exact(part, "low"),
        high=_exact(part, "high"),
        basis=_text(part, "basis"),
        codes=_codes(part),
        valid_for=part["validFor"].count(0) if part.has("validFor") else None,
        cost=part["cost"].count(),
    )


def _setting(part: Part) -> Setting:
    optional = ("default", "unit", "low", "high", "codes")
    part.keys(("name", "label", "kind", "scale", "lowInclusive", "highInclusive"), optional)
    kind = part["kind"].choice(("quantity", "code"))
    take = _exact if kind == "quantity" else _text
    return Setting(
        name=part["name"].text(),
        label=part["label"].text(),
        kind="quantity" if kind == "quantity" else "code",
        default=take(part, "default"),
        unit=_text(part, "unit"),
        scale=part["scale"].count(0),
        low=_exact(part, "low"),
        high=_exact(part, "high"),
        low_inclusive=part["lowInclusive"].truth(),
        high_inclusive=part["highInclusive"].truth(),
        codes=_codes(part),
    )


def _named(part: Part) -> Named:
    part.keys(("name", "label", "condition"))
    return Named(
        name=part["name"].text(),
        label=part["label"].text(),
        condition=condition(part["condition"]),
    )


def _rule(part: Part) -> Rule:
    optional = ("unless", "action", "alternativeTo")
    part.keys(("name", "label", "guard", "modality", "norm"), optional)
    unless = part["unless"].items() if part.has("unless") else ()
    return Rule(
        name=part["name"].text(),
        label=part["label"].text(),
        guard=condition(part["guard"]),
        unless=tuple(_ref(each, ("criterion", "rule")) for each in unless),
        modality=part["modality"].text(),
        norm=part["norm"].choice(get_args(Norm)),
        action=_text(part, "action"),
        alternative_to=part["alternativeTo"].texts() if part.has("alternativeTo") else (),
    )


# --- conditions and numbers -----------------------------------------------------------------------


def condition(part: Part) -> Bool:
    """A condition from JSON."""
    for key, read in CONDITIONS.items():
        if part.has(key):
            return read(part)
    raise _none_of(part, CONDITIONS, "a condition")


def number(part: Part) -> Num:
    """A number from JSON."""
    for key, read in NUMBERS.items():
        if part.has(key):
            return read(part)
    raise _none_of(part, NUMBERS, "a number")


def _none_of(part: Part, forms: Iterable[str], what: str) -> InterchangeError:
    return part.fault(f"{what} is needed here: an object with one of {', '.join(forms)}.")


def _ref(part: Part, kinds: tuple[Kind, ...]) -> Ref:
    for kind in kinds:
        if part.has(kind):
            part.keys((kind,))
            return Ref(kind, part[kind].text())
    raise part.fault(f"a reference is needed here: an object with one of {', '.join(kinds)}.")


def _named_condition(part: Part) -> Ref:
    return _ref(part, ("input", "criterion", "rule"))


def _named_number(part: Part) -> Ref:
    return _ref(part, ("input", "setting"))


def _compare(part: Part) -> Bool:
    part.keys(("compare", "left", "right"))
    op: Op = part["compare"].choice(get_args(Op))
    return compare(op, number(part["left"]), number(part["right"]))


def _in(part: Part) -> In:
    part.keys(("in", "code"))
    return In(_ref(part["code"], ("input", "setting")), part["in"].texts())


def _not(part: Part) -> Not:
    part.keys(("not",))
    return Not(condition(part["not"]))


def _and(part: Part) -> And:
    part.keys(("and",))
    return And(tuple(map(condition, part["and"].items())))


def _or(part: Part) -> Or:
    part.keys(("or",))
    return Or(tuple(map(condition, part["or"].items())))


def _score(part: Part) -> Score:
    part.keys(("score", "atLeast"))
    return Score(part["atLeast"].count(), tuple(map(_item, part["score"].items())))


def _item(part: Part) -> tuple[Bool, int]:
    part.keys(("if", "points"))
    return condition(part["if"]), part["points"].count(1)


def _assume(part: Part) -> Assume:
    part.keys(("assume", "of", "why"))
    return Assume(condition(part["of"]), part["assume"].truth(), part["why"].text())


def _number(part: Part) -> Const:
    part.keys(("number",))
    return Const(part["number"].exact())


def _aggregate(part: Part) -> Agg:
    part.keys(("aggregate", "series"), ("from", "to"))
    fn: Fn = part["aggregate"].choice(get_args(Fn))
    low, high = (part[end].count() if part.has(end) else None for end in ("from", "to"))
    return Agg(fn, part["series"].text(), low, high)


def _sum(part: Part) -> Arith:
    part.keys(("sum", "plus"))
    return Arith(tuple(map(_term, part["sum"].items())), part["plus"].exact())


def _term(part: Part) -> tuple[Fraction, Num]:
    part.keys(("times", "of"))
    return part["times"].exact(), number(part["of"])


def _cond(part: Part) -> Cond:
    part.keys(("if", "then", "else"))
    return Cond(condition(part["if"]), number(part["then"]), number(part["else"]))


CONDITIONS: Mapping[str, Callable[[Part], Bool]] = {
    "input": _named_condition,
    "criterion": _named_condition,
    "rule": _named_condition,
    "compare": _compare,
    "in": _in,
    "not": _not,
    "and": _and,
    "or": _or,
    "score": _score,
    "assume": _assume,
}
NUMBERS: Mapping[str, Callable[[Part], Num]] = {
    "number": _number,
    "input": _named_number,
    "setting": _named_number,
    "aggregate": _aggregate,
    "sum": _sum,
    "if": _cond,
}
