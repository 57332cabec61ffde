"""``guidegraph validate --watch``: judge again whenever a file is saved."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guidegraph.cli import options
from guidegraph.cli.validate import limited, total
from guidegraph.diagnostic import Diagnostic, Severity, has_findings
from guidegraph.errors import ReadError

if TYPE_CHECKING:
    from guidegraph.shacl.recheck import Change, Kept
    from guidegraph.shacl.report import Telling
    from guidegraph.shacl.results import Result

EVERY = 0.3
"""Seconds between two looks at the files."""

Seen = tuple[int, int, int]
"""When a file was changed, how long it is, and which one it is."""


def watched(data_files: list[Path], shapes_files: list[Path], engine: str, form: str) -> int:
    """Judge, and again after each change, until somebody ends it; gives the exit status."""
    watch = _Watch(data_files, shapes_files, engine, form)
    try:
        watch.begin()
        while True:
            time.sleep(EVERY)
            watch.look()
    except KeyboardInterrupt:
        click.echo(err=True)
    return watch.status


class _Watch:
    """Files that are watched, and what was found in them last."""

    def __init__(
        self, data_files: list[Path], shapes_files: list[Path], engine: str, form: str
    ) -> None:
        self._files = data_files
        self._shapes_files = frozenset(shapes_files)
        self._engine = engine
        self._form = form
        self._seen: dict[Path, Seen] = {}
        self._kept: Kept | None = None
        self._waiting: set[Path] = set()
        """Files that were saved and not read since, or could not be."""
        self._missing: set[Path] = set()
        """Files that were not there at the last look."""
        self._told: tuple[Diagnostic, ...] = ()

    @property
    def status(self) -> int:
        """1 if something was found, or a file cannot be read; else 0."""
        if self._kept is None or self._waiting:
            return 1
        report = self._kept.report
        return 1 if report.results or has_findings(report.findings) else 0

    def begin(self) -> None:
        """Judge everything and tell all of it."""
        from guidegraph.collecting import without_collecting
        from guidegraph.shacl.files import load
        from guidegraph.shacl.recheck import Change, Kept

        self._look_around()
        with self._reading(), without_collecting(), limited():
            data = load(self._files) if self._kept is None else self._kept.data
            shapes = load(sorted(self._shapes_files))
            kept = Kept(data, shapes, self._engine)
            gone = () if self._kept is None else self._kept.report.results
            self._kept, self._shapes = kept, shapes
            self._waiting.clear()
            report = kept.report
            self._tell(Change(report, report.results, gone if self._form == "json" else ()))

    def look(self) -> None:
        """Judge again if a file was saved."""
        if not self._look_around():
            return
        if self._kept is not None and (data := self._waiting - self._shapes_files):
            self._after(self._kept, sorted(data))
        if self._kept is None or (self._waiting and self._waiting <= self._shapes_files):
            self.begin()

    def _after(self, kept: Kept, changed: list[Path]) -> None:
        """Judge again after data were saved."""
        from guidegraph.shacl.files import as_findings, opened

        with self._reading():
            files = [opened(each) for each in changed]
            with as_findings([name for name, _, _ in files]), limited():
                change = kept.after({name: content for name, content, _ in files})
            self._waiting.difference_update(changed)
            self._tell(change)

    def _look_around(self) -> bool:
        """Note which files were saved since the last look, or are gone.

        One is gone that is not there twice: who saves may remove a file and write it anew.
        """
        before = dict(self._seen)
        for each in (*self._files, *self._shapes_files):
            try:
                state = each.stat()
            except OSError:
                if each in self._missing and each in self._seen:
                    del self._seen[each]
                    self._waiting.add(each)
                self._missing.add(each)
                continue
            self._missing.discard(each)
            self._seen[each] = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._seen[each] != before.get(each):
                self._waiting.add(each)
        return self._seen != before

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """A file that cannot be read is told; what was found before stays until it can be."""
        try:
            yield
        except ReadError as stop:
            self._stopped(stop)

    def _stopped(self, stop: ReadError) -> None:
        if self._form == "json":
            _line({"conforms": False, "findings": _entries(stop.findings)})
        else:
            options.show(stop.findings, "text")

    def _tell(self, change: Change) -> None:
        from guidegraph.shacl.report import Telling

        assert self._kept is not None
        told = Telling(self._kept.data, self._shapes)
        if self._form == "json":
            self._as_json(told, change)
        else:
            self._in_words(told, change)

    def _as_json(self, told: Telling, change: Change) -> None:
        report = change.report
        _line(
            {
                "conforms": report.conforms,
                "results": len(report.results),
                "new": [told.entry(each) for each in change.come],
                "gone": [told.entry(each) for each in change.gone],
                "findings": _entries(report.findings),
            }
        )

    def _in_words(self, told: Telling, change: Change) -> None:
        from guidegraph.shacl.report import ordered

        assert self._kept is not None
        report = change.report
        if report.findings != self._told:
            options.show(report.findings, "text")
        self._told = report.findings
        options.show([each for each, _ in ordered(told, change.come)], "text", told.line)
        for each, _ in ordered(told, change.gone):
            click.echo(f"no more: {each.message}")
        counts = _severities(report.results)
        click.echo(total(counts, len(self._kept.data.columns), report.shapes))


def _entries(findings: Iterable[Diagnostic]) -> list[Any]:
    from guidegraph.report import render

    found: list[Any] = json.loads(render(findings, "json"))["findings"]
    return found


def _line(whole: dict[str, Any]) -> None:
    click.echo(json.dumps(whole, ensure_ascii=False))


def _severities(results: Iterable[Result]) -> Counter[Severity]:
    """How many results there are of each severity."""
    from guidegraph.shacl.report import severity

    return Counter(severity(each) for each in results)
