"""Reference pages: observables, actions, populations, definitions, criteria, concepts, codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from guidegraph.criteria import Criterion
from guidegraph.entity import Entity
from guidegraph.model import (
    Action,
    Anchor,
    ClinicalDefinition,
    CodedValue,
    CodeTerm,
    Concept,
    ImagingAction,
    LaboratoryTestAction,
    MedicationAction,
    Observable,
    Population,
    TimeWindow,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Fact,
    Facts,
    Items,
    Line,
    Page,
    Row,
    Section,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import (
    ACTIONS,
    CONCEPTS,
    CRITERIA,
    DEFINITIONS,
    OBSERVABLES,
    POPULATIONS,
    VOCABULARY,
    Chapter,
)
from guidegraph.site.figures import figure
from guidegraph.site.pages.drawn import level, normal
from guidegraph.site.pages.evidence import relations
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import (
    brought_in,
    faults,
    kind_name,
    matches,
    note,
    passages,
    record,
    resting,
    used_by,
)
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, numbered, outside, status
from guidegraph.wording import readable, unit_label

Shown = Callable[[View, Entity], tuple[Section, ...]]


def observables(seen: View) -> Iterator[Page]:
    """What can be observed, measured or asked, grouped by kind."""
    found = seen.guideline.all(Observable)
    groups: dict[str, list[Observable]] = {}
    for each in found:
        groups.setdefault(kind_name(each).capitalize(), []).append(each)
    parts = [
        Section(title, (_observable_table(seen, title, group),))
        for title, group in sorted(groups.items())
    ]
    lead = "What can be observed, measured or asked. Where no form is given, no decision uses it."
    yield from _chapter(seen, OBSERVABLES, lead, tuple(parts), found, _observable)


def _observable_table(seen: View, title: str, group: list[Observable]) -> Table:
    """Observables of one kind; with units, if they have any."""
    has_units = any(each.canonical_unit for each in group)
    columns = ("Observable", "Name in patient files", "Form", *(("Unit",) if has_units else ()))
    return Table(title, columns, tuple(_observable_row(seen, e, has_units) for e in group))


def _observable_row(seen: View, each: Observable, has_units: bool) -> Row:
    form = seen.guideline.words(each.value_kind) if each.value_kind else ""
    name = words(each.id, style="code") if each.value_kind else ()
    unit = words(unit_label(each.canonical_unit), style="figure")
    return Row(
        (
            (*seen.wording.name(each.id), *outside(each)),
            name,
            words(form, style="figure"),
            *((unit,) if has_units else ()),
        )
    )


def _observable(seen: View, thing: Entity) -> tuple[Section, ...]:
    if not isinstance(thing, Observable):
        return ()
    found = (
        Section("", (facts(*_observable_facts(seen, thing)),)),
        level(seen, thing),
        normal(seen, thing),
        resting(seen, thing),
    )
    return tuple(each for each in found if each is not None)


def _observable_facts(seen: View, thing: Observable) -> tuple[Fact, ...]:
    of_code = seen.guideline.words
    plausible = figure(thing.plausible_range) if thing.plausible_range else ""
    is_number = thing.canonical_unit is not None
    return (
        fact("Kind", words(kind_name(thing))),
        fact("Question", seen.wording.said(thing.question)),
        fact("Form", words(of_code(thing.value_kind))),
        fact("Unit in the logic", words(unit_label(thing.canonical_unit))),
        fact("Decimal places", words(readable(thing.decimal_places) if is_number else "")),
        fact("Plausible", words(plausible)),
        fact("Calibration", words(of_code(thing.calibration))),
        fact("Values", *(seen.wording.name(each) for each in thing.coded_values)),
        fact("Answer holds for", words(figure(thing.valid_for) if thing.valid_for else "")),
        fact("Same as", *matches(thing.exact_matches)),
        fact("Broader than", *matches(thing.narrow_matches)),
    )


def actions(seen: View) -> Iterator[Page]:
    """What can be done for the patient."""
    found = seen.guideline.all(Action)
    columns = ("Action", "Kind")
    table = _table(seen, "Actions", columns, found, lambda each: (words(kind_name(each)),))
    lead = "What the recommendations ask to be done."
    yield from _chapter(seen, ACTIONS, lead, (Section("", (table,)),), found, _action)


def _action(seen: View, thing: Entity) -> tuple[Section, ...]:
    if not isinstance(thing, Action):
        return ()
    named = seen.wording.name
    held = [fact("Kind", words(kind_name(thing)))]
    if isinstance(thing, MedicationAction):
        held.append(fact("Medicine", named(thing.medication_class)))
        held.append(fact("Intensity", words(seen.guideline.words(thing.dose_intensity))))
    if isinstance(thing, ImagingAction):
        held.append(fact("Imaging", words(seen.guideline.words(thing.imaging_modality))))
    if isinstance(thing, LaboratoryTestAction):
        after = figure(thing.repeat_after) if thing.repeat_after else ""
        held += [fact("Test", named(thing.observable)), fact("Repeat after", words(after))]
    held += [
        fact("For", *(named(each) for each in thing.target_conditions)),
        fact("Not together with", *(named(each) for each in thing.incompatible_with)),
    ]
    return (Section("", (facts(*held),)), resting(seen, thing, "Recommendations that ask for it"))


def populations(seen: View) -> Iterator[Page]:
    """Who is meant."""
    found = seen.guideline.all(Population)
    table = _table(
        seen, "Populations", ("Population", "Defined by"), found, lambda each: _defining(seen, each)
    )
    lead = "The groups of patients that advice, studies and claims are about."
    yield from _chapter(seen, POPULATIONS, lead, (Section("", (table,)),), found, _defined)


def definitions(seen: View) -> Iterator[Page]:
    """Terms the sources define."""
    found = seen.guideline.all(ClinicalDefinition)
    table = _table(
        seen,
        "Definitions",
        ("Term", "Meaning"),
        found,
        lambda each: (
            (*seen.wording.said(getattr(each, "statement", each.definition)), *outside(each)),
        ),
    )
    lead = "Terms and named instruments, as the sources define or merely name them."
    yield from _chapter(seen, DEFINITIONS, lead, (Section("", (table,)),), found, _defined)


def _defining(seen: View, thing: Entity) -> tuple[Line, ...]:
    held = seen.wording.criterion(getattr(thing, "defining_criterion", None))
    return (held.line if held else words("stated in words only", style="quiet"),)


def _defined(seen: View, thing: Entity) -> tuple[Section, ...]:
    """A population or definition: its statement and the criterion that defines it."""
    held = seen.wording.criterion(getattr(thing, "defining_criterion", None))
    statement: Facts = facts()
    if isinstance(thing, ClinicalDefinition):
        statement = facts(
            fact("Meaning", seen.wording.said(thing.statement)),
            fact("Observable", seen.wording.name(thing.observable)),
            fact("Cites", *(seen.wording.name(each) for each in thing.citations)),
            fact("Why it stands here", seen.wording.said(thing.rationale)),
            fact("See also", *(seen.wording.name(each) for each in thing.see_also)),
        )
    blocks = (statement, Items((held,) if held else (), "criteria"))
    return (Section("Defined as", blocks, anchor="defined"),)


def criteria(seen: View) -> Iterator[Page]:
    """Everything that is true, false or unknown for a patient."""
    found = seen.guideline.criteria
    rows = tuple(
        Row((seen.wording.link(each, str(each.label) or each.id), _in_words(seen, each)))
        for each in found
    )
    table = Table("Criteria", ("Criterion", "In words"), rows)
    lead = "Named conditions. Each is true, false or not known for a patient at a time."
    yield from _chapter(seen, CRITERIA, lead, (Section("", (table,)),), found, _criterion)


def _in_words(seen: View, each: Criterion) -> Line:
    item = seen.wording.criterion(each.id)
    return item.line if item else ()


def _criterion(seen: View, thing: Entity) -> tuple[Section, ...]:
    held = seen.wording.criterion(thing.id)
    return (
        Section("In words", (Items((held,) if held else (), "criteria"),), anchor="in-words"),
        resting(seen, thing),
    )


def concepts(seen: View) -> Iterator[Page]:
    """Small things that share one page: values, diseases and substances, moments and windows."""
    guideline = seen.guideline
    values = [e for e in guideline.all(Concept) if isinstance(e, CodedValue)]
    others = [e for e in guideline.all(Concept) if not isinstance(e, CodedValue)]
    times: list[Entity] = [*guideline.all(Anchor), *guideline.all(TimeWindow)]
    if not (values or others or times):
        return
    yield index_page(
        seen,
        CONCEPTS,
        "Diseases, substances and values that other things are about, and the clock.",
        Section("Times", (_times(seen, times),), anchor="times"),
        Section("Concepts", (_concept_table(seen, others, "Concepts"),), anchor="concepts"),
        Section("Values", (_concept_table(seen, values, "Coded values"),), anchor="values"),
    )


def _times(seen: View, times: list[Entity]) -> Table:
    rows = []
    for each in times:
        window = figure(each.time_range) if isinstance(each, TimeWindow) else "moment"
        why = seen.wording.said(each.rationale) if isinstance(each, TimeWindow) else ()
        rows.append(Row((words(str(each.label)), words(window), why), anchor=slug(each.id)))
    return Table("Times", ("Time", "Hours from the reference moment", "Why"), tuple(rows))


def _concept_table(seen: View, found: Sequence[Concept], caption: str) -> Table:
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label) or words(each.id),
                joined([words(code, style="code") for code in each.notation]),
                seen.wording.said(each.definition),
                joined(matches(each.matches)),
            ),
            anchor=slug(each.id),
        )
        for each in found
    )
    return Table(caption, ("Concept", "Code", "Meaning", "Same as"), rows)


def vocabulary(seen: View) -> Iterator[Page]:
    """The code lists of the ontology: what words such as "should be considered" stand for."""
    schemes: dict[str, list[CodeTerm]] = {}
    for term in seen.guideline.codes.values():
        for scheme in term.schemes:
            schemes.setdefault(scheme, []).append(term)
    if not schemes:
        return
    parts = tuple(
        Section(_spaced(scheme), (_terms(seen, scheme, terms),))
        for scheme, terms in sorted(schemes.items())
    )
    yield Page(
        path=VOCABULARY.index,
        index=VOCABULARY.index,
        title=VOCABULARY.title,
        lead=words(
            "The terms this site uses with a fixed meaning, from the ontology's code lists."
        ),
        sections=parts,
        structured=guideline_data(seen),
    )


def _terms(seen: View, scheme: str, terms: list[CodeTerm]) -> Table:
    """A code list by rank; where its terms stand for norms, with those."""
    ranked = sorted(terms, key=lambda each: (each.rank is None, each.rank or 0, each.id))
    normative = any(each.norm for each in terms)
    rows = tuple(
        Row(
            (
                seen.wording.said(each.label) or words(each.id),
                seen.wording.said(each.definition),
                *((words(each.norm or "", style="code"),) if normative else ()),
            ),
            anchor=slug(each.id) if each.schemes[0] == scheme else "",
        )
        for each in ranked
    )
    return Table(scheme, ("Term", "Meaning", *(("Norm",) if normative else ())), rows)


def _spaced(name: str) -> str:
    spread = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return spread[:1].upper() + spread[1:]


def _table(
    seen: View,
    caption: str,
    columns: tuple[str, ...],
    found: tuple[Entity, ...],
    rest: Callable[[Entity], tuple[Line, ...]],
) -> Table:
    rows = tuple(Row((seen.wording.name(each.id), *rest(each))) for each in found)
    return Table(caption, columns, rows)


def _chapter(
    seen: View,
    chapter: Chapter,
    lead: str,
    parts: tuple[Section, ...],
    found: tuple[Entity, ...],
    shown: Shown,
) -> Iterator[Page]:
    """An index page and a page per thing; nothing at all where there are no things."""
    if not found:
        return
    yield index_page(seen, chapter, lead, *parts)
    for thing in found:
        yield _page(seen, chapter, thing, shown(seen, thing))


def _page(seen: View, chapter: Chapter, thing: Entity, shown: tuple[Section, ...]) -> Page:
    return Page(
        path=page_path(thing) or "",
        index=chapter.index,
        title=str(thing.label) or thing.id,
        eyebrow=numbered(kind_name(thing).capitalize(), thing),
        heading=seen.wording.said(thing.label) or words(thing.id),
        badges=status(seen, thing),
        sections=sections(
            Section("", (note(seen, thing),)),
            *shown,
            used_by(seen, thing),
            faults(seen, thing),
            relations(seen, thing.id),
            passages(seen, thing),
            brought_in(seen, thing),
            record(seen, thing),
        ),
        structured=guideline_data(seen),
    )
