"""``guidegraph fmt``: Turtle files in the one form in which all of them are written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from guidegraph.cli import options
from guidegraph.diagnostic import Diagnostic, Location, Severity, has_findings
from guidegraph.wording import plural

STDIN = "-"
SHOWN = "<stdin>"
"""What the text that comes on standard input is called in findings."""


@dataclass(frozen=True, slots=True)
class _Formatted:
    """One file: its text before and after (None where it cannot be read), and what was found."""

    name: str
    path: Path | None
    before: str
    after: str | None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the file is not in canonical form."""
        return self.after is not None and self.after != self.before


@click.command(
    "fmt", epilog="Example: guidegraph fmt --check --diff guideline/covid19-coagulopathy"
)
@click.argument("places", nargs=-1, metavar="[GUIDELINE | FILE...]")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@options.format_option("text", "json")
def command(places: tuple[str, ...], check: bool, diff: bool, form: str) -> None:
    """Write Turtle files in canonical form: a guideline folder, single files, or - for stdin.

    One thing per block, one property per line with `a` first, one blank line between blocks. The
    order of blocks and properties, comments, section headings and the spelling of every number and
    text stay as they are, so a change of one value is a change of one line. What a file says is
    never changed; doing it twice changes nothing more.

    A file that is not Turtle is reported and left alone. Text from stdin goes to stdout. JSON has
    `files` (with `status`: written, unchanged, differs, unreadable), `findings` and `counts`.
    """
    from guidegraph.report import visible

    if STDIN in places and len(places) > 1:
        raise click.UsageError("`-` (standard input) cannot stand beside other files.")
    found: list[_Formatted] = []
    findings: list[Diagnostic] = []
    statuses: dict[str, str] = {}
    for each in _all(places, findings):
        found.append(each)
        findings += each.findings
        statuses[each.name] = _status(each, check or diff, findings)
        if diff and each.differs and form == "text":
            for line in _diff(each).splitlines():
                click.echo(visible(line))
    if form == "json":
        click.echo(_as_json(found, statuses, findings, diff))
        sys.exit(1 if has_findings(findings) else 0)
    if places == (STDIN,):
        for each in found:
            if each.after is not None and not (check or diff):
                _to_stdout(each.after)
    else:
        click.echo(_in_words(statuses), err=diff)
    options.finish(findings, form)


# ---- files ---------------------------------------------------------------------------------


def _all(places: tuple[str, ...], findings: list[Diagnostic]) -> Iterator[_Formatted]:
    from guidegraph.read.folder import turtle_files

    if places == (STDIN,):
        yield _of_bytes(sys.stdin.buffer.read(), SHOWN, None)
        return
    for place in [Path(each) for each in places] or [options.folder_of(None)]:
        if place.is_file():
            yield _of_file(place)
            continue
        files, faults = turtle_files(place)
        findings += faults
        for each in files:
            yield _of_file(each)


def _of_file(path: Path) -> _Formatted:
    from guidegraph.read.folder import display, load

    _, faults = load(path)
    if any(each.severity is Severity.ERROR for each in faults):
        return _Formatted(display(path), path, "", None, faults)
    return _of_bytes(path.read_bytes(), display(path), path)


def _of_bytes(data: bytes, name: str, path: Path | None) -> _Formatted:
    from collections import Counter

    from guidegraph.errors import TurtleError
    from guidegraph.read.recovery import recover
    from guidegraph.turtle.document import Document
    from guidegraph.turtle.layout import formatted

    try:
        text = data.decode("utf-8")
        document = Document.parse(text, name)
    except UnicodeDecodeError as fault:
        return _Formatted(name, path, "", None, (_not_utf8(name, data, fault),))
    except TurtleError as stop:
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        slips = recover(plain, name, "fmt").findings
        return _Formatted(name, path, text, None, slips or stop.findings)
    after = formatted(document)
    if after != text:
        same = Counter(Document.parse(after, name).skeletons()) == Counter(document.skeletons())
        assert same, "what a file says never changes"
    return _Formatted(name, path, text, after)


def _not_utf8(name: str, data: bytes, fault: UnicodeDecodeError) -> Diagnostic:
    return Diagnostic(
        code="R002",
        severity=Severity.ERROR,
        message=f"The text is not UTF-8 (byte {fault.start + 1}).",
        at=Location(name, data[: fault.start].count(b"\n") + 1),
        why="In another encoding signs such as µ and ≥ come out as different characters.",
        help="Save the text again as UTF-8.",
    )


def _status(each: _Formatted, only_look: bool, findings: list[Diagnostic]) -> str:
    """What becomes of a file; it is written here."""
    if each.after is None:
        return "unreadable"
    if not each.differs:
        return "unchanged"
    if only_look:
        findings.append(_not_canonical(each))
        return "differs"
    if each.path is not None:
        from guidegraph.workspace.writing import replace_file

        try:
            replace_file(each.path, each.before.encode(), each.after.encode())
        except OSError as fault:
            findings.append(_unwritable(each, fault.strerror or str(fault)))
            return "differs"
    return "written"


# ---- what is told ----------------------------------------------------------------------------


def _not_canonical(each: _Formatted) -> Diagnostic:
    before, after = each.before.splitlines(), (each.after or "").splitlines()
    same = (n for n, (left, right) in enumerate(zip(before, after, strict=False)) if left != right)
    line = next(same, min(len(before), len(after))) + 1
    return Diagnostic(
        code="W101",
        severity=Severity.WARNING,
        message="The file is not in canonical form; this is the first line that would change.",
        at=Location(each.name, min(line, max(len(before), 1))),
        why="Where all files have one form, a change of one value is a change of one line.",
        help="Run `guidegraph fmt`; what the file says stays the same.",
    )


def _unwritable(each: _Formatted, reason: str) -> Diagnostic:
    return Diagnostic(
        code="W102",
        severity=Severity.ERROR,
        message=f"The file cannot be written: {reason}.",
        at=Location(each.name, 1),
        why="It is as it was.",
        help="Look at who may write the file and how much room the disk has, and run it again.",
    )


def _diff(each: _Formatted) -> str:
    from difflib import unified_diff

    lines = unified_diff(
        _lines(each.before), _lines(each.after or ""), each.name, f"{each.name} (canonical)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _in_words(statuses: dict[str, str]) -> str:
    told = []
    for name, status in statuses.items():
        if status == "written":
            told.append(f"{name}: written in canonical form.")
    words = {
        "written": "written",
        "differs": "would change",
        "unreadable": "left alone",
        "unchanged": "unchanged",
    }
    counts = [
        f"{plural(number, 'file')} {word}"
        for status, word in words.items()
        if (number := sum(each == status for each in statuses.values()))
    ]
    return "\n".join([*told, f"{', '.join(counts) or 'No file'}."])


def _as_json(
    found: Iterable[_Formatted],
    statuses: dict[str, str],
    findings: Iterable[Diagnostic],
    with_diff: bool,
) -> str:
    from guidegraph.report import render

    files = [
        {
            "file": each.name,
            "status": statuses[each.name],
            **({"diff": _diff(each)} if with_diff and each.differs else {}),
            **({"text": each.after} if each.path is None and each.after is not None else {}),
        }
        for each in found
    ]
    told: dict[str, Any] = {"files": files, **json.loads(render(findings, "json"))}
    return json.dumps(told, indent=2, ensure_ascii=False)


def _to_stdout(text: str) -> None:
    """Exactly this text: no line end is translated."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
