"""Whether recorded appraisals fit each other, their domains and what the guideline states.

Nobody grades here. What a guideline states about strength and certainty must come from a judgement
that says who made it, when and why; where nobody made one, it is not stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.model import Appraisal, Guideline, Recommendation, Vote
from guidegraph.suggestion import alike
from guidegraph.wording import plural

NOT_STATED = "NotStated"
STATED = (
    ("gg:strength", "strength", "StrengthOfRecommendation"),
    ("gg:certainty", "certainty", "CertaintyOfEvidence"),
)
"""What a recommendation states, and the domain in which it is judged."""


def check_appraisal(guideline: Guideline) -> Iterator[Diagnostic]:
    """Everything this module checks."""
    appraisals = guideline.all(Appraisal)
    for each in appraisals:
        yield from _fit(guideline, each)
    for recommendation in guideline.recommendations:
        for term, word, domain in STATED:
            found = [
                each
                for each in appraisals
                if each.appraises == recommendation.id and each.domain == domain
            ]
            stated = getattr(recommendation, word)
            yield from _stated(guideline, recommendation, term, stated, found)
    yield from _conflicts(guideline, appraisals)
    for vote in guideline.all(Vote):
        yield from _vote(vote)


def _fit(guideline: Guideline, appraisal: Appraisal) -> Iterator[Diagnostic]:
    domain = guideline.codes.get(appraisal.domain)
    if domain is None or not domain.allows or appraisal.judgement in domain.allows:
        return
    near = alike(appraisal.judgement, domain.allows)
    yield Diagnostic(
        code="V201",
        severity=Severity.ERROR,
        message=f"`{appraisal.id}` judges {domain.label} as "
        f'"{guideline.words(appraisal.judgement)}", which is no judgement of that domain.',
        at=appraisal.place_of("gg:judgement"),
        why="Each domain has judgements of its own; those of another domain say nothing here.",
        help=(f"Did you mean code:{near[0]}? " if near else "")
        + f"This domain allows: {', '.join(f'code:{each}' for each in domain.allows)}.",
        subject=appraisal.id,
    )


def _stated(
    guideline: Guideline,
    recommendation: Recommendation,
    term: str,
    stated: str,
    found: list[Appraisal],
) -> Iterator[Diagnostic]:
    """A grade is stated if and only if it was judged, and as it was judged."""
    word = term.removeprefix("gg:")
    at = recommendation.place_of(term)
    if not found and stated != NOT_STATED:
        yield Diagnostic(
            code="V202",
            severity=Severity.ERROR,
            message=f"`{recommendation.id}` states the {word} "
            f'"{guideline.words(stated)}", and no appraisal says who judged so, when and why.',
            at=at,
            why="A grade without a judgement behind it cannot be told from one that was guessed.",
            help=f"Add a gg:Appraisal of it in the domain code:{_domain(term)} with the judgement "
            f"of the source, or state code:NotStated.",
            subject=recommendation.id,
        )
    if found and all(each.judgement != stated for each in found):
        yield Diagnostic(
            code="V203",
            severity=Severity.ERROR,
            message=f"`{recommendation.id}` states the {word} "
            f'"{guideline.words(stated)}", and it was judged '
            f'"{guideline.words(found[0].judgement)}" (`{found[0].id}`).',
            at=at,
            why="Both speak of the same judgement; one of them is wrong or out of date.",
            help="Compare both with the source, and state what was judged.",
            subject=recommendation.id,
            related=tuple((each.place_of("gg:judgement"), f"`{each.id}`") for each in found),
        )


def _domain(term: str) -> str:
    return next(domain for each, _, domain in STATED if each == term)


def _conflicts(guideline: Guideline, appraisals: tuple[Appraisal, ...]) -> Iterator[Diagnostic]:
    """One group judges one thing once in a domain."""
    first: dict[tuple[str, str, str], Appraisal] = {}
    for each in appraisals:
        rivals = [
            first.setdefault((each.appraises, each.domain, agent), each)
            for agent in each.attributed_to
        ]
        rival = next((other for other in rivals if other.judgement != each.judgement), None)
        if rival is None:
            continue
        yield Diagnostic(
            code="V204",
            severity=Severity.ERROR,
            message=f"`{rival.id}` and `{each.id}` are by the same group about "
            f'{guideline.words(each.domain)} of `{each.appraises}`: "'
            f'{guideline.words(rival.judgement)}" and "{guideline.words(each.judgement)}".',
            at=each.place_of("gg:judgement"),
            why="Nobody can tell which of the two judgements holds.",
            help="Keep the one that holds. Who does not agree with it records a gg:Dissent.",
            subject=each.id,
            related=((rival.place_of("gg:judgement"), f"`{rival.id}`"),),
        )


def _vote(vote: Vote) -> Iterator[Diagnostic]:
    if vote.cast == 0:
        yield Diagnostic(
            code="V205",
            severity=Severity.ERROR,
            message=f"Nobody took part in the vote `{vote.id}`.",
            at=vote.place_of("gg:votesFor"),
            why="A vote of nobody decides nothing and looks as if somebody had agreed.",
            help="Enter the numbers as recorded; where no vote was held, record none.",
            subject=vote.id,
        )
    elif vote.quorum is not None and vote.cast < vote.quorum:
        yield Diagnostic(
            code="V206",
            severity=Severity.WARNING,
            message=f"{plural(vote.cast, 'person', 'people')} took part in the vote `{vote.id}`, "
            f"and its quorum is {vote.quorum}.",
            at=vote.place_of("gg:quorum"),
            why="By its own rule the vote does not count.",
            help="Check the numbers; if they are right, say in a skos:scopeNote what was decided.",
            subject=vote.id,
        )
