"""A triplestore in the test process that can be told to fail in every way a server does."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

NT = "application/n-triples"
JSON = "application/sparql-results+json"
LOGIN = {"GUIDEGRAPH_USER": "jan", "GUIDEGRAPH_PASSWORD": "s3cret"}
ROW = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"1"}}]}}'


@dataclass
class Fault:
    """What a server does wrong with one kind of request, the first so many times."""

    kind: str
    how: str
    times: int = 1_000


@dataclass
class Triplestore:
    """``faults`` by the kind of request: query, get, put, update, drop."""

    store: ox.Store = field(default_factory=ox.Store)
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    protected: str = ""
    port: int = 0

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fault(self, kind: str) -> str:
        for each in self.faults:
            if each.kind == kind and each.times > 0:
                each.times -= 1
                return each.how
        return ""

    def count(self, graph: str) -> int:
        return len(list(self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))))

    def graphs(self) -> set[str]:
        return {each.value for each in self.store.named_graphs()} - {""}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self.handled("get")

    def do_PUT(self) -> None:
        self.handled("put")

    def do_POST(self) -> None:
        self.handled("query" if self.path.startswith("/query") else "update")

    def handled(self, kind: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        there = self.server.there
        self.close_connection = True
        if there.protected and not self.headers.get("Authorization"):
            return self.send(401, "text/html", b"no", {"WWW-Authenticate": there.protected})
        there.logins.append(self.headers.get("Authorization") or "")
        if kind == "update" and body.startswith(b"DROP"):
            kind = "drop"
        there.asked.append(kind)
        how = there.fault(kind)
        if how and not getattr(self, f"fault_{how}")(body):
            return None
        return getattr(self, f"answer_{kind}")(body)

    def send(self, status: int, media: str, body: bytes, more: dict[str, str] | None = None):
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    # ---- what a server does ------------------------------------------------------------------

    @property
    def graph(self) -> ox.NamedNode:
        return ox.NamedNode(parse_qs(urlsplit(self.path).query)["graph"][0])

    def answer_query(self, body: bytes) -> None:
        asked = parse_qs(body.decode())
        graphs = [ox.NamedNode(each) for each in asked.get("default-graph-uri", [])]
        found = self.server.there.store.query(asked["query"][0], default_graph=graphs or None)
        if isinstance(found, ox.QueryTriples):
            return self.send(200, NT, ox.serialize(found, format=ox.RdfFormat.N_TRIPLES))
        return self.send(200, JSON, found.serialize(format=ox.QueryResultsFormat.JSON))

    def answer_get(self, _: bytes) -> None:
        store, graph = self.server.there.store, self.graph
        if not store.contains_named_graph(graph):
            return self.send(404, "text/plain", b"no such graph")
        data = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        return self.send(200, NT, data)

    def answer_put(self, body: bytes) -> None:
        store = self.server.there.store
        store.remove_graph(self.graph)
        store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=self.graph)
        self.send(201, "text/plain", b"")

    def answer_update(self, body: bytes) -> None:
        self.server.there.store.update(body.decode())
        self.send(204, "text/plain", b"")

    answer_drop = answer_update

    # ---- what a server does wrong; true where it then goes on as it should ---------------------

    def fault_html(self, _: bytes) -> None:
        self.send(200, "text/html; charset=utf-8", b"<html><h1>Please log in</h1></html>")

    def fault_half(self, _: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(ROW)))
        self.end_headers()
        self.wfile.write(ROW[:60])

    def fault_chunk(self, _: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"1000\r\n" + ROW)

    def fault_json(self, _: bytes) -> None:
        self.send(200, JSON, ROW[:-2])

    def fault_open(self, _: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", NT)
        self.end_headers()
        self.wfile.write(b"<urn:x:a> <urn:x:b> <urn:x:c> .\n")

    def fault_limited(self, _: bytes) -> None:
        self.send(200, JSON, ROW, {"X-SPARQL-MaxRows": "1"})

    def fault_endless(self, _: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 100_000)
        except OSError:
            return

    def fault_slow(self, _: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        try:
            for _ in range(100):  # a byte now and then, so that the line is never silent
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            return

    def fault_silent(self, _: bytes) -> None:
        """The line is closed without a word."""

    def fault_elsewhere(self, _: bytes) -> None:
        self.send(307, "text/plain", b"", {"Location": "https://jan:pw@evil.example/q?key=1"})

    def fault_denied(self, _: bytes) -> None:
        self.send(403, "text/plain", b"not you")

    def fault_missing(self, _: bytes) -> None:
        self.send(404, "text/plain", b"No such \x1b[31mdataset\n here")

    def fault_failing(self, _: bytes) -> None:
        self.send(500, "text/plain", b"out of memory")

    def fault_busy(self, _: bytes) -> None:
        self.send(503, "text/plain", b"busy", {"Retry-After": "1"})

    def fault_truth(self, _: bytes) -> None:
        self.send(200, JSON, b'{"head":{},"boolean":true}')

    def fault_rows(self, _: bytes) -> None:
        self.send(200, JSON, ROW)

    def fault_nameless(self, _: bytes) -> None:
        self.send(200, JSON, ROW.replace(b'"literal","value":"1"', b'"bnode"'))

    def fault_repeating(self, _: bytes) -> None:
        """What was sent is part of the message."""
        said = self.headers.get("Authorization") or ""
        self.send(500, "text/plain", f"{said} for jan:s3cret, {said}".encode())

    def fault_rewriting(self, body: bytes) -> None:
        """Numbers are stored as the nearest that fit."""
        self.answer_put(re.sub(rb'"[0-9.]+"(?=\^\^<[^>]*#decimal>)', b'"0"', body, count=1))

    def fault_losing(self, body: bytes) -> None:
        self.answer_put(b"".join(body.splitlines(keepends=True)[1:]))

    def fault_deaf(self, body: bytes) -> None:
        """The update is carried out, but nobody hears of it."""
        self.server.there.store.update(body.decode())

    def fault_dying(self, body: bytes) -> None:
        """The old graph is removed, then the server fails, and takes nothing more."""
        self.server.there.faults.append(Fault("put", "failing"))
        self.fault_midway(body)

    def fault_midway(self, body: bytes) -> None:
        """The old graph is removed, then the server fails."""
        target = body.decode().split("TO GRAPH ")[1].split(" ;")[0]
        self.server.there.store.update(f"DROP GRAPH {target}")
        self.fault_failing(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    there: Triplestore

    def handle_error(self, *_: object) -> None: ...


@contextmanager
def triplestore() -> Iterator[Triplestore]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.there = Triplestore(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.there
    finally:
        server.shutdown()
        server.server_close()
