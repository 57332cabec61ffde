"""The statistical half of the audit: what it finds in printed figures, and what it leaves alone."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidence_example import Evidence, codes, outcomes, report, rounded
from guidegraph.audit.comparisons import audit_comparisons
from guidegraph.audit.correlations import audit_correlations
from guidegraph.audit.intervals import audit_intervals
from guidegraph.audit.parts import audit_parts
from guidegraph.audit.proportions import audit_proportions
from guidegraph.audit.ratio_intervals import audit_ratio_intervals
from guidegraph.audit.texts import audit_texts
from guidegraph.diagnostic import Severity
from guidegraph.entity import Code, Ref

calm = settings(deadline=None, max_examples=60)


# ---- shares ------------------------------------------------------------------------------------


def share_of(count: int | None, size: int | None, percent: str, **fields):
    evidence = Evidence()
    evidence.study(fields.pop("study", None))
    name = evidence.share("R", f"{percent}%", percent, count=count, sample_size=size)
    evidence.claim("C", [name], **fields)
    return report(audit_proportions(evidence.guideline))


@pytest.mark.parametrize(
    ("count", "size", "percent"),
    [
        (15, 21, "71"),
        (1, 162, "0.6"),
        (99, 449, "22"),
        (10, 25, "40"),
        (117, 172, "68"),
        (6, 41, "15"),
    ],
)
def test_shares_that_are_right_raise_nothing(count, size, percent):
    found = share_of(count, size, percent)
    assert (outcomes(found), codes(found)) == (["consistent"], [])


@calm
@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 2))
def test_a_share_computed_from_its_count_is_always_consistent(count, size, places):
    assume(count <= size)
    found = share_of(count, size, rounded(Decimal(100 * count) / size, places))
    assert (outcomes(found), codes(found)) == (["consistent"], [])


@calm
@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 2), st.sampled_from([-2, 2]))
def test_a_share_that_is_off_by_two_in_its_last_digit_is_an_error(count, size, places, off):
    assume(count <= size)
    wrong = Decimal(rounded(Decimal(100 * count) / size, places)) + Decimal(off).scaleb(-places)
    found = share_of(count, size, f"{wrong:f}")
    assert (outcomes(found), codes(found)) == (["inconsistent"], ["A101"])


def test_a_share_that_was_cut_off_is_only_a_note():
    found = share_of(2, 3, rounded(Decimal(200) / 3, 0, ROUND_DOWN))
    assert codes(found) == ["A106"]
    assert found.findings[0].diagnostic.severity == "note"


def test_more_than_there_are():
    assert codes(share_of(41, 40, "100")) == ["A102"]


def test_a_share_that_no_count_gives_is_doubted_and_one_that_some_count_gives_is_not():
    assert codes(share_of(None, 9, "50")) == ["A103"]
    assert outcomes(share_of(None, 9, "56")) == ["consistent"]


@calm
@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 1))
def test_a_share_that_some_count_gives_is_never_doubted(count, size, places):
    assume(count <= size)
    assert codes(share_of(None, size, rounded(Decimal(100 * count) / size, places))) == []


def test_where_every_share_is_possible_nothing_is_said_to_be_consistent():
    assert outcomes(share_of(None, 1014, "89")) == ["not checkable"]


def test_a_count_without_a_size_is_held_against_the_sizes_that_are_known():
    assert outcomes(share_of(10, None, "40", sample_size=25)) == ["consistent"]
    assert outcomes(share_of(10, None, "40", study=25)) == ["consistent"]
    assert outcomes(share_of(10, None, "40", sample_size=30)) == ["not checkable"]


def test_a_share_of_nobody_knows_how_many_is_not_checkable():
    assert outcomes(share_of(None, None, "89")) == ["not checkable"]


# ---- parts -------------------------------------------------------------------------------------


def parts_of(size: int | None, *, compared: bool = False, **arms: int | None):
    evidence = Evidence()
    evidence.study(size, **arms)
    if compared:
        name = evidence.result("T", "ComparisonTest", "P=0.2", p_value="0.2", arms=tuple(arms))
        evidence.claim("C", [name])
    return report(audit_parts(evidence.guideline))


def test_groups_that_make_up_the_study_are_consistent_whatever_other_groups_there_are():
    assert outcomes(parts_of(64, mild=32, moderate=23, severe=9)) == ["consistent"]
    assert outcomes(parts_of(449, heparin=99, high=97, low=352)) == ["consistent"]


def test_groups_that_may_overlap_or_be_some_of_many_are_not_doubted():
    for found in (parts_of(100, a=80, b=60), parts_of(100, a=10, b=20)):
        assert (outcomes(found), codes(found)) == (["not checkable"], [])


def test_groups_that_are_compared_are_not_larger_than_the_study():
    assert codes(parts_of(100, a=40, b=60, c=10, compared=True)) == ["A105"]
    assert codes(parts_of(110, a=40, b=60, c=10, compared=True)) == []


@pytest.mark.parametrize(
    ("size", "expected"), [(90, []), (89, ["A105"]), (100, ["A107"]), (None, [])]
)
def test_groups_set_side_by_side_in_a_claim_make_up_the_study(size, expected):
    evidence = Evidence()
    evidence.study(size, treated=40, untreated=50)
    shares = [
        evidence.share("T", "4 of 40", count=4, sample_size=40, arms=("treated",)),
        evidence.share("U", "9 of 50", count=9, sample_size=50, arms=("untreated",)),
    ]
    evidence.claim("C", shares)
    assert codes(report(audit_parts(evidence.guideline))) == expected


def test_a_third_group_that_makes_up_the_study_explains_who_is_missing():
    evidence = Evidence()
    evidence.study(100, treated=40, untreated=50, excluded=10)
    shares = [evidence.share(each, "1", count=1, arms=(each,)) for each in ("treated", "untreated")]
    evidence.claim("C", shares)
    assert codes(report(audit_parts(evidence.guideline))) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("15 of 21 (71%)", ["consistent"]),
        ("15 of 21 (71.4%)", ["consistent"]),
        ("15 of 21 (71.5%)", ["inconsistent"]),
        ("117 (68%) of 172", ["consistent"]),
        ("117 (86%) of 172", ["inconsistent"]),
        ("six (15%) of 41", ["consistent"]),
        ("15 of 21, and later 80%", []),
        ("99 (22%)", []),
        ("15 of 21 (>70%)", []),
    ],
)
def test_a_share_in_the_text_of_a_claim_follows_from_its_counts(printed, expected):
    evidence = Evidence()
    evidence.claim("C", [], reported_texts=(printed,))
    found = report(audit_texts(evidence.guideline))
    assert outcomes(found) == expected
    assert codes(found) == ["A101"] * expected.count("inconsistent")


def test_a_group_is_not_larger_than_its_study():
    assert codes(parts_of(100, a=120)) == ["A104"]
    assert codes(parts_of(None, a=120)) == []


@pytest.mark.parametrize(
    ("count", "size", "expected"),
    [(12, 39, []), (12, 40, []), (12, 44, ["A104"]), (40, 100, [])],
)
def test_a_result_is_not_of_more_participants_than_its_group(count, size, expected):
    evidence = Evidence()
    evidence.study(100, high=40)
    text = f"{count} of {size}"
    share = evidence.share("R", text, count=count, sample_size=size, arms=("high",))
    evidence.claim("C", [share])
    assert codes(report(audit_parts(evidence.guideline))) == expected


@pytest.mark.parametrize(
    ("men", "women", "expected"), [(15, 17, []), (15, 18, ["A105"]), (15, 16, [])]
)
def test_a_patient_has_one_sex(men, women, expected):
    evidence = Evidence()
    evidence.study(64, mild=32)
    evidence.characteristic("sex")
    names = [
        evidence.share(name, f"{name}{count}", count=count, sample_size=32, arms=("mild",))
        for name, count in (("M", men), ("F", women))
    ]
    evidence.claim("C", names, observables=(Ref("sex"),))
    assert codes(report(audit_parts(evidence.guideline))) == expected


# ---- two shares, their ratio and P value -------------------------------------------------------


def compared(one, two, *, total=None, method=None, kind="ComparisonTest", **fields):
    """Two groups (text, percent, count, size) and what compares them."""
    evidence = Evidence()
    evidence.study()
    names = []
    for arm, (text, percent, count, size) in (("one", one), ("two", two)):
        evidence.arm(f"{arm}-arm")
        counted = {"count": count, "sample_size": size}
        names.append(evidence.share(arm, text, percent, arms=(f"{arm}-arm",), **counted))
    if method:
        fields["method"] = Code(method)
    names.append(evidence.result("T", kind, fields.pop("printed"), **fields))
    evidence.claim("C", names, sample_size=total)
    return report(audit_comparisons(evidence.guideline))


HEPARIN = {"one": ("40%", "40", None, None), "two": ("64%", "64", None, None), "total": 97}
RATIO = {
    "kind": "OddsRatio",
    "printed": "OR, 0.37 [95% CI, 0.15-0.90]; P=0.029",
    "value": "0.37",
    "low": "0.15",
    "high": "0.90",
    "interval_type": Code("ConfidenceInterval95"),
    "arms": ("one-arm",),
    "reference_arm": Ref("two-arm"),
}


def test_the_groups_behind_two_shares_are_found_if_only_their_sum_is_printed():
    """12 of 30 and 43 of 67: odds 12/18 against 43/24, that is 0.372; P of its logarithm 0.0285."""
    found = compared(**HEPARIN, **RATIO, p_value="0.029")
    assert outcomes(found) == ["consistent", "consistent"]
    assert codes(found) == []
    lines = "\n".join(found.examinations[1].arithmetic)
    assert "12 of 30 and 43 of 67" in lines
    assert "0.372" in lines


def test_a_ratio_that_the_shares_do_not_give():
    wrong = RATIO | {"printed": "OR 0.73", "value": "0.73"}
    assert codes(compared(**HEPARIN, **wrong)) == ["A206"]
    adjusted = compared(**HEPARIN, **wrong, method="LogisticRegression")
    assert (outcomes(adjusted), codes(adjusted)) == (["not checkable"], [])


def test_the_direction_of_a_ratio_counts_only_if_it_is_known():
    inverse = RATIO | {"printed": "OR 2.7", "value": "2.7"}
    assert codes(compared(**HEPARIN, **inverse)) == ["A206"]
    unknown = inverse | {"arms": (), "reference_arm": None}
    assert codes(compared(**HEPARIN, **unknown)) == []


def test_a_p_value_of_counts():
    """3 of 4 cups against 1 of 4: Fisher's P is 34/70."""
    cups = {"one": ("3 of 4", None, 3, 4), "two": ("1 of 4", None, 1, 4)}
    right = compared(**cups, printed="P=0.486", p_value="0.486", method="FisherExactTest")
    assert (outcomes(right), codes(right)) == (["consistent"], [])
    wrong = compared(**cups, printed="P=0.05", p_value="0.05")
    assert (outcomes(wrong), codes(wrong)) == (["inconsistent"], ["A207"])
    another = compared(**cups, printed="P=0.486", p_value="0.486", method="ChiSquaredTest")
    assert codes(another) == ["A207"]
    model = compared(**cups, printed="P=0.05", p_value="0.05", method="LogisticRegression")
    assert (outcomes(model), codes(model)) == (["not checkable"], [])


