"""What lets a reader's browser ask the graph: the engine, the graph, and what its names mean.

Three files, fetched when somebody asks and never before. ``oxigraph.js`` is the engine and
our worker after it; ``graph.js`` is the Turtle that can be downloaded, and the ontology;
``names.js`` knows the prefixes, names and addresses, and in which words a query is read.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from guidegraph import resources
from guidegraph.query.engine import short
from guidegraph.query.graph import Graph, ontology_texts, published
from guidegraph.query.refuse import FORMS, KEYWORDS, UPDATES
from guidegraph.query.tokens import GRAMMAR
from guidegraph.site import engine, safe
from guidegraph.site.asset import Asset
from guidegraph.site.blocks import Page
from guidegraph.site.chapters import VOCABULARY
from guidegraph.site.parts import Part
from guidegraph.site.view import View
from guidegraph.terms import NAMESPACES

ENGINE, GRAPH, NAMES = "oxigraph.js", "graph.js", "names.js"
LICENSE = "oxigraph-license.txt"
WORKER = ("query/results.js", "query/worker.js")
"""Our part of the worker, as it lies beside the theme."""
ASKING = Part(
    scripts=(
        "query/words.js",
        "query/refuse.js",
        "query/values.js",
        "query/client.js",
        "query/table.js",
        "query.js",
    ),
    styles=("query.css",),
    compiles=True,
)
"""The forms and the editor; the rest comes when it is needed."""
SECONDS = 20
"""How long a query may take, unless the reader says otherwise."""
SHOWN = 500
"""How many rows of an answer are shown; the CSV file has all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be asked: the engine if one is installed, and the graph as Turtle and in memory."""

    engine: engine.Engine | None
    turtle: str
    graph: Graph

    @property
    def weight(self) -> int:
        """How many bytes are fetched before the first answer, roughly."""
        program = len(self.engine.program) * 4 // 3 if self.engine else 0
        return program + sum(len(each.encode()) for each in (self.turtle, *ontology_texts()))


def asked(seen: View) -> Asked | None:
    """What can be asked on a site; None where no graph is published."""
    turtle = next(
        (
            each.text
            for each in seen.content.downloads
            if each.target == "graph" and each.path.endswith(".ttl")
        ),
        None,
    )
    if turtle is None:
        return None
    return Asked(engine.find(), turtle, in_memory(turtle))


@lru_cache(maxsize=1)
def in_memory(turtle: str) -> Graph:
    """The published graph and the ontology."""
    return published(turtle)


def files(seen: View, _: tuple[Page, ...]) -> Iterator[Asset]:
    """The files behind the pages that ask; none where nothing can be asked."""
    found = asked(seen)
    if found is None or found.engine is None:
        return
    about = found.engine
    made_by = f"Oxigraph {about.version} ({about.license}), {about.home}"
    comment = f"/* {made_by}; its module as a script. Licence: {LICENSE} */\n"
    told: dict[str, object] = {
        "version": about.version,
        "script": about.script,
        "program": base64.b64encode(about.program).decode("ascii"),
        "worker": "\n".join(_ours(name) for name in WORKER),
    }
    yield Asset(ENGINE, comment + _script("engine", told))
    yield Asset(LICENSE, f"{made_by}\n\n{resources.license_file().read_text('utf-8')}")
    texts: list[str] = [found.turtle, *ontology_texts()]
    yield Asset(GRAPH, _script("graph", {"texts": texts}))
    yield Asset(NAMES, _script("names", names(seen, found.graph)))


def names(seen: View, graph: Graph) -> Mapping[str, object]:
    """What a query may speak of, and the words of the language; order counts in the lists."""
    prefixes, known = graph.prefixes, graph.vocabulary
    return {
        "prefixes": list(prefixes.items()),
        "things": [[prefix, known.local_names(prefix)] for prefix in prefixes],
        "links": dict(_links(seen, prefixes)),
        "grammar": list(GRAMMAR),
        "keywords": sorted(KEYWORDS),
        "forms": list(FORMS),
        "updates": list(UPDATES),
    }


def _links(seen: View, prefixes: Mapping[str, str]) -> Iterator[tuple[str, tuple[str | None, str]]]:
    """The page and the label of each thing and each code, by the name it has in answers."""
    for name, thing in seen.guideline.entities.items():
        yield short(thing.iri, prefixes), (seen.addresses.of(name), str(thing.label))
    for name in seen.guideline.codes:
        place = f"{VOCABULARY.index}#{safe.slug(name)}"
        yield short(NAMESPACES["code"] + name, prefixes), (place, seen.guideline.words(name))


def _ours(name: str) -> str:
    return (engine.HERE / "theme" / "assets" / name).read_text("utf-8")


def _script(name: str, data: Mapping[str, object]) -> str:
    """A classic script that hands over data; no text in it can end the script."""
    return f"(globalThis.guidegraph ??= {{}}).{name} = {safe.data_block(data)};\n"
