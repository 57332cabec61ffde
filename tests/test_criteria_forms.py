"""What each form of condition means, how it is traced and read, and what a new one costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forms_example as forms
from guidegraph import resources
from guidegraph.agree import EXECUTORS, Executor
from guidegraph.check import check_model
from guidegraph.check.circles import check_circles
from guidegraph.criteria import (
    FORMS,
    AssumedCriterion,
    ComparisonCriterion,
    Criterion,
    JudgementCriterion,
    Limited,
    LogicalCriterion,
    Named,
    Phrase,
    RecommendationCriterion,
    RetestCriterion,
    Scope,
    ScoreCriterion,
    ScoreItem,
)
from guidegraph.criteria.combinations import increments
from guidegraph.entity import Code, Quantity, QuantityRange, Ucum, many, of
from guidegraph.entity import Ref as Name
from guidegraph.evaluate import decide
from guidegraph.evaluate.text import render
from guidegraph.evaluate.trace import Points, Reason
from guidegraph.export import ExportInput
from guidegraph.export.words import Words
from guidegraph.kernel import (
    NOW,
    Agg,
    And,
    Arith,
    Assume,
    Bool,
    Cmp,
    Cond,
    Const,
    In,
    Meaning,
    Not,
    Or,
    Ref,
    Score,
    compare,
)
from guidegraph.lower import LowerError, lower
from guidegraph.model import (
    Biomarker,
    Guideline,
    PatientCharacteristic,
    Recommendation,
    Threshold,
    TimeWindow,
)
from guidegraph.patient import read_patient
from guidegraph.pipeline import load
from guidegraph.scaffold import new
from guidegraph.site.addresses import Addresses
from guidegraph.site.words import Wording
from guidegraph.wire import wire
from pathway_example import guideline as guideline_of
from pathway_example import make
from random_programs import meaning, patients, statuses

AGE_71 = {"value": "71", "unit": "a"}


def condition(name: str, guideline: Guideline | None = None) -> Bool:
    """What a criterion lowers to."""
    program = lower(guideline or forms.guideline())
    return next(each.condition for each in program.criteria if each.name == name)


def line(guideline: Guideline, name: str) -> str:
    """A criterion in clinical words."""
    wording = Wording(guideline, Addresses(guideline))
    return "".join(each.text for each in wording.line(guideline.one(name, Criterion)))


def find(reasons: tuple[Reason, ...], name: str) -> Reason:
    """The line of a criterion in a trace."""
    return next(each for each in reasons if each.id == name)


def because(recommendation: str, criterion: str, **facts: Any) -> Reason:
    """The line of a criterion in the trace of a recommendation."""
    decision = forms.decision(**facts)
    advice = next(each for each in decision.advice if each.recommendation.id == recommendation)
    return find(advice.because, criterion)


def criterion(name: str) -> Ref:
    return Ref("criterion", name)


# --- scores -------------------------------------------------------------------------------------


def test_the_steps_of_a_score_become_points_that_add_up() -> None:
    low, step, older = map(criterion, ("CRIT-low", "CRIT-step", "CRIT-older"))
    assert condition("CRIT-score") == Score(3, ((low, 2), (Or((low, step)), 1), (older, 2)))


def test_steps_of_equal_points_count_once() -> None:
    group = [make(ScoreItem, each, operand=Name(each), points=2, score_group="g") for each in "ab"]
    assert increments(group) == [(Or((criterion("a"), criterion("b"))), 2)]


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from([None, "g", "h"])), min_size=1, max_size=4
    ),
    st.integers(1, 9),
    st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4),
)
def test_of_a_group_only_the_highest_counts_and_unknown_is_exactly_open(
    items: list[tuple[int, str | None]], minimum: int, answers: list[bool | None]
) -> None:
    made = [
        make(ScoreItem, f"i{place}", operand=Name(f"c{place}"), points=points, score_group=group)
        for place, (points, group) in enumerate(items)
    ]
    score = make(
        ScoreCriterion,
        "score",
        score_items=tuple(Name(each.id) for each in made),
        minimum_score=minimum,
    )
    asked = [make(JudgementCriterion, f"c{n}", observable=Name(f"q{n}")) for n in range(4)]
    told = [make(PatientCharacteristic, f"q{n}", value_kind=Code("Boolean")) for n in range(4)]
    lowered = condition("score", guideline_of(*made, score, *asked, *told))
    known = dict(zip((f"c{n}" for n in range(4)), answers, strict=True))

    def points(holds: Mapping[str, bool]) -> int:
        groups: dict[str, int] = {}
        for place, (worth, group) in enumerate(items):
            key = group or str(place)
            groups[key] = max(groups.get(key, 0), worth if holds[f"c{place}"] else 0)
        return sum(groups.values())

    open_names = [name for name, answer in known.items() if answer is None]
    outcomes = {
        points({**known, **dict(zip(open_names, filled, strict=True))}) >= minimum  # type: ignore[dict-item]
        for filled in product([True, False], repeat=len(open_names))
    }
    named = {criterion(name): Ref("input", name) for name in known}
    truth = Meaning(known, {}, named).truth(lowered)
    assert truth is (outcomes.pop() if len(outcomes) == 1 else None)


def test_a_score_shows_points_reached_and_possible_and_only_the_highest_step() -> None:
    reason = because("REC-score", "CRIT-score", age=AGE_71, example_marker=forms.marker((30, "40")))
    assert reason.score == Points(at_least=3, reached=5, possible=5)
    assert [(each.id, each.points) for each in reason.children] == [
        ("CRIT-low", 3),
        ("CRIT-older", 2),
    ]
    assert reason.to_json()["score"] == {"atLeast": 3, "reached": 5, "possible": 5}


def test_an_open_score_shows_what_counts_and_what_still_might() -> None:
    reason = because("REC-score", "CRIT-score", age=AGE_71)
    assert (reason.value, reason.score) == (None, Points(at_least=3, reached=2, possible=5))
    assert [(each.value, each.points) for each in reason.children] == [
        (None, 3),
        (None, 1),
        (True, 2),
    ]
    text = render(forms.decision(age=AGE_71), show_all=True)
    assert "? Example score (at least 3 points of; 2 reached, 5 possible)" in text
    assert "✓ 2 points: 70 years or older" in text


# --- assumptions, repeated measurements, recommendations, local choices -------------------------


def test_an_assumption_is_a_stated_default() -> None:
    why = "Nobody is taken to refuse who has not said so."
    assert condition("CRIT-refused") == Assume(criterion("CRIT-treatment-refused"), False, why)


def test_an_assumption_is_shown_as_assumed_while_it_is_used() -> None:
    text = render(forms.decision(), show_all=True)
    assert "✗ assumed: Nobody is taken to refuse who has not said so." in text
    assert "assumed:" not in render(forms.decision(treatment_refused=True), show_all=True)


DAY = "2026-01-{}Z"


@pytest.mark.parametrize(
    ("now", "sample", "expected"),
    [
        ("02T07:59:00", None, {"done": False, "due": False, "overdue": False}),
        ("02T08:00:00", None, {"done": False, "due": True, "overdue": False}),
        ("03T08:00:00", None, {"done": False, "due": True, "overdue": False}),
        ("03T08:01:00", None, {"done": False, "due": False, "overdue": True}),
        ("03T08:01:00", 1439, {"done": False, "due": False, "overdue": True}),
        ("03T08:01:00", 1440, {"done": True, "due": False, "overdue": False}),
        ("03T08:01:00", 2880, {"done": True, "due": False, "overdue": False}),
        ("03T09:00:00", 2881, {"done": False, "due": False, "overdue": True}),
    ],
)
def test_a_repeat_is_done_due_or_overdue_at_the_ends_of_its_window(
    now: str, sample: int | None, expected: dict[str, bool]
) -> None:
    samples = forms.marker(*([] if sample is None else [(sample, "20")]))
    decision = forms.decision(now=DAY.format(now), example_marker=samples)
    found = {
        each.recommendation.id.removeprefix("REC-"): each.status == "applies"
        for each in decision.advice
    }
    assert {name: found[name] for name in expected} == expected


def test_whether_a_repeat_is_overdue_is_unknown_while_the_samples_are() -> None:
    reason = because("REC-overdue", "CRIT-overdue", now=DAY.format("04T08:00:00"))
    assert reason.value is None


def test_a_repeat_lowers_to_counts_and_the_time_of_the_decision() -> None:
    count = Agg("count", "example-marker", 1440, 2880)
    none = Cmp("=", count, Const(Fraction(0)))
    late = Cmp(">", NOW, Const(Fraction(2880)))
    assert condition("CRIT-overdue") == And((late, none))
    assert condition("CRIT-done") == Cmp(">=", count, Const(Fraction(1)))


def test_a_repeat_is_told_with_its_window_and_the_time() -> None:
    text = render(forms.decision(now=DAY.format("03T09:00:00"), example_marker=[]), show_all=True)
    window = "from 24 h to 48 h after admission to the hospital"
    assert "Time of the decision: 49 h after admission to the hospital" in text
    assert f"Example marker (number of results) {window}: 0" in text


@pytest.mark.parametrize(("refused", "expected"), [(False, True), (True, False), (None, None)])
def test_another_recommendation_counts_while_it_is_in_force(
    refused: bool | None, expected: bool | None
) -> None:
    assert condition("CRIT-advised") == Ref("rule", "REC-2")
    high = forms.marker((30, "5000"))
    reason = (
        because("REC-advised", "CRIT-advised", example_marker=high, treatment_refused=refused)
        if refused is not None
        else because("REC-advised", "CRIT-advised", example_marker=high)
    )
    assert reason.value is expected
    assert [(each.kind, each.id) for each in reason.children] == [("recommendation", "REC-2")]


@pytest.mark.parametrize(("test", "status"), [("by-age", "applies"), (None, "notApplicable")])
def test_a_local_choice_may_be_a_coded_value(test: str | None, status: str) -> None:
    assert condition("CRIT-by-age-here") == In(Ref("setting", "local-test"), ("by-age",))
    settings = {"local-test": test} if test else {}
    decision = forms.decision(settings=settings)
    found = next(each for each in decision.advice if each.recommendation.id == "REC-by-age")
    assert found.status == status


BY_AGE = "Age × 10 µg/L/a if Age > 50 years, otherwise 500 µg/L"
LATE = "overdue: the time has passed and it was not measured"
REPEAT = "(24 to 48 hours after admission)"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CRIT-above", f"Highest Example marker at least {BY_AGE}"),
        ("CRIT-score", "Example score: at least 3 points"),
        ("CRIT-refused", "The patient refuses the treatment (taken as no where it is not known)"),
        ("CRIT-done", "Example marker measured (24 to 48 hours after admission)"),
        ("CRIT-due", "Example marker due now: not measured yet (24 to 48 hours after admission)"),
        ("CRIT-overdue", f"Example marker {LATE} {REPEAT}"),
        (
            "CRIT-advised",
            "Recommendation in force: 2: high marker, the treatment can be considered",
        ),
        ("CRIT-by-age-here", "Which test the site uses is “limit by age”"),
    ],
)
def test_each_form_reads_as_a_sentence(name: str, said: str) -> None:
    assert line(forms.guideline(), name).casefold() == said.casefold()


def test_the_items_of_a_score_are_listed_with_their_points() -> None:
    known = forms.guideline()
    item = Wording(known, Addresses(known)).criterion("CRIT-score")
    assert item is not None
    told = [part.text for each in _parts(item) for part in each.label]
    assert [each for each in told if each.endswith(("point", "points"))] == [
        "3 points",
        "1 point",
        "2 points",
    ]


def _parts(item: Any) -> list[Any]:
    return [each for part in item.parts for each in (part, *_parts(part))]


# --- circles and what cannot be lowered ---------------------------------------------------------


def advice(name: str, **fields: Any) -> Recommendation:
    """A recommendation that is for something."""
    return make(Recommendation, name, direction=Code("For"), modality=Code("Should"), **fields)


def asks(name: str, recommendation: str) -> RecommendationCriterion:
    return make(RecommendationCriterion, name, recommendation=Name(recommendation))


@pytest.mark.parametrize("link", ["condition", "exception"])
def test_advice_that_rests_on_itself_is_told_and_never_lowered(link: str) -> None:
    circle = guideline_of(advice("R", **{link: Name("C")}), asks("C", "R"))
    assert [each.code for each in check_circles(circle)] == ["L109"]
    with pytest.raises(LowerError, match="depends on itself"):
        lower(with_norms(circle))


def with_norms(guideline: Guideline) -> Guideline:
    """The guideline with the modalities that lowering looks up."""
    return Guideline(
        header=guideline.header, entities=guideline.entities, codes=forms.guideline().codes
    )


def test_a_circle_through_score_item_limit_and_override_is_followed() -> None:
    circle = guideline_of(
        advice("R1", condition=Name("score")),
        advice("R2", condition=Name("asks-R1"), overrides=(Name("R3"),)),
        advice("R3"),
        asks("asks-R1", "R1"),
        asks("asks-R3", "R3"),
        make(ScoreCriterion, "score", score_items=(Name("item"),), minimum_score=1),
        make(ScoreItem, "item", operand=Name("above"), points=1),
        make(
            ComparisonCriterion,
            "above",
            observable=Name("m"),
            comparator=Code("AtLeast"),
            threshold=Name("limit"),
        ),
        make(Threshold, "limit", comparator=Code("AtLeast"), formula='if "asks-R3" then 1 else 2'),
        make(Biomarker, "m", value_kind=Code("Quantity")),
    )
    (found,) = check_circles(circle)
    trail = "R1 → score → item → above → limit → asks-R3 → R3 → R2 → asks-R1 → R1"
    assert (found.code, trail in found.message) == ("L109", True)


def test_asking_a_later_question_about_earlier_advice_is_no_circle() -> None:
    from guidegraph.model import ActionNode, CarePathway, EndNode, StartNode
    from pathway_example import decision, node

    ways = (("known", "again"), ("Otherwise", "done"), ("WhenUnknown", "done"))
    drawn = guideline_of(
        make(CarePathway, "path", start_node=Name("start")),
        node(StartNode, "start", leads_to=Name("first")),
        node(ActionNode, "first", leads_to=Name("asked")),
        *decision("asked", "Was it advised?", *ways),
        node(ActionNode, "again", leads_to=Name("done")),
        node(EndNode, "done", end_reason=Code("Completed")),
        advice("R-first", implemented_by=(Name("first"),)),
        advice("R-again", implemented_by=(Name("again"),)),
        asks("known", "R-first"),
    )
    assert list(check_circles(drawn)) == []
    turned = {**drawn.entities, "known": asks("known", "R-again")}
    circle = Guideline(header=drawn.header, entities=turned)
    assert [each.code for each in check_circles(circle)] == ["L109"]


def test_a_condition_of_advice_that_is_never_decided_cannot_be_lowered() -> None:
    remark = guideline_of(advice("R", is_executable=False), asks("C", "R"))
    with pytest.raises(LowerError, match="never decided"):
        lower(with_norms(remark))


def test_a_repeat_without_end_cannot_be_lowered() -> None:
    hours = QuantityRange(low=Decimal(24), high=None, unit=Ucum("h"))
    known = guideline_of(
        make(Biomarker, "m", value_kind=Code("Series")),
        make(TimeWindow, "w", time_range=hours),
        make(
            RetestCriterion,
            "C",
            observable=Name("m"),
            time_window=Name("w"),
            retest_state=Code("Due"),
        ),
    )
    with pytest.raises(LowerError, match="open end"):
        lower(known)


def test_a_formula_that_means_nothing_cannot_be_lowered() -> None:
    known = guideline_of(
        make(Biomarker, "m", value_kind=Code("Quantity")),
        make(Threshold, "t", comparator=Code("AtLeast"), formula='"m" * "m"'),
        make(
            ComparisonCriterion,
            "C",
            observable=Name("m"),
            comparator=Code("AtLeast"),
            threshold=Name("t"),
        ),
    )
    with pytest.raises(LowerError, match="multiplies two numbers"):
        lower(known)


# --- proofs -------------------------------------------------------------------------------------

PATHWAY = """
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
d:PATH-forms a gg:CarePathway ; rdfs:label "Forms"@en ; gg:appliesTo d:POP-inpatient ;
  gg:startNode d:F-start ; prov:wasDerivedFrom d:EX-P-4 .
