"""Why one recommendation stands as it does for a patient: what suffices, and what would change it.

*What suffices* is found by forgetting: the costliest data first, each is taken away while the
status stays. Without assumed defaults learning never changes a known answer, so what is left
decides whatever else is true. *What would change it* are facts other than those known, or those
not yet known: one, or else two at once, nearest first. Each is tried on the patient, so each is
true. They are statements about the rule and never proposals to do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations, islice
from typing import Any

from guidegraph.evaluate.cuts import Cuts
from guidegraph.evaluate.data import DatumUse, Ledger, Single
from guidegraph.evaluate.decision import Advice, advise, basis_of
from guidegraph.evaluate.evidence import Evidence
from guidegraph.evaluate.fields import present
from guidegraph.evaluate.questions import Question, earliest, questions
from guidegraph.evaluate.status import Standing, meaning, standings
from guidegraph.evaluate.trace import Tracer
from guidegraph.kernel import NOW, Agg, Assume, Datum, Meaning, Num, Ref, Value
from guidegraph.model import Guideline
from guidegraph.patient import Patient
from guidegraph.program import Program, Rule
from guidegraph.wording import amount, moment, plain

SHOWN = 3
"""How many ways to change a status are told at most."""
TRIED = 2_000
"""How many pairs of changes are tried at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact that would have to be other, or known. Values are canonical, in ``unit``.

    ``minute`` is when the sample of a series was taken, from the reference anchor; ``was`` is None
    where nothing is known (or no such sample was taken).
    """

    id: str
    label: str
    unit: str | None
    minute: int | None
    was: Single
    becomes: Single
    distance: Fraction
    """How far apart the two are, as a part of what is plausible; 0 if nothing was known."""

    def to_json(self) -> dict[str, Any]:
        """``{"input", "label", "unit", "minute", "was", "becomes"}``; ``was`` null: not known."""
        head = present(input=self.id, label=self.label, unit=self.unit, minute=self.minute)
        return {**head, "was": _plain(self.was), "becomes": _plain(self.becomes)}

    def words(self, anchor: str) -> str:
        """``D-dimer, 60 h after admission: 2,000.001 µg/L instead of 1,500 µg/L``."""
        when = "" if self.minute is None else f", {moment(self.minute, anchor)}"
        was = "now not known" if self.was is None else f"instead of {self._said(self.was, anchor)}"
        return f"{self.label}{when}: {self._said(self.becomes, anchor)} ({was})"

    def _said(self, value: Single, anchor: str) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, Fraction) and self.id == NOW.name:
            return moment(int(value), anchor)
        return amount(value, self.unit) if isinstance(value, Fraction) else str(value)


Flip = tuple[Change, ...]
"""Changes that together change whether a recommendation is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one recommendation stands as it does.

    ``sufficient`` are the data that alone give the status, ``advice`` the reasons that follow from
    them only. ``flips`` are the nearest ways in which it would be in force no longer or would be.
    """

    advice: Advice
    sufficient: tuple[DatumUse, ...]
    rests_on_default: bool
    """Whether an assumed default is part of the reason: then learning more can change it."""
    flips: tuple[Flip, ...]
    next: Question | None

    def to_json(self) -> dict[str, Any]:
        """The explanation as JSON; lists are there even when empty."""
        return {
            "id": self.advice.recommendation.id,
            "status": self.advice.status,
            "sufficient": [each.to_json() for each in self.sufficient],
            "restsOnDefault": self.rests_on_default,
            "because": [each.to_json() for each in self.advice.because],
            "unless": [each.to_json() for each in self.advice.unless],
            "wouldChange": [[each.to_json() for each in flip] for flip in self.flips],
            "next": self.next.to_json() if self.next else None,
            "passages": [each.to_json() for each in self.advice.passages],
            "claims": [each.to_json() for each in self.advice.claims],
        }


def explain(
    guideline: Guideline, program: Program, patient: Patient, names: Iterable[str]
) -> tuple[Explanation, ...]:
    """An explanation of each named recommendation, in the order of the names.

    Raises:
        KeyError: if a name is not that of an executable recommendation.
    """
    rules = {each.name: each for each in program.rules}
    return tuple(_Case(guideline, program, patient, rules[name]).explanation() for name in names)


class _Case:
    """One recommendation for one patient."""

    def __init__(
        self, guideline: Guideline, program: Program, patient: Patient, rule: Rule
    ) -> None:
        self.guideline = guideline
        self.program = program
        self.decided = basis_of(guideline, program).compiled
        self.patient = patient
        self.rule = rule
        self.meant = meaning(program, patient.inputs, patient.settings)
        self.standing = self._standing(self.meant)
        self.cuts = Cuts(program, (rule.guard, *rule.unless), self.meant)
        self.inputs = {each.name: each for each in program.inputs}

    def explanation(self) -> Explanation:
        kept, partial = self._sufficient()
        ledger = Ledger(self.program, self.patient)
        evidence = Evidence(self.guideline)
        tracer = Tracer(self.guideline, self.program, partial, ledger, evidence, self.meant)
        advice = advise(tracer, self._standing(partial))
        now = self.patient.now
        asked = questions(self.program, (self.standing,), self.meant, now, self.decided)
        return Explanation(
            advice=replace(advice, ask=()),
            sufficient=tuple(use for each in kept for use in ledger.of(each)),
            rests_on_default=bool(self._assumed),
            flips=self._flips(),
            next=asked[0] if asked else None,
        )

    def _standing(self, meant: Meaning) -> Standing:
        (found,) = standings((self.rule,), meant)
        return found

    # --- what suffices ---

    def _sufficient(self) -> tuple[tuple[Datum, ...], Meaning]:
        """The data that are left when no more can be forgotten, and the meaning they give."""
        known = [each for each in self._data if self._is_known(each)]
        place = {each: number for number, each in enumerate(known)}
        hidden: frozenset[Datum] = frozenset()
        for each in sorted(known, key=lambda datum: (-self._cost(datum), -place[datum])):
            if self._is_same(self._without(hidden | {each})):
                hidden |= {each}
        return tuple(each for each in known if each not in hidden), self._without(hidden)

    def _is_same(self, partial: Meaning) -> bool:
        """Whether both truths stay, and no default is assumed that was not assumed before."""
        return self._standing(partial) == self.standing and (
            self._defaults(partial) == self._assumed
        )

    def _defaults(self, meant: Meaning) -> frozenset[Assume]:
        """The assumptions that are in force, because what they speak of is unknown."""
        nodes = (each for each in self.cuts.nodes if isinstance(each, Assume))
        return frozenset(each for each in nodes if meant.truth(each.operand) is None)

    @cached_property
    def _assumed(self) -> frozenset[Assume]:
        return self._defaults(self.meant)

    @cached_property
    def _data(self) -> tuple[Datum, ...]:
        """The data of the conditions, in the order of the program; site settings come last."""
        names = [*self.inputs, *(each.name for each in self.program.settings)]
        place = {name: number for number, name in enumerate(names)}
        found = [
            each
            for each in self.cuts.nodes
            if isinstance(each, Agg)
            or (isinstance(each, Ref) and each.kind in ("input", "setting"))
        ]
        return tuple(sorted(found, key=lambda each: place.get(_name(each), -1)))

    def _is_known(self, datum: Datum) -> bool:
        if isinstance(datum, Agg):
            return self.meant.number(datum) is not None
        held = self.patient.inputs if datum.kind == "input" else self.patient.settings
        return held.get(datum.name) is not None

    def _cost(self, datum: Datum) -> int:
        """What it costs to know a datum. The site and the clock are there anyway."""
        is_asked = isinstance(datum, Agg) or (datum.kind == "input" and datum != NOW)
        return self.inputs[_name(datum)].cost if is_asked else 0

    def _without(self, hidden: frozenset[Datum]) -> Meaning:
        singles = {each for each in hidden if isinstance(each, Ref)}
        return _Forgetful(
            _left(self.patient.inputs, {each.name for each in singles if each.kind == "input"}),
            _left(self.patient.settings, {each.name for each in singles if each.kind == "setting"}),
            self.meant.named,
            frozenset(each for each in hidden if isinstance(each, Agg)),
        )

    # --- what would change it ---

    def _flips(self) -> tuple[Flip, ...]:
        """The nearest single change of each datum that flips the status; else pairs of changes."""
        changes = sorted(self._changes(), key=_nearness)
        single: dict[tuple[str, int | None], Flip] = {}
        for each in changes:
            if self._flips_with((each,)):
                single.setdefault((each.id, each.minute), (each,))
        if single:
            return tuple(islice(single.values(), SHOWN))
        apart = (
            pair
            for pair in sorted(combinations(changes, 2), key=_nearness_of_pair)
            if (pair[0].id, pair[0].minute) != (pair[1].id, pair[1].minute)
        )
        pairs: dict[frozenset[tuple[str, int | None]], Flip] = {}
        for pair in islice(apart, TRIED):
            key = frozenset((each.id, each.minute) for each in pair)
            if key not in pairs and self._flips_with(pair):
                pairs[key] = pair
                if len(pairs) == SHOWN:
                    break
        return tuple(pairs.values())

    def _flips_with(self, changes: Flip) -> bool:
        """Whether a rule in force would certainly be so no longer, or the other way round."""
        inputs = dict(self.patient.inputs)
        for each in changes:
            held = inputs.get(each.id)
            if each.minute is None:
                inputs[each.id] = each.becomes
            elif isinstance(each.becomes, Fraction):
                samples = dict(held) if isinstance(held, tuple) else {}
                inputs[each.id] = tuple(sorted({**samples, each.minute: each.becomes}.items()))
        status = self._standing(Meaning(inputs, self.meant.settings, self.meant.named)).status
        if self.standing.is_in_force:
            return status in ("defeated", "notApplicable")
        return status == "applies"

    def _changes(self) -> Iterator[Change]:
        """Every change of one datum that could make a difference."""
        for name, minute in dict.fromkeys(self._places()):
            was: Value = self.patient.inputs.get(name)
            if minute is not None:
                was = dict(self.cuts.samples(name)).get(minute)
            for answer in self.cuts.answers(name, minute):
                if answer != was and not isinstance(answer, tuple) and not isinstance(was, tuple):
                    yield self._change(name, minute, was, answer)

    def _places(self) -> Iterator[tuple[str, int | None]]:
        """Where a value could be other: an input, a sample, or a sample in an empty window."""
        for each in self._data:
            if isinstance(each, Ref):
                if each.kind == "input":
                    yield each.name, None
                continue
            minutes = [minute for minute, _ in self.cuts.samples(each.series)]
            yield from ((each.series, minute) for minute in minutes)
            if not any(map(each.spans, minutes)):
                first = earliest(each.low, each.high, self.patient.now)
                yield each.series, each.high if first is None else first

    def _change(self, name: str, minute: int | None, was: Single, becomes: Single) -> Change:
        declared = self.inputs.get(name)
        distance = Fraction(0) if was is None else Fraction(1)
        if isinstance(was, Fraction) and isinstance(becomes, Fraction):
            distance = abs(becomes - was) / (max(abs(becomes), abs(was)) or 1)
        return Change(
            id=name,
            label=declared.label if declared else "Time of the decision",
            unit=declared.unit if declared else "min",
            minute=minute,
            was=was,
            becomes=becomes,
            distance=distance,
        )


@dataclass(slots=True)
class _Forgetful(Meaning):
    """The meaning for a patient of whom some aggregates are taken as not known."""

    hidden: frozenset[Agg]

    def number(self, node: Num) -> Fraction | None:
        """An exact number, or None (unknown, or hidden)."""
        return None if node in self.hidden else Meaning.number(self, node)


def _name(datum: Datum) -> str:
    return datum.series if isinstance(datum, Agg) else datum.name


def _left(values: Mapping[str, Value], names: set[str]) -> dict[str, Value]:
    return {name: None if name in names else value for name, value in values.items()}


def _nearness(change: Change) -> tuple[bool, Fraction]:
    """What is not known comes first: to learn it changes nothing that is known."""
    return change.was is not None, change.distance


def _nearness_of_pair(pair: tuple[Change, Change]) -> tuple[int, Fraction]:
    one, other = pair
    return (one.was is not None) + (other.was is not None), one.distance + other.distance


def _plain(value: Single) -> str | bool | None:
    return plain(value) if isinstance(value, Fraction) else value
