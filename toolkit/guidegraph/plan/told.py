"""A plan for a terminal, for a pull request, and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guidegraph.plan.behaviour import Advice, Group
from guidegraph.plan.classes import Change
from guidegraph.plan.people import CHANGED, FATES
from guidegraph.plan.plan import Plan
from guidegraph.plan.sentences import (
    VERBS,
    by_rank,
    case_lines,
    change_title,
    detail_words,
    headline,
    notes,
    pages_of,
    summary,
    title,
    who,
)
from guidegraph.readings import Robustness
from guidegraph.wording import plural

SHOWN = 10
"""How many of the smaller changes, cases and pages a terminal shows of each kind."""


def in_words(
    plan: Plan, against: str, pages: Mapping[str, str], everything: bool = False
) -> Iterator[str]:
    """The plan as people read it on a terminal; ``pages`` are the addresses on the site."""
    most = None if everything else SHOWN
    yield headline(plan, against)
    yield from (f"  {each}" for each in summary(plan))
    if plan.behaviour and plan.behaviour.advice:
        yield ""
        yield "Who gets something else"
        for advice in plan.behaviour.advice:
            yield f"  {title(advice)}  [{advice.name}]"
            yield from (f"    {detail_words(each)}" for each in advice.content)
            for group in advice.groups:
                yield f"    {who(group)}"
                yield from (f"      {each}" for each in notes(group, plan.behaviour.readings))
    for rank, found in by_rank(plan):
        yield ""
        yield f"{str(rank).capitalize()} ({len(found)})"
        yield from _shortened([line for each in found for line in _change(each)], most, found)
    yield from _consequences(plan, pages, most)


def _change(change: Change) -> list[str]:
    each = change.difference
    told = "; ".join(detail_words(detail) for detail in each.details)
    lines = [f"  {VERBS[each.how]}: {change_title(change)}" + (f"  {told}" if told else "")]
    if change.effect not in ("words", "what the advice rests on"):
        lines.append(f"    {change.effect}")
    return lines


def _shortened(lines: list[str], most: int | None, found: Iterable[object]) -> Iterator[str]:
    kept = lines if most is None else lines[: 3 * most]
    yield from kept
    if len(kept) < len(lines):
        yield f"  … and more of {len(list(found))}; --all shows them"


def _consequences(plan: Plan, pages: Mapping[str, str], most: int | None) -> Iterator[str]:
    if plan.cases is not None:
        yield ""
        changed = len(plan.cases.changed)
        verb = "gets" if changed == 1 else "get"
        yield f"Cases: {changed} of {plural(plan.cases.total, 'case')} {verb} something else"
        yield from _listed([f"{name}: {told}" for name, told in case_lines(plan)], most)
        if plan.cases.unfit:
            yield "  speak of what is no longer there:"
            yield from _listed([f"  {each}" for each in plan.cases.unfit], most)
        if plan.cases.unreadable:
            yield f"  not comparable: {', '.join(plan.cases.unreadable)}"
    if plan.cohort is not None:
        people = plan.cohort
        yield ""
        yield (
            f"Cohort: {plural(people.persons, 'person')}, {people.changed} with a change, "
            f"{people.unreadable} not readable"
        )
        for name, counts in people.counts.items():
            if any(counts[each] for each in CHANGED):
                told = ", ".join(f"{counts[each]} {each}" for each in FATES)
                yield f"  {name}: {told}"
    if shown := pages_of(plan, pages):
        yield ""
        yield f"Pages of the site ({len(shown)})"
        yield from _listed(shown, most)
    if plan.stale:
        yield ""
        yield f"Translations to look at ({len(plan.stale)})"
        told_stale = [
            f"{each.what} of “{each.label}” in {', '.join(each.languages)}" for each in plan.stale
        ]
        yield from _listed(told_stale, most)
    if plan.targets is not None:
        yield ""
        yield f"Targets that come out otherwise: {', '.join(plan.targets.changed) or 'none'}"
        if plan.targets.not_compared:
            how = " (--all-targets)" if plan.behaviour else ""
            yield f"  not compared: {', '.join(plan.targets.not_compared)}{how}"


def _listed(lines: list[str], most: int | None) -> Iterator[str]:
    kept = lines if most is None else lines[:most]
    yield from (f"  {each}" for each in kept)
    if len(kept) < len(lines):
        yield f"  … and {len(lines) - len(kept)} more; --all shows them"


# --- Markdown -------------------------------------------------------------------------------------


def in_markdown(plan: Plan, against: str, pages: Mapping[str, str]) -> str:
    """The plan as Markdown, ready for a pull request."""
    lines = [f"## {_cell(headline(plan, against))}", "", *(_cell(each) for each in summary(plan))]
    if plan.findings:
        lines += ["", *(f"> **{each.code}** {_cell(each.message)}" for each in plan.findings)]
    if plan.behaviour and plan.behaviour.advice:
        lines += ["", "### Who gets something else", ""]
        lines += ["| recommendation | who | for example | readings |", "|---|---|---|---|"]
        for advice in plan.behaviour.advice:
            lines += _rows(advice)
    for rank, found in by_rank(plan):
        lines += ["", f"### {str(rank).capitalize()} ({len(found)})", ""]
        for each in found:
            told = "; ".join(detail_words(detail) for detail in each.difference.details)
            lines.append(
                f"- {VERBS[each.difference.how]}: {_cell(change_title(each))}"
                + (f": {_cell(told)}" if told else "")
                + f" – *{_cell(each.effect)}*"
            )
    rest = list(_consequences(plan, pages, None))
    if rest:
        lines += ["", "<details><summary>Cases, pages, translations, targets</summary>", ""]
        for line in rest:
            is_item = line.startswith("  ")
            lines += [f"- {_cell(line.strip())}"] if is_item else ["", _cell(line), ""]
        lines += ["", "</details>"]
    return _spaced(lines)


def _rows(advice: Advice) -> Iterator[str]:
    content = "<br>".join(_cell(detail_words(each)) for each in advice.content)
    for group in advice.groups:
        readings = str(group.holds) if group.holds.of > 1 else "default"
        yield (
            f"| {_cell(title(advice))} (`{advice.name}`) | {_cell(who(group))}"
            + (f"<br>{content}" if content and group.what == "differs" else "")
            + f" | {_cell(group.witness)} | {readings} |"
        )
    if not advice.groups:
        yield f"| {_cell(title(advice))} (`{advice.name}`) | not proved | | |"


def _cell(text: str) -> str:
    """Words that mean nothing to Markdown or HTML."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\|*_[]#":
        escaped = escaped.replace(sign, f"\\{sign}")
    return " ".join(escaped.split())


