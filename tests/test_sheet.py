"""``guidegraph sheet``: a workbook goes out and comes back, and nothing is lost on the way."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import sheet_example as example
from guidegraph.cli.group import cli
from guidegraph.scaffold import new
from guidegraph.sheet.book import COLUMNS, LEDGER, LISTS, READ_ME
from guidegraph.sheet.pages import FIRST, HEADINGS
from guidegraph.sheet.tables import KINDS
from guidegraph.terms import expand
from guidegraph.turtle.changes import Put, Remove, Rename
from guidegraph.turtle.values import Iri, Literal, Part
from guidegraph.workspace.workspace import Workspace

SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"
THR = "THR-range"
IRI = example.NAMESPACE + THR
XLSX_AND_CSV = ("book.xlsx", "csv")
LABEL, PRINTED, QUANTITY = map(expand, ("rdfs:label", "gg:reportedText", "gg:executableQuantity"))


@pytest.fixture
def folder(tmp_path) -> Path:
    return example.make(tmp_path)


def run(*arguments: object):
    result = CliRunner().invoke(cli, ["sheet", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def codes(plan: dict) -> list[str]:
    return [each["code"] for each in plan["findings"]]


# ---- there and back --------------------------------------------------------------------------


WAYS = [
    *((source, name) for source in ("scaffold", "specimen") for name in XLSX_AND_CSV),
    ("specimen", "book.ods"),
    ("shipped", "book.xlsx"),
    *(pytest.param("shipped", name, marks=pytest.mark.slow) for name in ("csv", "book.ods")),
]


@pytest.mark.parametrize(("source", "name"), WAYS)
def test_a_workbook_that_nobody_changed_changes_nothing(tmp_path, source, name):
    folder = tmp_path / "own"
    if source == "scaffold":
        new(folder)
    elif source == "specimen":
        folder = example.make(tmp_path)
    else:
        folder = SHIPPED
    before = example.texts(folder)
    out = tmp_path / name
    assert run("export", folder, "-o", out).exit_code == 0
    result = run("import", out, folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "No cell differs" in result.stdout
    assert example.texts(folder) == before


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_the_same_files_make_the_same_bytes(folder, tmp_path, form):
    first, second = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    run("export", folder, "-o", first)
    run("export", folder, "-o", second)
    assert first.read_bytes() == second.read_bytes()
    assert run("export", folder, "-o", first).exit_code == 0


def test_a_workbook_saved_by_another_program_comes_back_unchanged(folder):
    plan = example.plan(folder, example.edited())
    assert plan["cells"] == [] and plan["findings"] == []


def test_every_cell_of_the_tables_is_a_text():
    made = load_workbook(io.BytesIO(example.exported()))
    for sheet in made.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                assert cell.value is None or (cell.data_type, cell.number_format) == ("s", "@")


def test_what_a_program_could_take_for_a_formula_is_marked_as_text(folder):
    made = load_workbook(io.BytesIO(example.exported()))
    sheet = made["Thresholds"]
    cell = sheet.cell(example.row(sheet, THR), example.column(sheet, "Alternative label"))
    assert cell.value == "first\n=SUM(A1)\n-minus"
    act = example.put("Thresholds", THR, "Alternative label", "=SUM(A1)\nfirst")
    example.come_back(folder, example.edited(act))
    said = Workspace.open(folder).describe(IRI)[expand("skos:altLabel")]
    assert {each.lexical for each in said if isinstance(each, Literal)} == {"first", "=SUM(A1)"}


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@"])
def test_a_text_that_begins_like_a_formula_is_quoted_and_comes_back(tmp_path, beginning):
    folder = example.make(tmp_path)
    file = folder / "specimen.ttl"
    told = f"{beginning}cmd|' /C calc'!A0"
    text = file.read_text(encoding="utf-8").replace('"2-4"', f'"{told}"')
    file.write_text(text, encoding="utf-8")
    for name in ("book.xlsx", "csv"):
        run("export", folder, "-o", tmp_path / name)
        assert "No cell differs" in run("import", tmp_path / name, folder).stdout
    made = load_workbook(tmp_path / "book.xlsx")["Thresholds"]
    cell = made.cell(example.row(made, THR), example.column(made, "Text as printed"))
    assert cell.data_type == "s" and cell.value == told and cell.quotePrefix
    assert f"'{told}" in (tmp_path / "csv" / "Thresholds.csv").read_text(encoding="utf-8-sig")


def test_the_form_of_a_sheet():
    made = load_workbook(io.BytesIO(example.exported()))
    assert made.sheetnames[0] == READ_ME and made.sheetnames[-3:] == [COLUMNS, LISTS, LEDGER]
    assert [made[each].sheet_state for each in (LISTS, LEDGER)] == ["hidden", "veryHidden"]
    for name in ("Recommendations", "Thresholds"):
        sheet = made[name]
        assert sheet.freeze_panes == f"D{FIRST}"
        assert sheet.column_dimensions["A"].hidden
        assert not sheet.merged_cells.ranges
    sheet = made["Thresholds"]
    headings = [each.value for each in sheet[HEADINGS]]
    for heading in ("Executable quantity: value", "Executable quantity: unit", "Label (nl)"):
        assert heading in headings
    lists = {each.sqref: each.formula1 for each in sheet.data_validations.dataValidation}
    assert len(lists) > 5
    tables = [each for each in made.sheetnames if each.startswith("Table ")]
    assert tables
    table = made[tables[0]]
    bands = [each.value for each in table[HEADINGS - 1] if each.value]
    assert bands == ["Decision", "Inputs", "Outputs", "Annotations"]
    assert "Hit policy" in [each.value for each in table[HEADINGS]]


def test_every_list_points_at_what_it_offers():
    made = load_workbook(io.BytesIO(example.exported()))
    sheet = made["Thresholds"]
    letter = sheet.cell(1, example.column(sheet, "Comparator")).column_letter
    rule = next(each for each in sheet.data_validations.dataValidation if letter in str(each.sqref))
    _, _, area = made.defined_names[rule.formula1].attr_text.partition("!")
    offered = [cell.value for (cell,) in made[LISTS][area.replace("$", "")]]
    assert "at least" in offered and "less than" in offered


# ---- taking changes --------------------------------------------------------------------------


def test_a_changed_cell_changes_its_value_and_nothing_else(folder):
    before = example.texts(folder)
    result = example.come_back(
        folder,
        example.edited(
            example.put("Thresholds", THR, "Executable quantity: value", "3.5"),
            example.put("Thresholds", THR, "Label (nl)", "Een andere grens"),
            example.put("Thresholds", THR, "Comparator", "less than"),
        ),
    )
    assert "Wrote" in result.stderr
    after = example.texts(folder)
    assert {each for each in after if after[each] != before[each]} == {"specimen.ttl"}
    told = before["specimen.ttl"].decode()
    for old, new_ in (("2.50", "3.5"), ("Een verzonnen", "Een andere"), ("AtLeast", "LessThan")):
        told = told.replace(old, new_)
    assert after["specimen.ttl"].decode() == told


def test_a_unit_alone_can_be_changed(folder):
    act = example.put("Thresholds", THR, "Executable quantity: unit", "µg/L")
    example.come_back(folder, example.edited(act))
    (part,) = Workspace.open(folder).describe(IRI)[QUANTITY]
    assert isinstance(part, Part)
    assert dict(part.statements)[expand("gg:unit")] == Iri(
        "https://w3id.org/guidegraph/unit/ug-per-L"
    )


def test_one_of_several_values_can_be_taken_away(folder):
    act = example.put("Thresholds", THR, "Alternative label", "-minus\nnew one")
    example.come_back(folder, example.edited(act))
    said = Workspace.open(folder).describe(IRI)[expand("skos:altLabel")]
    assert {each.lexical for each in said if isinstance(each, Literal)} == {"-minus", "new one"}


def test_sorted_rows_moved_columns_and_own_sheets_do_not_matter(folder):
    def shuffle(made):
        sheet = made["Thresholds"]
        rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=HEADINGS)]
        body = [rows[0], *reversed(rows[1:])]
        for at, cells in enumerate(body, HEADINGS):
            for number, value in enumerate(reversed(cells), 1):
                sheet.cell(at, number).value = value
                sheet.cell(at, number).data_type = "s"
        made.create_sheet("Our notes")["A1"] = 12

    plan = example.plan(folder, example.edited(shuffle))
    assert plan["cells"] == [] and codes(plan) == ["H106"]
    assert example.come_back(folder, example.edited(shuffle)).exit_code == 0


def test_a_dry_run_shows_cells_and_writes_nothing(folder):
    before = example.texts(folder)
    data = example.edited(example.put("Thresholds", THR, "Executable quantity: value", "3.5"))
    result = example.come_back(folder, data, "--dry-run")
    assert result.exit_code == 0 and "specimen.ttl" in result.stdout
    assert "2.50" in result.stdout and "3.5" in result.stdout
    plan = example.plan(folder, data)
    assert plan["saved"] is False and plan["files"] == ["specimen.ttl"]
    (cell,) = plan["cells"]
    assert (cell["before"], cell["after"], cell["outcome"]) == ("2.50", "3.5", "applied")
    assert cell["sheet"] == "Thresholds" and cell["thing"] == THR
    assert example.texts(folder) == before


def test_a_new_row_becomes_a_thing(folder):
    act = example.add(
        "Thresholds",
        **{
            "Label_(en)": "A second invented limit",
            "Observable": "Example marker",
            "Text_as_printed": ">7 µg/L",
            "Comparator": "greater than",
            "Executable_quantity:_value": "7",
            "Executable_quantity:_unit": "µg/L",
            "Was_derived_from": "EX-P-3",
        },
    )
    result = example.come_back(folder, example.edited(act))
    said = Workspace.open(folder).describe(example.NAMESPACE + "THR-a-second-invented-limit")
    assert said[PRINTED] == (Literal(">7 µg/L"),), result.output
    assert said[LABEL] == (Literal("A second invented limit", language="en"),)


def test_a_study_needs_no_more_than_new_asks_for(folder):
    act = example.add("Studies", **{"Label_(en)": "A third study", "Sample_size": 12})
    assert example.come_back(folder, example.edited(act)).exit_code == 0
    said = Workspace.open(folder).describe(example.NAMESPACE + "STU-a-third-study")
    assert said[expand("gg:studyDesign")] == (Iri(expand("code:NotStated")),)


# ---- three states ----------------------------------------------------------------------------


def test_a_value_changed_on_both_sides_is_a_conflict_and_stops_all(folder):
    example.meanwhile(folder, Put(IRI, PRINTED, (Literal("3-5"),)))
    before = example.texts(folder)
    data = example.edited(
        example.put("Thresholds", THR, "Text as printed", "2 to 4"),
        example.put("Thresholds", THR, "Comparator", "less than"),
    )
    result = example.come_back(folder, data)
    assert result.exit_code == 1 and "error[H116]" in result.stderr
    assert "“2-4” to “3-5”" in result.stderr and "Nothing was written" in result.stdout
    assert example.texts(folder) == before
    assert example.plan(folder, data)["outcomes"] == {"applied": 1, "conflict": 1, "refused": 0}


def test_the_same_change_on_both_sides_is_none(folder):
    example.meanwhile(folder, Put(IRI, PRINTED, (Literal("3–5"),)))
    data = example.edited(example.put("Thresholds", THR, "Text as printed", "3–5"))
    assert example.plan(folder, data)["cells"] == []


def test_changes_beside_each_other_both_stand(folder):
    example.meanwhile(
        folder,
        Put(
            IRI,
            LABEL,
            (Literal("Other", language="en"), Literal("Een verzonnen grens", language="nl")),
        ),
    )
    act = example.put("Thresholds", THR, "Label (nl)", "Grens")
    example.come_back(folder, example.edited(act))
    said = Workspace.open(folder).describe(IRI)[LABEL]
    assert set(said) == {Literal("Other", language="en"), Literal("Grens", language="nl")}


@pytest.mark.parametrize("change", [Remove(IRI), Rename(IRI, IRI + "-2")])
def test_a_thing_that_is_gone_is_no_loss_unless_the_workbook_changes_it(folder, change):
    example.meanwhile(folder, change)
    before = example.texts(folder)
    assert example.plan(folder, example.edited())["findings"] == []
    data = example.edited(example.put("Thresholds", THR, "Comparator", "less than"))
    assert codes(example.plan(folder, data)) == ["H116"]
    assert example.texts(folder) == before


# ---- the command -----------------------------------------------------------------------------


def test_without_openpyxl_it_says_what_to_install(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = run("export", folder, "-o", tmp_path / "b.xlsx")
    assert result.exit_code == 1 and 'pip install "guidegraph[edit]"' in result.stderr
    assert run("export", folder, "-o", tmp_path / "csv").exit_code == 0


def test_a_workbook_that_somebody_may_have_edited_is_not_replaced(folder, tmp_path):
    out = tmp_path / "book.xlsx"
    out.write_bytes(b"edited")
    result = run("export", folder, "-o", out)
    assert result.exit_code == 1 and "H119" in result.stderr
    assert out.read_bytes() == b"edited"
    assert run("export", folder, "-o", out, "--overwrite").exit_code == 0
    assert zipfile.is_zipfile(out)


@pytest.mark.parametrize("name", ["b.fods", "b.xls", "b.xlsm", "b.csv"])
def test_other_types_are_refused_clearly(folder, tmp_path, name):
    result = run("export", folder, "-o", tmp_path / name)
    assert result.exit_code == 2 and "Error:" in result.stderr


def test_help_has_an_example():
    for name in ("export", "import"):
        assert f"Example: guidegraph sheet {name}" in run(name, "--help").stdout


def test_the_page_for_secretaries_names_every_sheet_and_only_codes_there_are():
    from guidegraph.explain import codes as every_code

    page = (Path(__file__).parents[1] / "site" / "spreadsheets.md").read_text(encoding="utf-8")
    for name in (READ_ME, COLUMNS, *(each.name for each in KINDS)):
        assert name in page
    assert set(re.findall(r"\b[A-Z]\d{3}\b", page)) <= set(every_code())
