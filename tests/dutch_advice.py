"""The Dutch advice once more, written by hand from its text: what the shipped guideline must say.

Nothing of the toolkit is used here. Truths are True, False and None (unknown), D-dimer is a sorted
list of (minute from admission, µg/L as a Fraction) or None. The choices the source leaves open are
the five readings on record; the windows and the order of doses are the encoding's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Truth = bool | None
Series = list[tuple[int, Fraction]] | None

PROPHYLAXIS = ("REC-1", "REC-4a", "REC-4c-PROPH", "T3-ACG-B1", "T3-ACG-B2", "T3-ACG-B3")
"""What treatment of a confirmed PE takes the place of."""


def every(*parts: Truth) -> Truth:
    if False in parts:
        return False
    return None if None in parts else True


def some(*parts: Truth) -> Truth:
    if True in parts:
        return True
    return None if None in parts else False


def no(part: Truth) -> Truth:
    return None if part is None else not part


def below(left: Fraction | int | None, right: Fraction | int | None) -> Truth:
    return None if left is None or right is None else left < right


def within(series: Series, low: int | None, high: int | None) -> list[Fraction]:
    return [
        value
        for minute, value in series or []
        if (low is None or minute >= low) and (high is None or minute <= high)
    ]


def statuses(
    facts: Mapping[str, Any], settings: Mapping[str, Any], readings: Mapping[str, str]
) -> dict[str, str]:
    """The status of every recommendation; a fact that is left out is not known."""
    guards = _guards(facts, settings, readings)
    treated = guards["REC-3-TX"]
    found = {}
    for name, guard in guards.items():
        effective = every(guard, no(treated)) if name in PROPHYLAXIS else guard
        if guard is True:
            found[name] = {True: "applies", None: "provisional", False: "defeated"}[effective]
        else:
            found[name] = "undetermined" if guard is effective is None else "notApplicable"
    return {f"OUD-{name}": status for name, status in found.items()}


def _guards(
    facts: Mapping[str, Any], settings: Mapping[str, Any], readings: Mapping[str, str]
) -> dict[str, Truth]:
    status, strict = facts.get("covid-status"), readings["covid-status"] == "strict"
    either = None if status is None else status in ("suspected", "confirmed")
    suspected = None if status is None else status == "suspected" if strict else either
    with_covid = None if status is None else status == "confirmed" if strict else either
    inpatient = every(with_covid, facts.get("admitted"))
    elevated = _is_elevated(facts, settings)
    suspicion = facts.get("high-suspicion-of-pe")
    guards = {
        "REC-1": every(either, facts.get("admitted")),
        "REC-2": every(suspected, facts.get("admission-indicated")),
        "REC-3": every(suspected, suspicion, elevated),
        "REC-3-TX": every(either, facts.get("pe-confirmed")),
        "REC-4": inpatient,
        "REC-4-SER": inpatient,
    }
    course = {**_prose(facts, settings, readings), **_table(facts, settings)}
    return guards | {name: every(inpatient, truth) for name, truth in course.items()}


def _is_elevated(facts: Mapping[str, Any], settings: Mapping[str, Any]) -> Truth:
    """Recommendation 3: the limit of the local algorithm, on the latest value."""
    latest = (within(facts.get("d-dimer"), None, None) or [None])[-1]
    from_500, from_1000 = no(below(latest, 500)), no(below(latest, 1000))
    if settings["ddimer-algorithm"] == "fixed-500":
        return from_500
    if settings["ddimer-algorithm"] == "age-adjusted":
        answer: Truth = facts.get("d-dimer-at-age-adjusted-limit")
        return answer
    return some(from_1000, every(facts.get("years-item-present"), from_500))


def _prose(
    facts: Mapping[str, Any], settings: Mapping[str, Any], readings: Mapping[str, str]
) -> dict[str, Truth]:
    """Recommendations 4a to 4d."""
    series: Series = facts.get("d-dimer")
    admission = (within(series, -720, 720) or [None])[0]
    highest = max(within(series, 721, None), default=None)
    repeat = (within(series, 1440, 2880) or [None])[-1]
    latest = (within(series, None, None) or [None])[-1]

    low = below(admission, 1000)
    to_level = below(settings["ddimer-strong-rise"], highest)
    risen = to_level
    if readings["significant-increase"] == "doubling":
        risen = no(below(highest, None if admission is None else 2 * admission))
    image = every(low, risen, to_level)

    value = admission if readings["band-timing"] == "admission" else latest
    from_low, to_high = no(below(value, 1000)), below(value, 2000)
    if readings["band-closure"] == "open":
        from_low = below(1000, value)
    if readings["band-closure"] == "closed":
        to_high = no(below(2000, value))
    middle = every(from_low, to_high)

    strong = {
        "from-2000": no(below(admission, 2000)),
        "above-2000": below(2000, admission),
        "from-4000": no(below(admission, 4000)),
    }[readings["strongly-increased"]]
    option = every(no(facts.get("imaging-feasible")), facts.get("bleeding-risk-acceptable"))
    return {
        "REC-4a": every(low, no(risen)),
        "REC-4b": image,
        "REC-4b-TX": every(image, option),
        **dict.fromkeys(("REC-4c", "REC-4c-PROPH", "REC-4c-VTE", "REC-4c-MON"), middle),
        **dict.fromkeys(("REC-4d", "REC-4d-RPT"), strong),
        "REC-4d-IMG": every(strong, below(admission, repeat)),
    }


def _table(facts: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Truth]:
    """Table 3: three columns by three rows."""
    series: Series = facts.get("d-dimer")
    admission = (within(series, -720, 720) or [None])[0]
    highest = max(within(series, 721, None), default=None)
    first, third = below(admission, 1000), below(2000, admission)
    second = every(no(first), no(third))
    progressive: Truth = facts.get("progressive-increase")
    to_level = every(progressive, below(settings["ddimer-strong-rise"], highest))
    no_scan = no(facts.get("imaging-feasible"))
    return {
        **dict.fromkeys(("T3-MON-B1", "T3-ACG-B1"), first),
        **dict.fromkeys(("T3-MON-B2", "T3-ACG-B2"), second),
        **dict.fromkeys(("T3-MON-B3", "T3-ACG-B3", "T3-IMG-B3"), third),
        "T3-IMG-ALL": facts.get("signs-of-vte"),
        "T3-IMG-B1": every(first, to_level),
        "T3-IMG-B2": every(second, to_level),
        "T3-ACG-B2-TX": every(second, to_level, no_scan),
        "T3-ACG-B3-TX": every(third, progressive, no_scan),
    }
