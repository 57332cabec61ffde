"""A small guideline with a datum of every kind, for tests of "Try a patient"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import site_example
from guidegraph.cases import Report, read_cases, run
from guidegraph.entity import Code, Entity, Quantity, QuantityRange, Ucum
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.site.content import SiteContent

CASES = """
defaults:
  patient:
    now: "2024-01-02T08:00:00+01:00"
    anchors: {admission: "2024-01-01T08:00:00+01:00"}
    facts: {illness: suspected, bleeding: false, weight: {value: 71.50, unit: kg}}
cases:
  - id: low
    name: A low marker
    patient:
      facts:
        marker:
          - {minutes: 30, value: 500.5, unit: ug/L, basis: FEU}
          - {minutes: 600, value: 2500, unit: ug/L, basis: FEU}
    expect: {applies: [rec-1]}
  - id: bleeds
    name: A low marker, and the patient bleeds
    patient:
      facts:
        marker:
          - {minutes: 30, value: 500.5, unit: ug/L, basis: FEU}
          - {minutes: 600, value: 2500, unit: ug/L, basis: FEU}
        bleeding: true
    expect: {defeated: [rec-1]}
  - id: unknown
    name: The marker is not known
    patient:
      facts: {weight: null}
    expect: {undetermined: [rec-1, rec-2]}
  - id: twice
    name: A low marker under another reading
    readings: {point: read-twice}
    patient:
      facts:
        marker:
          - {minutes: 30, value: 500.5, unit: ug/L, basis: FEU}
          - {minutes: 600, value: 2500, unit: ug/L, basis: FEU}
    expect: {applies: [rec-1]}
"""


def guideline(**header: Any) -> Guideline:
    """The example of the site in a form that can be decided; ``header`` changes its header."""
    known = site_example.guideline()
    weight = site_example.make(
        type(known.entities["bleeding"]),
        "weight",
        "Weight",
        value_kind=Code("Quantity"),
        question=site_example.en("What is the weight?"),
        canonical_unit=Ucum("kg"),
        decimal_places=1,
        plausible_range=QuantityRange(low=Decimal(1), high=Decimal(400), unit=Ucum("kg")),
    )
    changed = {
        "marker": _with(known, "marker", needs_calibration=True, calibration=Code("FEU")),
        "bleeding": _with(
            known,
            "bleeding",
            value_kind=Code("Boolean"),
            valid_for=Quantity(value=Decimal(24), unit=Ucum("h")),
        ),
        "feasible": _with(known, "feasible", value_kind=Code("Boolean")),
        "weight": weight,
    }
    whole = replace(known.header, **header)
    entities = {**known.entities, **changed, whole.id: whole}
    return Guideline(header=whole, entities=entities, codes=known.codes)


def _with(known: Guideline, name: str, **changed: Any) -> Entity:
    thing: Any = known.entities[name]
    return replace(thing, **changed)


def report(known: Guideline) -> Report:
    """The cases, run."""
    cases, findings = read_cases(CASES, "cases.yaml", known)
    assert findings == ()
    return run(known, cases)


def content(known: Guideline | None = None, **given: Any) -> SiteContent:
    """A site with the page "Try a patient"."""
    shown = known or guideline()
    told: dict[str, Any] = {"program": lower(shown), "cases": report(shown), "folder": "marker"}
    return site_example.content(shown, **{**told, **given})


# --- the page in a browser ------------------------------------------------------------------------


def statuses(page: Any) -> dict[str, str]:
    """What the page shows of every recommendation, by its label."""
    page.evaluate("document.querySelectorAll('details.folded').forEach((each) => each.fill())")
    found = page.evaluate(
        """[...document.querySelectorAll('.advice')].filter((each) => each.classList.length > 1)
        .map((each) => [each.querySelector('h3').textContent, each.classList[1]])"""
    )
    return dict(found)