d:F-start a gg:StartNode ; dcterms:isPartOf d:PATH-forms ; rdfs:label "Start"@en ;
  gg:leadsTo d:F-ask .
d:F-ask a gg:DecisionNode ; dcterms:isPartOf d:PATH-forms ; rdfs:label "Which"@en ;
  gg:question "Which is it?"@en ; gg:hitPolicy code:Unique ;
  gg:hasBranch d:F-1 , d:F-2 , d:F-3 , d:F-4 ; prov:wasDerivedFrom d:EX-P-4 .
d:F-1 a gg:Branch ; schema:position 1 ; rdfs:label "One"@en ;
  gg:branchCriterion d:{one} ; gg:leadsTo d:F-end .
d:F-2 a gg:Branch ; schema:position 2 ; rdfs:label "Other"@en ;
  gg:branchCriterion d:{other} ; gg:leadsTo d:F-end .
d:F-3 a gg:Branch ; schema:position 3 ; rdfs:label "Otherwise"@en ;
  gg:branchRole code:Otherwise ; gg:leadsTo d:F-end .
d:F-4 a gg:Branch ; schema:position 4 ; rdfs:label "Not known"@en ;
  gg:branchRole code:WhenUnknown ; gg:leadsTo d:F-end .
d:F-end a gg:EndNode ; dcterms:isPartOf d:PATH-forms ; rdfs:label "End"@en ;
  gg:endReason code:Completed .
