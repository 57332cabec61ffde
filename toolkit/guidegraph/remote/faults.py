"""What can go wrong between two machines, in words: the findings Y1xx."""

from __future__ import annotations

from guidegraph.diagnostic import Diagnostic, Severity

NOTHING_USED = "Nothing of what it sent has been used."


def _fault(code: str, message: str, why: str, hint: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, why=why, help=hint)


# ---- addresses and logins --------------------------------------------------------------------


def no_address(reason: str) -> Diagnostic:
    """Y101: a text that is no address of the web."""
    return _fault(
        "Y101",
        f"The address of the endpoint cannot be used: {reason}.",
        "Only http and https are spoken; nothing has been sent.",
        "Write the whole address, such as https://graphs.example.org/sparql.",
    )


def password_in_address() -> Diagnostic:
    """Y101: a login in the address."""
    return _fault(
        "Y101",
        "There is a login in the address of the endpoint. It has not been used.",
        "What is written on a command line can be read by others on this machine, and is kept in "
        "the history of the shell.",
        "Leave it out, and give GUIDEGRAPH_USER and GUIDEGRAPH_PASSWORD in the environment, or "
        "a netrc file. Choose another password if others use this machine.",
    )


def unknown_server(place: str) -> Diagnostic:
    """Y101: where queries and updates go cannot be told."""
    return _fault(
        "Y101",
        f"It cannot be told from {place} where this server takes queries and updates.",
        "Each make of server has other addresses for them.",
        "Name them with --query and --update; “Running on a triplestore” lists them.",
    )


def unreadable_logins(reason: str) -> Diagnostic:
    """Y106: a netrc file with a fault."""
    return _fault(
        "Y106",
        f"The file with logins (netrc) cannot be used: {reason}.",
        "Without it, it is not known who asks.",
        "Correct the file or its rights (chmod 600), or set GUIDEGRAPH_USER and "
        "GUIDEGRAPH_PASSWORD.",
    )


def unusable_name() -> Diagnostic:
    """Y106: a name with an end of a line or the like in it."""
    return _fault(
        "Y106",
        "The name of the login cannot be used: there is an end of a line in it, or another sign "
        "that is not to be seen.",
        "It could change the request in which it is sent; nothing has been sent.",
        "Correct GUIDEGRAPH_USER, or the netrc file.",
    )


def unprotected(place: str) -> Diagnostic:
    """Y111: a password would go over the network as it is."""
    return _fault(
        "Y111",
        f"{place} asks for a password in a way that everybody on the network can read.",
        "Basic authentication without https protects nothing. The password has not been sent.",
        "Use the https address of the server, or a tunnel to it (ssh -L).",
    )


# ---- no answer -------------------------------------------------------------------------------


def unreachable(place: str, reason: str) -> Diagnostic:
    """Y102: nobody there, or the line broke before an answer."""
    return _fault(
        "Y102",
        f"{place} cannot be reached: {reason}.",
        "The server is not running, the address is another one, or the network is down.",
        "Check the address and whether the server runs, then try again.",
    )


def slow(place: str, seconds: int) -> Diagnostic:
    """Y103: no whole answer in time."""
    return _fault(
        "Y103",
        f"{place} had not answered completely after {seconds} s. {NOTHING_USED}",
        "The server is busy, or the work is too much for it.",
        "Try again later, ask for less, or allow more time (--timeout).",
    )


# ---- an answer that is none ------------------------------------------------------------------


def other_kind(place: str, sent: str, wanted: str) -> Diagnostic:
    """Y104: HTML, or anything else that is not what was asked for."""
    named = f"“{sent}”" if sent else "something without a type"
    return _fault(
        "Y104",
        f"{place} sent {named} instead of {wanted}. {NOTHING_USED}",
        "A page for people comes from a form, a login page or a proxy, not from the endpoint "
        "itself.",
        "Check the address: the endpoint is often /sparql or /query, not the page about it.",
    )


def not_whole(place: str, how: str) -> Diagnostic:
    """Y105: half an answer."""
    return _fault(
        "Y105",
        f"The answer of {place} is not whole: {how}. {NOTHING_USED}",
        "A part of an answer looks like a whole one: whatever is counted in it would be wrong.",
        "Try again; if the server limits its answers, ask for less (LIMIT) or have its limit "
        "raised.",
    )


