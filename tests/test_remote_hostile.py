"""Servers that answer what they were not asked, and names and logins that cannot be used."""

from __future__ import annotations

import base64

import pytest
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.errors import RemoteError
from guidegraph.query.named import parse_query
from guidegraph.remote import Endpoint, Exchange, Terms, address, ask
from guidegraph.remote.credentials import Login, login_for
from guidegraph.scaffold import new
from remote_example import Fault, Triplestore, triplestore

ROWS, TRUTH = "SELECT ?s { ?s ?p ?o }", "ASK { ?s ?p ?o }"
BASIC, DIGEST = 'Basic realm="r"', 'Digest realm="r", nonce="n", qop="auth"'


@pytest.fixture
def there(monkeypatch):
    """A server to which the question itself is the first that is sent."""
    monkeypatch.setattr("guidegraph.remote.endpoint._namespace", lambda _: {})
    with triplestore() as found:
        yield found


def asked(text: str, there: Triplestore, login: Login | None = None):
    exchange = Exchange(Terms(pause=lambda _: None), lambda host: login)
    return ask(parse_query(text, "q", "q.rq"), Endpoint(address(f"{there.at}/query"), exchange), {})


@pytest.mark.parametrize(("text", "how"), [(ROWS, "truth"), (TRUTH, "rows"), (ROWS, "nameless")])
def test_an_answer_to_another_question_is_not_taken(there, text, how):
    there.faults = [Fault("query", how)]
    with pytest.raises(RemoteError) as stop:
        asked(text, there)
    assert [each.code for each in stop.value.findings] == ["Y105"]


@pytest.mark.parametrize("protected", [BASIC, DIGEST])
def test_a_server_that_repeats_a_login_does_not_make_us_show_it(there, protected):
    there.faults, there.protected = [Fault("query", "repeating")], protected
    with pytest.raises(RemoteError) as stop:
        asked(TRUTH, there, Login("jan", "s3cret"))
    (told,) = stop.value.findings
    assert told.code == "Y108"
    assert "jan" in str(told.why)
    for secret in ("s3cret", base64.b64encode(b"jan:s3cret").decode()):
        assert secret not in f"{told.message} {told.why} {told.help}"


@pytest.mark.parametrize("protected", [BASIC, DIGEST])
def test_a_name_in_any_script_can_ask(there, protected):
    there.protected = protected
    assert asked(TRUTH, there, Login("\u017ean", "p")).truth is False
    assert there.logins[-1]


def test_a_name_that_would_change_the_request_is_refused():
    with pytest.raises(RemoteError) as stop:
        login_for("h", {"GUIDEGRAPH_USER": "jan\r\nX: y", "GUIDEGRAPH_PASSWORD": "p"})
    assert [each.code for each in stop.value.findings] == ["Y106"]


@pytest.mark.parametrize("host", ["a..b", "...", "x" * 64 + ".example.org"])
def test_a_name_that_no_machine_can_have_is_no_address(host):
    with pytest.raises(RemoteError) as stop:
        address(f"http://{host}/sparql")
    assert [each.code for each in stop.value.findings] == ["Y101"]


def test_what_is_published_is_not_written_over_the_guideline(tmp_path):
    folder = tmp_path / "example-marker"
    new(folder)
    file = folder / "guideline.ttl"
    before = file.read_bytes()
    where = ["--to", "http://127.0.0.1:1/store", "--dry-run"]
    result = CliRunner().invoke(cli, ["publish", str(folder), *where, "-o", str(file)])
    assert result.exit_code == 2
    assert file.read_bytes() == before
