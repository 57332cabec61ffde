"""The ontology says what the model reads: every term declared, labelled, defined, and exact."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from guidegraph import criteria, resources, units
from guidegraph.entity import Code, Entity, Part
from guidegraph.model import CLASSES, PARTS
from guidegraph.program import Norm
from guidegraph.terms import NAMESPACES, compact, expand, local_name

FILES = sorted(resources.ontology_folder().glob("*.ttl"))
ABSTRACT = ("gg:Observable", "gg:Criterion", "gg:PathwayNode")
TOOLING = ("gg:code", "gg:hint", "gg:norm", "gg:codeList", "gg:allowsJudgement")
UNREAD = ("gg:EncodingActivity", "gg:GuidelineVersion", "gg:Unit")
CODED_FIELDS_IN_CODE = {
    "gg:comparator": set(criteria.OPS) | {"ComparatorNotStated"},
    "gg:operator": {"AllOf", "AnyOf", "NoneOf", "AtLeast"},
    "gg:hitPolicy": {"Unique", "Collect"},
    "gg:branchRole": {"Otherwise", "WhenUnknown"},
    "gg:endReason": {"Completed", "NoGuidance", "SeeOtherPathway"},
    "gg:observationSelector": {"First", "Latest", "Highest", "Lowest", "Count", "RisingRun"},
    "gg:valueKind": {"Quantity", "Series", "Boolean", "CodedValue"},
}


def iri(name: str) -> URIRef:
    return URIRef(expand(name))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph


def kinds() -> list[type[Entity] | type[Part]]:
    """Every model class, with those it inherits from."""
    found = {base for kind in (*CLASSES, *PARTS) for base in kind.__mro__ if hasattr(base, "CLASS")}
    return sorted(found, key=lambda each: each.__name__)


def model_terms() -> dict[str, object]:
    """Each property the model reads, with the annotation of a field that reads it."""
    return {
        each.metadata["term"]: each.type
        for kind in kinds()
        for each in dataclasses.fields(kind)
        if "term" in each.metadata
    }


def own(graph: Graph) -> list[URIRef]:
    """Every class, property, code, code list and unit of ours (shapes aside)."""
    mine = tuple(NAMESPACES[prefix] for prefix in ("gg", "code", "u"))
    return sorted(
        {s for s in graph.subjects() if isinstance(s, URIRef) and str(s).startswith(mine)}
    )


def english(graph: Graph, node: URIRef, predicate: URIRef) -> list[str]:
    return [str(o) for o in graph.objects(node, predicate) if o.language == "en"]


@pytest.mark.parametrize("path", FILES, ids=lambda each: each.name)
def test_file_parses_on_its_own(path):
    assert len(Graph().parse(path)) > 0


def test_every_class_of_the_model_is_declared(ontology):
    named = {kind.CLASS for kind in kinds() if kind.CLASS}
    for name in named:
        assert set(ontology.objects(iri(name), RDF.type)) & {OWL.Class, RDFS.Class}, name


def test_every_property_of_the_model_is_declared(ontology):
    allowed = {RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty}
    for name in model_terms():
        assert set(ontology.objects(iri(name), RDF.type)) & allowed, name


def test_every_own_class_and_property_is_read_by_the_model(ontology):
    read = set(model_terms()) | {kind.CLASS for kind in kinds()}
    declared = {compact(s) for s in own(ontology) if s.startswith(NAMESPACES["gg"])}
    assert declared - read == {*TOOLING, *UNREAD, *(a for a in ABSTRACT if a not in read)}


def test_every_own_term_has_one_english_label_and_definition(ontology):
    for term in own(ontology):
        assert len(english(ontology, term, RDFS.label)) == 1, term
        assert len(english(ontology, term, SKOS.definition)) == 1, term
        assert ontology.value(term, RDFS.isDefinedBy) == URIRef("https://w3id.org/guidegraph/ns")


def test_every_reused_term_has_a_label_and_a_comment_on_its_use():
    graph = Graph().parse(resources.ontology_folder() / "reused.ttl")
    for term in set(graph.subjects()):
        assert english(graph, term, RDFS.label), term
        assert english(graph, term, RDFS.comment), term
        assert str(term).startswith(str(graph.value(term, RDFS.isDefinedBy)))


def test_labels_of_own_classes_are_distinct(ontology):
    labels = [english(ontology, c, RDFS.label)[0] for c in ontology.subjects(RDF.type, OWL.Class)]
    assert len(labels) == len(set(labels))


def test_the_header_says_what_the_ontology_is(ontology):
    header = URIRef("https://w3id.org/guidegraph/ns")
    assert (header, RDF.type, OWL.Ontology) in ontology
    for name in (
        "dcterms:title",
        "dcterms:abstract",
        "dcterms:description",
        "dcterms:creator",
        "dcterms:created",
        "dcterms:modified",
        "dcterms:license",
        "owl:versionIRI",
        "owl:versionInfo",
        "vann:preferredNamespacePrefix",
        "vann:preferredNamespaceUri",
        "mod:status",
    ):
        assert ontology.value(header, iri(name)) is not None, name
    assert str(ontology.value(header, iri("vann:preferredNamespaceUri"))) == NAMESPACES["gg"]


def test_nothing_is_imported(ontology):
    assert (None, OWL.imports, None) not in ontology


def test_every_term_the_ontology_points_to_is_declared(ontology):
    declared = set(ontology.subjects())
    closed = tuple(NAMESPACES[prefix] for prefix in ("gg", "code", "u"))
    for subject, predicate, value in ontology:
        for term in (predicate, value):
            if isinstance(term, URIRef) and str(term).startswith(closed):
                assert term in declared, (subject, predicate, value)


def test_each_coded_field_of_the_model_has_a_code_list(ontology):
    lists = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    coded = {term for term, form in model_terms().items() if str(form).startswith(Code.__name__)}
    assert coded
    for term in coded:
        assert ontology.value(iri(term), iri("gg:codeList")) in lists, term


@pytest.mark.parametrize("term", CODED_FIELDS_IN_CODE)
def test_code_list_holds_exactly_what_the_toolkit_understands(ontology, term):
    scheme = ontology.value(iri(term), iri("gg:codeList"))
    words = {local_name(str(s)) for s in ontology.subjects(SKOS.inScheme, scheme)}
    assert words == CODED_FIELDS_IN_CODE[term]


def test_every_code_is_a_concept_of_a_declared_list(ontology):
    lists = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    for term in ontology.subjects(RDF.type, SKOS.Concept):
        schemes = set(ontology.objects(term, SKOS.inScheme))
        assert schemes and schemes <= lists, term


def test_every_code_list_is_used_by_a_property(ontology):
    used = set(ontology.objects(None, iri("gg:codeList")))
    assert used == set(ontology.subjects(RDF.type, SKOS.ConceptScheme))


def test_every_modality_has_a_norm_and_a_rank_of_its_own(ontology):
    modalities = list(ontology.subjects(SKOS.inScheme, iri("code:Modality")))
    norms = {str(ontology.value(each, iri("gg:norm"))) for each in modalities}
    ranks = sorted(int(ontology.value(each, iri("schema:position"))) for each in modalities)
    assert norms == set(Norm.__args__)
    assert ranks == list(range(1, len(modalities) + 1))


@pytest.mark.parametrize(
    ("modality", "norm"),
    [
        ("Must", "must"),
        ("Indicated", "should"),
        ("Should", "should"),
        ("ShouldWherePossible", "should"),
        ("ShouldBeConsidered", "shouldConsider"),
        ("NeedsConsideration", "shouldConsider"),
        ("CanBeConsidered", "may"),
        ("NoClearGuidance", "noClearGuidance"),
        ("ShouldNot", "shouldNot"),
        ("MustNot", "mustNot"),
        ("CautionWarranted", "remark"),
    ],
)
def test_modality_stands_for_its_norm(ontology, modality, norm):
    assert ontology.value(iri(f"code:{modality}"), iri("gg:norm")) == Literal(norm)


def all_units(graph: Graph) -> list[URIRef]:
    return sorted(graph.subjects(RDF.type, iri("gg:Unit")))


def test_ucum_codes_are_unique(ontology):
    codes = [str(ontology.value(unit, SKOS.notation)) for unit in all_units(ontology)]
    assert len(codes) == len(set(codes))
    assert {"ug/L", "mg/L", "ng/mL", "10*9/L", "mm[Hg]", "/min", "a", "h", "%", "1"} <= set(codes)


def test_every_unit_can_be_converted_by_the_toolkit(ontology):
    for unit in all_units(ontology):
        units.parse(str(ontology.value(unit, SKOS.notation)))


def test_multipliers_are_exact_decimals(ontology):
    multipliers = list(ontology.objects(None, iri("qudt:conversionMultiplier")))
    assert len(multipliers) > 10
    for each in multipliers:
        assert each.datatype == XSD.decimal
        assert isinstance(each.value, Decimal)


def test_multipliers_agree_with_the_exact_conversion(ontology):
    """QUDT multipliers and the toolkit's own UCUM arithmetic give the same ratios."""
    known = {
        str(ontology.value(unit, SKOS.notation)): Fraction(factor.value)
        for unit, factor in ontology.subject_objects(iri("qudt:conversionMultiplier"))
    }
    compared = 0
    for first in known:
        for second in known:
            try:
                ratio = units.ratio(first, second)
            except units.IncompatibleUnitsError:
                continue
            assert known[first] / known[second] == ratio, (first, second)
            compared += first != second
    assert compared >= 30


def test_ranges_of_properties_are_classes_or_datatypes(ontology):
    for prop, kind in ontology.subject_objects(RDFS.range):
        types = set(ontology.objects(kind, RDF.type))
        assert types & {OWL.Class, RDFS.Class, RDFS.Datatype}, (prop, kind)


@pytest.mark.parametrize("name", ["criteria", "pathway", "evidence"])
def test_shapes_stand_beside_the_classes_they_describe(name):
    graph = Graph().parse(resources.ontology_folder() / f"{name}.ttl")
    here = set(graph.subjects(RDF.type, OWL.Class))
    shaped = {
        each
        for each in graph.objects(None, SH.targetClass)
        if str(each).startswith(NAMESPACES["gg"])
    }
    assert shaped
    assert shaped <= here
