"""Characters that cannot be seen or told apart."""

from __future__ import annotations

import re
import unicodedata

_LOOKS_LIKE = str.maketrans(
    "АВЕКМНОРСТХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ0",
    "ABEKMHOPCTXaeopcyxijsABEZHIKMNOPTYXovpo",
)
"""Cyrillic and Greek letters with the Latin letters of the same shape; zero as the letter o."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SPEECH_JOINERS = "\u200c\u200d"
"""Joiners that Persian, Indic and other scripts need inside words."""


def skeleton(name: str) -> str:
    """What remains of a name for a hasty eye: two names with one skeleton look alike."""
    plain = unicodedata.normalize("NFKC", name).translate(_LOOKS_LIKE).casefold()
    plain = re.sub(r"[\W_]+", "-", plain)
    return re.sub(r"(?<=[a-z])-(?=[a-z])", "", plain).strip("-")


def hidden_sign(text: str, keeps: str = "") -> str | None:
    """The first character that cannot be seen, as ``U+200B ZERO WIDTH SPACE``; ``keeps`` may stand.

    Joiners are no fault in a text that has letters beyond Latin ones.
    """
    if text.isprintable():  # so nothing of these kinds is in it
        return None
    if any(unicodedata.category(each) == "Lo" for each in text):
        keeps += _SPEECH_JOINERS
    for sign in text:
        if sign not in keeps and unicodedata.category(sign) in _INVISIBLE:
            return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
    return None


def foreign_letter(name: str) -> str | None:
    """The first letter of another alphabet in a name that also has Latin letters."""
    if not re.search("[A-Za-z]", name):
        return None
    for sign in name:
        kind = unicodedata.name(sign, "")
        if sign.isalpha() and not kind.startswith("LATIN"):
            return f"{sign}, {kind.lower()}"
    return None
