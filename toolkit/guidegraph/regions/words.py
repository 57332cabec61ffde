"""Patients and regions in the words of the guideline: for messages, reports and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from guidegraph.criteria.base import SELECTED
from guidegraph.kernel import NOW, Agg, Datum, Fn, Num, Ref, Truth
from guidegraph.model import CodedValue, Guideline, Observable, SiteParameter, TimeWindow
from guidegraph.program import Input, Program, Setting
from guidegraph.regions.boxes import Answered, Between, Box, OneOf, Region, Side, Unmeasured
from guidegraph.regions.search import Atom, Value
from guidegraph.regions.settings import Form
from guidegraph.wording import amount, moment, readable, stretch

ANSWERS: dict[Truth, str] = {True: "yes", False: "no", None: "not known"}
CHOSEN: dict[Fn, str] = {
    "first": "First",
    "last": "Latest",
    "max": "Highest",
    "min": "Lowest",
    "count": "Count",
    "run": "RisingRun",
}
"""The code of each selector."""
EVERYBODY = "everybody"


class Words:
    """What numbers, answers, patients and regions are called in one guideline."""

    def __init__(self, guideline: Guideline, program: Program) -> None:
        self.guideline = guideline
        self.declared: dict[str, Input | Setting] = {}
        self.declared |= {each.name: each for each in program.inputs}
        self.declared |= {each.name: each for each in program.settings}
        self._windows = {
            each.time_range.closed_minutes: str(each.label).partition(" (")[0]
            for each in guideline.all(TimeWindow)
        }

    # --- numbers ---------------------------------------------------------------------------------

    def number(self, number: Num) -> str:
        """``First D-dimer (on admission)``, ``Age``, ``Time of the decision``."""
        if isinstance(number, Ref):
            return "Time of the decision" if number == NOW else self.declared[number.name].label
        assert isinstance(number, Agg), "a linear form has no other numbers"
        return f"{SELECTED[CHOSEN[number.fn]]} {self.sampled(number)}"

    def sampled(self, number: Agg) -> str:
        """What is sampled, and when: ``D-dimer (on admission)``."""
        return f"{self.declared[number.series].label}{self._window(number)}"

    def _window(self, number: Agg) -> str:
        named = self._windows.get((number.low, number.high))
        window = named or stretch(number.low, number.high, self.guideline.anchor_words)
        return f" ({window[:1].lower()}{window[1:]})" if window else ""

    def unit(self, number: Num) -> str | None:
        """The unit a number is told in; None where it has none."""
        if number == NOW:
            return "min"
        if isinstance(number, Ref):
            return self.declared[number.name].unit
        if not isinstance(number, Agg) or number.fn in ("count", "run"):
            return None
        return self.declared[number.series].unit

    def form(self, form: Form) -> str:
        """``2 × Age + Points``."""
        words = ""
        for number, factor in form:
            sign = (" − " if factor < 0 else " + ") if words else ("−" if factor < 0 else "")
            words += f"{sign}{self._times(factor)}{self.number(number)}"
        return words

    def _times(self, factor: Fraction) -> str:
        return "" if abs(factor) == 1 else f"{readable(abs(factor))} × "

    # --- one fact --------------------------------------------------------------------------------

    def fact(self, atom: Atom, value: Value) -> str:
        """``First D-dimer (on admission) = 840 µg/L``, ``Admitted: yes``."""
        if isinstance(atom, Ref):
            return self.number(atom) + self._said(atom, value, self.unit(atom))
        return self.form(atom) + self._said(None, value, self.unit(atom[0][0]))

    def facts(self, patient: Mapping[Atom, Value]) -> str:
        """All of them, parted by semicolons."""
        return "; ".join(self.fact(atom, value) for atom, value in patient.items()) or "any"

    def _said(self, ref: Ref | None, value: Value, unit: str | None) -> str:
        if isinstance(value, Fraction):
            return f" = {amount(value, unit)}"
        if isinstance(value, str):
            return f": {self.code(ref, value) if ref else value}"
        return f": {ANSWERS[value]}"

    def code(self, ref: Ref, code: str) -> str:
        """The label of a code of a coded datum or setting."""
        owner = self.guideline.entities.get(ref.name)
        values = owner.coded_values if isinstance(owner, Observable | SiteParameter) else ()
        for each in values:
            held = self.guideline.get(each, CodedValue)
            if held and held.wire_code == code:
                return str(held.label) or code
        return code

    # --- a patient in wire form ------------------------------------------------------------------

    def patient(self, patient: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
        """What is known of a patient, and the settings that are not the default.

        ``D-dimer 2,000 µg/L at admission to hospital; Admitted: yes; COVID-19 status: Confirmed``
        """
        facts, settings = patient["facts"], patient["settings"]
        told = [
            self._held(self.declared[name], Ref("input", name), value)
            for name, value in facts.items()
            if name in self.declared and value is not None
        ]
        told += [
            self._held(self.declared[name], Ref("setting", name), value)
            for name, value in settings.items()
            if name in self.declared and value != defaults.get(name)
        ]
        return "; ".join(told) or "nothing need be known"

    def _held(self, declared: Input | Setting, ref: Ref, value: Any) -> str:
        if isinstance(value, list):
            if not value:
                return f"{declared.label}: none taken"
            anchor = self.guideline.anchor_words
            samples = [
                f"{self._amount(declared, each)} {moment(minute, anchor)}" for minute, each in value
            ]
            return f"{declared.label} " + ", ".join(samples)
        if isinstance(value, bool):
            return f"{declared.label}: {ANSWERS[value]}"
        if isinstance(value, int):
            return f"{declared.label} {self._amount(declared, value)}"
        return f"{declared.label}: {self.code(ref, value)}"

    @staticmethod
    def _amount(declared: Input | Setting, value: int) -> str:
        return amount(Fraction(value, 10**declared.scale), declared.unit)

    # --- regions ---------------------------------------------------------------------------------

    def region(self, region: Region) -> str:
        """A region in one line: its boxes, parted by "or"; with "among others" if not exact."""
        boxes = list(self.boxes(region))
        words = "; or ".join(boxes) or EVERYBODY
        return words if region.is_exact else f"{words}; or others"

    def boxes(self, region: Region) -> Iterator[str]:
        """Each box in words, with the settings at which it is told."""
        chosen = tuple(
            self._held(self.declared[name], Ref("setting", name), value)
            for name, value in region.settings
            if name in self.declared
        )
        for box in region.boxes:
            yield self.box(box, chosen)

    def box(self, box: Box, others: Iterable[str] = ()) -> str:
        """``First D-dimer (on admission) exactly 2,000 µg/L, and Imaging feasible: no``."""
        parts = [*(self.side(side) for side in box.sides), *others]
        return ", and ".join(parts) or EVERYBODY

    def side(self, side: Side) -> str:
        """One side of a box."""
        if isinstance(side, Answered):
            return f"{self.number(side.ref)}: {ANSWERS[side.answer]}"
        if isinstance(side, OneOf):
            codes = " or ".join(self.code(side.ref, each) for each in side.codes)
            return f"{self.number(side.ref)}: {codes}"
        if isinstance(side, Unmeasured):
            return f"{self.number(side.number)}: {ANSWERS[None]}"
        return self._between(side)

    def _between(self, side: Between) -> str:
        positive = [(datum, factor) for datum, factor in side.form if factor > 0]
        negative = [(datum, -factor) for datum, factor in side.form if factor < 0]
        left = self.form(tuple(positive)) or "0"
        right = self.form(tuple(negative))
        unit = self.unit(side.form[0][0])
        low, high = _snapped(side, self._step(side.form))

        def limit(value: Fraction) -> str:
            if not right:
                return amount(value, unit)
            if value == 0:
                return right
            sign = "+" if value > 0 else "−"
            return f"{right} {sign} {amount(abs(value), unit)}"

        if low and high and low[0] == high[0]:
            return f"{left} exactly {limit(low[0])}"
        ends = []
        if low:
            start = "from" if low[1] and high else "at least" if low[1] else "above"
            least = readable(low[0]) if high and not right else limit(low[0])
            ends.append(f"{start} {least}")
        if high:
            at_most = "to" if low and low[1] else "at most"
            ends.append(f"{at_most if high[1] else 'below'} {limit(high[0])}")
        joint = " " if low and low[1] and high and high[1] else " and "
        return f"{left} {joint.join(ends)}"

    def _step(self, form: Form) -> Fraction | None:
        """The least difference between two values of a form, where it is a single datum."""
        if len(form) != 1:
            return None
        datum: Datum = form[0][0]
        if datum == NOW or (isinstance(datum, Agg) and datum.fn in ("count", "run")):
            return Fraction(1)
        name = datum.series if isinstance(datum, Agg) else datum.name
        return Fraction(1, 10 ** self.declared[name].scale)


End = tuple[Fraction, bool] | None


def _snapped(side: Between, step: Fraction | None) -> tuple[End, End]:
    """The ends, and both the same value where only one fits between them."""
    low: End = None if side.low is None else (side.low, side.low_inclusive)
    high: End = None if side.high is None else (side.high, side.high_inclusive)
    if step and side.low is not None and side.high is not None:
        least = -(-side.low // step) * step
        if least == side.low and not side.low_inclusive:
            least += step
        most = side.high // step * step
        if most == side.high and not side.high_inclusive:
            most -= step
        if least == most:
            return (least, True), (most, True)
    return low, high
