"""Queries: what is refused, how values are bound, and what comes out."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.errors import QueryError, ReadError
from guidegraph.query import engine, graph, results, worker
from guidegraph.query.binding import called, with_parameters
from guidegraph.query.limits import Limits
from guidegraph.query.named import parse_query, survey
from guidegraph.query.refuse import faults
from guidegraph.query.sources import Source
from guidegraph.query.tokens import MalformedError, tokens
from guidegraph.scaffold import new

PREFIXES = ("gg", "rdfs", "d", "code", "service")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "example-marker"
    new(folder)
    return folder


@pytest.fixture(scope="module")
def asked(folder) -> graph.Graph:
    return graph.load(folder)


def codes(text: str) -> list[str]:
    return [each.code for each in faults(text, "q.rq", PREFIXES)]


def ask(asked, text: str, **params: str) -> results.Result:
    return engine.run(parse_query(text, "q", "q.rq"), asked, params)


def shown(result: results.Result) -> list[tuple[str | None, ...]]:
    return [tuple(cell and cell.display for cell in row) for row in result.rows]


def asked_apart(query, folder: Path, seconds: int, params=None):
    asked = worker.Asked(query=query, params=params or {}, whole=False)
    return worker.run_within(asked, Source(folder), Limits(seconds=seconds))[0]


def refused(asked, text: str, **params: str) -> list[str]:
    with pytest.raises(QueryError) as stop:
        ask(asked, text, **params)
    return [each.code for each in stop.value.findings]


# ---- words -----------------------------------------------------------------------------------


def test_words_are_told_apart():
    text = (
        "SELECT ?a $b d:x.y <http://e/#a> \"a#b\" 'c' '''d'e''' @en _:b1 1.5e3 .5 7 # word\n^^ <="
    )
    assert [(each.kind, each.text) for each in tokens(text)] == [
        ("word", "SELECT"),
        ("variable", "?a"),
        ("variable", "$b"),
        ("name", "d:x.y"),
        ("iri", "<http://e/#a>"),
        ("string", '"a#b"'),
        ("string", "'c'"),
        ("string", "'''d'e'''"),
        ("language", "@en"),
        ("blank", "_:b1"),
        ("number", "1.5e3"),
        ("number", ".5"),
        ("number", "7"),
        ("sign", "^^"),
        ("sign", "<="),
    ]


def test_a_name_ends_before_its_full_stop():
    assert [each.text for each in tokens("?s a d:x. ?s ?p d:a\\.b.")] == [
        *("?s", "a", "d:x", ".", "?s", "?p", "d:a\\.b", "."),
    ]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ('SELECT "open', 7),
        ('SELECT """a"', 7),
        ("SELECT { ?s", 7),
        ("SELECT ?s }", 10),
        ("FILTER(?a < 1 }", 6),
        ("\\u0053ERVICE", 0),
        ("SELECT µ", 7),
        ("FILTER(?a<b>1)", 9),
    ],
)
def test_malformed_text_is_reported_at_its_place(text, offset):
    with pytest.raises(MalformedError) as fault:
        tokens(text)
    assert fault.value.offset == offset


# ---- refusals --------------------------------------------------------------------------------

HARMLESS = [
    'SELECT ?service WHERE { ?service rdfs:label "SERVICE <http://x> {}" }',
    "SELECT ?s WHERE { ?s a <https://example.org/SERVICE> } # SERVICE <http://x> {}",
    "SELECT ?s WHERE { ?s service:load service:x ; a service:FROM . GRAPH service:x { ?s ?p ?o } }",
    "SELECT ?s WHERE { ?s ?p '''LOAD\nDELETE\nFROM''' }",
    'SELECT ?s WHERE { ?s ?p "x"@service }',
    "SELECT ?s WHERE { ?s ?p _:service }",
    "SELECT $insert WHERE { $insert ?drop ?clear FILTER(?drop < 3 && ?clear > 4) }",
    'SELECT ?s WHERE { ?s ?p "\\u0022 SERVICE <http://x> {} #" }',
]


