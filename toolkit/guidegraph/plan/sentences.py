"""The sentences of a plan, the same for a terminal and for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidegraph.plan.behaviour import Advice, Group, What
from guidegraph.plan.changes import Detail
from guidegraph.plan.classes import Change, Rank
from guidegraph.plan.people import status_words
from guidegraph.plan.plan import Plan
from guidegraph.wording import plural

MEANING: Mapping[Rank, str] = {
    Rank.NONE: "Nothing is different.",
    Rank.EDITORIAL: "No patient gets anything else: only words, or logic that comes to the same.",
    Rank.EVIDENCE: "No patient gets anything else; what the advice rests on is different.",
    Rank.BEHAVIOUR: "Some patients get something else.",
    Rank.BREAKING: "What was written for the old version no longer works as it did.",
}
DOES: Mapping[What, str] = {
    "loses": "STOPS for some patients",
    "waits": "needs data it did without",
    "differs": "says something else",
    "gains": "holds for more patients",
    "sooner": "does without data it needed",
}
VERBS = {"added": "new", "removed": "removed", "changed": "changed", "renamed": "renamed"}


def headline(plan: Plan, against: str) -> str:
    """``Example marker 0.2.0 against main: BEHAVIOUR``."""
    header = plan.new.header
    version = f" {header.version}" if header.version else ""
    partial = " (partial)" if plan.is_partial else ""
    rank = "no change" if plan.rank is Rank.NONE else str(plan.rank).upper()
    return f"{header.title or header.label}{version} against {against}: {rank}{partial}"


def summary(plan: Plan) -> Iterator[str]:
    """What it comes to, in two or three sentences."""
    behaviour = plan.behaviour
    if plan.rank is Rank.NONE:
        yield MEANING[Rank.NONE]
        return
    if plan.rank is Rank.BREAKING:
        yield MEANING[Rank.BREAKING]
    if behaviour is None:
        yield "Who gets something else could not be compared."
        return
    stops = [each for each in behaviour.advice if each.group("loses") or each.group("waits")]
    gains = [each for each in behaviour.advice if each.group("gains") or each.group("sooner")]
    differs = [each for each in behaviour.advice if each.group("differs")]
    told = [
        f"{plural(len(each), 'recommendation')} {verb}"
        for each, verb in (
            (stops, "stop for some patients" if len(stops) != 1 else "stops for some patients"),
            (gains, "hold for more patients" if len(gains) != 1 else "holds for more patients"),
            (differs, "say something else" if len(differs) != 1 else "says something else"),
        )
        if each
    ]
    if told:
        yield f"{', '.join(told)}."
    elif not behaviour.is_proved:
        yield "For some recommendations it is not known who gets something else."
    elif plan.rank < Rank.BEHAVIOUR:
        yield MEANING[plan.rank]
    else:
        yield "No patient of whom both versions decide gets anything else."
    if behaviour.at_default:
        labels = ", ".join(f"“{each}”" for each in behaviour.at_default)
        yield f"Told of sites that keep the default of {labels}, which is another one now."
    if behaviour.same:
        yield f"{plural(len(behaviour.same), 'recommendation')} proved the same for every patient."


def title(advice: Advice) -> str:
    """The recommendation, and what becomes of it."""
    if advice.is_gone:
        return f"“{advice.label}” is REMOVED"
    if advice.is_new:
        return f"“{advice.label}” is new"
    does = [DOES[each.what] for each in advice.groups] or ["not proved for whom it changes"]
    return f"“{advice.label}” {' and '.join(does)}"


def who(group: Group) -> str:
    """The patients of a group in one sentence."""
    lead = {
        "loses": "No longer for",
        "gains": "Now also for",
        "waits": "Not before more is known for",
        "sooner": "Now already, before more is known, for",
        "differs": "Otherwise for",
    }[group.what]
    everybody = group.where == "everybody"
    people = group.among if everybody and group.among else group.where
    among = f" (of: {group.among})" if group.among and not everybody else ""
    return f"{lead}: {people}{among}"


def notes(group: Group, readings: int) -> Iterator[str]:
    """For instance whom, in which readings, at which sites; ``readings`` is how many there are."""
    yield f"For example: {group.witness}"
    if not group.is_default_site:
        yield "Only at sites that chose another setting than the default."
    if group.holds.of > 1:
        by = f", decided by {', '.join(group.holds.decided_by)}" if group.holds.decided_by else ""
        default = "" if group.holds.in_default else ", not in the default one"
        more = f" looked at (there are {readings})" if readings > group.holds.of else ""
        yield f"In {group.holds}{more}{by}{default}."


def detail_words(detail: Detail) -> str:
    """``limit: 1,000 µg/L → 1,500 µg/L``."""
    language = f" ({detail.language})" if detail.language not in ("", "en") else ""
    if detail.old is None:
        return f"{detail.what}{language}: + {detail.new}"
    if detail.new is None:
        return f"{detail.what}{language}: − {detail.old}"
    return f"{detail.what}{language}: {detail.old} → {detail.new}"


def change_title(change: Change) -> str:
    """``threshold “Low marker”``, with both names where it has a new one."""
    each = change.difference
    name = f"`{each.old_name}` → `{each.name}`" if each.how == "renamed" else f"`{each.name}`"
    return f"{each.kind} “{each.label}” ({name})"


def by_rank(plan: Plan) -> Iterator[tuple[Rank, list[Change]]]:
    """The changes, the gravest class first."""
    for rank in sorted(Rank, reverse=True):
        found = [each for each in plan.changes if each.rank is rank]
        if found:
            yield rank, found


def case_lines(plan: Plan) -> Iterator[tuple[str, str]]:
    """The cases that get something else: id and what."""
    for each in plan.cases.changed if plan.cases else ():
        told = "; ".join(
            f"{rule}: {status_words(before)} → {status_words(after)}"
            if before != after
            else f"{rule} says something else"
            for rule, (before, after) in each.statuses.items()
        )
        yield each.id, told


def pages_of(plan: Plan, pages: Mapping[str, str]) -> list[str]:
    """The pages of what changed and of what rests on it."""
    return sorted({pages[each].partition("#")[0] for each in plan.touched if each in pages})
