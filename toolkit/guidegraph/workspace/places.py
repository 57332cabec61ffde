"""Which file of a folder holds what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from guidegraph.terms import local_name
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import RDF_TYPE, Iri, Value, is_nameless, key

_Found = TypeVar("_Found", bound=Hashable)

Documents = Mapping[str, Document]
"""The files of a folder by their relative path, in the order in which they are read."""


def file_of(documents: Documents, iri: str) -> str | None:
    """Where the first block of a thing stands that says of which class it is, else its first."""
    holding = [file for file, each in documents.items() if iri in each.positions]
    typed = (file for file in holding if any(each.is_typed for each in documents[file].blocks(iri)))
    return next(typed, holding[0] if holding else None)


def described(documents: Documents, iri: str) -> dict[str, tuple[Value, ...]]:
    """All that the files state of a thing; no value twice."""
    found: dict[str, dict[object, Value]] = {}
    for document in documents.values():
        for predicate, values in document.describe(iri).items():
            known = found.setdefault(predicate, {})
            for each in values:
                known.setdefault(len(known) if is_nameless(each) else key(each), each)
    return {predicate: tuple(values.values()) for predicate, values in found.items()}


def classes(document: Document) -> dict[str, tuple[int, str]]:
    """How many things of each class a file describes, and the last of them."""
    found: dict[str, tuple[int, str]] = {}
    for iri in document.subjects:
        for name in {
            each.value.iri
            for block in document.blocks(iri)
            for entry in block.entries
            if entry.predicate == RDF_TYPE
            for each in entry.objects
            if isinstance(each.value, Iri)
        }:
            found[name] = (found.get(name, (0, ""))[0] + 1, iri)
    return found


def new_file(documents: Documents, class_iri: str) -> str:
    """The file for things of a class that no file holds yet, named after the class."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local_name(class_iri)).lower()
    name = re.sub(r"[^a-z0-9-]+", "-", words).strip("-") or "things"
    wanted = f"{name}.ttl"
    return next((each for each in documents if each.lower() == wanted), wanted)


def header(documents: Documents) -> str:
    """The declarations of prefixes that most files begin with."""
    newline = _most(each.newline for each in documents.values()) or "\n"
    declared = _most(tuple(each.prefixes.items()) for each in documents.values()) or ()
    return "".join(f"@prefix {prefix}: <{iri}> .{newline}" for prefix, iri in declared)


def in_order(documents: Documents) -> dict[str, Document]:
    """In the order in which a folder is read."""
    return dict(sorted(documents.items(), key=lambda each: PurePosixPath(each[0]).parts))


def shared_out(
    stated: Mapping[str, tuple[Value, ...]], wanted: tuple[Value, ...]
) -> dict[str, tuple[Value, ...]]:
    """The values of a property that several files state: each stays where it stands.

    What is new goes where something is taken away, else to the last file.
    """
    left = Counter(map(key, wanted))
    found: Counter[object] = Counter()
    shares: dict[str, list[Value]] = {}
    for file, values in stated.items():
        kept = shares.setdefault(file, [])
        for each in values:
            name = key(each)
            if left[name]:
                kept.append(each)
                found[name] += 1
                left[name] -= is_nameless(each)
    more = []
    for each in wanted:
        name = key(each)
        if not found[name]:
            more.append(each)
        found[name] -= is_nameless(each) and found[name] > 0
    losing = (file for file, kept in shares.items() if len(kept) < len(stated[file]))
    shares[next(losing, list(shares)[-1])] += more
    return {file: tuple(values) for file, values in shares.items()}


def _most(found: Iterable[_Found]) -> _Found | None:
    counts = Counter(found)
    return max(counts, key=lambda each: counts[each]) if counts else None
