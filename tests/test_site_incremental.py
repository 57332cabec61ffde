"""A build into an earlier one's folder renders what has changed, and the result is the same."""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import site_example as example
from guidegraph import cache as rooms
from guidegraph import resources
from guidegraph.cache import Cache, Visible, values
from guidegraph.diagnostic import Location, Severity
from guidegraph.entity import Entity, Text
from guidegraph.lift import lift
from guidegraph.model import EvidenceClaim, Guideline
from guidegraph.read import read
from guidegraph.scaffold import new
from guidegraph.site import earlier as earlier_pages
from guidegraph.site import publish as publishing
from guidegraph.site.build import build_site
from guidegraph.site.content import SiteContent
from guidegraph.verify import Open, Robustness, VerificationReport, one_reading

SEED = 20_261_121


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the cache."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != "cache"
    }


def folders(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_dir() and path.relative_to(folder).parts[0] != "cache"
    }


def rendered(content: SiteContent, output: Path) -> int:
    """How many pages a build into a folder renders."""
    count = 0

    def tell(label: str, done: int, total: int) -> None:
        nonlocal count
        count += label == "Rendering pages"

    build_site(content, output, tell, Cache(output / "cache"))
    return count


def is_as_new(content: SiteContent, output: Path, elsewhere: Path) -> None:
    build_site(content, elsewhere)
    assert contents(output) == contents(elsewhere)
    assert folders(output) == folders(elsewhere)


def edited(content: SiteContent, name: str, thing: Entity | None) -> SiteContent:
    """The content with one thing changed, added or removed."""
    entities = dict(content.guideline.entities)
    if thing is None:
        del entities[name]
    else:
        entities[name] = thing
    return replace(content, guideline=replace(content.guideline, entities=entities))


def claim(content: SiteContent) -> EvidenceClaim:
    return content.guideline.all(EvidenceClaim)[0]


def reworded(content: SiteContent, words: str) -> SiteContent:
    found = claim(content)
    return edited(content, found.id, replace(found, label=Text((("en", words),))))


# --- pages ----------------------------------------------------------------------------------------


def test_without_a_change_nothing_is_rendered(tmp_path: Path) -> None:
    content = example.content()
    assert rendered(content, tmp_path / "a") > 50
    before = contents(tmp_path / "a")
    assert rendered(content, tmp_path / "a") == 0
    assert contents(tmp_path / "a") == before


def test_one_claim_renders_the_pages_that_show_it(tmp_path: Path) -> None:
    content = example.content()
    every = rendered(content, tmp_path / "a")
    changed = reworded(content, "Another wording of the claim")
    assert 1 <= rendered(changed, tmp_path / "a") < every / 2
    is_as_new(changed, tmp_path / "a", tmp_path / "b")


def random_edits(content: SiteContent, dice: random.Random) -> Iterator[SiteContent]:
    """One edit after the other: words, claims and chapters that come and go."""
    kinds = ["word", "add", "remove", "chapter", "header", "download"]
    for number, kind in enumerate(dice.sample(kinds, len(kinds))):
        found = claim(content)
        if kind == "word":
            content = reworded(content, f"Wording {number}")
        elif kind == "add":
            name = f"claim-new-{number}"
            added = replace(found, id=name, iri=found.iri + name)
            content = edited(content, name, added)
        elif kind == "remove" and len(content.guideline.all(EvidenceClaim)) > 1:
            content = edited(content, content.guideline.all(EvidenceClaim)[-1].id, None)
        elif kind == "chapter":
            content = replace(content, queries=() if content.queries else example.content().queries)
        elif kind == "header":
            header = replace(content.guideline.header, modified=f"2026-01-0{number + 1}")
            guideline = replace(content.guideline, header=header)
            content = replace(content, guideline=guideline)
            content = edited(content, header.id, header)
        elif kind == "download":
            content = replace(content, downloads=content.downloads[:-1])
        yield content


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 6))]
)
def test_after_any_edits_the_result_is_that_of_a_full_build(tmp_path: Path, seed: int) -> None:
    content = example.content()
    build_site(content, tmp_path / "a", None, Cache(tmp_path / "a" / "cache"))
    for place, each in enumerate(random_edits(content, random.Random(SEED + seed))):
        build_site(each, tmp_path / "a", None, Cache(tmp_path / "a" / "cache"))
        is_as_new(each, tmp_path / "a", tmp_path / f"full-{place}")


