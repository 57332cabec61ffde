"""The guideline as one DMN 1.3 model that runs in any FEEL engine and opens in a modeller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput, Gap
from guidegraph.export.dmn.document import document
from guidegraph.export.dmn.drg import model


@dataclass(frozen=True, slots=True)
class DmnExporter:
    """``dmn/<guideline>.dmn``."""

    name: str = "dmn"
    description: str = "a DMN 1.3 model of the decisions, with tables and diagrams"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The model of a guideline under the readings in force."""
        yield Artifact(f"dmn/{loaded.guideline_id}.dmn", document(loaded, model(loaded)))

    def gaps(self, loaded: ExportInput) -> Iterator[Gap]:
        """What DMN has no element for. The decisions are the same without it."""
        program = loaded.program
        for rule in program.rules:
            overriding = [each.name for each in rule.unless if each.kind == "rule"]
            if overriding:
                what = "stands only inside the FEEL of this decision, not as a relation"
                yield Gap(self.name, rule.name, f"That {_all(overriding)} overrides it {what}.")
            if rule.alternative_to:
                others = _all(rule.alternative_to)
                yield Gap(
                    self.name, rule.name, f"That it is an alternative to {others} is left out."
                )
        for one, other in program.incompatible:
            what = f"That it cannot be done together with {other} is left out: no conflict is told."
            yield Gap(self.name, one, what)


def _all(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names)