@pytest.mark.parametrize("text", HARMLESS)
def test_letters_of_a_keyword_elsewhere_are_not_refused(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * FROM <http://x> { ?s ?p ?o }", "Q003"),
        ("SELECT * from\n#c\nnamed <http://x> { ?s ?p ?o }", "Q003"),
        ("SELECT *FROM<http://x>{ ?s ?p ?o }", "Q003"),
        ("LOAD <http://x>", "Q004"),
        ("LOADSILENT<http://x>", "Q004"),
        ("INSERT DATA { d:a d:b d:c }", "Q004"),
        ("INSERTDATA{ d:a d:b d:c }", "Q004"),
        ("dElEtE WHERE { ?s ?p ?o }", "Q004"),
        ("CLEAR ALL", "Q004"),
        ("DROP GRAPH d:g", "Q004"),
        ("CREATE GRAPH d:g", "Q004"),
        ("COPY d:g TO d:h", "Q004"),
        ("MOVE d:g TO d:h", "Q004"),
        ("ADD d:g TO d:h", "Q004"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", "Q004"),
    ],
)
def test_other_data_and_updates_are_refused(text, code):
    assert set(codes(text)) == {code}


def services(address: str) -> list[str]:
    """Spellings of a query that an engine may understand as SERVICE."""
    there = f"<{address}>"
    return [
        f"SELECT * {{ SERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ sErViCe\n# a comment\nSILENT {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ OPTIONAL {{ {{ FILTER EXISTS {{ SERVICE {there} {{ ?s ?p ?o }} }} }} }} }}",
        f"SELECT * {{ SERVICE{there}{{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICESILENT{there}{{ ?s ?p ?o }} }}",
        f"PREFIX : {there} SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
        f"PREFIX : {there} SELECT * {{ SERVICESILENT:x{{ ?s ?p ?o }} }}",
        f"PREFIX SERVICE: {there} SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s rdfs:label ?o.SERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s rdfs:label trueSERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s rdfs:label 1SERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s rdfs:label 1.SERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND({there} AS ?v) SERVICE ?v {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND({there} AS ?v) SERVICE?v{{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\u0053ERVICE {there} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ # \\u000A SERVICE {there} {{ ?s ?p ?o }}\n }}",
        f"SELECT * {{ BIND('\\u0027 AS ?x) SERVICE {there} {{ ?s ?p ?o }} #' AS ?x)\n }}",
        f"SELECT * {{ BIND(2 AS ?b) FILTER(1<?b#>\n) SERVICE {there} {{ ?s ?p ?o }} }}",
        f'SELECT * {{ BIND(2 AS ?b) FILTER(1<?b#>"""\n) SERVICE {there} {{ ?s ?p ?o }}#"""\n }}',
        f'SELECT * {{ BIND(2 AS ?b) FILTER(1<d:b#>"""\n) SERVICE {there} {{ ?s ?p ?o }}#"""\n }}',
        f"SELECT * {{ BIND({there} AS ?v) BIND(2 AS ?b) FILTER(1<?b)SERVICE?v#>\n{{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE {there} {{ ?s ?p ?o }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {there} {{ ?s ?p ?o }} }}",
    ]


@pytest.fixture
def listener():
    """A server on this machine and the connections it has seen."""
    seen: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.append(1)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", seen
        server.shutdown(socket.SHUT_RDWR)


def test_the_engine_alone_would_reach_the_network(listener, asked):
    address, seen = listener
    spellings = services(address)
    for text in (spellings[0], spellings[4], spellings[5]):
        with contextlib.suppress(OSError):
            list(asked.store.query(text, prefixes=asked.prefixes))
    assert len(seen) == 3


@pytest.mark.parametrize("number", range(len(services(""))))
def test_no_spelling_of_service_reaches_the_network(listener, asked, number):
    address, seen = listener
    text = services(address)[number]
    try:
        ask(asked, text)
    except QueryError as stop:
        assert {each.code for each in stop.findings} <= {"Q001", "Q002", "Q005"}
    assert seen == []


def test_refusal_names_line_and_column():
    (finding,) = faults("SELECT *\nWHERE {\n  SERVICE <http://x> { ?s ?p ?o }\n}", "q.rq", PREFIXES)
    assert str(finding.at) == "q.rq:3:3"
    assert finding.why
    assert finding.help


WITHOUT_REFUSAL = """
import sys
from pathlib import Path
from guidegraph.query import graph, limits
asked = graph.load(Path(sys.argv[1]))
limits.open_nothing_more()
try:
    list(asked.store.query(sys.argv[2]))
except OSError:
    print("no connection")
"""


def test_worker_can_open_nothing_while_it_answers(listener, folder):
    address, seen = listener
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_REFUSAL, str(folder), services(address)[0]],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (ran.stdout, seen) == ("no connection\n", []), ran.stderr


