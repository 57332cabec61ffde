"""The endpoint: the SPARQL Protocol in its forms, limits that hold, and who may ask."""

from __future__ import annotations

import csv
import io
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from click.testing import CliRunner

from endpoint_example import BASE, ENDLESS, MEMORY, ROWS, SHOULD, WIKI, Served, TestClient
from guidegraph.cli.group import cli
from guidegraph.endpoint import asking
from guidegraph.endpoint.app import beside
from guidegraph.endpoint.negotiation import best, form_for
from guidegraph.endpoint.openapi import TYPES
from guidegraph.query import named
from guidegraph.query.delivery import BY_NAME, TooManyError, written
from guidegraph.query.keeper import GoneError
from guidegraph.query.named import TYPES as KINDS
from guidegraph.query.named import parse_query
from guidegraph.query.worker import Asked
from guidegraph.scaffold import new

JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"
TSV, TURTLE, NT = "text/tab-separated-values", "text/turtle", "application/n-triples"
RDF, HTML, PROBLEM = "application/rdf+xml", "text/html", "application/problem+json"
GRAPH = "CONSTRUCT { ?r a gg:Thing } WHERE { ?r gg:modality code:Should }"
REC = "https://example.org/guideline/example-marker/REC-1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("endpoint") / "example-marker"
    new(folder)
    found = Served(folder, seconds=2, rows=300, megabytes=64)
    yield found
    found.close()


def kind(answer) -> str:
    return answer.headers["content-type"].partition(";")[0]


def code(answer) -> str:
    assert kind(answer) == PROBLEM
    (found,) = answer.json()["findings"]
    return found["code"]


# ---- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_rows_come_in_each_form(served, form):
    answer = served.get(SHOULD, form)
    assert (answer.status_code, kind(answer)) == (200, form)
    if form == CSV:
        assert list(csv.reader(io.StringIO(answer.text))) == [["r"], [REC]]
    else:
        read = ox.parse_query_results(answer.content, ox.QueryResultsFormat.from_media_type(form))
        assert [each["r"].value for each in read] == [REC]


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_a_truth_value_comes_in_each_form(served, form):
    answer = served.get("ASK { ?r gg:modality code:Should }", form)
    assert (answer.status_code, kind(answer)) == (200, form)
    assert "true" in answer.text


@pytest.mark.parametrize("form", [TURTLE, NT, RDF])
def test_a_graph_comes_in_each_form(served, form):
    for query in (GRAPH, "DESCRIBE d:REC-1"):
        answer = served.get(query, form)
        assert (answer.status_code, kind(answer)) == (200, form)
        read = list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(form)))
        assert REC in {each.subject.value for each in read if each.subject != ox.BlankNode("b")}


@pytest.mark.parametrize(
    ("query", "accept"), [(GRAPH, CSV), (SHOULD, TURTLE), (SHOULD, "image/png"), (GRAPH, "a/b")]
)
def test_a_form_that_does_not_fit_is_not_acceptable(served, query, accept):
    answer = served.get(query, accept)
    assert (answer.status_code, code(answer)) == (406, "J105")


@pytest.mark.parametrize(
    ("accept", "table", "graph"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        (BROWSER, "values", "values"),
        ("text/csv;q=0.2, application/xml;q=0.9", "xml", None),
        ("text/csv;q=0.9, application/xml;q=0.2", "csv", None),
        ("text/*;q=0.5, text/csv;q=0", "tsv", "ttl"),
        ("text/csv; q=0", None, None),
        ("text/csv; q=2", None, None),
        ("TEXT/TURTLE, */*;q=0.1", "json", "ttl"),
        ("nonsense", "json", "ttl"),
    ],
)
def test_the_form_that_is_wanted_most_is_sent(accept, table, graph):
    assert form_for(accept, "table") == table
    assert form_for(accept, "graph") == graph


def test_equal_wishes_are_met_by_the_first_there_is():
    assert best("b/x, a/x", ("a/x", "b/x")) == "a/x"


def test_the_media_type_is_the_one_that_was_asked_for(served):
    assert kind(served.get(SHOULD, "application/json")) == "application/json"


def test_a_form_can_be_named_in_the_address(served):
    assert kind(served.get(SHOULD, format="csv")) == CSV
    assert kind(served.get(GRAPH, format="turtle")) == TURTLE
    assert kind(served.get(GRAPH, format="xml")) == RDF
    assert kind(served.get(GRAPH, NT, format="csv")) == NT
    answer = served.get(SHOULD, format="cvs")
    assert answer.status_code == 400
    assert "`csv`" in answer.json()["findings"][0]["help"]


