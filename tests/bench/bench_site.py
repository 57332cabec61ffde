"""How long pages take, beside plain mkdocs; what a rebuild takes; how heavy a page is; memory.

::

    python tests/bench/bench_site.py [--whole]

Prints CPU seconds. Generation is everything of ours: the values of the pages, their Markdown on
disk, and what scripts read; rendering is mkdocs alone over the same Markdown, with our theme. The
rebuild follows after one word of one claim. ``--whole`` adds the whole command, proofs included,
first and after that edit (minutes). It exits with 1 if a limit is broken.
"""

from __future__ import annotations

import gc
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))
SHIPPED = TESTS.parent / "guideline" / "covid19-coagulopathy"
MANY = 5_000
WEIGHT = 150_000
MEMORY = 1024
LOADED = re.compile(r'(?:href|src)="([^"#]+\.(?:css|js|svg))"')

broken: list[str] = []


def shown(label: str, found: float, unit: str, limit: float | None = None) -> None:
    """Prints a measurement, and whether it keeps its limit."""
    told = "" if limit is None else f"   (limit {limit:g})"
    if limit is not None and found >= limit:
        broken.append(label)
        told += "   BROKEN"
    print(f"{label:58} {found:9.2f} {unit}{told}", flush=True)


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of the work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def shipped_content() -> object:
    """All that the site of the shipped guideline shows, but for the proofs."""
    from guidegraph import build as building
    from guidegraph import cases, explain
    from guidegraph.audit import audit
    from guidegraph.export import EXPORTERS, ExportInput, gaps
    from guidegraph.lower import lower
    from guidegraph.pipeline import load
    from guidegraph.site.content import SiteContent

    loaded = load(SHIPPED)
    guideline = loaded.guideline
    assert guideline is not None
    program = lower(guideline)
    given = ExportInput(guideline=guideline, program=program, sources=loaded.sources)
    made = {each.name: list(each.export(given)) for each in EXPORTERS}
    files = [each for found in made.values() for each in found]
    return SiteContent(
        guideline=guideline,
        program=program,
        findings=loaded.findings,
        audit=audit(guideline),
        cases=cases.run_sources(guideline, loaded.sources),
        flowcharts=building._drawings(files, building.FLOWCHARTS),
        pictures=building._drawings(files, building.PICTURES),
        queries=tuple(building._answers(loaded.sources, lambda *step: None)),
        explanations=tuple(map(explain.explanation, explain.codes())),
        downloads=tuple(building._downloads(made)),
        gaps=tuple(gap for each in EXPORTERS for gap in gaps(each, given)),
        pages=building._own_pages(loaded.sources.root),
    )


def pages(place: Path) -> None:
    """Our part and that of mkdocs, then a rebuild, then the weight of a page."""
    from guidegraph.cache import Cache
    from guidegraph.model import EvidenceClaim
    from guidegraph.site import publish as publishing
    from guidegraph.site.build import build_site
    from guidegraph.site.content import SiteContent

    content = shipped_content()
    assert isinstance(content, SiteContent)
    render = publishing.publish
    spent = []

    def watched(*given: object) -> object:
        before = time.process_time()
        told = render(*given)  # type: ignore[arg-type]
        spent.append(time.process_time() - before)
        return told

    publishing.publish = watched  # type: ignore[assignment]
    whole = timed(lambda: build_site(content, place, None, Cache(place / "cache")))
    plain = timed(lambda: render(place / "mkdocs.yml", "2000-01-01", lambda: None, place / "plain"))
    shown("generation of ours", whole - spent[0], "s")
    shown("rendering by mkdocs, in the build", spent[0], "s")
    shown("rendering by mkdocs alone, once more", plain, "s")
    shown("generation / rendering", (whole - spent[0]) / spent[0], "", 1)

    guideline = content.guideline
    claim = guideline.all(EvidenceClaim)[0]
    words = tuple((tag, f"{said} (edited)") for tag, said in claim.label.words)
    edited = replace(claim, label=replace(claim.label, words=words))
    changed = replace(guideline, entities={**guideline.entities, claim.id: edited})
    told: list[str] = []
    again = timed(
        lambda: build_site(
            replace(content, guideline=changed),
            place,
            lambda label, done, total: told.append(label),
            Cache(place / "cache"),
        )
    )
    shown("pages rendered after one claim was edited", told.count("Rendering pages"), "pages")
    shown("site rebuilt / site built", again / whole, "", 0.2)
    shown("heaviest page of a recommendation", weight(place / "site") / 1000, "kB", WEIGHT / 1000)


def weight(site: Path) -> int:
    """Bytes of the heaviest page of a recommendation with all that it loads."""
    found = []
    for page in (site / "recommendations").glob("*.html"):
        text = page.read_text("utf-8")
        loaded = {(page.parent / each).resolve() for each in LOADED.findall(text)}
        files = [each for each in loaded if each.is_file()]
        found.append(page.stat().st_size + sum(each.stat().st_size for each in files))
    return max(found)


def memory() -> None:
    """In a process of its own: a site of very many things, and how much memory that took."""
    import site_example as example
    from guidegraph.model import EvidenceClaim
    from guidegraph.site.build import build_site

    content = example.content()
    guideline = content.guideline
    claim = guideline.all(EvidenceClaim)[0]
    more = {
        f"claim-{number}": replace(
            claim, id=f"claim-{number}", iri=f"{claim.iri}-{number}", notation=(f"X-{number}",)
        )
        for number in range(MANY - len(guideline.entities))
    }
    many = replace(guideline, entities={**guideline.entities, **more})
    with tempfile.TemporaryDirectory() as place:
        build_site(replace(content, guideline=many), Path(place))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def whole_command(place: Path) -> None:
    """The command as people use it, first and after one claim was edited."""
    folder = place / SHIPPED.name
    shutil.copytree(SHIPPED, folder)
    took = [command(folder, place / "build")]
    for file in sorted(folder.rglob("*.ttl")):
        text = file.read_text("utf-8")
        start = text.find("a gg:EvidenceClaim ;")
        if start >= 0 and (label := text.find('rdfs:label "', start)) >= 0:
            at = label + len('rdfs:label "')
            file.write_text(f"{text[:at]}Edited: {text[at:]}", "utf-8")
            break
    took.append(command(folder, place / "build"))
    shown("guidegraph build, first", took[0], "s")
    shown("guidegraph build, after one claim was edited", took[1], "s")
    shown("command again / command first", took[1] / took[0], "")


def command(folder: Path, output: Path) -> float:
    """CPU seconds of ``guidegraph build``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["-m", "guidegraph", "build", str(folder), "--output", str(output)]
    subprocess.run([sys.executable, *words], check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Everything, one after the other."""
    gc.set_threshold(200_000, 20, 100)  # as the command line has it
    if sys.argv[1:] == ["memory"]:
        memory()
        return
    with tempfile.TemporaryDirectory() as place:
        pages(Path(place) / "site")
        child = [sys.executable, __file__, "memory"]
        told = subprocess.run(child, check=True, capture_output=True, text=True).stdout
        shown(f"memory for {MANY:,} things", int(told.split()[-1]) / 1024, "MiB", MEMORY)
        if "--whole" in sys.argv:
            whole_command(Path(place))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
