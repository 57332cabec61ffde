"""The command line: the only room that prints, exits or reads the clock.

Each command is a module of this package that exports ``command``; it is imported when it is asked
for, and so is click itself (``group``), so that ``guidegraph --help`` is quick.
"""

from __future__ import annotations

import errno
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

COMMANDS = {
    "agree": "Run every target and compare it with the reference.",
    "audit": "Recompute and compare what the evidence says; list errors, doubts and notes.",
    "build": "Check a guideline and write graph, decision logic, flowcharts and site.",
    "check": "Find faults in a guideline; print each with place, reason and help.",
    "cohort": "Say what a guideline recommends for a whole population.",
    "coverage": "Compare an inventory with what is encoded, and list what is missing.",
    "decide": "Say which recommendations hold for a patient, and why.",
    "edit": "Edit a guideline in the browser, on this machine only.",
    "explain": "Explain a diagnostic code.",
    "export": "Write the files of one target: Python, SQL, FHIR and others.",
    "fmt": "Write Turtle files in canonical form; keep comments, order and spelling.",
    "impact": "Show what depends on a study, document, claim or threshold.",
    "new": "Start a guideline of your own.",
    "normalise": "Print a patient file in the form that generated targets read.",
    "overlay": "Adapt a guideline locally: settings, limits, exceptions.",
    "plan": "Say what differs from an earlier version, and prove who gets something else.",
    "publish": "Put a version of a guideline on a triplestore, all of it or nothing.",
    "query": "Ask the graph a question in SPARQL.",
    "release": "Freeze a version of a guideline; prove that a file belongs to one.",
    "serve": "Show the site while it is edited, with the editor beside it.",
    "sheet": "Export a workbook for a committee; import what was changed in it.",
    "sources": "Verify passages and figures in the texts of the sources, or locate words.",
    "test": "Run the cases of a guideline and report what they cover.",
    "validate": "Judge any RDF data by SHACL shapes.",
    "verify": "Prove what holds for all patients; show a patient where it does not.",
}

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells give it."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Why output cannot be written although everything is right."""


def help_text() -> str:
    """What ``guidegraph --help`` prints."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {does}" for name, does in COMMANDS.items())
    return f"""\
Usage: guidegraph [OPTIONS] COMMAND [ARGS]...

  Write clinical guidelines as a knowledge graph: checked, executable, published.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
{commands}

  `guidegraph COMMAND --help` says more about a command.
  Example: guidegraph build guideline/covid19-coagulopathy
"""


def main() -> None:
    """Run the command line; exit 0 clean, 1 findings, 2 usage, 3 our fault, 130 interrupted."""
    _open_closed_streams()
    gc.set_threshold(200_000, 20, 100)  # graphs are large and live long: look at them seldom
    try:
        if sys.argv[1:] in (["-h"], ["--help"]):
            sys.stdout.write(help_text())
            sys.stdout.flush()
            return
        from guidegraph.cli.group import cli

        cli(prog_name="guidegraph")
    except BrokenPipeError:
        _write_no_more()
        sys.exit(1)
    except OSError as fault:
        if fault.errno not in _NO_ROOM:
            _blame_ourselves(fault)
        _write_no_more()
        sys.stderr.write(f"The output could not be written: {fault.strerror}.\n")
        sys.exit(1)
    except Exception as fault:
        _blame_ourselves(fault)


def _open_closed_streams() -> None:
    """Where standard output or error has been closed, what is said there goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))


def _write_no_more() -> None:
    """Let what is still to be written go nowhere, or Python complains about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _blame_ourselves(fault: Exception) -> NoReturn:
    """Say that this is a bug, and how to show where, and exit."""
    if os.environ.get("GUIDEGRAPH_TRACEBACK"):
        raise fault
    sys.stderr.write(
        f"guidegraph has failed: {type(fault).__name__}: {fault}\n"
        "This is a fault of guidegraph, not of your guideline. Please report it; run again "
        "with GUIDEGRAPH_TRACEBACK=1 to see where it happened.\n"
    )
    sys.exit(3)