def denied(place: str, status: int, tried: bool) -> Diagnostic:
    """Y106: 401 or 403."""
    given = "The login that was given is not accepted there." if tried else "No login was given."
    return _fault(
        "Y106",
        f"{place} does not let you in ({status}).",
        given,
        "Set GUIDEGRAPH_USER and GUIDEGRAPH_PASSWORD, or write the login into a netrc file; ask "
        "whoever runs the server for the right to do this.",
    )


def refused(place: str, status: int, words: str) -> Diagnostic:
    """Y107: any other 4xx."""
    return _fault(
        "Y107",
        f"{place} refuses the request ({status}).",
        f"It says: {words}" if words else "It gives no reason.",
        "Check the address, and whether this server can do what is asked for.",
    )


def failed(place: str, status: int, words: str) -> Diagnostic:
    """Y108: 5xx."""
    return _fault(
        "Y108",
        f"{place} has failed ({status}).",
        f"It says: {words}" if words else "It gives no reason.",
        "Try again later; whoever runs the server finds the cause in its log.",
    )


def elsewhere(place: str, where: str) -> Diagnostic:
    """Y109: a redirect."""
    return _fault(
        "Y109",
        f"{place} sends you elsewhere: {where or 'it does not say where'}.",
        "Only the address that you name is called; logins and guidelines go nowhere else.",
        "If you trust that place, name it yourself.",
    )


def too_large(place: str, megabytes: int) -> Diagnostic:
    """Y110: more bytes than an answer may have."""
    return _fault(
        "Y110",
        f"The answer of {place} is larger than {megabytes} MB. {NOTHING_USED}",
        "An answer without end would fill the memory of this machine.",
        "Ask for less, or take it in pieces (ORDER BY with LIMIT and OFFSET).",
    )


# ---- publishing ------------------------------------------------------------------------------


def no_version() -> Diagnostic:
    """Y115: a guideline whose version has no name."""
    return _fault(
        "Y115",
        "The guideline does not say which version it is.",
        "A graph is called by the IRI of its version; versions must not overwrite each other.",
        'Write owl:versionInfo "1.0.0" (or another version) in the header of the guideline.',
    )


def altered(place: str, how: str, accepted: bool, only_numbers: bool) -> Diagnostic:
    """Y116: a server that stores something else; Y117: numbers only, and that was accepted."""
    if accepted:
        return Diagnostic(
            code="Y117",
            severity=Severity.NOTE,
            message=f"{place} stores numbers as others: {how}.",
            why="This server cannot hold them exactly. You have accepted that (--accept-altered).",
            help="Take these values from the files of the guideline, never from this server.",
        )
    hint = "Use a server that stores what it is sent"
    if only_numbers:
        hint += ", or accept that these numbers are wrong there (--accept-altered)"
    return _fault(
        "Y116",
        f"{place} has stored something else than was sent: {how}.",
        "A value that a server has changed looks like that of the guideline.",
        f"{hint}.",
    )


def not_published(graph: str, kept: str, is_new: bool) -> Diagnostic:
    """Y112: the graph is as it was before."""
    there = "There was no such graph before, and there is none now." if is_new else ""
    return _fault(
        "Y112",
        f"The version has not been published. {there or f'The graph that is there {kept}.'}",
        f"The graph of a version changes at once or not at all: <{graph}>.",
        "Remove the cause, and publish again.",
    )


def uncertain(graph: str) -> Diagnostic:
    """Y113: nobody knows what is there."""
    return _fault(
        "Y113",
        f"The graph <{graph}> may be damaged.",
        "While it was replaced, the server failed; after that, the graph could not be read or put "
        "back as it was.",
        "Publish again as soon as the server answers, and do not use this graph until then.",
    )


def left_over(graphs: str) -> Diagnostic:
    """Y114: the published graph is right; something else could not be removed."""
    return Diagnostic(
        code="Y114",
        severity=Severity.WARNING,
        message=f"What was stored for the change could not be removed: {graphs}.",
        why="The published graph does not depend on it, but a question to all graphs of the server "
        "at once also sees these.",
        help="Remove these graphs (DROP SILENT GRAPH <…>) when the server answers again.",
    )
