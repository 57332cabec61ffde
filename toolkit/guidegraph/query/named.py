"""Queries that have a name: ``*.rq`` files whose first comments say what they answer.

::

    # topic: Advice
    # title: Site parameters
    # description: What a hospital may choose, within which range,
    #   and what holds where nothing is chosen.
    # param observable iri = * : only the parameters of this observable
    # example: guidegraph query site-parameters --param observable=d-dimer

A parameter is a variable of the query whose value is given when it is run; ``= *`` as its default
leaves the variable free. In a query with GROUP BY, a parameter among the columns or in HAVING must
be grouped by, as any variable. Queries on one topic are listed together; a topic is optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guidegraph import resources
from guidegraph.diagnostic import Diagnostic, Location, Severity, in_order
from guidegraph.errors import QueryError
from guidegraph.query.tokens import MalformedError, tokens
from guidegraph.suggestion import alike

TYPES = ("iri", "code", "string", "integer", "decimal", "date", "boolean", "lang")
KEYS = ("topic", "title", "description", "param", "example")
ANY = "*"
OTHER = "Other questions"
"""What queries without a topic are listed under."""
_ENTRY = re.compile(r"#\s*(topic|title|description|example)\s*:\s*(.*)")
_PARAM = re.compile(r"#\s*param\b(.*)")
_PARAM_FORM = re.compile(r"\s+(\S+)\s+(\S+?)(?:\s*=\s*(.*?))?\s*:(?:\s+(.*))?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value a query asks for. ``default`` is None where it must be given, ``*`` for any."""

    name: str
    type: str
    default: str | None = None
    description: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A query, what it answers and what it asks for.

    ``topic`` is what it is listed under, ``file`` the name shown to people. ``own`` queries are not
    the toolkit's; one of a guideline ``replaces`` a query of the toolkit that has the same name.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    file: str
    topic: str = ""
    example: str | None = None
    own: bool = False
    replaces: bool = False

    def to_json(self) -> dict[str, object]:
        """What is told of it in lists."""
        return {
            "name": self.name,
            "topic": self.topic,
            "title": self.title,
            "description": self.description,
            "own": self.own,
            "parameters": [
                {
                    "name": each.name,
                    "type": each.type,
                    "default": each.default,
                    "description": each.description,
                }
                for each in self.parameters
            ],
        }

    def at(self, line: int = 1) -> Location | None:
        """A line of its file, if it is a file that whoever asks can look into."""
        return Location(self.file, line) if self.own else None


def named(folder: Path | None = None) -> tuple[NamedQuery, ...]:
    """The queries of the toolkit and of a guideline, sorted by name.

    Raises:
        QueryError: if a query of the guideline has a faulty header.
    """
    found, findings = survey(folder)
    if findings:
        raise QueryError(findings)
    return found


def by_topic(queries: Iterable[NamedQuery]) -> tuple[tuple[str, tuple[NamedQuery, ...]], ...]:
    """The topics with their queries, in order; queries without one come last."""
    found: dict[str, list[NamedQuery]] = {}
    for each in queries:
        found.setdefault(each.topic or OTHER, []).append(each)
    ordered = sorted(found, key=lambda topic: (topic == OTHER, topic))
    return tuple((topic, tuple(found[topic])) for topic in ordered)


def survey(folder: Path | None = None) -> tuple[tuple[NamedQuery, ...], tuple[Diagnostic, ...]]:
    """The queries that can be run, and what is wrong with the headers of the others."""
    queries: dict[str, NamedQuery] = {}
    findings: list[Diagnostic] = []
    for path, own in _files(folder):
        replaces = path.stem in queries
        try:
            queries[path.stem] = read_query(
                path, _shown(path), titled=True, own=own, replaces=replaces
            )
        except QueryError as fault:
            findings += fault.findings
    return tuple(queries[name] for name in sorted(queries)), in_order(findings)


def _files(folder: Path | None) -> Iterator[tuple[Path, bool]]:
    for path in sorted(resources.queries_folder().glob("*.rq")):
        yield path, False
    if folder is not None:
        for path in sorted((folder / "queries").glob("*.rq")):
            yield path, True


def _shown(path: Path) -> str:
    """A path relative to the current folder where it lies below it."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def read_query(
    path: Path, shown: str, *, titled: bool = False, own: bool = True, replaces: bool = False
) -> NamedQuery:
    """The query in a file. ``titled`` demands a title, without which it cannot be listed.

    Raises:
        QueryError: if the file cannot be read, or its header is faulty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as stop:
        raise QueryError([_unreadable(shown, stop)]) from None
    return parse_query(text, path.stem, shown, titled=titled, own=own, replaces=replaces)


def typed(text: str) -> NamedQuery:
    """A query that somebody sent, of which nothing has been read yet."""
    name = "this query"
    return NamedQuery(
        name=name,
        title=name,
        description="",
        parameters=(),
        text=text,
        file="your query",
        own=True,
    )