def interval_of_counts(low: str, high: str, **fields):
    """12 of 40 against 3 of 60: the odds ratio is 8.143, its interval 2.125 to 31.21."""
    evidence = Evidence()
    evidence.study(100, high=40, other=60)
    names = [
        evidence.share(arm, f"{count} of {size}", count=count, sample_size=size, arms=(arm,))
        for arm, count, size in (("high", 12, 40), ("other", 3, 60))
    ]
    kind, value = fields.pop("kind", "OddsRatio"), fields.pop("value", "8.14")
    fields = {"arms": ("high",), "reference_arm": Ref("other")} | fields
    ratio = evidence.result(
        "T",
        kind,
        f"{value} ({low}-{high})",
        value=value,
        low=low,
        high=high,
        interval_type=Code("ConfidenceInterval95"),
        **fields,
    )
    evidence.claim("C", [*names, ratio])
    guideline = evidence.guideline
    return report(
        [
            *(each for each in audit_ratio_intervals(guideline)),
            *(each for each in audit_intervals(guideline)),
        ]
    )


def test_the_interval_of_a_ratio_follows_from_the_counts():
    what = "of two shares"
    right = interval_of_counts("2.12", "31.2")
    assert (outcomes(right, what), codes(right)) == (["consistent"], [])
    narrow = interval_of_counts("5.00", "13.25")
    assert (outcomes(narrow, what), codes(narrow)) == (["inconsistent"], ["A213"])
    assert narrow.findings[0].diagnostic.severity is Severity.WARNING
    model = interval_of_counts("5.00", "13.25", method=Code("LogisticRegression"))
    assert (outcomes(model, what), codes(model)) == (["not checkable"], [])
    risks = interval_of_counts("1.81", "19.9", kind="RiskRatio", value="6.00")
    assert (outcomes(risks, what), codes(risks)) == (["consistent"], [])
    inverse = interval_of_counts("0.03", "0.47", value="0.12", arms=(), reference_arm=None)
    assert (outcomes(inverse, what), codes(inverse)) == (["consistent"], [])


