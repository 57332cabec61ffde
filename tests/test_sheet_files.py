"""Files that are no workbooks, or more than one: refused quickly, and nothing is written."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import sheet_example as example
from guidegraph.cli.group import cli
from guidegraph.sheet import guard

SHEET = "Thresholds"


@pytest.fixture
def folder(tmp_path) -> Path:
    return example.make(tmp_path)


def told(folder: Path, name: str, data: bytes) -> str:
    """What is said of a file that must not be opened; quickly, and with little memory."""
    file = folder.parent / name
    file.write_bytes(data)
    before = example.texts(folder)
    started = time.monotonic()
    result = CliRunner().invoke(cli, ["sheet", "import", str(file), str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == 1 and time.monotonic() - started < 20
    assert example.texts(folder) == before
    return result.stderr


def parts(**changed: bytes | None) -> bytes:
    """The workbook with other parts: names have ``__`` for ``/`` and ``_`` for a point."""
    made = io.BytesIO()
    named = {
        k.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): v
        for k, v in changed.items()
    }
    with (
        zipfile.ZipFile(io.BytesIO(example.exported())) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in old.namelist():
            if name not in named:
                archive.writestr(name, old.read(name))
        for name, data in named.items():
            if data is not None:
                archive.writestr(name, data)
    return made.getvalue()


def sheet_xml(inside: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{inside}</sheetData></worksheet>'.encode()


def noise() -> bytes:
    """Nine megabytes that pack badly enough to pass for words."""
    return b"".join(b"<b c='%d'/>" % number for number in range(700_000))


def encrypted() -> bytes:
    data = bytearray(example.exported())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        flags = struct.unpack_from("<H", data, at + 8)[0]
        struct.pack_into("<H", data, at + 8, flags | 1)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


FILES = {
    "nothing": ("b.xlsx", lambda: b"", "H101"),
    "no workbook": ("b.xlsx", lambda: b"%PDF-1.7", "H101"),
    "another zip": ("b.xlsx", lambda: parts(xl__workbook_xml=None), "H101"),
    "cut off": ("b.xlsx", lambda: example.exported()[:-2000], "H101"),
    "turned bytes": (
        "b.xlsx",
        lambda: example.exported()[:5000] + b"x" * 900 + example.exported()[5900:],
        "H101",
    ),
    "a password": ("b.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "H101"),
    "a password for the zip": ("b.xlsx", encrypted, "H101"),
    "the old type": ("b.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "H101"),
    "the binary type": ("b.xlsb", example.exported, "H101"),
    "a flat open document": ("b.fods", lambda: b"<office:document/>", "H101"),
    "another type than its name": ("b.ods", example.exported, "H101"),
    "one CSV file": ("b.csv", lambda: b"a,b", "H101"),
    "broken markup": (
        "b.xlsx",
        lambda: parts(xl__worksheets__sheet2_xml=b"<worksheet><a>"),
        "H101",
    ),
    "no sheets": ("b.xlsx", lambda: parts(xl__workbook_xml=b"<workbook/>"), "H104"),
    "macros": ("b.xlsm", example.exported, "H103"),
    "macros in disguise": ("b.xlsx", lambda: parts(xl__vbaProject_bin=b"x"), "H103"),
    "links": ("b.xlsx", lambda: parts(xl__externalLinks__externalLink1_xml=b"<a/>"), "H103"),
    "entities": (
        "b.xlsx",
        lambda: parts(xl__worksheets__sheet2_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "H103",
    ),
    "fifty megabytes": ("b.xlsx", lambda: b"PK\x03\x04" + b"\0" * (50 * 2**20), "H102"),
    "a bomb": ("b.xlsx", lambda: parts(xl__media__bomb_bin=b"\0" * (90 * 2**20)), "H102"),
    "large styles": ("b.xlsx", lambda: parts(xl__styles_xml=b"<a>" + noise() + b"</a>"), "H102"),
    "many parts": ("b.xlsx", lambda: parts(**{f"xl__p{n}_bin": b"" for n in range(1100)}), "H102"),
    "many cells": (
        "b.xlsx",
        lambda: parts(
            xl__worksheets__sheet2_xml=sheet_xml(
                ("<row>" + "<c><v>1</v></c>" * 900 + "</row>") * 600
            )
        ),
        "H102",
    ),
    "a far cell": (
        "b.xlsx",
        lambda: parts(
            xl__worksheets__sheet2_xml=sheet_xml(
                '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
            )
        ),
        "H102",
    ),
    "cells far apart": (
        "b.xlsx",
        lambda: parts(
            xl__worksheets__sheet2_xml=sheet_xml(
                '<row r="1"><c r="ALK1"><v>1</v></c></row><row r="9000"><c><v>1</v></c></row>'
            )
        ),
        "H102",
    ),
    "a wide sheet": (
        "b.xlsx",
        lambda: parts(
            xl__worksheets__sheet2_xml=sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')
        ),
        "H102",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_must_not_be_opened_is_refused_quickly(folder, name):
    file, make, code = FILES[name]
    said = told(folder, file, make())
    assert said.startswith(f"error[{code}]"), said


def test_a_file_that_is_not_there(folder):
    result = CliRunner().invoke(cli, ["sheet", "import", "nowhere.xlsx", str(folder)])
    assert result.exit_code == 1 and "error[H101]" in result.stderr


def test_a_lying_size_is_found_out(folder):
    data = bytearray(parts(xl__media__lie_bin=b"\0" * (5 * 2**20)))
    at = data.rfind(b"xl/media/lie.bin") - 46
    struct.pack_into("<I", data, at + 24, 100)
    assert "error[H101]" in told(folder, "b.xlsx", bytes(data))


def test_a_huge_dimension_that_is_only_claimed_costs_nothing(folder):
    with zipfile.ZipFile(io.BytesIO(example.exported())) as old:
        sheet = old.read("xl/worksheets/sheet3.xml")
    claimed = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet)
    assert claimed != sheet
    data = parts(xl__worksheets__sheet3_xml=claimed)
    started = time.monotonic()
    assert example.plan(folder, data)["findings"] == []
    assert time.monotonic() - started < 20


def test_empty_formatted_rows_to_the_end_cost_nothing(folder):
    def paint(made):
        made[SHEET].cell(90_000, 3).number_format = "0.00"

    assert example.plan(folder, example.edited(paint))["cells"] == []


def test_limits_let_a_large_guideline_through():
    assert guard.MOST_CELLS > 30 * 16_000 and guard.MOST_PACKED > 50 * 340_000
