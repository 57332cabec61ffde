"""``guidegraph new recommendation`` and its like: ask, check, write, and check again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from guidegraph.cli import options
from guidegraph.diagnostic import Diagnostic, Location
from guidegraph.wording import plural

if TYPE_CHECKING:
    from guidegraph.forms.answers import Asking, Filled, Stated
    from guidegraph.forms.form import Field
    from guidegraph.forms.kinds import Kind, Question
    from guidegraph.turtle.changes import Create
    from guidegraph.turtle.values import Value
    from guidegraph.workspace.workspace import Draft, Workspace

THINGS = {
    "recommendation": "Add a recommendation: when, who, what, to whom, how strongly, why.",
    "claim": "Add a claim that a source makes.",
    "study": "Add a study.",
    "threshold": "Add a limit, as it is printed and as it is executed.",
    "pathway": "Add a care pathway that begins, does one thing and ends.",
}
"""The kinds of things; ``forms.kinds`` says what is asked about each."""

STDIN = "-"
_SHOWN = 12
_DECIMALS = {"point": ".", "comma": ","}


def thing_commands() -> Iterator[click.Command]:
    """One command for each kind."""
    for name, does in THINGS.items():
        yield _command(name, does)


def _command(name: str, does: str) -> click.Command:
    @click.command(
        name,
        epilog=f"Example: guidegraph new {name} --guideline my-guideline",
        short_help=does,
        help=f"""{does}

        What must be known is asked, and each answer is checked at once. Things are named by their
        name in the files, their label or their notation; `?` lists them. Nothing a source does not
        state is filled in: strength, certainty and design are NotStated unless you say otherwise,
        and what is new is a draft.

        The new thing is written into the file where the others of its kind stand and then checked.
        """,
    )
    @click.option(
        "--guideline",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The guideline folder; by default the only one under guideline/.",
    )
    @click.option(
        "--from-json",
        "answers",
        metavar="FILE",
        help="Take the answers from a JSON object in a file, or from standard input (-).",
    )
    @click.option("--dry-run", is_flag=True, help="Print the Turtle and write nothing.")
    @click.option(
        "--decimal",
        type=click.Choice(tuple(_DECIMALS)),
        help="How decimals are typed, where numbers such as 1.500 would be asked about.",
    )
    def command(
        guideline: Path | None, answers: str | None, dry_run: bool, decimal: str | None
    ) -> None:
        _make(name, guideline, answers, dry_run, decimal)

    return command


def somebody_is_there() -> bool:
    """Whether questions can be asked."""
    return sys.stdin.isatty()


def _make(
    name: str, guideline: Path | None, answers: str | None, dry_run: bool, decimal: str | None
) -> None:
    from guidegraph.forms.kinds import kind
    from guidegraph.forms.thing import creates, name_for
    from guidegraph.workspace.workspace import Workspace

    if answers is None and not somebody_is_there():
        raise click.UsageError(
            "Questions can be asked on a terminal only, and this is none. Give the answers with "
            "--from-json FILE, or with --from-json - on standard input."
        )
    folder = options.folder_of(guideline)
    workspace = Workspace.open(folder)
    asked, namespace = _begin(workspace, kind(name), decimal)
    if answers is None:
        stated, local = _ask_all(asked, namespace)
    else:
        filled = _read(asked, answers, namespace)
        stated, local = filled.stated, filled.name or name_for(asked, filled.stated, namespace)
    changes = creates(asked, stated, local, namespace)
    draft = workspace.draft(changes)
    turtle = "\n\n".join(_blocks(draft, changes))
    if dry_run:
        click.echo(turtle)
        return
    if answers is None:
        click.echo(f"\n{turtle}\n", err=True)
        if not click.confirm("Write this?", default=True, err=True):
            click.echo("Nothing was written.", err=True)
            return
    _write(folder, draft, changes)


def _begin(workspace: Workspace, kind: Kind, decimal: str | None) -> tuple[Asking, str]:
    """What is to be asked, and with what the names of the guideline begin."""
    from rdflib import RDF, URIRef

    from guidegraph.forms.answers import asking
    from guidegraph.forms.known import known
    from guidegraph.forms.reading import Habits
    from guidegraph.forms.shapes import with_own
    from guidegraph.read.ontology import ontology
    from guidegraph.terms import expand
    from guidegraph.workspace.graph import graph_of

    graph = graph_of(workspace)
    header = graph.value(None, RDF.type, URIRef(expand("gg:Guideline")))
    space = URIRef(expand("vann:preferredNamespaceUri"))
    namespace = graph.value(header, space) if header is not None else None
    if namespace is None:
        raise click.UsageError(
            f"The guideline in {workspace.folder} does not say with what its names begin. Add "
            "vann:preferredNamespaceUri to its description; `guidegraph check` says more."
        )
    prefixes = {
        name: space
        for each in workspace.documents.values()
        for name, space in each.prefixes.items()
    }
    there = known(graph, ontology(), prefixes)
    habits = Habits(mark=_DECIMALS.get(decimal or "", ""))
    return asking(kind, there, with_own(ontology(), graph), habits), str(namespace)


# ---- answers from a file ---------------------------------------------------------------------


def _read(asked: Asking, answers: str, namespace: str) -> Filled:
    """The answers of a file; whatever is wrong with them is shown, and the command ends."""
    from guidegraph.forms import faults
    from guidegraph.forms.answers import from_json, parsed
    from guidegraph.forms.names import against

    file = "<stdin>" if answers == STDIN else answers
    try:
        data = sys.stdin.buffer.read() if answers == STDIN else Path(answers).read_bytes()
        text = data.decode("utf-8-sig")
        given = parsed(text)
    except OSError as fault:
        _stop([faults.no_json(fault.strerror or str(fault), Location(file, 1))])
    except UnicodeDecodeError:
        _stop([faults.no_json("the text is not UTF-8", Location(file, 1))])
    except json.JSONDecodeError as fault:
        at = Location(file, fault.lineno, fault.colno)
        _stop([faults.no_json(fault.msg[:1].lower() + fault.msg[1:], at)])
    except (ValueError, RecursionError) as fault:
        _stop([faults.no_json(str(fault), Location(file, 1))])
    if not isinstance(given, dict):
        _stop([faults.no_json("it is not one object", Location(file, 1))])
    filled = from_json(asked, given, _places(text, file))
    if filled.name and (wrong := against(filled.name, asked.known, namespace)):
        filled.findings.append(wrong)
    if filled.findings:
        _stop(filled.findings)
    return filled


def _places(text: str, file: str) -> Callable[[str], Location]:
    def place(name: str) -> Location:
        at = text.find(json.dumps(name, ensure_ascii=False)) if name else 0
        return Location(file, text.count("\n", 0, max(at, 0)) + 1)

    return place


def _stop(findings: Iterable[Diagnostic]) -> NoReturn:
    options.finish(findings, "text")


# ---- answers from a person -------------------------------------------------------------------


def _ask_all(asked: Asking, namespace: str) -> tuple[Stated, str]:
    """Ask every question; an answer that does not fit is asked for again, with the reason."""
    from guidegraph.forms.names import against
    from guidegraph.forms.thing import name_for

    click.echo(
        f"A new {asked.kind.name} in {namespace}\n"
        "An empty answer takes what stands in brackets; ? lists what can be named; Ctrl-C stops "
        "and writes nothing.\n",
        err=True,
    )
    stated: Stated = {}
    for question in asked.kind.questions:
        if asked.is_asked(question, stated):
            _ask(asked, question, stated)
    local = name_for(asked, stated, namespace)
    while True:
        typed = click.prompt("Its name in the files", default=local, err=True).strip()
        wrong = against(typed, asked.known, namespace)
        if wrong is None:
            return stated, typed
        _say(wrong)


def _ask(asked: Asking, question: Question, stated: Stated) -> None:
    """Ask one question until it is answered; the properties of several are offered in turn."""
    from guidegraph.forms.answers import why_asked

    while True:
        for number, term in enumerate(question.terms):
            each = asked.field_of(question, term)
            words = question.words if not number else f"or: {each.label}"
            values = _ask_once(asked, question, each, words)
            if values:
                stated[each.path] = values
                return
        if not asked.must_answer(question, stated):
            return
        click.echo(f"  This must be answered. {why_asked(asked, question)}".rstrip(), err=True)


def _ask_once(asked: Asking, question: Question, each: Field, words: str) -> tuple[Value, ...]:
    """The values for one property; nothing where the answer is empty and has no default."""
    from guidegraph.forms.answers import answered

    default = asked.default(question)
    if each.choices and len(each.choices) <= _SHOWN:
        click.echo(f"  {_names(each, asked)}", err=True)
    while True:
        shown: Any = question.default or ""
        typed = click.prompt(words, default=shown, show_default=bool(shown), err=True).strip()
        if typed == "?":
            click.echo(f"  {each.help}\n  {_names(each, asked)}".rstrip(), err=True)
            continue
        if not typed:
            return (default,) if default is not None else ()
        values, findings = answered(asked, each, typed)
        if not findings:
            return values
        for one in findings:
            _say(one)


def _names(each: Field, asked: Asking) -> str:
    """What can be named here: names in files with their labels."""
    from guidegraph.terms import local_name
    from guidegraph.turtle.values import Iri

    if each.choices:
        told = [
            f"{local_name(c.value.iri)} ({c.label})" if isinstance(c.value, Iri) else c.label
            for c in each.choices
        ]
    else:
        told = [f"{one.local} ({one.label})" for one in asked.known.of(each.chosen_from)]
    if each.unit_choices:
        return "units: " + ", ".join(one.label for one in each.unit_choices)
    return "; ".join(told) or "Words of your own."


def _say(finding: Diagnostic) -> None:
    click.echo(f"  {finding.message} {finding.help or ''}".rstrip(), err=True)


# ---- writing ---------------------------------------------------------------------------------


def _blocks(draft: Draft, changes: tuple[Create, ...]) -> Iterator[str]:
    """The new blocks as they will stand in their files."""
    for each in changes:
        file = draft.result.file_of(each.subject)
        assert file is not None
        for block in draft.result.documents[file].blocks(each.subject):
            yield block.text.strip()


def _write(folder: Path, draft: Draft, changes: tuple[Create, ...]) -> None:
    """Save, say where, check the whole, and show what is found about the new thing."""
    from guidegraph.pipeline import load
    from guidegraph.terms import local_name
    from guidegraph.workspace.saving import save

    saved = save(folder, draft)
    for file in saved.files:
        click.echo(f"Wrote {local_name(changes[0].subject)} to {folder / file}.", err=True)
    with options.Progress() as progress:
        found = load(folder, progress.step).findings
    new = [each for each in found if _is_about(each, draft, changes)]
    if others := len(found) - len(new):
        click.echo(
            f"The guideline has {plural(others, 'other finding')}; see `guidegraph check`.",
            err=True,
        )
    if not new:
        click.echo("The check has no findings about it.", err=True)
    options.finish(new, "text")


def _is_about(finding: Diagnostic, draft: Draft, changes: tuple[Create, ...]) -> bool:
    """Whether a finding names the new thing, or stands in its lines."""
    from guidegraph.terms import local_name

    at = finding.at
    for each in changes:
        if finding.subject == local_name(each.subject):
            return True
        document = draft.result.documents[draft.result.file_of(each.subject) or ""]
        spans = document.lines(each.subject) if at and at.file == document.file else ()
        if at and any(first <= at.line <= last for first, last in spans):
            return True
    return False
