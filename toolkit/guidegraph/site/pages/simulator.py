"""The page on which a made-up patient can be tried: decided in the reader's browser.

The page holds what the model of the guideline does not: its own cases as patients to start from,
and which questions come first. ``gg:publishesSimulator false`` leaves it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from guidegraph.cases import Case
from guidegraph.kernel import Agg, Bool, Ref, walk
from guidegraph.lower import choose
from guidegraph.patient.document import Mapping as Tree
from guidegraph.patient.document import Node, Scalar, Sequence
from guidegraph.program import Program
from guidegraph.site.blocks import Page, Panel, Prose, Section, Span, sections, words
from guidegraph.site.chapters import SIMULATOR
from guidegraph.site.parts import REASONING
from guidegraph.site.parts import SIMULATOR as SCRIPTS
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View

NOT_FOR_CARE = (
    "This page is for reviewing the guideline and for teaching, with made-up patients. It is not "
    "for the care of any patient."
)
PRIVATE = (
    "Everything is worked out by this page itself: nothing is sent anywhere, and nothing is kept "
    "when it is closed."
)
LIKE = 2
"""How many examples show the same status of the same recommendation at most."""
NOTHING = ("", "notApplicable")
"""What an example shows in which no recommendation applies or may apply."""
PARTS = ("anchors", "facts", "settings")
"""The parts of a patient that hold names with values."""
Data = dict[str, object]


def is_published(seen: View) -> bool:
    """Whether the site has this page: there is something to decide, and its authors want it."""
    program = seen.content.program
    return bool(program and program.rules) and seen.guideline.header.publishes_simulator


def pages(seen: View) -> Iterator[Page]:
    """The one page of the chapter, or none."""
    program = seen.content.program
    if program is None or not is_published(seen):
        return
    said = seen.wording.said(seen.guideline.header.intended_use)
    care = (Span(NOT_FOR_CARE, style="strong"), Span(" "), *said)
    without = (
        Span("Trying a patient needs scripts, and none is running here. On a command line, "),
        Span("guidegraph decide patient.yaml", style="code"),
        Span(" gives the same answers for the patient in a file."),
    )
    yield Page(
        path=SIMULATOR.index,
        index=SIMULATOR.index,
        title=SIMULATOR.title,
        lead=words("Describe a made-up patient, and see what the guideline says, and why."),
        sections=sections(
            Section("", (Prose((care,), "care"),)),
            Section("", (Panel("simulator", (without,), _data(seen, program)),)),
            Section("", (Prose((words(PRIVATE),), "note"),)),
        ),
        structured=guideline_data(seen),
        style="wide simulator",
        parts=(REASONING, SCRIPTS),
    )


def _data(seen: View, program: Program) -> Data:
    found = tuple(_examples(seen, program))
    base = _common([patient for _, patient in found])
    return {
        "first": list(_asked(program)),
        "base": base,
        "examples": [
            {"id": case.id, "name": case.name, **_shown(case, found), **_other(patient, base)}
            for case, patient in found
        ],
    }


def _asked(program: Program) -> Iterator[str]:
    """The inputs on which a recommendation depends, in the order of the program."""
    named = {Ref("criterion", each.name): (each.condition,) for each in program.criteria}
    parts: dict[Ref, tuple[Bool, ...]] = dict(named)
    waiting: list[Ref] = []
    for rule in program.rules:
        parts[Ref("rule", rule.name)] = (rule.guard, *rule.unless)
        waiting.append(Ref("rule", rule.name))
    seen: set[Ref] = set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            nodes = [node for part in parts.get(here, ()) for node in walk(part)]
            waiting += [node for node in nodes if isinstance(node, Ref)]
            waiting += [Ref("input", node.series) for node in nodes if isinstance(node, Agg)]
    return (each.name for each in program.inputs if Ref("input", each.name) in seen)


# --- the cases of the guideline as examples ---


def _examples(seen: View, program: Program) -> Iterator[tuple[Case, Data]]:
    """Cases that show each status of each recommendation, in the order of the file.

    Only those that are as expected, under the readings that run, and that a form can show.
    """
    report = seen.content.cases
    shown: Counter[tuple[str, str]] = Counter()
    for each in report.outcomes if report else ():
        case = each.case
        if not each.passed or not each.standings or case.messages:
            continue
        if choose(seen.guideline, case.readings) != program.readings:
            continue
        stands: set[tuple[str, str]] = {
            (standing.rule.name, standing.status)
            for standing in each.standings
            if standing.status != "notApplicable"
        } or {NOTHING}
        if any(shown[one] < LIKE for one in stands):
            shown.update(stands)
            patient = _plain(case.patient)
            if isinstance(patient, dict):
                yield case, patient


def _shown(case: Case, found: Iterable[tuple[Case, Data]]) -> Data:
    """The recommendation that applies in this example and in the fewest others."""
    counted = Counter(
        name for other, _ in found for name, status in other.expected.items() if status == "applies"
    )
    names = [name for name, status in case.expected.items() if status == "applies"]
    return {"shows": min(names, key=lambda name: counted[name])} if names else {}


def _plain(node: Node) -> object:
    """A part of a patient file as JSON; numbers that JSON might round stay texts."""
    match node:
        case Scalar("null"):
            return None
        case Scalar("boolean", text):
            return text == "true"
        case Scalar("number", text):
            return int(text) if text.lstrip("-").isdigit() and len(text) < 12 else text
        case Scalar(_, text):
            return text
        case Sequence(items):
            return [_plain(each) for each in items]
        case Tree(entries):
            return {each.key: _plain(each.value) for each in entries}


def _common(patients: list[Data]) -> Data:
    """The patient beneath all examples: each value that most of them have."""
    base: Data = {}
    for part in (*PARTS, "now"):
        held = [patient.get(part) for patient in patients]
        if part == "now":
            base[part] = _usual(held)
            continue
        names = dict.fromkeys(name for each in held if isinstance(each, dict) for name in each)
        values = {
            name: _usual([each.get(name) if isinstance(each, dict) else None for each in held])
            for name in names
        }
        base[part] = {name: value for name, value in values.items() if value is not None}
    return base


def _usual(values: list[object]) -> object:
    """The value that more than half have; None where there is no such value."""
    for place, value in enumerate(values):
        if values.count(value) * 2 > len(values):
            return value
        if place * 2 > len(values):
            break
    return None


def _other(patient: Data, base: Mapping[str, object]) -> Data:
    """What an example has other than the patient beneath; null for what it does not state."""
    told: Data = {}
    if patient.get("now") != base["now"]:
        told["now"] = patient.get("now")
    for part in PARTS:
        here, below = patient.get(part), base[part]
        held: Data = here if isinstance(here, dict) else {}
        under: Data = below if isinstance(below, dict) else {}
        changed = {name: value for name, value in held.items() if under.get(name) != value}
        gone = {name: None for name in under if name not in held}
        if changed or gone:
            told[part] = {**changed, **gone}
    return {"patient": told} if told else {}