def test_pages_with_links_depend_on_the_names_of_all_pages(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "about.md").write_text("# About\n\n[first](index.md) and [limits](queries/limits.md)\n")
    content = example.content(pages=own)
    rendered(content, tmp_path / "a")
    assert rendered(content, tmp_path / "a") == 0
    (own / "about.md").write_text("# About\n\n[limits](queries/limits.md) and no more\n")
    assert rendered(content, tmp_path / "a") == 1
    fewer = replace(content, queries=())  # the target of the link is gone
    rendered(fewer, tmp_path / "a")
    is_as_new(fewer, tmp_path / "a", tmp_path / "b")
    assert "queries/limits.md" in (tmp_path / "a" / "site" / "about.html").read_text("utf-8")
    rendered(content, tmp_path / "a")
    is_as_new(content, tmp_path / "a", tmp_path / "c")
    assert "queries/limits.html" in (tmp_path / "a" / "site" / "about.html").read_text("utf-8")


def test_another_theme_or_toolkit_renders_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = example.content()
    every = rendered(content, tmp_path / "a")
    monkeypatch.setattr(earlier_pages, "toolkit", lambda: "another")
    assert rendered(content, tmp_path / "a") == every


def test_every_file_of_the_package_is_part_of_the_toolkit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = importlib.import_module("guidegraph.cache.toolkit")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "site.css").write_text("a {}")
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    before = digests.toolkit.__wrapped__()
    assert before == digests.toolkit.__wrapped__()
    (tmp_path / "theme" / "site.css").write_text("a { }")
    changed = digests.toolkit.__wrapped__()
    assert changed != before
    monkeypatch.setattr(digests, "_version", lambda name: "0")
    assert digests.toolkit.__wrapped__() != changed


@pytest.mark.parametrize(
    "damage",
    [
        '{"key": "k", "sha256": "x", "value": {}}',
        pytest.param("\x00\xff", marks=pytest.mark.slow),
        pytest.param("[" * 100_000, marks=pytest.mark.slow, id="nested"),
    ],
)
def test_a_damaged_or_foreign_record_means_a_full_build(tmp_path: Path, damage: str) -> None:
    content = example.content()
    every = rendered(content, tmp_path / "a")
    before = contents(tmp_path / "a")
    (tmp_path / "a" / "cache" / "pages.json").write_text(damage, "latin-1")
    assert rendered(content, tmp_path / "a") == every
    assert contents(tmp_path / "a") == before


def test_a_record_that_was_changed_by_hand_is_none(tmp_path: Path) -> None:
    content = example.content()
    every = rendered(content, tmp_path / "a")
    record = tmp_path / "a" / "cache" / "pages.json"
    told = json.loads(record.read_text("utf-8"))
    told["value"].popitem()
    record.write_text(json.dumps(told), "utf-8")
    assert rendered(content, tmp_path / "a") == every


def test_files_that_somebody_changed_are_made_anew(tmp_path: Path) -> None:
    content = example.content()
    rendered(content, tmp_path / "a")
    before, places = contents(tmp_path / "a"), folders(tmp_path / "a")
    (tmp_path / "a" / "site" / "index.html").write_text("mine")
    (tmp_path / "a" / "pages" / "guideline.md").unlink()
    (tmp_path / "a" / "site" / "left.html").write_text("stale")
    (tmp_path / "a" / "pages" / "left.md").write_text("stale")
    (tmp_path / "a" / "site" / "empty").mkdir()
    (tmp_path / "a" / "pages" / "assets").mkdir(exist_ok=True)
    (tmp_path / "a" / "theme" / "main.html").write_text("mine")
    assert rendered(content, tmp_path / "a") == 2
    assert (contents(tmp_path / "a"), folders(tmp_path / "a")) == (before, places)


def test_links_in_the_folder_lead_nowhere(tmp_path: Path) -> None:
    content = example.content()
    every = rendered(content, tmp_path / "a")
    before = contents(tmp_path / "a")
    precious = tmp_path / "thesis.md"
    precious.write_text("years of work")
    page = tmp_path / "a" / "pages" / "guideline.md"
    page.unlink()
    page.symlink_to(precious)
    assert rendered(content, tmp_path / "a") == every
    assert precious.read_text() == "years of work"
    assert contents(tmp_path / "a") == before


