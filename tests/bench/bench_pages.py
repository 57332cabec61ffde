"""How a site grows: so many pages, beside Python-Markdown alone, and what a page carries around it.

::

    python tests/bench/bench_pages.py [SMALL LARGE]

Builds sites of a made-up guideline with about so many pages (500 and 5,000), each in a process of
its own, then converts the same Markdown files with Python-Markdown alone, with the same extensions.
Prints CPU seconds, ratios, the growth from small to large, and the chrome: what a page weighs
without the words that stand on it. Exits with 1 if a limit is broken.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

MARKDOWN = 2.5
GROWTH = 12
CHROME = 25_000
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
ARTICLE = re.compile(r"<main\b.*?</main>", re.DOTALL)


def measure(count: int) -> dict[str, float]:
    """In a process of its own: CPU seconds of the site and of Markdown alone, and the chrome."""
    import markdown

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
        for number in range(count)
    }
    many = replace(guideline, entities={**guideline.entities, **more})
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        before = time.process_time()
        build_site(replace(content, guideline=many), place)
        ours = time.process_time() - before
        sources = sorted(place.rglob("*.md"))
        texts = [FRONT.sub("", each.read_text("utf-8")) for each in sources]
        before = time.process_time()
        for text in texts:
            markdown.Markdown(extensions=["toc", "tables", "fenced_code", "attr_list"]).convert(
                text
            )
        alone = time.process_time() - before
        pages = [each.read_text("utf-8") for each in (place / "site").rglob("claims/*.html")]
        chrome = [len(ARTICLE.sub("", each).encode()) for each in pages]
    return {
        "pages": len(texts),
        "ours": ours,
        "alone": alone,
        "chrome": max(chrome),
        "usual": statistics.median(chrome),
    }


def main() -> None:
    """Small and large, and the ratios."""
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    counts = [int(each) for each in sys.argv[1:3]] or [500, 5_000]
    found = []
    for count in counts:
        child = [sys.executable, __file__, "measure", str(count)]
        told = subprocess.run(child, check=True, capture_output=True, text=True).stdout
        one = json.loads(told.splitlines()[-1])
        found.append(one)
        ratio = one["ours"] / one["alone"]
        print(f"{one['pages']:6} pages: {one['ours']:7.1f} s the site", flush=True)
        print(f"{'':14}{one['alone']:7.1f} s Markdown alone, {ratio:.2f} times as long", flush=True)
        kilobytes = one["usual"] / 1000, one["chrome"] / 1000
        print("{:14}{:7.1f} kB of chrome, at most {:.1f} kB".format("", *kilobytes), flush=True)
    growth = found[-1]["ours"] / found[0]["ours"]
    more = found[-1]["pages"] / found[0]["pages"]
    print(f"{more:.1f} times the pages take {growth:.1f} times as long (limit {GROWTH})")
    last = found[-1]
    is_kept = (
        last["ours"] <= MARKDOWN * last["alone"] and growth <= GROWTH and last["chrome"] <= CHROME
    )
    sys.exit(0 if is_kept else 1)


if __name__ == "__main__":
    main()
