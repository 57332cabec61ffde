"""Names: unknown, undescribed, doubled, foreign, alike; each reported at its line, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidegraph.check.likeness import foreign_letter, hidden_sign, skeleton
from guidegraph.check.names import check_names
from guidegraph.diagnostic import in_order
from guidegraph.read import read

HEAD = """\
@prefix d: <https://example.org/guideline/test/> .
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix u: <https://w3id.org/guidegraph/unit/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
"""
GUIDELINE = """\
d:guideline a gg:Guideline ; vann:preferredNamespacePrefix "d" ;
  vann:preferredNamespaceUri "https://example.org/guideline/test/" .
d:age a gg:PatientCharacteristic ; rdfs:label "Age"@en .
d:encoder a prov:Agent .
"""
START = HEAD.count("\n") + 1


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What is said of ``text`` beside a sound guideline: (code, line, message, help)."""
    monkeypatch.chdir(tmp_path)
    Path("g").mkdir()

    def telling(text: str, guideline: str = GUIDELINE, head: str = HEAD):
        Path("g/base.ttl").write_text(HEAD + guideline, encoding="utf-8")
        Path("g/text.ttl").write_text(head + text, encoding="utf-8")
        sources = read(Path("g"))
        return [
            (each.code, each.at.line - START + 1 if each.at else 0, each.message, each.help or "")
            for each in in_order(check_names(sources))
        ]

    return telling


def codes(found) -> list[tuple[str, int]]:
    return [each[:2] for each in found]


def test_a_sound_guideline_has_no_findings(told):
    assert (
        told("d:b a gg:Biomarker ;\n gg:canonicalUnit u:ug-per-L ; gg:valueKind code:Series .")
        == []
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("d:x a gg:Recomendation .", "gg:Recommendation"),
        ("d:x a gg:recommendation .", "gg:Recommendation"),
        ("d:x a gg:Threshold ; gg:reportedTxt 'x' .", "gg:reportedText"),
        ("d:x a gg:Threshold ; gg:Comparator code:Equal .", "gg:comparator"),
        ("d:x a gg:Threshold ; gg:comparator code:GreaterThen .", "code:GreaterThan"),
        ("d:x a gg:Biomarker ; gg:canonicalUnit u:ug-per-l .", "u:ug-per-L"),
        ("d:x a gg:Biomarker ; skos:label 'x'@en .", "rdfs:label"),
        ("d:x a gg:Biomarker ; d:observable d:age .", "gg:observable"),
        ("d:x a gg:Threshold ; gg:textAsPrinted 'x' .", "gg:reportedText"),
        ("d:x a gg:threshold .", "gg:Threshold"),
    ],
)
def test_an_unknown_term_is_reported_with_the_one_meant(told, text, near):
    [(code, line, _, advice)] = told(text)
    assert (code, line) == ("R101", 1)
    assert advice == f"Did you mean `{near}`?"


def test_unknown_terms_are_reported_where_they_stand(told, tmp_path):
    told("d:x a gg:Biomarker ;\n  gg:lable\n   'x' , 'y' ;\n  gg:valueKind\n   code:Sereis .")
    found = in_order(check_names(read(Path("g"))))
    assert [str(each.at) for each in found] == [
        f"g/text.ttl:{START + 1}:3",
        f"g/text.ttl:{START + 4}:4",
    ]
    assert [each.subject for each in found] == ["x", "x"]


def test_a_property_of_no_listed_vocabulary_is_unknown(told):
    head = HEAD + "@prefix foaf: <http://xmlns.com/foaf/0.1/> ."
    assert codes(told("d:x a gg:Biomarker ; foaf:nick 'x' .", head=head)) == [("R101", 1)]


def test_a_list_in_brackets_is_reported_at_each_member(told):
    found = told("d:x a gg:Biomarker ; rdfs:seeAlso (\n d:age\n d:encoder ) .")
    assert codes(found) == [("R101", 2), ("R101", 3)]


def test_values_outside_the_listed_vocabularies_are_nobodys_business(told):
    assert told("d:x a skos:Concept ; skos:exactMatch obo:MONDO_1 , <http://x.org/> .") == []


def test_a_reference_to_nothing_is_reported_with_the_nearest_fitting_name(told):
    text = (
        "d:t a gg:Threshold ; gg:observable d:age .\n"
        "d:aged a prov:Agent .\n"
        "d:s a gg:Threshold ;\n gg:observable d:agee .\n"
        "d:r a gg:Threshold ; gg:observable d:nothing-like-it ."
    )
    found = told(text)
    assert codes(found) == [("R102", 4), ("R102", 5)]
    assert found[0][3] == "Did you mean `d:age`?"
    assert found[1][3].startswith("Describe it")


def test_documents_under_the_own_address_need_no_description(told):
    assert told("d:guideline owl:versionIRI d:1.0 ; dcterms:isVersionOf d:all .") == []


def test_names_in_broken_statements_are_not_reported_as_missing(told):
    text = "d:x a gg:Biomarker rdfs:label 'x'@en .\nd:t a gg:Threshold ; gg:observable d:x ."
    assert told(text) == []


