"""What a committee says about its advice: comments, votes and dissent, each a thing of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.places import classes_of
from guidegraph.edit.typed import Reader
from guidegraph.edit.words import named
from guidegraph.errors import UsageError
from guidegraph.forms.known import Known, Thing, called
from guidegraph.forms.names import proposed
from guidegraph.terms import expand
from guidegraph.turtle.changes import Change, Create
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal, Value

if TYPE_CHECKING:
    from guidegraph.edit.desk import Desk

KINDS = ("comment", "vote", "dissent")
_CLASS = {
    "comment": expand("gg:Comment"),
    "vote": expand("gg:Vote"),
    "dissent": expand("gg:Dissent"),
}
_STEM = {"comment": "COM", "vote": "VOTE", "dissent": "DISSENT"}
_COUNTS = {"for": "gg:votesFor", "against": "gg:votesAgainst", "abstained": "gg:abstentions"}
_LABEL, _BY, _DAY = map(expand, ("rdfs:label", "prov:wasAttributedTo", "dcterms:created"))
AGENT, PERSON, GROUP = map(expand, ("prov:Agent", "prov:Person", "prov:Organization"))


def discuss(
    desk: Desk, reader: Reader, about: str, kind: str, said: Mapping[str, Any]
) -> tuple[tuple[Change, ...], str]:
    """What somebody says about a thing, as changes, with the name of what is new.

    ``said`` has ``by`` (a name) and ``text``; a vote has ``for``, ``against``, ``abstained``,
    ``quorum`` and ``on`` (a day) instead of ``text``.
    """
    if kind not in KINDS:
        told = f"Nothing of the kind `{kind}` can be said."
        raise UsageError([faults.unknown(told, f"Choose one of: {', '.join(KINDS)}.")])
    classes_of(desk, about)
    findings: list[Diagnostic] = []
    stated: dict[str, tuple[Value, ...]] = {}

    def take(term: str, items: object, what: str) -> None:
        path = expand(term)
        field = desk.form(_CLASS[kind]).field(path)
        assert field is not None, path
        values, told = reader.values(field, items if isinstance(items, list) else [items], ())
        findings.extend(told)
        if values:
            stated[path] = values
        elif not told and what:
            findings.append(faults.unsaid(f"It is not said {what}.", "Fill it in."))

    if kind == "vote":
        stated[expand("gg:votedOn")] = (Iri(about),)
        for key, term in _COUNTS.items():
            take(term, str(said.get(key, "")), f"how many voted: {key}")
        take("gg:quorum", str(said.get("quorum", "")), "")
    else:
        stated[expand("gg:concerns")] = (Iri(about),)
        what = "what you want to say" if kind == "comment" else "why"
        term = "gg:statement" if kind == "comment" else "gg:rationale"
        take(term, said.get("text", ""), what)
    day = str(said.get("on") or desk.now().date().isoformat())
    take("dcterms:created", day, "on which day")
    by = str(said.get("by", "")).strip()
    agent, made = agent_called(reader.known, desk.namespace, by, kind == "vote", findings)
    if findings:
        raise UsageError(findings)
    stated[_BY] = (Iri(agent),)
    who = f"{kind.capitalize()} of {by} on “{named(about, desk.draft.result)}”"
    known = reader.known.with_more(*(Thing(each.subject) for each in made))
    iri = desk.namespace + proposed(by, _STEM[kind], known, desk.namespace)
    order = (RDF_TYPE, (Iri(_CLASS[kind]),)), (_LABEL, (Literal(who, language="en"),))
    last = _last(desk)
    new = Create(iri, (*order, *stated.items()), last)
    return (new, *(Create(each.subject, each.statements, iri) for each in made)), iri


def _last(desk: Desk) -> str | None:
    """The last of what was said so far: all of it stands in one file."""
    said = [e.iri for e in desk.known.of(_CLASS.values()) if e.iri in desk.draft.result.subjects]
    return said[-1] if said else None


def agent_called(
    known: Known, namespace: str, name: str, is_group: bool, findings: list[Diagnostic]
) -> tuple[str, tuple[Create, ...]]:
    """The person or group of this name, with what makes it where it is new."""
    from guidegraph.forms import words

    if not name:
        findings.append(faults.unsaid("It is not said who.", "Give your name."))
        return "", ()
    if fault := words.fault_of(name):
        findings.append(fault)
        return "", ()
    there = called(known.of([AGENT]), name)
    if there:
        return there[0].iri, ()
    iri = namespace + proposed(name, "GROUP" if is_group else "PERSON", known, namespace)
    kind = GROUP if is_group else PERSON
    label = (Literal(name, language="en"),)
    return iri, (Create(iri, ((RDF_TYPE, (Iri(kind),)), (_LABEL, label))),)
