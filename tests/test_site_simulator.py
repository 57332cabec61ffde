"""The page "Try a patient": there when it is wanted, safe, and with the guideline's own cases."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import simulator_example as example
import site_example
from guidegraph.cases import read_cases, run
from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.lower import lower
from guidegraph.model import Guideline
from guidegraph.patient import from_node, to_wire
from guidegraph.patient.document import read_document
from guidegraph.program import Program
from guidegraph.site.assets import assets
from guidegraph.site.blocks import Page, Panel
from guidegraph.site.build import build_site
from guidegraph.site.chapters import SIMULATOR
from guidegraph.site.content import SiteContent
from guidegraph.site.pages import all_pages, simulator
from guidegraph.site.render import Renderer
from guidegraph.site.view import View, view
from site_reader import broken, read

THEME = Path(simulator.__file__).parents[1] / "theme" / "assets"
PAYLOAD = "</script><img src=x onerror=alert(1)>'\""


def the_page(content: SiteContent) -> Page | None:
    return next(simulator.pages(view(content)), None)


def data(page: Page) -> dict[str, Any]:
    (panel,) = [each for s in page.sections for each in s.blocks if isinstance(each, Panel)]
    return dict(panel.data)


def merged(base: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """A patient as the script puts it together."""
    patient: dict[str, Any] = {"now": told.get("now", base["now"])}
    for part in ("anchors", "facts", "settings"):
        both = {**base[part], **told.get(part, {})}
        patient[part] = {name: value for name, value in both.items() if value is not None}
    return patient


def wire(patient: object, program: Program) -> object:
    node, found = read_document(json.dumps(patient), "patient.json")
    assert found == ()
    held, _ = from_node(node, program)
    assert held is not None
    return to_wire(held, program)


def test_the_page_stands_in_the_navigation_and_needs_nobody(tmp_path: Path) -> None:
    built = build_site(example.content(), tmp_path)
    pages = read(built.folder)
    assert SIMULATOR.index in pages
    assert [each for each in broken(built.folder, pages) if each.startswith(SIMULATOR.index)] == []
    home = (built.folder / "index.html").read_text("utf-8")
    assert f'href="{SIMULATOR.index}">Try a patient</a>' in home
    written = (built.folder / SIMULATOR.index).read_text("utf-8")
    for name in re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', written):
        assert (built.folder / name).is_file(), name


def test_without_a_script_the_page_says_what_else_there_is() -> None:
    page = the_page(example.content())
    assert page is not None
    written = Renderer().markdown(page)
    assert "guidegraph decide patient.yaml" in written
    assert "needs scripts" in written


def test_the_page_says_what_it_is_not_for() -> None:
    page = the_page(example.content())
    assert page is not None
    written = Renderer().markdown(page)
    assert simulator.NOT_FOR_CARE in written
    assert "For teaching." in written  # the guideline's own words


@pytest.mark.parametrize("wanted", [True, False])
def test_one_setting_leaves_it_out(tmp_path: Path, wanted: bool) -> None:
    known = example.guideline(publishes_simulator=wanted)
    content = example.content(known)
    seen = view(content)
    pages = tuple(all_pages(seen))
    assert any(each.path == SIMULATOR.index for each in pages) is wanted
    assert any(each.path == "model.js" for each in assets(seen, pages)) is wanted
    scripts = {name for page in pages for part in page.parts for name in part.scripts}
    assert ("model.js" in scripts) is wanted
    if not wanted:
        folder = build_site(content, tmp_path).folder
        for file in folder.rglob("*.html"):
            assert SIMULATOR.title not in file.read_text("utf-8"), file


def test_where_nothing_can_be_decided_there_is_no_page() -> None:
    assert the_page(site_example.content()) is None


def test_the_examples_are_the_cases_of_the_guideline() -> None:
    content = example.content()
    page = the_page(content)
    assert page is not None
    held = data(page)
    assert [each["id"] for each in held["examples"]] == ["low", "bleeds", "unknown"]
    program = lower(content.guideline)
    cases = {each.case.id: each.case for each in content.cases.outcomes} if content.cases else {}
    for each in held["examples"]:
        patient, _ = from_node(cases[each["id"]].patient, program)
        assert patient is not None
        shown = merged(held["base"], each.get("patient", {}))
        assert wire(shown, program) == to_wire(patient, program), each["id"]


def test_the_examples_of_the_shipped_guideline_are_its_patients(shipped: Any) -> None:
    guideline = shipped.guideline
    program = lower(guideline)
    text = (shipped.sources.root / "cases.yaml").read_text("utf-8")
    cases, _ = read_cases(text, "cases.yaml", guideline)
    report = run(guideline, cases)
    held = data(
        next(simulator.pages(view(SiteContent(guideline=guideline, program=program, cases=report))))
    )
    by_name = {each.id: each for each in cases}
    assert 20 <= len(held["examples"]) <= 80
    shown = {name for each in held["examples"] if (name := each.get("shows"))}
    for each in held["examples"]:
        case = by_name[each["id"]]
        assert not case.readings
        assert not case.messages
        patient, _ = from_node(case.patient, program)
        assert patient is not None
        told = merged(held["base"], each.get("patient", {}))
        assert wire(told, program) == to_wire(patient, program), case.id
        assert case.expected.get(each.get("shows", ""), "applies") == "applies"
    applies = {n for e in report.outcomes for n, s in e.case.expected.items() if s == "applies"}
    assert len(shown) * 2 > len(applies)
    assert len(json.dumps(held)) < 20_000


def test_cases_that_fail_are_no_examples() -> None:
    known = example.guideline()
    report = example.report(known)
    fault = Diagnostic(code="T101", severity=Severity.ERROR, message="differs", at=None)
    first, *rest = report.outcomes
    failed = type(report)(
        outcomes=(
            type(first)(
                case=first.case, standings=first.standings, meant=first.meant, findings=(fault,)
            ),
            *rest,
        ),
        coverage=report.coverage,
        findings=(fault,),
    )
    page = the_page(example.content(known, cases=failed))
    assert page is not None
    assert "low" not in [each["id"] for each in data(page)["examples"]]


def test_what_recommendations_depend_on_comes_first() -> None:
    page = the_page(example.content())
    assert page is not None
    assert data(page)["first"] == ["marker", "illness", "bleeding"]


def hostile() -> Guideline:
    return site_example.with_literals(example.guideline(), lambda said: f"{said}{PAYLOAD}")


def test_no_literal_leaves_the_data_of_the_page() -> None:
    known = hostile()
    content = example.content(known, cases=None)
    page = the_page(content)
    assert page is not None
    written = Renderer().markdown(page)
    assert "<img" not in written
    assert written.count("</script>") == 2
    seen: View = view(content)
    for each in assets(seen, (page,)):
        assert "</script>" not in each.text, each.path


NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def node(*names: str, then: str) -> Any:
    """What a script says after some of ours were run."""
    texts = [(THEME / each).read_text("utf-8") for each in names]
    script = "\n".join([*texts, f"console.log(JSON.stringify({then}));"])
    done = subprocess.run(
        [NODE or "node", "-"], input=script, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


@needs_node
@pytest.mark.parametrize(
    "patient",
    [
        {"facts": {}},
        {"now": {"minutes": 5}, "facts": {"a#b&c": "é\u2028</script>", "d": [{"value": "1.50"}]}},
    ],
)
def test_a_patient_comes_back_from_an_address(patient: object) -> None:
    told = json.dumps(patient)
    written = node("fragment.js", then=f"guidegraph.fragment.write({told})")
    assert written.startswith("#patient=")
    assert not re.search(r"[\s<>\"]", written)
    back = node("fragment.js", then=f"guidegraph.fragment.read({json.dumps(written)})")
    assert back == patient


@needs_node
@pytest.mark.parametrize(
    "address", ["", "#section", "#patient=", "#patient=%", "#patient=[]", "#patient=null"]
)
def test_what_is_no_patient_is_none(address: str) -> None:
    found = node("fragment.js", then=f"[guidegraph.fragment.read({json.dumps(address)})]")
    assert found == [None]


@needs_node
@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("0", 0),
        ("36", 2160),
        ("1.5", 90),
        ("36:30", 2190),
        ("-2", -120),
        ("−0:05", -5),
        ("0.25", 15),
        ("0.01", None),
        ("1:75", None),
        ("1,5", None),
        ("soon", None),
    ],
)
def test_hours_are_exact_minutes(written: str, minutes: int | None) -> None:
    then = f"guidegraph.simulator.times.minutesOf({json.dumps(written)})"
    assert node("simulator/words.js", "simulator/times.js", then=f"[{then}]") == [minutes]
    if minutes is not None:
        again = f"guidegraph.simulator.times.hoursOf({minutes})"
        back = node("simulator/words.js", "simulator/times.js", then=again)
        then = f"guidegraph.simulator.times.minutesOf({json.dumps(back)})"
        assert node("simulator/words.js", "simulator/times.js", then=f"[{then}]") == [minutes]
