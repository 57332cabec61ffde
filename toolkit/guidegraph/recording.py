"""Which recorded discrepancies tell of the same thing as a finding."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.model import Discrepancy

CONFLICT = ("Contradiction", "Ambiguity")
UNIT = ("UnitError", "Typo", "ImpossibleValue")
MISSING = ("MissingPart", "Gap")
HOLE = ("Gap", "Ambiguity", "RangeUsedAsThreshold")
RECORDED_AS: dict[str, tuple[str, ...]] = {
    "A301": ("ImpossibleValue",),
    "A302": UNIT,
    "A303": UNIT,
    "A304": UNIT,
    "A305": (*UNIT, *MISSING),
    "A306": ("UnitError", "Typo"),
    "A307": MISSING,
    "A401": ("CitationMismatch",),
    "A402": ("CitationMismatch",),
    "A403": MISSING,
    "A404": (),
    "A405": CONFLICT,
    "A406": ("CountMismatch", "Contradiction"),
    "A407": ("Contradiction", "CountMismatch", "Typo"),
    "A501": CONFLICT,
    "A502": CONFLICT,
    "A503": CONFLICT,
    "A504": ("Contradiction",),
    "A505": ("Contradiction",),
    "A506": ("Contradiction",),
    "A507": ("Contradiction",),
    "L401": HOLE,
    "L402": HOLE,
    "L403": HOLE,
    "L411": ("Overlap", "Ambiguity"),
    "L412": CONFLICT,
    "L413": CONFLICT,
    "L414": CONFLICT,
    "L415": CONFLICT,
    "L416": (*CONFLICT, *MISSING),
    "L427": UNIT,
    "L428": UNIT,
    "L431": (*CONFLICT, "Overlap"),
    "L441": (*CONFLICT, "Gap"),
    "L451": (*CONFLICT, *MISSING),
    "L461": ("RangeUsedAsThreshold", "Ambiguity"),
}
"""The types of discrepancy in which a finding of a code would be written down.

Without an entry, every discrepancy of the same things counts. One thing often has several: a
missing calibration is no record of a limit below zero.
"""
UNRECORDED = "A6"
"""What stands under a recommendation is not a fault of the text, so no discrepancy records it."""


def recorded_in(
    code: str, about: frozenset[str], discrepancies: Iterable[Discrepancy]
) -> tuple[str, ...]:
    """The discrepancies that concern one of these things and are of a fitting type."""
    if code.startswith(UNRECORDED):
        return ()
    fitting = RECORDED_AS.get(code)
    return tuple(
        each.id
        for each in discrepancies
        if about.intersection(each.concerns)
        and (fitting is None or each.discrepancy_type in fitting)
    )
