"""Parts and wholes: groups of a study, and values of one characteristic, as far as they add up.

Nothing in a paper says that its groups are all there are, or that nobody is in two of them. So a
sum is only held against the whole where people can be in one part only: groups that are compared
with each other or set side by side in one claim, and the values of one characteristic that a
patient has once (sex). Other sums are shown where they come out, and never held against anybody
where they do not.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from guidegraph.audit.base import Entry, Examination, Finding, Outcome, finding
from guidegraph.audit.reported import Reported, by_claim, reported
from guidegraph.diagnostic import Severity
from guidegraph.model import Guideline, PatientCharacteristic, Study, StudyArm

MOST_ARMS = 12
COUNTED = frozenset({"ParticipantCount", "Proportion"})


def audit_parts(guideline: Guideline) -> Iterator[Entry]:
    """Everything this module examines."""
    compared = _compared_arms(guideline)
    arms: dict[str, list[StudyArm]] = defaultdict(list)
    for arm in guideline.all(StudyArm):
        arms[arm.study].append(arm)
    for study in guideline.all(Study):
        if study.sample_size:
            yield from _arms(study, study.sample_size, arms[study.id], compared)
    for results in by_claim(guideline).values():
        for each in results:
            yield from _result_of_too_many(each)
        yield from _counts_of_one_group(guideline, results)


def _compared_arms(guideline: Guideline) -> Mapping[str, tuple[frozenset[str], ...]]:
    """The groups of each study that are compared with each other, or set side by side, somewhere.

    Side by side: one claim gives the same kind of number of the same thing for each of them.
    """
    found: dict[str, dict[frozenset[str], None]] = defaultdict(dict)
    for results in by_claim(guideline).values():
        rows: dict[tuple[object, ...], dict[str, str]] = defaultdict(dict)
        for each in results:
            if len(each.arms) == 1:
                row = rows[each.kind, each.result.observables, each.arms[0].study]
                row[each.arms[0].id] = each.arms[0].study
        for row in rows.values():
            if len(row) > 1:
                found[next(iter(row.values()))][frozenset(row)] = None
    for each in reported(guideline):
        named = {arm.id: arm.study for arm in each.arms}
        reference = guideline.get(each.result.reference_arm, StudyArm)
        if reference:
            named[reference.id] = reference.study
        if len(named) > 1 and len(set(named.values())) == 1 and each.p is not None:
            found[next(iter(named.values()))][frozenset(named)] = None
    return {study: tuple(sets) for study, sets in found.items()}


def _arms(
    study: Study,
    size: int,
    arms: Sequence[StudyArm],
    compared: Mapping[str, tuple[frozenset[str], ...]],
) -> Iterator[Entry]:
    sized = [(arm, arm.sample_size) for arm in arms if arm.sample_size]
    for arm, count in sized:
        if count > size:
            yield from _arm_too_large(study, size, arm, count)
    if any(count > size for _, count in sized) or len(sized) < 2:
        return
    missing: list[tuple[StudyArm, int]] = []
    for names in compared.get(study.id, ()):
        together = [(arm, count) for arm, count in sized if arm.id in names]
        if sum(count for _, count in together) > size:
            yield from _compared_too_large(study, size, together)
            return
        if len(together) == len(names) and sum(count for _, count in together) < size:
            missing = missing or together
    whole = _making_up([count for _, count in sized], size)
    sums = _sum(whole or [count for _, count in sized])
    yield Examination(
        subject=study.id,
        what="groups of the study",
        printed=f"{size} participants",
        outcome="consistent" if whole else "not checkable",
        recomputed=str(sum(whole)) if whole else "",
        arithmetic=(sums,),
        reason="" if whole else "Nothing says that these groups are all there are.",
    )
    if missing and not whole:
        yield _fewer(study, size, missing)


def _fewer(study: Study, size: int, together: Sequence[tuple[StudyArm, int]]) -> Finding:
    total = sum(count for _, count in together)
    return finding(
        "A107",
        Severity.NOTE,
        f"The groups of `{study.id}` that stand side by side have {total} participants together, "
        f"and the study has {size}: {size - total} are in no group.",
        at=study.place_of("gg:sampleSize"),
        why="Participants who were left out, or a third group, can change what a comparison says.",
        remedy="Look in the source for those who were left out; encode their group, or accept the "
        "finding with the reason that the source gives.",
        subject=study.id,
        arithmetic=(f"{_sum([count for _, count in together])}, and {size} in the study",),
        related=tuple((arm.at, f"{count} participants") for arm, count in together),
    )


def _making_up(counts: Sequence[int], whole: int) -> list[int]:
    """The fewest of these counts that add up to the whole, if any do."""
    for length in range(2, len(counts) + 1 if len(counts) <= MOST_ARMS else 0):
        for chosen in itertools.combinations(counts, length):
            if sum(chosen) == whole:
                return list(chosen)
    return []


def _arm_too_large(study: Study, size: int, arm: StudyArm, count: int) -> Iterator[Entry]:
    arithmetic = (f"{count} > {size}",)
    yield Examination(
        subject=arm.id,
        what="groups of the study",
        printed=f"{count} in the group, {size} in the study",
        outcome="inconsistent",
        recomputed=f"at most {size}",
        arithmetic=arithmetic,
    )
    yield finding(
        "A104",
        Severity.ERROR,
        f"The group `{arm.id}` has {count} participants, more than the {size} of its study "
        f"`{study.id}`.",
        at=arm.place_of("gg:sampleSize"),
        why="A group cannot be larger than the study it belongs to.",
        remedy="Compare both gg:sampleSize with the source, and gg:armOf.",
        subject=arm.id,
        arithmetic=arithmetic,
        related=((study.place_of("gg:sampleSize"), f"the study `{study.id}`"),),
    )


def _result_of_too_many(each: Reported) -> Iterator[Entry]:
    """A number that was computed from more participants than its group has.

    "99 of 449" as the size of the group itself is no such number.
    """
    size = each.result.sample_size
    known = each.arms[0].sample_size if len(each.arms) == 1 else None
    if not size or not known or size <= known or each.result.count == known:
        return
    arm, arithmetic = each.arms[0], (f"{size} > {known}",)
    yield Examination(
        subject=each.id,
        table=each.table,
        what="size of a group",
        printed=f"{size} in the result, {known} in the group",
        outcome="inconsistent",
        recomputed=f"at most {known}",
        arithmetic=arithmetic,
    )
    yield finding(
        "A104",
        Severity.ERROR,
        f"`{each.id}` is computed from {size} participants, more than the {known} of its group "
        f"`{arm.id}`.",
        at=each.result.place_of("gg:sampleSize"),
        why="A number about a group cannot rest on more participants than the group has.",
        remedy="Compare both gg:sampleSize with the source, and gg:arm. If the number counts "
        "samples or stretches of time instead of people, accept the finding with that reason.",
        subject=each.id,
        arithmetic=arithmetic,
        related=((arm.place_of("gg:sampleSize"), f"the group `{arm.id}`"),),
    )


def _compared_too_large(
    study: Study, size: int, together: Sequence[tuple[StudyArm, int]]
) -> Iterator[Entry]:
    total = sum(count for _, count in together)
    arithmetic = (f"{_sum([count for _, count in together])} > {size}",)
    yield Examination(
        subject=study.id,
        what="groups of the study",
        printed=f"{size} participants",
        outcome="inconsistent",
        recomputed=str(total),
        arithmetic=arithmetic,
    )
    yield finding(
        "A105",
        Severity.WARNING,
        f"The groups of `{study.id}` that are compared with each other have {total} participants "
        f"together, and the study has {size}.",
        at=study.place_of("gg:sampleSize"),
        why="Groups that are compared have different people in them, as a rule.",
        remedy="Compare the sizes with the source. If people are in several groups (before and "
        "after), accept the finding with that reason.",
        subject=study.id,
        arithmetic=arithmetic,
        related=tuple((arm.at, f"{count} participants") for arm, count in together),
    )


def _counts_of_one_group(guideline: Guideline, results: Sequence[Reported]) -> Iterator[Entry]:
    """Counts that a claim gives of one group: 15 men and 17 women of 32; 94 and 5 of 99."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], int], list[Reported]] = defaultdict(list)
    for each in results:
        size = each.result.sample_size
        if each.kind in COUNTED and each.result.count is not None and size:
            about = tuple(map(str, each.result.observables or each.claim.observables))
            groups[about, each.result.arms, size].append(each)
    for (about, _, size), parts in groups.items():
        if len(parts) > 1:
            yield from _together(parts, size, _has_one_value(guideline, about))


