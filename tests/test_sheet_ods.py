"""Workbooks of the type ODS: what is written, what comes back of it, and what is refused."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sheet_example as example
from guidegraph.cli.group import cli
from guidegraph.errors import UsageError
from guidegraph.sheet import content, formats, guard
from guidegraph.sheet.book import LEDGER, LISTS
from guidegraph.sheet.cells import unfit
from guidegraph.sheet.incoming import Raw
from guidegraph.sheet.merge import merged
from guidegraph.sheet.outcome import Merged
from guidegraph.sheet.pages import HEADINGS, Layout, Page, Spot
from guidegraph.sheet.structure import ledger_of

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "form", "script")
)
MANIFEST = b"<manifest/>"
TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@cache
def exported() -> bytes:
    """The small guideline as an ODS file."""
    return example.file_of(example.the_book(), example.there(), "ods")


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def packed(inside: str | bytes, **more: bytes) -> bytes:
    """An ODS file with this content; names of other parts have ``__`` for ``/``."""
    made = io.BytesIO()
    parts = {"mimetype": TYPE, "META-INF__manifest.xml": MANIFEST, "content.xml": inside, **more}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, told in parts.items():
            archive.writestr(name.replace("__", "/"), told)
    return made.getvalue()


def book(inside: str) -> str:
    return (
        f"<office:document-content {SPACES}><office:body><office:spreadsheet>{inside}"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def sheet(rows: str) -> str:
    return book(f'<table:table table:name="S">{rows}</table:table>')


def row(cells: str) -> str:
    return sheet(f"<table:table-row>{cells}</table:table-row>")


def read(place: Path, data: bytes):
    file = place / "b.ods"
    file.write_bytes(data)
    return content.opened(file)


# ---- what is written -------------------------------------------------------------------------


def test_its_first_part_names_the_type_and_is_not_compressed():
    with zipfile.ZipFile(io.BytesIO(exported())) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_every_cell_is_a_text_and_none_is_a_formula():
    told = part(exported(), "content.xml")
    assert set(re.findall(r'office:value-type="(\w+)"', told)) == {"string"}
    assert "table:formula" not in told and "number-columns-spanned" not in told
    assert "<text:p>=SUM(A1)</text:p>" in told
    styles = re.findall(r'<style:style [^>]*style:family="table-cell"[^>]*>', told)
    assert styles and all('style:data-style-name="text"' in each for each in styles)
    assert re.search(r'<number:text-style style:name="text"[^>]*><number:text-content/>', told)


def test_every_list_points_at_what_it_offers(tmp_path):
    found = read(tmp_path, exported()).sheets
    told = part(exported(), "content.xml")
    headings = [each.text for each in found["Thresholds"].rows[HEADINGS]]
    base = f"'Thresholds'.{chr(65 + headings.index('Comparator'))}4".replace("'", "&apos;")
    rules = re.findall(r"<table:content-validation .*?>", told)
    rule = next(e for e in rules if base in e or base.replace("&apos;", "'") in e)
    area = re.search(r"\[\$Lists\.\$([A-Z])\$2:\.\$\1\$(\d+)\]", rule)
    assert area is not None
    at = ord(area[1]) - 65
    lines = [found[LISTS].rows[number] for number in range(2, int(area[2]) + 1)]
    assert {"at least", "less than"} <= {line[at].text for line in lines}
    assert 'table:message-type="stop"' in told


def test_ids_lists_and_ledger_are_hidden():
    told = part(exported(), "content.xml")
    hidden = re.findall(r'<style:style style:name="(\w+)"[^>]*><style:table-properties [^>]*', told)
    assert "unseen" in hidden
    for name in (LISTS, LEDGER):
        assert re.search(rf'<table:table [^>]*table:name="{name}"[^>]*style-name="unseen"', told)
    thresholds = told[told.index('table:name="Thresholds"') :]
    assert re.findall(r"<table:table-column ([^>]*)/>", thresholds)[1].count("collapse") == 1


WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
AWKWARD = st.text(st.sampled_from(" \na=\u00a0\u2028<&'"), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(WORDS, AWKWARD).filter(lambda e: unfit(e) is None), max_size=8))
def test_whatever_stands_in_a_cell_comes_back(tmp_path, words):
    from guidegraph.sheet import opendocument

    page = Page(name="S", rows=(tuple(map(Spot, words)), (Spot("end"),)))
    found = read(tmp_path, opendocument.written(Layout("", "", (page,)))).sheets["S"]
    cells = found.rows.get(1, ())
    assert [each.text for each in cells] == words[: len(cells)]
    assert not any(words[len(cells) :]) and found.rows[2] == (Raw("text", "end"),)


# ---- what a program made of it ---------------------------------------------------------------

CELL = '<table:table-cell office:value-type="{}" {}>{}</table:table-cell>'
KINDS = {
    "words": (CELL.format("string", "", "<text:p>a</text:p>"), Raw("text", "a")),
    "lines": (CELL.format("string", "", "<text:p>a</text:p><text:p/>"), Raw("text", "a\n")),
    "parts": (
        CELL.format("string", "", "<text:p>a <text:span>b</text:span><text:s/>c</text:p>"),
        Raw("text", "a b c"),
    ),
    "spaces": (
        CELL.format("string", "", '<text:p> a \n b<text:s text:c="2"/>c<text:tab/> </text:p>'),
        Raw("text", "a b  c\t "),
    ),
    "a comment": (
        CELL.format("string", "", "<office:annotation><text:p>x</text:p></office:annotation>"),
        Raw(),
    ),
    "a number": (CELL.format("float", 'office:value="0.1"', ""), Raw("number", "0.1", "float")),
    "a long number": (
        CELL.format("float", 'office:value="0.1000000000000000055"', ""),
        Raw("number", "0.1000000000000000055", "float"),
    ),
    "percent": (CELL.format("percentage", 'office:value="0.5"', ""), Raw("number", "0.5", "0%")),
    "a date": (
        CELL.format("date", 'office:date-value="2026-04-02"', "<text:p>2-4</text:p>"),
        Raw("date", "2026-04-02"),
    ),
    "a time": (CELL.format("time", 'office:time-value="PT02H04M00S"', ""), Raw("date", "02:04:00")),
    "truth": (CELL.format("boolean", 'office:boolean-value="true"', ""), Raw("truth", "TRUE")),
    "a formula": (
        CELL.format("float", 'table:formula="of:=1+1" office:value="2"', ""),
        Raw("formula", "=1+1"),
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_stands_in_a_cell_is_told_by_its_kind(tmp_path, name):
    cell, raw = KINDS[name]
    end = CELL.format("string", "", "<text:p>end</text:p>")
    cells = read(tmp_path, packed(row(cell + end))).sheets["S"].rows[1]
    assert cells == (raw, Raw("text", "end"))


def test_repeated_cells_and_rows_are_many_and_empty_ones_cost_nothing(tmp_path):
    empty = '<table:table-cell table:number-columns-repeated="16382"/>'
    twice = '<table:table-cell table:number-columns-repeated="2"><text:p>a</text:p></{}>'
    gap = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></{}>'
    rows = (
        f'<table:table-row table:number-rows-repeated="2">{twice.format("table:table-cell")}{empty}'
        f"</table:table-row>{gap.format('table:table-row')}"
    )
    found = read(tmp_path, packed(sheet(rows))).sheets["S"]
    assert found.rows == {1: (Raw("text", "a"),) * 2, 2: (Raw("text", "a"),) * 2}


def test_old_changes_that_are_kept_are_no_cells(tmp_path):
    old = "<table:tracked-changes><table:table-cell><text:p>old</text:p></table:table-cell>"
    found = read(tmp_path, packed(book(f"{old}</table:tracked-changes>")))
    assert found.sheets == {}


FAR = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'
FULL = "<table:table-cell {}><text:p>a</text:p></table:table-cell>"
MANY = (
    "<table:table-row>" + FULL.format('table:number-columns-repeated="900"') + "</table:table-row>"
)
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "H101"),
    "cut off": (lambda: exported()[:-3000], "H101"),
    "another zip": (lambda: packed("").replace(b"content.xml", b"nothing.xml"), "H101"),
    "a text document": (lambda: packed("", mimetype=TYPE.replace(b"spreadsheet", b"text")), "H101"),
    "a password": (
        lambda: packed(b"\0", **{"META-INF__manifest.xml": b"<m:encryption-data/>"}),
        "H101",
    ),
    "broken markup": (lambda: packed("<a>"), "H101"),
    "a table in a cell": (
        lambda: packed(row('<table:table-cell><table:table table:name="T"/></table:table-cell>')),
        "H101",
    ),
    "two sheets of one name": (
        lambda: packed(book('<table:table table:name="S"/><table:table table:name="S"/>')),
        "H101",
    ),
    "no number": (lambda: packed(row(FULL.format('table:number-columns-repeated="-1"'))), "H101"),
    "macros": (lambda: packed(row(""), **{"Basic__Standard__Module1.xml": b""}), "H103"),
    "a script": (lambda: packed(row("<script:event-listener/>")), "H103"),
    "a button": (lambda: packed(sheet("<office:forms><form:form/></office:forms>")), "H103"),
    "another file": (lambda: packed(sheet("<table:table-source/>")), "H103"),
    "an object": (lambda: packed(row(""), **{"Object 1": b"x"}), "H103"),
    "entities": (lambda: packed(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "H103"),
    "entities elsewhere": (lambda: packed(row(""), **{"styles.xml": b"<!DOCTYPE a>"}), "H103"),
    "fifty megabytes": (lambda: b"PK\x03\x04" + b"\0" * (50 * 2**20), "H102"),
    "a bomb": (lambda: packed(row(""), **{"Pictures__a.png": b"\0" * (8 * 2**20)}), "H102"),
    "all rows": (lambda: packed(sheet(FAR.format(FULL.format("")))), "H102"),
    "all columns": (
        lambda: packed(row(FULL.format('table:number-columns-repeated="16384"'))),
        "H102",
    ),
    "a huge number": (
        lambda: packed(row(FULL.format(f'table:number-columns-repeated="{10**18}"'))),
        "H102",
    ),
    "many cells": (lambda: packed(sheet(MANY * 600)), "H102"),
    "spaces": (
        lambda: packed(
            row(
                '<table:table-cell><text:p><text:s text:c="999999999"/></text:p></table:table-cell>'
            )
        ),
        "H102",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_must_not_be_opened_is_refused(tmp_path, name):
    make, code = FILES[name]
    with pytest.raises(UsageError) as refused:
        read(tmp_path, make())
    assert [each.code for each in refused.value.findings] == [code]


# ---- coming back -----------------------------------------------------------------------------


def come_back(place: Path, *changes: tuple[str, str]) -> Merged:
    """What an import makes of the workbook after texts of its markup were replaced."""
    told = part(exported(), "content.xml")
    at = told.index('table:name="Thresholds"')
    front, told = told[:at], told[at:]
    for old, new in changes:
        assert re.search(old, told), old
        told = re.sub(old, new, told, count=1)
    with zipfile.ZipFile(io.BytesIO(exported())) as archive:
        manifest = archive.read("META-INF/manifest.xml")
    found = read(place, packed(front + told, **{"META-INF__manifest.xml": manifest}))
    return merged(example.there(), found, ledger_of(found, example.there().namespace))


PRINTED = r'office:value-type="string"([^>]*)><text:p>2-4</text:p>'
VALUE = r'office:value-type="string"([^>]*)><text:p>2.50</text:p>'
CHANGES = {
    "nothing": ((), []),
    "a date": (
        ((PRINTED, r'office:value-type="date" office:date-value="2026-04-02"\1>'),),
        ["H112"],
    ),
    "a number": (((PRINTED, r'office:value-type="float" office:value="24"\1>'),), ["H113"]),
    "a rounded number": (
        ((VALUE, r'office:value-type="float" office:value="2.4000000000000004"\1>'),),
        ["H113"],
    ),
    "the same number": (((VALUE, r'office:value-type="float" office:value="2.5"\1>'),), []),
    "percent": (((VALUE, r'office:value-type="percentage" office:value="0.5"\1>'),), ["H113"]),
    "a formula": (((VALUE, r'table:formula="of:=1+1" office:value="2"\1>'),), ["H114"]),
    "decimals or thousands": (((r"<text:p>2.50<", "<text:p>1,000<"),), ["N101"]),
    "a merged cell": (
        ((PRINTED, r'table:number-columns-spanned="2"\1><text:p>2-4</text:p>'),),
        ["H108"],
    ),
    "a renamed column": (
        ((r"<text:p>Text as printed<", "<text:p>Printed text<"),),
        ["H107", "H107"],
    ),
    "a renamed sheet": (((r'table:name="Thresholds"', 'table:name="Limits"'),), ["H105", "H106"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_judged_as_in_any_other_workbook(tmp_path, name):
    changes, codes = CHANGES[name]
    found = come_back(tmp_path, *changes)
    assert [each.code for each in found.findings] == codes
    assert not found.changes


def test_a_date_is_told_with_what_stood_there(tmp_path):
    (changes, _) = CHANGES["a date"]
    (finding,) = come_back(tmp_path, *changes).findings
    assert "“2-4” has become a date (2026-04-02)" in finding.message
    assert "b.ods:Thresholds!" in str(finding.at)


def test_a_number_is_taken_with_the_digits_of_the_file(tmp_path):
    change = (VALUE, r'office:value-type="float" office:value="0.123456789012345"\1>')
    (edit,) = come_back(tmp_path, change).edits
    assert (edit.outcome, edit.new) == ("applied", "0.123456789012345")


def test_without_odfpy_nothing_is_written_and_all_is_read(tmp_path, monkeypatch):
    folder = example.make(tmp_path)
    monkeypatch.setitem(sys.modules, "odf", None)
    target = tmp_path / "b.ods"
    call = ["sheet", "export", str(folder), "-o", str(target)]
    told = CliRunner().invoke(cli, call)
    assert told.exit_code == 1 and 'pip install "guidegraph[ods]"' in told.stderr
    target.write_bytes(exported())
    assert LEDGER in formats.opened(target).sheets


def test_limits_let_a_large_guideline_through():
    assert guard.MOST_AREA > 30 * 60_000
