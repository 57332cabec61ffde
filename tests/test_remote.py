"""Other machines: asked like the files, published on at once or not at all, never half believed."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from endpoint_example import Served
from guidegraph.cli.group import cli
from guidegraph.errors import QueryError, RemoteError
from guidegraph.query import engine, graph
from guidegraph.query.named import named, parse_query
from guidegraph.remote import (
    Content,
    Endpoint,
    Exchange,
    Graphs,
    Publication,
    Terms,
    address,
    addresses,
    ask,
    publish,
)
from guidegraph.remote.contents import of_triples, sums
from guidegraph.remote.credentials import Challenge, Login, login_for
from guidegraph.remote.provenance import Made
from guidegraph.scaffold import new
from remote_example import LOGIN, Fault, Triplestore, triplestore

VERSION = "https://example.org/guideline/1.0.0"


class Header:
    """As much of a header as provenance tells of."""

    iri = "https://example.org/guideline"
    version = "1.0.0"


@pytest.fixture
def there():
    with triplestore() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("remote") / "example-marker"
    new(folder)
    return folder


def exchange(login: Login | None = None, **terms: int) -> Exchange:
    return Exchange(Terms(pause=lambda _: None, **terms), lambda host: login)


def at(there: Triplestore, *graphs: str, **terms: int) -> Endpoint:
    return Endpoint(address(f"{there.at}/query"), exchange(**terms), graphs)


def on(there: Triplestore, login: Login | None = None) -> Graphs:
    return Graphs(addresses(f"{there.at}/store"), exchange(login))


def statements(*numbers: object) -> Content:
    text = "".join(f"<urn:x:{each}> <urn:x:is> {each} . [] <urn:x:of> 1 ." for each in numbers)
    return of_triples(each.triple for each in ox.parse(text, ox.RdfFormat.TURTLE))


def publication(content: Content, token: str = "t", accepts: bool = False) -> Publication:
    made = Made(header=Header(), when="2026-11-22T05:00:00Z", who="Jan")  # type: ignore[arg-type]
    return Publication(graph=VERSION, content=content, made=made, token=token, accepts=accepts)


def codes(stop: pytest.ExceptionInfo) -> set[str]:
    return {each.code for each in stop.value.findings}


def query(text: str):
    return parse_query(text, "q", "q.rq")


# ---- asking --------------------------------------------------------------------------------


def test_another_machine_answers_as_the_files_do(folder, there):
    """All named queries, over HTTP, against a server that has the same statements."""
    asked = graph.load(folder)
    there.store.extend(each for each in asked.store)
    for each in named(folder):
        params = {p.name: "THR-low" for p in each.parameters if p.default is None}
        here = engine.run(each, asked, params, rows=None)
        assert ask(each, at(there), params, rows=None).rows == here.rows, each.name


def test_our_own_endpoint_can_be_asked(folder, monkeypatch):
    monkeypatch.setattr(graph, "ontology_texts", lambda: ())
    served = Served(folder)
    monkeypatch.setattr(Exchange, "send", lambda self, request, expected=(): _through(request))

    def _through(request):
        reply = served.client.post(
            "/sparql",
            content=request.body,
            headers={"Accept": request.accept, "Content-Type": request.media},
        )
        from guidegraph.remote.exchange import Reply

        return Reply(reply.status_code, reply.headers, reply.content, True)  # type: ignore[arg-type]

    try:
        found = ask(
            query("SELECT ?r { ?r gg:modality code:Should }"),
            Endpoint(address("http://127.0.0.1:8765/sparql"), Exchange()),
            {},
        )
    finally:
        served.close()
    here = engine.run(query("SELECT ?r { ?r gg:modality code:Should }"), graph.load(folder), {})
    assert found.rows == here.rows
    assert found.rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * { SERVICE <http://x> { ?a ?b ?c } }", "Q002"),
        ("SELECT * FROM <http://x> { ?a ?b ?c }", "Q003"),
        ("DROP ALL", "Q004"),
        ("SELECT ?a { ?a nope:b ?c }", "Q005"),
        ("SELECT ?a { ?a }", "Q001"),
    ],
)
def test_what_is_refused_here_is_never_sent(there, text, code):
    with pytest.raises(QueryError) as stop:
        ask(query(text), at(there), {})
    assert codes(stop) == {code}
    assert there.asked == []


def test_values_reach_the_server_as_terms(there):
    text = "# param is string : a text\nSELECT ?s { ?s <urn:x:is> ?is }"
    value = 'a"} DROP \\ {\n'
    triple = (ox.NamedNode("urn:x:s"), ox.NamedNode("urn:x:is"), ox.Literal(value))
    there.store.add(ox.Quad(*triple))
    there.store.add(ox.Quad(*triple[:2], ox.Literal("other")))
    assert len(ask(query(text), at(there), {"is": value}).rows) == 1


def test_names_are_looked_up_on_the_server(folder, there):
    there.store.extend(each for each in graph.load(folder).store)
    of = "# param t iri : one\nSELECT ?t ?l { ?t rdfs:label ?l }"
    assert len(ask(query(of), at(there), {"t": "THR-low"}).rows) >= 1
    with pytest.raises(QueryError) as stop:
        ask(query(of), at(there), {"t": "THR-lov"})
    assert "THR-low" in str(stop.value.findings[0].help)


def test_rows_beyond_the_limit_are_cut_and_that_is_said(there):
    there.store.load(b"<urn:x:a> <urn:x:b> 1, 2, 3 .", format=ox.RdfFormat.TURTLE)
    found = ask(query("SELECT ?o { ?s ?p ?o }"), at(there), {}, rows=2)
    assert (len(found.rows), found.cut) == (2, True)


def test_a_graph_whose_end_is_not_announced_is_not_taken(there):
    there.faults = [Fault("query", "open")]
    with pytest.raises(RemoteError) as stop:
        at(there).triples("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert codes(stop) == {"Y105"}


def test_only_the_graphs_that_are_named_are_asked(there):
    there.store.update("INSERT DATA { GRAPH <urn:x:a> { <urn:x:s> <urn:x:p> 1 } }")
    everything = query("SELECT ?o { ?s ?p ?o }")
    assert len(ask(everything, at(there, "urn:x:a"), {}).rows) == 1
    assert len(ask(everything, at(there, "urn:x:b"), {}).rows) == 0


# ---- time, tries, logins -------------------------------------------------------------------


def test_a_server_that_drips_is_given_up_in_time(there):
    there.faults = [Fault("query", "slow")]
    begun = time.monotonic()
    with pytest.raises(RemoteError) as stop:
        ask(query("ASK {}"), at(there, seconds=1), {})
    assert codes(stop) == {"Y103"}
    assert time.monotonic() - begun < 4
    assert there.asked == ["query"]  # a slow server is not asked again


def test_a_busy_server_is_asked_again(there):
    there.faults = [Fault("query", "busy", times=1), Fault("query", "silent", times=1)]
    assert ask(query("ASK {}"), at(there), {}).truth is True
    assert there.asked == ["query"] * 4  # the namespace, twice in vain, and the question


def test_an_update_is_never_sent_twice(there):
    there.faults = [Fault("update", "busy")]
    with pytest.raises(RemoteError):
        publish(publication(statements(1)), on(there))
    assert there.asked.count("update") == 1


def test_a_login_is_shown_only_where_it_is_asked_for(there):
    login = Login("jan", "s3cret")
    endpoint = Endpoint(address(f"{there.at}/query"), exchange(login))
    ask(query("ASK {}"), endpoint, {})
    assert set(there.logins) == {""}
    there.protected = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
    ask(query("ASK {}"), endpoint, {})
    assert there.logins[-1].startswith('Digest username="jan"')
    assert "s3cret" not in there.logins[-1]
    assert "s3cret" not in repr(login)


def test_digest_is_that_of_the_standard(monkeypatch):
    """The example of RFC 7616, section 3.9.1."""
    monkeypatch.setattr(
        "guidegraph.remote.credentials.secrets.token_hex",
        lambda size: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    said = {
        "realm": "http-auth@example.org",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "algorithm": "MD5",
        "qop": "auth",
    }
    shown = Challenge("digest", said).answer(
        Login("Mufasa", "Circle of Life"), "GET", "/dir/index.html"
    )
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in shown


def test_logins_come_from_the_environment_or_a_file(tmp_path):
    assert login_for("h", LOGIN) == Login("jan", "s3cret")
    file = tmp_path / "logins"
    file.write_text("machine graphs.example.org login piet password geheim\n")
    assert login_for("graphs.example.org", {"NETRC": str(file)}) == Login("piet", "geheim")
    assert login_for("other.example.org", {"NETRC": str(file)}) is None
    file.write_text("machin graphs.example.org\n")
    with pytest.raises(RemoteError) as stop:
        login_for("graphs.example.org", {"NETRC": str(file)})
    assert codes(stop) == {"Y106"}


def test_addresses_follow_from_the_one_for_graphs():
    found = addresses("http://h:8890/sparql-graph-crud-auth")
    assert (str(found.query), str(found.update)) == (
        "http://h:8890/sparql",
        "http://h:8890/sparql-auth",
    )
    found = addresses("https://h/repositories/r/rdf-graphs/service")
    assert str(found.update) == "https://h/repositories/r/statements"
    assert str(addresses("http://h:3030/ds/data").update) == "http://h:3030/ds/update"
    assert str(address("https://h/q?access-token=secret")) == "https://h/q"


# ---- publishing ----------------------------------------------------------------------------


def test_a_version_is_published_with_its_provenance(there):
    content = statements(1, 2)
    told = publish(publication(content), on(there))
    assert told.state == "published"
    assert there.graphs() == {VERSION, f"{VERSION}/provenance"}
    assert there.count(VERSION) == 4
    said = {each.object.value for each in there.store.quads_for_pattern(None, None, None, None)}
    assert {content.sha256, "Jan", "2026-11-22T05:00:00Z"} <= said


def test_publishing_again_changes_nothing(there):
    publish(publication(statements(1)), on(there))
    there.asked.clear()
    assert publish(publication(statements(1), "u"), on(there)).state == "already there"
    assert not {"put", "update", "drop"} & set(there.asked)


def test_a_new_content_replaces_the_old_as_a_whole(there):
    publish(publication(statements(1, 2, 3)), on(there))
    told = publish(publication(statements(4), "u"), on(there))
    assert (told.state, there.count(VERSION)) == ("replaced", 2)
    assert told.before is not None
    assert told.before.statements == 6


@pytest.mark.parametrize(
    ("kind", "how", "code"),
    [
        ("put", "failing", "Y108"),
        ("put", "losing", "Y116"),
        ("put", "silent", "Y102"),
        ("put", "elsewhere", "Y109"),
        ("update", "failing", "Y108"),
        ("update", "denied", "Y106"),
        ("update", "silent", "Y102"),
        ("update", "midway", "Y108"),
    ],
)
def test_a_publish_that_fails_leaves_the_old_graph(there, kind, how, code):
    publish(publication(statements(1)), on(there))
    before = sums(on(there).read(VERSION))
    there.faults = [Fault(kind, how)]
    with pytest.raises(RemoteError) as stop:
        publish(publication(statements(2), "u"), on(there))
    assert codes(stop) == {code, "Y112"}
    assert sums(on(there).read(VERSION)) == before
    assert there.graphs() == {VERSION, f"{VERSION}/provenance"}


def test_an_update_nobody_heard_of_counts_if_it_happened(there):
    there.faults = [Fault("update", "deaf")]
    assert publish(publication(statements(1)), on(there)).state == "published"
    assert there.graphs() == {VERSION, f"{VERSION}/provenance"}


def test_numbers_that_a_server_changes_are_refused_or_listed(there):
    there.faults = [Fault("put", "rewriting")]
    with pytest.raises(RemoteError) as stop:
        publish(publication(statements("1.5")), on(there))
    assert codes(stop) == {"Y116", "Y112"}
    told = publish(publication(statements("1.5"), "u", accepts=True), on(there))
    assert [each.code for each in told.findings] == ["Y117"]
    assert '"1.5"' in told.findings[0].message


def test_readers_see_the_old_version_or_the_new_one(there):
    """Somebody who asks all the time never meets a mixture, nor nothing."""
    publish(publication(statements(*range(200))), on(there))
    met, done = set(), threading.Event()

    def look() -> None:
        endpoint = at(there)
        while not done.is_set():
            text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{VERSION}> {{ ?s ?p ?o }} }}"
            met.add(endpoint.rows(text)[0][0].value)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for each in range(4):
            publish(publication(statements(*range(each + 1)), f"t{each}"), on(there))
    finally:
        done.set()
        reader.join()
    assert met <= {"400", "2", "4", "6", "8"}


def test_spelling_of_numbers_and_labels_of_blank_nodes_do_not_count():
    def of(text: str):
        return sums(each.triple for each in ox.parse(text, ox.RdfFormat.TURTLE))

    assert of("<urn:x:a> <urn:x:b> 1.50, 10, true, _:x .") == of(
        '<urn:x:a> <urn:x:b> 1.5, 10, "1"^^<http://www.w3.org/2001/XMLSchema#boolean>, _:y .'
    )
    assert of("<urn:x:a> <urn:x:b> 1.50 .") != of("<urn:x:a> <urn:x:b> 1.51 .")
    assert of("<urn:x:a> <urn:x:b> _:x . _:x <urn:x:c> 1 .") != of(
        "<urn:x:a> <urn:x:b> _:x . _:y <urn:x:c> 1 ."
    )
    assert of('<urn:x:a> <urn:x:b> "1.50" .') != of('<urn:x:a> <urn:x:b> "1.5" .')


# ---- the command ---------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(folder, there, monkeypatch):
    monkeypatch.setattr(graph, "ontology_texts", lambda: ())
    told = CliRunner().invoke(
        cli, ["publish", str(folder), "--to", f"{there.at}/store", "--dry-run", "--format", "json"]
    )
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    assert [each["method"] for each in data["requests"]] == ["PUT", "PUT", "POST"]
    assert data["sha256"] in data["requests"][1]["body"]
    assert data["requests"][2]["body"].startswith("MOVE GRAPH")
    assert there.asked == []


def test_the_commands_publish_and_ask(folder, there, monkeypatch):
    monkeypatch.setattr(graph, "ontology_texts", lambda: ())
    sent = CliRunner().invoke(cli, ["publish", str(folder), "--to", f"{there.at}/store"])
    assert sent.exit_code == 0, sent.output
    text = "SELECT ?t { ?t a gg:Threshold }"
    far = ["--endpoint", f"{there.at}/query", "--published"]
    for form in ("table", "csv", "json"):
        asked = CliRunner().invoke(cli, ["query", text, str(folder), *far, "--format", form])
        here = CliRunner().invoke(cli, ["query", text, str(folder), "--format", form])
        assert asked.exit_code == 0, asked.output
        assert asked.stdout == here.stdout
