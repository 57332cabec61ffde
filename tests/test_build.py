"""A build writes everything, the same bytes every time, and touches nothing that is not its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guidegraph.explain import codes
from guidegraph.scaffold import new


def build(
    folder: Path, output: Path, cwd: Path, seed: str = "0"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guidegraph", "build", str(folder), "--output", str(output)],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small guideline and what was built from it, from two places and with two hash seeds."""
    root = tmp_path_factory.mktemp("build")
    guideline = root / "some where" / "example-marker"
    guideline.parent.mkdir()
    new(guideline)
    first = build(guideline, root / "first", cwd=guideline, seed="1")
    second = build(Path("some where") / "example-marker", root / "second", cwd=root, seed="2")
    return root, guideline, first, second


def test_identical_input_gives_identical_bytes(made):
    root, _, first, second = made
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert contents(root / "first") == contents(root / "second")


def test_everything_is_there(made):
    root, *_ = made
    names = set(contents(root / "first"))
    for wanted in (
        "graph/example-marker.ttl",
        "graph/example-marker.jsonld",
        "graph/example-marker.nt",
        "python/example_marker.py",
        "flowcharts/PATH-marker.svg",
        "flowcharts/PATH-marker.mmd",
        "flowcharts/PATH-marker.dot",
        "site/index.html",
        "site/recommendations/index.html",
        "site/pathways/index.html",
        "site/thresholds/index.html",
        "site/observables/index.html",
        "site/sources/index.html",
        "site/queries/index.html",
        "site/verification/index.html",
        "site/downloads/index.html",
    ):
        assert wanted in names


def test_no_path_of_the_machine_is_written(made):
    root, *_ = made
    for path in (root / "first").rglob("*"):
        if path.is_file():
            assert str(root).encode() not in path.read_bytes(), path


def test_the_manifest_holds_the_hash_of_every_artefact(made):
    root, *_ = made
    manifest = json.loads((root / "first" / "manifest.json").read_text(encoding="utf-8"))
    found = contents(root / "first")
    assert manifest["artefacts"]
    assert all(found[each["path"]] == each["sha256"] for each in manifest["artefacts"])


def test_a_later_build_removes_only_what_an_earlier_one_made(made, tmp_path):
    root, guideline, *_ = made
    output = tmp_path / "out"
    shutil.copytree(root / "first", output)
    mine = output / "graph" / "notes.txt"
    mine.write_text("mine", encoding="utf-8")
    manifest = output / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["artefacts"].append({"path": "graph/old.ttl", "bytes": 0, "sha256": ""})
    told["artefacts"].append({"path": "../outside.txt", "bytes": 0, "sha256": ""})
    manifest.write_text(json.dumps(told), encoding="utf-8")
    (output / "graph" / "old.ttl").write_text("", encoding="utf-8")
    (tmp_path / "outside.txt").write_text("keep", encoding="utf-8")
    assert build(guideline, output, cwd=tmp_path).returncode == 0
    assert not (output / "graph" / "old.ttl").exists()
    assert mine.exists()
    assert (tmp_path / "outside.txt").exists()


def test_nothing_is_written_while_there_are_errors(made, tmp_path):
    _, guideline, *_ = made
    broken = tmp_path / "broken"
    new(broken)
    (broken / "extra.ttl").write_text("this is not Turtle", encoding="utf-8")
    done = build(broken, tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 1
    assert not (tmp_path / "out").exists()
    assert guideline.exists()


def test_every_diagnostic_code_has_a_page(made):
    root, *_ = made
    pages = {path.stem for path in (root / "first" / "site" / "codes").glob("*.html")}
    assert set(codes()) <= pages