d:CRIT-below a gg:ComparisonCriterion ; rdfs:label "Marker below the age-adjusted limit"@en ;
  gg:observable d:example-marker ; gg:observationSelector code:Highest ;
  gg:comparator code:LessThan ; gg:threshold d:THR-by-age ; prov:wasDerivedFrom d:EX-P-4 .
d:ERR-below a gg:Discrepancy ; rdfs:label "Turned round"@en ;
  gg:discrepancyType code:UndefinedTerm ; gg:concerns d:CRIT-below ;
  gg:resolution "An example."@en ; gg:status code:Draft .
d:CRIT-not-score a gg:LogicalCriterion ; rdfs:label "Score not reached"@en ;
  gg:operator code:NoneOf ; gg:operand d:CRIT-score ; prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-not-advised a gg:LogicalCriterion ; rdfs:label "Not advised"@en ;
  gg:operator code:NoneOf ; gg:operand d:CRIT-advised ; prov:wasDerivedFrom d:EX-P-4 .
"""


@pytest.mark.parametrize(
    ("one", "other", "is_unique"),
    [
        ("CRIT-above", "CRIT-below", True),
        ("CRIT-score", "CRIT-not-score", True),
        ("CRIT-due", "CRIT-overdue", True),
        ("CRIT-done", "CRIT-overdue", True),
        ("CRIT-advised", "CRIT-not-advised", True),
        ("CRIT-by-age-here", "CRIT-not-advised", False),
        ("CRIT-score", "CRIT-above", False),
        ("CRIT-due", "CRIT-below", False),
        ("CRIT-refused", "CRIT-advised", True),
    ],
)
def test_branches_of_every_form_are_proved_unique_or_shown_to_overlap(
    one: str, other: str, is_unique: bool
) -> None:
    found = forms.laid_over(forms.text() + PATHWAY.format(one=one, other=other))
    assert [each.code for each in found.findings] == ([] if is_unique else ["L302"])


# --- targets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("executor", EXECUTORS, ids=lambda each: each.name)
def test_targets_decide_about_every_form_like_the_reference(executor: Executor) -> None:
    if not (executor.is_fast and executor.is_routine):
        pytest.skip("too slow for every run: guidegraph agree")
    if missing := executor.missing():
        pytest.skip(missing)
    source = lower(forms.guideline())
    some = [{"facts": facts, "settings": site} for facts, site in patients(source, 7, 400)]
    expected = [statuses(source, meaning(source, each["facts"], each["settings"])) for each in some]
    seen = {(name, status) for told in expected for name, status in told.items()}
    assert {("REC-above", "applies"), ("REC-score", "undetermined"), ("REC-due", "applies")} <= seen
    loaded = ExportInput(
        guideline=forms.guideline(), program=source, sources=forms.loaded().sources
    )
    with executor.start(loaded) as runner:
        assert [dict(each) for each in runner.statuses(some)] == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CRIT-overdue", "(now > 2,880 min and count example-marker {} = 0)"),
        (
            "CRIT-score",
            "at least 3 points of (CRIT-low: 2, (CRIT-low or CRIT-step): 1, CRIT-older: 2)",
        ),
        ("CRIT-refused", "(CRIT-treatment-refused, no where not known)"),
        ("CRIT-by-age-here", "local-test is by-age"),
    ],
)
def test_generated_programs_can_say_every_condition(name: str, said: str) -> None:
    words = Words(wire(lower(forms.guideline())), "admission")
    window = "from 24 h to 48 h after admission"
    assert words.condition(condition(name)) == said.format(window)


def test_generated_programs_say_sums_with_their_signs_and_choices_with_their_tests() -> None:
    words = Words(wire(lower(forms.guideline())), "admission")
    age = Ref("input", "age")
    fallen = Arith(((Fraction(-2), age), (Fraction(-1), age)), Fraction(-5))
    assert words.number(fallen, "a") == "−2 × age − age − 5 years"
    older = Cmp(">", age, Const(Fraction(50)))
    chosen = Cond(older, Arith(((Fraction(10), age),)), Const(Fraction(500)))
    assert words.number(chosen, "ug/L") == "(10 × age if age > 50 years, otherwise 500 µg/L)"


# --- a form that nobody has thought of yet ------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCriterion(Criterion):
    """A quantity lies outside two thresholds, and none of some criteria explains it."""

    CLASS: ClassVar[str] = "gg:OutsideCriterion"

    observable: Name = of("gg:observable")  # noqa: RUF009
    low: Name = of("gg:lowThreshold")  # noqa: RUF009
    high: Name = of("gg:highThreshold")  # noqa: RUF009
    explained_by: tuple[Name, ...] = many("gg:operand")

    def lower(self, scope: Scope) -> Bool:
        measure = scope.measure(self.observable, None, None)
        outside = Or(
            (
                compare("<", measure, scope.limit(self.low, self.observable, None)),
                compare(">", measure, scope.limit(self.high, self.observable, None)),
            )
        )
        return And((outside, *(Not(criterion(each)) for each in self.explained_by)))

    def phrase(self) -> Phrase:
        return (Named(self.observable), " outside ", Named(self.low), " to ", Named(self.high))

    def limits(self) -> tuple[Limited, ...]:
        held = (
            ("gg:lowThreshold", "LessThan", self.low),
            ("gg:highThreshold", "GreaterThan", self.high),
        )
        return tuple(
            Limited(term=term, observable=self.observable, comparator=how, threshold=name)
            for term, how, name in held
        )

    @property
    def connective(self) -> str:
        return "unexplained by"


def outside(low: str = "90", unit: str = "ug/L", explained_by: str = "known") -> Guideline:
    """A guideline whose one recommendation uses the new form."""

    def limit(name: str, value: str, unit: str, comparator: str) -> Threshold:
        return make(
            Threshold,
            name,
            observable=Name("m"),
            reported_text="",
            comparator=Code(comparator),
            executable_quantity=Quantity(value=Decimal(value), unit=Ucum(unit)),
        )

    return with_norms(
        guideline_of(
            make(
                Biomarker, "m", "Marker", value_kind=Code("Quantity"), canonical_unit=Ucum("ug/L")
            ),
            make(PatientCharacteristic, "q", "Known cause", value_kind=Code("Boolean")),
            limit("t-low", low, unit, "LessThan"),
            limit("t-high", "200", "ug/L", "GreaterThan"),
            make(JudgementCriterion, "known", "Known cause", observable=Name("q")),
            make(
                OutsideCriterion,
                "new",
                "Unexplained",
                observable=Name("m"),
                low=Name("t-low"),
                high=Name("t-high"),
                explained_by=(Name(explained_by),),
            ),
            advice("R", condition=Name("new")),
        )
    )


def test_a_new_form_is_lowered_traced_and_worded_without_any_other_change() -> None:
    known = outside()
    program = lower(known)
    patient, findings = read_patient(
        '{"now": "2026-01-01T08:00:00Z", "anchors": {}, '
        '"facts": {"m": {"value": "80", "unit": "ug/L"}, "q": false}}',
        program,
    )
    assert patient is not None, findings
    (found,) = decide(known, program, patient).advice
    reason = find(found.because, "new")
    assert (found.status, reason.form) == ("applies", "unexplained by")
    assert [each.id for each in reason.thresholds] == ["t-low", "t-high"]
    assert [each.label for each in reason.children] == ["Marker", "Known cause"]
    assert line(known, "new") == "Marker outside 90\u00a0µg/L to 200\u00a0µg/L"
    item = Wording(known, Addresses(known)).criterion("new")
    assert item is not None and len(item.parts) == 1


def test_a_new_form_is_checked_without_any_other_change() -> None:
    codes = {each.code for each in check_model(outside(unit="h"))}
    assert "U102" in codes
    assert [each.code for each in check_circles(outside(explained_by="new"))] == ["L101"]
    assert {each.code for each in check_model(outside())} <= {"L106"}


def test_every_form_of_the_language_is_found_by_itself() -> None:
    forms_with_class = {each.CLASS for each in FORMS}
    assert len(FORMS) == len(forms_with_class) == 12
    assert {ScoreCriterion, AssumedCriterion, RetestCriterion, LogicalCriterion} < set(FORMS)


def test_every_form_is_offered_where_a_criterion_does_not_say_its_form() -> None:
    text = (resources.ontology_folder() / "criteria.ttl").read_text(encoding="utf-8")
    offered = re.search(r"sh:in \( (gg:ComparisonCriterion[^)]*) \)", text)
    assert offered is not None
    assert set(offered[1].split()) == {each.CLASS for each in FORMS}


def test_a_range_may_have_calculated_ends() -> None:
    turtle = (
        forms.text()
        + """