# ---- requests --------------------------------------------------------------------------------


def test_a_query_is_taken_in_the_three_ways_of_the_protocol(served):
    post = served.client.post
    ways = (
        served.get(SHOULD),
        post("/sparql", data={"query": SHOULD}),
        post("/sparql", content=SHOULD, headers={"Content-Type": "application/sparql-query"}),
    )
    assert {each.status_code for each in ways} == {200}
    assert len({each.content for each in ways}) == 1
    assert served.client.head("/sparql", params={"query": SHOULD}).content == b""


@pytest.mark.parametrize(
    ("status", "fault", "request_"),
    [
        (400, "J102", {"method": "POST", "data": {"question": "ASK {}"}}),
        (400, "J102", {"method": "GET", "params": [("query", "ASK {}"), ("query", "ASK {}")]}),
        (400, "J102", {"method": "GET", "url": "/sparql?query=%FF"}),
        (400, "J103", {"method": "POST", "data": {"update": "DROP ALL"}}),
        (400, "J103", {"method": "GET", "params": {"update": "DROP ALL"}}),
        (400, "Q004", {"method": "GET", "params": {"query": "INSERT DATA { d:a d:b d:c }"}}),
        (400, "Q002", {"method": "GET", "params": {"query": "SELECT * { SERVICE <http://x> {} }"}}),
        (400, "Q003", {"method": "GET", "params": {"query": "SELECT * FROM <http://x> {}"}}),
        (400, "Q001", {"method": "GET", "params": {"query": "SELECT * {"}}),
        (400, "J104", {"method": "GET", "params": {"query": "ASK {}", "named-graph-uri": "u:g"}}),
        (400, "J104", {"method": "POST", "data": {"query": "ASK {}", "default-graph-uri": "u:g"}}),
        (405, "J102", {"method": "PUT"}),
        (405, "J102", {"method": "DELETE"}),
        (405, "J102", {"method": "POST", "url": "/queries"}),
        (404, "J102", {"method": "GET", "url": "/nowhere"}),
        (404, "J102", {"method": "GET", "url": "/queries/treshold"}),
        (404, "J102", {"method": "GET", "url": "/sparql/../x"}),
        (413, "J102", {"method": "POST", "data": {"query": "#" * 1_100_000}}),
    ],
)
def test_what_is_no_such_request_is_refused(served, status, fault, request_):
    answer = served.client.request(**{"url": "/sparql", **request_})
    assert (answer.status_code, code(answer)) == (status, fault)


@pytest.mark.parametrize(
    ("sent", "status"),
    [("text/plain", 415), ("application/sparql-update", 400), ("", 415)],
)
def test_a_body_of_another_kind_is_refused(served, sent, status):
    answer = served.client.post("/sparql", content="ASK {}", headers={"Content-Type": sent})
    assert answer.status_code == status


def test_a_refusal_says_what_is_allowed(served):
    assert served.client.put("/sparql").headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_fault_is_told_as_people_and_programs_want_it(served):
    text = served.client.get("/sparql?query=SELECT", headers={"Accept": f"{CSV}, text/plain"}).text
    assert text.startswith("error[Q001]:")
    page = served.client.get("/sparql?query=SELECT+<i>", headers={"Accept": BROWSER})
    assert (page.status_code, kind(page)) == (400, HTML)
    assert "Q001" in page.text
    assert "<i>" not in page.text


# ---- limits ----------------------------------------------------------------------------------


def test_time_and_memory_and_rows_have_limits_and_others_are_answered_meanwhile(served):
    told: dict[str, tuple[int, str]] = {}

    def ask(query: str) -> None:
        answer = served.get(query)
        told[query] = (answer.status_code, code(answer))

    begun = time.monotonic()
    queries = (ENDLESS, MEMORY, ROWS) if sys.platform == "linux" else (ENDLESS, ROWS)
    threads = [threading.Thread(target=ask, args=(each,)) for each in queries]
    for each in threads:
        each.start()
    while ENDLESS not in told and time.monotonic() - begun < 1:
        assert served.get(SHOULD).status_code == 200
    for each in threads:
        each.join()
    expected = {ENDLESS: (503, "Q011"), MEMORY: (503, "Q014"), ROWS: (422, "Q015")}
    assert told == {each: expected[each] for each in queries}
    assert served.get(SHOULD).status_code == 200


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV, HTML])
def test_rows_up_to_the_limit_come_whole_and_one_more_not_at_all(served, form):
    numbers = "SELECT ?n {{ VALUES ?n {{ {} }} }}"
    whole = served.get(numbers.format(" ".join(map(str, range(300)))), form)
    assert whole.status_code == 200
    assert "299" in whole.text
    answer = served.get(numbers.format(" ".join(map(str, range(301)))), form)
    assert answer.status_code == 422
    assert "Q015" in answer.text


