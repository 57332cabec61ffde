"""What stands around a number: signs and words of comparison, letters for P and n, units."""

from __future__ import annotations

import re

BEFORE = {
    "≤": (r"≤|⩽|≦|<=", "up to", "at most", "no more than", "not more than", "no later than"),
    "≥": (r"≥|⩾|≧|>=", "at least", "no less than", "not less than", "no fewer than"),
    "<": (
        r"<",
        *("less than", "fewer than", "lower than", "shorter than", "below", "under"),
        *("nearly", "almost"),
    ),
    ">": (
        r">",
        *("more than", "greater than", "higher than", "longer than", "larger than", "older than"),
        *("upwards of", "above", "over", "exceeding"),
    ),
    "=": (r"=",),
}
"""Every way to write a comparator before a number: a pattern of its signs, then its words."""

AFTER = {
    "≥": ("more", "longer", "higher", "greater", "above", "older", "larger"),
    "≤": ("less", "fewer", "lower", "below", "shorter", "younger"),
}
"""Words after "or" that make a limit of the number before them: "7 days or longer"."""

_GAP = r"\s*"


def _phrase(words: str) -> str:
    """Words with any white space between them, or none."""
    return _GAP.join(map(re.escape, words.split()))


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(_phrase(each) for each in phrases)


_BEFORE = tuple(
    (sign, re.compile(rf"(?:{signs}{''.join('|' + _phrase(each) for each in words)})\s*$", re.I))
    for sign, (signs, *words) in BEFORE.items()
)
_AFTER = tuple(
    (sign, re.compile(rf"\s*(?:or|and)\s*(?:{_either(words)})(?!than)", re.I))
    for sign, words in AFTER.items()
)
_KEYWORD = re.compile(r"(?<![^\W\d_])([nNpP])(?:[\s-]*values?)?\s*$")

_PREFIXED = r"[kdcmµμunpf]?(?:g|[Ll]|mol|m|U|IU|kat|Eq|Pa|(?<!\d\d\d\d)s)"
_ATOM = (
    r"(?:mm\s?Hg|cells|beats|breaths|points?|days?|hours?|hrs?|h|weeks?|wk|months?|mo|years?|yrs?"
    rf"|minutes?|mins?|min|seconds?|secs?|sec|d|y|{_PREFIXED})"
)
_TEN = re.compile(
    r"\s*[*×x·]\s*10(?:[\^*]?(?P<plain>\d{1,2})|(?P<raised>[⁰¹²³⁴-⁹]+))(?P<per>/[^\W\d_]+)?"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UNIT = re.compile(
    rf"\s?(?:per\s?cent|%)|\s*(?:[-‐‑]\s?)?fold|\s*times(?![a-z])"
    rf"|\s*[-‐‑]?\s*{_ATOM}(?:/{_ATOM}|/1[.·]73\s?m[2²])*(?P<power>[2²3³])?"
    rf"|\s?/(?:{_ATOM})",
)
_LONG = re.compile(r"/|[A-Za-z]{3}|%")


def comparator_before(text: str, end: int) -> tuple[str, int] | None:
    """The comparator that ends where a number starts, and where it starts itself."""
    window = max(0, end - 24)
    found = [
        (match.start(), sign)
        for sign, pattern in _BEFORE
        if (match := pattern.search(text[window:end]))
        and not (text[window + match.start() - 1 : end][:2].isalpha() and _spaced(text))
    ]
    return (min(found)[1], window + min(found)[0]) if found else None


def comparator_after(text: str, start: int) -> tuple[str, int] | None:
    """The comparator in words behind a number and its unit, and where it ends."""
    for sign, pattern in _AFTER:
        if match := pattern.match(text, start):
            return sign, match.end()
    return None


def keyword_before(text: str, end: int) -> tuple[str, int] | None:
    """``n`` or ``p`` before a comparator, and where it stands."""
    window = max(0, end - 16)
    match = _KEYWORD.search(text[window:end])
    return (match[1].lower(), window + match.start()) if match else None


def power_after(text: str, start: int) -> tuple[str, int] | None:
    """A power of ten behind a number, as UCUM has it, and where it ends."""
    match = _TEN.match(text, start)
    if not match:
        return None
    exponent = match["plain"] or match["raised"].translate(_RAISED)
    return f"10*{exponent}{match['per'] or ''}", match.end()


def unit_after(text: str, start: int) -> tuple[str, int] | None:
    """The unit behind a number, as printed (powers of ten as UCUM has them), and where it ends."""
    if power := power_after(text, start):
        return power
    match = _UNIT.match(text, start)
    if not match:
        return None
    written = match[0].strip(" \N{NO-BREAK SPACE}\N{THIN SPACE}\n\t-‐‑")
    follows = text[match.end() : match.end() + 1]
    if follows.isalpha() and (_spaced(text) or not _LONG.search(written)):
        return None
    return ("%" if written.startswith("per") else written), match.end()


def _spaced(text: str) -> bool:
    return re.search(r"\s", text) is not None
