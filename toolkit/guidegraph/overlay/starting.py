"""An overlay to start from: its header, and every change that a guideline offers as a comment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from guidegraph.model import Guideline, Observable, Recommendation, SiteParameter, Threshold
from guidegraph.overlay.effects import executed, may_choose
from guidegraph.terms import NAMESPACES

FILE = "overlay.ttl"
NAMESPACE = "https://example.org/adaptation/{}/"
PREFIXES = ("gg", "code", "u", "dcterms", "owl", "prov", "rdfs", "vann", "xsd")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
RULE = "# ---- {} "
WIDTH = 96


class StartError(ValueError):
    """An overlay cannot be started there; ``advice`` says what to do instead."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def new_overlay(folder: Path, guideline: Guideline, upstream: Path, today: str) -> Path:
    """Write an overlay for this guideline into ``folder``; the file that was written.

    Raises:
        StartError: the folder has an unusable name, or holds something, or cannot be written to.
    """
    target = folder.expanduser().resolve()
    if not NAME.fullmatch(target.name):
        raise StartError(
            f"The folder name `{target.name}` cannot become part of web addresses.",
            "Use letters, digits, `-` and `_`, beginning with a letter and at most 63 long.",
        )
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise StartError(f"`{folder}` is there already.", "Name a folder that does not exist yet.")
    if target.is_relative_to(upstream.resolve()):
        raise StartError(
            f"`{folder}` lies in the folder of the guideline and would be read as part of it.",
            "Name a folder outside.",
        )
    away = Path(os.path.relpath(upstream.resolve(), target)).as_posix()
    try:
        target.mkdir(parents=True, exist_ok=True)
        text = "\n".join(_lines(guideline, target.name, away, today)) + "\n"
        (target / FILE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as stop:
        raise StartError(
            f"`{folder}` cannot be written to: {stop.strerror or stop}.",
            "Choose a folder in which you may write.",
        ) from None
    return folder / FILE


def _lines(guideline: Guideline, name: str, upstream: str, today: str) -> Iterator[str]:
    header = guideline.header
    prefix = header.prefix or "d"
    own = "here" if prefix != "here" else "local"
    title = str(header.label or header.title).replace("\\", "\\\\").replace('"', '\\"')
    yield "# What one hospital changes of a guideline, by whom, when and why."
    yield "#"
    yield f"# Names that begin with {prefix}: are the guideline's, names with {own}: are yours."
    yield "# Take the # away in front of a change you make. Check it: guidegraph overlay check DIR"
    yield ""
    spaces = {each: NAMESPACES[each] for each in PREFIXES}
    spaces |= {prefix: header.namespace, own: NAMESPACE.format(name)}
    yield from (f"@prefix {each}: <{iri}> ." for each, iri in spaces.items())
    yield ""
    yield f"{own}:adaptation a gg:LocalAdaptation ;"
    yield f'  rdfs:label "{title}, adapted by our hospital"@en ;'
    yield f"  gg:adapts <{header.iri}> ;"
    yield f'  gg:adaptedVersion "{header.version}" ;'
    yield f'  gg:upstreamFolder "{upstream}" ;'
    yield f'  vann:preferredNamespacePrefix "{own}" ;'
    yield f'  vann:preferredNamespaceUri "{NAMESPACE.format(name)}" ;'
    yield '  owl:versionInfo "0.1.0" ;'
    yield f'  dcterms:created "{today}"^^xsd:date ;'
    yield '  dcterms:publisher "Nobody: write the name of your hospital" ;'
    yield f"  prov:wasAttributedTo {own}:board ."
    yield ""
    yield f"{own}:board a prov:Agent ;"
    yield '  rdfs:label "Who decides on local changes in our hospital"@en .'
    yield from _settings(guideline, prefix, own, today)
    yield from _others(guideline, prefix, own, today)


def _rule(title: str) -> str:
    return RULE.format(title).ljust(WIDTH, "-")


def _settings(guideline: Guideline, prefix: str, own: str, today: str) -> Iterator[str]:
    """Every choice that the guideline leaves to the site."""
    parameters = guideline.all(SiteParameter)
    if not parameters:
        return
    yield from ("", _rule("settings: choices the guideline leaves to you"))
    for each in parameters:
        yield from ("", f"# {each.label}. Permitted: {may_choose(guideline, each)}.")
        yield f"# {own}:SET-{each.id} a gg:LocalSetting ;"
        yield f'#   rdfs:label "{_quoted(str(each.label))}: our choice"@en ;'
        yield f"#   gg:siteParameter {prefix}:{each.id} ;"
        yield (
            "#   gg:codedValue ... ;"
            if each.coded_values
            else ("#   gg:executableQuantity [ a gg:Quantity ; gg:value ... ; gg:unit u:... ] ;")
        )
        yield from _ending(own, today)


def _others(guideline: Guideline, prefix: str, own: str, today: str) -> Iterator[str]:
    """One comment for each other kind of change."""
    for threshold in guideline.all(Threshold)[:1]:
        yield from ("", _rule("replaced limits: departures from the guideline, marked as such"))
        yield from ("", f"# {threshold.label}. It runs with {executed(guideline, threshold)}.")
        yield f"# {own}:REPLACE-{threshold.id} a gg:ThresholdReplacement ;"
        yield f'#   rdfs:label "{_quoted(str(threshold.label))}: our limit"@en ;'
        yield f"#   gg:threshold {prefix}:{threshold.id} ;"
        yield "#   gg:executableQuantity [ a gg:Quantity ; gg:value ... ; gg:unit u:... ] ;"
        yield "#   gg:replacedQuantity [ a gg:Quantity ; gg:value ... ; gg:unit u:... ] ;"
        yield from _ending(own, today)
    for found in guideline.all(Recommendation)[:1]:
        yield from ("", _rule("exceptions: when a recommendation does not apply here"))
        yield from ("", f"# {found.label}. The criterion is one of the guideline or one of yours.")
        yield f"# {own}:EXCEPT-{found.id} a gg:LocalException ;"
        yield f'#   rdfs:label "{_quoted(str(found.label))}: not if ..."@en ;'
        yield f"#   gg:recommendation {prefix}:{found.id} ;"
        yield f"#   gg:exception {own}:CRIT-... ;"
        yield from _ending(own, today)
    for observable in guideline.all(Observable):
        if observable.needs_calibration:
            stated = guideline.words(observable.calibration) or "not stated"
            yield from ("", _rule("calibration: what the laboratory reports"))
            yield from ("", f"# {observable.label}. In the guideline: {stated}.")
            yield f"# {own}:CAL-{observable.id} a gg:LocalCalibration ;"
            yield f'#   rdfs:label "{_quoted(str(observable.label))} in our laboratory"@en ;'
            yield f"#   gg:observable {prefix}:{observable.id} ;"
            yield "#   gg:calibration code:... ;"
            yield from _ending(own, today)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _ending(own: str, today: str) -> Iterator[str]:
    """Why, who, when and how far, as every change has them."""
    yield '#   gg:rationale "..."@en ;'
    yield f'#   prov:wasAttributedTo {own}:board ; dcterms:created "{today}"^^xsd:date ;'
    yield "#   gg:status code:Draft ."
