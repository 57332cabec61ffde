"""The site as a whole: its pages, its links, and what a build leaves behind."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import site_example as example
from guidegraph.model import RecommendationGroup
from guidegraph.site.addresses import Addresses
from guidegraph.site.build import build_site
from guidegraph.site.content import Built
from site_reader import Reader, broken, read, words


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the example."""
    return build_site(example.content(), tmp_path_factory.mktemp("site")).folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Reader]:
    """Its pages."""
    return read(built)


def test_every_internal_link_and_anchor_leads_somewhere(
    built: Path, pages: dict[str, Reader]
) -> None:
    assert list(broken(built, pages)) == []
    assert sum(len(page.links) for page in pages.values()) > 500


def test_no_page_has_two_things_with_one_id(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), address


def test_nothing_is_fetched_from_elsewhere(built: Path, pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        for tag, name, target in page.links:
            if tag != "a":
                assert not urlsplit(target).scheme, (address, tag, name, target)
                assert not target.startswith("//"), (address, tag, name, target)
    style = (built / "assets" / "site.css").read_text("utf-8")
    assert "@import" not in style
    assert "http" not in style


def test_pages_hold_no_inline_script_and_no_inline_style(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        scripts = [attributes for tag, attributes in page.shape if tag == "script"]
        assert all("src" in each or "type" in each for each in scripts), address
        for data in page.data:
            json.loads(data)
        for tag, attributes in page.shape:
            assert tag != "style", address
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_every_page_states_a_strict_policy(built: Path) -> None:
    for file in built.rglob("*.html"):
        head = file.read_text("utf-8").partition("</head>")[0]
        assert "default-src 'none'; script-src 'self' file:" in head
        assert "unsafe-inline" not in head
        assert "unsafe-eval" not in head.replace("'wasm-unsafe-eval'", "")


def test_identical_content_gives_identical_bytes(tmp_path: Path, built: Path) -> None:
    again = build_site(example.content(), tmp_path / "elsewhere").folder
    names = sorted(each.relative_to(built) for each in built.rglob("*") if each.is_file())
    assert names == sorted(each.relative_to(again) for each in again.rglob("*") if each.is_file())
    for name in names:
        assert (built / name).read_bytes() == (again / name).read_bytes(), name


def test_a_rebuild_removes_pages_of_what_is_gone(tmp_path: Path) -> None:
    build_site(example.content(), tmp_path)
    assert (tmp_path / "site" / "queries" / "limits.html").is_file()
    after = build_site(example.content(queries=()), tmp_path)
    assert not (tmp_path / "site" / "queries").exists()
    assert not (tmp_path / "pages" / "queries").exists()
    assert list(broken(after.folder, read(after.folder))) == []


def test_folders_that_no_build_made_are_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "site" / "thesis.md"
    precious.parent.mkdir()
    precious.write_text("years of work")
    with pytest.raises(FileExistsError, match="was not made by guidegraph"):
        build_site(example.content(), tmp_path)
    assert precious.read_text() == "years of work"
    assert not (tmp_path / "pages").exists()


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    made = build_site(example.content(), tmp_path, lambda *step: told.append(step))
    total = len(made.pages)
    assert told[-1] == ("Rendering pages", total, total)
    assert ("Writing pages", 1, total) in told


def test_what_is_not_there_is_left_out(tmp_path: Path) -> None:
    empty = example.guideline()
    bare = type(empty)(header=empty.header, entities={"guideline": empty.header})
    made = build_site(example.SiteContent(guideline=bare), tmp_path)
    assert set(made.pages) - {"search.html"} == {
        "changes/index.html",
        "guideline.html",
        "index.html",
        "names.html",
        "verification/index.html",
    }
    assert list(broken(made.folder, read(made.folder))) == []


def test_the_environment_is_as_before_after_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # which mkdocs alone cannot take
    build_site(example.content(), tmp_path)
    import os

    assert os.environ["SOURCE_DATE_EPOCH"] == "0"
    assert "NO_MKDOCS_2_WARNING" not in os.environ


# --- pages ----------------------------------------------------------------------------------------


def test_everything_has_an_address_that_exists(pages: dict[str, Reader]) -> None:
    known = example.guideline()
    addresses = Addresses(known)
    for name in known.entities:
        address = addresses.of(name)
        assert address is not None, name
        path, _, anchor = address.partition("#")
        assert path in pages, name
        assert not anchor or anchor in pages[path].ids, name


def test_a_recommendation_says_what_when_and_from_where(pages: dict[str, Reader]) -> None:
    shown = words(pages, "recommendations/rec-1.html")
    for part in (
        "Treat those with a low marker.",
        "● Should",
        "Strength: not stated by the source",
        "Certainty: not stated by the source",
        "Patients who may be ill",
        "below 1,000 µg/L",
        "It does not apply if",
        "All the more so if (not required)",
        "Has the alternative Scan instead",
        "Marker on the ward → Begin",
        "<1,000 mg/L",
        "mg/L is printed",
        "What is a rise?",
        "Fewer deaths",
        "partly supports",
        "1,000 to 1,200",
        "marker/guideline.ttl:15",
        "version 2.1",
    ):
        assert part in shown, part


def test_a_statement_that_is_not_executed_says_so(pages: dict[str, Reader]) -> None:
    assert "a statement to read, not a rule" in words(pages, "recommendations/rec-3.html")


def test_a_past_review_date_is_flagged_on_every_page(pages: dict[str, Reader]) -> None:
    for address in pages:
        shown = words(pages, address)
        assert "review by 2022-04-01 ✕ past due at the last change" in shown, address
        assert "Evidence as of 2020, when its sources were published" in shown, address
        assert "For teaching." in shown, address
        assert "version 2.1" in shown, address


def test_the_outline_of_a_pathway_unfolds_each_step_once(pages: dict[str, Reader]) -> None:
    shown = words(pages, "pathways/path.html")
    assert shown.count("Is the marker low?") == 1
    assert "Yes — First Marker ( on admission ) below" in shown
    assert "Done (see above)" in shown
    assert shown.index("Yes") < shown.index("Not known")
    assert "Do: Treat" in shown


def test_the_flowchart_is_drawn_on_its_page(pages: dict[str, Reader]) -> None:
    page = pages["pathways/path.html"]
    assert ("svg", ("xmlns", "width", "class")) in page.shape
    assert ("a", "href", "#n-ask") in page.links
    assert ("a", ("data-node",)) in page.shape  # a node without a place has no link


def test_thresholds_keep_print_and_execution_apart(pages: dict[str, Reader]) -> None:
    shown = words(pages, "thresholds/index.html")
    assert "<1,000 mg/L (less than) 1,000 µg/L" in shown
    assert "no figure printed" in shown
    assert "Site setting : 2,000 µg/L unless set otherwise" in shown


def test_the_quality_page_shows_findings_cases_and_coverage(pages: dict[str, Reader]) -> None:
    shown = words(pages, "verification/index.html")
    for part in ("1 of 2", "not as expected", "words differs.", "Reaching a level", "△ none"):
        assert part in shown, part
    assert ("a", "href", "../codes/F105.html") in pages["verification/index.html"].links


def test_answers_of_queries_link_to_what_they_name(pages: dict[str, Reader]) -> None:
    page = pages["queries/limits.html"]
    assert ("a", "href", "../thresholds/low.html") in page.links
    assert "should" in page.words
    assert "SELECT ?limit\nWHERE" in "".join(page.words)


def test_a_query_that_needs_values_says_so(tmp_path: Path) -> None:
    known = example.content().queries[0]
    needy = example.Parameter(name="x", type="iri")
    query = type(known.query)(
        name="q",
        title="Q",
        description="",
        parameters=(needy,),
        text="ASK {}",
        file="q.rq",
        topic="Needs",
    )
    asked = example.QueryResult(query=query, columns=(), rows=())
    made = build_site(example.content(queries=(known, asked)), tmp_path)
    assert "It needs values for its parameters." in words(read(made.folder), "queries/q.html")
    listed = words(read(made.folder), "queries/index.html")
    assert listed.index("Needs") < listed.index("asks for values") < listed.index("Other questions")
    assert listed.index("Other questions") < listed.index(known.query.title)


def test_explanations_of_codes_are_rendered(pages: dict[str, Reader]) -> None:
    page = pages["codes/F105.html"]
    assert ("em", ()) in page.shape
    assert "d:a d:b d:c ." in words(pages, "codes/F105.html")


def test_downloads_are_there_with_size_and_hash(built: Path, pages: dict[str, Reader]) -> None:
    assert (built / "downloads" / "graph" / "marker.nt").read_text() == "x\n"
    shown = words(pages, "downloads/index.html")
    assert "2 bytes" in shown
    assert "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac" in shown


def test_structured_data_describes_the_recommendation(pages: dict[str, Reader]) -> None:
    data = json.loads(pages["recommendations/rec-1.html"].data[0])
    assert data["@type"] == ["MedicalGuidelineRecommendation", "CreativeWork"]
    assert data["recommendationStrength"].startswith("should (")
    home = json.loads(pages["index.html"].data[0])
    assert home["@type"] == ["MedicalGuideline", "CreativeWork"]


def test_navigation_lists_chapters_only(pages: dict[str, Reader]) -> None:
    chapters = {"index.html", "guideline.html", "names.html"} | {
        address for address in pages if address.endswith("/index.html")
    }
    page = pages["index.html"]
    start = next(i for i, link in enumerate(page.links) if link[2] == "#menu")
    listed = page.links[start + 3 : start + 3 + len(chapters)]
    assert {target for _, _, target in listed} == chapters


def test_handwritten_pages_stand_beside_generated_ones(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "about.md").write_text(
        "---\nx: y\n---\n# About <us>\n\nSee [limits](thresholds/index.md).\n"
    )
    (folder / "index.md").write_text("# Another home\n")
    (folder / "strange name!.md").write_text("# X\n")
    made = build_site(example.content(pages=folder), tmp_path / "out")
    assert [each.partition(":")[0] for each in made.warnings] == ["index.md", "strange name!.md"]
    pages = read(made.folder)
    assert ("a", "href", "thresholds/index.html") in pages["about.html"].links
    assert ("a", "href", "about.html") in pages["index.html"].links
    assert "About <us>" in words(pages, "index.html")
    assert "How to use the marker" in words(pages, "index.html")


def test_a_broken_link_of_a_handwritten_page_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "about.md").write_text("# About\n\n[gone](nowhere.md)\n")
    made = build_site(example.content(pages=folder), tmp_path / "out")
    assert len(made.warnings) == 1
    assert "nowhere.md" in made.warnings[0]


# --- the shipped guideline ------------------------------------------------------------------------


def test_the_site_of_the_shipped_guideline_has_no_broken_link(
    shipped_site: Built,
) -> None:
    made = shipped_site
    pages = read(made.folder)
    made_elsewhere = ("downloads/", "queries/", "codes/")
    assert [
        each
        for each in broken(made.folder, pages)
        if not any(folder in each for folder in made_elsewhere)
    ] == []
    assert len(pages) == len(made.pages)
    for address, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), address


def test_home_lists_every_recommendation_under_its_group_by_name(
    built: Path, pages: dict[str, Reader]
) -> None:
    known = example.guideline()
    home = words(pages, "index.html")
    leads = {target for tag, _, target in pages["index.html"].links if tag == "a"}
    groups = known.all(RecommendationGroup)
    assert groups
    for group in groups:
        assert str(group.label) in home
    for each in known.recommendations:
        assert f"recommendations/{each.id}.html" in leads
        assert str(each.label) in home


def test_a_recommendation_without_condition_promises_no_other_one(built: Path) -> None:
    known = example.guideline()
    free = [each for each in known.recommendations if each.condition is None]
    assert free
    for each in free:
        page = Reader((built / "recommendations" / f"{each.id}.html").read_text("utf-8"))
        assert "No further condition" in " ".join(page.words)


def test_the_banner_is_a_landmark(built: Path) -> None:
    for file in built.rglob("*.html"):
        assert '<aside class="banner" aria-label=' in file.read_text("utf-8")
