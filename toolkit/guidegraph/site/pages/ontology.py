"""The ontology reference: every class and property, what it means and what is asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from guidegraph.site.blocks import (
    Block,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    filled,
    sections,
    words,
)
from guidegraph.site.chapters import ONTOLOGY, VOCABULARY
from guidegraph.site.pages.index import index_page
from guidegraph.site.safe import external, slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.terms import Ontology, Part, Rule, Term, ontology
from guidegraph.site.view import View, joined
from guidegraph.wording import plural, readable

OWN = "gg:"
NOTE = (
    "Made from the files of the ontology themselves. Each class stands with the properties that "
    "are meant for it; what a check says when something is missing or wrong stands beside them."
)


def pages(seen: View) -> Iterator[Page]:
    """The index, and a page for each file of the ontology."""
    if not seen.guideline.codes:
        return
    whole = ontology()
    used = Counter(each.CLASS for each in seen.guideline.entities.values())
    yield _index(seen, whole, used)
    for part in whole.parts:
        yield _page(seen, whole, part)


def place(whole: Ontology, name: str) -> str | None:
    """Where a term is shown; None where it is not one of the ontology."""
    part = next((p for p in whole.parts if any(each.name == name for each in p.terms)), None)
    return f"{_path(part)}#{anchor(name)}" if part else None


def anchor(name: str) -> str:
    """The place of a term on its page: its own name, with the prefix if it is reused."""
    return slug(name.removeprefix(OWN).replace(":", "-"))


def _path(part: Part) -> str:
    return f"ontology/{slug(part.name)}.html"


def _title(part: Part) -> str:
    return f"{part.name[:1].upper()}{part.name[1:]}"


def _index(seen: View, whole: Ontology, used: Counter[str]) -> Page:
    kinds = sum(each.is_class for each in whole.terms.values())
    lead = (
        f"{plural(kinds, 'class', 'classes')} and {readable(len(whole.terms) - kinds)} properties, "
        "in which this guideline is written."
    )
    told = facts(
        fact("Name", words(whole.iri, style="code")),
        fact("Version", words(whole.version)),
        fact("Licence", words(whole.license, out=external(whole.license) or "")),
        fact("Code lists", words("The words with a fixed meaning", to=VOCABULARY.index)),
    )
    return index_page(
        seen,
        ONTOLOGY,
        lead,
        Section("", (Prose((words(whole.description),)), told), note=NOTE),
        *(_listed(seen, part, used) for part in whole.parts),
    )


def _listed(seen: View, part: Part, used: Counter[str]) -> Section:
    """The classes of a file with what they mean; of its properties, the names."""
    rows = tuple(
        Row(
            (
                (*_named(seen, each, part), Span(" "), Span(each.name, style="code")),
                seen.wording.said(each.definition),
                words(readable(used[each.name]) if used[each.name] else "", style="figure"),
            )
        )
        for each in part.terms
        if each.is_class
    )
    properties = [
        words(each.name, to=f"{_path(part)}#{anchor(each.name)}", style="code")
        for each in part.terms
        if not each.is_class
    ]
    blocks: list[Block] = [Prose((words(part.about),))]
    if rows:
        columns = ("Class", "Meaning", "In this guideline")
        blocks.append(filled(Table(f"Classes: {_title(part)}", columns, rows, "claims")))
    if properties:
        blocks.append(Prose(((Span("Properties: "), *joined(properties)),), "note"))
    return Section(_title(part), tuple(blocks), anchor=slug(part.name))


def _named(seen: View, term: Term, part: Part | None) -> Line:
    """A term by its label; a link, if its page is given."""
    to = f"{_path(part)}#{anchor(term.name)}" if part else None
    said = seen.wording.said(term.label) or words(term.name)
    return tuple(Span(each.text, to=to, lang=each.lang, others=each.others) for each in said)


def _page(seen: View, whole: Ontology, part: Part) -> Page:
    classes = [each for each in part.terms if each.is_class]
    names = {each.name for each in classes}
    properties = [each for each in part.terms if not each.is_class]
    shown = {each.name: _of(each, properties, names) for each in classes}
    placed = {each.name for found in shown.values() for each in found}
    rest = [each for each in properties if each.name not in placed]
    return Page(
        path=_path(part),
        index=ONTOLOGY.index,
        title=f"Ontology: {part.name}",
        eyebrow=(Span("Ontology", to=ONTOLOGY.index),),
        lead=words(part.about),
        sections=sections(
            *(_class(seen, whole, each, shown[each.name]) for each in classes),
            _others(seen, whole, rest, bool(classes)),
        ),
        structured=guideline_data(seen),
        style="wide",
    )


def _of(kind: Term, properties: list[Term], names: set[str]) -> list[Term]:
    """The properties that stand with a class: the first class of their own that is on the page."""
    return [
        each
        for each in properties
        if next((name for name in each.of if name in names), "") == kind.name
    ]


def _class(seen: View, whole: Ontology, kind: Term, own: list[Term]) -> Section:
    told = facts(
        fact("Name", words(kind.name, style="code")),
        fact("Is a", joined([_link(seen, whole, each) for each in kind.broader])),
    )
    names = {each.name for each in own}
    reused = tuple(dict.fromkeys(e.path for e in kind.rules if e.path not in names))
    rows = (
        *(_row(seen, whole, each, kind.rules, anchor(each.name)) for each in own),
        *(_rule_row(seen, whole, path, kind.rules) for path in reused),
    )
    table = Table(f"Properties of {kind.label or kind.name}", COLUMNS, rows, "rows")
    title = str(kind.label) or kind.name
    return Section(
        f"{title[:1].upper()}{title[1:]}",
        (Prose((seen.wording.said(kind.definition),)), told, filled(table)),
        thing=anchor(kind.name),
    )


COLUMNS = ("Property", "What it says", "Values", "How many", "What the checks say")


def _row(
    seen: View, whole: Ontology, term: Term, rules: tuple[Rule, ...], anchored: str = ""
) -> Row:
    own = tuple(each for each in rules if each.path == term.name)
    values = [_link(seen, whole, each) for each in term.values if each != "skos:Concept"]
    values += [
        words(f"code list {each.removeprefix('code:')}", to=VOCABULARY.index)
        for each in term.code_lists
    ]
    return Row(
        (
            (*_named(seen, term, None), Span(" "), Span(term.name, style="code")),
            seen.wording.said(term.definition),
            joined(values),
            joined([words(each) for each in dict.fromkeys(filter(None, map(_count, own)))]),
            _checks(seen, own),
        ),
        anchor=anchored,
    )


def _rule_row(seen: View, whole: Ontology, path: str, rules: tuple[Rule, ...]) -> Row:
    """A property that stands elsewhere, with what is asked of it here."""
    own = tuple(each for each in rules if each.path == path)
    term = whole.terms.get(path)
    return Row(
        (
            (*_link(seen, whole, path), Span(" "), Span(path, style="code")),
            seen.wording.said(term.definition) if term else (),
            (),
            joined([words(each) for each in dict.fromkeys(filter(None, map(_count, own)))]),
            _checks(seen, own),
        )
    )


def _count(rule: Rule) -> str:
    """How many values a rule asks for; empty where it asks for no number."""
    if rule.least and rule.most == rule.least:
        return f"exactly {readable(rule.least)}"
    if rule.least and rule.most:
        return f"{readable(rule.least)} to {readable(rule.most)}"
    if rule.least:
        return f"at least {readable(rule.least)}"
    return "" if rule.most is None else f"at most {readable(rule.most)}"


def _checks(seen: View, rules: tuple[Rule, ...]) -> Line:
    """What is said where a rule is broken; once, where two rules say the same."""
    told = {(each.code, each.message): each for each in rules if each.message}
    return joined([_check(seen, each) for each in told.values()], " ")


def _check(seen: View, rule: Rule) -> Line:
    known = any(each.code == rule.code for each in seen.content.explanations)
    to = f"codes/{rule.code}.html" if known else None
    code = (Span(rule.code, to=to, style="code"), Span(" ")) if rule.code else ()
    return (*code, Span(rule.message))


def _link(seen: View, whole: Ontology, name: str) -> Line:
    """A term by its label, with the way to where it is shown; others by their names."""
    term, to = whole.terms.get(name), place(whole, name)
    if term is None or to is None:
        return words(name, style="code")
    said = seen.wording.said(term.label) or words(name)
    return tuple(Span(each.text, to=to, lang=each.lang, others=each.others) for each in said)


def _others(seen: View, whole: Ontology, rest: list[Term], is_more: bool) -> Section | None:
    """Properties that belong to no class of the page."""
    if not rest:
        return None
    rows = tuple(_row(seen, whole, each, (), anchor(each.name)) for each in rest)
    title = "Other properties" if is_more else "Properties"
    return Section(title, (filled(Table(title, COLUMNS, rows, "rows")),), anchor="other")
