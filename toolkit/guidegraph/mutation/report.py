"""The whole run: every fault tried, what noticed it, why some survive, and cases for those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from guidegraph import cases
from guidegraph.cases import Case
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.mutation.killing import Killing, Pair, Progress, kill
from guidegraph.mutation.mutants import Mutant, mutants
from guidegraph.mutation.suggestion import Suggestion, simplest, suggestion
from guidegraph.mutation.survivors import (
    WORDS,
    Separation,
    Shown,
    Survivor,
    WirePatient,
    explain,
    watched,
)
from guidegraph.patient import from_node, to_wire
from guidegraph.patient.document import read_file
from guidegraph.wording import plural

BARE: WirePatient = {"facts": {}, "settings": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationReport:
    """Every mutant and what became of it."""

    killings: tuple[Killing, ...]
    survivors: tuple[Survivor, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def killed(self) -> int:
        """How many faults some case notices."""
        return sum(each.killed_by is not None for each in self.killings)

    @property
    def unnoticed(self) -> tuple[Survivor, ...]:
        """The faults that matter and that no case notices."""
        return tuple(each for each in self.survivors if not each.is_harmless)

    @property
    def findings(self) -> Iterator[Diagnostic]:
        """T301 for each fault that matters and that no case notices."""
        for each in self.unnoticed:
            mutant = each.killing.mutant
            yield Diagnostic(
                code="T301",
                severity=Severity.WARNING,
                message=f"No case would notice this fault: {mutant.words}.",
                at=mutant.at,
                why=_why(each),
                help="`guidegraph test --suggest` writes a case that notices it."
                if each.patient
                else "Look whether it can matter; if so, add a case about it.",
                subject=mutant.subject,
            )

    def to_json(self) -> dict[str, Any]:
        """``{"mutants", "killed", "refused", "unnoticed", "harmless", "survivors", …}``."""
        return {
            "mutants": len(self.killings),
            "killed": self.killed,
            "refused": sum(each.is_refused for each in self.killings),
            "unnoticed": len(self.unnoticed),
            "harmless": len(self.survivors) - len(self.unnoticed),
            "survivors": [_survivor(each) for each in self.survivors],
            "suggestions": [each.to_json() for each in self.suggestions],
        }

    def to_text(self) -> str:
        """A summary, and the faults that change nothing with the reason; findings tell the rest."""
        matter = self.killed + len(self.unnoticed)
        lines = [
            (
                f"{plural(len(self.killings), 'fault')} tried: the cases notice {self.killed} of "
                f"the {matter} that matter."
            )
        ]
        harmless = [each for each in self.survivors if each.is_harmless]
        for reason, words in WORDS.items():
            told = [each.killing.mutant.words for each in harmless if each.reason == reason]
            if told:
                lines += ["", f"Changes nothing, {words}:", *(f"  {each}" for each in told)]
        return "\n".join(lines)


def run_folder(guideline: Guideline, folder: Path, progress: Progress) -> MutationReport:
    """Try every fault on the cases of a guideline folder; with no cases, none is noticed."""
    path = folder / cases.FILE
    text, _ = read_file(path) if path.is_file() else (None, ())
    if text is None:
        return run(guideline, (), None, mutants(guideline), progress)
    found, _ = cases.read_cases(text, path.name, guideline)
    program = lower(guideline)
    default = cases.read_defaults(text, path.name)
    patient = from_node(default, program)[0] if default else None
    beneath = cast("WirePatient", to_wire(patient, program)) if patient else None
    return run(guideline, found, beneath, mutants(guideline), progress)


def run(
    guideline: Guideline,
    known: Sequence[Case],
    beneath: WirePatient | None,
    faults: Iterable[Mutant],
    progress: Progress,
) -> MutationReport:
    """Try ``faults`` on the ``known`` cases; ``beneath`` them stands a patient in wire form."""
    killings = kill(guideline, known, faults, progress)
    open_ones = [each for each in killings if each.survives]
    survivors: list[Survivor] = []
    suggestions: list[Suggestion] = []
    for done, each in enumerate(open_ones):
        progress("Looking for patients", done, len(open_ones))
        found = explain(guideline, each, [other.shown for other in suggestions])
        patients = [other.shown.patient for other in suggestions]
        if found.patient is not None and found.patient not in patients:
            found, proposed = _proposed(guideline, found, beneath or BARE, len(suggestions) + 1)
            suggestions.append(proposed)
        survivors.append(found)
    return MutationReport(
        killings=killings, survivors=tuple(survivors), suggestions=tuple(suggestions)
    )


def _proposed(
    guideline: Guideline, found: Survivor, beneath: WirePatient, number: int
) -> tuple[Survivor, Suggestion]:
    """The survivor with the simplest patient who shows it, and a case about that patient."""
    mutant = found.killing.mutant
    pair = Pair(lower(guideline, found.readings), lower(mutant.guideline, found.readings))
    names = watched(pair)
    told_apart = Separation(pair, names)
    patient = simplest(found.patient or BARE, beneath, lambda each: bool(told_apart.by(each)))
    different = told_apart.by(patient)
    criteria = frozenset(ref.name for ref in different if ref.kind == "criterion")
    shown = Shown(readings=found.readings, patient=patient, criteria=criteria)
    name = f"proposed-{number}-{mutant.subject}"
    proposed = suggestion(name, mutant.words, shown, pair.sound, beneath)
    decides = tuple(each.name for each in different)
    return replace(found, patient=patient, decides=decides), proposed


def _why(survivor: Survivor) -> str:
    words = WORDS[survivor.reason]
    told = f"{words[0].upper()}{words[1:]}."
    if survivor.decides:
        told += f" It decides otherwise about {', '.join(survivor.decides)}."
    return told


def _survivor(survivor: Survivor) -> dict[str, Any]:
    mutant = survivor.killing.mutant
    return {
        "subject": mutant.subject,
        "property": mutant.term,
        "was": mutant.was,
        "becomes": mutant.becomes,
        "reason": survivor.reason,
        "decides": list(survivor.decides),
    }
