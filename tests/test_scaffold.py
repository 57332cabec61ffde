"""``guidegraph new``: what it writes is sound, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from guidegraph.cli.group import cli
from guidegraph.model import SourceDocument, SourcePassage
from guidegraph.pipeline import load
from guidegraph.scaffold import ScaffoldError, new

FILES = (
    "README.md",
    "cases.yaml",
    "criteria.ttl",
    "evidence.ttl",
    "guideline.ttl",
    "interpretation.ttl",
    "observables.ttl",
    "pathways.ttl",
    "patient.json",
    "queries/actions.rq",
    "recommendations.ttl",
    "source-example.txt",
    "sources.ttl",
    "thresholds.ttl",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "my-guideline"
    new(folder, 'Say "no" \\ or yes')
    return folder


@pytest.fixture(scope="module")
def loaded(folder):
    return load(folder)


def test_every_file_is_written_and_named(tmp_path):
    assert new(tmp_path / "fresh") == FILES
    written = [each for each in (tmp_path / "fresh").rglob("*") if each.is_file()]
    assert sorted(each.relative_to(tmp_path / "fresh").as_posix() for each in written) == sorted(
        FILES
    )


def test_new_guideline_has_no_findings(loaded):
    assert loaded.findings == ()


def test_folder_name_becomes_the_namespace_of_every_name(loaded):
    namespace = "https://example.org/guideline/my-guideline/"
    assert loaded.guideline.header.namespace == namespace
    assert {each.iri for each in loaded.guideline.entities.values()} == {
        namespace + each.id for each in loaded.guideline.entities.values()
    }


def test_title_survives_quotes_and_backslashes(loaded):
    assert str(loaded.guideline.header.title) == 'Say "no" \\ or yes'


def test_title_is_made_of_the_folder_name_and_leaves_the_marker_alone(tmp_path):
    new(tmp_path / "chest_pain-adults")
    guideline = load(tmp_path / "chest_pain-adults").guideline
    assert str(guideline.header.title) == "Chest pain adults"
    assert str(guideline["example-marker"].label) == "Example marker"


def test_same_name_gives_the_same_bytes(tmp_path):
    new(tmp_path / "a" / "same")
    new(tmp_path / "b" / "same")
    for name in FILES:
        first = (tmp_path / "a" / "same" / name).read_bytes()
        assert first == (tmp_path / "b" / "same" / name).read_bytes()


def test_passages_stand_where_they_are_said_to_stand(folder, loaded):
    text = (folder / "source-example.txt").read_text(encoding="utf-8")
    document = loaded.guideline.one("EX", SourceDocument)
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    passages = loaded.guideline.all(SourcePassage)
    assert len(passages) == 6
    for passage in passages:
        (selector,) = passage.selectors
        words = text[selector.start : selector.end]
        plain = unicodedata.normalize("NFC", re.sub(r"[\s\-\u00ad\u2010\u2011]", "", words))
        assert selector.sha256 == hashlib.sha256(plain.encode()).hexdigest()
        assert all(figure in " ".join(words.split()) for figure in passage.reported_texts)


def test_content_says_that_it_is_no_medical_advice(folder):
    for name in ("README.md", "guideline.ttl", "source-example.txt"):
        assert "no medical advice" in (folder / name).read_text(encoding="utf-8")


def test_cases_come_out_as_expected_and_cover_everything(folder):
    result = CliRunner().invoke(cli, ["test", str(folder)])
    assert result.exit_code == 0, result.stdout + result.stderr
    assert "note[" not in result.stderr


def test_cases_stand_on_both_sides_of_each_limit(folder):
    cases = yaml.safe_load((folder / "cases.yaml").read_text(encoding="utf-8"))["cases"]
    assert {"low", "between-from-below", "between-to-above", "high-at-limit"} <= {
        each["id"] for each in cases
    }


def test_example_patient_is_decided(folder):
    patient = folder / "patient.json"
    result = CliRunner().invoke(cli, ["decide", str(patient), str(folder), "--format", "json"])
    assert result.exit_code == 0, result.stderr
    told = {each["id"]: each["status"] for each in json.loads(result.stdout)["recommendations"]}
    assert told == {
        "REC-1": "applies",
        "REC-2": "provisional",
        "REC-3": "notApplicable",
        "REC-4": "notApplicable",
    }


def test_readme_names_every_file(folder):
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for name in FILES[1:]:
        assert f"`{name.partition('/')[0]}" in readme or name == "source-example.txt"


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("My guideline", "my-guideline"),
        ("Äpfel & Birnen", "apfel-birnen"),
        ("2026", "my-guideline"),
        ("-x", "x"),
        ("a" * 64, "a" * 63),
    ],
)
def test_unusable_name_is_refused_with_a_better_one(tmp_path, name, better):
    with pytest.raises(ScaffoldError) as refused:
        new(tmp_path / name)
    assert f"`{better}`" in refused.value.advice
    assert not (tmp_path / name).exists()


def test_occupied_folder_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    for number in range(7):
        (tmp_path / "mine" / f"{number}.ttl").write_text("mine")
    with pytest.raises(ScaffoldError, match=r"holds 0\.ttl, 1\.ttl, 2\.ttl, 3\.ttl, 4\.ttl …"):
        new(tmp_path / "mine")
    assert len(list((tmp_path / "mine").iterdir())) == 7


def test_empty_folder_is_welcome(tmp_path):
    (tmp_path / "empty").mkdir()
    assert new(tmp_path / "empty") == FILES


def test_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(ScaffoldError, match="is a file"):
        new(tmp_path / "taken")
    with pytest.raises(ScaffoldError, match="cannot be written to"):
        new(tmp_path / "taken" / "below")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "bell\a"])
def test_unusable_title_is_refused(tmp_path, title):
    with pytest.raises(ScaffoldError, match="title"):
        new(tmp_path / "fresh", title)


def test_command_says_what_it_wrote_and_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["new", "fresh"])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Wrote 14 files to fresh" in result.stderr
    assert "guidegraph build fresh" in result.stderr


def test_command_refuses_with_a_usage_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["new", "not possible"])
    assert result.exit_code == 2
    assert "`not-possible`" in result.stderr
