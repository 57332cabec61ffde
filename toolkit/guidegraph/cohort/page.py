"""The report as one HTML page: no script, nothing fetched, and tables beside the plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from guidegraph.cohort import plots
from guidegraph.cohort.report import TITLES, Line, Report, Sweep, share
from guidegraph.evaluate.status import STATUSES

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b2328; background: #fff; margin: 2rem auto;
  max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2.2rem }
table { border-collapse: collapse; font-size: .9rem } caption { text-align: left; padding: .4rem 0 }
th, td { border-bottom: 1px solid #c9d1d6; padding: .3rem .6rem; text-align: left;
  vertical-align: top }
td.n { text-align: right; white-space: nowrap } .wide { overflow-x: auto }
.notice { border-left: 4px solid #8a5a00; background: #fdf3d8; padding: .6rem 1rem }
svg { max-width: 100%; height: auto } code { overflow-wrap: anywhere }
"""


def as_page(report: Report) -> str:
    """The page."""
    body = "\n".join(_body(report))
    title = escape(f"Cohort: {report.title}")
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n"
        "</main>\n</body>\n</html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield f"<h1>{report.persons:,} persons: {escape(report.title)}</h1>"
    yield (
        '<p class="notice">For reviewing guidelines and for teaching. Not a medical device: it '
        "must not be used to decide about the care of a patient.</p>"
    )
    same = report.compared
    yield (
        f"<p>Version {escape(report.version)}. <strong>{same.persons:,} persons were decided again "
        f"by the reference evaluator, from their raw rows, and all agree</strong> ({same.met:,} of "
        f"{same.outcomes:,} distinct outcomes; seed {same.seed}).</p>"
    )
    yield "<h2>Who gets what</h2>"
    yield plots.who_gets_what(report)
    heads = ["Recommendation", *(TITLES[each].capitalize() for each in STATUSES)]
    yield _table("Persons by recommendation and status", heads, _counts(report))
    yield "<h2>What is missing to tell</h2>"
    yield (
        "<p>A datum is counted where it is not known and knowing it could change the answer. One "
        "person may lack several.</p>"
    )
    yield _table(
        "Recommendations that are open, and for lack of which datum",
        ["Recommendation", "Open", "Lacking (persons)"],
        _lacking(report),
    )
    for sweep in report.sweeps:
        yield from _sweep(sweep, report.persons)
    yield "<h2>What it rests on</h2>"
    yield _table("Files and settings", ["What", "Value"], _grounds(report))


def _counts(report: Report) -> Iterator[list[str]]:
    for each in report.lines:
        yield [_named(each), *(share(each.counts[status], report.persons) for status in STATUSES)]


def _named(line: Line) -> str:
    return f"{line.recommendation}: {line.label} ({line.modality})"


def _lacking(report: Report) -> Iterator[list[str]]:
    for each in report.lines:
        if each.open:
            listed = ", ".join(f"{lack.datum} ({lack.persons:,})" for lack in each.lacking)
            yield [each.recommendation, f"{each.open:,}", listed]


def _sweep(sweep: Sweep, persons: int) -> Iterator[str]:
    unit = f" ({sweep.unit})" if sweep.unit else ""
    yield f"<h2>If the site chose otherwise: {escape(sweep.label)}</h2>"
    yield (
        f"<p>The site parameter <code>{escape(sweep.setting)}</code>{escape(unit)} over its "
        f"permitted range; in force is {escape(sweep.usual)}. Each value is the same SQL again.</p>"
    )
    if not sweep.lines:
        yield "<p>No count changes over the permitted range.</p>"
        return
    yield plots.moved(sweep, persons)
    rows = (
        [f"{name}: {label}", TITLES[status], *(f"{each[status]:,}" for each in counts)]
        for name, label, counts in sweep.lines
        for status in STATUSES
        if len({each[status] for each in counts}) > 1
    )
    yield _table("Persons by value", ["Recommendation", "Status", *sweep.steps], rows)


def _grounds(report: Report) -> Iterator[list[str]]:
    for path, layout in report.files:
        yield [f"File ({layout})", path]
    yield ["Engine", report.engine]
    for name, value in report.settings.items():
        yield [f"Setting {name}", value]
    for point, reading in report.readings.items():
        yield [f"Reading of {point}", reading]
    for name, unit, rows in report.units:
        yield [f"{name} in {unit}", f"{rows:,} rows"]
    for name, meant in report.absent.items():
        yield [f"Taken for granted: no row of {name}", meant]
    for code, count in report.set_aside.items():
        yield [f"Rows set aside ({code})", f"{count:,}"]
    if report.expired:
        yield ["Answers too old to count", f"{report.expired:,}"]
    for what, count in report.unmapped:
        yield [f"Not mapped: {what}", f"{count:,} records"]


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "\n".join("<tr>" + "".join(map(_cell, enumerate(row))) + "</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(placed: tuple[int, str]) -> str:
    place, text = placed
    if place == 0:
        return f'<th scope="row">{escape(text)}</th>'
    is_number = text[:1].isdigit() or text.startswith("<")
    return f"<td{_number(is_number)}>{escape(text)}</td>"


def _number(is_number: bool) -> str:
    return ' class="n"' if is_number else ""
