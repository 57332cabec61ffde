"""Pictures of the evidence: what claims estimate, levels and limits, mechanism, bearing."""

from guidegraph.export.pictures.exporter import PicturesExporter

__all__ = ["PicturesExporter"]
