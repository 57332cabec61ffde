"""``guidegraph validate``: any RDF against any shapes, on the command line."""

from __future__ import annotations

import json
import socket

import pytest
from click.testing import CliRunner
from rdflib import RDF, SH, Graph

from guidegraph.cli.group import cli

PREFIXES = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
DATA = PREFIXES + 'ex:anna a ex:Patient ; ex:age 17 ; ex:name "Anna" .\nex:bert a ex:Patient .\n'
SHAPES = (
    PREFIXES
    + """ex:Shape a sh:NodeShape ; sh:targetClass ex:Patient ;
    sh:property [ sh:path ex:age ; sh:minInclusive 18 ; sh:message "Too young."@en ] ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""
)
RDF_XML = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
    '<e:Patient r:about="https://example.org/c"/></r:RDF>'
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    return tmp_path


def run(*arguments: str):
    result = CliRunner().invoke(cli, ["validate", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_findings_name_file_line_and_column(here):
    result = run("data.ttl", "shapes.ttl")
    assert result.exit_code == 1
    assert "error[Z201]: ex:anna, ex:age: Too young.\n  --> data.ttl:2:31" in result.stderr
    assert "warning[Z201]: ex:bert, ex:name: It is missing." in result.stderr
    assert result.stdout == "1 violation, 1 warning. 4 triples, 1 shape applied.\n"


def test_data_that_fit_are_told_in_one_line(here):
    (here / "data.ttl").write_text(PREFIXES + "ex:a a ex:B .", encoding="utf-8")
    result = run("data.ttl", "shapes.ttl")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Nothing found. 1 triple, 1 shape applied.\n"


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
def test_each_engine_finds_the_same(here, engine):
    result = run("data.ttl", "shapes.ttl", "--engine", engine, "--format", "json")
    told = json.loads(result.stdout)
    assert told["conforms"] is False
    assert [each["line"] for each in told["results"]] == [2, 3]
    assert told["results"][0]["value"].startswith('"17"')
    assert told["results"][0]["messages"] == [{"text": "Too young.", "language": "en"}]
    assert told["findings"] == []


def test_a_report_in_turtle_is_one_of_shacl(here):
    result = run("data.ttl", "shapes.ttl", "--format", "turtle")
    report = Graph().parse(data=result.stdout, format="turtle")
    (whole,) = report.subjects(RDF.type, SH.ValidationReport)
    assert len(list(report.objects(whole, SH.result))) == 2
    assert report.value(whole, SH.conforms).toPython() is False
    assert set(report.objects(None, SH.resultSeverity)) == {SH.Violation, SH.Warning}


def test_several_files_of_data_are_one_graph(here):
    (here / "more.nt").write_text(
        '<https://example.org/bert> <https://example.org/name> "Bert" .\n', encoding="utf-8"
    )
    result = run("data.ttl", "more.nt", "--shapes", "shapes.ttl")
    assert result.stdout == "1 violation. 5 triples, 1 shape applied.\n"


def test_shapes_may_stand_in_several_files(here):
    parts = SHAPES.replace(
        "sh:property [ sh:path ex:name", "sh:property ex:Name . ex:Name sh:path ex:name"
    )
    first, _, second = parts.removesuffix(" ] .\n").partition("ex:Name sh:path")
    (here / "one.ttl").write_text(first, encoding="utf-8")
    (here / "two.ttl").write_text(f"{PREFIXES}ex:Name sh:path{second} .", encoding="utf-8")
    result = run("data.ttl", "--shapes", "one.ttl", "--shapes", "two.ttl")
    assert result.stdout == "1 violation, 1 warning. 4 triples, 1 shape applied.\n"


def test_a_file_that_is_named_twice_is_read_once(here):
    (here / "data.ttl").write_text("[] a <https://example.org/Patient> .", encoding="utf-8")
    result = run("data.ttl", "./data.ttl", str(here / "data.ttl"), "shapes.ttl")
    assert result.stdout == "1 warning. 1 triple, 1 shape applied.\n"
    assert run("data.ttl", "shapes.ttl", "--shapes", "./data.ttl", "--watch").exit_code == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rdf", RDF_XML),
        ("a.jsonld", '{"@id": "https://example.org/c", "@type": "https://example.org/Patient"}'),
        ("a.trig", "<x:g> { <https://example.org/c> a <https://example.org/Patient> }"),
        ("a.nq", f"<https://example.org/c> <{RDF.type}> <https://example.org/Patient> <x:g> ."),
    ],
)
def test_every_format_is_read(here, name, text):
    (here / name).write_text(text, encoding="utf-8")
    result = run(name, "shapes.ttl")
    assert result.stdout == "1 warning. 1 triple, 1 shape applied.\n"


def test_usage_is_told_with_two(here):
    assert run("data.ttl").exit_code == 2
    assert run().exit_code == 2
    assert run("data.ttl", "shapes.ttl", "--engine", "fast").exit_code == 2


@pytest.mark.parametrize(
    "content", [b"\x00\x01\xff", b"", b"@prefix", b'{"a":', "é".encode("utf-16")]
)
@pytest.mark.parametrize("name", ["a.ttl", "a.rdf", "a.jsonld", "a.trig", "a.nt"])
def test_broken_files_are_told_and_never_a_traceback(here, name, content):
    (here / name).write_bytes(content)
    result = run(name, "shapes.ttl")
    assert result.exit_code in (0, 1)
    assert result.exit_code == 0 or "error[Z002]" in result.stderr


def test_nothing_is_fetched(here, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    (here / "far.ttl").write_text(
        SHAPES.replace("ex:Shape a", "<x:o> <http://www.w3.org/2002/07/owl#imports> "
                       "<https://example.org/far> .\nex:Shape a"),
        encoding="utf-8",
    )  # fmt: skip
    for engine in ("auto", "pyshacl"):
        result = run("data.ttl", "far.ttl", "--engine", engine)
        assert result.exit_code == 1
        assert "note[Z003]: The shapes import <https://example.org/far>, which" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("long.ttl", PREFIXES + 'ex:a ex:b "' + "x" * 17_000_000 + '" .', "cannot be read"),
        ("star.ttl", PREFIXES + "<< ex:a ex:b 1 >> ex:c 2 .", "a triple stands where a term"),
        ("cut.rdf", RDF_XML[:-8], "not whole XML"),
        ("empty.rdf", "", "not whole XML"),
        ("deep.jsonld", '{"x:p":' * 4000 + "1" + "}" * 4000, "more than 500 deep"),
    ],
)
def test_nothing_is_judged_of_what_cannot_be_read_whole(here, name, content, told):
    (here / name).write_text(content, encoding="utf-8")
    result = run(name, "shapes.ttl")
    assert result.exit_code == 1
    assert "error[Z002]" in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", PREFIXES + "<#one> a ex:Patient ."),
        ("a.trig", PREFIXES + "<#one> a ex:Patient ."),
        ("a.jsonld", '{"@id": "#one", "@type": "https://example.org/Patient"}'),
        ("a.rdf", RDF_XML.replace("https://example.org/c", "#one")),
    ],
)
def test_a_relative_iri_belongs_to_the_address_of_its_file(here, name, content):
    (here / name).write_text(content, encoding="utf-8")
    found = json.loads(run(name, "shapes.ttl", "--format", "json").stdout)
    assert {each["focus"] for each in found["results"]} == {f"<{(here / name).as_uri()}#one>"}


def test_a_wrong_context_is_no_reference_to_another_file(here):
    (here / "a.jsonld").write_text('{"@context": 5}', encoding="utf-8")
    assert "error[Z002]" in run("a.jsonld", "shapes.ttl").stderr


def test_long_values_are_shown_in_part(here):
    (here / "data.ttl").write_text(DATA.replace("17", "-" + "9" * 100_000), encoding="utf-8")
    result = run("data.ttl", "shapes.ttl")
    assert "(100,001 characters)" in result.stderr
    assert len(result.stderr) < 2000
