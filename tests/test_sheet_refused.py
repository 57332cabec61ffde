"""Workbooks and cells that are refused: nothing is guessed, nothing is written, nothing is lost."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from openpyxl.worksheet.formula import ArrayFormula

import sheet_example as example
from guidegraph.diagnostic import Diagnostic
from guidegraph.forms.form import Field
from guidegraph.sheet.book import LEDGER
from guidegraph.sheet.faults import CellPlace
from guidegraph.sheet.incoming import NUMBER, Raw
from guidegraph.sheet.typed import typed
from guidegraph.terms import expand

THR = "THR-range"
SHEET = "Thresholds"
PRINTED = "Text as printed"
VALUE = "Executable quantity: value"


@pytest.fixture
def folder(tmp_path) -> Path:
    return example.make(tmp_path)


def refused(folder: Path, data: bytes, *options: str) -> dict:
    """The plan of an import that must not write anything, whether tried or not."""
    before = example.texts(folder)
    result = example.come_back(folder, data, *options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == 1, result.output
    assert example.texts(folder) == before
    return example.plan(folder, data, *options)


def only(plan: dict) -> dict:
    (finding,) = plan["findings"]
    return finding


# ---- cells -----------------------------------------------------------------------------------

CELLS = {
    "a date": (PRINTED, datetime.datetime(2026, 4, 2), "", "H112"),
    "a day": (PRINTED, datetime.date(2026, 4, 2), "", "H112"),
    "a time": (PRINTED, datetime.time(2, 4), "", "H112"),
    "a date in a number": (VALUE, datetime.datetime(2026, 5, 2), "", "H112"),
    "a date as text": (PRINTED, "2-apr", "", "H112"),
    "a date in full": (PRINTED, "2-4-2026", "", "H112"),
    "a date with its time": (PRINTED, "2026-04-02 00:00:00", "", "H112"),
    "a number where text stands": (PRINTED, 24, "", "H113"),
    "a percentage": (VALUE, 0.5, "0%", "H113"),
    "a rounded number": (VALUE, 1e22, "", "H113"),
    "a long number": (VALUE, 1234567890123456789, "", "H113"),
    "a rounded text": (VALUE, "1,23E+05", "", "H113"),
    "a truth value": (PRINTED, True, "", "H113"),
    "a truth value for a name": ("Comparator", True, "", "H113"),
    "a formula": (VALUE, "=1+1", "formula", "H114"),
    "an array": (VALUE, ArrayFormula("F4", "=1+1"), "formula", "H114"),
    "an error": (VALUE, "#REF!", "formula", "H114"),
    "an error as text": (VALUE, "#DIV/0!", "", "H114"),
    "thousands or decimals": (VALUE, "1.000", "", "N101"),
    "decimals or thousands": (VALUE, "1,000", "", "N101"),
    "words for a number": (VALUE, "a few", "", "N102"),
    "a range": (VALUE, "2-4", "", "N102"),
    "nothing in the list": ("Comparator", "roughly", "", "N105"),
    "another sort of thing": ("Observable", "EX-P-3", "", "N107"),
    "two values": ("Observable", "Example marker\nExample marker", "", "N108"),
    "zero width": (PRINTED, "2\u200b-4", "", "N108"),
    "turned text": ("Label (en)", "limit \u202e2-4", "", "N108"),
    "an escape": ("Label (en)", "limit _x0007_", "", "N108"),
    "pasted HTML": ("Label (en)", "<b>An invented</b> limit", "", "N109"),
    "no unit": ("Executable quantity: unit", None, "", "N113"),
    "no number": (VALUE, None, "", "N113"),
    "no label": ("Label (en)", None, "", "N113"),
    "no observable": ("Observable", "  ", "", "N113"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_cannot_be_taken_is_named(folder, name):
    heading, value, form, code = CELLS[name]
    plan = refused(folder, example.edited(example.put(SHEET, THR, heading, value, form)))
    finding = only(plan)
    assert finding["code"] == code, finding
    (cell,) = plan["cells"]
    assert cell["outcome"] == "refused" and cell["column"] == heading
    assert cell["place"].endswith(f"book.xlsx:{SHEET}!{cell['cell']}")


def test_a_number_that_became_a_date_is_told_with_what_stood_there(folder):
    data = example.edited(example.put(SHEET, THR, PRINTED, datetime.datetime(2026, 4, 2)))
    result = example.come_back(folder, data)
    assert "“2-4” has become a date (2026-04-02)" in result.stderr
    assert f"book.xlsx:{SHEET}!" in result.stderr


@pytest.mark.parametrize(
    ("value", "lexical"),
    [(3, "3.0"), (3.5, "3.5"), (0.1, "0.1"), ("0,75", "0.75")],
)
def test_a_number_is_taken_where_its_shortest_form_is_exact(folder, value, lexical):
    plan = example.plan(folder, example.edited(example.put(SHEET, THR, VALUE, value)))
    assert [each["outcome"] for each in plan["cells"]] == ["applied"]
    example.come_back(folder, example.edited(example.put(SHEET, THR, VALUE, value)))
    assert f"gg:value {lexical} ;".encode() in example.texts(folder)["specimen.ttl"]


@pytest.mark.parametrize(
    "kept", ["2.4000000000000004", "1e-07", "inf", "nan", "0.30000000000000004"]
)
def test_a_number_that_the_program_has_rounded_is_refused(kept):
    asks = Field(path="value", label="value", datatypes=(expand("xsd:decimal"),))
    found = typed(Raw(NUMBER, kept), asks, "2.4", CellPlace("b.xlsx:Thresholds", 4, 6))
    assert isinstance(found, Diagnostic) and found.code == "H113"


@pytest.mark.parametrize("value", [2.5, "2.5", "2.500000", "2,50"])
def test_the_same_number_in_another_spelling_is_no_change(folder, value):
    assert (
        example.plan(folder, example.edited(example.put(SHEET, THR, VALUE, value)))["cells"] == []
    )


@pytest.mark.parametrize(("mark", "lexical"), [("comma", "1000.0"), ("point", "1.000")])
def test_a_habit_settles_what_a_point_means(folder, mark, lexical):
    data = example.edited(example.put(SHEET, THR, VALUE, "1.000"))
    example.come_back(folder, data, "--decimal", mark)
    assert f"gg:value {lexical} ;".encode() in example.texts(folder)["specimen.ttl"]


def test_what_is_only_shown_cannot_be_changed(folder):
    made = example.the_book()
    table = next(each for each in made.tables if each.name.startswith("Table "))
    rule = next(each for each in table.rows if not each.is_head)
    thing = rule.iri.rpartition("/")[2]
    act = example.put(table.name, thing, "Actions", "Something else")
    assert only(refused(folder, example.edited(act)))["code"] == "H115"
    act = example.put(table.name, thing, "Hit policy", "unique")
    assert only(refused(folder, example.edited(act)))["code"] == "H115"


# ---- rows and columns ------------------------------------------------------------------------


def rename(made):
    sheet = made[SHEET]
    sheet.cell(3, example.column(sheet, PRINTED)).value = "Printed text"


def lose(made):
    sheet = made[SHEET]
    sheet.delete_cols(example.column(sheet, PRINTED))


def lose_ids(made):
    made[SHEET].delete_cols(1)


def gain(made):
    sheet = made[SHEET]
    sheet.cell(3, sheet.max_column + 1).value = "Remarks"


def gain_without_heading(made):
    sheet = made[SHEET]
    sheet.cell(5, sheet.max_column + 1).value = "by the way"


def twice(made):
    sheet = made[SHEET]
    sheet.cell(3, sheet.max_column + 1).value = PRINTED


def behead(made):
    made[SHEET].delete_rows(3)


def merge(made):
    made[SHEET].merge_cells("D4:E5")


def copy_row(made):
    sheet = made[SHEET]
    at = example.row(sheet, THR)
    for cell in list(sheet[at]):
        sheet.cell(sheet.max_row + (cell.column == 1), cell.column).value = cell.value


def other_id(made):
    sheet = made[SHEET]
    sheet.cell(example.row(sheet, THR), 1).value = "https://example.org/elsewhere"


def swap_ids(made):
    sheet = made[SHEET]
    first, second = sheet.cell(4, 1), sheet.cell(5, 1)
    first.value, second.value = second.value, first.value


def sort_a_part(made):
    """Sort what can be seen, and leave the hidden columns where they are."""
    sheet = made[SHEET]
    rows = [[c.value for c in cells[2:]] for cells in sheet.iter_rows(min_row=4)]
    for at, values in enumerate(reversed(rows), 4):
        for number, value in enumerate(values, 3):
            sheet.cell(at, number).value = value
            sheet.cell(at, number).data_type = "s"


def no_id(made):
    sheet = made[SHEET]
    sheet.cell(example.row(sheet, THR), 1).value = None


def delete_row(made):
    sheet = made[SHEET]
    sheet.delete_rows(example.row(sheet, THR))


def delete_sheet(made):
    del made[SHEET]


def rename_sheet(made):
    made[SHEET].title = "Treshholds"


def spoil_ledger(made):
    made[LEDGER].cell(3, 3).value = "[]"


def lose_ledger(made):
    del made[LEDGER]


FORMS = {
    rename: {"H107"},
    lose: {"H107"},
    lose_ids: {"H107"},
    gain: {"H107"},
    gain_without_heading: {"H107"},
    twice: {"H107"},
    behead: {"H107"},
    merge: {"H108"},
    copy_row: {"H109"},
    other_id: {"H109", "H110"},
    swap_ids: {"H109"},
    sort_a_part: {"H109"},
    no_id: {"H109", "H110"},
    delete_row: {"H110"},
    delete_sheet: {"H105"},
    rename_sheet: {"H105", "H106"},
}


@pytest.mark.parametrize("act", FORMS, ids=lambda each: each.__name__)
def test_a_changed_form_is_refused(folder, act):
    also = example.put("Recommendations", "REC-1", "Status", "under review")
    plan = refused(folder, example.edited(also, act))
    assert {each["code"] for each in plan["findings"]} >= FORMS[act]
    assert {each["code"] for each in plan["findings"]} - {"N105"} <= FORMS[act] | {"H113"}


def test_a_new_name_is_suggested_for_a_renamed_sheet_and_column(folder):
    told = example.come_back(folder, example.edited(rename_sheet)).stderr
    assert "Is it “Treshholds”?" in told


@pytest.mark.parametrize("act", [spoil_ledger, lose_ledger])
def test_without_what_it_was_nothing_can_be_compared(folder, act):
    result = example.come_back(folder, example.edited(act))
    assert result.exit_code == 1 and "error[H104]" in result.stderr


def test_a_workbook_of_another_guideline_is_refused(tmp_path):
    folder = example.make(tmp_path)
    for file in folder.rglob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("example-marker/", "other-marker/"), encoding="utf-8")
    result = example.come_back(folder, example.exported())
    assert result.exit_code == 1 and "error[H104]" in result.stderr


@pytest.mark.parametrize(
    ("sheet", "code"), [("Pathways", "H111"), ("Steps", "H111"), ("Observables", "H111")]
)
def test_a_row_that_is_not_enough_for_a_thing_is_refused(folder, sheet, code):
    plan = refused(folder, example.edited(example.add(sheet, **{"Label_(en)": "Another one"})))
    assert only(plan)["code"] == code


def test_a_new_row_that_leaves_something_out_says_what(folder):
    act = example.add(SHEET, **{"Label_(en)": "A second limit", "Comparator": "less than"})
    plan = refused(folder, example.edited(act))
    assert {each["code"] for each in plan["findings"]} == {"N113"}
    assert all(each["file"].endswith("book.xlsx:Thresholds") for each in plan["findings"])
    assert any("passage" in each["message"].casefold() for each in plan["findings"])


def test_new_rows_with_one_label_get_two_names(folder):
    act = example.add("Studies", **{"Label_(en)": "A third study"})
    plan = example.plan(folder, example.edited(act, act))
    assert {each["thing"] for each in plan["cells"]} == {"STU-a-third-study", "STU-a-third-study-2"}