def test_statements_of_a_graph_are_counted_once_each(served):
    few = "CONSTRUCT { d:a d:b ?o } { VALUES ?o { 1 2 } ?x ?y ?z }"
    answer = served.get(few, NT)
    assert (answer.status_code, answer.text.count("\n")) == (200, 2)
    assert code(served.get("CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }")) == "Q015"


ODD = ("},{", '"},{"', '\\"},{\\"', "},{}", "a\r\nb", 'c\n"d"', "<result></result>", "{}", "")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_are_counted_exactly_whatever_their_texts_are(form):
    rows = [f"({ox.Literal(a)} {ox.Literal(b) if b else 'UNDEF'})" for a in ODD for b in ODD]
    rows += ["(UNDEF UNDEF)"] * 3
    query = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {' '.join(rows)} }} }}"
    plain = ox.Store().query(query).serialize(format=BY_NAME[form].written)
    count = len(rows)
    assert written(ox.Store().query(query), BY_NAME[form], count, 10**6) == plain
    with pytest.raises(TooManyError):
        written(ox.Store().query(query), BY_NAME[form], count - 1, 10**6)


def test_more_than_can_wait_are_turned_away(served, monkeypatch):
    monkeypatch.setattr(asking, "WAITING", -asking.AT_ONCE)
    answer = served.get(SHOULD)
    assert (answer.status_code, code(answer)) == (503, "J106")
    assert answer.headers["retry-after"] == "5"


def test_a_query_that_nobody_waits_for_is_ended(served):
    begun = time.monotonic()
    asked = Asked(query=parse_query(ENDLESS, "q", "q"), params={}, table="json")
    with pytest.raises(GoneError):
        served.answers.ask(asked, lambda: True)
    assert time.monotonic() - begun < 1.5


def test_a_process_that_is_gone_is_replaced(served):
    assert served.get(SHOULD).status_code == 200
    served.answers._keeper._process.kill()
    assert served.get(SHOULD).status_code == 200


# ---- what is saved ---------------------------------------------------------------------------


def test_after_a_save_the_answer_is_from_the_new_graph(tmp_path):
    new(tmp_path / "example-marker")
    served = Served(tmp_path / "example-marker")
    try:
        label = 'SELECT ?l { d:THR-low rdfs:label ?l FILTER(LANG(?l) = "en") }'
        before = served.get(label, CSV).text
        served.reword("Another label")
        assert served.get(label, CSV).text != before
        assert "Another label" in served.get(label, CSV).text
        file = served.folder / "thresholds.ttl"
        sound = file.read_text("utf-8")
        file.write_text(sound + "d:x a \n", "utf-8")
        answer = served.get(label)
        assert answer.status_code == 503
        assert code(answer)[0] == "R"
        file.write_text(sound, "utf-8")
        assert "Another label" in served.get(label, CSV).text
    finally:
        served.close()


# ---- named queries ---------------------------------------------------------------------------


def test_the_named_queries_are_listed(served):
    told = served.client.get("/queries").json()
    assert [each["name"] for each in told] == [each.name for each in named(served.folder)]
    page = served.client.get("/queries", headers={"Accept": BROWSER})
    assert 'href="/queries/thresholds"' in page.text


def test_a_named_query_is_answered_with_its_values(served):
    get = served.client.get
    answer = get("/queries/thresholds", params={"observable": "age"}, headers={"Accept": CSV})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) > 1
    assert get("/queries/thresholds.csv?observable=age").text == answer.text
    assert get("/queries/thresholds.csv?observable=").text == get("/queries/thresholds.csv").text


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("thresholds?obs=1", "Q008"),
        ("effects", "Q009"),
        ("thresholds?observable=nothing-such", "Q010"),
        ("thresholds?observable=age&observable=age", "J102"),
    ],
)
def test_values_are_checked(served, asked, fault):
    answer = served.client.get(f"/queries/{asked}")
    assert (answer.status_code, code(answer)) == (400, fault)


