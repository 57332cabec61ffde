"""Units convert exactly, or not at all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegraph import units

# One of the first is this many of the second, worked out by hand from the definitions.
KNOWN = [
    ("mg/L", "ug/L", "1000"),
    ("ug/L", "mg/L", "1/1000"),
    ("ng/mL", "ug/L", "1"),
    ("ug/mL", "ug/L", "1000"),
    ("pg/mL", "ug/L", "1/1000"),
    ("g/L", "ug/L", "1000000"),
    ("mg/dL", "mg/L", "10"),
    ("g/dL", "g/L", "10"),
    ("mmol/L", "umol/L", "1000"),
    ("mol/m3", "mmol/L", "1"),
    ("kat/L", "U/L", "60000000"),
    ("k[iU]/L", "[iU]/mL", "1"),
    ("m[iU]/L", "u[iU]/mL", "1"),
    ("kPa", "Pa", "1000"),
    ("mm[Hg]", "Pa", "133.322"),
    ("mbar", "Pa", "100"),
    ("10*9/L", "/uL", "1000"),
    ("10*3/uL", "10*9/L", "1"),
    ("10*12/L", "10*6/uL", "1"),
    ("10^9/L", "10*9/L", "1"),
    ("/nL", "10*9/L", "1"),
    ("%", "1", "1/100"),
    ("[ppth]", "%", "1/10"),
    ("g/g", "%", "100"),
    ("/min", "/h", "60"),
    ("a", "d", "365.25"),
    ("mo", "d", "30.4375"),
    ("a", "mo", "12"),
    ("wk", "h", "168"),
    ("d", "min", "1440"),
    ("mg/d", "mg/(24.h)", "1"),
    ("mL/min", "L/h", "0.06"),
    ("kg/m2", "g/cm2", "1/10"),
    ("m/s2", "m.s-2", "1"),
    ("L", "dm3", "1"),
    ("fL", "um3", "1"),
    ("kcal", "kJ", "4.184"),
    ("[lb_av]", "g", "453.59237"),
    ("[in_i]", "cm", "2.54"),
    ("{score}", "{score}", "1"),
]

SPELLED = [
    ("µg/L", "ug/L"),
    ("μg/L", "ug/L"),
    ("mcg/L", "ug/L"),
    ("mcg/ml", "ug/mL"),
    ("ug/l", "ug/L"),
    (" ug / L ", "ug/L"),
    ("10^9/L", "10*9/L"),
    ("10E9/L", "10*9/L"),
    ("10e9/L", "10*9/L"),
    ("x10E9/L", "10*9/L"),
    ("x10^9/L", "10*9/L"),
    ("x 10^9/L", "10*9/L"),
    ("×10⁹/L", "10*9/L"),
    ("10⁻³", "10*-3"),
    ("mmol·L⁻¹", "mmol/L"),
    ("kg/m²", "kg/m2"),
    ("mmHg", "mm[Hg]"),
    ("mm Hg", "mm[Hg]"),
    ("IU/L", "[iU]/L"),
    ("mIU/mL", "m[iU]/mL"),
    ("years", "a"),
    ("year", "a"),
    ("yr", "a"),
    ("y", "a"),
    ("months", "mo"),
    ("weeks", "wk"),
    ("days", "d"),
    ("hours", "h"),
    ("minutes", "min"),
    ("mg/day", "mg/d"),
    ("bpm", "/min"),
    ("{beats}/min", "/min"),
    ("percent", "%"),
    ("{cells}/uL", "/uL"),
    ("10*9{cells}/L", "10*9/L"),
]

WITH_BASIS = [
    ("ug{FEU}/L", "FEU", "ug/L"),
    ("ug/L{FEU}", "FEU", "ug/L"),
    ("ug/L FEU", "FEU", "ug/L"),
    ("µg/L (DDU)", "DDU", "ug/L"),
    ("ng/mLFEU", "FEU", "ng/mL"),
    ("FEU mg/L", "FEU", "mg/L"),
    ("{FEU}.ug/L", "FEU", "ug/L"),
    ("ug/L.{feu}", "FEU", "ug/L"),
    ("%{activity}", "activity", "%"),
]

UNKNOWN = [
    *("", " ", "0", "0.5", "100", "109/L", "1012/L", "/", "ug/", "ug//L", "/ug/", "ug.", "(ug"),
    *("ug)", "()", "UG/L", "mgg", "kmin", "m2g", "1.73.m2", "mL/min/1.73.m2", "1/100", "10*999"),
    *("Cel", "°C", "FEU", "{", "ug{/L", "[iU", "m[Hg", "-", "m--2", "mg/L; x", "\n", "a" * 1000),
    *("((((((((((ug", "ug\x00", "٣", "0.m"),
]


@pytest.mark.parametrize(("source", "target", "factor"), KNOWN)
def test_known_conversion_is_exact_both_ways(source, target, factor):
    assert units.ratio(source, target) == Fraction(factor)
    assert units.ratio(target, source) == 1 / Fraction(factor)


@pytest.mark.parametrize(("written", "code"), SPELLED)
def test_usual_spelling_means_the_same_unit(written, code):
    assert units.ratio(written, code) == 1


@pytest.mark.parametrize(("written", "basis", "bare"), WITH_BASIS)
def test_basis_in_a_unit_is_refused_and_told_apart(written, basis, bare):
    with pytest.raises(units.UnitWithBasisError) as caught:
        units.parse(written)
    assert (caught.value.basis, caught.value.suggestions) == (basis, (bare,))
    assert units.parse(bare)


@pytest.mark.parametrize("written", UNKNOWN)
def test_anything_else_is_unknown(written):
    with pytest.raises(units.UnknownUnitError):
        units.parse(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("UG/L", "ug/L"),
        ("109/L", "10*9/L"),
        ("mL/min/1.73.m2", "mL/min/{1.73_m2}"),
        ("Mmol/l.", "mmol/L"),
        ("mmhg", "mm[Hg]"),
    ],
)
def test_unknown_unit_suggests_what_was_probably_meant(written, meant):
    with pytest.raises(units.UnknownUnitError) as caught:
        units.parse(written)
    assert meant in caught.value.suggestions


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("mmol/L", "mg/L"),
        ("U/L", "[iU]/L"),
        ("meq/L", "mmol/L"),
        ("mosm/L", "mmol/L"),
        ("%", "ug/L"),
        ("m", "min"),
        ("{score}", "1"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("ug/L", "ug"),
    ],
)
def test_units_of_different_things_do_not_convert(source, target):
    with pytest.raises(units.IncompatibleUnitsError):
        units.ratio(source, target)


def test_offered_codes_are_all_understood():
    assert [code for code in units.COMMON if units.parse(code).factor <= 0] == []


def test_a_spelling_never_hides_a_ucum_code():
    understood = []
    for word in units.SPELLINGS:
        try:
            meant = units._Reading(word, word).whole()
        except units.UnknownUnitError:
            continue
        understood.append((word, meant))
    assert understood == []


codes = st.sampled_from([each for row in KNOWN for each in row[:2]])


@given(codes, codes)
def test_there_and_back_is_one(one, other):
    if units.parse(one).dimension == units.parse(other).dimension:
        assert units.ratio(one, other) * units.ratio(other, one) == 1
    else:
        with pytest.raises(units.IncompatibleUnitsError):
            units.ratio(one, other)


@given(codes, codes)
def test_a_quotient_divides_factor_and_dimension(one, other):
    quotient = units.parse(f"({one})/({other})")
    assert quotient.factor == units.parse(one).factor / units.parse(other).factor


@given(st.text(alphabet="mugLkdPa[Hg]{}()/.*^0123456789- FEU%µ⁹×\n", max_size=15) | st.text())
def test_no_text_makes_it_fail_otherwise(text):
    try:
        unit = units.parse(text)
    except units.UnitError:
        return
    assert unit.factor > 0
    assert units.parse(unit.code).factor == unit.factor
