"""How advice and evidence were appraised: what was recorded, and what was not."""

from __future__ import annotations

from guidegraph.entity import Entity
from guidegraph.model import (
    Appraisal,
    CodeTerm,
    DeclaredInterest,
    Dissent,
    Recommendation,
    Vote,
)
from guidegraph.site.blocks import Line, Row, Section, Table, fact, facts, words
from guidegraph.site.safe import slug
from guidegraph.site.view import View, joined
from guidegraph.wording import readable

NOTE = (
    "Judgements are shown as somebody recorded them, with who, when and why. Nothing is derived "
    "from the wording of the advice or from its evidence."
)
DOMAINS = "AppraisalDomain"
STATED = ("StrengthOfRecommendation", "CertaintyOfEvidence")
"""The domains whose judgement a recommendation states itself."""


def appraisal(seen: View, advice: Recommendation) -> Section:
    """Strength, certainty and all else that can be judged about a recommendation."""
    tables = (
        _judgements(seen, advice),
        _votes(seen, advice),
        _interests(seen, advice),
        _dissent(seen, advice),
    )
    return Section(
        "Appraisal",
        (
            facts(
                fact("Strength", _grade(seen, advice.strength)),
                fact("Certainty of evidence", _grade(seen, advice.certainty)),
                fact("Not recorded", words(_missing(seen, advice, tables))),
            ),
            *(each for each in tables if each.rows),
        ),
        anchor="appraisal",
        note=NOTE,
    )


def judgements(seen: View, thing: Entity) -> Section:
    """What was judged about a claim or a study; nothing where nobody judged it."""
    tables = (_judgements(seen, thing), _dissent(seen, thing))
    held = tuple(each for each in tables if each.rows)
    return Section("Appraisal", held, anchor="appraisal", note=NOTE)


def _grade(seen: View, code: str) -> Line:
    if code == "NotStated":
        return words("not stated by the source", style="quiet")
    return words(seen.guideline.words(code))


def _missing(seen: View, advice: Recommendation, tables: tuple[Table, ...]) -> str:
    """Everything that could have been recorded and was not."""
    judged = {each.domain for each in _of(seen, advice)}
    domains = [
        str(each.label)
        for each in _domains(seen)
        if each.id not in judged and each.id not in STATED
    ]
    others = [each.caption.lower() for each in tables[1:] if not each.rows]
    return ", ".join((*domains, *others))


def _domains(seen: View) -> list[CodeTerm]:
    found = [each for each in seen.guideline.codes.values() if DOMAINS in each.schemes]
    return sorted(found, key=lambda each: (each.rank or 0, each.id))


def _of(seen: View, thing: Entity) -> list[Appraisal]:
    """The appraisals of a thing in the order of their domains."""
    order = [each.id for each in _domains(seen)]
    found = [each for each in seen.guideline.all(Appraisal) if each.appraises == thing.id]
    return sorted(found, key=lambda each: order.index(each.domain) if each.domain in order else -1)


def _judgements(seen: View, thing: Entity) -> Table:
    rows = tuple(
        Row(
            (
                words(seen.guideline.words(each.domain)),
                words(seen.guideline.words(each.judgement), style="tag"),
                seen.wording.said(each.rationale),
                *_record(seen, each.attributed_to, each.created),
            ),
            anchor=slug(each.id),
        )
        for each in _of(seen, thing)
    )
    columns = ("What is judged", "Judgement", "Why", "By", "On")
    return Table("Judgements", columns, rows)


def _votes(seen: View, advice: Recommendation) -> Table:
    rows = tuple(
        Row(
            (
                words(readable(each.votes_for), style="figure"),
                words(readable(each.votes_against), style="figure"),
                words(readable(each.abstentions), style="figure"),
                words("not stated", style="quiet")
                if each.quorum is None
                else words(readable(each.quorum), style="figure"),
                *_record(seen, each.attributed_to, each.created),
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(Vote)
        if each.voted_on == advice.id
    )
    return Table("Votes", ("For", "Against", "Abstained", "Quorum", "By", "On"), rows)


def _interests(seen: View, advice: Recommendation) -> Table:
    """Interests declared about this recommendation, or about the guideline as a whole."""
    rows = tuple(
        Row(
            (
                seen.wording.said(each.statement),
                seen.wording.said(each.management),
                *_record(seen, each.attributed_to, each.created),
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(DeclaredInterest)
        if advice.id in each.concerns or not each.concerns
    )
    return Table("Declared interests", ("Declared", "What was done", "By", "On"), rows)


def _dissent(seen: View, thing: Entity) -> Table:
    """Who does not agree with a thing or with a judgement about it."""
    meant = {thing.id, *(each.id for each in _of(seen, thing))}
    rows = tuple(
        Row(
            (
                seen.wording.said(each.rationale),
                *_record(seen, each.attributed_to, each.created),
            ),
            anchor=slug(each.id),
        )
        for each in seen.guideline.all(Dissent)
        if not meant.isdisjoint(each.concerns)
    )
    return Table("Dissent", ("Why", "By", "On"), rows)


def _record(seen: View, agents: tuple[str, ...], created: str | None) -> tuple[Line, Line]:
    """By whom and when."""
    return joined([seen.wording.name(each) for each in agents]), words(created or "")
