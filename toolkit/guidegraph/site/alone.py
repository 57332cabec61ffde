"""The verification as files of its own: a page that needs no other file, JSON and SARIF."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from guidegraph.export import Artifact
from guidegraph.model import Guideline
from guidegraph.report import render
from guidegraph.site.addresses import Addresses
from guidegraph.site.blocks import Cards, Line, Page, Prose, Section, sections, words
from guidegraph.site.build import THEME
from guidegraph.site.chapters import VERIFICATION
from guidegraph.site.content import SiteContent
from guidegraph.site.links import Links
from guidegraph.site.pages import proofs
from guidegraph.site.pages.front import dates
from guidegraph.site.render import Renderer
from guidegraph.site.view import View
from guidegraph.site.words import Wording

if TYPE_CHECKING:  # the solver may be missing where a site is built
    from guidegraph.verify import VerificationReport
    from guidegraph.verify.drawn import Picture

FOLDER = "verification"
"""The folder below that of the build."""


class _Nowhere(Addresses):
    """No thing has a place beside a page that stands alone."""

    def of(self, name: str | None) -> str | None:
        """None: nothing can be linked."""
        return None


def verification(
    guideline: Guideline, report: VerificationReport, bands: tuple[Picture, ...], folder: str = ""
) -> Iterator[Artifact]:
    """``verification/``: ``index.html``, ``verification.json`` and ``verification.sarif``.

    Files are named as seen from the guideline's ``folder``: the same on every machine.
    """
    from guidegraph.verify.shortfalls import shortfalls
    from guidegraph.verify.told import as_data

    near = (replace(each, diagnostic=each.diagnostic.seen_from(folder)) for each in report.findings)
    report = replace(report, findings=tuple(near))
    found = [each.diagnostic for each in report.open_findings]
    found += (each.seen_from(folder) for each in shortfalls(guideline, report))
    data = json.dumps(as_data(guideline, report), indent=2, ensure_ascii=False) + "\n"
    yield Artifact(f"{FOLDER}/index.html", _page(guideline, report, bands))
    yield Artifact(f"{FOLDER}/verification.json", data)
    yield Artifact(f"{FOLDER}/verification.sarif", render(found, "sarif"))


def _page(guideline: Guideline, report: VerificationReport, bands: tuple[Picture, ...]) -> str:
    from guidegraph.verify.told import counted, examined

    content = SiteContent(guideline=guideline, verification=report, bands=bands)
    nowhere = _Nowhere(guideline)
    seen = View(content, guideline, nowhere, Links(guideline), Wording(guideline, nowhere))
    partial = " The result is partial." if report.is_partial else ""
    page = Page(
        path=VERIFICATION.index,
        title=f"Verification: {guideline.header.label}",
        index=VERIFICATION.index,
        lead=words(
            f"{counted(report)}. Looked at {examined(report)}, all patients.{partial} Generated "
            "from the guideline; what is shown here is proved, not sampled."
        ),
        sections=sections(
            Section("", (Cards(tuple(proofs.cards(seen))),)),
            *proofs.sections(seen),
            None
            if report.findings
            else Section("", (Prose((words("No patient shows a fault."),), "good"),)),
        ),
        style="wide",
    )
    style = (THEME / "assets" / "site.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Renderer().alone(
        page,
        name=str(guideline.header.label),
        version=guideline.header.version,
        intended_use=str(guideline.header.intended_use),
        status=guideline.words(guideline.header.status).capitalize(),
        dates=_dates(seen),
        style=style,
        digest=digest,
    )


def _dates(seen: View) -> str:
    """Version and dates in one line, and how old the evidence is."""
    told = (f"{each.name.lower()} {_words(each.lines)}" for each in dates(seen).facts)
    return " · ".join((str(seen.guideline.header.label), *told))


def _words(lines: tuple[Line, ...]) -> str:
    return ", ".join("".join(each.text for each in line) for line in lines)
