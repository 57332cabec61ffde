"""The shipped guideline decides as its text says: by hand, and against a second encoding.

The expected statuses of ``PATIENTS`` were derived from the report, not from the program. Numbers
without a unit are µg/L. What is not listed is not applicable.
"""

from __future__ import annotations

import json
import random
from fractions import Fraction
from functools import cache
from itertools import product

import dutch_advice
import pytest

from guidegraph.evaluate import decide
from guidegraph.evaluate.status import meaning, standings
from guidegraph.lower import lower
from guidegraph.patient import read_patient

READINGS = {
    "band-closure": ("closed", "half-open", "open"),
    "strongly-increased": ("from-2000", "above-2000", "from-4000"),
    "significant-increase": ("reaches-level", "doubling"),
    "band-timing": ("admission", "latest"),
    "covid-status": ("inclusive", "strict"),
}
COMBINATIONS = [dict(zip(READINGS, each, strict=True)) for each in product(*READINGS.values())]
DEFAULT = COMBINATIONS[0]
NOW = 4320

INPATIENT = {
    "covid-status": "confirmed",
    "admitted": True,
    "admission-indicated": False,
    "high-suspicion-of-pe": False,
    "pe-confirmed": False,
    "signs-of-vte": False,
    "progressive-increase": False,
    "imaging-feasible": True,
    "bleeding-risk-acceptable": True,
}
"""Three days in hospital with confirmed COVID-19, no sign of thrombosis, imaging possible."""
OUTPATIENT = {"covid-status": "suspected", "admitted": False, "high-suspicion-of-pe": True}

EVERY = "REC-1 REC-4 REC-4-SER "
LOW = EVERY + "T3-MON-B1 T3-ACG-B1 "
STABLE = LOW + "REC-4a "
COLUMN_2 = EVERY + "T3-MON-B2 T3-ACG-B2 "
MIDDLE = "REC-4c REC-4c-PROPH REC-4c-VTE REC-4c-MON "
COLUMN_3 = EVERY + "T3-MON-B3 T3-ACG-B3 T3-IMG-B3 "
STRONG = "REC-4d REC-4d-RPT "
BY_ADMISSION = (
    MIDDLE + STRONG + "REC-4a REC-4d-IMG T3-MON-B1 T3-MON-B2 T3-MON-B3 "
    "T3-IMG-B3 T3-ACG-B1 T3-ACG-B2 T3-ACG-B3 "
)
"""What waits for the D-dimer of admission while nothing is known to rise past the level."""


def samples(*written):
    """(minute, "value unit") in the form of a patient file; µg/L and FEU where not said."""
    found = []
    for minute, text in written:
        value, unit, basis = (*text.split(), "ug/L", "FEU")[:3] if " " in text else (text, "ug/L", "FEU")
        found.append({"minutes": minute, "value": value, "unit": unit, "basis": basis})
    return found


def course(*written):
    return {"d-dimer": samples(*written)}
