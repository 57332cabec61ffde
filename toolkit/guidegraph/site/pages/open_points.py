"""What is open about a recommendation: phrases with several readings, faults of the source."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.criteria import InterpretedCriterion
from guidegraph.model import Discrepancy, InterpretationPoint, Reading, Recommendation
from guidegraph.site.blocks import Block, Fold, Item, Items, Prose, Section, Span, words
from guidegraph.site.view import View
from guidegraph.wording import plural


def touching(seen: View, advice: Recommendation) -> Section:
    """Each open point, what was decided, and what another reading would change here."""
    basis = seen.links.basis(advice)
    points = [each for each in seen.guideline.all(InterpretationPoint) if each.id in basis]
    faults = seen.links.discrepancies_of(advice)
    blocks: list[Block] = []
    if not points and not faults:
        blocks.append(Prose((words("No open question is recorded about this.", style="quiet"),)))
    if points:
        blocks.append(Items(tuple(_point(seen, each) for each in points), "questions"))
        count = plural(sum(len(each.readings) for each in points), "reading")
        inside = tuple(
            block for each in points for block in _change(seen, each, basis, len(points))
        )
        blocks.append(Fold(f"What each of the {count} would change here", inside))
    meant = {advice.id, *advice.passages}
    near = tuple(_fault(seen, each) for each in faults if not meant.isdisjoint(each.concerns))
    far = tuple(_fault(seen, each) for each in faults if meant.isdisjoint(each.concerns))
    if near:
        blocks.append(Items(near, "questions"))
    if far:
        told = plural(len(far), "recorded fault")
        blocks.append(Fold(f"{told} of what it rests on", (Items(far, "questions"),)))
    return Section("Open questions", tuple(blocks), anchor="questions")


def _fault(seen: View, fault: Discrepancy) -> Item:
    """A recorded fault, its kind, and what the encoding does about it."""
    said = seen.wording.said(fault.resolution)
    return Item(
        seen.wording.name(fault.id),
        (Item(said),) if said else (),
        label=(Span(seen.guideline.words(fault.discrepancy_type), style="tag"),),
    )


def _point(seen: View, point: InterpretationPoint) -> Item:
    taken = (Span("Taken by default: "), *seen.wording.name(point.default_reading))
    tag = (Span("several readings", style="tag"),)
    return Item(seen.wording.name(point.id), (Item(taken),), label=tag)


def _change(
    seen: View, point: InterpretationPoint, basis: frozenset[str], count: int
) -> Iterator[Block]:
    """Each reading of a phrase with the conditions that hold for this recommendation under it."""
    if count > 1:
        yield Prose(((*seen.wording.name(point.id), Span(":")),))
    readings = [seen.guideline.get(each, Reading) for each in point.readings]
    items = [_reading(seen, point, each, basis) for each in readings if each]
    yield Items(tuple(items), "criteria")


def _reading(
    seen: View, point: InterpretationPoint, reading: Reading, basis: frozenset[str]
) -> Item:
    """A reading and the conditions it puts into the place of the phrase."""
    is_default = reading.id == point.default_reading
    sign = "the reading that runs" if is_default else "instead"
    label = (Span(sign, style="reading default" if is_default else "reading"),)
    used = {
        name
        for each in seen.guideline.all(InterpretedCriterion)
        if each.interpretation_point == point.id and each.id in basis
        for name in each.operands
    }
    found = (seen.wording.criterion(each) for each in reading.selects if each in used)
    parts = tuple(each for each in found if each)
    nothing = (Item(words("Changes no condition of this recommendation.", style="quiet")),)
    return Item(seen.wording.name(reading.id), parts or nothing, label=label)
