"""Who edited, when and why: each saving is an activity in ``edits.ttl`` that tells its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.discussion import agent_called
from guidegraph.edit.state import composed
from guidegraph.edit.steps import Step
from guidegraph.errors import UsageError
from guidegraph.forms import words
from guidegraph.forms.known import Known
from guidegraph.read.folder import display
from guidegraph.terms import NAMESPACES, expand, local_name
from guidegraph.turtle.changes import Create, rewritten
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import RDF_TYPE, Iri, Literal
from guidegraph.workspace.places import classes, in_order
from guidegraph.workspace.workspace import Draft, Workspace

FILE = "edits.ttl"
ACTIVITY = expand("gg:EncodingActivity")
_HEADER = (
    "# Who edited this guideline, when and why; `guidegraph edit` adds to it with each saving.\n"
)
_USED = ("dcterms", "gg", "prov", "rdfs", "xsd")
_MOST = 50
_DATE_TIME = expand("xsd:dateTime")


@dataclass(frozen=True)
class Record:
    """Who saves, why and when; ``steps`` are what is saved."""

    who: str
    why: str
    when: datetime
    steps: tuple[Step, ...]

    def against(self) -> tuple[Diagnostic, ...]:
        """What speaks against it."""
        found = []
        if not self.who.strip():
            found.append(faults.unsaid("It is not said who saves.", "Give your name."))
        if not self.why.strip():
            hint = "Say in a few words why the guideline is changed."
            found.append(faults.unsaid("It is not said why.", hint))
        told = (words.fault_of(self.who), words.fault_of(self.why, "\n"))
        return (*found, *(each for each in told if each))


def recorded(draft: Draft, record: Record, known: Known, namespace: str) -> Draft:
    """The same draft with the activity, and with the person where nobody is called so yet."""
    at = draft.result
    activity = _name(at, namespace, record.when)
    findings: list[Diagnostic] = []
    agent, more = agent_called(known, namespace, record.who.strip(), False, findings)
    if findings:
        raise UsageError(findings)
    made = [
        _activity(activity, agent, record),
        *(Create(each.subject, each.statements, activity) for each in more),
    ]
    file, last = _place(at)
    documents = dict(at.documents)
    document = documents.get(file) or _new(at, namespace)
    first = Create(made[0].subject, made[0].statements, last)
    documents[file] = rewritten(document, [first, *made[1:]])
    result = Workspace(at.folder, in_order(documents), at.findings)
    return composed(draft.base, result, (*draft.changes, *made))


def _activity(iri: str, agent: str, record: Record) -> Create:
    def moment(when: datetime) -> tuple[Literal, ...]:
        told = when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        return (Literal(told, _DATE_TIME),)

    day = record.when.astimezone(UTC).strftime("%Y-%m-%d")
    begun = min([record.when, *(each.when for each in record.steps)])
    return Create(
        iri,
        (
            (RDF_TYPE, (Iri(ACTIVITY),)),
            (expand("rdfs:label"), (Literal(f"Edit of {day}", language="en"),)),
            (expand("prov:startedAtTime"), moment(begun)),
            (expand("prov:endedAtTime"), moment(record.when)),
            (expand("prov:wasAssociatedWith"), (Iri(agent),)),
            (expand("gg:rationale"), (Literal(record.why.strip(), language="en"),)),
            (expand("dcterms:description"), tuple(_told(record.steps))),
        ),
    )


def _told(steps: Iterable[Step]) -> list[Literal]:
    """Each step in words; things by the names they have in the files, without a link to them.

    What is withdrawn later would otherwise be spoken of as if it were in use.
    """
    told = [
        f"{', '.join(local_name(each) for each in step.subjects[-3:])}: {step.what}"
        for step in steps
    ]
    most = told if len(told) <= _MOST else [*told[:_MOST], f"and {len(told) - _MOST} more"]
    return [Literal(each, language="en") for each in dict.fromkeys(most)]


def _name(at: Workspace, namespace: str, when: datetime) -> str:
    stem = f"{namespace}EDIT-{when.astimezone(UTC).strftime('%Y%m%d-%H%M%S')}"
    used = set(at.subjects)
    number, tried = 1, stem
    while tried in used:
        number += 1
        tried = f"{stem}-{number}"
    return tried


def _place(at: Workspace) -> tuple[str, str | None]:
    """The file in which edits are recorded, and the last of them."""
    for file, document in at.documents.items():
        if found := classes(document).get(ACTIVITY):
            return file, found[1]
    return FILE, None


def _new(at: Workspace, namespace: str) -> Document:
    own = [p for e in at.documents.values() for p, iri in e.prefixes.items() if iri == namespace]
    prefixes = {own[0]: namespace} if own else {}
    prefixes |= {each: NAMESPACES[each] for each in _USED}
    told = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    return Document.parse(f"{_HEADER}\n{told}", display(at.folder / FILE))
