"""Units convert exactly, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from guidegraph import units
from guidegraph.agree import node
from guidegraph.units.atoms import BASES, DEFINED

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
    *("ug)", "()", "Ug/L", "mgg", "kmin", "m2g", "1.73.m2", "mL/min/1.73.m2", "1/100", "10*999"),
    *("cel", "°F", "FEU", "{", "ug{/L", "[iU", "m[Hg", "-", "m--2", "mg/L; x", "\n", "a" * 1000),
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
        ("Ug/L", "ug/L"),
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


# --- what laboratories send ---------------------------------------------------------------------

SENT = [
    *(("ng/ml", "ng/mL"), ("NG/ML", "ng/mL"), ("µg/L", "ug/L"), ("μg/L", "ug/L")),
    *(("mcg/L", "ug/L"), ("ug/l", "ug/L"), ("UG/L", "ug/L"), ("mg/dl", "mg/dL")),
    *(("MG/DL", "mg/dL"), ("mg%", "mg/dL"), ("gm/dL", "g/dL"), ("PG/ML", "pg/mL")),
    *(("10*9/L", "10*9/L"), ("10^9/L", "10*9/L"), ("10E9/L", "10*9/L"), ("x10^9/L", "10*9/L")),
    *(("×10⁹/L", "10*9/L"), ("*10^9/L", "10*9/L"), ("10**9/L", "10*9/L"), ("x10(9)/L", "10*9/L")),
    *(("10^9 cells/L", "10*9/L"), ("Gpt/L", "10*9/L"), ("/nL", "10*9/L"), ("K/uL", "10*9/L")),
    *(("K/µL", "10*9/L"), ("K/mm3", "10*9/L"), ("10^3/cumm", "10*9/L"), ("Tsd/µl", "10*9/L")),
    *(("Mio/µl", "10*12/L"), ("T/L", "10*12/L"), ("cells/uL", "/uL"), ("/cumm", "/uL")),
    *(("IU/mL", "[iU]/mL"), ("IU/ML", "[iU]/mL"), ("mIU/L", "m[iU]/L"), ("kIU/L", "k[iU]/L")),
    *(("mmHg", "mm[Hg]"), ("mm Hg", "mm[Hg]"), ("MMHG", "mm[Hg]"), ("%", "%")),
    *(("seconds", "s"), ("sec", "s"), ("secs", "s"), ("s", "s"), ("years", "a"), ("yr", "a")),
    *(("°C", "Cel"), ("℃", "Cel"), ("degC", "Cel"), ("deg C", "Cel"), ("mg/litre", "mg/L")),
]


@pytest.mark.parametrize(("written", "code"), SENT)
def test_what_laboratories_send_has_one_meaning(written, code):
    assert units.ratio(written, code) == 1


@pytest.mark.parametrize(
    ("written", "target", "understood"),
    [("G/L", "10*9/L", "10*9/L"), ("G/L", "ug/L", "g/L")],
)
def test_what_is_measured_settles_a_spelling_with_two_meanings(written, target, understood):
    assert units.meant(written, target).code == understood
    with pytest.raises(units.AmbiguousUnitError):
        units.parse(written)


@pytest.mark.parametrize(
    ("written", "target", "readings"),
    [
        ("M/uL", "10*9/L", ("10*6/uL", "10*3/uL")),
        ("M/µl", "10*9/L", ("10*6/uL", "10*3/uL")),
        ("ng/ML", "ug/L", ("ng/mL", "ng/ML")),
        ("U/ML", "U/L", ("U/mL", "U/ML")),
    ],
)
def test_a_spelling_with_two_meanings_for_the_same_thing_is_asked(written, target, readings):
    with pytest.raises(units.AmbiguousUnitError) as caught:
        units.ratio(written, target)
    assert caught.value.suggestions == readings


def test_a_spelling_that_measures_something_else_does_not_convert():
    with pytest.raises(units.IncompatibleUnitsError):
        units.meant("G/L", "mmol/L")


@pytest.mark.parametrize(
    ("written", "is_other"),
    [
        *(("ug/L", False), ("µg / L", False), ("10^9/L", False), ("×10⁹/L", True)),
        *(("NG/ML", True), ("mmHg", True), ("years", True), ("ug/l", False)),
    ],
)
def test_only_another_spelling_than_that_of_ucum_is_told(written, is_other):
    assert units.is_respelled(written, units.parse(written)) is is_other


@pytest.mark.parametrize("written", ["°F", "[degF]", "K", "mg/24h", "mg/L/x", "kIU.ML"])
def test_what_is_not_in_the_table_is_refused(written):
    with pytest.raises(units.UnknownUnitError):
        units.parse(written)


# --- the units of the sources -------------------------------------------------------------------

OF_THE_SOURCES = (
    *("mg/L", "ug/L", "ng/ml", "ng/mL", "pg/mL", "g/L", "mmol/L", "U/L", "10*9/L", "10*12/L"),
    *("fL", "pg", "%", "1", "a", "/min", "mmHg", "mm", "cm", "h", "d", "mg/d"),
)
INVENTORY = SHARED / "design" / "inventory.md"


def units_of_the_inventory() -> list[str]:
    """The unit column of the table of laboratory values; words that are no unit are left out."""
    rows = [line.split("|") for line in INVENTORY.read_text("utf-8").splitlines()]
    heading = next(row for row in rows if any(cell.strip() == "unit (UCUM)" for cell in row))
    column = [cell.strip() for cell in heading].index("unit (UCUM)")
    found = {
        row[column].strip() for row in rows if row[1:] and row[1].strip().startswith("GUO-T1-")
    }
    return sorted(found - {"", "as printed"})


@pytest.mark.parametrize("code", OF_THE_SOURCES)
def test_every_unit_of_the_sources_is_read(code):
    assert units.parse(code).factor > 0


def test_every_unit_of_the_inventory_is_read():
    if not INVENTORY.is_file():
        pytest.skip("needs the inventory of the sources: ../shared/design/inventory.md")
    found = units_of_the_inventory()
    assert len(found) >= 10
    assert [code for code in found if not units.parse(code)] == []


# --- an independent oracle ----------------------------------------------------------------------

ORACLE = """
const lhc = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance();
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const told = pairs.map(([from, to]) => lhc.convertUnitTo(from, 1, to));
console.log(JSON.stringify(told.map((each) => [each.status, each.toVal])));
"""
ARBITRARY = ("[iU]", "[IU]")
"""The oracle knows international units and converts none: it is asked about grams instead."""
HERE_ONLY = ("{score}", "mL/min/{1.73_m2}")
"""Annotations are dimensions of their own here, and mean 1 in UCUM."""


def convertible() -> list[tuple[str, str]]:
    """Pairs of codes that convert into each other, with every atom and every code on offer."""
    codes = {*units.COMMON, *(each for row in KNOWN for each in row[:2]), *BASES, *DEFINED}
    codes = {*codes, *(units.parse(each).code for each in OF_THE_SOURCES)} - set(HERE_ONLY)
    first: dict[units.Dimension, str] = {}
    for code in sorted(codes):
        first.setdefault(units.parse(code).dimension, code)
    return [(code, first[units.parse(code).dimension]) for code in sorted(codes)]


def as_oracle_converts(code: str) -> str:
    for unit in ARBITRARY:
        code = code.replace(unit, "g")
    return code


def test_conversions_agree_with_the_reference_implementation_of_ucum():
    if why := node.missing("@lhncbc/ucum-lhc"):
        pytest.skip(why)
    pairs = convertible()
    told = subprocess.run(
        ["node", "-e", ORACLE],
        input=json.dumps([[as_oracle_converts(code) for code in pair] for pair in pairs]),
        env={**os.environ, "NODE_PATH": str(node.engines_folder() / "node_modules")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(pairs) > 80
    for (source, target), (status, value) in zip(pairs, json.loads(told.stdout), strict=True):
        assert status == "succeeded", (source, target)
        exact = units.ratio(source, target)
        assert abs(Fraction(value) / exact - 1) <= Fraction(1, 10**12), (source, target, value)
