"""Answers that are settled though they stay unknown: no value of the missing datum changes them.

Three-valued logic looks at one condition at a time: "at least 65 or below 65" is unknown without an
age. Somebody is then asked for a datum in vain, and advice waits. One missing datum is looked at,
all else being known; two at once are not.

A patient is sought whose answer is unknown without the datum and the same with each of a few of its
values; then a value is sought that gives this patient another answer. If there is one it joins the
few, and if there is none the patient shows what is looked for. Nobody is taken for such a patient
on the strength of examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from guidegraph.diagnostic import Severity
from guidegraph.kernel import Agg, And, Bool
from guidegraph.proof import Theory, UnprovedError, WirePatient, smallest
from guidegraph.proof.encoding import NO, YES, Formula, Person, Whole, all_of, negation
from guidegraph.verify.base import Case, Entry, Held, Refuted, rule
from guidegraph.verify.missing import Lack, data, lacking, told
from guidegraph.verify.unknown import is_known, is_unknown

CODE = "L472"
MOST = 60
"""How many values of a datum are tried on one question."""


class Valued(Person):
    """A patient like another, with one datum as it is in a patient in wire form."""

    def __init__(self, like: Person, lack: Lack, held: Any) -> None:
        super().__init__(
            like.wire, like.layout, like.context, total=like.total, mark=f"{lack} is {held} "
        )
        self.like = like
        self.lack = lack
        self.held = held
        self.samples = dict(held) if isinstance(lack.datum, Agg) else {}

    def _is_it(self, name: str) -> bool:
        return not isinstance(self.lack.datum, Agg) and name == self.lack.name

    def _sees(self, series: str, minute: int) -> bool:
        window = self.lack.datum
        return isinstance(window, Agg) and series == window.series and window.spans(minute)

    def answer(self, name: str) -> Formula:
        """A yes/no datum."""
        return bool(self.held) if self._is_it(name) else self.like.answer(name)

    def code(self, name: str, code: str) -> Formula:
        """A coded datum or setting has this code."""
        if self._is_it(name):
            return YES if code == self.held else NO
        return self.like.code(name, code)

    def whole(self, name: str) -> Whole:
        """A quantity, a numeric setting or ``now``."""
        return self.held if self._is_it(name) else self.like.whole(name)

    def taken(self, series: str, minute: int) -> Formula:
        """Whether there is a sample of a series at this minute."""
        if self._sees(series, minute):
            return YES if minute in self.samples else NO
        return self.like.taken(series, minute)

    def sample(self, series: str, minute: int) -> Whole:
        """The wire value of that sample."""
        if self._sees(series, minute):
            return self.samples.get(minute, 0)
        return self.like.sample(series, minute)


def check_settled(case: Case) -> Iterator[Entry]:
    """Recommendations whose answer waits for a datum that cannot change it."""
    for name, each in case.rules.items():
        for datum in data(case, rule(name)):
            make = partial(_settled, case, name, each.label, Lack(datum))
            yield from case.attempt(CODE, (name, Lack(datum).name), make)


def _settled(case: Case, name: str, label: str, lack: Lack) -> Iterator[Entry]:
    key = (CODE, case.theory.signs[rule(name)], lack)
    if key not in case.memory:
        try:
            every = (each for each in data(case, rule(name)) if not lack.includes(each))
            others = tuple(is_known(case.theory.prover.wire, each) for each in every)
            without = lacking(case, lack)
            case.memory[key] = settled(case.theory, rule(name), lack, without, others)
        except UnprovedError as error:
            case.memory[key] = error
    found = case.memory[key]
    if isinstance(found, UnprovedError):
        raise found
    subjects = (name, lack.name)
    if found is None:
        yield Held(code=CODE, subjects=subjects)
        return
    assert isinstance(found, tuple)
    patient, holds = found
    what = told(case, lack.datum)
    kept = {each.series if isinstance(each, Agg) else each.name for each in data(case, rule(name))}
    facts = {each: held if each in (*kept, "now") else None for each, held in patient.items()}
    shown = {"facts": facts, "settings": case.theory.prover.defaults()}
    yield Refuted(
        code=CODE,
        severity=Severity.NOTE,
        subjects=subjects,
        detail=what,
        message=f"Without “{what}” it is not known whether “{label}” holds for some patients, "
        f"though it {'holds' if holds else 'does not hold'} for them whatever “{what}” is.",
        why="Somebody asks for a datum in vain, and the advice waits for it. Looked at with this "
        "one datum missing and all else known.",
        help="Add to the condition what holds either way, or split it so that the datum is asked "
        "for only where it decides.",
        witness=case.told(shown),
        patient=shown,
    )


def settled(
    theory: Theory, condition: Bool, lack: Lack, without: Person, others: tuple[Bool, ...] = ()
) -> tuple[Mapping[str, Any], bool] | None:
    """The facts of a patient without the datum, and the answer all its values give; or None.

    It is asked at the default settings; ``others`` say that all else is known.

    Raises:
        UnprovedError: the solver gave no answer, or too many values of the datum differ.
    """
    prover = theory.prover
    defaults = prover.defaults()
    whole = prover.person()
    known = whole.number(lack.datum)[0] if isinstance(lack.datum, Agg) else YES
    open_yes, open_no = theory.truth(condition, without)
    for answer in (True, False):
        place = 0 if answer else 1
        wanted: list[Formula] = [
            negation(open_yes),
            negation(open_no),
            known,
            *(theory.truth(each, without)[0] for each in others),
            theory.truth(condition, whole)[place],
        ]
        wanted += (
            theory.truth(condition, Valued(whole, lack, each))[place] for each in _ends(whole, lack)
        )
        for _ in range(MOST):
            model = prover.model(whole, *wanted, settings=defaults)
            if model is None:
                break
            with_it = prover.decoded(model, whole)
            contrary = _contrary(theory, condition, lack, with_it, place)
            if contrary is None:
                patient = prover.decoded(model, without)
                least = smallest(theory, And((is_unknown(condition), *others)), patient)
                is_right = _contrary(theory, condition, lack, least, place) is None
                return (least if is_right else patient)["facts"], answer
            other = Valued(whole, lack, contrary)
            wanted.append(theory.truth(condition, other)[place])
        else:
            raise UnprovedError("effort")
    return None


def _ends(whole: Person, lack: Lack) -> Iterator[Any]:
    """The least and the highest value of a datum, where it has such: the first to be tried."""
    declared = whole.wire.inputs[lack.name]
    if declared.kind not in ("quantity", "series"):
        return
    steps = 10**declared.scale
    for end in (declared.low, declared.high):
        if end is not None and (end * steps).denominator == 1:
            value = int(end * steps)
            if isinstance(lack.datum, Agg):
                for stretch in whole.layout.stretches[lack.name]:
                    if lack.datum.spans(stretch.minutes[0]):
                        yield ((stretch.minutes[0], value),)
            else:
                yield value


def _contrary(
    theory: Theory, condition: Bool, lack: Lack, patient: WirePatient, place: int
) -> Any | None:
    """A value of the datum with which the answer is another, all else being as in the patient."""
    prover = theory.prover
    whole = prover.person()
    known = whole.number(lack.datum)[0] if isinstance(lack.datum, Agg) else YES
    fixed = all_of(*_same(whole, lack, patient))
    given = theory.truth(condition, whole)[place]
    model = prover.model(whole, fixed, known, negation(given), settings=prover.defaults())
    if model is None:
        return None
    held = prover.decoded(model, whole)["facts"][lack.name]
    if isinstance(lack.datum, Agg):
        return tuple((minute, each) for minute, each in held if lack.datum.spans(minute))
    return held


def _same(whole: Person, lack: Lack, patient: WirePatient) -> Iterator[Formula]:
    """That all but the datum is as in a patient; the decision may be made later."""
    facts = patient["facts"]
    yield whole.whole("now") >= facts["now"]
    for name, each in whole.wire.inputs.items():
        if each.kind == "series":
            taken = dict(facts[name] or ())
            for minute in whole.layout.minutes(name):
                window = lack.datum
                if isinstance(window, Agg) and name == window.series and window.spans(minute):
                    continue
                is_taken = whole.taken(name, minute)
                yield is_taken if minute in taken else negation(is_taken)
                if minute in taken:
                    yield whole.sample(name, minute) == taken[minute]
        elif name == lack.name or facts[name] is None:
            continue
        elif each.kind == "boolean":
            yield whole.answer(name) == facts[name]
        elif each.kind == "code":
            yield whole.code(name, facts[name])
        else:
            yield whole.whole(name) == facts[name]
