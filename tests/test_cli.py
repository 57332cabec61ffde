"""The command line as a whole: what it promises about streams, exits and options."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.cli import INTERRUPTED, help_text
from guidegraph.cli.group import cli
from guidegraph.scaffold import new


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "example-marker"
    new(folder)
    return folder


def invoke(*arguments: object):
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def shell(command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``guidegraph`` is this one."""
    line = command.replace("guidegraph", f"{sys.executable} -m guidegraph")
    return subprocess.run(
        ["sh", "-c", line, "sh", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_option_given_twice_is_refused(folder):
    patient = folder / "patient.json"
    twice = ("--setting", "marker-high=1500 ug/L", "--setting", "marker-high=1600 ug/L")
    told = invoke("decide", patient, folder, *twice)
    assert told.exit_code == 2
    assert "`marker-high` is given twice" in told.stderr


@pytest.mark.parametrize("question", ["SELECT * { ?s ?p", "LOAD <http://example.org/>", "none.rq"])
def test_findings_of_a_query_are_json_where_json_was_asked_for(folder, question):
    told = invoke("query", question, folder, "--format", "json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["findings"]
    assert told.stderr == ""


@pytest.mark.parametrize("place", ["", "graph", "queries/out"])
def test_nothing_is_built_among_the_files_of_the_guideline(folder, place):
    before = sorted(folder.rglob("*"))
    told = invoke("build", folder, "--output", folder / place)
    assert told.exit_code == 2
    assert "lies in the guideline folder" in told.stderr
    assert sorted(folder.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "closed",
    ["<&- >&- 2>&-", *(pytest.param(each, marks=pytest.mark.slow) for each in ("2>&-", ">&-"))],
)
def test_closed_streams_do_not_stop_a_check(folder, closed):
    assert shell(f'guidegraph check "$1" {closed}', folder).returncode == 0
    assert shell(f'guidegraph check "$1" {closed}', folder / "missing").returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_not_called_a_fault_of_ours():
    told = shell("guidegraph explain R014 >/dev/full")
    assert told.returncode == 1
    assert told.stderr == "The output could not be written: No space left on device.\n"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_device_without_end_is_refused_and_not_read(folder):
    told = invoke("decide", "/dev/zero", folder)
    assert told.exit_code == 1
    assert "error[E003]" in told.stderr


def test_an_interrupt_exits_with_130_and_no_traceback(monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("guidegraph.pipeline.load", interrupted)
    told = invoke("check", "anywhere")
    assert told.exit_code == INTERRUPTED
    assert told.stderr == "\nInterrupted.\n"


def test_help_is_the_same_with_and_without_click():
    shown = subprocess.run(
        [sys.executable, "-m", "guidegraph", "--help"], capture_output=True, check=True
    )
    assert shown.stdout.decode() == help_text() == invoke("--help").stdout


def test_help_does_not_import_click():
    script = (
        "import sys; sys.argv[1:] = ['--help']\n"
        "from guidegraph.cli import main; main()\n"
        "assert 'click' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
