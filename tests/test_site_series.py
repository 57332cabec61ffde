"""Long series in the browser: decided and explained as on the command line, and in good time."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

import simulator_example as example
from guidegraph.cases import read_cases, run
from guidegraph.kernel import Agg, aggregate
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.site.addresses import Addresses
from guidegraph.site.build import THEME, build_site
from guidegraph.site.parts import OF_PATIENTS, REASONING, spare
from guidegraph.site.reasoning import model_script
from reasoning_browser import Browser, compare, started
from test_export_python import shipped
from test_site_simulator import NODE, needs_node

ASSETS = THEME / "assets"
CORE = ("reasoning/exact.js", "reasoning/samples.js", "reasoning/kernel.js")
FORM = ("simulator/words.js", "simulator/fields.js", "simulator/cases.js")
PATIENCE = 60
"""Seconds for what takes few; where the work grew with the square of a series it took minutes."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


def node(*names: str, then: str, before: str = "") -> Any:
    """What a script says after some of ours were run."""
    texts = [before, *((ASSETS / each).read_text("utf-8") for each in names)]
    script = "\n".join([*texts, f"console.log(JSON.stringify({then}));"])
    done = subprocess.run(
        [NODE or "node", "-"], input=script, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- a series with some samples other ------------------------------------------------------------


def series(chance: random.Random, size: int) -> dict[int, int]:
    return {chance.randint(-9, 9): chance.randint(0, 6) for _ in range(size)}


def windows(chance: random.Random) -> dict[str, Any]:
    low, high = (chance.choice([None, *range(-10, 11)]) for _ in range(2))
    fn = chance.choice(["first", "last", "max", "min", "count", "run"])
    return {"fn": fn, "low": low, "high": high}


@needs_node
def test_a_changed_series_has_the_aggregates_of_its_copy() -> None:
    chance = random.Random(7)
    tried = [
        (series(chance, chance.randint(0, 9)), series(chance, chance.randint(0, 2)))
        for _ in range(2_000)
    ]
    data = [windows(chance) for _ in tried]
    given = [
        [sorted(held.items()), list(other.items()), datum]
        for (held, other), datum in zip(tried, data, strict=True)
    ]
    then = f"""{json.dumps(given)}.map(([held, other, datum]) => {{
      const big = held.map(([minute, value]) => [minute, BigInt(value)]);
      const from = new guidegraph.samples.Changed(big);
      const to = other.reduce((one, [minute, value]) => one.with(minute, BigInt(value)), from);
      const found = guidegraph.kernel.aggregate(datum, to);
      return found === null ? null : Number(found);
    }})"""
    found = node(*CORE, then=then)
    for (held, other), datum, one in zip(tried, data, found, strict=True):
        samples = tuple((at, Fraction(value)) for at, value in sorted({**held, **other}.items()))
        agg = Agg(datum["fn"], "any", datum["low"], datum["high"])
        assert one == aggregate(agg, samples), (held, other, datum)


# --- the same as on the command line -------------------------------------------------------------


def patient(size: int, seed: int, *, basis: str | None = "FEU", **facts: Any) -> dict[str, Any]:
    """A patient of the shipped guideline with so many results."""
    chance = random.Random(seed)
    base = {
        "covid-status": "confirmed",
        "admitted": True,
        "admission-indicated": False,
        "high-suspicion-of-pe": False,
        "pe-confirmed": False,
        "signs-of-vte": False,
        "imaging-feasible": True,
        "bleeding-risk-acceptable": True,
    }
    sample = {"unit": "ug/L", **({"basis": basis} if basis else {})}
    results = [
        {"minutes": 5 + place * 3, "value": str(chance.randint(200, 3000)), **sample}
        for place in range(size)
    ]
    told = {**base, "d-dimer": results, **facts}
    return {"now": {"minutes": 5 + size * 3}, "facts": told}


@pytest.mark.parametrize("basis", ["FEU", None])
def test_a_long_series_is_decided_as_on_the_command_line(
    browser: Browser, basis: str | None
) -> None:
    guideline, program = shipped()
    compare(browser, guideline, program, json.dumps(patient(400, 1, basis=basis)), names=())


@pytest.mark.parametrize("seed", range(3))
def test_what_would_change_it_is_the_same_with_a_series(browser: Browser, seed: int) -> None:
    """Also where it takes two changes, of which there are thousands of pairs."""
    guideline, program = shipped()
    chance = random.Random(seed)
    facts = {"covid-status": "excluded"} if seed == 1 else {}
    names = chance.sample([each.name for each in program.rules], 4)
    text = json.dumps(patient(12 + seed, seed, **facts))
    compare(browser, guideline, program, text, names=names)


@pytest.mark.slow
def test_two_thousand_results_are_explained_in_good_time(browser: Browser) -> None:
    guideline, program = shipped()
    browser.load(guideline, program)
    given = patient(2_000, 5)
    began = time.monotonic()
    (decided,) = browser.ask(("reason.decide", given))
    assert decided["decided"] is True
    for each in decided["recommendations"]:
        (told,) = browser.ask(("reason.explain", given, each["id"]))
        assert told["status"] == each["status"]
    assert time.monotonic() - began < PATIENCE


# --- how long a patient may be -------------------------------------------------------------------


@needs_node
@pytest.mark.parametrize(
    ("made", "is_too_long"),
    [
        ("{facts: {d: Array(5000).fill({minutes: 1, value: '84', unit: 'g', basis: 'F'})}}", 0),
        ("{facts: {d: Array(5001).fill({})}}", 1),
        ("{facts: {d: Array(3000).fill({}), e: Array(3000).fill({})}}", 1),
        ("{facts: Object.fromEntries(Array.from({length: 499}, (_, place) => [place, 1]))}", 0),
        ("{facts: Object.fromEntries(Array.from({length: 600}, (_, place) => [place, 1]))}", 1),
        ("{facts: {a: 'x'.repeat(1000000)}}", 1),
        ("{facts: null, settings: 7}", 0),
    ],
)
def test_a_patient_that_is_too_long_is_not_lost(made: str, is_too_long: int) -> None:
    then = f"""(() => {{
      const {{ write, read, readAny, isTooLong }} = guidegraph.fragment;
      const made = {made};
      const same = (found) => JSON.stringify(found) === JSON.stringify(made);
      return [isTooLong(made), read(write(made)) === null, same(readAny(write(made)))];
    }})()"""
    assert node("fragment.js", then=then) == [bool(is_too_long), bool(is_too_long), True]


# --- a case that is saved ------------------------------------------------------------------------

BENEATH = """
defaults:
  patient:
    settings: {strong: {value: "5", unit: ug/L}}
"""


def saved(known: Guideline, readings: Mapping[str, str], told: Mapping[str, Any]) -> str:
    """The case that the page writes for a patient."""
    program = lower(known, readings)
    model = model_script(known, program, Addresses(known))
    scripts = [each for each in REASONING.scripts if each != "model.js"]
    given = json.dumps(told)
    made = f"""{{id: "saved", name: "Saved", document: {given},
      decision: guidegraph.reason.decide({given})}}"""
    text = node(*scripts, *FORM, before=model, then=f"guidegraph.simulator.cases.write({made})")
    assert isinstance(text, str)
    return text


SAMPLES = [
    {"minutes": 30, "value": "500.5", "unit": "ug/L", "basis": "FEU"},
    {"minutes": 600, "value": "2500", "unit": "ug/L", "basis": "FEU"},
]


@needs_node
@pytest.mark.parametrize("defaults", ["", BENEATH], ids=["alone", "beneath"])
@pytest.mark.parametrize("readings", [{}, {"point": "read-twice"}], ids=["own", "other"])
@pytest.mark.parametrize("value", ["500.5", "1500", "2500"])
def test_a_saved_case_keeps_its_settings_and_readings(
    defaults: str, readings: dict[str, str], value: str
) -> None:
    known = example.guideline()
    facts = {"marker": [{**SAMPLES[0], "value": value}], "illness": "suspected", "bleeding": False}
    text = saved(known, readings, {"now": {"minutes": 1440}, "facts": facts})
    found, faults = read_cases(defaults + text, "cases.yaml", known)
    assert faults == ()
    assert found[0].readings == readings
    assert [each.findings for each in run(known, found).outcomes] == [()]


# --- a site without ------------------------------------------------------------------------------


def files(folder: Any) -> set[str]:
    assets = folder / "assets"
    return {each.relative_to(assets).as_posix() for each in assets.rglob("*") if each.is_file()}


def test_a_site_without_the_page_has_none_of_its_files(tmp_path: Any) -> None:
    """Not even those of an earlier build into the same folder."""
    ours = spare(())
    assert {"simulator.js", "simulator/form.js", "reasoning/kernel.js", "fragment.js"} <= ours
    assert spare(OF_PATIENTS) == set()
    with_it = files(build_site(example.content(), tmp_path).folder)
    assert ours - with_it == set()
    known = example.guideline(publishes_simulator=False)
    without = files(build_site(example.content(known), tmp_path).folder)
    assert without & ours == set()
    assert with_it - without == ours
