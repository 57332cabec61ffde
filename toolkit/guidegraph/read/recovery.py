"""Reading on after a fault: each broken statement is reported and set aside, the rest is read.

A sound file is read in one go. Otherwise its statements are looked at one by one; a broken one is
blanked out (its line ends stay, so that all places stay right) and the reader takes the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.read import turtle
from guidegraph.read.faults import Fault, first_fault, iris, swallowed_text
from guidegraph.read.refusals import refusal
from guidegraph.terms import NAMESPACES
from guidegraph.turtle.acceptance import is_turtle
from guidegraph.turtle.tokens import Statement, beginnings, next_statement

MOST = 50
"""How many faults of one file are listed."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What could be read of a file, what was wrong, and the IRIs in what could not be read."""

    parsed: turtle.Parsed
    findings: tuple[Diagnostic, ...] = ()
    broken: frozenset[str] = frozenset()


def recover(text: str, file: str, name: str) -> Recovered:
    """Read a file whose line ends are all ``\\n``, as far as that is possible."""
    if is_turtle(text):
        parsed = turtle.parse(text, file, name)
        if isinstance(parsed, turtle.Parsed):
            return Recovered(parsed)
    return _Recovery(text, file, name).run()


class _Recovery:
    """One file with faults, being read statement by statement.

    ``prologue`` are the directives so far; ``prefixes`` is what they declare; ``assumed`` are
    prefixes that are not declared but whose meaning is clear, so that one slip is one finding.
    """

    def __init__(self, text: str, file: str, name: str) -> None:
        self.text = text
        self.rest = text
        self.file = file
        self.name = name
        self.places = turtle.Places(text, file)
        self.prologue: list[str] = []
        self.prefixes: dict[str, str] = {}
        self.assumed: dict[str, str] = {}
        self.undeclared: set[str] = set()
        self.findings: list[Diagnostic] = []
        self.broken: set[str] = set()

    def run(self) -> Recovered:
        """Read what can be read."""
        position = 0
        while statement := next_statement(self.text, position):
            if len(self.findings) >= MOST:
                self._stop(statement.start)
                break
            position = self._after(statement)
        parsed = self._parse()
        return Recovered(parsed, tuple(self.findings), frozenset(self.broken))

    def _after(self, statement: Statement) -> int:
        """Keep a statement or set it aside; where to go on."""
        fault = first_fault(statement, self.prefixes)
        if fault is None:
            fault = refusal(statement, self.text, self.prologue)
        if fault is None:
            self._remember(statement)
            return statement.end
        if fault.code == "R011":
            if self._assume(statement, fault):
                return statement.start
        else:
            swallowed = swallowed_text(statement, self.text)
            if swallowed and swallowed.offset <= fault.offset:
                fault = swallowed
            self._report(fault)
        return self._set_aside(statement)

    def _remember(self, statement: Statement) -> None:
        if not statement.is_directive:
            return
        self.prologue.append(" ".join(each.text for each in statement.tokens))
        if statement.tokens[0].text.lower().endswith("prefix"):
            self.prefixes[statement.tokens[1].text[:-1]] = statement.tokens[2].text[1:-1]

    def _assume(self, statement: Statement, fault: Fault) -> bool:
        """Report a prefix that is not declared; whether its meaning is clear all the same."""
        if statement.is_directive:
            self._report(fault)
            named = [each.text.strip(":") for each in statement.tokens[1:2]]
            written = [each.text[1:-1] for each in statement.tokens if each.kind == "iri"]
            for name in named:
                self.undeclared.add(name)
                if namespace := next(iter(written), NAMESPACES.get(name)):
                    self._declare(name, namespace)
            return False
        name = self.text[fault.offset :].partition(":")[0]
        if name in self.undeclared:
            return False
        self._report(fault)
        self.undeclared.add(name)
        meant = re.match(r"Did you mean `([\w-]*):", fault.help)
        namespace = self.prefixes.get(meant[1]) if meant else NAMESPACES.get(name)
        if namespace:
            self._declare(name, namespace)
        return namespace is not None

    def _declare(self, name: str, namespace: str) -> None:
        self.prologue.append(f"@prefix {name}: <{namespace}> .")
        self.prefixes[name] = self.assumed[name] = namespace

    def _report(self, fault: Fault) -> None:
        opened = self.places.at(fault.opened) if fault.opened is not None else None
        self.findings.append(
            Diagnostic(
                code=fault.code,
                severity=Severity.ERROR,
                message=fault.message,
                at=self.places.at(fault.offset),
                why=fault.why,
                help=fault.help,
                related=((opened, "it begins here"),) if opened else (),
            )
        )

    def _set_aside(self, statement: Statement) -> int:
        """Blank out a statement up to where something new surely begins; that place."""
        limit = statement.end if statement.is_closed else len(self.text)
        end = next(beginnings(self.text, statement.start + 1, limit), limit)
        self.broken |= iris(statement, self.prefixes)
        self._blank(statement.start, end)
        return end

    def _blank(self, start: int, end: int) -> None:
        blank = re.sub(r"[^\n]", " ", self.rest[start:end])
        self.rest = self.rest[:start] + blank + self.rest[end:]

    def _stop(self, start: int) -> None:
        """Leave the rest of the file unread."""
        self.findings.append(
            Diagnostic(
                code="R024",
                severity=Severity.NOTE,
                message=f"From here on the file is not read: {MOST} faults have been listed.",
                at=self.places.at(start),
                help="Correct those first.",
            )
        )
        position = start
        while statement := next_statement(self.text, position):
            self.broken |= iris(statement, self.prefixes)
            position = statement.end
        self._blank(start, len(self.text))

    def _parse(self) -> turtle.Parsed:
        """The triples of what is left; those that were not read are set aside too."""
        for _ in range(MOST):
            parsed = turtle.parse(self.rest, self.file, self.name, self.assumed)
            if isinstance(parsed, turtle.Parsed):
                return parsed
            self._stumble(parsed)
        return turtle.Parsed()

    def _stumble(self, misread: turtle.Misread) -> None:
        position, found = 0, None
        while statement := next_statement(self.rest, position):
            found, position = statement, statement.end
            if position > misread.offset:
                break
        if found is None:
            self.rest = ""
            return
        self._report(_unread(misread))
        self._set_aside(found)


def _unread(misread: turtle.Misread) -> Fault:
    if misread.reason == "nested too deeply":
        return Fault(
            "R023",
            misread.offset,
            f"Brackets are nested more than {turtle.DEPTH} deep here.",
            "Give the inner parts names of their own and refer to them.",
            "Nobody can review what is nested so deeply.",
        )
    return Fault(
        "R010",
        misread.offset,
        "This cannot be read as Turtle.",
        "Write the statement in a simpler form.",
        f"The reader says: {misread.reason}.",
    )
