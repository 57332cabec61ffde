"""Local adaptation: an overlay, laid over a guideline without copying it.

An overlay is a folder that says what one organisation changes: the settings it chooses, thresholds
it replaces, exceptions it adds, the calibration of its assays. It is read together with the folder
of the guideline and applied to the typed model (``apply``); what comes out is a guideline like any
other, in which everything local is marked.
"""

from guidegraph.overlay.application import apply

__all__ = ["apply"]
