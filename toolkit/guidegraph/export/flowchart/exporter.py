"""Every care pathway as a flowchart: an accessible SVG, and the same as Mermaid and DOT text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.flowchart.chart import Address, flowchart, on_this_page
from guidegraph.export.flowchart.text import dot, mermaid
from guidegraph.model import CarePathway
from guidegraph.pictures.diagram import draw


@dataclass(frozen=True, slots=True)
class FlowchartExporter:
    """``flowcharts/<pathway>.svg``, ``.mmd`` and ``.dot``; ``href`` says where nodes link to."""

    name: str = "flowchart"
    description: str = "a flowchart of every pathway as SVG, Mermaid and DOT"
    href: Address = on_this_page

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """Three files for each pathway."""
        for pathway in loaded.guideline.all(CarePathway):
            chart = flowchart(loaded.guideline, pathway.id, self.href)
            path = f"flowcharts/{pathway.id}"
            yield Artifact(f"{path}.svg", draw(chart))
            yield Artifact(f"{path}.mmd", mermaid(chart))
            yield Artifact(f"{path}.dot", dot(chart))
