"""Names of a Turtle file: from a prefixed name to the full IRI, and the shortest way back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pyoxigraph

_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LOCAL = re.compile(r"(?:[^\W_]|_)(?:[\w-]|\.(?=[\w-]))*")
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def unescaped(written: str) -> str:
    """What a text with backslashes stands for."""
    if "\\" not in written:
        return written

    def meant(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])

    return _ESCAPED.sub(meant, written)


@lru_cache(maxsize=10_000)
def _resolved(reference: str, base: str) -> str:
    """A relative IRI in full, as the parser that accepts the text resolves it."""
    text = f"<{reference}> a <{reference}> ."
    for triple in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base):
        if isinstance(triple.object, pyoxigraph.NamedNode):
            return triple.object.value
    raise AssertionError(reference)


@lru_cache(maxsize=10_000)
def is_iri(iri: str) -> bool:
    """Whether this can stand between ``<`` and ``>`` as a full IRI."""
    if _FORBIDDEN.search(iri):
        return False
    try:
        list(pyoxigraph.parse(f"<{iri}> a <{iri}> .", format=pyoxigraph.RdfFormat.TURTLE))
    except (SyntaxError, UnicodeEncodeError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Names:
    """The prefixes and the base that are known at some place of a file."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    def iri(self, written: str) -> str:
        """The IRI that ``<...>`` stands for."""
        inner = unescaped(written[1:-1])
        return _resolved(inner, self.base) if self.base else inner

    def name(self, written: str) -> str:
        """The IRI that ``d:name`` stands for."""
        prefix, _, local = written.partition(":")
        return self.prefixes[prefix] + (re.sub(r"\\(.)", r"\1", local) if "\\" in local else local)

    def short(self, iri: str) -> str:
        """How an IRI is written: with the prefix that leaves least, or in full."""
        best, rest = "", ""
        for prefix, namespace in self.prefixes.items():
            local = iri[len(namespace) :]
            if not (namespace and iri.startswith(namespace) and _LOCAL.fullmatch(local)):
                continue
            if not rest or len(local) < len(rest):
                best, rest = prefix, local
        return f"{best}:{rest}" if rest else f"<{iri}>"

    def with_prefix(self, prefix: str, namespace: str) -> Names:
        """These and one more."""
        return replace(self, prefixes={**self.prefixes, prefix: namespace})

    def with_base(self, base: str) -> Names:
        """These after another base."""
        return replace(self, base=base)
