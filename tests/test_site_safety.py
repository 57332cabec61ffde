"""No literal and no local name of a guideline ever becomes markup or a link that runs."""

from __future__ import annotations

import json
import re
from itertools import count, cycle
from pathlib import Path

import pytest
import yaml
from markdown import Markdown
from markupsafe import Markup

import site_example as example
from guidegraph.site import safe
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
from guidegraph.site.build import build_site
from guidegraph.site.handwritten import handwritten
from guidegraph.site.render import Renderer
from site_reader import Reader, broken, read, words

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
        assert outside_lines(page) == outside_lines(plain[address]), address
        assert [link for link in page.links if "javascript:" in link[2].lower()] == []


def outside_lines(page: Reader) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page without the lines of drawings: long labels have more of them."""
    return [each for each in page.shape if each[0] not in ("text", "tspan")]


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


def test_no_local_name_changes_what_a_page_is_made_of(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    "element",
    [
        '<meta http-equiv="refresh" content="0;url=https://attack.example/">',
        "<META\nHTTP-EQUIV=refresh content=0>",
        "<m\x02eta http-equiv=refresh>",
        "Words <meta/http-equiv=refresh>",
        '<link rel="dns-prefetch" href="//attack.example">',
    ],
)
def test_a_handwritten_page_leads_nobody_elsewhere(tmp_path: Path, element: str) -> None:
    (tmp_path / "page.md").write_text(f"# Page\n\n{element}\n", "utf-8")
    found, warnings = handwritten(tmp_path, ())
    assert found == ()
    (told,) = warnings
    assert told.startswith("page.md: <")
    assert "could lead readers elsewhere" in told


def test_a_handwritten_page_may_speak_of_such_elements(tmp_path: Path) -> None:
    text = "# Page\n\nA `<meta>` and `<link >` element.\n\n```\n<meta x>\n```\n\n    <meta y>\n"
    (tmp_path / "page.md").write_text(text, "utf-8")
    found, warnings = handwritten(tmp_path, ())
    assert [each.path for each in found] == ["page.html"]
    assert warnings == ()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("D-dimer in COVID-19", ["D-dimer", "COVID-19"]),
        ("a well-established one-and-only thing", []),
        ("&#45;x-y; <a-b c-d='e-f'>IL-6</a-b>", ["x-y", "IL-6"]),
    ],
)
def test_short_words_with_a_hyphen_are_kept_whole(words: str, shown: list[str]) -> None:
    found = str(safe.whole(Markup(words)))
    assert re.findall('<span class="whole">(.*?)</span>', found) == shown
    assert re.sub('<span class="whole">(.*?)</span>', r"\1", found) == words
