"""``guidegraph explain``: what a diagnostic code means and what to do about it."""

from __future__ import annotations

import json
from typing import Any

import click

from guidegraph import explain
from guidegraph.cli import options


@click.command("explain", epilog="Example: guidegraph explain R014")
@click.argument("code", required=False)
@click.option("--list", "listing", is_flag=True, help="List every code with its title.")
@options.format_option("text", "json")
def command(code: str | None, listing: bool, form: str) -> None:
    """Say what a diagnostic code means, why it matters and what to do.

    CODE is what stands in brackets before a finding, such as R014.
    """
    if listing == (code is not None):
        raise click.UsageError("Name one code, or ask for all with --list.")
    if code is None:
        _list(form)
        return
    found = _find(code)
    if form == "json":
        click.echo(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(found.markdown.rstrip("\n"))


def _find(code: str) -> explain.Explanation:
    wanted = code.strip().upper()
    if wanted not in explain.codes():
        near = explain.nearest(wanted)
        hint = f"Did you mean {', '.join(near)}?" if near else "See `guidegraph explain --list`."
        raise click.UsageError(f"There is no code {code}. {hint}")
    return explain.explanation(wanted)


def _list(form: str) -> None:
    every = [explain.explanation(code) for code in explain.codes()]
    if form == "json":
        brief = [
            {"code": each.code, "severity": each.severity, "title": each.title} for each in every
        ]
        click.echo(json.dumps(brief, indent=2, ensure_ascii=False))
        return
    for each in every:
        click.echo(f"{each.code}  {each.severity:<7}  {each.title}")


def _as_json(found: explain.Explanation) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "severity": found.severity,
        "sections": [{"title": name, "text": text} for name, text in found.sections],
    }
