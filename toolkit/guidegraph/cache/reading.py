"""What a sound file of a guideline says, kept by its text: reading it takes far longer.

A file with a fault is read anew each time, so that what is wrong is always told in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from guidegraph.cache.store import Cache
from guidegraph.cache.toolkit import digest, toolkit
from guidegraph.diagnostic import Location
from guidegraph.read.recovery import Recovered, recover
from guidegraph.read.turtle import Parsed, Prefix, name

_FAULTS = (AttributeError, IndexError, TypeError, ValueError)


@dataclass(slots=True)
class Files:
    """The files of a guideline as an earlier build has read them; ``keep`` adds the others.

    ``sound`` holds what each file without faults says, with its key, by its stage; ``anew`` are
    those that had to be read.
    """

    cache: Cache
    sound: dict[str, tuple[str, Parsed]] = field(default_factory=dict)
    is_whole: bool = True
    anew: set[str] = field(default_factory=set)

    def recover(self, text: str, file: str, name: str) -> Recovered:
        """``read.recovery.recover``, from the cache where the file is in there."""
        stage, key = f"file-{name}", digest(toolkit(), name, text)
        if (parsed := self.kept(stage, key, file)) is not None:
            self.sound[stage] = key, parsed
            return Recovered(parsed)
        recovered = recover(text, file, name)
        if _is_sound(recovered):
            self.sound[stage] = key, recovered.parsed
            self.anew.add(stage)
        else:
            self.is_whole = False
        return recovered

    def kept(self, stage: str, key: str, file: str = "") -> Parsed | None:
        """What a file said when it had this key, if that was the last time it was kept."""
        if (told := self.cache.get(stage, key)) is None:
            return None
        try:
            return _parsed(cast("Any", told), file)
        except _FAULTS:
            self.cache.drop(stage)
            return None

    def keep(self) -> None:
        """Keep what was read anew."""
        for stage in sorted(self.anew):
            key, parsed = self.sound[stage]
            self.cache.put(stage, key, _told(parsed))


def _is_sound(found: Recovered) -> bool:
    return not (found.findings or found.broken or found.parsed.repeats or found.parsed.split)


def _told(parsed: Parsed) -> object:
    """A file as JSON: its terms, and everything else by the numbers of its terms."""
    terms: dict[tuple[str, ...], int] = {}

    def number(term: Node) -> int:
        return terms.setdefault(written(term), len(terms))

    statements = [
        [*map(number, triple), *_spot(place), *_spot(parsed.verbs[triple])]
        for triple, place in parsed.places.items()
    ]
    subjects = [
        [number(each), [_spot(place) for place in places]]
        for each, places in parsed.subjects.items()
    ]
    prefixes = [[each.name, each.namespace, *_spot(each.at)] for each in parsed.prefixes]
    return [list(terms), statements, subjects, prefixes]


def _parsed(told: Any, file: str) -> Parsed:
    written, statements, subjects, prefixes = told
    terms = [term(*each) for each in written]
    found = Parsed()
    for subject, predicate, value, line, column, verb_line, verb_column in statements:
        triple = (terms[subject], terms[predicate], terms[value])
        found.places[triple] = Location(file, line, column)
        found.verbs[triple] = Location(file, verb_line, verb_column)
    for subject, places in subjects:
        found.subjects[terms[subject]] = [Location(file, *each) for each in places]
    found.prefixes += [Prefix(name, of, Location(file, *at)) for name, of, *at in prefixes]
    return found


def _spot(at: Location) -> tuple[int, int]:
    return at.line, at.column


def written(term: Node) -> tuple[str, ...]:
    """A term as JSON has it."""
    if isinstance(term, URIRef):
        return "iri", str(term)
    if isinstance(term, Literal):
        return "text", str(term), str(term.datatype or ""), term.language or ""
    return "blank", str(term)


_TERMS: Mapping[str, Callable[..., Node]] = {
    "iri": name,
    "blank": BNode,
    "text": lambda text, datatype, language: Literal(
        text,
        datatype=name(datatype) if datatype else None,
        lang=language or None,
        normalize=False,
    ),
}


def term(kind: str, *held: str) -> Node:
    """The term that was written so; a ``ValueError`` where it is none."""
    try:
        return _TERMS[kind](*held)
    except KeyError:
        raise ValueError(kind) from None
