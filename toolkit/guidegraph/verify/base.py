"""What a verification says: what was proved, what was refuted by a patient, what stayed open.

A check looks at a guideline under one choice of readings (a ``Case``) and yields what came out of
each obligation: ``Held`` (proved for every patient), ``Refuted`` (a patient shows the contrary) or
``Unproved`` (the solver gave no answer). ``readings`` puts these together over all readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from guidegraph.diagnostic import Location, Severity
from guidegraph.kernel import TRUE, And, Bool, Not, Ref
from guidegraph.lower import executable
from guidegraph.model import Guideline, Recommendation
from guidegraph.pathway import belongs
from guidegraph.program import Program, Rule
from guidegraph.proof import Theory, UnprovedError, WirePatient, region, smallest
from guidegraph.regions import Region, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A patient for whom a condition is true, and for whom else it is.

    ``patient`` is the smallest such patient in wire form and ``witness`` the same in words;
    ``region`` and ``where`` are all of them.
    """

    patient: WirePatient
    witness: str
    region: Region
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An obligation that is proved: ``what`` in words, about ``subjects`` (local names).

    ``code`` is that of the finding that its refutation would be. ``is_told`` says that a report
    lists it by itself (a declared obligation); others are only counted.
    """

    code: str
    subjects: tuple[str, ...]
    what: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproved:
    """An obligation about which the solver gave no answer; ``reason``: ``effort`` or ``time``."""

    code: str
    subjects: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """An obligation that does not hold, in one reading.

    Two refutations are the same finding if code, subjects and ``detail`` agree: ``detail`` tells
    apart what else may be found about the same things ("first D-dimer", "1,000"). ``message`` is
    one sentence a clinician understands; it names things by label. ``patient`` (and ``other``,
    where it takes two) is the smallest witness in wire form, ``witness`` the same in words;
    ``where`` tells the whole region, ``region`` is that region for drawing. The first subject is
    where the finding is reported; ``at`` overrides the place.
    """

    code: str
    severity: Severity
    subjects: tuple[str, ...]
    detail: str = ""
    message: str
    why: str = ""
    help: str = ""
    witness: str = ""
    where: str = ""
    patient: WirePatient | None = None
    other: WirePatient | None = None
    region: Region | None = None
    at: Location | None = None


Entry = Held | Unproved | Refuted


@dataclass(slots=True, eq=False)
class Case:
    """A guideline under one choice of readings, and the questions that checks ask about it.

    ``memory`` is shared by all readings: what was worked out for a condition is not worked out
    again where another reading leaves it as it is.
    """

    guideline: Guideline
    program: Program
    theory: Theory
    words: Words
    memory: dict[object, object] = field(default_factory=dict)
    _rules: dict[str, Rule] = field(default_factory=dict, init=False, repr=False)

    # --- naming ----------------------------------------------------------------------------------

    def label(self, name: str) -> str:
        """The label of a thing, or its name."""
        found = self.guideline.entities.get(name)
        return str(found.label) if found and found.label else name

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules by name, in the order of the guideline."""
        if not self._rules:
            held = {each.name: each for each in self.program.rules}
            self._rules = {each.id: held[each.id] for each in executable(self.guideline)}
        return self._rules

    def recommendation(self, name: str) -> Recommendation:
        """The recommendation that a rule is."""
        return self.guideline.one(name, Recommendation)

    def population(self, name: str) -> Bool:
        """The condition of belonging to the population of a recommendation."""
        return belongs(self.guideline, self.recommendation(name).population)

    # --- asking ----------------------------------------------------------------------------------

    def some(self, condition: Bool, *, total: bool = True) -> WirePatient | None:
        """A patient for whom the condition is true (see ``Prover.find``); None: there is none.

        With ``total`` all data are known but samples that were never taken.

        Raises:
            UnprovedError: the solver gave no answer.
        """
        return self.theory.prover.find(self.theory, condition, total=total)

    def always(self, condition: Bool, given: Bool = TRUE) -> bool:
        """Whether no patient has ``given`` true and the condition false."""
        return self.some(And((given, Not(condition)))) is None

    def show(self, condition: Bool, given: Bool = TRUE) -> Shown | None:
        """The smallest patient for whom both are true, and the region of all of them.

        The region tells of ``condition`` only: say in the message who is ``given``.

        Raises:
            UnprovedError: the solver gave no answer.
        """
        both = And((given, condition))
        key = ("show", self.theory.sign(condition), self.theory.sign(given))
        if key not in self.memory:
            self.memory[key] = self._show(condition, given, both)
        found = self.memory[key]
        assert found is None or isinstance(found, Shown)
        return found

    def _show(self, condition: Bool, given: Bool, both: Bool) -> Shown | None:
        found = self.some(both)
        if found is None:
            return None
        patient = smallest(self.theory, both, found)
        within = region(self.theory, condition, found, given)
        return Shown(
            patient=patient,
            witness=self.told(patient),
            region=within,
            where=self.words.region(within),
        )

    def told(self, patient: WirePatient) -> str:
        """A patient in words: what is known, and settings that are not the default."""
        return self.words.patient(patient, self.theory.prover.defaults())

    def attempt(
        self, code: str, subjects: tuple[str, ...], entries: Callable[[], Iterator[Entry]]
    ) -> Iterator[Entry]:
        """What ``entries`` yields; where the solver gives no answer, that instead of the rest."""
        try:
            yield from entries()
        except UnprovedError as error:
            yield Unproved(code=code, subjects=subjects, reason=error.reason)


def rule(name: str) -> Ref:
    """That a recommendation is effective: its guard holds and nothing defeats it."""
    return Ref("rule", name)


Check = Callable[[Case], Iterator[Entry]]
"""A check of one reading."""
