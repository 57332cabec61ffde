"""``cases.yaml`` to cases, with everything that is wrong with the file at its line.

::

    defaults:                  # a patient beneath every case, merged key by key
      patient: {now: ..., anchors: {...}, facts: {...}, settings: {...}}
    cases:
      - id: low-admission-value
        name: Admission value just below the limit
        patient: {facts: {...}}
        readings: {POINT: CHOICE}
        expect: {applies: [...], provisional: [...], undetermined: [...], defeated: [...],
                 criteria: {CRITERION: true}, notCovered: false, messages: [CODE],
                 conflicts: [[ONE, OTHER]], outcomes: {REC: {modality: Should, action: ACT}}}

Every executable recommendation that ``expect`` does not list must be "not applicable". A criterion
is expected to be ``true``, ``false`` or ``null`` (not known); those that are not named may be
anything. ``outcomes`` says with which modality a recommendation advises which action, whatever its
status.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from guidegraph.diagnostic import Diagnostic, Location, Severity, in_order
from guidegraph.evaluate import Status
from guidegraph.model import Action, Guideline, InterpretationPoint, Reading
from guidegraph.patient.document import Entry, Node, Scalar, Sequence, read_document
from guidegraph.patient.document import Mapping as Tree
from guidegraph.suggestion import did_you_mean

LISTED: tuple[Status, ...] = ("applies", "provisional", "undetermined", "defeated")
"""The statuses a case lists; everything else must be not applicable."""

MERGED = ("anchors", "facts", "settings")
"""The parts of a patient that are merged key by key with the defaults."""

FORM_WORDS = {Tree: "names with values", Sequence: "a list", Scalar: "a single value"}
N = TypeVar("N", Tree, Sequence, Scalar)


@dataclass(frozen=True, slots=True)
class Advised:
    """What a recommendation advises: the code of its modality, and its action if it has one."""

    modality: str
    action: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A patient and what the guideline must say about it.

    ``expected`` maps recommendations to the status listed for them, ``criteria`` maps criteria to
    their answer (None: not known), ``outcomes`` recommendations to what they advise; ``places``
    says where each is named. ``messages`` are the codes of errors and warnings that reading the
    patient must give.
    """

    id: str
    name: str
    at: Location
    patient: Tree
    readings: Mapping[str, str]
    expected: Mapping[str, Status]
    places: Mapping[str, Location]
    criteria: Mapping[str, bool | None] = field(default_factory=dict)
    outcomes: Mapping[str, Advised] = field(default_factory=dict)
    not_covered: bool | None = None
    messages: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()


_document = lru_cache(maxsize=1)(read_document)
"""While somebody edits, the same cases are read again and again."""


def read_cases(
    text: str, name: str, guideline: Guideline
) -> tuple[tuple[Case, ...], tuple[Diagnostic, ...]]:
    """The cases of a file, and what is wrong with it; ``name`` is shown in places.

    A case with a fault is left out, with a finding.
    """
    root, findings = _document(text, name)
    reader = _Reader(guideline, list(findings))
    cases = tuple(reader.cases(root)) if root is not None else ()
    return cases, in_order(reader.findings)


def read_defaults(text: str, name: str) -> Tree | None:
    """The patient beneath every case of a file; None where it states none."""
    root, _ = _document(text, name)
    defaults = root.get("defaults") if isinstance(root, Tree) else None
    patient = defaults.get("patient") if isinstance(defaults, Tree) else None
    return patient if isinstance(patient, Tree) else None


