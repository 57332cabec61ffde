"""The verification of a guideline, kept by all that it can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from guidegraph.cache.store import Cache
from guidegraph.cache.values import UnfitError, from_json, to_json
from guidegraph.cache.visible import Visible
from guidegraph.model import Guideline

if TYPE_CHECKING:  # the solver may be missing
    from guidegraph.verify import VerificationReport

STAGE = "verification"


def verified(
    visible: Visible, cache: Cache | None, verify: Callable[[Guideline], VerificationReport]
) -> VerificationReport:
    """What ``verify`` says of a guideline, from the cache where it is there."""
    if cache is None or visible.key is None:
        return verify(visible.whole)
    if (told := cache.get(STAGE, visible.key)) is not None:
        try:
            return cast("VerificationReport", from_json(told, visible.folder))
        except UnfitError:
            cache.drop(STAGE)
    try:
        report = verify(visible.guideline)
    except AttributeError:  # a check looked at more: then its answer is not kept
        return verify(visible.whole)
    if not any("time" in each.reasons for each in report.open):  # more time would give more
        cache.put(STAGE, visible.key, to_json(report, visible.folder))
    return report
