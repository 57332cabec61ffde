"""A new thing as changes to be made: every statement in the order in which files have them."""

from __future__ import annotations

from guidegraph.forms.answers import Asking, Stated, english_label
from guidegraph.forms.known import Known
from guidegraph.forms.names import proposed, stem
from guidegraph.terms import expand, local_name
from guidegraph.turtle.changes import Create
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Value

_LABEL, _PART_OF, _LEADS_TO = map(expand, ("rdfs:label", "dcterms:isPartOf", "gg:leadsTo"))
_PATHWAY = "gg:CarePathway"
_OWN_OF_NODES = ("gg:performsAction", "gg:endReason", "gg:continuesIn")


def name_for(asked: Asking, stated: Stated, namespace: str) -> str:
    """The name that is proposed for the new thing."""
    beginning = stem(asked.known, expand(asked.kind.cls), asked.kind.stem, namespace)
    return proposed(english_label(stated), beginning, asked.known, namespace)


def creates(asked: Asking, stated: Stated, name: str, namespace: str) -> tuple[Create, ...]:
    """The new thing, and what belongs to it, after the last one of its class."""
    if asked.kind.cls == _PATHWAY:
        return _pathway(asked, stated, name, namespace)
    return (_create(namespace + name, asked.kind.cls, _in_order(asked, stated)),)


def _create(iri: str, cls: str, said: list[tuple[str, tuple[Value, ...]]]) -> Create:
    return Create(iri, ((RDF_TYPE, (Iri(expand(cls)),)), *said))


def _in_order(asked: Asking, stated: Stated) -> list[tuple[str, tuple[Value, ...]]]:
    return [(e.path, stated[e.path]) for e in asked.own.fields if e.path in stated]


def _pathway(asked: Asking, stated: Stated, name: str, namespace: str) -> tuple[Create, ...]:
    """A pathway as short as can be: it begins, something is done, it ends."""
    own = {k: v for k, v in stated.items() if k not in map(expand, _OWN_OF_NODES)}
    stated_of = {term: stated.get(expand(term), ()) for term in _OWN_OF_NODES}
    rest = name.partition("-")[2] or name
    used = asked.known
    start, first, end = (
        namespace + proposed(f"{rest}-{word}", "N", used, namespace)
        for word in ("start", "first", "end")
    )
    path = Iri(namespace + name)
    own[expand("gg:startNode")] = (Iri(start),)

    def node(iri: str, cls: str, label: str, *said: tuple[str, tuple[Value, ...]]) -> Create:
        words: tuple[Value, ...] = (Literal(label, language="en"),)
        kept = [(term, values) for term, values in said if values]
        return _create(iri, cls, [(_PART_OF, (path,)), (_LABEL, words), *kept])

    population = _label(used, stated.get(expand("gg:appliesTo"), ()))
    action = stated_of["gg:performsAction"]
    reason = stated_of["gg:endReason"]
    return (
        _create(path.iri, asked.kind.cls, _in_order(asked, own)),
        node(start, "gg:StartNode", population, (_LEADS_TO, (Iri(first),))),
        node(
            first,
            "gg:ActionNode",
            _label(used, action),
            (expand("gg:performsAction"), action),
            (_LEADS_TO, (Iri(end),)),
        ),
        node(
            end,
            "gg:EndNode",
            f"{english_label(stated)}: {_label(used, reason)}",
            (expand("gg:endReason"), reason),
            (expand("gg:continuesIn"), stated_of["gg:continuesIn"]),
        ),
    )


def _label(known: Known, values: tuple[Value, ...]) -> str:
    """What the first of some things is called."""
    iri = next((each.iri for each in values if isinstance(each, Iri)), "")
    there = known.by_iri(iri)
    return there.label if there else local_name(iri)
