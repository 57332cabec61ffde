"""What ``decide_many`` is asked with: refused in words where it is of another kind than wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, get_args

import numpy as np

from guidegraph.batch.columns import Written
from guidegraph.batch.faults import refuse_argument
from guidegraph.model import Guideline
from guidegraph.program import Program
from guidegraph.suggestion import did_you_mean


def check(
    guideline: object, settings: object, written: object, ignore: object, engine: object, known: Any
) -> None:
    """See that the arguments are what they should be; ``known`` is the type of the engines.

    Raises:
        UsageError: one is not.
    """
    if not isinstance(guideline, Guideline | Program):
        told = "Pass what `load(folder).guideline` gives, or a program of `lower`."
        refuse_argument("guideline", guideline, "a guideline", told)
    names = get_args(known)
    if engine not in names:
        refuse_argument("engine", engine, "an engine", did_you_mean(str(engine), names))
    if settings is not None and not _is_named(settings):
        told = 'Write settings={"name": "2000 ug/L"}.'
        refuse_argument("settings", settings, "settings by their names", told)
    if isinstance(ignore, str) or not isinstance(ignore, Collection):
        told = 'Write ignore=("name",), also for one column.'
        refuse_argument("ignore", ignore, "a list of names", told)
    told = 'Write written={"name": Written(unit="kg")}.'
    if written is not None and not _is_named(written):
        refuse_argument("written", written, "named by column", told)
    if isinstance(written, Mapping):
        for name, each in written.items():
            if not isinstance(each, Written) or not _is_sound(each):
                refuse_argument(f"written[{name!r}]", each, "how a column is written", told)


def _is_named(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, str) for each in value)


def _is_sound(each: Written) -> bool:
    """Whether unit and basis are texts, and decimals a whole number."""
    places = each.decimals
    is_whole = isinstance(places, int | np.integer) and not isinstance(places, bool)
    are_texts = isinstance(each.unit, str) and isinstance(each.basis, str | None)
    return are_texts and (places is None or is_whole)
