"""Constraints that are written in SPARQL: one query finds what is wrong with all focus nodes."""
