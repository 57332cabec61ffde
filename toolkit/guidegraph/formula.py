"""Formulas for limits that depend on the patient, written as text and lowered to the kernel."""
