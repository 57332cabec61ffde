"""What the pages about the editor, the workbook and the text show is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import REPOSITORY
from guidegraph.cli.group import cli
from guidegraph.scaffold import new

PAGES = REPOSITORY / "site"
PICTURE = re.compile(r"!\[([^\]]*)\]\((pictures/[^)]*)\)")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small guideline, in canonical form, as ``my-guideline``."""
    monkeypatch.chdir(tmp_path)
    new(Path("my-guideline"))
    assert CliRunner().invoke(cli, ["fmt", "my-guideline"]).exit_code == 0
    return Path("my-guideline")


def block(page: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", text(page), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def text(page: str) -> str:
    return (PAGES / page).read_text("utf-8")


def test_the_recommendation_that_is_explained_is_in_the_file(folder: Path) -> None:
    assert block("text.md", "turtle") in (folder / "recommendations.ttl").read_text("utf-8")


def test_the_slip_that_is_shown_is_told_so(folder: Path) -> None:
    file = folder / "recommendations.ttl"
    file.write_text(file.read_text("utf-8").replace("code:For ", "code:Fro ", 1), "utf-8")
    told = CliRunner().invoke(cli, ["check", "my-guideline"])
    assert block("text.md", "text") in told.output


def test_the_sheet_that_is_shown_is_that_of_the_export(folder: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra `edit` is not installed")
    done = CliRunner().invoke(cli, ["sheet", "export", "my-guideline", "-o", "book.xlsx"])
    assert done.exit_code == 0
    sheet = openpyxl.load_workbook("book.xlsx")["Thresholds"]
    rows = [row[2:8] for row in sheet.iter_rows(min_row=3, values_only=True)]
    shown = [f"| {' | '.join(each or '' for each in row)} |" for row in rows]
    lines = [re.sub(r" +", " ", line) for line in shown]
    assert "\n".join([lines[0], f"|{'---|' * 6}", *lines[1:]]) in text("spreadsheets.md")


def test_every_picture_is_shown_with_words_and_is_small() -> None:
    pages = [each.read_text("utf-8") for each in PAGES.glob("*.md")]
    told = [each for page in pages for each in PICTURE.findall(page)]
    shown = {path: words for words, path in told if path != "pictures/name.png"}
    assert set(shown) == {f"pictures/{each.name}" for each in PAGES.glob("pictures/*.png")}
    assert all(len(words) > 40 for words in shown.values())
    sizes = {path: (PAGES / path).stat().st_size for path in shown}
    assert {path: size for path, size in sizes.items() if size > 200_000} == {}


def test_the_words_of_the_bar_are_explained() -> None:
    script = (REPOSITORY / "toolkit/guidegraph/serve/assets/live.js").read_text("utf-8")
    words = re.findall(r'"(As saved[^"]*?|The server has ended\.) *"', script)
    assert len(words) == 3
    for each in words:
        assert f"| {each} |" in text("serving.md")
