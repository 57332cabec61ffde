"""Tables of the sources, row by row: numbers by group, or how far features are present."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.model import (
    EvidenceClaim,
    FeatureRating,
    ReferenceInterval,
    SourceTable,
    StatisticalResult,
    StudyArm,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Line,
    Page,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    filled,
    sections,
    words,
)
from guidegraph.site.chapters import TABLES
from guidegraph.site.pages.audit import table_findings
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import note, passages, record
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined
from guidegraph.wording import plural, readable, unit_label

BETWEEN = " · "
IN_WORDS = "Described"
"""The rating of a cell that holds words instead of a sign."""


def tables(seen: View) -> Iterator[Page]:
    """The index of encoded tables and one page per table."""
    found = seen.guideline.all(SourceTable)
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                seen.wording.name(each.document),
                words(readable(len(_claims(seen, each))), style="figure"),
            )
        )
        for each in found
    )
    if found:
        yield index_page(
            seen,
            TABLES,
            "Tables of the sources, encoded cell by cell.",
            Section("", (Table("Tables", ("Table", "Printed in", "Rows"), rows),)),
        )
    for table in found:
        yield _page(seen, table)


def _claims(seen: View, table: SourceTable) -> list[EvidenceClaim]:
    return list(seen.links.of(EvidenceClaim, table.id, "dcterms:isPartOf"))


def _page(seen: View, table: SourceTable) -> Page:
    claims = _claims(seen, table)
    shown = _by_condition(seen, claims) if any(e.ratings for e in claims) else None
    if shown is None and _groups(seen, claims):
        shown = _by_group(seen, claims)
    return Page(
        path=page_path(table) or "",
        index=TABLES.index,
        title=str(table.label),
        eyebrow=words("Table"),
        heading=seen.wording.said(table.label),
        lead=words(f"{plural(len(claims), 'row')}. Figures as printed."),
        sections=sections(
            Section(
                "",
                (note(seen, table), facts(fact("Printed in", seen.wording.name(table.document)))),
            ),
            Section("Cells", (shown or _by_claim(seen, claims),), anchor="cells"),
            table_findings(seen, table),
            passages(seen, table),
            record(seen, table),
        ),
        structured=guideline_data(seen),
        style="wide lying",
    )


def _results(seen: View, claim: EvidenceClaim) -> list[StatisticalResult]:
    return [e for name in claim.results if (e := seen.guideline.get(name, StatisticalResult))]


def _groups(seen: View, claims: list[EvidenceClaim]) -> list[str]:
    """The groups that have columns of their own, in the order of the rows."""
    found = [
        result.arms[0] for c in claims for result in _results(seen, c) if len(result.arms) == 1
    ]
    return list(dict.fromkeys(found))


def _by_group(seen: View, claims: list[EvidenceClaim]) -> Table:
    """One column for each group; what belongs to several groups stands last."""
    groups = _groups(seen, claims)
    rows = []
    for claim in claims:
        cells: dict[str, list[Line]] = {name: [] for name in groups}
        rest: list[Line] = []
        for result in _results(seen, claim):
            told = words(result.reported_text, style="printed")
            if len(result.arms) == 1:
                cells[result.arms[0]].append(told)
            else:
                rest.append((Span("P\u00a0", style="quiet"), *told) if _is_only_p(result) else told)
        by_group = (joined(cells[name], BETWEEN) for name in groups)
        rows.append(
            Row(
                (
                    seen.wording.name(claim.id),
                    *by_group,
                    joined(rest, BETWEEN),
                    words(_unit(seen, claim)),
                    joined(list(_normal(seen, claim)), BETWEEN),
                )
            )
        )
    heads = (_head(seen, name) for name in groups)
    columns = ("Row", *heads, "Between groups", "Unit", "Normal range")
    return filled(Table("As printed", columns, tuple(rows), "cells"))


def _is_only_p(result: StatisticalResult) -> bool:
    return result.p_value is not None and result.value is None


def _head(seen: View, name: str) -> str:
    """A group and how many are in it."""
    arm = seen.guideline.get(name, StudyArm)
    size = f" (n\u00a0=\u00a0{readable(arm.sample_size)})" if arm and arm.sample_size else ""
    return _plain(seen.wording.name(name)) + size


def _unit(seen: View, claim: EvidenceClaim) -> str:
    """The unit that all numbers of a row share."""
    units = {unit_label(each.unit) for each in _results(seen, claim) if each.unit}
    return units.pop() if len(units) == 1 else ""


def _normal(seen: View, claim: EvidenceClaim) -> Iterator[Line]:
    """The normal ranges printed in the same place as a row."""
    for name in claim.observables:
        for each in seen.links.of(ReferenceInterval, name, "gg:observable"):
            if not set(each.passages).isdisjoint(claim.passages):
                yield words(each.reported_text, style="printed")


def _by_condition(seen: View, claims: list[EvidenceClaim]) -> Table:
    """One column for each condition."""
    ratings = {
        claim.id: [e for n in claim.ratings if (e := seen.guideline.get(n, FeatureRating))]
        for claim in claims
    }
    conditions = list(dict.fromkeys(e.rated_for for held in ratings.values() for e in held))
    rows = tuple(
        Row(
            (
                seen.wording.name(claim.id),
                *(
                    joined([_cell(seen, e) for e in ratings[claim.id] if e.rated_for == name])
                    for name in conditions
                ),
            )
        )
        for claim in claims
    )
    heads = tuple(_plain(seen.wording.name(name)) for name in conditions)
    return Table("As printed, and what it means", ("Feature", *heads), rows, "cells")


def _cell(seen: View, rating: FeatureRating) -> Line:
    """The printed sign and its meaning; what is said in words, in ours."""
    printed = words(rating.reported_text, style="printed")
    said = seen.wording.said(rating.note) if rating.rating == IN_WORDS else ()
    meaning = said or words(seen.guideline.words(rating.rating), style="quiet")
    return (*printed, Span(" "), *meaning) if printed else meaning


def _by_claim(seen: View, claims: list[EvidenceClaim]) -> Table:
    """Rows without common columns: what each states, and its figures."""
    rows = tuple(
        Row(
            (
                seen.wording.name(claim.id),
                seen.wording.said(claim.statement),
                joined(
                    [words(e.reported_text, style="printed") for e in _results(seen, claim)],
                    BETWEEN,
                ),
                joined([seen.wording.name(each) for each in claim.citations]),
            )
        )
        for claim in claims
    )
    return filled(Table("Rows in our words", ("Row", "Says", "Printed figures", "Cites"), rows))


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)
