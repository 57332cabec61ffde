"""Running cases: what the guideline says about each patient against what a clinician expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guidegraph.cases.coverage import Coverage, coverage
from guidegraph.cases.reading import Advised, Case, read_cases
from guidegraph.diagnostic import Diagnostic, Location, Severity, has_errors, in_order
from guidegraph.evaluate import Standing, Status, decide
from guidegraph.evaluate.data import Ledger
from guidegraph.evaluate.evidence import Evidence
from guidegraph.evaluate.status import conflicts, is_covered, meaning, standings
from guidegraph.evaluate.trace import Reason, Tracer
from guidegraph.kernel import Meaning, Ref
from guidegraph.lower import lower
from guidegraph.model import Guideline, Recommendation
from guidegraph.patient import Patient, from_node
from guidegraph.patient.document import read_file
from guidegraph.program import Program
from guidegraph.read import Sources
from guidegraph.read.folder import display

FILE = "cases.yaml"
ANSWER_WORDS = {True: "yes", False: "no", None: "not known"}
STATUS_WORDS: dict[Status, str] = {
    "applies": "applies",
    "provisional": "applies provisionally",
    "undetermined": "is undetermined",
    "defeated": "is defeated",
    "notApplicable": "does not apply",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case. ``standings`` is empty if the patient could not be read."""

    case: Case
    standings: tuple[Standing, ...]
    meant: Meaning | None
    findings: tuple[Diagnostic, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """``{"id", "name", "passed"}``."""
        return {"id": self.case.id, "name": self.case.name, "passed": self.passed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of every case, what they cover, and all findings."""

    outcomes: tuple[Outcome, ...]
    coverage: Coverage
    findings: tuple[Diagnostic, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that are not as expected."""
        return tuple(each for each in self.outcomes if not each.passed)

    def to_json(self) -> dict[str, Any]:
        """``{"passed", "failed", "cases", "coverage"}``."""
        return {
            "passed": len(self.outcomes) - len(self.failed),
            "failed": len(self.failed),
            "cases": [each.to_json() for each in self.outcomes],
            "coverage": self.coverage.to_json(),
        }


def home(sources: Sources) -> Path:
    """The folder of the cases: that of the overlay if it has some of its own."""
    overlay = sources.overlay
    return overlay if overlay and (overlay / FILE).is_file() else sources.root


def run_sources(
    guideline: Guideline,
    sources: Sources,
    progress: Callable[[str, int, int], None] = lambda label, done, total: None,
) -> Report:
    """Run the cases of a guideline, or those of its overlay.

    Where an overlay has none, those of the guideline are run, and what turns out otherwise is a
    note: that is what an adaptation is for.
    """
    folder = home(sources)
    report = run_folder(guideline, folder, progress)
    if sources.overlay in (None, folder):
        return report
    outcomes = tuple(
        replace(each, findings=tuple(map(_otherwise, each.findings))) for each in report.outcomes
    )
    changed = {old: _otherwise(old) for each in report.outcomes for old in each.findings}
    told = in_order(changed.get(each, each) for each in report.findings)
    return replace(report, outcomes=outcomes, findings=told)


def _otherwise(finding: Diagnostic) -> Diagnostic:
    """That a case of the guideline turns out otherwise in its adaptation."""
    return replace(
        finding,
        severity=Severity.NOTE,
        help="The case is the guideline's, and its local adaptation treats this patient otherwise. "
        f"If that is meant, write {FILE} beside the overlay with what is expected here.",
    )


def run_folder(
    guideline: Guideline,
    folder: Path,
    progress: Callable[[str, int, int], None] = lambda label, done, total: None,
) -> Report:
    """Run ``cases.yaml`` of a guideline folder."""
    path = folder / FILE
    name = display(path)
    if not path.is_file():
        return Report(
            outcomes=(), coverage=coverage(guideline, ()), findings=(_no_file(Location(name, 1)),)
        )
    text, findings = read_file(path)
    if text is None:
        return Report(outcomes=(), coverage=coverage(guideline, ()), findings=findings)
    cases, findings = read_cases(text, name, guideline)
    return run(guideline, cases, findings, progress)


def run(
    guideline: Guideline,
    cases: Iterable[Case],
    findings: Iterable[Diagnostic] = (),
    progress: Callable[[str, int, int], None] = lambda label, done, total: None,
) -> Report:
    """Run cases. ``findings`` are those of reading them; they are part of the report.

    What the cases leave out is told, as notes, once all of them pass.
    """
    waiting = tuple(cases)
    programs: dict[tuple[tuple[str, str], ...], Program] = {}
    outcomes = []
    for done, case in enumerate(waiting):
        progress("Running cases", done, len(waiting))
        chosen = tuple(sorted(case.readings.items()))
        if chosen not in programs:
            programs[chosen] = lower(guideline, case.readings)
        outcomes.append(_run(guideline, programs[chosen], case))
    covered = coverage(guideline, [(each.standings, each.meant) for each in outcomes if each.meant])
    told = [*findings, *(finding for each in outcomes for finding in each.findings)]
    if outcomes and not has_errors(told):
        told += covered.findings
    return Report(outcomes=tuple(outcomes), coverage=covered, findings=in_order(told))


def _run(guideline: Guideline, program: Program, case: Case) -> Outcome:
    patient, heard = from_node(case.patient, program)
    findings = list(_messages(case, heard))
    if patient is None:
        return Outcome(case=case, standings=(), meant=None, findings=tuple(findings))
    meant = meaning(program, patient.inputs, patient.settings)
    order = {each.id: place for place, each in enumerate(guideline.recommendations)}
    found = standings(sorted(program.rules, key=lambda rule: order[rule.name]), meant)
    findings += _statuses(guideline, program, patient, case, found)
    findings += _answers(guideline, program, patient, case, meant)
    findings += _outcomes(guideline, case)
    if case.not_covered is not None and case.not_covered is is_covered(found):
        findings.append(_coverage_differs(case))
    clashes = {_pair(*each.rules): each.kind for each in conflicts(program, found)}
    findings += _conflicts_differ(case, clashes)
    return Outcome(case=case, standings=found, meant=meant, findings=tuple(findings))


def _statuses(
    guideline: Guideline,
    program: Program,
    patient: Patient,
    case: Case,
    found: Iterable[Standing],
) -> Iterator[Diagnostic]:
    """T101 for each recommendation that stands elsewhere than expected."""
    wrong = [
        each for each in found if each.status != case.expected.get(each.rule.name, "notApplicable")
    ]
    if not wrong:
        return
    decision = decide(guideline, program, patient)
    reasons = {each.recommendation.id: each.deciding for each in decision.advice}
    for each in wrong:
        name = each.rule.name
        expected = case.expected.get(name, "notApplicable")
        yield _finding(
            "T101",
            case,
            f"Case `{case.id}`: `{name}` {STATUS_WORDS[each.status]}, but the case expects that "
            f"it {STATUS_WORDS[expected]}.",
            why=_deciding(reasons[name]),
            help="`guidegraph decide` with this patient shows every reason. Correct the case or "
            "the guideline, whichever is wrong.",
            at=case.places.get(name),
            subject=name,
        )


def _answers(
    guideline: Guideline, program: Program, patient: Patient, case: Case, meant: Meaning
) -> Iterator[Diagnostic]:
    """T105 for each criterion that has another answer than expected."""
    for name, expected in case.criteria.items():
        answer = meant.truth(Ref("criterion", name))
        if answer is expected:
            continue
        tracer = Tracer(guideline, program, meant, Ledger(program, patient), Evidence(guideline))
        yield _finding(
            "T105",
            case,
            f"Case `{case.id}`: the answer of `{name}` is {ANSWER_WORDS[answer]}, but the case "
            f"expects {ANSWER_WORDS[expected]}.",
            why=_deciding((tracer.criterion(name),)),
            help="Correct the patient, the expectation or the criterion, whichever is wrong.",
            at=case.places.get(name),
            subject=name,
        )


def _outcomes(guideline: Guideline, case: Case) -> Iterator[Diagnostic]:
    """T106 for each recommendation that advises something else than expected."""
    for name, expected in case.outcomes.items():
        found = guideline.one(name, Recommendation)
        advised = Advised(found.modality, found.action)
        if advised != expected:
            yield _finding(
                "T106",
                case,
                f"Case `{case.id}`: `{name}` says {_advised(advised)}, but the case expects "
                f"{_advised(expected)}.",
                why="Status alone would not show that an advice has become stronger, weaker or "
                "another one.",
                help="Correct `outcomes`, or the recommendation, whichever is wrong.",
                at=case.places.get(name),
                subject=name,
            )


def _advised(outcome: Advised) -> str:
    return f"`{outcome.modality}` with action `{outcome.action or 'none'}`"


def _deciding(reasons: Iterable[Reason]) -> str | None:
    """The criteria and data that gave an answer, in one line."""
    told = dict.fromkeys(words for each in reasons for words in _leaves(each))
    return "; ".join(told) + "." if told else None


def _leaves(reason: Reason) -> Iterator[str]:
    if reason.children:
        for child in reason.children:
            yield from _leaves(child)
        return
    answer = ANSWER_WORDS[reason.value]
    told = [each.words for each in reason.data if each.kind == "input"]
    limits = [f"limit {each.words}" for each in reason.thresholds if each.words]
    known = ", ".join(words for words in (*told, *limits) if words != answer)
    yield f"{reason.label}: {answer}" + (f" ({known})" if known else "")


def _messages(case: Case, heard: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """T102 where reading the patient told other codes than expected."""
    told = [each for each in in_order(heard) if each.severity is not Severity.NOTE]
    codes = {each.code for each in told}
    unexpected = [each for each in told if each.code not in case.messages]
    if unexpected:
        listed = ", ".join(sorted({each.code for each in unexpected}))
        yield _finding(
            "T102",
            case,
            f"Case `{case.id}`: the patient gives {listed}, which the case does not expect.",
            why="A datum that cannot be used is unknown: this may not be the patient meant.",
            help=f"Correct the patient, or expect it: `messages: [{listed}]`.",
            related=tuple((e.at, f"{e.code}: {e.message}") for e in unexpected if e.at),
        )
    if missing := sorted(set(case.messages) - codes):
        yield _finding(
            "T102",
            case,
            f"Case `{case.id}`: the patient should give {', '.join(missing)}, but does not.",
            why=f"It gives {', '.join(sorted(codes)) or 'no messages'}.",
            help="Correct the patient, or take the code out of `messages`.",
        )


def _coverage_differs(case: Case) -> Diagnostic:
    spoken = "the guideline does not cover the patient"
    if case.not_covered:
        spoken = "the guideline covers the patient"
    return _finding(
        "T103",
        case,
        f"Case `{case.id}`: {spoken}, but the case expects the opposite.",
        why="A patient is not covered when no recommendation applies, is set aside or is open.",
        help="Correct `notCovered`, or the guideline.",
    )


def _conflicts_differ(case: Case, found: Mapping[tuple[str, str], str]) -> Iterator[Diagnostic]:
    for pair, kind in sorted(found.items()):
        if pair not in case.conflicts:
            yield _finding(
                "T104",
                case,
                f"Case `{case.id}`: `{pair[0]}` and `{pair[1]}` are in conflict ({kind}), which "
                "the case does not expect.",
                why="Their actions cannot both be done, and neither overrides the other nor is "
                "an alternative to it.",
                help=f"If the source leaves it at that, expect it: `conflicts: [[{pair[0]}, "
                f"{pair[1]}]]`.",
            )
    for pair in case.conflicts:
        if pair not in found:
            yield _finding(
                "T104",
                case,
                f"Case `{case.id}`: `{pair[0]}` and `{pair[1]}` are not in conflict, but the case "
                "expects it.",
                help="Take the pair out of `conflicts`, or look why one of them is not in force.",
            )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _finding(
    code: str,
    case: Case,
    message: str,
    *,
    why: str | None = None,
    help: str | None = None,
    at: Location | None = None,
    subject: str | None = None,
    related: tuple[tuple[Location, str], ...] = (),
) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=at or case.at,
        why=why,
        help=help,
        subject=subject or case.id,
        related=related,
    )


def _no_file(at: Location) -> Diagnostic:
    return Diagnostic(
        code="T006",
        severity=Severity.WARNING,
        message=f"There are no cases: the guideline has no {FILE}.",
        at=at,
        why="Without patients and expected answers nobody can see whether the logic is right.",
        help=f"Write {FILE}; `guidegraph new DIR` makes an example.",
    )
