"""The comparison of two versions as a whole, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Severity, in_order
from guidegraph.entity import Text
from guidegraph.impact import Dependencies
from guidegraph.lower import LowerError, UnknownReadingError
from guidegraph.model import Guideline
from guidegraph.plan.behaviour import Behaviour, Comparison
from guidegraph.plan.changes import Difference, Differences, differences
from guidegraph.plan.classes import Change, Rank, classified
from guidegraph.plan.everywhere import reach
from guidegraph.plan.merged import Chosen
from guidegraph.plan.people import Cases, Cohort, Kept, compare_cases, compare_cohort
from guidegraph.proof import EFFORT

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Words in another language that stayed while the English ones changed."""

    name: str
    label: str
    what: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The targets whose files come out otherwise, those that do not, and those not compared."""

    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known about a change from one version to another.

    ``behaviour`` is None where it could not be compared; ``touched`` are the things that rest on
    what changed, ``findings`` say what is wrong or partial.
    """

    old: Guideline
    new: Guideline
    changes: tuple[Change, ...] = ()
    behaviour: Behaviour | None = None
    cases: Cases | None = None
    cohort: Cohort | None = None
    touched: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()
    targets: Targets | None = None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def rank(self) -> Rank:
        """The highest class of all changes."""
        ranks = [each.rank for each in self.changes]
        if self.behaviour is not None:
            ranks += [Rank.BREAKING] if self.behaviour.breaches else []
            ranks += [Rank.BEHAVIOUR] if self.behaviour.advice else []
        return max(ranks, default=Rank.NONE)

    @property
    def is_partial(self) -> bool:
        """Whether something could not be compared or proved."""
        return any(each.code in PARTIAL for each in self.findings)


PARTIAL = ("D111", "D112", "D121", "D131")


def compare(
    old: Guideline,
    new: Guideline,
    *,
    folder: Path | None = None,
    cohort: Path | None = None,
    readings: Mapping[str, str] | None = None,
    settings: Chosen | None = None,
    effort: int = EFFORT,
    targets: Callable[[], Targets] | None = None,
    everywhere: bool = True,
    kept: Kept | None = None,
    findings: tuple[Diagnostic, ...] = (),
    progress: Progress = lambda label, done, of: None,
) -> Plan:
    """What the change from one version to the other means.

    ``folder`` is that of the new version, whose cases are decided by both; ``cohort`` a file or
    folder of patients. ``targets`` says which targets come out otherwise; it is asked last.
    Whether a difference shows in other readings than those given, and what rests on what changed,
    is asked if ``everywhere``; ``kept`` is what an earlier comparison with the same old version has
    left about the cases.

    Raises:
        UnknownReadingError: a reading that the new version does not have.
        UsageError: a cohort that cannot be read.
    """
    found = differences(old, new)
    compared = Comparison(
        found.old,
        new,
        found.found,
        readings=readings or {},
        settings=settings or {},
        effort=effort,
        everywhere=everywhere,
        progress=progress,
    )
    told = list(findings)
    behaviour = _behaviour(compared, told)
    reached = reach(compared.old, compared.new)
    runs = behaviour is not None
    otherwise = {each.name for each in behaviour.advice if each.content} if behaviour else set()
    cases = None
    if runs and folder and found.found:
        cases = compare_cases(compared, new, folder, otherwise, kept)
    people = None
    if runs and cohort:
        people, unread = compare_cohort(compared, cohort, otherwise)
        told += unread
    return Plan(
        old=old,
        new=new,
        changes=tuple(classified(each, behaviour, reached) for each in found.found),
        behaviour=behaviour,
        cases=cases,
        cohort=people,
        touched=_touched(found, new) if everywhere else (),
        stale=tuple(_stale(found)),
        targets=targets() if targets and found.found else None,
        findings=in_order(told),
    )


def _behaviour(compared: Comparison, told: list[Diagnostic]) -> Behaviour | None:
    """Who gets something else, with what could not be asked among the findings."""
    if not compared.found:
        return Behaviour()
    try:
        behaviour = compared.behaviour()
    except UnknownReadingError:
        raise
    except (LowerError, KeyError, TypeError, ValueError, AttributeError) as fault:
        told.append(_cannot_run(compared, _named(fault)))
        return None
    told += _open_questions(compared.new, behaviour)
    return behaviour


def _named(fault: Exception) -> str:
    """The name of what is missing or at fault."""
    held = fault.args[0] if isinstance(fault, KeyError) and fault.args else None
    return str(getattr(fault, "name", None) or getattr(held, "name", None) or held or fault)


def _cannot_run(compared: Comparison, name: str) -> Diagnostic:
    sides = [
        which
        for which, guideline in (("old", compared.old), ("new", compared.new))
        if name not in guideline.entities
    ]
    where = f"the {sides[0]} version" if len(sides) == 1 else "the two versions"
    return Diagnostic(
        code="D112",
        severity=Severity.WARNING,
        message=f"The rules of {where} cannot be run: `{name}` is missing or at fault.",
        why="Who gets something else can only be proved of rules that run, so the plan is partial.",
        help="Run `guidegraph check` on both versions and correct the one that is at fault.",
        subject=name,
    )


def _open_questions(guideline: Guideline, behaviour: Behaviour) -> Iterator[Diagnostic]:
    for each in behaviour.breaches:
        if not each.is_comparable:
            yield Diagnostic(
                code="D121",
                severity=Severity.WARNING,
                message=f"“{each.label}” cannot be compared: it {each.what}.",
                why="No patient file fits both versions. "
                + (
                    f"It is not known who gets what of {', '.join(behaviour.incomparable)}."
                    if behaviour.incomparable
                    else "No recommendation depends on it."
                ),
                help="Compare these recommendations by hand, or make the two changes one by one.",
                subject=each.name,
            )
    for advice in behaviour.advice:
        if advice.unproved:
            yield Diagnostic(
                code="D131",
                severity=Severity.WARNING,
                message=f"It is not proved for whom “{advice.label}” changes.",
                why="The solver gave no answer within the steps it may take.",
                help="Give it more: `--effort`.",
                subject=advice.name,
            )


def _touched(found: Differences, new: Guideline) -> tuple[str, ...]:
    """What changed and what rests on it, in the order of the files."""
    if not found.found:
        return ()
    names = {each.name for each in found.found}
    here = [each for each in names if each in new.entities]
    after = {*here, *Dependencies(new).impact(here).dependants}
    gone = [each for each in names if each not in new.entities]
    if gone:
        after |= {*Dependencies(found.old).impact(gone).dependants} & set(new.entities)
    return tuple(each for each in new.entities if each in after)


def _stale(found: Differences) -> Iterator[Stale]:
    for each in found.found:
        if each.before is None:
            continue
        english = [detail for detail in each.details if detail.language == "en"]
        for detail in english:
            moved = {other.language for other in each.details if other.term == detail.term}
            spoken = {
                language
                for text in _texts(each, detail.term)
                for language, _ in text.words
                if language not in moved and language
            }
            if spoken:
                yield Stale(
                    name=each.name,
                    label=each.label,
                    what=detail.what,
                    languages=tuple(sorted(spoken)),
                )


def _texts(each: Difference, term: str) -> Iterator[Text]:
    from dataclasses import fields

    for one in fields(each.thing):
        held = getattr(each.thing, one.name)
        if one.metadata.get("term") == term and isinstance(held, Text):
            yield held
