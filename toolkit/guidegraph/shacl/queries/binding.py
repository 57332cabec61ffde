"""Variables bound beforehand, for all focus nodes in one query.

What is to be bound stands as rows in a graph of its own. At the beginning of each group that
mentions a variable a pattern is put that reads it from there: so it has, everywhere in the query
and for each row, the value that it would have if the query were asked for that row alone. Queries
of which this is not so (``LIMIT``, counting without a group for each node) are asked row by row.

Source: SHACL, section 5.2.1 and appendix A; https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from guidegraph.columns.columns import Term
from guidegraph.shacl.queries.tokens import Group, MalformedError, Query, Token, parsed

ROWS = "urn:guidegraph:rows"
ROW = "guidegraph_row"
_NEVER = {
    "SERVICE": "asks another machine, and nothing is asked over the network",
    "MINUS": "has MINUS, which constraints must not have",
    "VALUES": "has VALUES, which constraints must not have",
    "FROM": "names another set of data to ask",
}
_ALONE = ("LIMIT", "OFFSET", "GRAPH", "RAND", "UUID", "STRUUID", "BNODE")
_COUNTING = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "GROUP", "HAVING")
_SCOPE = ("EXISTS",)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that can be asked: how it is written, what it is asked about, and how.

    ``together`` says that ``text`` gives the answers of all rows, each with its row in the variable
    ``ROW``; if not, it gives those of the one row that is there. ``of_datatypes`` says that it asks
    for datatypes.
    """

    plain: str
    text: str
    variables: tuple[str, ...]
    together: bool
    asks: bool
    of_datatypes: bool


def prepared(text: str, bound: tuple[str, ...], fixed: Mapping[str, Term], path: str) -> Prepared:
    """A query made ready. ``bound`` may be bound beforehand, ``fixed`` have one value each.

    Raises ``MalformedError`` where it is no query, or does what constraints must not do.
    """
    query = parsed(text)
    kind = next((each for each in query.tokens if each.is_word("SELECT", "ASK")), None)
    if kind is None:
        raise MalformedError("is neither a SELECT nor an ASK query")
    _refuse(query, (*bound, *fixed))
    text = _filled(query, text, fixed, path)
    query = parsed(text)
    used = {each.name for each in query.tokens}
    variables = tuple(each for each in bound if each in used) or bound[:1]
    asks = kind.is_word("ASK")
    edits = [*_patterns(query, variables)]
    if together := _is_together(query):
        edits += [*_projected(query, asks=asks), *_apart(query, text, variables)]
    typed = any(each.is_word("DATATYPE") for each in query.tokens)
    return Prepared(text, _edited(text, edits), variables, together, asks, typed)


def with_values(query: Prepared, values: Mapping[str, ox.NamedNode]) -> str:
    """The text of a query with values in the place of its variables."""
    return _filled(parsed(query.plain), query.plain, values, "")


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Between two offsets stands something else."""

    start: int
    end: int
    text: str


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for each in sorted(edits):
        parts += text[at : each.start], each.text
        at = each.end
    return "".join(parts) + text[at:]


def _refuse(query: Query, bound: tuple[str, ...]) -> None:
    for before, token in zip((Token("", "", 0), *query.tokens), query.tokens, strict=False):
        if token.kind == "word" and (says := _NEVER.get(token.text.upper())):
            raise MalformedError(says)
        if token.name == "shapesGraph":
            raise MalformedError("uses $shapesGraph, which is not there")
        if token.name in bound and before.is_word("AS"):
            raise MalformedError(f"binds ${token.name}, which has a value already")
    for group in query.top.all():
        if query.is_select(group):
            names = {each.name for each in _heading(query, group)}
            if lacking := [each for each in bound if each not in names and each in _MUST]:
                raise MalformedError(f"has a SELECT within that does not select ${lacking[0]}")


_MUST = ("this", "value")


def _heading(query: Query, group: Group) -> Iterator[Token]:
    """What a query within selects."""
    for each in query.within(group):
        if each.text == "{" or each.is_word("WHERE"):
            return
        yield each


def _filled(query: Query, text: str, fixed: Mapping[str, Term], path: str) -> str:
    """The text with what has one value put in."""
    edits = []
    tokens = query.tokens
    heading = {id(each) for select in _selects(query) for each in select}
    for number, token in enumerate(tokens):
        start, end = token.start, token.end
        if token.name == "PATH":
            if not path:
                raise MalformedError("uses $PATH, and its shape has no sh:path")
            edits.append(_Edit(start, end, path))
        elif token.name in fixed:
            value = fixed[token.name]
            if tokens[number - 2].is_word("BOUND") and tokens[number - 1].text == "(":
                edits.append(_Edit(tokens[number - 2].start, tokens[number + 1].end, "true"))
            elif isinstance(value, ox.BlankNode):
                raise MalformedError(f"uses ${token.name}, whose value has no name")
            elif id(token) in heading:
                within = number > query.top.first  # where the name may have a value already
                name = f"{ROW}_{number}" if within else token.name
                edits.append(_Edit(start, end, f"({value} AS ?{name})"))
            else:
                after = number > query.top.last or _is_listed(tokens, number)
                edits.append(_Edit(start, end, f"({value})" if after else str(value)))
    return _edited(text, edits)


def _is_listed(tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a variable stands bare behind GROUP BY or ORDER BY, which take no bare value."""
    while tokens[number].name:
        number -= 1
    return tokens[number].is_word("BY")


