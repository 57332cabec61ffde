"""Patients: from a file as people write it to exact values in canonical units.

The way through this room: ``document`` (text to a tree with places) → ``normalise`` (tree to
``Patient``) → ``wire`` (``Patient`` to the integers that generated targets read); ``written`` goes
back from these integers to a patient file.
"""

from __future__ import annotations

from guidegraph.patient.normalise import from_node, read_patient
from guidegraph.patient.record import Datum, Patient
from guidegraph.patient.wire import to_wire, wire_value
from guidegraph.patient.written import written

__all__ = ["Datum", "Patient", "from_node", "read_patient", "to_wire", "wire_value", "written"]
