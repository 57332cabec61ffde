"""The programs and patients of the conformance suite, a function for each file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from conformance.building import (
    Suite,
    about,
    agg,
    assume,
    both,
    c,
    choice,
    chosen,
    cmp,
    cond,
    declared,
    either,
    every,
    i,
    logic,
    n,
    no,
    one_of,
    patient,
    program,
    quantity,
    r,
    rule,
    s,
    score,
    series,
    total,
    yes_no,
)

SIGNS = {"below": "<", "up-to": "<=", "above": ">", "from": ">=", "equal": "=", "other": "!="}
Patients = Iterable[tuple[str, dict[str, Any], dict[str, Any]]]


def connectives() -> Suite:
    a, b, d = i("a"), i("b"), i("c")
    criteria = {
        "itself": a,
        "not": no(a),
        "not-not": no(no(b)),
        "and": both(a, b),
        "or": either(a, b),
        "and-of-nothing": both(),
        "or-of-nothing": either(),
        "and-of-one": both(d),
        "or-of-one": either(d),
        "and-of-three": both(a, b, d),
        "or-of-three": either(a, b, d),
        "mixed": either(both(a, no(b)), both(b, d)),
        "exactly-one": either(both(a, no(b), no(d)), both(no(a), b, no(d)), both(no(a), no(b), d)),
        "excluded-middle": either(a, no(a)),
        "contradiction": both(b, no(b)),
        "nor": no(either(a, b, d)),
        "nand": no(both(a, b, d)),
    }
    words = "And, or and not of every combination of three answers. Excluded middle is unknown too."
    return Suite(
        "connectives", words, program(yes_no("a", "b", "c"), criteria), (*logic("a", "b", "c"),)
    )


def comparisons() -> Suite:
    x, y = i("x"), i("y")
    criteria = {f"{name}-limit": cmp(x, sign, "5/2") for name, sign in SIGNS.items()}
    criteria |= {f"limit-{name}": cmp(n(3), sign, x) for name, sign in SIGNS.items()}
    criteria |= {f"x-{name}-y": cmp(x, sign, y) for name, sign in SIGNS.items()}
    criteria |= {
        "third": cmp(y, "<", "7/3"),
        "negative": cmp(x, ">=", "-1/10"),
        "itself": cmp(x, "<=", x),
        "constants": cmp(n("1/3"), "<", n("1/2")),
        "between": both(cmp(y, ">=", 2), cmp(y, "<=", 3)),
        "between-open": both(cmp(y, ">", 2), cmp(y, "<", 3)),
    }
    inputs = [quantity("x", 1), quantity("y", 3)]
    patients = chain(
        every(x=[None, -2, -1, 0, 24, 25, 26, 29, 30, 31], y=[None, 2500]),
        every(x=[23], y=[2299, 2300, 2301]),
        every(x=[None], y=[1999, 2000, 2001, 2332, 2333, 2334, 2999, 3000, 3001]),
        [patient(), about("a fact that is left out is unknown", y=2400)],
    )
    words = "Every sign at the limit and one step either side; x has one decimal place, y three."
    return Suite("comparisons", words, program(inputs, criteria), tuple(patients))


def arithmetic() -> Suite:
    x, y = i("x"), i("y")
    criteria = {
        "sum": cmp(total((1, x), (1, y)), ">", 10),
        "difference": cmp(total((1, x), (-1, y)), "<=", "-1/2"),
        "thirds": cmp(total(("1/3", x), plus="1/6"), "=", "1/2"),
        "seventh-of-both": cmp(total(("1/7", x), ("2/7", y)), ">=", 1),
        "double": cmp(x, ">=", total((2, y))),
        "cancelled": cmp(total((1, x), (-1, x)), "<=", 0),
        "no-part": cmp(total((0, y)), "=", 0),
        "no-part-of-more": cmp(total((1, x), (0, y)), ">", 1),
        "nested": cmp(total((2, total((3, x), plus=1)), plus=-4), "<", total((1, y), plus=20)),
        "constant": cmp(total(plus="1/2"), ">", 0),
        "tenths": cmp(total((1, x), ("1/10", n(1)), ("1/5", n(1))), "=", "3/10"),
    }
    patients = chain(
        every(x=[None, 0, 1, 10], y=[None, 0, 10]),
        every(x=[49, 50, 51], y=[50]),
        every(x=[40], y=[59, 60, 61, 19, 20, 21, 44, 45, 46]),
        every(x=[9, 10, 11], y=[10, 30, 31, 5]),
        every(x=[36, 37, 38, 39, 40, -1], y=[2, 3, 18]),
        every(x=[30, 29, 31], y=[19, 20, 21]),
    )
    words = "Sums, also of parts that count nothing: they are still unknown if a part is."
    inputs = [quantity("x", 1), quantity("y", 1)]
    return Suite("arithmetic", words, program(inputs, criteria), tuple(patients))


def conditional_numbers() -> Suite:
    g, h, x, y = i("g"), i("h"), i("x"), i("y")
    by_age = cond(cmp(i("age"), ">", 50), total((10, i("age"))), n(500))
    criteria = {
        "either-side": cmp(cond(g, x, y), "<", 5),
        "on-the-right": cmp(n(5), ">=", cond(g, x, y)),
        "in-a-sum": cmp(total((1, cond(g, x, y)), plus=1), ">", 5),
        "two": cmp(cond(g, x, n(3)), "<=", cond(h, y, n(4))),
        "same-test-twice": cmp(cond(g, x, y), "=", cond(g, x, y)),
        "inside": cmp(cond(g, cond(h, x, n(5)), y), "=", 5),
        "age-adjusted": cmp(i("marker"), "<", by_age),
    }
    inputs = [
        *yes_no("g", "h"),
        quantity("x"),
        quantity("y"),
        quantity("age", low="0", high="130", unit="a"),
        quantity("marker", 1, low="0", high="100000", unit="ug/L"),
    ]
    three = [None, 4, 5]
    patients = chain(
        every(g=[True, None, False], x=three, y=three),
        every(g=[True, None, False], h=[True, None, False], x=[3, 4, 5, 6], y=[2, 4]),
        every(g=[False, None], h=[True, None, False], x=[4], y=[2, 3, 4]),
        every(age=[None, 49, 50, 51, 52], marker=[4999, 5000, 5001, 5099, 5100, 5101]),
        every(age=[52], marker=[None, 5199, 5200]),
        every(g=[True], h=[True, False], x=[3, 4, 5], y=[2, 3, 4, 5]),
    )
    words = (
        "A number that depends on a condition. Where the condition is unknown, the comparison is "
        "known all the same if both outcomes agree (the consensus term)."
    )
    return Suite("conditional-numbers", words, program(inputs, criteria), tuple(patients))


def membership() -> Suite:
    state, site = i("state"), s("policy")
    criteria = {
        "one": one_of(state, "a"),
        "two": one_of(state, "a", "b or c"),
        "none": one_of(state),
        "not-one": no(one_of(state, "a")),
        "site": one_of(site, "strict"),
        "both": both(one_of(state, "b or c"), one_of(site, "strict", "lax")),
        "quoted": one_of(state, 'it\'s "d"'),
    }
    codes = ["a", "b or c", 'it\'s "d"']
    policy = {"name": "policy", "label": "policy", "kind": "code", "scale": 0, "default": "lax"}
    policy |= {"lowInclusive": True, "highInclusive": True, "codes": ["strict", "lax", "none"]}
    inputs = [declared("state", "code", codes=codes)]
    patients: list[Any] = [*every(state=[None, *codes])]
    for choice_ in ("strict", "lax", "none"):
        patients += [
            chosen(f"state {code}, the site chose {choice_}", {"policy": choice_}, state=code)
            for code in (None, *codes)
        ]
    words = "A code is one of some: unknown if it is not known, also among no codes."
    return Suite("membership", words, program(inputs, criteria, settings=[policy]), tuple(patients))


COUNTS = [None, 99, 100, 101, 149, 150, 151]


def scores() -> Suite:
    a, b, d = i("a"), i("b"), i("c")
    low, lower = cmp(i("count"), "<", 150), cmp(i("count"), "<", 100)
    criteria = {
        "two-of-three": score(2, (a, 1), (b, 1), (d, 1)),
        "weighted": score(3, (a, 1), (b, 2), (d, 1)),
        "same-item-twice": score(3, (a, 1), (a, 1), (b, 1), (d, 1)),
        "it-or-not": score(2, (a, 1), (no(a), 1), (b, 1)),
        "none-needed": score(0),
        "no-items": score(1),
        "bands": score(4, (a, 2), (low, 1), (lower, 1), (either(b, d), 1)),
    }
    inputs = [*yes_no("a", "b", "c"), quantity("count", low="0", high="1000")]
    patients = chain(
        logic("a", "b", "c"),
        every(a=[True, None, False], b=[True, False], c=[False], count=COUNTS),
        every(a=[True], b=[None, False], c=[True, None, False], count=[99, 120]),
    )
    words = (
        "Points. Holds once the items that hold have enough, fails once even the open ones could "
        "not. Bands of one count are cumulative steps, so an unknown count adds from 0 to 2."
    )
    return Suite("scores", words, program(inputs, criteria), tuple(patients))


def assumptions() -> Suite:
    a, b, x = i("a"), i("b"), i("x")
    criteria = {
        "yes": assume(True, a),
        "no": assume(False, a),
        "not-assumed": no(assume(False, a)),
        "assumed-not": assume(False, no(a)),
        "of-both": assume(False, both(a, b)),
        "both-assumed": both(assume(True, a), assume(False, b)),
        "either-way": both(assume(True, b), no(assume(False, b))),
        "of-a-comparison": assume(True, cmp(x, ">", 5)),
        "in-a-score": score(2, (assume(True, a), 1), (b, 1)),
    }
    patients = chain(logic("a", "b"), every(a=[None], x=[None, 4, 5, 6]))
    inputs = [*yes_no("a", "b"), quantity("x")]
    words = "The only default: a stated answer where there is none. It changes nothing else."
    return Suite("assumptions", words, program(inputs, criteria), tuple(patients))


MOMENTS = [-61, -60, -59, -1, 0, 1, 59, 60, 61, 1440]


def windows() -> Suite:
    ends = {"": (None, None), "-in": (-60, 60), "-since": (0, None), "-until": (None, 0)}
    criteria = {}
    for fn, limit in (("first", 5), ("last", 5), ("max", 7), ("min", 3)):
        for words, (low, high) in ends.items():
            criteria[f"{fn}{words}"] = cmp(agg(fn, "m", low, high), ">=", limit)
    for words, (low, high) in ends.items():
        criteria[f"count{words}"] = cmp(agg("count", "m", low, high), "=", 1)
        criteria[f"run{words}"] = cmp(agg("run", "m", low, high), ">=", 2)
    criteria["one-minute"] = cmp(agg("last", "m", 0, 0), "<", 5)
    criteria["backwards"] = cmp(agg("count", "m", 1, -1), "=", 0)
    alone = [about(f"one sample at minute {at}", m=[[at, v]]) for at in MOMENTS for v in (4, 5)]
    pairs = [[[a, 4], [b, 8]] for a in (-61, -60, 0) for b in (1, 60, 61)]
    pairs += [[[a, 8], [b, 2]] for a in (-61, -60, 0) for b in (1, 60, 61)]
    pairs += [[[-60, 5], [60, 5]], [[-1, 3], [0, 7]], [[-1, 6], [0, 2]], [[0, 7], [1, 3]]]
    pairs += [[[-61, 9], [-60, 6]], [[60, 4], [61, 9]], [[0, 6], [1, 7]], [[-2, 2], [-1, 3]]]
    longer = [
        [[-70, 9], [-30, 1], [0, 2], [30, 3], [70, 0]],
        [[-30, 4], [-20, 5], [-10, 5], [0, 6]],
        [[-70, 1], [-65, 2], [70, 3], [75, 4]],
        [[1, 5], [2, 4], [3, 3]],
        [[-3, 3], [-2, 6], [-1, 3], [1, 7], [2, 6]],
        [[-59, 3], [-1, 7], [59, 2]],
        [[0, 2], [1, 7]],
        [[0, 1], [1, 2], [2, 3]],
        [[-3, 1], [-2, 2], [-1, 3]],
    ]
    patients = [
        about("not known whether anything was measured", m=None),
        about("left out, which is not known either"),
        about("nothing was measured: nothing to compare, but the count is 0", m=[]),
        *alone,
        *(about(f"samples {each}", m=each) for each in [*pairs, *longer]),
    ]
    words = (
        "Aggregates over windows, whose ends belong to them. The first is the earliest, the last "
        "the latest; a run is the strictly rising part at the end. Of nothing only the count is "
        "known."
    )
    return Suite("windows", words, program([series("m")], criteria), tuple(patients))


def trends() -> Suite:
    first, later = agg("first", "m", -60, 60), agg("max", "m", 61)
    criteria = {
        "risen": cmp(later, ">", "2000"),
        "doubled": cmp(later, ">=", total((2, first))),
        "by-500": cmp(total((1, later), (-1, first)), ">=", 500),
        "both": both(cmp(later, ">", 2000), cmp(later, ">=", total((2, first)))),
        "rising-thrice": cmp(agg("run", "m"), ">=", 3),
        "two-series": cmp(agg("last", "m"), "<", agg("last", "k")),
        "rise-over-setting": cmp(later, ">=", total((1, first), (1, s("step")))),
    }
    ends = {"low": "0", "high": "100000", "unit": "ug/L"}
    inputs = [series("m", 1, **ends), series("k", 0, **ends)]
    step = choice("step", "600", 1, unit="ug/L")
    values = [
        (None, []), (None, [20000]), (None, [20001]), (10000, []), (10000, [14999]),
        (10000, [15000]), (10000, [15001]), (10000, [15999]), (10000, [16000]), (10000, [16001]),
        (10000, [19999]), (10000, [20000]), (10000, [20001]),
        (10001, [20001]), (10001, [20002]), (10001, [20003]), (0, [0]), (15000, [20001]),
        (9000, [21000, 8000]), (9000, [8000, 21000]), (9000, [9500, 9600]), (9000, [9500, 9500]),
        (9000, [8000, 9000, 9100]), (9000, [9500, 9600, 9700]),
    ]  # fmt: skip
    patients: list[Any] = []
    for baseline, follow in values:
        held = [[60, baseline]] if baseline is not None else []
        held += [[61 + 10 * place, value] for place, value in enumerate(follow)]
        patients.append(about(f"samples {held}", m=held))
    patients += [
        about(f"the last of m is {held}, of k {other}", m=[[0, held]], k=[[5, other]])
        for held, other in ((9999, 1000), (10000, 1000), (10001, 1000))
    ]
    patients.append(about("the other series is unknown", m=[[0, 1]], k=None))
    patients += [
        chosen(f"the step is {step_ / 10:g}", {"step": step_}, m=[[0, 10000], [70, 13000]])
        for step_ in (2999, 3000, 3001)
    ]
    patients += [
        about("both samples count as first", m=[[-60, 10000], [60, 5000], [61, 12000]]),
        about("the first is not the highest", m=[[-60, 5000], [60, 10000], [61, 12000]]),
        about("nor the latest", m=[[-60, 10500], [60, 20000], [61, 21001]]),
        about("nor the lowest", m=[[-60, 20000], [60, 5000], [61, 21000]]),
        about("too early and low", m=[[-61, 1000], [-60, 20000], [61, 21000]]),
        about(
            "the latest of each series counts",
            m=[[0, 5000], [5, 2000], [9, 3000]],
            k=[[0, 250], [5, 400], [9, 350]],
        ),
        about("also where it is the lowest", m=[[0, 2000], [9, 3000]], k=[[0, 400], [9, 250]]),
        about("a sample too early is no baseline", m=[[-61, 100], [-60, 10000], [90, 15500]]),
        about("only a sample too early", m=[[-61, 100], [90, 15500]]),
    ]
    words = "Change against a baseline. Before the first later sample, nothing is said about it."
    return Suite("trends", words, program(inputs, criteria, settings=[step]), tuple(patients))


def clock() -> Suite:
    now = i("now")
    done = agg("count", "m", 1440, 2880)
    nothing = cmp(done, "=", 0)
    criteria = {
        "done": cmp(done, ">=", 1),
        "overdue": both(cmp(now, ">", 2880), nothing),
        "due": both(cmp(now, ">=", 1440), cmp(now, "<=", 2880), nothing),
        "past": cmp(now, ">=", 0),
    }
    samples = [None, [], [[1439, 1]], [[1440, 1]], [[2880, 1]], [[2881, 1]], [[1440, 1], [2000, 2]]]
    patients = chain(
        every(now=[None, 1439, 1440, 1441, 2879, 2880, 2881], m=samples),
        every(now=[-1, 0, 1], m=[None, []]),
    )
    words = "Whether a test was repeated in its window: done, due or overdue."
    return Suite("clock", words, program([series("m")], criteria), tuple(patients))


def overrides() -> Suite:
    a, b, d = i("a"), i("b"), i("c")
    criteria = {
        "exception": b,
        "further": d,
        "is-first": r("chain-3"),
        "not-second": no(r("chain-2")),
    }
    rules = [
        rule("plain", a),
        rule("one", a, [c("exception")]),
        rule("two", a, [c("exception"), c("further")]),
        rule("never-excepted", either(), [c("exception")]),
        rule("always", both(), [c("exception")]),
        rule("chain-1", a, [r("chain-2")]),
        rule("chain-2", b, [r("chain-3")]),
        rule("chain-3", d),
        rule("same-as-exception", both(a, b), [c("exception")]),
        rule("by-criterion", c("not-second"), [c("is-first")]),
        rule("guarded-by-rule", both(d, r("one"))),
    ]
    words = (
        "Guard, effective and status of rules with exceptions and overriding rules; a rule that is "
        "itself overridden overrides nothing."
    )
    return Suite(
        "overrides",
        words,
        program(yes_no("a", "b", "c"), criteria, rules=rules),
        (*logic("a", "b", "c"),),
    )


def definitions() -> Suite:
    criteria = {
        "late": both(i("a"), r("between")),
        "early": cmp(i("x"), ">", 3),
        "of-late": either(c("late"), no(i("a"))),
    }
    rules = [
        rule("last", c("of-late"), [r("between")]),
        rule("between", c("early"), [c("exception")]),
        rule("opposite", no(c("late"))),
    ]
    criteria["exception"] = i("b")
    words = "Criteria and rules that refer to each other, listed before what they refer to."
    inputs = [*yes_no("a", "b"), quantity("x")]
    made = program(inputs, criteria, rules=rules)
    patients = every(a=[True, None, False], b=[True, None, False], x=[None, 2, 3, 4])
    return Suite("definitions", words, made, tuple(patients))


def settings() -> Suite:
    criteria = {
        "above": cmp(i("x"), ">", s("limit")),
        "from-half": cmp(i("x"), ">=", total(("1/2", s("limit")))),
        "limits": cmp(s("limit"), "<", s("other")),
        "whole": cmp(i("whole"), ">=", s("limit")),
        "below-other": cmp(i("x"), "<", s("other")),
    }
    inputs = [quantity("x", 3), quantity("whole")]
    limits = [choice("limit", "20", 1), choice("other", "41/2", 2)]
    patients: list[Any] = [*every(x=[None, 9999, 10000, 10001, 19999, 20000, 20001])]
    patients += [
        chosen(f"the limit is {limit / 10:g}", {"limit": limit}, x=20100, whole=20)
        for limit in (199, 200, 201, 204, 205, 206)
    ]
    for other in (1999, 2000, 2001, 2050, 2051):
        told = f"the limit is 20.5, the other {other / 100:g}"
        patients.append(chosen(told, {"other": other, "limit": 205}, x=None))
        patients.append(chosen(f"the other limit is {other / 100:g}", {"other": other}))
    patients += every(whole=[19, 20, 21])
    patients += every(x=[20489, 20490, 20491, 20499, 20500, 20501])
    words = (
        "Choices of a site, each with its own decimal places; one that is left out has its default."
    )
    return Suite("settings", words, program(inputs, criteria, settings=limits), tuple(patients))


def units() -> Suite:
    ends = {"low": "0", "high": "1000000"}
    inputs = [
        quantity("d-dimer", 3, unit="ug/L", **ends),
        quantity("creatinine", 1, unit="umol/L", **ends),
        quantity("clearance", 0, unit="mL/min", **ends),
        quantity("weight", 2, unit="kg", **ends),
        quantity("temperature", 1, unit="Cel", low="20", high="45"),
    ]
    criteria = {
        "d-dimer-high": cmp(i("d-dimer"), ">=", 1000),
        "d-dimer-edge": cmp(i("d-dimer"), ">", "1999999/1000"),
        "creatinine": cmp(i("creatinine"), ">", "221/2"),
        "clearance": both(cmp(i("clearance"), ">=", 30), cmp(i("clearance"), "<", 50)),
        "dose": cmp(total(("1/2", i("weight"))), "<=", 50),
        "fever": cmp(i("temperature"), ">=", "381/10"),
        "mixed": cmp(total(("1/1000", i("d-dimer")), ("1/100", i("clearance"))), ">", "3/2"),
    }
    patients = [
        *every(**{"d-dimer": [None, 999999, 1000000, 1000001, 1999998, 1999999, 2000000]}),
        *every(creatinine=[None, 1104, 1105, 1106]),
        *every(clearance=[None, 29, 30, 31, 49, 50, 51]),
        *every(weight=[None, 9999, 10000, 10001]),
        *every(temperature=[None, 380, 381, 382]),
        *every(**{"d-dimer": [None, 1199999, 1200000, 1200001], "clearance": [None, 30]}),
        *every(**{"d-dimer": [1500000, 1000000], "clearance": [0, 50, 51, 49]}),
    ]
    words = "Wire values of different decimal places against limits in the canonical unit."
    return Suite("units", words, program(inputs, criteria), tuple(patients))


def exactness() -> Suite:
    large = {"low": "0", "high": "4503599627370495"}
    inputs = [
        quantity("large", **large),
        quantity("fine", 8, low="0", high="1000000"),
        quantity("tenth", 1),
        quantity("age", 0, unit="a", low="0", high="130"),
        quantity("marker", 3, unit="mg/L", low="0", high="1000"),
    ]
    criteria = {
        "last-digit": cmp(i("large"), ">=", 4503599627370494),
        "fine": cmp(i("fine"), ">", "123456789/100"),
        "three-tenths": cmp(total((3, i("tenth"))), "=", "3/10"),
        "hundredth-per-year": cmp(i("marker"), "<", total(("1/100", i("age")))),
        "thirds": cmp(total(("1/3", i("tenth")), ("2/3", i("tenth"))), "=", "1/10"),
    }
    ages = [each for age in (57, 58, 69, 70, 71) for each in
            every(age=[age], marker=[10 * age - 1, 10 * age, 10 * age + 1])]  # fmt: skip
    patients = [
        *every(large=[None, 4503599627370493, 4503599627370494, 4503599627370495]),
        *every(fine=[None, 123456788999999, 123456789000000, 123456789000001]),
        *every(tenth=[None, 0, 1, 2]),
        *ages,
        *every(age=[None], marker=[700]),
        *every(age=[70], marker=[None]),
    ]
    words = "Where binary fractions would go wrong."
    return Suite("exactness", words, program(inputs, criteria), tuple(patients))


SUITES: tuple[Callable[[], Suite], ...] = (
    connectives,
    comparisons,
    arithmetic,
    conditional_numbers,
    membership,
    scores,
    assumptions,
    windows,
    trends,
    clock,
    overrides,
    definitions,
    settings,
    units,
    exactness,
)


def suites() -> Iterator[Suite]:
    """Every file of the suite."""
    return (make() for make in SUITES)
