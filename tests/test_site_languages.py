"""The words of a guideline in the language a reader chose."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import history_example
from guidegraph.entity import Iri, Text, Translation
from guidegraph.model import Guideline
from guidegraph.site.blocks import Other
from guidegraph.site.build import THEME, build_site
from guidegraph.site.content import SiteContent
from guidegraph.site.languages import Languages, is_tag, language_name
from guidegraph.site.pages import all_pages
from guidegraph.site.pages.front import is_day, years
from guidegraph.site.render import Renderer
from guidegraph.site.view import view
from guidegraph.terms import expand

ASSETS = THEME / "assets"
LABEL = Iri(expand("rdfs:label"))


def translated(guideline: Guideline, name: str, words: str, english: str | None = None, **more):
    """The guideline with Dutch words for a thing, made from ``english`` if that is told."""
    thing = guideline.entities[name]
    record = Translation(
        translated_property=LABEL,
        language="nl",
        translated_from=Text((("en", english or str(thing.label)),)),
    )
    label = Text((*thing.label.words, ("nl", words)))
    changed = replace(thing, label=label, translations=(record,))
    return replace(guideline, entities={**guideline.entities, name: changed})


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Guideline:
    """The small guideline in English alone."""
    from guidegraph.scaffold import new

    folder = tmp_path_factory.mktemp("languages") / history_example.NAME
    new(folder)
    text = (folder / "observables.ttl").read_text("utf-8")
    (folder / "observables.ttl").write_text(text.replace(' , "Voorbeeldmarker"@nl', ""), "utf-8")
    return history_example.loaded(folder)


@pytest.fixture(scope="module")
def dutch(plain) -> Guideline:
    """Two things in Dutch, one of them translated from words that are others now."""
    found = translated(plain, "POP-inpatient", "Opgenomen <b>patiënten</b>")
    return translated(found, "REC-1", "1: bepaal de marker", "1: take the marker")


def page(guideline: Guideline, path: str) -> str:
    seen = view(SiteContent(guideline=guideline))
    (found,) = (each for each in all_pages(seen) if each.path == path)
    return Renderer().markdown(found)


# --- which languages there are --------------------------------------------------------------------


def test_a_guideline_in_one_language_offers_no_choice(plain):
    assert Languages(plain).spoken == ()


def test_english_comes_first(dutch):
    assert Languages(dutch).spoken == ("en", "nl")


def test_languages_are_called_by_their_own_names():
    assert [language_name(each) for each in ("nl", "de-AT", "xx")] == [
        "Nederlands",
        "Deutsch",
        "xx",
    ]


@pytest.mark.parametrize(("text", "expected"), [("nl", True), ("pt-BR", True), ('"><b>', False)])
def test_only_language_tags_become_attributes(text, expected):
    assert is_tag(text) is expected


def test_stale_translations_are_known(dutch):
    (found,) = Languages(dutch).stale
    assert (found[0].id, *found[1:]) == ("REC-1", "rdfs:label", "nl")
    assert Languages(dutch).others(dutch.entities["REC-1"].label) == (
        Other("nl", "1: bepaal de marker", is_stale=True),
    )
    (other,) = Languages(dutch).others(dutch.entities["POP-inpatient"].label)
    assert not other.is_stale


# --- pages ----------------------------------------------------------------------------------------


def test_words_stand_in_every_language_and_the_others_are_hidden(dutch):
    told = page(dutch, "populations/POP-inpatient.html")
    heading = next(line for line in told.splitlines() if line.startswith("# "))
    assert '<span class="said"><span lang="en">' in heading
    assert '<span lang="nl" hidden>Opgenomen &#60;b&#62;patiënten&#60;/b&#62;</span>' in heading
    assert "<b>" not in told


def test_things_without_a_translation_stand_in_english_alone(dutch):
    told = page(dutch, "populations/index.html")
    assert told.count('lang="nl"') == 1
    assert 'class="said"' not in page(dutch, "actions/ACT-treat.html").split("\n", 30)[5]


def test_a_stale_translation_says_so_with_a_word_and_a_sign(dutch):
    told = page(dutch, "recommendations/index.html")
    assert re.search(r'lang="nl" hidden>.*△.*older translation', told)
    assert "older translation" not in page(dutch, "populations/index.html")


def test_coded_values_and_times_are_said_in_other_languages(plain):
    guideline = translated(plain, "infection-suspected", "vermoed")
    assert "hidden>“vermoed”</span>" in page(guideline, "criteria/CRIT-infection.html")
    guideline = translated(plain, "WIN-admission", "Rond de opname (12 uur)")
    assert "hidden>rond de opname</span>" in page(guideline, "criteria/CRIT-low.html")


def test_questions_are_asked_in_other_languages(plain):
    thing = plain.entities["treatment-refused"]
    question = Text((*thing.question.words, ("nl", "Weigert de patiënt?")))
    asked = replace(thing, question=question)
    guideline = replace(plain, entities={**plain.entities, thing.id: asked})
    assert ">Weigert de patiënt?</span>" in page(guideline, "observables/treatment-refused.html")


def test_the_theme_offers_the_languages_there_are(dutch, plain, tmp_path):
    for name, guideline, expected in (("nl", dutch, ["en", "nl"]), ("en", plain, [])):
        folder = build_site(SiteContent(guideline=guideline), tmp_path / name).folder
        settings = yaml.safe_load((folder.parent / "mkdocs.yml").read_text("utf-8"))
        assert [tag for tag, _ in settings["extra"]["languages"]] == expected
        html = (folder / "index.html").read_text("utf-8")
        assert ("data-choose" in html) == bool(expected)
        assert '<html lang="en"' in html
        assert "What this site keeps" in (folder / "guideline.html").read_text("utf-8")


def test_the_age_stands_on_every_page_without_a_script(dutch, tmp_path):
    folder = build_site(SiteContent(guideline=dutch), tmp_path / "age").folder
    for file in folder.rglob("*.html"):
        html = file.read_text("utf-8")
        assert 'class="age" data-due="2027-01-01"' in html, file
        assert "To be reviewed by" in html
        assert "assets/age.js" in html


def test_days_and_years_are_plain():
    assert is_day("2027-01-01")
    assert not is_day('2027-01-01" onload="x')
    assert not is_day(None)


def test_years_of_the_evidence_come_from_the_references(plain):
    seen = view(SiteContent(guideline=plain))
    assert all(re.fullmatch(r"\d{4}", each) for each in years(seen))


# --- scripts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "years", "now", "expected"),
    [
        (
            "2027-05-21",
            "2020",
            "2026-11-21",
            ("", "This evidence is from 2020, 6 years before today."),
        ),
        (
            "2027-05-21",
            "2020",
            "2027-05-22",
            (
                "Review past due since 2027-05-21.",
                "This evidence is from 2020, 7 years before today.",
            ),
        ),
        (
            "2027-05-21",
            "2019 2020",
            "2021-01-01",
            ("", "This evidence is from 2019 to 2020, 1 year before today."),
        ),
        (
            "2027-05-21",
            "2020",
            "2027-05-21",
            ("", "This evidence is from 2020, 7 years before today."),
        ),
        ("", "", "2027-05-21", ("", "")),
        ("soon", "2020", "2020-05-21", ("", "This evidence is from 2020, this year.")),
    ],
)
def test_age_is_told_by_the_readers_clock(due, years, now, expected):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    code = (
        f"require({str(ASSETS / 'age.js')!r});"
        f"const t = guidegraph.age.told({due!r}, {years!r}, new Date('{now}T12:00:00'));"
        "console.log(t.pastDue + '|' + t.evidence)"
    )
    done = subprocess.run([node, "-e", code], capture_output=True, text=True, check=True)
    assert tuple(done.stdout.strip("\n").split("|")) == expected


@pytest.mark.parametrize("name", ["age.js", "language.js"])
def test_scripts_build_no_markup_from_text(name):
    text = (ASSETS / name).read_text("utf-8")
    assert '"use strict"' in text
    for bad in ("innerHTML", "eval(", "Function(", "document.write", "fetch("):
        assert bad not in text


def test_storage_is_only_used_where_it_may_fail():
    lines = Path(ASSETS / "language.js").read_text("utf-8").splitlines()
    for place, line in enumerate(lines):
        if "localStorage" in line:
            assert "try {" in lines[place - 1]
