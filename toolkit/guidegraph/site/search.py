"""The index of the search: one entry for each page and for each thing that has a place on one.

Entries are short lists, in the order of the pages: address, title, its language, the number of its
kind and of its chapter, names and codes, other labels (each after its language), printed figures,
and a short text. The script that reads them is ``search/matching.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from guidegraph.criteria import Criterion
from guidegraph.entity import Entity, Quantity, QuantityRange, Text
from guidegraph.model import Action, Header, PathwayNode
from guidegraph.site.asset import Asset
from guidegraph.site.blocks import Item, Line, Page, Row, Span, words
from guidegraph.site.chapters import CHAPTERS, NAMES, SEARCH, VOCABULARY
from guidegraph.site.handwritten import Handwritten, handwritten
from guidegraph.site.pages.provenance import kind_name
from guidegraph.site.safe import data_block, plain, slug
from guidegraph.site.view import View
from guidegraph.terms import compact

INDEX = "search-index.js"
LONGEST = 280
"""How many characters of a text are in the index."""
CHAPTER = "Chapter"
PAGE = "Page"
KINDS: tuple[tuple[type[Entity], str], ...] = (
    (Header, "Guideline"),
    (PathwayNode, "Step of a pathway"),
    (Criterion, "Criterion"),
    (Action, "Action"),
)
"""Kinds that are told apart elsewhere, but are one kind to somebody who searches."""
TEXTS = ("statement", "definition", "question", "description", "title", "citation", "locator")
MORE = ("resolution", "rationale", "note")
FIGURES = ("reported_text", "reported_texts", "formula")
_MARKUP = re.compile(r"<[^>]*>|!?\[([^\]]*)\]\([^)]*\)|[`*#|]|^\s*-{3,}|^\s*>", re.MULTILINE)
_HEADINGS = re.compile(r"^##+ +(.+?) *(?:\{[^}]*\})? *#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place that can be found. ``labels`` are its other labels with their languages."""

    address: str
    title: str
    language: str = ""
    kind: str
    chapter: str
    names: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    figures: tuple[str, ...] = ()
    text: str = ""


def search_index(seen: View, pages: tuple[Page, ...]) -> Iterator[Asset]:
    """``assets/search-index.js``."""
    found = tuple(entries(seen, pages))
    kinds = list(dict.fromkeys(each.kind for each in found))
    chapters = list(dict.fromkeys(each.chapter for each in found))
    written = [_written(each, kinds, chapters) for each in found]
    data = data_block({"kinds": kinds, "chapters": chapters, "entries": written})
    yield Asset(INDEX, f'"use strict";\n(globalThis.guidegraph ??= {{}}).searchIndex = {data};\n')


def _written(entry: Entry, kinds: list[str], chapters: list[str]) -> list[object]:
    return [
        entry.address,
        entry.title,
        entry.language,
        kinds.index(entry.kind),
        chapters.index(entry.chapter),
        list(entry.names),
        [part for pair in entry.labels for part in pair],
        " · ".join(entry.figures),
        entry.text,
    ]


def entries(seen: View, pages: tuple[Page, ...]) -> Iterator[Entry]:
    """Every page with the places on it, in the order of the site."""
    things = _things(seen)
    titles = {each.index: each.title for each in CHAPTERS}
    told: set[str] = set()
    for page in pages:
        if page.path == SEARCH.index:
            continue
        chapter = titles.get(page.index, page.title)
        for found in _of_page(seen, page, chapter, things):
            if found.address not in told:
                told.add(found.address)
                yield found
    written, _ = handwritten(seen.content.pages, [page.path for page in pages])
    yield from (_of_handwritten(each) for each in written)


def _of_page(seen: View, page: Page, chapter: str, things: dict[str, Entity]) -> Iterator[Entry]:
    """A page and the places on it; the list of all names only names what stands elsewhere."""
    own = things.get(page.path)
    if own is not None:
        yield _of_thing(seen, own, page.path, chapter)
    else:
        yield _of_plain_page(page, chapter)
    for anchor, line, rest in _places(page) if page.path != NAMES.index else ():
        address = f"{page.path}#{anchor}"
        thing = things.get(address)
        if thing is not None:
            yield _of_thing(seen, thing, address, chapter)
        else:
            yield _of_place(address, line, rest, chapter)


def _things(seen: View) -> dict[str, Entity]:
    """The things of the guideline and the terms of its code lists by their addresses."""
    terms: dict[str, Entity] = {
        f"{VOCABULARY.index}#{slug(each.id)}": each for each in seen.guideline.codes.values()
    }
    located = ((seen.addresses.of(name), it) for name, it in seen.guideline.entities.items())
    return terms | {address: thing for address, thing in located if address}


