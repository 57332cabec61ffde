"""What a run found, all persons together: who gets what, and what is missing to tell."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from guidegraph.cohort.sampling import Compared
from guidegraph.evaluate.status import STATUSES

TITLES = {
    "applies": "applies",
    "provisional": "applies unless an exception that is not known",
    "undetermined": "too little is known",
    "defeated": "set aside by an exception",
    "notApplicable": "does not apply",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """A datum, and of how many persons it is lacking for a recommendation."""

    datum: str
    persons: int


@dataclass(frozen=True, slots=True)
class Line:
    """One recommendation: how many persons have each status, and what lacks most."""

    recommendation: str
    label: str
    modality: str
    counts: dict[str, int]
    lacking: tuple[Lack, ...]

    @property
    def open(self) -> int:
        """Of how many persons more knowledge could change the answer."""
        return self.counts["undetermined"] + self.counts["provisional"]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One site parameter over its permitted range: counts of each recommendation at each step.

    ``lines`` has only recommendations whose counts change.
    """

    setting: str
    label: str
    unit: str
    steps: tuple[str, ...]
    usual: str
    lines: tuple[tuple[str, str, tuple[dict[str, int], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is told about a run."""

    guideline: str
    title: str
    version: str
    engine: str
    persons: int
    files: tuple[tuple[str, str], ...]
    readings: dict[str, str]
    settings: dict[str, str]
    absent: dict[str, str]
    units: tuple[tuple[str, str, int], ...]
    unmapped: tuple[tuple[str, int], ...]
    set_aside: dict[str, int]
    expired: int
    compared: Compared
    lines: tuple[Line, ...]
    sweeps: tuple[Sweep, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self)


def share(count: int, total: int) -> str:
    """A count with its share, in whole percent; a share that is not 0 is never shown as 0."""
    if not total:
        return f"{count:,}"
    percent = (
        100 * count // total if 2 * (100 * count % total) < total else 100 * count // total + 1
    )
    if count and not percent:
        return f"{count:,} (<1 %)"
    if count < total and percent == 100:
        return f"{count:,} (>99 %)"
    return f"{count:,} ({percent} %)"


def as_text(report: Report) -> str:
    """The report for a terminal."""
    lines = [
        f"{report.title}, version {report.version}: {report.persons:,} persons.",
        (
            f"{report.compared.persons:,} of them were decided again by the reference evaluator, "
            f"from their raw rows, and all agree ({report.compared.met:,} of "
            f"{report.compared.outcomes:,} distinct outcomes)."
        ),
    ]
    lines += [f"Set aside: {count:,} rows ({code})." for code, count in report.set_aside.items()]
    lines += [f"Taken for granted: no row of {k} means {v}." for k, v in report.absent.items()]
    lines += [f"Not mapped: {what} ({count:,} records)." for what, count in report.unmapped[:5]]
    if len(report.unmapped) > 5:
        lines.append(f"Not mapped: {len(report.unmapped) - 5:,} more kinds; see report.json.")
    wide = max((len(each.recommendation) for each in report.lines), default=0)
    heads = ("applies", "provisional", "undetermined", "defeated", "not applicable")
    lines += ["", " " * wide + "".join(f"{each:>16}" for each in heads)]
    for each in report.lines:
        told = "".join(f"{share(each.counts[s], report.persons):>16}" for s in STATUSES)
        lines.append(f"{each.recommendation:<{wide}}{told}")
        if each.lacking:
            listed = ", ".join(f"{lack.datum} ({lack.persons:,})" for lack in each.lacking[:3])
            lines.append(f"{'':<{wide}}  lacking: {listed}")
    for sweep in report.sweeps:
        lines += ["", *_swept(sweep)]
    return "\n".join(lines) + "\n"


def _swept(sweep: Sweep) -> list[str]:
    """How many persons a recommendation applies to at each value of a parameter."""
    unit = f" ({sweep.unit})" if sweep.unit else ""
    lines = [f"{sweep.label}, {sweep.setting}{unit}; in force: {sweep.usual}"]
    if not sweep.lines:
        return [*lines, "  No count changes over the permitted range."]
    wide = max(len(name) for name, _, _ in sweep.lines)
    lines.append(f"  {'applies':<{wide}}" + "".join(f"{each:>10}" for each in sweep.steps))
    for name, _, counts in sweep.lines:
        lines.append(f"  {name:<{wide}}" + "".join(f"{each['applies']:>10,}" for each in counts))
    return lines
