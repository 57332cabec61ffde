"""Prefixes that stand for another namespace than they seem to."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.read import Prefix
from guidegraph.terms import NAMESPACES


def mistaken_namespaces(
    prefixes: Iterable[Prefix], own: str | None, own_prefix: str
) -> dict[str, Diagnostic]:
    """Each namespace that is probably a slip, with the finding at its first declaration.

    ``own`` is the guideline's own namespace (None where it is not known) and ``own_prefix`` the
    prefix its header gives it.
    """
    found: dict[str, Diagnostic] = {}
    for prefix in prefixes:
        meant = _meant(prefix, own, own_prefix)
        if meant and meant != prefix.namespace:
            found.setdefault(prefix.namespace, _finding(prefix, meant))
    return found


def _meant(prefix: Prefix, own: str | None, own_prefix: str) -> str | None:
    """The namespace that a prefix should stand for, as far as that is known."""
    if prefix.name in NAMESPACES:
        return NAMESPACES[prefix.name]
    known = [*NAMESPACES.values(), *([own] if own else [])]
    if prefix.namespace in known:
        return prefix.namespace
    bare = _bare(prefix.namespace)
    alike = next((each for each in known if _bare(each) == bare), None)
    return alike or (own if prefix.name == own_prefix else None)


def _bare(namespace: str) -> str:
    """A namespace without what people get wrong: scheme, capitals, its last sign."""
    address = namespace.casefold().partition("://")[2] or namespace.casefold()
    return address.removeprefix("www.").rstrip("#/")


def _finding(prefix: Prefix, meant: str) -> Diagnostic:
    return Diagnostic(
        code="R109",
        severity=Severity.ERROR,
        message=f"The prefix `{prefix.name}:` stands for `<{prefix.namespace}>` here.",
        at=prefix.at,
        why=f"The namespace meant is `<{meant}>`; one sign more or less makes every name with "
        "this prefix a different name.",
        help=f"Write: `@prefix {prefix.name}: <{meant}> .`",
    )
