"""Findings in every form: readable, complete, valid, and safe to print."""

from __future__ import annotations

import json
import re

import pytest

from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.explain import explanation
from guidegraph.report import FORMATS, render, visible

LINES = {
    ("a.ttl", 41): '  gg:unit "mg/dL" ; # as printed',
    ("a.ttl", 7): "\td:é漢 d:p d:wide .",
    ("a.ttl", 9): "x" * 300 + " d:needle " + "y" * 300,
}
WRONG = Diagnostic(
    code="R014",
    severity=Severity.ERROR,
    message="2,000 is not a number",
    at=Location("a.ttl", 41, 11),
    why="A comma separates values",
    help="write 2000",
    subject="THR-1",
    related=((Location("b dir/ü.ttl", 12), "declared in mmol/L"),),
)
VAGUE = Diagnostic(code="Z999", severity=Severity.WARNING, message="something is odd")
SMALL = Diagnostic(
    code="R004", severity=Severity.NOTE, message="a mark", at=Location("/abs/a b.ttl", 1)
)
NASTY = "a\x1b[31mred\x07\r\nnext\u202edir\u200b\x9bc"


def lines(at: Location) -> str | None:
    return LINES.get((at.file, at.line))


def test_text_shows_message_place_source_line_and_advice():
    assert render([WRONG], "text", source_line=lines) == (
        "error[R014]: 2,000 is not a number\n"
        "  --> a.ttl:41:11\n"
        '41 |   gg:unit "mg/dL" ; # as printed\n'
        "   |           ^^^^^^^\n"
        "note: declared in mmol/L (b dir/ü.ttl:12)\n"
        "why: A comma separates values\n"
        "help: write 2000\n"
        "\n"
        "1 error\n"
    )


def test_text_of_several_findings_keeps_their_order_and_counts_them():
    told = render([SMALL, WRONG, VAGUE, WRONG], "text", source_line=lines)
    assert re.findall(r"^(?:error|warning|note)\[(\w+)\]", told, re.M) == [
        "R004",
        "R014",
        "Z999",
        "R014",
    ]
    assert told.endswith("\n\n2 errors, 1 warning, 1 note\n")


def test_text_of_nothing_is_empty():
    assert render([], "text") == ""


def test_caret_stands_under_the_word_after_tabs_and_wide_characters():
    found = Diagnostic(
        code="R101", severity=Severity.ERROR, message="m", at=Location("a.ttl", 7, 7)
    )
    shown, carets = render([found], "text", source_line=lines).split("\n")[2:4]
    assert shown == "7 |  d:é漢 d:p d:wide ."
    assert carets == "  |        ^^^"


def test_a_very_long_line_is_shown_around_the_place():
    found = Diagnostic(
        code="R101", severity=Severity.ERROR, message="m", at=Location("a.ttl", 9, 302)
    )
    shown, carets = render([found], "text", source_line=lines).split("\n")[2:4]
    assert len(shown) < 220
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "d:needle"


def test_source_lines_are_read_from_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ttl").write_bytes(b"\xef\xbb\xbfone\r\ntwo \xff\r\n")
    found = [
        Diagnostic(code="R101", severity=Severity.ERROR, message="m", at=Location(file, line))
        for file, line in (("a.ttl", 2), ("a.ttl", 3), ("a.ttl", 99), ("gone.ttl", 1))
    ]
    told = render(found, "text")
    assert "2 | two \ufffd" in told
    assert told.count(" | ") == 1


