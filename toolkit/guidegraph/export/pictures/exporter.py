"""The evidence in pictures, each an accessible SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.model import Observable
from guidegraph.pictures import diagram, rows
from guidegraph.pictures.bearing import bearing
from guidegraph.pictures.estimates import estimates
from guidegraph.pictures.levels import levels, limits
from guidegraph.pictures.mechanism import mechanism


@dataclass(frozen=True, slots=True)
class PicturesExporter:
    """``pictures/``: estimates, levels of each observable, mechanism, evidence of each advice."""

    name: str = "pictures"
    description: str = "the evidence in pictures as SVG: estimates, levels and limits, mechanism"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """One file for each picture that has something to show."""
        guideline = loaded.guideline
        for name, plot in estimates(guideline).items():
            yield Artifact(f"pictures/estimates-{name}.svg", rows.draw(plot))
        for observable in guideline.all(Observable):
            if found := levels(guideline, observable.id):
                yield Artifact(f"pictures/levels-{observable.id}.svg", rows.draw(found))
            if found := limits(guideline, observable.id):
                yield Artifact(f"pictures/limits-{observable.id}.svg", rows.draw(found))
        if steps := mechanism(guideline):
            yield Artifact("pictures/mechanism.svg", diagram.draw(steps))
        for recommendation in guideline.recommendations:
            if around := bearing(guideline, recommendation.id):
                path = f"pictures/evidence-{recommendation.id}.svg"
                yield Artifact(path, diagram.draw(around))
