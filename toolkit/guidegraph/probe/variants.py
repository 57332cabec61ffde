"""The same patient with the samples of one series a little otherwise: edges, copies, order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidegraph.kernel import Agg
from guidegraph.probe.draft import Draft

Samples = list[list[int]]


def around(draft: Draft, datum: Agg) -> Iterator[dict[str, Any]]:
    """Patients whose deciding sample lies at and beside the ends of the window, and has company.

    The patient of the draft is left as it is.
    """
    series = datum.series
    samples: Samples = draft.facts.get(series) or []
    patient = draft.patient()
    for changed in _changes(draft, datum, samples):
        ordered = sorted(changed)
        yield {**patient, "facts": {**patient["facts"], series: ordered}}
    yield {**patient, "facts": {**patient["facts"], series: []}}
    yield {**patient, "facts": {**patient["facts"], series: None}}


def _changes(draft: Draft, datum: Agg, samples: Samples) -> Iterator[Samples]:
    inside = draft.inside(datum)
    if not inside:
        return
    decisive = inside[-1 if datum.fn in ("last", "run") else 0]
    if datum.fn in ("max", "min"):
        wanted = draft.number(datum)
        decisive = next(each for each in inside if each[1] == wanted)
    others = [list(each) for each in samples if each is not decisive]
    taken = {minute for minute, _ in others}
    for end in (datum.low, datum.high):
        for minute in () if end is None else (end - 1, end, end + 1):
            if minute not in taken:
                yield [*others, [minute, decisive[1]]]
    minute, value = decisive
    yield others
    low, high = draft.layout.bounds[datum.series]
    for nearby in (minute - 1, minute + 1):
        for number in (value - 1, value, value + 1):
            if nearby not in taken and low <= number <= high:
                yield [*others, [minute, value], [nearby, number]]
    if datum.low is not None and datum.low - 1 not in taken:
        yield [*others, [minute, value], [datum.low - 1, high]]
    if datum.high is not None and datum.high + 1 not in taken:
        yield [*others, [minute, value], [datum.high + 1, low]]
