"""Forms made of shapes: nothing a shape says is lost, and what people type is never guessed."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef

from guidegraph.diagnostic import Diagnostic
from guidegraph.forms.data import as_data
from guidegraph.forms.dates import day, moment
from guidegraph.forms.known import Known, Thing
from guidegraph.forms.numbers import COMMA, POINT, decimal, whole
from guidegraph.forms.read_terms import terms
from guidegraph.forms.reading import Habits, part, read, several
from guidegraph.forms.shapes import form, with_own
from guidegraph.forms.words import fault_of
from guidegraph.read.ontology import ontology
from guidegraph.terms import compact, expand
from guidegraph.turtle.names import Names
from guidegraph.turtle.values import XSD_DECIMAL, Iri, Literal, Part
from guidegraph.turtle.writing import written

OWN = """
@prefix dash: <http://datashapes.org/dash#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/own#> .
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Visit a rdfs:Class , sh:NodeShape ; rdfs:subClassOf ex:Meeting ;
  rdfs:label "visit"@en , "bezoek"@nl ;
  sh:property ex:byName , [
    sh:path ex:mood ; sh:in ( "good" "bad" ) ; sh:group ex:Second ; sh:order 2 ] , [
    sh:path ex:room ; sh:datatype xsd:string ; sh:pattern "^[A-Z][0-9]+$" ; sh:maxLength 4 ;
    sh:message "A room is a letter and a number."@en ; gg:hint "Such as B12."@en ;
    sh:group ex:Second ; sh:order 1 ; sh:description "Where it was."@en ] , [
    sh:path ex:gone ; sh:deactivated true ] , [
    sh:path ( ex:seen ex:by ) ; sh:minCount 1 ; sh:message "Nobody was seen."@en ] , [
    sh:path ex:dose ; sh:node ex:Dose ; sh:nodeKind sh:BlankNode ] , [
    sh:path ex:place ; sh:or ( [ sh:datatype xsd:string ] [ sh:class ex:Visit ] ) ] , [
    sh:path ex:odd ; sh:pattern "((" ; sh:maxCount "many" ; sh:minLength "x" ; sh:hasValue "a" ] , [
    sh:path ex:fixed ; sh:hasValue "a" ; sh:maxCount 1 ] , [
    sh:path ex:again ; sh:nodeKind sh:IRI ; sh:class ex:Visit ] , [
    sh:path ex:either ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ] ) ] , [
    sh:path ex:amount ; sh:datatype xsd:decimal ; sh:minInclusive 0.5 ; sh:maxExclusive 10 ;
    dash:editor dash:SliderEditor ; dash:viewer dash:LiteralViewer ] , [
    sh:path ex:title ; sh:languageIn ( "en" "nl" ) ; sh:uniqueLang true ] .

ex:byName sh:path ex:who ; sh:minCount 1 ; sh:maxCount 2 ;
  sh:name "who"@en , "wie"@nl ; sh:group ex:First .
ex:First rdfs:label "People"@en ; sh:order 1 .
ex:Second rdfs:label "Things"@en ; sh:order 2 .
ex:MeetingShape a sh:NodeShape ; sh:targetClass ex:Meeting ; sh:property [
    sh:path ex:on ; sh:datatype xsd:date ; sh:minCount 1 ; sh:maxCount 1 ] .
ex:Dose a sh:NodeShape ; sh:property [ sh:path ex:mg ; sh:datatype xsd:decimal ; sh:minCount 1 ] , [
    sh:path ex:then ; sh:node ex:Dose ; sh:nodeKind sh:BlankNode ] .
ex:Off a sh:NodeShape ; sh:targetClass ex:Meeting ; sh:deactivated true ;
  sh:property [ sh:path ex:off ] .
