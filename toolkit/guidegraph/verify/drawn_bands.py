"""The bands into which a number parts the advice of a topic, as pictures."""

from __future__ import annotations

from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.pictures import bands
from guidegraph.pictures.bands import Bar, NumberLine, with_faults
from guidegraph.pictures.stretches import Stretch, joined
from guidegraph.proof import Prover, UnprovedError
from guidegraph.regions import Words
from guidegraph.verify.bands import band_label
from guidegraph.verify.base import Case
from guidegraph.verify.drawn import Picture
from guidegraph.verify.topics import Line, lines


def band_pictures(guideline: Guideline) -> tuple[Picture, ...]:
    """A number line for each number that parts the advice of a topic, each once.

    Under the default readings and settings. What the solver does not answer is not drawn.
    """
    program = lower(guideline)
    prover = Prover.of([program])
    case = Case(guideline, program, prover.theory(program), Words(guideline, program))
    once: dict[object, Picture] = {}
    for line in _lines(case):
        bars = tuple(
            Bar(band_label(case, line, each), _stretches(line, each.cells)) for each in line.bands
        )
        key = (line.form, bars)
        if key not in once:
            once[key] = _picture(case, line, bars, f"bands-{len(once) + 1}")
    return tuple(once.values())


def _lines(case: Case) -> tuple[Line, ...]:
    try:
        return lines(case)
    except UnprovedError:
        return ()


def _stretches(line: Line, cells: frozenset[int]) -> tuple[Stretch, ...]:
    return joined([Stretch.of(line.between(cell, cell)) for cell in sorted(cells)])


def _picture(case: Case, line: Line, bars: tuple[Bar, ...], name: str) -> Picture:
    within = Stretch.of(line.between(line.cells[0], line.cells[-1]))
    axis = case.words.form(line.form)
    title = f"{line.scope.topic.label}: {axis}"
    unit = case.words.unit(line.form[0][0])
    drawn = NumberLine(name, title, axis, unit, with_faults(bars, within))
    return Picture(bands.draw(drawn), f"{title}, under the readings in force.")