@dataclass(slots=True)
class _Reader:
    guideline: Guideline
    findings: list[Diagnostic]
    known: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.known = tuple(r.id for r in self.guideline.recommendations if r.is_executable)

    def cases(self, root: Node) -> Iterator[Case]:
        """Every case without faults."""
        top = self._form(root, Tree, "the file")
        if top is None:
            return
        self._known_keys(top, ("defaults", "cases"), "the file")
        defaults = self._part(top, "defaults", Tree)
        if defaults:
            self._known_keys(defaults, ("patient",), "`defaults`")
        beneath = self._part(defaults, "patient", Tree)
        listed = self._part(top, "cases", Sequence)
        if listed is None or not listed.items:
            if not (listed is None and top.get("cases")):
                self._no_cases(top.at)
            return
        seen: dict[str, Location] = {}
        for item in listed.items:
            faults = len(self.findings)
            case = self._case(item, beneath)
            if case is not None and self._is_new(case, seen) and len(self.findings) == faults:
                yield case

    def _case(self, item: Node, beneath: Tree | None) -> Case | None:
        tree = self._form(item, Tree, "a case")
        if tree is None:
            return None
        self._known_keys(tree, ("id", "name", "patient", "readings", "expect"), "a case")
        identity = self._part(tree, "id", Scalar)
        expect = self._part(tree, "expect", Tree)
        if identity is None or expect is None:
            lacking = "id" if identity is None else "expect"
            if tree.get(lacking) is None:
                self._add("T001", tree.at, f"This case has no `{lacking}`.", _CASE_HELP)
            return None
        name = self._part(tree, "name", Scalar)
        patient = self._part(tree, "patient", Tree)
        expected, places = self._expected(expect)
        answers = self._answers(self._part(expect, "criteria", Tree), places)
        return Case(
            id=identity.text,
            name=name.text if name else identity.text,
            at=identity.at,
            patient=_merged(beneath, patient, tree.at),
            readings=self._readings(self._part(tree, "readings", Tree)),
            expected=expected,
            places=places,
            criteria=answers,
            outcomes=dict(self._outcomes(self._part(expect, "outcomes", Tree), places)),
            not_covered=self._yes_no(expect, "notCovered"),
            messages=tuple(sorted({each.text for each in self._texts(expect, "messages")})),
            conflicts=tuple(self._conflicts(self._part(expect, "conflicts", Sequence))),
        )

    def _expected(self, expect: Tree) -> tuple[dict[str, Status], dict[str, Location]]:
        known = (*LISTED, "criteria", "notCovered", "messages", "conflicts", "outcomes")
        self._known_keys(expect, known, "`expect`")
        expected: dict[str, Status] = {}
        places: dict[str, Location] = {}
        for status in LISTED:
            for each in self._texts(expect, status):
                if not self._is_known(each, self.known, "executable recommendation"):
                    continue
                if each.text in expected:
                    message = f"`{each.text}` is expected twice in the same case."
                    self._add("T005", each.at, message, "Keep the one that is meant.")
                expected[each.text] = status
                places[each.text] = each.at
        return expected, places

    def _answers(self, tree: Tree | None, places: dict[str, Location]) -> dict[str, bool | None]:
        """The expected answers of criteria; where each is named goes to ``places``."""
        known = [each.id for each in self.guideline.criteria]
        answers: dict[str, bool | None] = {}
        for each in tree.entries if tree else ():
            if not self._is_known(Scalar("string", each.key, each.at), known, "criterion"):
                continue
            value = self._form(each.value, Scalar, f"the answer of `{each.key}`")
            if value is None:
                continue
            if value.kind not in ("boolean", "null"):
                message = f"The answer of `{each.key}` should be true, false or null."
                self._add("T001", value.at, message, "Write null where it is not known.")
                continue
            answers[each.key] = None if value.kind == "null" else value.text == "true"
            places[each.key] = each.at
        return answers

    def _outcomes(
        self, tree: Tree | None, places: dict[str, Location]
    ) -> Iterator[tuple[str, Advised]]:
        """What recommendations are expected to advise; a second place is that of the outcome."""
        for each in tree.entries if tree else ():
            value = self._form(each.value, Tree, f"the outcome of `{each.key}`")
            name = Scalar("string", each.key, each.at)
            if value is None or not self._is_known(name, self.known, "executable recommendation"):
                continue
            self._known_keys(value, ("modality", "action"), "an outcome")
            modality, action = (self._part(value, key, Scalar) for key in ("modality", "action"))
            norms = [code for code, term in self.guideline.codes.items() if term.norm]
            actions = [action.id for action in self.guideline.all(Action)]
            if action is not None and not self._is_known(action, actions, "action"):
                continue
            if modality is not None and self._is_known(modality, norms, "modality"):
                places.setdefault(each.key, each.at)
                yield each.key, Advised(modality.text, action.text if action else None)

    def _conflicts(self, listed: Sequence | None) -> Iterator[tuple[str, str]]:
        for item in listed.items if listed else ():
            pair = self._form(item, Sequence, "a conflict")
            if pair is None:
                continue
            names = [self._form(each, Scalar, "a recommendation") for each in pair.items]
            if len(names) != 2:
                help_text = "Write it as [REC-1, REC-2]."
                self._add("T001", pair.at, "A conflict is between two recommendations.", help_text)
                continue
            found = sorted(
                each.text
                for each in names
                if each and self._is_known(each, self.known, "executable recommendation")
            )
            if len(found) == 2:
                yield found[0], found[1]

    def _readings(self, tree: Tree | None) -> dict[str, str]:
        points = {each.id: each for each in self.guideline.all(InterpretationPoint)}
        chosen = {}
        for each in tree.entries if tree else ():
            key = Scalar("string", each.key, each.at)
            value = self._form(each.value, Scalar, "a reading")
            if not self._is_known(key, points, "interpretation point") or value is None:
                continue
            names = self._reading_names(points[each.key])
            if self._is_known(value, names, f"reading of `{each.key}`"):
                chosen[each.key] = value.text
        return dict(sorted(chosen.items()))

    def _reading_names(self, point: InterpretationPoint) -> tuple[str, ...]:
        readings = [self.guideline.one(each, Reading) for each in point.readings]
        return tuple(name for each in readings for name in (*each.notation, each.id))

    def _is_new(self, case: Case, seen: dict[str, Location]) -> bool:
        if case.id in seen:
            self._add(
                "T004",
                case.at,
                f"Two cases are called `{case.id}`.",
                "Give one of them another id.",
                why=f"The first one stands in line {seen[case.id].line}.",
            )
            return False
        seen[case.id] = case.at
        return True

    def _is_known(self, name: Scalar, known: Collection[str], what: str) -> bool:
        if name.text in known:
            return True
        message = f"There is no {what} called `{name.text}`."
        self._add("T002", name.at, message, did_you_mean(name.text, known))
        return False

    def _known_keys(self, tree: Tree, known: tuple[str, ...], where: str) -> None:
        for each in tree.entries:
            if each.key not in known:
                message = f"`{each.key}` is not read here: {where} has no such part."
                self._add("T003", each.at, message, did_you_mean(each.key, known))

    def _texts(self, tree: Tree, key: str) -> Iterator[Scalar]:
        listed = self._part(tree, key, Sequence)
        for item in listed.items if listed else ():
            found = self._form(item, Scalar, f"an item of `{key}`")
            if found is not None:
                yield found

    def _yes_no(self, tree: Tree, key: str) -> bool | None:
        found = self._part(tree, key, Scalar)
        if found is None:
            return None
        if found.kind != "boolean":
            self._add("T001", found.at, f"`{key}` should be true or false.", _CASE_HELP)
            return None
        return found.text == "true"

    def _part(self, tree: Tree | None, key: str, form: type[N]) -> N | None:
        """The value under a key; None where there is none, with a finding where it has no form."""
        found = tree.get(key) if tree else None
        return None if found is None else self._form(found, form, f"`{key}`")

    def _form(self, node: Node, form: type[N], what: str) -> N | None:
        if isinstance(node, form):
            return node
        message = f"{what[0].upper()}{what[1:]} should be {FORM_WORDS[form]}."
        self._add("T001", node.at, message, _CASE_HELP)
        return None

    def _no_cases(self, at: Location) -> None:
        self._add(
            "T006",
            at,
            "There are no cases.",
            "Write at least one patient for each recommendation under `cases:`.",
            severity=Severity.WARNING,
        )

    def _add(
        self,
        code: str,
        at: Location,
        message: str,
        help_text: str,
        why: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.findings.append(
            Diagnostic(
                code=code, severity=severity, message=message, at=at, why=why, help=help_text
            )
        )


_CASE_HELP = "A case has the form {id: ..., patient: {facts: {...}}, expect: {applies: [...]}}."


def _merged(beneath: Tree | None, over: Tree | None, at: Location) -> Tree:
    """A patient over the default one. Facts, anchors and settings merge name by name."""
    if beneath is None or over is None:
        return over or beneath or Tree((), at)
    entries = {each.key: each for each in beneath.entries}
    for each in over.entries:
        below = entries.get(each.key)
        value = each.value
        held = below.value if below and each.key in MERGED else None
        if isinstance(held, Tree) and isinstance(value, Tree):
            value = _overlaid(held, value)
        entries[each.key] = Entry(each.key, value, each.at)
    return Tree(tuple(entries.values()), over.at)


def _overlaid(below: Tree, over: Tree) -> Tree:
    names = {each.key for each in over.entries}
    kept = tuple(each for each in below.entries if each.key not in names)
    return Tree((*kept, *over.entries), over.at)