def test_an_exact_interval_of_few_participants_is_only_a_note():
    """The exact conditional interval of the same table, as statistical programs print it."""
    exact = interval_of_counts("1.94", "47.5")
    assert {each.diagnostic.severity for each in exact.findings} == {Severity.NOTE}


def test_a_p_value_of_another_test_of_the_same_counts_is_no_fault():
    """Wald gives P = 0.0022, chi-squared 0.00064 and Fisher 0.00105: all of them are in use."""
    for p in ("0.0022", "0.0006", "0.0011"):
        assert codes(interval_of_counts("2.12", "31.2", p_value=p)) == []
    assert codes(interval_of_counts("2.12", "31.2", p_value="0.02")) == ["A205"]


def test_a_p_value_is_not_checked_if_no_sizes_are_known():
    found = compared(**(HEPARIN | {"total": None}), printed="P=0.5", p_value="0.5")
    assert (outcomes(found), codes(found)) == (["not checkable"], [])


def test_where_very_many_groups_have_the_shares_nothing_is_concluded():
    found = compared(**(HEPARIN | {"total": 1008}), printed="P=0.5", p_value="0.5")
    assert (outcomes(found), codes(found)) == (["not checkable"], [])


def test_shares_that_no_two_groups_have():
    found = compared(
        ("33%", "33", None, None),
        ("71%", "71", None, None),
        total=9,
        printed="P=0.4",
        p_value="0.4",
    )
    assert codes(found) == ["A208"]


