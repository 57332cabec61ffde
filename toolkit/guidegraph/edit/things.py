"""New things, other names and things that are withdrawn: as changes to be made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidegraph.diagnostic import Diagnostic
from guidegraph.edit import faults
from guidegraph.edit.places import classes_of
from guidegraph.edit.typed import Reader, full, spare
from guidegraph.errors import UsageError
from guidegraph.forms.answers import Filled, Stated, asking, complete, english_label
from guidegraph.forms.faults import missing
from guidegraph.forms.form import Field
from guidegraph.forms.kinds import KINDS, Kind
from guidegraph.forms.known import Known
from guidegraph.forms.names import against, proposed, stem
from guidegraph.forms.shapes import with_own
from guidegraph.forms.thing import creates, name_for
from guidegraph.terms import expand, local_name
from guidegraph.turtle.changes import Change, Create, Put, Rename
from guidegraph.turtle.names import is_iri
from guidegraph.turtle.values import RDF_TYPE, XSD_BOOLEAN, Iri, Literal, Part, Sequence, Value
from guidegraph.workspace.workspace import Workspace

if TYPE_CHECKING:
    from guidegraph.edit.desk import Desk

FORMULAS = (expand("gg:formula"),)
"""Properties whose texts name things, by their local names in double quotes."""

_LABEL, _RATIONALE = expand("rdfs:label"), expand("gg:rationale")
_WITHDRAWN, _FORMER = expand("gg:Withdrawn"), expand("gg:formerClass")
_DEPRECATED, _REPLACED = expand("owl:deprecated"), expand("dcterms:isReplacedBy")
_WHOLE = "gg:CarePathway"


@dataclass(frozen=True)
class New:
    """A new thing: its name, the changes that make it, and what is still missing in it."""

    iri: str
    changes: tuple[Change, ...]
    missing: tuple[Diagnostic, ...] = ()


# ---- new -------------------------------------------------------------------------------------


def create(
    desk: Desk,
    reader: Reader,
    cls: str,
    typed: Mapping[str, object],
    name: str = "",
    after: str | None = None,
) -> New:
    """A new thing of a class with what was typed; a ``UsageError`` with all that cannot be read.

    What is not typed may follow later, unless the thing cannot be made without it.
    """
    iri = full(cls)
    kind = next((each for each in KINDS if expand(each.cls) == iri), None)
    made = (
        _of_kind(desk, reader, kind, typed, name)
        if kind
        else _plain(desk, reader, iri, typed, name)
    )
    first = made.changes[0]
    if after and isinstance(first, Create):
        placed = Create(first.subject, first.statements, after)
        return New(made.iri, (placed, *made.changes[1:]), made.missing)
    return made


def _of_kind(desk: Desk, reader: Reader, kind: Kind, typed: Mapping[str, object], name: str) -> New:
    """What ``guidegraph new`` makes: with the same defaults, and what belongs to a pathway."""
    sources = desk.looked.sources
    shapes = with_own(sources.ontology, sources.graph)
    asked = asking(kind, reader.known, shapes, reader.habits)
    fields = {each.path: each for each in asked.fields()}
    filled = _filled(reader, fields, typed)
    missing_still: list[Diagnostic] = []
    if not filled.findings:
        complete(asked, filled)
        if kind.cls != _WHOLE:
            missing_still, filled.findings = filled.findings, []
    given = name or name_for(asked, filled.stated, desk.namespace)
    _hold_name(desk, reader, given, bool(name), filled)
    made = list(creates(asked, filled.stated, given, desk.namespace))
    more = [(path, each) for path, each in filled.stated.items() if path not in fields]
    made[0] = Create(made[0].subject, (*made[0].statements, *more))
    return New(desk.namespace + given, tuple(made), tuple(missing_still))


def _plain(desk: Desk, reader: Reader, cls: str, typed: Mapping[str, object], name: str) -> New:
    """A thing of any other class, in the order of its form."""
    fields = {each.path: each for each in desk.form(cls).fields if not each.read_only}
    if not fields:
        told = f"There is no class <{cls}> of which something can be made."
        raise UsageError([faults.unknown(told, "Choose one of the list.")])
    filled = _filled(reader, fields, typed)
    capitals = "".join(each for each in local_name(cls) if each.isupper()) or "T"
    beginning = stem(reader.known, cls, capitals, desk.namespace)
    label = english_label(filled.stated)
    given = name or proposed(label, beginning, reader.known, desk.namespace)
    _hold_name(desk, reader, given, bool(name), filled)
    order = {path: number for number, path in enumerate(fields)}
    said = sorted(filled.stated.items(), key=lambda each: order.get(each[0], len(order)))
    statements = ((RDF_TYPE, (Iri(cls),)), *said)
    return New(desk.namespace + given, (Create(desk.namespace + given, statements),))


def _filled(reader: Reader, fields: Mapping[str, Field], typed: Mapping[str, object]) -> Filled:
    filled = Filled()
    for path, items in typed.items():
        term = full(path)
        values, told = reader.values(fields.get(term) or spare(term, ()), items, ())
        filled.findings += told
        if values:
            filled.stated[term] = values
    return filled


def _hold_name(desk: Desk, reader: Reader, name: str, is_own: bool, filled: Filled) -> None:
    if not is_own and not english_label(filled.stated):
        hint = "Give it a short English label: its name in the files is made of it."
        filled.findings.append(missing("label", hint))
    if wrong := against(name, reader.known, desk.namespace):
        filled.findings.append(wrong)
    if filled.findings:
        raise UsageError(filled.findings)


# ---- another name ----------------------------------------------------------------------------


def rename(desk: Desk, old: str, new: str) -> tuple[Change, ...]:
    """Another name for a thing, wherever the files mention it; in formulas, too."""
    classes_of(desk, old)
    namespace = desk.namespace
    iri = new if "://" in new else namespace + new
    if iri.startswith(namespace):
        if wrong := against(iri.removeprefix(namespace), without(desk.known, old), namespace):
            raise UsageError([wrong])
    elif not is_iri(iri):
        told = f"`{new}` cannot be a name."
        raise UsageError([faults.unknown(told, "Use letters, digits, `-` and `_`.")])
    return (*_formulas(desk.draft.result, local_name(old), local_name(iri)), Rename(old, iri))


def without(known: Known, iri: str) -> Known:
    """All but one thing: its own name may stay almost the same."""
    return Known(tuple(each for each in known.things if each.iri != iri), known.prefixes)


def _formulas(workspace: Workspace, old: str, new: str) -> Iterator[Change]:
    mention = re.compile(f'"{re.escape(old)}"')
    for subject in workspace.subjects:
        for path, values in workspace.describe(subject).items():
            again = tuple(
                Literal(mention.sub(f'"{new}"', each.lexical), each.datatype, each.language)
                if path in FORMULAS and isinstance(each, Literal)
                else each
                for each in values
            )
            if again != values:
                yield Put(subject, path, again)


# ---- withdrawn -------------------------------------------------------------------------------


def retire(desk: Desk, iri: str, why: str, replaced_by: str = "") -> tuple[Change, ...]:
    """A name that stands for nothing any more: what it was, why it is gone, what replaces it."""
    if not why.strip():
        raise UsageError(
            [faults.unsaid("It is not said why.", "Say it for those who still use it.")]
        )
    former = [each for each in classes_of(desk, iri) if each != _WITHDRAWN]
    if not former:
        told = f"`{local_name(iri)}` is withdrawn already."
        raise UsageError([faults.nothing(told, "Nothing has to be done.")])
    if replaced_by:
        classes_of(desk, replaced_by)
    said: Stated = {
        RDF_TYPE: (Iri(_WITHDRAWN),),
        _FORMER: (Iri(former[0]),),
        _RATIONALE: (Literal(why.strip(), language="en"),),
        _DEPRECATED: (Literal("true", XSD_BOOLEAN),),
    }
    if replaced_by:
        said[_REPLACED] = (Iri(replaced_by),)
    there = desk.describe(iri)
    gone = [Put(iri, path, ()) for path in there if path not in said and path != _LABEL]
    return (*(Put(iri, path, values) for path, values in said.items()), *gone)


def mentioned_by(workspace: Workspace, iri: str) -> tuple[str, ...]:
    """The things that speak of a thing."""
    return tuple(
        subject
        for subject in workspace.subjects
        if subject != iri
        and any(
            _mentions(each, iri)
            for values in workspace.describe(subject).values()
            for each in values
        )
    )


def _mentions(value: Value, iri: str) -> bool:
    match value:
        case Iri(named):
            return named == iri
        case Part(statements):
            return any(path == iri or _mentions(each, iri) for path, each in statements)
        case Sequence(members):
            return any(_mentions(each, iri) for each in members)
        case _:
            return False
