"""Whole builds in a process of their own, so that nobody who edits waits for them."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from guidegraph.diagnostic import has_errors
from guidegraph.site.content import SiteContent

CACHE = "cache"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to: the content of the site, or why there is none."""

    content: SiteContent | None
    why: str = ""
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Which of the kinds of pages makes a page, by its address, where that was asked for."""


Step = Callable[[str, int, int], None]


def build_apart(
    folder: Path,
    output: Path,
    step: Step,
    done: Callable[[Built], None],
    *,
    with_kinds: bool = False,
) -> Thread:
    """Begin a build of ``folder`` into ``output``; ``done`` is called when it has ended.

    ``step`` is told what is being done, how far, and how far it goes. Both are called from the
    thread that is returned, which ends with the build.
    """
    apart = multiprocessing.get_context("spawn")
    ours, theirs = apart.Pipe(duplex=False)
    told = (folder, output, theirs, with_kinds)
    process = apart.Process(target=_build, args=told, daemon=True)

    def watch() -> None:
        process.start()
        theirs.close()
        found = Built(None, "The build ended early.")
        try:
            while isinstance(told := ours.recv(), tuple):
                step(*told)
            found = told
        except EOFError:
            pass
        process.join()
        done(found)

    thread = Thread(target=watch, name="guidegraph-build", daemon=True)
    thread.start()
    return thread


def _build(folder: Path, output: Path, tell: Connection, with_kinds: bool) -> None:
    """The build itself, in its own process."""
    try:
        built = _built(folder, output, lambda *told: tell.send(told))
        if with_kinds and built.content is not None:
            built = replace(built, kinds=_kinds(built.content))
        tell.send(built)
    except Exception as fault:
        traceback.print_exc()
        tell.send(Built(None, f"{type(fault).__name__}: {fault}"))


def _kinds(content: SiteContent) -> dict[str, int]:
    from guidegraph.site.pages import KINDS
    from guidegraph.site.view import view

    seen = view(content)
    return {page.path: number for number, kind in enumerate(KINDS) for page in kind(seen)}


def _built(folder: Path, output: Path, step: Step) -> Built:
    from guidegraph.build import build
    from guidegraph.cache import Cache, Files, Shapes
    from guidegraph.lower import lower
    from guidegraph.pipeline import Ways, load

    cache = Cache(output / CACHE)
    files = Files(cache)
    shapes = Shapes(cache, files)
    ways = Ways(files.recover, shapes.validated)
    loaded = load(folder, lambda label: step(label, 0, 0), ways=ways)
    if loaded.guideline is None or has_errors(loaded.findings):
        return Built(None, "The guideline has errors.")
    files.keep()
    shapes.keep()
    outcome = build(
        loaded, loaded.guideline, lower(loaded.guideline), output, step, None, None, cache
    )
    return Built(outcome.content)
