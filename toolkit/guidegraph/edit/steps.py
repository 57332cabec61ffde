"""One step of editing: changes with a sentence that says what they are, and both as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guidegraph.forms.data import value_data
from guidegraph.terms import local_name
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.values import Blank, Iri, Literal, Part, Sequence, Value


@dataclass(frozen=True)
class Step:
    """What somebody did at once: it is undone and done again as a whole.

    One that ``is_back`` takes back what was saved before.
    """

    number: int
    changes: tuple[Change, ...]
    what: str
    when: datetime
    is_back: bool = False

    @property
    def subjects(self) -> tuple[str, ...]:
        """The things that are touched, each once; of a renamed one both names."""
        return subjects_of(self.changes)


def subjects_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """The things that changes touch, each once; of a renamed one both names."""
    found: dict[str, None] = {}
    for each in changes:
        if isinstance(each, Rename):
            found |= {each.old: None, each.new: None}
        else:
            found[each.subject] = None
    return tuple(found)


# ---- as data ---------------------------------------------------------------------------------


def step_data(step: Step) -> dict[str, Any]:
    """A step as JSON has it."""
    return {
        "number": step.number,
        "what": step.what,
        "when": step.when.isoformat(),
        "changes": [change_data(each) for each in step.changes],
        **({"back": True} if step.is_back else {}),
    }


def records_of(steps: Iterable[Step]) -> tuple[dict[str, Any], ...]:
    """What a draft says of steps that were made one after the other."""
    return tuple({"step": step_data(each)} for each in steps)


def step_of(data: Mapping[str, Any]) -> Step:
    """The step that was written down so."""
    return Step(
        number=int(data["number"]),
        changes=tuple(change_of(each) for each in data["changes"]),
        what=str(data["what"]),
        when=datetime.fromisoformat(data["when"]),
        is_back=bool(data.get("back", False)),
    )


def change_data(change: Change) -> dict[str, Any]:
    """A change as JSON has it."""
    match change:
        case Put(subject, predicate, values):
            return {"put": [subject, predicate, [value_data(each) for each in values]]}
        case Create(subject, statements, after):
            said = [[path, [value_data(each) for each in values]] for path, values in statements]
            return {"create": [subject, said, after]}
        case Remove(subject):
            return {"remove": subject}
        case Rename(old, new):
            return {"rename": [old, new]}


def change_of(data: Mapping[str, Any]) -> Change:
    """The change that was written down so."""
    ((kind, held),) = data.items()
    match kind:
        case "put":
            return Put(held[0], held[1], tuple(value_of(each) for each in held[2]))
        case "create":
            said = tuple((path, tuple(value_of(e) for e in values)) for path, values in held[1])
            return Create(held[0], said, held[2])
        case "remove":
            return Remove(held)
        case "rename":
            return Rename(*held)
    msg = f"no kind of change: {kind}"
    raise ValueError(msg)


def value_of(data: Mapping[str, Any]) -> Value:
    """The value that ``forms.data.value_data`` wrote so."""
    if "iri" in data:
        return Iri(data["iri"])
    if "text" in data:
        return Literal(data["text"], data["datatype"], data["language"])
    if "part" in data:
        return Part(tuple((path, value_of(each)) for path, each in data["part"]))
    if "list" in data:
        return Sequence(tuple(value_of(each) for each in data["list"]))
    return Blank(data["blank"])


# ---- in words --------------------------------------------------------------------------------

_LONGEST = 60


def brief(value: Value) -> str:
    """A value as short as a sentence can hold it."""
    match value:
        case Iri(iri):
            return local_name(iri)
        case Literal(lexical):
            return lexical if len(lexical) <= _LONGEST else lexical[: _LONGEST - 1] + "…"
        case Part(statements):
            said = [brief(each) for path, each in statements if local_name(path) != "type"]
            return " ".join(said)
        case Sequence(members):
            return ", ".join(map(brief, members))
        case Blank(label):
            return f"_:{label}"


def briefly(values: Iterable[Value]) -> str:
    """Several values as short as a sentence can hold them."""
    told = ", ".join(map(brief, values)) or "nothing"
    return told if len(told) <= 2 * _LONGEST else told[: 2 * _LONGEST - 1] + "…"
