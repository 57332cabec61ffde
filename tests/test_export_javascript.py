"""The generated JavaScript module: it says what Python says, word for word, and can be trusted."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pathway_example as example
import random_programs
from guidegraph.agree import node
from guidegraph.agree.javascript import JavaScriptExecutor
from guidegraph.agree.python import PythonExecutor
from guidegraph.cases.reading import read_cases
from guidegraph.entity import Text
from guidegraph.export import ExportInput
from guidegraph.export.javascript import JavaScriptExporter
from guidegraph.export.tables import LARGEST
from guidegraph.kernel import NOW, And, Arith, Const, Ref, compare
from guidegraph.model import Guideline, Recommendation
from guidegraph.patient import from_node, to_wire
from guidegraph.program import Named, Program
from test_export_python import ADVICE, LOW, SHIPPED, module_of, program, rule, shipped, yes_no

CALLS = Path(__file__).parent / "javascript_calls.mjs"


def text_of(program: Program, guideline: Guideline | None = None) -> str:
    loaded = ExportInput(guideline=guideline or example.guideline(), program=program)
    (artifact,) = JavaScriptExporter().export(loaded)
    return artifact.text


def js(source: str) -> dict[str, str]:
    """A value that JSON does not have."""
    return {"$js": source}


class Node:
    """One Node for all tests: modules and calls in, answers out."""

    def __init__(self) -> None:
        command = [shutil.which("node") or "node", str(CALLS)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __call__(self, text: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"module": text, "calls": calls}) + "\n")
        self.process.stdin.flush()
        answers = json.loads(self.process.stdout.readline())
        assert isinstance(answers, list), answers["broken"][-2000:]
        return answers


@pytest.fixture(scope="session")
def run() -> Iterator[Node]:
    if missing := node.missing():
        pytest.skip(missing)
    started = Node()
    yield started
    started.process.kill()
    started.process.communicate()


def plain(value: Any) -> Any:
    """A value of Python as JSON has it."""
    return json.loads(json.dumps(value))


def refused(module: ModuleType, name: str, *given: Any) -> Any:
    """What a function of the Python module answers, or how it refuses."""
    try:
        return plain(getattr(module, name)(*given))
    except ValueError as problem:
        return {"refused": str(problem)}


# --- the same decisions and traces ----------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_programs.programs(), st.integers(0, 2**32))
def test_both_modules_decide_as_the_reference_does(run: Node, program: Program, seed: int) -> None:
    patients = list(random_programs.patients(program, seed, 20))
    answers = run(text_of(program), [(name, *each) for each in patients for name in BOTH])
    module = module_of(program)
    for number, (facts, chosen) in enumerate(patients):
        reference = random_programs.meaning(program, facts, chosen)
        decided, told = answers[2 * number : 2 * number + 2]
        assert decided == random_programs.statuses(program, reference)
        assert decided == module.decide(facts, chosen)
        assert told == plain(module.trace(facts, chosen))
        for named in program.criteria:
            assert told["criteria"][named.name]["answer"] is reference.truth(named.condition)


BOTH = ("decide", "trace")


def test_a_criterion_may_ask_whether_a_recommendation_is_in_force(run: Node) -> None:
    bleeds = Named(name="BLEEDS", label="Bleeds", condition=Ref("input", "bleeding"))
    advised = Named(name="ADVISED", label="Advised", condition=Ref("rule", "R"))
    chained = program(
        advised,
        LOW,
        bleeds,
        rules=(
            rule("S", Ref("criterion", "ADVISED")),
            rule("R", Ref("criterion", "LOW"), Ref("criterion", "BLEEDS")),
        ),
    )
    patients = [({"marker": [[0, 1]], "bleeding": each}, {}) for each in (True, False, None)]
    answers = run(text_of(chained), [("trace", *each) for each in patients])
    module = module_of(chained)
    assert answers == [plain(module.trace(*each)) for each in patients]
    assert [told["criteria"]["ADVISED"]["answer"] for told in answers] == [False, True, None]
    statuses = [told["recommendations"]["S"]["status"] for told in answers]
    assert statuses == ["notApplicable", "applies", "undetermined"]
    assert answers[2]["recommendations"]["R"]["guard"] is True
    assert answers[2]["recommendations"]["R"]["effective"] is None


def case_patients() -> list[dict[str, Any]]:
    """The patients of the shipped cases in wire form."""
    guideline, program = shipped()
    text = (SHIPPED / "cases.yaml").read_text(encoding="utf-8")
    cases, _ = read_cases(text, "cases.yaml", guideline)
    found = [from_node(each.patient, program)[0] for each in cases]
    return [to_wire(each, program) for each in found if each is not None]


def test_trace_of_every_shipped_case_is_that_of_python(run: Node) -> None:
    guideline, program = shipped()
    module = module_of(program, guideline)
    patients = case_patients()
    assert len(patients) > 50
    calls = [("trace", each["facts"], each["settings"]) for each in patients]
    answers = run(text_of(program, guideline), calls)
    assert answers == [plain(module.trace(each["facts"], each["settings"])) for each in patients]


def test_trace_of_random_patients_of_the_shipped_guideline_is_that_of_python(run: Node) -> None:
    guideline, program = shipped()
    module = module_of(program, guideline)
    patients = list(random_programs.patients(program, 20200401, 400))
    answers = run(text_of(program, guideline), [("trace", *each) for each in patients])
    statuses: set[str] = set()
    for each, told in zip(patients, answers, strict=True):
        assert told == plain(module.trace(*each))
        statuses |= {one["status"] for one in told["recommendations"].values()}
    assert len(statuses) == 5


def test_exported_constants_are_those_of_python(run: Node) -> None:
    guideline, program = shipped()
    module = module_of(program, guideline)
    tables = ("INPUTS", "SETTINGS", "RECOMMENDATIONS", "CRITERIA")
    names = ("GUIDELINE", "VERSION", "READINGS", *tables)
    answers = run(text_of(program, guideline), [(each,) for each in names])
    assert answers == [plain(getattr(module, each)) for each in names]


@pytest.mark.parametrize("executor", [PythonExecutor(), JavaScriptExecutor()])
def test_executor_says_what_the_reference_says(
    executor: PythonExecutor | JavaScriptExecutor,
) -> None:
    if missing := executor.missing():
        pytest.skip(missing)
    guideline, program = shipped()
    patients = list(random_programs.patients(program, 7, 50))
    with executor.start(ExportInput(guideline=guideline, program=program)) as runner:
        answers = runner.statuses([{"facts": f, "settings": s} for f, s in patients])
    for (facts, chosen), statuses in zip(patients, answers, strict=True):
        reference = random_programs.meaning(program, facts, chosen)
        assert statuses == random_programs.statuses(program, reference)


# --- what it refuses, in the same words -----------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"marker": 3},
        {"marker": {"0": [1, 2]}},
        {"marker": [[0, 1.5]]},
        {"marker": [[5, 1], [5, 2]]},
        {"marker": [[5, 1], [4, 2]]},
        {"marker": [7]},
        {"marker": [[1, 2, 3]]},
        {"marker": [[1, None]]},
        {"marker": "long"},
        {"age": 7.5},
        {"age": True},
        {"age": "7"},
        {"age": 2**53},
        {"age": -(2**53)},
        {"bleeding": 1},
        {"bleeding": "no"},
        {"state": "d"},
        {"state": 'a "quoted" \u2028 \\ one\n'},
        {"state": True},
        {"markr": None},
        {"bloeding": True},
        {"nothing-like-it": True},
        {"__proto__x": 1},
        {"constructor": 1},
        {"toString": None},
        {"now": "noon"},
        {"age": "both", "unheard-of": 1, "bleeding": 3},
        {"bleeding": 3, "unheard-of": 1, "age": "both"},
        {"unheard-of": 1, "marker": [[0]], "age": "both"},
        {"marker": [[0, 1], [0]], "age": "both"},
        [],
        None,
        "facts",
        7,
        True,
    ],
)
def test_facts_are_refused_in_the_same_words(run: Node, facts: Any) -> None:
    expected = refused(module_of(ADVICE), "decide", facts)
    assert "refused" in expected
    assert run(text_of(ADVICE), [("decide", facts)]) == [expected]


@pytest.mark.parametrize(
    "chosen",
    [
        {"limt": 1},
        {"limit": 2.5},
        {"limit": None},
        {"limit": 4_000_000},
        {"limit": 1},
        {"test": "z"},
        {"test": 1},
        [1],
        "x",
    ],
)
def test_settings_are_refused_in_the_same_words(run: Node, chosen: Any) -> None:
    bounds = {"low": Fraction(2), "high": Fraction(4000), "high_inclusive": False}
    limit, test = random_programs.SETTINGS
    bounded = replace(ADVICE, settings=(replace(limit, **bounds), test))
    expected = refused(module_of(bounded), "decide", {}, chosen)
    assert "refused" in expected
    assert run(text_of(bounded), [("decide", {}, chosen)]) == [expected]


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ("{age: NaN}", "age: NaN is not a whole number"),
        ("{age: Infinity}", "age: Infinity is not a whole number"),
        ("{age: 7n}", "age: 7 is not a whole number"),
        ("{marker: [[0, 7n]]}", 'marker: [0,"7"] is not a list'),
        ("{marker: [,]}", "marker: null is not a list"),
        ("{age: new Number(7)}", "age: 7 is not a whole number"),
        ("{bleeding: new Boolean(true)}", "bleeding: true is not true or false"),
        ('{state: new String("c")}', 'state: "c" is not one of its codes'),
        ("{age: () => 7}", "age: () => 7 is not a whole number"),
        ("JSON.parse('{\"__proto__\": 1}')", "__proto__: there is no such fact"),
        ("new Map([[1, 2]])", None),
    ],
)
def test_values_that_only_javascript_has_are_refused_or_empty(
    run: Node, facts: str, complaint: str | None
) -> None:
    (answer,) = run(text_of(ADVICE), [("decide", js(facts))])
    if complaint is None:
        assert answer == {"R": "undetermined"}
    else:
        assert answer["refused"].startswith(complaint)


def test_undefined_is_unknown_and_what_is_inherited_is_not_seen(run: Node) -> None:
    calls = [
        ("decide", js("{bleeding: undefined, marker: undefined}")),
        ("decide", js("Object.create({bleeding: true})")),
        ("decide", js("{__proto__: {bleeding: true}}")),
        ("decide", js("Object.assign(Object.create(null), {bleeding: true})")),
    ]
    undetermined, defeated = {"R": "undetermined"}, {"R": "notApplicable"}
    answers = run(text_of(ADVICE), calls)
    assert answers == [undetermined, undetermined, undetermined, defeated]


def test_what_a_page_adds_to_every_object_is_no_fact(run: Node) -> None:
    probe = """
