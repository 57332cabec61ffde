"""Where a verification falls short: what it did not prove, did not look at, or looked for in vain.

None of these is a finding about the guideline; all of them say how far the findings reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.explain import codes, explanation
from guidegraph.model import AcceptedFinding, Guideline
from guidegraph.readings import all_readings
from guidegraph.verify.result import Open, VerificationReport
from guidegraph.wording import plural, readable

NAMED = 3
"""How many obligations a message names."""


def shortfalls(guideline: Guideline, report: VerificationReport) -> tuple[Diagnostic, ...]:
    """Everything that makes the result less than "proved of every patient in every reading"."""
    return (
        *_not_proved(guideline, report),
        *_not_looked_at(guideline, report),
        *_accepted_in_vain(guideline, report),
        *_few_samples(guideline, report),
    )


def named(guideline: Guideline, subjects: Sequence[str]) -> str:
    """Things by their labels: ``“Advice A” and “Advice B”``."""
    labels = []
    for name in subjects:
        thing = guideline.entities.get(name)
        labels.append(f"“{(str(thing.label) if thing else '') or name}”")
    return " and ".join(labels) or "the guideline"


def title(code: str) -> str:
    """What a code is about: ``L412 (Two pieces of advice exclude each other)``."""
    return f"{code} ({explanation(code).title})" if code in codes() else code


def _not_proved(guideline: Guideline, report: VerificationReport) -> Iterator[Diagnostic]:
    """For each code the obligations on which the solver gave up; then what time did not allow."""
    given_up: dict[str, list[Open]] = {}
    for each in report.open:
        if "effort" in each.reasons:
            given_up.setdefault(each.code, []).append(each)
    for code, found in sorted(given_up.items()):
        yield Diagnostic(
            code="L491",
            severity=Severity.NOTE,
            message=f"It is not known whether there is a finding {title(code)} about "
            f"{_some(guideline, found)}: the solver needed more steps than it was allowed.",
            why="What is not proved is neither right nor wrong. The number of steps does not "
            "depend on the machine: another run gives the same answer.",
            help="Allow more steps with --effort, or write the conditions more simply.",
            subject=found[0].subjects[0] if found[0].subjects else None,
        )
    late = [each for each in report.open if "time" in each.reasons]
    if late:
        counted = plural(len(late), "question")
        yield Diagnostic(
            code="L492",
            severity=Severity.NOTE,
            message=f"Time ran out: {counted} of the verification "
            f"{'was' if len(late) == 1 else 'were'} not answered, and the result is partial.",
            why=f"Not answered: {_some(guideline, late)}. What was found before holds.",
            help="Allow more time with --time-limit, or ask for one reading with "
            "--default-reading.",
        )


def _some(guideline: Guideline, found: Sequence[Open]) -> str:
    """The first few obligations by what they are about, and how many more there are."""
    about = dict.fromkeys(named(guideline, each.subjects) for each in found)
    told = "; ".join(list(about)[:NAMED])
    more = len(about) - NAMED
    return f"{told}; and {readable(more)} more" if more > 0 else told


def _not_looked_at(guideline: Guideline, report: VerificationReport) -> Iterator[Diagnostic]:
    readings = report.readings
    if not readings.is_complete:
        yield Diagnostic(
            code="L493",
            severity=Severity.NOTE,
            message=f"Only {readable(len(readings.choices))} of {readable(readings.total)} choices "
            "of readings were looked at, and the result is partial.",
            at=guideline.header.at,
            why="Each interpretation point multiplies their number. Those nearest the default "
            "readings were looked at; in how many readings a finding holds counts only these.",
            help="Fix some points with --reading POINT=CHOICE and run it again, or settle them.",
            subject=guideline.header.id,
        )


def _accepted_in_vain(guideline: Guideline, report: VerificationReport) -> Iterator[Diagnostic]:
    """Accepted findings that fit nothing; asked only where everything was looked at."""
    everything = all_readings(guideline).total
    if report.is_partial or len(report.readings.choices) < everything:
        return
    found = {(each.code, name) for each in report.findings for name in each.shown.subjects}
    for each in guideline.all(AcceptedFinding):
        code = each.finding_code
        if not code.startswith("L4") or code not in codes():
            continue
        stale = [name for name in each.concerns if (code, name) not in found]
        if stale:
            yield Diagnostic(
                code="L494",
                severity=Severity.WARNING,
                message=f"`{each.id}` accepts a finding {code} about {named(guideline, stale)}, "
                "and there is no such finding in any reading.",
                at=each.place_of("gg:concerns"),
                why="What it spoke of has been mended, or has never been found under this code; "
                "left here it would hide the next one.",
                help="Remove it, or correct gg:findingCode and gg:concerns.",
                subject=each.id,
            )


def _few_samples(guideline: Guideline, report: VerificationReport) -> Iterator[Diagnostic]:
    for name in report.cut_short:
        thing = guideline.entities.get(name)
        yield Diagnostic(
            code="L496",
            severity=Severity.NOTE,
            message=f"Proofs look at fewer values of {named(guideline, (name,))} than a patient "
            "may have.",
            at=thing.at if thing else None,
            why="A condition counts more of its values than a proof looks at. A patient who is "
            "shown is real; that there is none is proved only of patients with few values.",
            help="Compare with a smaller number of values if that is what is meant; otherwise "
            "take what is proved about it with this reserve.",
            subject=name,
        )
