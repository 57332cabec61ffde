"""Numbers with units as people and laboratories write them, read exactly or not at all."""

from __future__ import annotations

import re
from fractions import Fraction

from guidegraph import units
from guidegraph.patient.faults import Report, shown
from guidegraph.patient.tree import Mapping, Node, Scalar
from guidegraph.suggestion import did_you_mean
from guidegraph.wording import plain

_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?:[eE]([-+]?[0-9]{1,2}))?")
LONGEST_NUMBER = 40
_CENSORED = ("<", ">", "≤", "≥", "=<", "=>")
_HOW = 'Write {"value": "840", "unit": "ug/L"}, with the unit the laboratory reported.'


def as_quantity(
    node: Node, parts: tuple[str, ...], unit: str | None, report: Report
) -> Mapping | None:
    """A mapping with only the ``parts`` a quantity may have; what else it is gets told."""
    if isinstance(node, Mapping):
        check_names(node, parts, report)
        return node
    if isinstance(node, Scalar) and node.kind in ("number", "string"):
        report.fault(
            "unit",
            "E111",
            node.at,
            f"`{report.name}` is {shown(node.text)} without a unit.",
            why="A number means nothing without its unit; none is assumed.",
            help=f'Write {{"value": "{node.text[:20]}", "unit": "{unit or "1"}"}}, with '
            "the unit it was reported in.",
        )
    else:
        report.fault(
            "type",
            "E110",
            node.at,
            f"A value of `{report.name}` must be a number with its unit.",
            help=f'Write {{"value": "…", "unit": "{unit or "1"}"}}, or null for the '
            "whole datum if it is not known.",
        )
    return None


def read_amount(written: Mapping, unit: str | None, report: Report) -> Fraction | None:
    """``value`` and ``unit`` of a datum as an exact number of the canonical ``unit``.

    What is wrong goes to ``report``; then the answer is None.
    """
    number = _read_value(written, report)
    factor = _read_unit(written, unit or "1", report)
    return None if number is None or factor is None else number * factor


def _read_value(written: Mapping, report: Report) -> Fraction | None:
    node = written.get("value")
    if node is None or (isinstance(node, Scalar) and node.kind == "null"):
        report.fault(
            "number",
            "E112",
            (node or written).at,
            f"A value of `{report.name}` has no number.",
            help="Write the number, or null in place of the whole datum if it is not known.",
        )
        return None
    if not isinstance(node, Scalar) or node.kind == "boolean":
        report.fault(
            "number", "E112", node.at, f"The value of `{report.name}` must be a number.", help=_HOW
        )
        return None
    return read_number(node, report)


def read_number(node: Scalar, report: Report) -> Fraction | None:
    """A decimal number, written as a number or as a text."""
    text = node.text.strip()
    found = _NUMBER.fullmatch(text)
    if found and len(text) <= LONGEST_NUMBER:
        power = int(found[2] or 0)
        return Fraction(found[1]) * Fraction(10) ** power
    if text.startswith(_CENSORED):
        report.fault(
            "censored",
            "E113",
            node.at,
            f"{shown(text)} is a limit, not a value, so `{report.name}` stays unknown.",
            why="A result below or above what the assay can measure is no exact number.",
            help="Keep it as null unless the laboratory can give the number.",
        )
    elif "," in text:
        report.fault(
            "number",
            "E112",
            node.at,
            f"The comma in {shown(text)} can separate decimals or thousands.",
            why=_both_ways(text),
            help="Write a point before decimals and nothing between thousands.",
        )
    else:
        report.fault(
            "number",
            "E112",
            node.at,
            f"{shown(text)} is not a decimal number.",
            help='Write digits with at most one point, such as "840" or "0.84".',
        )
    return None


