"""Asking the graph in the browser: the same refusals, values, answers and files as in Python."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import site_example as example
from conftest import GUIDELINE
from guidegraph.diagnostic import Diagnostic
from guidegraph.errors import QueryError
from guidegraph.export.graph import GraphExporter
from guidegraph.export.graph.exporter import Writer
from guidegraph.export.graph.statements import Statements
from guidegraph.query import NamedQuery, Result, engine, graph, named, results
from guidegraph.query.named import parse_query
from guidegraph.query.refuse import faults
from guidegraph.read import read
from guidegraph.site import asking
from guidegraph.site import engine as installed
from guidegraph.site.build import build_site
from guidegraph.site.content import Download, QueryResult
from guidegraph.site.pages import editor, queries
from guidegraph.site.view import view
from guidegraph.terms import NAMESPACES
from test_query import HARMLESS

ASSETS = installed.HERE / "theme" / "assets"
CALLS = Path(__file__).parent / "query_calls.mjs"
SCRIPTS = [str(ASSETS / each) for each in ("query/words.js", "query/refuse.js", "query/values.js")]
ENGINE = installed.find()
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
needs_engine = pytest.mark.skipif(ENGINE is None, reason=installed.MISSING)


@dataclass(frozen=True)
class Browser:
    """What a page knows, and a way to ask as it does."""

    names: Mapping[str, Any]
    texts: Sequence[str]
    with_engine: bool = field(default=True)

    def ask(self, *questions: Mapping[str, Any]) -> list[Any]:
        told: dict[str, Any] = {
            "names": self.names,
            "texts": list(self.texts),
            "scripts": SCRIPTS,
            "questions": [{"name": "q", "parameters": [], "given": {}, **e} for e in questions],
        }
        if self.with_engine:
            assert ENGINE is not None
            ours = "\n".join((ASSETS / each).read_text("utf-8") for each in asking.WORKER)
            told |= {
                "engine": ENGINE.script,
                "program": base64.b64encode(ENGINE.program).decode(),
                "worker": ours,
            }
        done = subprocess.run(
            [NODE or "node", str(CALLS)],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr[-2000:]
        answers = json.loads(done.stdout)
        assert isinstance(answers, list)
        return answers


@pytest.fixture(scope="module")
def turtle() -> str:
    """The shipped guideline as it is published."""
    return Writer(Statements(read(GUIDELINE).graph), {**NAMESPACES, "d": NAMESPACE}).turtle()


NAMESPACE = "https://w3id.org/guidegraph/covid19-coagulopathy/"


@pytest.fixture(scope="module")
def asked(turtle: str) -> graph.Graph:
    return graph.published(turtle)


@pytest.fixture(scope="module")
def browser(turtle: str, asked: graph.Graph) -> Browser:
    names = asking.names(view(example.content()), asked)
    return Browser(names, (turtle, *graph.ontology_texts()))


@pytest.fixture(scope="module")
def words(browser: Browser) -> Browser:
    """A page before the engine is there."""
    return replace(browser, with_engine=False)


# ---- the published graph ----------------------------------------------------------------------


def test_the_published_graph_is_the_graph_that_python_asks(asked: graph.Graph):
    found, meant = (
        ox.Dataset(each.store.quads_for_pattern(None, None, None))
        for each in (asked, graph.load(GUIDELINE))
    )
    assert len(found) == len(meant) > 20_000
    for each in (found, meant):
        each.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert found == meant


def test_the_download_and_the_script_hold_the_same_words():
    assert GraphExporter().name == "graph"
    content = example.content(downloads=(_graph("# </script><b>'&\n"),))
    made = {each.path: each.text for each in asking.files(view(content), ())}
    if not made:
        pytest.skip(installed.MISSING)
    assert not re.search(r"[<>&'\u2028]", made[asking.GRAPH].partition("=")[2].rpartition(";")[0])
    data = json.loads(made[asking.GRAPH].partition(".graph = ")[2].rstrip(";\n"))
    assert data["texts"][0] == content.downloads[0].text
    assert made == {each.path: each.text for each in asking.files(view(content), ())}


# ---- words, refusals and values ---------------------------------------------------------------

REFUSED = (
    *("SELECT * { SERVICE <http://x> { ?s ?p ?o } }", "ASK { SERVICESILENT<http://x>{?s ?p ?o} }"),
    *("SELECT * FROM <http://x> { ?s ?p ?o }", "SELECT *from\n#c\nnamed <http://x> { ?s ?p ?o }"),
    *("LOAD <http://x>", "LOADSILENT<http://x>", "INSERT DATA { d:a d:b d:c }", "DROP ALL"),
    *("SELECT * { ?s ?p ?o } ; CLEAR ALL", "SELEKT * { ?s ?p ?o }", "", "ASK { ?s xyz ?o }"),
    *("ASK { ?s rdf:typ 'a }", "ASK { ?s ?p ?o ", "ASK ?s }", "ASK (?s }", "\\u0041SK {}"),
    *("ASK {} µ", "ASK { ?s ggg:a rfd:b ; rdfx:c 1 }", "ASK { FILTER(?a <b> ?c) }"),
    *("ASK { ?s xq:a xq:b } ", 'ASK {\n  ?s ?p "𝒳" ;; 𝒳𝒳 x }', "ASK { ?a service:x {} }"),
    *("SELECT ?x { GRAPH service:x { ?s ?p ?o } }", "ASK { BIND(STRLENG('a') AS ?x) }"),
    *("PREFIX a: <b> ASK { a:b c:d _:e, 1.5e3 }", "ASK { ?s ?p '''a'b''' , \"\"\"c\"\"\"@en }"),
)


def _said(each: Diagnostic) -> dict[str, object]:
    at = each.at
    told = {"code": each.code, "message": each.message, "why": each.why, "help": each.help}
    return told | {"line": at.line if at else None, "column": at.column if at else None}


@needs_node
def test_what_is_refused_is_refused_in_the_same_words(words: Browser, asked: graph.Graph):
    texts = (*REFUSED, *HARMLESS)
    answers = words.ask(*({"text": each} for each in texts))
    refused = 0
    for text, answer in zip(texts, answers, strict=True):
        meant = [_said(each) for each in faults(text, "q.rq", tuple(asked.prefixes))]
        assert answer.get("faults", []) == meant, text
        refused += bool(meant)
    assert refused >= 20


PARAMETERS = (
    *(("iri", "d-dimer"), ("iri", "d:d-dimer"), ("iri", "https://e.org/a?b=c#d"), ("iri", "<x>")),
    *(("iri", "d-dimr"), ("iri", "dd:x"), ("iri", "gg:Biomarker"), ("code", "StudyFinding")),
    *(
        ("code", "Studyfinding"),
        ("code", "zzzzzzz"),
        ("string", "a\" } DROP '?x\n"),
        ("string", "*"),
    ),
    *(("integer", "+024"), ("integer", "2.4"), ("decimal", "-0.50"), ("decimal", "1e3")),
    *(("decimal", ".5"), ("date", "2024-02-29"), ("date", "2023-02-29"), ("date", "2023-2-1")),
    *(("boolean", "true"), ("boolean", "yes"), ("lang", "nl-BE"), ("lang", "nl_BE")),
)


@needs_node
def test_values_are_read_as_python_reads_them(words: Browser, asked: graph.Graph):
    from guidegraph.query.parameters import bind

    questions = []
    for kind, value in PARAMETERS:
        text = f"# param v {kind} : what\nSELECT ?v {{ ?s ?p ?v }}"
        query = parse_query(text, "q", "q.rq")
        questions.append((query, value))
    answers = words.ask(
        *(_question(query, {"v": value}) for query, value in questions),
        _question(questions[0][0], {}),
    )
    for (query, value), answer in zip(questions, answers, strict=False):
        try:
            term = bind(query, {"v": value}, asked.vocabulary)["v"]
        except QueryError as stop:
            (meant,), (found,) = stop.findings, answer["faults"]
            assert (found["code"], found["message"], found["why"]) == (
                *(meant.code, meant.message, meant.why),
            )
            if "Did you mean" in (meant.help or "") or query.parameters[0].type != "iri":
                assert found["help"] == meant.help or "files of the guideline" in meant.help
            continue
        (found,) = answer["values"]
        assert found["value"] == term.value
        if isinstance(term, ox.Literal):
            assert found.get("datatype", NAMESPACES["xsd"] + "string") == term.datatype.value
        else:
            assert found["kind"] == "iri"
    assert [each["code"] for each in answers[-1]["faults"]] == ["Q009"]


@needs_node
def test_no_value_becomes_part_of_the_text(words: Browser):
    query = parse_query(
        "# param v string : what\n"
        "SELECT ?v (COUNT(*) AS ?n) { ?s ?p ?v { SELECT ?v { ?v ?q ?r } } } GROUP BY ?v",
        "q",
        "q.rq",
    )
    evil = "x' } SERVICE <http://evil> { ?a ?b 'c"
    (answer,) = words.ask(_question(query, {"v": evil}))
    assert "evil" not in answer["bound"]
    assert answer["bound"].count("<urn:guidegraph:parameter:v>") == 2
    assert answer["values"] == [{"name": "v", "kind": "literal", "value": evil}]


def _question(query: NamedQuery, given: Mapping[str, str]) -> dict[str, Any]:
    parameters = [
        {"name": e.name, "type": e.type, "default": e.default, "description": e.description}
        for e in query.parameters
    ]
    return {"name": query.name, "text": query.text, "parameters": parameters, "given": dict(given)}


# ---- answers ----------------------------------------------------------------------------------


def _cells(result: Result) -> list[list[Any]]:
    """Rows as the worker tells them; blank nodes by the order in which they appear."""
    numbers: dict[str, str] = {}

    def told(cell: results.Cell | None) -> Any:
        if cell is None:
            return None
        if cell.kind == "blank":
            name = numbers.setdefault(cell.value, f"b{len(numbers) + 1}")
            return {"kind": "blank", "value": name, "display": f"_:{name}"}
        found = {"kind": cell.kind, "value": cell.value, "display": cell.display}
        if cell.language:
            found["language"] = cell.language
        elif cell.datatype:
            found["datatype"] = cell.datatype
        return found

    return [[told(cell) for cell in row] for row in result.rows]


@needs_node
@needs_engine
def test_every_named_query_has_the_answer_that_python_gives(browser: Browser, asked: graph.Graph):
    """With its defaults where it has them, and with the values of its example."""
    tasks = []
    for each in named(GUIDELINE):
        values = editor._example(each)
        if all(one.default is not None for one in each.parameters):
            tasks.append((each, {}))
        if values:
            tasks.append((each, values))
    answers = browser.ask(*(_question(query, given) for query, given in tasks))
    rows = 0
    for (query, given), answer in zip(tasks, answers, strict=True):
        meant = engine.run(query, asked, given, rows=None)
        assert answer["kind"] == "answer", (query.name, answer)
        assert answer["columns"] == list(meant.columns), query.name
        assert answer["rows"] == _cells(meant), query.name
        assert answer["total"] == len(meant)
        assert answer["csv"] == results.to_csv(meant), query.name
        rows += len(meant)
    assert len(tasks) > 60
    assert rows > 2_000


HARD = (
    'SELECT ?v { VALUES ?v { "a,b" "say \\"x\\"" "two\\nlines" "" "é" "𝒳" "\ufffd" UNDEF } }',
    'SELECT * { VALUES ?v { "a10" "a9" 1.50 2 -3 "x"@nl "x"@en true "2024-01-01"^^xsd:date } }',
    "SELECT * { VALUES (?v ?w) { (1 2) (1 1) (UNDEF 0.5) (10.25 10.3) } }",
    "ASK { d:d-dimer a gg:Biomarker }",
    "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a gg:Biomarker ; rdfs:label ?l }",
    "DESCRIBE d:d-dimer",
    "SELECT (AVG(?v) AS ?mean) (SUM(?v) AS ?sum) { ?s gg:value ?v }",
    "SELECT ?s { ?s ?p ?o } ORDER BY DESC(?s) LIMIT 5",
    "SELECT ?kind (COUNT(*) AS ?n) { [] a ?kind } GROUP BY ?kind HAVING (COUNT(*) > 3)",
    "SELECT ?a { { BIND(1 AS ?a) } UNION { BIND(2.0 AS ?a) } FILTER EXISTS { ?x ?y ?z } }",
)


@needs_node
@needs_engine
def test_other_forms_have_the_answers_that_python_gives(browser: Browser, asked: graph.Graph):
    answers = browser.ask(*({"text": each} for each in HARD))
    for text, answer in zip(HARD, answers, strict=True):
        meant = engine.run(parse_query(text, "q", "q"), asked, {}, rows=None)
        if "DESCRIBE" not in text:  # its blank nodes have other names
            assert answer["csv"] == results.to_csv(meant), text
        if meant.form == "ask":
            assert answer["truth"] is meant.truth
        else:
            assert answer["form"] == meant.form
            assert answer["rows"] == _cells(meant), text


@needs_node
@needs_engine
def test_faults_that_the_engine_finds_have_their_place(browser: Browser, asked: graph.Graph):
    texts = (
        "SELECT ?s\nWHERE { ?s ?p }",
        "SELECT ?s WHERE { ?s ?p ?o FILTER(<http://x/f>(?s)) }",
        "# param v iri = d-dimer : what\nSELECT ?v { ?s ?p ?o BIND(1 AS ?v) }",
    )
    last = _question(parse_query(texts[2], "q", "q"), {})
    read, run, bind = browser.ask({"text": texts[0]}, {"text": texts[1]}, last)
    with pytest.raises(QueryError) as stop:
        engine.run(parse_query(texts[0], "q", "q"), asked)
    at = stop.value.findings[0].at
    assert at is not None
    assert (read["stage"], read["line"], read["column"]) == ("read", at.line, at.column)
    assert at.line == 2
    assert "<http://x/f>" in run["told"]
    assert bind["stage"] == "bind"


@needs_node
@needs_engine
def test_only_some_rows_are_shown_and_all_are_counted(browser: Browser):
    (answer,) = browser.ask({"text": "SELECT * { ?s ?p ?o } LIMIT 2000", "shown": 7})
    assert len(answer["rows"]) == 7
    assert answer["total"] == 2000
    assert answer["csv"].count("\r\n") >= 2001


# ---- pages ------------------------------------------------------------------------------------

SMALL = f"@prefix d: <{example.NAMESPACE}> .\n<{example.NAMESPACE}> a <urn:x> .\n"


def _graph(text: str) -> Download:
    return Download(path="graph/marker.ttl", title="graph", text=text, target="graph")


def test_a_site_without_a_graph_offers_nothing_to_run(tmp_path: Path):
    pages = {each.path: each for each in queries.pages(view(example.content()))}
    assert editor.PATH not in pages
    assert all(each.title != "Run it yourself" for p in pages.values() for each in p.sections)
    assert list(asking.files(view(example.content()), ())) == []


def test_a_site_without_an_engine_says_so_and_works(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr(installed, "places", lambda: iter((tmp_path / "none",)))
    content = example.content(downloads=(_graph(SMALL),))
    built = build_site(content, tmp_path / "out")
    text = (built.folder / "queries" / "limits.html").read_text("utf-8")
    assert installed.MISSING in text.replace("&#46;", ".")
    assert "query.js" not in text
    assert "wasm-unsafe-eval" not in text
    assert not (built.folder / "assets" / asking.ENGINE).exists()
    assert "Kinds of things" in (built.folder / editor.PATH).read_text("utf-8")


@needs_engine
def test_a_site_with_an_engine_offers_it_where_queries_are(tmp_path: Path):
    content = example.content(downloads=(_graph(SMALL),))
    built = build_site(content, tmp_path / "out")
    text = (built.folder / "queries" / "limits.html").read_text("utf-8")
    assert (
        "script-src &#39;self&#39;" in text or "script-src 'self' file: 'wasm-unsafe-eval'" in text
    )
    assert "worker-src blob:" in text
    assert 'id="asking-data"' in text
    assert asking.ENGINE not in text
    assert (built.folder / "assets" / asking.ENGINE).stat().st_size > 5_000_000
    other = (built.folder / "index.html").read_text("utf-8")
    assert "wasm-unsafe-eval" not in other
    assert "query.js" not in other


def test_an_engine_with_other_content_is_not_used(tmp_path: Path, monkeypatch: Any):
    for name in (installed.MODULE, installed.PROGRAM):
        (tmp_path / name).write_text("something else")
    monkeypatch.setattr(installed, "places", lambda: iter((tmp_path,)))
    assert installed.find() is None


@needs_engine
def test_names_lead_to_pages_and_can_be_looked_up(asked: graph.Graph):
    found = asking.names(view(example.content()), asked)
    assert dict(found["prefixes"])["d"] == NAMESPACE
    assert "d-dimer" in dict(found["things"])["d"]
    links = found["links"]
    address, label = links["code:Should"]
    assert address.startswith("vocabulary/index.html#")
    assert label


def test_what_a_query_takes_as_an_example_is_read_from_its_command():
    example = "# example: guidegraph query q --param a=b --param c='d e'"
    text = f"# param a iri = * : x\n{example}\nASK {{ ?a ?b ?c }}"
    assert editor._example(parse_query(text, "q", "q")) == {"a": "b", "c": "d e"}
    assert editor._example(parse_query("# example: it's\nASK {}", "q", "q")) == {}


def test_the_data_of_a_page_cannot_end_its_script(tmp_path: Path):
    content = example.content(downloads=(_graph(SMALL),))
    query = replace(content.queries[0].query, text='SELECT * { ?s ?p "</script><img>" }')
    content = replace(content, queries=(QueryResult(query=query, columns=(), rows=()),))
    built = build_site(content, tmp_path / "out")
    assert "</script><img>" not in (built.folder / "queries" / "limits.html").read_text("utf-8")