def parse_query(
    text: str,
    name: str,
    shown: str,
    *,
    titled: bool = False,
    own: bool = True,
    replaces: bool = False,
) -> NamedQuery:
    """A query and its header.

    Raises:
        QueryError: if its header is faulty.
    """
    header = _Header(shown)
    header.read(text)
    header.check_use(text)
    if titled and "title" not in header.words:
        header.report(1, "This query has no title.", "Begin with a line `# title: …`.")
    if header.findings:
        raise QueryError(header.findings)
    return NamedQuery(
        name=name,
        title=header.words.get("title", name),
        description=header.words.get("description", ""),
        parameters=tuple(header.parameters),
        text=text,
        file=shown,
        topic=header.words.get("topic", ""),
        example=header.words.get("example"),
        own=own,
        replaces=replaces,
    )


@dataclass(slots=True)
class _Header:
    """The comments at the head of a query, while they are read."""

    file: str
    words: dict[str, str] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    def read(self, text: str) -> None:
        """Take in every entry; an entry goes on over the comment lines that follow it."""
        entry = ""
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if line and not line.startswith("#"):
                return
            if match := _ENTRY.fullmatch(line):
                entry = self._begin(number, match[1], match[2])
            elif match := _PARAM.fullmatch(line):
                entry = ""
                self._parameter(number, match[1])
            elif len(line) > 1 and not self._misspelt(number, line) and entry:
                self.words[entry] = f"{self.words[entry]} {line[1:].strip()}".strip()
            elif len(line) <= 1:
                entry = ""

    def _begin(self, number: int, key: str, value: str) -> str:
        if key in self.words:
            self.report(number, f"There are two lines `# {key}:`.", "Keep one of them.")
        self.words[key] = value
        return key

    def _misspelt(self, number: int, line: str) -> bool:
        """Report a line that looks like an entry with a slip in its first word."""
        match = re.match(r"#\s*(\w+)(\s*:|\s+\w+\s+\w+.*:)", line)
        near = alike(match[1], KEYS, 0.8) if match else ()
        if match and near:
            self.report(
                number,
                f"`{match[1]}` is not known in the header of a query.",
                f"Did you mean `{near[0]}`?",
            )
        return bool(near)

    def _parameter(self, number: int, rest: str) -> None:
        match = _PARAM_FORM.fullmatch(rest)
        if match is None:
            self.report(
                number,
                "This parameter is not written as a parameter.",
                "Write `# param NAME TYPE : description`, "
                "or `# param NAME TYPE = DEFAULT : description`.",
            )
            return
        name, kind, default, description = match.groups()
        if not _VARIABLE.fullmatch(name):
            self.report(
                number,
                f"`{name}` cannot be the name of a parameter.",
                "Use letters, digits and `_`; write the name without `?`.",
            )
        elif kind not in TYPES:
            near = alike(kind, TYPES)
            self.report(
                number,
                f"`{kind}` is not a type of parameter.",
                (f"Did you mean `{near[0]}`? " if near else "")
                + f"The types are {', '.join(TYPES)}.",
            )
        elif any(each.name == name for each in self.parameters):
            self.report(number, f"The parameter `{name}` is described twice.", "Keep one of them.")
        else:
            self.parameters.append(
                Parameter(
                    name=name,
                    type=kind,
                    default=default,
                    description=description or "",
                    line=number,
                )
            )

    def check_use(self, text: str) -> None:
        """Every parameter stands in the query as a variable."""
        try:
            used = {each.text[1:] for each in tokens(text) if each.kind == "variable"}
        except MalformedError:
            return
        for each in self.parameters:
            if each.name not in used:
                near = alike(each.name, used)
                self.report(
                    each.line,
                    f"The query has no variable `?{each.name}`, so the parameter does nothing.",
                    f"Did you mean `{near[0]}`?" if near else "Use the variable, or remove it.",
                )

    def report(self, line: int, message: str, advice: str) -> None:
        """Note a fault at a line of the header."""
        self.findings.append(
            Diagnostic(
                code="Q006",
                severity=Severity.ERROR,
                message=message,
                at=Location(self.file, line),
                why="The header says how a query is listed and which values it takes.",
                help=advice,
            )
        )


def _unreadable(shown: str, stop: OSError | UnicodeDecodeError) -> Diagnostic:
    reason = "it is not UTF-8 text" if isinstance(stop, UnicodeDecodeError) else stop.strerror
    return Diagnostic(
        code="Q007",
        severity=Severity.ERROR,
        message=f"The query file cannot be read: {reason}.",
        at=Location(shown, 1),
        why="Queries are text files in UTF-8.",
        help="Check the name of the file, or save it again as UTF-8.",
    )
