"""The reference of the ontology on the site: all of it, from its own files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from rdflib import RDF, URIRef

import site_example
from guidegraph import resources
from guidegraph.read.ontology import ontology as as_graph
from guidegraph.site.blocks import Page, Table
from guidegraph.site.content import SiteContent
from guidegraph.site.pages import ontology as chapter
from guidegraph.site.render import Renderer
from guidegraph.site.terms import ontology
from guidegraph.site.view import view
from guidegraph.terms import compact, expand


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {each.path: each for each in chapter.pages(view(site_example.content()))}


def tables(page: Page) -> Iterator[Table]:
    for section in page.sections:
        yield from (each for each in section.blocks if isinstance(each, Table))


def test_every_class_and_property_of_the_ontology_is_there() -> None:
    graph = as_graph()
    kinds = (
        "owl:Class",
        "rdfs:Class",
        "owl:ObjectProperty",
        "owl:DatatypeProperty",
        "owl:AnnotationProperty",
        "rdf:Property",
    )
    of_kind = (graph.subjects(RDF.type, URIRef(expand(each))) for each in kinds)
    found = {compact(str(each)) for found in of_kind for each in found if isinstance(each, URIRef)}
    assert set(ontology().terms) == found
    assert len(found) > 300


def test_each_term_has_one_place_and_says_what_it_means(pages: dict[str, Page]) -> None:
    whole = ontology()
    renderer = Renderer()
    shown = {path: renderer.markdown(page) for path, page in pages.items()}
    for name, term in whole.terms.items():
        path, _, anchor = (chapter.place(whole, name) or "").partition("#")
        marks = (f'id="{anchor}"', f"{{: #{anchor} }}")
        assert sum(shown[path].count(each) for each in marks) == 1, name
        assert term.definition, name


def test_the_checks_stand_with_the_class_they_guard(pages: dict[str, Page]) -> None:
    page = pages["ontology/pathway.html"]
    section = next(each for each in page.sections if each.title == "Start node")
    (table,) = (each for each in section.blocks if isinstance(each, Table))
    words = ["".join(span.text for span in cell) for row in table.rows for cell in row.cells]
    assert "exactly 1" in words
    assert any(each.startswith("S313 This start node does not lead on") for each in words)


def test_the_index_counts_what_the_guideline_holds(pages: dict[str, Page]) -> None:
    seen = view(site_example.content())
    rows = {
        row.cells[0][-1].text: row.cells[-1]
        for table in tables(pages["ontology/index.html"])
        if table.columns[-1] == "In this guideline"
        for row in table.rows
    }
    recommendations = len(seen.guideline.recommendations)
    assert [each.text for each in rows["gg:Recommendation"]] == [str(recommendations)]


def test_every_file_with_terms_has_a_page_that_says_what_it_is_about(
    pages: dict[str, Page],
) -> None:
    names = {each.stem for each in resources.ontology_folder().glob("*.ttl")} - {"codes", "units"}
    assert set(pages) == {"ontology/index.html", *(f"ontology/{each}.html" for each in names)}
    for name in names:
        lead = "".join(each.text for each in pages[f"ontology/{name}.html"].lead)
        assert re.fullmatch(r"[A-Z].+\.", lead), name


def test_a_guideline_without_words_of_the_ontology_has_no_such_chapter() -> None:
    empty = site_example.guideline()
    bare = type(empty)(header=empty.header, entities={"guideline": empty.header})
    assert list(chapter.pages(view(SiteContent(guideline=bare)))) == []
