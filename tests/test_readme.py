"""What README.md shows is true: its commands run, its files exist, its picture is today's."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from conftest import REPOSITORY
from guidegraph.cli.group import cli
from guidegraph.export.flowchart.chart import flowchart
from guidegraph.model import Guideline
from guidegraph.pictures.diagram import draw

README = (REPOSITORY / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(?:sh|console)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
PICTURE = REPOSITORY / "site" / "pictures" / "ddimer-course.svg"
PATHWAY = "PATH-ddimer-course"
SVG = "{http://www.w3.org/2000/svg}"
EXTRA = REPOSITORY / "tests" / "bad" / "U103-implausible-threshold.ttl"
MADE_BY_THE_READER = ("build/", "my-guideline")
PATIENT = "guidegraph decide guideline/covid19-coagulopathy/patient.json"


def commands() -> list[tuple[str, tuple[str, ...]]]:
    """Every ``guidegraph`` command of the code blocks, and the output lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCKS:
        for line in block.splitlines():
            if started := re.match(r"(?:\$ )?(?:.*&& )?(guidegraph .*)", line):
                found.append((started[1], []))
            elif found and "$ guidegraph" in block:
                found[-1][1].append(line)
    return [(command, tuple(shown)) for command, shown in found]


COMMANDS = commands()
QUICK = [each for each in COMMANDS if shlex.split(each[0], comments=True)[1:] != ["build"]]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the parts of a checkout that the commands read, and the reader's guideline."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "guideline").symlink_to(REPOSITORY / "guideline")
    (folder / "site").symlink_to(REPOSITORY / "site")
    assert run("guidegraph new my-guideline", folder).returncode == 0
    return folder


ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "100"}


def words_of(command: str) -> list[str]:
    """The words of a command without its first; what it sends to a file is left in its output."""
    words = shlex.split(command, comments=True)
    words = words[: words.index(">")] if ">" in words else words
    assert words[0] == "guidegraph"
    return words[1:]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as it is written."""
    return subprocess.run(
        [sys.executable, "-m", "guidegraph", *words_of(command)],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )


def run_here(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command about the shipped guideline in this process, which has it loaded already."""
    words = words_of(command)
    with contextlib.chdir(folder):
        done = CliRunner(env=ENVIRONMENT).invoke(cli, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def is_told(line: str, output: str) -> bool:
    """Whether a shown line is in the output; one that ends with a dot of three is its beginning."""
    told = output.splitlines()
    beginning = line.removesuffix("…").rstrip()
    return line in told or (line.endswith("…") and any(e.startswith(beginning) for e in told))


def test_the_code_blocks_show_every_step_of_the_tour() -> None:
    shown = {shlex.split(command)[1] for command, _ in COMMANDS}
    assert {"build", "decide", "check", "test", "query", "new", "normalise"} <= shown


@pytest.mark.usefixtures("loaded_once")
@pytest.mark.parametrize(("command", "shown"), QUICK, ids=[each for each, _ in QUICK])
def test_a_command_of_the_readme_runs_and_prints_what_is_shown(
    checkout: Path, tmp_path: Path, command: str, shown: tuple[str, ...]
) -> None:
    folder = checkout
    if command.startswith("guidegraph new "):
        folder = tmp_path
    is_faulty = any(line.startswith("error[") for line in shown)
    extra = checkout / "my-guideline" / "extra.ttl"
    if is_faulty:
        shutil.copy(EXTRA, extra)
    done = (run if "my-guideline" in command else run_here)(command, folder)
    extra.unlink(missing_ok=True)
    is_warned = command.startswith("guidegraph verify") and " 0 warnings" not in shown[0]
    assert done.returncode == (1 if is_faulty or is_warned else 0), done.stderr
    output = done.stdout + done.stderr
    assert [line for line in shown if line and not is_told(line, output)] == []


@pytest.mark.slow
def test_the_main_job_and_the_module_it_makes_run_as_shown(checkout: Path) -> None:
    assert run("guidegraph build", checkout).returncode == 0
    normalised = next(each for each, _ in COMMANDS if each.startswith("guidegraph normalise"))
    (checkout / "wire.json").write_text(run(normalised, checkout).stdout, "utf-8")
    module = next(line for block in BLOCKS for line in block.splitlines() if "build/python" in line)
    program, *rest = shlex.split(module)
    assert program == "python"
    subprocess.run([sys.executable, *rest], cwd=checkout, check=True, capture_output=True)


@pytest.mark.usefixtures("loaded_once")
@pytest.mark.parametrize("option", re.findall(r"`(--(?:reading|setting) [^`]+)`", README))
def test_an_option_named_in_the_readme_is_accepted(checkout: Path, option: str) -> None:
    assert run_here(f"{PATIENT} {option}", checkout).returncode == 0


def test_a_code_named_in_the_readme_is_explained(checkout: Path) -> None:
    named = re.findall(r"`(guidegraph explain \w+)`", README)
    assert named
    for command in named:
        assert run(command, checkout).returncode == 0


def test_every_file_named_in_the_readme_exists() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    quoted = [
        word
        for text in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
        for word in text.split()
        if re.fullmatch(r"[\w.-]+/[\w./-]*", word)
    ]
    named = {each for each in (*linked, *quoted) if not each.startswith(MADE_BY_THE_READER)}
    assert {"ARCHITECTURE.md", "site/how-to-edit.md", "tests/bench/bench_cli.py"} <= named
    inside = {"graph/", "python/", "flowcharts/"}  # of build/
    missing = {each for each in named - inside if not (REPOSITORY / each).exists()}
    assert missing == set()


def parts(svg: str) -> tuple[set[object], set[object]]:
    """The boxes and arrows of a drawing with their words, wherever they are drawn."""
    root = ET.fromstring(svg)
    boxes = {
        (box.get("data-node"), box.get("class"), box.get("aria-label"), words(box))
        for box in root.iter(f"{SVG}a")
    }
    arrows = {
        (*(group.get(f"data-{each}") for each in ("from", "to", "branch")), words(group))
        for group in root.iter(f"{SVG}g")
        if group.get("data-from")
    }
    return boxes, arrows


def words(group: ET.Element) -> str:
    return " ".join(" ".join(each.itertext()) for each in group.iter(f"{SVG}text"))


def test_the_picture_shows_the_pathway_as_it_is_drawn_now(
    guideline: Guideline, accept: bool
) -> None:
    """Places may differ with the version of Graphviz; boxes, arrows and words may not."""
    assert f"({PICTURE.relative_to(REPOSITORY).as_posix()})" in README
    drawn = draw(flowchart(guideline, PATHWAY))
    if accept:
        PICTURE.write_text(drawn, "utf-8")
    kept, now = parts(PICTURE.read_text("utf-8")), parts(drawn)
    assert kept == now
    assert len(now[0]) > 20
    assert len(now[1]) > 20