@pytest.mark.parametrize("stop_at", [45, pytest.param(1, marks=pytest.mark.slow)])
def test_a_build_that_was_broken_off_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    class Stop(BaseException):
        pass

    content = example.content()
    rendered(content, tmp_path / "a")
    header = replace(content.guideline.header, version="9.9")
    changed = replace(content, guideline=replace(content.guideline, header=header))
    told = 0

    def tell(label: str, done: int, total: int) -> None:
        nonlocal told
        told += 1
        if told == stop_at + (60 if stop_at > 1 else 0):
            raise Stop

    with pytest.raises(Stop):
        build_site(changed, tmp_path / "a", tell, Cache(tmp_path / "a" / "cache"))
    build_site(changed, tmp_path / "a", None, Cache(tmp_path / "a" / "cache"))
    is_as_new(changed, tmp_path / "a", tmp_path / "b")


def test_where_mkdocs_warned_everything_is_rendered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = publishing.publish

    def warned(*args: Any) -> tuple[str, ...]:
        real(*args)
        return ("a warning",)

    content = example.content()
    every = rendered(content, tmp_path / "a")
    monkeypatch.setattr(publishing, "publish", warned)
    assert rendered(reworded(content, "Another wording"), tmp_path / "a") < every
    assert rendered(content, tmp_path / "a") == every


# --- verification ---------------------------------------------------------------------------------


def loaded(folder: Path) -> Guideline:
    guideline, unfit = lift(read(folder))
    assert guideline is not None, unfit
    return guideline


@pytest.fixture(scope="module")
def marker(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Guideline]:
    folder = tmp_path_factory.mktemp("marker") / "example-marker"
    new(folder)
    return folder, loaded(folder)


def test_a_verification_is_the_same_from_the_cache(
    tmp_path: Path, marker: tuple[Path, Guideline]
) -> None:
    from guidegraph.verify import verify

    folder, guideline = marker
    seen: list[Guideline] = []

    def counted(each: Guideline) -> object:
        seen.append(each)
        return verify(each)

    place = Cache(tmp_path)
    first = rooms.verified(Visible.of(guideline, str(folder)), place, counted)  # type: ignore[arg-type]
    again = rooms.verified(Visible.of(guideline, str(folder)), place, counted)  # type: ignore[arg-type]
    plain = verify(guideline)
    assert len(seen) == 1
    assert seen[0] is not guideline  # no check looked at more than it may
    assert repr(first) == repr(again) == repr(plain)


def report(*reasons: str) -> VerificationReport:
    """A report of nothing but obligations left open for these reasons."""
    open_ = Open(
        code="L401",
        subjects=(),
        reasons=reasons,
        robustness=Robustness(count=1, of=1, in_default=True),
    )
    return VerificationReport(readings=one_reading({}), held={}, open=(open_,) if reasons else ())


@pytest.mark.parametrize(("reason", "asked"), [("effort", 1), ("time", 2)])
def test_what_time_did_not_allow_is_asked_again(tmp_path: Path, reason: str, asked: int) -> None:
    ran = []

    def late(each: Guideline) -> VerificationReport:
        ran.append(each)
        return report(reason)

    for _ in range(2):
        assert rooms.verified(Visible.of(example.guideline(), ""), Cache(tmp_path), late) == report(
            reason
        )
    assert len(ran) == asked


def test_what_a_claim_says_is_no_part_of_a_verification(tmp_path: Path) -> None:
    guideline = example.guideline()
    content = SiteContent(guideline=guideline)
    place, ran = Cache(tmp_path), []

    def counted(each: Guideline) -> VerificationReport:
        ran.append(each)
        return report()

    def ask(each: Guideline) -> None:
        rooms.verified(Visible.of(each, ""), place, counted)

    ask(guideline)
    ask(reworded(content, "Another wording").guideline)
    assert len(ran) == 1
    found = claim(content)
    ask(edited(content, found.id, replace(found, observables=())).guideline)
    assert len(ran) == 2  # what it refers to
    advice = guideline.recommendations[0]
    ask(edited(content, advice.id, replace(advice, label=Text((("en", "Other"),)))).guideline)
    assert len(ran) == 3
    moved = replace(advice, at=Location("elsewhere.ttl", 9))
    ask(edited(content, advice.id, moved).guideline)
    assert len(ran) == 4
    ask(replace(guideline, codes={}))
    assert len(ran) == 5


