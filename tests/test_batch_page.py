"""The page "Decide for many patients at once" shows what its example prints."""

from __future__ import annotations

import contextlib
import io
import re

import pytest

from conftest import REPOSITORY

PAGE = (REPOSITORY / "site" / "batch.md").read_text("utf-8")


@pytest.mark.usefixtures("loaded_once")
def test_the_example_prints_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    ((code, shown),) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(REPOSITORY)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "batch.md", "exec"), {})
    assert printed.getvalue() == shown
