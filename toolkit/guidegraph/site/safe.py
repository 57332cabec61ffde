"""The one place where text from outside becomes part of a page.

Pages are Markdown with HTML in it, so a literal could otherwise become markup in either. ``text``
and ``code`` turn every character that Markdown or HTML gives a meaning into a numeric character
reference; ``external`` and ``relative`` decide which addresses may be linked; ``data_block`` writes
data into a script element that no browser runs. Templates apply ``finish`` to all they print.
"""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from guidegraph import doi

_FIXED = "\u00a0\u202f"
_SPACES = re.compile(" +")
_SIGNS = re.compile(
    r"""[!"#$&'()*+<=>@\[\\\]^_`{|}~]"""  # what Markdown or HTML may give a meaning
    r"|-(?![^\W_])|(?<![^\W_])-"  # a hyphen, but inside a word
    r"|(?<![^\W\d_])\.(?![^\W_])|(?<![^\W_])\."  # a full stop, but after a letter or in a number
)
_SHORT = re.compile(r"(<[^>]*>|&[^;]*;)|(?<![\w-])([^\W\d_]{1,5}-\w{1,6})(?![\w-])")
_FILE = re.compile(r"[a-z0-9][A-Za-z0-9._/-]*")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_MAILBOX = re.compile(r"mailto:([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_RELATIVE = re.compile(r"(?![/.])[A-Za-z0-9._/%-]*(#[A-Za-z0-9._-]+)?")


def finish(value: object) -> Markup:
    """What a template prints for a value: nothing for None, markup as it is, the rest escaped."""
    if value is None:
        return Markup("")
    return value if isinstance(value, Markup) else text(value)


def text(value: object) -> Markup:
    """Words for a page: white space collapsed, control characters left out, the rest inert.

    One space stays at either end where there was one, so that runs of words can follow each other.
    """
    return _inert(str(value))


@lru_cache(maxsize=20_000)
def _inert(value: str) -> Markup:
    words = _SPACES.sub(" ", _printable(value))
    return Markup(_SIGNS.sub(_reference, words))  # noqa: S704


def code(value: object) -> Markup:
    """Preformatted text: as ``text``, but line ends and runs of spaces stay."""
    lines = str(value).replace("\r\n", "\n").replace("\t", "    ").split("\n")
    inert = (_SIGNS.sub(_reference, _printable(line)) for line in lines)
    return Markup("&#10;".join(inert))  # noqa: S704


def whole(heading: Markup) -> Markup:
    """A heading whose short hyphenated words (D-dimer, COVID-19) are not parted at a line end."""
    return Markup(_SHORT.sub(_kept, heading))  # noqa: S704


def _kept(found: re.Match[str]) -> str:
    return f'<span class="whole">{found[2]}</span>' if found[2] else found[0]


def plain(value: object) -> str:
    """Words that a script sets as text: white space collapsed, control characters left out."""
    return _SPACES.sub(" ", _printable(str(value))).strip()


def turns(words: str) -> bool:
    """Whether words hold letters that are written from right to left.

    They are then set apart, so that they do not turn what stands beside them.
    """
    return not words.isascii() and bool(_RIGHT_TO_LEFT.search(words))


def _reference(sign: re.Match[str]) -> str:
    return f"&#{ord(sign[0])};"


def _printable(words: str) -> str:
    """The words without control, surrogate and bidirectional override characters."""
    if words.isprintable():
        return words
    spaced = "".join(" " if each.isspace() and each not in _FIXED else each for each in words)
    return "".join(each for each in spaced if unicodedata.category(each) not in ("Cc", "Cs", "Cf"))


@lru_cache(maxsize=20_000)
def external(address: str) -> str | None:
    """A link out of the site, or None if it is not one we make: only http, https and DOIs."""
    if found := doi.bare(address):
        return "https://doi.org/" + quote(found, safe="/.;()-_")
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not named or parts.username is not None:
        return None
    return quote(address, safe=":/?#[]@!$&()*+,;=%~")


def reporting(address: str, subject: str) -> str | None:
    """A link by which a problem is reported, with its subject filled in; None if we make none.

    This is the only place where a mailbox is linked: one plain address, without a header; where
    there is no address at all, a message without an addressee.
    """
    told = quote(_SPACES.sub(" ", _printable(subject)).strip(), safe="")
    if not address:
        return f"mailto:?subject={told}"
    if mailbox := _MAILBOX.fullmatch(address):
        return f"mailto:{mailbox[1]}?subject={told}"
    way = external(address)
    if way is None or doi.bare(address):
        return way
    before, mark, place = way.partition("#")
    return f"{before}{'&' if '?' in before else '?'}title={told}{mark}{place}"


@lru_cache(maxsize=20_000)
def relative(target: str, page: str) -> Markup:
    """The way from one page of the site to another, given by their paths under its root.

    Raises ``ValueError`` for anything that is not such a path: it holds no character that means
    something in HTML or Markdown, so the way back needs no escaping.
    """
    if not _RELATIVE.fullmatch(target):
        msg = f"not an address of the site: {target!r}"
        raise ValueError(msg)
    path, hash_mark, anchor = target.partition("#")
    if path == page and hash_mark:
        return Markup("#" + anchor)  # noqa: S704
    way = posixpath.relpath(path, posixpath.dirname(page) or ".")
    return Markup(way + hash_mark + anchor)  # noqa: S704


def data_block(data: Mapping[str, object]) -> Markup:
    """JSON for a script element: nothing in it can close the element or open another."""
    written = json.dumps(data, ensure_ascii=True, sort_keys=True)
    for each in "<>&'":
        written = written.replace(each, f"\\u{ord(each):04x}")
    return Markup(written)  # noqa: S704


def names(files: Iterable[str]) -> Markup:
    """Names of our own files as a list of the front matter.

    Raises ``ValueError`` for a name with anything but letters, digits, ``.``, ``_``, ``-``, ``/``.
    """
    found = list(files)
    for each in found:
        if not _FILE.fullmatch(each):
            msg = f"not the name of a file of ours: {each!r}"
            raise ValueError(msg)
    return Markup(json.dumps(found))  # noqa: S704


@lru_cache(maxsize=20_000)
def slug(name: str) -> str:
    """A local name as part of an address: letters, digits, ``.``, ``_`` and ``-`` stay.

    Everything else becomes ``_x2f_`` and the like; different names get different addresses, and
    none is hidden, leaves its folder or is taken for the chapter's own page.
    """
    written = "".join(
        each
        if each.isascii()
        and (each.isalnum() or each in ".-" or (each == "_" and name[place + 1 : place + 2] != "x"))
        else f"_x{ord(each):x}_"
        for place, each in enumerate(name)
    )
    reserved = written.startswith(".") or written.lower() in ("", "index", "readme")
    return f"_x_{written}" if reserved else written
