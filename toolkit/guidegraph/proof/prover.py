"""Is there a patient for whom a condition is true? Asked of the solver, answered with a patient.

What is asked is always a condition of the kernel, over the criteria and rules of one program (a
guideline under one choice of readings). Answers are remembered by what the condition comes to, so
that the many readings of a guideline, most of which agree about most conditions, cost little more
than one.

Effort is limited by counting the solver's steps and not by the clock: the same guideline gives the
same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

import z3

from guidegraph.kernel import Agg, Bool, Ref, walk
from guidegraph.program import Named, Program
from guidegraph.proof.encoding import NO, Formula, Pair, Person, Whole
from guidegraph.proof.samples import Layout
from guidegraph.regions import Needed
from guidegraph.wire import Wire, wire

EFFORT = 20_000_000
"""Solver steps for one question; far more than any question of the shipped guideline needs."""

WirePatient = dict[str, Any]
"""``{"facts": {...}, "settings": {...}}`` in wire form (see ``patient.to_wire``)."""


Model: TypeAlias = Any
"""A model of the solver."""


class UnprovedError(Exception):
    """The solver gave no answer: nothing is known of what was asked.

    ``reason`` is ``effort`` (more steps than allowed) or ``time`` (the deadline has passed).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True, eq=False)
class Theory:
    """What the solver knows of one program: its conditions as formulas about a patient.

    ``signs`` gives every criterion and rule a number; two that say the same have the same, in
    whatever reading they stand. ``needed`` sees without the solver that bands lie apart.
    """

    program: Program
    prover: Prover
    conditions: Mapping[Ref, Bool]
    signs: Mapping[Ref, int]
    needed: Needed

    def sign(self, condition: Bool) -> int:
        """The number of a condition over the criteria and rules of this program."""
        return self.prover.sign(condition, self.signs)

    def truth(self, condition: Bool, person: Person) -> Pair:
        """A condition as a pair of formulas about a person."""
        return person.truth(condition, lambda ref: self._named(ref, person))

    def _named(self, ref: Ref, person: Person) -> Pair:
        key = (person.mark, person.total, self.signs[ref])
        found = self.prover.pairs.get(key)
        if found is None:
            found = self.prover.pairs[key] = self.truth(self.conditions[ref], person)
        return found


