"""Proofs over all patients with an SMT solver, and what they find told as patients and regions."""

from guidegraph.proof.boxes import region
from guidegraph.proof.prover import EFFORT, Prover, Theory, UnprovedError, WirePatient
from guidegraph.proof.witness import smallest

__all__ = [
    "EFFORT",
    "Prover",
    "Theory",
    "UnprovedError",
    "WirePatient",
    "region",
    "smallest",
]
