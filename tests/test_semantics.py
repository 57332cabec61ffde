"""The shipped guideline decides as its text says: by hand, and against a second encoding."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest

import dutch_advice
from dutch_patients import INPATIENT, PATIENTS
from guidegraph.evaluate.status import conflicts, is_covered, meaning, standings
from guidegraph.lower import lower
from guidegraph.patient import read_patient

READINGS = {
    "band-closure": ("closed", "half-open", "open"),
    "strongly-increased": ("from-2000", "above-2000", "from-4000"),
    "significant-increase": ("reaches-level", "doubling"),
    "band-timing": ("admission", "latest"),
    "covid-status": ("inclusive", "strict"),
}
COMBINATIONS = [dict(zip(READINGS, each, strict=True)) for each in product(*READINGS.values())]
ADMISSION = datetime(2020, 4, 1, 8, tzinfo=UTC)
NOW = 4320


@pytest.fixture(scope="module")
def programs(guideline):
    """The program of every combination of readings, in the order of ``COMBINATIONS``."""
    return [
        lower(guideline, {f"IP-{point}": chosen for point, chosen in each.items()})
        for each in COMBINATIONS
    ]


def answers(program, facts, settings=None):
    """The standing of every rule for a patient file with these facts."""
    document = {
        "now": {"minutes": NOW},
        "anchors": {"admission": ADMISSION.isoformat()},
        "facts": facts,
        "settings": settings or {},
    }
    patient, findings = read_patient(json.dumps(document), program)
    assert patient is not None, findings
    return standings(program.rules, meaning(program, patient.inputs, patient.settings))


def statuses(found):
    return {each.rule.name: each.status for each in found}


# --- by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("facts", "settings", "readings", "listed"), PATIENTS)
def test_a_patient_is_answered_as_the_text_says(programs, facts, settings, readings, listed):
    program = programs[COMBINATIONS.index(readings)]
    found = answers(program, facts, settings)
    spoken = {name: each for name, each in statuses(found).items() if each != "notApplicable"}
    assert spoken == listed
    assert is_covered(found) is bool(listed)


# --- against a second encoding ------------------------------------------------------------------

STEP = Fraction(1, 1000)
LIMITS = (400, 500, 800, 1000, 2000, 3000, 4000)
VALUES = [limit + step for limit in LIMITS for step in (-STEP, Fraction(0), STEP)]
EDGES = (-720, 0, 720, 1440, 2880, NOW)
MINUTES = sorted({edge + by for edge in EDGES for by in (-1, 0, 1) if edge + by <= NOW})
UNITS = {"ug/L": 1, "ng/mL": 1, "mg/L": 1000, "g/L": 10**6, "pg/mL": Fraction(1, 1000)}
QUESTIONS = [*INPATIENT, "years-item-present", "d-dimer-at-age-adjusted-limit"][1:]


def decimal(value):
    """A number with nine decimal places."""
    digits = f"{int(value * 10**9):010d}"
    return f"{digits[:-9]}.{digits[-9:]}"


def written(rng, minute, value):
    """A sample in some unit, its time in some form, with seconds that do not count."""
    unit = rng.choice(list(UNITS))
    found = {"value": decimal(value / UNITS[unit]), "unit": unit, "basis": "FEU"}
    if rng.random() < 0.5:
        return {**found, "minutes": minute}
    moment = ADMISSION + timedelta(minutes=minute, seconds=rng.choice((0, 59)))
    return {**found, "at": moment.isoformat()}


def random_patient(rng):
    """Facts as in a patient file, and the same as the second encoding takes them."""
    known = {name: rng.choice((True, True, False, None)) for name in QUESTIONS}
    known["admitted"] = rng.choice((True, True, True, False, None))
    known["covid-status"] = rng.choice(("confirmed", "confirmed", "suspected", "excluded", None))
    series = {rng.choice(MINUTES): rng.choice(VALUES) for _ in range(rng.randint(0, 5))}
    file = dict(known)
    known["d-dimer"] = sorted(series.items())
    file["d-dimer"] = [written(rng, *each) for each in series.items()]
    if rng.random() < 0.1:
        known["d-dimer"], file["d-dimer"] = None, rng.choice((None, [{"value": "400"}]))
    return file, known


def random_settings(rng):
    level = rng.choice((2000, 2000 + STEP, 3000, 4000))
    algorithm = rng.choice(("fixed-500", "age-adjusted", "years"))
    known = {"ddimer-strong-rise": Fraction(level), "ddimer-algorithm": algorithm}
    file = {
        "ddimer-strong-rise": {"value": decimal(Fraction(level)), "unit": "ug/L"},
        "ddimer-algorithm": algorithm,
    }
    return file, known


@pytest.mark.parametrize("seed", range(len(COMBINATIONS)))
def test_a_second_encoding_gives_the_same_statuses(programs, seed):
    rng = random.Random(seed)
    for _ in range(25):
        file, known = random_patient(rng)
        settings, chosen = random_settings(rng)
        found = answers(programs[seed], file, settings)
        expected = dutch_advice.statuses(known, chosen, COMBINATIONS[seed])
        assert statuses(found) == expected, (file, settings)
        assert not conflicts(programs[seed], found)