def test_unknown_prefix_gets_a_suggestion():
    (finding,) = faults("SELECT * { ?s rdf:label ?o ; rdfs:label ?o }", "q.rq", ("rdfs",))
    assert finding.code == "Q005"
    assert "Did you mean `rdfs:`?" in (finding.help or "")


def test_declared_prefixes_are_known():
    assert codes("PREFIX ex: <http://e/> SELECT * { ?s ex:p ex:o }") == []


def test_unknown_word_gets_a_suggestion():
    (finding,) = faults("SELECT * WERE { ?s ?p ?o }", "q.rq", PREFIXES)
    assert (finding.code, str(finding.at)) == ("Q001", "q.rq:1:10")
    assert "`WHERE`" in (finding.help or "")


def test_syntax_error_is_told_at_its_place(asked):
    with pytest.raises(QueryError) as stop:
        ask(asked, "SELECT ?s WHERE {\n  ?s rdfs:label .\n}")
    (finding,) = stop.value.findings
    assert (finding.code, str(finding.at)) == ("Q001", "q.rq:2:18")


# ---- headers ---------------------------------------------------------------------------------


def test_header_is_read_with_continued_lines():
    query = parse_query(
        "# title: A title\n"
        "# description: First line\n"
        "#   and second line.\n"
        "# param t iri = * : a thing\n"
        "# param n integer = 3 : how many: at most\n"
        "# example: guidegraph query q\n"
        "# topic: Things\n"
        "\n"
        "SELECT ?t WHERE { ?t ?p ?n } # title: not this\n",
        "q",
        "q.rq",
    )
    assert (query.title, query.description) == ("A title", "First line and second line.")
    assert [(p.name, p.type, p.default, p.description, p.line) for p in query.parameters] == [
        ("t", "iri", "*", "a thing", 4),
        ("n", "integer", "3", "how many: at most", 5),
    ]
    assert query.example == "guidegraph query q"
    assert query.topic == "Things"


def test_faults_of_a_header_are_reported_together():
    with pytest.raises(QueryError) as stop:
        parse_query("# tite: x\n# param a b\n# param ?a iri : y\nSELECT * {}", "q", "q.rq")
    assert [each.at.line for each in stop.value.findings if each.at] == [1, 2, 3]


def test_own_query_replaces_one_of_the_toolkit(tmp_path):
    (tmp_path / "queries").mkdir()
    text = "# title: Mine\nSELECT ?t WHERE { ?t a gg:Threshold }\n"
    (tmp_path / "queries" / "thresholds.rq").write_text(text)
    (tmp_path / "queries" / "untitled.rq").write_text("SELECT ?t WHERE { ?t a gg:Threshold }\n")
    queries, findings = survey(tmp_path)
    mine = {each.name: each for each in queries}["thresholds"]
    assert (mine.title, mine.own, mine.replaces) == ("Mine", True, True)
    assert "untitled" not in {each.name for each in queries}
    assert [each.code for each in findings] == ["Q006"]


def test_queries_of_the_toolkit_are_sound_and_described():
    queries, findings = survey()
    assert findings == ()
    assert len(queries) >= 10
    for each in queries:
        assert each.topic
        assert each.title
        assert each.description
        assert each.example
        assert each.example.startswith(f"guidegraph query {each.name}")
        assert all(parameter.description for parameter in each.parameters)


# ---- parameters ------------------------------------------------------------------------------

MODALITY = "# param m code : a modality\n"


@pytest.mark.parametrize(
    "pattern",
    [
        "?r gg:modality ?m",
        "?r gg:modality ?x FILTER(?x = ?m)",
        "{ ?r gg:modality ?m } UNION { ?r gg:modality ?x FILTER(?x = ?m) }",
        "?r a gg:Recommendation FILTER EXISTS { ?r gg:modality ?m }",
        "?r a gg:Recommendation MINUS { ?r gg:modality ?x FILTER(?x != ?m) }",
        "{ SELECT ?r WHERE { ?r gg:modality ?m } }",
        "{ SELECT ?r ?x WHERE { ?r gg:modality ?x } GROUP BY ?r ?x } ?r gg:modality ?m",
        "?r a gg:Recommendation OPTIONAL { ?r gg:modality ?x FILTER(?x = ?m) } FILTER(BOUND(?x))",
        "VALUES ?m { code:Should code:Must } ?r gg:modality ?m",
        "?r gg:modality ?x BIND(?m AS ?y) FILTER(?x = ?y)",
    ],
)
def test_parameter_is_bound_wherever_it_stands(asked, pattern):
    text = f"{MODALITY}SELECT DISTINCT ?r WHERE {{ {pattern} }}"
    assert shown(ask(asked, text, m="Should")) == [("d:REC-1",)]


