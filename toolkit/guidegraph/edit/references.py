"""Where other files than Turtle speak of a thing that gets another name.

``cases.yaml`` and the questions of a guideline (``.rq``) are rewritten where the name stands by
itself; whatever else still holds it afterwards is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from guidegraph.terms import local_name
from guidegraph.turtle.changes import Change, Rename
from guidegraph.workspace.workspace import Workspace
from guidegraph.workspace.writing import digest

CASES, QUESTIONS = "cases.yaml", ".rq"
_READ = (".yaml", ".yml", ".rq", ".json", ".md", ".csv")
_LARGEST = 5 * 1024 * 1024
_OWN_WORDS = ("id", "name")
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^<>\s]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Also:
    """A file that is rewritten: by what it is recognised as it was, and its new text."""

    file: str
    before: str
    text: str


@dataclass(frozen=True, slots=True)
class References:
    """The files that are rewritten, and those that speak of an old name and are left alone."""

    also: tuple[Also, ...] = ()
    left: tuple[str, ...] = ()


def references(workspace: Workspace, changes: Iterable[Change]) -> References:
    """What renaming means for the other files of a folder."""
    renames = [each for each in changes if isinstance(each, Rename)]
    if not renames:
        return References()
    also, left = [], []
    for path in _files(workspace.folder):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        file = path.relative_to(workspace.folder).as_posix()
        new = text
        for each in renames:
            new = _rewrite(file, workspace)(new, each)
        if new != text:
            also.append(Also(file, digest(data), new))
        if any(_speaks_of(new, each) for each in renames):
            left.append(file)
    return References(tuple(also), tuple(left))


def _files(folder: Path) -> Iterator[Path]:
    """The files that may speak of things; what is hidden or generated is passed over."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if any(each.startswith(".") for each in inside) or inside[0] == "build":
            continue
        if path.suffix in _READ and path.is_file() and path.stat().st_size <= _LARGEST:
            yield path


def _rewrite(file: str, workspace: Workspace) -> Callable[[str, Rename], str]:
    if file == CASES:
        return _in_cases
    if file.endswith(QUESTIONS):
        return lambda text, change: _in_question(text, change, workspace)
    return lambda text, change: text


def _in_cases(text: str, change: Rename) -> str:
    """The names that are whole keys or values; what a case itself is called stays."""
    old, new = local_name(change.old), local_name(change.new)
    places = []
    try:
        key = ""
        was: yaml.Token | None = None
        for token in yaml.scan(text):
            if isinstance(token, yaml.ScalarToken):
                is_key = isinstance(was, yaml.KeyToken)
                own = isinstance(was, yaml.ValueToken) and key in _OWN_WORDS
                if token.value == old and not own:
                    places.append((token.start_mark.index, token.end_mark.index))
                key = token.value if is_key else key
            was = token
    except yaml.YAMLError:
        return text
    for start, end in reversed(places):
        text = text[:start] + text[start:end].replace(old, new) + text[end:]
    return text


def _in_question(text: str, change: Rename, workspace: Workspace) -> str:
    """Full names, and those with a prefix that the files or the question itself declare."""
    text = text.replace(f"<{change.old}>", f"<{change.new}>")
    prefixes = {p: iri for e in workspace.documents.values() for p, iri in e.prefixes.items()}
    prefixes |= dict(_PREFIX.findall(text))
    for prefix, iri in prefixes.items():
        if change.old.startswith(iri) and iri:
            local = change.old.removeprefix(iri)
            short = change.new.startswith(iri) and re.fullmatch(
                r"[\w-]+", change.new.removeprefix(iri)
            )
            new = f"{prefix}:{change.new.removeprefix(iri)}" if short else f"<{change.new}>"
            token = rf"(?<![\w:.-]){re.escape(prefix)}:{re.escape(local)}(?![\w:-]|\.\w)"
            text = re.sub(token, lambda _, new=new: new, text)  # type: ignore[misc]
    return text


def _speaks_of(text: str, change: Rename) -> bool:
    local = re.escape(local_name(change.old))
    return change.old in text or re.search(rf"(?<![\w-]){local}(?![\w-])", text) is not None
