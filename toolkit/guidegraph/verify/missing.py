"""What one missing datum does: it may leave a whole topic open, or an answer that it cannot change.

Both look at patients of whom everything is known but one datum: an answer, a code, a number, or
what is measured in one window of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from guidegraph.diagnostic import Severity
from guidegraph.evaluate.gaps import scopes
from guidegraph.kernel import Agg, And, Bool, Cmp, In, Not, Ref, Score, linear_terms
from guidegraph.pathway import belongs
from guidegraph.proof import region, smallest
from guidegraph.proof.boxes import with_refs
from guidegraph.proof.encoding import NO, Formula, Person, Whole
from guidegraph.verify.base import Case, Entry, Held, Refuted, Shown, rule
from guidegraph.verify.unknown import is_known, is_not_false, is_true, is_unknown
from guidegraph.wording import moment

CODE = "L471"
FEW = 2
"""So many recommendations at least stay undetermined: a single one just needs what it asks for."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One datum that is not known: a single one, or all samples of a series in one window."""

    datum: Ref | Agg

    @property
    def name(self) -> str:
        """The datum or the series."""
        return self.datum.series if isinstance(self.datum, Agg) else self.datum.name

    def includes(self, other: Ref | Agg) -> bool:
        """Whether another datum cannot be known without this one."""
        mine = self.datum
        if not (isinstance(mine, Agg) and isinstance(other, Agg)):
            return mine == other
        return mine.series == other.series and _is_within(other, mine)


def _is_within(one: Agg, other: Agg) -> bool:
    after = other.low is None or (one.low is not None and one.low >= other.low)
    return after and (other.high is None or (one.high is not None and one.high <= other.high))


class Lacking(Person):
    """A patient like another, of whom one datum is not known."""

    def __init__(self, like: Person, lack: Lack) -> None:
        super().__init__(
            like.wire, like.layout, like.context, total=like.total, mark=f"{like.mark}no {lack} "
        )
        self.like = like
        self.lack = lack

    def known(self, name: str) -> Formula:
        """Whether a datum is known at all."""
        is_lacking = not isinstance(self.lack.datum, Agg) and name == self.lack.name
        return NO if is_lacking else self.like.known(name)

    def answer(self, name: str) -> Formula:
        """A yes/no datum."""
        return self.like.answer(name)

    def code(self, name: str, code: str) -> Formula:
        """A coded datum or setting has this code."""
        return self.like.code(name, code)

    def whole(self, name: str) -> Whole:
        """A quantity, a numeric setting or ``now``."""
        return self.like.whole(name)

    def taken(self, series: str, minute: int) -> Formula:
        """Whether there is a sample of a series at this minute."""
        window = self.lack.datum
        if isinstance(window, Agg) and series == window.series and window.spans(minute):
            return NO
        return self.like.taken(series, minute)

    def sample(self, series: str, minute: int) -> Whole:
        """The wire value of that sample."""
        return self.like.sample(series, minute)


def lacking(case: Case, lack: Lack) -> Lacking:
    """A patient, about whom nothing is decided yet, of whom all is known but one datum."""
    found = case.memory.setdefault((CODE, lack), Lacking(case.theory.prover.person(), lack))
    assert isinstance(found, Lacking)
    return found


def data(case: Case, condition: Bool) -> tuple[Ref | Agg, ...]:
    """The data a condition depends on, one aggregate for each window of a series."""
    key = ("data", case.theory.sign(condition))
    if key not in case.memory:
        case.memory[key] = tuple(_data(case, condition))
    found = case.memory[key]
    assert isinstance(found, tuple)
    return found


def _data(case: Case, condition: Bool) -> Iterator[Ref | Agg]:
    met: dict[Ref | Agg, None] = {}
    for leaf in with_refs(case.theory, condition):
        parts: tuple[Ref | Agg, ...]
        if isinstance(leaf, Cmp):
            parts = tuple(linear_terms(leaf)[0])
        else:
            parts = (leaf.code if isinstance(leaf, In) else leaf,)
        for each in parts:
            if isinstance(each, Agg):
                if each.fn != "count":
                    met[Agg("last", each.series, each.low, each.high)] = None
            elif each.kind == "input" and each.name in case.theory.prover.wire.inputs:
                met[each] = None
    yield from met


def told(case: Case, datum: Ref | Agg) -> str:
    """A datum in words: ``D-dimer (on admission)``."""
    return case.words.sampled(datum) if isinstance(datum, Agg) else case.words.number(datum)


# --- a topic --------------------------------------------------------------------------------------


def check_blocking(case: Case) -> Iterator[Entry]:
    """Data without which nothing of a topic applies to somebody, and several stay undetermined."""
    for part in _parts(case):
        yield from case.attempt(CODE, (part.name,), partial(_part, case, part))


