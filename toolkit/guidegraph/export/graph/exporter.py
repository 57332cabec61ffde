"""The guideline's graph as Turtle, JSON-LD and N-Triples: the same bytes for the same triples.

rdflib's writers order blank nodes anew in each run, so these are our own. Nothing of a literal
changes: ``1000.0`` and ``2.30`` stay as they were written. A blank node (a quantity, range or
selector) stands inside the statement that holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from guidegraph.export.base import Artifact, ExportInput
from guidegraph.export.graph.statements import Statements
from guidegraph.terms import NAMESPACES

if TYPE_CHECKING:
    from rdflib.term import Literal, Node

RDF_TYPE = NAMESPACES["rdf"] + "type"
XSD = NAMESPACES["xsd"]
LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
BARE = {
    XSD + "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
"""The literals written without quotes in Turtle, by datatype: those that no reader rewrites."""
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


@dataclass(frozen=True, slots=True)
class GraphExporter:
    """``graph/<guideline>.ttl``, ``.jsonld`` and ``.nt``."""

    name: str = "graph"
    description: str = "the guideline's graph as Turtle, JSON-LD and N-Triples"

    def export(self, loaded: ExportInput) -> Iterator[Artifact]:
        """The graph in three syntaxes; nothing where the sources are not at hand."""
        if loaded.sources is None:
            return
        adaptation = loaded.guideline.adaptation
        headers = (loaded.guideline.header, *((adaptation.upstream,) if adaptation else ()))
        own = {each.prefix or "d": each.namespace for each in headers if each.namespace}
        writer = Writer(Statements(loaded.sources.graph), {**NAMESPACES, **own})
        path = f"graph/{loaded.guideline_id}"
        yield Artifact(f"{path}.ttl", writer.turtle())
        yield Artifact(f"{path}.jsonld", writer.json_ld())
        yield Artifact(f"{path}.nt", writer.n_triples())


class Writer:
    """Writes statements; ``namespaces`` are the prefixes that may shorten an IRI."""

    def __init__(self, statements: Statements, namespaces: Mapping[str, str]) -> None:
        self.statements = statements
        iris = {str(each) for triple in statements.triples for each in triple if _is_iri(each)}
        iris |= {str(each.datatype) for each in self._literals() if each.datatype}
        # A prefix that is also the scheme of some IRI would change that IRI's meaning.
        schemes = {each.split(":", 1)[0] for each in iris}
        usable = {name: each for name, each in namespaces.items() if name not in schemes}
        self._longest_first = sorted(usable.items(), key=lambda each: (-len(each[1]), each))
        self._short = {each: self._compact(each) for each in sorted(iris)}
        used = {each.split(":", 1)[0] for each in self._short.values() if each}
        self.prefixes = {name: usable[name] for name in sorted(usable) if name in used}

    def _literals(self) -> Iterator[Literal]:
        from rdflib.term import Literal

        yield from (each[2] for each in self.statements.triples if isinstance(each[2], Literal))

    def _compact(self, iri: str) -> str:
        for prefix, namespace in self._longest_first:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and LOCAL_NAME.fullmatch(local):
                return f"{prefix}:{local}"
        return ""

    # --- N-Triples and Turtle ---------------------------------------------------------------------

    def n_triples(self) -> str:
        """One statement a line, sorted."""
        lines = {
            " ".join((*(self._plain(each) for each in triple), ".\n"))
            for triple in self.statements.triples
        }
        return "".join(sorted(lines))

    def _plain(self, node: Node) -> str:
        if node in self.statements.labels:
            return f"_:{self.statements.labels[node]}"
        if _is_iri(node):
            return f"<{node}>"
        return self._quoted(node, lambda iri: f"<{iri}>")

    def _quoted(self, node: Any, written: Any) -> str:
        text = f'"{str(node).translate(ESCAPES)}"'
        if node.language:
            return f"{text}@{node.language}"
        if node.datatype and str(node.datatype) != XSD + "string":
            return f"{text}^^{written(str(node.datatype))}"
        return text

    def turtle(self) -> str:
        """One block a subject, its type first, blank nodes inside."""
        prefixes = [f"@prefix {name}: <{iri}> ." for name, iri in self.prefixes.items()]
        blocks = [
            f"{self._term(each, '')} {self._said(each, '  ').lstrip()} ."
            for each in self.statements.roots
        ]
        return "\n".join(prefixes) + "\n\n" + "\n\n".join(blocks) + "\n"

    def _said(self, subject: Node, indent: str) -> str:
        lines = [
            f"{indent}{self._verb(predicate)} "
            + f" ,\n{indent}  ".join(self._term(each, indent) for each in values)
            for predicate, values in self._about(subject)
        ]
        return " ;\n".join(lines)

    def _about(self, subject: Node) -> list[tuple[Node, list[Node]]]:
        said = self.statements.about(subject)
        return sorted(said, key=lambda each: (str(each[0]) != RDF_TYPE, self._name(str(each[0]))))

    def _verb(self, predicate: Node) -> str:
        return "a" if str(predicate) == RDF_TYPE else self._name(str(predicate))

    def _name(self, iri: str) -> str:
        return self._short[iri] or f"<{iri}>"

    def _term(self, node: Node, indent: str) -> str:
        if node in self.statements.held:
            inside = self._said(node, indent + "    ")
            return f"[\n{inside}\n{indent}  ]" if inside else "[]"
        if node in self.statements.labels:
            return f"_:{self.statements.labels[node]}"
        if _is_iri(node):
            return self._name(str(node))
        return self._literal(node)

    def _literal(self, node: Any) -> str:
        bare = BARE.get(str(node.datatype))
        if bare and bare.fullmatch(str(node)):
            return str(node)
        return self._quoted(node, self._name)

    # --- JSON-LD ----------------------------------------------------------------------------------

    def json_ld(self) -> str:
        """Compact JSON-LD that says all of its context itself."""
        context: dict[str, Any] = dict(self.prefixes)
        document = {
            "@context": context,
            "@graph": [self._described(each) for each in self.statements.roots],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    def _described(self, subject: Node) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if subject not in self.statements.held:
            found["@id"] = self._identifier(subject)
        for predicate, values in self._about(subject):
            if str(predicate) == RDF_TYPE and all(map(_is_iri, values)):
                found["@type"] = [self._identifier(each) for each in values]
            else:
                written = [self._value(each) for each in values]
                name = self._short[str(predicate)] or str(predicate)
                found[name] = written[0] if len(written) == 1 else written
        return found

    def _identifier(self, node: Node) -> str:
        if node in self.statements.labels:
            return f"_:{self.statements.labels[node]}"
        return self._short[str(node)] or str(node)

    def _value(self, node: Any) -> Any:
        if node in self.statements.held:
            return self._described(node)
        if _is_iri(node) or node in self.statements.labels:
            return {"@id": self._identifier(node)}
        if node.language:
            return {"@value": str(node), "@language": node.language}
        if node.datatype and str(node.datatype) != XSD + "string":
            return {"@value": str(node), "@type": self._identifier(node.datatype)}
        return str(node)


def _is_iri(node: Node) -> bool:
    from rdflib.term import URIRef

    return isinstance(node, URIRef)
