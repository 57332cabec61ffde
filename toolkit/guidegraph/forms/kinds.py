"""The kinds of things that ``guidegraph new`` makes, and what is asked about each, in order.

A recommendation is asked about in the order of BRIDGE-Wiz: when, who, what, to whom, how strongly,
why. What a source grades is never supplied here: what nobody states is ``NotStated``.
"""

from __future__ import annotations

from dataclasses import dataclass

from guidegraph.terms import expand


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, for one property, or for the first of several that is answered.

    ``default`` is the local name of a code; ``cls`` is the class whose property it is where that is
    not the kind's own; ``only_if`` is another property and the code that must have been chosen.
    """

    terms: tuple[str, ...]
    words: str
    is_required: bool = True
    default: str = ""
    cls: str = ""
    only_if: tuple[str, str] | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The properties as full IRIs."""
        return tuple(map(expand, self.terms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing: its word on the command line, its class, and how its names begin."""

    name: str
    cls: str
    stem: str
    questions: tuple[Question, ...]


def _ask(
    term: str,
    words: str,
    *others: str,
    optional: bool = False,
    default: str = "",
    cls: str = "",
    only_if: tuple[str, str] | None = None,
) -> Question:
    return Question(
        terms=(term, *others),
        words=words,
        is_required=not (optional or only_if),
        default=default,
        cls=cls,
        only_if=only_if,
    )


_LABEL = _ask("rdfs:label", "Short name, by which people find it")
_STATUS = _ask("gg:status", "How far it has come", default="Draft")
_PASSAGE = _ask("prov:wasDerivedFrom", "Passages of the source that it comes from")

KINDS: tuple[Kind, ...] = (
    Kind(
        name="recommendation",
        cls="gg:Recommendation",
        stem="REC",
        questions=(
            _ask("gg:condition", "When does it apply? (empty: always)", optional=True),
            _ask(
                "gg:exception",
                "When does it not apply, all the same? (empty: never)",
                optional=True,
            ),
            _ask("gg:statement", "Who should do what? One sentence of your own that says who acts"),
            _ask("gg:recommendsAction", "What action is it about?"),
            _ask("gg:direction", "For or against the action?"),
            _ask("gg:appliesTo", "To whom? The population"),
            _ask("gg:modality", "How strongly is it worded?"),
            _ask("gg:strength", "Which strength does the source state?", default="NotStated"),
            _ask("gg:certainty", "Which certainty does the source state?", default="NotStated"),
            _ask("prov:wasDerivedFrom", "Why? Passages of the source that it comes from"),
            _ask("gg:rationale", "Why is it encoded so? (may be empty)", optional=True),
            _LABEL,
            _STATUS,
        ),
    ),
    Kind(
        name="claim",
        cls="gg:EvidenceClaim",
        stem="CLM",
        questions=(
            _ask("gg:statement", "What is claimed? One sentence of your own"),
            _ask("gg:claimType", "What sort of statement is it?"),
            _PASSAGE,
            _ask("gg:aboutStudy", "Which study is it from? (may be empty)", optional=True),
            _ask(
                "gg:citation", "Which reference does the source give? (may be empty)", optional=True
            ),
            _LABEL,
            _STATUS,
        ),
    ),
    Kind(
        name="study",
        cls="gg:Study",
        stem="STU",
        questions=(
            _LABEL,
            _ask("gg:studyDesign", "Which design is stated?", default="NotStated"),
            _ask("gg:sampleSize", "How many took part? (may be empty)", optional=True),
            _ask("gg:reportedIn", "Which documents report it? (may be empty)", optional=True),
        ),
    ),
    Kind(
        name="threshold",
        cls="gg:Threshold",
        stem="THR",
        questions=(
            _ask("gg:observable", "What is it a limit of?"),
            _ask("gg:reportedText", "The limit as it is printed, figures and unit only"),
            _ask("gg:comparator", "Which comparison is printed?"),
            _ask(
                "gg:executableQuantity",
                "The limit that is executed, with its unit",
                "gg:siteParameter",
                "gg:formula",
            ),
            _PASSAGE,
            _LABEL,
        ),
    ),
    Kind(
        name="pathway",
        cls="gg:CarePathway",
        stem="PATH",
        questions=(
            _ask("gg:appliesTo", "Which patients enter it? The population"),
            _PASSAGE,
            _ask("gg:performsAction", "What is done first?", cls="gg:ActionNode"),
            _ask("gg:endReason", "Why does it end after that?", cls="gg:EndNode"),
            _ask(
                "gg:continuesIn",
                "In which pathway does the patient go on?",
                cls="gg:EndNode",
                only_if=("gg:endReason", "SeeOtherPathway"),
            ),
            _LABEL,
        ),
    ),
)
"""What can be made, beside a whole guideline."""


def kind(name: str) -> Kind:
    """The kind of this name."""
    return next(each for each in KINDS if each.name == name)
