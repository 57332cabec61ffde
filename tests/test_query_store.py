"""A graph kept on the disk: the same answers, built again whenever it cannot be trusted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from guidegraph.errors import QueryError, ReadError
from guidegraph.query import engine, graph, store
from guidegraph.query.limits import Limits
from guidegraph.query.named import survey
from guidegraph.query.sources import Source
from guidegraph.query.store import LOCK, MARK, Kept
from guidegraph.query.worker import Asked, run_within
from guidegraph.scaffold import new


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "example-marker"
    new(folder)
    return folder


@pytest.fixture
def whole(tmp_path: Path, example: Path) -> Path:
    """A guideline with the ontology."""
    shutil.copytree(example, tmp_path / "example-marker")
    return tmp_path / "example-marker"


@pytest.fixture
def folder(whole: Path, monkeypatch) -> Path:
    """A guideline without the ontology, which takes long to read."""
    monkeypatch.setattr(graph, "ontology_texts", lambda: ())
    return whole


def data(kept: Path) -> Path:
    """The folder of the engine that is in use."""
    return kept / str(json.loads((kept / MARK).read_text())["folder"])


def brought(kept: Path, folder: Path) -> tuple[Kept, list[str]]:
    found = Kept(kept)
    return found, [each.code for each in found.bring_up_to_date(folder)]


def statements(asked: graph.Graph) -> set[str]:
    found = asked.store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert isinstance(found, ox.QueryTriples)
    return {str(each) for each in found}


def test_the_store_answers_as_the_graph_in_memory(whole, tmp_path):
    plain = graph.load(whole)
    kept, notes = brought(tmp_path / "kept", whole)
    assert notes == []
    assert statements(kept.open()) == statements(plain)
    assert kept.size == len(plain.store)
    for each in survey(whole)[0]:
        if all(parameter.default is not None for parameter in each.parameters):
            assert engine.run(each, kept.open()) == engine.run(each, plain), each.name


def test_what_is_up_to_date_is_not_built_again(folder, tmp_path):
    kept = tmp_path / "kept"
    brought(kept, folder)
    before = data(kept)
    _, notes = brought(kept, folder)
    assert (data(kept), notes) == (before, [])
    shutil.copytree(folder, tmp_path / "copy")
    brought(kept, tmp_path / "copy")
    assert data(kept) == before, "the same files elsewhere are the same graph"


def test_a_change_of_a_file_builds_it_anew_and_removes_the_old(folder, tmp_path):
    kept = tmp_path / "kept"
    brought(kept, folder)
    before = data(kept)
    with (folder / "thresholds.ttl").open("a") as file:
        file.write("\nd:THR-low rdfs:comment 'more'@en .\n")
    found, notes = brought(kept, folder)
    assert notes == []
    assert "more" in "".join(statements(found.open()))
    assert not before.exists()


def test_a_graph_that_somebody_reads_is_left_in_peace(folder, tmp_path):
    kept = tmp_path / "kept"
    reader, _ = brought(kept, folder)
    before = data(kept)
    (folder / "more.ttl").write_text(
        "@prefix d: <https://example.org/guideline/example-marker/> .\nd:x d:y d:z .\n"
    )
    brought(kept, folder)
    assert data(kept) != before
    assert before.exists()
    assert len(statements(reader.open())) == reader.size


def _flip(at: Path) -> None:
    largest = max(at.glob("*.sst"), key=lambda each: each.stat().st_size)
    found = bytearray(largest.read_bytes())
    found[len(found) // 2] ^= 1
    largest.write_bytes(found)


DAMAGE = {
    "a bit": lambda kept: _flip(data(kept)),
    "a file that is missing": lambda kept: next(data(kept).glob("*.sst")).unlink(),
    "a file too many": lambda kept: (data(kept) / "000099.sst").write_bytes(b"x"),
    "a folder that is gone": lambda kept: shutil.rmtree(data(kept)),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_built_again_and_told(folder, tmp_path, damage):
    kept = tmp_path / "kept"
    brought(kept, folder)
    damage(kept)
    found, notes = brought(kept, folder)
    assert notes == ["Q022"]
    assert len(statements(found.open())) == found.size


MARKS = {
    "half of it": lambda text: text[: len(text) // 2],
    "empty": lambda text: "",
    "a list": lambda text: "[]",
    "another version": lambda text: text.replace('"version": 2', '"version": 1'),
    "another digest": lambda text: text.replace('"digest": "', '"digest": "0'),
    "another folder": lambda text: text.replace('"folder": "graph-', '"folder": "../graph-'),
    "nested without end": lambda text: "[" * 200_000,
    "another namespace": lambda text: text.replace(
        '"namespace": ', '"namespace": "urn:x:", "was": '
    ),
    "another size": lambda text: text.replace('"size": ', '"size": 1, "was": '),
    "a size that is none": lambda text: text.replace('"size": ', '"size": "x", "was": '),
}


@pytest.mark.parametrize("change", MARKS.values(), ids=MARKS)
def test_a_mark_that_does_not_fit_is_not_believed(folder, tmp_path, change):
    kept = tmp_path / "kept"
    brought(kept, folder)
    text = (kept / MARK).read_text()
    assert change(text) != text
    (kept / MARK).write_text(change(text))
    found, _ = brought(kept, folder)
    assert json.loads((kept / MARK).read_text())["digest"] == json.loads(text)["digest"]
    graph = found.open()
    assert len(statements(graph)) == found.size
    assert graph.namespace == json.loads(text)["namespace"]


def test_a_store_of_another_version_of_the_engine_is_built_again(folder, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    brought(kept, folder)
    before = data(kept)
    monkeypatch.setattr(ox, "__version__", "0.0.1")
    brought(kept, folder)
    assert data(kept) != before


def test_a_building_that_was_cut_off_is_done_again(folder, tmp_path):
    kept = tmp_path / "kept"
    (kept / "graph-0123456789abcdef").mkdir(parents=True)
    (kept / LOCK).touch()
    (kept / f"{MARK}.new").write_text("{")
    found, notes = brought(kept, folder)
    assert notes == []
    assert len(statements(found.open())) == found.size
    assert not (kept / "graph-0123456789abcdef").exists()


def test_a_folder_of_others_is_never_touched(folder, tmp_path):
    other = tmp_path / "kept"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(QueryError) as stop:
        brought(other, folder)
    assert [each.code for each in stop.value.findings] == ["Q021"]
    assert [each.name for each in other.iterdir()] == ["thesis.txt"]


def test_what_others_put_into_a_store_stays(folder, tmp_path):
    kept = tmp_path / "kept"
    brought(kept, folder)
    (kept / "graph-mine").mkdir()
    (kept / "graph-mine" / "notes.txt").write_text("mine")
    (folder / "more.ttl").write_text("<urn:x:a> <urn:x:b> <urn:x:c> .\n")
    brought(kept, folder)
    assert (kept / "graph-mine" / "notes.txt").read_text() == "mine"


def test_two_do_not_build_at_once(folder, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    with (kept / LOCK).open("w+b") as lock:
        store.hold(lock.fileno(), alone=True)
        with pytest.raises(QueryError) as stop:
            brought(kept, folder)
    assert [each.code for each in stop.value.findings] == ["Q023"]
    assert "kept" in stop.value.findings[0].message


def test_a_guideline_with_errors_leaves_the_store_as_it_was(folder, tmp_path):
    kept = tmp_path / "kept"
    brought(kept, folder)
    before = (kept / MARK).read_bytes()
    (folder / "more.ttl").write_text("d:x a \n")
    with pytest.raises(ReadError):
        brought(kept, folder)
    assert (kept / MARK).read_bytes() == before


def test_a_query_within_limits_asks_the_store(whole, tmp_path):
    query = {each.name: each for each in survey(whole)[0]}["thresholds"]
    source = Source(whole, tmp_path / "kept")
    answer, notes = run_within(Asked(query=query, params={}), source, Limits())
    assert (answer, notes) == (engine.run(query, graph.load(whole)), ())
    assert data(tmp_path / "kept").is_dir()


def test_the_endpoint_answers_from_the_store_and_from_a_new_one_after_a_save(whole, tmp_path):
    pytest.importorskip("starlette", reason="the extra `edit` is not installed")
    from endpoint_example import ENDLESS, Served

    served = Served(whole, tmp_path / "kept", seconds=1)
    label = 'SELECT ?l { d:THR-low rdfs:label ?l FILTER(LANG(?l) = "en") }'
    try:
        before = served.get(label).json()
        assert served.get(ENDLESS).status_code == 503
        served.reword("Another label")
        after = served.get(label).json()
    finally:
        served.close()
    assert before != after
    assert "Another label" in json.dumps(after)


def test_a_store_that_is_damaged_while_it_is_asked_is_built_again(folder, tmp_path):
    pytest.importorskip("starlette", reason="the extra `edit` is not installed")
    from endpoint_example import ROWS, Served

    served = Served(folder, tmp_path / "kept", seconds=5)
    try:
        before = served.get(ROWS)
        assert before.status_code == 200
        shutil.rmtree(data(tmp_path / "kept"))
        after = served.get(ROWS)
    finally:
        served.close()
    assert (after.status_code, len(after.content)) == (200, len(before.content))
