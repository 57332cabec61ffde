"""The shipped guideline, read, checked, lifted and lowered once for all tests of a process."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.pipeline import Loaded, load
from guidegraph.program import Program

REPOSITORY = Path(__file__).resolve().parents[1]
GUIDELINE = REPOSITORY / "guideline" / "covid19-coagulopathy"


@cache
def loaded() -> Loaded:
    """What ``load`` makes of it; places are as they are shown at the top of the repository."""
    here = Path.cwd()
    os.chdir(REPOSITORY)
    try:
        return load(GUIDELINE)
    finally:
        os.chdir(here)


@cache
def guideline() -> Guideline:
    found = loaded().guideline
    assert found is not None, loaded().findings
    return found


@cache
def program() -> Program:
    """With its default readings."""
    return lower(guideline())
