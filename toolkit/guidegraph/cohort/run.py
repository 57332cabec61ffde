"""A run: load, judge, decide, check, report; results appear whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from guidegraph.cohort import (
    deciding,
    engine,
    fhir,
    finding,
    loading,
    omop,
    page,
    refusals,
    sampling,
)
from guidegraph.cohort.faults import fault, stop
from guidegraph.cohort.keys import quoted
from guidegraph.cohort.mapping import read_mapping
from guidegraph.cohort.places import places
from guidegraph.cohort.report import Lack, Line, Report, Sweep, as_text
from guidegraph.diagnostic import Diagnostic, Location, Severity, has_errors
from guidegraph.export import ExportInput
from guidegraph.kernel import Value
from guidegraph.patient import from_node, wire_value
from guidegraph.patient.document import Entry
from guidegraph.patient.document import Mapping as Tree
from guidegraph.program import Setting
from guidegraph.wording import plain, unit_label

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEPS = 9
MANY_UNMAPPED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: the files, and how they are to be taken.

    ``sample`` persons are decided again by the reference. ``sweeps`` names site parameters that are
    moved over their permitted range. ``csv``: also write the rows as CSV. ``engine`` decides.
    """

    data: tuple[Path, ...]
    mapping: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    set_aside: bool = False
    doubles: bool = False
    sample: int = 200
    seed: int = 0
    sweeps: tuple[str, ...] = ()
    csv: bool = False
    memory: str | None = None
    engine: str = "duckdb"
    tables: bool = False


def run(
    loaded: ExportInput, request: Request, output: Path, step: Callable[[str], None]
) -> tuple[Report, tuple[Diagnostic, ...]]:
    """Decide about a cohort and write the results into the new folder ``output``.

    Nothing is there before everything is: results are written beside it and renamed at the end.

    Raises:
        CohortError: the data cannot be decided about as they are; nothing has been written.
        OSError: the results cannot be written; an earlier result is still there.
    """
    import duckdb

    output.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        with engine.database(work, request.memory) as database:
            made = _Run(database, loaded, request, work / "result", step)
            report, notes = made.all()
        _put(work / "result", output)
    except duckdb.Error as error:
        raise stop([refusals.refusal(error, request.data[0], output)]) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return report, notes


def _put(made: Path, output: Path) -> None:
    """The finished folder under its name; an earlier result gives way to it, or stays."""
    old = made.parent / "earlier"
    try:
        if output.exists():
            output.rename(old)
        made.rename(output)
    except BaseException:
        if old.exists() and not output.exists():
            old.rename(output)
        raise