def test_parameter_is_bound_in_the_columns_and_in_ask(asked):
    text = f"{MODALITY}SELECT (STR(?m) AS ?a) WHERE {{ ?r a gg:Population }}"
    assert shown(ask(asked, text, m="Should")) == [("https://w3id.org/guidegraph/code/Should",)]
    text = f"{MODALITY}ASK {{ ?r gg:modality ?m }}"
    assert ask(asked, text, m="Must").truth is False
    assert ask(asked, text, m="Should").truth is True


def test_parameter_of_a_subquery_head_is_bound_in_its_group():
    text = "SELECT * { { SELECT (?m AS ?a) { ?s ?p ?o } } ?a ?b ?c }"
    assert with_parameters(text, tokens(text), called(("m",))) == (
        "SELECT * { BIND(<urn:guidegraph:parameter:m>() AS ?m) "
        "{ SELECT (?m AS ?a) { BIND(<urn:guidegraph:parameter:m>() AS ?m) ?s ?p ?o } } ?a ?b ?c }"
    )


def test_template_and_data_take_no_binding():
    text = "CONSTRUCT { ?s ?p ?m } WHERE { VALUES (?m ?n) { (1 2) } ?s ?p ?m }"
    bound = with_parameters(text, tokens(text), called(("m",)))
    assert bound.count("BIND") == 1
    assert "WHERE { BIND(" in bound


def test_free_parameter_leaves_its_variable_free(asked):
    text = "# param m code = * : a modality\nSELECT ?r WHERE { ?r gg:modality ?m }"
    assert len(ask(asked, text)) == 4
    assert len(ask(asked, text, m="Should")) == 1


@pytest.mark.parametrize(
    "value",
    ['x" . ?a ?b ?c', "x\\", "} SERVICE <http://x> {", "'''", '"@en', "?r", "d:REC-1", "\n#"],
)
def test_text_from_outside_stays_text(asked, value):
    text = "# param t string : a text\nSELECT ?t WHERE { BIND(1 AS ?one) }"
    assert ask(asked, text, t=value).rows[0][0].value == value


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("iri", "REC-1", "https://example.org/guideline/example-marker/REC-1"),
        ("iri", "d:REC-1", "https://example.org/guideline/example-marker/REC-1"),
        ("iri", "<https://e.org/x>", "https://e.org/x"),
        ("iri", "gg:Threshold", "https://w3id.org/guidegraph/ns#Threshold"),
        ("code", "Should", "https://w3id.org/guidegraph/code/Should"),
        ("integer", "-7", "-7"),
        ("decimal", "0.1234567890123456789012", "0.1234567890123456789012"),
        ("date", "2026-01-31", "2026-01-31"),
        ("boolean", "true", "true"),
        ("lang", "en-GB", "en-GB"),
    ],
)
def test_value_becomes_a_term(asked, kind, value, expected):
    text = f"# param t {kind} : a value\nSELECT ?t WHERE {{ BIND(1 AS ?one) }}"
    assert ask(asked, text, t=value).rows[0][0].value == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "REC-9"),
        ("iri", "x:REC-1"),
        ("iri", "https://e.org/a b"),
        ("code", "should"),
        ("integer", "1.0"),
        ("integer", "٣"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("date", "2026-13-01"),
        ("boolean", "1"),
        ("lang", ""),
    ],
)
def test_value_of_the_wrong_form_is_refused(asked, kind, value):
    text = f"# param t {kind} : a value\nSELECT ?t WHERE {{ BIND(1 AS ?one) }}"
    assert refused(asked, text, t=value) == ["Q010"]


def test_missing_and_unknown_parameters_are_reported_together(asked):
    text = "# param t iri : a thing\nSELECT ?t WHERE { ?t ?p ?o }"
    assert refused(asked, text, s="REC-1") == ["Q008", "Q009"]


# ---- answers ---------------------------------------------------------------------------------


