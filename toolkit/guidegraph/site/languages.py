"""The words of a guideline in other languages than English, and which of them are stale."""

from __future__ import annotations

import re
from functools import cached_property

from guidegraph.entity import Entity, Text, texts
from guidegraph.model import Guideline
from guidegraph.site.blocks import Other

NAMES = {
    "ar": "العربية",
    "da": "Dansk",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nb": "Norsk",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}
"""What languages call themselves."""


_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def is_tag(text: str) -> bool:
    """Whether a text is a language tag."""
    return _TAG.fullmatch(text) is not None


def language_name(tag: str) -> str:
    """A language in its own words; its tag where they are not known here."""
    return NAMES.get(tag) or NAMES.get(tag.partition("-")[0]) or tag


class Languages:
    """The languages of one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def others(self, text: Text, shown: str = "") -> tuple[Other, ...]:
        """A text in the languages in which it is not shown."""
        if len(text.words) < 2:
            return ()
        shown = shown or str(text)
        return tuple(
            Other(lang, words, (shown, lang, words) in self._stale)
            for lang, words in text.words
            if lang and words != shown
        )

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """Every language in which there is a text beside the English one; English first."""
        found = {
            lang
            for thing in self._things
            for _, text in texts(thing)
            if len(text.words) > 1
            for lang, _ in text.words
            if lang
        }
        return ("en", *sorted(found - {"en"})) if found - {"en"} else ()

    @cached_property
    def stale(self) -> tuple[tuple[Entity, str, str], ...]:
        """The translations that were made from other English words: thing, property, language."""
        found: list[tuple[Entity, str, str]] = []
        for thing in self._things:
            held = dict(texts(thing)) if thing.translations else {}
            found += [
                (thing, each.term, each.language)
                for each in thing.translations
                if each.is_stale(held.get(each.term, Text()))
            ]
        return tuple(found)

    @cached_property
    def _stale(self) -> frozenset[tuple[str, str, str]]:
        """The English words, the language and the words of each such translation."""
        found = set()
        for thing, term, language in self.stale:
            text = dict(texts(thing)).get(term, Text())
            found.add((str(text), language, text.in_language(language)))
        return frozenset(found)

    @property
    def _things(self) -> tuple[Entity, ...]:
        header = self.guideline.header
        return tuple({id(e): e for e in (header, *self.guideline.entities.values())}.values())
