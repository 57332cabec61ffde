"""What is said about the changes of a local adaptation."""

from __future__ import annotations

from collections.abc import Iterable

from guidegraph.diagnostic import Diagnostic, Severity
from guidegraph.entity import Entity
from guidegraph.model import Header, LocalAdaptation, LocalChange

REVIEWED = "Reviewed"
"""The status of what a clinician has confirmed: it stays visible, and is no longer asked for."""


def named(thing: Entity | None, name: str = "") -> str:
    """A thing as it stands in a sentence."""
    return f"“{thing.label}”" if thing and thing.label else f"`{thing.id if thing else name}`"


def other_guideline(header: LocalAdaptation, upstream: Header) -> Diagnostic:
    """The adaptation is laid over another guideline than the one it names."""
    return Diagnostic(
        code="L702",
        severity=Severity.ERROR,
        message=f"{named(header)} adapts another guideline than {named(upstream)}.",
        at=header.place_of("gg:adapts"),
        why=f"It names <{header.adapts}>, and was laid over <{upstream.iri}>.",
        help="Lay it over the guideline it names with `--of DIR`, or correct gg:adapts.",
        subject=header.id,
    )


def other_version(header: LocalAdaptation, upstream: Header) -> Diagnostic:
    """The guideline is in another version than the one the adaptation was made for."""
    return Diagnostic(
        code="L711",
        severity=Severity.WARNING,
        message=f"{named(header)} was made for version {header.adapted_version} of "
        f"{named(upstream)}, which is now version {upstream.version}.",
        at=header.place_of("gg:adaptedVersion"),
        why="What the guideline said when the changes were made may no longer be what it says.",
        help="Run `guidegraph overlay rebase`: it says for each change what the new version means "
        f'for it. When all are looked at, write gg:adaptedVersion "{upstream.version}".',
        subject=header.id,
    )


