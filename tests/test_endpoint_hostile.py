"""What is sent to the endpoint to hold it up, and queries of a guideline that are badly written."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra `edit` is not installed")

from endpoint_example import SHOULD, Served
from guidegraph.query import refuse
from guidegraph.query.graph import load
from guidegraph.query.limits import Limits
from guidegraph.query.named import read_query, typed
from guidegraph.query.worker import Asked, answered
from guidegraph.scaffold import new

QUERY = "application/sparql-query"
HTML = "text/html"
SLOW = "# param a b" + "=" * 200_000 + "\nASK {}"
"""A header that takes very long to read."""
OWN = {
    "n-zeros": "integer = 007",
    "n-words": "integer = many",
    "n-yes": "boolean = yes",
    "n-true": "boolean = true",
    "sparql-get": "string = a",
    "a{b} c?": "string = a",
    "rows.csv": "string = a",
}


def code(answer) -> str:
    (found,) = answer.json()["findings"]
    return found["code"]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("endpoint") / "example-marker"
    new(folder)
    (folder / "queries").mkdir(exist_ok=True)
    for name, kind in OWN.items():
        text = f"# title: t\n# param n {kind} : a value\nSELECT ?n {{ FILTER(BOUND(?n)) }}\n"
        (folder / "queries" / f"{name}.rq").write_text(text, "utf-8")
    found = Served(folder, seconds=1, rows=300, megabytes=256)
    yield found
    found.close()


def test_a_text_that_is_slow_to_read_is_stopped_and_holds_nobody_up(served):
    told = []
    asking = threading.Thread(
        target=lambda: told.append(served.client.post("/sparql", data={"query": SLOW}))
    )
    begun = time.monotonic()
    asking.start()
    assert served.get("ASK {}").status_code == 200
    asking.join()
    assert time.monotonic() - begun < 10
    assert (told[0].status_code, code(told[0])) == (503, "Q011")


def test_a_comment_is_a_comment_unless_it_declares_a_parameter(served):
    for comment in ("# Example: all of them", "# title: one\n# title: two"):
        assert served.get(f"{comment}\n{SHOULD}").status_code == 200
    declared = "# param n integer = 5 : a number\nSELECT ?n { FILTER(?n = 5) }"
    assert served.get(declared).json()["results"]["bindings"][0]["n"]["value"] == "5"
    assert code(served.get(declared.replace("integer", "intger"))) == "Q006"


def test_of_many_faults_the_first_are_told():
    words = " ".join(f"word{each}" for each in range(1000))
    assert len(refuse.faults(f"ASK {{ {words} }}", "q", ())) == refuse.MOST
    names = " ".join(f"p{each}:x" for each in range(1000))
    assert len(refuse.faults(f"ASK {{ {names} }}", "q", ())) == refuse.MOST


def test_a_page_does_not_hold_more_than_a_browser_can_show(served):
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(20))
    long = f'SELECT ?x20 {{ VALUES ?y {{ 1 2 3 }} BIND("{"a" * 8}" AS ?x0) {doubled} }}'
    answer = served.get(long, HTML)
    assert answer.status_code == 422
    assert "longer than 16 MB" in answer.text


def test_a_number_that_is_none_does_not_stop_an_answer(served):
    strange = 'SELECT ?x { VALUES ?x { "abc"^^xsd:integer "NaN"^^xsd:decimal 10 9 } }'
    answer = served.get(strange, HTML)
    assert answer.status_code == 200
    assert answer.text.index("<td>9</td>") < answer.text.index("<td>10</td>")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (QUERY, b"\xef\xbb\xbfASK {}", 200),
        (f'{QUERY}; charset="UTF-8"', b"ASK {}", 200),
        (f"{QUERY}; charset=iso-8859-1", 'SELECT ("\u00e9" AS ?x) {}'.encode(), 415),
        (f"{QUERY}; charset=utf-16", "ASK {}".encode("utf-16"), 415),
    ],
)
def test_a_query_is_read_in_the_encoding_that_is_said(served, kind, body, status):
    answer = served.client.post("/sparql", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("query", "accept", "sent"),
    [
        ("CONSTRUCT WHERE { ?r gg:modality ?m }", "application/*", "application/n-triples"),
        (SHOULD, "text/*", "text/csv"),
        (None, "application/*", "application/n-triples"),
        (None, "application/x-turtle", "application/x-turtle"),
    ],
)
def test_a_family_of_types_gets_one_of_it(served, query, accept, sent):
    params = {"query": query} if query else {}
    answer = served.client.get("/sparql", params=params, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == sent


def test_the_interface_is_sound_whatever_queries_are_called_and_say(served):
    told = served.client.get("/openapi.json").json()
    operations = [each["operationId"] for path in told["paths"].values() for each in path.values()]
    assert len(set(operations)) == len(operations)
    assert not any("{" in path for path in told["paths"])

    def default(name: str) -> object:
        (parameter,) = told["paths"][f"/queries/{name}"]["get"]["parameters"]
        return parameter["schema"].get("default", "none")

    assert [default(each) for each in list(OWN)[:4]] == [7, "none", "none", True]


def test_every_query_is_found_under_its_address(served):
    told = served.client.get("/openapi.json").json()
    page = served.client.get("/queries", headers={"Accept": HTML}).text
    for path in ("/queries/a%7Bb%7D%20c%3F", "/queries/rows.csv"):
        assert path in told["paths"]
        assert f'"{path}"' in page
        assert served.client.get(path).json()["head"]["vars"] == ["n"]
    assert served.client.get("/queries/rows.csv.csv").text.startswith("n\r\n")


def test_a_query_file_may_begin_with_a_mark_of_its_encoding(tmp_path):
    file = tmp_path / "q.rq"
    file.write_bytes(b"\xef\xbb\xbf# title: t\nASK {}")
    query = read_query(file, "q.rq", titled=True)
    assert (query.title, query.text) == ("t", "# title: t\nASK {}")


def test_only_a_typed_query_is_read_once_more(served):
    query = typed("# param n integer = 5 : n\nASK { FILTER(?n = 5) }")
    graph = load(served.folder)
    answers = [
        answered(Asked(query=query, params={}, typed=each), graph, Limits()).truth
        for each in (False, True)
    ]
    assert answers == [False, True]
