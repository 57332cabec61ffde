"""Verification of every passage of a guideline in the texts at hand, and of what rests on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Location, in_order
from guidegraph.model import Guideline, SourceDocument, SourcePassage
from guidegraph.passages import faults
from guidegraph.passages.modality import check_modality
from guidegraph.passages.offsets import Offsets
from guidegraph.passages.printed import Checked, check_printed
from guidegraph.passages.repeated import check_repeated
from guidegraph.passages.standing import Outcome, Standing, standings, words_of
from guidegraph.passages.texts import SourceText, Texts, documents_with_passages, texts_in
from guidegraph.read import Sources

Progress = Callable[[str, int, int], None]
_WORST: tuple[Outcome, ...] = ("nowhere", "several", "moved", "found")


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One document: its text if there is one, what became of its passages, figures compared."""

    document: str
    text: Path | None
    passages: int
    outcomes: Mapping[Outcome, int]
    figures: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found; ``quotes`` are the words of the passages whose hash fits, never stored."""

    documents: tuple[DocumentReport, ...]
    standings: tuple[Standing, ...]
    findings: tuple[Diagnostic, ...]
    quotes: Mapping[str, tuple[str, ...]]
    unused: tuple[Path, ...]


def verify(
    sources: Sources, guideline: Guideline, folder: Path, progress: Progress
) -> Verification:
    """Look for every passage in the texts of a folder, and compare what rests on it."""
    texts = texts_in(folder, guideline)
    offsets = Offsets.of(sources)
    stands: list[Standing] = []
    words: dict[str, tuple[str, ...]] = {}
    findings: list[Diagnostic] = []
    documents = tuple(documents_with_passages(guideline))
    by_document: dict[str, tuple[Standing, ...]] = {}
    for done, document in enumerate(documents):
        progress(f"Looking for the passages of {document.id}", done, len(documents))
        text = texts.by_document.get(document.id)
        passages = _passages(guideline, document.id)
        findings += _about_text(document, text, texts, len(passages))
        if text:
            found = standings(passages, text.normal)
            by_document[document.id] = found
            words |= _words(passages, found, text)
            findings += _about_places(found, offsets)
            stands += found
    progress("Comparing figures", 0, 0)
    checked = tuple(check_printed(guideline, words))
    findings += [each for one in checked for each in one.findings]
    told = {name: " ".join(parts) for name, parts in words.items()}
    findings += check_modality(guideline, told)
    progress("Comparing our words", 0, 0)
    findings += check_repeated(guideline, [each.normal.text for each in texts.by_document.values()])
    reports = tuple(_report(each, texts, guideline, by_document, checked) for each in documents)
    return Verification(reports, tuple(stands), in_order(findings), words, texts.unused)


def _passages(guideline: Guideline, document: str) -> tuple[SourcePassage, ...]:
    return tuple(each for each in guideline.all(SourcePassage) if each.document == document)


def _words(
    passages: Sequence[SourcePassage], found: Sequence[Standing], text: SourceText
) -> dict[str, tuple[str, ...]]:
    """The words of each passage of which every part has its place."""
    by_passage: dict[str, list[Standing]] = {}
    for each in found:
        by_passage.setdefault(each.passage.id, []).append(each)
    words = {name: words_of(parts, text.normal) for name, parts in by_passage.items()}
    return {
        each.id: words[each.id]
        for each in passages
        if each.selectors and len(words[each.id]) == len(each.selectors)
    }


def _about_text(
    document: SourceDocument, text: SourceText | None, texts: Texts, passages: int
) -> Iterator[Diagnostic]:
    if text is None:
        names = {document.id.casefold(), *(each.casefold() for each in document.notation)}
        unreadable = any(each.stem.casefold() in names for each in texts.unreadable)
        yield faults.text_missing(document, passages, unreadable)
    elif document.sha256 and document.sha256.lower() != text.sha256:
        yield faults.other_text(document, text.file, text.sha256)


def _about_places(found: Sequence[Standing], offsets: Offsets) -> Iterator[Diagnostic]:
    tell: Mapping[Outcome, Callable[[Standing, Location], Diagnostic]] = {
        "nowhere": faults.nowhere,
        "several": faults.several,
        "moved": faults.moved,
    }
    for each in found:
        if each.outcome in tell:
            yield tell[each.outcome](each, offsets.at(each))


def _report(
    document: SourceDocument,
    texts: Texts,
    guideline: Guideline,
    by_document: Mapping[str, tuple[Standing, ...]],
    checked: Sequence[Checked],
) -> DocumentReport:
    text = texts.by_document.get(document.id)
    worst: dict[str, Outcome] = {}
    for each in by_document.get(document.id, ()):
        before = worst.get(each.passage.id, "found")
        worst[each.passage.id] = min(before, each.outcome, key=_WORST.index)
    return DocumentReport(
        document=document.id,
        text=text.file if text else None,
        passages=len(_passages(guideline, document.id)),
        outcomes=Counter(worst.values()),
        figures=sum(each.figures for each in checked if each.document == document.id),
    )
