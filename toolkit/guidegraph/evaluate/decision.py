"""The decision about one patient: where every recommendation stands, why, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.entity import Entity
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
from guidegraph.evaluate.trace import Reason, Tracer
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


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a guideline says about one patient, in the order of the guideline.

    Every criterion and rule is answered when a decision is made; ``statuses`` has the rules in the
    order of the program. What is said about the answers is put into words when it is first asked
    for: reasons, definitions, conflicts, gaps and questions.
    """

    guideline: Guideline
    program: Program
    patient: Patient
    statuses: Mapping[str, Status]
    findings: tuple[Diagnostic, ...]
    _basis: Basis = field(repr=False, compare=False)
    _truths: tuple[Truth, ...] = field(repr=False)

    @cached_property
    def _meant(self) -> Meaning:
        """The meaning of the program for the patient, with all that was answered already."""
        answers = zip(self._basis.compiled.nodes, self._truths, strict=True)
        held = self.patient
        return Answered(held.inputs, held.settings, self.program.conditions, answers)

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
            referred=basis.referred,
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
        return questions(self.program, self.standings, self._meant, self.patient.now)

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
    basis = _basis(_Same(guideline), _Same(program))
    statuses, truths = basis.compiled.answer(patient.inputs, patient.settings)
    return Decision(
        guideline=guideline,
        program=program,
        patient=patient,
        statuses=statuses,
        findings=tuple(findings),
        _basis=basis,
        _truths=truths,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What is the same for every patient of a guideline under one choice of readings."""

    compiled: Compiled
    rules: tuple[Rule, ...]
    evidence: Evidence
    referred: dict[tuple[str, type[Entity]], tuple[Entity, ...]] = field(default_factory=dict)


class _Same:
    """A thing that equals only itself, whatever it holds: as a key, it costs nothing."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)


@lru_cache(maxsize=8)
def _basis(guideline: _Same, program: _Same) -> Basis:
    known, source = guideline.thing, program.thing
    assert isinstance(known, Guideline)
    assert isinstance(source, Program)
    order = {each.id: place for place, each in enumerate(known.recommendations)}
    return Basis(
        compiled=compiled(source),
        rules=tuple(sorted(source.rules, key=lambda rule: order[rule.name])),
        evidence=Evidence(known),
    )


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
    inputs = {each.name: each for each in tracer.program.inputs}
    wanted: dict[Need, None] = {}
    for part in (standing.rule.guard, *standing.rule.unless):
        wanted.update(dict.fromkeys(needs(part, tracer.meant, patient.now)))
    for need in wanted:
        yield Ask(inputs[need.input], need, tracer.ledger.unknown_reason(need.input))


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
