"""A small guideline with one thing of every kind, built by hand: for tests of the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from guidegraph.cases import BranchCoverage, Case, Coverage, Outcome, Report, RuleCoverage
from guidegraph.criteria import (
    ComparisonCriterion,
    Criterion,
    FindingCriterion,
    InterpretedCriterion,
    JudgementCriterion,
    LogicalCriterion,
    MembershipCriterion,
    RangeCriterion,
    TrendCriterion,
)
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Code, Entity, Iri, Quantity, QuantityRange, Ref, Text, Ucum
from guidegraph.explain import Explanation
from guidegraph.export import ExportInput
from guidegraph.export.pictures import PicturesExporter
from guidegraph.model import (
    ActionNode,
    Agent,
    Anchor,
    Appraisal,
    Biomarker,
    Branch,
    CarePathway,
    Citation,
    ClinicalDefinition,
    ClinicalFinding,
    ClinicalJudgement,
    CodedValue,
    CodeTerm,
    Concept,
    DecisionNode,
    DeclaredInterest,
    Discrepancy,
    Dissent,
    EndNode,
    EvidenceClaim,
    EvidenceRelation,
    Guideline,
    Header,
    ImagingAction,
    InterpretationPoint,
    LaboratoryTestAction,
    MedicationAction,
    PatientCharacteristic,
    Population,
    Reading,
    Recommendation,
    RecommendationGroup,
    Selector,
    SiteParameter,
    SourceDocument,
    SourcePassage,
    StartNode,
    Study,
    Threshold,
    TimeWindow,
    Vote,
)
from guidegraph.query.named import NamedQuery, Parameter
from guidegraph.site.content import Download, QueryResult, SiteContent
from site_evidence_example import numbers

NAMESPACE = "https://example.org/marker/"
UNIT = Ucum("ug/L")
SVG = (
    '<?xml version="1.0"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200">'
    '<a href="#elsewhere" data-node="n-ask"><text>?</text></a>'
    '<a href="#gone" data-node="nowhere"><text>!</text></a></svg>'
)


def en(words: str) -> Text:
    """English words."""
    return Text((("en", words),))


def make(kind: type[Any], name: str, label: str = "", **given: Any) -> Any:
    """A thing of the example, written at a line of its own."""
    place = Location("marker/guideline.ttl", 10 + len(name))
    return kind(
        id=name, iri=NAMESPACE + name, at=place, label=en(label or f"label of {name}"), **given
    )


def term(name: str, words: str, scheme: str, norm: str | None = None) -> CodeTerm:
    """A term of a code list."""
    iri = f"https://w3id.org/guidegraph/code/{name}"
    return CodeTerm(
        id=name, iri=iri, at=Location("ontology", 1), label=en(words), schemes=(scheme,), norm=norm
    )


def guideline() -> Guideline:
    """The whole example."""
    found = (
        header(),
        *people_and_sources(),
        *clinic(),
        *limits(),
        *criteria(),
        *advice(),
        *pathway(),
        *questions(),
        *evidence(),
        *numbers(make),
    )
    codes = (
        term("Should", "should", "Modality", "should"),
        term("CanBeConsidered", "can be considered", "Modality", "may"),
        term("NotStated", "not stated", "Strength"),
        term("LessThan", "less than", "Comparator"),
        term("Draft", "draft", "Status"),
        term("UnitError", "unit error", "DiscrepancyType"),
        term("PartlySupports", "partly supports", "Relation"),
        term("Completed", "completed", "EndReason"),
    )
    return Guideline(
        header=found[0],
        entities={each.id: each for each in found},
        codes={each.id: each for each in codes},
    )


def header() -> Header:
    """The guideline itself: its review date is past."""
    return make(
        Header,
        "guideline",
        "Marker in hospital",
        title=en("How to use the marker"),
        description=en("Advice on the marker."),
        version="2.1",
        namespace=NAMESPACE,
        issued="2020-04-01",
        modified="2024-05-06",
        review_by="2022-04-01",
        license=Iri("https://creativecommons.org/licenses/by/4.0/"),
        creators=("The encoders",),
        publisher="The publishers",
        jurisdiction=en("Utopia"),
        intended_use=en("For teaching."),
        sources=(Ref("doc"),),
        reference_anchor=Ref("admission"),
        note=en("The review date is ours."),
        status=Code("Draft"),
    )


def people_and_sources() -> tuple[Entity, ...]:
    """Documents, a passage, a citation and an agent."""
    return (
        make(Agent, "encoder", "The encoder"),
        make(
            SourceDocument,
            "doc",
            title=en("A report"),
            identifiers=("doi:10.1000/xyz123", "PMID 1"),
            citation="A. Author. A report. Journal 2020;1:1.",
            sha256="ab" * 32,
            notation=("DOC",),
        ),
        make(SourceDocument, "cited", title=en("An older report"), citation="B. 2019."),
        make(
            SourcePassage,
            "passage-1",
            document=Ref("doc"),
            locator="lines 1-2",
            selectors=(Selector(start=1000, end=1200, sha256="cd" * 32),),
            reported_texts=("<1,000 mg/L",),
        ),
        make(Citation, "cite-7", citing=Ref("doc"), cited=Ref("cited"), notation=("7",)),
    )


def clinic() -> tuple[Entity, ...]:
    """What is observed, done and named."""
    return (
        make(Anchor, "admission", "Admission"),
        make(
            TimeWindow,
            "on-admission",
            "On admission (half a day either way)",
            time_range=QuantityRange(low=Decimal(-12), high=Decimal("12.0"), unit=Ucum("h")),
            rationale=en("Blood is taken then."),
        ),
        make(Concept, "clot", "Clot", matches=(Iri("http://purl.obolibrary.org/obo/MONDO_1"),)),
        make(CodedValue, "status-yes", "Suspected", notation=("suspected",)),
        make(CodedValue, "status-no", "Excluded", notation=("excluded",)),
        make(
            Biomarker,
            "marker",
            "Marker",
            value_kind=Code("Series"),
            question=en("What is the marker?"),
            canonical_unit=UNIT,
            decimal_places=1,
            plausible_range=QuantityRange(low=Decimal(10), high=Decimal("200000.0"), unit=UNIT),
            exact_matches=(Iri("http://loinc.org/rdf/48065-7"),),
            definition=en("What is measured."),
            passages=(Ref("passage-1"),),
        ),
        make(
            PatientCharacteristic,
            "illness",
            "Illness",
            value_kind=Code("CodedValue"),
            coded_values=(Ref("status-yes"), Ref("status-no")),
        ),
        make(ClinicalFinding, "bleeding", "Bleeding", question=en("Does the patient bleed?")),
        make(ClinicalJudgement, "feasible", "Feasible", question=en("Can a scan be done?")),
        make(MedicationAction, "treat", "Treat", medication_class=Ref("clot")),
        make(ImagingAction, "scan", "Scan", target_conditions=(Ref("clot"),)),
        make(
            LaboratoryTestAction,
            "measure",
            "Measure the marker",
            observable=Ref("marker"),
            repeat_after=QuantityRange(low=Decimal(24), high=Decimal(48), unit=Ucum("h")),
            incompatible_with=(Ref("scan"),),
        ),
        make(
            Population,
            "everyone-ill",
            "Patients who may be ill",
            defining_criterion=Ref("c-ill"),
        ),
        make(
            ClinicalDefinition,
            "severe",
            "Severe",
            statement=en("Severe means high."),
            defining_criterion=Ref("c-all"),
        ),
    )


def limits() -> tuple[Entity, ...]:
    """Thresholds and site settings."""
    return (
        make(
            Threshold,
            "low",
            "Low limit",
            observable=Ref("marker"),
            reported_text="<1,000 mg/L",
            comparator=Code("LessThan"),
            executable_quantity=Quantity(value=Decimal("1000.0"), unit=UNIT),
            rationale=en("A misprint."),
            passages=(Ref("passage-1"),),
        ),
        make(
            Threshold,
            "high",
            "High limit",
            observable=Ref("marker"),
            comparator=Code("ComparatorNotStated"),
            site_parameter=Ref("strong"),
        ),
        make(
            SiteParameter,
            "strong",
            "Strong rise",
            value_kind=Code("Quantity"),
            observable=Ref("marker"),
            default_quantity=Quantity(value=Decimal(2000), unit=UNIT),
            permitted_range=QuantityRange(
                low=Decimal(2000), high=Decimal(4000), unit=UNIT, high_inclusive=False
            ),
            rationale=en("A range is printed."),
        ),
        make(
            SiteParameter,
            "algorithm",
            "Algorithm",
            value_kind=Code("CodedValue"),
            coded_values=(Ref("status-yes"), Ref("status-no")),
            default_coded_value=Ref("status-yes"),
        ),
    )


def criteria() -> tuple[Criterion, ...]:
    """One criterion of each form."""
    marker, window = Ref("marker"), Ref("on-admission")
    return (
        make(
            ComparisonCriterion,
            "c-low",
            observable=marker,
            observation_selector=Code("First"),
            time_window=window,
            comparator=Code("LessThan"),
            threshold=Ref("low"),
        ),
        make(
            ComparisonCriterion,
            "c-high",
            observable=marker,
            observation_selector=Code("Latest"),
            comparator=Code("GreaterThan"),
            threshold=Ref("high"),
        ),
        make(
            RangeCriterion,
            "c-between",
            observable=marker,
            low_threshold=Ref("low"),
            high_threshold=Ref("high"),
            low_inclusive=True,
            high_inclusive=False,
        ),
        make(
            TrendCriterion,
            "c-rise",
            observable=marker,
            observation_selector=Code("Highest"),
            comparator=Code("AtLeast"),
            trend_baseline=Code("First"),
            baseline_window=window,
            minimum_ratio=Decimal("2.0"),
        ),
        make(LogicalCriterion, "c-all", operator=Code("AllOf"), operands=_refs("c-low c-point")),
        make(
            LogicalCriterion,
            "c-some",
            operator=Code("AtLeast"),
            minimum_count=2,
            operands=_refs("c-bleeds c-feasible c-rise"),
        ),
        make(FindingCriterion, "c-bleeds", observable=Ref("bleeding"), is_illustrative=True),
        make(JudgementCriterion, "c-feasible", observable=Ref("feasible"), expected=False),
        make(
            MembershipCriterion,
            "c-ill",
            observable=Ref("illness"),
            coded_values=_refs("status-yes status-no"),
        ),
        make(
            InterpretedCriterion,
            "c-point",
            interpretation_point=Ref("point"),
            operands=_refs("c-high c-rise"),
        ),
    )


def _refs(names: str) -> tuple[Ref, ...]:
    return tuple(Ref(each) for each in names.split())


def advice() -> tuple[Entity, ...]:
    """Recommendations and their group."""
    return (
        make(RecommendationGroup, "group", "The printed list", definition=en("As printed.")),
        make(
            Recommendation,
            "rec-1",
            "Treat when low",
            statement=en("Treat those with a low marker."),
            direction=Code("For"),
            modality=Code("Should"),
            population=Ref("everyone-ill"),
            condition=Ref("c-all"),
            exception=Ref("c-bleeds"),
            reinforced_by=Ref("c-some"),
            action=Ref("treat"),
            implemented_by=(Ref("n-treat"),),
            part_of=(Ref("group"),),
            passages=(Ref("passage-1"),),
            rationale=en("Because."),
            status=Code("Draft"),
        ),
        make(
            Recommendation,
            "rec-2",
            "Scan instead",
            statement=en("A scan is an option."),
            direction=Code("For"),
            modality=Code("CanBeConsidered"),
            condition=Ref("c-between"),
            action=Ref("scan"),
            alternative_to=(Ref("rec-1"),),
            overrides=(Ref("rec-3"),),
            part_of=(Ref("rec-1"),),
        ),
        make(
            Recommendation,
            "rec-3",
            "A remark",
            direction=Code("Neither"),
            modality=Code("NotInTheList"),
            is_executable=False,
        ),
    )


def pathway() -> tuple[Entity, ...]:
    """One decision with three ways out, two of which end at the same place."""
    within = {"pathway": Ref("path")}
    return (
        make(
            CarePathway,
            "path",
            "Marker on the ward",
            start_node=Ref("n-start"),
            population=Ref("everyone-ill"),
        ),
        make(StartNode, "n-start", "Admitted", leads_to=Ref("n-ask"), **within),
        make(
            DecisionNode,
            "n-ask",
            question=en("Is the marker low?"),
            branches=_refs("b-unknown b-yes b-no"),
            **within,
        ),
        make(Branch, "b-yes", "Yes", position=1, criterion=Ref("c-low"), leads_to=Ref("n-treat")),
        make(Branch, "b-no", "No", position=2, role=Code("Otherwise"), leads_to=Ref("n-end")),
        make(
            Branch,
            "b-unknown",
            "Not known",
            position=3,
            role=Code("WhenUnknown"),
            leads_to=Ref("n-measure"),
        ),
        make(
            ActionNode, "n-treat", "Begin", actions=_refs("treat"), leads_to=Ref("n-end"), **within
        ),
        make(
            ActionNode,
            "n-measure",
            "Wait",
            actions=_refs("measure"),
            leads_to=Ref("n-end"),
            **within,
        ),
        make(EndNode, "n-end", "Done", end_reason=Code("Completed"), **within),
    )


def questions() -> tuple[Entity, ...]:
    """A phrase with two readings, and a misprint."""
    return (
        make(
            InterpretationPoint,
            "point",
            "What is a rise?",
            readings=_refs("read-twice read-level"),
            default_reading=Ref("read-level"),
            rationale=en("It is printed first."),
            attributed_to=_refs("encoder"),
        ),
        make(Reading, "read-twice", "Doubling", selects=_refs("c-rise")),
        make(Reading, "read-level", "Reaching a level", selects=_refs("c-high")),
        make(
            Discrepancy,
            "misprint",
            "mg/L is printed",
            discrepancy_type=Code("UnitError"),
            concerns=_refs("low passage-1 n-ask"),
            resolution=en("Executed in µg/L."),
            rationale=en("Nobody lives with that."),
            attributed_to=_refs("encoder"),
        ),
    )


def evidence() -> tuple[Entity, ...]:
    """A study, a claim and what it bears on."""
    return (
        make(
            Study,
            "study",
            "A cohort",
            sample_size=1449,
            setting=en("one hospital"),
            design=Code("Cohort"),
            reported_in=_refs("cited"),
        ),
        make(
            EvidenceClaim,
            "claim",
            "Fewer deaths",
            statement=en("Fewer died."),
            claim_type=Code("StudyFinding"),
            study=Ref("study"),
            sample_size=97,
            observables=_refs("marker"),
            reported_texts=("40% vs 64%",),
            citations=_refs("cite-7"),
        ),
        make(
            EvidenceRelation,
            "relation",
            evidence=Ref("claim"),
            target=Ref("rec-1"),
            relation_type=Code("PartlySupports"),
            rationale=en("Only in some."),
            attributed_to=_refs("encoder"),
        ),
        *appraised(),
    )


def appraised() -> tuple[Entity, ...]:
    """How one recommendation was judged, voted on and contested."""
    record: dict[str, Any] = {"attributed_to": _refs("encoder"), "created": "2026-11-21"}
    return (
        make(
            Appraisal,
            "appraisal",
            appraises=Ref("rec-1"),
            domain=Code("RiskOfBias"),
            judgement=Code("Serious"),
            rationale=en("Nobody was blinded."),
            **record,
        ),
        make(
            Vote,
            "vote",
            voted_on=Ref("rec-1"),
            votes_for=7,
            votes_against=1,
            abstentions=0,
            **record,
        ),
        make(
            DeclaredInterest,
            "interest",
            statement=en("Lectures for a maker."),
            management=en("Did not vote."),
            concerns=_refs("rec-1"),
            **record,
        ),
        make(
            Dissent,
            "dissent",
            concerns=_refs("appraisal"),
            rationale=en("Judged too mildly."),
            **record,
        ),
    )


def report(name: str = "A patient with a low marker") -> Report:
    """Two patients, one of whom is not as expected."""
    place = Location("marker/cases.yaml", 3)
    failure = Diagnostic(
        code="T101", severity=Severity.ERROR, message=f"{name} differs.", at=place, subject="rec-1"
    )

    def outcome(case: str, *findings: Diagnostic) -> Outcome:
        told: Any = {"patient": None, "readings": {}, "expected": {}, "places": {}}
        return Outcome(
            case=Case(id=case, name=name, at=place, **told),
            standings=(),
            meant=None,
            findings=findings,
        )

    covered = Coverage(
        rules=(RuleCoverage(rule="rec-1", at=place, counts={"applies": 1, "undetermined": 0}),),
        branches=(
            BranchCoverage(
                pathway="path", node="n-ask", branch="b-yes", label="Yes", at=place, count=1
            ),
        ),
    )
    return Report(
        outcomes=(outcome("one"), outcome("two", failure)), coverage=covered, findings=(failure,)
    )


def content(known: Guideline | None = None, words: str = "words", **given: Any) -> SiteContent:
    """Everything a site is built from; ``words`` stand wherever there is no guideline literal."""
    shown = known or guideline()
    finding = Diagnostic(
        code="F105",
        severity=Severity.WARNING,
        message=words,
        at=Location("marker/guideline.ttl", 12),
        help=words,
        subject="rec-1",
    )
    query = NamedQuery(
        name="limits",
        title=words,
        description=words,
        parameters=(Parameter(name="observable", type="iri", default="*", description=words),),
        text=f"SELECT ?limit\nWHERE {{ ?limit a gg:Threshold }} # {words}",
        file="limits.rq",
        example=f"guidegraph query limits {words}",
    )
    sections = (
        ("What it means", "It *means* `this`."),
        ("Example", "```turtle\nd:a d:b d:c .\n```"),
    )
    rows = ((NAMESPACE + "low", "https://w3id.org/guidegraph/code/Should", words, ""),)
    prepared: dict[str, Any] = {
        "guideline": shown,
        "findings": (finding,),
        "cases": report(words),
        "flowcharts": {"path": SVG},
        "pictures": pictures(shown),
        "queries": (QueryResult(query=query, columns=("a", "b", words, "d"), rows=rows),),
        "explanations": (Explanation("F105", "A value does not fit", Severity.ERROR, sections),),
        "downloads": (
            Download(path="graph/marker.nt", title=words, text="x\n", description=words),
        ),
    }
    return SiteContent(**{**prepared, **given})


def pictures(known: Guideline) -> dict[str, str]:
    """The pictures of a guideline's evidence by the name of their file."""
    made = PicturesExporter().export(ExportInput(guideline=known, program=None))  # type: ignore[arg-type]
    return {each.path.removeprefix("pictures/").removesuffix(".svg"): each.text for each in made}


