"""Thresholds and site settings: as printed, as executed, and why they may differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from guidegraph.entity import Entity
from guidegraph.model import Discrepancy, Observable, SiteParameter, Threshold
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Facts,
    Line,
    Page,
    Row,
    Section,
    Span,
    Table,
    fact,
    facts,
    sections,
    words,
)
from guidegraph.site.chapters import THRESHOLDS
from guidegraph.site.figures import figure
from guidegraph.site.pages import proofs
from guidegraph.site.pages.drawn import limits
from guidegraph.site.pages.evidence import relations
from guidegraph.site.pages.index import index_page
from guidegraph.site.pages.provenance import (
    brought_in,
    note,
    passages,
    questions,
    record,
    resting,
    used_by,
)
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import View, joined, numbered, short, status
from guidegraph.wording import plural

COLUMNS = ("Threshold", "As printed", "As executed", "Source", "Differences")


def pages(seen: View) -> Iterator[Page]:
    """The index, one page per threshold and one per site setting."""
    found = seen.guideline.all(Threshold)
    settings = seen.guideline.all(SiteParameter)
    if not found and not settings:
        return
    yield index_page(
        seen,
        THRESHOLDS,
        f"{plural(len(found), 'limit')}. What the sources print is never changed; "
        "what runs is a separate number, and every difference between the two is recorded.",
        *_by_observable(seen, found),
        Section(
            "Site settings",
            (_settings_table(seen, settings),),
            anchor="settings",
            note="What a hospital may choose, within what the source allows.",
        ),
    )
    for each in found:
        yield _threshold_page(seen, each)
    for setting in settings:
        yield _setting_page(seen, setting)


def _by_observable(seen: View, found: Iterable[Threshold]) -> list[Section]:
    """Thresholds under the observable they limit: on one number line, and in a table.

    Those the sources print come first.
    """
    groups: dict[str, list[Threshold]] = {}
    for each in sorted(found, key=lambda each: each.is_external):
        groups.setdefault(each.observable or "", []).append(each)
    titled = []
    for name, group in groups.items():
        thing = seen.guideline.entities.get(name)
        title = str(thing.label) if thing else (name or "Other limits")
        drawn = limits(seen, thing, THRESHOLDS.index) if isinstance(thing, Observable) else None
        shown = (threshold_table(seen, group, title),)
        anchor = slug(name) if thing else ""
        titled.append(Section(title, (drawn, *shown) if drawn else shown, anchor=anchor))
    return titled


def thresholds_in(seen: View, names: Collection[str]) -> tuple[Threshold, ...]:
    """The thresholds among these names, in file order."""
    return tuple(each for each in seen.guideline.all(Threshold) if each.id in names)


def threshold_table(seen: View, found: Iterable[Threshold], caption: str) -> Table:
    """Thresholds in rows: name, as printed, as executed, passage, recorded differences."""
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                _printed(seen, each),
                executed(seen, each),
                joined([_passage(seen, name) for name in each.passages])
                or joined([seen.wording.name(name) for name in each.citations], "; "),
                joined([seen.wording.name(fault.id) for fault in _faults(seen, each)], "; ")
                or words("none", style="quiet"),
            )
        )
        for each in found
    )
    return Table(caption, COLUMNS, rows, "thresholds")


def _printed(seen: View, threshold: Threshold) -> Line:
    nowhere = "from outside the sources" if threshold.is_external else "no figure printed"
    shown = threshold.reported_text or nowhere
    style = "printed" if threshold.reported_text else "quiet"
    return (
        Span(shown, style=style),
        Span(f" ({seen.guideline.words(threshold.comparator)})", style="quiet"),
    )


def executed(seen: View, threshold: Threshold) -> Line:
    """The number that runs, or the setting that provides it."""
    if threshold.executable_quantity is not None:
        return words(figure(threshold.executable_quantity), style="figure")
    if threshold.formula:
        return words(seen.wording.formula(threshold.formula))
    setting = seen.guideline.get(threshold.site_parameter, SiteParameter)
    if setting is None:
        return words("not executed", style="quiet")
    choice = seen.wording.choice(setting)
    return (*seen.wording.link(setting, "Site setting"), Span(f": {choice}"))


def _passage(seen: View, name: str) -> Line:
    passage = seen.guideline.entities.get(name)
    return (Span(short(passage) if passage else name, to=seen.addresses.of(name), style="code"),)


def _faults(seen: View, thing: Entity) -> tuple[Discrepancy, ...]:
    found = seen.links.to(thing.id, "gg:concerns")
    return tuple(each for each in found if isinstance(each, Discrepancy))


def _threshold_page(seen: View, threshold: Threshold) -> Page:
    held = threshold.executable_quantity
    return Page(
        path=page_path(threshold) or "",
        index=THRESHOLDS.index,
        title=str(threshold.label),
        eyebrow=numbered("Threshold", threshold),
        heading=seen.wording.said(threshold.label),
        badges=status(seen, threshold),
        sections=sections(
            Section("", (note(seen, threshold),)),
            Section(
                "",
                (
                    facts(
                        fact("Limits", seen.wording.name(threshold.observable)),
                        fact("As printed", _printed(seen, threshold)),
                        fact("As executed", executed(seen, threshold)),
                        fact("Formula", words(threshold.formula or "", style="code")),
                        fact("UCUM unit", words(held.unit if held else "", style="code")),
                        fact("Why", seen.wording.said(threshold.rationale)),
                    ),
                ),
            ),
            resting(seen, threshold),
            used_by(seen, threshold, "gg:threshold", "gg:lowThreshold", "gg:highThreshold"),
            questions(seen, list(_faults(seen, threshold))),
            relations(seen, threshold.id),
            proofs.findings(seen, threshold.id),
            passages(seen, threshold),
            brought_in(seen, threshold),
            record(seen, threshold),
        ),
        structured=guideline_data(seen),
    )


def _settings_table(seen: View, settings: Iterable[SiteParameter]) -> Table:
    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                words(each.id, style="code"),
                *_choices(seen, each),
            )
        )
        for each in settings
    )
    columns = ("Setting", "Name in patient files", "Permitted", "Unless set otherwise")
    return Table("Site settings", columns, rows)


def _choices(seen: View, setting: SiteParameter) -> tuple[Line, Line]:
    """What is permitted, and the default."""
    permitted = joined([seen.wording.name(each) for each in setting.coded_values], " or ")
    if setting.permitted_range is not None:
        permitted = words(figure(setting.permitted_range))
    default = seen.wording.name(setting.default_coded_value)
    if setting.default_quantity is not None:
        default = words(figure(setting.default_quantity), style="figure")
    return permitted, default or words("no default: it must be chosen", style="quiet")


def _setting_page(seen: View, setting: SiteParameter) -> Page:
    permitted, default = _choices(seen, setting)
    return Page(
        path=page_path(setting) or "",
        index=THRESHOLDS.index,
        title=str(setting.label),
        eyebrow=words("Site setting"),
        heading=seen.wording.said(setting.label),
        badges=status(seen, setting),
        sections=sections(
            Section("", (note(seen, setting),)),
            Section("", (_setting_facts(seen, setting, permitted, default),)),
            resting(seen, setting),
            used_by(seen, setting),
            passages(seen, setting),
            record(seen, setting),
        ),
        structured=guideline_data(seen),
    )


def _setting_facts(seen: View, setting: SiteParameter, permitted: Line, default: Line) -> Facts:
    return facts(
        fact("Name in patient files", words(setting.id, style="code")),
        fact("About", seen.wording.name(setting.observable)),
        fact("Permitted", permitted),
        fact("Unless set otherwise", default),
        fact("Why", seen.wording.said(setting.rationale)),
    )
