"""From a folder to texts: which files are read, and what can be wrong with a file as such."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Location, Severity

LIMIT = 16 * 1024 * 1024
"""Bytes of the largest file that is read; a large guideline has less than one million."""

OTHER_FORMATS = {".jsonld", ".n3", ".nq", ".nt", ".owl", ".rdf", ".trig", ".turtle"}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def display(path: Path) -> str:
    """How a path is shown: relative to the current folder where it lies below it."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    here = Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def turtle_files(folder: Path) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """Every Turtle file below a folder in the order of their names, and what else was met."""
    if not folder.is_dir():
        return (), (_no_folder(folder),)
    try:
        files, findings = _walk(folder)
    except OSError as fault:
        return (), (_unreadable(folder, fault),)
    if not files and not findings:
        return (), (_nothing_there(folder),)
    return files, findings


def _walk(folder: Path) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    files: list[Path] = []
    findings: list[Diagnostic] = []
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            findings += [_link(path)] if suffix == ".ttl" or path.is_dir() else []
        elif path.is_dir():
            if path.name != "build":
                below, faults = _walk(path)
                files += below
                findings += faults
        elif suffix == ".ttl":
            files.append(path)
        elif suffix in OTHER_FORMATS:
            findings.append(_other_format(path))
    return tuple(files), tuple(findings)


def load(path: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file with every line end as ``\\n``, or None where it cannot be read."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LIMIT else b""
    except OSError as fault:
        return None, (_unreadable(path, fault),)
    if size > LIMIT:
        return None, (_too_large(path, size),)
    return decoded(data, display(path))


def decoded(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text that the bytes of a file stand for, as ``load`` gives it."""
    if fault_found := _not_utf8(data, file):
        return None, (fault_found,)
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    findings = [*_byte_order_mark(data, file), *_empty(text, file), *_control(text, file)]
    return _CONTROL.sub(" ", text), tuple(findings)


def _not_utf8(data: bytes, file: str) -> Diagnostic | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _encoding(Location(file, 1), "The file is saved as UTF-16, not as UTF-8.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before[before.rfind(b"\n") + 1 :].decode("utf-8")
        at = Location(file, before.count(b"\n") + 1, len(line) + 1)
        byte = f"0x{data[fault.start]:02X}, byte {fault.start + 1} of the file"
        return _encoding(at, f"The character here is not UTF-8 ({byte}).")
    return None


def _encoding(at: Location, message: str) -> Diagnostic:
    return Diagnostic(
        code="R002",
        severity=Severity.ERROR,
        message=message,
        at=at,
        why="In another encoding signs such as µ and ≥ come out as different characters, so the "
        "file is not read at all.",
        help='Save the file again as UTF-8: most editors offer this under "Save with encoding".',
    )


def _byte_order_mark(data: bytes, file: str) -> Iterator[Diagnostic]:
    if data.startswith(b"\xef\xbb\xbf"):
        yield Diagnostic(
            code="R004",
            severity=Severity.NOTE,
            message="The file begins with an invisible byte order mark.",
            at=Location(file, 1),
            why="It is skipped here, but other programs take it for part of the first word.",
            help='Save the file as "UTF-8 without BOM".',
        )


def _empty(text: str, file: str) -> Iterator[Diagnostic]:
    if not text.strip():
        yield Diagnostic(
            code="R005",
            severity=Severity.WARNING,
            message="The file is empty.",
            at=Location(file, 1),
            why="It was perhaps not saved, or lost its contents.",
            help="Fill it or remove it.",
        )


def _control(text: str, file: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _CONTROL.search(line):
            yield Diagnostic(
                code="R003",
                severity=Severity.ERROR,
                message=f"A control character (U+{ord(found.group()):04X}) stands here.",
                at=Location(file, number, found.start() + 1),
                why="It cannot be seen, and programs treat it in different ways; often a file "
                "with such characters is damaged or is no text at all.",
                help="Delete the character. If there are many, fetch the file again from where "
                "it came from.",
            )


def _no_folder(folder: Path) -> Diagnostic:
    name = display(folder)
    if folder.is_file():
        message, hint = (
            f"`{name}` is a file, not a folder.",
            f"Name its folder: `{display(folder.parent)}`.",
        )
    else:
        message, hint = f"There is no folder `{name}`.", "Check the name, or run `guidegraph new`."
    return Diagnostic(
        code="R001",
        severity=Severity.ERROR,
        message=message,
        why="A guideline is a folder of Turtle files.",
        help=hint,
    )


def _nothing_there(folder: Path) -> Diagnostic:
    return Diagnostic(
        code="R001",
        severity=Severity.ERROR,
        message=f"The folder `{display(folder)}` holds no Turtle file (`*.ttl`).",
        why="A guideline is a folder of Turtle files. Hidden folders and `build` are not read.",
        help="Name the folder of a guideline, or run `guidegraph new` to start one.",
    )


def _unreadable(path: Path, fault: OSError) -> Diagnostic:
    return Diagnostic(
        code="R001",
        severity=Severity.ERROR,
        message=f"`{display(path)}` cannot be opened: {fault.strerror or 'unknown reason'}.",
        at=Location(display(path), 1) if path.suffix else None,
        why="Without it the guideline is incomplete.",
        help="Check that it exists and that you may read it.",
    )


def _too_large(path: Path, size: int) -> Diagnostic:
    return Diagnostic(
        code="R001",
        severity=Severity.ERROR,
        message=f"The file has {size} bytes; files of up to {LIMIT} bytes are read.",
        at=Location(display(path), 1),
        why="A file of this size is no guideline that people write and review.",
        help="Split the file, or move data that does not belong to the guideline elsewhere.",
    )


def _link(path: Path) -> Diagnostic:
    return Diagnostic(
        code="R001",
        severity=Severity.ERROR,
        message=f"`{path.name}` is a link to another place, and links are not followed.",
        at=Location(display(path), 1),
        why="What a guideline says must lie inside its folder, so that everyone reads the same.",
        help="Put the file itself into the folder.",
    )


def _other_format(path: Path) -> Diagnostic:
    return Diagnostic(
        code="R006",
        severity=Severity.WARNING,
        message=f"`{path.name}` is not read: only Turtle files (`*.ttl`) are.",
        at=Location(display(path), 1),
        why="What it says is no part of the guideline, although it lies beside it.",
        help="Convert it to Turtle, or move it out of the guideline folder.",
    )
