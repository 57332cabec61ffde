"""For whom exactly a condition is true, as few boxes as will do: "from 1,000 up to 2,000 µg/L".

What is compared is cut at the numbers it is compared with. A box says for some of these forms
between which cuts they lie, for some questions how they are answered, for some codes which ones.
A box begins with one patient and is widened in every direction for as long as the solver proves
that all within it are meant; then the next box begins with a patient outside all boxes so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import z3

from guidegraph.kernel import (
    TRUE,
    Agg,
    And,
    Arith,
    Bool,
    Cmp,
    In,
    Meaning,
    Ref,
    linear_terms,
)
from guidegraph.proof.encoding import Formula, Person, all_of, negation
from guidegraph.proof.prover import Theory, UnprovedError, WirePatient, aggregates
from guidegraph.regions import (
    UNKNOWN,
    Answered,
    Between,
    Box,
    Form,
    OneOf,
    Region,
    Side,
    Unmeasured,
    leaves,
    linear,
    with_settings,
)
from guidegraph.wire import TEN_YEARS, values

MOST_BOXES = 8


def region(
    theory: Theory,
    condition: Bool,
    found: WirePatient,
    given: Bool = TRUE,
    most: int = MOST_BOXES,
    person: Person | None = None,
) -> Region:
    """Who of those for whom ``given`` is true has the condition true, at the settings of ``found``.

    ``found`` is a patient for whom both are true. It is told of patients in whom every number that
    the condition speaks of is known; where ``found`` is none of these, of all, and boxes then say
    what was not measured. ``person`` is anybody of whom it is told, where that is not everybody of
    whom all is known.

    Raises:
        UnprovedError: the solver gave no answer for the first box.
    """
    return _Search(theory, condition, given, found, person).region(most)


class _Search:
    def __init__(
        self,
        theory: Theory,
        condition: Bool,
        given: Bool,
        found: WirePatient,
        person: Person | None,
    ) -> None:
        self.theory = theory
        self.given = given
        self.settings: dict[str, int | str] = found["settings"]
        self._sides: dict[Side, Formula] = {}
        self.person = person or theory.prover.person()
        inputs, chosen = values(theory.program, found["facts"], self.settings)
        self.fixed = {name: each for name, each in chosen.items() if isinstance(each, Fraction)}
        self.inputs, self.chosen = inputs, chosen
        self.inside = z3.Bool("is meant", theory.prover.context)
        measured = list(aggregates(theory, And((condition, given))))
        within = [theory.truth(given, self.person)[0]]
        self.unmeasured: tuple[Agg, ...] = ()
        if all(self._number(each, inputs, chosen) is not None for each in measured):
            within += [self.person.number(each)[0] for each in measured]
        else:
            self.unmeasured = tuple(aggregates(theory, condition))
        self.held = (*within, self.inside == theory.truth(condition, self.person)[0])
        self.forms, self.answers, self.codes = self._parts(condition)

    def _parts(
        self, condition: Bool
    ) -> tuple[dict[Form, tuple[Fraction, ...]], dict[Ref, None], dict[Ref, tuple[str, ...]]]:
        """The forms with their cuts, the questions and the codes that a condition speaks of."""
        cuts: dict[Form, set[Fraction]] = {}
        answers: dict[Ref, None] = {}
        codes: dict[Ref, tuple[str, ...]] = {}
        for leaf in with_refs(self.theory, condition):
            if isinstance(leaf, Cmp):
                plain = with_settings(leaf, self.fixed)
                assert isinstance(plain, Cmp)
                if linear_terms(plain)[0]:
                    form, cut, _ = linear(plain)
                    cuts.setdefault(form, set()).add(cut)
            elif isinstance(leaf, In):
                if leaf.code.kind == "input":
                    codes[leaf.code] = self.theory.prover.wire.inputs[leaf.code.name].codes
            elif leaf != UNKNOWN:
                answers[leaf] = None
        return {form: tuple(sorted(held)) for form, held in cuts.items()}, answers, codes

    def region(self, most: int) -> Region:
        """The boxes, those with the fewest sides first."""
        with self.theory.prover.holding(self.person, *self.held, settings=self.settings):
            return self._region(most)

    def _region(self, most: int) -> Region:
        boxes: list[Box] = []
        is_exact = True
        while True:
            try:
                start = self._next(boxes)
                if start is None:
                    break
                if len(boxes) == most:
                    is_exact = False
                    break
                boxes.append(self._widened(start))
            except UnprovedError:
                if not boxes:
                    raise
                is_exact = False
                break
        defaults = self.theory.prover.defaults()
        changed = tuple(sorted((k, v) for k, v in self.settings.items() if defaults.get(k) != v))
        told = sorted(boxes, key=lambda each: (len(each.sides), repr(each)))
        return Region(tuple(told), is_exact, changed)

    def _next(self, boxes: list[Box]) -> WirePatient | None:
        outside = [negation(all_of(*map(self._holds, box.sides))) for box in boxes]
        model = self._model(self.inside, *outside)
        return None if model is None else self.theory.prover.decoded(model, self.person)

    def _model(self, *formulas: Formula) -> Any:
        return self.theory.prover.model(self.person, *formulas, settings=self.settings)

    def _holds(self, side: Side) -> Formula:
        if side not in self._sides:
            self._sides[side] = self.theory.truth(side.condition, self.person)[0]
        return self._sides[side]

    def _is_meant(self, sides: Mapping[object, Side | None]) -> bool:
        """Whether everybody within the sides has the condition true."""
        box = [self._holds(each) for each in sides.values() if each is not None]
        return self._model(*box, negation(self.inside)) is None

    # --- one box ---------------------------------------------------------------------------------

    def _widened(self, start: WirePatient) -> Box:
        """The box around a patient, each side as wide as it can be."""
        inputs, settings = values(self.theory.program, start["facts"], start["settings"])
        sides: dict[object, Side | None] = {}
        for ref in self.answers:
            held = inputs.get(ref.name)
            sides[ref] = Answered(ref, held) if isinstance(held, bool) else None
        for ref in self.codes:
            code = inputs.get(ref.name)
            sides[ref] = OneOf(ref, (code,)) if isinstance(code, str) else None
        for number in self.unmeasured:
            is_missing = self._number(number, inputs, settings) is None
            sides[number] = Unmeasured(number) if is_missing else None
        cells: dict[Form, tuple[int, int]] = {}
        for form, cuts in self.forms.items():
            total = Arith(tuple((factor, datum) for datum, factor in form))
            value = Meaning(inputs, settings, {}).number(total)
            if value is not None:
                cells[form] = (_cell(value, cuts),) * 2
                sides[form] = self._between(form, cells[form])
        for name in sorted(sides, key=_order):
            kept = sides[name]
            sides[name] = None
            if kept is None or self._is_meant(sides):
                continue
            sides[name] = kept
            if isinstance(kept, OneOf):
                self._more_codes(sides, kept)
            elif isinstance(kept, Between):
                self._wider(sides, kept.form, cells[kept.form])
        order = (*sorted(self.forms, key=_earliest), *self.unmeasured, *self.codes, *self.answers)
        shown = [sides[name] for name in order if name in sides]
        return Box(tuple(each for each in shown if each is not None))

    def _more_codes(self, sides: dict[object, Side | None], kept: OneOf) -> None:
        for code in self.codes[kept.ref]:
            if code not in kept.codes:
                both = tuple(each for each in self.codes[kept.ref] if each in (*kept.codes, code))
                sides[kept.ref] = OneOf(kept.ref, both)
                if self._is_meant(sides):
                    kept = OneOf(kept.ref, both)
        sides[kept.ref] = kept

    def _wider(self, sides: dict[object, Side | None], form: Form, cell: tuple[int, int]) -> None:
        last = 2 * len(self.forms[form])
        for step in (-1, 1):
            end = 0 if step < 0 else 1
            far = 0 if step < 0 else last
            tried = [far, *range(cell[end] + step, far, step)]
            for place, at in enumerate(tried):
                if at == cell[end]:
                    break
                wider = (at, cell[1]) if step < 0 else (cell[0], at)
                sides[form] = self._between(form, wider)
                if self._is_meant(sides):
                    cell = wider
                    if place == 0:
                        break
                elif place:
                    break
        sides[form] = self._between(form, cell)

    def _between(self, form: Form, cell: tuple[int, int]) -> Between:
        """Cells ``first`` to ``last``: even ones lie between cuts, odd ones are a cut."""
        cuts = self.forms[form]
        first, last = cell
        low = None if first == 0 else cuts[(first - 1) // 2]
        high = None if last == 2 * len(cuts) else cuts[last // 2]
        return Between(form, low, high, first % 2 == 1, last % 2 == 1)

    @staticmethod
    def _number(node: Agg, inputs: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
        return Meaning(inputs, settings, {}).number(node)


def with_refs(theory: Theory, condition: Bool) -> Iterator[Cmp | In | Ref]:
    """The leaves of a condition and of all that it refers to, each once."""
    met: dict[Cmp | In | Ref, None] = {}
    stack = [condition]
    while stack:
        for leaf in leaves(stack.pop()):
            if leaf not in met:
                met[leaf] = None
                if isinstance(leaf, Ref) and leaf in theory.conditions:
                    stack.append(theory.conditions[leaf])
    return (leaf for leaf in met if leaf not in theory.conditions)


def _cell(value: Fraction, cuts: tuple[Fraction, ...]) -> int:
    for place, cut in enumerate(cuts):
        if value < cut:
            return 2 * place
        if value == cut:
            return 2 * place + 1
    return 2 * len(cuts)


def _earliest(form: Form) -> tuple[int, int, int, str]:
    """What is measured first is told first, and a single number before what is made of several."""
    windows = [datum for datum, _ in form if isinstance(datum, Agg)]
    starts = [-TEN_YEARS if each.low is None else each.low for each in windows]
    is_bounded = all(each.low is not None for each in windows)
    return len(form), 0 if is_bounded else 1, min(starts, default=0), repr(form)


def _order(name: object) -> tuple[int, int, str]:
    """Questions are left out first, forms of one number last: those are what bands are told by."""
    if isinstance(name, Ref):
        return 0, 0, name.name
    if isinstance(name, Agg):
        return 0, 1, repr(name)
    assert isinstance(name, tuple)
    return 1, -len(name), repr(name)
