"""Every kind of fault has an example in ``bad/`` with its rendered finding beside it.

``pytest tests/test_bad.py --accept`` rewrites the findings; review them as a diff.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.scaffold import new

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


def findings(example: Path, base: Path, tmp_path: Path, monkeypatch) -> tuple[str, int]:
    """What a person is told (an audit and a verification tell it on stdout), and the exit code."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(base, tmp_path / BASE)
    arguments = command_for(example, tmp_path / BASE)
    extra = example.with_suffix(".args")
    if extra.exists():
        arguments += extra.read_text(encoding="utf-8").split()
    result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    if arguments[0] in ("audit", "verify"):
        return only(result.stdout, example.stem.split("-")[0]), result.exit_code
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
