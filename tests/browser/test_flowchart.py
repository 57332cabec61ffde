"""Flowcharts as people use them: by keyboard and by hand, on a phone, and with a patient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from conftest import GUIDELINE

pytestmark = pytest.mark.browser

COURSE = "pathways/PATH-ddimer-course.html"
ADMISSION = "pathways/PATH-admission.html"
FRAME = "figure.zooms > .scroll"
LYING_HEIGHT = 210 - 12 - 16 - 12
"""What a sheet of A4 that lies has for a drawing: its margins and the caption are left out."""


@pytest.fixture
def course(visit: Any, shipped_site: Path) -> Iterator[Any]:
    """The page of a large flowchart on a wide screen."""
    visit.page.set_viewport_size({"width": 1600, "height": 900})
    page = visit.open(shipped_site, COURSE)
    page.wait_for_selector(".tools")
    yield page


@pytest.fixture
def phone(chromium: Any, shipped_site: Path) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 390, "height": 780}, has_touch=True)
    page = context.new_page()
    page.goto((shipped_site / COURSE).as_uri())
    page.wait_for_selector(".tools")
    yield page
    context.close()


def level(page: Any) -> int:
    words = page.locator(".tools output").first.inner_text()
    return int(words.removeprefix("Zoom ").removesuffix(" %"))


def width(page: Any) -> float:
    return float(
        page.evaluate(f"document.querySelector('{FRAME} svg').getBoundingClientRect().width")
    )


def scrolled(page: Any) -> tuple[float, float]:
    x, y = page.locator(FRAME).evaluate("(frame) => [frame.scrollLeft, frame.scrollTop]")
    return x, y


def is_seen(page: Any, selector: str) -> bool:
    """Whether something lies wholly in the frame of the drawing."""
    return bool(
        page.evaluate(
            """([frame, inner]) => {
              const f = document.querySelector(frame).getBoundingClientRect();
              const i = document.querySelector(inner).getBoundingClientRect();
              const isAcross = i.left >= f.left && i.right <= f.right;
              return isAcross && i.top >= f.top && i.bottom <= f.bottom;
            }""",
            [FRAME, selector],
        )
    )


# --- nearer and from afar -------------------------------------------------------------------------


@pytest.mark.parametrize("across", [1100, 1280, 1440, 1920])
def test_at_first_nothing_is_cut_off_at_the_sides(
    chromium: Any, shipped_site: Path, across: int
) -> None:
    context = chromium.new_context(viewport={"width": across, "height": 900})
    page = context.new_page()
    for address in (COURSE, ADMISSION, "drawings/OUD-REC-1.html"):
        page.goto((shipped_site / address).as_uri())
        page.wait_for_selector(".tools")
        assert page.locator(FRAME).evaluate("(f) => f.scrollWidth - f.clientWidth") <= 0, address
    context.close()


def test_it_fits_again_when_the_window_is_another_unless_somebody_chose(course: Any) -> None:
    before = level(course)
    course.set_viewport_size({"width": 1200, "height": 900})
    course.wait_for_timeout(200)
    assert level(course) < before
    assert course.locator(FRAME).evaluate("(f) => f.scrollWidth - f.clientWidth") <= 0
    course.get_by_role("button", name="Zoom in").click()
    chosen = level(course)
    course.set_viewport_size({"width": 1600, "height": 900})
    course.wait_for_timeout(200)
    assert level(course) == chosen


def test_on_a_phone_reading_begins_at_the_start(phone: Any) -> None:
    assert level(phone) >= 95
    assert is_seen(phone, f"{FRAME} a.box.start")


def test_a_number_line_is_whole_with_its_axis(chromium: Any, shipped_site: Path) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 700})
    page = context.new_page()
    for address in ("thresholds/index.html", "observables/d-dimer.html"):
        page.goto((shipped_site / address).as_uri())
        frame = page.locator("figure.drawing:not(.zooms) > .scroll").first
        assert frame.evaluate("(f) => f.scrollHeight - f.clientHeight") <= 0, address
    context.close()


def test_buttons_zoom_and_the_level_is_told(course: Any) -> None:
    before, wide = level(course), width(course)
    course.get_by_role("button", name="Zoom in").click()
    assert level(course) == round(before * 1.25)
    assert width(course) == pytest.approx(wide * 1.25, rel=0.01)
    course.get_by_role("button", name="Zoom out").click()
    assert level(course) == before
    course.get_by_role("button", name="Whole").click()
    assert course.get_by_role("button", name="Whole").get_attribute("aria-pressed") == "true"
    assert is_seen(course, f"{FRAME} svg")
    assert course.locator(".tools output").first.get_attribute("aria-live") == "polite"


def test_keys_zoom_move_and_leave(course: Any) -> None:
    frame = course.locator(FRAME)
    frame.focus()
    before = level(course)
    course.keyboard.press("+")
    assert level(course) > before
    course.keyboard.press("-")
    assert level(course) == before
    course.keyboard.press("0")
    assert is_seen(course, f"{FRAME} svg")
    for _ in range(6):
        course.keyboard.press("+")
    at = scrolled(course)
    for key, (x, y) in {
        "ArrowRight": (1, 0),
        "ArrowLeft": (-1, 0),
        "ArrowUp": (0, -1),
        "ArrowDown": (0, 1),
    }.items():
        course.keyboard.press(key)
        course.wait_for_timeout(400)
        now = scrolled(course)
        assert (now[0] - at[0]) * x > 0 or (now[1] - at[1]) * y > 0, key
        at = now
    course.keyboard.press("Escape")
    assert course.evaluate("document.activeElement.id") == "section-in-words"


def test_keys_elsewhere_on_the_page_change_nothing(course: Any) -> None:
    before = level(course)
    course.locator(".told a").first.focus()
    for key in ("+", "-", "0"):
        course.keyboard.press(key)
    assert level(course) == before


def test_arrows_at_the_edge_scroll_the_page_again(course: Any) -> None:
    course.get_by_role("button", name="Whole").click()
    course.locator(FRAME).focus()
    course.evaluate("document.documentElement.style.scrollBehavior = 'auto'; scrollTo(0, 0)")
    course.keyboard.press("ArrowDown")
    course.wait_for_timeout(400)
    assert course.evaluate("scrollY") > 0


def test_the_wheel_zooms_with_ctrl_and_scrolls_without(course: Any) -> None:
    course.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    course.get_by_role("button", name="Whole").click()
    course.locator(FRAME).hover()
    before = level(course)
    page_at = course.evaluate("scrollY")
    course.mouse.wheel(0, 300)
    course.wait_for_timeout(400)
    assert level(course) == before
    assert course.evaluate("scrollY") > page_at
    course.locator(FRAME).hover()
    course.keyboard.down("Control")
    course.mouse.wheel(0, -100)
    course.keyboard.up("Control")
    course.wait_for_timeout(200)
    assert level(course) > before


def test_a_mouse_moves_the_drawing_and_does_not_follow_a_link_then(course: Any) -> None:
    for _ in range(4):
        course.get_by_role("button", name="Zoom in").click()
    box = course.locator(f"{FRAME} a.box").nth(1)
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    before = scrolled(course)
    course.mouse.move(at["x"] + 20, at["y"] + 20)
    course.mouse.down()
    course.mouse.move(at["x"] - 60, at["y"] - 30, steps=5)
    course.mouse.up()
    after = scrolled(course)
    assert after[0] == pytest.approx(before[0] + 80, abs=2)
    assert after[1] == pytest.approx(before[1] + 50, abs=2)
    assert "#" not in course.url
    box.click()
    assert course.url.endswith("#NODE-course-band")


def test_full_width_and_back(course: Any) -> None:
    wide = course.evaluate(f"document.querySelector('{FRAME}').clientWidth")
    course.get_by_role("button", name="Full width").click()
    assert course.evaluate(f"document.querySelector('{FRAME}').clientWidth") > wide * 1.3
    assert not course.locator("nav.chapters").is_visible()
    course.locator(FRAME).focus()
    course.keyboard.press("Escape")
    assert course.evaluate(f"document.querySelector('{FRAME}').clientWidth") == wide
    assert course.locator("nav.chapters").is_visible()


# --- step by step ---------------------------------------------------------------------------------


def test_focus_goes_from_the_start_downwards_and_every_step_is_seen(course: Any) -> None:
    course.locator(FRAME).focus()
    boxes = course.locator(f"{FRAME} a.box").count()
    met: list[str] = []
    for _ in range(boxes):
        course.keyboard.press("Tab")
        name = course.evaluate("document.activeElement.dataset.node")
        met.append(name)
        assert is_seen(course, f'{FRAME} a[data-node="{name}"]'), name
    assert len(set(met)) == boxes
    assert met[0] == "NODE-course-start"
    page = json.loads(course.locator("#patient-path-data").inner_text())
    place = {name: number for number, name in enumerate(met)}
    for node in page["nodes"]:
        targets = [node["leadsTo"], *(branch["target"] for branch in node["branches"])]
        assert all(place[node["id"]] < place[target] for target in targets if target)


def test_step_shows_one_step_at_reading_size_and_follows_the_focus(course: Any) -> None:
    course.get_by_role("button", name="Step").click()
    assert level(course) == 100
    assert is_seen(course, f"{FRAME} a.start")
    course.locator(f"{FRAME} a.box").last.focus()
    assert is_seen(course, f"{FRAME} a.box:last-child")
    assert course.get_by_role("button", name="Step").get_attribute("aria-pressed") == "true"


def test_a_box_and_its_words_mark_each_other(course: Any) -> None:
    box = course.locator('a[data-node="NODE-course-rise"]')
    item = course.locator('[id="NODE-course-rise"]')
    box.focus()
    assert "marked" in item.get_attribute("class")
    column = course.locator(".told").bounding_box()
    at = item.bounding_box()
    assert column["y"] <= at["y"] < column["y"] + column["height"]
    course.locator('[id="NODE-T3-none"], [id="END-course-ask"] a').first.focus()
    assert "marked" not in (item.get_attribute("class") or "")
    assert "marked" in course.locator('a[data-node="END-course-ask"]').get_attribute("class")
    assert is_seen(course, 'a[data-node="END-course-ask"]')
    item.locator("a").first.hover()
    assert "marked" in box.get_attribute("class")
    branch = course.locator('[id="BR-course-middle"] > a').first
    branch.hover()
    arrow = course.locator('.arrow[data-branch="BR-course-middle"]')
    assert "marked" in arrow.get_attribute("class")


def test_a_click_leads_to_the_words_and_back(course: Any) -> None:
    course.locator('a[data-node="NODE-course-start"]').click()
    assert course.url.endswith("#NODE-course-start")
    course.locator('[id="NODE-course-start"] a').first.click()
    assert course.url.endswith("#drawn_x-NODE-course-start")


# --- on a phone, in print, without motion ---------------------------------------------------------


def test_on_a_phone_the_start_is_in_view_first_and_the_page_is_no_wider(phone: Any) -> None:
    assert is_seen(phone, f"{FRAME} a.start")
    assert level(phone) >= 90
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_less_motion_is_respected(chromium: Any, shipped_site: Path) -> None:
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.goto((shipped_site / COURSE).as_uri())
    page.locator(FRAME).focus()
    for _ in range(4):
        page.keyboard.press("+")
    before = scrolled(page)
    page.keyboard.press("ArrowDown")
    assert scrolled(page)[1] == pytest.approx(before[1] + 80, abs=2)
    context.close()


def test_on_paper_the_whole_drawing_stands_on_one_page_whatever_the_zoom(course: Any) -> None:
    for _ in range(5):
        course.get_by_role("button", name="Zoom in").click()
    course.emulate_media(media="print")
    at = course.locator(f"{FRAME} svg").bounding_box()
    millimetre = 96 / 25.4
    assert at["height"] <= LYING_HEIGHT * millimetre
    frame = course.locator(FRAME).bounding_box()
    assert at["width"] <= frame["width"] + 1
    assert not course.locator(".tools").is_visible()


def test_without_a_script_the_drawing_and_its_words_are_there(
    chromium: Any, shipped_site: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((shipped_site / COURSE).as_uri())
    assert page.locator(f"{FRAME} svg a.box").count() > 15
    assert page.locator(".told li").count() > 30
    assert page.locator(".tools").count() == 0
    context.close()


def test_the_mechanism_has_the_same_tools(visit: Any, shipped_site: Path) -> None:
    page = visit.open(shipped_site, "mechanism/index.html")
    page.get_by_role("button", name="Whole").click()
    assert is_seen(page, f"{FRAME} svg")
    page.get_by_role("button", name="Step").click()
    assert level(page) == 100


# --- the way of one patient -----------------------------------------------------------------------


def fragment() -> str:
    told = json.loads((GUIDELINE / "patient.json").read_text("utf-8"))
    return "#patient=" + quote(json.dumps(told, separators=(",", ":")), safe="")


def taken(page: Any) -> list[str]:
    found = page.evaluate(
        "[...document.querySelectorAll('a.box.taken')].map((e) => e.dataset.node)"
    )
    assert isinstance(found, list)
    return sorted(found)


def test_the_way_of_a_patient_is_drawn_listed_and_told(visit: Any, shipped_site: Path) -> None:
    visit.page.set_viewport_size({"width": 1600, "height": 900})
    page = visit.open(shipped_site, COURSE + fragment())
    page.wait_for_selector("#patient-path.filled")
    on_the_way = [
        "NODE-course-band", "NODE-course-rise", "NODE-course-start", "NODE-image-after-rise",
        "NODE-rise-imaging-feasible",
    ]  # fmt: skip
    assert taken(page) == on_the_way
    assert page.locator("a.box.stopped").get_attribute("data-node") == "NODE-rise-imaging-feasible"
    assert page.locator("a.box.taken .place-mark").count() == 5
    assert "(step 1: this patient)" in page.locator("a.box.start").get_attribute("aria-label")
    assert page.locator(".arrow.taken").count() == 4
    for name in on_the_way:
        assert "taken" in page.locator(f'[id="{name}"]').get_attribute("class")
    words = page.locator("#patient-path").inner_text()
    assert "This patient:" in words
    assert "In which band is D-dimer?: Low on admission" in words
    assert "stops here; not known: " in words
    assert "to find out: Ask whether imaging can be done" in words
    back = page.get_by_role("link", name="Back to this patient").get_attribute("href")
    assert back == "../simulator.html" + fragment()


def test_the_way_goes_on_in_the_next_pathway_with_the_same_patient(
    visit: Any, shipped_site: Path
) -> None:
    page = visit.open(shipped_site, ADMISSION + fragment())
    page.wait_for_selector("#patient-path.filled")
    assert page.locator("#patient-path li").count() == 2
    page.locator("#patient-path a", has_text="3 Course of D-dimer").click()
    page.wait_for_selector("#patient-path.filled")
    assert COURSE in page.url
    assert "NODE-course-rise" in taken(page)


def test_another_patient_in_the_address_is_shown_at_once(visit: Any, shipped_site: Path) -> None:
    page = visit.open(shipped_site, COURSE + fragment())
    page.wait_for_selector("#patient-path.filled")
    other = {"now": "2020-04-03T09:00:00Z", "facts": {"covid-status": "absent"}}
    page.evaluate("(hash) => { location.hash = hash; }", "patient=" + quote(json.dumps(other)))
    page.wait_for_function("!document.querySelector('a.box.taken')")
    words = page.locator("#patient-path").inner_text()
    assert "not for this patient" in words or "not known whether" in words
    assert page.locator(".place-mark").count() == 0
    page.evaluate("location.hash = 'patient=nothing'")
    page.wait_for_function(
        "document.querySelector('#patient-path').innerText.includes('cannot be')"
    )


def test_nothing_that_decides_is_loaded_without_a_patient(visit: Any, shipped_site: Path) -> None:
    page = visit.open(shipped_site, COURSE)
    page.wait_for_selector(".tools")
    assert not [each for each in visit.asked if "model.js" in each or "patient.js" in each]
    assert page.locator("main").get_by_role("link", name="Try a patient").count() == 1