def test_a_browser_sees_a_form_and_the_answer(served):
    page = served.client.get("/queries/thresholds?observable=age", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert 'value="age"' in page.text
    assert "/queries/thresholds.csv?observable=age" in page.text
    empty = served.client.get("/queries/effects", headers={"Accept": BROWSER})
    assert empty.status_code == 200
    assert "must be given" in empty.text
    wrong = served.client.get("/queries/effects?of=zzz", headers={"Accept": BROWSER})
    assert wrong.status_code == 400
    assert "Q010" in wrong.text


def test_pages_load_nothing_and_run_nothing(served):
    for address in ("/sparql", "/queries", "/queries/thresholds"):
        page = served.client.get(address, headers={"Accept": BROWSER})
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script" not in page.text
        assert "http://" not in page.text.replace(BASE, "").replace("http://www.w3.org", "")
    assert served.client.get("/endpoint.css").headers["content-type"].startswith("text/css")


def test_the_interface_names_every_query_and_its_parameters(served):
    told = served.client.get("/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    for query in named(served.folder):
        parameters = told["paths"][f"/queries/{query.name}"]["get"]["parameters"]
        assert [(each["name"], each["required"]) for each in parameters] == [
            (each.name, each.default is None) for each in query.parameters
        ]
    assert set(TYPES) == set(KINDS)
    references = json.dumps(told).count('"$ref": "#/components/')
    assert references > len(named(served.folder))


def test_the_service_describes_itself(served):
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for form in (TURTLE, NT, RDF):
        answer = served.client.get("/sparql", headers={"Accept": form})
        read = list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(form)))
        said = {(each.predicate.value, getattr(each.object, "value", "")) for each in read}
        assert (f"{sd}endpoint", f"{BASE}/sparql") in said
        assert (f"{sd}supportedLanguage", f"{sd}SPARQL11Query") in said
    assert "<form" in served.client.get("/sparql", headers={"Accept": BROWSER}).text
    assert served.client.get("/sparql", headers={"Accept": CSV}).status_code == 406


# ---- who may ask -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8765"},
        {"Host": "127.0.0.1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
    ],
)
def test_pages_of_others_are_refused(served, headers):
    answer = served.client.get("/sparql", params={"query": SHOULD}, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "J101")
    assert "access-control-allow-origin" not in answer.headers


def test_a_server_that_is_reached_over_the_network_refuses(served):
    away = TestClient(served.app, base_url="http://192.0.2.1:8765")
    assert away.get("/sparql").status_code == 403


def test_an_origin_that_was_allowed_may_ask(served):
    headers = {"Origin": WIKI, "Sec-Fetch-Site": "cross-site"}
    answer = served.client.get("/sparql", params={"query": SHOULD}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == WIKI
    assert "Origin" in answer.headers["vary"]
    asks = {**headers, "Access-Control-Request-Method": "POST"}
    allowed = served.client.options("/sparql", headers=asks)
    assert allowed.status_code == 204
    assert "POST" in allowed.headers["access-control-allow-methods"]


def test_without_an_origin_nothing_is_said_of_others(served):
    assert "access-control-allow-origin" not in served.get(SHOULD).headers
    own = served.client.get("/sparql", headers={"Origin": BASE, "Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 200


# ---- beside the editor -----------------------------------------------------------------------


def test_beside_another_application_each_has_its_own_addresses(served):
    async def other(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the editor"})

    client = TestClient(beside(served.app, other), base_url=BASE)
    assert client.get("/").text == "the editor"
    assert client.get("/sparqlings").text == "the editor"
    assert client.get("/queries").json()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--allow-origin", "*", "--sparql"], "write an origin"),
        (["--allow-origin", WIKI], "--sparql"),
        (["--store", "kept"], "--sparql"),
        (["--sparql-only", "--store", "{folder}/kept"], "lies in the guideline folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(served, arguments, told):
    folder = str(served.folder)
    given = [each.replace("{folder}", folder) for each in arguments]
    result = CliRunner().invoke(cli, ["serve", folder, *given])
    assert result.exit_code == 2
    assert told in result.stderr
    assert not Path(folder, "kept").exists()
