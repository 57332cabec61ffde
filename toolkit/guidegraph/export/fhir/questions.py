"""What has to be asked of people, and the codes in which the answers are given."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.export.fhir.elements import Publication, Resource, stated
from guidegraph.export.words import clean
from guidegraph.model import Action, ClinicalJudgement, CodedValue, CodeTerm, Observable
from guidegraph.program import Input

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
EXTRACTED = f"{SDC}sdc-questionnaire-observationExtract"
"""Says that an answer becomes an Observation with the code of its item: what the logic reads."""


def questionnaire_name(told: Publication) -> str:
    """The id of the questionnaire."""
    return f"{told.loaded.guideline_id}-questions"


def questionnaire(told: Publication) -> Resource:
    """The questions that only people can answer: judgements first, then other yes/no and codes.

    Leaving one out means that it is not known, which is never the same as no.
    """
    inputs = [each for each in told.loaded.program.inputs if each.kind in ("boolean", "code")]
    judged = [each for each in inputs if _is_judgement(told, each)]
    others = [each for each in inputs if not _is_judgement(told, each)]
    groups = [("judgement", "Clinical judgement", judged), ("known", "What is known", others)]
    return told.resource(
        "Questionnaire",
        questionnaire_name(told),
        f"Questions of {clean(str(told.guideline.header.label)) or 'the guideline'}",
        subjectType=["Patient"],
        description="What is left out is not known, which is never the same as no.",
        item=[
            stated(linkId=name, text=title, type="group", item=[_item(told, e) for e in asked])
            for name, title, asked in groups
            if asked
        ],
    )


def _is_judgement(told: Publication, each: Input) -> bool:
    return told.guideline.get(each.name, ClinicalJudgement) is not None


def _item(told: Publication, each: Input) -> Resource:
    return stated(
        extension=[{"url": EXTRACTED, "valueBoolean": True}],
        linkId=each.name,
        code=[told.coding(each.name, each.label)],
        text=clean(each.question or each.label),
        type="boolean" if each.kind == "boolean" else "choice",
        required=False,
        answerOption=[
            {"valueCoding": told.coding(code, _meaning(told, code))} for code in each.codes
        ],
    )


def _meaning(told: Publication, code: str) -> str:
    for each in told.guideline.all(CodedValue):
        if each.wire_code == code:
            return str(each.label) or code
    return code


def code_system(told: Publication) -> Resource:
    """Every code the other resources use: data, their answers, actions, recommendations, words."""
    concepts: dict[str, str] = {}
    for each in told.guideline.all(Observable):
        concepts.setdefault(each.id, str(each.label) or each.id)
    for value in told.guideline.all(CodedValue):
        concepts.setdefault(value.wire_code, str(value.label) or value.wire_code)
    for action in told.guideline.all(Action):
        concepts.setdefault(action.id, str(action.label) or action.id)
    for rule in told.loaded.program.rules:
        concepts.setdefault(rule.name, rule.label or rule.name)
    concepts.update((name, str(term.label) or name) for name, term in _terms(told))
    return told.resource(
        "CodeSystem",
        f"{told.loaded.guideline_id}-codes",
        f"Codes of {clean(str(told.guideline.header.label)) or 'the guideline'}",
        content="complete",
        caseSensitive=True,
        count=len(concepts),
        concept=[{"code": name, "display": clean(label)} for name, label in concepts.items()],
    ) | {"url": told.system}


def _terms(told: Publication) -> Iterator[tuple[str, CodeTerm]]:
    """The modalities, strengths and certainties that recommendations have."""
    for rule in told.guideline.recommendations:
        for code in (rule.modality, rule.strength, rule.certainty):
            if code in told.guideline.codes:
                yield code, told.guideline.codes[code]