export function polluted() {
  Object.assign(Object.prototype, { bleeding: true, unheard: 1 });
  try {
    return decide({ marker: [[0, 1]] });
  } finally {
    delete Object.prototype.bleeding;
    delete Object.prototype.unheard;
  }
}
"""
    assert run(text_of(ADVICE) + probe, [("polluted",)]) == [{"R": "provisional"}]


def test_minus_nothing_is_nothing(run: Node) -> None:
    zero = compare("=", Ref("input", "age"), Const(Fraction(0)))
    text = text_of(program(LOW, rules=(rule("R", zero),)))
    facts = js("{age: -0, marker: [[-0, -0]]}")
    decided, told = run(text, [("decide", facts), ("trace", facts)])
    assert decided == {"R": "applies"}
    assert told["criteria"]["LOW"]["data"][0]["value"] == 0
    ((sign,),) = [run(signed(text), [("sign", facts)])]
    assert sign == "Infinity"


def signed(text: str) -> str:
    """The module with a function that tells 0 from -0 in a trace."""
    probe = "String(1 / trace(facts).criteria.LOW.data[0].value)"
    return f"{text}\nexport const sign = (facts) => {probe};\n"


def test_numbers_are_refused_before_a_sum_of_them_could_be_inexact(run: Node) -> None:
    triple = Arith(((Fraction(3), Ref("input", "age")),), Fraction(2))
    sums = program(rules=(rule("R", compare(">", triple, NOW)),))
    module, text = module_of(sums), text_of(sums)
    largest = module.INPUTS["age"]["largest"]
    assert 3 * largest + 2 <= LARGEST < 3 * (largest + 1) + 2
    for age in (largest, -largest, largest + 1, -largest - 1):
        expected = refused(module, "decide", {"age": age, "now": 0})
        assert ("refused" in expected) == (abs(age) > largest)
        assert run(text, [("decide", {"age": age, "now": 0})]) == [expected]


# --- names and labels -----------------------------------------------------------------------------


HOSTILE_NAMES = (
    *("__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "class", "let"),
    *("await", "arguments", "eval", "null", "undefined", "this", "4b", "a-b", "a_b", "β", "new"),
    *("status-of", "statusof", "math", "map", "infinity", "series", "values", "seen", "facts"),
)


def test_no_name_is_looked_up_in_a_prototype_or_breaks_the_module(run: Node) -> None:
    inputs = tuple(map(yes_no, HOSTILE_NAMES))
    guard = And(tuple(Ref("input", each.name) for each in inputs))
    rules = tuple(rule(each, guard) for each in ("__proto__", "valueOf"))
    wide = program(rules=rules, inputs=inputs)
    text = text_of(wide)
    everything = json.dumps(dict.fromkeys(HOSTILE_NAMES, True))
    calls = [
        ("decide", js(f"JSON.parse({json.dumps(everything)})")),
        ("decide", {}),
        ("decide", js("JSON.parse('{\"__proto__\": false}')")),
    ]
    for answer, status in zip(
        run(text, calls), ("applies", "undetermined", "notApplicable"), strict=True
    ):
        assert answer == {"__proto__": status, "valueOf": status}
    (told,) = run(text, [("trace", {})])
    assert told == plain(module_of(wide).trace({}))


@pytest.mark.parametrize(
    "label",
    [
        "*/ globalThis.broken = 1; /*",
        "a\nglobalThis.broken = 1",
        "a\u2028globalThis.broken = 1",
        "\u202eetalf",
        "</script><script>globalThis.broken = 1</script>",
        "<!-- -->",
        "--> x",
        "`${globalThis.broken = 1}`",
        '"',
        "'",
        "\\",
        "\\u0022",
        "\x00",
        "\U000e0001",
        "😀",
    ],
)
def test_no_label_can_break_out_of_its_comment_or_string(run: Node, label: str) -> None:
    hostile = program(
        replace(LOW, label=label),
        rules=(replace(rule("R", Ref("criterion", "LOW")), label=label, modality=label),),
        inputs=tuple(replace(e, label=label, question=label) for e in random_programs.INPUTS),
    )
    small = example.guideline(example.make(Recommendation, "R", statement=Text((("en", label),))))
    text = text_of(hostile, small)
    assert "\u202e" not in text
    assert "</script" not in text
    assert "<!--" not in text
    before, criteria, rules, broken = run(
        text + "\nexport const broken = () => globalThis.broken === undefined;\n",
        [("decide", {"marker": [[0, 1]]}), ("CRITERIA",), ("RECOMMENDATIONS",), ("broken",)],
    )
    assert before == {"R": "applies"}
    assert criteria["LOW"]["label"] == label
    assert rules["R"]["statement"] == label
    assert broken is True


def test_module_loads_without_a_warning(tmp_path: Path) -> None:
    if missing := node.missing():
        pytest.skip(missing)
    guideline, program = shipped()
    path = tmp_path / "module.mjs"
    path.write_text(text_of(program, guideline), encoding="utf-8")
    for flags in (["--check"], ["--trace-warnings", "--throw-deprecation"]):
        done = subprocess.run(["node", *flags, str(path)], capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_module_needs_nothing_and_makes_no_code_of_text() -> None:
    guideline, program = shipped()
    text = text_of(program, guideline)
    code = "\n".join(re.sub(r"//.*", "", line) for line in text.splitlines())
    assert not re.search(
        r"^\s*import\b|\brequire\(|\beval\(|\bFunction\(|globalThis|window\.", code
    )
    assert not re.search(r"\bdocument\b|\bprocess\b(?!\")|\bfetch\(|import\(", code)


def test_equal_programs_give_equal_text() -> None:
    assert text_of(ADVICE) == text_of(ADVICE)


def test_lines_of_logic_are_short() -> None:
    names = [f"a-rather-long-question-{number}" for number in range(30)]
    refs = tuple(Ref("input", each) for each in names)
    wide = program(rules=(rule("R", And(refs)),), inputs=tuple(map(yes_no, names)))
    assert max(map(len, text_of(wide).splitlines())) <= 100


def test_comments_carry_statement_passage_readings_and_version() -> None:
    guideline, program = shipped()
    text = text_of(program, guideline)
    comments = " ".join(re.sub(r"^\s*// *", "", line) for line in text.splitlines() if "//" in line)
    assert program.version in comments
    assert "READ-strong-from-2000" in comments
    for each in guideline.recommendations:
        if each.is_executable:
            assert str(each.statement) in comments


# --- in a browser ---------------------------------------------------------------------------------


PAGE = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
<title>waiting</title><script type="module" src="page.mjs"></script>"""

SCRIPT = """import { decide, trace } from "./module.mjs";
const facts = { marker: [[0, 5]], bleeding: null };
document.title = `${decide(facts).R}, because ${trace(facts).recommendations.R.because}`;
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".mjs": "text/javascript", ".html": "text/html"}  # noqa: RUF012

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.browser
def test_module_decides_in_a_browser_under_a_strict_policy(tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    (tmp_path / "module.mjs").write_text(text_of(ADVICE), encoding="utf-8")
    (tmp_path / "page.mjs").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/index.html"
        command = [chromium, "--headless", "--no-sandbox", "--disable-dev-shm-usage"]
        command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000"]
        done = subprocess.run(
            [*command, "--dump-dom", address], capture_output=True, text=True, timeout=120
        )
        server.shutdown()
    assert "<title>provisional, because LOW</title>" in done.stdout
