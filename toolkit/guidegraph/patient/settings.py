"""The settings of a site: defaults of the guideline, choices of the file, choices of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from fractions import Fraction

from guidegraph.diagnostic import Location
from guidegraph.kernel import Value
from guidegraph.patient.amounts import as_quantity, read_amount, span
from guidegraph.patient.faults import Faults, Report, shown
from guidegraph.patient.tree import Entry, Mapping, Node, Scalar
from guidegraph.program import Setting
from guidegraph.suggestion import did_you_mean
from guidegraph.wording import plain


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
                f"The guideline has no setting {shown(name)}, so nothing is decided.",
                why="If the name is misspelt, a default would silently take the place of a choice.",
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


def _value(setting: Setting, entry: Entry | None, at: Location | None, report: Report) -> Value:
    """The value of one setting; None only with a fault."""
    if entry is None and setting.default is not None:
        return setting.default
    if entry is None or (isinstance(entry.value, Scalar) and entry.value.kind == "null"):
        report.fault(
            "missing",
            "E141",
            entry.value.at if entry else at,
            f"The setting `{setting.name}` has no value, so nothing is decided.",
            why="A setting is the policy of the site, so it cannot be unknown."
            + ("" if entry else " The guideline gives no default."),
            help="Leave it out to take the default."
            if setting.default is not None
            else "Write the value the site has chosen.",
        )
        return None
    if setting.kind == "code":
        return _code(setting, entry.value, report)
    return _quantity(setting, entry.value, report)


def _code(setting: Setting, node: Node, report: Report) -> str | None:
    text = node.text if isinstance(node, Scalar) else ""
    if text in setting.codes:
        return text
    report.fault(
        "code",
        "E140",
        node.at,
        f"{shown(text)} is not permitted for the setting `{setting.name}`, so nothing is decided.",
        help=did_you_mean(text, setting.codes),
    )
    return None


def _quantity(setting: Setting, node: Node, report: Report) -> Fraction | None:
    written = as_quantity(node, ("value", "unit"), setting.unit, report)
    value = read_amount(written, setting.unit, report) if written else None
    if value is None:
        return None
    low, high = setting.low, setting.high
    below = low is not None and (value < low or (value == low and not setting.low_inclusive))
    above = high is not None and (value > high or (value == high and not setting.high_inclusive))
    if below or above:
        permitted = span(low, high, setting.low_inclusive, setting.high_inclusive)
        report.fault(
            "implausible",
            "E140",
            node.at,
            f"The setting `{setting.name}` is outside what the guideline permits, so "
            "nothing is decided.",
            why=f"In `{setting.unit}` it is {plain(value)}; permitted is {permitted}.",
            help="Choose a permitted value, or leave the setting out to take the default.",
        )
    elif value * 10**setting.scale % 1:
        report.fault(
            "resolution",
            "E140",
            node.at,
            f"The setting `{setting.name}` is finer than the guideline can compare, so "
            "nothing is decided.",
            why=f"In `{setting.unit}` it is {plain(value)}; {setting.scale} decimal places "
            "are declared, and nothing is rounded.",
            help="Choose a value with fewer decimal places.",
        )
    return value
