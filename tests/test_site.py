"""The site: every page, every link, and that no literal ever becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from itertools import count, cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from markdown import Markdown
from markupsafe import Markup

import site_example as example
from guidegraph.entity import Quantity, QuantityRange, Text, Ucum
from guidegraph.model import Guideline, Recommendation
from guidegraph.site import build_site, safe
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import (
    Card,
    Cards,
    Figure,
    Item,
    Items,
    Listing,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
)
from guidegraph.site.figures import number, plural, quantity, size, span, unit
from guidegraph.site.links import Links
from guidegraph.site.render import Renderer
from guidegraph.site.words import Wording

PAYLOADS = (
    "<script>document.documentElement.dataset.pwned=1</script>",
    '"><img src=x onerror="document.documentElement.dataset.pwned=1">',
    "' onmouseover='document.documentElement.dataset.pwned=1",
    "javascript:document.documentElement.dataset.pwned=1",
    "JaVaScRiPt&colon;alert(1)",
    "[click](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "<https://example.com>",
    "`code` *em* _em_ **strong** ~~del~~",
    "# heading\n\n## another\n\n- item\n\n1. one\n\n> quote\n\n    code",
    "---\ntitle: other\n---",
    "Title\n=====\n\n- - -",
    "| a | b |\n|---|---|\n| c | d |",
    "text {: onclick=alert(1) #section-record .x }",
    "[TOC]",
    '[ref]: https://example.com "t"',
    "*[HTML]: x",
    "</title></style></script><svg onload=alert(1)>",
    "<!-- comment --><![CDATA[x]]><?php x ?>",
    "{{ config }}{% raw %}{# x #}",
    "&lt;b&gt;&#60;b&#62;&amp;",
    "\\<b\\> \\*x\\*",
    "\u202e\u0000\u0007\u2028\u0085reversed\ud800",
    "klzzwxh:0001 \u0002wzxhzdk:0\u0003",
    "```\nfence\n```\n~~~\nfence\n~~~",
    "a  \nb \t c",
    '"\\" : : {yaml: [x, y]} #comment',
)


class Reader(HTMLParser):
    """What a page is made of: its elements, ids, links, words, and data blocks."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.data: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.inside = tag
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action", "srcset", "data", "poster"):
                self.links.append((tag, name, value or ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        (self.data if self.inside == "script" else self.words).append(data)

    def handle_comment(self, data: str) -> None:
        self.shape.append(("!--", ()))


def read(folder: Path) -> dict[str, Reader]:
    """Every page of a site by its address."""
    return {
        file.relative_to(folder).as_posix(): Reader(file.read_text("utf-8"))
        for file in sorted(folder.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the example."""
    return build_site(example.content(), tmp_path_factory.mktemp("site")).folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Reader]:
    """Its pages."""
    return read(built)


def words(pages: dict[str, Reader], address: str) -> str:
    """The words of a page, with single spaces."""
    return " ".join(" ".join(pages[address].words).split())


def broken(folder: Path, pages: dict[str, Reader]) -> Iterator[str]:
    """Every link of a site that leads nowhere."""
    for address, page in pages.items():
        for _, _, target in page.links:
            if urlsplit(target).scheme:
                continue
            path, _, anchor = target.partition("#")
            file = (folder / address).parent / unquote(path) if path else folder / address
            if not file.is_file():
                yield f"{address}: {target}"
            elif anchor:
                found = pages[file.resolve().relative_to(folder.resolve()).as_posix()]
                if anchor not in found.ids:
                    yield f"{address}: {target}"


# --- the whole ------------------------------------------------------------------------------------


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


def test_pages_hold_no_script_and_no_inline_style(pages: dict[str, Reader]) -> None:
    for address, page in pages.items():
        scripts = [attributes for tag, attributes in page.shape if tag == "script"]
        assert scripts == [("type",)], address
        json.loads(page.data[0])
        for tag, attributes in page.shape:
            assert tag != "style", address
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_every_page_states_a_strict_policy(built: Path) -> None:
    for file in built.rglob("*.html"):
        head = file.read_text("utf-8").partition("</head>")[0]
        assert "default-src 'none'" in head
        assert "script-src" not in head
        assert "unsafe" not in head


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
    assert made.pages == ("guideline.html", "index.html", "verification/index.html")
    assert list(broken(made.folder, read(made.folder))) == []


def test_the_environment_is_as_before_after_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # which mkdocs alone cannot take
    build_site(example.content(), tmp_path)
    import os

    assert os.environ["SOURCE_DATE_EPOCH"] == "0"
    assert "NO_MKDOCS_2_WARNING" not in os.environ


# --- safety ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    """The site in which every literal is a plain word, each another."""
    turn = count()
    known = example.with_literals(example.guideline(), lambda _: f"word{next(turn)}")
    return read(build_site(example.content(known, "word"), tmp_path_factory.mktemp("plain")).folder)


@pytest.mark.parametrize("first", range(3))
def test_no_literal_changes_what_the_pages_are_made_of(
    first: int, plain: dict[str, Reader], tmp_path: Path
) -> None:
    turn = cycle(PAYLOADS[first:] + PAYLOADS[:first])
    known = example.with_literals(example.guideline(), lambda _: next(turn))
    hostile = read(build_site(example.content(known, PAYLOADS[first]), tmp_path).folder)
    assert hostile.keys() == plain.keys()
    for address, page in hostile.items():
        assert page.shape == plain[address].shape, address
        assert [link for link in page.links if "javascript" in link[2].lower()] == []


def every_block(said: str) -> Page:
    """A page with every kind of block, and the same words in every slot."""
    run = Span(said, lang="nl", style="tag", mark="●")
    line = (run, Span(said), Span(said, style="code"), Span(said, to="a.html"))
    return Page(
        path="x.html",
        title=said,
        index="index.html",
        eyebrow=line,
        heading=line,
        lead=line,
        badges=line,
        structured={"name": said, said: [said]},
        sections=(
            Section(
                said,
                (
                    facts(fact(said, line, line)),
                    Items((Item(line, (Item(line, label=line),)),)),
                    Table(said, (said, said), (Row((line, line)), Row((line, line)))),
                    Prose((line,)),
                    Figure("<svg></svg>", said),
                    Listing(said, said),
                    Cards((Card(said, "a.html", said, said),)),
                ),
                note=said,
                anchor="all",
            ),
        ),
    )


def shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """What a page is made of after Markdown, with the extensions the site uses."""
    meta, _, body = Renderer().markdown(page)[4:].partition("\n---\n")
    assert set(yaml.safe_load(meta)) == {"title", "chapter", "style"}
    return Reader(
        Markdown(extensions=["toc", "tables", "fenced_code", "attr_list"]).convert(body)
    ).shape


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_markup_in_any_block(payload: str) -> None:
    assert shape(every_block(payload)) == shape(every_block("word"))


def test_a_literal_is_shown_as_it_was_written(tmp_path: Path) -> None:
    payload = "<b>1. *x* & [y](z) | {: #a } `c` \\d</b>"
    known = example.with_literals(example.guideline(), lambda _: payload)
    hostile = read(build_site(example.content(known, payload), tmp_path).folder)
    for address in ("recommendations/rec-1.html", "queries/limits.html", "index.html"):
        assert payload in words(hostile, address)


def test_no_local_name_changes_what_a_page_is_made_of(tmp_path: Path, built: Path) -> None:
    hostile = example.renamed(example.guideline(), lambda name: f"../{name}/'\"><x onload=y>&é")
    content = example.content(hostile, flowcharts={}, queries=(), cases=None, findings=())
    made = build_site(content, tmp_path / "hostile")
    calm = example.content(flowcharts={}, queries=(), cases=None, findings=())
    before = build_site(calm, tmp_path / "calm")
    found, known = read(made.folder), read(before.folder)
    assert sorted(page.shape for page in found.values()) == sorted(
        page.shape for page in known.values()
    )
    assert list(broken(made.folder, found)) == []
    assert not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&c=2"),
        ("doi:10.1148/radiol.2020201629", "https://doi.org/10.1148/radiol.2020201629"),
        ("10.1000/a<b>", "https://doi.org/10.1000/a%3Cb%3E"),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("//example.org", None),
        ("https://user@example.org", None),
        ("http://[", None),
        ("PMID 32324101", None),
        ("", None),
    ],
)
def test_only_web_addresses_and_dois_become_links(address: str, link: str | None) -> None:
    assert safe.external(address) == link


@pytest.mark.parametrize(
    "target", ["/etc", "../x", "https://x", "a b", 'a"b', "a#<", "javascript:x"]
)
def test_addresses_of_the_site_are_relative_paths(target: str) -> None:
    with pytest.raises(ValueError, match="not an address of the site"):
        safe.relative(target, "index.html")


def test_links_between_pages_are_relative() -> None:
    assert safe.relative("a/b.html", "index.html") == "a/b.html"
    assert safe.relative("a/b.html#c", "d/e.html") == "../a/b.html#c"
    assert safe.relative("a/b.html#c", "a/b.html") == "#c"


def test_local_names_become_distinct_addresses() -> None:
    names = [
        "a/b",
        "a_x2f_b",
        "a b",
        "index",
        "INDEX",
        "readme",
        ".hidden",
        "..",
        "",
        "é",
        "_index",
    ]
    slugs = [safe.slug(each) for each in names]
    assert len(set(slugs)) == len(slugs)
    assert safe.slug("OUD-REC-4b") == "OUD-REC-4b"
    for each in slugs:
        assert not each.startswith(".")
        assert each.lower() not in ("index", "readme")
        safe.relative(each, "index.html")


def test_data_cannot_leave_its_script_element() -> None:
    written = safe.data_block({"name": "</script><!--<b>'&\u2028"})
    assert not set("<>&'\u2028") & set(written)
    assert json.loads(written) == {"name": "</script><!--<b>'&\u2028"}


def test_markup_of_templates_is_not_escaped_twice() -> None:
    assert safe.finish(Markup("<b>")) == "<b>"
    assert safe.finish("<b>") == "&#60;b&#62;"
    assert safe.finish(None) == ""
    assert safe.finish(" D-dimer 1,000.5 µg/L (2) ") == " D-dimer 1,000.5 µg/L &#40;2&#41; "


def test_lines_of_preformatted_text_stay() -> None:
    assert safe.code("a\r\n  <b>") == "a&#10;  &#60;b&#62;"


# --- words ----------------------------------------------------------------------------------------

HIGH = (
    "Latest Marker above the limit your site chooses (2,000\u00a0µg/L unless set otherwise; "
    "permitted: 2,000 to 4,000\u00a0µg/L (not included))"
)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("c-low", "First Marker (on admission) below 1,000\u00a0µg/L"),
        ("c-high", HIGH),
        ("c-bleeds", "Bleeding: yes"),
        ("c-feasible", "Can a scan be done? no"),
        ("c-ill", "Illness is suspected or excluded"),
        ("c-all", "label of c-all: all of these hold"),
        ("c-some", "label of c-some: at least 2 of these hold"),
        ("c-rise", "Highest Marker at least 2 times the first Marker (on admission)"),
        ("c-point", "label of c-point several readings"),
    ],
)
def test_criteria_are_told_in_clinical_words(name: str, said: str) -> None:
    known = example.guideline()
    wording = Wording(known, Addresses(known))
    line = wording.line(known[name])  # type: ignore[arg-type]
    assert "".join(each.text for each in line) == said


def test_the_ends_of_a_range_say_whether_they_belong() -> None:
    known = example.guideline()
    line = Wording(known, Addresses(known)).line(known["c-between"])  # type: ignore[arg-type]
    said = "".join(each.text for each in line)
    assert said.startswith("Marker from 1,000\u00a0µg/L (included) to the limit")
    assert said.endswith("(not included)")


def test_every_reading_is_listed_and_the_default_comes_first() -> None:
    known = example.guideline()
    item = Wording(known, Addresses(known)).criterion("c-point")
    assert item is not None
    assert [part.label[0].text for part in item.parts] == [
        "the reading that runs",
        "another reading",
    ]
    assert item.parts[0].line[0].text == "Latest "


def test_criteria_that_refer_to_themselves_do_not_loop() -> None:
    known = example.guideline()
    circle = example.make(
        example.LogicalCriterion, "c-all", operator="AllOf", operands=("c-all", "c-low")
    )
    entities = {**known.entities, "c-all": circle}
    turned = type(known)(header=known.header, entities=entities)
    item = Wording(turned, Addresses(turned)).criterion("c-all")
    assert item is not None
    assert item.parts[0].parts == ()


def test_words_in_another_language_say_which() -> None:
    known = example.guideline()
    wording = Wording(known, Addresses(known))
    assert wording.said(Text((("nl", "stolsel"),)))[0].lang == "nl"
    assert wording.said(Text((("nl", "stolsel"), ("en", "clot"))))[0].lang == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1000", "1,000"),
        ("1000.0", "1,000"),
        ("1E+3", "1,000"),
        ("0.50", "0.5"),
        ("-4.14", "−4.14"),
        ("-0.0", "0"),
        ("0.0001", "0.0001"),
        ("12345678.9", "12,345,678.9"),
    ],
)
def test_numbers_are_exact_and_have_no_trailing_zeros(value: str, written: str) -> None:
    assert number(Decimal(value)) == written


def test_units_are_written_as_in_print() -> None:
    assert unit("ug/L") == "µg/L"
    assert unit("umol/L") == "µmol/L"
    assert unit("mm[Hg]") == "mmHg"
    assert unit("10*9/L") == "× 10⁹/L"
    assert unit("U/L") == "U/L"
    assert quantity(Quantity(value=Decimal("93.0"), unit=Ucum("%"))) == "93%"
    assert quantity(Quantity(value=Decimal(4), unit=Ucum("1"))) == "4"


def test_ranges_say_which_ends_are_open() -> None:
    hours = Ucum("h")
    after = QuantityRange(low=Decimal(12), high=None, unit=hours, low_inclusive=False)
    assert span(after) == "from 12 (not included)\u00a0h"
    assert span(QuantityRange(low=None, high=Decimal(48), unit=hours)) == "up to 48\u00a0h"
    assert span(QuantityRange(low=None, high=None, unit=hours)) == "not limited"


def test_counts_and_sizes_are_in_words() -> None:
    assert plural(1, "case") == "1 case"
    assert plural(1200, "case") == "1,200 cases"
    assert size(999) == "999 bytes"
    assert size(1500) == "1.5 kB"
    assert size(4_000_000) == "4 MB"


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
    assert ("svg", ("xmlns",)) in page.shape
    assert ("a", "href", "#n-ask") in page.links


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
        name="q", title="Q", description="", parameters=(needy,), text="ASK {}", file="q.rq"
    )
    asked = example.QueryResult(query=query, columns=(), rows=())
    made = build_site(example.content(queries=(asked,)), tmp_path)
    assert "It needs values for its parameters." in words(read(made.folder), "queries/q.html")


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
    assert data["@type"] == "MedicalGuidelineRecommendation"
    assert data["recommendationStrength"] == "should"
    assert json.loads(pages["index.html"].data[0])["@type"] == "MedicalGuideline"


def test_navigation_lists_chapters_only(pages: dict[str, Reader]) -> None:
    chapters = {"index.html", "guideline.html"} | {
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


# --- links ----------------------------------------------------------------------------------------


def test_a_recommendation_rests_on_what_its_condition_names() -> None:
    known = example.guideline()
    basis = Links(known).basis(known.one("rec-1", Recommendation))
    assert {"c-all", "c-low", "low", "marker", "point", "c-rise", "strong", "passage-1"} <= basis
    assert not {"rec-2", "claim", "severe", "algorithm"} & basis


def test_a_fault_of_a_limit_touches_the_recommendations_that_use_it() -> None:
    known = example.guideline()
    links = Links(known)
    touched = [
        each.id
        for each in known.recommendations
        if "misprint" in [fault.id for fault in links.discrepancies_of(each)]
    ]
    assert touched == ["rec-1", "rec-2"]


# --- the shipped guideline ------------------------------------------------------------------------


def test_the_site_of_the_shipped_guideline_has_no_broken_link(
    guideline: Guideline, tmp_path: Path
) -> None:
    own = Path(__file__).resolve().parents[1] / "site"
    made = build_site(example.SiteContent(guideline=guideline, pages=own), tmp_path)
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