@calm
@given(st.integers(2, 60), st.integers(2, 60), st.data())
def test_what_is_computed_from_counts_is_found_consistent(first, second, data):
    one, two = data.draw(st.integers(1, first - 1)), data.draw(st.integers(1, second - 1))
    ratio = one * (second - two) / ((first - one) * two)
    error = math.sqrt(1 / one + 1 / (first - one) + 1 / two + 1 / (second - two))
    low, high = (ratio * math.exp(sign * 1.959964 * error) for sign in (-1, 1))
    assume(low > 0.02)
    p = math.erfc(abs(math.log(ratio)) / error / math.sqrt(2))
    printed = {
        "value": rounded(ratio, 2),
        "low": rounded(low, 2),
        "high": rounded(high, 2),
        "p_value": rounded(p, 3),
    }
    words = "OR {value} [{low}-{high}]; P={p_value}".format(**printed)
    percents = [rounded(Decimal(100 * k) / n, 0) for k, n in ((one, first), (two, second))]
    shares = {
        "one": (f"{percents[0]}%", percents[0], None, None),
        "two": (f"{percents[1]}%", percents[1], None, None),
        "total": first + second,
    }
    found = compared(**shares, **(RATIO | printed | {"printed": words}))
    assert (outcomes(found), codes(found)) == (["consistent", "consistent"], [])
    evidence = Evidence()
    evidence.study()
    evidence.claim("C", [evidence.result("R", "OddsRatio", words, **printed, interval_type=CI)])
    alone = report(audit_intervals(evidence.guideline))
    assert (set(outcomes(alone)), codes(alone)) == ({"consistent"}, [])


# ---- a value and its interval ------------------------------------------------------------------

CI = Code("ConfidenceInterval95")


def interval_of(kind: str, value: str, low: str, high: str, interval=CI, **fields):
    evidence = Evidence()
    evidence.study()
    printed = f"{value} ({low} to {high}) {fields.get('p_value', '')}"
    name = evidence.result(
        "R", kind, printed, value=value, low=low, high=high, interval_type=interval, **fields
    )
    evidence.claim("C", [name])
    return report(audit_intervals(evidence.guideline))


def test_a_value_outside_its_own_interval_is_an_error():
    assert codes(interval_of("OddsRatio", "0.37", "0.45", "0.90")) == ["A201"]
    assert codes(interval_of("Median", "14", "2", "12", Code("InterquartileRange"))) == ["A201"]


def test_a_value_that_may_be_outside_or_was_rounded_is_no_error():
    assert codes(interval_of("Mean", "14", "2", "12", Code("InterquartileRange"))) == []
    assert codes(interval_of("Median", "0.5", "0.52", "0.60", Code("InterquartileRange"))) == []
    assert codes(interval_of("Median", "13", "2", "12", Code("InterquartileRange"))) == []


