"""``guidegraph fmt``: files in canonical form, and what is left alone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.scaffold import new
from shipped_example import GUIDELINE

UNTIDY = "@prefix d: <https://example.org/d/> .\nd:x a d:C; d:p 1.50 .  # µ\n"
TIDY = "@prefix d: <https://example.org/d/> .\n\nd:x a d:C ;\n  d:p 1.50 .  # µ\n"


def fmt(*arguments: object, stdin: bytes | None = None):
    return CliRunner().invoke(cli, ["fmt", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A guideline folder with one untidy and one tidy file."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "own"
    (made / "more").mkdir(parents=True)
    (made / "a.ttl").write_bytes(UNTIDY.encode())
    (made / "more" / "b.ttl").write_bytes(TIDY.encode())
    return made


def test_a_folder_is_written_in_canonical_form(folder):
    told = fmt("own")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == (
        "own/a.ttl: written in canonical form.\n1 file written, 1 file unchanged.\n"
    )
    assert (folder / "a.ttl").read_bytes() == TIDY.encode()
    assert fmt("own").stdout == "2 files unchanged.\n"
    assert sorted(each.name for each in folder.iterdir()) == ["a.ttl", "more"]


def test_check_writes_nothing_and_names_the_first_line(folder):
    told = fmt("--check", "own")
    assert told.exit_code == 1
    assert "warning[W101]" in told.stderr
    assert "--> own/a.ttl:2" in told.stderr
    assert told.stdout == "1 file would change, 1 file unchanged.\n"
    assert (folder / "a.ttl").read_bytes() == UNTIDY.encode()
    assert fmt("--check", "own/more/b.ttl").exit_code == 0


def test_diff_shows_what_would_change(folder):
    told = fmt("--diff", folder / "a.ttl")
    assert told.exit_code == 1
    assert "-d:x a d:C; d:p 1.50 .  # µ\n+\n+d:x a d:C ;\n+  d:p 1.50 .  # µ\n" in told.stdout
    assert "--- own/a.ttl\n" in told.stdout
    assert (folder / "a.ttl").read_bytes() == UNTIDY.encode()


def test_standard_input_goes_to_standard_output():
    assert fmt("-", stdin=UNTIDY.encode()).stdout_bytes == TIDY.encode()
    crlf = fmt("-", stdin=b"\xef\xbb\xbf" + UNTIDY.replace("\n", "\r\n").encode())
    assert crlf.stdout_bytes == b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode()
    assert fmt("-", "--check", stdin=TIDY.encode()).exit_code == 0
    refused = fmt("-", stdin=b"d:x a")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "error[R0" in refused.stderr
    assert "error[R002]" in fmt("-", stdin=b"\xff").stderr
    assert fmt("-", "a.ttl").exit_code == 2


def test_json_says_what_became_of_each_file(folder):
    told = json.loads(fmt("own", "--check", "--diff", "--format", "json").stdout)
    assert [(each["file"], each["status"]) for each in told["files"]] == [
        ("own/a.ttl", "differs"),
        ("own/more/b.ttl", "unchanged"),
    ]
    assert told["files"][0]["diff"].startswith("--- own/a.ttl\n")
    assert [each["code"] for each in told["findings"]] == ["W101"]
    assert json.loads(fmt("own", "--format", "json").stdout)["files"][0]["status"] == "written"
    assert json.loads(fmt("-", "--format", "json", stdin=UNTIDY.encode()).stdout) == {
        "files": [{"file": "<stdin>", "status": "written", "text": TIDY}],
        "findings": [],
        "counts": {"error": 0, "warning": 0, "note": 0},
    }


def test_a_broken_file_is_reported_and_left_alone(folder):
    broken = "@prefix d: <https://example.org/d/> .\nd:x a d:C\nd:y a d:C .\n"
    (folder / "broken.ttl").write_text(broken)
    (folder / "latin.ttl").write_bytes(b"# \xb5\n")
    told = fmt("own")
    assert told.exit_code == 1
    assert "error[R015]" in told.stderr
    assert "--> own/broken.ttl:2" in told.stderr
    assert "error[R002]" in told.stderr
    assert told.stdout.endswith("1 file written, 2 files left alone, 1 file unchanged.\n")
    assert (folder / "broken.ttl").read_text() == broken
    assert (folder / "a.ttl").read_bytes() == TIDY.encode()


def test_mode_and_links_are_kept(folder, tmp_path):
    target = tmp_path / "elsewhere.ttl"
    target.write_bytes(UNTIDY.encode())
    target.chmod(0o640)
    link = tmp_path / "link.ttl"
    link.symlink_to(target)
    assert fmt(link).exit_code == 0
    assert link.is_symlink()
    assert target.read_bytes() == TIDY.encode()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    (folder / "linked.ttl").symlink_to(target)
    assert "is a link to another place" in fmt("own").stderr


def test_a_read_only_file_is_left_alone(folder):
    (folder / "a.ttl").chmod(0o444)
    told = fmt("own")
    assert told.exit_code == 1
    assert "error[W102]: The file cannot be written: it is read-only." in told.stderr
    assert (folder / "a.ttl").read_bytes() == UNTIDY.encode()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_file_is_whole_whatever_fails(folder, monkeypatch, step):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    told = fmt("own")
    assert told.exit_code == 1
    assert "No space left on device" in told.stderr
    assert (folder / "a.ttl").read_bytes() == UNTIDY.encode()
    assert sorted(each.name for each in folder.iterdir()) == ["a.ttl", "more"]


def test_a_file_changed_meanwhile_is_not_overwritten(folder, monkeypatch):
    from guidegraph.turtle import layout

    formatted = layout.formatted

    def slow(document: object) -> str:
        (folder / "a.ttl").write_text("# somebody else\n")
        return formatted(document)  # type: ignore[arg-type]

    monkeypatch.setattr(layout, "formatted", slow)
    told = fmt("own/a.ttl")
    assert "it was changed meanwhile by another program" in told.stderr
    assert (folder / "a.ttl").read_text() == "# somebody else\n"


def test_nothing_there_is_said(tmp_path):
    assert "There is no folder" in fmt(tmp_path / "none").stderr


def test_help_has_an_example():
    assert "Example: guidegraph fmt --check --diff guideline/" in fmt("--help").stdout


# --- what is shipped ------------------------------------------------------------------------------


def test_the_shipped_guideline_is_in_canonical_form():
    told = fmt("--check", GUIDELINE)
    assert told.exit_code == 0, told.output


def test_a_new_guideline_is_in_canonical_form(tmp_path):
    new(tmp_path / "mine")
    told = fmt("--check", tmp_path / "mine")
    assert told.exit_code == 0, told.output
