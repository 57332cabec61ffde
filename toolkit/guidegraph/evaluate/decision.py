"""The decision about one patient: where every recommendation stands, why, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.evaluate.compiled import Compiled, compiled
from guidegraph.evaluate.data import Ledger
from guidegraph.evaluate.evidence import ClaimUse, Evidence, PassageUse
from guidegraph.evaluate.fields import present
from guidegraph.evaluate.gaps import Gap, gaps
from guidegraph.evaluate.questions import Need, Question, needs, questions
from guidegraph.evaluate.status import (
    Answered,
    Conflict,
    Standing,
    Status,
    conflicts,
    is_covered,
    standings,
)
from guidegraph.evaluate.trace import Fragment, Reason, Tracer
from guidegraph.kernel import Meaning, Truth
from guidegraph.model import ClinicalDefinition, Guideline, Recommendation
from guidegraph.patient import Patient
from guidegraph.program import Input, Program, Rule


@dataclass(frozen=True, slots=True)
class Ask:
    """An unknown datum behind a status that is open."""

    input: Input
    need: Need
    reason: str | None
    """Why what the patient file says of it cannot be used."""

    def to_json(self) -> dict[str, Any]:
        """``{"id", "label", "question", "indeterminable", "reason", "window"}``."""
        return present(
            id=self.input.name,
            label=self.input.label,
            question=self.input.question,
            indeterminable=self.need.is_indeterminable,
            reason=self.reason,
            window=self.need.window_json(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One recommendation for one patient."""

    recommendation: Recommendation
    standing: Standing
    action: str | None
    because: tuple[Reason, ...]
    unless: tuple[Reason, ...]
    reinforced_by: Reason | None
    ask: tuple[Ask, ...]
    passages: tuple[PassageUse, ...]
    claims: tuple[ClaimUse, ...]

    @property
    def status(self) -> Status:
        """The recommendation's status."""
        return self.standing.status

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons that set this status apart from "applies", or all that make it apply."""
        is_by_exception = self.status in ("provisional", "defeated") or (
            self.status == "notApplicable" and self.standing.guard is None
        )
        return self.unless if is_by_exception else self.because

    def to_json(self) -> dict[str, Any]:
        """The recommendation as JSON; lists are there even when empty."""
        found = self.recommendation
        action = {"id": found.action, "label": self.action} if found.action else None
        return {
            "id": found.id,
            "status": self.status,
            "label": str(found.label),
            "modality": found.modality,
            "norm": self.standing.rule.norm,
            "strength": found.strength,
            "certainty": found.certainty,
            "action": action,
            "statement": str(found.statement),
            "because": [each.to_json() for each in self.because],
            "unless": [each.to_json() for each in self.unless],
            "reinforcedBy": self.reinforced_by and self.reinforced_by.to_json(),
            "ask": [each.to_json() for each in self.ask],
            "passages": [each.to_json() for each in self.passages],
            "claims": [each.to_json() for each in self.claims],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A term that a criterion defines, and its answer for this patient."""

    definition: ClinicalDefinition
    reason: Reason

    def to_json(self) -> dict[str, Any]:
        """``{"id", "label", "value", "isExternal", "because"}``; ``value`` is null if unknown."""
        return {
            "id": self.definition.id,
            "label": str(self.definition.label),
            "value": self.reason.value,
            "isExternal": self.definition.is_external,
            "because": self.reason.to_json(),
        }


