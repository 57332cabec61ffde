"""Lists of retractions: every way of writing them, what they touch, and how faults are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from guidegraph import doi
from guidegraph.check.retractions import STATUSES, read_retractions
from guidegraph.cli.group import cli
from guidegraph.scaffold import new

PAPER = "10.5555/invented.1"


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "example-marker"
    new(folder)
    return folder


@pytest.fixture
def listed(tmp_path):
    """Writes a list and reads it: the notices as tuples, and the findings as code and line."""

    def read(content: str | bytes):
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        notices, findings = read_retractions(path)
        told = [(each.doi, each.status, each.on, each.at.line) for each in notices]
        return told, [(each.code, each.at.line) for each in findings]

    return read


def check(folder: Path, content: str, *more: str):
    path = folder.parent / "list.csv"
    path.write_text(content, encoding="utf-8")
    arguments = ["check", str(folder), "--retractions", str(path), "--format", "json", *more]
    result = CliRunner().invoke(cli, arguments)
    return json.loads(result.stdout)["findings"], result.exit_code


# ---- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_as_any_spreadsheet_saves_it(listed, separator, mark, end):
    rows = [["DOI", "Reason", " Status ", "date"], [PAPER, '"a; b, c"', "Retracted", "2026-01-31"]]
    content = mark + "".join(separator.join(row) + end for row in rows)
    assert listed(content) == ([(PAPER, "Retracted", "2026-01-31", 2)], [])


@pytest.mark.parametrize("before", ["sep=;\n", '"sep=;"\n', "\n\n", ";;;\n"])
def test_what_stands_before_the_header_is_passed_over(listed, before):
    line = before.count("\n") + 2
    told, findings = listed(f"{before}doi;status;date\n{PAPER};corrected;2026-01-31\n")
    assert told == [(PAPER, "Corrected", "2026-01-31", line)]
    assert not findings


def test_a_quoted_line_break_does_not_move_the_lines_that_follow(listed):
    told, findings = listed(
        f'doi,status,date,url\n{PAPER},retracted,2026-01-31,"a\nb"\n10.1/x,retracted,2026-01-31,\n'
    )
    assert [each[3] for each in told] == [2]
    assert findings == [("V104", 4)]


@pytest.mark.parametrize("status", [*STATUSES, "RETRACTED", "Expression-of_Concern"])
def test_every_status_is_known_in_any_capitals(listed, status):
    told, findings = listed(f"doi,status,date\n{PAPER},{status},2026-01-31\n")
    assert len(told) == 1
    assert not findings


@pytest.mark.parametrize("fault", [f'{PAPER},retracted,2026-01-31,"open', f'"{PAPER}"x,,,'])
def test_quotes_that_are_not_closed_swallow_no_line(listed, fault):
    good = f'{PAPER},retracted,2026-01-31,"why"'
    told, findings = listed("\n".join(["doi,status,date,why", good, fault, good, good]))
    assert [each[3] for each in told] == [2, 4, 5]
    assert findings == [("V103", 3)]


def test_a_header_without_end_is_told(listed):
    assert listed("x" * 200_000 + "\ndoi,status,date\n") == ([], [("V102", 1)] * 3)


def test_each_faulty_line_is_told_and_the_others_count(listed):
    good = f"{PAPER},retracted,2026-01-31"
    rows = [
        "doi,status,date",
        good,
        "10.1000,retracted,2026-01-31",
        good,
        f"{PAPER},unclear,2026-01-31",
        f"{PAPER},retracted,2026-02-30",
        f"{PAPER},retracted",
        ",,",
        f"{PAPER},retracted,2026-01-31,more",
        ",retracted,2026-01-31",
        f"{PAPER},,2026-01-31",
        good,
    ]
    told, findings = listed("\n".join(rows))
    assert [each[3] for each in told] == [2, 4, 6, 12]
    assert told[2][2] == ""
    assert findings == [
        ("V104", 3),
        ("V105", 5),
        ("V106", 6),
        ("V103", 7),
        ("V103", 9),
        ("V104", 10),
        ("V105", 11),
    ]


def test_a_line_that_is_not_utf8_is_told_and_the_others_count(listed):
    start = b"doi,status,date,why\n"
    good = b"10.5555/invented.1,retracted,2026-01-31,x\n"
    told, findings = listed(start + good + b"10.5555/y,retracted,2026-01-31,\xe9\n" + good)
    assert [each[3] for each in told] == [2, 4]
    assert findings == [("V101", 3)]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", "doi".encode("utf-16")])
def test_what_holds_no_list_is_told_once(listed, content):
    told, findings = listed(content)
    assert not told
    assert [code for code, _ in findings] == ["V101"]


@pytest.mark.parametrize(
    ("header", "faults"),
    [
        ("doi,status", 1),
        ("DOI,DOI,status,date", 1),
        ("title,year", 3),
        (f"{PAPER},retracted,2026-01-31", 1),
    ],
)
def test_a_header_without_the_columns_is_told(listed, header, faults):
    told, findings = listed(f"{header}\n{PAPER},retracted,2026-01-31\n")
    assert not told
    assert findings == [("V102", 1)] * faults


@given(st.binary(max_size=200))
def test_no_file_is_too_wild_to_be_told_about(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("wild") / "list.csv"
    path.write_bytes(content)
    notices, findings = read_retractions(path)
    assert notices or findings or content.strip()


@pytest.mark.parametrize(
    "written",
    [
        "10.1111/JTH.14817",
        "doi:10.1111/jth.14817",
        "DOI: 10.1111/jth.14817 ",
        "https://doi.org/10.1111/jth.14817",
        "http://dx.doi.org/10.1111/jth.14817",
        "doi.org/10.1111/jth.14817",
    ],
)
def test_a_doi_has_one_form_however_it_is_written(written):
    assert doi.normalised(written) == "10.1111/jth.14817"


@pytest.mark.parametrize(
    "written", ["", "PMID 32220112", "10.1111", "10.1/x y", "11.1111/x", "10.11/x", "https://x.org"]
)
def test_what_is_no_doi_has_none(written):
    assert doi.normalised(written) is None


# ---- what it touches -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "severity", "exit_code"),
    [
        ("retracted", "V110", "error", 1),
        ("withdrawn", "V110", "error", 1),
        ("expression of concern", "V111", "warning", 1),
        ("corrected", "V111", "warning", 1),
    ],
)
def test_a_publication_that_evidence_rests_on_is_told(folder, status, code, severity, exit_code):
    (told,), left = check(folder, f"doi,status,date\ndoi:{PAPER.upper()},{status},2026-01-31\n")
    assert (told["code"], told["severity"], left) == (code, severity, exit_code)
    assert told["line"] == 2
    assert told["subject"] == "DOC-invented"
    assert "`CLM-1`" in told["why"]
    assert "`REC-2`" in told["why"]
    assert "guidegraph impact DOC-invented" in told["help"]
    assert told["related"][0]["file"].endswith("evidence.ttl")


def test_publications_of_others_are_passed_over(folder):
    assert check(folder, "doi,status,date\n10.5555/other,retracted,2026-01-31\n") == ([], 0)


def test_the_gravest_of_several_notices_counts(folder):
    rows = [f"{PAPER},{status},2026-01-31" for status in ("corrected", "retracted", "corrected")]
    (told,), _ = check(folder, "\n".join(["doi,status,date", *rows]))
    assert (told["code"], told["line"]) == ("V110", 3)


def state(folder: Path, status: str, more: str = "") -> None:
    (folder / "zz.ttl").write_text(
        "@prefix gg: <https://w3id.org/guidegraph/ns#> .\n"
        "@prefix code: <https://w3id.org/guidegraph/code/> .\n"
        "@prefix d: <https://example.org/guideline/example-marker/> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        f"d:DOC-invented gg:publicationStatus code:{status} .\n{more}",
        encoding="utf-8",
    )


def test_what_the_guideline_states_is_told_without_a_list_and_not_told_twice(folder):
    state(folder, "Retracted")
    for content in ("doi,status,date\n", f"doi,status,date\n{PAPER},retracted,2026-01-31\n"):
        (told,), left = check(folder, content)
        assert (told["code"], left) == ("V110", 1)
        assert told["file"].endswith("zz.ttl")


def test_a_graver_notice_than_the_guideline_states_is_told_as_well(folder):
    state(folder, "Corrected")
    told, _ = check(folder, f"doi,status,date\n{PAPER},retracted,2026-01-31\n")
    assert sorted(each["code"] for each in told) == ["V110", "V111"]


ACCEPTED = (
    'd:ACC-1 a gg:AcceptedFinding ; rdfs:label "Kept on record"@en ;\n'
    '  gg:findingCode "V110" ; gg:concerns d:DOC-invented ;\n'
    '  gg:rationale "The advice was withdrawn with it."@en ;\n'
    '  prov:wasAttributedTo d:encoder ; dcterms:created "2026-11-21"^^xsd:date .\n'
)


def test_what_was_accepted_is_a_note_that_says_so(folder):
    state(folder, "Retracted", ACCEPTED)
    (told,), left = check(folder, "doi,status,date\n")
    assert (told["code"], told["severity"], left) == ("V110", "note", 0)
    assert "Accepted on 2026-11-21 (`ACC-1`)" in told["message"]


def test_what_was_accepted_of_another_kind_stays(folder):
    state(folder, "Retracted", ACCEPTED.replace("V110", "V111"))
    (told,), left = check(folder, "doi,status,date\n")
    assert (told["severity"], left) == ("error", 1)


def test_a_retracted_publication_stops_a_build(folder, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"doi,status,date\n{PAPER},retracted,2026-01-31\n")
    arguments = ["build", str(folder), "--output", str(tmp_path / "out")]
    told = CliRunner().invoke(cli, [*arguments, "--retractions", str(path)])
    assert told.exit_code == 1
    assert "error[V110]" in told.stderr
    assert not (tmp_path / "out").exists()


def test_a_list_that_is_not_there_is_a_usage_error(folder):
    told = CliRunner().invoke(cli, ["check", str(folder), "--retractions", "nowhere.csv"])
    assert told.exit_code == 2
    assert "nowhere.csv" in told.stderr