def test_rows_have_an_order_of_their_own_where_the_query_has_none(asked):
    text = "SELECT ?n WHERE { VALUES ?n { 10 9 2.5 } }"
    assert shown(ask(asked, text)) == [("2.5",), ("9",), ("10",)]
    text = 'SELECT ?n WHERE { VALUES ?n { "REC-10" "REC-9" "rec-1" } }'
    assert shown(ask(asked, text)) == [("rec-1",), ("REC-9",), ("REC-10",)]


def test_rows_keep_the_order_the_query_gives_them(asked):
    text = "SELECT ?n WHERE { VALUES ?n { 1 3 2 } } ORDER BY DESC(?n)"
    assert shown(ask(asked, text)) == [("3",), ("2",), ("1",)]


def test_order_of_a_subquery_is_not_that_of_the_query(asked):
    text = "SELECT ?n WHERE { { SELECT ?n WHERE { VALUES ?n { 3 1 } } ORDER BY DESC(?n) } }"
    assert shown(ask(asked, text)) == [("1",), ("3",)]


def test_blank_nodes_have_the_same_names_on_every_run(folder):
    text = "SELECT ?q ?v WHERE { ?q a gg:Quantity ; gg:value ?v }"
    first, second = (ask(graph.load(folder), text) for _ in range(2))
    assert first == second
    assert len({row[0].value for row in first.rows}) == len(first.rows) > 1


def test_numbers_are_exact_and_shortest(asked):
    text = "SELECT ?n WHERE { VALUES ?n { 1.50 0.1234567890123456789012 99999999999999999999 } }"
    assert shown(ask(asked, text)) == [
        ("0.1234567890123456789012",),
        ("1.5",),
        ("99999999999999999999",),
    ]


def test_rows_beyond_the_limit_are_cut_and_said_to_be(asked):
    query = parse_query("SELECT ?r WHERE { ?r a gg:Recommendation }", "q", "q.rq")
    assert engine.run(query, asked, rows=2).cut
    assert not engine.run(query, asked, rows=4).cut


def test_ontology_is_part_of_the_graph(asked):
    text = 'SELECT ?l WHERE { code:Should rdfs:label ?l FILTER(LANG(?l) = "en") }'
    assert shown(ask(asked, text)) == [("should",)]


VALUES = 'VALUES (?a ?b) { (d:REC-1 "x,\\"y\\"\\n\\u001B[31m"@en) (1.5 UNDEF) ("日本" "=1+1") }'


@pytest.fixture(scope="module")
def mixed(asked) -> results.Result:
    return ask(asked, f"SELECT ?a ?b WHERE {{ {VALUES} }}")


def test_table_is_aligned_and_steers_no_terminal(mixed):
    assert results.to_table(mixed) == (
        'a        b\n───────  ───────────\n1.5\nd:REC-1  x,"y"␤�[31m\n日本     =1+1\n'
    )


def test_csv_holds_complete_values_by_rfc_4180(mixed):
    text = results.to_csv(mixed)
    assert text.startswith("a,b\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", "b"],
        ["1.5", ""],
        ["https://example.org/guideline/example-marker/REC-1", 'x,"y"\n\x1b[31m'],
        ["日本", "=1+1"],
    ]


def test_json_is_the_results_format_of_sparql(mixed):
    told = json.loads(results.to_json(mixed))
    assert told["head"] == {"vars": ["a", "b"]}
    assert told["results"]["bindings"][:2] == [
        {
            "a": {
                "type": "literal",
                "value": "1.5",
                "datatype": "http://www.w3.org/2001/XMLSchema#decimal",
            }
        },
        {
            "a": {"type": "uri", "value": "https://example.org/guideline/example-marker/REC-1"},
            "b": {"type": "literal", "value": 'x,"y"\n\x1b[31m', "xml:lang": "en"},
        },
    ]
    parsed = ox.parse_query_results(results.to_json(mixed), ox.QueryResultsFormat.JSON)
    assert len(list(parsed)) == 3


def test_ask_answers_in_every_form(asked):
    answer = ask(asked, "ASK { ?r a gg:Recommendation }")
    assert results.to_table(answer) == "true\n"
    assert json.loads(results.to_json(answer)) == {"head": {}, "boolean": True}
    assert results.to_csv(answer) == "answer\r\ntrue\r\n"


