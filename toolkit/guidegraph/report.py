"""Findings as people read them, as JSON, as GitHub annotations and as SARIF 2.1.0.

Content is never trusted: control characters, terminal escapes and invisible signs in messages and
source lines are shown as ``\\u{...}`` in every form.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from guidegraph import __version__
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.explain import codes, explanation
from guidegraph.wording import plural

SourceLine = Callable[[Location], "str | None"]

FORMATS = ("text", "json", "github", "sarif")

_STYLES = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}
_BOLD, _BLUE, _RESET = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_LONGEST = 200
"""Characters of a source line that are shown at most."""
_LARGEST = 50_000_000
"""No line is shown of a file of more bytes: findings name file and line in any case."""

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s;,()\[\]]+')
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(
    findings: Iterable[Diagnostic],
    format: str,
    *,
    color: bool = False,
    source_line: SourceLine | None = None,
) -> str:
    """All findings in the given order, in one of ``FORMATS``; text and annotations may be empty.

    ``source_line`` gives the line a location speaks of (without its end), or None; by default it
    is read from the file. ``color`` asks for terminal colours, in text only.
    """
    found = tuple(findings)
    if format == "text":
        return _text(found, _Paint(color), source_line or SourceLines())
    if format == "json":
        return _dump(_as_json(found))
    if format == "github":
        return "".join(f"{_annotation(each)}\n" for each in found)
    if format == "sarif":
        return _dump(_sarif(found))
    msg = f"there is no form {format}"
    raise ValueError(msg)


def visible(content: str) -> str:
    """Content on one line, with everything that acts on a terminal or hides made visible."""
    if content.isprintable():
        return content
    return "".join(_visible_sign(sign) for sign in content)


def _visible_sign(sign: str) -> str:
    if sign in "\n\r\t":
        return " "
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"\\u{{{ord(sign):x}}}"
    return sign


class SourceLines:
    """Lines of files, each file read at most once. A file that cannot be read has no lines."""

    def __init__(self) -> None:
        self.files: dict[str, list[str]] = {}

    def __call__(self, at: Location) -> str | None:
        """The line at a location without its end, or None."""
        if at.file not in self.files:
            self.files[at.file] = self._read(at.file)
        lines = self.files[at.file]
        return lines[at.line - 1] if 0 < at.line <= len(lines) else None

    @staticmethod
    def _read(file: str) -> list[str]:
        path = Path(file)
        try:
            if not path.is_file():  # a device or pipe may have no end
                return []
            if path.stat().st_size > _LARGEST:
                return []
            data = path.read_bytes()
            if b"\0" in data[:_LONGEST]:  # no text
                return []
            text = data.decode("utf-8-sig", errors="replace")
        except (OSError, ValueError):
            return []
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Paint:
    """Terminal colours, or none."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted

    def __call__(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self.wanted else text


def _text(found: tuple[Diagnostic, ...], paint: _Paint, source_line: SourceLine) -> str:
    if not found:
        return ""
    told = ["\n".join(_told(each, paint, source_line)) for each in found]
    return "\n\n".join([*told, paint(_BOLD, _summary(found))]) + "\n"


def _told(each: Diagnostic, paint: _Paint, source_line: SourceLine) -> list[str]:
    head = paint(_STYLES[each.severity], f"{each.severity}[{each.code}]")
    lines = [f"{head}: {paint(_BOLD, visible(each.message))}"]
    if each.at is not None:
        lines.append(f"  {paint(_BLUE, '-->')} {visible(str(each.at))}")
        lines += _excerpt(each.at, each.severity, paint, source_line)
    for place, words in each.related:
        lines.append(f"{paint(_BOLD, 'note')}: {visible(words)} ({visible(str(place))})")
    if each.why:
        lines.append(f"{paint(_BOLD, 'why')}: {visible(each.why)}")
    if each.help:
        lines.append(f"{paint(_BOLD, 'help')}: {visible(each.help)}")
    return lines


def _excerpt(at: Location, severity: Severity, paint: _Paint, source_line: SourceLine) -> list[str]:
    line = source_line(at)
    if line is None or not line.strip():
        return []
    number = str(at.line)
    line, column = _window(line, at.column)
    lines = [f"{paint(_BLUE, f'{number} |')} {visible(line)}".rstrip()]
    if column:
        before = visible(line[: column - 1])
        word = _WORD.match(line, column - 1)
        length = max(_width(visible(word.group())) if word else 1, 1)
        gutter = " " * len(number) + " |"
        marks = paint(_STYLES[severity], "^" * length)
        lines.append(f"{paint(_BLUE, gutter)} {' ' * _width(before)}{marks}")
    return lines


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a very long line around a column, and the column in that part."""
    if len(line) <= _LONGEST:
        return line, column
    start = max(0, min(column - _LONGEST // 2, len(line) - _LONGEST))
    part = line[start : start + _LONGEST]
    before = "…" if start else ""
    after = "…" if start + _LONGEST < len(line) else ""
    return f"{before}{part}{after}", column - start + len(before) if column else 0


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _counts(found: tuple[Diagnostic, ...]) -> dict[str, int]:
    count = Counter(each.severity for each in found)
    return {severity.value: count[severity] for severity in Severity}


def _summary(found: tuple[Diagnostic, ...]) -> str:
    return ", ".join(
        plural(number, severity) for severity, number in _counts(found).items() if number
    )


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _as_json(found: tuple[Diagnostic, ...]) -> dict[str, Any]:
    return {"findings": [_finding(each) for each in found], "counts": _counts(found)}


def _finding(each: Diagnostic) -> dict[str, Any]:
    place = _place(each.at) if each.at else {"file": None, "line": None, "column": None}
    return {
        "code": each.code,
        "severity": each.severity.value,
        "message": visible(each.message),
        **place,
        "why": _optional(each.why),
        "help": _optional(each.help),
        "subject": _optional(each.subject),
        "related": [_place(at) | {"message": visible(words)} for at, words in each.related],
    }


def _place(at: Location) -> dict[str, Any]:
    return {"file": visible(at.file), "line": at.line, "column": at.column or None}


def _optional(text: str | None) -> str | None:
    return None if text is None else visible(text)


def _annotation(each: Diagnostic) -> str:
    """``::error file=...,line=...::message``, escaped as GitHub's runner undoes it."""
    place = []
    if each.at:
        place = [("file", visible(each.at.file)), ("line", str(each.at.line))]
        place += [("col", str(each.at.column))] if each.at.column else []
    properties = [*place, ("title", each.code)]
    written = ",".join(f"{name}={_escape(value, True)}" for name, value in properties)
    return f"::{_GITHUB[each.severity]} {written}::{_escape(_full_message(each), False)}"


def _escape(text: str, is_property: bool) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if is_property else text


def _full_message(each: Diagnostic) -> str:
    lines = [visible(each.message)]
    lines += [f"why: {visible(each.why)}"] if each.why else []
    lines += [f"help: {visible(each.help)}"] if each.help else []
    return "\n".join(lines)


def _sarif(found: tuple[Diagnostic, ...]) -> dict[str, Any]:
    used = sorted({each.code for each in found})
    driver = {"name": "guidegraph", "version": __version__, "rules": [_rule(code) for code in used]}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, used.index(each.code)) for each in found],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    if code not in codes():
        return {"id": code}
    known = explanation(code)
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.section("What it means")},
        "help": {"text": known.section("What to do"), "markdown": known.markdown},
        "defaultConfiguration": {"level": known.severity.value},
    }


def _result(each: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": rule,
        "level": each.severity.value,
        "message": {"text": _full_message(each)},
    }
    place: dict[str, Any] = {"physicalLocation": _physical(each.at)} if each.at else {}
    if each.subject:
        place["logicalLocations"] = [{"name": visible(each.subject)}]
    if place:
        result["locations"] = [place]
    if each.related:
        result["relatedLocations"] = [
            {"id": n, "physicalLocation": _physical(at), "message": {"text": visible(words)}}
            for n, (at, words) in enumerate(each.related, start=1)
        ]
    return result


def _physical(at: Location) -> dict[str, Any]:
    region = {"startLine": at.line} | ({"startColumn": at.column} if at.column else {})
    return {"artifactLocation": {"uri": _uri(at.file)}, "region": region}


def _uri(file: str) -> str:
    """A file as a URI reference: relative where the file is given relative."""
    safe = quote(file.encode("utf-8", errors="replace"), safe="/~")
    return f"file://{safe}" if file.startswith("/") else safe
