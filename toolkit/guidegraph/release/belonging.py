"""Does a file belong to a release? Hashes are compared with those of its ``release.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.read import display
from guidegraph.release.archive import Store, opened
from guidegraph.release.faults import fault
from guidegraph.release.making import NAMED
from guidegraph.release.previous import release_at, releases_in
from guidegraph.release.record import DIGEST, RECORD, File, Record, digest_line, read_record, sha256

RELEASES = "releases"
"""The folder in which releases are looked for, beside a file and above it."""
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a file is: a whole release, or these files of one. ``findings`` say what is wrong."""

    file: str
    record: Record | None = None
    is_release: bool = False
    paths: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()

    def in_words(self) -> str:
        """One sentence; empty where there are findings."""
        if self.findings or self.record is None:
            return ""
        record = self.record
        release = f"the release {record.title}, issued on {record.issued}"
        if self.is_release:
            return (
                f"`{self.file}` is {release}: all {len(record.files)} files are as they were "
                f"released. The SHA-256 of its {RECORD} is {record.sha256}; compare it with the "
                "one that was published."
            )
        paths = ", ".join(f"`{each}`" for each in self.paths[:NAMED])
        more = len(self.paths) - NAMED
        return f"`{self.file}` belongs to {release}: it is {paths}" + (
            f" and {more} more." if more > 0 else "."
        )

    def to_json(self) -> dict[str, Any]:
        """The answer as plain values, without the findings."""
        record = self.record
        return {
            "file": self.file,
            "belongs": not self.findings,
            "release": record
            and {
                "name": record.name,
                "version": str(record.version),
                "versionIri": record.version_iri,
                "issued": record.issued,
                "sha256": record.sha256,
            },
            "isRelease": self.is_release,
            "paths": list(self.paths),
        }


def belonging(file: Path, release: Path | None = None) -> Answer:
    """What a file, a folder or a whole release is; ``release`` is the one it should belong to.

    Without it, releases are looked for around the file and in the folder ``releases``.

    Raises:
        ReadError: if a release that is named cannot be read as one.
    """
    if _is_release(file):
        return _whole(file, release)
    places = [release] if release else list(dict.fromkeys(_around(file)))
    named = display(file)
    if not places:
        return Answer(file=named, findings=(_no_release(named),))
    contents = _contents(file)
    answers = [_part(named, contents, place) for place in places]
    return next((each for each in answers if not each.findings), answers[0])


def _is_release(file: Path) -> bool:
    return (file / RECORD).is_file() if file.is_dir() else file.suffix == ".zip"


def _around(file: Path) -> Iterator[Path]:
    """The releases near a file: the one it lies in, those in ``releases`` above it, and here."""
    place = file.resolve()
    for folder in place.parents:
        if (folder / RECORD).is_file():
            yield folder
    for folder in (*place.parents, Path().resolve()):
        for each in releases_in(folder / RELEASES):
            if not (each.path.suffix == ".zip" and each.path.with_suffix("").is_dir()):
                yield each.path.resolve()


# --- a whole release ------------------------------------------------------------------------------


def _whole(place: Path, other: Path | None) -> Answer:
    """Every file of a release, against its own ``release.json`` and, if given, another one's."""
    with opened(place) as store:
        stated = store.record()
        record = read_record(stated, store.place)
        found = [*_tampered(store, stated), *_differing(store, record)]
        if other is not None:
            wanted = release_at(other).record
            found += [] if wanted.sha256 == record.sha256 else [_another(store, record, wanted)]
        return Answer(file=store.place, record=record, is_release=True, findings=tuple(found))


def _another(store: Store, record: Record, wanted: Record) -> Diagnostic:
    return fault(
        "B113",
        f"`{store.place}` is not {wanted.title}, with which it was to be compared.",
        f"It says that it is {record.title}, and its {RECORD} is another.",
        "Compare it with the release that it says it is.",
    )


