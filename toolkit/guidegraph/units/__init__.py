"""Units of measurement: a clinical subset of UCUM, exact.

A unit code is parsed into a factor (a ``Fraction``) and a dimension; two codes convert into each
other exactly when their dimensions are equal. Nothing is ever rounded and no binary float occurs.

What is understood: the metric prefixes and the atoms of ``BASES`` and ``DEFINED``, ``.``, ``/``,
exponents, parentheses, powers of ten (``10*9``, ``10^9``) and whole-number factors that are
multiplied on (``24.h``). Left out on purpose: logarithmic units, and integer factors that are
divided on (``109/L`` is a lost superscript, not a unit). What people and laboratories write instead
of the code is in one table (``spellings``).

Four things are stricter than UCUM, because silence would be dangerous here:

* An annotation on a unit (``ug{FEU}/L``) is refused: which calibration a result is expressed in is
  a property of the assay, not of the unit.
* An annotation that stands for itself (``{score}``, ``mL/min/{1.73_m2}``) is a dimension of its
  own. Only words for what is merely counted (``{cells}/uL``) mean 1.
* Amounts (mol), equivalents (eq), osmoles, international units and degrees Celsius are dimensions
  of their own: none converts into another, and a scale with an offset into none.
* What laboratories write with several meanings (``M/uL``, ``ng/ML``) is asked, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from guidegraph.suggestion import alike
from guidegraph.units.atoms import BASES, DEFINED, PREFIXES
from guidegraph.units.spellings import COMMON, COUNTED, SPELLINGS, several, spelled, typeset

__all__ = [
    "COMMON",
    "SPELLINGS",
    "AmbiguousUnitError",
    "Dimension",
    "IncompatibleUnitsError",
    "Unit",
    "UnitError",
    "UnitWithBasisError",
    "UnknownUnitError",
    "is_respelled",
    "meant",
    "parse",
    "ratio",
]

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


class AmbiguousUnitError(UnknownUnitError):
    """A laboratory may mean more than one unit by this; ``suggestions`` are their codes."""


_LONGEST_CODE = 60
_BASIS = re.compile(r"[\s({\[]*(?P<basis>FEU|DDU|D-DU)[\s)}\]]*", re.I)
_ANNOTATION = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"[./()]|\{[^{}]*\}|(?:[^./(){}\[\]]|\[[^\[\]]*\])+")
_ATOM = re.compile(r"(?P<atom>10[*^]|.*?[^\d+-])(?P<exponent>[+-]?\d{1,2})?")


@lru_cache(maxsize=4096)
def parse(code: str) -> Unit:
    """The unit a code stands for; usual spellings of the same unit are understood.

    Raises:
        UnknownUnitError: the code is not understood.
        UnitWithBasisError: it carries a calibration (a kind of ``UnknownUnitError``).
        AmbiguousUnitError: it may stand for several units (another kind).
    """
    text = _bare(code)
    if found := several(text):
        raise AmbiguousUnitError(code, found)
    return _unit(code, spelled(text))


def meant(written: str, target: str) -> Unit:
    """The unit that is written where something is measured in ``target``.

    A spelling with several meanings (``G/L``) stands for the one that can be converted, if there is
    just one.

    Raises:
        UnknownUnitError: one of the codes is not understood (see ``parse``).
        IncompatibleUnitsError: they measure different things.
    """
    other = parse(target)
    text = _bare(written)
    readings = [_unit(written, each) for each in several(text) or (spelled(text),)]
    fitting = [each for each in readings if each.dimension == other.dimension]
    if not fitting:
        raise IncompatibleUnitsError(written, target)
    if len(fitting) > 1:
        raise AmbiguousUnitError(written, tuple(each.code for each in fitting))
    return fitting[0]


@lru_cache(maxsize=4096)
def ratio(source: str, target: str) -> Fraction:
    """How many ``target`` one ``source`` is, exactly; ``source`` is understood as in ``meant``.

    Raises:
        UnknownUnitError: one of the codes is not understood.
        IncompatibleUnitsError: they measure different things.
    """
    return meant(source, target).factor / parse(target).factor


def is_respelled(written: str, unit: Unit) -> bool:
    """Whether a unit was written otherwise than UCUM has it, apart from signs and spaces."""
    return typeset(written) != unit.code


def _unit(written: str, code: str) -> Unit:
    factor, powers = _Reading(written, code).whole()
    return Unit(code, factor, tuple(sorted((k, v) for k, v in powers.items() if v)))


def _unknown(code: str) -> UnknownUnitError:
    """The error for a code that is not understood, with codes that look like it."""
    return UnknownUnitError(code, alike(typeset(code), COMMON))


def _bare(code: str) -> str:
    """A code in UCUM's signs, without words for what is counted.

    Raises:
        UnknownUnitError: it is empty or far too long, or a note stands on a unit.
    """
    if not 0 < len(code.strip()) <= _LONGEST_CODE:
        raise UnknownUnitError(code if len(code) <= _LONGEST_CODE else f"{code[:20]}…")
    return _without_annotations(code, typeset(code))


def _without_annotations(code: str, text: str) -> str:
    """The text without words for what is counted; any other note on a unit is refused."""
    if found := _BASIS.search(text):
        bare = (text[: found.start()] + text[found.end() :]).strip(" .")
        if bare:
            raise UnitWithBasisError(code, found["basis"].upper(), bare)
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