def _has_one_value(guideline: Guideline, about: Sequence[str]) -> bool:
    """Whether the counts are of the values of a characteristic that a patient has once."""
    named = guideline.get(about[0], PatientCharacteristic) if len(about) == 1 else None
    return named is not None and named.canonical_unit is None


def _together(parts: Sequence[Reported], whole: int, disjoint: bool) -> Iterator[Entry]:
    counts = [each.result.count or 0 for each in parts]
    total, first = sum(counts), parts[0]
    if total != whole and not disjoint:
        return
    arithmetic = (f"{_sum(counts)}, and the group has {whole}",)
    outcome: Outcome = "consistent" if total == whole else "not checkable"
    yield Examination(
        subject=first.id,
        table=first.table,
        what="parts of a group",
        printed=", ".join(each.result.reported_text for each in parts),
        outcome="inconsistent" if total > whole else outcome,
        recomputed=str(total),
        arithmetic=arithmetic,
        reason="Nothing says that these are all values." if total < whole else "",
    )
    if total > whole:
        yield finding(
            "A105",
            Severity.WARNING,
            f"The values of one characteristic that `{first.claim.id}` counts add up to {total}, "
            f"and the group has {whole}.",
            at=first.result.at,
            why="Each participant has one value of such a characteristic.",
            remedy="Compare the counts with the source. If one participant can have several "
            "values, accept the finding with that reason.",
            subject=first.id,
            arithmetic=arithmetic,
            related=tuple((each.result.at, each.result.reported_text) for each in parts[1:]),
        )


def _sum(counts: Sequence[int]) -> str:
    return f"{' + '.join(map(str, counts))} = {sum(counts)}"
