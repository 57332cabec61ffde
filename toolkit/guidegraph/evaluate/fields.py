"""The fields of a JSON object that say something."""

from __future__ import annotations

from typing import Any


def present(**fields: Any) -> dict[str, Any]:
    """The fields that say something: those that are not None and not an empty collection."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and not (isinstance(value, list | str) and not value)
    }
