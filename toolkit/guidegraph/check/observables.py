"""Whether the values of every observable can be written down and told apart."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import CodedValue, Guideline, Observable, SiteParameter

MOST_PLACES = 18
"""Decimal places beyond which no measurement is known."""
TAKEN = {
    "now": "In what targets read, `now` is the time of the decision.",
    "__proto__": "JavaScript cannot keep a datum under this name.",
}
"""Names that no datum can have, with the reason."""


def check_observables(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    for observable in guideline.all(Observable):
        yield from _name(observable)
        yield from _places(observable)
        yield from _codes(guideline, observable)
    for parameter in guideline.all(SiteParameter):
        yield from _name(parameter)
        yield from _codes(guideline, parameter)


def _name(owner: Observable | SiteParameter) -> Iterator[Diagnostic]:
    if owner.id not in TAKEN:
        return
    yield Diagnostic(
        code="R112",
        severity=Severity.ERROR,
        message=f"No datum can have the name `{owner.id}`.",
        at=owner.at,
        why=TAKEN[owner.id],
        help="Give it a name of its own, such as `time-of-sample`.",
        subject=owner.id,
    )


def _places(observable: Observable) -> Iterator[Diagnostic]:
    if 0 <= observable.decimal_places <= MOST_PLACES:
        return
    yield Diagnostic(
        code="U110",
        severity=Severity.ERROR,
        message=f"`{observable.id}` cannot have {observable.decimal_places} decimal places.",
        at=observable.place_of("gg:decimalPlaces"),
        why="Values are kept as whole numbers of their finest step.",
        help=f"Give the number of digits after the decimal point to which values are known, from "
        f"0 to {MOST_PLACES}.",
        subject=observable.id,
    )


def _codes(guideline: Guideline, owner: Observable | SiteParameter) -> Iterator[Diagnostic]:
    """Each value has one word of its own in patient files."""
    seen: dict[str, CodedValue] = {}
    for name in owner.coded_values:
        value = guideline.get(name, CodedValue)
        if value is None:
            continue
        first = seen.setdefault(value.wire_code, value)
        if first is not value:
            yield Diagnostic(
                code="U113",
                severity=Severity.ERROR,
                message=f"`{first.id}` and `{value.id}` are both written `{value.wire_code}` in "
                "patient files.",
                at=value.place_of("skos:notation"),
                why=f"Nobody could tell which value of `{owner.id}` a patient has.",
                help="Give each value a skos:notation of its own.",
                subject=value.id,
                related=((first.place_of("skos:notation"), "the other one"),),
            )
        if len(value.notation) > 1 and first is value:
            yield _several_words(value)


def _several_words(value: CodedValue) -> Diagnostic:
    words = ", ".join(f"`{each}`" for each in value.notation)
    return Diagnostic(
        code="U113",
        severity=Severity.ERROR,
        message=f"`{value.id}` is written in several ways in patient files: {words}.",
        at=value.place_of("skos:notation"),
        why="Only one of them would be understood.",
        help="Keep one skos:notation.",
        subject=value.id,
    )