def _tampered(store: Store, stated: bytes) -> Iterator[Diagnostic]:
    if DIGEST in store.sizes and store.sizes[DIGEST] > len(digest_line(stated)):
        kept = b""
    else:
        kept = store.read(DIGEST) if DIGEST in store.sizes else b""
    if kept != digest_line(stated):
        yield fault(
            "B115",
            f"The {RECORD} of `{store.place}` is not the one that was released: its hash is "
            f"another than {DIGEST} says.",
            f"What {RECORD} says of the other files cannot be relied on.",
            "Fetch the release again from where it was published.",
        )


def _differing(store: Store, record: Record) -> Iterator[Diagnostic]:
    wanted = record.by_path
    there = set(store.sizes) - {RECORD, DIGEST}
    changed = [
        path
        for path in sorted(there & set(wanted))
        if store.sizes[path] != wanted[path].size or sha256(store.read(path)) != wanted[path].sha256
    ]
    told = [
        _names("missing", sorted(set(wanted) - there)),
        _names("changed", changed),
        _names("added", sorted(there - set(wanted))),
    ]
    if any(told):
        yield fault(
            "B114",
            f"`{store.place}` is not complete as {record.title} was released: "
            + "; ".join(filter(None, told))
            + ".",
            "A released version is never changed; whoever uses this one has something else.",
            "Fetch the release again from where it was published.",
        )


def _names(what: str, paths: list[str]) -> str:
    """``changed: `a.ttl`, `b.ttl` and 3 more``."""
    more = len(paths) - NAMED
    told = ", ".join(f"`{each}`" for each in paths[:NAMED]) + (
        f" and {more} more" if more > 0 else ""
    )
    return f"{what}: {told}" if paths else ""


# --- a part of one --------------------------------------------------------------------------------


def _contents(file: Path) -> dict[str, str]:
    """The hash of a file, or of every file below a folder, by path.

    What is hidden in a folder (``.git``) is never part of a release, so it is not looked at.
    """
    if not file.is_dir():
        return {file.name: _hash(file)}
    inside = {each.relative_to(file): each for each in sorted(file.rglob("*"))}
    return {
        path.as_posix(): _hash(each)
        for path, each in inside.items()
        if each.is_file() and not any(part.startswith(".") for part in path.parts)
    }


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _part(named: str, contents: dict[str, str], place: Path) -> Answer:
    """Files against one release: each must have the hash of one of its files."""
    with opened(place) as store:
        stated = store.record()
        record = read_record(stated, store.place)
        faults = list(_tampered(store, stated))
    longest_first = sorted(record.files, key=lambda each: (-len(each.path), each.path))
    known: dict[str, File] = {each.sha256: each for each in longest_first}
    known[record.sha256] = File(RECORD, len(stated), record.sha256)
    line = digest_line(stated)
    known[sha256(line)] = File(DIGEST, len(line), sha256(line))
    alien = [path for path, found in contents.items() if found not in known]
    if alien or not contents:
        faults.append(_alien(named, alien, record, store.place))
    paths = tuple(known[found].path for found in contents.values() if found in known)
    return Answer(file=named, record=record, paths=paths, findings=tuple(faults))


def _alien(named: str, alien: list[str], record: Record, place: str) -> Diagnostic:
    """That files are none of a release, and which of it they are called like."""
    alike = [
        each.path
        for path in alien
        for each in record.files
        if each.path == path or each.path.endswith(f"/{path}")
    ]
    why = (
        f"The release has {', '.join(f'`{each}`' for each in alike[:NAMED])} under this name, with "
        "other content."
        if alike
        else "The release has no file with this content and none with this name."
    )
    which = "" if alien == [named.rsplit("/", 1)[-1]] else f" ({_names('not in it', alien)})"
    return fault(
        "B113",
        f"`{named}` does not belong to {record.title}{which}.",
        f"{why} Looked at: `{place}`.",
        "Use the file of the release, or name the release it comes from with --release.",
    )


def _no_release(named: str) -> Diagnostic:
    return fault(
        "B112",
        f"There is no release with which `{named}` could be compared.",
        f"Releases are looked for in the folders above it and in the folder `{RELEASES}` beside "
        "them and here.",
        "Name one with --release FOLDER or --release FILE.zip.",
    )
