"""Which data a condition used: the value, when it was obtained, and how it was stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guidegraph.evaluate.fields import present
from guidegraph.kernel import NOW, Agg, Bool, Node, Ref, Series, Value, aggregate, walk
from guidegraph.patient import Datum, Patient
from guidegraph.program import Input, Program, Setting
from guidegraph.wording import SELECTORS, amount, plain

REASONS = {
    "missing": "not stated",
    "null": "the file says so",
    "conflict": "two different values for one moment",
    "type": "not in the form this needs",
    "number": "not readable as a number",
    "censored": "only a limit is given",
    "unit": "the unit cannot be used",
    "basis": "the calibration does not match",
    "code": "not one of the known answers",
    "time": "its time cannot be used",
    "future": "later than now",
    "implausible": "outside what is plausible",
    "resolution": "more decimal places than are measured",
    "expired": "too old",
}


Single = Fraction | str | bool | None
"""One value: a number, a code, an answer, or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumUse:
    """One number or answer that a condition looked at.

    ``value`` is canonical, in ``unit``; None where it is unknown, with ``reason`` in words.
    ``selector`` and ``window`` (closed, in minutes) say which sample of a series was meant,
    ``minute`` when it was taken. ``stated`` is what the patient file says, where that differs.
    """

    id: str
    kind: str
    label: str
    value: Single
    unit: str | None = None
    selector: str | None = None
    window: tuple[int | None, int | None] | None = None
    minute: int | None = None
    stated: str | None = None
    basis: str | None = None
    by: str | None = None
    line: int | None = None
    reason: str | None = None
    is_indeterminable: bool = False

    @property
    def words(self) -> str:
        """The value with its unit, "yes" or "no", or "not known"."""
        if self.value is None:
            return "not known"
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return self.value if isinstance(self.value, str) else amount(self.value, self.unit)

    def to_json(self) -> dict[str, Any]:
        """The datum as JSON; ``value`` is always there (null: unknown), empty fields are not."""
        window = self.window and {"from": self.window[0], "to": self.window[1]}
        return {
            self.kind: self.id,
            "label": self.label,
            "value": plain(self.value) if isinstance(self.value, Fraction) else self.value,
            **present(
                unit=self.unit,
                selector=self.selector,
                window=window,
                minute=self.minute,
                stated=self.stated,
                basis=self.basis,
                by=self.by,
                line=self.line,
                reason=self.reason,
                indeterminable=self.is_indeterminable or None,
            ),
        }


class Ledger:
    """Looks up what the patient file says about the data that a condition uses."""

    def __init__(self, program: Program, patient: Patient) -> None:
        self.patient = patient
        self.inputs: dict[str, Input] = {each.name: each for each in program.inputs}
        self._settings: dict[str, Setting] = {each.name: each for each in program.settings}
        self._told: dict[Node, tuple[DatumUse, ...]] = {}

    def uses(self, condition: Bool) -> Iterator[DatumUse]:
        """Every datum and setting a condition looks at, each once, in order."""
        for part in dict.fromkeys(walk(condition)):
            yield from self.of(part)

    def of(self, part: Node) -> tuple[DatumUse, ...]:
        """The datum or setting that a node is; nothing for any other node."""
        if not isinstance(part, Agg | Ref):
            return ()
        if part not in self._told:
            self._told[part] = tuple(self._of(part))
        return self._told[part]

    def _of(self, part: Agg | Ref) -> Iterator[DatumUse]:
        if isinstance(part, Agg):
            yield self._aggregate(part)
        elif part == NOW:
            yield self._now()
        elif part.kind == "input":
            yield self._single(self.inputs[part.name])
        elif part.kind == "setting":
            yield self._setting(self._settings[part.name])

    def quantity_setting(self, name: str) -> tuple[Fraction | None, str | None]:
        """A number in force that the site has chosen, and its unit."""
        held = self.patient.settings.get(name)
        return (held if isinstance(held, Fraction) else None), self._settings[name].unit

    def unknown_reason(self, name: str) -> str | None:
        """Why what the file says of an input cannot be used, in words; None if it says nothing."""
        reason = self.patient.unknown.get(name, "missing")
        return None if reason in ("missing", "null") else REASONS[reason]

    def _setting(self, declared: Setting) -> DatumUse:
        held = self.patient.settings.get(declared.name)
        return DatumUse(
            id=declared.name,
            kind="setting",
            label=declared.label,
            value=_single(held),
            unit=declared.unit,
        )

    def _now(self) -> DatumUse:
        return DatumUse(
            id="now",
            kind="input",
            label="Time of the decision",
            value=_single(self.patient.inputs.get("now")),
            unit="min",
        )

    def _single(self, declared: Input) -> DatumUse:
        data = self.patient.data.get(declared.name, ())
        return self._use(declared, self.patient.inputs.get(declared.name), data[-1:])

    def _aggregate(self, part: Agg) -> DatumUse:
        declared = self.inputs[part.series]
        series = self.patient.inputs.get(part.series)
        value = aggregate(part, series)
        samples = series if isinstance(series, tuple) else ()
        minute = _minute(part, samples, value)
        data = tuple(
            each
            for each in self.patient.data.get(part.series, ())
            if minute is not None and each.minute == minute
        )
        return self._use(declared, value, data, part, minute)

    def _use(
        self,
        declared: Input,
        value: Value,
        data: tuple[Datum, ...],
        part: Agg | None = None,
        minute: int | None = None,
    ) -> DatumUse:
        single = _single(value)
        datum = data[0] if data else None
        is_length = part is not None and part.fn in ("count", "run")
        return DatumUse(
            id=declared.name,
            kind="input",
            label=declared.label,
            value=single,
            unit=None if is_length else declared.unit,
            selector=SELECTORS[part.fn] if part else None,
            window=(part.low, part.high) if part else None,
            minute=minute if part else (datum.minute if datum else None),
            stated=_stated(datum, single, declared.unit) if datum else None,
            basis=datum.basis if datum else None,
            by=datum.by if datum else None,
            line=datum.at.line if datum else None,
            reason=self._reason(declared.name, part) if single is None else None,
            is_indeterminable=single is None and part is not None and self._has_passed(part),
        )

    def _reason(self, name: str, part: Agg | None) -> str:
        if part is not None and isinstance(self.patient.inputs.get(name), tuple):
            return "no result in this time"
        return REASONS[self.patient.unknown.get(name, "missing")]

    def _has_passed(self, part: Agg) -> bool:
        now = self.patient.now
        return now is not None and part.high is not None and part.high < now


def _single(value: Value) -> Single:
    return None if isinstance(value, tuple) else value


def _minute(part: Agg, samples: Series, value: Fraction | None) -> int | None:
    """When the sample that an aggregate picked was taken; None for counts and runs."""
    if value is None or part.fn in ("count", "run"):
        return None
    inside = [minute for minute, each in samples if each == value and part.spans(minute)]
    return inside[-1] if part.fn == "last" else inside[0]


def _stated(datum: Datum, value: Single, unit: str | None) -> str | None:
    """What the file says, word for word, where it is not simply the canonical value."""
    same = plain(value) if isinstance(value, Fraction) else str(value)
    if isinstance(value, bool):
        same = same.lower()
    words = _with_unit(datum.text, datum.unit)
    return None if words == _with_unit(same, unit) else words


def _with_unit(number: str, unit: str | None) -> str:
    return number if unit in (None, "1") else f"{number} {unit}"
