"""What LibreOffice makes of a workbook: saved again by it, it still says the same."""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import sheet_example as example
from guidegraph.cli.group import cli
from guidegraph.sheet import excel, formats, opendocument
from guidegraph.sheet.pages import Layout, Page, Spot

SHIPPED = Path(__file__).parents[1] / "guideline" / "covid19-coagulopathy"
SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
FORMS = ("xlsx", "ods")
WAYS = [(form, again) for form in FORMS for again in FORMS]


def saved_again(file: Path, form: str) -> Path:
    """The file as LibreOffice saves it, with a profile of its own."""
    out = file.parent / f"again-{form}"
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    call = [str(SOFFICE), profile, "--headless", "--convert-to", form, "--outdir", str(out)]
    subprocess.run([*call, str(file)], check=True, timeout=300, capture_output=True)
    return out / f"{file.stem}.{form}"


def run(*arguments: object):
    result = CliRunner().invoke(cli, ["sheet", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_guideline_comes_back_unchanged(tmp_path, form):
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED, folder)
    before = example.texts(folder)
    book = tmp_path / f"book.{form}"
    assert run("export", folder, "-o", book).exit_code == 0
    for again in FORMS:
        result = run("import", saved_again(book, again), folder)
        assert (result.exit_code, result.stderr) == (0, ""), again
        assert "No cell differs" in result.stdout
        assert example.texts(folder) == before


@pytest.mark.parametrize(("form", "again"), WAYS)
def test_one_changed_cell_is_one_changed_line(tmp_path, form, again):
    folder = example.make(tmp_path)
    before = example.texts(folder)
    book = tmp_path / f"book.{form}"
    book.write_bytes(example.file_of(example.the_book(), example.there(), form))
    file = saved_again(book, again)
    (change_xlsx if again == "xlsx" else change_ods)(file)
    file = saved_again(file, again)
    told = run("import", file, folder)
    assert "1 changed cell: 1 can be taken." in told.stdout
    after = example.texts(folder)
    changed = [
        line
        for name in after
        for line in difflib.unified_diff(
            before[name].decode().splitlines(), after[name].decode().splitlines(), n=0, lineterm=""
        )
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert changed == ['-  gg:reportedText "2-4" ;', '+  gg:reportedText "2-5" ;']


def change_xlsx(file: Path) -> None:
    made = load_workbook(file)
    example.put("Thresholds", "THR-range", "Text as printed", "2-5")(made)
    made.save(file)


def change_ods(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in archive.infolist()}
    with zipfile.ZipFile(file, "w") as archive:
        for each, data in parts.items():
            if each.filename == "content.xml":
                told, count = re.subn(rb"<text:p>2-4</text:p>", b"<text:p>2-5</text:p>", data)
                assert count == 1
                archive.writestr(each, told)
            else:
                archive.writestr(each, data)


AWKWARD = [
    *(" a", "a ", "a  b", "a\n", "\na", "a\n\nb", " \n ", "  "),
    *("=1+1", "+1", "-1", "@a", "'a", "''", '"a"', "#REF!", "TRUE", "2-4", "1e5", "1.000", "007"),
    *(
        "2020-04-23",
        "12:30",
        "50%",
        "€ 5",
        "a\u00a0b",
        "a\u2028b",
        "\u0085",
        "e\u0301",
        "\U0001f600",
    ),
    *("<b>a</b>", "&amp;", "]]>", "a" * 30_000),
]


@pytest.mark.parametrize(("form", "again"), WAYS)
def test_awkward_texts_survive(tmp_path, form, again):
    page = Page(name="S", rows=tuple((Spot(each), Spot("end")) for each in AWKWARD), is_form=False)
    write = {"xlsx": excel, "ods": opendocument}[form].written
    file = tmp_path / f"book.{form}"
    file.write_bytes(write(Layout("", "", (page,))))
    rows = formats.opened(saved_again(file, again)).sheets["S"].rows
    assert [rows[at][0].text for at in range(1, len(AWKWARD) + 1)] == AWKWARD
