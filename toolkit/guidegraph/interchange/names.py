"""Whether every name in a program that was read is defined, once, and means what is needed."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.interchange.base import InterchangeError, below
from guidegraph.kernel import NOW, Agg, Arith, Cmp, In, Node, Ref, children
from guidegraph.program import CircleError, Program
from guidegraph.suggestion import did_you_mean


def check(program: Program) -> None:
    """Raise an ``InterchangeError`` at the first name that is not as it should be."""
    for group in ("inputs", "settings", "criteria", "rules"):
        _unique(group, [each.name for each in getattr(program, group)])
    names = _Names(program)
    for place, named in enumerate(program.criteria):
        names.condition(named.condition, f"/criteria/{place}/condition")
    for place, rule in enumerate(program.rules):
        names.condition(rule.guard, f"/rules/{place}/guard")
        for number, ref in enumerate(rule.unless):
            names.condition(ref, f"/rules/{place}/unless/{number}")
    try:
        _ = program.definitions
    except CircleError as circle:
        trail = [each.name for each in circle.trail if isinstance(each, Ref)]
        raise InterchangeError("", f"definitions go in a circle: {' → '.join(trail)}.") from None


def _unique(group: str, names: list[str]) -> None:
    taken = {NOW.name} if group == "inputs" else set()
    for place, name in enumerate(names):
        if name in taken:
            pointer = below(below(below("", group), place), "name")
            raise InterchangeError(pointer, f"the name `{name}` is taken.")
        taken.add(name)


class _Names:
    """What each name of a program may be used for."""

    def __init__(self, program: Program) -> None:
        inputs: dict[str, str] = {each.name: each.kind for each in program.inputs}
        self.known: dict[str, dict[str, str]] = {
            "input": inputs | {NOW.name: "quantity"},
            "setting": {each.name: each.kind for each in program.settings},
            "criterion": {each.name: "boolean" for each in program.criteria},
            "rule": {each.name: "boolean" for each in program.rules},
        }

    def condition(self, node: Node, pointer: str) -> None:
        """Every name in a condition; ``pointer`` says which condition it is."""
        for ref, kind in _uses(node):
            found = self.known[ref.kind].get(ref.name)
            if found is None:
                hint = did_you_mean(ref.name, self.known[ref.kind])
                raise InterchangeError(pointer, f"there is no {ref.kind} `{ref.name}`. {hint}")
            if found != kind:
                problem = f"the {ref.kind} `{ref.name}` is used as {kind}, but is {found}."
                raise InterchangeError(pointer, problem)


def _uses(node: Node, kind: str = "boolean") -> Iterator[tuple[Ref, str]]:
    """Every reference in a condition or number with the kind it must be of."""
    match node:
        case Ref():
            yield node, kind
        case Agg(_, series):
            yield Ref("input", series), "series"
        case In(code):
            yield code, "code"
        case _:
            inside = "quantity" if isinstance(node, Cmp | Arith) else "boolean"
            for child in children(node):
                yield from _uses(child, inside)
