"""The mutants that no patient can tell from the original, with the reason."""

from __future__ import annotations

from collections.abc import Mapping

ALWAYS_KNOWN = "the criterion is never unknown, so a default for it changes nothing"
CONTRADICTION = "one side of `x or not x` (or `and`) stays unknown, and the other is not decisive"
SAME = "both sides are always equal, so every sign that holds of equal numbers says the same"
CONSTANTS = "no datum is in it, and the answer about the constants stays the same"
TWICE = (
    "the two sides can still differ in one way and agree in another, which is unknown either way"
)
NOTHING_INSIDE = "the window still holds no minute, and a count is never negative"
COUNT = "a count is never negative"
DEFAULTED = "the default of the whole is what the default of the part leads to"
ONE_MINUTE = "a series has at most one sample in a minute"


def _all(names: str, reason: str) -> dict[str, str]:
    return dict.fromkeys((each.strip() for each in names.strip().splitlines()), reason)


EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "connectives": _all(
        """
        excluded-middle: a unknown is false at or/0
        excluded-middle: a unknown is true at or/1/not
        contradiction: b unknown is true at and/0
        contradiction: b unknown is false at and/1/not
        """,
        CONTRADICTION,
    )
    | _all(
        """
        R-and-of-nothing: and-of-nothing unknown is false
        R-or-of-nothing: or-of-nothing unknown is false
        """,
        ALWAYS_KNOWN,
    ),
    "comparisons": {
        "third: < becomes <=": "7/3 is between two steps of the datum",
        "R-constants: constants unknown is false": ALWAYS_KNOWN,
    }
    | _all("itself: <= becomes >=\nitself: <= becomes =", SAME)
    | _all(
        """
        constants: < becomes <=
        constants: < becomes !=
        constants: -2/3 for 1/3 at left
        constants: 3/2 for 1/2 at right
        """,
        CONSTANTS,
    ),
    "arithmetic": {
        "tenths: times 2 at left/sum/0/times": "only nothing makes three tenths, once or twice",
        "R-constant: constant unknown is false": ALWAYS_KNOWN,
    }
    | _all(
        """
        cancelled: <= becomes >=
        cancelled: <= becomes =
        cancelled: sides swapped
        cancelled: plus -1/10 at left
        cancelled: 1/10 for 0 at right
        no-part: = becomes <=
        no-part: = becomes >=
        """,
        SAME,
    )
    | _all(
        """
        constant: > becomes >=
        constant: > becomes !=
        constant: plus 3/2 at left
        constant: -1 for 0 at right
        """,
        CONSTANTS,
    ),
    "conditional-numbers": _all(
        """
        same-test-twice: = becomes <=
        same-test-twice: = becomes >=
        same-test-twice: unknown is the second outcome at left
        same-test-twice: g unknown is false at left/if
        same-test-twice: g unknown is true at left/if
        same-test-twice: unknown is the second outcome at right
        same-test-twice: g unknown is false at right/if
        same-test-twice: g unknown is true at right/if
        """,
        TWICE,
    )
    | _all(
        """
        age-adjusted: > becomes >= at right/if
        age-adjusted: 49 for 50 at right/if/right
        """,
        "at 50 years both outcomes are 500",
    ),
    "membership": {"R-site: site unknown is false": "a setting is never unknown"},
    "scores": _all(
        "R-none-needed: none-needed unknown is false\nR-no-items: no-items unknown is false",
        ALWAYS_KNOWN,
    )
    | _all("none-needed: at least -1\nno-items: at least 2", "no item can change the sum"),
    "assumptions": _all(
        """
        R-yes: yes unknown is false
        R-no: no unknown is false
        R-not-assumed: not-assumed unknown is false
        R-assumed-not: assumed-not unknown is false
        R-of-both: of-both unknown is false
        R-both-assumed: both-assumed unknown is false
        R-either-way: either-way unknown is false
        R-of-a-comparison: of-a-comparison unknown is false
        """,
        ALWAYS_KNOWN,
    )
    | _all(
        """
        assumed-not: a unknown is true at of/not
        of-both: a unknown is false at of/and/0
        of-both: b unknown is false at of/and/1
        """,
        DEFAULTED,
    ),
    "windows": _all(
        """
        one-minute: last becomes first at left
        one-minute: last becomes max at left
        one-minute: last becomes min at left
        """,
        ONE_MINUTE,
    )
    | _all(
        """
        backwards: = becomes <=
        backwards: = becomes >=
        backwards: from 2 at left
        backwards: from 0 at left
        backwards: to 0 at left
        backwards: to -2 at left
        """,
        NOTHING_INSIDE,
    ),
    "clock": _all("overdue: = becomes <= at and/1\ndue: = becomes <= at and/2", COUNT)
    | {"m: 1 decimal places": "the samples are only counted"},
    "overrides": _all(
        "never-excepted: without exception\nnever-excepted: exception is part of the guard",
        "the guard never holds",
    ),
    "settings": {"R-limits: limits unknown is false": "settings are never unknown"},
}
"""By file and mutant; the mutants are named as ``mutants`` names them."""
