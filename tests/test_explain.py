"""Explanations: every code has one, each is complete, and the command finds them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from guidegraph import explain
from guidegraph.cli.explain import command

GOOD = """# Z001: A title

severity: warning

## What it means

One.

## Why it matters

Two.

## What to do

Three.

## Example

```turtle
# comment
```
"""


@pytest.mark.parametrize("code", explain.codes())
def test_every_explanation_is_complete(code):
    found = explain.explanation(code)
    assert found.code == code
    assert found.title and not found.title.endswith(".")
    assert tuple(name for name, _ in found.sections) == explain.SECTIONS
    assert all(text for _, text in found.sections)
    assert "```" in found.section("Example")


def test_markdown_is_the_file_as_written():
    found = explain.parse(GOOD)
    assert found.markdown == GOOD
    assert found.section("What to do") == "Three."


@pytest.mark.parametrize(
    "spoilt",
    [
        GOOD.replace("severity: warning\n\n", ""),
        GOOD.replace("severity: warning", "severity: fatal"),
        GOOD.replace("## Why it matters", "## Why"),
        GOOD.replace("## What it means", "Stray words\n\n## What it means"),
        GOOD.replace("# Z001: A title", "# A title"),
        "",
    ],
)
def test_an_explanation_of_the_wrong_form_is_refused(spoilt):
    with pytest.raises(ValueError):
        explain.parse(spoilt)


def test_codes_are_sorted_and_unknown_ones_raise():
    assert list(explain.codes()) == sorted(explain.codes())
    assert "R014" in explain.codes()
    with pytest.raises(KeyError):
        explain.explanation("R999")
    with pytest.raises(KeyError):
        explain.explanation("../explain")


def test_nearest_codes_are_suggested():
    assert "R014" in explain.nearest("r0144")
    assert explain.nearest("R")[0].startswith("R")
    assert explain.nearest("?") == ()


def test_command_prints_the_explanation():
    for typed in ("R014", "r014"):
        result = CliRunner().invoke(command, [typed])
        assert result.exit_code == 0
        assert result.stdout == explain.explanation("R014").markdown


def test_command_gives_json_alone_on_stdout():
    result = CliRunner().invoke(command, ["R014", "--format", "json"])
    told = json.loads(result.stdout)
    assert (told["code"], told["severity"]) == ("R014", "error")
    assert [each["title"] for each in told["sections"]] == list(explain.SECTIONS)


def test_command_refuses_an_unknown_code_with_a_suggestion():
    result = CliRunner().invoke(command, ["R041"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no code R041" in result.stderr
    assert "Did you mean" in result.stderr


def test_command_lists_every_code():
    result = CliRunner().invoke(command, ["--list"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(explain.codes())
    told = json.loads(CliRunner().invoke(command, ["--list", "--format", "json"]).stdout)
    assert [each["code"] for each in told] == list(explain.codes())


@pytest.mark.parametrize("arguments", [[], ["R014", "--list"]])
def test_command_wants_one_code_or_the_list(arguments):
    assert CliRunner().invoke(command, arguments).exit_code == 2
