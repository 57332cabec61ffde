"""How many people get something else: the patients of the cases, and those of a cohort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from guidegraph.cases import FILE, Case, read_cases
from guidegraph.cases.coverage import STATUS_WORDS
from guidegraph.diagnostic import Diagnostic, Severity, has_errors, in_order
from guidegraph.errors import UsageError
from guidegraph.evaluate import Status
from guidegraph.evaluate.status import meaning, standings
from guidegraph.model import Guideline
from guidegraph.patient import Patient, from_node
from guidegraph.patient.document import read_document, read_file
from guidegraph.patient.normalise import with_settings
from guidegraph.patient.tree import Node
from guidegraph.plan.behaviour import Comparison
from guidegraph.plan.merged import decided_otherwise
from guidegraph.program import Program
from guidegraph.read import display

Fate = Literal["gains", "losses", "otherwise", "unchanged", "unknown"]
Statuses = dict[str, Status]
Key = tuple[tuple[str, str], ...]
"""A choice of readings."""
FATES: tuple[Fate, ...] = ("losses", "gains", "otherwise", "unknown", "unchanged")
CHANGED: tuple[Fate, ...] = ("losses", "gains", "otherwise")
IN_FORCE: tuple[Status, ...] = ("applies", "provisional")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """A case that gets something else: status before and after, by recommendation (None: none)."""

    id: str
    name: str
    statuses: Mapping[str, tuple[Status | None, Status | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """What becomes of the cases beside the new version.

    ``unfit`` speak of something that the new version does not have; ``unreadable`` have a patient
    whom only one version can decide about.
    """

    total: int = 0
    changed: tuple[CaseChange, ...] = ()
    unfit: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """What becomes of the persons of a cohort, by recommendation."""

    persons: int
    changed: int
    unreadable: int
    counts: Mapping[str, Mapping[Fate, int]]


@dataclass(slots=True)
class Kept:
    """What an old version decides about the cases, for more comparisons with the same version."""

    of: tuple[object, ...] = ()
    sides: dict[tuple[str, Key], tuple[Patient | None, Statuses | None]] = field(
        default_factory=dict
    )

    def begin(self, *of: object) -> None:
        """Forget what was decided by another version, or about other cases."""
        if self.of != of:
            self.of, self.sides = of, {}


def compare_cases(
    compared: Comparison,
    guideline: Guideline,
    folder: Path,
    otherwise: Collection[str],
    kept: Kept | None = None,
) -> Cases:
    """The cases beside the new version, decided by both versions.

    ``otherwise`` names the recommendations that say something else to those who get them; ``kept``
    is what an earlier comparison has left.
    """
    path = folder / FILE
    text, _ = read_file(path) if path.is_file() else (None, ())
    if text is None:
        return Cases()
    found, faults = read_cases(text, display(path), guideline)
    unfit: tuple[Case, ...] = ()
    if faults:
        known = {each.id for each in found}
        before, _ = read_cases(text, display(path), compared.old)
        unfit = tuple(each for each in before if each.id not in known)
    judge = _Judge(compared, kept or Kept())
    judge.kept.begin(compared.given, text, compared.readings, compared.settings)
    changed, unreadable = [], []
    for place, case in enumerate((*found, *unfit)):
        compared.progress("Comparing cases", place, len(found))
        sides = judge.both(case.patient, case.readings, case.id)
        statuses = _together(*sides)
        if statuses is None:
            # A case about a patient file that cannot be used is the same case on both sides.
            unreadable += [case.id] if sides != (None, None) else []
        elif differing := {
            rule: each
            for rule, each in statuses.items()
            if _is_other(*each) or (rule in otherwise and each[1] in IN_FORCE)
        }:
            changed.append(CaseChange(id=case.id, name=case.name, statuses=differing))
    return Cases(
        total=len(found) + len(unfit),
        changed=tuple(changed),
        unfit=tuple(each.id for each in unfit),
        unreadable=tuple(unreadable),
    )


def compare_cohort(
    compared: Comparison, source: Path, otherwise: Collection[str]
) -> tuple[Cohort, tuple[Diagnostic, ...]]:
    """The persons of a cohort, decided by both versions; what is wrong with them.

    ``source`` is a file with a patient file in each line, or a folder of patient files.

    Raises:
        UsageError: there is nothing to read.
    """
    judge = _Judge(compared)
    counts: dict[str, Counter[Fate]] = {}
    persons = changed = 0
    unreadable: list[Diagnostic] = []
    for name, text, findings in _texts(source):
        compared.progress("Comparing persons", persons, 0)
        persons += 1
        judge.faults = findings
        node = None
        if text is not None:
            node, judge.faults = read_document(text, name)
        is_read = node is not None and not has_errors(judge.faults)
        statuses = _together(*judge.both(node, {})) if node and is_read else None
        if statuses is None:
            unreadable.append(_unreadable(name, judge.faults))
            continue
        fates = {rule: _fate(*each, rule in otherwise) for rule, each in statuses.items()}
        changed += any(each in CHANGED for each in fates.values())
        for rule, fate in fates.items():
            counts.setdefault(rule, Counter())[fate] += 1
    if not persons:
        raise _no_cohort(source, "it holds no patient file")
    found = Cohort(
        persons=persons,
        changed=changed,
        unreadable=len(unreadable),
        counts={rule: {fate: each[fate] for fate in FATES} for rule, each in counts.items()},
    )
    return found, in_order(unreadable)


def _fate(before: Status | None, after: Status | None, is_otherwise: bool) -> Fate:
    if "undetermined" in (before, after):
        return "unknown"
    had, has = before in IN_FORCE, after in IN_FORCE
    if had and has and is_otherwise:
        return "otherwise"
    return "unchanged" if had == has else "gains" if has else "losses"


def _texts(source: Path) -> Iterator[tuple[str, str | None, tuple[Diagnostic, ...]]]:
    """Each patient file with a name to show; None for one that is no text, and why."""
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.suffix.lower() in (".json", ".yaml", ".yml"):
                text, findings = read_file(path)
                yield display(path), text, findings
        return
    try:
        with source.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{display(source)}, line {number}", line, ()
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8 text"
        raise _no_cohort(source, reason or "it cannot be opened") from None


def _no_cohort(source: Path, reason: str) -> UsageError:
    return UsageError(
        [
            Diagnostic(
                code="D141",
                severity=Severity.ERROR,
                message=f"The cohort `{display(source)}` cannot be read: {reason}.",
                help="Give a text file with one patient file (JSON) in each line, or a folder of "
                "patient files.",
            )
        ]
    )


def _unreadable(name: str, findings: Iterable[Diagnostic]) -> Diagnostic:
    reasons = " ".join(each.message for each in findings if each.severity is Severity.ERROR)
    return Diagnostic(
        code="D141",
        severity=Severity.WARNING,
        message=f"A person of the cohort cannot be decided about under both versions: {name}.",
        why=reasons or "What one version asks for in a patient file does not fit the other.",
        help="Correct the patient file; this person is not counted.",
    )


@dataclass(slots=True)
class _Judge:
    """Decides about patients by both versions; ``faults`` are what the last one lacked for it."""

    compared: Comparison
    kept: Kept = field(default_factory=Kept)
    programs: dict[Key, tuple[Program, Program]] = field(default_factory=dict)
    otherwise: dict[Key, frozenset[str]] = field(default_factory=dict)
    faults: tuple[Diagnostic, ...] = ()

    def both(
        self, patient: Node, readings: Mapping[str, str], name: str = ""
    ) -> tuple[Statuses | None, Statuses | None]:
        """Where each recommendation stands before and after; None where a side cannot say.

        What is decided about a patient with a ``name`` is kept.
        """
        key = tuple(sorted(readings.items()))
        if key not in self.programs:
            self.programs[key] = self.compared.programs({**self.compared.readings, **readings})
        before, after = self.programs[key]
        if (name, key) in self.kept.sides:
            person, was = self.kept.sides[name, key]
        else:
            person = self._read(patient, before)
            was = self._standings(person, before)
        if name:
            self.kept.sides[name, key] = person, was
        if was is None or not _asks_the_same(before, after):
            return was, self._standings(self._read(patient, after), after)
        if key not in self.otherwise:
            self.otherwise[key] = decided_otherwise(before, after)
        if before.settings != after.settings:
            assert person is not None
            person, self.faults = with_settings(person, patient, after)
        anew = self._standings(person, after, self.otherwise[key])
        if anew is None:
            return was, None
        return was, {each.name: anew.get(each.name) or was[each.name] for each in after.rules}

    def _read(self, node: Node, program: Program) -> Patient | None:
        patient: Patient | None
        patient, findings = from_node(node, program)
        if patient is None:
            self.faults = findings
        return patient

    def _standings(
        self, patient: Patient | None, program: Program, names: Collection[str] | None = None
    ) -> Statuses | None:
        """Where each rule stands; only those with these ``names``, where they are given."""
        if patient is None:
            return None
        chosen = {**patient.settings, **self.compared.settings}
        rules = [each for each in program.rules if names is None or each.name in names]
        found = standings(rules, meaning(program, patient.inputs, chosen))
        return {each.rule.name: each.status for each in found}


def _asks_the_same(one: Program, other: Program) -> bool:
    """Whether the data of a patient file mean the same to both."""
    return (one.anchor, one.inputs) == (other.anchor, other.inputs)


def _is_other(before: Status | None, after: Status | None) -> bool:
    """Whether a patient notices: what is not there does not apply either."""
    return (before or "notApplicable") != (after or "notApplicable")


def _together(
    before: Statuses | None, after: Statuses | None
) -> dict[str, tuple[Status | None, Status | None]] | None:
    if before is None or after is None:
        return None
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys((*after, *before))}


def status_words(status: Status | None) -> str:
    """A status in words; "does not exist" where there is no such recommendation."""
    return "does not exist" if status is None else STATUS_WORDS[status]