def test_graph_comes_as_sorted_n_triples(asked):
    text = 'CONSTRUCT { ?r rdfs:comment "a\\"b\\\\"@en, 2 } WHERE { ?r gg:modality code:Should }'
    answer = ask(asked, text)
    assert results.to_table(answer) == (
        "<https://example.org/guideline/example-marker/REC-1> "
        "<http://www.w3.org/2000/01/rdf-schema#comment> "
        '"2"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        "<https://example.org/guideline/example-marker/REC-1> "
        "<http://www.w3.org/2000/01/rdf-schema#comment> "
        '"a\\"b\\\\"@en .\n'
    )
    assert len(list(ox.parse(results.to_table(answer), ox.RdfFormat.N_TRIPLES))) == 2
    assert answer.columns == ("subject", "predicate", "object")


# ---- another process -------------------------------------------------------------------------


def test_worker_answers_as_the_engine_does(folder, asked):
    query = {each.name: each for each in survey(folder)[0]}["thresholds"]
    given = {"observable": "age"}
    assert asked_apart(query, folder, 60, given) == engine.run(query, asked, given)


def test_worker_stops_what_takes_too_long(folder):
    everything = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
    query = parse_query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {everything} }}", "q", "q.rq")
    with pytest.raises(QueryError) as stop:
        asked_apart(query, folder, 1)
    assert [each.code for each in stop.value.findings] == ["Q011"]


def test_unreadable_guideline_is_told_as_the_reader_tells_it(tmp_path):
    new(tmp_path / "broken")
    (tmp_path / "broken" / "more.ttl").write_text("d:x a \n", encoding="utf-8")
    with pytest.raises(ReadError) as stop:
        graph.load(tmp_path / "broken")
    assert {each.code[0] for each in stop.value.findings} == {"R"}
    with pytest.raises(ReadError):
        graph.load(tmp_path / "nowhere")


# ---- the command -----------------------------------------------------------------------------


def command(*arguments: str):
    return CliRunner().invoke(cli, ["query", *arguments])


def test_named_query_a_file_and_a_text_can_be_asked(folder, tmp_path):
    own = tmp_path / "own.rq"
    own.write_text("SELECT ?r WHERE { ?r gg:modality code:Should }", encoding="utf-8")
    text = "SELECT ?r WHERE { ?r gg:modality code:Should }"
    for question in (str(own), text):
        result = command(question, str(folder), "--format", "csv")
        assert result.exit_code == 0, result.stderr
        assert result.stdout.endswith("/example-marker/REC-1\r\n") or result.stdout.endswith(
            "/example-marker/REC-1\n"
        )
    result = command("actions", str(folder), "--param", "modality=CanBeConsidered")
    assert "Give the example treatment" in result.stdout


def test_unknown_name_is_a_usage_error_with_a_suggestion(folder):
    result = command("treshold", str(folder))
    assert result.exit_code == 2
    assert "Did you mean `thresholds`?" in result.stderr


def test_list_shows_names_titles_and_parameters(folder):
    result = command("--list", str(folder))
    assert result.exit_code == 0
    assert "thresholds: Thresholds" in result.stdout
    assert "--param observable=… (iri = *)" in result.stdout
    assert "actions: What is to be done (of this guideline)" in result.stdout
    told = json.loads(command("--list", str(folder), "--format", "json").stdout)
    assert {"actions", "thresholds"} <= {each["name"] for each in told}


def test_list_is_ordered_by_topic(tmp_path):
    """Topics in the order of their names; what has none comes last."""
    folder = tmp_path / "example-marker"
    new(folder)
    (folder / "queries" / "mine.rq").write_text("# title: Mine\nSELECT * { ?s ?p ?o }\n")
    told = json.loads(command("--list", str(folder), "--format", "json").stdout)
    topics = sorted({each["topic"] for each in told} - {""})
    text = command("--list", str(folder)).stdout
    headings = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert headings == [*topics, "Other questions"]
    *_, last = text.split("\n\n")
    assert "mine: Mine" in last
    for each in told:
        if each["topic"]:
            (under,) = [part for part in text.split("\n\n") if part.startswith(each["topic"])]
            assert f"\n  {each['name']}: " in under


def test_faults_go_to_stderr_and_leave_stdout_empty(folder):
    result = command("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", str(folder))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[Q002]" in result.stderr


@pytest.mark.parametrize("given", ["observable", "=age"])
def test_malformed_parameter_is_a_usage_error(folder, given):
    assert command("thresholds", str(folder), "--param", given).exit_code == 2
