"""What can be wrong with a request to the endpoint, in words: the findings J1xx."""

from __future__ import annotations

from guidegraph.diagnostic import Diagnostic, Severity


def _fault(code: str, message: str, hint: str, why: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, why=why, help=hint)


def stranger(message: str, why: str, hint: str) -> Diagnostic:
    """J101: a request that comes from elsewhere."""
    return _fault("J101", message, hint, why)


def unreadable(message: str, hint: str) -> Diagnostic:
    """J102: a request that is none of the SPARQL Protocol, or asks for what is not there."""
    return _fault("J102", message, hint)


def read_only() -> Diagnostic:
    """J103: an update."""
    return _fault(
        "J103",
        "This endpoint can only be asked; it changes nothing.",
        "Edit the files of the guideline; the next answer is from what is saved then.",
        "A guideline changes in its files, where every change can be reviewed.",
    )


def other_graph(name: str) -> Diagnostic:
    """J104: a set of data other than the one there is."""
    return _fault(
        "J104",
        f"There is no graph `{name}` here.",
        "Leave default-graph-uri and named-graph-uri out.",
        "There is one graph, the default one: the guideline and the ontology. Nothing is fetched.",
    )


def no_form(wanted: str, there_are: str) -> Diagnostic:
    """J105: an answer in a form that is not made."""
    return _fault(
        "J105",
        f"This answer is not made in the form `{wanted}`.",
        f"Ask for one of {there_are}.",
        "Rows and truth values have other forms than graphs (CONSTRUCT, DESCRIBE).",
    )


def busy(at_once: int) -> Diagnostic:
    """J106: more questions than are answered at the same time."""
    return _fault(
        "J106",
        f"{at_once} queries are being answered, and as many as may wait are waiting.",
        "Ask again in a few seconds.",
        "More at the same time would only make each of them slower.",
    )


def not_loaded() -> Diagnostic:
    """J107: the graph could not be loaded, and not because of its files."""
    return _fault(
        "J107",
        "The graph could not be loaded: the process that keeps it has ended.",
        "Ask again; if it happens again, start the server anew.",
        "Most likely there is too little memory on this machine.",
    )
