"""Studies: design, groups of patients, methods of measurement, and what is claimed from them."""

from __future__ import annotations

from collections.abc import Iterator

from guidegraph.entity import Entity
from guidegraph.model import (
    Assay,
    EvidenceClaim,
    EvidenceRelation,
    SourceDocument,
    Study,
    StudyArm,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Block,
    Fact,
    Line,
    Page,
    Prose,
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
from guidegraph.site.chapters import STUDIES
from guidegraph.site.pages.appraisal import judgements
from guidegraph.site.pages.audit import findings
from guidegraph.site.pages.claims import claim_table
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import faults, note, passages, record
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, status
from guidegraph.wording import readable


def studies(seen: View) -> Iterator[Page]:
    """The index of studies and one page per study."""
    found = seen.guideline.all(Study)
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(seen.guideline.words(each.design)),
                words(readable(each.sample_size) if each.sample_size else "", style="figure"),
            )
        )
        for each in found
    )
    if found:
        yield index_page(
            seen,
            STUDIES,
            "Studies and data sets, apart from the papers on them.",
            Section("", (Table("Studies", ("Study", "Design", "Patients"), rows),)),
        )
    for study in found:
        yield Page(
            path=page_path(study) or "",
            index=STUDIES.index,
            title=str(study.label),
            eyebrow=words("Study"),
            heading=seen.wording.said(study.label),
            badges=status(seen, study),
            sections=sections(
                Section("", (note(seen, study), facts(*_study_facts(seen, study)))),
                _arms(seen, study),
                _assays(seen, study),
                judgements(seen, study),
                findings(seen, study.id),
                _claims(seen, study),
                _bearing(seen, study),
                faults(seen, study, *(each.id for each in _parts(seen, study))),
                passages(seen, study),
                record(seen, study),
            ),
            structured=guideline_data(seen),
        )


def _study_facts(seen: View, study: Study) -> tuple[Fact, ...]:
    size = readable(study.sample_size) if study.sample_size else ""
    return (
        fact("Design", words(seen.guideline.words(study.design))),
        fact("Patients", words(size)),
        fact("Population", seen.wording.name(study.population)),
        fact("Setting", seen.wording.said(study.setting)),
        fact("Reported in", *(_report(seen, each) for each in study.reported_in)),
    )


def _report(seen: View, name: str) -> Line:
    """A paper, and what became of it since it was published."""
    paper = seen.guideline.get(name, SourceDocument)
    state = seen.guideline.words(paper.publication_status) if paper else ""
    return (*seen.wording.name(name), *((Span(f" ({state})", style="quiet"),) if state else ()))


def _parts(seen: View, study: Study) -> tuple[Entity, ...]:
    """The groups of a study and its methods of measurement."""
    return (
        *seen.links.of(StudyArm, study.id, "gg:armOf"),
        *seen.links.of(Assay, study.id, "gg:aboutStudy"),
    )


def _bearing(seen: View, study: Study) -> Section:
    """What the claims from a study were judged to bear on, apart from each other."""
    rows = []
    for claim in seen.links.of(EvidenceClaim, study.id, "gg:aboutStudy"):
        for each in seen.links.of(EvidenceRelation, claim.id, "gg:evidence"):
            if seen.guideline.get(each.target, EvidenceClaim) is None:
                kind = words(seen.guideline.words(each.relation_type), style="tag")
                target = seen.wording.name(each.target)
                rows.append(Row((target, kind, seen.wording.name(claim.id))))
    columns = ("Bears on", "How", "By the claim")
    table = Table("What this study bears on", columns, tuple(rows), "advice")
    return Section("What it bears on", (table,), anchor="bears-on")


def _arms(seen: View, study: Study) -> Section:
    """The groups of a study."""
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label),
                words(readable(each.sample_size) if each.sample_size else "", style="figure"),
                seen.wording.said(each.note),
            ),
            anchor=slug(each.id),
        )
        for each in seen.links.of(StudyArm, study.id, "gg:armOf")
    )
    table = filled(Table("Groups of this study", ("Group", "Patients", "Note"), rows))
    return Section("Groups", (table,), anchor="groups")


def _assays(seen: View, study: Study) -> Section:
    """How things were measured in a study."""
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label),
                joined([seen.wording.name(name) for name in each.observables]),
                words(each.platform),
                words(seen.guideline.words(each.calibration)),
            ),
            anchor=slug(each.id),
        )
        for each in seen.links.of(Assay, study.id, "gg:aboutStudy")
    )
    columns = ("Method", "Measures", "Platform", "Calibration")
    table = filled(Table("Methods of measurement", columns, rows))
    return Section("Measured by", (table,), anchor="assays")


def _claims(seen: View, study: Study) -> Section:
    """What is claimed from a study, kind by kind."""
    groups: dict[str, list[EvidenceClaim]] = {}
    for each in seen.links.of(EvidenceClaim, study.id, "gg:aboutStudy"):
        groups.setdefault(seen.guideline.words(each.claim_type), []).append(each)
    blocks: list[Block] = []
    for kind, found in groups.items():
        blocks.append(Prose((words(kind[:1].upper() + kind[1:], style="strong"),)))
        blocks.append(claim_table(seen, kind or "Claims", found, is_study_named=False))
    return Section("Claims", tuple(blocks), anchor="claims")
