"""Which of many conditions can be true of one patient: told by ranges, before a solver is asked.

The *hull* of a condition is a box outside which it is never true: for some forms between which
numbers they lie, for some codes and answers which. Of a conjunction of limits it is the condition
itself; of anything else it may be wider. Conditions whose hulls do not meet are never true
together. A thousand conditions are half a million pairs, which whole columns of numbers tell apart
in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Literal

from guidegraph.kernel import And, Assume, Bool, Cmp, In, Not, Op, Or, Ref, Score
from guidegraph.regions.search import linear
from guidegraph.regions.settings import Form

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

End = tuple[Fraction, Literal[-1, 0, 1]]
"""A number, or a point just below or just above it."""
Codes = frozenset[str | bool]
BLOCK = 512
"""So many conditions are held against all others at once."""

_NEGATED: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from one end to the other, both included; None where it is open."""

    low: End | None = None
    high: End | None = None

    def __and__(self, other: Span) -> Span:
        lows = [each for each in (self.low, other.low) if each is not None]
        highs = [each for each in (self.high, other.high) if each is not None]
        return Span(max(lows, default=None), min(highs, default=None))

    def __or__(self, other: Span) -> Span:
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Span(low, high)

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low is not None and self.high is not None and self.low > self.high


@dataclass(frozen=True, slots=True)
class Hull:
    """A box: a span for some forms, some codes or answers for some data. Nothing else is said."""

    spans: Mapping[Form, Span]
    codes: Mapping[Ref, Codes]

    def __and__(self, other: Hull) -> Hull | None:
        """The common part; None where there is none."""
        spans, codes = dict(self.spans), dict(self.codes)
        for form, span in other.spans.items():
            spans[form] = both = spans[form] & span if form in spans else span
            if both.is_empty:
                return None
        for ref, allowed in other.codes.items():
            codes[ref] = codes[ref] & allowed if ref in codes else allowed
            if not codes[ref]:
                return None
        return Hull(spans, codes)

    def __or__(self, other: Hull) -> Hull:
        """The smallest box that both lie in."""
        spans = {
            form: span | other.spans[form]
            for form, span in self.spans.items()
            if form in other.spans
        }
        codes = {
            ref: allowed | other.codes[ref]
            for ref, allowed in self.codes.items()
            if ref in other.codes
        }
        return Hull({form: span for form, span in spans.items() if span != Span()}, codes)


EVERYTHING = Hull({}, {})


class Hulls:
    """Hulls of conditions that refer to each other by name; each is worked out once."""

    def __init__(self, named: Mapping[Ref, Bool]) -> None:
        self._named = named
        self._known: dict[tuple[Ref, bool], Hull | None] = {}

    def of(self, condition: Bool, holds: bool = True) -> Hull | None:
        """Outside which box a condition is never true (or never false); None: it never is."""
        match condition:
            case Not(operand):
                return self.of(operand, not holds)
            case And(operands):
                return self._all(operands, True) if holds else self._any(operands, False)
            case Or(operands):
                return self._any(operands, True) if holds else self._all(operands, False)
            case Assume(operand, default):
                return EVERYTHING if default is holds else self.of(operand, holds)
            case Cmp():
                return _compared(condition, holds)
            case In(code, codes):
                return Hull({}, {code: frozenset(codes)}) if holds else EVERYTHING
            case Ref(kind):
                if kind in ("input", "setting"):
                    return Hull({}, {condition: frozenset((holds,))})
                return self._named_one(condition, holds)
            case Score():
                return EVERYTHING

    def _named_one(self, ref: Ref, holds: bool) -> Hull | None:
        key = ref, holds
        if key not in self._known:
            self._known[key] = EVERYTHING  # for names that need themselves
            if ref in self._named:
                self._known[key] = self.of(self._named[ref], holds)
        return self._known[key]

    def _all(self, operands: Iterable[Bool], holds: bool) -> Hull | None:
        found = EVERYTHING
        for each in operands:
            own = self.of(each, holds)
            both = None if own is None else found & own
            if both is None:
                return None
            found = both
        return found

    def _any(self, operands: Iterable[Bool], holds: bool) -> Hull | None:
        found: Hull | None = None
        for each in operands:
            own = self.of(each, holds)
            if own is not None:
                found = own if found is None else found | own
        return found


