"""YAML text to the same tree as JSON, from PyYAML's events (nothing is constructed)."""

from __future__ import annotations

import re

import yaml

from guidegraph.diagnostic import Location
from guidegraph.patient.faults import Faults, shown
from guidegraph.patient.tree import Builder, Node, Scalar, ScalarKind, TooDeepError

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, ScalarKind] = {
    "true": "boolean",
    "false": "boolean",
    "null": "null",
    "~": "null",
    "": "null",
}
_BY_PROBLEM = (
    ("found character '\\t'", "a tab stands here; indent with spaces"),
    ("mapping values are not allowed", "a colon is not expected here; check the indentation"),
    ("could not find expected ':'", "a name without a colon, or a wrong indentation"),
    ("expected <block end>", "this line is not indented like the lines it belongs to"),
    ("expected ',' or", "a comma or a closing bracket is expected"),
    ("found unexpected end of stream", "a quote or bracket is not closed"),
    ("found unexpected ':'", "put this text into quotes"),
)


class _UnusableError(Exception):
    """What follows cannot be understood without something that was refused."""


def read_yaml(text: str, name: str, faults: Faults) -> Node | None:
    """The tree of a YAML text; None (with a fault, unless it is empty) if there is none.

    Raises:
        TooDeepError, RecursionError: it is nested too deeply.
    """
    if (fast := getattr(yaml, "CSafeLoader", None)) is not None:
        aside = Faults()
        builder = Builder(aside)
        try:
            for event in yaml.parse(text, Loader=fast):
                _take(event, builder, name, aside)
        except (_UnusableError, TooDeepError, RecursionError, yaml.YAMLError):
            pass  # the slower one says more exactly what is wrong, and where
        else:
            if not aside.found:
                return builder.root
    builder = Builder(faults)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            _take(event, builder, name, faults)
    except _UnusableError:
        return None
    except yaml.YAMLError as fault:
        faults.add(
            "E005",
            _fault_place(fault, text, name),
            f"This is not YAML: {_in_plain_words(fault)}.",
            help="Correct this place; everything after it has not been read.",
        )
        return None
    return builder.root


def _take(event: yaml.Event, builder: Builder, name: str, faults: Faults) -> None:
    """Hand one event to the builder."""
    mark = event.start_mark
    at = Location(name, mark.line + 1, mark.column + 1) if mark else Location(name, 1)
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        _refuse(faults, at, f"the anchor {shown(sign + event.anchor)}")
    if isinstance(event, yaml.DocumentStartEvent) and builder.root is not None:
        _refuse(faults, at, "a second document")
        raise _UnusableError
    if isinstance(event, yaml.AliasEvent):
        _add(builder, Scalar("null", "null", at), faults)
    elif isinstance(event, yaml.ScalarEvent):
        _refuse_tag(event.tag, at, faults)
        _add(builder, _scalar(event, at), faults)
    elif isinstance(event, yaml.CollectionStartEvent):
        _refuse_tag(event.tag, at, faults)
        if builder.wants_key:
            _refuse(faults, at, "a list or mapping in place of a name")
            raise _UnusableError
        builder.begin(at, is_mapping=isinstance(event, yaml.MappingStartEvent))
    elif isinstance(event, yaml.CollectionEndEvent):
        builder.end()


def _scalar(event: yaml.ScalarEvent, at: Location) -> Scalar:
    text: str = event.value
    is_plain = not event.style  # None from PyYAML itself, "" from libyaml
    if is_plain and text in _WORDS:
        return Scalar(_WORDS[text], text or "null", at)
    if is_plain and _NUMBER.fullmatch(text):
        return Scalar("number", text, at)
    return Scalar("string", text, at)


def _add(builder: Builder, scalar: Scalar, faults: Faults) -> None:
    if not builder.wants_key:
        builder.value(scalar)
        return
    if scalar.text == "<<":
        _refuse(faults, scalar.at, "the merge key `<<`")
    builder.key(scalar.text, scalar.at)


def _refuse_tag(tag: str | None, at: Location, faults: Faults) -> None:
    if tag is not None:
        _refuse(faults, at, f"the tag {shown(tag)}")


def _refuse(faults: Faults, at: Location, what: str) -> None:
    faults.add(
        "E007",
        at,
        f"The document uses {what}, a part of YAML that is not read here.",
        why="A file must say the same to every program and every reader.",
        help="Write the value out in full, with plain names and values.",
    )


def _fault_place(fault: yaml.YAMLError, text: str, name: str) -> Location:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    if mark is not None:
        return Location(name, mark.line + 1, mark.column + 1)
    before = text[: getattr(fault, "position", 0)]
    return Location(name, before.count("\n") + 1)


def _in_plain_words(fault: yaml.YAMLError) -> str:
    if isinstance(fault, yaml.reader.ReaderError):
        return "the text contains a control character"
    problem = str(getattr(fault, "problem", None) or "it ends too early")
    context = str(getattr(fault, "context", None) or "")
    for begins, words in _BY_PROBLEM:
        if problem.startswith(begins) or context.startswith(begins):
            return words
    return problem
