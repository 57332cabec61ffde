"""One fact of a patient file: a value of the kernel, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from guidegraph.kernel import Value
from guidegraph.patient.amounts import as_quantity, check_names, read_amount, span
from guidegraph.patient.clock import Clock
from guidegraph.patient.faults import Faults, Report, shown
from guidegraph.patient.record import Datum, Reason
from guidegraph.patient.tree import Mapping, Node, Scalar, Sequence
from guidegraph.program import Input
from guidegraph.suggestion import did_you_mean
from guidegraph.wording import duration, plain

OF_MEASUREMENT = ("value", "unit", "basis", "at", "minutes", "by")
OF_ANSWER = ("value", "at", "minutes", "by")
_YES = ("yes", "y", "true", "1", "ja", "on")
_NO = ("no", "n", "false", "0", "nee", "off")


@dataclass(frozen=True, slots=True)
class Fact:
    """What became of one fact: its value, or None with the reason; and what the file said."""

    value: Value
    reason: Reason | None
    data: tuple[Datum, ...] = ()


def read_fact(expected: Input, node: Node | None, clock: Clock, faults: Faults) -> Fact:
    """The fact that ``node`` states about the input ``expected``."""
    if node is None:
        return Fact(None, "missing")
    if isinstance(node, Scalar) and node.kind == "null":
        return Fact(None, "null")
    report = Report(expected.name, faults)
    if expected.kind == "series":
        data = _series(expected, node, clock, report)
        value: Value = _merged(data, report)
    else:
        datum = _single(expected, node, clock, report)
        data = (datum,) if datum else ()
        value = datum.value if datum else None
    return Fact(value if report.reason is None else None, report.reason, data)


def _series(expected: Input, node: Node, clock: Clock, report: Report) -> tuple[Datum, ...]:
    """Every measurement of a list, in the order of time."""
    if not isinstance(node, Sequence):
        report.fault(
            "type",
            "E110",
            node.at,
            f"`{report.name}` is a series of measurements and must be a list.",
            why="Each measurement needs its time.",
            help='Write [{"at": "…", "value": "…", "unit": "…"}]; [] means that none was taken.',
        )
        return ()
    data = [
        _measurement(expected, each, clock, report)
        for item in node.items
        if (each := as_quantity(item, OF_MEASUREMENT, expected.unit, report))
    ]
    return tuple(sorted(data, key=lambda each: (each.minute or 0, each.at)))


def _merged(data: tuple[Datum, ...], report: Report) -> tuple[tuple[int, Fraction], ...]:
    """One value for each minute; two different ones make the whole series unknown."""
    values: dict[int, Fraction] = {}
    for each in data:
        if each.minute is None or not isinstance(each.value, Fraction):
            continue
        if values.setdefault(each.minute, each.value) != each.value:
            report.fault(
                "conflict",
                "E123",
                each.at,
                f"`{report.name}` has two different values for the same minute, so the whole "
                "series stays unknown.",
                why="Which of them is right decides what applies; none is picked.",
                help="Correct the time or the value of one of them.",
            )
    return tuple(sorted(values.items()))


def _single(expected: Input, node: Node, clock: Clock, report: Report) -> Datum | None:
    """A quantity, an answer or a code, with or without its time."""
    if expected.kind == "quantity":
        written = as_quantity(node, OF_MEASUREMENT, expected.unit, report)
        datum = _measurement(expected, written, clock, report) if written else None
    else:
        datum = _answer(expected, node, clock, report)
    if datum and _has_expired(expected, datum, clock, report):
        return replace(datum, value=None)
    return datum


def _measurement(expected: Input, written: Mapping, clock: Clock, report: Report) -> Datum:
    """One measurement in the canonical unit; what cannot be used is told."""
    part = report.part()
    value = read_amount(written, expected.unit, part)
    _check_basis(expected, written, part)
    if value is not None:
        _check_value(expected, value, written, part)
    minute = clock.minute(written, part, required=expected.kind == "series")
    by = _words(written, "by", part)
    report.include(part)
    return Datum(
        text=_text(written, "value") or "",
        at=written.at,
        value=value,
        unit=_text(written, "unit"),
        basis=_text(written, "basis"),
        minute=minute,
        by=by,
    )


def _check_basis(expected: Input, written: Mapping, report: Report) -> None:
    """The stated basis is the one that the guideline's numbers are expressed in."""
    stated, basis = written.get("basis"), _words(written, "basis", report)
    if expected.basis in (None, basis) or "basis" in report.reasons:
        return
    report.fault(
        "basis",
        "E122",
        (stated or written).at,
        f"`{report.name}` must be expressed in {expected.basis}, "
        + (f"not in {shown(basis)}." if basis else "which is not stated."),
        why="Results on another basis are other numbers for the same blood; they are never "
        "converted.",
        help=f"Ask the laboratory for the result in {expected.basis}."
        if basis
        else f'If the laboratory reports {expected.basis}, write "basis": "{expected.basis}".',
    )