def _compared(node: Cmp, holds: bool) -> Hull:
    form, cut, op = linear(node)
    op = op if holds else _NEGATED[op]
    if not form or op == "!=":
        return EVERYTHING
    ends: dict[Op, tuple[End | None, End | None]] = {
        "<": (None, (cut, -1)),
        "<=": (None, (cut, 0)),
        "=": ((cut, 0), (cut, 0)),
        ">=": ((cut, 0), None),
        ">": ((cut, 1), None),
    }
    return Hull({form: Span(*ends[op])}, {})


def meeting(hulls: Sequence[Hull | None]) -> Iterator[tuple[int, int]]:
    """Every pair of places whose hulls meet, the first before the second."""
    import numpy as np  # few who read conditions compare hundreds of them

    columns: list[_Ends | _Bits] = [*_span_columns(hulls), *_code_columns(hulls)]
    possible = np.array([each is not None for each in hulls], dtype=bool)
    for start in range(0, len(hulls), BLOCK):
        rows = slice(start, start + BLOCK)
        meets = np.logical_and.outer(possible[rows], possible)
        for column in columns:
            column.keep(meets, rows)
        for one, other in zip(*map(np.ndarray.tolist, np.nonzero(meets)), strict=True):
            if one + start < other:
                yield one + start, other


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where each hull begins and ends on one form, as whole numbers in the order of the ends."""

    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]

    def keep(self, meets: npt.NDArray[np.bool_], rows: slice) -> None:
        """Strike out the pairs that are apart on this form."""
        import numpy as np

        meets &= np.less_equal.outer(self.low[rows], self.high)
        meets &= np.greater_equal.outer(self.high[rows], self.low)


@dataclass(frozen=True, slots=True)
class _Bits:
    """Which of up to 64 codes each hull allows."""

    allowed: npt.NDArray[np.uint64]

    def keep(self, meets: npt.NDArray[np.bool_], rows: slice) -> None:
        """Strike out the pairs that allow no code in common."""
        import numpy as np

        meets &= np.bitwise_and.outer(self.allowed[rows], self.allowed) != 0


def _span_columns(hulls: Sequence[Hull | None]) -> Iterator[_Ends]:
    import numpy as np

    forms = dict.fromkeys(form for each in hulls if each for form in each.spans)
    for form in forms:
        spans = [each.spans.get(form, Span()) if each else Span() for each in hulls]
        ends = {end for each in spans for end in (each.low, each.high) if end is not None}
        scale = lcm(*(value.denominator for value, _ in ends))
        whole = {end: (int(end[0] * scale), end[1]) for end in ends}
        rank = {end: place for place, end in enumerate(sorted(ends, key=whole.__getitem__))}
        size = len(spans)
        low = (-1 if each.low is None else rank[each.low] for each in spans)
        high = (len(rank) if each.high is None else rank[each.high] for each in spans)
        yield _Ends(np.fromiter(low, np.int64, size), np.fromiter(high, np.int64, size))


def _code_columns(hulls: Sequence[Hull | None]) -> Iterator[_Bits]:
    import numpy as np

    refs = dict.fromkeys(ref for each in hulls if each for ref in each.codes)
    every = np.iinfo(np.uint64).max
    for ref in refs:
        allowed = [each.codes.get(ref) if each else None for each in hulls]
        codes = sorted({code for each in allowed if each for code in each}, key=repr)
        if len(codes) < 64:  # a bit is left for all other codes
            bits = {code: 1 << place for place, code in enumerate(codes)}
            masks = [
                every if each is None else sum(bits[code] for code in each) for each in allowed
            ]
            yield _Bits(np.array(masks, dtype=np.uint64))
