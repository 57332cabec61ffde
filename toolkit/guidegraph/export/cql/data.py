"""The data library of the wire form: one parameter for each fact and setting."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from guidegraph.export.cql.names import Definitions, parameter
from guidegraph.export.cql.tree import (
    SERIES,
    Definition,
    Library,
    Node,
    Parameter,
    ParameterDefinition,
    Type,
    decimal,
    string,
)
from guidegraph.kernel import NOW, Ref
from guidegraph.program import Input, Program, Setting

NUMBERS = (
    "Data in wire form: a number is a whole count of the finest decimal place it is known to"
    " (value x 10^scale), written as a Decimal because an Integer of CQL has only 32 bits."
)
SERIES_FORM = (
    "A series is a list of samples, one a minute; {} means that none was taken, null that it is"
    " not known. Minutes count from"
)
UNKNOWN = "Give null for every fact that is not known: some engines make something else of nothing."


def wire_data(name: str, program: Program, anchor: str, names: Definitions) -> Library:
    """The library that takes every datum as a parameter; a missing fact is null."""
    stated: dict[Ref, Input | Setting] = {Ref("input", e.name): e for e in program.inputs}
    stated.update({Ref("setting", each.name): each for each in program.settings})
    refs = list(names.data)
    return Library(
        name=name,
        version=program.version,
        comments=(NUMBERS, f"{SERIES_FORM} {anchor}.", UNKNOWN),
        parameters=tuple(_parameter(ref, stated.get(ref)) for ref in refs),
        definitions=tuple(Definition(names.data[ref], Parameter(parameter(ref))) for ref in refs),
    )


def _parameter(ref: Ref, stated: Input | Setting | None) -> ParameterDefinition:
    if stated is None:
        note = "The minute of the decision." if ref == NOW else ref.name
        return ParameterDefinition(parameter(ref), "Decimal", comments=(note,))
    if isinstance(stated, Setting):
        return setting_parameter(stated)
    return ParameterDefinition(parameter(ref), type_of(stated), comments=(describe(stated),))


def setting_parameter(setting: Setting) -> ParameterDefinition:
    """The parameter of a setting, with its default."""
    name = parameter(Ref("setting", setting.name))
    note = describe(setting)
    return ParameterDefinition(name, type_of(setting), default_of(setting), (note,))


def type_of(stated: Input | Setting) -> Type:
    """The type of a datum in wire form."""
    match stated.kind:
        case "series":
            return SERIES
        case "boolean":
            return "Boolean"
        case "code":
            return "String"
        case _:
            return "Decimal"


def default_of(setting: Setting) -> Node | None:
    """The default of a setting in wire form; None where it has none.

    Raises:
        ValueError: it has more decimal places than are known.
    """
    if isinstance(setting.default, Fraction):
        whole = setting.default * 10**setting.scale
        if whole.denominator != 1:
            msg = f"the default of {setting.name} has more decimal places than are known"
            raise ValueError(msg)
        return decimal(int(whole))
    return None if setting.default is None else string(setting.default)


def describe(stated: Input | Setting) -> str:
    """A datum in words: label, unit and scale, or its codes."""
    return "; ".join([stated.label or stated.name, *_form(stated)])


def _form(stated: Input | Setting) -> Iterable[str]:
    if stated.unit:
        yield f"{stated.unit} x {10**stated.scale}" if stated.scale else stated.unit
    if isinstance(stated, Input) and stated.basis:
        yield stated.basis
    if stated.codes:
        yield " | ".join(stated.codes)