def _check_value(expected: Input, value: Fraction, written: Mapping, report: Report) -> None:
    """The value is plausible and no finer than declared."""
    at = (written.get("value") or written).at
    too_low = expected.low is not None and value < expected.low
    if too_low or (expected.high is not None and value > expected.high):
        report.fault(
            "implausible",
            "E120",
            at,
            f"`{report.name}` is implausibly {'low' if too_low else 'high'}, so it stays unknown.",
            why=f"In `{expected.unit}` it is {plain(value)}; plausible is "
            f"{span(expected.low, expected.high)}.",
            help="Check the number and its unit.",
        )
    if value * 10**expected.scale % 1:
        report.fault(
            "resolution",
            "E121",
            at,
            f"`{report.name}` is finer than the guideline can compare, so it stays unknown.",
            why=f"In `{expected.unit}` it is {plain(value)}; {expected.scale} decimal places "
            "are declared, and nothing is rounded.",
            help="Give the value as the laboratory reported it, in the unit it reported.",
        )


def _answer(expected: Input, node: Node, clock: Clock, report: Report) -> Datum | None:
    """Yes, no or a code; plain, or with its time and author."""
    minute, by, place, scalar = None, None, node, node
    if isinstance(node, Mapping):
        check_names(node, OF_ANSWER, report)
        minute = clock.minute(node, report, required=False)
        by = _words(node, "by", report)
        scalar = node.get("value") or node
    if isinstance(scalar, Scalar) and scalar.kind == "null":
        report.reasons.add("null")
        return None
    value = (
        _truth(scalar, report) if expected.kind == "boolean" else _code(expected, scalar, report)
    )
    text = scalar.text if isinstance(scalar, Scalar) else ""
    return Datum(text=text, at=place.at, value=value, minute=minute, by=by)


def _truth(node: Node, report: Report) -> bool | None:
    if isinstance(node, Scalar):
        if node.kind == "boolean":
            return node.text == "true"
        word = node.text.strip().lower()
        meant = "true" if word in _YES else "false" if word in _NO else None
        help_ = f"Did you mean {meant}, without quotes?" if meant else None
        message = f"`{report.name}` is answered by true or false, not by {shown(node.text)}."
    else:
        help_ = None
        message = f"`{report.name}` is answered by true or false."
    report.fault(
        "type",
        "E110",
        node.at,
        message,
        help=help_ or "Write true, false, or null if it is not known.",
    )
    return None


def _code(expected: Input, node: Node, report: Report) -> str | None:
    if not isinstance(node, Scalar) or node.kind != "string":
        choices = ", ".join(f'"{each}"' for each in expected.codes)
        report.fault(
            "type",
            "E110",
            node.at,
            f"`{report.name}` must be one of the texts of the guideline.",
            help=f"Write one of {choices}, or null if it is not known.",
        )
        return None
    if node.text in expected.codes:
        return node.text
    report.fault(
        "code",
        "E117",
        node.at,
        f"{shown(node.text)} is not a value of `{report.name}`.",
        help=did_you_mean(node.text, expected.codes),
    )
    return None


def _has_expired(expected: Input, datum: Datum, clock: Clock, report: Report) -> bool:
    """Whether an answer with a time is older than it may be, or may be so."""
    if expected.valid_for is None or datum.minute is None or datum.value is None:
        return False
    age = None if clock.now is None else clock.now - datum.minute
    if age is not None and age <= expected.valid_for:
        return False
    report.fault(
        "expired",
        "E124",
        datum.at,
        f"`{report.name}` has expired, so it is asked again."
        if age is not None
        else f"Whether `{report.name}` has expired cannot be known without `now`.",
        why=f"The guideline lets it stand for {duration(expected.valid_for)}"
        + (f"; it is {duration(age)} old." if age is not None else "."),
        help="Assess it again, and give the new time." if age is not None else "Add `now`.",
    )
    return True


def _text(node: Mapping, key: str) -> str | None:
    found = node.get(key)
    return found.text if isinstance(found, Scalar) and found.kind != "null" else None


def _words(node: Mapping, key: str, report: Report) -> str | None:
    """A part of a datum that must be a text; null is as good as absent."""
    found = node.get(key)
    if found is None or (isinstance(found, Scalar) and found.kind in ("string", "null")):
        return _text(node, key)
    report.fault(
        "basis" if key == "basis" else "type",
        "E110",
        found.at,
        f"The part `{key}` of `{report.name}` must be a text.",
        help="Write it in quotes.",
    )
    return None
