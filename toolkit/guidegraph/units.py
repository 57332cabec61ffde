"""Units of measurement: a clinical subset of UCUM, exact.

A unit code is parsed into a factor (a ``Fraction``) and a dimension; two codes convert into each
other exactly when their dimensions are equal. Nothing is ever rounded and no binary float occurs.

What is understood: the metric prefixes and the atoms of ``BASES`` and ``DEFINED``, ``.``, ``/``,
exponents, parentheses, powers of ten (``10*9``, ``10^9``) and whole-number factors that are
multiplied on (``24.h``). Left out on purpose: scales with an offset (degrees Celsius), logarithmic
units, and integer factors that are divided on (``109/L`` is a lost superscript, not a unit).

Three things are stricter than UCUM, because silence would be dangerous here:

* An annotation on a unit (``ug{FEU}/L``) is refused: which calibration a result is expressed in is
  a property of the assay, not of the unit.
* An annotation that stands for itself (``{score}``, ``mL/min/{1.73_m2}``) is a dimension of its
  own. Only words for what is merely counted (``{cells}/uL``) mean 1.
* Amounts (mol), equivalents (eq), osmoles and international units are dimensions of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from guidegraph.suggestion import alike

Dimension = tuple[tuple[str, int], ...]
"""Base dimensions with their exponents, sorted by name: ``(("mass", 1), ("metre", -3))``."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code as understood, and how many of the base units it is."""

    code: str
    factor: Fraction
    dimension: Dimension


class UnitError(ValueError):
    """A unit cannot be used."""