def _of_thing(seen: View, thing: Entity, address: str, chapter: str) -> Entry:
    shown = plain(thing.label) or thing.id
    language = next((tag for tag, said in thing.label.words if said == str(thing.label)), "")
    others = [(tag, plain(said)) for tag, said in thing.label.words if plain(said) != shown]
    others += [("", plain(each)) for each in thing.alternative_labels]
    return Entry(
        address=address,
        title=shown,
        language="" if language == "en" else language,
        kind=_kind(thing),
        chapter=chapter,
        names=tuple(dict.fromkeys((*map(plain, thing.notation), thing.id, *_codes(thing)))),
        labels=tuple(others),
        figures=tuple(dict.fromkeys(_figures(thing))),
        text=_short(_text(seen, thing)),
    )


def _kind(thing: Entity) -> str:
    known = (name for kind, name in KINDS if isinstance(thing, kind))
    return next(known, kind_name(thing).capitalize())


def _codes(thing: Entity) -> Iterator[str]:
    """Terms of other vocabularies and identifiers of documents: ``loinc:48065-7``."""
    for each in fields(thing):
        held = getattr(thing, each.name)
        if each.type == "tuple[Iri, ...]":
            yield from (plain(compact(iri)) for iri in held)
        elif each.name in ("identifiers", "wire_code") and held:
            yield from map(plain, (held,) if isinstance(held, str) else held)


def _figures(thing: Entity) -> Iterator[str]:
    """Figures as printed, and the quantities they stand for."""
    for each in fields(thing):
        held = getattr(thing, each.name)
        if each.name in FIGURES and held:
            yield from map(plain, (held,) if isinstance(held, str) else held)
        elif isinstance(held, Quantity | QuantityRange):
            yield plain(held)


def _text(seen: View, thing: Entity) -> str:
    if isinstance(thing, Criterion):
        return _said(seen.wording.line(thing))
    for name in (*TEXTS, *MORE):
        if held := getattr(thing, name, None):
            return str(held) if isinstance(held, str | Text) else ""
    return ""


def _of_plain_page(page: Page, chapter: str) -> Entry:
    """A page that is not about one thing of the guideline: a chapter, a query, a code."""
    kind = CHAPTER if page.path == page.index else _said(page.eyebrow) or PAGE
    name = page.path.rpartition("/")[2].removesuffix(".html")
    return Entry(
        address=page.path,
        title=plain(page.title),
        kind=kind,
        chapter=chapter,
        names=() if page.path == page.index else (name,),
        text=_short(_said(page.lead)),
    )


def _of_place(address: str, line: Line, rest: Iterable[Line], chapter: str) -> Entry:
    """A place on a page that is nothing of the guideline itself: a finding, a file."""
    name = address.partition("#")[2]
    text = " · ".join(filter(None, map(_said, rest)))
    return Entry(
        address=address,
        title=_short(_said(line)) or name,
        kind="Entry",
        chapter=chapter,
        names=(name,),
        text=_short(text),
    )


def _of_handwritten(page: Handwritten) -> Entry:
    headings = (_unmarked(each) for each in _HEADINGS.findall(page.body))
    body = page.body.partition("\n")[2] if page.body.startswith("# ") else page.body
    return Entry(
        address=page.path,
        title=_unmarked(page.title),
        kind=PAGE,
        chapter="About",
        names=(page.path.removesuffix(".html"),),
        labels=tuple(("", each) for each in headings),
        text=_short(_unmarked(body)),
    )


def _unmarked(markdown: str) -> str:
    return plain(_MARKUP.sub(r"\1", markdown))


def _places(page: Page) -> Iterator[tuple[str, Line, tuple[Line, ...]]]:
    """The anchors on a page, each with the line it names and what else stands there."""
    for section in page.sections:
        if section.thing:
            yield section.thing, words(section.title), ()
        yield from _inside(section.blocks)


def _inside(held: object) -> Iterator[tuple[str, Line, tuple[Line, ...]]]:
    """The same inside a block, whatever its kind."""
    if isinstance(held, Row) and held.anchor:
        yield held.anchor, held.cells[0], held.cells[1:]
    elif isinstance(held, Item):
        if held.anchor:
            yield held.anchor, held.line, tuple(part.line for part in held.parts)
        yield from _inside(held.parts)
    elif isinstance(held, tuple):
        for each in held:
            yield from _inside(each)
    elif is_dataclass(held) and not isinstance(held, Row | Span):
        for field in fields(held):
            yield from _inside(getattr(held, field.name))


def _said(line: Line) -> str:
    return plain("".join(span.text for span in line))


def _short(text: str) -> str:
    """The beginning of a text, cut between words."""
    said = plain(text)
    if len(said) <= LONGEST:
        return said
    end = said.rfind(" ", 0, LONGEST)
    return said[: end if end > 0 else LONGEST] + " …"
