"""Shapes become forms: of the ontology, and of anybody who adds some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rdflib import RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from guidegraph.forms import groups, shacl
from guidegraph.forms.facts import (
    LANG_STRING,
    Facts,
    choice,
    choices,
    copied,
    read_model,
    read_property,
    read_shape,
)
from guidegraph.forms.form import Field, Form, Group, Rule
from guidegraph.forms.read_terms import NESTED, ReadTerm, terms
from guidegraph.terms import expand, local_name
from guidegraph.turtle.values import RDF_TYPE

_DOMAINS = (URIRef(expand("schema:domainIncludes")), RDFS.domain)
_EDITOR, _VIEWER = URIRef(expand("dash:editor")), URIRef(expand("dash:viewer"))
_BY_DATATYPE = {
    expand("xsd:boolean"): "BooleanSelectEditor",
    expand("xsd:date"): "DatePickerEditor",
    expand("xsd:dateTime"): "DateTimePickerEditor",
    expand("xsd:anyURI"): "URIEditor",
    expand("rdf:HTML"): "RichTextEditor",
}
_NESTED_EDITOR = "DetailsEditor"
_MOST_INSIDE = 200
_KIND = "kind"
_KIND_HELP = "What it is; the fields of that kind follow."


@dataclass(frozen=True, slots=True)
class _Built:
    """A field, the heading that its shape names (if one does), and where it goes otherwise."""

    field: Field
    group: Node | None
    place: tuple[int, int]
    order: float


def form(graph_of_shapes: Graph, class_iri: str, language: str = "en") -> Form:
    """What can be said about a thing of a class, from its shapes and those of classes above it.

    The graph holds the shapes and the classes, code lists and units that they speak of; shapes of
    one's own stand in it beside those of the ontology. Properties that the ontology gives to the
    class and the model reads are fields, too, where no shape asks for them.
    """
    classes = shacl.above(graph_of_shapes, URIRef(class_iri))
    shapes = shacl.node_shapes(graph_of_shapes, classes)
    known = terms(map(str, classes))
    paths = [str(each) for cls in classes for each in _properties(graph_of_shapes, cls)]
    maker = _Maker(graph_of_shapes, language)
    return maker.form(class_iri, shapes, [*paths, *(each.path for each in known)], known)


def with_own(ontology: Graph, own: Graph) -> Graph:
    """The ontology together with the shapes that a guideline folder has of its own, if any."""
    if (None, SH.path, None) not in own:
        return ontology
    whole = Graph()
    for source in (ontology, own):
        for triple in source:
            whole.add(triple)
    return whole


def _properties(graph: Graph, cls: Node) -> list[Node]:
    found = (one for each in _DOMAINS for one in graph.subjects(each, cls))
    return sorted((each for each in found if isinstance(each, URIRef)), key=str)


class _Maker:
    """Makes the form of one class, and those of the parts inside it, each of these once."""

    def __init__(self, graph: Graph, language: str) -> None:
        self._graph = graph
        self._language = language
        self._forms: dict[str, Form] = {}

    def form(
        self,
        cls: str,
        shapes: tuple[Node, ...],
        paths: Iterable[str],
        known: tuple[ReadTerm, ...] = (),
    ) -> Form:
        """The form that these shapes and properties make."""
        stated: dict[str, list[Node]] = {}
        for shape in shacl.property_shapes(self._graph, shapes):
            path = shacl.path_text(self._graph, self._graph.value(shape, SH.path))
            stated.setdefault(path, []).append(shape)
        plain = [each for each, nodes in stated.items() if self._is_plain(nodes[0])]
        for path in dict.fromkeys([*plain, *paths]):
            for aimed in self._aimed_at_subjects(path):
                stated.setdefault(path, []).append(aimed)
        shared = self._alternatives(stated)
        read = {each.path: each for each in known}
        every = dict.fromkeys([*stated, *shared, *paths])
        built = [
            self._field(path, stated.get(path, []), shared.get(path), read.get(path))
            for path in every
        ]
        node = URIRef(cls) if cls else None
        return Form(
            cls=cls,
            label=self._words(node, RDFS.label) or local_name(cls),
            help=self._words(node, SKOS.definition) or self._words(node, RDFS.comment),
            groups=self._groups(built),
            rules=self._rules((*shapes, *self._aimed_at_havers(each.field for each in built))),
        )

    def _aimed_at_havers(self, fields: Iterable[Field]) -> list[Node]:
        """Shapes of whatever has one of these properties."""
        paths = [URIRef(each.path) for each in fields if not each.read_only]
        found = (s for each in paths for s in self._graph.subjects(SH.targetSubjectsOf, each))
        return list(shacl.whole(self._graph, sorted(set(found), key=str)))

    def _is_plain(self, shape: Node) -> bool:
        return isinstance(self._graph.value(shape, SH.path), URIRef)

    def _words(self, node: Node | None, predicate: Node) -> str:
        return shacl.words(self._graph, node, predicate, self._language)

    def _aimed_at_subjects(self, path: str) -> list[Node]:
        """Property shapes of whatever has this property, as far as they speak of it."""
        found = sorted(self._graph.subjects(SH.targetSubjectsOf, URIRef(path)), key=str)
        shapes = shacl.property_shapes(self._graph, shacl.whole(self._graph, found))
        return [e for e in shapes if self._graph.value(e, SH.path) == URIRef(path)]

    def _alternatives(self, stated: dict[str, list[Node]]) -> dict[str, Facts]:
        """Properties that stand in "this or that": what they take over from there."""
        found: dict[str, Facts] = {}
        for nodes in stated.values():
            for shape in nodes:
                path = self._graph.value(shape, SH.path)
                for each in shacl.alternatives(self._graph, path):
                    facts = found.setdefault(each, Facts())
                    read_shape(self._graph, shape, facts, self._language)
        return {path: copied(facts) for path, facts in found.items()}

    # ---- one field ---------------------------------------------------------------------------

    def _field(
        self, path: str, shapes: list[Node], shared: Facts | None, read: ReadTerm | None
    ) -> _Built:
        graph = self._graph
        facts = shared or Facts()
        for shape in shapes:
            read_shape(graph, shape, facts, self._language)
        is_plain = not shapes or self._is_plain(shapes[0])
        aimed = read_property(graph, path, facts) if is_plain else ()
        if read is not None:
            read_model(read, facts)
        stated_classes = dict.fromkeys([*facts.classes, *facts.ranges])
        classes = [e for e in stated_classes if not (facts.lists and e == str(SKOS.Concept))]
        parts = self._parts(facts, classes, self._first(shapes, _EDITOR)) if is_plain else ""
        chosen = [] if parts else choices(graph, facts, classes, self._language)
        worded = facts.worded or LANG_STRING in facts.datatypes
        named = facts.names_things or bool(facts.lists) or bool(classes)
        about = tuple(facts_path(graph, path, shapes))
        orders = [order for each in shapes if (order := graph.value(each, SH.order)) is not None]
        field = Field(
            path=path,
            label=self._label(path, shapes, is_plain),
            help=self._help(path, shapes),
            minimum=facts.minimum,
            maximum=facts.maximum,
            recommended=facts.recommended,
            read_only=not is_plain,
            editor=self._editor(shapes, facts, parts, bool(chosen), named, worded),
            viewer=local_name(self._first(shapes, _VIEWER)),
            datatypes=(LANG_STRING,) if worded and not facts.datatypes else tuple(facts.datatypes),
            worded=worded,
            languages=tuple(facts.languages) or (("en",) if worded else ()),
            choices=tuple(chosen),
            chosen_from=() if parts else tuple(classes),
            names_things=named and not parts,
            patterns=tuple(facts.patterns),
            limits=tuple(facts.limits),
            within=parts,
            forms=self._forms,
            order=min(map(str, orders), default=""),
            rules=tuple(shacl.rule(graph, each, self._language, about) for each in shapes),
            value_rules=tuple(self._value_rules(aimed, path)),
        )
        return _Built(
            field=field,
            group=self._group_of(shapes),
            place=groups.place(about, facts.classes | facts.ranges),
            order=min((shacl.order_of(graph, each) for each in shapes), default=float("inf")),
        )

    def _first(self, shapes: list[Node], predicate: Node) -> str:
        found = (self._graph.value(each, predicate) for each in shapes)
        return next((str(each) for each in found if each is not None), "")

    def _group_of(self, shapes: list[Node]) -> Node | None:
        found = (self._graph.value(each, SH.group) for each in shapes)
        return next((each for each in found if each is not None), None)

    def _label(self, path: str, shapes: list[Node], is_plain: bool) -> str:
        said = next((w for each in shapes if (w := self._words(each, SH.name))), "")
        if said or not is_plain:
            return (
                said
                or " / ".join(
                    self._words(URIRef(each), RDFS.label) or local_name(each)
                    for shape in shapes[:1]
                    for step in facts_path(self._graph, path, [shape])
                    for each in (step.strip("^<>"),)
                )
                or path
            )
        return self._words(URIRef(path), RDFS.label) or local_name(path)

    def _help(self, path: str, shapes: list[Node]) -> str:
        said = next((w for each in shapes if (w := self._words(each, SH.description))), "")
        prop = URIRef(path) if not shapes or self._is_plain(shapes[0]) else None
        return said or self._words(prop, SKOS.definition) or self._words(prop, RDFS.comment)

    def _parts(self, facts: Facts, classes: list[str], editor: str) -> str:
        """By which name the form of what stands inside is found; empty where nothing does."""
        nested = [each for each in classes if each in NESTED]
        if facts.nameless or local_name(editor) == _NESTED_EDITOR:
            nested = nested or list(facts.classes) or classes
        inside = [each for each in facts.inside if str(each) not in facts.classes]
        within = [e for e in inside if next(self._graph.objects(e, SH.property), None) is not None]
        if facts.names_things or (classes and not nested and not facts.nameless):
            within = []
        name = " ".join([*nested, *map(str, within)])
        if name and name not in self._forms:
            if len(self._forms) == _MOST_INSIDE:
                return ""
            self._forms[name] = Form(cls="", label="")  # what stands inside itself finds it by name
            self._forms[name] = self._form_within(nested, within)
        return name

    def _form_within(self, classes: list[str], within: list[Node]) -> Form:
        """The form of a part of a class (or one of several), and of shapes that it must meet."""
        cls = classes[0] if len(classes) == 1 else ""
        above = shacl.above(self._graph, URIRef(cls)) if cls else ()
        shapes = shacl.node_shapes(self._graph, above)
        more = tuple(e for each in within for e in self._opened(each) if e not in shapes)
        known = terms(map(str, above))
        paths = [str(each) for one in above for each in _properties(self._graph, one)]
        made = self.form(cls, (*shapes, *more), [*paths, *(e.path for e in known)], known)
        below = (one for each in classes for one in shacl.under(self._graph, URIRef(each)))
        kinds = sorted(dict.fromkeys(below), key=str)
        if len(kinds) < 2 or made.field(RDF_TYPE) is not None:
            return made
        kind = Field(
            path=RDF_TYPE,
            label=_KIND,
            help=_KIND_HELP,
            minimum=1,
            maximum=1,
            editor="EnumSelectEditor",
            choices=tuple(choice(self._graph, each, self._language) for each in kinds),
            names_things=True,
        )
        first = Group(label=groups.label(0), order="0", fields=(kind,))
        return replace(made, groups=(first, *made.groups))

    def _opened(self, shape: Node) -> list[Node]:
        """The shapes that values must meet; of a property shape, those that stand inside it."""
        if self._graph.value(shape, SH.path) is None:
            return list(shacl.whole(self._graph, [shape]))
        below = self._graph.objects(shape, SH.property)
        return sorted((e for e in below if not shacl.is_off(self._graph, e)), key=str)

    def _editor(
        self,
        shapes: list[Node],
        facts: Facts,
        parts: str,
        is_choice: bool,
        is_named: bool,
        worded: bool,
    ) -> str:
        stated = local_name(self._first(shapes, _EDITOR))
        if stated and (stated != _NESTED_EDITOR or parts):
            return stated
        if parts:
            return _NESTED_EDITOR
        if is_choice:
            return "EnumSelectEditor"
        if is_named:
            return "AutoCompleteEditor" if facts.classes or facts.ranges else "URIEditor"
        for each in facts.datatypes:
            if each in _BY_DATATYPE:
                return _BY_DATATYPE[each]
        return "TextAreaEditor" if worded else "TextFieldEditor"

    # ---- the whole ---------------------------------------------------------------------------

    def _groups(self, built: list[_Built]) -> tuple[Group, ...]:
        stated: dict[Node, list[_Built]] = {}
        ruled: dict[int, list[_Built]] = {}
        for each in built:
            if each.group is not None:
                stated.setdefault(each.group, []).append(each)
            else:
                ruled.setdefault(each.place[0], []).append(each)
        found = [
            Group(
                label=self._words(each, RDFS.label) or local_name(str(each)),
                order=str(self._graph.value(each, SH.order) or ""),
                fields=tuple(e.field for e in sorted(stated[each], key=_by_order)),
            )
            for each in sorted(stated, key=lambda e: (shacl.order_of(self._graph, e), str(e)))
        ]
        found += [
            Group(
                label=groups.label(each),
                order=str(each + 1),
                fields=tuple(e.field for e in sorted(ruled[each], key=_by_table)),
            )
            for each in sorted(ruled)
        ]
        return tuple(found)

    def _rules(self, shapes: tuple[Node, ...]) -> tuple[Rule, ...]:
        """What shapes ask of the thing as a whole, where they have words of their own."""
        graph = self._graph
        found = (
            shacl.rule(graph, each, self._language, shacl.spoken_of(graph, each))
            for each in shapes
            if graph.value(each, SH.path) is None
        )
        told = {each for each in found if each.code or each.message}
        return tuple(sorted(told, key=lambda each: (each.code, each.message)))

    def _value_rules(self, aimed: Iterable[Node], path: str) -> list[Rule]:
        told = []
        for shape in aimed:
            for each in (shape, *sorted(self._graph.objects(shape, SH.property), key=str)):
                rule = shacl.rule(self._graph, each, self._language, (path,))
                if rule.code or rule.message:
                    told.append(rule)
        return told


def facts_path(graph: Graph, path: str, shapes: list[Node]) -> list[str]:
    """The properties that a path speaks of, the first step of a longer one included."""
    found = shacl.spoken_of(graph, shapes[0]) if shapes else (path,)
    return list(found) or [path]


def _by_order(each: _Built) -> tuple[float, int, int, str]:
    return (each.order, *each.place, each.field.path)


def _by_table(each: _Built) -> tuple[int, bool, float, str]:
    return (each.place[1], not each.field.required, each.order, each.field.path)
