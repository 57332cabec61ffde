"""A guideline that holds nothing but one study and what a claim prints about it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from guidegraph.audit import AuditReport, Entry, assemble
from guidegraph.diagnostic import Location
from guidegraph.entity import Code, Entity, Ref, Ucum
from guidegraph.model import (
    EvidenceClaim,
    Guideline,
    Header,
    PatientCharacteristic,
    SourceTable,
    StatisticalResult,
    Study,
    StudyArm,
)

NAMESPACE = "https://example.org/guideline/evidence/"


class Evidence:
    """Collects entities; each gets a line of its own, so that findings have an order."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}

    def add(self, kind: type[Entity], name: str, **fields: Any) -> str:
        at = Location("evidence.ttl", len(self.entities) + 1)
        self.entities[name] = kind(id=name, iri=NAMESPACE + name, at=at, **fields)
        return name

    def study(self, size: int | None = None, **arms: int | None) -> None:
        self.add(Study, "STU", sample_size=size)
        for name, count in arms.items():
            self.arm(name, count)

    def arm(self, name: str, size: int | None = None) -> None:
        self.add(StudyArm, name, study=Ref("STU"), sample_size=size)

    def characteristic(self, name: str) -> None:
        self.add(PatientCharacteristic, name)

    def table(self, name: str) -> None:
        self.add(SourceTable, name, document=Ref("DOC"))

    def claim(self, name: str, results: Iterable[str], **fields: Any) -> None:
        self.add(
            EvidenceClaim,
            name,
            claim_type=Code("StudyFinding"),
            study=Ref("STU"),
            results=tuple(map(Ref, results)),
            **fields,
        )

    def result(self, name: str, kind: str, printed: str, **fields: Any) -> str:
        """A result; numbers are given as text, arms and observables as names."""
        for each in ("value", "low", "high", "p_value"):
            if each in fields:
                fields[each] = Decimal(fields[each])
        for each in ("arms", "observables"):
            if each in fields:
                fields[each] = tuple(map(Ref, fields[each]))
        if "p_value" in fields:
            fields.setdefault("p_value_comparator", Code("Equal"))
        return self.add(
            StatisticalResult, name, statistic_type=Code(kind), reported_text=printed, **fields
        )

    def share(self, name: str, printed: str, percent: str | None = None, **fields: Any) -> str:
        if percent is not None:
            fields |= {"value": percent, "unit": Ucum("%")}
        return self.result(name, "Proportion", printed, **fields)

    def mean(
        self,
        arm: str,
        value: str,
        low: str,
        high: str,
        kind: str = "IntervalNotStated",
        row: str = "",
    ) -> str:
        return self.result(
            f"mean-{row}{arm}",
            "Mean",
            f"{value} ({low}–{high})",
            value=value,
            low=low,
            high=high,
            interval_type=Code(kind),
            arms=(arm,),
        )

    @property
    def guideline(self) -> Guideline:
        header = Header(id="evidence", iri=NAMESPACE, at=Location("guideline.ttl", 1))
        return Guideline(header=header, entities=self.entities)


def report(entries: Iterable[Entry]) -> AuditReport:
    return assemble(entries)


def codes(found: AuditReport) -> list[str]:
    return [each.diagnostic.code for each in found.findings]


def outcomes(found: AuditReport, what: str = "") -> list[str]:
    return [each.outcome for each in found.examinations if what in each.what]


def rounded(value: float | Decimal, places: int, rounding: str = ROUND_HALF_UP) -> str:
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=rounding):f}"
