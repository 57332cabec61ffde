"""Whether every comparison stays among the whole numbers that all targets hold exactly."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.kernel import Agg, Cmp, Datum, Score, walk
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.wire import EXACT_LIMIT, Linear, Wire, conditions, wire


def check_exactness(guideline: Guideline, program: Program) -> Iterator[Diagnostic]:
    """A finding for every comparison that some target might not be able to do exactly."""
    form = wire(program)
    for name, condition in conditions(program):
        for node in walk(condition):
            if isinstance(node, Cmp):
                line = form.linear(node)
                largest = form.largest(line)
                if largest is None or largest >= EXACT_LIMIT:
                    yield _inexact(guideline, name, form, line, largest)
            if isinstance(node, Score):
                points = node.at_least + sum(points for _, points in node.items)
                if points >= EXACT_LIMIT:
                    yield _too_many_points(guideline, name)


def _inexact(
    guideline: Guideline, name: str, form: Wire, line: Linear, largest: int | None
) -> Diagnostic:
    entity = guideline.entities.get(name)
    label = str(entity.label) if entity else name
    if largest is None:
        unbounded = sorted({_name(datum) for _, datum in line.terms if form.limit(datum) is None})
        names = ", ".join(f"`{each}`" for each in unbounded)
        why = f"Nothing says how large {names} can be."
        advice = f"Give {names} a range: gg:plausibleRange, or gg:permittedRange for a setting."
    else:
        why = (
            f"At the ends of the plausible ranges it reaches {largest:,} steps of the finest unit, "
            f"and numbers from {EXACT_LIMIT:,} on are rounded by some programs."
        )
        advice = "Narrow the plausible ranges, or state fewer decimal places (gg:decimalPlaces)."
    return Diagnostic(
        code="U109",
        severity=Severity.ERROR,
        message=f"The comparison in “{label}” may need larger numbers than every target can hold.",
        at=entity.at if entity else None,
        why=why,
        help=advice,
        subject=name,
    )


def _too_many_points(guideline: Guideline, name: str) -> Diagnostic:
    entity = guideline.entities.get(name)
    return Diagnostic(
        code="U109",
        severity=Severity.ERROR,
        message=f"The points of “{entity.label if entity else name}” may add up to more than "
        "every target can hold.",
        at=entity.at if entity else None,
        why=f"Numbers from {EXACT_LIMIT:,} on are rounded by some programs.",
        help="Check the points and the minimum; scores are small whole numbers.",
        subject=name,
    )


def _name(datum: Datum) -> str:
    return datum.series if isinstance(datum, Agg) else datum.name
