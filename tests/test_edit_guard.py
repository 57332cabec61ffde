"""The guard: only the own pages, with the key, from this machine; every answer is closed."""

from __future__ import annotations

import asyncio

import pytest

from edit_example import ORIGIN, TOKEN, Browser, desk, make
from guidegraph.edit.guard import HEADERS, LARGEST, cookie_name
from guidegraph.edit.listening import address_of, listen
from guidegraph.errors import UsageError

GOOD = {"Origin": ORIGIN, "X-Guidegraph-Token": TOKEN}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    at = desk(make(tmp_path_factory.mktemp("guard")))
    yield Browser(at)
    at.close()


def closed(answer) -> bool:
    told = {name: answer.headers.get(name) for name in HEADERS}
    return told == HEADERS


def undo(browser: Browser, headers=None, **options):
    """A call that would do something; nothing is to be undone, so that 422 says: let in."""
    body = options.pop("json", {"revision": browser.desk.revision})
    if "content" not in options:
        options["json"] = body
    return browser.client.post("/api/undo", headers=GOOD if headers is None else headers, **options)


def test_its_own_page_is_let_in(browser):
    answer = undo(browser)
    assert answer.status_code == 422
    assert answer.json()["findings"][0]["code"] == "G108"
    assert closed(answer)


def test_the_key_becomes_a_cookie_that_scripts_do_not_see(browser):
    answer = browser.client.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told and "samesite=strict" in told
    assert TOKEN not in told
    assert closed(answer)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1",
        "127.0.0.1:8766",
        "localhost:80",
        "127.0.0.1.evil.example:8765",
        "127.0.0.1:8765@evil.example",
        "0.0.0.0:8765",
        "[::]:8765",
        "",
    ],
)
def test_another_host_is_refused(browser, host):
    for answer in (
        browser.client.get("/", headers={"Host": host}),
        undo(browser, {**GOOD, "Host": host}),
        browser.client.get(f"/?token={TOKEN}", headers={"Host": host}),
    ):
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert "G101" in answer.text
        assert closed(answer)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_each_of_its_own_names_is_let_in(browser, name):
    own = f"http://{name}:8765"
    answer = undo(browser, {**GOOD, "Host": f"{name}:8765", "Origin": own})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:8765",
        "http://127.0.0.1:8766",
        "http://localhost:8765",
        "http://127.0.0.1",
        "",
    ],
)
def test_another_origin_is_refused(browser, origin):
    answer = undo(browser, {**GOOD, "Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["findings"][0]["code"] == "G101"
    assert browser.client.get("/", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something"])
def test_a_page_of_somebody_else_is_refused(browser, site):
    assert undo(browser, {**GOOD, "Sec-Fetch-Site": site}).status_code == 403
    answer = browser.client.get(f"/?token={TOKEN}", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("missing", ["Origin", "X-Guidegraph-Token"])
def test_a_call_without_what_pages_send_is_refused(browser, missing):
    kept = {name: value for name, value in GOOD.items() if name != missing}
    assert undo(browser, kept).status_code == 403


@pytest.mark.parametrize("token", ["", "a", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "é"])
def test_a_wrong_key_is_refused(browser, token):
    told = token.encode("latin-1")
    assert undo(browser, {**GOOD, "X-Guidegraph-Token": told}).status_code == 403
    assert browser.client.get("/", params={"token": token}).status_code == 403


def test_without_the_cookie_nothing_is_shown(browser):
    cookies = dict(browser.client.cookies)
    browser.client.cookies.clear()
    try:
        for path in ("/", "/thing", "/assets/edit.css", "/nothing", "/api/undo"):
            assert browser.client.get(path).status_code in (403, 405), path
        assert undo(browser).status_code == 403
        page = browser.client.get("/things")
        assert page.headers["content-type"].startswith("text/html")
        assert "does not know this browser" in page.text
        assert closed(page)
        browser.client.cookies.set(cookie_name(8765), TOKEN)
        assert browser.client.get("/things").status_code == 403
    finally:
        browser.client.cookies.clear()
        browser.client.cookies.update(cookies)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(browser, kind):
    answer = undo(browser, {**GOOD, "Content-Type": kind}, content=b"{}")
    assert answer.status_code == 415
    assert answer.json()["findings"][0]["code"] == "G102"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"1", b"\xff", b"[" * 100_000, b'"x"'])
def test_what_is_no_object_is_refused(browser, content):
    answer = undo(browser, {**GOOD, "Content-Type": "application/json"}, content=content)
    assert answer.status_code == 400
    assert answer.json()["findings"][0]["code"] == "G102"
    assert closed(answer)


def test_too_much_is_refused(browser):
    kind = {**GOOD, "Content-Type": "application/json"}
    large = b'{"x":"' + b"a" * LARGEST + b'"}'
    assert undo(browser, kind, content=large).status_code == 413

    def pieces():
        for _ in range(LARGEST // 1000 + 2):
            yield b"a" * 1000

    answer = undo(browser, kind, content=pieces())
    assert answer.status_code == 413
    assert closed(answer)
    lying = {**kind, "Content-Length": "-1"}
    assert undo(browser, lying, content=b"{}").status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_other_methods_are_refused(browser, method):
    for path in ("/", "/api/undo", "/assets/edit.css"):
        answer = browser.client.request(method, path, headers=GOOD)
        assert answer.status_code == 405
        assert answer.headers["allow"]
        assert closed(answer)
    assert browser.client.get("/api/undo").status_code == 405
    assert browser.client.post("/", headers=GOOD, json={}).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../guard.py",
        "/assets/%2e%2e/guard.py",
        "/assets/..%2fguard.py",
        "/assets/%2e%2e%2fguard.py",
        "/assets/..\\guard.py",
        "/assets/%5c..%5cguard.py",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/.hidden",
        "/assets/",
        "/assets/%252e%252e/guard.py",
        "//etc/passwd",
        "/assets/nothing.js",
    ],
)
def test_no_path_leads_out_of_the_assets(browser, path):
    answer = browser.client.get(ORIGIN + path)
    assert answer.status_code in (400, 404), answer.text
    assert "import" not in answer.text
    assert closed(answer)


def raw(browser: Browser, headers, server=("127.0.0.1", 8765), kind="http", path="/"):
    """A request as a server hands it on, with headers that clients do not send."""
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "server": server,
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    asyncio.run(browser.client.app(scope, receive, send))
    return sent[0]


def test_over_the_network_it_does_not_answer(browser):
    host = [(b"host", b"127.0.0.1:8765")]
    assert raw(browser, host, ("192.168.1.5", 8765))["status"] == 403
    assert raw(browser, host, ("0.0.0.0", 8765))["status"] == 403
    assert raw(browser, host, None)["status"] == 403


def test_a_header_that_is_sent_twice_is_refused(browser):
    twice = [(b"host", b"127.0.0.1:8765"), (b"host", b"evil.example")]
    assert raw(browser, twice)["status"] == 400


def test_websockets_are_closed(browser):
    assert raw(browser, [], kind="websocket") == {"type": "websocket.close", "code": 1008}


def test_a_fault_of_ours_is_told_and_closed(browser, monkeypatch):
    def fail(self):
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(type(browser.desk), "refresh", fail)
    answer = undo(browser)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert closed(answer)


def test_no_page_may_run_what_stands_in_it():
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


# ---- where it listens ------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.x"])
def test_it_listens_on_this_machine_only(host):
    with pytest.raises(UsageError) as refused:
        listen(host, 0)
    assert refused.value.findings[0].code == "G107"


def test_a_port_in_use_is_passed_over():
    first = listen("127.0.0.1", 0)
    try:
        port = first.getsockname()[1]
        second = listen("localhost", port)
        try:
            assert second.getsockname()[1] > port
            assert address_of(second).startswith("http://127.0.0.1:")
        finally:
            second.close()
    finally:
        first.close()