@dataclass(frozen=True, init=False)
class Decision:
    """What a guideline says about one patient, in the order of the guideline.

    Every criterion and rule is answered when a decision is made; ``statuses`` has the rules in the
    order of the program. What is said about the answers is put into words when it is first asked
    for: reasons, definitions, conflicts, gaps and questions.
    """

    patient: Patient
    statuses: Mapping[str, Status]
    findings: tuple[Diagnostic, ...]
    _basis: Basis = field(repr=False)
    _truths: tuple[Truth, ...] = field(repr=False)

    def __init__(
        self,
        basis: Basis,
        patient: Patient,
        answers: tuple[dict[str, Status], tuple[Truth, ...]],
        findings: tuple[Diagnostic, ...],
    ) -> None:
        # All fields at once: to set each of a frozen object takes longer than to answer ten rules.
        held = {
            "patient": patient,
            "statuses": answers[0],
            "findings": findings,
            "_basis": basis,
            "_truths": answers[1],
        }
        object.__setattr__(self, "__dict__", held)

    @property
    def guideline(self) -> Guideline:
        """What decided."""
        return self._basis.guideline

    @property
    def program(self) -> Program:
        """The guideline as it was run, under one choice of readings."""
        return self._basis.program

    @cached_property
    def _meant(self) -> Meaning:
        """The meaning of the program for the patient, with all that was answered already."""
        held, places = self.patient, self._basis.compiled.places
        return Answered(held.inputs, held.settings, self.program.conditions, places, self._truths)

    @cached_property
    def _tracer(self) -> Tracer:
        basis = self._basis
        ledger = Ledger(self.program, self.patient)
        return Tracer(
            self.guideline,
            self.program,
            self._meant,
            ledger,
            basis.evidence,
            fragments=basis.fragments,
        )

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Where each rule stands, in the order of the guideline."""
        return standings(self._basis.rules, self._meant)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Each recommendation with its reasons, in the order of the guideline."""
        return tuple(advise(self._tracer, each) for each in self.standings)

    @cached_property
    def definitions(self) -> tuple[Defined, ...]:
        """Every term that a criterion defines, in the order of the files."""
        return tuple(_definitions(self._tracer))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Pairs of recommendations in force that cannot both be followed."""
        return conflicts(self.program, self.standings)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Where the guideline falls silent about the patient."""
        return gaps(self.guideline, self.standings, self._meant)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What to find out next, the best question first."""
        decided = self._basis.compiled
        return questions(self.program, self.standings, self._meant, self.patient.now, decided)

    @property
    def is_not_covered(self) -> bool:
        """Whether no executable recommendation speaks to this patient or could."""
        return not is_covered(self.standings)

    def with_status(self, status: Status) -> tuple[Advice, ...]:
        """The recommendations of one status."""
        return tuple(each for each in self.advice if each.status == status)

    def to_json(self) -> dict[str, Any]:
        """The decision in the published form; the same input gives the same bytes."""
        return {
            "guideline": self.guideline.header.iri,
            "version": self.program.version,
            **self._adaptation(),
            "readings": dict(sorted(self.program.readings.items())),
            "recommendations": [each.to_json() for each in self.advice],
            "definitions": [each.to_json() for each in self.definitions],
            "conflicts": [
                {
                    "kind": each.kind,
                    "recommendations": list(each.rules),
                    "actions": list(each.actions),
                }
                for each in self.conflicts
            ],
            "gaps": [each.to_json() for each in self.gaps],
            "notCovered": self.is_not_covered,
            "questions": [each.to_json() for each in self.questions],
            "messages": [_message(each) for each in self.findings],
        }

    def _adaptation(self) -> dict[str, Any]:
        """Of which guideline and version this is a local adaptation; nothing where it is none."""
        found = self.guideline.adaptation
        if found is None:
            return {}
        return {"adapts": {"guideline": found.upstream.iri, "version": found.upstream.version}}


def decide(
    guideline: Guideline,
    program: Program,
    patient: Patient,
    findings: Iterable[Diagnostic] = (),
) -> Decision:
    """Evaluate every executable recommendation for a patient.

    ``findings`` are those of reading the patient file; they are carried along as messages. Raises
    nothing for content: what is missing is unknown. The first decision of a program compiles it.
    """
    basis = basis_of(guideline, program)
    answers = basis.compiled.answer(patient.inputs, patient.settings)
    return Decision(basis, patient, answers, tuple(findings))


@dataclass(frozen=True, slots=True)
class Basis:
    """What is the same for every patient of a guideline under one choice of readings."""

    guideline: Guideline
    program: Program
    compiled: Compiled = field(compare=False)
    rules: tuple[Rule, ...] = field(compare=False)
    evidence: Evidence = field(compare=False)
    fragments: dict[str, Fragment] = field(default_factory=dict, compare=False)


_KNOWN: dict[int, Basis] = {}
"""The last few, by the identity of their program: to compare programs costs too much."""


def basis_of(guideline: Guideline, program: Program) -> Basis:
    """What is the same for every patient; made when it is first asked for."""
    found = _KNOWN.get(id(program))
    return found if found and found.guideline is guideline else _made(guideline, program)


def _made(guideline: Guideline, program: Program) -> Basis:
    order = {each.id: place for place, each in enumerate(guideline.recommendations)}
    found = Basis(
        guideline=guideline,
        program=program,
        compiled=compiled(program),
        rules=tuple(sorted(program.rules, key=lambda rule: order[rule.name])),
        evidence=Evidence(guideline),
    )
    _KNOWN[id(program)] = found
    for oldest in list(_KNOWN)[:-8]:
        _KNOWN.pop(oldest, None)
    return found


def advise(tracer: Tracer, standing: Standing) -> Advice:
    """A recommendation where it stands, with the reasons the tracer finds."""
    recommendation = tracer.guideline.one(standing.rule.name, Recommendation)
    reinforced_by = recommendation.reinforced_by
    action = recommendation.action
    return Advice(
        recommendation=recommendation,
        standing=standing,
        action=str(tracer.guideline[action].label) if action else None,
        because=tracer.why(standing.rule.guard),
        unless=tuple(_unless(tracer, standing)),
        reinforced_by=tracer.criterion(reinforced_by) if reinforced_by else None,
        ask=tuple(_ask(tracer, standing)),
        passages=tracer.evidence.passages(recommendation),
        claims=tracer.evidence.claims(recommendation.id),
    )


def _definitions(tracer: Tracer) -> Iterator[Defined]:
    """Every term that a criterion defines, in the order of the files."""
    for each in tracer.guideline.all(ClinicalDefinition):
        if each.defining_criterion:
            yield Defined(definition=each, reason=tracer.criterion(each.defining_criterion))


def _unless(tracer: Tracer, standing: Standing) -> Iterator[Reason]:
    """The exceptions that give the status: those that hold, else those unknown, else all."""
    truths = [tracer.meant.truth(each) for each in standing.rule.unless]
    if tracer.whole and True not in truths:
        truths = [tracer.whole.truth(each) for each in standing.rule.unless]
    shown: Truth = True if True in truths else None if None in truths else False
    for each, truth in zip(standing.rule.unless, truths, strict=True):
        if truth is shown:
            yield from tracer.why(each)


def _ask(tracer: Tracer, standing: Standing) -> Iterator[Ask]:
    if not standing.is_open:
        return
    patient = tracer.ledger.patient
    wanted: dict[Need, None] = {}
    for part in (standing.rule.guard, *standing.rule.unless):
        wanted.update(dict.fromkeys(needs(part, tracer.meant, patient.now)))
    for need in wanted:
        yield Ask(tracer.ledger.inputs[need.input], need, tracer.ledger.unknown_reason(need.input))


def _message(finding: Diagnostic) -> dict[str, Any]:
    at = finding.at
    return present(
        code=finding.code,
        severity=str(finding.severity),
        message=finding.message,
        file=at.file if at else None,
        line=at.line if at else None,
        why=finding.why,
        help=finding.help,
        subject=finding.subject,
    )
