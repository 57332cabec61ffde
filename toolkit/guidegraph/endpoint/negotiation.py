"""Which form of an answer is sent, of those that are wanted and those that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guidegraph.query.delivery import BY_NAME, FORMS, Kind
from guidegraph.query.worker import VALUES

HTML = "text/html"
ALIASES = {
    "html": VALUES,
    "turtle": "ttl",
    "n-triples": "nt",
    "ntriples": "nt",
    "rdfxml": "rdf",
    "rdf+xml": "rdf",
}
"""Other names of forms that programs send in ``format``."""
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)


def offers(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Each media type in which answers of a kind are sent, with the name of its form.

    The own type of each form comes before its other ones.
    """
    forms = [each for each in FORMS if each.kind == kind]
    own = ((each.media[0], each.name) for each in forms)
    others = ((media, each.name) for each in forms for media in each.media[1:])
    return (*own, *others, (HTML, VALUES))


def form_for(accept: str, kind: Kind) -> str | None:
    """The form in which an answer is sent; None where none of those wanted is made."""
    found = best(accept, [media for media, _ in offers(kind)])
    return dict(offers(kind)).get(found) if found else None


def media_of(accept: str, form: str) -> str:
    """The media type in which a form is sent: the one that is wanted, or else its own."""
    media = BY_NAME[form].media
    return best(accept, media) or media[0]


def best(accept: str, there_are: Sequence[str]) -> str | None:
    """The media type that is wanted most, by RFC 9110; of equal ones the first there is.

    Nothing said means anything; what cannot be understood is passed over.
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    weights = {each: _weight(each, ranges) for each in there_are}
    found = max(there_are, key=lambda each: weights[each])
    return found if weights[found] > 0 else None


def named(name: str, kind: Kind) -> str | None:
    """The form of a kind that a name stands for, if there is one; ``xml`` is one of both kinds."""
    told = ALIASES.get(name.lower(), name.lower())
    if told == "xml" and kind == "graph":
        told = "rdf"
    return told if told in {each for _, each in offers(kind)} else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for each in accept.split(","):
        media, *rest = each.lower().split(";")
        weight = 1.0
        for parameter in rest:
            if parameter.strip().startswith("q"):
                match = _WEIGHT.fullmatch(parameter)
                weight = float(match[1]) if match else 0.0
        if "/" in media:
            yield media.strip(), weight


def _weight(media: str, ranges: list[tuple[str, float]]) -> float:
    """How much a type is wanted: what is said of it most closely counts."""
    family = media.partition("/")[0] + "/*"
    for wanted in (media, family, "*/*"):
        said = [weight for name, weight in ranges if name == wanted]
        if said:
            return max(said)
    return 0.0
