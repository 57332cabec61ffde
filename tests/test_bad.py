"""Every kind of fault has an example in ``bad/`` with its rendered finding beside it.

``pytest tests/test_bad.py --accept`` rewrites the findings; review them as a diff.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import refused_change
import refused_cohort
import refused_columns
import refused_edit
import refused_question
import refused_remote
import refused_save
import refused_sheet
from guidegraph.cache import Cache
from guidegraph.cli.group import cli
from guidegraph.scaffold import new
from release_example import few_targets, quick_build

BAD = Path(__file__).parent / "bad"
EXAMPLES = sorted(each for each in BAD.iterdir() if each.suffix not in (".txt", ".args"))
BASE = "example-marker"


@pytest.fixture(scope="session")
def base(tmp_path_factory) -> Path:
    """The small valid guideline that bad files are laid over."""
    folder = tmp_path_factory.mktemp("base") / BASE
    new(folder)
    return folder


def command_for(example: Path, folder: Path) -> list[str]:
    """The command line that meets the fault; copies the example to where it takes effect."""
    name = example.name
    if name.startswith("D"):
        return plan_command(example, folder)
    if name.startswith("B"):
        return release_command(example, folder)
    if name.startswith(("W0", "W1")):
        return text_command(example, folder)
    if name.startswith(("L7", "S62")):
        return overlay_command(example, folder)
    if name.startswith("Z"):  # data and shapes in one file
        shutil.copy(example, folder.parent / name)
        return ["validate", name, "--shapes", name]
    if name.startswith("N"):
        shutil.copy(example, folder.parent / name)
        return ["new", name.split("-")[1], "--from-json", name, "--guideline", BASE]
    if example.is_dir():
        shutil.rmtree(folder)
        shutil.copytree(example, folder)
        return ["check", BASE]
    if name.startswith("P"):
        texts = folder.parent / "texts"
        texts.mkdir()
        overlay = example.suffix == ".ttl"
        shutil.copy(folder / "source-example.txt" if overlay else example, texts / "EX.txt")
        if overlay:
            shutil.copy(example, folder / name)
        return ["sources", "verify", "texts", BASE]
    if example.suffix == ".ttl":
        if example.read_bytes().startswith(b"# base: none"):
            shutil.rmtree(folder)
            folder.mkdir()
        shutil.copy(example, folder / name)
        if name.startswith(("A", "L4")):
            return ["audit" if name.startswith("A") else "verify", BASE]
        return ["export"] if name.startswith("X") else ["check", BASE]
    if example.suffix == ".csv":
        shutil.copy(example, folder.parent / name)
        return ["check", BASE, "--retractions", name]
    if name.startswith("T"):
        shutil.copy(example, folder / "cases.yaml")
        return ["test", BASE]
    shutil.copy(example, folder.parent / name)
    return ["query" if example.suffix == ".rq" else "decide", name, BASE]


def plan_command(example: Path, folder: Path) -> list[str]:
    """A repository with the tags ``v0`` (nothing in it), ``v1`` (the guideline), and what is new.

    Of a Turtle file, lines that begin with ``#old`` are part of ``v1`` only, those that end with
    ``#new`` of the working folder only. Without the word "repository" there is none.
    """
    place = folder.parent
    text = example.read_text(encoding="utf-8")
    if example.suffix == ".ttl":
        was = [line.removeprefix("#old ") for line in text.splitlines() if line[-4:] != "#new"]
        (folder / example.name).write_text("\n".join(was) + "\n", encoding="utf-8")
    if "no-repository" not in example.stem:
        git(place, "init", "-q", "-b", "main")
        git(place, "commit", "-q", "--allow-empty", "-m", "Begin")
        git(place, "tag", "v0")
        git(place, "add", BASE)
        git(place, "commit", "-q", "-m", "Guideline")
        git(place, "tag", "v1")
    shutil.copy(example, (folder if example.suffix == ".ttl" else place) / example.name)
    return ["plan", BASE]


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)


def release_command(example: Path, folder: Path) -> list[str]:
    """A header to release, a file to verify, or a folder with releases (its ``.args`` say what)."""
    if example.is_dir():
        shutil.copytree(example, folder.parent, dirs_exist_ok=True)
        return ["release"]
    if example.suffix == ".ttl":
        shutil.copy(example, folder / "guideline.ttl")
        return ["release", "0.1.0", BASE]
    shutil.copy(example, folder.parent / example.name)
    return ["release", "verify", example.name]


def text_command(example: Path, folder: Path) -> list[str]:
    """A file to be brought into canonical form, or to be looked at."""
    shutil.copy(example, folder / example.name)
    if example.name.startswith("W102"):
        (folder / example.name).chmod(0o444)
        return ["fmt", f"{BASE}/{example.name}"]
    return ["fmt", "--check", f"{BASE}/{example.name}"]


def overlay_command(example: Path, folder: Path) -> list[str]:
    """A local adaptation: a file, or a folder whose ``upstream.ttl`` belongs to the guideline."""
    overlay = folder.parent / "overlay"
    overlay.mkdir()
    for each in sorted(example.iterdir()) if example.is_dir() else (example,):
        shutil.copy(each, (folder if each.name == "upstream.ttl" else overlay) / each.name)
    return ["overlay", "check", "overlay", "--of", BASE]


def findings(example: Path, base: Path, tmp_path: Path, monkeypatch) -> tuple[str, int]:
    """What a person is told (an audit and a verification tell it on stdout), and the exit code."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(base, tmp_path / BASE)
    if example.name.startswith("K"):
        return refused_cohort.told(example, tmp_path, BASE, monkeypatch)
    if example.suffix == ".change":
        return refused_change.told(example), 1
    if example.suffix == ".columns":
        return refused_columns.told(example, monkeypatch)
    if example.suffix == ".edit":
        return refused_edit.told(example, tmp_path)
    if example.suffix == ".save":
        return refused_save.told(example, tmp_path), 1
    if example.suffix == ".ask":
        return refused_question.told(example, tmp_path / BASE, monkeypatch)
    if example.suffix == ".remote":
        return refused_remote.told(example, tmp_path / BASE, monkeypatch)
    if example.suffix == ".sheet":
        return refused_sheet.told(example, tmp_path / BASE, monkeypatch)
    arguments = command_for(example, tmp_path / BASE)
    if example.suffix == ".ttl" and example.read_bytes().startswith(b"# without: z3"):
        monkeypatch.setitem(sys.modules, "z3", None)
    extra = example.with_suffix(".args")
    if arguments[0] == "release":  # of what a build makes, no finding says anything
        few_targets(monkeypatch)
        quick_build(monkeypatch, Cache(tmp_path / "proofs"))
    if extra.exists():
        arguments += extra.read_text(encoding="utf-8").split()
    result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    if arguments[0] in ("audit", "verify"):
        return only(result.stdout, example.stem.split("-")[0]), result.exit_code
    if arguments[0] == "release":  # which targets ran differs from machine to machine
        return only(result.stderr, example.stem.split("-")[0]), result.exit_code
    return result.stderr, result.exit_code


