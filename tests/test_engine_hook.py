"""The build puts the query engine in where it can, and refuses what it does not know."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conftest import REPOSITORY
from guidegraph.site import engine

pytest.importorskip("hatchling", reason="hatchling is not installed")
FILES = {"package.json": b"{}", "web.js": b"export class Store {}", "web_bg.wasm": b"\0asm"}


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "hatch_build", REPOSITORY / "toolkit" / "hatch_build.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(folder: Path, files: dict[str, bytes]) -> Path:
    """A package as npm makes it."""
    archive = folder / "oxigraph-1.0.0.tgz"
    with tarfile.open(archive, "w:gz") as held:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            held.addfile(member, io.BytesIO(content))
    return archive


@pytest.fixture
def checkout(tmp_path: Path, hook: ModuleType) -> Path:
    """A checkout that expects ``FILES``."""
    archive = package(tmp_path, FILES)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    pinned = {
        "package": "oxigraph",
        "version": "1.0.0",
        "integrity": f"sha512-{digest}",
        "files": {name: hashlib.sha256(each).hexdigest() for name, each in FILES.items()},
    }
    root = tmp_path / "checkout"
    (root / hook.SITE).mkdir(parents=True)
    (root / hook.SITE / "oxigraph.json").write_text(json.dumps(pinned))
    return root


class Told:
    """What the hook says to whoever builds."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def display_warning(self, words: str) -> None:
        self.warnings.append(words)


def build(hook: ModuleType, root: Path, version: str = "standard") -> tuple[Any, list[str]]:
    made = hook.CustomBuildHook(str(root), {}, None, None, str(root), "wheel")
    told = Told()
    type(made).app = property(lambda _: told)
    data: dict[str, Any] = {}
    made.initialize(version, data)
    return data.get("force_include", {}), told.warnings


@pytest.fixture
def npm(hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An npm that hands over the package of this folder."""
    monkeypatch.setattr(hook, "fetch", lambda pinned, folder: tmp_path / "oxigraph-1.0.0.tgz")
    return tmp_path


def test_the_engine_comes_into_the_wheel_and_stays_for_the_next(
    hook: ModuleType, checkout: Path, npm: Path
):
    files, warnings = build(hook, checkout)
    assert sorted(Path(each).name for each in files) == ["package.json", "web.js", "web_bg.wasm"]
    assert files[str(checkout / hook.SITE / "engine" / "web.js")] == "guidegraph/site/engine/web.js"
    assert not warnings
    (npm / "oxigraph-1.0.0.tgz").unlink()
    assert build(hook, checkout) == (files, [])


def test_an_editable_install_finds_it_in_the_checkout(hook: ModuleType, checkout: Path, npm: Path):
    assert build(hook, checkout, "editable") == ({}, [])
    assert (checkout / hook.SITE / "engine" / "web_bg.wasm").read_bytes() == b"\0asm"


def test_a_package_with_another_hash_is_refused(hook: ModuleType, checkout: Path, npm: Path):
    package(npm, {**FILES, "web.js": b"fetch('http://evil')"})
    files, (warning,) = build(hook, checkout)
    assert files == {}
    assert "has the hash" in warning
    assert not (checkout / hook.SITE / "engine").exists()


def test_a_file_with_another_hash_is_refused(hook: ModuleType, checkout: Path, npm: Path):
    place = checkout / hook.SITE / "oxigraph.json"
    pinned = json.loads(place.read_text())
    pinned["files"]["web.js"] = "0" * 64
    place.write_text(json.dumps(pinned))
    assert "web.js in the package" in build(hook, checkout)[1][0]
    pinned["files"] = {"absent.js": "0" * 64}
    place.write_text(json.dumps(pinned))
    assert "absent.js in the package" in build(hook, checkout)[1][0]


def test_what_was_changed_in_the_checkout_is_not_built_in(
    hook: ModuleType, checkout: Path, npm: Path
):
    build(hook, checkout)
    changed = checkout / hook.SITE / "engine" / "web.js"
    changed.write_text("something else")
    build(hook, checkout)
    assert changed.read_bytes() == FILES["web.js"]


def test_without_npm_the_build_goes_on(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "")
    files, (warning,) = build(hook, checkout)
    assert files == {}
    assert "npm is not installed" in warning


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'npm error code ENOTFOUND' >&2; exit 1", "ENOTFOUND"),
        ("exit 0", "no reason given"),
        ("exec /bin/sleep 30", "no answer after"),
    ],
)
def test_without_the_network_the_build_goes_on(
    hook: ModuleType,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    script: str,
    words: str,
):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (tools / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(hook, "SECONDS", 1)
    files, (warning,) = build(hook, checkout)
    assert files == {}
    assert words in warning


def test_it_can_be_left_out_on_purpose(
    hook: ModuleType, checkout: Path, npm: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(hook.SKIP, "1")
    assert hook.SKIP in build(hook, checkout)[1][0]


def test_everyone_means_the_same_version():
    pinned = json.loads(engine.PINNED.read_text("utf-8"))
    runners = REPOSITORY / "toolkit" / "guidegraph" / "agree" / "runners" / "package.json"
    assert json.loads(runners.read_text("utf-8"))["dependencies"]["oxigraph"] == pinned["version"]
    assert {engine.MODULE, engine.PROGRAM} <= set(pinned["files"])
