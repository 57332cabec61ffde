"""Who gets something else: proved for all patients, told as regions and witnesses.

Nothing is guessed from what was edited. For each recommendation the solver is asked for a patient
who gets it before and not after, and for one who gets it after and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from guidegraph.impact.rests import EVIDENCE
from guidegraph.kernel import TRUE, Bool, Not, Ref
from guidegraph.lower import Lowering
from guidegraph.model import Action, Guideline, InterpretationPoint, Recommendation, SourceDocument
from guidegraph.pathway import belongs
from guidegraph.plan.asking import plainly, questions
from guidegraph.plan.changes import Detail, Difference
from guidegraph.plan.example import patient_file
from guidegraph.plan.merged import (
    Breach,
    Chosen,
    SideName,
    breaches,
    depending,
    merge,
    on_side,
    pin,
    side_ref,
)
from guidegraph.program import Program, Rule
from guidegraph.proof import EFFORT, Prover, Theory, UnprovedError, WirePatient, region, smallest
from guidegraph.proof.witness import is_true_of
from guidegraph.readings import Choice, Robustness
from guidegraph.regions import Region, Words

What = Literal["loses", "gains", "waits", "sooner", "differs"]
PARTLY_KNOWN: tuple[What, ...] = ("waits", "sooner")
"""Asked of patients of whom not everything is known, where nobody else loses or gains."""
NOBODY: Bool = Not(TRUE)
NORM_TERMS = ("gg:modality", "gg:direction", "gg:recommendsAction")
ACTION_TERMS = (
    "gg:medicationClass",
    "gg:doseIntensity",
    "gg:imagingModality",
    "gg:incompatibleWith",
    "gg:observable",
    "gg:repeatAfter",
    "gg:targetCondition",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Patients for whom a recommendation is another one now.

    ``what``: they lose it, gain it, wait for it (it needs data now that it did without), get it
    sooner (it does without data now), or get it as before but with another content. ``among`` is
    the population that ``where`` leaves unsaid. ``patient`` is the witness in wire form and
    ``file`` the same as a patient file, for the ``choices`` of readings that are not the defaults.
    ``holds`` says in which readings there are such patients, where they were asked.
    """

    what: What
    where: str
    among: str = ""
    witness: str
    patient: WirePatient
    file: Mapping[str, Any] = field(default_factory=dict)
    choices: Choice = field(default_factory=dict)
    region: Region | None = None
    is_default_site: bool = True
    holds: Robustness = field(default=Robustness(count=1, of=1, in_default=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A recommendation that some patients lose or gain, or that says something else to them."""

    name: str
    label: str
    is_new: bool = False
    is_gone: bool = False
    groups: tuple[Group, ...] = ()
    content: tuple[Detail, ...] = ()
    unproved: bool = False

    def group(self, what: What) -> Group | None:
        """The patients of one kind."""
        return next((each for each in self.groups if each.what == what), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the change does to patients.

    ``advice`` are the recommendations that differ for somebody, those that stop for somebody first;
    ``same`` are proved to be what they were for everybody. ``incomparable`` could not be asked.
    ``readings`` is how many readings there are; ``at_default`` labels the settings whose default is
    another one, and which are taken to be at it.
    """

    advice: tuple[Advice, ...] = ()
    same: tuple[str, ...] = ()
    incomparable: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    readings: int = 1
    at_default: tuple[str, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether every question had an answer."""
        return not self.incomparable and not any(each.unproved for each in self.advice)

    @property
    def touches_somebody(self) -> bool:
        """Whether some patient gets something else, as far as was proved."""
        return any(each.groups for each in self.advice)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Both programs under one choice of readings: as one theory, and each for itself."""

    programs: dict[SideName, Program]
    theories: dict[SideName, Theory]
    theory: Theory

    def rule(self, side: SideName, name: str) -> Rule | None:
        """A rule of one side."""
        return next((each for each in self.programs[side].rules if each.name == name), None)

    def condition(self, side: SideName, name: str) -> Bool:
        """That a recommendation is in force on one side; nobody has one that is not there."""
        return side_ref(side, "rule", name) if self.rule(side, name) else NOBODY

    def is_same_rule(self, name: str) -> bool:
        """Whether both sides say the same word for word: then nothing need be asked."""
        ref = Ref("rule", name)
        before, after = (self.theories[side].signs.get(ref) for side in ("old", "new"))
        return before is not None and before == after


@dataclass(slots=True, eq=False)
class Comparison:
    """Two versions and what they are compared under; ``found`` are the differences of their things.

    ``readings`` and ``settings`` hold on both sides; other readings are asked about if
    ``everywhere``. ``given`` is the old version with its evidence.
    """

    old: Guideline
    new: Guideline
    found: tuple[Difference, ...]
    readings: Choice = field(default_factory=dict)
    settings: Chosen = field(default_factory=dict)
    effort: int = EFFORT
    everywhere: bool = True
    progress: Callable[[str, int, int], None] = lambda label, done, of: None
    given: Guideline = field(init=False)
    _lowered: tuple[Lowering, Lowering] = field(init=False)

    def __post_init__(self) -> None:
        self.given = self.old
        self.old, self.new = without_evidence(self.old), without_evidence(self.new)
        self._lowered = Lowering(self.old), Lowering(self.new)

    def behaviour(self) -> Behaviour:
        """What the change does to patients.

        Raises:
            LowerError: a version cannot be run, or does not have a reading that was asked for.
        """
        from guidegraph.plan.everywhere import in_readings  # it needs what stands here

        programs = self.programs(self.readings)
        broken = tuple(breaches(*programs))
        apart = frozenset(each.name for each in broken if not each.is_comparable)
        skipped = depending(programs[0], apart) | depending(programs[1], apart)
        if programs[0].anchor != programs[1].anchor:
            skipped = frozenset(each.name for side in programs for each in side.rules)
        names = [each for each in self.names(*programs) if each not in skipped]
        moved = self._moved(*programs)
        (pair,) = self.pairs([programs])
        advice: dict[str, Advice] = {}
        for place, name in enumerate(names):
            self.progress("Proving who gets something else", place, len(names))
            if one := self.advice(pair, name):
                advice[name] = one
        total = 1
        if self.everywhere:
            advice, total = in_readings(self, names, advice)
        return Behaviour(
            advice=tuple(sorted(advice.values(), key=lambda each: _rank(each, names))),
            same=tuple(each for each in names if each not in advice),
            incomparable=tuple(sorted(skipped)),
            breaches=broken,
            readings=total,
            at_default=tuple(each.label for each in programs[1].settings if each.name in moved),
        )

    def programs(self, readings: Choice) -> tuple[Program, Program]:
        """Both programs; what only one version has of a reading is none of the other's."""
        known = {each.id for each in self.new.all(InterpretationPoint)}
        strange = [each for each in readings if each not in known | self._points]
        kept = {point: choice for point, choice in readings.items() if point in self._points}
        own = {point: readings[point] for point in readings if point in known or point in strange}
        before, after = self._lowered
        return before.program(kept), after.program(own)

    @property
    def _points(self) -> set[str]:
        return {each.id for each in self.old.all(InterpretationPoint)}

    def pairs(self, choices: list[tuple[Program, Program]]) -> list[Pair]:
        """The pairs of programs of several readings, with one prover for all of them."""
        pinned = self._pinned(*choices[0])
        held = [(pin(old, pinned["old"]), pin(new, pinned["new"])) for old, new in choices]
        merged = [merge(old, new) for old, new in held]
        prover = Prover.of(merged, effort=self.effort)
        return [
            Pair(
                {"old": old, "new": new},
                {"old": prover.theory(old), "new": prover.theory(new)},
                prover.theory(both),
            )
            for (old, new), both in zip(held, merged, strict=True)
        ]

    def _pinned(self, old: Program, new: Program) -> dict[SideName, Chosen]:
        """Settings that are not left open: those chosen, and those whose default is another one."""
        before = {each.name: each.default for each in old.settings}
        after = {each.name: each.default for each in new.settings}
        moved = self._moved(old, new)
        return {
            "old": {**_given(before, moved), **self.settings},
            "new": {**_given(after, moved), **self.settings},
        }

    def _moved(self, old: Program, new: Program) -> list[str]:
        """The settings that nobody chose and whose default is another one now."""
        before = {each.name: each.default for each in old.settings}
        return [
            each.name
            for each in new.settings
            if each.name in before
            and before[each.name] != each.default
            and each.name not in self.settings
        ]

    def names(self, old: Program, new: Program) -> list[str]:
        """Every recommendation that is decided, in the order of the new version."""
        held = {each.name for side in (old, new) for each in side.rules}
        both = (*self.new.recommendations, *self.old.recommendations)
        return [each for each in dict.fromkeys(one.id for one in both) if each in held]

    # --- one recommendation ----------------------------------------------------------------------

    def advice(self, pair: Pair, name: str) -> Advice | None:
        """What is different about a recommendation in one choice of readings; None: nothing."""
        old, new = pair.rule("old", name), pair.rule("new", name)
        told = new or old
        assert told is not None
        groups: list[Group] = []
        unproved = False
        content = self._content(name) if old and new else ()
        for what, condition, total in questions(pair, name, bool(content)):
            if what in PARTLY_KNOWN and any(each.what not in PARTLY_KNOWN for each in groups):
                continue
            try:
                found = self._group(pair, name, what, condition, total)
            except UnprovedError:
                unproved = True
                continue
            groups += [found] if found else []
        if not (groups or unproved):
            return None
        return Advice(
            name=name,
            label=told.label,
            is_new=old is None,
            is_gone=new is None,
            groups=tuple(groups),
            content=content,
            unproved=unproved,
        )

    def _content(self, name: str) -> tuple[Detail, ...]:
        """What the recommendation and its action say differently, apart from to whom."""
        found = {each.name: each for each in self.found if each.how in ("changed", "renamed")}
        own = found[name].details if name in found else ()
        action = found.get(self.new.one(name, Recommendation).action or "")
        done = action.details if action and isinstance(action.thing, Action) else ()
        told = [each for each in own if each.term in NORM_TERMS]
        return (*told, *(each for each in done if each.term in ACTION_TERMS))

    def _group(
        self, pair: Pair, name: str, what: What, condition: Bool, total: bool
    ) -> Group | None:
        theory = pair.theory
        found = theory.prover.find(theory, condition, total=total)
        if found is None:
            return None
        given, among = self._population(pair, name) if total else (TRUE, "")
        sure = plainly(pair, name, what) or condition
        patient = smallest(theory, sure if is_true_of(theory, sure, found) else condition, found)
        words = self._words(pair)
        defaults = theory.prover.defaults()
        within = region(theory, condition, found, given) if total else None
        where = words.region(within) if within else "patients of whom something is not known"
        return Group(
            what=what,
            where=where,
            among=among,
            witness=words.patient(patient, defaults),
            patient=patient,
            file=patient_file(
                theory.program,
                patient,
                self.settings,
                self._moved(pair.programs["old"], pair.programs["new"]),
            ),
            choices=self._choices(pair),
            region=within,
            is_default_site=all(
                defaults.get(each, value) == value for each, value in patient["settings"].items()
            ),
        )

    def _choices(self, pair: Pair) -> Choice:
        """The readings that are not the defaults."""
        default = {each.id: each.default_reading for each in self.new.all(InterpretationPoint)}
        chosen = pair.programs["new"].readings
        return {point: each for point, each in chosen.items() if default.get(point) != each}

    def _population(self, pair: Pair, name: str) -> tuple[Bool, str]:
        """The population, where it is the same on both sides, and what it is called."""
        held = [
            (side, guideline, found.population)
            for side, guideline in self._sides()
            if (found := guideline.get(name, Recommendation)) is not None
        ]
        signs = {
            pair.theories[side].sign(belongs(guideline, population))
            for side, guideline, population in held
        }
        side, guideline, population = held[-1]
        if len(signs) != 1 or not population:
            return TRUE, ""
        return on_side(side, belongs(guideline, population)), str(guideline[population].label)

    def _sides(self) -> tuple[tuple[SideName, Guideline], ...]:
        return ("old", self.old), ("new", self.new)

    def _words(self, pair: Pair) -> Words:
        entities = {**self.old.entities, **self.new.entities}
        both = Guideline(header=self.new.header, entities=entities, codes=self.new.codes)
        return Words(both, pair.theory.program)


def without_evidence(guideline: Guideline) -> Guideline:
    """The guideline with what its rules are made of, which is looked through more quickly."""
    kept = {
        name: each
        for name, each in guideline.entities.items()
        if not isinstance(each, (*EVIDENCE, SourceDocument))
    }
    return replace(guideline, entities=kept)


def _given(
    defaults: dict[str, Fraction | str | None], names: list[str]
) -> dict[str, Fraction | str]:
    return {name: each for name in names if (each := defaults[name]) is not None}


def _rank(advice: Advice, names: list[str]) -> tuple[int, int]:
    """Those that stop for somebody first, then the others, each in the order of the guideline."""
    order: dict[What, int] = {"loses": 0, "waits": 1, "differs": 2, "gains": 3, "sooner": 4}
    ranks = [order[each.what] for each in advice.groups]
    return (-1 if advice.is_gone else min(ranks, default=5), names.index(advice.name))
