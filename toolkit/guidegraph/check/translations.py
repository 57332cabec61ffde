"""Whether words in another language still say what the English ones say.

A translation records from which English words it was made. When these are others now, the
translation may say what the guideline no longer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import Entity, Text, Translation, texts
from guidegraph.model import Guideline

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
"""A language tag; a shape reports what is none."""


def check_translations(guideline: Guideline) -> Iterator[Diagnostic]:
    """A finding for each translation that is stale, and for each without words."""
    for thing in dict.fromkeys((guideline.header, *guideline.entities.values())):
        if thing.translations:
            held = dict(texts(thing))
            for each in thing.translations:
                yield from _looked_at(thing, each, held)


def _looked_at(thing: Entity, made: Translation, held: dict[str, Text]) -> Iterator[Diagnostic]:
    term = made.term
    said = held.get(term, Text())
    if not TAG.fullmatch(made.language):
        return
    if not said.in_language(made.language):
        yield Diagnostic(
            code="L502",
            severity=Severity.WARNING,
            message=f"`{thing.id}` has a record of how its {term} came into “{made.language}”, and "
            "no such words.",
            at=thing.place_of("gg:translation"),
            why="Readers in that language get the English words, and the record is of no use.",
            help=f'Add {term} "..."@{made.language}, or take the record away.',
            subject=thing.id,
        )
        return
    if not made.is_stale(said):
        return
    english = said.in_language("en")
    now = f"they are “{english}” now" if english else "there are none now"
    yield Diagnostic(
        code="L501",
        severity=Severity.WARNING,
        message=f"The {made.language} words under {term} of `{thing.id}` are stale: "
        f"“{said.in_language(made.language)}”.",
        at=thing.place_of("gg:translation"),
        why=f"They were made from “{made.translated_from}”; {now}.",
        help="Translate the words again, and give the new English words in gg:translatedFrom. "
        "Where the translation is still right, only the latter.",
        subject=thing.id,
        related=((thing.place_of(term), "the first words under it stand here"),),
    )
