"""A decision as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from textwrap import wrap

from guidegraph.evaluate.data import REASONS, DatumUse
from guidegraph.evaluate.decision import Advice, Ask, Decision
from guidegraph.evaluate.evidence import ClaimUse, Limit, PassageUse
from guidegraph.evaluate.questions import Need, Question
from guidegraph.evaluate.status import Conflict, Status
from guidegraph.evaluate.trace import Reason
from guidegraph.kernel import NOW, Truth
from guidegraph.model import InterpretationPoint, Reading
from guidegraph.wording import moment, plural, stretch

WIDTH = 100
MARKS: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}
HEADINGS: dict[Status, str] = {
    "applies": "Applies",
    "provisional": "Applies, unless an exception not yet known holds",
    "undetermined": "Not determined: too little is known",
    "defeated": "Set aside by an exception or another recommendation",
    "notApplicable": "Does not apply",
}
UNTOLD = (REASONS["missing"], REASONS["null"])
CONFLICTS = {
    "hard": "cannot both be followed; the guideline does not say which goes first",
    "soft": "compete; the guideline does not say which goes first",
    "choice": "are options that exclude each other: a choice is left open",
}


def render(decision: Decision, show_all: bool = False) -> str:
    """The decision as text. Reasons of what does not apply are shown only with ``show_all``."""
    return "\n".join(Page(decision, show_all).lines()) + "\n"


class Page:
    """The lines of a decision."""

    def __init__(self, decision: Decision, show_all: bool) -> None:
        self.decision = decision
        self.guideline = decision.guideline
        self.show_all = show_all
        self.anchor = self.guideline.anchor_words

    def lines(self) -> Iterator[str]:
        """The whole decision."""
        header = self.guideline.header
        yield f"{header.title or header.label}, version {self.decision.program.version}"
        if adaptation := self.guideline.adaptation:
            yield from paragraph(
                f"Local adaptation of {adaptation.upstream.title or adaptation.upstream.label}, "
                f"version {adaptation.upstream.version}: what is local says so.",
                0,
            )
        if self.decision.is_not_covered:
            yield ""
            yield "Not covered by this guideline: none of its recommendations is for this patient."
        for status, heading in HEADINGS.items():
            if found := self.decision.with_status(status):
                yield from ("", f"{heading} ({len(found)})")
                for place, each in enumerate(found):
                    is_brief = status == "notApplicable" and not self.show_all
                    yield from ("",) if place and not is_brief else ()
                    yield from self.advice_lines(each, is_brief)
        yield from self._definitions()
        yield from self._section("Conflicts", map(self._conflict, self.decision.conflicts))
        yield from self._section("Gaps", (each.message for each in self.decision.gaps))
        yield from self._section("Find out next", map(self._question, self.decision.questions))
        yield from self._section("Readings in force", self._readings())

    def _definitions(self) -> Iterator[str]:
        """The terms that hold for the patient, with the reason; all of them with ``show_all``."""
        shown = [e for e in self.decision.definitions if e.reason.value or self.show_all]
        if shown:
            yield from ("", f"Definitions ({len(shown)})")
        for each in shown:
            outside = " (from outside the sources)" if each.definition.is_external else ""
            yield from paragraph(f"{each.definition.id}  {each.definition.label}{outside}", 2)
            yield from self._reason(each.reason, 4)

    def _section(self, heading: str, items: Iterable[str]) -> Iterator[str]:
        for place, item in enumerate(items):
            if not place:
                yield from ("", heading)
            yield from paragraph(item, 2)

    # --- one recommendation ---

    def advice_lines(self, advice: Advice, is_brief: bool) -> Iterator[str]:
        """One recommendation; only its name and label if ``is_brief``."""
        found = advice.recommendation
        yield from paragraph(f"{found.id}  {found.label}", 2)
        if is_brief:
            return
        is_in_force = advice.standing.is_in_force
        doing = f"{self.guideline.words(found.modality)}: {advice.action or found.label}"
        yield from paragraph(doing + self._grade(advice), 4)
        yield from paragraph(str(found.statement), 4)
        yield from self._reasons("because", advice.because)
        reinforced = advice.reinforced_by
        if reinforced and (reinforced.value or (reinforced.value is None and is_in_force)):
            yield from self._reasons("in particular because", (reinforced,))
        yield from self._reasons("unless", advice.unless)
        for each in advice.ask:
            yield from paragraph(f"to find out: {self._ask(each)}", 4)
        yield from paragraph(_passages(advice.passages), 4)
        for claim in advice.claims:
            yield from paragraph(_claim(claim), 4)

    def _grade(self, advice: Advice) -> str:
        found = advice.recommendation
        stated = [
            f"{name} {self.guideline.words(code)}"
            for name, code in (("strength", found.strength), ("certainty", found.certainty))
            if code != "NotStated"
        ]
        return f" ({', '.join(stated)})" if stated else ""

    def _reasons(self, word: str, reasons: tuple[Reason, ...]) -> Iterator[str]:
        if reasons:
            yield " " * 4 + word
            for each in reasons:
                yield from self._reason(each, 6)

    def _reason(self, reason: Reason, indent: int) -> Iterator[str]:
        of = f" ({reason.form}{_reached(reason)})" if reason.form and reason.children else ""
        counted = f"{plural(reason.points, 'point')}: " if reason.points else ""
        told = f"{MARKS[reason.value]} {counted}{reason.label}{of}"
        if reason.kind == "assumption":
            told = f"{MARKS[reason.value]} assumed: {reason.label}"
        yield from paragraph(told, indent)
        inner = indent + 2
        if reason.reading:
            yield from paragraph(f"read as: {reason.reading[2]} ({reason.reading[1]})", inner)
        for datum in _worth_saying(reason):
            yield from paragraph(self.datum_words(datum), inner)
        for limit in reason.thresholds:
            yield from paragraph(_limit(limit), inner)
            for claim in limit.claims:
                yield from paragraph(_claim(claim), inner)
        for claim in reason.claims:
            yield from paragraph(_claim(claim), inner)
        for child in reason.children:
            yield from self._reason(child, inner)

    # --- data and questions ---

    def datum_words(self, datum: DatumUse) -> str:
        """``D-dimer (highest) from 12 h after admission: 2,400 µg/L, 48 h after admission``."""
        window = stretch(*datum.window, self.anchor) if datum.window else ""
        name = f"{datum.label}{f' ({datum.selector})' if datum.selector else ''}"
        if datum.value is None:
            late = ", and that time has passed" if datum.is_indeterminable else ""
            when = f" {window}" if window else ""
            return f"{name}{when}: not known ({datum.reason}{late})"
        if datum.id == NOW.name and isinstance(datum.value, Fraction):
            return f"{name}: {moment(int(datum.value), self.anchor)}"
        if datum.minute is None and window:
            return f"{name} {window}: {datum.words}"
        when = f", {moment(datum.minute, self.anchor)}" if datum.minute is not None else ""
        given = f", stated as {datum.stated}" if datum.stated else ""
        return f"{name}: {datum.words}{when}{given}"

    def _ask(self, ask: Ask) -> str:
        if ask.need.is_indeterminable:
            when = stretch(ask.need.low, ask.need.high, self.anchor)
            return (
                f"{ask.input.label} {when} is not known and can no longer be measured; only a "
                "result that already exists can settle this"
            )
        reason = f" (what the file says cannot be used: {ask.reason})" if ask.reason else ""
        return f"{ask.input.question}{self._when(ask.need)}{reason}"

    def _when(self, need: Need) -> str:
        if not need.is_series:
            return ""
        window = stretch(need.low, need.high, self.anchor)
        return f" [{window}]" if window else ""

    def _question(self, question: Question) -> str:
        open_rules = len([each for each in self.decision.advice if each.standing.is_open])
        return (
            f"- {question.input.question}{self._when(question.need)} Settles at least "
            f"{question.at_least} of {open_rules} open recommendations"
            + (f"; can settle {', '.join(question.rules)}." if question.rules else ".")
        )

    def _conflict(self, conflict: Conflict) -> str:
        return f"- {conflict.rules[0]} and {conflict.rules[1]} {CONFLICTS[conflict.kind]}."

    def _readings(self) -> Iterator[str]:
        for name, chosen in sorted(self.decision.program.readings.items()):
            point = self.guideline.one(name, InterpretationPoint)
            reading = self.guideline.one(chosen, Reading)
            default = "" if chosen == point.default_reading else ", not the default"
            yield f"- {point.label}: {reading.label} ({name}={chosen}{default})"


def paragraph(text: str, indent: int) -> list[str]:
    """Text wrapped at the page's width, later lines two columns further in."""
    lead = " " * indent
    return wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead + "  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _worth_saying(reason: Reason) -> Iterator[DatumUse]:
    """The data of a line, without those that its label or its limit already tells."""
    limits = [each.setting for each in reason.thresholds]
    for datum in reason.data:
        is_answer = isinstance(datum.value, bool) or datum.reason in UNTOLD
        says_more = datum.selector or datum.by or datum.minute or datum.label != reason.label
        if datum.id not in limits and (says_more or not is_answer):
            yield datum


def _reached(reason: Reason) -> str:
    """``; 3 reached, 5 possible``."""
    score = reason.score
    return f"; {score.reached} reached, {score.possible} possible" if score else ""


def _limit(limit: Limit) -> str:
    setting = f" (site setting {limit.setting})" if limit.setting else ""
    setting += ", local" if limit.is_local else ""
    where = f"; {_passages(limit.passages)}" if limit.passages else ""
    where += "".join(f"; from outside: {each}" for each in limit.works)
    executed = limit.words or ("not known" if limit.working else "no number")
    if limit.working:
        executed += f"{' ' if limit.working.startswith('=') else ', '}{limit.working}"
    printed = f"printed “{limit.printed}”" if limit.printed else "not printed"
    return f"limit: {printed}, executed {executed}{setting}{where}"


def _passages(passages: tuple[PassageUse, ...]) -> str:
    return "; ".join(f"source: {each.document}, {each.locator or each.id}" for each in passages)


def _claim(claim: ClaimUse) -> str:
    study = f" ({claim.study})" if claim.study else ""
    return f"{claim.relation}: {claim.id}, {claim.statement}{study}"
