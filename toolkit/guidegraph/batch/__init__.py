"""What a guideline says about many patients at once, over NumPy or Arrow columns.

A program becomes a ``circuit`` of bits, three-valued and exact; ``reading`` brings columns into
whole numbers, answers and codes; ``blocks`` (NumPy) or ``fast`` (Numba, the extra ``fast``) runs
the circuit over them; ``decisions`` is what comes out. Every answer equals that of ``evaluate``.
"""

from __future__ import annotations

from guidegraph.batch.columns import Coded, Series, Written
from guidegraph.batch.deciding import decide_many
from guidegraph.batch.decisions import Decisions

__all__ = ["Coded", "Decisions", "Series", "Written", "decide_many"]
