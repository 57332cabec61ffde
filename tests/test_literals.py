"""Literals: each kind of unusable value is reported at its line, and sound ones are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidegraph.check.literals import check_literals
from guidegraph.read import read

HEAD = """\
@prefix d: <https://example.org/guideline/test/> .
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The findings about one value of a property that takes anything."""
    monkeypatch.chdir(tmp_path)
    Path("g").mkdir()

    def telling(value: str, term: str = "rdfs:comment"):
        Path("g/a.ttl").write_text(f"{HEAD}d:x\n {term}\n  {value} .", encoding="utf-8")
        sources = read(Path("g"))
        assert not sources.findings
        return list(check_literals(sources))

    return telling


@pytest.mark.parametrize(
    "value",
    [
        "5",
        "-5.50",
        "+.5",
        "007",
        '"1."^^xsd:decimal',
        '"2026-02-28"^^xsd:date',
        '"2024-02-29T23:59:59.123456789Z"^^xsd:dateTime',
        '"2024-02-29T23:59:59+01:00"^^xsd:dateTime',
        "true",
        '"0"^^xsd:boolean',
        '"https://example.org/é"^^xsd:anyURI',
        '"text"',
        '"text"^^xsd:string',
        '"words\\tin two\\nlines"@en-GB',
        '"≥500 µg/L – naïve"@nl',
    ],
)
def test_sound_values_are_not_reported(told, value):
    assert told(value) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('"abc"^^xsd:decimal', "R121"),
        ('"1e3"^^xsd:decimal', "R121"),
        ('"1,5"^^xsd:decimal', "R121"),
        ('" 1"^^xsd:decimal', "R121"),
        ('"٣"^^xsd:integer', "R121"),
        ('"1.0"^^xsd:integer', "R121"),
        ('"True"^^xsd:boolean', "R121"),
        ('"2026-02-30"^^xsd:date', "R121"),
        ('"31.01.2026"^^xsd:date', "R121"),
        ('"2026-01-31"^^xsd:dateTime', "R121"),
        ('"2026-01-31T25:00:00Z"^^xsd:dateTime', "R121"),
        ('"a b"^^xsd:anyURI', "R121"),
        ("2E3", "R122"),
        ('"0.1"^^xsd:float', "R122"),
        ('"5"^^xsd:int', "R123"),
        ('"5"^^<http://x.org/dt>', "R123"),
        ('"PT24H"^^xsd:duration', "R124"),
        ('"P1D"^^xsd:dayTimeDuration', "R124"),
        ('"x"@english', "R022"),
        ('"x"@EN', "R022"),
        ('""', "R126"),
        ('"  \\n"@en', "R126"),
        ('"a\\u202Eb"@en', "R127"),
        ('"a\\u200Bb"', "R127"),
        ('"a\\u0007b"', "R127"),
        ('"a\\uFFFDb"', "R127"),
        ('"500 Âµg/L"', "R127"),
        ('"â‰¥500"', "R127"),
    ],
)
def test_unusable_value_is_reported_at_its_line(told, value, code):
    [found] = told(value)
    assert (found.code, str(found.at)) == (code, "g/a.ttl:8:3")
    assert found.help and found.why and found.subject == "x"


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("2E3", "Write the digits without an exponent: `2000`."),
        ("1.5e-3", "Write the digits without an exponent: `0.0015`."),
        ("1e999999", "Write the digits without an exponent: `2000.0`."),
        ('"INF"^^xsd:double', "Write the digits without an exponent: `2000.0`."),
        ('"x"@english', "Use the short code in small letters, such as `@en`."),
        ('"x"@NL-be', "Use the short code in small letters, such as `@nl-be`."),
        ('"5"^^xsd:interger', "Did you mean `xsd:integer`?"),
    ],
)
def test_help_says_what_to_write(told, value, advice):
    [found] = told(value)
    assert found.help == advice


@pytest.mark.parametrize("term", ["rdfs:label", "gg:question", "gg:statement", "skos:scopeNote"])
def test_words_for_people_need_their_language(told, term):
    [found] = told('"Age"', term)
    assert (found.code, found.severity) == ("R125", "warning")
    assert told('"Age"@en', term) == []


@pytest.mark.parametrize("term", ["skos:notation", "gg:reportedText", "skos:altLabel"])
def test_codes_and_figures_need_no_language(told, term):
    assert told('"≥500 mg/L"', term) == []


def test_literals_are_checked_inside_blank_nodes(told):
    [found] = told("[ gg:value 1e3 ]")
    assert (found.code, found.subject) == ("R122", None)
