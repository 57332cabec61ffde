"""The named queries as an interface that programs can read: OpenAPI 3.1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from guidegraph import __version__
from guidegraph.endpoint.problems import PROBLEM
from guidegraph.query.delivery import FORMS
from guidegraph.query.limits import Limits
from guidegraph.query.named import ANY, NamedQuery, Parameter

TYPES: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "description": "a local name, a prefixed name or a full address"},
    "code": {"type": "string", "description": "a term of a code list"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
    "lang": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
}
"""A decimal is a text: if it became a binary float on its way, it would be another number."""
_OWN = ("sparql-get", "sparql-post", "queries")
"""The operations that are not named queries."""
_ALL: dict[str, Any] = {each.media[0]: {"schema": {}} for each in FORMS}


def openapi(title: str, server: str, queries: Iterable[NamedQuery], limits: Limits) -> Any:
    """The whole interface; ``server`` is the address at which it is found."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": __version__,
            "description": f"Read only. A query may take {limits.seconds} s, {limits.megabytes} MB "
            f"of memory and {limits.rows} rows; an answer is whole, or there is none.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/sparql": {"get": _sparql("get"), "post": _sparql("post")},
            "/queries": {"get": _list()},
            **{f"/queries/{quote(each.name)}": {"get": _named(each)} for each in queries},
        },
        "components": {"schemas": {"Problem": _PROBLEM}, "responses": _RESPONSES},
    }


def _sparql(method: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": f"sparql-{method}",
        "summary": "SPARQL 1.1 Protocol, queries only",
        "tags": ["SPARQL"],
        "responses": _answers(_ALL),
    }
    schema = {"type": "string"}
    if method == "get":
        words = "The query; without it, the service describes itself."
        told["parameters"] = [
            {"name": "query", "in": "query", "description": words, "schema": schema}
        ]
    else:
        field = {"type": "object", "required": ["query"], "properties": {"query": schema}}
        told["requestBody"] = {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": schema},
                "application/x-www-form-urlencoded": {"schema": field},
            },
        }
    return told


def _list() -> dict[str, Any]:
    return {
        "operationId": "queries",
        "summary": "The queries that have a name, with their parameters",
        "tags": ["Queries"],
        "responses": {
            "200": {
                "description": "A list",
                "content": {"application/json": {"schema": {"type": "array"}}},
            }
        },
    }


def _named(query: NamedQuery) -> dict[str, Any]:
    return {
        "operationId": f"named-{query.name}" if query.name in _OWN else query.name,
        "summary": query.title,
        "description": query.description,
        "tags": [query.topic or "Queries"],
        "parameters": [_parameter(each) for each in query.parameters],
        "responses": _answers(_ALL),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(TYPES[parameter.type])
    form = schema.pop("description", "")
    if parameter.default not in (None, ANY):
        schema |= _default(schema["type"], parameter.default)
    words = [parameter.description, form, "any, if left out" if parameter.default == ANY else ""]
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": "; ".join(each for each in words if each),
        "schema": schema,
    }


def _default(kind: str, value: str) -> dict[str, Any]:
    """What holds where a value is left out; nothing where that does not fit the type."""
    if kind == "string":
        return {"default": value}
    if kind == "boolean":
        return {"default": value == "true"} if value in ("true", "false") else {}
    return {"default": int(value)} if re.fullmatch(r"[+-]?[0-9]{1,4000}", value) else {}


def _answers(content: dict[str, Any]) -> dict[str, Any]:
    refused = {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _STATUS
    }
    return {"200": {"description": "The whole answer", "content": content}, **refused}


_STATUS = {
    400: "The query or a value is wrong",
    404: "There is no such query",
    406: "The answer is not made in this form",
    422: "The answer has more rows than the limit",
    503: "A limit of time or memory was reached, too many ask, or the guideline has errors",
}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail", "findings"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "text": {"type": "string"},
        "findings": {"type": "array", "items": {"type": "object"}},
    },
}
_RESPONSES = {
    f"Problem{status}": {
        "description": words,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, words in _STATUS.items()
}
