"""Patients at every boundary of a program: what differential and mutation tests run on."""