@dataclass(frozen=True, slots=True)
class Part:
    """The recommendations of a pathway or group that are for one population."""

    name: str
    label: str
    population: Bool
    members: tuple[str, ...]


def _parts(case: Case) -> Iterator[Part]:
    for name, label, _, members in scopes(case.guideline):
        held: dict[str | None, list[str]] = {}
        for each in (member for member in members if member in case.rules):
            held.setdefault(case.recommendation(each).population, []).append(each)
        for population, names in held.items():
            yield Part(name, label, belongs(case.guideline, population), tuple(names))


def _part(case: Case, part: Part) -> Iterator[Entry]:
    guards = {
        each: case.rules[each].guard
        for each in part.members
        if _is_conditional(case, part.population, case.rules[each].guard)
    }
    needed = {each: data(case, guard) for each, guard in guards.items()}
    every = dict.fromkeys(datum for each in needed.values() for datum in each)
    blocking: list[Lack] = []
    for datum in sorted(every, key=_width):
        lack = Lack(datum)
        asking = sum(any(map(lack.includes, each)) for each in needed.values())
        if asking < FEW or any(lack.includes(each.datum) for each in blocking):
            continue
        subjects = (part.name, lack.name)
        make = partial(_blocked, case, part, guards, tuple(every), lack)
        for entry in case.attempt(CODE, subjects, make):
            blocking += [lack] if isinstance(entry, Refuted) else []
            yield entry


def _width(datum: Ref | Agg) -> tuple[bool, bool, int]:
    """Narrow windows come first."""
    if not isinstance(datum, Agg):
        return False, False, 0
    is_open = datum.low is None or datum.high is None
    return True, is_open, 0 if is_open else (datum.high or 0) - (datum.low or 0)


def _is_conditional(case: Case, population: Bool, guard: Bool) -> bool:
    """Whether not everybody of its population is given a recommendation."""
    return case.some(And((population, Not(guard)))) is not None


def _blocked(
    case: Case, part: Part, guards: dict[str, Bool], every: tuple[Ref | Agg, ...], lack: Lack
) -> Iterator[Entry]:
    wire = case.theory.prover.wire
    nothing = (Not(is_true(each)) for each in guards.values())
    open_ = (And((is_unknown(each), is_not_false(rule(name)))) for name, each in guards.items())
    blocked = And((*nothing, Score(FEW, tuple((each, 1) for each in open_))))
    others = tuple(is_known(wire, each) for each in every if not lack.includes(each))
    given = And((part.population, *others))
    subjects = (part.name, lack.name)
    shown = _shown(case, blocked, given, lack, part)
    if shown is None:
        yield Held(code=CODE, subjects=subjects)
        return
    what = told(case, lack.datum)
    yield Refuted(
        code=CODE,
        severity=Severity.NOTE,
        subjects=subjects,
        detail=what,
        message=f"While “{what}” is not known, nothing of “{part.label}” that depends on a "
        "condition applies to some patients of whom all else is known: what could apply is "
        f"undetermined{_until(case, lack)}.",
        why="One missing datum leaves a whole topic open.",
        help="Say what to do while it is not known, for instance with a recommendation of its own, "
        "or accept that it must be obtained first.",
        witness=shown.witness,
        where=shown.where,
        patient=shown.patient,
        region=shown.region,
    )


def _until(case: Case, lack: Lack) -> str:
    """Until when a datum can be obtained, where that ends."""
    if not isinstance(lack.datum, Agg) or lack.datum.high is None:
        return ""
    end = moment(lack.datum.high, case.guideline.anchor_words)
    return f"; it can be obtained until {end} and never after"


def _shown(case: Case, condition: Bool, given: Bool, lack: Lack, part: Part) -> Shown | None:
    """The smallest patient without a datum for whom both are true, and the region of such."""
    theory, prover = case.theory, case.theory.prover
    both = And((given, condition))
    key = (CODE, theory.sign(both), lack)
    if key not in case.memory:
        person = lacking(case, lack)
        wanted = theory.truth(both, person)[0]
        model = prover.model(person.like, wanted)
        case.memory[key] = None
        if model is not None:
            usual = prover.model(person.like, wanted, settings=prover.defaults())
            found = prover.decoded(usual or model, person)
            patient = smallest(theory, both, found)
            within = region(theory, condition, found, given, person=person)
            case.memory[key] = Shown(
                patient=patient,
                witness=case.told(patient),
                region=within,
                where=case.words.region(within),
            )
    shown = case.memory[key]
    assert shown is None or isinstance(shown, Shown)
    return shown