def test_a_ratio_is_in_the_middle_on_the_log_scale_and_a_difference_on_its_own():
    assert codes(interval_of("OddsRatio", "0.37", "0.15", "0.90")) == []
    assert codes(interval_of("OddsRatio", "0.37", "0.15", "0.60")) == ["A203"]
    assert codes(interval_of("Difference", "-1.5", "-4.0", "1.0")) == []
    assert codes(interval_of("Difference", "-1.5", "-4.0", "3.0")) == ["A203"]


def test_interval_and_p_value_are_of_one_mind():
    assert codes(interval_of("OddsRatio", "0.37", "0.15", "0.90", p_value="0.029")) == []
    assert codes(interval_of("OddsRatio", "0.37", "0.15", "0.90", p_value="0.29")) == ["A204"]
    assert codes(interval_of("OddsRatio", "0.37", "0.15", "0.90", p_value="0.002")) == ["A205"]
    assert codes(interval_of("OddsRatio", "0.60", "0.30", "1.20", p_value="0.010")) == ["A204"]


def test_a_ratio_on_its_own_is_not_checkable():
    evidence = Evidence()
    evidence.study()
    evidence.claim("C", [evidence.result("R", "OddsRatio", "18-fold", value="18")])
    found = report(audit_intervals(evidence.guideline))
    assert (outcomes(found), codes(found)) == (["not checkable"], [])


# ---- correlations ------------------------------------------------------------------------------


def correlation(r: str, p: str, comparator: str = "Equal", size: int | None = 69, **fields):
    evidence = Evidence()
    evidence.study(fields.pop("study", None))
    name = evidence.result(
        "R",
        fields.pop("kind", "PearsonCorrelation"),
        f"R = {r}, p {p}",
        value=r,
        p_value=p,
        p_value_comparator=Code(comparator),
        sample_size=size,
    )
    evidence.claim("C", [name])
    return report(audit_correlations(evidence.guideline))


def test_a_limit_of_p_is_consistent_with_every_smaller_value():
    for limit in ("0.001", "0.0001", "0.05"):
        found = correlation("0.5195", limit, "LessThan")
        assert (outcomes(found), codes(found)) == (["consistent"], [])


def test_a_coefficient_without_a_p_value_is_not_checkable():
    evidence = Evidence()
    evidence.study(64)
    evidence.claim("C", [evidence.result("R", "Correlation", "R = 0.5", value="0.5")])
    found = report(audit_correlations(evidence.guideline))
    assert (outcomes(found), codes(found)) == (["not checkable"], [])


def test_the_size_of_the_study_serves_where_the_result_gives_none():
    assert outcomes(correlation("0.632", "0.05", size=None, study=10)) == ["consistent"]
    assert outcomes(correlation("0.632", "0.05", size=None)) == ["not checkable"]


def test_a_p_value_that_the_correlation_cannot_have():
    """Tabulated: among 10, r = 0.632 has P = 0.05 and r = 0.765 has P = 0.01."""
    assert codes(correlation("0.632", "0.01", size=10)) == ["A209"]
    assert codes(correlation("0.765", "0.01", size=10)) == []


def test_rank_correlations_are_allowed_to_miss_the_t_distribution_somewhat():
    assert codes(correlation("0.632", "0.06", size=10)) == ["A209"]
    assert codes(correlation("0.632", "0.06", size=10, kind="SpearmanCorrelation")) == []


@pytest.mark.parametrize(
    ("rho", "size", "p"),
    [("1.00", 5, "0.017"), ("0.90", 5, "0.083"), ("1.00", 6, "0.003"), ("-0.952", 8, "0.001")],
)
def test_exact_p_values_of_rank_correlations_among_few_are_no_fault(rho, size, p):
    """1 of 60 orders of five, one way or the other; the others as counted over all orders."""
    assert codes(correlation(rho, p, size=size, kind="SpearmanCorrelation")) == []
    assert codes(correlation(rho, "0.3", size=size, kind="SpearmanCorrelation")) == ["A209"]


# ---- the whole ---------------------------------------------------------------------------------


def test_scipy_is_not_loaded_before_it_is_needed():
    code = (
        "import sys, guidegraph.audit, guidegraph.cli.decide;"
        "print([each for each in sys.modules if each.partition('.')[0] in ('scipy', 'numpy')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
