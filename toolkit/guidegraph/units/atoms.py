"""The atoms and prefixes of UCUM that are understood, with their exact definitions."""

from __future__ import annotations

from fractions import Fraction

_BIG = {"Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1}
_SMALL = {"d": 1, "c": 2, "m": 3, "u": 6, "n": 9, "p": 12, "f": 15, "a": 18, "z": 21, "y": 24}
PREFIXES = {
    **{symbol: Fraction(10) ** power for symbol, power in _BIG.items()},
    **{symbol: Fraction(10) ** -power for symbol, power in _SMALL.items()},
}

BASES = {
    "m": "metre",
    "g": "gram",
    "s": "second",
    "mol": "mole",
    "eq": "equivalent",
    "osm": "osmole",
    "Cel": "degree Celsius",
    "[iU]": "international unit",
    "[IU]": "international unit",
}
"""Atoms that are a dimension of their own; all take a prefix."""

DEFINED: dict[str, tuple[str, str, bool]] = {
    "L": ("1/1000", "m3", True),
    "l": ("1/1000", "m3", True),
    "Pa": ("1000", "g.m-1.s-2", True),
    "bar": ("100000", "Pa", True),
    "m[Hg]": ("133322", "Pa", True),
    "J": ("1000", "g.m2.s-2", True),
    "cal": ("523/125", "J", True),
    "kat": ("1", "mol.s-1", True),
    "U": ("1/1000000", "mol.min-1", True),
    "Hz": ("1", "s-1", True),
    "min": ("60", "s", False),
    "h": ("60", "min", False),
    "d": ("24", "h", False),
    "wk": ("7", "d", False),
    "mo": ("1/12", "a", False),
    "a": ("1461/4", "d", False),
    "%": ("1/100", "1", False),
    "[ppth]": ("1/1000", "1", False),
    "[ppm]": ("1/1000000", "1", False),
    "[ppb]": ("1/1000000000", "1", False),
    "[lb_av]": ("45359237/100000", "g", False),
    "[oz_av]": ("45359237/1600000", "g", False),
    "[in_i]": ("127/5000", "m", False),
    "[ft_i]": ("381/1250", "m", False),
}
"""Other atoms: how many of which unit (as UCUM defines them), and whether they take a prefix."""