def moved(change: LocalChange, thing: Entity, was: str, now: str) -> Diagnostic:
    """What is replaced has another value than when it was replaced."""
    return Diagnostic(
        code="L712",
        severity=Severity.WARNING,
        message=f"{named(thing)} was {was} when it was changed locally; the guideline now says "
        f"{now}.",
        at=change.place_of("gg:replacedQuantity"),
        why="The reason for the change may have gone, or may weigh differently.",
        help="Look at the change again; if it still holds, write the new value under "
        "gg:replacedQuantity, otherwise remove it.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def idle(change: LocalChange, thing: Entity, says: str) -> Diagnostic:
    """A change that says what the guideline says."""
    return Diagnostic(
        code="L713",
        severity=Severity.NOTE,
        message=f"{named(change)} changes nothing: for {named(thing)} the guideline says {says} "
        "as well.",
        at=change.at,
        why="It was perhaps taken over by the guideline, or only confirms what it says.",
        help="Remove it if it is not needed to record a decision.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def twice(change: LocalChange, first: LocalChange, thing: Entity) -> Diagnostic:
    """Two changes of one thing."""
    return Diagnostic(
        code="L714",
        severity=Severity.ERROR,
        message=f"{named(change)} and {named(first)} change the same thing, {named(thing)}.",
        at=change.at,
        why="Nobody could say which of them holds.",
        help="Keep the one that is meant.",
        subject=change.id,
        related=((first.at, "the other one"),),
    )


def not_permitted(change: LocalChange, thing: Entity, chosen: str, permitted: str) -> Diagnostic:
    """A setting outside what a site may choose."""
    return Diagnostic(
        code="L721",
        severity=Severity.ERROR,
        message=f"{named(change)} chooses {chosen} for {named(thing)}, and the guideline permits "
        f"{permitted}.",
        at=change.at,
        why="A setting is a choice that the guideline leaves to the site. What goes beyond it is a "
        "departure from the guideline, and must not look like a choice.",
        help="Choose within what is permitted, or say openly that you depart from the guideline: "
        "gg:ThresholdReplacement with a rationale.",
        subject=change.id,
        related=((thing.at, "what is permitted is stated here"),),
    )


def departs(change: LocalChange, thing: Entity, says: str, runs: str) -> Diagnostic:
    """A replaced threshold outside what the guideline permits."""
    return Diagnostic(
        code="L722",
        severity=settled(change),
        message=f"{named(thing)} runs with {runs} here in place of {says}: outside what the "
        "guideline permits.",
        at=change.place_of("gg:executableQuantity"),
        why="Patients between the two are treated otherwise than the guideline says; "
        "`guidegraph overlay diff` shows which.",
        help="Let a clinician confirm the rationale and set gg:status code:Reviewed; the "
        "departure stays marked.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def excepted(change: LocalChange, thing: Entity, added: Entity) -> Diagnostic:
    """An exception that the guideline does not make."""
    return Diagnostic(
        code="L723",
        severity=settled(change),
        message=f"{named(thing)} does not apply here where this holds: {named(added)}. The "
        "guideline makes no such exception.",
        at=change.place_of("gg:exception"),
        why="These patients lose advice that the guideline gives; `guidegraph overlay diff` shows "
        "which.",
        help="Let a clinician confirm the rationale and set gg:status code:Reviewed; the "
        "departure stays marked.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def all_unknown(
    change: LocalChange, thing: Entity, reported: str, stated: str, limits: Iterable[str]
) -> Diagnostic:
    """The laboratory reports on another basis than the limits are on."""
    return Diagnostic(
        code="L731",
        severity=settled(change),
        message=f"Every decision on {named(thing)} will be unknown here: the laboratory reports "
        f"{reported}, the limits of the guideline are in {stated}.",
        at=change.place_of("gg:calibration"),
        why="Results on another basis are other numbers for the same blood; they are never "
        "converted.",
        help=f"Replace every limit on it with a number in {reported} and a rationale, or let the "
        f"laboratory report {stated}. The limits: {'; '.join(limits)}.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def mixed(
    change: LocalChange, thing: Entity, reported: str, stated: str, left: Iterable[str]
) -> Diagnostic:
    """Some limits are on the one basis and some on the other."""
    return Diagnostic(
        code="L732",
        severity=Severity.ERROR,
        message=f"Some limits on {named(thing)} are in {reported} here and some still in {stated}.",
        at=change.place_of("gg:calibration"),
        why="One result would be compared with limits on two bases, and one of the comparisons "
        "would be wrong.",
        help=f"Replace the others, too, or none. Still in {stated}: {'; '.join(left)}.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def without_basis(change: LocalChange, thing: Entity) -> Diagnostic:
    """A calibration of something that has none."""
    return Diagnostic(
        code="L733",
        severity=Severity.ERROR,
        message=f"The guideline does not say that {named(thing)} depends on the calibration of "
        "an assay.",
        at=change.place_of("gg:observable"),
        why="A calibration is only compared where the guideline asks for one, so this one would "
        "have no effect.",
        help="Check which observable is meant; if this one does depend on its assay, tell the "
        "authors of the guideline.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def taken_for(change: LocalChange, thing: Entity, reported: str) -> Diagnostic:
    """The guideline does not state a basis; its limits are taken to be on the local one."""
    return Diagnostic(
        code="L734",
        severity=settled(change),
        message=f"The guideline does not say in what its limits on {named(thing)} are calibrated; "
        f"here they are taken to be in {reported}.",
        at=change.place_of("gg:calibration"),
        why="If they are meant on another basis, every comparison is off by a factor.",
        help="Let a clinical chemist confirm the rationale and set gg:status code:Reviewed. "
        "Results that do not state this basis count as unknown.",
        subject=change.id,
        related=((thing.at, "the guideline's own description"),),
    )


def settled(change: LocalChange) -> Severity:
    """A departure that a clinician has confirmed is a note; until then it is a warning."""
    return Severity.NOTE if change.status == REVIEWED else Severity.WARNING
