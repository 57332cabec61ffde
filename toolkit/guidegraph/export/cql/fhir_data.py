"""The data library over FHIR resources: the same definitions as that of the wire form.

Observations become whole steps and minutes exactly or not at all: by a factor for each code of a
unit, never by a conversion of the engine's own. A basis (FEU, DDU) is never converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from guidegraph import units
from guidegraph.export.base import ExportInput
from guidegraph.export.cql import text
from guidegraph.export.cql.data import describe, setting_parameter
from guidegraph.export.cql.names import Definitions, definitions, free, library_names, parameter
from guidegraph.export.cql.tree import SERIES, decimal, string
from guidegraph.export.words import clean
from guidegraph.kernel import NOW, Ref
from guidegraph.model import Observable
from guidegraph.program import Input
from guidegraph.terms import local_name

if TYPE_CHECKING:
    from jinja2 import Template

LOINC = "http://loinc.org/rdf/"
LOINC_SYSTEM = "http://loinc.org"
PLACES = 10**8
"""The finest step of a Decimal of CQL."""
DEEP = "\n" + " " * 8
KINDS = (("number", "Decimal"), ("answer", "Boolean"), ("code", "String"))
ABOUT = """\
The same data from FHIR: Observations with a code of the guideline's own system (or a LOINC code \
that means exactly the same), the newest where one is wanted.
A quantity has a UCUM code from its list below and becomes whole steps exactly, or is not known. \
What a result is expressed in stands in the method or in a note on the unit: ug/L{FEU}.
A yes/no answer is a valueBoolean; a code a valueCodeableConcept in the guideline's system. What \
is not recorded is not known, which is never the same as no."""


def fhir_data(loaded: ExportInput) -> str:
    """The text of the library."""
    program, names = loaded.program, definitions(loaded.program)
    settings = [Ref("setting", each.name) for each in program.settings]
    return _template().render(
        name=library_names(loaded).fhir_data,
        version=f" version {_string(program.version)}" if program.version else "",
        comments="\n".join(text.comment_lines(ABOUT.splitlines())),
        anchor=clean(loaded.guideline.anchor_words),
        system=_string(code_system(loaded)),
        now=text.identifier(names.data[NOW]),
        series=text.type_name(SERIES),
        kinds=KINDS,
        settings=[text.parameter(setting_parameter(each)) for each in program.settings],
        data=list(_data(loaded, names)),
        chosen=[
            (text.identifier(names.data[ref]), text.identifier(parameter(ref))) for ref in settings
        ],
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("guidegraph.export.cql"),
        autoescape=select_autoescape(()),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("fhir_data.cql.j2")


def code_system(loaded: ExportInput) -> str:
    """The code system of the guideline's own names: its namespace."""
    return loaded.guideline.header.namespace.rstrip("/#")


def _data(loaded: ExportInput, names: Definitions) -> Iterator[dict[str, Any]]:
    taken = set(names.data.values())
    for each in loaded.program.inputs:
        if each.name == NOW.name:
            continue
        samples = text.identifier(free(f"{each.name} samples", taken))
        yield {
            "name": text.identifier(names.data[Ref("input", each.name)]),
            "comments": "\n".join(text.comment_lines((describe(each),))),
            "samples": samples,
            "codings": _codings(loaded, each),
            "value": _value(each),
            "result": _result(each, samples),
        }


def _codings(loaded: ExportInput, each: Input) -> str:
    observable = loaded.guideline.get(each.name, Observable)
    matches = observable.exact_matches if observable else ()
    found = [(code_system(loaded), each.name)]
    found += [(LOINC_SYSTEM, local_name(iri)) for iri in matches if iri.startswith(LOINC)]
    return ",\n      ".join(
        f'Tuple {{ "system": {_string(system)}, "code": {_string(code)} }}'
        for system, code in found
    )


def _value(each: Input) -> str:
    match each.kind:
        case "boolean":
            return '"Answer"(O)'
        case "code":
            return f'"Code"(O, {{ {", ".join(map(_string, each.codes))} }})'
        case _:
            low = _bound(each.low, each.scale, up=True)
            high = _bound(each.high, each.scale, up=False)
            return f'"Steps"(O,{DEEP}{_factor(each)},{DEEP}{low},{DEEP}{high})'


def _bound(value: Fraction | None, scale: int, *, up: bool) -> str:
    if value is None:
        return "null as Decimal"
    exact = value * 10**scale
    return text.expression(decimal(ceil(exact) if up else floor(exact)))


def _factor(each: Input) -> str:
    """How many steps one of the stated unit is; null for every other unit."""
    unit = f'"Unit in"(O, {_string(each.basis)})' if each.basis else '"Unit"(O)'
    numbers = ((code, decimal(int(factor * PLACES), PLACES)) for code, factor in _factors(each))
    known = (
        f"{DEEP}  when {_string(code)} then {text.expression(number)}" for code, number in numbers
    )
    return f"case {unit}{''.join(known)}{DEEP}  else null{DEEP}end"


def _factors(each: Input) -> Iterator[tuple[str, Fraction]]:
    """Codes of units that convert, each with its factor where a Decimal can hold that."""
    canonical = units.parse(each.unit or "1")
    for code in sorted({each.unit or "1", *units.COMMON}):
        unit = units.parse(code)
        factor = unit.factor / canonical.factor * 10**each.scale
        if unit.dimension == canonical.dimension and (factor * PLACES).denominator == 1:
            yield code, factor


def _result(each: Input, samples: str) -> str:
    if each.kind == "series":
        return f'"Series"({samples})'
    kind = {"boolean": "answer", "code": "code"}.get(each.kind, "number")
    stands = "null as Integer" if each.valid_for is None else str(each.valid_for)
    found = f'"Latest {kind}"({samples}, {stands})'
    if (each.name, each.unit, each.scale) == ("age", "a", 0):
        years = 'years between Patient.birthDate.value and (date from "decided at")'
        return f"Coalesce({found}, ToDecimal({years}))"
    return found


def _string(value: str) -> str:
    return text.expression(string(value))
