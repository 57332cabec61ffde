"""``guidegraph sources`` and ``build --quotes``: what is printed, written, and never written."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.scaffold import new
from guidegraph.site.content import QUOTES_NOTE

QUOTED = "repeating the marker within"
"""Words of the example report that are in none of our own sentences."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A guideline and, in another folder, the text of its source."""
    monkeypatch.chdir(tmp_path)
    new(tmp_path / "example-marker")
    (tmp_path / "texts").mkdir()
    shutil.move("example-marker/source-example.txt", "texts/EX.txt")
    return tmp_path


def run(*arguments: str, **kwargs):
    return CliRunner().invoke(cli, [*arguments], **kwargs)


def prepend(place, words: str) -> None:
    path = place / "texts" / "EX.txt"
    path.write_text(words + path.read_text("utf-8"), encoding="utf-8")


# --- verify ---------------------------------------------------------------------------------------


def test_a_sound_guideline_is_told_in_a_table(place):
    result = run("sources", "verify", "texts", "example-marker")
    assert result.exit_code == 0
    assert result.stderr == ""
    header, row = result.stdout.splitlines()
    assert header.split()[:4] == ["Document", "Text", "Passages", "Found"]
    assert row.split()[:4] == ["EX", "EX.txt", "6", "6"]


def test_repair_says_what_it_wrote_and_leaves_nothing_moved(place):
    prepend(place, "A preface.\n")
    assert run("sources", "verify", "texts", "example-marker").exit_code == 1
    result = run("sources", "verify", "texts", "example-marker", "--repair")
    assert "EX-P-1: wrote 152 to 299." in result.stdout
    assert "warning[P102]" not in result.stderr
    assert "warning[P105]" in result.stderr
    again = run("sources", "verify", "texts", "example-marker", "--format", "json")
    told = json.loads(again.stdout)
    assert [each["code"] for each in told["findings"]] == ["P105"]
    assert told["repaired"] == []
    assert told["documents"][0]["found"] == told["documents"][0]["passages"] == 6


def test_without_a_text_there_are_dashes_instead_of_zeros(place):
    (place / "texts" / "EX.txt").rename(place / "texts" / "notes.txt")
    (place / "texts" / "notes.txt").write_text("Something else.", encoding="utf-8")
    result = run("sources", "verify", "texts", "example-marker")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1].split() == ["EX", "missing", "6", "–", "–", "–", "–", "–"]
    assert "texts/notes.txt is the text of no document." in result.stdout
    told = json.loads(run("sources", "verify", "texts", "example-marker", "--format=json").stdout)
    assert told["documents"][0]["found"] is None
    assert told["unused"] == ["texts/notes.txt"]


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_machine_forms_are_those_of_every_finding(place, form):
    prepend(place, "A preface.\n")
    result = run("sources", "verify", "texts", "example-marker", "--format", form)
    assert result.exit_code == 1
    assert "P102" in result.stdout
    assert "Document" not in result.stdout.splitlines()[0]


def test_a_guideline_that_cannot_be_read_is_told(place):
    (place / "example-marker" / "sources.ttl").write_text("d:EX a", encoding="utf-8")
    result = run("sources", "verify", "texts", "example-marker")
    assert result.exit_code == 1
    assert "error[R" in result.stderr


# --- locate ---------------------------------------------------------------------------------------


def test_what_locate_prints_is_a_passage_that_verifies(place):
    words = "complications were seen\nin 12 of 40 patients"
    result = run("sources", "locate", "texts", "--document", "EX", "--name", "new",
                 "--guideline", "example-marker", input=words)  # fmt: skip
    assert result.exit_code == 0
    assert "complications" not in result.stdout
    sources = place / "example-marker" / "sources.ttl"
    sources.write_text(sources.read_text("utf-8") + "\n" + result.stdout, encoding="utf-8")
    told = json.loads(run("sources", "verify", "texts", "example-marker", "--format=json").stdout)
    assert told["documents"][0]["found"] == 7
    assert told["findings"] == []


def test_words_in_several_places_are_all_printed(place):
    result = run("sources", "locate", "texts", "Recommendation", "--document", "EX",
                 "--guideline", "example-marker")  # fmt: skip
    assert result.stdout.count("a gg:SourcePassage") == 4
    assert "4 places" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("never printed", "--document", "EX"), 1, "These words are not in"),
        (("words", "--document", "EXX"), 2, "Did you mean `EX`?"),
        (("words", "--document", "DOC-invented"), 2, "put it there as DOC-invented.txt"),
        ((" ", "--document", "EX"), 2, "Give the words"),
    ],
)
def test_what_cannot_be_located_is_told(place, arguments, code, told):
    result = run("sources", "locate", "texts", *arguments, "--guideline", "example-marker")
    assert result.exit_code == code
    assert told in " ".join(result.stderr.split())


# --- build --quotes -------------------------------------------------------------------------------


def files(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_quotes_are_on_the_pages_with_a_notice_and_nowhere_else(place):
    plain = run("build", "example-marker", "--output", "plain")
    quoted = run("build", "example-marker", "--output", "quoted", "--quotes", "texts")
    assert plain.exit_code == quoted.exit_code == 0
    before, after = files(place / "plain"), files(place / "quoted")
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    assert "manifest.json" in changed
    pages = {path for path in changed if path.startswith(("pages/", "site/"))}
    assert changed - pages == {"manifest.json", "cache/pages.json"}  # hashes of pages, no words
    assert pages
    assert not any("downloads/" in path for path in pages)
    told = {path for path in after if QUOTED.encode() in after[path]}
    assert told
    assert told <= {each for each in pages if each.endswith((".html", ".md"))}
    for path in told & {each for each in pages if each.endswith(".html")}:
        assert b"may not be passed on" in after[path]
    assert json.loads(after["manifest.json"])["quotes"] == {"passages": 6, "notice": QUOTES_NOTE}
    assert "quotes" not in json.loads(before["manifest.json"])


def test_only_passages_whose_hash_fits_are_quoted_and_a_later_build_removes_them(place):
    text = place / "texts" / "EX.txt"
    text.write_text(text.read_text("utf-8").replace("neither low", "not low"), encoding="utf-8")
    result = run("build", "example-marker", "--output", "out", "--quotes", "texts")
    assert "error[P101]" in result.stderr
    pages = b"".join(files(place / "out" / "pages").values())
    assert QUOTED.encode() in pages
    assert b"not low (" not in pages.replace(b"&#40;", b"(")
    assert b"not at hand" in pages
    run("build", "example-marker", "--output", "out")
    assert QUOTED.encode() not in b"".join(files(place / "out").values())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_quotes_are_not_written_into_a_repository(place):
    subprocess.run(["git", "init", "--quiet", str(place)], check=True)
    refused = run("build", "example-marker", "--output", "out", "--quotes", "texts")
    assert refused.exit_code == 2
    assert "git repository" in refused.stderr
    assert not (place / "out").exists()
    (place / ".gitignore").write_text("/out/\n", encoding="utf-8")
    allowed = run("build", "example-marker", "--output", "out", "--quotes", "texts")
    assert allowed.exit_code == 0
    listed = subprocess.run(
        ["git", "-C", str(place), "ls-files", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "out/" not in listed.stdout
