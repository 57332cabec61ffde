"""Values for the parameters of a query: text from outside becomes a checked RDF term."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.errors import QueryError
from guidegraph.query.named import ANY, NamedQuery, Parameter
from guidegraph.suggestion import alike, did_you_mean
from guidegraph.terms import NAMESPACES

Term = NamedNode | Literal
XSD = NAMESPACES["xsd"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What names may mean: ``prefixes``, and the things that are described, by full IRI."""

    prefixes: Mapping[str, str]
    things: Set[str]

    def knows(self, prefix: str, local: str) -> bool:
        """Whether something in a namespace has this local name."""
        return "/" not in local and self.prefixes[prefix] + local in self.things

    def local_names(self, prefix: str) -> tuple[str, ...]:
        """The local names of everything described in a namespace, sorted."""
        start = self.prefixes.get(prefix, "")
        inside = (each[len(start) :] for each in self.things if start and each.startswith(start))
        return tuple(sorted(each for each in inside if "/" not in each))


class _UnfitError(ValueError):
    """A value does not have the form of its type; ``advice`` says how to write it."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def bind(query: NamedQuery, given: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, Term]:
    """A term for each parameter that has a value.

    Raises:
        QueryError: for unknown, missing and ill-typed values, all at once.
    """
    findings = [*_unknown(query, given)]
    bound: dict[str, Term] = {}
    for each in query.parameters:
        value = given.get(each.name, each.default)
        if value is None:
            findings.append(_missing(query, each))
        elif value != ANY or each.default != ANY:
            try:
                bound[each.name] = _READERS[each.type](value, vocabulary)
            except _UnfitError as fault:
                findings.append(_unfit(query, each, fault))
    if findings:
        raise QueryError(findings)
    return bound


def _unknown(query: NamedQuery, given: Mapping[str, str]) -> Iterator[Diagnostic]:
    names = [each.name for each in query.parameters]
    none = "It takes none. A parameter is declared by a line `# param NAME TYPE : …`."
    for name in sorted(set(given) - set(names)):
        yield Diagnostic(
            code="Q008",
            severity=Severity.ERROR,
            message=f"The query `{query.name}` has no parameter `{name}`.",
            at=query.at(),
            why="A value that nothing uses is most likely a slip.",
            help=did_you_mean(name, names, "" if names else none),
        )


def _missing(query: NamedQuery, parameter: Parameter) -> Diagnostic:
    about = f" ({parameter.description})" if parameter.description else ""
    return Diagnostic(
        code="Q009",
        severity=Severity.ERROR,
        message=f"The query `{query.name}` needs a value for `{parameter.name}`{about}.",
        at=query.at(parameter.line),
        why="The parameter has no default.",
        help=f"Give {_FORMS[parameter.type]}; on the command line with --param {parameter.name}=…",
    )


def _unfit(query: NamedQuery, parameter: Parameter, fault: _UnfitError) -> Diagnostic:
    return Diagnostic(
        code="Q010",
        severity=Severity.ERROR,
        message=f"The value of `{parameter.name}` does not fit: {fault}",
        at=query.at(parameter.line),
        why=f"The parameter is {_FORMS[parameter.type]}.",
        help=fault.advice,
    )


def _iri(value: str, vocabulary: Vocabulary) -> Term:
    """A local name of the guideline, a prefixed name, or a full IRI."""
    if match := re.fullmatch(r"<?([A-Za-z][A-Za-z0-9+.\-]*://[^\s<>\"{}|^`\\]+)>?", value):
        return _node(match[1])
    return _known(value, "d", vocabulary)


def _code(value: str, vocabulary: Vocabulary) -> Term:
    """A term of a code list."""
    return _known(value, "code", vocabulary)


def _known(value: str, namespace: str, vocabulary: Vocabulary) -> Term:
    """A name that is described, in its namespace or in that of its prefix."""
    prefix, colon, local = value.rpartition(":")
    prefix = prefix if colon else namespace
    if prefix not in vocabulary.prefixes:
        near = alike(prefix, vocabulary.prefixes)
        raise _UnfitError(
            f"the prefix `{prefix}:` is not known.",
            f"Did you mean `{near[0]}:`?" if near else "Write the local name or the full address.",
        )
    if not (local and vocabulary.knows(prefix, local)):
        near = alike(local, vocabulary.local_names(prefix))
        shown = " or ".join(f"`{each}`" for each in near)
        raise _UnfitError(
            f"nothing is called `{local}`.",
            f"Did you mean {shown}?" if near else "Look its name up in the files of the guideline.",
        )
    return _node(vocabulary.prefixes[prefix] + local)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise _UnfitError(f"`{iri}` is not a valid address.", "Check its spelling.") from None


def _string(value: str, _: Vocabulary) -> Term:
    return Literal(value)


def _integer(value: str, _: Vocabulary) -> Term:
    if not re.fullmatch(r"[+-]?[0-9]+", value):
        raise _UnfitError(f"`{value}` is not a whole number.", "Write digits only, like 24.")
    return _literal(value, "integer")


def _decimal(value: str, _: Vocabulary) -> Term:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
        raise _UnfitError(
            f"`{value}` is not a decimal number.",
            "Write digits with a point and no other sign, like 1000 or 0.5.",
        )
    return _literal(value, "decimal")


def _date(value: str, _: Vocabulary) -> Term:
    advice = "Write year, month and day, like 2026-01-31."
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise _UnfitError(f"`{value}` is not a date.", advice)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise _UnfitError(f"there is no day `{value}`.", advice) from None
    return _literal(value, "date")


def _boolean(value: str, _: Vocabulary) -> Term:
    if value not in ("true", "false"):
        raise _UnfitError(f"`{value}` is neither true nor false.", "Write true or false.")
    return _literal(value, "boolean")


def _lang(value: str, _: Vocabulary) -> Term:
    if not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", value):
        raise _UnfitError(f"`{value}` is not the code of a language.", "Write one like en or nl.")
    return Literal(value)


def _literal(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


_READERS: dict[str, Callable[[str, Vocabulary], Term]] = {
    "iri": _iri,
    "code": _code,
    "string": _string,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "boolean": _boolean,
    "lang": _lang,
}
_FORMS = {
    "iri": "the local name of something in the guideline, or a full address",
    "code": "a term of a code list",
    "string": "any text",
    "integer": "a whole number",
    "decimal": "a decimal number",
    "date": "a date",
    "boolean": "true or false",
    "lang": "the code of a language",
}
