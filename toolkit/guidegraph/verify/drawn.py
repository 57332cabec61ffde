"""The region of a finding as pictures: number lines, and a plane where it has two numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guidegraph.kernel import FALSE, Bool, Cmp, Ref
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.pictures import bands, plane
from guidegraph.pictures.bands import Bar, Kind, NumberLine
from guidegraph.pictures.plane import Area, Axis, Plane
from guidegraph.pictures.stretches import Stretch, joined, pieces
from guidegraph.program import Program
from guidegraph.regions import (
    Between,
    Box,
    Form,
    Region,
    Space,
    Words,
    leaves,
    linear,
    put,
    with_settings,
)
from guidegraph.verify.result import Finding, VerificationReport

KINDS: dict[str, Kind] = {"L401": "gap", "L402": "gap", "L403": "gap", "L411": "overlap"}
"""What the region of a finding is, where it is not just where something was found."""
MANY = 3
"""Of a region in more numbers than this, only the first are drawn."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, and what it shows in one sentence."""

    svg: str
    caption: str


class Pictures:
    """Draws the findings of one verification."""

    def __init__(self, guideline: Guideline, report: VerificationReport) -> None:
        self.guideline = guideline
        self.report = report
        self._lines: dict[int, _Lines] = {}

    def of(self, finding: Finding, name: str) -> Iterator[Picture]:
        """The pictures of a finding; ``name`` tells them from others on the same page."""
        region = finding.shown.region
        forms = tuple(dict.fromkeys(side.form for side in _sides(region)))
        if region is None or not forms:
            return
        place = next((each for variant in finding.variants for each in variant.readings), 0)
        lines = self._lines.get(place)
        if lines is None:
            program = lower(self.guideline, self.report.readings.choices[place])
            lines = self._lines[place] = _Lines(self.guideline, program)
        kind = KINDS.get(finding.code, "found")
        has_plane = len(forms) == 2
        if has_plane:
            yield lines.plane(region, forms, kind, name)
        for number, form in enumerate(forms[:MANY]):
            bars = lines.bars(finding, region, form, kind)
            if _says_something(bars, has_plane):
                yield lines.line(kind, bars, form, f"{name}-{number}")


class _Lines:
    """What is drawn under one choice of readings."""

    def __init__(self, guideline: Guideline, program: Program) -> None:
        self.program = program
        self.words = Words(guideline, program)
        self.space = Space(program)

    def bars(self, finding: Finding, region: Region, form: Form, kind: Kind) -> tuple[Bar, ...]:
        """The values of one number for which each thing can hold, and where it is found.

        Things are the recommendations and criteria that the finding is about, and the criteria
        that its message names. One that does not ask for the number has no bar.
        """
        asked = [(label, self._possible(ref, form, region)) for ref, label in self._things(finding)]
        found = tuple(dict.fromkeys(_stretch(box, form) for box in region.boxes))
        return (
            *(Bar(f"“{label}” can hold", held) for label, held in asked if held),
            Bar(_NAMES.get(kind, "Found"), _in_order(found), kind),
        )

    def line(self, kind: Kind, bars: tuple[Bar, ...], form: Form, name: str) -> Picture:
        """The bars of one number on its line."""
        axis = self.words.form(form)
        beside = ", beside what the advice asks for" if len(bars) > 1 else ""
        unit = self.words.unit(form[0][0])
        title = f"{axis}: {_WHERE.get(kind, 'where it is found')}"
        drawn = NumberLine(name, title, axis, unit, bars)
        return Picture(bands.draw(drawn), f"{title}{beside}.")

    def plane(self, region: Region, forms: tuple[Form, ...], kind: Kind, name: str) -> Picture:
        """The region in both of its numbers."""
        along, up = (Axis(self.words.form(form), self.words.unit(form[0][0])) for form in forms)
        areas = (
            Area(_stretch(box, forms[0]), _stretch(box, forms[1]), kind) for box in region.boxes
        )
        title = f"{along.words} and {up.words}"
        drawn = Plane(name, title, along, up, tuple(dict.fromkeys(areas)))
        edges = "A full edge belongs to it, a broken one does not."
        where = _WHERE.get(kind, "where it is found")
        return Picture(plane.draw(drawn), f"{title}: {where}. {edges}")

    def _things(self, finding: Finding) -> Iterator[tuple[Ref, str]]:
        shown = finding.shown
        for rule in self.program.rules:
            if rule.name in shown.subjects:
                yield Ref("rule", rule.name), rule.label
        for each in self.program.criteria:
            if each.name in shown.subjects or f"“{each.label}”" in shown.message:
                yield Ref("criterion", each.name), each.label

    def _possible(self, thing: Ref, form: Form, region: Region) -> tuple[Stretch, ...] | None:
        """For which values of a number a thing can hold; None if for all or not told.

        Settings are those of the region, or else the defaults.
        """
        condition = with_settings(self.space.conditions[thing], self._settings(region))
        cuts = {
            linear(leaf)[1]
            for leaf in leaves(condition)
            if isinstance(leaf, Cmp) and linear(leaf)[0] == form
        }
        if not cuts:
            return None
        held = [each for each in pieces(cuts) if not _never(condition, form, each)]
        return joined(held)

    def _settings(self, region: Region) -> dict[str, Fraction]:
        chosen = dict(region.settings)
        values = {}
        for each in self.program.settings:
            held = chosen.get(each.name)
            if isinstance(held, int):
                values[each.name] = Fraction(held, 10**each.scale)
            elif isinstance(each.default, Fraction):
                values[each.name] = each.default
        return values


def _says_something(bars: tuple[Bar, ...], has_plane: bool) -> bool:
    """Whether a line tells more than words and the plane do: not of any value whatsoever."""
    return any(each.ends for each in bars[-1].stretches) and (len(bars) > 1 or not has_plane)


_WHERE: dict[Kind, str] = {"gap": "where there is no advice", "overlap": "where bands overlap"}
_NAMES: dict[Kind, str] = {"gap": "No advice", "overlap": "More than one band"}


def _never(condition: Bool, form: Form, piece: Stretch) -> bool:
    return put(condition, form, piece.middle) == FALSE


def _sides(region: Region | None) -> Iterator[Between]:
    for box in region.boxes if region else ():
        yield from (side for side in box.sides if isinstance(side, Between))


def _stretch(box: Box, form: Form) -> Stretch:
    """What a box says of a number; nothing is the whole line."""
    held = (side for side in box.sides if isinstance(side, Between) and side.form == form)
    return next((Stretch.of(each) for each in held), Stretch())


def _in_order(found: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Stretches from low to high; those that touch are one."""
    cuts = {end for each in found for end in each.ends}
    return joined([piece for piece in pieces(cuts) if any(each.holds(piece) for each in found)])