@dataclass(slots=True, eq=False)
class Prover:
    """The solver for one guideline under any of its readings, with all that it has found out.

    ``expired`` is asked before every question whether time is up.
    """

    wire: Wire
    layout: Layout
    effort: int = EFFORT
    expired: Callable[[], bool] = lambda: False
    asked: int = 0
    """How many questions the solver was asked."""
    context: z3.Context = field(default_factory=z3.Context)
    pairs: dict[tuple[str, bool, int], Pair] = field(default_factory=dict)
    _signs: dict[object, int] = field(default_factory=dict)
    _found: dict[object, WirePatient | UnprovedError | None] = field(default_factory=dict)
    _solvers: dict[object, z3.Solver] = field(default_factory=dict)
    _persons: dict[tuple[str, bool], Person] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        programs: Iterable[Program],
        *,
        effort: int = EFFORT,
        expired: Callable[[], bool] = lambda: False,
    ) -> Prover:
        """A prover for programs with the same inputs and settings: the readings of a guideline."""
        held = tuple(programs)
        return cls(wire(held[0]), Layout.of(held), effort, expired)

    def theory(self, program: Program) -> Theory:
        """What the solver knows of one of the programs."""
        conditions: dict[Ref, Bool] = {}
        signs: dict[Ref, int] = {}
        for each in program.definitions:
            is_named = isinstance(each, Named)
            ref = Ref("criterion" if is_named else "rule", each.name)
            conditions[ref] = each.condition if isinstance(each, Named) else each.effective
            signs[ref] = self.sign(conditions[ref], signs)
        return Theory(program, self, conditions, signs, Needed(conditions))

    def sign(self, condition: Bool, signs: Mapping[Ref, int]) -> int:
        """The number of what a condition says, given those of what it refers to."""
        named = [node for node in walk(condition) if isinstance(node, Ref) and node in signs]
        key = (condition, tuple(signs[ref] for ref in named))
        return self._signs.setdefault(key, len(self._signs))

    def person(self, mark: str = "", *, total: bool = True) -> Person:
        """A patient about whom nothing is decided yet."""
        found = self._persons.get((mark, total))
        if found is None:
            found = Person(self.wire, self.layout, self.context, total=total, mark=mark)
            self._persons[mark, total] = found
        return found

    # --- questions -------------------------------------------------------------------------------

    def find(self, theory: Theory, condition: Bool, *, total: bool = True) -> WirePatient | None:
        """A patient for whom the condition is true, or None: there is none.

        One in whom every number that the condition speaks of is known is preferred, and one at a
        site with the default settings; of those, one with few samples.

        Raises:
            UnprovedError: the solver gave no answer.
        """
        key = (theory.sign(condition), total)
        if key not in self._found:
            try:
                self._found[key] = self._look(theory, condition, total)
            except UnprovedError as error:
                self._found[key] = error
        found = self._found[key]
        if isinstance(found, UnprovedError):
            raise found
        return found

    def _look(self, theory: Theory, condition: Bool, total: bool) -> WirePatient | None:
        if theory.needed.is_for_nobody(condition):
            return None
        person = self.person(total=total)
        wanted = theory.truth(condition, person)[0]
        if wanted is NO:
            return None
        numbers = list(aggregates(theory, condition))
        measured = [person.number(each)[0] for each in numbers]
        model = self.model(person, wanted)
        if model is None:
            return None
        defaults = self.defaults()
        if not (measured or defaults):  # there is nothing to prefer
            return self.decoded(model, person)
        for extra, settings in ((measured, defaults), (measured, None), ([], defaults)):
            better = self.model(person, wanted, *extra, settings=settings)
            if better is not None:
                model = self._few(person, (wanted, *extra), numbers, settings) or better
                break
        return self.decoded(model, person)

    def _few(
        self,
        person: Person,
        formulas: tuple[Formula, ...],
        numbers: Iterable[Agg],
        settings: Mapping[str, int | str] | None,
    ) -> Model | None:
        """A model with at most one sample of each series, or two, if there is one."""
        series = sorted({each.series for each in numbers})
        for most in (1, 2) if series else ():
            few = [person.at_most(most, each) for each in series]
            model = self.model(person, *formulas, *few, settings=settings)
            if model is not None:
                return model
        return None

    def model(
        self, person: Person, *formulas: Formula, settings: Mapping[str, int | str] | None = None
    ) -> Model | None:
        """A model of formulas about a plausible person (and others that ``formulas`` describe).

        Raises:
            UnprovedError: the solver gave no answer.
        """
        if self.expired():
            raise UnprovedError("time")
        solver = self._solver(person, settings)
        self.asked += 1
        solver.push()
        solver.set("rlimit", self.effort)
        solver.add(*formulas)
        answer = solver.check()
        model = solver.model() if answer == z3.sat else None
        solver.pop()
        if answer == z3.unknown:
            raise UnprovedError("effort")
        return model

    @contextmanager
    def holding(
        self, person: Person, *formulas: Formula, settings: Mapping[str, int | str] | None = None
    ) -> Iterator[None]:
        """What is asked about the person at these settings meanwhile, is asked given the formulas.

        Many questions about the same conditions cost less so.
        """
        solver = self._solver(person, settings)
        solver.push()
        solver.add(*formulas)
        try:
            yield
        finally:
            solver.pop()

    def _solver(self, person: Person, settings: Mapping[str, int | str] | None) -> z3.Solver:
        key = (person.mark, person.total, tuple(sorted((settings or {}).items(), key=str)))
        solver = self._solvers.get(key)
        if solver is None:
            solver = self._solvers[key] = z3.SolverFor("QF_LIA", ctx=self.context)
            solver.add(*person.rules(settings))
        return solver

    def defaults(self) -> dict[str, int | str]:
        """The default of every setting, in wire form."""
        return {
            each.name: int(each.default * 10**each.scale)
            if isinstance(each.default, Fraction)
            else each.default
            for each in self.wire.settings.values()
            if each.default is not None
        }

    # --- answers ---------------------------------------------------------------------------------

    def decoded(self, model: Model, person: Person) -> WirePatient:
        """The patient and the settings of a model, in wire form."""

        def holds(formula: Formula) -> bool:
            if isinstance(formula, bool):
                return formula
            return bool(z3.is_true(model.eval(formula, model_completion=True)))

        def number(value: Whole) -> int:
            if isinstance(value, int):
                return value
            return int(model.eval(value, model_completion=True).as_long())

        facts: dict[str, Any] = {"now": number(person.whole("now"))}
        for each in self.wire.inputs.values():
            name = each.name
            if not holds(person.known(name)):
                facts[name] = None
            elif each.kind == "series":
                facts[name] = [
                    [minute, number(person.sample(name, minute))]
                    for minute in self.layout.minutes(name)
                    if holds(person.taken(name, minute))
                ]
            elif each.kind == "boolean":
                facts[name] = holds(person.answer(name))
            elif each.kind == "quantity":
                facts[name] = number(person.whole(name))
            else:
                facts[name] = next(one for one in each.codes if holds(person.code(name, one)))
        settings: dict[str, Any] = {}
        for setting in self.wire.settings.values():
            if setting.kind == "quantity":
                settings[setting.name] = number(person.whole(setting.name))
            else:
                settings[setting.name] = next(
                    one for one in setting.codes if holds(person.code(setting.name, one))
                )
        return {"facts": facts, "settings": settings}


def aggregates(theory: Theory, condition: Bool) -> Iterator[Agg]:
    """Every aggregate that a condition depends on, through what it refers to, each once."""
    seen: dict[Agg, None] = {}
    met: set[Ref] = set()
    stack = [condition]
    while stack:
        for node in walk(stack.pop()):
            if isinstance(node, Agg):
                seen[node] = None
            elif isinstance(node, Ref) and node in theory.conditions and node not in met:
                met.add(node)
                stack.append(theory.conditions[node])
    yield from seen
