"""Cohorts with faults: a data file, beside it what else the command is given (``.args``)."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner

from guidegraph.cli.group import cli


def told(example: Path, place: Path, guideline: str, monkeypatch) -> tuple[str, int]:
    """What a person is told about a cohort, and the exit code."""
    name = example.name
    shutil.copy(example, place / name)
    arguments = ["cohort", "--guideline", guideline]
    if name.endswith(".yaml"):
        (place / "rows.csv").write_text("person,observable,value\n", encoding="utf-8")
        arguments += ["rows.csv", "--mapping", name]
    else:
        arguments.append(name)
    extra = example.with_suffix(".args")
    if extra.exists():
        arguments += extra.read_text(encoding="utf-8").split()
    if name.startswith("K120"):
        from guidegraph.cohort import sampling

        def mistaken(self: sampling.Reference, rows: object) -> dict[str, str]:
            return {each.name: "defeated" for each in self.program.rules}

        monkeypatch.setattr(sampling.Reference, "statuses", mistaken)
    result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert (place / "cohort").exists() == ("error[" not in result.stderr)
    assert not [each for each in place.iterdir() if each.name.startswith(".cohort")]
    return result.stderr, result.exit_code