def test_colour_is_used_only_when_asked_for():
    plain = render([WRONG, VAGUE], "text", source_line=lines)
    coloured = render([WRONG, VAGUE], "text", color=True, source_line=lines)
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[1;31merror[R014]\x1b[0m")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("form", FORMATS)
def test_terminal_escapes_and_hidden_characters_are_made_visible(form):
    found = Diagnostic(
        code="R101",
        severity=Severity.ERROR,
        message=NASTY,
        at=Location(f"f{NASTY}.ttl", 1, 1),
        why=NASTY,
        help=NASTY,
        subject=NASTY,
        related=((Location(NASTY, 1), NASTY),),
    )
    told = render([found], form, source_line=lambda at: NASTY)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", told)
    assert "u{1b}[31mred" in told


def test_lone_surrogates_do_not_stop_the_report():
    assert visible("a\ud800b").encode() == b"a\\u{d800}b"


def test_json_holds_every_field_and_counts():
    told = json.loads(render([WRONG, VAGUE], "json"))
    assert told == {
        "findings": [
            {
                "code": "R014",
                "severity": "error",
                "message": "2,000 is not a number",
                "file": "a.ttl",
                "line": 41,
                "column": 11,
                "why": "A comma separates values",
                "help": "write 2000",
                "subject": "THR-1",
                "related": [
                    {
                        "file": "b dir/ü.ttl",
                        "line": 12,
                        "column": None,
                        "message": "declared in mmol/L",
                    }
                ],
            },
            {
                "code": "Z999",
                "severity": "warning",
                "message": "something is odd",
                "file": None,
                "line": None,
                "column": None,
                "why": None,
                "help": None,
                "subject": None,
                "related": [],
            },
        ],
        "counts": {"error": 1, "warning": 1, "note": 0},
    }


def test_json_of_nothing_is_still_a_document():
    told = json.loads(render([], "json"))
    assert told == {"findings": [], "counts": {"error": 0, "warning": 0, "note": 0}}


def test_github_annotations_are_escaped():
    found = Diagnostic(
        code="R101",
        severity=Severity.WARNING,
        message="50% of a, b: c",
        at=Location("a:b,c%.ttl", 3, 4),
        help="next",
    )
    assert render([found], "github") == (
        "::warning file=a%3Ab%2Cc%25.ttl,line=3,col=4,title=R101::50%25 of a, b: c%0Ahelp: next\n"
    )
    assert render([VAGUE], "github") == "::warning title=Z999::something is odd\n"
    assert render([SMALL], "github").startswith("::notice file=/abs/a b.ttl,line=1,title=R004::")


def test_sarif_has_what_the_standard_requires():
    told = json.loads(render([WRONG, SMALL, VAGUE, WRONG], "sarif"))
    assert told["version"] == "2.1.0"
    [run] = told["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "guidegraph"
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    identifiers = [rule["id"] for rule in driver["rules"]]
    assert identifiers == sorted(set(identifiers)) == ["R004", "R014", "Z999"]
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert identifiers[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        for place in result.get("locations", []) + result.get("relatedLocations", []):
            region = place["physicalLocation"]["region"]
            assert region["startLine"] >= 1
            assert region.get("startColumn", 1) >= 1


def test_sarif_places_are_uri_references():
    told = json.loads(render([WRONG, SMALL], "sarif"))
    first, second = told["runs"][0]["results"]
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "a.ttl"
    assert where["region"] == {"startLine": 41, "startColumn": 11}
    assert first["locations"][0]["logicalLocations"] == [{"name": "THR-1"}]
    related = first["relatedLocations"][0]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "b%20dir/%C3%BC.ttl"
    assert related["message"]["text"] == "declared in mmol/L"
    absolute = second["locations"][0]["physicalLocation"]
    assert absolute["artifactLocation"]["uri"] == "file:///abs/a%20b.ttl"


def test_sarif_rules_carry_their_explanation():
    told = json.loads(render([WRONG, VAGUE], "sarif"))
    known, unknown = told["runs"][0]["tool"]["driver"]["rules"]
    written = explanation("R014")
    assert known["shortDescription"]["text"] == written.title
    assert known["fullDescription"]["text"] == written.section("What it means")
    assert known["help"]["markdown"] == written.markdown
    assert known["defaultConfiguration"]["level"] == "error"
    assert unknown == {"id": "Z999"}


def test_sarif_of_nothing_is_a_run_without_results():
    [run] = json.loads(render([], "sarif"))["runs"]
    assert run["results"] == run["tool"]["driver"]["rules"] == []


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match="xml"):
        render([], "xml")
