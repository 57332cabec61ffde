"""Whether an advice has the modality that its passage words.

The words of each modality are data: the English labels of its code and the other wordings listed
with it (``skos:altLabel``), where ``…`` stands for any words between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from guidegraph.diagnostic import Diagnostic
from guidegraph.model import CodeTerm, Guideline, SourcePassage
from guidegraph.passages import faults

SCHEME = "Modality"
_BROKEN = re.compile("[\N{SOFT HYPHEN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}-]\\s*")


def check_modality(guideline: Guideline, words: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Every recommendation whose passages are at hand.

    A modality that the encoders chose themselves, and say why, is not compared; where the source
    words none at all, a discrepancy that says so will do.
    """
    accounted = guideline.in_discrepancies
    wordings = _wordings(guideline.codes)
    for advice in guideline.recommendations:
        if not advice.passages or not all(name in words for name in advice.passages):
            continue
        if advice.rationale or advice.modality not in wordings:
            continue
        text = " ".join(words[name] for name in advice.passages)
        found = modalities(text, wordings)
        if advice.modality not in found and (found or advice.id not in accounted):
            printed = tuple(guideline.words(each) for each in found)
            passage = guideline.one(advice.passages[0], SourcePassage)
            encoded = guideline.words(advice.modality)
            yield faults.modality_differs(advice, encoded, printed, passage)


def modalities(text: str, wordings: Mapping[str, tuple[re.Pattern[str], ...]]) -> tuple[str, ...]:
    """The modalities whose words stand in a text; words inside longer ones do not count."""
    told = _BROKEN.sub("", text.casefold())
    spans = [
        (match.start(), match.end(), code)
        for code, patterns in wordings.items()
        for pattern in patterns
        for match in pattern.finditer(told)
    ]
    outer = [
        code
        for start, end, code in spans
        if not any(
            a <= start and end <= b and (a, b) != (start, end) and other != code
            for a, b, other in spans
        )
    ]
    return tuple(dict.fromkeys(outer))


def _wordings(codes: Mapping[str, CodeTerm]) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {
        name: tuple(_pattern(each) for each in (str(term.label), *term.alternative_labels))
        for name, term in codes.items()
        if SCHEME in term.schemes
    }


def _pattern(wording: str) -> re.Pattern[str]:
    parts = _BROKEN.sub("", wording.casefold()).split("…")
    told = r"\b.*?\b".join(r"\s+".join(map(re.escape, part.split())) for part in parts)
    return re.compile(rf"\b{told}\b", re.DOTALL)
