"""A small valid guideline to start from: invented content, every form of the language once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "template"
TEMPLATE_TITLE = "Example marker"
NAMESPACE = "https://example.org/guideline/{}/"
TITLED = ("README.md", "guideline.ttl")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
SHOWN = 5


class ScaffoldError(ValueError):
    """A guideline cannot be started there; ``advice`` says what to do instead."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def new(folder: Path, title: str | None = None) -> tuple[str, ...]:
    """Write the example guideline into ``folder``; the names of the files written, sorted.

    The folder's name becomes the last part of the guideline's namespace, and its title where none
    is given. The folder may exist if it is empty.

    Raises:
        ScaffoldError: a name or title that cannot be used, or a folder that cannot be written to.
    """
    target = folder.expanduser().resolve()
    namespace = NAMESPACE.format(_usable_name(target.name))
    words = _usable_title(title, target.name)
    _refuse_occupied(folder, target)
    written = []
    try:
        for path in _template_files():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_filled(path, namespace, words), encoding="utf-8", newline="\n")
            written.append(path.as_posix())
    except OSError as stop:
        raise ScaffoldError(
            f"`{folder}` cannot be written to: {stop.strerror or stop}.",
            "Choose a folder in which you may write.",
        ) from None
    return tuple(written)


def _template_files() -> Iterator[Path]:
    """The files of the example, relative to it, sorted."""
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file():
            yield path.relative_to(TEMPLATE)


def _filled(path: Path, namespace: str, title: str) -> str:
    """One file of the example under its new namespace and title."""
    text = (TEMPLATE / path).read_text(encoding="utf-8")
    text = text.replace(NAMESPACE.format("example-marker"), namespace)
    if path.as_posix() not in TITLED:
        return text
    if path.suffix == ".ttl":
        title = title.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace(TEMPLATE_TITLE, title)


def _usable_name(name: str) -> str:
    """The folder's name, if it can be part of every name of the guideline."""
    if NAME.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    better = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_0123456789")[:63] or "my-guideline"
    raise ScaffoldError(
        f"The folder name `{name}` cannot become part of web addresses.",
        "Use letters, digits, `-` and `_`, beginning with a letter and at most 63 long; "
        f"for example `{better}`.",
    )


def _usable_title(title: str | None, name: str) -> str:
    """The title as given, or made of the folder's name."""
    if title is None:
        words = name.replace("-", " ").replace("_", " ").strip()
        return words[:1].upper() + words[1:]
    if not title.strip() or any(unicodedata.category(sign)[0] == "C" for sign in title):
        raise ScaffoldError(
            "The title is empty or holds line breaks or other control characters.",
            "Give the title as one line of words.",
        )
    return title.strip()


def _refuse_occupied(folder: Path, target: Path) -> None:
    """Refuse a place where something of somebody's would be overwritten."""
    if not target.exists():
        return
    advice = "Name a folder that does not exist yet, or an empty one."
    if not target.is_dir():
        raise ScaffoldError(f"`{folder}` is a file.", advice)
    try:
        found = sorted(each.name for each in target.iterdir())
    except OSError as stop:
        raise ScaffoldError(
            f"`{folder}` cannot be read: {stop.strerror or stop}.", advice
        ) from None
    if found:
        shown = ", ".join(found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
        raise ScaffoldError(f"`{folder}` is not empty: it holds {shown}.", advice)
