"""Differential testing: every target really runs, and must say what the reference says."""
