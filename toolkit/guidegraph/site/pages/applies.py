"""When a recommendation applies, to whom, to whom not, and what helps to carry it out."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import LogicalCriterion
from guidegraph.entity import Entity
from guidegraph.model import (
    Action,
    ActionNode,
    ImagingAction,
    LaboratoryTestAction,
    MedicationAction,
    Observable,
    Population,
    Recommendation,
    TimeWindow,
)
from guidegraph.site.blocks import Block, Fact, Item, Items, Line, Section, Span, fact, facts, words
from guidegraph.site.figures import figure
from guidegraph.site.view import View
from guidegraph.wording import plural

NONE = (
    "No exception is recorded, and no other advice sets this one aside. Contraindications that the "
    "source does not mention are not listed."
)


def glance(seen: View, advice: Recommendation) -> Section:
    """The short answer: what, for whom, when, and whether it runs."""
    population = seen.wording.population(advice.population)
    condition = seen.wording.criterion(advice.condition)
    direction = seen.guideline.words(advice.direction).capitalize()
    runs = "" if advice.is_executable else "No: a statement to read, not a rule that is evaluated"
    outside = "Anybody outside that population" if population else ""
    listed = len(list(_exclusions(seen, advice)))
    named = f"{plural(listed, 'recorded exclusion')}, see below" if listed else ""
    to = f"{seen.addresses.of(advice.id)}#section-not-for"
    return Section(
        "At a glance",
        (
            facts(
                fact("What to do", seen.wording.name(advice.action)),
                fact("For whom", population.line if population else words("Everyone")),
                fact("Not for", words(outside), words(named, to=to) or words(NONE, style="quiet")),
                fact("When", condition.line if condition else words("No further condition")),
                fact("Direction", words(direction)),
                fact("Executed", words(runs)),
                fact("Why", seen.wording.said(advice.rationale)),
            ),
        ),
        anchor="at-a-glance",
        style="glance",
    )


def condition(seen: View, advice: Recommendation) -> Section:
    """Population and condition as one nested list."""
    population = seen.wording.population(advice.population)
    held = seen.wording.criterion(advice.condition)
    found = []
    if population and population.parts:
        found.append(Item(words("The patient belongs to the population"), population.parts))
    found.append(held or Item(words("No further condition")))
    return Section("When it applies", (Items(tuple(found), "criteria"),), anchor="condition")


def not_for(seen: View, advice: Recommendation) -> Section | None:
    """For whom it is not: who is outside its population, exceptions, advice that sets it aside.

    Where only the population rules anybody out, the short answer has said so.
    """
    found = tuple(_exclusions(seen, advice))
    if not found:
        return None
    population = seen.guideline.get(advice.population, Population)
    if population:
        outside = (Span("Anybody outside the population: ", style="strong"),)
        found = (Item((*outside, *seen.wording.name(population.id))), *found)
    return Section(
        "Not for whom",
        (Items(found, "criteria"),),
        anchor="not-for",
        note="What the graph records; nothing is inferred. Contraindications that the source does "
        "not mention are not listed here.",
    )


def _exclusions(seen: View, advice: Recommendation) -> Iterator[Item]:
    """What is recorded beyond the population itself."""
    population = seen.guideline.get(advice.population, Population)
    for each in _ruled_out(seen, population.defining_criterion if population else None):
        left_out = words("The population leaves out those of whom this holds", style="strong")
        yield Item(left_out, (each,))
    exception = seen.wording.criterion(advice.exception)
    if exception:
        yield Item(words("It does not apply if", style="strong"), (exception,))
    for other in seen.links.of(Recommendation, advice.id, "gg:overrides"):
        told = words("It gives way while this one applies: ", style="strong")
        yield Item((*told, *seen.wording.name(other.id)))


def _ruled_out(seen: View, name: str | None) -> Iterator[Item]:
    """What a conjunction rules out by name: the operands of its "none of"."""
    found = seen.guideline.get(name, LogicalCriterion)
    if found is None or found.operator not in ("AllOf", "NoneOf"):
        return
    for each in found.operands:
        if found.operator == "AllOf":
            yield from _ruled_out(seen, each)
        elif item := seen.wording.criterion(each):
            yield item


def remarks(seen: View, advice: Recommendation) -> Section:
    """Notes, what makes it more urgent, dose, times, what follows: what the graph holds of them."""
    action = seen.guideline.get(advice.action, Action)
    blocks: list[Block] = []
    held = facts(
        fact("Note", seen.wording.said(advice.note)),
        *(_about_action(seen, action) if action else ()),
        fact("Times", *_times(seen, advice)),
        fact("An answer holds for", *_answers(seen, advice)),
        fact("Afterwards", *_next(seen, advice)),
    )
    if held.facts:
        blocks.append(held)
    reinforced = seen.wording.criterion(advice.reinforced_by)
    if reinforced:
        urgent = words("All the more so if (not required)", style="strong")
        blocks.append(Items((Item(urgent, (reinforced,)),), "criteria"))
    if not blocks:
        said = words("No practical remark is recorded.", style="quiet")
        blocks.append(Items((Item(said),), "plain"))
    return Section("Practical remarks", tuple(blocks), anchor="remarks")


def _about_action(seen: View, action: Action) -> Iterator[Fact]:
    """What is recorded of what is to be done."""
    yield fact("About the action", seen.wording.said(action.note))
    if isinstance(action, MedicationAction):
        yield fact("Medicine", seen.wording.name(action.medication_class))
        yield fact("Dose", _coded(seen, action.dose_intensity))
    if isinstance(action, ImagingAction):
        yield fact("Imaging", _coded(seen, action.imaging_modality))
    if isinstance(action, LaboratoryTestAction):
        after = figure(action.repeat_after) if action.repeat_after else ""
        yield fact("Test", seen.wording.name(action.observable))
        yield fact("Repeat after", words(after, style="figure"))
    yield fact("Not together with", *(seen.wording.name(e) for e in action.incompatible_with))


def _coded(seen: View, code: str | None) -> Line:
    """The word for a code; that the source does not say stands back."""
    if code == "NotStated":
        return words("not stated by the source", style="quiet")
    return words(seen.guideline.words(code))


def _times(seen: View, advice: Recommendation) -> Iterator[Line]:
    """The time windows its condition looks at."""
    basis = seen.links.basis(advice)
    for each in seen.guideline.all(TimeWindow):
        if each.id in basis:
            ran = f": {figure(each.time_range)} from {seen.guideline.anchor_words}"
            yield (*seen.wording.link(each, str(each.label).partition(" (")[0]), Span(ran))


def _answers(seen: View, advice: Recommendation) -> Iterator[Line]:
    """How long an answer at the bedside stays good."""
    basis = seen.links.basis(advice)
    for each in seen.guideline.all(Observable):
        if each.id in basis and each.valid_for:
            yield (*seen.wording.name(each.id), Span(f": {figure(each.valid_for)}"))


def _next(seen: View, advice: Recommendation) -> Iterator[Line]:
    """The steps of the flowcharts that follow it."""
    nodes = [seen.guideline.get(each, ActionNode) for each in advice.implemented_by]
    after: list[Entity] = []
    for node in nodes:
        thing = seen.guideline.entities.get(node.leads_to or "") if node else None
        if thing is not None and thing not in after:
            after.append(thing)
    for each in after:
        yield seen.wording.name(each.id)
