"""Fifty patients worked out by hand from the report, not from the program.

Numbers without a unit are µg/L. A row lists what applies, applies provisionally, is defeated or
undetermined; everything else is not applicable.
"""

from __future__ import annotations

import pytest

DEFAULT = {
    "band-closure": "closed",
    "strongly-increased": "from-2000",
    "significant-increase": "reaches-level",
    "band-timing": "admission",
    "covid-status": "inclusive",
}

INPATIENT = {
    "covid-status": "confirmed",
    "admitted": True,
    "admission-indicated": False,
    "high-suspicion-of-pe": False,
    "pe-confirmed": False,
    "signs-of-vte": False,
    "progressive-increase": False,
    "imaging-feasible": True,
    "bleeding-risk-acceptable": True,
}
"""Three days in hospital with confirmed COVID-19, no sign of thrombosis, imaging possible."""
SUSPECTED_PE = {
    "covid-status": "suspected",
    "admitted": False,
    "high-suspicion-of-pe": True,
}
"""Not in hospital; pulmonary embolism is suspected."""
NO_SCAN = {"imaging-feasible": False}
RISING = {"progressive-increase": True}
YEARS = {"ddimer-algorithm": "years"}
BY_AGE = {"ddimer-algorithm": "age-adjusted"}

EVERY = "REC-1 REC-4 REC-4-SER "
LOW = EVERY + "T3-MON-B1 T3-ACG-B1 "
STABLE = LOW + "REC-4a "
COLUMN_2 = EVERY + "T3-MON-B2 T3-ACG-B2 "
MIDDLE = "REC-4c REC-4c-PROPH REC-4c-VTE REC-4c-MON "
COLUMN_3 = EVERY + "T3-MON-B3 T3-ACG-B3 T3-IMG-B3 "
STRONG = "REC-4d REC-4d-RPT "
COLUMNS = "T3-MON-B1 T3-MON-B2 T3-MON-B3 T3-IMG-B3 T3-ACG-B1 T3-ACG-B2 T3-ACG-B3 "
WAITING = MIDDLE + STRONG + COLUMNS + "REC-4a REC-4d-IMG "
"""What waits for the D-dimer of admission when the follow-up is known to stay below the level."""


def course(*written):
    """Samples as (minute, value), (minute, value, unit) or (minute, value, unit, basis)."""
    found = []
    for each in written:
        minute, value, unit, basis = (*each, *("ug/L", "FEU")[len(each) - 2 :])
        found.append({"minutes": minute, "value": value, "unit": unit, "basis": basis})
    return {"d-dimer": found}


def row(says, facts, *, base=INPATIENT, settings=None, readings=None, **expected):
    listed = {f"OUD-{name}": status for status, names in expected.items() for name in names.split()}
    return pytest.param(
        {**base, **facts}, settings or {}, {**DEFAULT, **(readings or {})}, listed, id=says
    )


