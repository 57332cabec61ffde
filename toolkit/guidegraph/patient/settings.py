"""The settings of a site: defaults of the guideline, choices of the file, choices of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from fractions import Fraction

from guidegraph.diagnostic import Location
from guidegraph.kernel import Value
from guidegraph.patient.amounts import read_amount
from guidegraph.patient.facts import check_names, decimal
from guidegraph.patient.faults import Faults, Report, did_you_mean, shown
from guidegraph.patient.tree import Entry, Mapping, Node, Scalar
from guidegraph.program import Setting


def read_settings(
    node: Node | None, chosen: MappingOf[str, str], declared: Iterable[Setting], faults: Faults
) -> dict[str, Value] | None:
    """A value for every setting, or None if one of them is at fault.

    ``chosen`` (name → "2000 ug/L" or a code) replaces what the file says.
    """
    known = {each.name: each for each in declared}
    before = faults.errors
    written = _written(node, faults)
    written |= {name: _entry(name, text, known.get(name)) for name, text in chosen.items()}
    for name, entry in written.items():
        if name not in known:
            faults.add(
                "E103",
                entry.at,
                f"The guideline has no setting {shown(name)}.",
                why="Nothing is decided, because its default would silently take its place.",
                help=did_you_mean(name, known, "The guideline has no settings."),
            )
    at = node.at if node else None
    values = {
        name: _value(each, written.get(name), at, Report(name, faults))
        for name, each in known.items()
    }
    return None if faults.errors > before else values


def _written(node: Node | None, faults: Faults) -> dict[str, Entry]:
    if node is None or (isinstance(node, Scalar) and node.kind == "null"):
        return {}
    if isinstance(node, Mapping):
        return {each.key: each for each in node.entries}
    faults.add(
        "E110",
        node.at,
        "`settings` must hold names with values.",
        help='Write {"name": {"value": "…", "unit": "…"}}.',
    )
    return {}


def _entry(name: str, text: str, setting: Setting | None) -> Entry:
    """A choice from outside in the form of a file."""
    at = Location(f"--setting {name}", 1)
    value: Node = Scalar("string", text, at)
    if setting and setting.kind == "quantity":
        number, _, unit = text.partition(" ")
        parts = [Entry("value", Scalar("string", number, at), at)]
        if unit:
            parts.append(Entry("unit", Scalar("string", unit.strip(), at), at))
        value = Mapping(tuple(parts), at)
    return Entry(name, value, at)
