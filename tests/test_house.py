"""The house rules a machine can check: floors, walls, style, types, and what may not be said."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY

PACKAGE = REPOSITORY / "toolkit" / "guidegraph"
MODULES = sorted(PACKAGE.rglob("*.py"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def test_imports_go_down():
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = run("-c", code)
    assert result.returncode == 0, result.stdout + result.stderr


def test_linter_is_content():
    result = run("-m", "ruff", "check", "--no-cache", ".")
    assert result.returncode == 0, result.stdout


def test_formatting_is_canonical():
    result = run("-m", "ruff", "format", "--no-cache", "--check", ".")
    assert result.returncode == 0, result.stdout


def test_types_hold():
    result = run("-m", "mypy", "--cache-dir", "/dev/null")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda each: str(each.relative_to(PACKAGE)))
def test_no_file_is_swollen(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400


def test_each_module_says_what_it_is_for():
    silent = [each for each in MODULES if not each.read_text(encoding="utf-8").startswith('"""')]
    assert not silent


def test_only_the_command_line_prints_or_exits():
    talking = [
        str(each.relative_to(PACKAGE))
        for each in MODULES
        if "cli" not in each.relative_to(PACKAGE).parts
        and re.search(r"^\s*(print\(|sys\.exit\()", each.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not talking


ROOMS_OF_MEANING = (
    "criteria",
    "entity",
    "evaluate",
    "kernel",
    "lower",
    "model",
    "patient",
    "units",
    "wording",
)


@pytest.mark.parametrize("room", ROOMS_OF_MEANING)
def test_no_binary_float_in_the_rooms_of_meaning(room):
    for path in [each for each in MODULES if each.relative_to(PACKAGE).parts[0].startswith(room)]:
        text = path.read_text(encoding="utf-8")
        code = re.sub(r'""".*?"""|#[^\n]*|"[^"\n]*"', "", text, flags=re.DOTALL)
        assert not re.search(r"\bfloat\b|(?<![\w.])\d+\.\d+", code), path


def test_nothing_speaks_of_the_machine_it_was_made_on():
    suffixes = {".py", ".md", ".ttl", ".yaml", ".toml", ".txt", ".j2", ".css", ".rq", ".json"}
    told = []
    for path in sorted(REPOSITORY.rglob("*")):
        inside = path.relative_to(REPOSITORY).parts
        if path.suffix not in suffixes or inside[0] in {"build", "dist"} or "." in inside[0][:1]:
            continue
        if re.search(r"/(tmp|root|work)/\w", path.read_text(encoding="utf-8", errors="replace")):
            told.append(str(Path(*inside)))
    assert told in ([], ["tests/test_house.py"])