def _spaced(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


# --- data -----------------------------------------------------------------------------------------


def as_data(plan: Plan, against: str, pages: Mapping[str, str]) -> dict[str, Any]:
    """Everything that is known, for programs.

    Witnesses are patient files: ``guidegraph decide`` takes them as they are, with the readings
    of ``patientReadings`` where there are some.
    """
    behaviour = plan.behaviour
    return {
        "guideline": plan.new.header.id,
        "version": plan.new.header.version,
        "against": against,
        "oldVersion": plan.old.header.version,
        "class": str(plan.rank),
        "partial": plan.is_partial,
        "behaviour": None
        if behaviour is None
        else {
            "proved": behaviour.is_proved,
            "readings": behaviour.readings,
            "recommendations": [_advice(each) for each in behaviour.advice],
            "same": list(behaviour.same),
            "notComparable": list(behaviour.incomparable),
            "breaking": [
                {"id": each.name, "label": each.label, "what": each.what}
                for each in behaviour.breaches
            ],
        },
        "changes": [_change_data(each) for each in plan.changes],
        "cases": None
        if plan.cases is None
        else {
            "total": plan.cases.total,
            "changed": [
                {
                    "id": each.id,
                    "name": each.name,
                    "recommendations": {
                        rule: {"before": before, "after": after}
                        for rule, (before, after) in each.statuses.items()
                    },
                }
                for each in plan.cases.changed
            ],
            "unfit": list(plan.cases.unfit),
            "notComparable": list(plan.cases.unreadable),
        },
        "cohort": None
        if plan.cohort is None
        else {
            "persons": plan.cohort.persons,
            "changed": plan.cohort.changed,
            "unreadable": plan.cohort.unreadable,
            "recommendations": {rule: dict(each) for rule, each in plan.cohort.counts.items()},
        },
        "touched": list(plan.touched),
        "pages": pages_of(plan, pages),
        "translations": [
            {
                "id": each.name,
                "label": each.label,
                "property": each.what,
                "languages": list(each.languages),
            }
            for each in plan.stale
        ],
        "targets": None
        if plan.targets is None
        else {
            "changed": list(plan.targets.changed),
            "same": list(plan.targets.same),
            "notCompared": list(plan.targets.not_compared),
        },
        "findings": [
            {"code": each.code, "severity": str(each.severity), "message": each.message}
            for each in plan.findings
        ],
    }


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "id": advice.name,
        "label": advice.label,
        "new": advice.is_new,
        "removed": advice.is_gone,
        "proved": not advice.unproved,
        "content": [
            {"property": each.term, "before": each.old, "after": each.new}
            for each in advice.content
        ],
        "patients": [_group(each) for each in advice.groups],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "what": group.what,
        "where": group.where,
        "population": group.among or None,
        "witness": group.witness,
        "patient": dict(group.file),
        "patientReadings": dict(group.choices),
        "defaultSite": group.is_default_site,
        "readings": _readings(group.holds),
    }


def _readings(holds: Robustness) -> dict[str, Any]:
    return {
        "count": holds.count,
        "of": holds.of,
        "default": holds.in_default,
        "decidedBy": list(holds.decided_by),
    }


def _change_data(change: Change) -> dict[str, Any]:
    each = change.difference
    return {
        "how": each.how,
        "id": each.name,
        "oldId": each.old_name,
        "kind": each.kind,
        "label": each.label,
        "class": str(change.rank),
        "effect": change.effect,
        "recommendations": list(change.advice),
        "details": [
            {
                "property": detail.term,
                "what": detail.what,
                "language": detail.language or None,
                "before": detail.old,
                "after": detail.new,
            }
            for detail in each.details
        ],
    }