def only(printed: str, code: str) -> str:
    """What is said under one code; the example guideline has findings of its own as well."""
    told = [each for each in printed.split("\n\n") if re.match(rf"\w+\[{code}\]", each)]
    return "\n\n".join(told).rstrip("\n") + "\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.stem)
def test_fault_is_reported_as_expected(example, base, tmp_path, monkeypatch, accept):
    told, exit_code = findings(example, base, tmp_path, monkeypatch)
    code = example.stem.split("-")[0]
    expected = example.with_suffix(".txt")
    if accept:
        expected.write_text(told, encoding="utf-8")
    assert re.search(rf"^(error|warning|doubt|note)\[{code}\]", told, re.MULTILINE), told
    assert told == expected.read_text(encoding="utf-8")
    severity = re.search(rf"^(\w+)\[{code}\]", told, re.MULTILINE)
    assert severity is not None
    assert exit_code == (0 if "error[" not in told and "warning[" not in told else 1)
    assert "Traceback" not in told
    assert str(tmp_path) not in told


def test_every_code_has_an_example():
    from guidegraph.explain import codes

    shown = {each.stem.split("-")[0] for each in EXAMPLES}
    assert shown == set(codes())


def test_every_code_that_is_emitted_is_explained():
    from guidegraph import resources
    from guidegraph.explain import codes

    package = resources.PACKAGE
    emitted = set()
    for path in sorted(package.rglob("*.py")):
        emitted |= set(re.findall(r'"([A-Z]\d{3})"', path.read_text(encoding="utf-8")))
    for path in sorted(resources.ontology_folder().rglob("*.ttl")):
        found = re.findall(r'gg:code\s+"([A-Z]\d{3})"', path.read_text(encoding="utf-8"))
        emitted |= set(found)
    assert emitted == set(codes())
