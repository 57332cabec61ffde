"""Two patients who differ in one datum only: what a condition makes of the difference.

The samples of ``proof.samples`` suffice for two patients as for one. Where a series is thinned out,
a sample that is kept for the highest value of its stretch may stand for that of either patient, and
so for the lowest: put together they still have the same times and the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from guidegraph.kernel import Bool, Meaning, Truth
from guidegraph.proof import Theory, UnprovedError, WirePatient
from guidegraph.proof.encoding import Formula, Person, Whole, all_of, negation
from guidegraph.proof.prover import aggregates
from guidegraph.proof.witness import reduced
from guidegraph.verify.base import Case
from guidegraph.wire import values


@dataclass(frozen=True, slots=True)
class Pair:
    """A patient for whom a condition is true, and one like it for whom it is not."""

    one: WirePatient
    other: WirePatient


class Twin(Person):
    """A patient like another in all but the values of one datum; samples have the same times."""

    def __init__(self, like: Person, datum: str) -> None:
        mark = f"{like.mark}other {datum} "
        super().__init__(like.wire, like.layout, like.context, total=like.total, mark=mark)
        self.like = like
        self.datum = datum

    def known(self, name: str) -> Formula:
        """Whether a datum is known at all."""
        return self.like.known(name)

    def answer(self, name: str) -> Formula:
        """A yes/no datum."""
        return super().answer(name) if name == self.datum else self.like.answer(name)

    def code(self, name: str, code: str) -> Formula:
        """A coded datum or setting has this code."""
        return super().code(name, code) if name == self.datum else self.like.code(name, code)

    def whole(self, name: str) -> Whole:
        """A quantity, a numeric setting or ``now``."""
        return super().whole(name) if name == self.datum else self.like.whole(name)

    def taken(self, series: str, minute: int) -> Formula:
        """Whether there is a sample of a series at this minute."""
        return self.like.taken(series, minute)

    def sample(self, series: str, minute: int) -> Whole:
        """The wire value of that sample."""
        own = series == self.datum
        return super().sample(series, minute) if own else self.like.sample(series, minute)


def differing(case: Case, condition: Bool, datum: str, order: int = 0) -> Pair | None:
    """The smallest two patients, alike but for ``datum``, the condition true of the first only.

    With ``order`` 1 the second has no lower value than the first anywhere, with -1 no higher one.
    Of the second the condition is false; with an order it may also be unknown, but only where there
    are no such two. None: there are none at all.

    Raises:
        UnprovedError: the solver gave no answer.
    """
    key = ("differing", case.theory.sign(condition), datum, order)
    if key not in case.memory:
        try:
            case.memory[key] = _differing(case, condition, datum, order)
        except UnprovedError as error:
            case.memory[key] = error
    found = case.memory[key]
    if isinstance(found, UnprovedError):
        raise found
    assert found is None or isinstance(found, Pair)
    return found


def _differing(case: Case, condition: Bool, datum: str, order: int) -> Pair | None:
    theory, prover = case.theory, case.theory.prover
    one, other, alike = _twins(case, datum)
    is_true, _ = theory.truth(condition, one)
    still, is_false = theory.truth(condition, other)
    measured = [one.number(each)[0] for each in aggregates(theory, condition)]
    base = [is_true, alike, *_ordered(one, other, order)]
    questions: list[tuple[list[Formula], dict[str, int | str] | None]] = [
        ([is_false, *measured], prover.defaults()),
        ([is_false, *measured], None),
        ([is_false], None),
    ]
    if order:
        questions.append(([negation(still)], None))
    for place, (more, settings) in enumerate(questions):
        model = prover.model(one, *base, *more, settings=settings)
        if model is not None:
            pair = Pair(prover.decoded(model, one), prover.decoded(model, other))
            return _Smaller(theory, condition, datum, order, pair).pair()
        if place == 0 and prover.model(one, *base, negation(still)) is None:
            return None
    return None


def _twins(case: Case, datum: str) -> tuple[Person, Twin, Formula]:
    """Two patients who differ in a datum, and that the second is plausible as well.

    They are kept, with what is worked out of their numbers.
    """
    key = ("twins", datum)
    if key not in case.memory:
        one = case.theory.prover.person()
        other = Twin(one, datum)
        case.memory[key] = one, other, all_of(*other.rules())
    return cast("tuple[Person, Twin, Formula]", case.memory[key])


def _ordered(one: Person, other: Twin, order: int) -> list[Formula]:
    """That no value of the datum lies the wrong way."""
    if not order:
        return []
    datum = other.datum
    if one.wire.inputs[datum].kind == "quantity":
        numbers = [(one.whole(datum), other.whole(datum))]
    else:
        minutes = one.layout.minutes(datum)
        numbers = [(one.sample(datum, each), other.sample(datum, each)) for each in minutes]
    return [second >= first if order > 0 else second <= first for first, second in numbers]


class _Smaller:
    """Makes a pair as small, as alike and as round as the condition allows."""

    def __init__(self, theory: Theory, condition: Bool, datum: str, order: int, pair: Pair) -> None:
        self.theory = theory
        self.condition = condition
        self.datum = datum
        self.order = order
        self.start = pair
        self.end = self._truth(pair.other)
        assert self._shows(pair.one, pair.other), "solver and reference semantics disagree"

    def pair(self) -> Pair:
        """The smaller pair."""
        others = self.start.other["facts"][self.datum]
        one = reduced(
            self.theory,
            self.condition,
            self.start.one,
            lambda each: self._shows(each, self._with(each, _at_times(each, self.datum, others))),
        )
        other = self._with(one, _at_times(one, self.datum, others))
        one, other = self._alike(one, other)
        one, other = self._rounder(one, other)
        one, other = self._alike(one, other)
        return Pair(one, other)

    def _rounder(self, one: WirePatient, other: WirePatient) -> tuple[WirePatient, WirePatient]:
        fixed = frozenset(one["facts"]) - {self.datum}

        def second(each: WirePatient) -> bool:
            return self._is_twin(one, each) and self._shows(one, each)

        other = reduced(self.theory, self.condition, other, second, fixed)

        def first(each: WirePatient) -> bool:
            return self._is_twin(other, each) and self._shows(each, other)

        return reduced(self.theory, self.condition, one, first, fixed), other

    def _alike(self, one: WirePatient, other: WirePatient) -> tuple[WirePatient, WirePatient]:
        """The same values in both wherever they do not matter."""
        held = one["facts"][self.datum]
        for place in range(len(held) if isinstance(held, list) else 0):
            mine, theirs = one["facts"][self.datum], other["facts"][self.datum]
            closer = self._with(other, [*theirs[:place], mine[place], *theirs[place + 1 :]])
            if self._shows(one, closer):
                other = closer
                continue
            closer = self._with(one, [*mine[:place], theirs[place], *mine[place + 1 :]])
            one = closer if self._shows(closer, other) else one
        return one, other

    def _shows(self, one: WirePatient, other: WirePatient) -> bool:
        first, second = one["facts"][self.datum], other["facts"][self.datum]
        if first is None or second is None or not self._keeps_order(first, second):
            return False
        return self._truth(one) is True and self._truth(other) is self.end

    def _keeps_order(self, first: Any, second: Any) -> bool:
        if not self.order:
            return True
        numbers = zip(first, second, strict=True) if isinstance(first, list) else [(first, second)]
        sign = self.order
        values_ = ((a[1], b[1]) if isinstance(a, list) else (a, b) for a, b in numbers)
        return all(sign * low <= sign * high for low, high in values_)

    def _is_twin(self, one: WirePatient, other: WirePatient) -> bool:
        """Whether everything but the values of the datum is the same."""
        mine, theirs = one["facts"][self.datum], other["facts"][self.datum]
        if isinstance(mine, list) and isinstance(theirs, list):
            at_one, at_other = [[minute for minute, _ in each] for each in (mine, theirs)]
            if at_one != at_other:
                return False
        return other == self._with(one, theirs)

    def _with(self, patient: WirePatient, value: Any) -> WirePatient:
        return {**patient, "facts": {**patient["facts"], self.datum: value}}

    def _truth(self, patient: WirePatient) -> Truth:
        inputs, settings = values(self.theory.program, patient["facts"], patient["settings"])
        return Meaning(inputs, settings, self.theory.conditions).truth(self.condition)


def _at_times(patient: WirePatient, datum: str, held: Any) -> Any:
    """Those samples of ``held`` that stand where the patient has some."""
    own = patient["facts"][datum]
    if not isinstance(own, list) or not isinstance(held, list):
        return held
    minutes = {minute for minute, _ in own}
    return [each for each in held if each[0] in minutes]
