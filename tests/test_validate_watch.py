"""``guidegraph validate --watch``: after each save only what is new and what is gone is told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.cli import watching
from guidegraph.cli.validate import command

PREFIXES = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = PREFIXES + (
    "ex:S sh:targetSubjectsOf ex:p ; sh:property ex:P .\n"
    'ex:P sh:path ex:p ; sh:maxCount 1 ; sh:message "Too many." .\n'
)
DATA = PREFIXES + "ex:a ex:p 1 , 2 .\nex:b ex:p 1 .\n"


class Desk:
    """Two files that are watched."""

    def __init__(self, folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self.shapes = folder / "data.ttl", folder / "shapes.ttl"
        self.data.write_text(DATA)
        self.shapes.write_text(SHAPES)
        self.watch = watching._Watch([self.data], [self.shapes], "auto", form)
        self.capsys = capsys
        self.saves = 0

    def told(self) -> str:
        out = self.capsys.readouterr()
        return out.out + out.err

    def begun(self) -> str:
        self.watch.begin()
        return self.told()

    def saved(self, path: Path, text: str) -> str:
        path.write_text(text)
        self.saves += 1
        os.utime(path, ns=(self.saves, self.saves))  # a clock may be too coarse for a test
        self.watch.look()
        return self.told()


def test_new_and_gone_findings_are_told_with_the_places_of_now(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    assert "data.ttl:2" in (first := desk.begun())
    assert "1 violation. 3 triples, 1 shape" in first
    assert desk.watch.status == 1
    told = desk.saved(desk.data, DATA + "\nex:c ex:p 1 , 2 .\n")
    assert "data.ttl:5" in told
    assert "data.ttl:2" not in told
    assert "2 violations" in told
    assert "no more: ex:a" in desk.saved(desk.data, DATA.replace("1 , 2", "1"))
    assert desk.watch.status == 0
    desk.watch.look()
    assert desk.told() == ""


def test_a_file_that_cannot_be_read_is_told_and_waited_for(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    desk.begun()
    assert "Z002" in desk.saved(desk.data, DATA + "ex:c ex:p ;; .\n")
    assert desk.watch.status == 1
    desk.data.unlink()
    desk.watch.look()
    told = desk.saved(desk.data, DATA + "ex:c ex:p 2 , 1 .\n")
    assert "data.ttl:4" in told
    assert "2 violations" in told


def test_shapes_that_change_judge_everything_anew(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    desk.begun()
    assert "Nothing found" in desk.saved(desk.shapes, SHAPES.replace("maxCount 1", "maxCount 2"))
    assert "2 violations" in desk.saved(desk.shapes, SHAPES.replace("maxCount 1", "maxCount 0"))


def test_json_is_one_object_a_line(tmp_path, capsys):
    desk = Desk(tmp_path, "json", capsys)
    (first,) = map(json.loads, desk.begun().splitlines())
    assert (len(first["new"]), first["gone"], first["results"]) == (1, [], 1)
    (change,) = map(json.loads, desk.saved(desk.data, DATA.replace("1 , 2", "1")).splitlines())
    assert change["conforms"] is True
    assert [each["focus"] for each in change["gone"]] == ["<https://example.org/a>"]
    assert change["new"] == []


@pytest.mark.parametrize("options", [["--format", "turtle"], ["--shapes", "a.ttl"]])
def test_what_cannot_be_watched_is_refused(options):
    done = CliRunner().invoke(command, ["a.ttl", "b.ttl", "--watch", *options])
    assert done.exit_code == 2


def test_watching_ends_when_it_is_interrupted(tmp_path, monkeypatch):
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.time, "sleep", interrupt)
    for name, text in (("d.ttl", DATA), ("s.ttl", SHAPES)):
        (tmp_path / name).write_text(text)
    done = CliRunner().invoke(
        command, [*map(str, (tmp_path / "d.ttl", tmp_path / "s.ttl")), "--watch"]
    )
    assert done.exit_code == 1
    assert "1 violation" in done.output


def test_a_file_that_is_gone_is_told_at_the_second_look_and_waited_for(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    desk.begun()
    desk.data.unlink()
    desk.watch.look()
    assert desk.told() == ""
    desk.watch.look()
    assert "error[Z001]" in desk.told()
    assert desk.watch.status == 1
    desk.watch.look()
    assert desk.told() == ""
    assert "Nothing found" in desk.saved(desk.data, DATA.replace("1 , 2", "1"))
    assert desk.watch.status == 0


def test_shapes_that_change_make_nobody_forget_data_that_cannot_be_read(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    desk.begun()
    assert "Z002" in desk.saved(desk.data, DATA + "ex:c ex:p ;; .\n")
    told = desk.saved(desk.shapes, SHAPES.replace("maxCount 1", "maxCount 2"))
    assert "Z002" in told
    assert "Nothing found" not in told
    assert desk.watch.status == 1
    assert "Nothing found" in desk.saved(desk.data, DATA)
    assert desk.watch.status == 0


def test_shapes_in_several_files_are_read_again_when_one_of_them_is_saved(tmp_path, capsys):
    desk = Desk(tmp_path, "text", capsys)
    target, rest = SHAPES.removeprefix(PREFIXES).splitlines()
    (more := tmp_path / "more.ttl").write_text(PREFIXES + rest)
    desk.shapes.write_text(PREFIXES + target)
    desk.watch = watching._Watch([desk.data], [desk.shapes, more], "auto", "text")
    assert "1 violation. 3 triples, 1 shape" in desk.begun()
    told = desk.saved(more, PREFIXES + rest.replace("maxCount 1", "maxCount 2"))
    assert "Nothing found. 3 triples, 1 shape" in told
    assert desk.watch.status == 0
