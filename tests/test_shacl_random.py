"""On random graphs and shapes our engine finds what pySHACL finds: no more, no less, no other."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyoxigraph as ox
import pytest

import shacl_worlds
from guidegraph.columns.reading import Loaded, read
from guidegraph.shacl import reference
from guidegraph.shacl.results import Result
from guidegraph.shacl.validation import validate


def load(text: str) -> Loaded:
    return read([("a.ttl", text.encode(), ox.RdfFormat.TURTLE)])


def told(results: tuple[Result, ...]) -> Counter[tuple[str, ...]]:
    """Results without messages that pySHACL makes up itself."""
    return Counter(
        (
            str(each.focus),
            str(each.path),
            str(each.value),
            str(each.component),
            str(each.severity),
            str(each.shape),
            *(map(str, each.said) if any("o" in word.value for word in each.said[1:]) else ()),
        )
        for each in results
    )


def compare(seed: int) -> None:
    rng = Random(seed)
    data, shapes = shacl_worlds.data(rng), shacl_worlds.shapes(rng)
    loaded, asked = load(data), load(shapes)
    ours = validate(loaded, asked, "compiled")
    assert not ours.findings, (seed, ours.findings, shapes)
    theirs = reference.judged(loaded, asked)
    assert told(ours.results) == told(theirs), (seed, data, shapes)


@pytest.mark.parametrize("seed", range(60))
def test_findings_are_those_of_pyshacl(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
def test_findings_are_those_of_pyshacl_on_thousands() -> None:
    for seed in range(1000, 4000):
        compare(seed)