d:THR-half a gg:Threshold ; rdfs:label "Half of the site's limit"@en ;
  gg:observable d:example-marker ; gg:reportedText "70 years or older" ;
  gg:comparator code:AtLeast ; gg:formula '''"marker-high" / 2''' ;
  prov:wasDerivedFrom d:EX-P-4 .
d:CRIT-range a gg:RangeCriterion ; rdfs:label "Between both"@en ;
  gg:observable d:example-marker ; gg:observationSelector code:Latest ;
  gg:lowThreshold d:THR-half ; gg:lowInclusive true ;
  gg:highThreshold d:THR-by-age ; gg:highInclusive false ;
  prov:wasDerivedFrom d:EX-P-4 .
d:ERR-half a gg:Discrepancy ; rdfs:label "Not printed"@en ;
  gg:discrepancyType code:UndefinedTerm ; gg:concerns d:THR-half , d:CRIT-range ;
  gg:resolution "An example."@en ; gg:status code:Draft .
"""
    )
    found = forms.laid_over(turtle)
    assert found.guideline is not None and not found.findings, found.findings
    latest, age = Agg("last", "example-marker"), Ref("input", "age")
    half = Arith(((Fraction(1, 2), Ref("setting", "marker-high")),))
    low = Cmp(">=", latest, half)
    limit = Cond(
        Cmp(">", age, Const(Fraction(50))), Arith(((Fraction(10), age),)), Const(Fraction(500))
    )
    assert condition("CRIT-range", found.guideline) == And((low, compare("<", latest, limit)))


def test_the_scaffold_stays_without_findings(tmp_path) -> None:
    new(tmp_path / "example-marker")
    assert not load(tmp_path / "example-marker").findings
