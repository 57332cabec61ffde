"""Reading a JSON or YAML text into a tree with places, safely.

YAML is read as the same values that JSON has: ``true``, ``false``, ``null``, decimal numbers and
texts. Everything else YAML can say is a text (dates, ``yes``, ``0x1F``, ``1:30``) or refused
(tags, anchors, merge keys). Texts that would take very long to read are refused with a reason.
"""

from __future__ import annotations

from pathlib import Path

from guidegraph.diagnostic import Diagnostic, Location, in_order
from guidegraph.patient.faults import Faults
from guidegraph.patient.json_text import read_json
from guidegraph.patient.tree import DEEPEST, Entry, Mapping, Node, Scalar, Sequence, TooDeepError
from guidegraph.patient.yaml_text import read_yaml

__all__ = ["Entry", "Mapping", "Node", "Scalar", "Sequence", "read_document", "read_file"]

LONGEST_JSON = 2_000_000
LONGEST_YAML = 1_000_000
"""How many characters a document may have (bytes, before it is decoded)."""


def read_file(path: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file, or None and the reason why it cannot be read."""
    faults = Faults()
    top = Location(str(path), 1)
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_JSON + 1)
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        faults.add("E001", top, f"The file cannot be opened: {reason}.", help="Check its name.")
        return None, in_order(faults.found)
    if len(data) > LONGEST_JSON:
        _too_long(faults, top, LONGEST_JSON)
        return None, in_order(faults.found)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        _not_text(faults, Location(str(path), line), data[:2] in (b"\xff\xfe", b"\xfe\xff"))
        return None, in_order(faults.found)


def read_document(text: str, name: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The tree of a document, and what is wrong with its form.

    ``name`` is shown in places; its ending decides between JSON and YAML. Without a telling ending
    a text that begins with a bracket is JSON. The tree is None where there is nothing to go on
    with; with repeated names there are findings *and* a tree.
    """
    faults = Faults()
    top = Location(name, 1)
    text = text.removeprefix("\N{BYTE ORDER MARK}")
    is_json = _is_json(text, name)
    root: Node | None = None
    if len(text) > (limit := LONGEST_JSON if is_json else LONGEST_YAML):
        _too_long(faults, top, limit)
    elif any("\ud800" <= each <= "\udfff" for each in text):
        _not_text(faults, top, is_utf16=False)
    elif not text.strip():
        _empty(faults, top)
    else:
        try:
            root = (read_json if is_json else read_yaml)(text, name, faults)
        except (TooDeepError, RecursionError):
            faults.add(
                "E003",
                top,
                f"The document is nested more than {DEEPEST} levels deep.",
                help="A patient file has three levels: facts, a list of measurements, one "
                "measurement. Look for brackets that are not closed.",
            )
        if root is None and not faults.found:
            _empty(faults, top)
    return root, in_order(faults.found)


def _is_json(text: str, name: str) -> bool:
    ending = name.rpartition(".")[2].lower()
    if ending in ("yaml", "yml"):
        return False
    return ending == "json" or text.lstrip()[:1] in ("{", "[")


def _too_long(faults: Faults, at: Location, limit: int) -> None:
    faults.add(
        "E003",
        at,
        f"The document is longer than {limit:,} characters.",
        help="One file describes one patient. Leave out what the guideline does not ask for.",
    )


def _not_text(faults: Faults, at: Location, is_utf16: bool) -> None:
    faults.add(
        "E001",
        at,
        "The file is not UTF-8 text" + (" but UTF-16." if is_utf16 else "."),
        why="Letters beyond a-z, such as the µ of a unit, would be read wrongly.",
        help='Save it again with the encoding "UTF-8".',
    )


def _empty(faults: Faults, at: Location) -> None:
    faults.add("E002", at, "The document is empty.", help='Begin with {"facts": {}}.')