class _Run:
    """One run over an open database."""

    def __init__(
        self,
        database: DuckDBPyConnection,
        loaded: ExportInput,
        request: Request,
        folder: Path,
        step: Callable[[str], None],
    ) -> None:
        self.database, self.loaded, self.request = database, loaded, request
        self.folder, self.step = folder, step
        self.known = places(loaded.program)
        self.notes: list[Diagnostic] = []
        folder.mkdir()

    def all(self) -> tuple[Report, tuple[Diagnostic, ...]]:
        """Everything, in its order."""
        settings = self.settings()
        codes, found = read_mapping(self.request.mapping, self.loaded.guideline, self.known)
        if has_errors(found):
            raise stop(found)
        source = loading.opened(
            self.database, self.request.data, codes, self.known, self.request.doubles
        )
        self.step("Looking at units")
        lists = loading.understood(self.database, self.known)
        loading.gather(self.database, source, lists, self.step)
        set_aside = self.judge(source, lists)
        loading.check_people(self.database, source)
        self.step("Deciding")
        held = {
            each.name: wire_value(settings[each.name], each.scale)
            for each in self.loaded.program.settings
        }
        wired = {name: each for name, each in held.items() if isinstance(each, int | str)}
        decided = deciding.prepare(self.database, self.loaded, self.known, wired, codes.absent)
        self.decide(decided)
        self.step("Comparing with the reference")
        reference = sampling.Reference(
            self.loaded.program, self.known, self.request.settings, codes.absent
        )
        compared, differences = sampling.compare(
            self.database, decided, reference, self.request.sample, self.request.seed
        )
        source.check()
        if differences:
            raise stop(differences)
        self.step("Writing")
        deciding.name_masks(self.database, self.loaded, decided)
        rows = self.folder / "recommendations"
        deciding.write_rows(
            self.database, decided, rows.with_suffix(".parquet"), deciding.COMPRESSED
        )
        if self.request.csv:
            deciding.write_rows(
                self.database, decided, rows.with_suffix(".csv"), "FORMAT csv, HEADER"
            )
        if self.request.tables:
            for name in ("persons", "samples"):
                path = self.folder / f"{name}.parquet"
                self.database.execute(f"COPY {name} TO {quoted(str(path))} ({deciding.COMPRESSED})")
        report = self.report(source, lists, decided, compared, set_aside, settings)
        self.write(report)
        source.check()
        return report, tuple(self.notes)

    def decide(self, decided: deciding.Decided) -> None:
        """The table ``decided``, by the engine that was asked for."""
        if self.request.engine == "spark":
            from guidegraph.cohort import spark

            spark.decide(self.database, self.loaded, decided, self.folder.parent)
        else:
            deciding.decide(self.database, decided)

    def settings(self) -> Mapping[str, Value]:
        """The site's settings, checked as those of a patient file are."""
        at = Location("--setting", 1)
        empty = Tree((Entry("facts", Tree((), at), at),), at)
        patient, found = from_node(empty, self.loaded.program, self.request.settings)
        if patient is None:
            raise stop(found)
        return patient.settings

    def judge(self, source: loading.Source, lists: loading.Understood) -> dict[str, int]:
        """Stop at faulty rows, or set them aside where that was asked for."""
        if not finding.counted(self.database, source):
            return {}
        self.step("Looking for faulty rows")
        faulty = finding.find(self.database, source, lists)
        if not self.request.set_aside:
            raise stop(faulty.findings)
        finding.write_faulty(self.database, source, self.folder / "set-aside.csv")
        self.notes.append(
            fault(
                "K121",
                f"{faulty.count:,} rows were set aside; what they are about is unknown for their "
                "person.",
                why=", ".join(f"{code}: {count:,}" for code, count in faulty.rows.items()) + ".",
                help="They are listed in set-aside.csv with file, row and reason.",
                severity=Severity.WARNING,
            )
        )
        return faulty.rows

    def report(
        self,
        source: loading.Source,
        lists: loading.Understood,
        decided: deciding.Decided,
        compared: sampling.Compared,
        set_aside: dict[str, int],
        settings: Mapping[str, Value],
    ) -> Report:
        """Counts of everything that is told."""
        self.step("Counting")
        header = self.loaded.guideline.header
        row = self.database.execute("SELECT count(*) FROM decided").fetchone() or (0,)
        gone = self.database.execute(
            "SELECT (SELECT coalesce(sum(expired), 0) FROM answered)"
            " + (SELECT coalesce(sum(expired), 0) FROM measured)"
        ).fetchone() or (0,)
        return Report(
            guideline=self.loaded.guideline_id,
            title=str(header.label),
            version=header.version,
            engine=self.request.engine,
            persons=row[0],
            files=tuple((str(each.path), each.layout) for each in source.files),
            readings=dict(self.loaded.program.readings),
            settings={
                each.name: _said(each, settings[each.name]) for each in self.loaded.program.settings
            },
            absent=dict(source.codes.absent),
            units=tuple(
                (each.way.observable, each.way.unit, each.way.rows)
                for each in lists.meanings
                if each.way.unit
            ),
            unmapped=self.unmapped(source),
            set_aside=set_aside,
            expired=int(gone[0]),
            compared=compared,
            lines=tuple(self.lines(decided)),
            sweeps=tuple(self.swept(decided, settings)),
        )

    def unmapped(self, source: loading.Source) -> tuple[tuple[str, int], ...]:
        """Codes that no observable has, with how many records each; the most frequent first."""
        asked = []
        for table in source.files:
            if table.layout == "fhir":
                asked.append(fhir.unmapped(fhir.parsed(table.reading, "")))
            elif table.layout in ("measurement", "condition_occurrence"):
                asked.append(omop.unmapped(table))
        if not asked:
            return ()
        rows = self.database.execute(
            f"SELECT what, sum(rows) AS n FROM ({' UNION ALL '.join(asked)}) GROUP BY what"
            f" ORDER BY n DESC, what LIMIT {MANY_UNMAPPED}"
        ).fetchall()
        if rows:
            total = sum(count for _, count in rows)
            self.notes.append(
                fault(
                    "K122",
                    f"{total:,} records have codes that are no observable of the guideline.",
                    why="They are not used: "
                    + ", ".join(f"{w} ({n:,})" for w, n in rows[:3])
                    + ".",
                    help="Add to the mapping file what is missing there.",
                    severity=Severity.NOTE,
                )
            )
        return tuple((what, int(count)) for what, count in rows)

    def lines(self, decided: deciding.Decided) -> Iterator[Line]:
        """A line for each recommendation."""
        found = deciding.counts(self.database, decided)
        lacked = deciding.lacked(self.database, decided)
        names = deciding.names(self.loaded, decided)
        by_name = {each.name: each for each in self.loaded.program.rules}
        said = self.loaded.guideline.words
        for rule in decided.rules:
            most = sorted(lacked[rule].items(), key=lambda each: (-each[1], each[0]))
            lacks = tuple(Lack(names[datum], count) for datum, count in most)
            yield Line(rule, by_name[rule].label, said(by_name[rule].modality), found[rule], lacks)

    def swept(self, decided: deciding.Decided, settings: Mapping[str, Value]) -> Iterator[Sweep]:
        """The sweeps that were asked for."""
        by_name = {each.name: each for each in self.loaded.program.settings}
        labels = {each.name: each.label for each in self.loaded.program.rules}
        for name in self.request.sweeps:
            setting = by_name[name]
            values = steps(setting)
            found = []
            for number, value in enumerate(values, 1):
                self.step(f"Moving {name} {number}/{len(values)}")
                found.append(deciding.swept(self.database, self.loaded, decided, name, value))
            lines = tuple(
                (rule, labels[rule], tuple(each[rule] for each in found))
                for rule in decided.rules
                if any(each[rule] != found[0][rule] for each in found)
            )
            told = tuple(plain(Fraction(each, 10**setting.scale)) for each in values)
            unit = unit_label(setting.unit)
            yield Sweep(name, setting.label, unit, told, _said(setting, settings[name]), lines)

    def write(self, report: Report) -> None:
        """The report in its three forms."""
        (self.folder / "report.txt").write_text(as_text(report), encoding="utf-8")
        told = json.dumps(report.to_json(), indent=2, ensure_ascii=False)
        (self.folder / "report.json").write_text(told + "\n", encoding="utf-8")
        (self.folder / "report.html").write_text(page.as_page(report), encoding="utf-8")


def can_move(setting: Setting) -> bool:
    """Whether a parameter is a number with a permitted range of two ends."""
    return setting.kind == "quantity" and None not in (setting.low, setting.high)


def steps(setting: Setting) -> tuple[int, ...]:
    """Values of a parameter over its permitted range, in wire form, both ends if they belong to it.

    Raises:
        ValueError: the range has no two ends.
    """
    if setting.low is None or setting.high is None:
        raise ValueError(f"{setting.name} has no range")
    scale = 10**setting.scale
    width = setting.high - setting.low
    found = {int((setting.low + width * Fraction(n, STEPS - 1)) * scale) for n in range(STEPS)}
    inside = {
        each
        for each in found
        if (each > setting.low * scale or setting.low_inclusive)
        and (each < setting.high * scale or setting.high_inclusive)
    }
    return tuple(sorted(inside))


def _said(setting: Setting, value: Value) -> str:
    """A setting as people read it."""
    if isinstance(value, Fraction):
        return f"{plain(value)} {unit_label(setting.unit)}".strip()
    return str(value)
