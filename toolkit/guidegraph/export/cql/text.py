"""The tree as CQL text: broken into lines where it is long, everything quoted that could be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import assert_never

from guidegraph.export.cql.tree import (
    Aggregate,
    Alias,
    Apply,
    Case,
    Definition,
    Folded,
    If,
    Library,
    ListOf,
    ListType,
    Literal,
    Named,
    Node,
    Null,
    Operator,
    Parameter,
    ParameterDefinition,
    Property,
    Query,
    TupleOf,
    TupleType,
    Type,
)
from guidegraph.export.words import clean

WIDTH = 99
STEP = 2

INFIX: dict[Operator, tuple[str, int]] = {
    "Or": ("or", 1),
    "And": ("and", 2),
    "Less": ("<", 3),
    "LessOrEqual": ("<=", 3),
    "Greater": (">", 3),
    "GreaterOrEqual": (">=", 3),
    "Equal": ("=", 3),
    "NotEqual": ("!=", 3),
    "Add": ("+", 6),
    "Multiply": ("*", 7),
}
"""The sign of an operator and how tightly it binds."""
PREFIX: dict[Operator, tuple[str, int]] = {"Not": ("not ", 4), "Negate": ("-", 8)}
POSTFIX: dict[Operator, str] = {
    "IsTrue": "is true",
    "IsFalse": "is false",
    "IsNull": "is null",
}
IS = 5
ATOM = 9


def library(made: Library) -> str:
    """The text of a library."""
    version = f" version {_string(made.version)}" if made.version else ""
    parts = ["\n".join([*comment_lines(made.comments), f"library {made.name}{version}"])]
    uses = ["using FHIR version '4.0.1'"]
    uses += [f"include {name}{version} called {called}" for name, called in made.includes]
    parts.append("\n".join(uses))
    parts += [parameter(each) for each in made.parameters]
    parts.append("context Patient")
    parts += [_definition(each) for each in made.definitions]
    return "\n\n".join(parts) + "\n"


def comment_lines(comments: Iterable[str], indent: str = "") -> list[str]:
    """Comments, each beginning on its own line and wrapped."""
    return [
        line
        for comment in comments
        for line in textwrap.wrap(
            clean(comment),
            WIDTH,
            initial_indent=f"{indent}// ",
            subsequent_indent=f"{indent}//   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def parameter(made: ParameterDefinition) -> str:
    """The statement that declares a parameter."""
    default = f" default {expression(made.default)}" if made.default is not None else ""
    line = f"parameter {identifier(made.name)} {type_name(made.type)}{default}"
    return "\n".join([*comment_lines(made.comments), line])


def _definition(made: Definition) -> str:
    head = f"define {identifier(made.name)}:"
    flat = expression(made.expression)
    if len(head) + 1 + len(flat) <= WIDTH and not isinstance(made.expression, Case | ListOf):
        return "\n".join([*comment_lines(made.comments), f"{head} {flat}"])
    body = _laid_out(made.expression, STEP)
    return "\n".join([*comment_lines(made.comments), head, " " * STEP + body])


def identifier(name: str) -> str:
    """A name in double quotes."""
    return f'"{_escaped(name)}"'


def _string(value: str) -> str:
    return f"'{_escaped(value)}'"


def _escaped(text: str) -> str:
    return "".join(_escape(each) for each in text)


def _escape(character: str) -> str:
    if character in "\\\"'":
        return "\\" + character
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def type_name(stated: Type) -> str:
    """A type as it is written."""
    match stated:
        case TupleType(elements):
            parts = ", ".join(f'"{name}" {type_name(each)}' for name, each in elements)
            return f"Tuple {{ {parts} }}"
        case ListType(element):
            return f"List<{type_name(element)}>"
        case _:
            return stated


def expression(node: Node) -> str:
    """A node on one line."""
    match node:
        case Literal(kind, value):
            return _string(value) if kind == "String" else value
        case Null(stated):
            return f"null as {type_name(stated)}"
        case Named(name, called):
            return identifier(name) if called is None else f"{called}.{identifier(name)}"
        case Parameter(name):
            return identifier(name)
        case Alias(name) | Folded(name):
            return name
        case Property(source, path):
            return f'{_inside(source, ATOM)}."{path}"'
        case Apply():
            return _applied(node)
        case Aggregate(function, source):
            return f"{function}({expression(source)})"
        case If(test, then, otherwise):
            return f"if {expression(test)} then {expression(then)} else {expression(otherwise)}"
        case Case(items, otherwise):
            whens = " ".join(
                f"when {expression(test)} then {expression(then)}" for test, then in items
            )
            return f"case {whens} else {expression(otherwise)} end"
        case TupleOf(elements):
            parts = ", ".join(f'"{name}": {expression(each)}' for name, each in elements)
            return f"Tuple {{ {parts} }}"
        case ListOf(parts):
            return f"{{ {', '.join(map(expression, parts))} }}" if parts else "{}"
        case Query():
            return " ".join([_source(node), *_clauses(node)])
        case _:
            assert_never(node)


def _applied(node: Apply) -> str:
    operator, operands = node.operator, node.operands
    if operator in INFIX:
        sign, binding = INFIX[operator]
        return f" {sign} ".join(_inside(each, binding + 1) for each in operands)
    if operator in PREFIX:
        sign, binding = PREFIX[operator]
        return sign + _inside(operands[0], binding + 1)
    if operator in POSTFIX:
        return f"{_inside(operands[0], IS + 1)} {POSTFIX[operator]}"
    return f"{operator}({', '.join(map(expression, operands))})"


def _inside(node: Node, at_least: int) -> str:
    """A node on one line, in parentheses where it binds less tightly."""
    return expression(node) if binding(node) >= at_least else f"({expression(node)})"


def binding(node: Node) -> int:
    """How tightly a node holds together: 0 is a whole expression, ``ATOM`` cannot be broken."""
    match node:
        case Apply(operator) if operator in INFIX:
            return INFIX[operator][1]
        case Apply(operator) if operator in PREFIX:
            return PREFIX[operator][1]
        case Apply(operator) if operator in POSTFIX:
            return IS
        case Null() | If() | Query() | Case():
            return 0
        case _:
            return ATOM


def _source(query: Query) -> str:
    return f"{_inside(query.source, ATOM)} {query.alias}"


def _clauses(query: Query) -> Iterator[str]:
    if query.where is not None:
        yield f"where {expression(query.where)}"
    if query.returned is not None:
        yield f"return all {expression(query.returned)}"
    if query.sort_by is not None:
        yield f'sort by "{query.sort_by}"'
    if query.fold is not None:
        fold = query.fold
        yield f"aggregate {fold.name} starting {_inside(fold.start, ATOM)}: {expression(fold.step)}"


def _laid_out(node: Node, indent: int, tail: int = 0) -> str:
    """A node that begins at a column: on one line where it fits, else its parts on their own.

    ``tail`` characters follow it on its last line.
    """
    flat = expression(node)
    if indent + len(flat) + tail <= WIDTH and not isinstance(node, Case | ListOf):
        return flat
    gap, inner = "\n" + " " * indent, indent + STEP
    deep = "\n" + " " * inner
    match node:
        case Apply("And" | "Or" | "Add" as operator, operands):
            sign, level = INFIX[operator]
            parts = [_part(each, indent + len(sign) + 1, level + 1) for each in operands]
            return f"{gap}{sign} ".join(parts)
        case Apply(operator, (left, right)) if operator in INFIX:
            sign, level = INFIX[operator]
            one, other = (_part(each, indent, level + 1) for each in (left, right))
            return f"{one}{deep}{sign} {other}"
        case Apply("Not", (operand,)):
            return f"not {_part(operand, indent + len('not '), ATOM)}"
        case Apply("Coalesce" | "ToDecimal" as function, operands):
            return f"{function}({deep}{f',{deep}'.join(_laid_out(o, inner) for o in operands)})"
        case Aggregate(function, source):
            return f"{function}({deep}{_laid_out(source, inner, tail + 1)})"
        case Property(source, path):
            return f'{_part(source, indent, ATOM, len(path) + 3)}."{path}"'
        case If(test, then, otherwise):
            chosen = f"if {_laid_out(test, inner)}{deep}then {_laid_out(then, inner + STEP)}"
            return f"{chosen}{gap}else {_laid_out(otherwise, indent)}"
        case Case(items, otherwise):
            whens = [
                f"{deep}when {_laid_out(test, inner + STEP, len(ending))}{ending}"
                for test, ending in ((test, f" then {expression(then)}") for test, then in items)
            ]
            return f"case{''.join(whens)}{deep}else {expression(otherwise)}{gap}end"
        case ListOf(parts) if parts:
            return f"{{{deep}{f',{deep}'.join(_laid_out(each, inner) for each in parts)}{gap}}}"
        case TupleOf(elements):
            written = [f'"{name}": {_laid_out(each, inner)}' for name, each in elements]
            return f"Tuple {{{deep}{f',{deep}'.join(written)}{gap}}}"
        case Query(source):
            head = f"{_part(source, indent, ATOM)} {node.alias}"
            return deep.join([head, *_clauses(node)])
        case _:
            return flat


def _part(node: Node, indent: int, at_least: int, tail: int = 0) -> str:
    """A node laid out, in parentheses where it binds less tightly."""
    if binding(node) >= at_least:
        return _laid_out(node, indent, tail)
    return f"({_laid_out(node, indent + 1, tail + 1)})"
