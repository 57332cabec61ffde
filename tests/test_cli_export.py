"""``guidegraph export``: any target, its files in their places, and what it cannot say by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import guidegraph.build
import guidegraph.export
from guidegraph.cli.group import cli
from guidegraph.export import EXPORTERS, Artifact, ExportInput, Gap, gaps
from guidegraph.lower import lower
from guidegraph.scaffold import new
from program_example import scaffold


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "example-marker"
    new(folder)
    return folder


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


@dataclass(frozen=True, slots=True)
class Partial:
    """A target that cannot say two things."""

    name: str = "partial"
    description: str = "a target with gaps"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        yield Artifact("partial/one.txt", "one\n")

    def gaps(self, loaded: ExportInput) -> Iterator[Gap]:
        for subject in ("REC-2", "REC-1", "REC-2"):
            yield Gap("partial", subject, "its timing is left out.")
        yield Gap("partial", "REC-2", "the dose is only text.")


@pytest.fixture
def partial(monkeypatch) -> Partial:
    made = Partial()
    monkeypatch.setattr(guidegraph.export, "EXPORTERS", (made,))
    monkeypatch.setattr(guidegraph.build, "EXPORTERS", (*EXPORTERS, made))
    return made


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda each: each.name)
def test_every_target_is_written_where_a_build_writes_it(exporter, folder, tmp_path) -> None:
    told = invoke(exporter.name, folder, "--output", tmp_path, "--format", "json")
    assert told.exit_code == 0, told.stderr
    listed = json.loads(told.stdout)
    written = [each for each in sorted(tmp_path.rglob("*")) if each.is_file()]
    paths = [each.relative_to(tmp_path).as_posix() for each in written]
    assert sorted(each["path"] for each in listed["artefacts"]) == paths != []
    sizes = {each["path"]: each["bytes"] for each in listed["artefacts"]}
    assert sizes == {path: (tmp_path / path).stat().st_size for path in paths}


def test_a_target_of_one_file_can_be_printed(folder, tmp_path) -> None:
    printed = invoke("python", folder, "--output", "-")
    invoke("python", folder, "--output", tmp_path)
    assert printed.stdout_bytes == (tmp_path / "python" / "example_marker.py").read_bytes()


def test_a_target_of_several_files_cannot_be_printed(folder) -> None:
    told = invoke("graph", folder, "--output", "-")
    assert told.exit_code == 2
    assert "graph/example-marker.ttl" in told.stderr
    assert told.stdout == ""


def test_an_unknown_target_is_told_with_the_right_one_and_the_list(folder) -> None:
    told = invoke("pyhton", folder)
    assert told.exit_code == 2
    assert "There is no target `pyhton`. Did you mean `python`?" in told.stderr
    assert all(each.description in told.stderr for each in EXPORTERS)


def test_the_targets_are_listed() -> None:
    told = invoke("--list")
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.stdout.splitlines()] == [e.name for e in EXPORTERS]


def test_no_target_named_is_a_usage_error_with_the_list() -> None:
    told = invoke()
    assert told.exit_code == 2
    assert "Name a target" in told.stderr
    assert "flowchart" in told.stderr


def test_file_and_json_do_not_share_standard_output(folder) -> None:
    assert invoke("python", folder, "--output", "-", "--format", "json").exit_code == 2


def test_nothing_is_written_among_the_files_of_the_guideline(folder) -> None:
    before = sorted(folder.rglob("*"))
    assert invoke("python", folder, "--output", folder / "graph").exit_code == 2
    assert sorted(folder.rglob("*")) == before


def test_nothing_is_written_while_there_are_errors(folder, tmp_path) -> None:
    broken = tmp_path / "broken"
    new(broken)
    (broken / "more.ttl").write_text("d:a d:b\n", encoding="utf-8")
    told = invoke("python", broken, "--output", tmp_path / "out")
    assert told.exit_code == 1
    assert "error[" in told.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_a_usage_error(folder, tmp_path) -> None:
    (tmp_path / "python").write_text("a file\n", encoding="utf-8")
    told = invoke("python", folder, "--output", tmp_path)
    assert told.exit_code == 2
    assert "Cannot write to" in told.stderr


def test_an_unknown_reading_is_a_usage_error(folder, tmp_path) -> None:
    told = invoke("python", folder, "--output", tmp_path, "--reading", "no-point=no")
    assert told.exit_code == 2
    assert "no-point" in told.stderr


@pytest.mark.usefixtures("loaded_once")
def test_another_reading_gives_another_model(guideline, tmp_path) -> None:
    from conftest import GUIDELINE

    point = sorted(lower(guideline).readings)[0]
    default = lower(guideline).readings[point]
    other = next(each for each in guideline.entities[point].readings if each != default)
    chosen = f"{point}={other}"
    told = invoke("model", GUIDELINE, "--output", tmp_path, "--reading", chosen)
    assert told.exit_code == 0, told.stderr
    model = json.loads((tmp_path / "model" / f"{GUIDELINE.name}.json").read_text("utf-8"))
    assert model["program"]["readings"][point] == other


def test_most_targets_have_no_gaps() -> None:
    given = ExportInput(guideline=scaffold(), program=lower(scaffold()))
    python = next(each for each in EXPORTERS if each.name == "python")
    assert gaps(python, given) == ()


def test_gaps_are_told_by_name_in_one_note_for_each_thing(folder, tmp_path, partial) -> None:
    told = invoke("partial", folder, "--output", tmp_path)
    assert told.exit_code == 0
    lines = told.stderr.splitlines()
    notes = [number for number, line in enumerate(lines) if "note[X101]" in line]
    assert len(notes) == 2
    assert "`partial` cannot say all of `REC-1`." in lines[notes[0]]
    assert "Its timing is left out." in "\n".join(lines[notes[0] : notes[1]])
    assert "Its timing is left out. The dose is only text." in "\n".join(lines[notes[1] :])


def test_gaps_are_in_the_json(folder, tmp_path, partial) -> None:
    told = invoke("partial", folder, "--output", tmp_path, "--format", "json")
    assert json.loads(told.stdout)["gaps"] == [
        {"subject": "REC-1", "what": "its timing is left out."},
        {"subject": "REC-2", "what": "its timing is left out."},
        {"subject": "REC-2", "what": "the dose is only text."},
    ]


def test_a_build_tells_gaps_too(folder, tmp_path, partial) -> None:
    arguments = ["build", folder, "--output", tmp_path / "out", "--format", "json"]
    told = CliRunner().invoke(cli, [str(each) for each in arguments])
    assert told.exit_code == 0, told.stderr
    assert told.stderr.count("note[X101]") >= 2
    found = [each for each in json.loads(told.stdout)["gaps"] if each["target"] == "partial"]
    assert [each["subject"] for each in found] == ["REC-1", "REC-2", "REC-2"]
    page = (tmp_path / "out" / "site" / "downloads" / "index.html").read_text("utf-8")
    assert "A target with gaps." in page
    for exporter in EXPORTERS:
        assert exporter.description[1:].replace("'", "&#39;") in page.replace("&#x27;", "&#39;")