def test_what_is_hidden_from_a_proof_is_not_there() -> None:
    seen = Visible.of(example.guideline(), "").guideline
    found = seen.all(EvidenceClaim)[0]
    assert found.id
    assert found.observables is not None
    with pytest.raises(AttributeError):
        _ = found.label


def test_a_check_that_looks_at_more_is_asked_of_the_whole(tmp_path: Path) -> None:
    guideline = example.guideline()

    def curious(each: Guideline) -> object:
        return str(each.all(EvidenceClaim)[0].label)

    for _ in range(2):
        told = rooms.verified(Visible.of(guideline, ""), Cache(tmp_path), curious)  # type: ignore[arg-type]
        assert told == str(guideline.all(EvidenceClaim)[0].label)
    assert not list(tmp_path.iterdir())


# --- values ---------------------------------------------------------------------------------------


def test_every_thing_comes_back_as_it_was() -> None:
    guideline = example.guideline()
    for each in (*guideline.entities.values(), *guideline.codes.values()):
        told = json.loads(json.dumps(values.to_json(each, "")))
        assert values.from_json(told, "") == each


def test_places_are_relative_to_the_folder() -> None:
    at = Location("some/where/a.ttl", 3, 4)
    told = values.to_json((at, Severity.NOTE), "some/where")
    assert values.from_json(told, "elsewhere") == (Location("elsewhere/a.ttl", 3, 4), Severity.NOTE)
    assert values.key(at, "some/where") == values.key(
        Location("elsewhere/a.ttl", 3, 4), "elsewhere"
    )


@pytest.mark.parametrize("file", ["a.ttl", "below/a.ttl", "../a.ttl", "/a.ttl", "./a.ttl"])
@pytest.mark.parametrize("folder", ["", ".", "some/where", "/some/where"])
def test_every_place_comes_back(file: str, folder: str) -> None:
    for each in (file, f"{folder}/{file}"):
        told = values.to_json(Location(each, 1), folder)
        assert values.from_json(told, folder) == Location(each, 1)


def test_the_current_folder_is_a_folder_too() -> None:
    here, there = Location("a.ttl", 1), Location("some/where/a.ttl", 1)
    assert values.key(here, ".") == values.key(there, "some/where")


def test_different_values_have_different_keys() -> None:
    from decimal import Decimal
    from fractions import Fraction

    different = [
        *(None, True, 1, "1", (1,), [1], {1: 1}, frozenset({1}), {1}, Decimal(1), Fraction(1)),
        *((), ((),), ((), ()), ("ab",), ("a", "b"), Decimal("1.0"), "None", {"is": "x"}),
    ]
    keys = {values.key((each,), "") for each in different}
    assert len(keys) == len(different)


def test_sets_have_one_order() -> None:
    code = (
        "from guidegraph.cache.values import to_json;"
        "print(to_json(frozenset(map(str, range(50))), ''))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"is": "os:system", "of": ["true"]},
        {"is": "guidegraph.build:build", "of": []},
        {"is": "guidegraph.cache.store:os", "of": []},
        {"is": "guidegraph.nowhere:Thing", "of": []},
        {"is": "guidegraph.diagnostic:Diagnostic", "of": []},
        {"is": "guidegraph.diagnostic:Location"},
        {"enum": "guidegraph.diagnostic:Severity", "value": "fatal"},
        {"enum": "builtins:exec", "value": "1"},
        {"ratio": "1/0"},
        {"decimal": "one"},
        {"other": 1},
        {"at": [1]},
        {},
    ],
)
def test_no_file_makes_anything_but_values(told: object) -> None:
    with pytest.raises(values.UnfitError):
        values.from_json(told, "")


def test_other_values_are_not_kept() -> None:
    with pytest.raises(values.UnfitError):
        values.to_json(object(), "")
    with pytest.raises(values.UnfitError):
        values.to_json(Path("a"), "")
