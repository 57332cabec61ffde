"""Whether what is executed, what is printed and what the passage lists are the same figures.

The source text itself is not at hand: its figures stand with the passage, and again with every
limit and claim that rests on it. Each of these is typed by hand, so each is compared with the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from guidegraph import formula
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.figures import numbers
from guidegraph.model import EvidenceClaim, Guideline, SourcePassage, Threshold
from guidegraph.wording import readable


def check_printed(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    accounted = guideline.in_discrepancies
    for threshold in guideline.all(Threshold):
        if threshold.id not in accounted and not guideline.is_local(threshold.id):
            yield from _executed(threshold)
        if threshold.reported_text:
            yield from _listed(guideline, threshold, [threshold.reported_text])
    for claim in guideline.all(EvidenceClaim):
        yield from _listed(guideline, claim, claim.reported_texts)


def _executed(threshold: Threshold) -> Iterator[Diagnostic]:
    """The numbers that run are among those that are printed; words such as "two" are not read."""
    printed = numbers(threshold.reported_text)
    for term, value in _running(threshold) if printed else ():
        if value not in printed:
            yield Diagnostic(
                code="U111",
                severity=Severity.ERROR,
                message=f"`{threshold.id}` runs with {readable(value)}, a number that is not in "
                f'what is printed ("{threshold.reported_text}").',
                at=threshold.place_of(term),
                why="Patients would be compared with another limit than the source gives.",
                help="Enter the printed number in the unit in which it is printed (units are "
                "converted exactly), or link a gg:Discrepancy that says why another one runs.",
                subject=threshold.id,
                related=((threshold.place_of("gg:reportedText"), "as printed"),),
            )


def _running(threshold: Threshold) -> Iterator[tuple[str, Fraction]]:
    """Each number that a threshold runs with, and the property it stands under."""
    if threshold.executable_quantity is not None:
        yield "gg:executableQuantity", Fraction(threshold.executable_quantity.value)
    try:
        tree = formula.parse(threshold.formula) if threshold.formula else None
    except formula.FormulaError:
        return  # reported by check_formulas
    for each in formula.walk(tree) if tree else ():
        if isinstance(each, formula.Amount):
            yield "gg:formula", each.value


def _listed(
    guideline: Guideline, owner: Threshold | EvidenceClaim, texts: Iterable[str]
) -> Iterator[Diagnostic]:
    """What a limit or claim gives as printed is listed with a passage it rests on."""
    passages = [each for name in owner.passages if (each := guideline.get(name, SourcePassage))]
    listed = {text for each in passages for text in each.reported_texts}
    for text in texts:
        if passages and text not in listed:
            yield Diagnostic(
                code="U112",
                severity=Severity.ERROR,
                message=f'`{owner.id}` gives "{text}" as printed, but the passage it comes from '
                "does not list these figures.",
                at=owner.place_of("gg:reportedText"),
                why="One of the two was typed wrongly, or it is another passage that is meant.",
                help="Compare both with the source; write the figures with gg:reportedText at the "
                "passage in exactly the same way.",
                subject=owner.id,
                related=tuple((each.at, f"the passage `{each.id}`") for each in passages),
            )
