"""Why a condition is true, false or unknown: down to datum, threshold, passage and claim.

The trace of a rule is a tree of lines, one per named criterion, pruned to what decides: of a true
"all of" every part, of a false one only the false parts, of an unknown one only the unknown parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

from guidegraph import formula
from guidegraph.criteria import Criterion, Limited, ScoreItem
from guidegraph.entity import Entity, references
from guidegraph.entity import Ref as Name
from guidegraph.evaluate.data import DatumUse, Ledger
from guidegraph.evaluate.evidence import ClaimUse, Evidence, Limit, PassageUse
from guidegraph.evaluate.fields import present
from guidegraph.kernel import (
    Agg,
    And,
    Assume,
    Bool,
    Cmp,
    In,
    Meaning,
    Node,
    Not,
    Or,
    Ref,
    Score,
    Truth,
    walk,
)
from guidegraph.lower import DIMENSIONLESS, PURE, GuidelineScope
from guidegraph.model import Guideline, InterpretationPoint, Observable, Reading, Threshold
from guidegraph.program import Program

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True)
class Points:
    """A score for one patient: points needed, points reached, and points still possible."""

    at_least: int
    reached: int
    possible: int

    def to_json(self) -> dict[str, int]:
        """``{"atLeast", "reached", "possible"}``."""
        return {"atLeast": self.at_least, "reached": self.reached, "possible": self.possible}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One line of a trace. ``kind`` says what ``id`` names; a bare comparison has no ``id``.

    ``form`` says how the children combine, ``score`` how far a score is reached and ``points`` what
    this line adds to the score above it, ``reading`` which meaning of an interpretation point is in
    force, ``assumed`` why an unknown was taken as known.
    """

    id: str | None
    kind: str
    label: str
    value: Truth
    form: str | None = None
    score: Points | None = None
    points: int | None = None
    reading: tuple[str, str, str] | None = None
    assumed: str | None = None
    data: tuple[DatumUse, ...] = ()
    thresholds: tuple[Limit, ...] = ()
    passages: tuple[PassageUse, ...] = ()
    claims: tuple[ClaimUse, ...] = ()
    children: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The line as JSON; ``value`` is always there (null: unknown), empty fields are not."""
        head: dict[str, Any] = {self.kind: self.id} if self.id else {}
        reading = self.reading and dict(
            zip(("point", "reading", "label"), self.reading, strict=True)
        )
        return {
            **head,
            "label": self.label,
            "value": self.value,
            **present(
                form=self.form,
                score=self.score and self.score.to_json(),
                points=self.points,
                reading=reading,
                assumed=self.assumed,
                data=[each.to_json() for each in self.data],
                thresholds=[each.to_json() for each in self.thresholds],
                passages=[each.to_json() for each in self.passages],
                claims=[each.to_json() for each in self.claims],
                children=[each.to_json() for each in self.children],
            ),
        }


@dataclass(frozen=True, slots=True)
class Fragment:
    """What the line of a criterion says whoever the patient is.

    ``data`` are those of a criterion that refers to no other. A limit that depends on the patient
    or the site stands as its use.
    """

    condition: Bool
    label: str
    data: tuple[Agg | Ref, ...]
    is_leaf: bool
    items: tuple[ScoreItem, ...]
    reading: tuple[str, str, str] | None
    limits: tuple[Limit | Limited, ...]
    passages: tuple[PassageUse, ...]
    claims: tuple[ClaimUse, ...]


@dataclass(frozen=True, slots=True)
class Tracer:
    """Explains conditions for one patient.

    ``whole`` is for where ``meant`` leaves out data that are known: the parts of what is unknown
    are told with all that is known, so that nothing known is called unknown.
    """

    guideline: Guideline
    program: Program
    meant: Meaning
    ledger: Ledger
    evidence: Evidence
    whole: Meaning | None = None
    fragments: dict[str, Fragment] = field(default_factory=dict)
    """Those of the criteria that were asked for: the same for every patient."""
    _told: dict[Ref | Cmp | In, Reason] = field(default_factory=dict, init=False)

    def why(self, node: Bool) -> tuple[Reason, ...]:
        """What decides a condition: each reason once, in the order of the condition."""
        if self.whole and self.meant.truth(node) is None:
            return replace(self, meant=self.whole, whole=None).why(node)
        return tuple({(each.kind, each.id, each.label): each for each in self._why(node)}.values())

    def criterion(self, name: str) -> Reason:
        """The line of a named criterion."""
        return self._reason(Ref("criterion", name))

    def _why(self, node: Bool) -> Iterator[Reason]:
        match node:
            case Not(operand):
                yield from self._why(operand)
            case And(operands):
                yield from self._whys(self._deciding(operands, self.meant.truth(node), True))
            case Or(operands):
                yield from self._whys(self._deciding(operands, self.meant.truth(node), False))
            case Score(_, items):
                yield from self._whys(self._scoring(items, self.meant.truth(node)))
            case Assume(operand, default, why) if self.meant.truth(operand) is None:
                yield Reason(
                    id=None, kind="assumption", label=why, value=default, children=self.why(operand)
                )
            case Assume(operand):
                yield from self._why(operand)
            case Ref() | Cmp() | In():
                yield self._reason(node)

    def _whys(self, nodes: Iterable[Bool]) -> Iterator[Reason]:
        for each in nodes:
            yield from self._why(each)

    def _deciding(
        self, operands: Iterable[Bool], truth: Truth, needs_every: bool
    ) -> Iterator[Bool]:
        """All operands where every one was needed for the answer, else those that gave it."""
        for each in operands:
            if truth is needs_every or self.meant.truth(each) is truth:
                yield each

    def _scoring(self, items: Iterable[tuple[Bool, int]], truth: Truth) -> Iterator[Bool]:
        """True items of a score that is reached, false items of one that cannot be, else both the
        true and the unknown ones: what counts already and what might."""
        for item, _ in items:
            answer = self.meant.truth(item)
            if answer is truth or (truth is None and answer is True):
                yield item

    def _reason(self, node: Ref | Cmp | In) -> Reason:
        if node not in self._told:
            self._told[node] = self._made(node)
        return self._told[node]

    def _made(self, node: Ref | Cmp | In) -> Reason:
        truth = self.meant.truth(node)
        match node:
            case Ref("criterion", name):
                return self._criterion(self.guideline.one(name, Criterion), truth)
            case Ref("rule", name):
                return Reason(
                    id=name,
                    kind="recommendation",
                    label=str(self.guideline[name].label),
                    value=truth,
                    children=self.why(self.meant.named[node]),
                )
            case _:
                data = tuple(self.ledger.uses(node))
                label = ", ".join(dict.fromkeys(each.label for each in data))
                return Reason(id=None, kind="condition", label=label, value=truth, data=data)

    def _criterion(self, found: Criterion, truth: Truth) -> Reason:
        known = self.fragments.get(found.id)
        if known is None:
            known = self.fragments[found.id] = self._fragment(found)
        children = () if known.is_leaf else self.why(known.condition)
        return Reason(
            id=found.id,
            kind="criterion",
            label=known.label,
            value=truth,
            form=found.connective,
            score=self._points(known.condition) if known.items else None,
            reading=known.reading,
            data=tuple(use for each in known.data for use in self.ledger.of(each)),
            thresholds=tuple(self._limits(known)) if known.limits else (),
            passages=known.passages,
            claims=known.claims,
            children=(tuple(self._items(known.items, truth)) if known.items else ()) or children,
        )

    def _fragment(self, found: Criterion) -> Fragment:
        condition = self.meant.named[Ref("criterion", found.id)]
        parts = dict.fromkeys(walk(condition))
        is_leaf = not any(_is_named(part) for part in parts)
        return Fragment(
            condition=condition,
            label=str(found.label) or found.id,
            data=tuple(each for each in parts if isinstance(each, Agg | Ref)) if is_leaf else (),
            is_leaf=is_leaf,
            items=self._named(found, ScoreItem),
            reading=self._reading(found),
            limits=tuple(self._fixed(found)),
            passages=self.evidence.passages(found),
            claims=self.evidence.claims(found.id),
        )

    def _named(self, thing: Entity, kind: type[E]) -> tuple[E, ...]:
        """The things of a kind that a thing refers to, in order."""
        held = (self.guideline.get(name, kind) for _, name in references(thing))
        return tuple(each for each in held if each is not None)

    # --- scores ---

    def _points(self, condition: Bool) -> Points | None:
        if not isinstance(condition, Score):
            return None
        answers = [(self.meant.truth(item), points) for item, points in condition.items]
        return Points(
            at_least=condition.at_least,
            reached=sum(points for answer, points in answers if answer is True),
            possible=sum(points for answer, points in answers if answer is not False),
        )

    def _items(self, items: Iterable[ScoreItem], truth: Truth) -> Iterator[Reason]:
        """The items that decide: those that count, that cannot, or that count or still might."""
        best: dict[str, int] = {}
        told = [(each, self._reason(Ref("criterion", each.operand))) for each in items]
        for item, reason in told:
            if item.score_group and reason.value:
                best[item.score_group] = max(item.points, best.get(item.score_group, 0))
        for item, reason in told:
            is_outdone = item.points < best.get(item.score_group or "", 0)
            decides = reason.value is truth or (truth is None and reason.value is True)
            if decides and not is_outdone:
                yield replace(reason, points=item.points)

    # --- limits ---

    def _fixed(self, found: Criterion) -> Iterator[Limit | Limited]:
        """The limits of a criterion, each worked out already if it is the same for everybody."""
        for each in found.limits():
            threshold = self.guideline.get(each.threshold, Threshold)
            if threshold is None:
                continue
            if threshold.site_parameter or threshold.formula:
                yield each
            elif quantity := threshold.executable_quantity:
                yield self.evidence.limit(threshold, Fraction(quantity.value), quantity.unit)
            else:
                yield self.evidence.limit(threshold, None, None)

    def _limits(self, known: Fragment) -> Iterator[Limit]:
        for each in known.limits:
            if isinstance(each, Limit):
                yield each
                continue
            threshold = self.guideline.one(str(each.threshold), Threshold)
            if threshold.site_parameter:
                value, unit = self.ledger.quantity_setting(threshold.site_parameter)
                yield self.evidence.limit(threshold, value, unit)
            else:
                yield self._calculated(threshold, each)

    def _calculated(self, threshold: Threshold, use: Limited) -> Limit:
        """A limit by formula, as it comes out for this patient."""
        scope = GuidelineScope(self.guideline, self.program.readings)
        number = scope.limit(Name(threshold.id), use.observable, use.selector)
        unit = self.guideline.one(use.observable, Observable).canonical_unit
        tree = formula.parse(threshold.formula or "")
        return self.evidence.limit(
            threshold,
            formula.value(number, self.meant),
            PURE if use.selector in DIMENSIONLESS else unit,
            formula.worked(tree, lambda each: self._with_value(each, scope), scope, self.meant),
        )

    def _with_value(self, tree: formula.Name | formula.Pick, scope: GuidelineScope) -> str:
        """``Age (71 years)``."""
        if isinstance(tree, formula.Name) and (named := self.guideline.get(tree.name, Criterion)):
            return str(named.label) or named.id
        name = formula.picked(tree, self._label)
        values = [each.words for each in self.ledger.of(formula.datum(tree, scope))]
        return f"{name} ({', '.join(values)})"

    def _label(self, name: str) -> str:
        return str(self.guideline[name].label) or name

    def _reading(self, found: Criterion) -> tuple[str, str, str] | None:
        """The point, the reading in force, and its label."""
        for point in self._named(found, InterpretationPoint):
            reading = self.guideline.one(self.program.readings[point.id], Reading)
            return point.id, reading.id, str(reading.label)
        return None


def _is_named(part: Node) -> bool:
    return isinstance(part, Ref) and part.kind in ("criterion", "rule")
