"""The evidence of the Dutch report: every row encoded, numbers as printed, groups that add up."""

from __future__ import annotations

from decimal import Decimal

from guidegraph.model import AnnouncedResult, EvidenceClaim, StatisticalResult, Study, StudyArm


def test_each_row_of_the_evidence_is_encoded_with_its_passage(guideline):
    rows = [f"OUD-CLM-{number:02}" for number in range(1, 53)]
    rows += [f"OUD-FIG-{name}" for name in ("1", "2", "2b", "3", "3b", "4")]
    studies = ("METHOD", "PANEL", "183", "449", "1008", "1014", "158", "SARS44")
    rows += [f"OUD-STU-{name}" for name in studies]
    encoded = {name for each in guideline.all(EvidenceClaim) for name in each.notation}
    assert set(rows) <= encoded
    for each in guideline.all(EvidenceClaim):
        for row in each.notation:
            own = row.replace("-", "-P-", 1)
            assert not row.startswith("OUD-") or own in each.passages, each.id


def test_the_figures_of_the_heparin_cohort_keep_the_order_in_which_they_are_printed(guideline):
    for score, printed in (("32", ("40", "64")), ("33", ("29", "23"))):
        found = [
            guideline.one(f"OUD-CLM-{score}-{arm}", StatisticalResult).value
            for arm in ("heparin", "no-heparin")
        ]
        assert found == [Decimal(each) for each in printed]
    odds = guideline.one("OUD-CLM-32-odds-ratio", StatisticalResult)
    assert (odds.low, odds.value, odds.high) == (Decimal("0.15"), Decimal("0.37"), Decimal("0.90"))
    assert (odds.p_value, odds.interval_type) == (Decimal("0.029"), "ConfidenceInterval95")


def test_groups_that_are_printed_as_parts_add_up(guideline):
    def size(name: str) -> int:
        return guideline.one(name, StudyArm).sample_size

    def whole(name: str) -> int:
        return guideline.one(name, Study).sample_size

    assert size("ARM-183-died") + size("ARM-183-survived") == whole("STU-183")
    assert size("ARM-449-sic-from-4") + size("ARM-449-sic-below-4") == whole("STU-449")
    drugs = ("OUD-CLM-31-lmwh", "OUD-CLM-31-unfractionated")
    counts = [guideline.one(name, StatisticalResult).count for name in drugs]
    assert sum(counts) == size("ARM-449-heparin")


def test_groups_of_a_study_are_no_larger_than_the_study(guideline):
    sized = [each for each in guideline.all(StudyArm) if each.sample_size]
    assert sized
    for each in sized:
        whole = guideline.one(each.study, Study).sample_size
        assert whole is None or each.sample_size <= whole, each.id


def test_what_the_report_announces_and_does_not_print_is_on_record(guideline):
    announced = {
        each.id for each in guideline.all(AnnouncedResult) if "OUD" in each.id and not each.given_by
    }
    assert announced >= {"ANN-OUD-table-1", "ANN-OUD-table-2", "ANN-OUD-age-adjusted-formula"}
