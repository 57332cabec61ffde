"""Under which heading a property stands where no shape says it: one table, read from the top.

A property that is named in the table stands there, in that order. Any other goes by what it holds:
conditions, limits, patients and data under "When and for whom"; passages, studies and what they
found under "Evidence and source"; everything else under "What it says".
"""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.terms import expand

NAMES, SAYS, WHEN, EVIDENCE, STATE = (
    "Names and labels",
    "What it says",
    "When and for whom",
    "Evidence and source",
    "State and history",
)

TABLE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        NAMES,
        (
            "rdf:type",
            "rdfs:label",
            "dcterms:title",
            "skos:notation",
            "skos:altLabel",
            "skos:definition",
            "vann:preferredNamespacePrefix",
            "vann:preferredNamespaceUri",
        ),
        (),
    ),
    (
        SAYS,
        (
            "gg:statement",
            "gg:question",
            "gg:direction",
            "gg:modality",
            "gg:recommendsAction",
            "gg:strength",
            "gg:certainty",
            "gg:reportedText",
            "gg:comparator",
            "gg:executableQuantity",
            "gg:siteParameter",
            "gg:formula",
            "gg:value",
            "gg:low",
            "gg:lowInclusive",
            "gg:high",
            "gg:highInclusive",
            "gg:unit",
            "gg:valueKind",
            "gg:canonicalUnit",
            "gg:decimalPlaces",
            "gg:plausibleRange",
        ),
        ("gg:Action",),
    ),
    (
        WHEN,
        ("gg:appliesTo", "gg:condition", "gg:exception", "gg:reinforcedBy", "gg:observable"),
        (
            "gg:Criterion",
            "gg:Population",
            "gg:Observable",
            "gg:Threshold",
            "gg:TimeWindow",
            "gg:Anchor",
        ),
    ),
    (
        EVIDENCE,
        (
            "prov:wasDerivedFrom",
            "gg:isExternal",
            "gg:citation",
            "gg:aboutStudy",
            "gg:rationale",
            "dcterms:source",
        ),
        (
            "gg:SourcePassage",
            "gg:SourceDocument",
            "gg:Citation",
            "gg:Study",
            "gg:StudyArm",
            "gg:EvidenceClaim",
            "gg:StatisticalResult",
        ),
    ),
    (
        STATE,
        (
            "gg:status",
            "gg:isExecutable",
            "owl:versionInfo",
            "prov:wasAttributedTo",
            "dcterms:created",
            "dcterms:issued",
            "dcterms:modified",
            "gg:reviewBy",
            "dcterms:isPartOf",
            "dcterms:isReplacedBy",
            "gg:translation",
            "skos:scopeNote",
        ),
        (),
    ),
)
"""Each heading with the properties that stand under it, and the classes whose things do."""

_PLACES = {
    expand(name): (group, place)
    for group, (_, names, _) in enumerate(TABLE)
    for place, name in enumerate(names)
}
_CLASSES = {expand(name): group for group, (_, _, names) in enumerate(TABLE) for name in names}
_SAYS = 1
LAST = 99


def place(paths: Iterable[str], classes: Iterable[str]) -> tuple[int, int]:
    """The number of the group of a property, and its place in there (``LAST``: not in the table).

    ``paths`` is the property, or all that a longer path speaks of; ``classes`` what it names.
    """
    known = [_PLACES[each] for each in paths if each in _PLACES]
    if known:
        return min(known)
    found = [_CLASSES[each] for each in classes if each in _CLASSES]
    return (min(found) if found else _SAYS), LAST


def label(group: int) -> str:
    """The heading."""
    return TABLE[group][0]
