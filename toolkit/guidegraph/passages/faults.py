"""What is told of passages that are not where they were, and of figures that are not in them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Entity
from guidegraph.figures import Figure
from guidegraph.model import SourceDocument, SourcePassage
from guidegraph.passages.standing import Standing
from guidegraph.wording import plural, readable, unit_label

MOVED = "P102"
"""The code of what --repair mends."""

_COMPARE = "Compare it with the source and correct what was typed, or derive it from the passage "
_REPAIR = "Run `guidegraph sources verify` with --repair to write the new offsets."


def nowhere(standing: Standing, at: Location) -> Diagnostic:
    """The hash of a passage fits nothing in the text."""
    return Diagnostic(
        code="P101",
        severity=Severity.ERROR,
        message=f"The words of `{standing.passage.id}` are not in the text: no stretch of whole "
        "words has their hash.",
        at=at,
        why="Either the text has changed here, or offset and hash were never right. What rests on "
        "this passage cannot be checked.",
        help="Find the words in the text and run `guidegraph sources locate` with them; it prints "
        "offset and hash.",
        subject=standing.passage.id,
    )


def moved(standing: Standing, at: Location) -> Diagnostic:
    """A passage stands elsewhere than recorded."""
    part, (start, end) = standing.selector, standing.places[0]
    return Diagnostic(
        code=MOVED,
        severity=Severity.WARNING,
        message=f"`{standing.passage.id}` stands at {start} to {end} of the text, not at "
        f"{part.start} to {part.end}.",
        at=at,
        why="The text was extracted again or edited before this passage; the words are the same.",
        help=_REPAIR,
        subject=standing.passage.id,
    )


def several(standing: Standing, at: Location) -> Diagnostic:
    """A passage is not where it was recorded, and stands in more than one other place."""
    places = ", ".join(f"{start} to {end}" for start, end in standing.places)
    return Diagnostic(
        code="P103",
        severity=Severity.ERROR,
        message=f"The words of `{standing.passage.id}` are not where they were recorded, and stand "
        f"in {len(standing.places)} other places: {places}.",
        at=at,
        why="Which of them is meant cannot be told from the words, so nothing is chosen.",
        help="Look at these places in the text and enter the offsets of the one that is meant.",
        subject=standing.passage.id,
    )


def text_missing(document: SourceDocument, passages: int, unreadable: bool) -> Diagnostic:
    """There is no text of a document, so its passages were not verified."""
    reason = "is not UTF-8" if unreadable else "is not in the folder"
    return Diagnostic(
        code="P104",
        severity=Severity.WARNING,
        message=f"The text of `{document.id}` {reason}: {plural(passages, 'passage')} not "
        "verified.",
        at=document.at,
        why="Nothing is known about what rests on them, neither that it is right nor that it is "
        "wrong.",
        help=f"Put the text into the folder as {document.id}.txt (UTF-8). Without it there is "
        "nothing to compare.",
        subject=document.id,
    )


def other_text(document: SourceDocument, file: Path, sha256: str) -> Diagnostic:
    """The text at hand is not the one that was encoded."""
    return Diagnostic(
        code="P105",
        severity=Severity.WARNING,
        message=f"{file.name} is not the text from which `{document.id}` was encoded: its hash "
        "differs from the recorded one.",
        at=document.place_of("schema:sha256"),
        why="It may be another version of the document, or the same one extracted otherwise. Each "
        "passage is looked for in it all the same.",
        help=f"If this text shall count from now on, record its hash: {sha256}.",
        subject=document.id,
    )


def not_printed(thing: Entity, text: str, passage: SourcePassage) -> Diagnostic:
    """What is given as printed is not in the passage."""
    return _figure(
        "P106",
        thing,
        "gg:reportedText",
        f'`{thing.id}` gives "{text}" as printed, which is not in its passage.',
        passage,
    )


def cut(thing: Entity, text: str, passage: SourcePassage) -> Diagnostic:
    """What is given as printed is only a part of a longer number or word."""
    return _figure(
        "P106",
        thing,
        "gg:reportedText",
        f'`{thing.id}` gives "{text}" as printed, but in its passage this is only a part of a '
        "longer number or word.",
        passage,
    )


def sign_left_out(thing: Entity, text: str, sign: str, passage: SourcePassage) -> Diagnostic:
    """What is given as printed begins after its comparator."""
    return _figure(
        "P106",
        thing,
        "gg:reportedText",
        f'`{thing.id}` gives "{text}" as printed, but in its passage "{sign}" stands before it.',
        passage,
    )


def number_not_printed(
    thing: Entity, term: str, value: Fraction, passage: SourcePassage
) -> Diagnostic:
    """An encoded number is not in the passage."""
    return _figure(
        "P107",
        thing,
        term,
        f"`{thing.id}` has {readable(value)} as {term}, a number that is not in its passage.",
        passage,
    )


def comparator_differs(
    thing: Entity, term: str, encoded: str | None, printed: Figure, passage: SourcePassage
) -> Diagnostic:
    """An encoded comparator is not the printed one."""
    meant = f'"{encoded}"' if encoded else "no comparator"
    return _figure(
        "P108",
        thing,
        "gg:pValueComparator" if term == "gg:pValue" else "gg:comparator",
        f'`{thing.id}` encodes {meant} where "{printed.text}" is printed.',
        passage,
    )


def unit_differs(
    thing: Entity, term: str, encoded: str, printed: Figure, passage: SourcePassage
) -> Diagnostic:
    """An encoded unit is not the printed one."""
    return _figure(
        "P109",
        thing,
        "gg:unit" if term != "gg:executableQuantity" else term,
        f'`{thing.id}` encodes {unit_label(encoded)} where "{printed.text}" is printed.',
        passage,
    )


def modality_differs(
    thing: Entity, encoded: str, printed: tuple[str, ...], passage: SourcePassage
) -> Diagnostic:
    """The words of an advice are those of another modality, or of none."""
    found = " and ".join(f'"{each}"' for each in printed) or "no words of any modality"
    return Diagnostic(
        code="P110",
        severity=Severity.ERROR,
        message=f'`{thing.id}` has the modality "{encoded}", but its passage has {found}.',
        at=thing.place_of("gg:modality"),
        why="How strongly an advice is worded decides what it asks of a clinician.",
        help="Compare both with the source. If the modality is a judgement of the encoders, say so "
        "with gg:rationale or in a gg:Discrepancy that concerns this advice.",
        subject=thing.id,
        related=((passage.at, f"the passage `{passage.id}`"),),
    )


def repeated(thing: Entity, term: str, words: str, at: Location) -> Diagnostic:
    """Our own words repeat those of a source."""
    return Diagnostic(
        code="P111",
        severity=Severity.ERROR,
        message=f'The {term} of `{thing.id}` repeats words of a source: "{words}".',
        at=at,
        why="The sentences of a source belong to its publisher. What is encoded is said in other "
        "words, which also shows that it was understood.",
        help="Say it in other words. Figures may be repeated.",
        subject=thing.id,
    )


def _figure(
    code: str, thing: Entity, term: str, message: str, passage: SourcePassage
) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        at=thing.place_of(term),
        why="What is encoded as printed is what clinicians and other checks rely on.",
        help=f"{_COMPARE}that has it.",
        subject=thing.id,
        related=() if thing is passage else ((passage.at, f"the passage `{passage.id}`"),),
    )