def with_literals(known: Guideline, change: Callable[[str], str]) -> Guideline:
    """The guideline with every literal changed: texts, strings and lists of strings.

    Names, codes, units and dates stay; IRIs of other vocabularies are changed too.
    """

    def changed(thing: Entity) -> Entity:
        found: dict[str, Any] = {}
        for each in fields(thing):
            held, form = getattr(thing, each.name), str(each.type)
            if "term" not in each.metadata or each.name in ("issued", "modified", "review_by"):
                continue
            if isinstance(held, Text):
                found[each.name] = Text(tuple((tag, change(said)) for tag, said in held.words))
            elif form in ("str", "str | None", "Iri | None") and held:
                found[each.name] = change(held)
            elif form in ("tuple[str, ...]", "tuple[Iri, ...]"):
                found[each.name] = tuple(change(said) for said in held)
        return replace(thing, **found)

    entities = {name: changed(thing) for name, thing in known.entities.items()}
    codes: Any = {name: changed(thing) for name, thing in known.codes.items()}
    whole: Any = entities[known.header.id]
    return Guideline(header=whole, entities=entities, codes=codes)


def renamed(known: Guideline, change: Callable[[str], str]) -> Guideline:
    """The guideline with another local name for everything, in every reference too."""

    def changed(thing: Entity) -> Entity:
        found: dict[str, Any] = {"id": change(thing.id), "iri": NAMESPACE + change(thing.id)}
        for each in fields(thing):
            if "Ref" not in str(each.type):
                continue
            held = getattr(thing, each.name)
            if isinstance(held, tuple):
                found[each.name] = tuple(Ref(change(name)) for name in held)
            elif held:
                found[each.name] = Ref(change(held))
        return replace(thing, **found)

    entities = {change(name): changed(thing) for name, thing in known.entities.items()}
    whole: Any = entities[change(known.header.id)]
    return Guideline(header=whole, entities=entities, codes=known.codes)
