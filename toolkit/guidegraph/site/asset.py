"""A file that is made for the scripts of a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asset:
    """A file below ``assets/`` of the site."""

    path: str
    text: str