REPEAT = (60, "2500")
ONE_DDU = course((60, "400"), (1500, "450", "ug/L", "DDU"))
PATIENTS = [
    # the ends of the bands, in every unit
    row("low-and-stays-low", course((60, "400"), (1500, "450")), applies=STABLE),
    row("one-step-below-1000", course((60, "999.999"), (1500, "900")), applies=STABLE),
    row("1000-is-the-middle", course((60, "1", "mg/L"), (1500, "900")), applies=COLUMN_2 + MIDDLE),
    row(
        "2000-is-in-both-bands",
        course((60, "2000", "ng/mL"), (1500, "2000")),
        applies=COLUMN_2 + MIDDLE + STRONG,
    ),
    row(
        "2000-is-in-neither-band",
        course((60, "2000"), (1500, "1900")),
        readings={"band-closure": "half-open", "strongly-increased": "above-2000"},
        applies=COLUMN_2,
    ),
    row(
        "1000-is-in-no-band-of-the-prose",
        course((60, "1000"), (1500, "900")),
        readings={"band-closure": "open"},
        applies=COLUMN_2,
    ),
    row("above-2000", course((60, "2.000001", "mg/L"), (1500, "2000")), applies=COLUMN_3 + STRONG),
    row(
        "3999.999-is-not-4000",
        course((60, "3999.999"), (1500, "2000")),
        readings={"strongly-increased": "from-4000"},
        applies=COLUMN_3,
    ),
    row(
        "the-latest-value-is-in-the-middle",
        course((60, "400"), (1500, "1500")),
        readings={"band-timing": "latest"},
        applies=STABLE + MIDDLE,
    ),
    # the windows
    row("720-is-admission", course((720, "400")), applies=LOW, undetermined="REC-4a REC-4b"),
    row("721-is-follow-up", course((721, "400")), applies=EVERY, undetermined=WAITING),
    row("720-before-is-admission", course((-720, "400"), (721, "400")), applies=STABLE),
    row(
        "721-before-is-too-early",
        course((-721, "400"), (721, "400")),
        applies=EVERY,
        undetermined=WAITING,
    ),
    row(
        "the-first-of-admission-counts",
        course((1500, "500"), (60, "1500"), (-60, "999")),
        applies=STABLE,
    ),
    row(
        "repeat-at-24-h",
        course(REPEAT, (1440, "2500.001")),
        applies=COLUMN_3 + STRONG + "REC-4d-IMG",
    ),
    row(
        "repeat-at-48-h",
        course(REPEAT, (2880, "2500.001")),
        applies=COLUMN_3 + STRONG + "REC-4d-IMG",
    ),
    row("equal-is-no-increase", course(REPEAT, (1440, "2500")), applies=COLUMN_3 + STRONG),
    row(
        "the-latest-repeat-counts",
        course(REPEAT, (1440, "3000"), (2880, "2400"), (2881, "9000")),
        applies=COLUMN_3 + STRONG,
    ),
    row(
        "repeat-too-early-and-too-late",
        course(REPEAT, (1439, "9000"), (2881, "9000")),
        applies=COLUMN_3 + STRONG,
        undetermined="REC-4d-IMG",
    ),
    # the rise
    row("2000-is-not-above-2000", course((60, "400"), (1500, "2", "mg/L")), applies=STABLE),
    row(
        "a-rise-calls-for-imaging", course((60, "400"), (1500, "2000.001")), applies=LOW + "REC-4b"
    ),
    row(
        "a-rise-that-fell-again-still-counts",
        course((60, "400"), (1500, "2500"), (2500, "300")),
        applies=LOW + "REC-4b",
    ),
    row(
        "a-hospital-may-wait-for-4000",
        course((60, "400"), (1500, "4000")),
        settings={"ddimer-strong-rise": {"value": "4", "unit": "mg/L"}},
        applies=STABLE,
    ),
    row(
        "doubling-without-the-level-is-covered-by-neither",
        course((60, "400"), (1500, "800")),
        readings={"significant-increase": "doubling"},
        applies=LOW,
    ),
    row(
        "not-quite-doubled",
        course((60, "400"), (1500, "799.999")),
        readings={"significant-increase": "doubling"},
        applies=STABLE,
    ),
    row(
        "no-scan-and-bleeding-is-no-danger",
        course((60, "400"), (1500, "2500")) | NO_SCAN,
        applies=LOW + "REC-4b REC-4b-TX",
    ),
    row(
        "no-scan-and-bleeding-not-judged",
        course((60, "400"), (1500, "2500")) | NO_SCAN | {"bleeding-risk-acceptable": None},
        applies=LOW + "REC-4b",
        undetermined="REC-4b-TX",
    ),
    row(
        "bleeding-forbids-it-whatever-a-scan",
        course((60, "400"), (1500, "2500"))
        | {"imaging-feasible": None, "bleeding-risk-acceptable": False},
        applies=LOW + "REC-4b",
    ),
    row(
        "the-second-column-forgets-bleeding",
        course((60, "1500"), (1500, "2500"))
        | RISING
        | NO_SCAN
        | {"bleeding-risk-acceptable": False},
        applies=COLUMN_2 + MIDDLE + "T3-IMG-B2 T3-ACG-B2-TX",
    ),
    row(
        "the-second-column-needs-the-level",
        course((60, "1500"), (1500, "2000")) | RISING | NO_SCAN,
        applies=COLUMN_2 + MIDDLE,
    ),
    row(
        "the-third-column-needs-no-level",
        course(REPEAT, (1500, "1800")) | RISING | NO_SCAN,
        applies=COLUMN_3 + STRONG + "T3-ACG-B3-TX",
    ),
    row(
        "the-first-column-has-no-therapeutic-dose",
        course((60, "400"), (1500, "2500"))
        | RISING
        | NO_SCAN
        | {"bleeding-risk-acceptable": False},
        applies=LOW + "REC-4b T3-IMG-B1",
    ),
    # confirmed embolism
    row(
        "treatment-takes-the-place-of-prophylaxis",
        course((60, "400"), (1500, "450")) | {"pe-confirmed": True},
        applies="REC-3-TX REC-4 REC-4-SER T3-MON-B1",
        defeated="REC-1 REC-4a T3-ACG-B1",
    ),
    row(
        "prophylaxis-unless-embolism",
        course((60, "400"), (1500, "450")) | {"pe-confirmed": None},
        applies="REC-4 REC-4-SER T3-MON-B1",
        provisional="REC-1 REC-4a T3-ACG-B1",
        undetermined="REC-3-TX",
    ),
    row(
        "embolism-and-perhaps-covid",
        course((60, "400"), (1500, "450")) | {"pe-confirmed": True, "covid-status": None},
        undetermined=STABLE + "REC-3-TX",
    ),
    # suspected embolism
    row(
        "500-is-elevated",
        course((60, "0.5", "mg/L")),
        base=SUSPECTED_PE,
        applies="REC-3",
        undetermined="REC-2 REC-3-TX",
    ),
    row("below-500", course((60, "499.999")), base=SUSPECTED_PE, undetermined="REC-2 REC-3-TX"),
    row(
        "the-latest-value-is-compared",
        course((60, "400"), (3000, "600")),
        base=SUSPECTED_PE,
        applies="REC-3",
        undetermined="REC-2 REC-3-TX",
    ),
    row(
        "years-from-1000-whatever-the-items",
        course((60, "1000")),
        base=SUSPECTED_PE,
        settings=YEARS,
        applies="REC-3",
        undetermined="REC-2 REC-3-TX",
    ),
    row(
        "years-below-1000-asks-for-the-items",
        course((60, "999.999")),
        base=SUSPECTED_PE,
        settings=YEARS,
        undetermined="REC-2 REC-3 REC-3-TX",
    ),
    row(
        "years-below-500-whatever-the-items",
        course((60, "499.999")),
        base=SUSPECTED_PE,
        settings=YEARS,
        undetermined="REC-2 REC-3-TX",
    ),
    row(
        "by-age-the-value-is-judged",
        course((60, "20")) | {"d-dimer-at-age-adjusted-limit": True},
        base=SUSPECTED_PE,
        settings=BY_AGE,
        applies="REC-3",
        undetermined="REC-2 REC-3-TX",
    ),
    # what cannot be used, and what is not known
    row("not-known", {"d-dimer": None}, applies=EVERY, undetermined=WAITING + "REC-4b"),
    row("none-taken", {"d-dimer": []}, applies=EVERY, undetermined=WAITING + "REC-4b"),
    row("one-sample-in-ddu", ONE_DDU, applies=EVERY, undetermined=WAITING + "REC-4b"),
    row(
        "two-values-for-one-minute",
        course((60, "400"), (60, "401"), (1500, "450")),
        applies=EVERY,
        undetermined=WAITING + "REC-4b",
    ),
    row(
        "one-value-twice",
        course((60, "400"), (60, "0.4", "mg/L"), (1500, "450")),
        applies=STABLE,
    ),
    row(
        "signs-alone",
        {"d-dimer": None, "signs-of-vte": True},
        applies=EVERY + "T3-IMG-ALL",
        undetermined=WAITING + "REC-4b",
    ),
    # who is meant
    row("no-covid", course((60, "400")) | {"covid-status": "excluded"}),
    row(
        "suspected-is-with-covid",
        course((60, "400"), (1500, "450")) | {"covid-status": "suspected"},
        applies=STABLE,
    ),
    row(
        "suspected-is-not-with-covid",
        course((60, "400"), (1500, "450")) | {"covid-status": "suspected"},
        readings={"covid-status": "strict"},
        applies="REC-1",
    ),
    row(
        "confirmed-is-not-suspected",
        {"admitted": False, "admission-indicated": True},
        readings={"covid-status": "strict"},
    ),
]
