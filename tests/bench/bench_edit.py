"""How long people who edit wait: for a look at a draft, for who gets something else, for a page.

Run it with the Python guidegraph is installed in: ``python tests/bench/bench_edit.py [TIMES]``. It
works on a copy of the shipped guideline, moves one limit and changes one word of one claim, and
says the best and the worst of so many times (5). The site is built once first, which takes minutes.
"""

from __future__ import annotations

import gc
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from guidegraph.edit.desk import Desk
from guidegraph.edit.live import Live
from guidegraph.serve import site as serving
from guidegraph.serve.site import Site

SHIPPED = Path(__file__).parents[2] / "guideline" / "covid19-coagulopathy"
R = TypeVar("R")
TOOK: dict[str, list[float]] = {}


def timed(label: str, work: Callable[[], R]) -> R:
    begun = time.perf_counter()
    found = work()
    TOOK.setdefault(label, []).append(time.perf_counter() - begun)
    return found


def drafts(folder: Path, times: int) -> None:
    """One limit of the advice is moved, again and again."""
    live = Live(folder)
    saved = timed("first look", live.look)
    timed("cases decided when the editor opens", lambda: live.plan(saved, saved))
    file = folder / "thresholds.ttl"
    text = file.read_text("utf-8")
    at = re.search(r"gg:value (1500|2000|1000)(?=[ .0]*;)", text)
    assert at is not None
    for moved in range(1, times + 1):
        draft = f"{text[: at.start(1)]}{int(at[1]) + moved}{text[at.end(1) :]}"
        looked = timed("look at a draft", lambda draft=draft: live.look({file.name: draft}))  # type: ignore[misc]
        for words, everywhere in (("default readings", False), ("all readings", True)):
            timed(
                f"who gets something else, {words}",
                lambda looked=looked, everywhere=everywhere: live.plan(  # type: ignore[misc]
                    saved, looked, everywhere=everywhere
                ),
            )


def pages(folder: Path, output: Path, times: int) -> None:
    """A word of a claim is saved by another program while somebody reads the page of the claim."""
    desk = Desk(folder, lambda: datetime.now(UTC))
    site = Site(desk, output)
    while site.is_building:
        time.sleep(1)
    time.sleep(3)  # the first page is read before something is saved
    serving.PATIENCE = 10_000
    file = folder / "evidence" / "claims-guo.ttl"
    for number in range(times):
        text = file.read_text("utf-8")
        block = text.index("a gg:EvidenceClaim ;")
        name = text.rindex("d:", 0, block)
        page = f"claims/{text[name + 2 : block].strip()}.html"
        label = text.index('rdfs:label "', block) + len('rdfs:label "')
        file.write_text(f"{text[:label]}{number} {text[label:]}", "utf-8")
        which = "a later" if number else "the first"
        found = timed(f"from {which} save to its page", lambda page=page: site.page(page))  # type: ignore[misc]
        assert found is not None
        assert found.is_alone
    site.close()
    desk.close()


def main() -> None:
    """Measure and tell."""
    gc.set_threshold(200_000, 20, 100)  # as the command line has it
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "guideline"
        shutil.copytree(SHIPPED, folder)
        pages(folder, Path(place) / "build", times)
        drafts(folder, times)
    for label, took in TOOK.items():
        print(f"{min(took):6.2f} to {max(took):6.2f} s  {label}")


if __name__ == "__main__":
    main()