def _both_ways(text: str) -> str:
    """The two numbers that a text with a comma may stand for."""
    decimal, grouped = text.replace(",", "."), text.replace(",", "")
    if not (_NUMBER.fullmatch(decimal) and _NUMBER.fullmatch(grouped)):
        return "The meanings are far apart; none is guessed."
    return f"It may be {shown(decimal)} or {shown(grouped)}; neither is guessed."


def _read_unit(written: Mapping, canonical: str, report: Report) -> Fraction | None:
    node = written.get("unit")
    if node is None:
        report.fault(
            "unit",
            "E111",
            written.at,
            f"A value of `{report.name}` has no unit.",
            why="A number means nothing without its unit; none is assumed.",
            help=f"Add the unit the value was reported in, such as `{canonical}`.",
        )
        return None
    if not isinstance(node, Scalar) or node.kind != "string":
        report.fault(
            "unit",
            "E114",
            node.at,
            f"The unit of `{report.name}` must be a text.",
            help=f'Write it in quotes, such as "{canonical}".',
        )
        return None
    return _factor(node, canonical, report)


def _factor(node: Scalar, canonical: str, report: Report) -> Fraction | None:
    """How many canonical units the written unit is."""
    try:
        unit = units.meant(node.text, canonical)
        if units.is_respelled(node.text, unit):
            report.note(
                "E119",
                node.at,
                f"The unit {shown(node.text)} of `{report.name}` was understood as `{unit.code}`.",
                why="It is a usual spelling and not the code of the unit.",
                help=f'Nothing, if that is meant; "{unit.code}" leaves no doubt.',
            )
        return unit.factor / units.parse(canonical).factor
    except units.AmbiguousUnitError as found:
        report.fault(
            "unit",
            "E118",
            node.at,
            f"The unit {shown(node.text)} of `{report.name}` can mean "
            f"{' or '.join(f'`{each}`' for each in found.suggestions)}.",
            why="Laboratories write it for both, and the two are far apart; neither is guessed.",
            help="Write the one that the laboratory means.",
        )
    except units.UnitWithBasisError as found:
        bare = f'"unit": "{found.suggestions[0]}", ' if found.suggestions else ""
        report.fault(
            "basis",
            "E116",
            node.at,
            f"The unit {shown(node.text)} of `{report.name}` also names {shown(found.basis)}.",
            why="What a result is expressed in belongs to the assay. It is never converted, and "
            "kept apart from the unit so that it cannot be overlooked.",
            help=f'Write {bare}"basis": "{found.basis}".',
        )
    except units.UnknownUnitError as found:
        near = " or ".join(f"`{each}`" for each in found.suggestions)
        report.fault(
            "unit",
            "E114",
            node.at,
            f"{shown(node.text)} is not a known unit, so `{report.name}` cannot be converted.",
            help=f"Did you mean {near}?" if near else f"Write the UCUM code, as in `{canonical}`.",
        )
    except units.IncompatibleUnitsError:
        report.fault(
            "unit",
            "E115",
            node.at,
            f"`{report.name}` is given in {shown(node.text)} but measured in `{canonical}`; "
            "these do not convert into each other.",
            help="Check the unit in the laboratory report.",
        )
    return None


def span(
    low: Fraction | None, high: Fraction | None, closed_low: bool = True, closed_high: bool = True
) -> str:
    """What a number may be, in words: "10 or more and less than 200"."""
    parts = []
    if low is not None:
        parts.append(f"{plain(low)} or more" if closed_low else f"more than {plain(low)}")
    if high is not None:
        parts.append(f"{plain(high)} or less" if closed_high else f"less than {plain(high)}")
    return " and ".join(parts)


def check_names(node: Mapping, known: tuple[str, ...], report: Report) -> None:
    """Tell every name that a datum of this kind does not have."""
    for each in node.entries:
        if each.key not in known:
            report.fault(
                "type",
                "E105",
                each.at,
                f"A value of `{report.name}` has no part {shown(each.key)}.",
                why="It might change what the value means, so the value is not used.",
                help=did_you_mean(each.key, known),
            )
