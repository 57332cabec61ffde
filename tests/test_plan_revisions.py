"""An earlier state: a git revision, a release or a folder, without touching the checkout."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from guidegraph.errors import UsageError
from guidegraph.plan.revisions import revision
from guidegraph.scaffold import new as new_guideline


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def folder(tmp_path) -> Path:
    """A guideline in a repository: committed, tagged, changed and not committed."""
    place = tmp_path / "work"
    inside = place / "guideline" / "example"
    inside.parent.mkdir(parents=True)
    new_guideline(inside)
    git(place, "init", "-q", "-b", "main")
    git(place, "add", ".")
    git(place, "commit", "-q", "-m", "First")
    git(place, "tag", "v1.0.0")
    (inside / "guideline.ttl").write_text("changed", encoding="utf-8")
    git(place, "add", "guideline/example/guideline.ttl")
    (inside / "guideline.ttl").write_text("changed again", encoding="utf-8")
    return inside


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


@pytest.mark.parametrize("name", ["HEAD", "main", "v1.0.0"])
def test_a_git_revision_is_what_was_committed(folder, name, tmp_path):
    before = files(tmp_path / "work")
    status = git(folder, "status", "--porcelain")
    new_guideline(tmp_path / "example")
    with revision(name, folder) as earlier:
        assert files(earlier) == files(tmp_path / "example")
        kept = earlier
    assert not kept.exists()
    assert git(folder, "status", "--porcelain") == status
    assert files(tmp_path / "work") == before


def code_of(spec: str, folder: Path) -> str:
    with pytest.raises(UsageError) as refused, revision(spec, folder):
        pass
    (finding,) = refused.value.findings
    return finding.code


def test_a_revision_that_is_nearly_right_is_suggested(folder):
    with pytest.raises(UsageError) as refused, revision("v1.0", folder):
        pass
    assert refused.value.findings[0].help == "Did you mean `v1.0.0`?"


@pytest.mark.parametrize("spec", ["--output=stolen", "HEAD:guideline", "", "HEAD^{tree}"])
def test_what_is_no_commit_is_refused(folder, spec):
    assert code_of(spec, folder) == "D101"
    assert not Path("stolen").exists()


def test_a_folder_that_git_does_not_know(folder, tmp_path):
    other = tmp_path / "work" / "guideline" / "other"
    new_guideline(other)
    assert code_of("HEAD", other) == "D103"
    new_guideline(tmp_path / "outside")
    assert code_of("HEAD", tmp_path / "outside") == "D102"


def test_without_git_a_folder_still_serves(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    assert code_of("HEAD", folder) == "D102"
    with revision(str(folder), tmp_path) as same:
        assert same == folder


def archive(path: Path, names: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as written:
        for name, text in names.items():
            written.writestr(name, text)
    return path


@pytest.mark.parametrize("inside", ["guideline/", "example-1.0.0/guideline/", "guideline/example/"])
def test_a_release_is_unpacked(tmp_path, inside):
    names = {f"{inside}guideline.ttl": "a", f"{inside}evidence/more.ttl": "b", "release.json": "{}"}
    release = archive(tmp_path / "r.zip", names)
    with revision(str(release), tmp_path) as earlier:
        assert files(earlier) == {"guideline.ttl": b"a", "evidence/more.ttl": b"b"}


@pytest.mark.parametrize(
    "names",
    [
        {"guideline/../../out.ttl": "a", "guideline/a.ttl": "a"},
        {"/guideline/a.ttl": "a"},
        {"guideline/one/a.ttl": "a", "guideline/two/a.ttl": "a"},
        {"other/a.ttl": "a"},
    ],
)
def test_a_release_that_leads_out_or_holds_no_single_guideline_is_refused(tmp_path, names):
    assert code_of(str(archive(tmp_path / "r.zip", names)), tmp_path) == "D105"
    assert not (tmp_path.parent / "out.ttl").exists()


def test_a_link_in_a_release_is_refused(tmp_path):
    link = zipfile.ZipInfo("guideline/link.ttl")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as written:
        written.writestr("guideline/a.ttl", "a")
        written.writestr(link, "elsewhere")
    assert code_of(str(tmp_path / "r.zip"), tmp_path) == "D105"