"""
EX = "https://example.org/own#"

CLASSES = sorted(
    {str(each) for each in ontology().subjects(RDF.type, OWL.Class) if "guidegraph" in each}
    | {expand("prov:Agent"), expand("skos:Concept"), expand("oa:TextPositionSelector")}
)


@pytest.fixture(scope="module")
def own():
    return form(Graph().parse(data=OWN), EX + "Visit")


def asked_of(cls: str) -> Counter[tuple[str, str]]:
    """Code and message of every property shape of a class and those above it, counted apart."""
    graph = ontology()
    above = set(graph.transitive_objects(URIRef(cls), RDFS.subClassOf))
    shapes = {shape for each in above for shape in graph.subjects(SH.targetClass, each)}
    code = URIRef(expand("gg:code"))
    return Counter(
        (str(graph.value(each, code)), str(graph.value(each, SH.message)))
        for shape in shapes
        for each in graph.objects(shape, SH.property)
    )


@pytest.mark.parametrize("cls", CLASSES, ids=compact)
def test_every_property_shape_stands_in_the_form_exactly_once(cls):
    made = form(ontology(), cls)
    told = Counter((rule.code, rule.message) for each in made.fields for rule in each.rules)
    asked = asked_of(cls)
    assert {each: told[each] for each in asked} == dict(asked)
    more = set(told) - set(asked)  # only those aimed at whatever has the property
    assert all(_aims_at_havers(code) for code, _ in more)
    paths = [each.path for each in made.fields]
    assert len(paths) == len(set(paths))
    assert all(each.label for each in made.fields)
    assert json.loads(json.dumps(as_data(made)))["class"] == cls


def _aims_at_havers(code: str) -> bool:
    graph = ontology()
    return any(
        str(graph.value(each, URIRef(expand("gg:code")))) == code
        for shape in graph.subjects(SH.targetSubjectsOf)
        for each in graph.objects(shape, SH.property)
    )


@pytest.mark.parametrize("cls", CLASSES, ids=compact)
def test_whatever_the_model_reads_can_be_filled_in(cls):
    made = form(ontology(), cls)
    for each in terms([cls]):
        found = made.field(each.path)
        assert found is not None and not found.read_only
        assert found.datatypes or found.names_things or found.choices or found.parts, each.path


def test_a_recommendation_is_asked_for_under_five_headings():
    made = form(ontology(), expand("gg:Recommendation"))
    assert [each.label for each in made.groups] == [
        "Names and labels",
        "What it says",
        "When and for whom",
        "Evidence and source",
        "State and history",
    ]
    required = [compact(each.path) for each in made.fields if each.required]
    assert required == [
        "rdfs:label",
        "gg:statement",
        "gg:direction",
        "gg:modality",
        "gg:strength",
        "gg:certainty",
        "prov:wasDerivedFrom",
        "gg:status",
    ]
    condition = made.field(expand("gg:condition"))
    assert condition.chosen_from == (expand("gg:Criterion"),)
    assert {"S204", "S205"} <= {each.code for each in made.rules}
    (whom,) = [each for each in made.rules if each.code == "S204"]
    assert whom.about == (expand("gg:appliesTo"), expand("gg:isExecutable"))


def test_choices_come_from_the_code_list_in_the_language_asked_for():
    made = form(ontology(), expand("gg:Recommendation"), "nl")
    assert made.label == "aanbeveling"
    direction = made.field(expand("gg:direction"))
    assert {each.value for each in direction.choices} == {
        Iri(expand(f"code:{name}")) for name in ("For", "Against", "Neither")
    }
    english = form(ontology(), expand("gg:Recommendation")).field(direction.path)
    assert [e.label for e in direction.choices] != [e.label for e in english.choices]


def test_a_quantity_stands_inside_with_its_units():
    limit = form(ontology(), expand("gg:Threshold")).field(expand("gg:executableQuantity"))
    assert limit.editor == "DetailsEditor"
    assert limit.parts.cls == expand("gg:Quantity")
    assert "µg/L" in {each.label for each in limit.unit_choices}
    assert not limit.names_things


def test_a_longer_path_is_shown_and_cannot_be_typed():
    made = form(ontology(), expand("gg:Threshold"))
    (path,) = [each for each in made.fields if each.read_only]
    assert [rule.code for rule in path.rules] == ["S101", "S105"]
    assert path.rules[0].about == tuple(
        map(expand, ("gg:executableQuantity", "gg:siteParameter", "gg:formula"))
    )
    assert read(path, "50", Known()).findings[0].code == "N110"
    ends = form(ontology(), expand("gg:QuantityRange"))
    assert ends.field(expand("gg:low")).datatypes[0] == XSD_DECIMAL


# ---- a shape of one's own --------------------------------------------------------------------


def test_an_own_shape_is_read_with_its_groups(own):
    assert (own.label, [each.label for each in own.groups]) == (
        "visit",
        ["People", "Things", "What it says"],
    )
    people, things, _ = own.groups
    assert [each.path for each in people.fields] == [EX + "who"]
    assert [each.path for each in things.fields] == [EX + "room", EX + "mood"]
    assert own.field(EX + "on").required
    assert own.field(EX + "gone") is None
    assert own.field(EX + "off") is None


def test_an_own_shape_says_what_may_stand(own):
    who = own.field(EX + "who")
    assert (who.minimum, who.maximum, who.several, who.label) == (1, 2, True, "who")
    room = own.field(EX + "room")
    assert (room.help, room.patterns[0].message) == (
        "Where it was.",
        "A room is a letter and a number.",
    )
    assert [each.label for each in own.field(EX + "mood").choices] == ["good", "bad"]
    amount = own.field(EX + "amount")
    assert (amount.editor, amount.viewer) == ("SliderEditor", "LiteralViewer")
    assert {(each.kind, each.value) for each in amount.limits} == {
        ("minInclusive", "0.5"),
        ("maxExclusive", "10"),
    }
    assert own.field(EX + "either").datatypes == (expand("xsd:date"), expand("xsd:dateTime"))
    assert own.field(EX + "title").languages == ("en", "nl")
    assert own.field(EX + "again").chosen_from == (EX + "Visit",)
    (path,) = [each for each in own.fields if each.read_only]
    assert path.path == f"<{EX}seen>/<{EX}by>"


def test_parts_that_hold_themselves_are_told_once(own):
    dose = own.field(EX + "dose").parts
    assert [each.path for each in dose.fields] == [EX + "mg", EX + "then"]
    assert dose.field(EX + "then").parts is dose
    told = as_data(own)
    fields = {e["path"]: e for group in told["groups"] for e in group["fields"]}
    inside = fields[EX + "dose"]["parts"]
    then = [e for group in inside["groups"] for e in group["fields"] if e["path"] == EX + "then"]
    assert [(each["parts"], each["again"]) for each in then] == [(None, 1)]
    assert fields[EX + "dose"]["again"] == 0


def test_own_shapes_stand_beside_those_of_the_ontology():
    own = Graph().parse(
        data=OWN
        + """
        ex:More a sh:NodeShape ; sh:targetClass gg:Recommendation ; sh:property [
          sh:path ex:cost ; sh:datatype xsd:decimal ; sh:minCount 1 ; sh:name "cost"@en ] ."""
    )
    made = form(with_own(ontology(), own), expand("gg:Recommendation"))
    assert made.field(EX + "cost").required
    assert made.field(expand("gg:statement")).required
    assert with_own(ontology(), Graph()) is ontology()


def test_data_has_every_key_in_the_same_order(own):
    fields = [each for group in as_data(own)["groups"] for each in group["fields"]]
    assert len({tuple(each) for each in fields}) == 1
    again = form(Graph().parse(data=OWN), EX + "Visit")
    assert json.dumps(as_data(again)) == json.dumps(as_data(own))


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("room", "b12", "N110"),
        ("room", "B1234", "N110"),
        ("mood", "goood", "N105"),
        ("amount", "0,4", "N110"),
        ("amount", "10", "N110"),
        ("on", "3/4/2026", "N103"),
        ("dose", "50", "N110"),
    ],
)
def test_what_an_own_shape_refuses_is_refused(own, name, typed, code):
    (finding,) = read(own.field(EX + name), typed, Known()).findings
    assert finding.code == code


def test_a_faulty_shape_asks_nothing(own):
    odd = own.field(EX + "odd")
    assert (odd.minimum, odd.maximum, odd.choices) == (0, None, ())
    assert read(odd, "b", Known()).value == Literal("b")
    assert read(own.field(EX + "fixed"), "b", Known()).findings[0].code == "N105"


def test_a_thing_or_words_may_stand(own):
    place = own.field(EX + "place")
    there = Known((Thing(EX + "v1", frozenset({EX + "Visit"}), ("First",)),))
    assert read(place, "first", there).value == Iri(EX + "v1")
    assert read(place, "At home", there).value == Literal("At home")


FIELDS = [
    each
    for cls in ("gg:Recommendation", "gg:Threshold", "gg:Guideline", "gg:Observable", "gg:Quantity")
    for each in form(ontology(), expand(cls)).fields
] + list(form(Graph().parse(data=OWN), EX + "Visit").fields)


@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from(FIELDS),
    st.text() | st.text(st.characters()) | st.from_regex(r"[<d:]*[a-z0-9./,\- ]{1,20}>?"),
)
def test_whatever_is_typed_is_read_or_told(field, typed):
    answer = read(field, typed, KNOWN)
    assert (answer.value is None) == bool(answer.findings)
    if answer.value is not None:
        assert written(answer.value, Names())
    for each in answer.findings:
        assert each.code.startswith("N1") and each.message and each.help


def test_what_fits_an_own_shape_is_read(own):
    def value(name: str, typed: str):
        return read(own.field(EX + name), typed, Known()).value

    assert value("room", "B12") == Literal("B12")
    assert value("mood", "bad") == Literal("bad")
    assert value("amount", "0,5") == Literal("0.5", XSD_DECIMAL)
    assert value("on", "21 november 2026") == Literal("2026-11-21", expand("xsd:date"))
    assert value("title", "Words") == Literal("Words", language="en")
    inner = own.field(EX + "dose")
    assert part(inner, [(EX + "mg", Literal("5.0", XSD_DECIMAL))]) == Part(
        ((EX + "mg", Literal("5.0", XSD_DECIMAL)),)
    )


# ---- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("50", "50.0"),
        ("0,125", "0.125"),
        ("1.50", "1.50"),
        (".5", "0.5"),
        ("-3", "-3.0"),
        ("\N{MINUS SIGN}3,5", "-3.5"),
        ("+2", "2.0"),
        ("1000.000", "1000.000"),
    ],
)
def test_a_number_is_kept_as_typed(typed, written):
    assert decimal(typed) == written


@pytest.mark.parametrize("typed", ["1.000", "1,000", "1.500,0", "1,500.0", "1.000.000", "12.345"])
def test_a_number_with_two_readings_is_asked_about(typed):
    told = decimal(typed)
    assert isinstance(told, Diagnostic) and told.code == "N101"
    for mark in (POINT, COMMA):
        read_with = decimal(typed, mark)
        assert isinstance(read_with, str) or read_with.code == "N102"


@pytest.mark.parametrize(
    "typed", ["", "5.", "007", "1e3", "1 000", "50 mg", "1..2", "٣", "1.00.000"]
)
def test_what_is_no_number_is_refused(typed):
    told = decimal(typed)
    assert isinstance(told, Diagnostic) and told.code == "N102"


@pytest.mark.parametrize(("typed", "code"), [("1,5", "N102"), ("1.000", "N101"), ("ten", "N102")])
def test_a_whole_number_has_no_decimals(typed, code):
    told = whole(typed)
    assert isinstance(told, Diagnostic) and told.code == code
    assert whole("100") == "100"


@settings(deadline=None, max_examples=300)
@given(st.from_regex(r"[-+]?[0-9.,]{1,12}", fullmatch=True))
def test_no_number_is_guessed(typed):
    point, comma, free = decimal(typed, POINT), decimal(typed, COMMA), decimal(typed)
    meant = {Decimal(each) for each in (point, comma) if isinstance(each, str)}
    if isinstance(free, str):
        assert meant == {Decimal(free)}
    if len(meant) == 2:
        assert isinstance(free, Diagnostic) and free.code == "N101"


@settings(deadline=None, max_examples=200)
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_a_suggested_number_is_read_as_it_is_meant(number):
    typed = f"{number:.3f}"
    told = decimal(typed)
    if isinstance(told, str):
        assert Decimal(told) == Decimal(typed)
        return
    suggested = told.help.split("`")[1::2][:2]
    values = [decimal(each) for each in suggested]
    assert all(isinstance(each, str) for each in values), (typed, suggested)
    assert Decimal(typed) in [Decimal(each) for each in values]


# ---- days, words, things ---------------------------------------------------------------------


def test_days_are_read_where_they_mean_one_day():
    assert day("2026-11-21") == day("21 November 2026") == day("21 nov. 2026") == "2026-11-21"
    assert day("3 mrt 2026") == "2026-03-03"
    told = day("03/04/2026")
    assert isinstance(told, Diagnostic)
    assert told.help == "Write `2026-04-03` or `2026-03-04`."
    for wrong in ("2026-02-30", "31 februari 2026", "soon", "2026", "21-11-26"):
        assert isinstance(day(wrong), Diagnostic)
    assert moment("2026-11-21T14:30:00+01:00") == "2026-11-21T14:30:00+01:00"
    assert isinstance(moment("2026-11-21T14:30:00"), Diagnostic)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<p>Give it</p>", "N109"),
        ("a<br/>b", "N109"),
        ('<span lang="nl">x</span>', "N109"),
        ("<o:p></o:p>", "N109"),
        ("x&nbsp;y", "N109"),
        ("abc\u202edef", "N108"),
        ("ab\u200bc", "N108"),
        ("soft\u00adhyphen", "N108"),
        ("two\nlines", "N108"),
    ],
)
def test_words_with_something_in_them_are_refused(text, code):
    told = fault_of(text)
    assert told is not None and told.code == code


@pytest.mark.parametrize(
    "text", ["<50 µg/L", "a < b and c > d", "x <5 or >7", "R&D; not", "patiënt", "≥ 1 × 10⁹"]
)
def test_plain_words_are_kept(text):
    assert fault_of(text) is None


KNOWN = Known(
    (
        Thing("https://d/CRIT-low", frozenset({expand("gg:Criterion")}), ("Low marker", "L1")),
        Thing("https://d/CRIT-old", frozenset({expand("gg:Criterion")}), ("Older", "Twin")),
        Thing("https://d/CRIT-new", frozenset({expand("gg:Criterion")}), ("Newer", "twin")),
        Thing("https://d/THR-low", frozenset({expand("gg:Threshold")}), ("Low limit",)),
    ),
    {"d": "https://d/"},
)


@pytest.mark.parametrize(
    "typed", ["CRIT-low", "crit-low", "d:CRIT-low", "<https://d/CRIT-low>", "low  marker", "L1"]
)
def test_a_thing_is_found_by_what_it_is_called(typed):
    field = form(ontology(), expand("gg:Recommendation")).field(expand("gg:condition"))
    assert read(field, typed, KNOWN).value == Iri("https://d/CRIT-low")


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("CRIT-lwo", "N105", "Did you mean `CRIT-low`?"),
        ("Low mraker", "N105", "Did you mean"),
        ("d:CRIT-none", "N105", "Did you mean"),
        ("twin", "N106", "`CRIT-old`, `CRIT-new`"),
        ("THR-low", "N107", "Name a criterion."),
        ("d:THR-low", "N107", "Name a criterion."),
        ("CRIT-l\u200bow", "N108", ""),
        ("https://elsewhere.org/x", "N105", ""),
    ],
)
def test_a_thing_that_is_not_meant_is_refused(typed, code, words):
    field = form(ontology(), expand("gg:Recommendation")).field(expand("gg:condition"))
    (finding,) = read(field, typed, KNOWN).findings
    assert finding.code == code
    assert words in finding.help


def test_several_things_stand_with_commas_between():
    field = form(ontology(), expand("gg:LogicalCriterion")).field(expand("gg:operand"))
    told = several(field, "CRIT-low, Newer", KNOWN)
    assert [each.value for each in told] == [Iri("https://d/CRIT-low"), Iri("https://d/CRIT-new")]


def test_a_quantity_is_a_number_with_its_unit():
    field = form(ontology(), expand("gg:Threshold")).field(expand("gg:executableQuantity"))
    expected = Part(
        (
            (str(RDF.type), Iri(expand("gg:Quantity"))),
            (expand("gg:value"), Literal("50.0", XSD_DECIMAL)),
            (expand("gg:unit"), Iri(expand("u:ug-per-L"))),
        )
    )
    for typed in ("50 ug-per-L", "50 µg/L", "50 \N{GREEK SMALL LETTER MU}g/L", "50,0 u:ug-per-L"):
        assert read(field, typed, Known()).value == expected
    for typed, code in (
        ("50", "N111"),
        ("ug/L", "N111"),
        ("50 µG/L", "N105"),
        ("1.000 µg/L", "N101"),
    ):
        assert read(field, typed, Known()).findings[0].code == code
    assert read(field, "1.000 µg/L", Known(), Habits(mark=COMMA)).value is not None


@pytest.mark.parametrize(
    ("typed", "lexical"), [("yes", "true"), ("Nee", "false"), ("TRUE", "true"), ("no", "false")]
)
def test_yes_and_no_are_read_in_words(typed, lexical):
    field = form(ontology(), expand("gg:Recommendation")).field(expand("gg:isExecutable"))
    assert read(field, typed, Known()).value.lexical == lexical
    assert read(field, "maybe", Known()).findings[0].code == "N104"


def test_an_address_is_a_full_one():
    field = form(ontology(), expand("gg:Guideline")).field(expand("dcterms:license"))
    assert read(field, "https://example.org/l", Known()).value == Iri("https://example.org/l")
    for wrong in ("free", "https://a b", "javascript:alert(1)"):
        assert read(field, wrong, Known()).findings[0].code in ("N116", "N105")
