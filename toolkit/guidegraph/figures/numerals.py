"""Single numbers in a printed text: digits with separators, signs, and small numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_WORDS = {word: value for value, word in enumerate(_ONES + _TEENS, start=1)}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_HYPHEN = "\\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SOFT HYPHEN}"
_THIN = "\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{PUNCTUATION SPACE}'’"
_MARK = ".·"

_NUMERAL = re.compile(
    rf"""
    (?P<unreadable> \d+ (?: [.]\d+ ){{2,}}                 # a version, or two numbers run together
        | \d+ (?: ,\d+ )* ,\d{{4,}} (?: [,.]\d+ )* )
    | (?P<digits>
        0,\d+                                              # a comma before decimals
        | (?: \d{{1,3}} (?: (?: ,\d{{3}} )+ | (?: [{_THIN}]\d{{3}} )+ | (?: [ ]\d{{3}} )+ ) (?!\d)
            | \d+ ) (?: [{_MARK}]\d+ )?
        | (?<![\w{_MARK}]) [{_MARK}]\d+ )                  # nothing before the decimal mark
    | (?P<word> (?: {"|".join(_TENS)} ) (?: [{_HYPHEN}\s]? (?: {"|".join(_ONES)} ) )?
        | {"|".join(sorted(_WORDS, key=len, reverse=True))} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(rf"\d+(?:[{_THIN}{_MARK},]\d+|[ ]\d{{3}}(?!\d))*")
_SEPARATOR = re.compile(r"\D")
_SIGN = re.compile(rf"(?:^|[(\[=<>≤≥,;:/\s])([–{_HYPHEN}])$")
_NAME = re.compile(rf"[A-ZΑ-Ω][{_HYPHEN}]?$")
_NAME_WITH_HYPHEN = re.compile(rf"[^\W\d_][{_HYPHEN}]$")
_NO_NAME = re.compile(r"(?<![A-Za-z0-9])(?:[MFNnPp]|CI|HR|OR|RR|IQR|SD|SE)$")
_REFERENCE = re.compile(r"[^\W\d_)][.,;]$")
_END = re.compile(r"(?:fold)?(?![^\W\d_])", re.IGNORECASE)
_OF = re.compile(r"(?:\([^()]*%\))?of\d")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number, where it stands (its sign included) and how many decimals are printed."""

    start: int
    end: int
    value: Fraction
    decimals: int
    in_words: bool = False


def numbers(printed: str) -> frozenset[Fraction]:
    """Every number that a printed text may hold; ``1,000`` may be a thousand or one."""
    found = set()
    for token in _TOKEN.findall(printed):
        parts = _SEPARATOR.split(token)
        found.add(Fraction("".join(parts)))
        if parts[1:]:
            found.add(Fraction("".join(parts[:-1]) + "." + parts[-1]))
        if " " in token:
            found |= numbers(token.replace(" ", "\n"))
    return frozenset(found)


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers of a text in their order, without digits that belong to a name."""
    spaced = re.search(r"\s", text) is not None
    for match in _NUMERAL.finditer(text):
        if match["digits"]:
            if not _in_a_name(text, match, spaced):
                yield _of_digits(text, match)
        elif match["word"] and _is_a_word(text, match, spaced):
            yield Numeral(match.start(), match.end(), _of_words(match["word"]), 0, in_words=True)


def _of_digits(text: str, match: re.Match[str]) -> Numeral:
    written = match["digits"]
    if written.startswith("0,"):
        written = written.replace(",", ".")
    whole, _, part = re.sub(rf"[, {_THIN}]", "", written).replace("·", ".").partition(".")
    value, start = Fraction(f"{whole or 0}.{part or 0}"), match.start()
    if _negative(text, start):
        value, start = -value, start - 1
    return Numeral(start, match.end(), value, len(part))


def _negative(text: str, start: int) -> bool:
    """Whether the sign before a number is its own: after another number it makes a range."""
    sign = text[max(0, start - 1) : start]
    glued_to_number = text[max(0, start - 2) : start - 1].isdigit()
    if sign == "−":
        return not glued_to_number
    after_number = text[max(0, start - 8) : max(0, start - 1)].rstrip()[-1:].isdigit()
    return not after_number and _SIGN.search(text, max(0, start - 2), start) is not None


def _in_a_name(text: str, match: re.Match[str], spaced: bool) -> bool:
    """Whether digits belong to a name (``IL-6``, ``ACE2``) or are raised (``mortality.48``)."""
    before = text[max(0, match.start() - 8) : match.start()]
    if re.search(rf"[{_MARK}]", match["digits"]) or _NO_NAME.search(before):
        return False
    if spaced:
        glued = before[-1:].isalpha() or _NAME_WITH_HYPHEN.search(before)
        return bool(glued or _REFERENCE.search(before))
    return _NAME.search(before) is not None


def _is_a_word(text: str, match: re.Match[str], spaced: bool) -> bool:
    """Whether letters are a word of their own: "ten" is not read in "often"."""
    if not spaced and _OF.match(text, match.end()):
        return True
    before = text[max(0, match.start() - 1) : match.start()]
    return not before.isalnum() and _END.match(text, match.end()) is not None


def _of_words(word: str) -> Fraction:
    low = re.sub(rf"[{_HYPHEN}\s]", "", word.lower())
    for ten, value in _TENS.items():
        if low.startswith(ten):
            return Fraction(value + _WORDS.get(low.removeprefix(ten), 0))
    return Fraction(_WORDS[low])
