"""What each diagnostic code means: one Markdown file per code, read when it is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from guidegraph import resources
from guidegraph.diagnostic import Severity
from guidegraph.suggestion import alike

SECTIONS = ("What it means", "Why it matters", "What to do", "Example")
"""The headings of every explanation, in this order."""

_HEAD = re.compile(r"# (?P<code>[A-Z]\d{3}): (?P<title>.+)\n\nseverity: (?P<severity>\w+)\n\n")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code in full. ``sections`` pairs each heading of ``SECTIONS`` with its Markdown."""

    code: str
    title: str
    severity: Severity
    sections: tuple[tuple[str, str], ...]

    def section(self, heading: str) -> str:
        """The Markdown under one heading."""
        return dict(self.sections)[heading]

    @property
    def markdown(self) -> str:
        """All of it as Markdown."""
        head = f"# {self.code}: {self.title}\n\nseverity: {self.severity}\n"
        return "\n".join([head, *(f"## {name}\n\n{text}\n" for name, text in self.sections)])


@cache
def codes() -> tuple[str, ...]:
    """Every diagnostic code there is, sorted."""
    return tuple(sorted(path.stem for path in resources.explanations_folder().glob("*.md")))


def explanation(code: str) -> Explanation:
    """The explanation of a code; a ``KeyError`` if there is no such code."""
    if code not in codes():
        raise KeyError(code)
    path = resources.explanations_folder() / f"{code}.md"
    return parse(path.read_text(encoding="utf-8"))


def nearest(code: str) -> tuple[str, ...]:
    """Codes that may have been meant: similar ones, or those of the same stage."""
    known = codes()
    same_stage = tuple(each for each in known if each[0] == code[:1].upper())
    return alike(code, known, 0.7) or same_stage[:3]


def parse(text: str) -> Explanation:
    """Read an explanation; a ``ValueError`` says what its form lacks."""
    head = _HEAD.match(text)
    if head is None:
        msg = "it begins with `# CODE: title`, an empty line and `severity: ...`"
        raise ValueError(msg)
    pieces = re.split(r"^## (.+)\n", text[head.end() :], flags=re.MULTILINE)
    sections = tuple(zip(pieces[1::2], (each.strip() for each in pieces[2::2]), strict=True))
    if pieces[0].strip() or tuple(name for name, _ in sections) != SECTIONS:
        msg = f"the sections are {', '.join(SECTIONS)}, in this order"
        raise ValueError(msg)
    return Explanation(head["code"], head["title"], Severity(head["severity"]), sections)
