"""What every form of condition has: how it is lowered, what it names, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol

from guidegraph.entity import Code, Entity, Quantity, Ref, of
from guidegraph.kernel import Bool, Num, Op
from guidegraph.kernel import Ref as KernelRef

OPS: dict[str, Op] = {
    "LessThan": "<",
    "AtMost": "<=",
    "Equal": "=",
    "AtLeast": ">=",
    "GreaterThan": ">",
}


class Scope(Protocol):
    """What a criterion may ask of the guideline while it is lowered."""

    def measure(self, observable: Ref, selector: Code | None, window: Ref | None) -> Num:
        """The number meant by "the latest D-dimer in this window" (or by a single quantity)."""

    def limit(self, threshold: Ref, like: Ref, selector: Code | None) -> Num:
        """A threshold's value in the unit of ``measure(like, selector, …)``, or its setting."""

    def amount(self, quantity: Quantity, like: Ref, selector: Code | None) -> Fraction:
        """A quantity in the unit of ``measure(like, selector, …)``."""

    def codes(self, values: tuple[Ref, ...]) -> tuple[str, ...]:
        """The wire codes of coded values, sorted."""

    def chosen(self, point: Ref, among: tuple[Ref, ...]) -> Ref:
        """The one criterion that the active reading of an interpretation point selects."""

    def stretch(self, window: Ref) -> tuple[int, int]:
        """The first and last minute of a window that has both; an error for an open one."""

    def item(self, name: Ref) -> ScoreItem:
        """An item of a score."""

    def rule(self, recommendation: Ref) -> KernelRef:
        """That a recommendation is in force; an error for one that cannot be decided."""


# --- how a condition reads ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of the guideline, in its own words or in these.

    A threshold reads as its limit, a window as its short name in brackets, anything else as its
    label.
    """

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A yes/no question: these words, or else the question of the observable."""

    observable: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Styled:
    """Words in a role that pages show: ``answer``, ``connective``, ``tag``."""

    words: str
    style: str


Phrase = tuple[str | Quantity | Named | Asked | Styled, ...]
"""A condition in clinical English, piece by piece; whoever shows it looks up what is named."""

SELECTED = {
    "First": "First",
    "Latest": "Latest",
    "Highest": "Highest",
    "Lowest": "Lowest",
    "Count": "Number of measurements of",
    "RisingRun": "Measurements rising in a row at the end of",
}
COMPARED = {
    "LessThan": "below",
    "AtMost": "at most",
    "Equal": "equal to",
    "AtLeast": "at least",
    "GreaterThan": "above",
}


def selected(observable: Ref, selector: Code | None, window: Ref | None) -> Phrase:
    """``Latest D-dimer (follow-up)``."""
    before = SELECTED.get(selector or "", selector or "")
    start = (f"{before} ",) if before else ()
    return (*start, Named(observable), *((Named(window),) if window else ()))


def compared(comparator: Code) -> str:
    """``below``, ``at least``."""
    return COMPARED.get(comparator, comparator)


# --- what a condition compares --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """One number that a condition compares an observation with.

    It is a ``threshold`` or a ``quantity`` of the criterion's own, named by the property ``term``.
    ``comparator`` is the code of how the observation is compared with it; None where what is
    compared is more than the observation.
    """

    term: str
    observable: Ref
    selector: Code | None = None
    comparator: str | None = None
    threshold: Ref | None = None
    quantity: Quantity | None = None


# --- the criterion --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Entity):
    """Something that is true, false or unknown for a patient at a time.

    A form says what it means (``lower``), how it reads (``phrase``), with what it compares
    (``limits``) and how its parts combine (``connective``). Which other things it is made of is
    read from its fields (see ``entity.references``).
    """

    CLASS: ClassVar[str] = "gg:Criterion"

    is_illustrative: bool = of("gg:isIllustrative", False)

    def lower(self, scope: Scope) -> Bool:
        """The criterion in the kernel."""
        raise NotImplementedError

    def phrase(self) -> Phrase:
        """The criterion in one line, without its parts."""
        return (Named(self.id),)

    def limits(self) -> tuple[Limited, ...]:
        """Every number it compares an observation with."""
        return ()

    @property
    def connective(self) -> str | None:
        """How its parts combine, in lower case (``all of``); None where it has none to combine."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreItem(Entity):
    """Points for one criterion. Of the items of one group only the highest that holds counts."""

    CLASS: ClassVar[str] = "gg:ScoreItem"

    operand: Ref = of("gg:operand")
    points: int = of("gg:points")
    score_group: str | None = of("gg:scoreGroup")
