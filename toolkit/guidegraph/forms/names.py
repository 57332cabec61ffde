"""Names for new things: made of their labels, like those of their class, and never taken twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from guidegraph.check.likeness import skeleton
from guidegraph.diagnostic import Diagnostic
from guidegraph.forms import faults
from guidegraph.forms.known import Known
from guidegraph.terms import local_name

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_LONGEST = 40
_STEM = re.compile(r"([A-Za-z]{1,8})-.")


def stem(known: Known, cls: str, default: str, namespace: str) -> str:
    """How the names of things of this class begin in this guideline."""
    own = [each.local for each in known.of([cls]) if each.iri.startswith(namespace)]
    found = Counter(match[1] for each in own if (match := _STEM.match(each)))
    if not found:
        return default
    most = max(found.values())
    return default if found.get(default) == most else min(e for e in found if found[e] == most)


def proposed(label: str, beginning: str, known: Known, namespace: str) -> str:
    """A name that is not in use, nor looks like one that is."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _LONGEST:
        words = words[: _LONGEST + 1].rpartition("-")[0] or words[:_LONGEST]
    name = f"{beginning}-{words or 'new'}"
    used = {skeleton(each.local) for each in known.things if each.iri.startswith(namespace)}
    number, tried = 1, name
    while skeleton(tried) in used:
        number += 1
        tried = f"{name}-{number}"
    return tried


def against(name: str, known: Known, namespace: str) -> Diagnostic | None:
    """Why a name cannot be used, if it cannot."""
    if not NAME.fullmatch(name):
        return faults.unusable_name(
            name,
            "names have at most 63 letters, digits, `-` and `_`, and begin with a letter",
            "Choose another name, or leave it out: one is made of the label.",
        )
    same = [
        local_name(each.iri)
        for each in known.things
        if each.iri.startswith(namespace) and skeleton(each.local) == skeleton(name)
    ]
    if same:
        exact = name in same
        reason = "it is in use" if exact else f"it looks like `{same[0]}`, which is in use"
        return faults.unusable_name(name, reason, "Choose another name.")
    return None