def test_a_thing_described_twice_is_reported_at_the_second_place(told):
    [(code, line, message, _)] = told("\nd:age a gg:PatientCharacteristic .")
    assert (code, line) == ("R103", 2)
    assert "d:age" in message
    [found] = check_names(read(Path("g")))
    assert [str(at) for at, _ in found.related] == [f"g/base.ttl:{START + 2}:1"]


def test_a_description_continued_without_a_type_is_not_a_second_one(told):
    assert told("d:age rdfs:label 'Leeftijd'@nl .") == []


@pytest.mark.parametrize("name", ["obo:MONDO_1", "gg:Threshold", "<https://example.org/x>"])
def test_a_foreign_name_may_not_be_described(told, name):
    assert codes(told(f"{name} a skos:Concept .")) == [("R104", 1)]


def test_a_header_outside_its_own_namespace_is_one_finding(told):
    other = GUIDELINE.replace("guideline/test/", "guideline/tset/")
    assert [each[0] for each in told("d:x a gg:Biomarker .", other)].count("R104") == 1


def test_a_thing_without_a_class_is_reported(told):
    assert codes(told("d:x rdfs:label 'x'@en .")) == [("R105", 1)]
    found = told("d:x a gg:Threshold ;\n gg:executableQuantity [ gg:value 1.0 ] .")
    assert codes(found) == [("R105", 2)]


def test_a_class_of_nobodys_is_reported(told):
    [(code, line, _, advice)] = told("d:x a\n d:Biomarker .")
    assert (code, line) == ("R106", 2)
    assert advice == "Did you mean `gg:Biomarker`?"
    assert codes(told("d:x a gg:Biomarker , <http://foreign.org/C> .")) == [("R106", 1)]
    assert codes(told("d:x a 'Biomarker' .")) == [("R106", 1)]


@pytest.mark.parametrize("name", ["Age", "a-ge", "аge", "a_ge"])
def test_names_that_look_alike_are_reported(told, name):
    assert "R107" in [each[0] for each in told(f"d:{name} a gg:Biomarker .")]


@pytest.mark.parametrize("name", ["age-2", "ages", "il-6", "AGE-l"])
def test_names_that_differ_visibly_are_not_reported(told, name):
    assert told(f"d:{name} a gg:Biomarker . d:AGE-1 a gg:Biomarker . d:il6 a gg:Biomarker .") == []


def test_a_name_of_two_alphabets_is_reported(told):
    [(code, line, message, _)] = told("d:сough a gg:Biomarker .")
    assert (code, line) == ("R108", 1)
    assert "cyrillic" in message


def test_a_name_with_an_invisible_character_is_reported(told):
    [(code, line, message, _)] = told("d:co\u200dugh a gg:Biomarker .")
    assert (code, line) == ("R108", 1)
    assert "U+200D" in message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("@prefix gg: <https://w3id.org/guidegraph/ns/> .", "https://w3id.org/guidegraph/ns#"),
        ("@prefix g: <http://w3id.org/guidegraph/ns#> .", "https://w3id.org/guidegraph/ns#"),
        (
            "@prefix d: <https://example.org/guideline/tset/> .",
            "https://example.org/guideline/test/",
        ),
        (
            "@prefix x: <https://example.org/guideline/test#> .",
            "https://example.org/guideline/test/",
        ),
    ],
)
def test_a_prefix_of_another_namespace_is_one_finding_at_its_line(told, written, meant):
    head = "\n".join([*HEAD.splitlines(), written, ""])
    name = written.split()[1]
    text = f"d:x a gg:Biomarker . {name}y a gg:Biomarker ; gg:observable {name}z ."
    if name == "gg:":
        text = "d:x a gg:Biomarker ; gg:observable d:age ."
    [(code, line, _, advice)] = told(text, head=head)
    assert (code, line) == ("R109", 1)
    assert f"<{meant}>" in advice


def test_the_same_statement_twice_is_a_warning_at_the_second_place(told):
    [(code, line, message, _)] = told("d:x a gg:Biomarker ;\n gg:observable d:age ,\n  d:age .")
    assert (code, line) == ("R110", 3)
    assert message == "`gg:observable` `d:age` is said twice of the same thing."


def test_repetitions_inside_a_second_description_are_not_reported_again(told):
    found = told('d:age a gg:PatientCharacteristic ; rdfs:label "Age"@en .')
    assert [each[0] for each in found] == ["R103"]


def test_without_a_header_nothing_is_said_about_own_names(told):
    assert told("d:x a gg:Threshold ; gg:observable d:none .", "d:y a gg:Biomarker .") == []


def test_skeletons_keep_digits_apart():
    assert skeleton("D-Dimer") == skeleton("ddimer") == skeleton("d_dimer")
    assert skeleton("REC-1-2") != skeleton("REC-12")


def test_joiners_may_stand_in_texts_that_need_them():
    assert hidden_sign("می\u200cخواهم") is None
    assert hidden_sign("me\u200cet") == "U+200C ZERO WIDTH NON-JOINER"
    assert foreign_letter("µg") is None or foreign_letter("µg").startswith("µ")


def test_names_are_shown_with_the_prefix_of_the_guideline(told):
    guideline = GUIDELINE.replace('Prefix "d"', 'Prefix "own"')
    [(_, _, message, _)] = told("d:t a gg:Threshold ; gg:observable d:none .", guideline)
    assert message == "`own:none` is used here but described nowhere."
