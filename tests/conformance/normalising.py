"""Patient documents and what becomes of them in wire form, all written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.building import Object, declared, program, quantity, series

ADMISSION = "2020-04-01T08:00:00Z"
NOW = "2020-04-03T09:00:00Z"
NOW_MINUTE = 2940
DEFAULTS = {"strong-rise": 2000000, "algorithm": "years"}


def _setting(name: str, kind: str, default: str, **more: Any) -> Object:
    told = {"name": name, "label": name, "kind": kind, "scale": 0, "default": default}
    return {**told, "lowInclusive": True, "highInclusive": True, **more}


PROGRAM = program(
    [
        series("d-dimer", 3, unit="ug/L", low="10", high="1000000", basis="FEU"),
        series("platelets", unit="10*9/L", low="0", high="3000"),
        quantity("age", unit="a", low="0", high="125"),
        quantity("weight", 1, unit="kg", low="0", high="400"),
        quantity("creatinine", unit="umol/L", low="0", high="3000"),
        declared("admitted", "boolean"),
        declared("bleeding-risk-acceptable", "boolean", validFor=1440),
        declared("covid-status", "code", codes=["suspected", "confirmed", "excluded"]),
    ],
    {},
    settings=[
        _setting(
            "strong-rise", "quantity", "2000", scale=3, unit="ug/L", low="2000", high="4000",
            highInclusive=False,
        ),
        _setting("algorithm", "code", "years", codes=["years", "wells"]),
    ],
)  # fmt: skip
UNKNOWN: Object = {each["name"]: None for each in PROGRAM["inputs"]}


@dataclass(frozen=True)
class Case:
    """A document, the facts that are known of it, and the codes of what is said about it.

    Without ``settings`` nothing is decided.
    """

    about: str
    document: Object
    known: Object
    codes: tuple[str, ...] = ()
    settings: Object | None = None


def of(about: str, name: str, written: Any, known: Any = None, *codes: str, **parts: Any) -> Case:
    """A document with one fact."""
    return whole(about, {name: written}, {name: known}, *codes, **parts)


def whole(about: str, facts: Object, known: Object, *codes: str, **parts: Any) -> Case:
    """A document with several facts; ``now`` and the anchor are given unless told otherwise."""
    document = {"now": NOW, "anchors": {"admission": ADMISSION}, **parts, "facts": facts}
    document = {key: held for key, held in document.items() if held is not ...}
    return Case(about, document, {"now": NOW_MINUTE, **known}, codes, DEFAULTS)


def sample(value: Any = "840", unit: Any = "ug/L", **more: Any) -> Object:
    """A D-dimer sample at minute 70, unless told otherwise."""
    when = {} if {"at", "minutes"} & set(more) else {"minutes": 70}
    return {"value": value, "unit": unit, "basis": "FEU", **when, **more}


def amount(value: Any, unit: str = "a") -> Object:
    return {"value": value, "unit": unit}


def platelets(value: Any, unit: str) -> list[Object]:
    return [{"value": value, "unit": unit, "minutes": 0}]


def numbers() -> Iterator[Case]:
    yield of("a number as a text", "d-dimer", [sample("840")], [[70, 840000]])
    yield of("a number as a number", "d-dimer", [sample(840)], [[70, 840000]])
    yield of("decimals", "d-dimer", [sample("840.125")], [[70, 840125]])
    yield of("decimals that are nothing", "d-dimer", [sample("840.1250")], [[70, 840125]])
    yield of("a power of ten", "d-dimer", [sample("8.4e2")], [[70, 840000]])
    yield of("spaces around it", "d-dimer", [sample(" 840 ")], [[70, 840000]])
    yield of("finer than is compared: never rounded", "d-dimer", [sample("840.0001")], None, "E121")
    yield of("finer only by its unit", "d-dimer", [sample("0.0100001", "mg/L")], None, "E121")
    yield of("half a year of age", "age", amount("71.5"), None, "E121")
    yield of("a tenth of a kilogram", "weight", amount("70.1", "kg"), 701)
    yield of("a twentieth of a kilogram", "weight", amount("70.05", "kg"), None, "E121")
    yield of("a comma for decimals is not guessed", "d-dimer", [sample("0,84")], None, "E112")
    yield of("nor one for thousands", "d-dimer", [sample("1,000")], None, "E112")
    yield of("below the limit of the assay", "d-dimer", [sample("<500")], None, "E113")
    yield of("above it", "d-dimer", [sample("≥ 500")], None, "E113")
    yield of("a word", "d-dimer", [sample("high")], None, "E112")
    yield of("no number", "d-dimer", [sample(None)], None, "E112")
    yield of("a leading nought", "d-dimer", [sample("0840")], None, "E112")
    yield of("a plus sign", "d-dimer", [sample("+840")], None, "E112")
    yield of("no digit after the point", "d-dimer", [sample("840.")], None, "E112")
    yield of("true is no number", "d-dimer", [sample(True)], None, "E112")
    yield of("the lowest plausible value", "d-dimer", [sample("10")], [[70, 10000]])
    yield of("below it", "d-dimer", [sample("9.999")], None, "E120")
    yield of("the highest plausible value", "d-dimer", [sample("1000000")], [[70, 1000000000]])
    yield of("above it", "d-dimer", [sample("1000000.001")], None, "E120")
    yield of("negative", "age", amount("-1"), None, "E120")
    yield of("nothing at all", "age", amount("0"), 0)
    samples = [sample(), sample("840", "g/L", minutes=90)]
    yield of("one implausible sample makes the series unknown", "d-dimer", samples, None, "E120")


def units() -> Iterator[Case]:
    yield of("milligrams", "d-dimer", [sample("0.84", "mg/L")], [[70, 840000]])
    yield of("per millilitre", "d-dimer", [sample("840", "ng/mL")], [[70, 840000]])
    yield of("grams", "d-dimer", [sample("0.00057", "g/L")], [[70, 570000]])
    yield of("a Greek letter", "d-dimer", [sample("840", "µg/l")], [[70, 840000]])
    yield of("a laboratory's capitals", "d-dimer", [sample("840", "NG/ML")], [[70, 840000]], "E119")
    yield of("micrograms as mcg", "d-dimer", [sample("840", "mcg/L")], [[70, 840000]], "E119")
    three = [sample(unit="NG/ML", minutes=each) for each in (0, 60, 120)]
    known = [[0, 840000], [60, 840000], [120, 840000]]
    yield of("a spelling is told once", "d-dimer", three, known, "E119")
    yield of("half capitals can mean two units", "d-dimer", [sample(unit="ng/ML")], None, "E118")
    yield of("an unknown unit", "d-dimer", [sample(unit="furlong")], None, "E114")
    later = [sample(), sample(minutes=80, unit="furlong")]
    yield of("one unknown unit makes the series unknown", "d-dimer", later, None, "E114")
    yield of("an amount of substance", "d-dimer", [sample(unit="mmol/L")], None, "E115")
    yield of("no unit", "d-dimer", [{"value": "840", "basis": "FEU", "minutes": 1}], None, "E111")
    yield of("a bare number", "age", 71, None, "E111")
    yield of("a number with its unit in a text", "age", "71 a", None, "E111")
    yield of("months of age", "age", amount("852", "mo"), 71)
    yield of("months that are no whole years", "age", amount("850", "mo"), None, "E121")
    yield of("years in words", "age", amount("71", "years"), 71, "E119")
    yield of("grams of weight", "weight", amount("70100", "g"), 701)
    yield of("platelets as counted", "platelets", platelets("150", "10*9/L"), [[0, 150]])
    yield of("with another sign", "platelets", platelets("150", "10^9/L"), [[0, 150]])
    yield of("per microlitre", "platelets", platelets("150000", "/uL"), [[0, 150]])
    yield of("thousands of them", "platelets", platelets("150", "10*3/uL"), [[0, 150]])
    yield of("giga", "platelets", platelets("150", "G/L"), [[0, 150]], "E119")
    yield of("kilo", "platelets", platelets("150", "K/µL"), [[0, 150]], "E119")
    yield of("M can mean two things", "platelets", platelets("150", "M/uL"), None, "E118")
    yield of("millimoles", "creatinine", amount("0.11", "mmol/L"), 110)
    yield of("creatinine by mass", "creatinine", amount("1.2", "mg/dL"), None, "E115")


def series_() -> Iterator[Case]:
    yield of("none was taken", "d-dimer", [], [])
    yield of("not known whether any was taken", "d-dimer", None)
    yield whole("left out is not known either", {}, {})
    both = [sample("900", minutes=80), sample("840", minutes=70)]
    yield of("in the order of time", "d-dimer", both, [[70, 840000], [80, 900000]])
    same = [sample("840"), sample("0.84", "mg/L")]
    yield of("the same twice is one", "d-dimer", same, [[70, 840000]])
    yield of("two values in a minute", "d-dimer", [sample("840"), sample("841")], None, "E123")
    close = [sample(at="2020-04-01T09:10:05Z"), sample("841", at="2020-04-01T09:10:55Z")]
    yield of("in the same minute by their seconds", "d-dimer", close, None, "E123")
    yield of("another basis", "d-dimer", [sample(basis="DDU")], None, "E122")
    yield of("no basis", "d-dimer", [sample(basis=None)], None, "E122")
    yield of("the basis in small letters", "d-dimer", [sample(basis="feu")], None, "E122")
    yield of("the basis in the unit", "d-dimer", [sample(unit="ug{FEU}/L")], None, "E116")
    yield of("the basis between", "d-dimer", [sample(unit="ng FEU/mL")], None, "E116")
    mixed = [sample(), sample(minutes=80, basis="DDU")]
    yield of("one on another basis makes the series unknown", "d-dimer", mixed, None, "E122")
    yield of("one sample without a list", "d-dimer", sample(), None, "E110")
    yield of("null among samples", "d-dimer", [None], None, "E110")
    qualified = [{**sample(), "qualifier": "<"}]
    yield of("a part that may change the meaning", "d-dimer", qualified, None, "E105")


def times() -> Iterator[Case]:
    def at(about: str, when: str, minute: int | None, *codes: str, **parts: Any) -> Case:
        known = None if minute is None else [[minute, 840000]]
        return of(about, "d-dimer", [sample(at=when)], known, *codes, **parts)

    yield at("in UTC", "2020-04-01T09:10:00Z", 70)
    yield at("elsewhere", "2020-04-01T11:10:00+02:00", 70)
    yield at("west of there", "2020-04-01T02:00-06:00", 0)
    yield at("across midnight", "2020-03-31T23:59:00-09:30", 89)
    yield at("half a minute counts as none", "2020-04-01T08:00:59Z", 0)
    yield at("a second before the anchor is minute -1", "2020-04-01T07:59:59Z", -1)
    yield at("a thousandth of it too", "2020-04-01T07:59:59.999Z", -1)
    anchor = {"admission": "2020-04-01T08:00:59Z"}
    yield at("the anchor too is a whole minute", "2020-04-01T08:01:00Z", 1, anchors=anchor)
    yield at("no offset", "2020-04-01T09:10:00", None, "E130")
    yield at("no time of the day", "2020-04-01", None, "E130")
    yield at("no such day", "2020-02-30T09:10:00Z", None, "E130")
    yield at("a day of leap", "2020-02-29T08:00:00Z", -32 * 1440)
    yield at("no such hour", "2020-04-01T24:10:00Z", None, "E130")
    yield at("a year too few", "0220-04-01T09:10:00Z", None, "E134")
    yield at("at now", NOW, NOW_MINUTE)
    yield at("after now", "2020-04-03T09:01:00Z", None, "E133")
    yield of("minutes", "d-dimer", [sample(minutes=-30)], [[-30, 840000]])
    yield of("minutes as a text", "d-dimer", [sample(minutes="-30")], [[-30, 840000]])
    yield of("half minutes", "d-dimer", [sample(minutes=1.5)], None, "E130")
    yield of("minutes after now", "d-dimer", [sample(minutes=2941)], None, "E133")
    twice = [sample(minutes=70, at="2020-04-01T09:10:00Z")]
    yield of("a time said in two ways", "d-dimer", twice, None, "E131")
    timeless = [{"value": "840", "unit": "ug/L", "basis": "FEU"}]
    yield of("no time", "d-dimer", timeless, None, "E131")
    known: Object = {"now": None, "d-dimer": [[9000, 840000]]}
    words = "now is not known, so nothing is after it"
    yield whole(words, {"d-dimer": [sample(minutes=9000)]}, known, now=None)
    minutes = {"minutes": 100}
    yield whole("now in minutes", {"admitted": True}, {"now": 100, "admitted": True}, now=minutes)
    yield whole("now without offset", {}, {"now": None}, "E130", now="2020-04-03T09:00:00")
    dated = [sample(at="2020-04-01T09:10:00Z"), sample(at="2020-04-01T10:10:00Z")]
    lost: Object = {"now": None}
    words = "no anchor: said once, and minutes are still good"
    also = {"d-dimer": dated, "platelets": platelets("150", "10*9/L")}
    told = {**lost, "platelets": [[0, 150]]}
    yield whole(words, also, told, "E132", now=..., anchors={"admission": None})


def answers() -> Iterator[Case]:
    yield of("yes", "admitted", True, True)
    yield of("no", "admitted", False, False)
    yield of("not known", "admitted", None)
    yield of("a word", "admitted", "yes", None, "E110")
    yield of("the word true", "admitted", "true", None, "E110")
    yield of("one", "admitted", 1, None, "E110")
    dated = {"value": True, "minutes": 0, "by": "ward physician"}
    yield of("with its time and author", "admitted", dated, True)
    risk = "bleeding-risk-acceptable"
    yield of("a judgement on its last minute", risk, {"value": True, "minutes": 1500}, True)
    yield of("a minute later", risk, {"value": True, "minutes": 1499}, None, "E124")
    yield of("a judgement without a time does not expire", risk, True, True)
    words = "whether it has expired is not known"
    late: Object = {"now": None, risk: None}
    yield whole(words, {risk: {"value": True, "minutes": 0}}, late, "E124", now=None)
    yield of("a code", "covid-status", "confirmed", "confirmed")
    yield of("a code in capitals", "covid-status", "Confirmed", None, "E117")
    yield of("no code of the list", "covid-status", "recovered", None, "E117")
    yield of("true is no code", "covid-status", True, None, "E110")
    yield whole("a name that is not known", {"covid-statuss": "confirmed"}, {}, "E102")


def choices() -> Iterator[Case]:
    def chosen(about: str, settings: Any, wire: Object | None, *codes: str) -> Case:
        case = whole(about, {"admitted": True}, {"admitted": True}, *codes, settings=settings)
        settled = None if wire is None else {**DEFAULTS, **wire}
        return Case(about, case.document, case.known if wire is not None else {}, codes, settled)

    def rise(value: str, unit: str = "ug/L") -> Object:
        return {"strong-rise": amount(value, unit)}

    yield chosen("nothing chosen", {}, {})
    yield chosen("null for the whole", None, {})
    yield chosen("in another unit", rise("2.5", "mg/L"), {"strong-rise": 2500000})
    yield chosen("the lowest permitted", rise("2000"), {"strong-rise": 2000000})
    yield chosen("below it", rise("1999.999"), None, "E140")
    yield chosen("just below the open end", rise("3999.999"), {"strong-rise": 3999999})
    yield chosen("the open end", rise("4000"), None, "E140")
    yield chosen("finer than is compared", rise("2000.0001"), None, "E140")
    yield chosen("a code", {"algorithm": "wells"}, {"algorithm": "wells"})
    yield chosen("another code", {"algorithm": "geneva"}, None, "E140")
    yield chosen("null is no choice", {"algorithm": None}, None, "E141")
    yield chosen("a setting that is not known", {"strong-rice": amount("2500")}, None, "E103")


FILES = {
    "normalise-numbers": ("Numbers are read exactly or not at all.", numbers),
    "normalise-units": ("Units are converted exactly; usual spellings are told.", units),
    "normalise-series": ("Series: order, duplicates, basis, nothing and not known.", series_),
    "normalise-times": ("Moments become whole minutes from the anchor, in UTC.", times),
    "normalise-answers": ("Answers, judgements that expire, and codes.", answers),
    "normalise-settings": ("With a faulty setting nothing is decided.", choices),
}


def contents() -> Iterator[tuple[str, Object]]:
    """Every file of this part by its name."""
    for name, (about, cases) in FILES.items():
        vectors = [_vector(f"{name}-{number}", each) for number, each in enumerate(cases(), 1)]
        told = {"format": "guidegraph-normalisation/1", "about": about, "program": PROGRAM}
        yield name, {**told, "vectors": vectors}


def _vector(id_: str, case: Case) -> Object:
    wire = None
    if case.settings is not None:
        wire = {"facts": {**UNKNOWN, **case.known}, "settings": case.settings}
    told = {"id": id_, "about": case.about, "document": case.document}
    return {**told, "expect": {"wire": wire, "codes": sorted(case.codes)}}
