"""What the header of a guideline must say before it is released: its version and its dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guidegraph.diagnostic import Diagnostic
from guidegraph.model import Header
from guidegraph.release.faults import fault
from guidegraph.release.previous import Earlier
from guidegraph.release.record import Record
from guidegraph.release.versions import Version, version

VERSION = "owl:versionInfo"
DATES = {
    "dcterms:issued": "the day on which this version is issued",
    "dcterms:modified": "the day on which its content last changed",
    "gg:reviewBy": "the day by which it must be reviewed",
}
FORMS = (
    "Write a semantic version such as 1.2.0 (or 1.2.0-rc.1), or a calendar version such as "
    "2026.11 or 2026.11.21"
)


def header_faults(header: Header, wanted: str, before: Earlier | None) -> Iterator[Diagnostic]:
    """What is wrong with the version and the dates; ``before`` is the highest release there is."""
    released = version(wanted)
    if released is None:
        yield fault(
            "B101",
            f"“{wanted}” is not a version.",
            "Versions are compared with each other, and people read from them how much changed.",
            f"{FORMS}.",
        )
    elif version(header.version) is None:
        yield fault(
            "B101",
            f"The guideline says that it is version “{header.version}”, which is not a version.",
            "Versions are compared with each other, and people read from them how much changed.",
            f'{FORMS}: owl:versionInfo "{wanted}".',
            header.place_of(VERSION),
            header.id,
        )
    elif header.version != wanted:
        yield fault(
            "B102",
            f"Version {wanted} is to be released, but the guideline says that it is version "
            f"{header.version}.",
            "Every page and every target shows the version that the guideline names.",
            f'Write owl:versionInfo "{wanted}", or release {header.version}.',
            header.place_of(VERSION),
            header.id,
        )
    elif before is not None:
        yield from _order(header, released, before.record)
    yield from _dates(header)


def _order(header: Header, wanted: Version, before: Record) -> Iterator[Diagnostic]:
    """A release follows the one before it, in its version and in its date."""
    if not wanted.follows(before.version):
        yield fault(
            "B105",
            f"Version {wanted} is not higher than {before.version}, which was released on "
            f"{before.issued}.",
            "Whoever has several releases takes the highest version for the newest.",
            f"Choose a version higher than {before.version}, and write it as owl:versionInfo.",
            header.place_of(VERSION),
            header.id,
        )
    elif header.issued is not None and header.issued < before.issued:
        yield fault(
            "B104",
            f"This version is said to be issued on {header.issued}, before version "
            f"{before.version}, which was issued on {before.issued}.",
            "A release that follows another is not issued before it.",
            f"Write as dcterms:issued {DATES['dcterms:issued']}.",
            header.place_of("dcterms:issued"),
            header.id,
        )


def _dates(header: Header) -> Iterator[Diagnostic]:
    told = {
        "dcterms:issued": header.issued,
        "dcterms:modified": header.modified,
        "gg:reviewBy": header.review_by,
    }
    for term, meaning in DATES.items():
        if told[term] is None:
            yield fault(
                "B103",
                f"The guideline does not say {term}, {meaning}.",
                "A released version can be judged only by whoever knows from when it is and for "
                "how long it may be used.",
                f'Add {term} "YYYY-MM-DD"^^xsd:date to the guideline.',
                header.at,
                header.id,
            )
    issued, modified, review = (_date(each) for each in told.values())
    if issued and modified and modified > issued:
        yield fault(
            "B104",
            f"The guideline was last changed on {modified}, after it was issued on {issued}.",
            "A released version is not changed any more; what was changed later is another one.",
            f"Write as dcterms:issued {DATES['dcterms:issued']}.",
            header.place_of("dcterms:modified"),
            header.id,
        )
    if issued and review and review <= issued:
        yield fault(
            "B104",
            f"The guideline is to be reviewed by {review}, but it is issued on {issued}.",
            "It would have to be reviewed before anybody can use it.",
            "Write as gg:reviewBy a day after dcterms:issued; which one is for the authors to say.",
            header.place_of("gg:reviewBy"),
            header.id,
        )


def _date(text: str | None) -> date | None:
    """A date of the header; a malformed one is told by ``check``."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