def _selects(query: Query) -> Iterator[list[Token]]:
    """The variables that are selected as they are, by each SELECT."""
    for number, token in enumerate(query.tokens):
        if token.is_word("SELECT"):
            found, depth = [], 0
            for each in query.tokens[number + 1 :]:
                if each.text == "{":
                    break
                depth += {"(": 1, ")": -1}.get(each.text, 0)
                if each.name and not depth:
                    found.append(each)
            yield found


def _is_together(query: Query) -> bool:
    """Whether one query can be asked for all rows."""
    words = {each.text.upper() for each in query.tokens if each.kind == "word"}
    return words.isdisjoint(_ALONE) and words.isdisjoint(_COUNTING)


def _patterns(query: Query, variables: tuple[str, ...]) -> Iterator[_Edit]:
    """Where in the query rows are read, and what is written there."""
    for group in query.top.all():
        mentions = any(each.name in variables for each in query.within(group))
        if query.is_select(group) or _in_exists(query, group):
            continue
        if mentions or group is query.top:
            at = query.tokens[group.first].end
            yield _Edit(at, at, f" {_pattern(variables)} ")


def _pattern(variables: tuple[str, ...]) -> str:
    triples = " . ".join(f"?{ROW} <{ROWS}/{each}> ?{each}" for each in variables)
    return f"GRAPH <{ROWS}> {{ {triples} }}"


def _in_exists(query: Query, group: Group | None) -> bool:
    while group is not None:
        if query.before(group)[1].is_word(*_SCOPE):
            return True
        group = group.parent
    return False


def _projected(query: Query, *, asks: bool) -> Iterator[_Edit]:
    """The row is selected too, everywhere."""
    for number, token in enumerate(query.tokens):
        if token.is_word("ASK") and asks:
            yield _Edit(token.start, token.end, f"SELECT DISTINCT ?{ROW}")
        elif token.is_word("SELECT"):
            distinct = query.tokens[number + 1].is_word("DISTINCT", "REDUCED")
            last = query.tokens[number + distinct]
            if query.tokens[number + distinct + 1].text != "*":
                yield _Edit(last.end, last.end, f" ?{ROW}")


def _apart(query: Query, text: str, variables: tuple[str, ...]) -> Iterator[_Edit]:
    """Filters that ask whether something exists, written as a difference or as a join.

    ``FILTER NOT EXISTS`` becomes ``MINUS``, ``FILTER EXISTS`` a join with what is shared, each at
    the end of its group. This says the same if every variable that the two groups share has a
    value in each solution of the outer one, and if there is such a variable. Oxigraph works out
    what a filter asks for anew for each solution, the other two only once.
    """
    for group in query.top.all():
        owner, negated = group.parent, query.before(group)[0].is_word("NOT")
        begin = group.first - (3 if negated else 2)
        if owner is None or not query.before(group)[1].is_word("EXISTS") or begin < owner.first:
            continue
        if not query.tokens[begin].is_word("FILTER") or _in_exists(query, owner):
            continue
        shared = _shared(query, group, variables)
        if not shared or not shared <= {*_sure(query, owner), *variables}:
            continue
        yield _Edit(query.tokens[begin].start, query.tokens[group.last].end, "")
        known = _pattern(variables) if _walks_far(query, group) and variables else ""
        inner = text[query.tokens[group.first].end : query.tokens[group.last].start]
        at = query.tokens[owner.last].start
        if negated:
            yield _Edit(at, at, f" MINUS {{ {known} {inner} }} ")
        else:
            names = " ".join(f"?{each}" for each in sorted(shared))
            yield _Edit(at, at, f" {{ SELECT DISTINCT {names} {{ {known} {inner} }} }} ")


def _shared(query: Query, group: Group, variables: tuple[str, ...]) -> set[str]:
    """The variables that a group shares with the rest, if it is one that can stand alone."""
    tokens = query.within(group)
    inside = {each.name for each in tokens} - {""}
    if group.inner or any(each.is_word(*_NOT_PLAIN) for each in tokens):
        return set()
    if not inside <= set(_sure(query, group)):
        return set()
    outside = {
        each.name
        for at, each in enumerate(query.tokens)
        if each.name and not group.first <= at <= group.last
    }
    return inside & (outside | set(variables))


_NOT_PLAIN = ("BIND", "OPTIONAL", "UNION", "VALUES", "GRAPH", "SELECT", "EXISTS")


def _walks_far(query: Query, group: Group) -> bool:
    """Whether a path of any length leads from one variable to another."""
    tokens = [each for each in query.within(group) if each.text != ")"]
    return any(
        each.kind == "sign" and each.text in "*+" and after.name for each, after in pairwise(tokens)
    )


def _sure(query: Query, group: Group) -> Iterator[str]:
    """Variables of the plain triples of a group; they have a value in each of its solutions."""
    depth, skipping = 0, False
    for token in query.own(group):
        if token.is_word("FILTER", "BIND"):
            skipping = True
        elif token.text == "(" and token.kind == "sign":
            depth += 1
        elif token.text == ")" and token.kind == "sign":
            depth -= 1
            skipping = skipping and depth > 0
        elif token.name and not skipping:
            yield token.name