class UnknownUnitError(UnitError):
    """A code is not a unit that is understood; ``suggestions`` are codes that look like it."""

    def __init__(self, code: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(f"`{code}` is not a known unit")
        self.code = code
        self.suggestions = suggestions


class UnitWithBasisError(UnknownUnitError):
    """A code carries an annotation (``ug{FEU}/L``); ``basis`` is what it says."""

    def __init__(self, code: str, basis: str, bare: str) -> None:
        super().__init__(code, (bare,) if bare else ())
        self.basis = basis


class IncompatibleUnitsError(UnitError):
    """Two units measure different things, so neither converts into the other."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"`{source}` cannot be converted to `{target}`")
        self.source = source
        self.target = target


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

SPELLINGS = {
    "IU": "[iU]",
    "iU": "[iU]",
    "beats/min": "/min",
    "bpm": "/min",
    "breaths/min": "/min",
    "day": "d",
    "days": "d",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "minute": "min",
    "minutes": "min",
    "mins": "min",
    "mmHg": "mm[Hg]",
    "month": "mo",
    "months": "mo",
    "percent": "%",
    "sec": "s",
    "second": "s",
    "seconds": "s",
    "week": "wk",
    "weeks": "wk",
    "y": "a",
    "year": "a",
    "years": "a",
    "yr": "a",
    "yrs": "a",
}
"""Words that laboratories and people write for a unit. Each means exactly its UCUM code."""

COUNTED = ("beats", "breaths", "cells", "count")
"""Annotations that only say what is counted."""

COMMON = (
    *("ug/L", "mg/L", "g/L", "ng/mL", "ug/mL", "pg/mL", "mg/dL", "g/dL", "ng/L", "kg/m2"),
    *("mmol/L", "umol/L", "nmol/L", "pmol/L", "mol/L", "U/L", "k[iU]/L", "[iU]/mL", "[iU]/L"),
    *("10*9/L", "10*12/L", "10*3/uL", "10*6/uL", "fL", "pg", "%", "1", "mm[Hg]", "kPa", "/min"),
    *("mL/min", "mL/min/{1.73_m2}", "a", "mo", "wk", "d", "h", "min", "s", "mm", "cm", "m"),
    *("kg", "g", "mg", "ug", "mg/d", "mL", "L", "L/min", "mm/h", "[iU]/kg", "mg/kg"),
)
"""Codes offered as "did you mean"."""

_LONGEST_CODE = 60
_SIGNS = str.maketrans({"µ": "u", "μ": "u", "×": "x", "·": ".", "⋅": "."})
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_RAISED = re.compile(r"(?P<ten>(?<!\d)10)?(?P<exponent>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_BASIS = r"[\s({\[]*(?:FEU|DDU|D-DU)[\s)}\]]*"
_BASIS_AROUND = re.compile(rf"(?P<first>{_BASIS})(?P<a>.+)|(?P<b>.+?)(?P<last>{_BASIS})", re.I)
_ANNOTATION = re.compile(r"\{([^{}]*)\}")
_POWER_OF_TEN = re.compile(r"^(?:x\s*)?10\s*[*^eE]\s*(-?\d+)(?=$|[/.])")
_TOKEN = re.compile(r"[./()]|\{[^{}]*\}|(?:[^./(){}\[\]]|\[[^\[\]]*\])+")
_ATOM = re.compile(r"(?P<atom>10[*^]|.*?[^\d+-])(?P<exponent>[+-]?\d{1,2})?")


@lru_cache(maxsize=4096)
def parse(code: str) -> Unit:
    """The unit a code stands for; usual spellings of the same unit are understood.

    Raises:
        UnknownUnitError: the code is not understood.
        UnitWithBasisError: it carries a calibration (a kind of ``UnknownUnitError``).
    """
    if not 0 < len(code.strip()) <= _LONGEST_CODE:
        raise UnknownUnitError(code if len(code) <= _LONGEST_CODE else f"{code[:20]}…")
    spelled = _spell(code)
    factor, powers = _Reading(code, spelled).whole()
    return Unit(spelled, factor, tuple(sorted((k, v) for k, v in powers.items() if v)))


def ratio(source: str, target: str) -> Fraction:
    """How many ``target`` one ``source`` is, exactly.

    Raises:
        UnknownUnitError: one of the codes is not understood.
        IncompatibleUnitsError: they measure different things.
    """
    one, other = parse(source), parse(target)
    if one.dimension != other.dimension:
        raise IncompatibleUnitsError(source, target)
    return one.factor / other.factor


def _unknown(code: str) -> UnknownUnitError:
    """The error for a code that is not understood, with codes that look like it."""
    return UnknownUnitError(code, alike(code.translate(_SIGNS), COMMON))


def _spell(code: str) -> str:
    """The code with usual spellings replaced by the UCUM code of exactly the same unit."""
    text = _RAISED.sub(_lowered, code.strip().translate(_SIGNS))
    text = re.sub(r"\s*/\s*", "/", text).replace("mm Hg", "mm[Hg]")
    text = _without_annotations(code, text)
    text = _POWER_OF_TEN.sub(r"10*\1", text)
    text = SPELLINGS.get(text, text)
    return "/".join(_spell_part(part) for part in text.split("/"))


def _lowered(raised: re.Match[str]) -> str:
    """A superscript number as an exponent: ``10⁹`` is ``10*9``, ``m²`` is ``m2``."""
    ten = "10*" if raised["ten"] else ""
    return ten + raised["exponent"].translate(_SUPERSCRIPTS)


def _spell_part(part: str) -> str:
    if part.startswith("mcg"):
        return "ug" + part[3:]
    if part.endswith("IU") and part[:-2] in PREFIXES:
        return f"{part[:-2]}[iU]"
    return SPELLINGS.get(part, part)


def _without_annotations(code: str, text: str) -> str:
    """The text without words for what is counted; any other note on a unit is refused."""
    if found := _BASIS_AROUND.fullmatch(text):
        basis = (found["first"] or found["last"]).strip(" (){}[]").upper()
        raise UnitWithBasisError(code, basis, (found["a"] or found["b"]).strip(" ."))
    for note in _ANNOTATION.finditer(text):
        before, after = text[: note.start()], text[note.end() :]
        on_its_own = before[-1:] in ("", ".", "/", "(") and after[:1] in ("", ".", "/", ")")
        if not on_its_own and note[1] in COUNTED:
            return _without_annotations(code, before + after)
        if not on_its_own or note[1].upper() in ("FEU", "DDU", "D-DU"):
            raise UnitWithBasisError(code, note[1], before + after)
    return text


Factored = tuple[Fraction, dict[str, int]]
"""A factor and the exponents of the base dimensions."""


class _Reading:
    """One reading of a code from left to right."""

    def __init__(self, written: str, code: str) -> None:
        self.written = written
        self.tokens = _TOKEN.findall(code)
        self.place = 0
        if "".join(self.tokens) != code:
            raise _unknown(written)

    def whole(self) -> Factored:
        """Factor and dimension of the whole code."""
        result = self.term()
        if self.place < len(self.tokens):
            raise _unknown(self.written)
        return result

    def accept(self, token: str) -> bool:
        """Step over ``token`` if it is next."""
        found = self.tokens[self.place : self.place + 1] == [token]
        self.place += found
        return found

    def term(self) -> Factored:
        """Components joined by ``.`` and ``/``, from left to right; ``/`` may come first."""
        factor, powers = Fraction(1), dict[str, int]()
        sign = -1 if self.accept("/") else 1
        while True:
            number, part = self.component(divided=sign < 0)
            factor *= number**sign
            for name, exponent in part.items():
                powers[name] = powers.get(name, 0) + sign * exponent
            if self.accept("/"):
                sign = -1
            elif self.accept("."):
                sign = 1
            else:
                return factor, powers

    def component(self, divided: bool) -> Factored:
        """A bracketed term, an annotation, a whole number, or an atom with its exponent."""
        piece = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        if piece == "(":
            inside = self.term()
            if not self.accept(")"):
                raise _unknown(self.written)
            return inside
        if piece.startswith("{"):
            return Fraction(1), {} if piece[1:-1] in COUNTED else {piece: 1}
        if _is_whole(piece):
            return self.whole_number(int(piece), divided)
        return self.atom(piece)

    def whole_number(self, number: int, divided: bool) -> Factored:
        """1, or a factor that is multiplied on (``24.h``; not ``109/L``, not ``1.73.m2``)."""
        operator, operand = (*self.tokens[self.place : self.place + 2], "", "")[:2]
        multiplied_on = operator == "." and not divided
        is_decimal = operator == "." and _is_whole(operand)
        if number == 0 or is_decimal or not (number == 1 or multiplied_on):
            raise _unknown(self.written)
        return Fraction(number), {}

    def atom(self, token: str) -> Factored:
        """An atom, perhaps with a prefix, raised to its exponent."""
        found = _ATOM.fullmatch(token)
        base = _base(found["atom"]) if found else None
        if found is None or base is None:
            raise _unknown(self.written)
        exponent = int(found["exponent"] or 1)
        return base[0] ** exponent, {name: power * exponent for name, power in base[1]}


def _is_whole(token: str) -> bool:
    return token.isascii() and token.isdigit()


@lru_cache(maxsize=256)
def _base(symbol: str) -> tuple[Fraction, Dimension] | None:
    """What an atom means, with or without a prefix; None if it is not known."""
    if symbol in ("10*", "10^"):
        return Fraction(10), ()
    if symbol in BASES:
        return Fraction(1), ((BASES[symbol], 1),)
    if symbol in DEFINED:
        number, code, _ = DEFINED[symbol]
        defined = parse(code)
        return Fraction(number) * defined.factor, defined.dimension
    for prefix, factor in PREFIXES.items():
        rest = symbol.removeprefix(prefix)
        takes_prefix = rest in BASES or (rest in DEFINED and DEFINED[rest][2])
        if rest != symbol and takes_prefix and (base := _base(rest)):
            return factor * base[0], base[1]
    return None
